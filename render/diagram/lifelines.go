package diagram

import "raftsheet/raft"

// Lifelines is what happened in a trace, or in a part of it: who sent what to
// whom, when it was sent and when it arrived, and what the nodes became by it.
// Moments before the first step of [Lifelines.Steps], or after the last, are off
// the picture.
type Lifelines struct {
	Title  string
	Rules  string                 // the name of the rules, empty under Figure 2
	Nodes  []Node                 // those that are shown, in the trace's order
	Others map[raft.NodeID]string // the names of the others
	Steps  []Step
	Arrows []Arrow // as they are sent; who handles the request and answers it is shown
	Walls  []Wall

	// Before is what is so before the first step of the picture.
	Before Start
}

// A Start is what is so before the first step of a picture.
type Start struct {
	ID          string  // as of a step: start
	Are         []Event // what the nodes are, but for followers of term 0
	Logs        *Logs   // nil where all are empty
	Divergences []Divergence
}

// A Node has a life line.
type Node struct {
	ID    raft.NodeID
	Name  string
	Lives []Life // in order; the first begins with the picture
}

// A Life is a stretch of a life line, up to where the next begins: what the node
// is, and whether anybody knows.
type Life struct {
	From Moment
	Kind LifeKind
	Term raft.Term // of a follower, candidate or leader
}

// A LifeKind is what a node is for a while.
type LifeKind uint8

// The kinds of life. The first three are the roles, by their numbers.
const (
	Follower LifeKind = iota
	Candidate
	Leader
	Down
	Untold // its state is not on the page
)

// A Phase is a part of a step.
type Phase uint8

// The phases of a step, in order.
const (
	Begins  Phase = iota // nodes do something of themselves
	Sends                // a request leaves
	Arrives              // it, or a late answer, arrives
	Leaves               // the answer leaves
	Returns              // the answer is back
	Ends
)

// A Moment is when something happens: a step's number, from 1, and the phase.
type Moment struct {
	Step  int
	Phase Phase
}

// A Step is a row of the picture.
type Step struct {
	Number      int
	ID          string
	Says        []string // what happens, in a few short lines: the event, then its fields
	Note        string   // the trace's
	Events      []Event  // in order of phase, then as they happen
	Logs        *Logs    // that the step changed, and those written wrong; nil for none
	Divergences []Divergence
}

// An Event is what a node does or becomes in a step.
type Event struct {
	Node    raft.NodeID
	Phase   Phase
	Kind    EventKind
	Text    string // a word or two: leader t3
	Implied bool   // the trace leaves it unwritten
}

// An EventKind says what an event is.
type EventKind uint8

// The kinds of events.
const (
	TimesOut EventKind = iota
	Becomes            // a role, or a term
	Commits
	Snapshots
	Asks // a client
	Gets // its own request, where each gets another
	Crashes
	Restarts
	Counts // by other voters
	Wrong  // something else is written
)

// An Arrow is a message on its way: a request to one node, or the answer.
type Arrow struct {
	From, To   raft.NodeID
	Sent, Ends Moment
	Answer     bool
	Fate       Fate
	OK         bool   // of an answer: success, or voteGranted
	Label      string // of an answer: ok, no, with its term where that is another; of a request: no answer, where its node gave none
	Says       string // the whole message, in one line
	Late       bool   // it arrives in a later step than the one that sent it
}

// A Fate is what became of a message.
type Fate uint8

// The fates.
const (
	Delivered Fate = iota
	Lost
	ToDown // the node is down
	CutOff // by a partition
)

// A Wall keeps groups of nodes apart for a while.
type Wall struct {
	From, To Moment
	Groups   []raft.NodeSet // who is in none is alone
}

// A Divergence is something that is wrong in the trace.
type Divergence struct {
	Node   raft.NodeID // NoNode where it is about all
	Head   string      // what is written, and what is right
	Reason string      // why, with the rule
}
