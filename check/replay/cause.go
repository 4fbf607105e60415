package replay

import (
	"math/bits"
	"slices"
	"sort"

	"raftsheet/raft"
	"raftsheet/trace"
)

// This file finds out why a field of a node's state is what it is. There is one
// answer: the decision that last set it, of whichever step. Where it stayed as it
// was in the step that is asked about, because a rule was asked there and left
// it, that rule has decided.

// An Origin says where a field has its value from.
type Origin uint8

const (
	AtStart     Origin = iota // nothing has set it since the start
	Decided                   // a decision set it
	Stayed                    // a decision of the step that is asked about left it as it was
	Restarted                 // a restart set it anew, or brought it back
	SteppedDown               // it became a follower by itself
	Compacted                 // a leader took a snapshot by itself
	Taken                     // the trace told it so, where each step is judged for itself
)

// A Cause is why a field is what it is.
type Cause struct {
	Origin  Origin
	Step    int     // in which that was; 0 for AtStart
	Outcome Outcome // of Decided and Stayed
}

// Rule is the rule that has decided, NoRule where none has.
func (c Cause) Rule() raft.Rule { return c.Outcome.Rule }

// Decisions gives every decision of a step, in order. The step is played again
// from the states in which it found its nodes, and nothing before it is.
func (r *Run) Decisions(step int) []Outcome {
	var out []Outcome
	r.enact(step, func(o Outcome) { out = append(out, o) })
	return out
}

// enact plays a step again, and has every decision heard.
func (r *Run) enact(step int, hear func(Outcome)) {
	var nodes [raft.MaxNodes]*raft.Node
	size := r.Trace.Size()
	g := stage{hear: hear, after: func(*raft.Node) {}}
	g.node = func(id raft.NodeID) *raft.Node {
		if r.Untold(id, step-1) {
			return nil
		}
		if nodes[id-1] == nil {
			n := raft.NewNode(id, size, r.Rules)
			n.Configuration = r.Configuration(id, step-1)
			n.State = r.State(id, step-1).Clone()
			nodes[id-1] = n
		}
		return nodes[id-1]
	}
	g.enact(&r.Steps[step-1])
}

// EachDecision has every decision of the run heard, step by step.
func (r *Run) EachDecision(hear func(step int, o Outcome)) {
	for i := range r.Steps {
		r.enact(i+1, func(o Outcome) { hear(i+1, o) })
	}
}

// takesPart reports whether a node may have decided something in the step.
func (s *Step) takesPart(id raft.NodeID) bool {
	if sender, ok := s.Trace.Sender(); ok && sender == id || s.Delivery(id) != nil {
		return true
	}
	return s.Arrival != nil && s.Arrival.To == id ||
		slices.ContainsFunc(s.Acts, func(a Act) bool { return a.Node == id })
}

// decided gives the decisions of one node in a step.
func (r *Run) decided(id raft.NodeID, step int) []Outcome {
	if !r.Steps[step-1].takesPart(id) {
		return nil
	}
	var out []Outcome
	r.enact(step, func(o Outcome) {
		if o.Node == id {
			out = append(out, o)
		}
	})
	return out
}

// A Place is a field of a node's state, or a part of one.
type Place struct {
	Node  raft.NodeID
	Field raft.Fields // one of them
	Of    raft.NodeID // of nextIndex and matchIndex: whose line; NoNode is any
	At    raft.Index  // of a log: the entry at that index; 0 is any
	Part  LogPart     // of a log, where it is not about its entries
}

// A LogPart is a part of a log that has a cause of its own.
type LogPart uint8

const (
	WholeLog LogPart = iota
	LogBase          // the snapshot that it begins after
	LogEnd           // its last index and term
)

// concerns reports whether a rule can have to do with the place: no AppendEntries
// makes a snapshot, and retaining what follows one leaves the log's end.
func (at *Place) concerns(rule raft.Rule) bool {
	switch at.Part {
	case LogBase:
		return rule == raft.IS1 || rule == raft.IS6 || rule == raft.IS7
	case LogEnd:
		return rule != raft.IS6
	}
	return true
}

// Cause is why a place is what it is after a step.
func (r *Run) Cause(at Place, step int) Cause {
	if step > 0 {
		if origin, set := r.Steps[step-1].setsAnew(at); set {
			return Cause{Origin: origin, Step: step}
		}
		if c, ok := r.causeHere(at, step); ok {
			return c
		}
	}
	if at.Part == LogBase {
		return r.snapshotCause(at, step)
	}
	c := r.lastCause(at, step)
	if c.Origin == AtStart && at.At > 0 { // nothing has come to that index, or gone from it
		at.At = 0
		c = r.lastCause(at, step)
	}
	return c
}

// setsAnew reports whether something other than a decision sets a place in the
// step, and what.
func (s *Step) setsAnew(at Place) (Origin, bool) {
	switch {
	case s.restarts(at.Node):
		return Restarted, true
	case s.ActOf(StepsDown, at.Node) != nil && leaderFields.Has(at.Field):
		return SteppedDown, true
	}
	return 0, false
}

// leaderFields is what ends with a candidacy or leadership that a node gives up.
const leaderFields = raft.FieldRole | raft.FieldLeader | raft.FieldNextIndex | raft.FieldMatchIndex

// snapshotCause is why a node has the snapshot that it has: what it covers never
// falls, so that the first state with this one is the one that got it.
func (r *Run) snapshotCause(place Place, step int) Cause {
	now, vs := r.State(place.Node, step).Log.Snapshot(), r.versions[place.Node-1]
	if now == r.initial[place.Node-1].Log.Snapshot() {
		return Cause{}
	}
	i := sort.Search(upTo(vs, step), func(i int) bool { return vs[i].state.Log.Snapshot().Index >= now.Index })
	at := vs[i].step
	there := r.decided(place.Node, at)
	if i := lastSetting(there, place); i >= 0 {
		return Cause{Decided, at, there[i]}
	}
	return Cause{Origin: Compacted, Step: at}
}

// causeHere is the decision of the step itself that set a field or left it. A
// refusal that comes after what set the field has the last word: a higher term
// frees a vote, and the vote is then refused.
func (r *Run) causeHere(at Place, step int) (Cause, bool) {
	here := r.decided(at.Node, step)
	refused := r.refusal(here, at, step)
	set := lastSetting(here, at)
	switch {
	case refused > set:
		return Cause{Stayed, step, here[refused]}, true
	case set >= 0:
		return Cause{Decided, step, here[set]}, true
	}
	if left := r.lastLeaving(here, at, step); left >= 0 {
		return Cause{Stayed, step, here[left]}, true
	}
	return Cause{}, false
}

// lastCause looks for the decision that last set a place, up to a step.
func (r *Run) lastCause(place Place, step int) Cause {
	id, vs := place.Node, r.versions[place.Node-1]
	for {
		i := upTo(vs, step)
		if i == 0 {
			return Cause{}
		}
		at := int(vs[i-1].since[bits.TrailingZeros16(uint16(place.Field))])
		if at == 0 {
			return Cause{}
		}
		if origin, set := r.Steps[at-1].setsAnew(place); set {
			return Cause{Origin: origin, Step: at}
		}
		there := r.decided(id, at)
		if i := lastSetting(there, place); i >= 0 {
			return Cause{Decided, at, there[i]}
		}
		if r.Steps[at-1].ActOf(Takes, id) != nil {
			return Cause{Origin: Taken, Step: at - 1}
		}
		step = at - 1 // another line or entry, or a deviation that sets less
	}
}

// lastSetting is the number of the last decision that set a place, -1 for none.
func lastSetting(ds []Outcome, at Place) int {
	return lastOf(ds, func(o *Outcome) bool { return o.Set.Has(at.Field) && o.speaksOf(at) })
}

// lastLeaving is the number of the last decision that could have set a place and
// did not apply, -1 for none.
func (r *Run) lastLeaving(ds []Outcome, at Place, step int) int {
	if d := r.Steps[step-1].Delivery(at.Node); at.At > 0 && d != nil && d.Append != nil && at.At <= d.Append.PrevLogIndex {
		return -1 // the message has nothing to say of that index
	}
	return lastOf(ds, func(o *Outcome) bool {
		return o.Outcome != raft.Passed && o.Outcome != raft.Refused && at.concerns(o.Rule) && o.leaves(ds).Has(at.Field) && (o.Rule != raft.L3 || o.speaksOf(at))
	})
}

func lastOf(ds []Outcome, is func(*Outcome) bool) int {
	for i := len(ds) - 1; i >= 0; i-- {
		if is(&ds[i]) {
			return i
		}
	}
	return -1
}

// speaksOf reports whether a decision is about a place: an answer's is about the
// line of the node that gave it, one on the log about the entries that came or
// went.
func (o *Outcome) speaksOf(at Place) bool {
	switch {
	case !at.concerns(o.Rule):
		return false
	case at.Of != raft.NoNode && o.Rule == raft.L3:
		return o.Decision.Node == at.Of
	case at.At == 0:
		return true
	case o.Rule == raft.AE3 && o.Decision.From > 0: // whatever follows goes too
		return o.Decision.From <= at.At
	case o.Rule == raft.AE4 && o.Decision.From > 0:
		return o.Decision.From <= at.At && at.At <= o.Decision.To
	case o.Rule == raft.L2:
		return o.Decision.To == at.At
	case o.Rule == raft.IS6: // what follows the snapshot stays
		return at.At <= o.Decision.Msg.Index
	}
	return true
}

// refusal is the number of the decision by which a node refused the step's request,
// where that kept a field from being set; -1 for none.
func (r *Run) refusal(ds []Outcome, at Place, step int) int {
	d := r.Steps[step-1].Delivery(at.Node)
	if d == nil || d.Decision.Outcome != raft.Refused || !keptBy(d.Decision.Rule, d.Vote != nil).Has(at.Field) || !at.concerns(d.Decision.Rule) {
		return -1
	}
	return lastOf(ds, func(o *Outcome) bool { return o.Part == Receiving && o.Rule == d.Decision.Rule })
}

// keptBy is the fields that a refusal keeps from being set: those that accepting
// the request would have set.
func keptBy(refused raft.Rule, vote bool) raft.Fields {
	switch {
	case refused == raft.C3:
		return raft.FieldRole | raft.FieldLog | raft.FieldCommitIndex | raft.FieldLeader
	case vote:
		return raft.FieldVotedFor
	case refused == raft.IS1:
		return raft.FieldLog | raft.FieldCommitIndex | raft.FieldLastApplied | raft.FieldLeader
	case refused == raft.AE1:
		return raft.FieldLog | raft.FieldCommitIndex | raft.FieldLeader
	}
	return raft.FieldLog | raft.FieldCommitIndex
}

// leaves is the fields that a decision could have set, and has left as they
// were: each rule's own.
func (o *Outcome) leaves(ds []Outcome) raft.Fields {
	switch o.Rule {
	case raft.A1:
		return raft.FieldLastApplied
	case raft.AE3:
		// A heartbeat has no entries with which another could conflict.
		if slices.ContainsFunc(ds, func(o Outcome) bool { return o.Rule == raft.AE4 && o.Count > 0 }) {
			return raft.FieldLog
		}
	case raft.AE5, raft.L4:
		return raft.FieldCommitIndex
	case raft.C3:
		if o.Outcome == raft.Ignored { // a second leader of the term
			return raft.FieldRole | raft.FieldLog | raft.FieldCommitIndex | raft.FieldLeader
		}
		return raft.FieldLeader // it is known already
	case raft.IS6:
		if o.Outcome == raft.Ignored { // the node's own snapshot covers more
			return raft.FieldLog | raft.FieldCommitIndex | raft.FieldLastApplied
		}
	case raft.IS8:
		return raft.FieldCommitIndex | raft.FieldLastApplied
	case raft.F2:
		return raft.FieldTerm | raft.FieldVotedFor | raft.FieldRole | raft.FieldLeader
	case raft.C2:
		if o.Role != raft.Leader {
			return raft.FieldRole
		}
	case raft.L2:
		return raft.FieldLog
	case raft.L3:
		return raft.FieldNextIndex | raft.FieldMatchIndex
	}
	return 0
}

// TermCause is why a line of a node's history of terms is what it is after a
// step: the vote that the node gave in the term, or what made it pass the term
// over.
func (r *Run) TermCause(id raft.NodeID, step int, term raft.Term) Cause {
	line, was := r.TermLine(id, step, term)
	if step > 0 && was && r.State(id, step).CurrentTerm == term {
		if c, ok := r.causeHere(Place{Node: id, Field: raft.FieldVotedFor}, step); ok {
			return c
		}
	}
	if !was {
		return r.passedOver(id, step, term)
	}
	if line.Step == 0 {
		return Cause{}
	}
	return r.votedIn(id, line.Step, term)
}

// passedOver is what took a node past a term in which it never was; AtStart
// where it has not come so far, or began after it.
func (r *Run) passedOver(id raft.NodeID, step int, term raft.Term) Cause {
	for _, line := range r.termsUpTo(id, step) {
		if line.Term > term {
			if line.Step == 0 {
				break
			}
			for _, o := range r.decided(id, line.Step) {
				if o.Set.Has(raft.FieldTerm) && o.Term > term {
					return Cause{Decided, line.Step, o}
				}
			}
		}
	}
	return Cause{}
}

// votedIn is the decision of a step that last set a node's vote while the node
// was in a term: a step may see it in several.
func (r *Run) votedIn(id raft.NodeID, step int, term raft.Term) Cause {
	if r.Steps[step-1].restarts(id) {
		return Cause{Origin: Restarted, Step: step}
	}
	found := Cause{}
	now := r.State(id, step-1).CurrentTerm
	for _, o := range r.decided(id, step) {
		if o.Set.Has(raft.FieldTerm) {
			now = max(now, o.Term)
		}
		// One line may stand for terms in which it stood in vain.
		if o.Set.Has(raft.FieldVotedFor) && (now == term || found.Step == 0 && now > term) {
			found = Cause{Decided, step, o}
		}
	}
	return found
}

// Concerned gives the nodes that took part in a step, or were to: first those to
// which a request was sent, in order, then those that only decided or changed,
// such as the sender, then those that the event names.
func (r *Run) Concerned(step int) []raft.NodeID {
	s := &r.Steps[step-1]
	var ids []raft.NodeID
	add := func(id raft.NodeID) {
		if !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	for i := range s.Deliveries {
		add(s.Deliveries[i].To)
	}
	r.enact(step, func(o Outcome) { add(o.Node) })
	for id := range s.Changed.All() {
		add(id)
	}
	switch e := s.Trace.Event.(type) {
	case *trace.Crash:
		for _, id := range e.Nodes {
			add(id)
		}
	case *trace.Restart:
		for _, id := range e.Nodes {
			add(id)
		}
	case *trace.StepDown:
		for _, id := range e.Nodes {
			add(id)
		}
	}
	return ids
}
