package raft

// A Rule names a decision of Figure 2 or of Figure 13.
type Rule uint8

// The rules in the figures' order. NoRule decides nothing: a request that was
// never delivered, say.
const (
	NoRule Rule = iota
	A1          // all servers: commitIndex > lastApplied
	A2          // all servers: a higher term
	AE1         // AppendEntries 1
	AE2         // AppendEntries 2
	AE3         // AppendEntries 3
	AE4         // AppendEntries 4
	AE5         // AppendEntries 5
	RV1         // RequestVote 1
	RV2a        // RequestVote 2, votedFor is null or candidateId
	RV2b        // RequestVote 2, the candidate's log is at least as up-to-date
	F2          // followers: election timeout
	C1          // candidates: start an election
	C2          // candidates: votes from a majority
	C3          // candidates: AppendEntries from the new leader
	L2          // leaders: a command from a client
	L3          // leaders: the answers to AppendEntries
	L4          // leaders: commit
	IS1         // InstallSnapshot 1
	IS6         // InstallSnapshot 6
	IS7         // InstallSnapshot 7
	IS8         // InstallSnapshot 8
	numRules
)

// An Outcome is what a rule came to in one case.
type Outcome uint8

const (
	Passed  Outcome = iota // a check that the request passed
	Refused                // a check that the message failed: the answer to a request is false
	Acted                  // the rule applied, and changed the node
	Idle                   // the rule did not apply
	Ignored                // a message that the node does not heed
)

var outcomeNames = [...]string{"passed", "refused", "acted", "idle", "ignored"}

func (o Outcome) String() string { return outcomeNames[o] }

// A Decision is a rule with the figures of one case. Which of the figures a
// rule fills in is said at its function in rules.go; the others are zero.
type Decision struct {
	Rule    Rule
	Outcome Outcome
	Node    NodeID // the other node that matters: a vote's holder, an answer's sender
	Asker   NodeID // RV2a: the candidate that asks for the vote
	Role    Role   // the node's role before
	Term    Term   // the message's term
	Current Term   // the node's currentTerm, as the rule found it
	Msg     Mark   // what the message says: prevLog or lastLog, index and term
	Own     Mark   // what the node's own log has
	From    Index  // a change: the first index of what went or came, or the value before
	To      Index  // the last index of it, or the value after
	Count   int    // votes, or copies of an entry
	Need    int    // how many are a majority
	Base    Index  // the last index that the node's snapshot covers, 0 without one

	// Set is the fields of the node's state that the decision has set, and those
	// that followed from it at once. It is filled in where decisions are recorded.
	Set Fields
}

// InFigure2 gives what the rule comes to in the paper with the same figures; ok
// is false where the figures do not settle that. Under a deviation it may differ
// from Outcome.
func (d *Decision) InFigure2() (outcome Outcome, ok bool) {
	passed := true
	switch d.Rule {
	case AE1, RV1, IS1:
		passed = d.Term >= d.Current
	case AE2:
		passed = d.Msg.Index == 0 || d.Msg.Index < d.Base || d.Msg == d.Own
	case RV2a:
		passed = d.Node == NoNode || d.Node == d.Asker
	case RV2b:
		passed = d.Msg.UpToDate(d.Own)
	case L3:
		return d.Outcome, true // it refuses what the leader's log does not have
	default:
		return d.Outcome, d.Outcome != Refused
	}
	if passed {
		return Passed, true
	}
	return Refused, true
}
