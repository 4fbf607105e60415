package lms

import (
	"fmt"
	"html"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/render"
	"raftsheet/render/doc"
)

// This file fills marks into an export of an LMS.

// A FillReport says what became of an export that was filled in.
type FillReport struct {
	System  string   // Canvas or Moodle
	Column  string   // the header of the scores that were filled in
	Filled  int      // rows
	Left    int      // rows of students that are as they were
	Remarks []string // whose score was not filled in, and why; what does not fit; and what was overwritten
}

func (r *FillReport) remark(format string, args ...any) {
	r.Remarks = append(r.Remarks, fmt.Sprintf(format, args...))
}

// A Filling says how an export is filled in.
type Filling struct {
	// Column is an assignment of Canvas, by its title or number, or Moodle's column
	// of grades; it may be empty where there is no choice.
	Column string

	// OutOf is what full marks come to in the export: the scores are scaled to it,
	// and rounded to hundredths, halves up. 0 is the key's own maximum.
	OutOf grade.Points

	// ZeroUnread gives 0 to what could not be read, and nothing for what waits for
	// an instructor. Otherwise their rows stay as they are.
	ZeroUnread bool

	// Overwrite replaces scores and comments that differ. Otherwise they stay, and
	// are listed.
	Overwrite bool
}

// FillGradebook fills a class's scores into an export of the LMS itself: Canvas's
// gradebook, or Moodle's grading worksheet, where it also fills in comments. All
// but these cells stays as it is, byte for byte. A student without a mark keeps
// what the export has: one without a submission that counts, and one whose
// submission, or some of it, waits for an instructor. It is an error if the
// column's maximum is another than that of the marks.
//
// A student is found by the LMS's number, which the file's name has, or by the
// name in it where it has no number: a login or an e-mail address too. What a sheet
// says of whose it is finds nobody: anybody can write it.
func FillGradebook(export []byte, c *grade.Class, how Filling) ([]byte, FillReport, error) {
	l, err := readExport(export, how.Column)
	if err != nil {
		return nil, FillReport{}, err
	}
	f := &exportFiller{exportLayout: l, Filling: how, class: c, comma: l.decimalComma(), outOf: c.Key.Max,
		report: FillReport{System: l.system, Column: doc.Clean(l.title)}}
	if how.OutOf.Sign() > 0 {
		f.outOf = how.OutOf
	}
	if err := f.checkMax(); err != nil {
		return nil, FillReport{}, err
	}
	for _, m := range f.match() {
		f.fill(m.row, m.by)
	}
	f.list(f.kept, "more cell was not written over", "more cells were not written over")
	if len(f.kept) > 0 {
		f.report.remark("what differs was not written over; --overwrite does it")
	}
	f.list(f.overwritten, "more was overwritten", "more were overwritten")
	f.list(f.waiting, "more waits for an instructor", "more wait for an instructor")
	f.report.Left = len(l.rows) - l.first - f.report.Filled
	out, err := l.with(f.edits)
	if err != nil {
		return nil, FillReport{}, err
	}
	return out, f.report, nil
}

type exportFiller struct {
	*exportLayout
	Filling
	class       *grade.Class
	outOf       grade.Points // the most that a score can be
	comma       bool         // in scores
	edits       []csvEdit
	overwritten []string // whose score, from what to what
	kept        []string // whose, and what it would have become
	waiting     []string // whose has no mark yet, and why
	report      FillReport
}

// checkMax is an error where the LMS has another maximum than the marks: which of
// the two is meant is not for a program to say.
func (f *exportFiller) checkMax() error {
	if f.OutOf.Sign() == 0 {
		for _, k := range f.class.Variants {
			if k.Max.Cmp(f.outOf) != 0 {
				return fmt.Errorf("the keys come to %v or %v points, by the variant; --out-of 100, say, scales the marks", k.Max, f.outOf)
			}
		}
	}
	differs := func(at string) error {
		p, ok := parseScore(at)
		switch {
		case !ok || p.Cmp(f.outOf) == 0:
			return nil
		case f.OutOf.Sign() > 0:
			return fmt.Errorf("column %s is out of %s, and --out-of says %v", f.report.Column, at, f.outOf)
		}
		return fmt.Errorf("column %s is out of %s, and the key's points come to %v; --out-of %s scales the marks", f.report.Column, at, f.outOf, strings.Replace(at, ",", ".", 1))
	}
	if f.maxRow > 0 {
		if err := differs(f.text(f.maxRow, f.score)); err != nil {
			return err
		}
	}
	for row := f.first; f.maxCol >= 0 && row < len(f.rows); row++ {
		if err := differs(f.text(row, f.maxCol)); err != nil {
			return err
		}
	}
	return nil
}

// scoreOf gives a submission's score, or says why it has none.
func (f *exportFiller) scoreOf(s *grade.Submission) (text, why string) {
	counts, ok := s.Counts()
	switch {
	case f.ZeroUnread: // what waits counts nothing
	case !ok:
		return "", s.Outcome.String() + ": " + short(s.Why)
	case !counts.Exact():
		return "", "to review: " + short(render.Reviews(s.Sheet, 1))
	}
	p := counts.Least
	if f.OutOf.Sign() > 0 {
		p = p.Scaled(f.outOf, f.class.MaxOf(s))
	}
	text = p.String()
	if f.comma {
		text = strings.Replace(text, ".", ",", 1)
	}
	return text, ""
}

// fill puts a submission's score into a row.
func (f *exportFiller) fill(row int, s *grade.Submission) {
	if why := f.closed(row); why != "" {
		f.report.remark("%s: %s", studentName(s), why)
		return
	}
	text, why := f.scoreOf(s)
	if why != "" {
		f.waiting = append(f.waiting, fmt.Sprintf("%s: %s The row is left as it is", studentName(s), render.Ended(why)))
		return
	}
	old := f.text(row, f.score)
	differs := old != "" && !sameScore(old, text)
	if differs && !f.Overwrite {
		f.kept = append(f.kept, fmt.Sprintf("%s: %s is there, and the mark is %s", studentName(s), short(old), text))
		return
	}
	if differs {
		f.overwritten = append(f.overwritten, fmt.Sprintf("%s: %s was overwritten with %s", studentName(s), short(old), text))
	}
	f.edits = append(f.edits, csvEdit{row, f.score, text})
	f.comment(row, s)
	f.report.Filled++
}

// comment puts what Moodle shows the student into a row, unless somebody has
// written there.
func (f *exportFiller) comment(row int, s *grade.Submission) {
	if f.feedback < 0 {
		return
	}
	text := f.comments(s)
	switch old := f.text(row, f.feedback); {
	case old == "" || old == text:
	case !f.Overwrite:
		f.kept = append(f.kept, fmt.Sprintf("%s: the comment \"%s\" is there", studentName(s), short(old)))
		return
	default:
		f.overwritten = append(f.overwritten, fmt.Sprintf("%s: the comment \"%s\" was overwritten", studentName(s), short(old)))
	}
	f.edits = append(f.edits, csvEdit{row, f.feedback, text})
}

// closed says why nothing can be filled into a row, empty if it can.
func (f *exportFiller) closed(row int) string {
	if cells := len(f.rows[row]); f.score >= cells || f.feedback >= cells {
		return fmt.Sprintf("the row of line %d ends before the column; it is left as it is", f.line(f.rows[row][0].start))
	}
	if now := f.text(row, f.score); f.system == "Canvas" && (strings.EqualFold(now, "EX") || now == "N/A") {
		return fmt.Sprintf("the export says %s, which is left as it is", now)
	}
	if strings.EqualFold(f.text(row, f.open), "No") {
		return "the export says that this grade cannot be changed; the row is left as it is"
	}
	return ""
}

// mostNamed bounds how many rows are named for one reason.
const mostNamed = 20

// list names rows, and counts those that are too many to be named.
func (f *exportFiller) list(lines []string, one, many string) {
	named := lines[:min(len(lines), mostNamed)]
	f.report.Remarks = append(f.report.Remarks, named...)
	if more := len(lines) - len(named); more > 0 {
		f.report.remark("and %s", render.Count(more, one, many))
	}
}

// comments is what Moodle shows the student: HTML, on one line. It says what is
// to be looked at again, and gives no answer away.
func (f *exportFiller) comments(s *grade.Submission) string {
	one := &gradedOne{key: f.class.KeyOf(s), Submission: s}
	all := append(one.summary(), one.metSentences()...)
	for i := range one.key.Steps {
		if st := &one.key.Steps[i]; s.Sheet != nil && st.Asks() && !one.stepPassed(i) {
			all = append(all, stepTitle(st)+", "+pointsOf(stepPoints(s, i), st.Max)+".")
			all = append(all, one.stepSentences(i)...)
		}
	}
	all = firstLines(all)
	for i := range all {
		all[i] = html.EscapeString(all[i])
	}
	return strings.Join(all, "<br>")
}
