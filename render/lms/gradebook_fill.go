package lms

import (
	"fmt"
	"html"
	"slices"
	"strings"
	"unicode"

	"raftsheet/check/grade"
	"raftsheet/render"
	"raftsheet/render/doc"
)

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

// FillGradebook fills a class's scores into an export of the LMS itself: Canvas's
// gradebook, or Moodle's grading worksheet, where it also fills in comments. All
// but these cells stays as it is, byte for byte. A student without a submission
// that counts keeps what the export has. A score that was there before and is
// another one now is remarked on: the column may be the wrong one.
//
// The column is an assignment of Canvas, by its title or number, or Moodle's
// column of grades; it may be empty where there is no choice.
//
// A student is found by the LMS's number, which the file's name has, or by the
// name in it where it has no number. What a sheet says of whose it is finds
// nobody: anybody can write it.
func FillGradebook(export []byte, c *grade.Class, column string) ([]byte, FillReport, error) {
	l, err := readExport(export, column)
	if err != nil {
		return nil, FillReport{}, err
	}
	f := &exportFiller{exportLayout: l, class: c, comma: l.decimalComma(),
		report: FillReport{System: l.system, Column: doc.Clean(l.title)}}
	f.checkMax()
	for _, m := range f.match() {
		f.fill(m.row, m.by)
	}
	f.remarkOverwritten()
	f.report.Left = len(l.rows) - l.first - f.report.Filled
	out, err := l.with(f.edits)
	if err != nil {
		return nil, FillReport{}, err
	}
	return out, f.report, nil
}

type exportFiller struct {
	*exportLayout
	class       *grade.Class
	comma       bool // in scores
	edits       []csvEdit
	overwritten []string // whose score, from what to what
	report      FillReport
}

// checkMax says where the LMS has another maximum than the key. Scores are not
// scaled: which of the two is meant is not for a program to say.
func (f *exportFiller) checkMax() {
	differs := func(at string) {
		if p, ok := parseScore(at); ok && p.Cmp(f.class.Key.Max) != 0 {
			f.report.remark("the export's maximum is %s, the key's %v; the scores are those of the key, not scaled", at, f.class.Key.Max)
		}
	}
	if f.maxRow > 0 {
		differs(f.text(f.maxRow, f.score))
	}
	var seen []string
	for row := f.first; f.maxCol >= 0 && row < len(f.rows); row++ {
		if at := f.text(row, f.maxCol); !slices.Contains(seen, at) {
			seen = append(seen, at)
			differs(at)
		}
	}
}

// fill puts a submission's score into a row.
func (f *exportFiller) fill(row int, s *grade.Submission) {
	if why := f.closed(row); why != "" {
		f.report.remark("%s: %s", studentName(s), why)
		return
	}
	_, _, counted, _ := totals(s)
	text := counted.String()
	if f.comma {
		text = strings.Replace(text, ".", ",", 1)
	}
	if old := f.text(row, f.score); old != "" && !sameScore(old, text) {
		f.overwritten = append(f.overwritten, fmt.Sprintf("%s: %s was overwritten with %s", studentName(s), short(old), text))
	}
	f.edits = append(f.edits, csvEdit{row, f.score, text})
	if f.feedback >= 0 {
		f.edits = append(f.edits, csvEdit{row, f.feedback, f.comments(s)})
	}
	f.report.Filled++
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

// overwrittenLines bounds how many overwritten scores are named.
const overwrittenLines = 20

// remarkOverwritten names the scores that were overwritten, and counts those
// that are too many to be named.
func (f *exportFiller) remarkOverwritten() {
	named := f.overwritten[:min(len(f.overwritten), overwrittenLines)]
	f.report.Remarks = append(f.report.Remarks, named...)
	if more := len(f.overwritten) - len(named); more > 0 {
		f.report.remark("and %s", render.Count(more, "more score was overwritten", "more scores were overwritten"))
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

// A rowMatch is a row and the submission that it is filled in by.
type rowMatch struct {
	row int
	by  *grade.Submission
}

// A rowClaim is who a row may be of.
type rowClaim struct{ byID, byName []*grade.Submission }

// match finds the row of each submission that counts, and says of the others
// why they have none.
func (f *exportFiller) match() []rowMatch {
	claims := make([]rowClaim, len(f.rows))
	ids, names := f.index()
	for i := range f.class.Submissions {
		s := &f.class.Submissions[i]
		if !counts(s) {
			continue
		}
		if s.Student.ID != "" {
			if rows := f.rowsByID(ids, names, s); len(rows) == 1 {
				claims[rows[0]].byID = append(claims[rows[0]].byID, s)
			}
			continue
		}
		if rows := f.rowsByName(names, s); len(rows) == 1 {
			claims[rows[0]].byName = append(claims[rows[0]].byName, s)
		}
	}
	var found []rowMatch
	for row, c := range claims {
		if s := f.settle(c); s != nil {
			found = append(found, rowMatch{row, s})
		}
	}
	return found
}

// rowsByID gives the row of a student's number. Without one, a name finds a row
// only if that has no number: a row with a number is that student's.
func (f *exportFiller) rowsByID(ids, names map[string][]int, s *grade.Submission) []int {
	rows := ids[s.Student.ID]
	if len(rows) == 0 {
		for _, row := range rowsNamed(names, s.By.Name) {
			if f.number(row) == "" {
				rows = append(rows, row)
			}
		}
	}
	f.missed(s, rows)
	return rows
}

func (f *exportFiller) rowsByName(names map[string][]int, s *grade.Submission) []int {
	rows := rowsNamed(names, s.By.Name)
	f.missed(s, rows)
	return rows
}

// missed says that a submission has no row, or several.
func (f *exportFiller) missed(s *grade.Submission, rows []int) {
	switch {
	case len(rows) > 1:
		f.report.remark("%s: %d rows of the export fit; none was filled in", studentName(s), len(rows))
	case len(rows) == 0 && s.By == grade.Student{}:
		f.report.remark("%s: the file does not say which student; its score was not filled in", studentName(s))
	case len(rows) == 0:
		f.report.remark("%s: the export has no such row; the score was not filled in", studentName(s))
	}
}

// settle gives the submission that a row is filled in by, nil for none: the one
// of its number, or else of its name.
func (f *exportFiller) settle(c rowClaim) *grade.Submission {
	claimed := c.byID
	if len(claimed) == 0 {
		claimed = c.byName
	} else {
		for _, s := range c.byName {
			f.report.remark("%s: %s has the same row of the export, by number; the score of %s was not filled in",
				studentName(s), studentName(claimed[0]), short(s.Name))
		}
	}
	switch len(claimed) {
	case 0:
		return nil
	case 1:
		return claimed[0]
	}
	var files []string
	for _, s := range claimed {
		files = append(files, short(s.Name))
	}
	f.report.remark("%s: %s have the same row of the export; it was not filled in", studentName(claimed[0]), render.And(files))
	return nil
}

// index gives the rows by number and by name.
func (f *exportFiller) index() (ids, names map[string][]int) {
	ids, names = make(map[string][]int), make(map[string][]int)
	for row := f.first; row < len(f.rows); row++ {
		if id := f.number(row); id != "" {
			ids[id] = append(ids[id], row)
		}
		name := f.text(row, f.name)
		if f.given >= 0 {
			name += ", " + f.text(row, f.given)
		}
		for _, form := range nameForms(name) {
			names[form] = append(names[form], row)
		}
	}
	return ids, names
}

// number is the LMS's number for the student of a row: in Moodle, that after
// Participant.
func (f *exportFiller) number(row int) string {
	id := f.text(row, f.id)
	if f.system == "Moodle" {
		if m := participant.FindStringSubmatch(id); m != nil {
			return m[2]
		}
	}
	return id
}

// rowsNamed gives the rows of a name, in whatever form, each once.
func rowsNamed(names map[string][]int, name string) []int {
	var rows []int
	for _, form := range nameForms(name) {
		rows = append(rows, names[form]...)
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}

// nameForms gives the forms in which a name may be met: its letters and digits,
// in lower case and run together, as Canvas has them in the names of files; of
// a last name before a first, both orders.
func nameForms(name string) []string {
	last, first, _ := strings.Cut(name, ",")
	last, first = runTogether(last), runTogether(first)
	if last+first == "" {
		return nil
	}
	forms := []string{last + first, first + last}
	return slices.Compact(forms)
}

func runTogether(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.L, unicode.M, unicode.N) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}
