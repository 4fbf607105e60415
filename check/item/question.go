package item

import (
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
)

// This file takes the answers out of a trace.

// Questions gives a trace as it is handed out: its messages, and of what it asks
// the items that are so, each blank and in the form in which the trace asks for
// it. A row or a table that is left blank as a whole is written out, as is what
// others says, since that all of them answer alike is an answer too. What unknown
// nodes answer stays: it is given. Whose answers they are, how they are marked and
// the comments are left out. The trace itself is not changed.
func Questions(t *trace.Trace, asks func(*Item) bool) *trace.Trace {
	out := *t
	out.Student, out.Grading, out.Comment = "", trace.Grading{}, ""
	out.Steps = slices.Clone(t.Steps)
	for i := range out.Steps {
		s := &out.Steps[i]
		w := walker{t: t}
		w.walk(&t.Steps[i])
		items := slices.DeleteFunc(w.items, func(it Item) bool { return !asks(&it) })
		s.Points, s.Comment, s.StatePos = trace.Opt[string]{}, "", trace.Pos{}
		s.Response, s.State = blankRow(t, s, items), keepTables(items, blankTables(s, items))
	}
	return &out
}

// blankRow gives the row of a step in which the items are blank; nil where none of
// it is left. The sender's own cell, which nobody reads, is not in it.
func blankRow(t *trace.Trace, s *trace.Step, items []Item) *trace.Row {
	row := s.Response
	if row == nil {
		return nil
	}
	var asked raft.NodeSet
	for i := range items {
		if items[i].IsAnswer() {
			asked = asked.With(items[i].Node)
		}
	}
	out := &trace.Row{Pos: row.Pos}
	add := func(id raft.NodeID, cell *trace.Cell) {
		switch {
		case asked.Has(id):
			out.Cells = append(out.Cells, blankCell(id, cell))
		case t.Unknown.Has(id) && cell != nil && !cell.IsBlank():
			given := *cell
			given.Node = id
			out.Cells = append(out.Cells, given)
		}
	}
	sender, _ := s.Sender()
	done := raft.SetOf(sender)
	for i := range row.Cells {
		if id := row.Cells[i].Node; !done.Has(id) {
			add(id, &row.Cells[i])
			done = done.With(id)
		}
	}
	for id := range (s.Recipients(t.Size()) &^ done).All() {
		add(id, row.Others)
	}
	if len(out.Cells) == 0 {
		return nil
	}
	return out
}

// blankCell gives a node's cell with a blank in place of each field that is asked
// for; one that is none is asked for an answer, as is one that is not there.
func blankCell(id raft.NodeID, cell *trace.Cell) trace.Cell {
	out := trace.Cell{Node: id}
	if cell != nil && !cell.None {
		out.OK.Presence, out.Term.Presence, out.MatchIndex.Presence = blankIf(cell.OK), blankIf(cell.Term), blankIf(cell.MatchIndex)
	}
	if out.Whole = out.Term.Presence != trace.Absent || out.MatchIndex.Presence != trace.Absent; !out.Whole {
		out.OK.Presence = trace.Blank
	}
	return out
}

// blankIf is a blank where something is there.
func blankIf[T any](o trace.Opt[T]) trace.Presence {
	if o.Presence == trace.Absent {
		return trace.Absent
	}
	return trace.Blank
}

// blankTables gives the tables of a step with each field blank that they have; of a
// table that is left blank as a whole, each for which it asks.
func blankTables(s *trace.Step, items []Item) []trace.NodeState {
	tables := slices.Clone(s.State)
	for i := range items {
		if it := &items[i]; it.Whole == OfTables && !slices.ContainsFunc(tables, func(st trace.NodeState) bool { return st.Node == it.Node }) {
			tables = append(tables, trace.NodeState{Node: it.Node, Blank: true})
		}
	}
	for i := range tables {
		st := &tables[i]
		for j := range rows {
			r := &rows[j]
			if _, p, _ := r.written(st); p != trace.Absent || st.Blank && r.asked {
				r.wipe(st)
			}
		}
		st.Blank = false
	}
	return tables
}
