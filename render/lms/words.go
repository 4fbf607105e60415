package lms

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"raftsheet/check/grade"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// This file has the sentences of a report to a student, as plain text.

// mostChars bounds, in characters, what a report repeats of a sheet's own
// text, and mostLines how many remarks: a sheet cannot make its report so large
// that its reader refuses it.
const (
	mostChars = 300
	mostLines = 50
)

// short is a text from outside, made safe to show on a line and cut where it
// is long.
func short(s string) string {
	end, n := 0, 0
	for ; end < len(s) && n < mostChars; n++ {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	if end < len(s) {
		return doc.Clean(s[:end]) + "..."
	}
	return doc.Clean(s)
}

// studentName names a student, or the file of one who has no name.
func studentName(s *grade.Submission) string {
	switch {
	case s.Student.Name == "" && s.Student.ID == "":
		return short(s.Name)
	case s.Student.ID == "":
		return short(s.Student.Name)
	case s.Student.Name == "":
		return short(s.Student.ID)
	}
	return short(s.Student.Name) + " (" + short(s.Student.ID) + ")"
}

// shownValue is a cell's value as a sheet has it.
func shownValue(v any) string { return short(render.CellWord(v)) }

// pointsOf is 5 of 8 points.
func pointsOf(p, max grade.Points) string { return fmt.Sprintf("%v of %s", p, render.Points(max)) }

// stepTitle is a step's id, and what happens in it.
func stepTitle(st *grade.KeyStep) string {
	name := "Step " + short(st.Trace.ID)
	if event := st.Trace.EventName(); event != "" {
		name += ": " + event
	}
	return name
}

// reviewed says why an instructor looks at a cell.
var reviewed = [...]string{
	grade.Unreadable:   " cannot be read",
	grade.Moved:        " is on a line with a slip; set right, it may not be where it was meant",
	grade.OtherMessage: " answers another message than the worksheet's",
	grade.Spelled:      " differs from what is right only in how it is spelled",
	grade.Elsewhere:    " may stand under another node",
	grade.AfterUnread:  " may rest on a message that cannot be read",
	grade.OtherStory:   " may have another reason, which is not known",
	grade.AllNo:        " follows from a mistake that makes every later answer no",
}

// cellSentence says what became of a cell. Without reveal it says nothing of
// the right answer but where to find the rule for it.
func cellSentence(k *grade.Key, m *grade.Mark, whole, reveal bool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "Node %s, %s: ", doc.Clean(k.Trace.Name(m.Cell.Node)), doc.Clean(m.Cell.Name))
	switch {
	case m.Verdict == grade.Blank:
		b.WriteString("left blank")
	case m.Text != "":
		b.WriteString(short(m.Text))
	case m.Written == nil:
		b.WriteString("what is written here")
	default:
		b.WriteString(shownValue(m.Written))
	}
	b.WriteString(became(m, whole, reveal))
	if m.Verdict == grade.ByHand {
		return b.String() + ". " + short(render.ByHand(m))
	}
	if m.Hand != nil {
		b.WriteString(" (" + short(strings.TrimSuffix(render.ByHand(m), ".")) + ")")
	}
	if m.Verdict == grade.ToReview && m.Doubt != grade.AllNo {
		return b.String() + "."
	}
	rule := render.Authority(m.Rule)
	switch {
	case m.Verdict == grade.Right:
	case reveal:
		b.WriteString("; right is " + shownValue(m.Cell.Right))
		if m.Why != "" {
			b.WriteString(": " + short(m.Why))
		}
		if rule != "" {
			b.WriteString(" (" + rule + ")")
		}
	case m.Verdict == grade.Wrong && rule != "":
		b.WriteString("; see " + rule)
	}
	b.WriteString(".")
	if but := render.Misfit(m); but != "" {
		b.WriteString(" But " + short(but) + ".")
	}
	return b.String()
}

// became says what became of a cell, as the sentence's verb.
func became(m *grade.Mark, whole, reveal bool) string {
	switch m.Verdict {
	case grade.Right:
		return " is right"
	case grade.Follows:
		text := " follows from an earlier mistake"
		if !whole {
			text += ", and counts " + pointsOf(m.Through, m.Cell.Points)
		}
		return text
	case grade.Wrong:
		return " is wrong"
	case grade.ToReview:
		return reviewed[m.Doubt] + "; an instructor decides what it is worth"
	case grade.ByHand:
		text := ": " + pointsOf(m.Through, m.Cell.Points)
		if reveal && !m.Hand.Full {
			text += "; right is " + shownValue(m.Cell.Right)
		}
		return text
	}
	return ""
}

// stepSentences says what became of each cell of a step.
func (s *gradedOne) stepSentences(step int) []string {
	st := &s.key.Steps[step]
	if s.Sheet == nil {
		return []string{"Not marked."}
	}
	var lines []string
	for i := st.First; i < st.Last; i++ {
		lines = append(lines, cellSentence(s.key, &s.Sheet.Marks[i], st.Whole, s.Reveal))
	}
	if st.Whole && stepPoints(s.Submission, step).Cmp(st.Max) < 0 {
		lines = append(lines, "This step scores as a whole or not at all.")
	}
	return lines
}

// stepPassed reports whether nothing in a step is left to be wished for.
func (s *gradedOne) stepPassed(step int) bool {
	st := &s.key.Steps[step]
	if s.Sheet == nil || stepPoints(s.Submission, step).Cmp(st.Max) < 0 {
		return false
	}
	return !slices.ContainsFunc(s.Sheet.Marks[st.First:st.Last], func(m grade.Mark) bool {
		return m.Verdict != grade.Right && m.Verdict != grade.Follows && (m.Hand == nil || !m.Hand.Full)
	})
}

// summary says what became of the submission as a whole.
func (s *gradedOne) summary() []string {
	if s.Sheet == nil {
		return s.unmarked()
	}
	sheet := s.Sheet
	lines := []string{fmt.Sprintf("%v of %s.", sheet.Counts(), render.Points(s.key.Max))}
	if !sheet.Counts().Exact() {
		lines = append(lines, "An instructor still has to review some of it; until then the lower number counts.")
	}
	if sheet.Through.Cmp(sheet.Strict) != 0 {
		lines = append(lines, fmt.Sprintf("The right answers come to %v; with what follows from earlier mistakes, to %v.", sheet.Strict, sheet.Through))
	}
	if sheet.Late {
		lines = append(lines, fmt.Sprintf("It was handed in late, which costs %v.", sheet.Penalty))
	}
	for i := range sheet.Deductions {
		lines = append(lines, short(render.DeductionLine(s.key, &sheet.Deductions[i], s.Reveal))+".")
	}
	for i := range sheet.Open {
		lines = append(lines, "Not marked: "+short(sheet.Open[i].Text)+".")
	}
	for i := range sheet.Reviews {
		lines = append(lines, "To review by an instructor: "+short(sheet.Reviews[i].Why)+".")
	}
	for _, stop := range sheet.Stops {
		if text := render.NotFollowed(s.key.Trace, stop, s.Reveal); text != "" {
			lines = append(lines, "Your own state was not followed: "+short(text)+".")
		}
	}
	lines = append(lines, s.beliefs()...)
	for _, r := range sheet.OwnRemarks() {
		lines = append(lines, placeOf(r.Pos)+short(r.Text)+".")
	}
	return firstLines(lines)
}

// criteria are what a scheme asks a sheet to contain, of one that was marked.
func (s *gradedOne) criteria() []grade.Met {
	if s.Sheet == nil {
		return nil
	}
	return s.Sheet.Criteria
}

// metSentences says how far the sheet contains what the scheme asks for.
func (s *gradedOne) metSentences() []string {
	var lines []string
	for i := range s.criteria() {
		lines = append(lines, s.metSentence(i))
	}
	return lines
}

func (s *gradedOne) metSentence(i int) string {
	return short(render.MetLine(s.key, &s.Sheet.Criteria[i])) + "."
}

// beliefs says what the mistakes may come from, where a diagnosis names it.
func (s *gradedOne) beliefs() []string {
	d := s.Sheet.Diagnosis
	if d == nil || len(d.Explanations) != 1 {
		return nil
	}
	var lines []string
	for _, dev := range d.Explanations[0].Deviations {
		lines = append(lines, fmt.Sprintf("The mistakes look as if you assumed this: %s But: %s (§%s)", dev.Believed, dev.Wrong, dev.Section))
	}
	return lines
}

// unmarked says why there are no marks.
func (s *gradedOne) unmarked() []string {
	if s.Hand != nil {
		return []string{"An instructor has marked this sheet by hand: " + short(render.GivenPoints(s.Submission, s.key)) + "."}
	}
	if s.Outcome != grade.Malformed || len(s.Errors) == 0 {
		return []string{"Not marked: " + render.Ended(short(s.Why))}
	}
	return append([]string{"This sheet could not be read, so nothing of it is marked."}, s.errors()...)
}

// noMark says of a sheet without a mark what the 0 is that a format demands.
func (s *gradedOne) noMark() []string {
	if s.Sheet != nil || s.Hand != nil {
		return nil
	}
	return []string{"It has no mark yet; the score is 0 only because this report needs a number."}
}

// errors gives what is wrong with a malformed sheet, each with its place.
func (s *gradedOne) errors() []string {
	if len(s.Errors) == 0 {
		return []string{short(s.Why)}
	}
	var lines []string
	for _, e := range s.Errors {
		lines = append(lines, placeOf(e.Pos)+short(e.Msg))
	}
	return firstLines(lines)
}

// placeOf names a place before what is said of it.
func placeOf(p trace.Pos) string {
	if !p.IsValid() {
		return ""
	}
	return fmt.Sprintf("Line %d, column %d: ", p.Line, p.Column)
}

// firstLines gives as many lines as a report shows.
func firstLines(lines []string) []string {
	if len(lines) <= mostLines {
		return lines
	}
	return append(lines[:mostLines:mostLines], fmt.Sprintf("And %d more.", len(lines)-mostLines))
}

// tallySentence counts the verdicts of a step.
func (s *gradedOne) tallySentence(step int) string {
	if s.Sheet == nil {
		return "Not marked."
	}
	st := &s.key.Steps[step]
	return render.Tally(s.Sheet.Marks[st.First:st.Last]) + "."
}
