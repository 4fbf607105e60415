package render

import (
	"fmt"
	"io"
	"path"
	"path/filepath"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/raft"
	"raftsheet/trace"
)

// FeedbackOptions say how the feedback on a sheet is written.
type FeedbackOptions struct {
	Options
	// Reveal shows the right answers, and the figures that lead to them. Without
	// it the feedback says which rule decides, and no figure of the reference's.
	Reveal bool
}

var feedbackFormats = formats[func(io.Writer, *feedback, FeedbackOptions) error]{
	{"text", feedbackText},
	{"markdown", feedbackMarkdown},
	{"html", feedbackHTML},
}

// FeedbackFormats gives the names of the formats of Feedback, the default first.
func FeedbackFormats() []string { return feedbackFormats.names() }

// Feedback writes for one student what a submission came to, and why.
func Feedback(w io.Writer, format string, s *grade.Submission, key *grade.Key, opt FeedbackOptions) error {
	write, err := feedbackFormats.pick("feedback", format)
	if err != nil {
		return err
	}
	return write(w, newFeedback(s, key, opt.Reveal), opt)
}

// A feedback is what a student is told, in no format yet. Its texts are clean.
type feedback struct {
	Who, Title, File string
	Notices          []string // what became of the file, where it was not just marked
	Errors           []misread
	Marks            *marks // nil where nothing was marked
	Steps            []stepFeedback
	Fine             string // the steps of which there is nothing to say
	Sections         []section
	Diagnosis        *diagnosed // nil for none
}

// A misread is a place that could not be read.
type misread struct {
	Where   string // line:column, empty for none
	Message string
	Line    *lineShown
}

// A lineShown is what stands around a place of the student's own file.
type lineShown struct {
	Number              string
	Before, Word, After string
}

type marks struct {
	Heading string
	Counted string // the points that count
	Of      string // so many points
	Rows    []markRow
	Tally   string
	Waits   string // that some marks are not settled; empty where all are
}

type markRow struct{ Label, Points, Note string }

type stepFeedback struct {
	Name   string // step AE2
	Event  string
	Points string
	Whole  string // that it scores as a whole; empty where it does not
	Cells  []cellFeedback
	Blank  *blankCells // nil for none
}

// A cellFeedback is of one cell, or of several of a step of which all but the
// figures is the same.
type cellFeedback struct {
	Name    string // node 4's answer
	Verdict grade.Verdict
	Points  string // empty where the step scores as a whole
	Line    *lineShown
	Facts   []fact
}

// Word is the verdict in a word or two.
func (c cellFeedback) Word() string { return verdictWords[c.Verdict] }

// A fact is something to say of a cell, under its label. A value is shown as it
// would be typed.
type fact struct {
	Label, Text string
	Value       bool
}

type blankCells struct {
	Intro string
	Facts []fact // the right answers by cell; none where they are not shown
}

// A section is further things to say.
type section struct {
	Heading, Intro string
	Items          []string
}

type diagnosed struct {
	Heading      string
	Intro        string
	Explanations []explainedBy // the first of them
	More         []string      // the others by name
	Apart        string        // what would tell them apart; empty for nothing
	Outro        string
	Untested     []string // names of deviations
}

type explainedBy struct {
	Deviations []raft.Deviation
	Fit        string
	Where      string // the steps in which it shows
}

var verdictWords = [...]string{
	grade.Right: "right", grade.Follows: "follow-through", grade.Wrong: "wrong",
	grade.Blank: "left blank", grade.ForHuman: "waits for a human",
}

// A feedbackMaker has what a feedback is made of.
type feedbackMaker struct {
	s      *grade.Submission
	key    *grade.Key
	sheet  *grade.Sheet
	t      *trace.Trace // the key's
	reveal bool
}

func newFeedback(s *grade.Submission, key *grade.Key, reveal bool) *feedback {
	m := &feedbackMaker{s: s, key: key, sheet: s.Sheet, t: key.Trace, reveal: reveal}
	f := &feedback{Who: Clean(s.Student.Name), Title: Clean(key.Trace.Title), File: Clean(path.Base(filepath.ToSlash(s.Name))), Notices: m.notices()}
	for _, e := range s.Errors {
		f.Errors = append(f.Errors, m.misread(e))
	}
	if m.sheet == nil {
		return f
	}
	f.Marks = m.marks()
	m.steps(f)
	f.Sections = m.sections()
	f.Diagnosis = m.diagnosed()
	return f
}

// notices say what became of a file that was not just marked.
func (m *feedbackMaker) notices() []string {
	none := fmt.Sprintf("It counts 0 of %s.", points(m.key.Max))
	switch m.s.Outcome {
	case grade.Superseded:
		return []string{"This file does not count: " + Clean(m.s.Why) + "."}
	case grade.Refused:
		return []string{"This file was not opened: " + Clean(m.s.Why) + ".", none}
	case grade.Malformed:
		text := "This file cannot be read as a worksheet, so that none of its answers could be marked."
		if len(m.s.Errors) == 0 {
			return []string{text, Clean(m.s.Why) + ".", none}
		}
		return []string{text + " Below is each place where reading it fails, and what would be right there. " +
			"None of this is about Raft: your answers may well be right.", none}
	}
	return nil
}

func (m *feedbackMaker) misread(e *trace.Error) misread {
	out := misread{Message: Clean(e.Msg)}
	if e.Pos.IsValid() {
		out.Where, out.Line = e.Pos.String(), m.line(e.Pos)
	}
	return out
}

// line is the line of the student's file with a place in it; nil where there is
// no such place.
func (m *feedbackMaker) line(at trace.Pos) *lineShown {
	if !at.IsValid() || m.s.File == nil || len(m.s.File.Bytes()) == 0 {
		return nil
	}
	l := &lineShown{Number: fmt.Sprint(at.Line)}
	l.Before, l.Word, l.After = excerpt(m.s.File.Excerpt(at))
	return l
}

// points is a number of points with its noun.
func points(p grade.Points) string {
	if p.Cmp(grade.Whole(1)) == 0 {
		return "1 point"
	}
	return p.String() + " points"
}

func (m *feedbackMaker) marks() *marks {
	s, k := m.sheet, m.key
	out := &marks{Heading: "Marks", Counted: s.Counted.String(), Of: points(k.Max)}
	if m.s.Outcome == grade.Superseded {
		out.Heading = "What it would have come to"
	}
	through := "with what follows from an earlier mistake"
	switch {
	case k.Follow.Sign() == 0:
		through += ", which this key gives no points for"
	case k.Follow.Cmp(grade.Whole(1)) < 0:
		through += fmt.Sprintf(", at %s of its points", k.Follow)
	}
	if s.Through.Cmp(s.Strict) > 0 {
		through += "; the better total counts"
	}
	out.Rows = []markRow{
		{"Strict total", s.Strict.String(), "right answers alone"},
		{"Follow-through total", s.Through.String(), through},
	}
	switch {
	case s.Late && s.Penalty.Sign() == 0:
		out.Rows = append(out.Rows, markRow{"Late", "0", "nothing is taken off for being late"})
	case s.Late && k.InPart:
		out.Rows = append(out.Rows, markRow{"Late", "-" + s.Penalty.String(), fmt.Sprintf("%s%% is taken off for being late", k.Late)})
	case s.Late:
		out.Rows = append(out.Rows, markRow{"Late", "-" + s.Penalty.String(), "taken off for being late"})
	}
	out.Rows = append(out.Rows, markRow{"Counts", s.Counted.String(), "of " + points(k.Max)})
	out.Tally = m.tally()
	if n := s.Count(grade.ForHuman); n > 0 {
		out.Waits = count(n, "answer waits for a human, and has", "answers wait for a human, and have") + " no points yet."
	}
	return out
}

// tally counts the cells by verdict.
func (m *feedbackMaker) tally() string {
	var parts []string
	for v := range verdictWords {
		if n := m.sheet.Count(grade.Verdict(v)); n > 0 && grade.Verdict(v) != grade.ForHuman {
			parts = append(parts, fmt.Sprintf("%d %s", n, verdictWords[v]))
		}
	}
	if n := m.sheet.Count(grade.ForHuman); n > 0 {
		parts = append(parts, fmt.Sprintf("%d for a human", n))
	}
	return fmt.Sprintf("Of %s: %s.", count(len(m.sheet.Marks), "answer", "answers"), strings.Join(parts, ", "))
}
