package render

import (
	"fmt"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/render/doc"
)

// Moves shows whose mark has moved since an earlier run, which was read from a
// file, by how much and by which cells: of each list at most so many.
func Moves(m *grade.Moves, file string, most int) *doc.Document {
	d := &doc.Document{Title: "Since " + file}
	d.Add(doc.Heading{Level: 2, Text: doc.Text("Since ").Add(doc.Foreign, file)})
	if m.KeyChanged {
		d.Add(doc.Paragraph{Lines: []doc.Inline{doc.Text("The key has changed: marks may have moved without a change on the sheet.")}, Notice: true})
	}
	table := doc.Table{Columns: []doc.Column{{Name: "before", Right: true}, {Name: "now", Right: true}, {Name: "change", Right: true}, {Name: "whose, and by which cells"}}, Open: true}
	for i := range m.Moved {
		x := &m.Moved[i]
		table.Rows = append(table.Rows, []doc.Cell{{Text: doc.Text(standing(x.Before))}, {Text: doc.Text(standing(x.Now))}, {Text: doc.Text(change(x))},
			{Text: doc.Marked(doc.Foreign, whose(x.Now)).Add(doc.Faint, movedCells(x, most))}})
	}
	if table.Rows != nil {
		d.Add(table)
	}
	parts := []string{fmt.Sprintf("%d changed", len(m.Moved)), fmt.Sprintf("%d as before", m.Same)}
	for _, x := range []struct {
		what string
		who  []*grade.Result
	}{{"new", m.New}, {"gone", m.Gone}} {
		if len(x.who) == 0 {
			continue
		}
		var names []string
		for _, r := range x.who {
			names = append(names, whose(r)+" ("+standing(r)+")")
		}
		parts = append(parts, fmt.Sprintf("%d %s", len(names), x.what))
		d.Add(doc.P(doc.Text(capital(x.what) + ": " + few(names, most, ", ") + ".")))
	}
	d.Add(doc.P(doc.Text(strings.Join(parts, ", ") + ".")))
	return d
}

// standing is what a submission came to.
func standing(r *grade.Result) string {
	if r.Counts == nil {
		return r.Outcome
	}
	return r.Counts.String()
}

// whose is whose a submission is, or its file.
func whose(r *grade.Result) string {
	if r.Student.Name == "" {
		return r.File
	}
	return r.Student.Name
}

// change is by how much a mark has moved, empty where that cannot be said.
func change(m *grade.Move) string {
	a, b := m.Before.Counts, m.Now.Counts
	if a == nil || b == nil || !a.Exact() || !b.Exact() {
		return ""
	}
	p := b.Least.Minus(a.Least)
	if p.Sign() > 0 {
		return "+" + p.String()
	}
	return p.String()
}

// verdictWord is a verdict of a report in the words of the feedback.
func verdictWord(name string) string {
	for v, word := range verdictWords {
		if grade.Verdict(v).String() == name {
			return word
		}
	}
	return name
}

// movedCells lists cells that came to something else.
func movedCells(m *grade.Move, most int) string {
	switch {
	case len(m.Cells) > 0:
	case m.Before.Outcome == m.Now.Outcome:
		return "  (every cell is as before; the key or the lateness counts otherwise)"
	default:
		return ""
	}
	var parts []string
	for i := range m.Cells {
		x := &m.Cells[i]
		c := x.Cell()
		parts = append(parts, fmt.Sprintf("step %s, node %s, %s: %s, now %s", c.Step, c.Node, c.Field, cameToCell(x.Before), cameToCell(x.Now)))
	}
	return "  (" + few(parts, most, "; ") + ")"
}

func cameToCell(c *grade.CellResult) string {
	if c == nil {
		return "not asked"
	}
	return fmt.Sprintf("%s %v", verdictWord(c.Verdict), c.Points)
}
