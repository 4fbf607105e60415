package quiz

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/check/item"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file has the cells of a question, and what is right in them.

// nothing is typed where nothing belongs, or nothing is: an empty log.
const nothing = "-"

// step makes the question of a step that asks these items.
func (b *builder) step(s *trace.Step, asked []item.Item) (*Step, error) {
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
		right := out.Right[0]
		if it.Field == item.Log {
			right = item.Flow(b.k.Run, &c.Item) // from the index that is asked
		}
		out.Right = spellings(right)
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

// spellings are the ways to type what is right. An LMS compares letters: what the
// format reads as one value has to be listed. A list may be without its brackets, and
// with less between its parts; what has a value with a quote in it is as it is.
func spellings(right string) []string {
	out := []string{right}
	add := func(s string) {
		if !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	if n := len(right); n > 1 && strings.ContainsRune("[{", rune(right[0])) {
		inner := right[1 : n-1]
		if inner == "" {
			return append(out, nothing, "none", "empty")
		}
		if strings.ContainsAny(inner, `"'{[`) {
			add(inner)
			return out
		}
		tight := strings.ReplaceAll(inner, ": ", ":")
		for _, s := range []string{inner, tight} {
			add(s)
			add(strings.ReplaceAll(s, ", ", ","))
			add(right[:1] + s + right[n-1:])
			add(right[:1] + strings.ReplaceAll(s, ", ", ",") + right[n-1:])
		}
		add(strings.ReplaceAll(tight, ", ", " "))
	}
	return out
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

// row is the response row of a step: a line for each field that is asked of somebody.
// The cell of a node that is not asked has what is given of it.
func (b *builder) row(s *trace.Step, asked []item.Item, at map[itemKey]int) []Block {
	form := Block{Head: "Response", Columns: append([]string{"id"}, b.q.Names...)}
	for _, line := range []struct {
		name  string
		field item.Field
	}{{"ok", item.Outcome}, {"term", item.AnswerTerm}, {"matchIndex", item.AnswerMatch}} {
		row := make([]Entry, b.q.Size()+1)
		row[0].Text = line.name
		any := false
		for i := range asked {
			if it := &asked[i]; it.Field == line.field {
				row[it.Node].Cell, any = at[keyOf(it)], true
			}
		}
		if any {
			form.Rows = append(form.Rows, row)
		}
	}
	if form.Rows == nil {
		return nil
	}
	for i := range s.Response.Cells {
		if c := &s.Response.Cells[i]; form.Rows[0][0].Text == "ok" && b.q.Unknown.Has(c.Node) {
			form.Rows[0][c.Node].Text = answerOf(c)
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
