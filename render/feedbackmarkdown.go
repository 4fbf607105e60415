package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"
)

// feedbackMarkdown writes feedback as Markdown.
func feedbackMarkdown(w io.Writer, f *feedback, _ FeedbackOptions) error {
	out := bufio.NewWriter(w)
	m := markdownFeedback{out}
	m.head(f)
	for _, e := range f.Errors {
		m.misread(e)
	}
	if f.Marks != nil {
		m.marks(f.Marks)
	}
	if len(f.Steps) > 0 {
		fmt.Fprint(out, "## Step by step\n\n")
	}
	for _, s := range f.Steps {
		m.step(s)
	}
	m.paragraph(f.Fine)
	for _, s := range f.Sections {
		fmt.Fprintf(out, "## %s\n\n", s.Heading)
		m.paragraph(s.Intro)
		for _, item := range s.Items {
			m.item(item)
		}
		fmt.Fprintln(out)
	}
	if f.Diagnosis != nil {
		m.diagnosed(f.Diagnosis)
	}
	return out.Flush()
}

type markdownFeedback struct{ w *bufio.Writer }

// paragraph writes a text, if there is any.
func (m markdownFeedback) paragraph(text string) {
	if text != "" {
		fmt.Fprintf(m.w, "%s\n\n", markdownLine(text))
	}
}

func (m markdownFeedback) item(text string) { fmt.Fprintf(m.w, "- %s\n", markdownLine(text)) }

// markdownLine is text with which a line may begin: no list, no heading, no
// rule, and no command of a workflow.
func markdownLine(s string) string {
	s = escapeMarkdown(strings.TrimLeft(cleanLine(s), " "))
	rest := strings.TrimLeft(s, "0123456789")
	if at := len(s) - len(rest); at > 0 && strings.HasPrefix(rest, ".") || at == 0 && strings.IndexAny(s, "+-=") == 0 {
		return s[:at] + `\` + rest
	}
	return s
}

func (m markdownFeedback) head(f *feedback) {
	title := f.Who
	if title == "" {
		title = f.File
	}
	fmt.Fprintf(m.w, "# %s\n\n", escapeMarkdown(title))
	m.paragraph(f.Title)
	m.paragraph("File: " + f.File)
	for _, n := range f.Notices {
		m.paragraph(n)
	}
}

func (m markdownFeedback) misread(e misread) {
	if e.Where != "" {
		fmt.Fprintf(m.w, "**Line %s:** ", e.Where)
	}
	fmt.Fprintf(m.w, "%s\n\n", markdownLine(e.Message))
	m.line(e.Line)
}

// line shows a line of the student's file as a block of code, with a caret under
// the place. The block's lines begin with a number or a space: none of them can
// close it.
func (m markdownFeedback) line(l *lineShown) {
	if l == nil {
		return
	}
	head := l.Number + " | "
	before, after := l.fit(screen - len(head))
	fmt.Fprintf(m.w, "```\n%s\n%s%s\n```\n\n", head+before+l.Word+after,
		strings.Repeat(" ", len(head)+width(before)), strings.Repeat("^", max(1, width(l.Word))))
}

func (m markdownFeedback) marks(s *marks) {
	fmt.Fprintf(m.w, "## %s: %s of %s\n\n", s.Heading, s.Counted, s.Of)
	var rows [][]string
	for _, r := range s.Rows {
		rows = append(rows, []string{r.Label, r.Points, r.Note})
	}
	markdownTable(m.w, []string{"", "points", ""}, rows)
	fmt.Fprintln(m.w)
	m.paragraph(s.Tally)
	m.paragraph(s.Waits)
}

func (m markdownFeedback) step(s stepFeedback) {
	fmt.Fprintf(m.w, "### %s: %s\n\n", escapeMarkdown(capital(s.Name)), escapeMarkdown(s.Event))
	m.paragraph(strings.TrimSpace(s.Points + ". " + s.Whole))
	for _, c := range s.Cells {
		m.cell(c)
	}
	if s.Blank != nil {
		m.paragraph(s.Blank.Intro)
		for _, f := range s.Blank.Facts {
			m.item(f.Label + ": " + f.Text)
		}
		if len(s.Blank.Facts) > 0 {
			fmt.Fprintln(m.w)
		}
	}
}

func (m markdownFeedback) cell(c cellFeedback) {
	fmt.Fprintf(m.w, "**%s: %s**", escapeMarkdown(capital(c.Name)), c.Word())
	if c.Points != "" {
		fmt.Fprintf(m.w, " (%s)", escapeMarkdown(c.Points))
	}
	fmt.Fprint(m.w, "\n\n")
	m.line(c.Line)
	for _, f := range c.Facts {
		text := escapeMarkdown(f.Text)
		if f.Value {
			text = codeSpan(f.Text)
		}
		fmt.Fprintf(m.w, "- *%s*: %s\n", f.Label, text)
	}
	fmt.Fprintln(m.w)
}

// codeSpan is text as it would be typed, in a fence that it cannot close.
func codeSpan(s string) string {
	fence := "`"
	for strings.Contains(s, fence) {
		fence += "`"
	}
	if strings.ContainsAny(s, "`") || strings.TrimSpace(s) == "" {
		return fence + " " + s + " " + fence
	}
	return fence + s + fence
}

func (m markdownFeedback) diagnosed(d *diagnosed) {
	fmt.Fprintf(m.w, "## %s\n\n", d.Heading)
	m.paragraph(d.Intro)
	for _, e := range d.Explanations {
		for i, dev := range e.Deviations {
			with := ""
			if i > 0 {
				with = "together with "
			}
			fmt.Fprintf(m.w, "### %s%s\n\n- changes: %s, §%s\n- believed: %s\n- but: %s\n", with, escapeMarkdown(dev.Name),
				escapeMarkdown(changes(dev)), dev.Section, escapeMarkdown(dev.Believed), escapeMarkdown(dev.Wrong))
			if i < len(e.Deviations)-1 {
				fmt.Fprintln(m.w)
			}
		}
		fmt.Fprintf(m.w, "- fits: %s\n", escapeMarkdown(e.Fit))
		if e.Where != "" {
			fmt.Fprintf(m.w, "- shows in: %s\n", escapeMarkdown(e.Where))
		}
		fmt.Fprintln(m.w)
	}
	m.paragraph(named("And as well: ", d.More))
	m.paragraph(d.Apart)
	m.paragraph(d.Outro)
	if len(d.Untested) > 0 {
		m.paragraph(untestedWords(d))
	}
}
