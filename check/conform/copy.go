package conform

import (
	"slices"
	"strings"

	"raftsheet/raft"
	"raftsheet/trace"
)

// This file writes what an implementation has answered into a copy of its trace.

// judgedCopy is the trace with the implementation's answers and states in place of
// those that it has written. Each stands where the trace has that cell, or else at
// the step's event. What comes from nodes that the reference does not know stays:
// the replay goes on with it.
func (p *plan) judgedCopy(tells func(field string) bool) *trace.Trace {
	t := *p.run.Trace
	if t.Rules = nil; p.run.Deviates() {
		t.Rules = strings.Split(p.run.Rules.Name, ",")
	}
	t.Steps = slices.Clone(t.Steps)
	for i := range t.Steps {
		s := &t.Steps[i]
		s.Response, s.State, s.StatePos = p.given(s), nil, trace.Pos{}
	}
	for i := range p.questions {
		q := &p.questions[i]
		if q.outcome != unasked {
			continue
		}
		was, s := &p.run.Trace.Steps[q.step-1], &t.Steps[q.step-1]
		if q.delivery != nil {
			if s.Response == nil {
				s.Response = p.row(q)
			}
			s.Response.Cells = append(s.Response.Cells, q.cell(was, q.answered().Answer.Value))
		}
		if st := q.last().State; st != nil {
			s.State = append(s.State, p.table(q, was, st, tells))
		}
	}
	return &t
}

// row is the row of a question's step, in which those that the request does not
// reach do not answer. Nobody else without a cell is asked.
func (p *plan) row(q *question) *trace.Row {
	row := trace.Row{Pos: q.at(p.run.Trace), Unread: true}
	for _, d := range p.run.Steps[q.step-1].Deliveries {
		if !d.Reached() {
			row.Cells = append(row.Cells, trace.Cell{Node: d.To, Pos: row.Pos, None: true})
		}
	}
	return &row
}

// given is what a step's row says of nodes that the reference does not know, nil
// for nothing.
func (p *plan) given(s *trace.Step) *trace.Row {
	if s.Response == nil {
		return nil
	}
	row := trace.Row{Pos: s.Response.Pos, Unread: true}
	for id := range s.Recipients(p.run.Trace.Size()).All() {
		if c := s.Response.Cell(id); c != nil && p.run.Untold(id, s.Number-1) {
			own := *c
			own.Node = id
			row.Cells = append(row.Cells, own)
		}
	}
	if len(row.Cells) == 0 {
		return nil
	}
	return &row
}

// cell is an answer as a cell of the trace. The places are those of the cell that
// the trace has, as far as it has one.
func (q *question) cell(was *trace.Step, a *CallAnswer) trace.Cell {
	var there trace.Cell
	at := was.EventPos
	if was.Response != nil {
		if c := was.Response.Cell(q.node); c != nil {
			there, at = *c, c.Pos
		}
	}
	c := trace.Cell{Node: q.node, Pos: at, None: a == nil, Whole: a != nil}
	if a == nil {
		return c
	}
	switch {
	case a.VoteGranted != nil:
		c.OK = put(*a.VoteGranted, there.OK.Pos, at)
	case a.Success != nil:
		c.OK = put(*a.Success, there.OK.Pos, at)
	default: // InstallSnapshot's is a term alone
		c.OK = put(a.Term <= q.delivery.Request.Term(), there.OK.Pos, at)
	}
	c.Term = put(a.Term, there.Term.Pos, at)
	if a.MatchIndex != nil && c.OK.Value {
		c.MatchIndex = put(*a.MatchIndex, there.MatchIndex.Pos, at)
	}
	return c
}

// put is a value at the first of these places that is one.
func put[T any](v T, places ...trace.Pos) trace.Opt[T] {
	o := trace.OptOf(v)
	for _, at := range places {
		if o.Pos = at; at.IsValid() {
			break
		}
	}
	return o
}

// table is a state as a table of the trace, as far as the implementation tells it.
func (p *plan) table(q *question, was *trace.Step, st *State, tells func(field string) bool) trace.NodeState {
	there := trace.NodeState{Pos: q.at(p.run.Trace)}
	for i := range was.State {
		if was.State[i].Node == q.node {
			there = was.State[i]
		}
	}
	w := tableWriter{p.names, tells, there.Pos}
	out := trace.NodeState{Node: q.node, Pos: there.Pos,
		Term:        write(w, "term", st.Term, there.Term),
		CommitIndex: write(w, "commitIndex", st.CommitIndex, there.CommitIndex),
		LastApplied: write(w, "lastApplied", st.LastApplied, there.LastApplied),
		VotedFor:    write(w, "votedFor", node(w, st.VotedFor), there.VotedFor),
		Leader:      write(w, "leader", node(w, st.Leader), there.Leader),
		Log:         w.log(st.Log, there.Log),
	}
	role, _ := raft.ParseRole(st.Role.Value)
	out.Role = write(w, "role", Told[raft.Role]{role, st.Role.Told}, there.Role)
	out.Snapshot = write(w, "snapshot", Told[trace.Snapshot]{w.snapshot(st.Snapshot.Value), st.Snapshot.Told}, there.Snapshot)
	if leads := p.run.State(q.node, q.step).Role == raft.Leader; leads && (!st.Role.Told || role == raft.Leader) {
		out.NextIndex = w.indexes(q.node, "nextIndex", st.NextIndex, there.NextIndex)
		out.MatchIndex = w.indexes(q.node, "matchIndex", st.MatchIndex, there.MatchIndex)
	}
	return out
}

// A tableWriter writes the fields of one table.
type tableWriter struct {
	names roster
	tells func(field string) bool
	at    trace.Pos // of the table
}

// write is a field that the implementation tells, where the trace has it.
func write[T any](w tableWriter, field string, v Told[T], there trace.Opt[T]) (o trace.Opt[T]) {
	if v.Told && w.tells(field) {
		o = put(v.Value, there.Pos, w.at)
	}
	return o
}

func node(w tableWriter, v Told[Name]) Told[raft.NodeID] {
	id, _ := w.names.id(v.Value)
	return Told[raft.NodeID]{id, v.Told}
}

func (w tableWriter) snapshot(end *SnapshotEnd) trace.Snapshot {
	if end == nil {
		return trace.Snapshot{LastIncludedIndex: put(raft.Index(0), w.at)} // none
	}
	return trace.Snapshot{LastIncludedIndex: put(end.LastIncludedIndex, w.at), LastIncludedTerm: put(end.LastIncludedTerm, w.at)}
}

func (w tableWriter) log(v Told[[]Entry], there trace.Opt[[]trace.LogEntry]) trace.Opt[[]trace.LogEntry] {
	entries := Told[[]trace.LogEntry]{trace.LogEntries(raftEntries(v.Value)), v.Told}
	for i := range entries.Value {
		e := &entries.Value[i]
		if e.Pos = w.at; there.Pos.IsValid() {
			e.Pos = there.Pos
		}
		if i < len(there.Value) && there.Value[i].Pos.IsValid() {
			e.Pos = there.Value[i].Pos
		}
	}
	return write(w, "log", entries, there)
}

func (w tableWriter) indexes(leader raft.NodeID, field string, v Told[map[string]raft.Index], there trace.Opt[[]trace.NodeIndex]) trace.Opt[[]trace.NodeIndex] {
	lines := Told[[]trace.NodeIndex]{Told: v.Told}
	for i, name := range w.names {
		if index, ok := v.Value[name]; ok && raft.NodeID(i+1) != leader {
			at := w.at
			if there.Pos.IsValid() {
				at = there.Pos
			}
			lines.Value = append(lines.Value, trace.NodeIndex{Node: raft.NodeID(i + 1), Pos: at, Index: put(index, at)})
		}
	}
	return write(w, field, lines, there)
}
