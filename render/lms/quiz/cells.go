package quiz

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// This file has the cells of a question, and what is right in them.

// nothing is typed where nothing belongs, or nothing is: an empty log.
const nothing = "-"

// step makes the question of a step that asks these items.
func (b *builder) step(s *trace.Step, asked []item.Item) (*Step, error) {
	slices.SortStableFunc(asked, inRows)
	out := &Step{ID: s.ID}
	at := make(map[itemKey]int)
	for i := range asked {
		c, err := b.cell(s, &asked[i])
		if err != nil {
			return nil, err
		}
		out.Cells = append(out.Cells, *c)
		at[keyOf(&asked[i])] = len(out.Cells)
	}
	out.Text = b.text(s, how(asked))
	out.Form = append(b.row(s, asked, at), b.tables(s, asked, at)...)
	return out, nil
}

// inRows puts answers in the order in which the form has their cells: row by row.
func inRows(a, b item.Item) int {
	if !a.IsAnswer() || !b.IsAnswer() {
		return 0 // tables come after them, and are in order
	}
	return cmp.Or(cmp.Compare(a.Field, b.Field), cmp.Compare(a.Node, b.Node))
}

// cell makes the cell of an item. Where nothing belongs in it, it is worth what others
// of its kind are: that it is worth nothing would tell the answer.
func (b *builder) cell(s *trace.Step, it *item.Item) (*Cell, error) {
	out := &Cell{Label: b.label(s, it), Answer: it.Field == item.Outcome, Choices: b.choices(it), Why: b.because(it)}
	c, is := b.cells[keyOf(it)]
	if !is {
		out.Right, out.Points = []string{nothing, "none"}, b.k.Worth(it)
		return out, nil
	}
	if c.Right == nil {
		return nil, fmt.Errorf("%s: step %s: what is right as %s cannot be told", b.k.Trace.File, s.ID, out.Label)
	}
	out.Points = c.Points
	if out.Right = []string{item.Word(c.Right)}; out.Choices == nil {
		out.Right = b.typed(s, &c.Item)
	}
	return out, nil
}

// label is what an item is where it stands alone.
func (b *builder) label(s *trace.Step, it *item.Item) string {
	switch {
	case it.Field == item.Outcome:
		return "node " + b.q.Name(it.Node)
	case it.IsAnswer():
		return it.Name + " of node " + b.q.Name(it.Node) + "'s answer"
	}
	return it.Name + " of node " + b.q.Name(it.Node) + " after step " + s.ID
}

// choices are what a cell is chosen from; nil for one that is typed.
func (b *builder) choices(it *item.Item) []string {
	switch it.Field {
	case item.Outcome:
		return []string{"ok", "no", "none"}
	case item.Role:
		return []string{raft.Follower.String(), raft.Candidate.String(), raft.Leader.String()}
	case item.VotedFor, item.Leader, item.TermsLine:
		return append([]string{"none"}, b.q.Names...)
	}
	return nil
}

// spellings are the ways to type a list of these parts, which the format writes as it
// is given first. An LMS compares letters: all that the format reads as one value has to
// be listed, with brackets and without, and with more or less between the parts.
func spellings(right string, parts []string) []string {
	if len(parts) == 0 {
		return []string{right, nothing, "none", "empty"}
	}
	out := []string{right}
	for _, between := range []string{", ", ",", " "} {
		for _, inner := range []string{strings.Join(parts, between), strings.ReplaceAll(strings.Join(parts, between), ": ", ":")} {
			for _, s := range []string{inner, right[:1] + inner + right[len(right)-1:]} {
				if !slices.Contains(out, s) {
					out = append(out, s)
				}
			}
		}
	}
	return out
}

// typed are the ways to type what is right in a cell.
func (b *builder) typed(s *trace.Step, it *item.Item) []string {
	right := item.Flow(b.k.Run, it)
	switch v := item.Gives(b.k.Run, it).(type) {
	case replay.Log:
		var parts []string
		for _, e := range v.After(max(logFrom(s, it.Node), 1) - 1).Slice() {
			parts = append(parts, doc.Clean(e.String())) // as a student sees it
		}
		return spellings(right, parts)
	case replay.Index, *replay.History:
		inner := strings.Trim(right, "{}")
		if inner == "" {
			return spellings(right, nil)
		}
		return spellings(right, strings.Split(inner, ", "))
	}
	return []string{right}
}

// how says how these items are answered.
func how(asked []item.Item) []string {
	has := func(fields ...item.Field) bool {
		return slices.ContainsFunc(asked, func(it item.Item) bool { return slices.Contains(fields, it.Field) })
	}
	var out []string
	if has(item.Outcome) {
		out = append(out, "ok: the node grants or accepts; no: it refuses; none: it does not answer.")
	}
	if has(item.Log) {
		out = append(out, "Write a log as 1:x, 2:y, the term and the value of each entry, and - for an empty one.")
	}
	if has(item.Terms) {
		out = append(out, "Write terms as 1:3, 2:none, each with its vote.")
	}
	if has(item.NextIndex, item.MatchIndex) {
		out = append(out, "Write indexes as 2:4, 3:1, each node with its index.")
	}
	if has(item.NextIndex, item.NextIndexLine, item.MatchIndex, item.MatchIndexLine, item.AnswerMatch, item.TermsLine) {
		out = append(out, "Where nothing belongs, write "+nothing+".")
	}
	return out
}

// row is the response row of a step: a line for each field of which a cell is asked, or
// is given since the page knows nothing else of its node.
func (b *builder) row(s *trace.Step, asked []item.Item, at map[itemKey]int) []Block {
	if s.Response == nil {
		return nil
	}
	form := Block{Head: "Response", Columns: append([]string{"id"}, b.q.Names...)}
	for _, line := range []struct {
		name  string
		field item.Field
	}{{"ok", item.Outcome}, {"term", item.AnswerTerm}, {"matchIndex", item.AnswerMatch}} {
		row := make([]Entry, b.q.Size()+1)
		for i := range asked {
			if it := &asked[i]; it.Field == line.field {
				row[it.Node].Cell = at[keyOf(it)]
			}
		}
		for i := range s.Response.Cells {
			if c := &s.Response.Cells[i]; line.field == item.Outcome && b.q.Unknown.Has(c.Node) {
				row[c.Node].Text = answerOf(c)
			}
		}
		if slices.ContainsFunc(row, func(e Entry) bool { return e != Entry{} }) {
			row[0].Text = line.name
			form.Rows = append(form.Rows, row)
		}
	}
	return []Block{form}
}

// tables are the tables of a step, one a node.
func (b *builder) tables(s *trace.Step, asked []item.Item, at map[itemKey]int) []Block {
	var out []Block
	var of raft.NodeID
	for i := range asked {
		it := &asked[i]
		if it.IsAnswer() {
			continue
		}
		if it.Node != of {
			of = it.Node
			out = append(out, Block{Head: "Raft State of node " + b.q.Name(of) + " after step " + s.ID})
		}
		last := &out[len(out)-1]
		name := it.Name
		if from := logFrom(s, of); it.Field == item.Log && from > 0 {
			name += fmt.Sprintf(" from index %d", from)
		}
		last.Rows = append(last.Rows, []Entry{{Text: name}, {Cell: at[keyOf(it)]}})
	}
	return out
}

// logFrom is the index from which a node's log is asked for, 0 for all of it.
func logFrom(s *trace.Step, id raft.NodeID) raft.Index {
	for i := range s.State {
		if s.State[i].Node == id {
			return s.State[i].LogFrom
		}
	}
	return 0
}

// points are the points of cells together.
func points(cells []Cell) (sum grade.Points) {
	for i := range cells {
		sum = sum.Plus(cells[i].Points)
	}
	return sum
}
