package check

import (
	"fmt"

	"raftsheet/raft"
	"raftsheet/trace"
)

// Replay plays a trace through the rules, from its initial states to its last
// step.
//
// The error, of type [trace.Errors], is for what no replay can go on from: a
// field that is left out and cannot be filled in, a term past 2^63-1, an
// answer for entries that the leader does not have.
func Replay(t *trace.Trace, rules *raft.Rules) (*Run, error) {
	return ReplayExplaining(t, rules, 0)
}

// ReplayExplaining is Replay, and keeps every rule that was asked in the step of
// that number, in its Decisions; in none for 0.
func ReplayExplaining(t *trace.Trace, rules *raft.Rules, step int) (*Run, error) {
	r := newReplayer(t, rules)
	if step > 0 {
		r.only, r.hear = step, func(d NodeOutcome) { r.cur.Decisions = append(r.cur.Decisions, d) }
	}
	if _, err := r.play(); err != nil {
		return nil, trace.Errors{err}
	}
	return r.run, nil
}

// play plays the whole trace. Where it cannot go on, stopped is the number of
// the step, and the run is whole up to the step before.
func (r *replayer) play() (stopped int, err *trace.Error) {
	if err := r.makeRoom(); err != nil {
		return 0, err
	}
	r.start()
	for i := range r.t.Steps {
		if err := r.step(&r.t.Steps[i]); err != nil {
			return i + 1, err
		}
	}
	return 0, nil
}

// A replayer is a cluster in the course of a replay.
type replayer struct {
	run  *Run
	t    *trace.Trace
	all  raft.NodeSet
	node []*raft.Node // by NodeID-1; nil for unknown nodes

	up       raft.NodeSet
	downBy   [raft.MaxNodes]int // the step that took the node down
	group    [raft.MaxNodes]int // the group of the partition, all 0 for none
	cutBy    int                // the step that made the partition
	past     past
	safe     safety
	late     *given // nil where the trace has no late responses
	doubtful raft.NodeSet
	skipped  raft.Term // terms before its own in which a node has just stood unwritten
	leader   raft.Node // room for a leader whose request is worked out, see asLeader

	hear func(NodeOutcome) // is told of every rule that is asked; nil for nobody
	only int               // in the step of this number alone; 0 for every step

	cur     *Step        // the step that is being played
	touched raft.NodeSet // nodes that it may have changed
	record  []raft.Decision
	work    int // entries gone through one by one
	growth  int // entries delivered under a deviation

	deliveries []Delivery // room for all of the trace's
	states     stateStore
}

func newReplayer(t *trace.Trace, rules *raft.Rules) *replayer {
	n := t.Size()
	run := &Run{
		Trace: t, Rules: rules, Steps: make([]Step, len(t.Steps)),
		initial: make([]raft.State, n), versions: make([][]version, n), terms: make([][]Term, n),
	}
	r := &replayer{run: run, t: t, all: raft.AllNodes(n), up: raft.AllNodes(n),
		node: make([]*raft.Node, n)}
	for id := range (r.all &^ t.Unknown).All() {
		r.node[id-1] = raft.NewNode(id, n, rules)
	}
	r.past.init()
	r.safe.init(r)
	return r
}

// maxDeliveries bounds the requests that a replay delivers, each to one node:
// what it keeps of them fits a small machine's memory.
const maxDeliveries = 2_000_000

// makeRoom finds out how many deliveries the trace asks for, and whether any
// answer comes late.
func (r *replayer) makeRoom() *trace.Error {
	total := 0
	for i := range r.t.Steps {
		s := &r.t.Steps[i]
		if total += s.Recipients(r.t.Size()).Len(); total > maxDeliveries {
			return &trace.Error{File: r.t.File, Document: r.t.Document, Pos: s.EventPos, Msg: fmt.Sprintf("the steps up to here send more than %d requests, each to one node; that is more than a replay is made for", maxDeliveries)}
		}
		switch s.Event.(type) {
		case *trace.VoteResponse, *trace.AppendResponse:
			if r.late == nil {
				r.late = newGiven()
			}
		}
	}
	r.deliveries = make([]Delivery, 0, total)
	r.run.findings = make([]Finding, 0, len(r.t.Steps)) // most that a step implies
	return nil
}

// start puts the initial states in place.
func (r *replayer) start() {
	var last raft.Log
	for i := range r.t.Initial {
		st := &r.t.Initial[i]
		n := r.node[st.Node-1]
		n.CurrentTerm, n.VotedFor = st.StartTerm(), st.StartVote()
		n.Role = st.Role.Or(raft.Follower)
		n.Log = shareLog(last, st.Log.Value)
		n.CommitIndex = st.CommitIndex.Value
		n.LastApplied = max(n.CommitIndex, st.LastApplied.Value)
		switch n.Role {
		case raft.Candidate:
			n.Votes = raft.SetOf(n.ID)
		case raft.Leader:
			r.startLeader(n, st)
		}
		last = n.Log
	}
	for id := range (r.all &^ r.t.Unknown).All() {
		n := r.node[id-1]
		r.run.initial[id-1] = n.State.Clone()
		r.noteTerm(n, 0)
		r.past.begin(n)
	}
	r.safe.begin()
}

// shareLog makes a log of written entries that shares what it has in common
// with another.
func shareLog(other raft.Log, written []trace.LogEntry) raft.Log {
	n := min(len(written), int(other.LastIndex()))
	same := 0
	for i, e := range other.Truncate(raft.Index(n)).Entries() {
		if e != written[i].Entry {
			break
		}
		same = i + 1
	}
	return other.Truncate(raft.Index(same)).Append(trace.Entries(written[same:])...)
}

func (r *replayer) startLeader(n *raft.Node, st *trace.NodeState) {
	n.Leader = n.ID
	n.NextIndex = make([]raft.Index, n.Size)
	n.MatchIndex = make([]raft.Index, n.Size)
	for i := range n.NextIndex {
		n.NextIndex[i] = n.Log.LastIndex() + 1
	}
	for _, m := range st.MatchIndex.Value {
		n.MatchIndex[m.Node-1] = m.Index.Value
	}
	for _, x := range st.NextIndex.Value {
		n.NextIndex[x.Node-1] = x.Index.Or(n.Log.LastIndex() + 1)
	}
}

// step plays one step.
func (r *replayer) step(s *trace.Step) *trace.Error {
	r.cur = &r.run.Steps[s.Number-1]
	r.cur.Trace = s
	r.touched = 0
	err := r.event(s)
	if err != nil {
		return err
	}
	r.keep()
	r.cur.Doubtful = r.doubtful
	return nil
}

func (r *replayer) event(s *trace.Step) *trace.Error {
	switch e := s.Event.(type) {
	case *trace.RequestVote:
		return r.requestVote(e)
	case *trace.AppendEntries:
		return r.appendEntries(e)
	case *trace.VoteResponse:
		r.voteResponse(e)
	case *trace.AppendResponse:
		return r.appendResponse(e)
	case *trace.Timeout:
		return r.timeouts(e.Nodes)
	case *trace.ClientRequest:
		r.clientRequest(e)
	case *trace.Crash:
		r.crash(e.Nodes)
	case *trace.Restart:
		r.restart(e.Nodes)
	case *trace.Partition:
		r.partition(e.Groups)
	case *trace.Heal:
		r.group = [raft.MaxNodes]int{}
	}
	return nil
}

// keep keeps the states of the nodes that the step changed.
func (r *replayer) keep() {
	step := r.cur.Trace.Number
	for id := range r.touched.All() {
		n, vs := r.node[id-1], r.run.versions[id-1]
		was := &r.run.initial[id-1]
		if len(vs) > 0 {
			was = vs[len(vs)-1].state
		}
		if sameState(was, &n.State) {
			continue
		}
		r.run.versions[id-1] = append(vs, version{step, r.states.keep(n.State.Clone())})
		r.cur.Changed = r.cur.Changed.With(id)
	}
}

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

func sameState(a, b *raft.State) bool {
	if a.CurrentTerm != b.CurrentTerm || a.VotedFor != b.VotedFor || a.Log != b.Log ||
		a.CommitIndex != b.CommitIndex || a.LastApplied != b.LastApplied ||
		a.Role != b.Role || a.Votes != b.Votes || len(a.NextIndex) != len(b.NextIndex) {
		return false
	}
	for i := range a.NextIndex {
		if a.NextIndex[i] != b.NextIndex[i] || a.MatchIndex[i] != b.MatchIndex[i] {
			return false
		}
	}
	return true
}

// changed follows up on a node that has just done something: its history, its
// past and the safety properties. It is called after every handler.
func (r *replayer) changed(n *raft.Node) {
	r.touched = r.touched.With(n.ID)
	r.noteTerm(n, r.cur.Trace.Number)
	r.past.track(n, r.cur.Trace.Number)
	r.safe.check(n)
}

// noteTerm adds to a node's history of terms what is new in it.
func (r *replayer) noteTerm(n *raft.Node, step int) {
	rows := r.run.terms[n.ID-1]
	now := Term{Term: n.CurrentTerm, VotedFor: n.VotedFor, Step: step}
	if len(rows) == 0 || rows[len(rows)-1].Term != now.Term {
		r.run.fell = r.run.fell || len(rows) > 0 && now.Term < rows[len(rows)-1].Term
		if r.skipped > 0 {
			rows = append(rows, Term{First: now.Term - r.skipped, Term: now.Term - 1,
				VotedFor: n.ID, Roles: Roles(0).With(raft.Candidate), Step: step})
		}
		now.First = now.Term
		now.Roles = now.Roles.With(n.Role)
		r.run.terms[n.ID-1] = append(rows, now)
		return
	}
	last := &rows[len(rows)-1]
	now.First = last.First
	now.Roles = last.Roles.With(n.Role)
	switch {
	case now.VotedFor == last.VotedFor && now.Roles == last.Roles:
	case last.Step == step:
		*last = now
	default:
		r.run.terms[n.ID-1] = append(rows, now)
	}
}

// explain runs what a node does, and tells of every rule that it asked, if
// somebody is to hear of this step.
func (r *replayer) explain(n *raft.Node, part Part, from raft.NodeID, do func()) {
	if r.hear == nil || r.only != 0 && r.only != r.cur.Trace.Number {
		do()
		return
	}
	r.record = r.record[:0]
	n.Record = &r.record
	do()
	n.Record = nil
	for _, d := range r.record {
		r.hear(NodeOutcome{n.ID, part, from, d})
	}
}

// find keeps a finding of the current step at the place of its event.
func (r *replayer) find(k Kind, node raft.NodeID, f Finding) {
	f.Kind = k
	if node != raft.NoNode {
		f.Node = r.t.Name(node)
	}
	if r.cur != nil {
		s := r.cur.Trace
		f.Step, f.ID, f.Event = s.Number, s.ID, s.EventName()
		if !f.Pos.IsValid() {
			f.Pos = s.EventPos
		}
	}
	if !f.Pos.IsValid() {
		f.Pos = r.t.Pos
	}
	r.run.findings = append(r.run.findings, f)
}

// errorf ends the replay at a place.
func (r *replayer) errorf(at trace.Pos, format string, args ...any) *trace.Error {
	if !at.IsValid() {
		at = r.cur.Trace.EventPos
	}
	return &trace.Error{File: r.t.File, Document: r.t.Document, Pos: at, Msg: fmt.Sprintf("step %s: ", r.cur.Trace.ID) + fmt.Sprintf(format, args...)}
}

func (r *replayer) name(id raft.NodeID) string { return r.t.Name(id) }

// nodeOf gives a node, nil if it is unknown.
func (r *replayer) nodeOf(id raft.NodeID) *raft.Node { return r.node[id-1] }

func (r *replayer) isUp(id raft.NodeID) bool { return r.up.Has(id) }
