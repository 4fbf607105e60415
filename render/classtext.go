package render

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// classText writes a class's figures for a terminal.
func classText(w io.Writer, c *classReport, opt Options) error {
	out := bufio.NewWriter(w)
	t := textFeedback{out, newPalette(opt.Color)}
	t.heading(c.Title())
	t.paragraph("", c.Tally())
	if amiss := c.Amiss(); amiss != nil {
		t.heading("\nThe key is at odds with Figure 2, which counts")
		for _, a := range amiss {
			t.paragraph("  - ", a)
		}
	}
	t.classMarks(c)
	t.classQuestions(c)
	for _, s := range c.Silent() {
		t.heading(fmt.Sprintf("\n%s (%d)", s.Text, s.Count))
		for _, line := range s.Steps {
			t.paragraph("  ", line)
		}
	}
	if c.Diagnosed() {
		t.classDiagnoses(c)
	}
	t.classApart(c)
	return out.Flush()
}

func (t textFeedback) classMarks(c *classReport) {
	t.heading("\nMarks, of " + points(c.Key.Max))
	var parts []string
	for _, f := range c.Summary() {
		parts = append(parts, f.Name+" "+f.Value)
	}
	if parts != nil {
		t.paragraph("", strings.Join(parts, ", "))
		fmt.Fprintln(t.w)
	}
	names, most := 0, c.mostInBin()
	for _, b := range c.Marks.Bins {
		names = max(names, len(binName(b)))
	}
	for _, b := range c.Marks.Bins {
		bar := ""
		if most > 0 {
			bar = strings.Repeat("#", (40*b.Sheets+most-1)/most)
		}
		fmt.Fprintln(t.w, strings.TrimRight(fmt.Sprintf("  %*s  %4d  %s", names, binName(b), b.Sheets, bar), " "))
	}
}

func (t textFeedback) classQuestions(c *classReport) {
	t.heading("\nQuestions that not everybody has right")
	t.paragraph("", "How many have it right, by what follows from a mistake, wrong or blank, or have it waiting for a human; "+
		"how far it tells those who do well from the others (r, from -1 to 1); the commonest answers that are not right, and how many gave them.")
	fmt.Fprintln(t.w)
	rows := [][]string{slices.Concat([]string{"step", "node", "asks"}, c.Heads(), []string{"r", "not right"})}
	for _, q := range c.Missed() {
		rows = append(rows, slices.Concat([]string{clip(cleanLine(q.ID), 12), clip(q.Node, 8), clip(q.Asks, 13)}, q.figures(), []string{q.Commonest()}))
	}
	t.columns(rows, 3)
	t.heading("\nSteps, all of their questions together")
	fmt.Fprintln(t.w)
	rows = [][]string{slices.Concat([]string{"step"}, c.Heads(), []string{"r"})}
	for _, q := range c.Whole() {
		rows = append(rows, slices.Concat([]string{clip(cleanLine(q.ID), 12)}, q.figures()))
	}
	t.columns(rows, 1)
}

// figures are a question's counts, and how far it tells.
func (q question) figures() []string {
	var out []string
	for _, n := range q.Counts() {
		out = append(out, fmt.Sprint(n))
	}
	return append(out, q.Tells())
}

// columns writes rows of cells below each other, the first so many on the left
// and the figures after them on the right, up to r; text after that is folded.
// The first row is the head.
func (t textFeedback) columns(rows [][]string, left int) {
	var widths []int
	for _, row := range rows {
		for i, cell := range row {
			if i == len(widths) {
				widths = append(widths, 0)
			}
			widths[i] = max(widths[i], width(cell))
		}
	}
	figures := slices.Index(rows[0], "r") + 1
	for n, row := range rows {
		line := " "
		for i, cell := range row[:figures] {
			if i < left {
				line += " " + pad(cell, widths[i]) + " "
			} else {
				line += strings.Repeat(" ", widths[i]-width(cell)+1) + cell + " "
			}
		}
		rest := strings.Join(row[figures:], " ")
		switch {
		case n == 0:
			t.heading(strings.TrimRight(line+" "+rest, " "))
		case rest == "":
			fmt.Fprintln(t.w, strings.TrimRight(line, " "))
		default:
			t.paragraph(line+" ", rest)
		}
	}
}

func (t textFeedback) classDiagnoses(c *classReport) {
	l := c.Learned
	t.heading("\nMisunderstandings")
	t.paragraph("", fmt.Sprintf("Of %s: nothing is wrong on %d, and the mistakes of %d earn no name.",
		count(l.Sheets, "sheet", "sheets"), l.Right, l.Slips))
	for _, f := range c.Named() {
		t.paragraph(fmt.Sprintf("  %4d  ", f.Sheets), f.Names+": "+strings.Join(f.Believed, " And: "))
	}
	if tied := c.Tied(); tied != nil {
		t.heading("\nExplained equally well by several")
		for _, f := range tied {
			t.paragraph(fmt.Sprintf("  %4d  ", f.Sheets), f.Names)
		}
	}
	if names := c.Untested(); len(names) > 0 {
		t.heading("\nNot put to the test by this key")
		t.paragraph("  ", strings.Join(names, ", "))
	}
}

func (t textFeedback) classApart(c *classReport) {
	if waiting := c.Waiting(); waiting != nil {
		t.heading("\nFor a human to judge")
		for _, w := range waiting {
			t.paragraph("  - ", fmt.Sprintf("%s, steps %s: %s (%s)", w.Student, list(w.Steps), w.Why, w.File))
		}
	}
	if files := c.Apart(); files != nil {
		t.heading("\nFiles that are in none of these figures")
		for _, a := range files {
			t.paragraph("  - ", fmt.Sprintf("%s, %s: %s", a.File, a.Outcome, a.Why))
		}
	}
}
