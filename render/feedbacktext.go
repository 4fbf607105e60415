package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/fatih/color"

	"raftsheet/check/grade"
)

// feedbackText writes feedback for a terminal.
func feedbackText(w io.Writer, f *feedback, opt FeedbackOptions) error {
	out := bufio.NewWriter(w)
	t := textFeedback{out, newPalette(opt.Color)}
	t.head(f)
	for _, e := range f.Errors {
		t.misread(e)
	}
	if f.Marks != nil {
		t.marks(f.Marks)
	}
	for _, s := range f.Steps {
		t.step(s)
	}
	if f.Fine != "" {
		fmt.Fprintln(out)
		t.paragraph("", f.Fine)
	}
	for _, s := range f.Sections {
		t.heading("\n" + s.Heading)
		t.paragraph("", s.Intro)
		for _, item := range s.Items {
			t.paragraph("  - ", item)
		}
	}
	if f.Diagnosis != nil {
		t.diagnosed(f.Diagnosis)
	}
	return out.Flush()
}

type textFeedback struct {
	w *bufio.Writer
	p palette
}

// paragraph writes a text after its head, in lines that fit a terminal. Wherever
// a line breaks, its next word forges no command.
func (t textFeedback) paragraph(head, text string) {
	var b strings.Builder
	labelled(&b, head, text)
	for line := range strings.Lines(b.String()) {
		fmt.Fprintln(t.w, cleanLine(strings.TrimSuffix(line, "\n")))
	}
}

// heading writes a line that stands out; newlines before it stay.
func (t textFeedback) heading(text string) {
	line := strings.TrimLeft(text, "\n")
	fmt.Fprintf(t.w, "%s%s\n", text[:len(text)-len(line)], t.p.strong.Sprint(cleanLine(line)))
}

func (t textFeedback) head(f *feedback) {
	if f.Who != "" {
		t.heading(f.Who)
	}
	if f.Title != "" {
		t.paragraph("", f.Title)
	}
	t.paragraph("", f.File)
	for _, n := range f.Notices {
		fmt.Fprintln(t.w)
		t.paragraph("", n)
	}
}

func (t textFeedback) misread(e misread) {
	fmt.Fprintln(t.w)
	if e.Where == "" {
		t.paragraph("", e.Message)
	} else {
		t.paragraph("Line "+e.Where+": ", e.Message)
	}
	t.line(e.Line, t.p.bad)
}

// line shows a line of the student's file, with a caret under the place.
func (t textFeedback) line(l *lineShown, mark *color.Color) {
	if l == nil {
		return
	}
	gutter := strings.Repeat(" ", len(l.Number)+3)
	before, after := l.fit(screen - len(gutter) - 2)
	fmt.Fprintf(t.w, "%s\n", t.p.faint.Sprint(gutter+"|"))
	fmt.Fprintf(t.w, "%s%s\n", t.p.faint.Sprint("  "+l.Number+" | "), before+mark.Sprint(l.Word)+after)
	fmt.Fprintf(t.w, "%s%s\n", t.p.faint.Sprint(gutter+"| "), strings.Repeat(" ", width(before))+mark.Sprint(strings.Repeat("^", max(1, width(l.Word)))))
}

// fit gives what stands before and after the word, cut to so many columns.
func (l *lineShown) fit(columns int) (before, after string) {
	const dots = "..."
	before, after = l.Before, l.After
	room := columns - width(l.Word)
	if most := max(room-width(after), room/2); width(before) > most {
		for before != "" && width(before)+len(dots) > most {
			before = before[len(firstRune(before)):]
		}
		before = dots + before
	}
	if most := max(0, room-width(before)); width(after) > most {
		for after != "" && width(after)+len(dots) > most {
			after = after[:len(after)-len(lastRune(after))]
		}
		after += dots
	}
	return before, after
}

func firstRune(s string) string {
	for i := range s {
		if i > 0 {
			return s[:i]
		}
	}
	return s
}

func lastRune(s string) string {
	last := 0
	for i := range s {
		last = i
	}
	return s[last:]
}

func (t textFeedback) marks(m *marks) {
	t.heading("\n" + m.Heading + ": " + m.Counted + " of " + m.Of)
	fmt.Fprintln(t.w)
	labels, figures := 0, 0
	for _, r := range m.Rows {
		labels, figures = max(labels, width(r.Label)), max(figures, width(r.Points))
	}
	for _, r := range m.Rows {
		figure := strings.Repeat(" ", figures-width(r.Points)) + r.Points
		t.paragraph("  "+pad(r.Label, labels)+"  "+figure+"  ", r.Note)
	}
	fmt.Fprintln(t.w)
	t.paragraph("", m.Tally)
	if m.Waits != "" {
		t.paragraph("", m.Waits)
	}
}

// verdictColor gives the colour of a verdict.
func (p palette) verdictColor(v grade.Verdict) *color.Color {
	switch v {
	case grade.Right:
		return p.good
	case grade.Follows, grade.ForHuman:
		return p.note
	}
	return p.bad
}

func (t textFeedback) step(s stepFeedback) {
	t.heading("\n" + capital(s.Name) + ": " + s.Event)
	t.paragraph("", strings.TrimSpace(capital(s.Points)+". "+s.Whole))
	for _, c := range s.Cells {
		t.cell(c)
	}
	if s.Blank != nil {
		fmt.Fprintln(t.w)
		t.paragraph("  ", s.Blank.Intro)
		for _, f := range s.Blank.Facts {
			t.paragraph("    ", f.Label+": "+f.Text)
		}
	}
}

func (t textFeedback) cell(c cellFeedback) {
	mark := t.p.verdictColor(c.Verdict)
	line := "  " + capital(c.Name) + ": " + mark.Sprint(c.Word())
	if c.Points != "" {
		line += " (" + c.Points + ")"
	}
	fmt.Fprintf(t.w, "\n%s\n", line)
	t.line(c.Line, mark)
	for _, f := range c.Facts {
		t.paragraph("    "+pad(f.Label, 9)+"  ", f.Text)
	}
}

func (t textFeedback) diagnosed(d *diagnosed) {
	t.heading("\n" + d.Heading)
	t.paragraph("", d.Intro)
	for _, e := range d.Explanations {
		for i, dev := range e.Deviations {
			name := dev.Name
			if i > 0 {
				name = "together with " + name
			}
			t.heading("\n  " + name)
			t.paragraph("    changes   ", changes(dev)+", §"+dev.Section)
			t.paragraph("    believed  ", dev.Believed)
			t.paragraph("    but       ", dev.Wrong)
		}
		t.paragraph("    fits      ", e.Fit)
		if e.Where != "" {
			t.paragraph("    shows in  ", e.Where)
		}
	}
	for _, text := range []string{named("And as well: ", d.More), d.Apart, d.Outro} {
		if text != "" {
			fmt.Fprintln(t.w)
			t.paragraph("", text)
		}
	}
	if len(d.Untested) > 0 {
		fmt.Fprintln(t.w)
		t.paragraph("", untestedWords(d))
	}
}

// untestedWords is what a student is told of what the sheet does not ask; the page
// in HTML and the class's report have the names.
func untestedWords(d *diagnosed) string {
	return fmt.Sprintf("Of %s this sheet says nothing, either way: it does not put them to the test.", count(len(d.Untested), "other misunderstanding", "other misunderstandings"))
}

const untestedIntro = "Not put to the test on this sheet, and so neither understood nor misunderstood (raftsheet rules NAME says what each is):"

// named is a list of names after its head; empty for none.
func named(head string, names []string) string {
	if len(names) == 0 {
		return ""
	}
	return head + strings.Join(names, ", ") + "."
}
