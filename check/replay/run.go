package replay

import (
	"slices"
	"sort"

	"raftsheet/raft"
	"raftsheet/trace"
)

// A Run is a replayed trace: what happened in it, step by step. Nobody changes it
// once it has been played.
type Run struct {
	Trace *trace.Trace
	Rules *raft.Rules
	Steps []Step // one for each of the trace's

	// OnPaper: the trace is a node's own paper form, on which it writes only what
	// it sent. It is in doubt from the first step on.
	OnPaper bool

	// Each: every step is judged for itself, see PlayEach.
	Each bool

	initial  []raft.State // by NodeID-1
	unread   raft.NodeSet // nodes of which nothing can be told from the start
	counted  []counting   // configurations that nodes were given, by step
	versions [][]version  // by NodeID-1: every state the node came to, by step
	terms    [][]Term     // by NodeID-1
	fell     bool         // a node's term has fallen, by a deviation: its lines of terms are not in order
	facts    []Fact       // what the replay came upon
}

// A version is a state that a node came to in a step.
type version struct {
	step  int
	state *raft.State
	since [numFields]int32 // the step that last set each field; 0 for none
}

const numFields = 9 // of raft.Fields

// clone gives a run that grows by itself.
func (r *Run) clone() *Run {
	c := *r
	c.Steps, c.facts, c.counted = slices.Clip(r.Steps), slices.Clip(r.facts), slices.Clip(r.counted)
	c.versions, c.terms = slices.Clone(r.versions), slices.Clone(r.terms)
	for i := range c.versions {
		c.versions[i], c.terms[i] = slices.Clip(c.versions[i]), slices.Clip(c.terms[i])
	}
	return &c
}

// Deviates reports whether other rules than Figure 2's are in force.
func (r *Run) Deviates() bool { return r.Rules.Name != raft.Figure2().Name }

// Facts gives what the replay came upon, in the order of the steps.
func (r *Run) Facts() []Fact { return r.facts }

// Untold reports whether a node is off the page after a step: it is unknown, or
// its state rests on what cannot be read.
func (r *Run) Untold(id raft.NodeID, step int) bool {
	unread := r.unread
	if step > 0 {
		unread = r.Steps[step-1].Unread
	}
	return (r.Trace.Unknown | unread).Has(id)
}

// Incomplete reports whether the state of some node rests on what cannot be read.
func (r *Run) Incomplete() bool {
	if len(r.Steps) == 0 {
		return r.unread != 0
	}
	return r.Steps[len(r.Steps)-1].Unread != 0
}

// Initial is a node's state before the first step; the zero State for an
// unknown node.
func (r *Run) Initial(id raft.NodeID) raft.State { return r.initial[id-1] }

// State is a node's state after a step, counted from 1; after step 0 it is the
// initial state. It must not be changed.
func (r *Run) State(id raft.NodeID, step int) *raft.State {
	vs := r.versions[id-1]
	if i := upTo(vs, step); i > 0 {
		return vs[i-1].state
	}
	return &r.initial[id-1]
}

// upTo counts the versions up to a step.
func upTo(vs []version, step int) int {
	return sort.Search(len(vs), func(i int) bool { return vs[i].step > step })
}

// keep keeps a state that a node came to in a step, if it differs from the one
// before, or a restart has set it anew.
func (r *Run) keep(id raft.NodeID, at int, s *Step, now *raft.State, store *stateStore) {
	vs := r.versions[id-1]
	v := version{step: at}
	was := &r.initial[id-1]
	if len(vs) > 0 {
		last := &vs[len(vs)-1]
		was, v.since = last.state, last.since
	}
	set, restarted := was.Changed(now), s.restarts(id)
	if set == 0 && was.Votes == now.Votes && was.Extra == now.Extra && !restarted {
		return
	}
	if set&^raft.FieldLeader != 0 || was.Votes != now.Votes {
		s.Changed = s.Changed.With(id)
	}
	switch {
	case restarted:
		set |= volatileFields
	case set.Has(raft.FieldTerm):
		// A new term comes with a role and a vote, and a leadership that was won
		// and lost in this very step leaves no nextIndex behind.
		set |= raft.FieldVotedFor | raft.FieldRole | raft.FieldNextIndex | raft.FieldMatchIndex | raft.FieldLeader
	}
	for f := range v.since {
		if set.Has(1 << f) {
			v.since[f] = int32(at)
		}
	}
	v.state = store.keep(now.Clone())
	if len(vs) == cap(vs) {
		vs = slices.Grow(vs, max(1, len(vs))) // append's own growth slows down where lists are long
	}
	r.versions[id-1] = append(vs, v)
}

// volatileFields is what a restart sets anew (Figure 2, "State").
const volatileFields = raft.FieldRole | raft.FieldLeader | raft.FieldCommitIndex | raft.FieldLastApplied | raft.FieldNextIndex | raft.FieldMatchIndex

// A stateStore keeps states in blocks, each twice the one before up to a
// largest, so that keeping one more never copies the others.
type stateStore struct{ block []raft.State }

func (s *stateStore) keep(st raft.State) *raft.State {
	const least, most = 16, 1024
	if len(s.block) == cap(s.block) {
		s.block = make([]raft.State, 0, min(max(2*cap(s.block), least), most))
	}
	s.block = append(s.block, st)
	return &s.block[len(s.block)-1]
}
