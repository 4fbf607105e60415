package replay

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// A Step is what happened in one step of a trace.
type Step struct {
	Trace      *trace.Step
	Acts       []Act        // what nodes do of themselves, in order, before any message
	Deliveries []Delivery   // of a request, in the order of the nodes
	Arrival    *Arrival     // a response that arrives as an event of its own, nil for none that is heeded
	Changed    raft.NodeSet // nodes whose state differs after the step
	Possible   Possibility  // of a message
	Sent       Request      // as it was sent; empty where it differs from node to node, and for other events
	Down       bool         // its sender is down: no answer reaches it
	Refused    raft.NodeSet // nodes that could not take the event
	Doubtful   raft.NodeSet // nodes that have sent what their page does not explain: their state is off the page too
	Unread     raft.NodeSet // nodes whose state rests, after the step, on what cannot be read: off the page too
}

// A Request is one of the three, or none.
type Request struct {
	Vote    *raft.RequestVote
	Append  *raft.AppendEntries
	Install *raft.InstallSnapshot
}

// Term is the request's term.
func (q Request) Term() raft.Term {
	switch {
	case q.Vote != nil:
		return q.Vote.Term
	case q.Install != nil:
		return q.Install.Term
	}
	return q.Append.Term
}

// Sender is the node whose request it is.
func (q Request) Sender() raft.NodeID {
	switch {
	case q.Vote != nil:
		return q.Vote.CandidateID
	case q.Install != nil:
		return q.Install.LeaderID
	}
	return q.Append.LeaderID
}

// LastIndex is the last index for which a success vouches: that of the last new
// entry, or of the last that a snapshot covers. 0 for a RequestVote.
func (q Request) LastIndex() raft.Index {
	switch {
	case q.Append != nil:
		return q.Append.LastNewIndex()
	case q.Install != nil:
		return q.Install.LastIncludedIndex
	}
	return 0
}

// entries counts the entries that the request carries.
func (q Request) entries() int {
	if q.Append == nil {
		return 0
	}
	return q.Append.Entries.Len()
}

// An ActKind is a kind of act.
type ActKind uint8

// The acts: of an event, or implied by a message.
const (
	TimesOut   ActKind = iota // an event: the election timeout elapses
	Commands                  // an event: a client's command, Entries[0]
	Restarts                  // an event, with what its Disk gave back
	StepsDown                 // an event: it becomes a follower by itself
	Configures                // an event: it counts by another Configuration
	Stands                    // implied: it timed out, as often as that takes, and stands for election in Term
	Elected                   // implied: it was elected leader of Term off the page
	Took                      // implied: Entries came from clients, the first of them at index At
	Deposed                   // implied: an answer of From's, of term Term, deposed it
	IsInTerm                  // a deviation: its message says that it is in Term
	Takes                     // where each step is judged for itself: the state that it Told after the step before
)

// An Act is what a node does of itself, and not because of a message.
type Act struct {
	Kind    ActKind
	Node    raft.NodeID
	From    raft.NodeID
	Term    raft.Term
	At      raft.Index
	Entries []raft.Entry

	Disk          *raft.Disk // nil: all that was there
	Configuration raft.Configuration
	Told          *trace.NodeState
}

// perform has the node do it.
func (a *Act) perform(n *raft.Node) {
	switch a.Kind {
	case TimesOut:
		n.Timeout()
	case Commands, Took:
		for _, e := range a.Entries {
			n.ClientRequest(e.Value)
		}
	case Restarts:
		if a.Disk == nil {
			n.Restart()
			break
		}
		if _, err := n.RestartFrom(*a.Disk); err != nil {
			n.Restart() // other rules may have given the node another state
		}
	case StepsDown:
		n.StepDown()
	case Configures:
		n.Configure(a.Configuration)
	case Stands:
		// Of several timeouts in a row only the last leaves a trace in the state.
		if a.Term > n.CurrentTerm+1 {
			n.CurrentTerm = a.Term - 1
		}
		n.Timeout()
	case Elected:
		n.Elect(a.Term)
	case Deposed:
		n.HandleAck(raft.Ack{From: a.From, Request: n.CurrentTerm, Term: a.Term})
	case IsInTerm:
		n.CurrentTerm = a.Term
	case Takes:
		take(n, a.Told)
	}
}

// Act gives the first act of that kind, nil if there is none.
func (s *Step) Act(k ActKind) *Act {
	for i := range s.Acts {
		if s.Acts[i].Kind == k {
			return &s.Acts[i]
		}
	}
	return nil
}

// ActOf gives the act of that kind that the node does, nil if there is none.
func (s *Step) ActOf(k ActKind, id raft.NodeID) *Act {
	for i := range s.Acts {
		if s.Acts[i].Kind == k && s.Acts[i].Node == id {
			return &s.Acts[i]
		}
	}
	return nil
}

// restarts reports whether the step restarts the node.
func (s *Step) restarts(id raft.NodeID) bool { return s.ActOf(Restarts, id) != nil }

// An Arrival is a response that reaches a node as an event of its own.
type Arrival struct {
	To   raft.NodeID
	Vote *raft.Vote // one of the two
	Ack  *raft.Ack
}

// From is the node that gave the response.
func (a *Arrival) From() raft.NodeID {
	if a.Vote != nil {
		return a.Vote.From
	}
	return a.Ack.From
}

// A Possibility says whether a message could have been sent.
type Possibility uint8

const (
	Possible   Possibility = iota // it fits its sender's state
	Late                          // it fits its sender's past
	Supposed                      // it fits if something unwritten happened
	Given                         // its sender is unknown: taken as given
	Impossible                    // no unwritten event explains it
)

// Now reports whether the message is one that its sender sends now.
func (p Possibility) Now() bool { return p == Possible || p == Supposed }

func (p Possibility) String() string {
	return [...]string{"possible", "late", "implied", "given", "impossible"}[p]
}

// A Delivery is a request on its way to one node, and what came back.
type Delivery struct {
	Request
	To       raft.NodeID
	Fate     Fate
	Lost     bool // the response did not reach the sender
	OK       bool // success or voteGranted, where answered
	Since    int  // the step that brought about the fate, where one did
	Term     raft.Term
	Match    raft.Index    // of a success: how far it vouches for the node's log
	Decision raft.Decision // the rule that settled the answer
	Written  *Reply        // where each step is judged for itself: the answer as the trace has it, if that is another
}

// A Reply is an answer as the trace has it.
type Reply struct {
	None  bool // the node does not answer
	OK    bool
	Term  raft.Term
	Match raft.Index
}

// heard is the answer that the sender of a request hears.
func (d *Delivery) heard() Reply {
	switch {
	case d.Written != nil:
		return *d.Written
	case d.Fate == Handled || d.Fate == Unseen:
		return Reply{OK: d.OK, Term: d.Term, Match: d.Match}
	}
	return Reply{None: true}
}

// A Fate is what became of a delivery.
type Fate uint8

const (
	Handled    Fate = iota // handled and answered
	Silent                 // handled, and not answered: a second leader of the term, or a deviation
	Unseen                 // the node is unknown: what it did is not modelled
	NotReached             // in lost
	Down                   // the node is down
	CutOff                 // the node is in another partition
)

// Answered reports whether the node handled the request and answered it.
func (d *Delivery) Answered() bool { return d.Fate == Handled }

// Reached reports whether the request came to the node.
func (d *Delivery) Reached() bool {
	return d.Fate == Handled || d.Fate == Silent || d.Fate == Unseen
}

// TwoLeaders reports whether a leader did not answer another of its own term.
func (d *Delivery) TwoLeaders() bool {
	return d.Fate == Silent && d.Vote == nil && d.Decision.Rule == raft.C3
}

// asked is the term by which an answer counts: the request's, or its own where
// an unknown node is said to have answered in a lower one.
func (d *Delivery) asked() raft.Term {
	if d.Fate == Unseen {
		return min(d.Request.Term(), d.Term)
	}
	return d.Request.Term()
}

// Delivery gives the delivery of a step to a node, nil if it has none.
func (s *Step) Delivery(to raft.NodeID) *Delivery {
	for i := range s.Deliveries {
		if s.Deliveries[i].To == to {
			return &s.Deliveries[i]
		}
	}
	return nil
}

// Doubts reports whether the node's state after the step rests on what is off
// its sheet, or on what cannot be read.
func (s *Step) Doubts(id raft.NodeID) bool { return (s.Doubtful | s.Unread).Has(id) }
