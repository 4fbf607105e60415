package check

import (
	"fmt"
	"slices"
	"strings"

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
func Fill(ed *edit.Editor, runs []*Run, opt FillOptions) error {
	for _, run := range runs {
		f := &filler{ed: ed, run: run, t: run.Trace, opt: opt}
		for i := range run.Steps {
			f.step = &run.Steps[i]
			f.s = f.step.Trace
			for _, fill := range []func() error{f.message, f.answers, f.tables} {
				if err := fill(); err != nil {
					return err
				}
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
	run  *Run
	t    *trace.Trace
	opt  FillOptions
	step *Step
	s    *trace.Step
}

// answer is what belongs in a node's cell; ok is false where that cannot be
// told.
func (f *filler) answer(id raft.NodeID) (text string, ok bool) {
	d := f.step.Delivery(id)
	switch {
	case f.t.Unknown.Has(id) && (d == nil || d.Fate == Unseen):
		return "", false
	case d == nil || !d.Answered():
		return "none", true
	case d.OK:
		return "ok", true
	}
	return "no", true
}

func (f *filler) answers() error {
	row := f.s.Response
	if len(f.step.Deliveries) == 0 {
		return nil
	}
	if row == nil || row.Blank {
		if row == nil && !f.opt.All {
			return nil
		}
		return f.wholeRow()
	}
	if err := f.others(row); err != nil {
		return err
	}
	for i := range f.step.Deliveries {
		if err := f.cell(row, f.step.Deliveries[i].To); err != nil {
			return err
		}
	}
	return f.notAsked(row)
}

// notAsked fills the blank cells of nodes that were not sent the request.
func (f *filler) notAsked(row *trace.Row) error {
	sender, _ := f.s.Sender()
	for i := range row.Cells {
		id := row.Cells[i].Node
		if id == sender || f.step.Delivery(id) != nil {
			continue
		}
		if err := f.cell(row, id); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) wholeRow() error {
	var cells []string
	for i := range f.step.Deliveries {
		to := f.step.Deliveries[i].To
		if text, ok := f.answer(to); ok {
			cells = append(cells, f.t.FlowName(to)+": "+text)
		}
	}
	if len(cells) == 0 {
		return nil
	}
	return f.ed.Set(f.t, edit.Response(f.s.Number), "{"+strings.Join(cells, ", ")+"}")
}

// others fills a blank cell for all others, where one answer is all of theirs.
func (f *filler) others(row *trace.Row) error {
	if row.Others == nil || !row.Others.IsBlank() {
		return nil
	}
	if text := f.oneForOthers(row); text != "" {
		return f.ed.Set(f.t, edit.Others(f.s.Number), text)
	}
	return nil
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
		text, ok := f.answer(to)
		if !ok || all != "" && all != text {
			return ""
		}
		all = text
	}
	return all
}

func (f *filler) cell(row *trace.Row, to raft.NodeID) error {
	text, ok := f.answer(to)
	if !ok {
		return nil
	}
	cell := row.Cell(to)
	switch {
	case cell == nil:
		return f.ed.Set(f.t, edit.Answer(f.s.Number, to), text)
	case cell == row.Others && cell.IsBlank():
		if f.oneForOthers(row) != "" {
			return nil // others has it
		}
		return f.ed.Set(f.t, edit.Answer(f.s.Number, to), text)
	case cell.Whole && cell != row.Others:
		if err := f.wholeCell(cell, to); err != nil {
			return err
		}
	case cell.IsBlank():
		return f.ed.Set(f.t, edit.Answer(f.s.Number, to), text)
	}
	if !f.opt.Correct || cell.IsBlank() || f.t.Unknown.Has(to) {
		return nil
	}
	return f.correct(cell, to, text)
}

// wholeCell fills the blank fields of an answer that is written as a mapping.
func (f *filler) wholeCell(cell *trace.Cell, to raft.NodeID) error {
	d := f.step.Delivery(to)
	if d == nil || !d.Answered() {
		if cell.IsBlank() {
			return f.ed.Set(f.t, edit.Answer(f.s.Number, to), "none")
		}
		return nil
	}
	if cell.OK.Presence == trace.Blank {
		if err := f.ed.Set(f.t, edit.AnswerField(f.s.Number, to, outcomeField(f.s)), fmt.Sprint(d.OK)); err != nil {
			return err
		}
	}
	if cell.Term.Presence == trace.Blank {
		return f.ed.Set(f.t, edit.AnswerField(f.s.Number, to, "term"), fmt.Sprint(d.Term))
	}
	return nil
}

// correct replaces what is wrong in a cell.
func (f *filler) correct(cell *trace.Cell, to raft.NodeID, text string) error {
	d := f.step.Delivery(to)
	set := func(field, text, was string) error {
		return f.ed.Replace(f.t, edit.AnswerField(f.s.Number, to, field), text, was)
	}
	switch {
	case d == nil || !d.Answered():
		if cell.None {
			return nil
		}
		return set("", text, cellText(cell))
	case cell.None:
		if d.Lost {
			return nil
		}
		return set("", text, "none")
	case !cell.Whole || cell.Node == raft.NoNode:
		if cell.OK.Given() && cell.OK.Value != d.OK {
			return set("", text, cellText(cell))
		}
		return nil
	}
	if cell.OK.Given() && cell.OK.Value != d.OK {
		if err := set(outcomeField(f.s), fmt.Sprint(d.OK), fmt.Sprint(cell.OK.Value)); err != nil {
			return err
		}
	}
	if cell.Term.Given() && cell.Term.Value != d.Term {
		return set("term", fmt.Sprint(d.Term), fmt.Sprintf("term %d", cell.Term.Value))
	}
	return nil
}

func cellText(cell *trace.Cell) string {
	outcome := ""
	if cell.OK.Given() {
		outcome = map[bool]string{true: "ok", false: "no"}[cell.OK.Value]
	}
	if cell.Term.Given() {
		outcome = strings.TrimSpace(fmt.Sprintf("%s term %d", outcome, cell.Term.Value))
	}
	return outcome
}
