package explore

import "raftsheet/raft"

// A Scope bounds the clusters that are explored, and says what may happen in
// them. Within it, every behaviour is walked. A Scope is data: whatever a kind
// of action needs to know of the bounds is a field of it.
type Scope struct {
	Name  string     // what it is, in a few words
	Nodes int        // servers, 2 to 5
	Terms raft.Term  // the highest term, 7 at most
	Log   raft.Index // the most entries to which clients bring a leader's log, 4 at most
	Depth int        // the most actions in a row, 0 for no bound

	Timeouts int  // the most election timeouts in a row before a request for votes
	Together bool // whether such a request may go to several servers in one action
	Lost     bool // whether answers get lost; a lost request is one that is not sent
	Restarts bool // whether servers crash and come back

	StepDowns bool // whether leaders and candidates become followers by themselves
	Losses    Loss // what disks may lose in a crash, 0 for nothing: Figure 2 is not safe then

	InFlight int  // the most messages in flight at once, to arrive later and more than once, 2 at most
	Late     Late // which messages may stay in flight

	// Voters is how many of the servers do nothing but vote. Where there are
	// any, every candidate asks all of them at once, and nobody else.
	Voters int
	// Orderly has every election be for the term after the latest, and lets only
	// the latest term's leader take commands and send entries; it sends no
	// heartbeats.
	Orderly bool

	// Only is the one property that is looked at: a search goes on past whatever
	// else breaks. It is [None] for all of them.
	Only Property
}

// Late is which messages may stay in flight.
type Late uint8

// A request may arrive late, arrive a second time, or be answered late.
const (
	LateVotes Late = 1 << iota
	RepeatedVotes
	LateGrants
	LateAppends
	RepeatedAppends
	LateAcks

	AnyLate = LateVotes | RepeatedVotes | LateGrants | LateAppends | RepeatedAppends | LateAcks
)

// Loss is what a disk may not give back after a crash, though it was written. A
// crash loses one of them.
type Loss uint8

// Each loses the least that matters; two crashes in a row lose more. They break
// different things that the paper's proof rests on:
//
//   - a vote, that a server votes once in a term (§5.2);
//   - an entry, that a majority which has an entry is a majority that has it
//     still when it votes (§5.4.3);
//   - a term, that whoever has voted in a later term takes no more entries from
//     the leader of an earlier one (§5.4.3). The vote goes with it.
const (
	LostVote  Loss = 1 << iota // votedFor
	LostEntry                  // the last entry of log[]
	LostTerm                   // currentTerm is one lower, and votedFor none

	AnyLoss = LostVote | LostEntry | LostTerm
)

// acting is the servers that do more than vote.
func (s *Scope) acting() raft.NodeSet { return raft.AllNodes(s.Nodes - s.Voters) }

// atMost gives the scope with no more than so many actions in a row.
func (s Scope) atMost(actions int) Scope {
	if s.Depth == 0 || s.Depth > actions {
		s.Depth = actions
	}
	return s
}

// Quick gives the scopes in which [Find] looks for a counterexample.
func Quick() []Scope {
	return []Scope{
		{Name: "two servers, messages late and lost, crashes", Nodes: 2, Terms: 2, Log: 2, Timeouts: 2,
			Lost: true, Restarts: true, InFlight: 1, Late: AnyLate},
		{Name: "three servers, crashes", Nodes: 3, Terms: 3, Log: 1, Timeouts: 2, Together: true, Restarts: true},
		{Name: "three servers, four terms", Nodes: 3, Terms: 4, Log: 1, Timeouts: 3, Together: true},
		{Name: "three servers, logs of two", Nodes: 3, Terms: 3, Log: 2, Timeouts: 2, Together: true},
		{Name: "three servers, messages late", Nodes: 3, Terms: 2, Log: 1, Timeouts: 2, InFlight: 1, Late: AnyLate},
		{Name: "three servers, entries late and logs of two", Nodes: 3, Terms: 2, Log: 2, Timeouts: 1,
			InFlight: 1, Late: LateAppends | RepeatedAppends},
		{Name: "four servers", Nodes: 4, Terms: 2, Log: 1, Timeouts: 2, Together: true},
		{Name: "five servers, six actions", Nodes: 5, Terms: 2, Log: 1, Depth: 6, Timeouts: 1, Together: true},
		{Name: "five servers, two of them voters, answers late, twelve actions", Nodes: 5, Terms: 4, Log: 2, Depth: 12, Timeouts: 4,
			InFlight: 1, Late: LateAcks, Voters: 2, Orderly: true},
	}
}
