package check

import (
	"iter"
	"slices"
	"sort"

	"raftsheet/raft"
	"raftsheet/trace"
)

// A Run is a replayed trace: what happened in it, step by step. It is not
// changed once Replay has returned it.
type Run struct {
	Trace *trace.Trace
	Rules *raft.Rules
	Steps []Step // one for each of the trace's

	initial  []raft.State // by NodeID-1
	versions [][]version  // by NodeID-1: every state the node came to, by step
	terms    [][]Term     // by NodeID-1
	fell     bool         // a node's term has fallen, by a deviation: its lines of terms are not in order
	findings []Finding    // what the replay itself came upon
}

// A Step is what happened in one step of the trace.
type Step struct {
	Trace      *trace.Step
	Deliveries []Delivery    // of a request, in the order of the nodes
	Changed    raft.NodeSet  // nodes whose state differs after the step
	Possible   Possibility   // of a message
	Sent       any           // *raft.RequestVote or *raft.AppendEntries as it was sent; nil where it differs from node to node, and for other events
	Down       bool          // its sender is down: no answer reaches it
	Stood      bool          // its sender has timed out unwritten before it
	Led        raft.Term     // the term for which its sender was elected off the page, 0 for none
	Took       []raft.Entry  // what its sender must have taken from clients before it, and
	TookAt     raft.Index    // the index of the first of them
	Match      raft.Index    // of a success that arrives late: the matchIndex that it confirms
	Refused    raft.NodeSet  // nodes that could not take the event
	Doubtful   raft.NodeSet  // nodes that have sent what their page does not explain: their state is off the page too
	Decisions  []NodeOutcome // explained steps only: every rule asked, in order
}

// A NodeOutcome is a rule that a node was asked, in an explained step.
type NodeOutcome struct {
	Node raft.NodeID
	Part Part
	From raft.NodeID // whose message it was, or NoNode
	raft.Decision
}

// A Part is a part of a step.
type Part uint8

const (
	Before    Part = iota // what the message implies of its sender, or an event of the node's own
	Receiving             // a node handles the request
	Answered              // the sender takes in the answer
)

// A Possibility says whether a message could have been sent.
type Possibility uint8

const (
	Possible   Possibility = iota // it fits its sender's state
	Late                          // it fits its sender's past
	Supposed                      // it fits if something unwritten happened
	Given                         // its sender is unknown: taken as given
	Impossible                    // no unwritten event explains it
)

func (p Possibility) String() string {
	return [...]string{"possible", "late", "implied", "given", "impossible"}[p]
}

// A Delivery is a request on its way to one node, and what came back.
type Delivery struct {
	To       raft.NodeID
	Fate     Fate
	Lost     bool // the response did not reach the sender
	OK       bool // success or voteGranted, where answered
	Since    int  // the step that brought about the fate, where one did
	Term     raft.Term
	Match    raft.Index          // of a success: how far it vouches for the node's log
	Vote     *raft.RequestVote   // the request, one of the two
	Append   *raft.AppendEntries //
	Decision raft.Decision       // the rule that settled the answer
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

// twoLeaders reports whether a leader did not answer another of its own term.
func (d *Delivery) twoLeaders() bool {
	return d.Fate == Silent && d.Append != nil && d.Decision.Rule == raft.C3
}

// version is a state that a node came to in a step.
type version struct {
	step  int
	state *raft.State
}

// A Term is a line of a node's history: a term, whom it voted for in it, and
// what it was in it. One line stands for several terms where the node timed out
// in each of them and nothing more is written of them.
type Term struct {
	First    raft.Term // the first of them; Term itself where there is but one
	Term     raft.Term
	VotedFor raft.NodeID
	Roles    Roles
	Step     int // in which this line came about; 0 is the initial state
}

// mostTerms is how many terms of one line are written one by one.
const mostTerms = 100

// Each yields the terms of the line, the latest 100 of them.
func (t Term) Each() iter.Seq[raft.Term] {
	return func(yield func(raft.Term) bool) {
		first := t.First
		if t.Term-first >= mostTerms {
			first = t.Term - mostTerms + 1
		}
		for term := first; term <= t.Term; term++ {
			if !yield(term) {
				return
			}
		}
	}
}

// Roles is the roles that a node had in a term.
type Roles uint8

// With gives the roles with one more.
func (rs Roles) With(role raft.Role) Roles { return rs | 1<<role }

// Has reports whether the role is among them.
func (rs Roles) Has(role raft.Role) bool { return rs&(1<<role) != 0 }

// Highest is the role nearest to leader.
func (rs Roles) Highest() raft.Role {
	switch {
	case rs.Has(raft.Leader):
		return raft.Leader
	case rs.Has(raft.Candidate):
		return raft.Candidate
	}
	return raft.Follower
}

// Initial is a node's state before the first step; the zero State for an
// unknown node.
func (r *Run) Initial(id raft.NodeID) raft.State { return r.initial[id-1] }

// State is a node's state after a step, counted from 1; after step 0 it is the
// initial state. Its slices must not be changed.
func (r *Run) State(id raft.NodeID, step int) raft.State { return *r.state(id, step) }

// state is State without a copy.
func (r *Run) state(id raft.NodeID, step int) *raft.State {
	vs := r.versions[id-1]
	i := sort.Search(len(vs), func(i int) bool { return vs[i].step > step })
	if i == 0 {
		return &r.initial[id-1]
	}
	return vs[i-1].state
}

// Since is the step in which the node came to the state that it has after
// step; 0 where it has it from the start.
func (r *Run) Since(id raft.NodeID, step int) int {
	vs := r.versions[id-1]
	i := sort.Search(len(vs), func(i int) bool { return vs[i].step > step })
	if i == 0 {
		return 0
	}
	return vs[i-1].step
}

// Terms is a node's history of terms up to a step: a line for each term that it
// was in, with its vote in that term.
func (r *Run) Terms(id raft.NodeID, step int) []Term { return merged(r.termsUpTo(id, step)) }

// termsUpTo is what was noted of a node's terms up to a step: several lines of
// one term where more came to be known of it.
func (r *Run) termsUpTo(id raft.NodeID, step int) []Term {
	all := r.terms[id-1]
	return all[:sort.Search(len(all), func(i int) bool { return all[i].Step > step })]
}

// merged leaves the latest of the lines of one term.
func merged(all []Term) []Term {
	var out []Term
	for _, t := range all {
		if n := len(out); n > 0 && out[n-1].Term == t.Term {
			out[n-1] = t
			continue
		}
		out = append(out, t)
	}
	return out
}

// term is the line of one term of Terms, without making the others.
func (r *Run) term(id raft.NodeID, step int, term raft.Term) (Term, bool) {
	all := r.termsUpTo(id, step)
	if r.fell {
		return latest(all, term)
	}
	i := sort.Search(len(all), func(i int) bool { return all[i].First > term })
	if i == 0 || all[i-1].Term < term {
		return Term{}, false
	}
	return all[i-1], true
}

// latest is the last of the lines that a term is in, in whatever order they are.
func latest(lines []Term, term raft.Term) (Term, bool) {
	for _, t := range slices.Backward(lines) {
		if t.First <= term && term <= t.Term {
			return t, true
		}
	}
	return Term{}, false
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

// Reached reports whether the request came to the node.
func (d *Delivery) Reached() bool {
	return d.Fate == Handled || d.Fate == Silent || d.Fate == Unseen
}
