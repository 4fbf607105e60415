package check

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/edit"
)

// FillOptions say what Fill writes beyond what is left blank.
type FillOptions struct {
	All      bool // a response where a step has none
	Messages bool // message fields that are left out
	Correct  bool // the right answer in place of a wrong one
}

// Fill writes what the replays give into the file's blanks, through an editor
// that keeps every other byte. The runs are of the file's traces.
//
// The error is a [trace.Error] where the layout has no room for a change.
func Fill(ed *edit.Editor, runs []*replay.Run, opt FillOptions) error {
	for _, run := range runs {
		f := &filler{ed: ed, run: run, t: run.Trace, opt: opt}
		for i := range run.Steps {
			f.step = &run.Steps[i]
			f.s = f.step.Trace
			if err := f.fill(); err != nil {
				return err
			}
			if ed.Added() > mostFilled {
				return &trace.Error{File: f.t.File, Document: f.t.Document, Pos: f.s.Pos,
					Msg: fmt.Sprintf("what is filled in up to here comes to more than %d bytes; nothing was written: leave out --all, or split the trace", mostFilled)}
			}
		}
	}
	return nil
}

// mostFilled bounds what is written into a file: blanks are small, and what they
// stand for may be large.
const mostFilled = 8 << 20

// A filler goes through a replay step by step.
type filler struct {
	ed   *edit.Editor
	run  *replay.Run
	t    *trace.Trace
	opt  FillOptions
	step *replay.Step
	s    *trace.Step

	items []item.Item // of the step
}

// fill fills one step.
func (f *filler) fill() error {
	if err := f.message(); err != nil {
		return err
	}
	if err := f.row(); err != nil {
		return err
	}
	f.items = item.AppendStep(f.items[:0], f.t, f.s)
	for i := range f.items {
		it := &f.items[i]
		var err error
		switch {
		case it.IsAnswer():
			err = f.answer(it)
		case !it.Blank() || f.t.Unknown.Has(it.Node) || item.Doubts(f.run, it) || it.Whole == item.OfTables:
		case it.Whole == item.OfTable:
			if i == 0 || f.items[i-1].Whole != item.OfTable || f.items[i-1].Node != it.Node {
				err = f.ed.Set(f.t, edit.State(f.s.Number, it.Node, ""), item.FlowState(f.run, it.Node, f.s.Number))
			}
		default:
			err = f.field(it)
		}
		if err != nil {
			return err
		}
	}
	if f.s.StateBlank() {
		return f.allTables()
	}
	return nil
}

// text is what belongs in a node's cell; ok is false where that cannot be told.
func (f *filler) text(id raft.NodeID) (text string, ok bool) {
	d := f.step.Delivery(id)
	switch {
	case f.run.Untold(id, f.s.Number) && (d == nil || d.Fate == replay.Unseen), f.step.Doubts(id):
		return "", false
	case d == nil || !d.Answered():
		return none, true
	case d.OK:
		return "ok", true
	}
	return "no", true
}

// row fills a response row that is blank as a whole, or its blank cell for all
// others where one answer is all of theirs.
func (f *filler) row() error {
	row := f.s.Response
	switch {
	case len(f.step.Deliveries) == 0 || row != nil && row.Unread:
		return nil
	case row == nil && !f.opt.All:
		return nil
	case row == nil || row.Blank:
		return f.wholeRow()
	case row.Others == nil || !row.Others.IsBlank():
		return nil
	}
	if text := f.oneForOthers(row); text != "" {
		return f.ed.Set(f.t, edit.Others(f.s.Number), text)
	}
	return nil
}

func (f *filler) wholeRow() error {
	var cells []string
	for i := range f.step.Deliveries {
		to := f.step.Deliveries[i].To
		if text, ok := f.text(to); ok {
			cells = append(cells, f.t.FlowName(to)+": "+text)
		}
	}
	if len(cells) == 0 {
		return nil
	}
	return f.ed.Set(f.t, edit.Response(f.s.Number), "{"+strings.Join(cells, ", ")+"}")
}

// named reports whether the row has a cell of the node's own.
func named(row *trace.Row, id raft.NodeID) bool {
	return slices.ContainsFunc(row.Cells, func(c trace.Cell) bool { return c.Node == id })
}

// oneForOthers gives the answer of all nodes that have no cell of their own,
// empty where there is no such node, or they differ, or cannot be told.
func (f *filler) oneForOthers(row *trace.Row) string {
	all := ""
	for i := range f.step.Deliveries {
		to := f.step.Deliveries[i].To
		if named(row, to) {
			continue
		}
		text, ok := f.text(to)
		if !ok || all != "" && all != text {
			return ""
		}
		all = text
	}
	return all
}

// answer fills an item of an answer, or corrects it. The whole row has been
// looked at before.
func (f *filler) answer(it *item.Item) error {
	row := f.s.Response
	text, ok := f.text(it.Node)
	if !ok || row.Blank || len(f.step.Deliveries) == 0 {
		return nil
	}
	d, own := f.step.Delivery(it.Node), named(row, it.Node)
	switch {
	case it.Blank() && it.Whole == item.BlankCell && !own && f.oneForOthers(row) != "":
		return nil // others has it
	case it.Blank() && it.Whole != item.Itself:
		return f.ed.Set(f.t, edit.Answer(f.s.Number, it.Node), text)
	case it.Blank() && own && d != nil && d.Answered():
		return f.ed.Set(f.t, edit.AnswerField(f.s.Number, it.Node, it.Name), fmt.Sprint(item.Any(f.t, it.Node, item.Gives(f.run, it))))
	case it.Blank() && own && row.Cell(it.Node).IsBlank() && speaksForCell(it, row.Cell(it.Node)):
		return f.ed.Set(f.t, edit.Answer(f.s.Number, it.Node), text)
	case !it.Blank() && f.opt.Correct && !f.run.Untold(it.Node, it.Step) && !item.Doubts(f.run, it) && item.Differs(f.run, it):
		return f.correct(it, row.Cell(it.Node), d, text)
	}
	return nil
}

// speaksForCell reports whether the item is the first that its cell is asked for.
func speaksForCell(it *item.Item, cell *trace.Cell) bool {
	switch it.Field {
	case item.AnswerMatch:
		return cell.OK.Presence == trace.Absent && cell.Term.Presence == trace.Absent
	case item.AnswerTerm:
		return cell.OK.Presence == trace.Absent
	}
	return true
}

// correct replaces what is wrong in a cell: a field of a whole response, or else
// the cell, once.
func (f *filler) correct(it *item.Item, cell *trace.Cell, d *replay.Delivery, text string) error {
	field, now, was := "", text, cellText(cell)
	if cell.Whole && cell.Node != raft.NoNode && d != nil && d.Answered() {
		field, now = it.Name, fmt.Sprint(item.Any(f.t, it.Node, item.Gives(f.run, it)))
		if was = fmt.Sprint(item.Any(f.t, it.Node, it.Written)); it.Field != item.Outcome {
			was = it.Name + " " + was
		}
	} else if it.Field != item.Outcome && (cell.OK.Given() || cell.Node == raft.NoNode || it.Field == item.AnswerMatch && cell.Term.Given()) {
		return nil // with the outcome or the term, or everybody else's
	}
	return f.ed.Replace(f.t, edit.AnswerField(f.s.Number, it.Node, field), now, was)
}

func cellText(cell *trace.Cell) string {
	if cell.None {
		return none
	}
	outcome := ""
	if cell.OK.Given() {
		outcome = map[bool]string{true: "ok", false: "no"}[cell.OK.Value]
	}
	if cell.Term.Given() {
		outcome = strings.TrimSpace(fmt.Sprintf("%s term %d", outcome, cell.Term.Value))
	}
	if cell.MatchIndex.Given() {
		outcome = strings.TrimSpace(fmt.Sprintf("%s matchIndex %d", outcome, cell.MatchIndex.Value))
	}
	return outcome
}

func (f *filler) allTables() error {
	var pairs []string
	for i := range f.t.Names {
		if id := raft.NodeID(i + 1); !f.t.Unknown.Has(id) && !f.step.Doubts(id) {
			pairs = append(pairs, f.t.FlowName(id)+": "+item.FlowState(f.run, id, f.s.Number))
		}
	}
	if len(pairs) == 0 {
		return nil
	}
	return f.ed.Set(f.t, edit.States(f.s.Number), "{"+strings.Join(pairs, ", ")+"}")
}

// field fills a blank field of a table, or a line of one. A line that the node
// does not have stays blank.
func (f *filler) field(it *item.Item) error {
	text := item.Flow(f.run, it)
	if item.Gives(f.run, it) == (replay.None{}) && it.Field != item.Snapshot {
		if it.Field.IsLine() {
			return nil
		}
		text = "{}" // no nextIndex, no matchIndex
	}
	return f.ed.Set(f.t, edit.State(f.s.Number, it.Node, item.Path(f.run, it)), text)
}
