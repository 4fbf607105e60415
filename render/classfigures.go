package render

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/finding"
	"raftsheet/check/grade"
	"raftsheet/check/reason"
)

// This file has the figures of a class, and the words for them.

// A classReport is a class with its figures.
type classReport struct {
	class *grade.Class
	*grade.Items
}

// title is that of the key, or its file.
func (c *classReport) title() string {
	if t := c.Key.Trace; t.Title != "" {
		return t.Title
	}
	return traceName(c.Key.Trace)
}

// tally says what became of the files.
func (c *classReport) tally() string {
	var parts []string
	for o, n := range c.Outcomes {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, OutcomeName(grade.Outcome(o))))
		}
	}
	files := Count(len(c.class.Submissions), "file", "files")
	if parts == nil {
		return files + "."
	}
	return files + ": " + strings.Join(parts, ", ") + "."
}

// A question is an item with its name.
type question struct {
	*grade.Item
	ID   string // of the step
	Node string // empty for a whole step
	Asks string
	kept []grade.Verdict
}

// part is the part of those who have it right, of so many.
func (q question) part(of int) int {
	all := 0
	for _, n := range q.By {
		all += n
	}
	if all == 0 {
		return 0
	}
	return of * q.By[grade.Right] / all
}

// counts are how many sheets have it how.
func (q question) counts() []int {
	out := make([]int, len(q.kept))
	for i, v := range q.kept {
		out[i] = q.By[v]
	}
	return out
}

// tells is how far it tells those who do well from the others.
func (q question) tells() string { return tellsOf(q.Discrimination) }

func tellsOf(d grade.Correlation) string {
	if d.Defined {
		return fmt.Sprintf("%.2f", d.R+0) // +0: no -0.00
	}
	return "-"
}

// against reports whether those who do better otherwise are more often wrong.
func (q question) against() bool { return q.Discrimination.R < 0 }

// commonest lists the commonest answers that are not right.
func (q question) commonest() string {
	var parts []string
	for _, a := range q.Answers {
		parts = append(parts, fmt.Sprintf("%s (%d)", CellWord(a.Written), a.Sheets))
	}
	return few(parts, 3, ", ")
}

// kept are the verdicts that are counted: those to review and by hand only where
// there are any.
func (c *classReport) kept() []grade.Verdict {
	out := []grade.Verdict{grade.Right, grade.Follows, grade.Wrong, grade.Blank}
	for _, v := range []grade.Verdict{grade.ToReview, grade.ByHand} {
		if slices.ContainsFunc(c.Cells, func(it grade.Item) bool { return it.By[v] > 0 }) {
			out = append(out, v)
		}
	}
	return out
}

// heads are the heads of what a question counts.
func (c *classReport) heads() []string {
	names := map[grade.Verdict]string{grade.Right: "right", grade.Follows: "follows", grade.Wrong: "wrong",
		grade.Blank: "blank", grade.ToReview: "to review", grade.ByHand: "by hand"}
	var out []string
	for _, v := range c.kept() {
		out = append(out, names[v])
	}
	return out
}

// missed are the questions that not everybody has right, the hardest first. Cells
// of one step that ask the same, and of which the sheets say the same, are one.
func (c *classReport) missed() []question {
	var out []question
	for _, q := range c.questions() {
		if q.Silence == grade.AllRight {
			continue
		}
		same := func(o question) bool {
			return o.ID == q.ID && o.Asks == q.Asks && o.By == q.By && o.tells() == q.tells() && o.commonest() == q.commonest()
		}
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i].Node += ", " + q.Node
			continue
		}
		out = append(out, q)
	}
	slices.SortStableFunc(out, func(a, b question) int { return a.part(1<<20) - b.part(1<<20) })
	return out
}

// questions are the cells in the key's order.
func (c *classReport) questions() []question {
	t, kept := c.Key.Trace, c.kept()
	out := make([]question, len(c.Cells))
	for i := range c.Cells {
		cell := &c.Key.Cells[i]
		out[i] = question{&c.Cells[i], t.Steps[cell.Step-1].ID, t.Name(cell.Node), asks(cell), kept}
	}
	return out
}

// whole are the steps that ask for something, each as one question.
func (c *classReport) whole() []question {
	var out []question
	kept := c.kept()
	for i := range c.Steps {
		if s := &c.Key.Steps[i]; s.Asks() {
			out = append(out, question{Item: &c.Steps[i], ID: s.Trace.ID, kept: kept})
		}
	}
	return out
}

// A questionsRemark is what is to be said of several questions.
type questionsRemark struct {
	Text  string
	Count int
	Steps []string // each with its questions
}

// silent are the questions that told nothing, by why that is, and those that
// told the wrong way round.
func (c *classReport) silent() []questionsRemark {
	texts := []string{"Everybody has it right", "Nobody has it right",
		"Right or not, all have the same marks on the rest", "Those who do better on the rest are more often wrong here"}
	of := make([][]question, len(texts))
	for _, q := range c.questions() {
		switch {
		case q.Silence == grade.AllRight:
			of[0] = append(of[0], q)
		case q.Silence == grade.NoneRight:
			of[1] = append(of[1], q)
		case q.Silence == grade.RestAlike:
			of[2] = append(of[2], q)
		case q.against():
			of[3] = append(of[3], q)
		}
	}
	var out []questionsRemark
	for i, qs := range of {
		if qs != nil {
			out = append(out, questionsRemark{texts[i], len(qs), bySteps(qs)})
		}
	}
	return out
}

// bySteps lists questions in a line for each step: those that ask the same of
// several nodes together.
func bySteps(qs []question) []string {
	var lines []string
	for len(qs) > 0 {
		id, n := qs[0].ID, 0
		var fields []string
		nodes := make(map[string][]string)
		for ; n < len(qs) && qs[n].ID == id; n++ {
			if q := qs[n]; nodes[q.Asks] == nil {
				fields = append(fields, q.Asks)
			}
			nodes[qs[n].Asks] = append(nodes[qs[n].Asks], qs[n].Node)
		}
		for i, f := range fields {
			of := " of nodes "
			if len(nodes[f]) == 1 {
				of = " of node "
			}
			fields[i] += of + reason.And(nodes[f])
		}
		lines = append(lines, "step "+id+": "+strings.Join(fields, "; "))
		qs = qs[n:]
	}
	return lines
}

// decimals is a number of points to two places, where it has more.
func decimals(p grade.Points) string {
	if s := p.String(); len(s)-strings.IndexByte(s+".", '.') <= 3 {
		return s
	}
	return fmt.Sprintf("%.2f", p.Float())
}

// A found is misunderstandings that so many sheets have in common.
type found struct {
	Names    string
	Sheets   int
	Believed []string
}

// named are the misunderstandings that were named.
func (c *classReport) named() []found {
	var out []found
	for _, m := range c.Learned.Named {
		f := found{Names: together(m.Deviations), Sheets: m.Sheets}
		for _, d := range m.Deviations {
			f.Believed = append(f.Believed, d.Believed)
		}
		out = append(out, f)
	}
	return out
}

// tied are the ties; each is one line, its explanations by name.
func (c *classReport) tied() []found {
	var out []found
	for _, t := range c.Learned.Tied {
		var names []string
		for _, ds := range t.Explanations {
			names = append(names, together(ds))
		}
		out = append(out, found{Names: few(names, 8, "; "), Sheets: t.Sheets})
	}
	return out
}

// amiss are the places where the key itself differs from the reference.
func (c *classReport) amiss() []string {
	if c.Variants == nil {
		return amissIn(c.Key, "Line ")
	}
	var out []string
	for _, k := range c.Variants {
		out = append(out, amissIn(k, "Variant "+k.Variant()+", line ")...)
	}
	return out
}

// amissIn are those of one key, each with where it is.
func amissIn(k *grade.Key, where string) []string {
	own := k.Own
	if own == nil {
		return nil // a scheme has no answers
	}
	var out []string
	for i := range own.Findings {
		if f := &own.Findings[i]; own.Mode.Severity(f) == finding.Error {
			out = append(out, fmt.Sprintf("%s%d: %s: %s", where, f.Pos.Line, Headline(f, own.Run.Rules), Reason(f)))
		}
	}
	return out
}

// StepIDs names the steps of cells of a key, each once.
func StepIDs(k *grade.Key, cells []int) []string {
	var ids []string
	for _, j := range cells {
		ids = append(ids, k.Trace.Steps[k.Cells[j].Step-1].ID)
	}
	return slices.Compact(ids)
}
