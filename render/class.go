package render

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"raftsheet/check/finding"
	"raftsheet/check/grade"
	"raftsheet/raft"
)

var classFormats = formats[func(io.Writer, *classReport, Options) error]{
	{"text", classText},
	{"json", classJSON},
	{"html", classHTML},
}

// ClassFormats gives the names of the formats of Class, the default first.
func ClassFormats() []string { return classFormats.names() }

// Class writes what a class's sheets say of the questions: for whoever asked
// them.
func Class(w io.Writer, format string, c *grade.Class, opt Options) error {
	write, err := classFormats.pick("class", format)
	if err != nil {
		return err
	}
	return write(w, &classReport{c, c.Items()}, opt)
}

// A classReport is a class with its figures. Its methods put them into words, all
// of them clean.
type classReport struct {
	class *grade.Class
	*grade.Items
}

// Title is that of the key, or its file.
func (c *classReport) Title() string {
	if t := c.Key.Trace; t.Title != "" {
		return Clean(t.Title)
	}
	return traceName(c.Key.Trace)
}

// File is the key's.
func (c *classReport) File() string { return traceName(c.Key.Trace) }

// Tally says what became of the files.
func (c *classReport) Tally() string {
	var parts []string
	for o, n := range c.Outcomes {
		if n > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n, grade.Outcome(o)))
		}
	}
	files := count(len(c.class.Submissions), "file", "files")
	if parts == nil {
		return files + "."
	}
	return files + ": " + strings.Join(parts, ", ") + "."
}

// Diagnosed reports whether there is anything to say of misunderstandings.
func (c *classReport) Diagnosed() bool { return c.Learned.Sheets > 0 }

// A question is an item with its name.
type question struct {
	*grade.Item
	ID   string // of the step
	Node string // empty for a whole step
	Asks string
	kept []grade.Verdict
}

// Part is the part of those who have it right, of so many.
func (q question) Part(of int) int {
	all := 0
	for _, n := range q.By {
		all += n
	}
	if all == 0 {
		return 0
	}
	return of * q.By[grade.Right] / all
}

// Counts are how many sheets have it how.
func (q question) Counts() []int {
	out := make([]int, len(q.kept))
	for i, v := range q.kept {
		out[i] = q.By[v]
	}
	return out
}

// Tells is how far it tells those who do well from the others.
func (q question) Tells() string {
	if d := q.Discrimination; d.Defined {
		return fmt.Sprintf("%.2f", d.R+0) // +0: no -0.00
	}
	return "-"
}

// Against reports whether those who do better otherwise are more often wrong.
func (q question) Against() bool { return q.Discrimination.R < 0 }

// Commonest lists the commonest answers that are not right.
func (q question) Commonest() string {
	const most = 3
	var parts []string
	for i, a := range q.Answers {
		if i == most {
			parts = append(parts, fmt.Sprintf("%d more", len(q.Answers)-most))
			break
		}
		parts = append(parts, fmt.Sprintf("%s (%d)", cellWord(a.Written), a.Sheets))
	}
	return strings.Join(parts, ", ")
}

// kept are the verdicts that are counted: those for a human only where there are
// any.
func (c *classReport) kept() []grade.Verdict {
	out := []grade.Verdict{grade.Right, grade.Follows, grade.Wrong, grade.Blank}
	if slices.ContainsFunc(c.Cells, func(it grade.Item) bool { return it.By[grade.ForHuman] > 0 }) {
		out = append(out, grade.ForHuman)
	}
	return out
}

// Heads are the heads of what a question counts.
func (c *classReport) Heads() []string {
	return []string{"right", "follows", "wrong", "blank", "human"}[:len(c.kept())]
}

// Missed are the questions that not everybody has right.
func (c *classReport) Missed() []question {
	return slices.DeleteFunc(c.Questions(), func(q question) bool { return q.Silence == grade.AllRight })
}

// Questions are the cells in the key's order.
func (c *classReport) Questions() []question {
	t, kept := c.Key.Trace, c.kept()
	out := make([]question, len(c.Cells))
	for i := range c.Cells {
		cell := &c.Key.Cells[i]
		out[i] = question{&c.Cells[i], Clean(t.Steps[cell.Step-1].ID), t.Name(cell.Node), asks(cell), kept}
	}
	return out
}

// Whole are the steps that ask for something, each as one question.
func (c *classReport) Whole() []question {
	var out []question
	kept := c.kept()
	for i := range c.Steps {
		if s := &c.Key.Steps[i]; s.Asks() {
			out = append(out, question{Item: &c.Steps[i], ID: Clean(s.Trace.ID), kept: kept})
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

// Silent are the questions that told nothing, by why that is, and those that
// told the wrong way round.
func (c *classReport) Silent() []questionsRemark {
	texts := []string{"Everybody has it right", "Nobody has it right",
		"Right or not, all have the same marks in the rest", "Those who do better in the rest are more often wrong here"}
	of := make([][]question, len(texts))
	for _, q := range c.Questions() {
		switch {
		case q.Silence == grade.AllRight:
			of[0] = append(of[0], q)
		case q.Silence == grade.NoneRight:
			of[1] = append(of[1], q)
		case q.Silence == grade.RestAlike:
			of[2] = append(of[2], q)
		case q.Against():
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
			fields[i] += of + list(nodes[f])
		}
		lines = append(lines, "step "+id+": "+strings.Join(fields, "; "))
		qs = qs[n:]
	}
	return lines
}

// A figure is one of a few that sum up the marks.
type figure struct{ Name, Value string }

// Summary is the marks in figures; none where there are none.
func (c *classReport) Summary() []figure {
	if c.Sheets == 0 {
		return nil
	}
	return []figure{
		{"lowest", c.Marks.Lowest.String()}, {"median", decimals(c.Marks.Median)},
		{"mean", decimals(c.Marks.Mean)}, {"highest", c.Marks.Highest.String()},
	}
}

// decimals is a number of points to two places, where it has more.
func decimals(p grade.Points) string {
	if s := p.String(); len(s)-strings.IndexByte(s+".", '.') <= 3 {
		return s
	}
	return fmt.Sprintf("%.2f", p.Float())
}

// binName is a part of the marks: from 1.6 up to 3.2.
func binName(b grade.Bin) string { return decimals(b.From) + " to " + decimals(b.To) }

// mostInBin is how many sheets the fullest part has.
func (c *classReport) mostInBin() int {
	most := 0
	for _, b := range c.Marks.Bins {
		most = max(most, b.Sheets)
	}
	return most
}

// A found is misunderstandings that so many sheets have in common.
type found struct {
	Names    string
	Sheets   int
	Believed []string
}

func foundOf(ds []raft.Deviation) found {
	f := found{Names: strings.Join(deviationNames(ds), " with ")}
	for _, d := range ds {
		f.Believed = append(f.Believed, d.Believed)
	}
	return f
}

// Named are the misunderstandings that were named.
func (c *classReport) Named() []found {
	var out []found
	for _, m := range c.Learned.Named {
		f := foundOf(m.Deviations)
		f.Sheets = m.Sheets
		out = append(out, f)
	}
	return out
}

// Tied are the ties; each is one line, its explanations by name.
func (c *classReport) Tied() []found {
	const most = 8
	var out []found
	for _, t := range c.Learned.Tied {
		var names []string
		for i, ds := range t.Explanations {
			if i == most {
				names = append(names, fmt.Sprintf("%d more", len(t.Explanations)-most))
				break
			}
			names = append(names, foundOf(ds).Names)
		}
		out = append(out, found{Names: strings.Join(names, "; "), Sheets: t.Sheets})
	}
	return out
}

// Untested are the deviations that the key never puts to the test.
func (c *classReport) Untested() []string { return deviationNames(c.Learned.Untested) }

// An apart is a file that is in none of the statistics.
type apart struct{ File, Student, ID, Outcome, Why string }

// Apart are the files that were not marked, or have a successor.
func (c *classReport) Apart() []apart {
	var out []apart
	for i := range c.class.Submissions {
		if s := &c.class.Submissions[i]; s.Outcome != grade.Marked {
			out = append(out, apart{Clean(s.Name), Clean(s.Student.Name), Clean(s.Student.ID), s.Outcome.String(), Clean(s.Why)})
		}
	}
	return out
}

// A waiting is a run of marks that waits for a human.
type waiting struct {
	File, Student string
	Node          string
	Steps         []string
	Why           string
}

// stepIDs names the steps of cells.
func stepIDs(k *grade.Key, cells []int) []string {
	var ids []string
	for _, j := range cells {
		ids = append(ids, k.Trace.Steps[k.Cells[j].Step-1].ID)
	}
	return slices.Compact(ids)
}

// Waiting are the marks that a human has to give.
func (c *classReport) Waiting() []waiting {
	var out []waiting
	for i := range c.class.Submissions {
		s := &c.class.Submissions[i]
		if s.Outcome != grade.Marked {
			continue
		}
		for _, h := range s.Sheet.Humans {
			out = append(out, waiting{File: Clean(s.Name), Student: Clean(s.Student.Name), Node: c.Key.Trace.Name(h.Node),
				Steps: cleanAll(stepIDs(c.Key, h.Cells)), Why: Clean(h.Why)})
		}
	}
	return out
}

// Amiss are the places where the key itself is at odds with the reference.
func (c *classReport) Amiss() []string {
	var out []string
	own := c.Key.Own
	for i := range own.Findings {
		if f := &own.Findings[i]; own.Mode.Severity(f) == finding.Error {
			out = append(out, fmt.Sprintf("Line %d: %s: %s", f.Pos.Line, headline(f), reasonOf(f)))
		}
	}
	return out
}
