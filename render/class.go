package render

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/render/doc"
)

// Class shows what a class's sheets say of the questions, for the instructor who
// asked them.
func Class(class *grade.Class) *doc.Document {
	c := &classReport{class, class.Items()}
	d := &doc.Document{Title: c.title(), Wide: true}
	d.Add(doc.Heading{Level: 1, Text: doc.Marked(doc.Foreign, c.title())},
		doc.P(doc.Text(c.markedBy()).Add(doc.Literal, traceName(c.Key.Trace)), doc.Text(c.tally())))
	part := func(title string, blocks ...doc.Block) {
		d.Add(doc.Heading{Level: 2, Text: doc.Text(title)})
		d.Add(blocks...)
	}
	if amiss := c.amiss(); amiss != nil {
		part("The key differs from Figure 2, by which the sheets are marked", textList(amiss))
	}
	part("Marks, of "+c.outOf(), c.marks()...)
	if c.Key.Scheme != nil {
		c.contents(part)
	} else if c.Variants != nil {
		c.variants(part)
	} else if rules := c.rulesTable(); rules.Rows != nil {
		part("What to teach again", doc.P(doc.Text("The rules that decide the questions, the hardest first: how many of the answers are right.")), rules)
	}
	if c.Learned.Sheets > 0 {
		c.diagnoses(part)
	}
	if c.Key.Scheme == nil && c.Variants == nil {
		c.askedOf(part)
	}
	c.apart(part)
	return d
}

// askedOf shows the questions of a key, and how they were answered.
func (c *classReport) askedOf(part func(string, ...doc.Block)) {
	part("Questions that not everybody has right, the hardest first", doc.P(doc.Text("How many have it right, by what follows from a mistake, wrong, blank, or waiting for review. "+
		"r, from -1 to 1, says how well the question separates those who do well on the rest from the others; - where everybody or nobody has it right. "+
		"Then the commonest answers that are not right, and how many gave them. Cells with the same answers share a row.")), c.questionTable())
	part("Steps, all of their questions together", c.stepTable())
	for _, s := range c.silent() {
		part(fmt.Sprintf("%s (%d)", s.Text, s.Count), textList(s.Steps))
	}
}

func textList(items []string) doc.List {
	var out doc.List
	for _, s := range items {
		out = append(out, doc.Text(s))
	}
	return out
}

func (c *classReport) marks() []doc.Block {
	var blocks []doc.Block
	if c.Sheets > 0 {
		m := &c.Marks
		blocks = append(blocks, doc.P(doc.Text(fmt.Sprintf("lowest %v, median %s, mean %s, highest %v", m.Lowest, decimals(m.Median), decimals(m.Mean), m.Highest))))
	}
	bars := doc.Bars{Caption: "Sheets by marks"}
	for _, b := range c.Marks.Bins {
		bars.Rows = append(bars.Rows, doc.Bar{Name: decimals(b.From) + " to " + decimals(b.To), From: decimals(b.From), Count: b.Sheets})
	}
	return append(blocks, bars)
}

// rulesTable says of each rule how many of the answers that it decides are right.
func (c *classReport) rulesTable() doc.Table {
	t := doc.Table{Columns: []doc.Column{{Name: "rule"}, {Name: "part right", Page: true}, {Name: "right", Right: true}, {Name: "of", Right: true}, {Name: "what it says"}}, Open: true}
	for i := range c.Rules {
		r := &c.Rules[i]
		of := r.Answered()
		if of == 0 || r.By[grade.Right] == of {
			continue
		}
		share := 100 * r.By[grade.Right] / of
		info := r.Rule.Info()
		t.Rows = append(t.Rows, []doc.Cell{{Text: doc.Text(Authority(r.Rule))}, {Text: doc.Text(fmt.Sprintf("%d%%", share)), Share: share},
			{Text: doc.Text(fmt.Sprint(r.By[grade.Right]))}, {Text: doc.Text(fmt.Sprint(of))}, {Text: doc.Text(info.Text)}})
	}
	return t
}

func (c *classReport) questionTable() doc.Table {
	t := doc.Table{Caption: "", Columns: c.figureColumns("step", "node", "asks"), Open: true}
	t.Columns = append(t.Columns, doc.Column{Name: "not right"})
	for _, q := range c.missed() {
		row := append(doc.Cells(q.ID, q.Node, q.Asks), c.figures(q)...)
		t.Rows = append(t.Rows, append(row, doc.Cells(q.commonest())...))
	}
	return t
}

func (c *classReport) stepTable() doc.Table {
	t := doc.Table{Columns: c.figureColumns("step"), Open: true}
	for _, q := range c.whole() {
		t.Rows = append(t.Rows, append(doc.Cells(q.ID), c.figures(q)...))
	}
	return t
}

// figureColumns are the columns of a table of questions.
func (c *classReport) figureColumns(first ...string) []doc.Column {
	columns := append(doc.Columns(first...), doc.Column{Name: "part right", Page: true})
	for _, h := range append(slices.Clone(c.heads()), "r") {
		columns = append(columns, doc.Column{Name: h, Right: true})
	}
	return columns
}

// figures are a question's counts, and how far it tells.
func (c *classReport) figures(q question) []doc.Cell {
	share := q.part(100)
	cells := []doc.Cell{{Text: doc.Text(fmt.Sprintf("%d%%", share)), Share: share}}
	for _, n := range q.counts() {
		cells = append(cells, doc.Cells(fmt.Sprint(n))...)
	}
	mark := doc.Plain
	if q.against() {
		mark = doc.Wrong
	}
	return append(cells, doc.Cell{Text: doc.Marked(mark, q.tells())})
}

func (c *classReport) diagnoses(part func(string, ...doc.Block)) {
	l := c.Learned
	table := doc.Table{Columns: []doc.Column{{Name: "sheets", Right: true}, {Name: "misunderstanding"}}, Open: true}
	for _, f := range c.named() {
		table.Rows = append(table.Rows, doc.Cells(fmt.Sprint(f.Sheets), f.Names+": "+strings.Join(f.Believed, " And: ")))
	}
	blocks := []doc.Block{doc.P(doc.Text(fmt.Sprintf("Of %s: nothing is wrong on %d, and on %d no misunderstanding is named.",
		Count(l.Sheets, "sheet", "sheets"), l.Right, l.Slips)))}
	if table.Rows != nil {
		blocks = append(blocks, table)
	}
	part("Misunderstandings", blocks...)
	if tied := c.tied(); tied != nil {
		table := doc.Table{Columns: []doc.Column{{Name: "sheets", Right: true}, {Name: "misunderstandings"}}, Open: true}
		for _, f := range tied {
			table.Rows = append(table.Rows, doc.Cells(fmt.Sprint(f.Sheets), f.Names))
		}
		part("Explained equally well by several", table)
	}
	if names := NamesOf(l.Untested); len(names) > 0 {
		part("Not put to the test by this key", doc.P(doc.Text(strings.Join(names, ", "))))
	}
}

// whyApart says why a file is in none of the figures.
func whyApart(s *grade.Submission, k *grade.Key) string {
	if s.Outcome == grade.Given {
		return GivenPoints(s, k)
	}
	return s.Why
}

// apart lists what an instructor has to look at: marks to review, and files that
// are in none of the figures.
func (c *classReport) apart(part func(string, ...doc.Block)) {
	var waiting, blank, files doc.List
	for i := range c.class.Submissions {
		s := &c.class.Submissions[i]
		if s.Outcome != grade.Marked {
			who := doc.Marked(doc.Foreign, s.Name)
			if s.Student.Name != "" {
				who = who.Add(doc.Plain, ", of ").Add(doc.Foreign, s.Student.Name)
			}
			if s.Student.ID != "" {
				who = who.Add(doc.Plain, " (").Add(doc.Foreign, s.Student.ID).Add(doc.Plain, ")")
			}
			files = append(files, who.Add(doc.Plain, ", "+OutcomeName(s.Outcome)+": "+whyApart(s, c.class.KeyOf(s))))
			continue
		}
		if s.Sheet.Empty() {
			blank = append(blank, doc.Marked(doc.Foreign, s.Student.Name).Add(doc.Plain, " (").Add(doc.Foreign, s.Name).Add(doc.Plain, ")"))
		}
		for j := range s.Sheet.Reviews {
			waiting = append(waiting, doc.Marked(doc.Foreign, s.Student.Name).Add(doc.Plain, ", ").
				Add(doc.Foreign, ReviewLine(s.Sheet.Key, &s.Sheet.Reviews[j])).Add(doc.Plain, " (").Add(doc.Foreign, s.Name).Add(doc.Plain, ")"))
		}
	}
	if waiting != nil {
		part("To review", doc.P(doc.Text(fmt.Sprintf("Cells that wait for an instructor: %d. They count nothing until then.", c.ToReview))), waiting)
	}
	if blank != nil {
		part("Blank sheets, in none of these figures", blank)
	}
	if files != nil {
		part("Files not counted in these figures", files)
	}
}
