package order

import (
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A Cell is what can be wrong on a sheet: an answer, a field of a table, or a field
// of a message.
type Cell struct {
	Sheet int         // of the game's
	Step  *trace.Step // of the sheet
	Owner raft.NodeID // whose it is: of an answer the node that gives it, otherwise the sheet's
	Item  item.Item   // an answer, the first of its fields, or a field of a table, as the sheet has it; empty for a message
	Field string      // of a message: the field that differs, empty for the event itself
	Pos   trace.Pos
}

// IsMessage reports whether the cell is a field of a message, or an event.
func (c *Cell) IsMessage() bool { return c.Item.Step == 0 }

// A fieldAt is a field of a step's message.
type fieldAt struct {
	sheet, step int
	field       string
}

// An itemAt is what an item asks for on a step of a sheet; the fields of one answer ask
// for one thing.
type itemAt struct {
	step  *trace.Step
	node  raft.NodeID
	field item.Field
	line  uint64
}

func placeOf(s *trace.Step, it *item.Item) itemAt {
	if it.IsAnswer() {
		return itemAt{step: s, node: it.Node}
	}
	return itemAt{s, it.Node, it.Field, it.Line}
}

// CellOf gives the cell of an item on a step of a sheet; ok is false for a blank, and
// for what cannot be told.
func (g *Game) CellOf(s *trace.Step, it *item.Item) (cell int, ok bool) {
	cell, ok = g.items[placeOf(s, it)]
	return cell, ok
}

// asStep makes a step of a sheet's, with a cell for each thing that is written in it
// and can be told.
func (g *Game) asStep(sheet int, s *trace.Step) step {
	st := step{Step: s, sheet: sheet}
	for _, it := range item.OfStep(&g.base, s) {
		if it.Blank() || g.base.Unknown.Has(it.Node) {
			continue
		}
		cell, is := g.items[placeOf(s, &it)]
		if !is {
			c := Cell{Sheet: sheet, Step: s, Owner: g.Sheets[sheet].Node, Item: it, Pos: it.Pos}
			cell = len(g.Cells)
			if it.IsAnswer() {
				c.Owner = it.Node
			}
			g.Cells = append(g.Cells, c)
			g.items[placeOf(s, &it)] = cell
		}
		st.items, st.cells = append(st.items, it), append(st.cells, cell)
	}
	return st
}

// fieldCell is the cell of a field of a step's message.
func (g *Game) fieldCell(st *step, field string) int {
	at := fieldAt{st.sheet, st.Number, field}
	if cell, is := g.fields[at]; is {
		return cell
	}
	c := Cell{Sheet: st.sheet, Step: st.Step, Owner: g.Sheets[st.sheet].Node, Field: field, Pos: fieldPos(st.Step, field)}
	g.Cells = append(g.Cells, c)
	g.fields[at] = len(g.Cells) - 1
	return len(g.Cells) - 1
}

// fieldPos is where a field of a message is written, or the event where it is not.
func fieldPos(s *trace.Step, field string) trace.Pos {
	at := trace.Pos{}
	switch e := s.Event.(type) {
	case *trace.RequestVote:
		at = map[string]trace.Pos{"term": e.Term.Pos, "lastLogIndex": e.LastLogIndex.Pos, "lastLogTerm": e.LastLogTerm.Pos}[field]
	case *trace.AppendEntries:
		at = map[string]trace.Pos{"term": e.Term.Pos, "prevLogIndex": e.PrevLogIndex.Pos, "prevLogTerm": e.PrevLogTerm.Pos, "entries": e.Entries.Pos,
			"leaderCommit": e.LeaderCommit.Pos, "index": e.Index.Pos}[field]
		if e.Worksheet() && field == "entries" {
			at = e.Value.Pos
		}
	case *trace.InstallSnapshot:
		at = map[string]trace.Pos{"term": e.Term.Pos, "lastIncludedIndex": e.LastIncludedIndex.Pos, "lastIncludedTerm": e.LastIncludedTerm.Pos}[field]
	}
	if !at.IsValid() {
		at = s.EventPos
	}
	return at
}

// differing gives the cells of a step that differ from what a run has after its last
// step, each once: which is that step, or one at the end of the game.
func (st *step) differing(run *replay.Run) []int {
	var wrong []int
	for i := range st.items {
		it := st.items[i]
		it.Step = len(run.Steps)
		if n := len(wrong); n > 0 && wrong[n-1] == st.cells[i] {
			continue
		}
		if item.Differs(run, &it) && (it.IsAnswer() || !item.Doubts(run, &it)) {
			wrong = append(wrong, st.cells[i])
		}
	}
	return wrong
}
