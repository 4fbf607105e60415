package item

import (
	"slices"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file lays one sheet over another: the items of a key, with what somebody
// else has written in them.

// On gives the item as a step of another sheet has it, nil for a sheet without
// that step: asked for the same, with what is written there.
func (it Item) On(s *trace.Step) Item {
	it.Pos, it.Key, it.Written, it.Whole, it.Unread = trace.Pos{}, trace.Pos{}, nil, Itself, false
	if s == nil {
		return it
	}
	it.Pos = s.Pos
	if it.IsAnswer() {
		it.onRow(s.Response)
		return it
	}
	for i := range s.State {
		if s.State[i].Node == it.Node {
			it.onTable(&s.State[i])
		}
	}
	return it
}

func (it *Item) onRow(row *trace.Row) {
	if row == nil {
		return
	}
	it.Pos = row.Pos
	cell := row.Cell(it.Node)
	if cell == nil {
		return
	}
	it.Pos = cell.Pos
	switch {
	case cell.None:
		it.Written = replay.None{}
	case it.Field == AnswerMatch:
		it.onto(valueOf(&cell.MatchIndex, func(i raft.Index) replay.Value { return replay.Number(i) }))
	case it.Field == AnswerTerm:
		it.onto(valueOf(&cell.Term, func(t raft.Term) replay.Value { return replay.Number(t) }))
	default:
		it.onto(valueOf(&cell.OK, func(ok bool) replay.Value { return replay.Bool(ok) }))
	}
}

// onto takes in what is written, if anything is.
func (it *Item) onto(v replay.Value, p trace.Presence, at trace.Pos) {
	if p != trace.Absent {
		it.Pos = at
	}
	if p == trace.Given {
		it.Written = v
	}
	it.Unread = p == trace.Unread
}

func (it *Item) onTable(st *trace.NodeState) {
	it.Pos = st.Pos
	r := rowOf(it.Field)
	v, p, at := r.written(st)
	if it.Field != r.line {
		it.onto(v, p, at)
		return
	}
	if p != trace.Given {
		it.Unread = p == trace.Unread
		return
	}
	it.Pos = at
	for _, l := range r.lines(nil, st) {
		if l.of == it.Line {
			it.Key = l.key
			it.onto(l.value, l.presence, l.at)
		}
	}
}

// OnlyAsked gives what a sheet's step says of these items, all of one step, and
// nothing else that is written there.
func OnlyAsked(items []Item, s *trace.Step) *trace.Step {
	if s == nil || len(items) == 0 {
		return nil
	}
	out := &trace.Step{Pos: s.Pos, Number: s.Number, ID: s.ID}
	if s.Response != nil {
		out.Response = &trace.Row{Pos: s.Response.Pos}
	}
	for i := range items {
		if it := &items[i]; it.IsAnswer() && s.Response != nil {
			it.keepAnswer(out.Response, s.Response.Cell(it.Node))
		}
	}
	out.State = keepTables(items, s.State)
	return out
}

// keepAnswer keeps what a row says of the item.
func (it *Item) keepAnswer(out *trace.Row, said *trace.Cell) {
	if said == nil {
		return
	}
	i := slices.IndexFunc(out.Cells, func(k trace.Cell) bool { return k.Node == it.Node })
	if i < 0 {
		i = len(out.Cells)
		out.Cells = append(out.Cells, trace.Cell{Node: it.Node, Pos: said.Pos, None: said.None})
	}
	switch it.Field {
	case AnswerTerm:
		out.Cells[i].Term = said.Term
	case AnswerMatch:
		out.Cells[i].MatchIndex = said.MatchIndex
	default:
		out.Cells[i].OK = said.OK
	}
}

// keepTables keeps what tables say of the items, all of one step.
func keepTables(items []Item, said []trace.NodeState) []trace.NodeState {
	var out []trace.NodeState
	for i := 0; i < len(items); {
		it := &items[i]
		if i++; it.IsAnswer() {
			continue
		}
		r := rowOf(it.Field)
		var lines lineSet
		if it.Field == r.line {
			// All lines of one field at once: a history may have very many.
			lines = lineSet{it.Line: true}
			for ; i < len(items) && items[i].Field == r.line && items[i].Node == it.Node; i++ {
				lines[items[i].Line] = true
			}
		}
		out = it.keepTable(out, said, r, lines)
	}
	return out
}

// keepTable keeps what a table says of the item's field, or of some of its lines.
func (it *Item) keepTable(out, said []trace.NodeState, r *row, lines lineSet) []trace.NodeState {
	of := func(st trace.NodeState) bool { return st.Node == it.Node }
	from := slices.IndexFunc(said, of)
	if from < 0 {
		return out
	}
	i := slices.IndexFunc(out, of)
	if i < 0 {
		i = len(out)
		out = append(out, trace.NodeState{Node: it.Node, Pos: said[from].Pos})
	}
	r.keep(&out[i], &said[from], lines)
	return out
}
