package diagram

import (
	"slices"
	"strings"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/trace"
)

// A Shown is a trace's report, and what of the trace is drawn.
type Shown struct {
	Report      *check.Report
	First, Last int          // steps, from 1; 0 for the first and the last there is
	Nodes       raft.NodeSet // 0 for all
}

func (s *Shown) steps() (first, last int) {
	if last = s.Last; last == 0 {
		last = len(s.Report.Run.Steps)
	}
	return max(s.First, 1), last
}

func (s *Shown) nodes() raft.NodeSet {
	if s.Nodes == 0 {
		return raft.AllNodes(s.Report.Run.Trace.Size())
	}
	return s.Nodes
}

// LifelinesOf gives what happened in a part of a trace, and what its report says
// is wrong there.
func LifelinesOf(s Shown) *Lifelines {
	run := s.Report.Run
	b := builder{run: run, rep: s.Report, nodes: s.nodes()}
	b.first, b.last = s.steps()
	b.out = &Lifelines{Title: titleOf(run.Trace)}
	if run.Deviates() {
		b.out.Rules = run.Rules.Name
	}
	b.out.Others = make(map[raft.NodeID]string)
	for id := range raft.AllNodes(run.Trace.Size()).All() {
		if b.nodes.Has(id) {
			b.out.Nodes = append(b.out.Nodes, Node{ID: id, Name: run.Trace.Name(id)})
		} else {
			b.out.Others[id] = run.Trace.Name(id)
		}
	}
	b.found()
	b.start()
	b.begin()
	b.messages()
	b.walls()
	for n := b.first; n <= b.last; n++ {
		b.step(n)
	}
	return b.out
}

func titleOf(t *trace.Trace) string {
	if strings.TrimSpace(t.Title) != "" {
		return t.Title
	}
	return t.File
}

// A builder makes the life lines of a part of a run, first to last.
type builder struct {
	run         *replay.Run
	rep         *check.Report
	first, last int
	nodes       raft.NodeSet // that are shown
	down        raft.NodeSet // as the steps go by
	wrong       map[int][]*finding.Finding
	out         *Lifelines
}

// found sorts the findings that are errors by their steps.
func (b *builder) found() {
	b.wrong = make(map[int][]*finding.Finding)
	for i := range b.rep.Findings {
		f := &b.rep.Findings[i]
		if b.rep.Mode.Severity(f) == finding.Error {
			b.wrong[f.Step] = append(b.wrong[f.Step], f)
		}
	}
	if b.first == 1 {
		b.out.Before.Divergences = b.divergences(0)
	}
}

// start shows the logs before the first step, where there are any: nodes with equal
// ones in a row.
func (b *builder) start() {
	l := logsAt(b.run, b.nodes, b.first-1, nil)
	var j joiner
	any, at := false, 0
	for id := range b.nodes.All() {
		row := l.Rows[at]
		row.State, row.Leads = "", false
		any = any || len(row.Cells) > 0
		j.add(row, id)
		at++
	}
	if !any {
		return
	}
	l.Rows = j.named(b.run.Trace)
	b.out.Before.Logs = l
}

// begin begins the life lines.
func (b *builder) begin() {
	b.down = downAfter(b.run, b.first-1)
	start := &b.out.Before
	if start.ID = "start"; b.first > 1 {
		start.ID = "before " + b.run.Trace.Steps[b.first-1].ID
	}
	for _, n := range b.out.Nodes {
		b.live(n.ID, Moment{b.first, Begins}, b.first-1)
		e := Event{Node: n.ID, Kind: Becomes}
		switch s := b.run.State(n.ID, b.first-1); {
		case b.down.Has(n.ID):
			e.Kind, e.Text = Crashes, "down"
		case !told(b.run, n.ID, b.first-1) || s.CurrentTerm == 0:
			continue
		default:
			e.Text = becomes(s)
		}
		start.Are = append(start.Are, e)
	}
}

// live has a node's life go on from a moment as it is after a step, if that is
// another one.
func (b *builder) live(id raft.NodeID, from Moment, step int) {
	life := Life{From: from, Kind: Untold}
	switch {
	case b.down.Has(id):
		life.Kind = Down
	case told(b.run, id, step):
		s := b.run.State(id, step)
		life.Kind, life.Term = LifeKind(s.Role), s.CurrentTerm
	}
	b.alive(id, life)
}

func (b *builder) alive(id raft.NodeID, life Life) {
	for i := range b.out.Nodes {
		n := &b.out.Nodes[i]
		if n.ID != id {
			continue
		}
		if last := len(n.Lives) - 1; last < 0 || n.Lives[last].Kind != life.Kind || n.Lives[last].Term != life.Term {
			n.Lives = append(n.Lives, life)
		}
	}
}

// walls puts up the partitions that stand in the steps that are shown.
func (b *builder) walls() {
	for i := range b.run.Steps[:b.last] {
		at := Moment{i + 1, Arrives}
		switch e := b.run.Steps[i].Trace.Event.(type) {
		case *trace.Partition:
			b.heal(at)
			b.out.Walls = append(b.out.Walls, Wall{at, Moment{b.last + 1, Begins}, e.Groups})
		case *trace.Heal:
			b.heal(at)
		}
	}
	b.out.Walls = slices.DeleteFunc(b.out.Walls, func(w Wall) bool { return w.To.Step < b.first })
}

// heal ends the wall that is up, if any.
func (b *builder) heal(at Moment) {
	if last := len(b.out.Walls) - 1; last >= 0 && b.out.Walls[last].To.Step > at.Step {
		b.out.Walls[last].To = at
	}
}

// step adds a step.
func (b *builder) step(n int) {
	s := &b.run.Steps[n-1]
	st := Step{Number: n, ID: s.Trace.ID, Note: s.Trace.Note, Says: b.says(s)}
	b.acts(&st, s)
	b.gets(&st, s)
	b.becomes(&st, s)
	st.Divergences = b.divergences(n)
	b.mark(&st)
	st.Logs = changes(b.run, b.nodes, n)
	b.out.Steps = append(b.out.Steps, st)
}

// divergences gives what is wrong in a step, of nodes that are shown.
func (b *builder) divergences(step int) (out []Divergence) {
	for _, f := range b.wrong[step] {
		id, _ := b.run.Trace.Node(f.Node)
		if f.Node != "" && !b.nodes.Has(id) {
			continue
		}
		out = append(out, Divergence{id, render.Divergence(f, b.run.Rules), render.Reason(f)})
	}
	return out
}

// mark marks the nodes about which something is wrong.
func (b *builder) mark(st *Step) {
	var marked [finding.NumKinds]raft.NodeSet
	for _, f := range b.wrong[st.Number] {
		id, _ := b.run.Trace.Node(f.Node)
		if id == raft.NoNode || !b.nodes.Has(id) || f.Kind == finding.State && marked[f.Kind].Has(id) {
			continue
		}
		marked[f.Kind] = marked[f.Kind].With(id)
		e := Event{Node: id, Kind: Wrong}
		switch f.Kind {
		case finding.Response:
			e.Phase, e.Text = Arrives, render.Wrote(f)
		case finding.State:
			e.Phase, e.Text = Ends, "≠ "+f.Field
		case finding.Message:
			e.Phase, e.Text = Sends, "impossible"
		case finding.Safety:
			e.Phase, e.Text = Ends, "unsafe"
		default:
			continue
		}
		st.Events = append(st.Events, e)
	}
}
