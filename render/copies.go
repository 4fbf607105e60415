package render

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/check/grade/copies"
	"raftsheet/check/reason"
	"raftsheet/render/doc"
)

// Copies shows which sheets of a class share mistakes, for the instructor alone.
func Copies(r *copies.Report) *doc.Document {
	c := &copiesView{r, r.Class.Key}
	title := c.key.Trace.Title
	if title == "" {
		title = traceName(c.key.Trace)
	}
	d := &doc.Document{Title: "Sheets that share mistakes: " + title, Wide: true}
	d.Add(doc.Heading{Level: 1, Text: doc.Text("Sheets that share mistakes: ").Add(doc.Foreign, title)},
		doc.Paragraph{Notice: true, Lines: []doc.Inline{doc.Text("This is evidence for a conversation, not proof. " +
			"Students who worked together, or from one source, leave the same traces. No mark depends on it, and no page for students shows it.")}},
		doc.P(doc.Text("Key: ").Add(doc.Literal, traceName(c.key.Trace)), doc.Text(c.tally())))
	d.Add(c.method()...)
	for i := range r.Matches {
		d.Add(c.match(&r.Matches[i])...)
	}
	return d
}

// CopiesFound says in one line what a report lists: 1 set of identical files and 2
// pairs of sheets that share rare mistakes.
func CopiesFound(r *copies.Report) string {
	identical, pairs := r.Count()
	var parts []string
	if identical > 0 {
		parts = append(parts, Count(identical, "set of identical files with mistakes", "sets of identical files with mistakes"))
	}
	if pairs > 0 {
		parts = append(parts, Count(pairs, "pair of sheets that share rare mistakes", "pairs of sheets that share rare mistakes"))
	}
	if parts == nil {
		return "no sheets share more mistakes than chance and shared misunderstandings explain"
	}
	return reason.And(parts)
}

type copiesView struct {
	*copies.Report
	key *grade.Key
}

func (c *copiesView) tally() string {
	return fmt.Sprintf("%s, %s to compare: %s.", Count(len(c.Class.Submissions), "file", "files"), Count(c.Compared, "sheet with mistakes", "sheets with mistakes"), CopiesFound(c.Report))
}

// method says how the list came about.
func (c *copiesView) method() []doc.Block {
	if len(c.Matches) == 0 {
		return c.blind()
	}
	return append([]doc.Block{doc.P(doc.Text("Only mistakes are compared: not right answers, and not what follows from an earlier mistake. " +
		"A mistake counts by how few others made it. A mistake that a known misunderstanding leads to is left out. " +
		"\"By chance\" says how often a class like this would have such a pair if everybody worked alone; " +
		"a pair is listed if that is less than once. Mistakes in one decision count once, " +
		"and mistakes that only one of the two made are evidence against."))}, c.blind()...)
}

func (c *copiesView) blind() []doc.Block {
	if !c.Blind {
		return nil
	}
	return []doc.Block{doc.P(doc.Text("This key is too long to find out what misunderstandings lead to: a shared misunderstanding may be behind these mistakes."))}
}

// match shows one match: whose, how strong, and the evidence.
func (c *copiesView) match(m *copies.Match) []doc.Block {
	var who []doc.Inline
	for _, s := range m.Sheets {
		who = append(who, doc.Marked(doc.Foreign, nameOf(s.Submission)))
	}
	head := who[0]
	for i, w := range who[1:] {
		sep := ", "
		if i == len(who)-2 {
			sep = " and "
		}
		head = head.Add(doc.Plain, sep).Join(w)
	}
	if m.Identical {
		head = doc.Text("Identical files: ").Join(head)
	}
	blocks := []doc.Block{doc.Heading{Level: 2, Text: head}, doc.Fields{Rows: []doc.Field{{Name: "by chance", Value: doc.Text(chanceWord(m.Chance))}}}, c.sheets(m)}
	if m.Shared != nil {
		blocks = append(blocks, c.shared(m))
	}
	if besides := c.besides(m); besides != "" {
		blocks = append(blocks, doc.P(doc.Text(besides)))
	}
	return blocks
}

// HandedInBy is who handed a submission in, as far as the LMS or the file's name
// tells, and whose name is on the sheet where that is another.
func HandedInBy(s *grade.Submission) (by, signed string) {
	by, signed = s.By.Name, s.Student.Name
	switch {
	case by == "" && signed == "":
		return s.Name, ""
	case by == "" || by == signed:
		return signed, ""
	}
	return by, signed
}

func nameOf(s *grade.Submission) string {
	by, _ := HandedInBy(s)
	return by
}

// chanceWord says how often chance alone makes a match.
func chanceWord(chance float64) string {
	switch {
	case chance < 1e-6:
		return "in less than one of a million classes like this"
	case chance < 0.5:
		return fmt.Sprintf("in one of %s classes like this", thousands(rounded(1/chance)))
	case chance < 1:
		return "in about every second class like this"
	}
	return "in every class like this: their mistakes alone are not evidence, for a form that several students fill in alike saves the same bytes"
}

// rounded is a number to one digit, or two below 100.
func rounded(x float64) int {
	if x < 100 {
		return int(math.Round(x))
	}
	unit := math.Pow(10, math.Floor(math.Log10(x)))
	return int(math.Round(x/unit) * unit)
}

// thousands is a number with commas: 20,000.
func thousands(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// sheets are whose a match's sheets are, and which files.
func (c *copiesView) sheets(m *copies.Match) doc.Table {
	t := doc.Table{Caption: "The sheets", Columns: []doc.Column{{Name: "student"}, {Name: "signed"}, {Name: "id"}, {Name: "mistakes", Right: true}, {Name: "file"}}, Open: true}
	for _, s := range m.Sheets {
		by, signed := HandedInBy(s.Submission)
		t.Rows = append(t.Rows, []doc.Cell{{Text: doc.Marked(doc.Foreign, by)}, {Text: doc.Marked(doc.Foreign, signed)}, {Text: doc.Marked(doc.Foreign, s.Student.ID)},
			{Text: doc.Text(fmt.Sprint(s.Mistakes))}, {Text: doc.Marked(doc.Foreign, s.Name)}})
	}
	empty := func(column int) bool {
		return !slices.ContainsFunc(t.Rows, func(row []doc.Cell) bool { return row[column].Text != nil })
	}
	for _, column := range []int{2, 1} { // from the back
		if empty(column) {
			t = t.Without(t.Columns[column].Name)
		}
	}
	return t
}

// shared are the mistakes that are evidence.
func (c *copiesView) shared(m *copies.Match) doc.Table {
	t := doc.Table{Caption: "Mistakes that they share", Columns: doc.Columns("step", "node", "asks", "written", "right", "others who wrote it"), Open: true}
	for _, s := range m.Shared {
		t.Rows = append(t.Rows, doc.Cells(m.Key.Trace.Steps[s.Cell.Step-1].ID, m.Key.Trace.Name(s.Cell.Node), asks(s.Cell),
			CellWord(s.Written), CellWord(s.Cell.Right), fmt.Sprint(s.Others)))
	}
	return t
}

// besides says what else the sheets share, and where they differ.
func (c *copiesView) besides(m *copies.Match) string {
	var parts []string
	if m.Explained > 0 {
		parts = append(parts, fmt.Sprintf("Left out: %s that a misunderstanding or an earlier mistake leads to.", Count(m.Explained, "shared mistake", "shared mistakes")))
	}
	if m.Differ > 0 {
		parts = append(parts, fmt.Sprintf("Both are wrong, each in its own way, in %s.", Count(m.Differ, "cell", "cells")))
	}
	for _, s := range m.Sheets {
		var files []string
		for _, same := range s.Same {
			files = append(files, same.Name)
		}
		switch len(files) {
		case 0:
		case 1:
			parts = append(parts, fmt.Sprintf("%s has the same bytes as %s.", files[0], s.Name))
		default:
			parts = append(parts, fmt.Sprintf("%s have the same bytes as %s.", reason.And(files), s.Name))
		}
	}
	return strings.Join(parts, " ")
}
