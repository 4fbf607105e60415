package lms

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/render/doc"
)

// writeCSV writes one row a student, in the order of the class: what became of
// the sheet, a column for each step that asks for something, and the totals. A
// step's points are those that count, before what is taken off for being late.
// A file that a later one of the same student supersedes is named in that one's
// row; if several could be meant, it has a row of its own, without points. What
// has no mark has no points either, and counted is the lower end of what waits for
// an instructor, most the upper.
func writeCSV(w io.Writer, c *grade.Class, _ Options) error {
	out := csv.NewWriter(w)
	if err := out.Write(csvHeader(c.Key)); err != nil {
		return err
	}
	earlier, alone := earlierFiles(c)
	for i := range c.Submissions {
		s := &c.Submissions[i]
		if !counts(s) && !alone[i] {
			continue
		}
		if err := out.Write(csvGrades(c.Key, s, earlier[i])); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// earlierFiles gives, by submission, the files that each supersedes, and those
// for which none or several of their student's count.
func earlierFiles(c *grade.Class) (files map[int][]string, alone map[int]bool) {
	files, alone = make(map[int][]string), make(map[int]bool)
	counting := make(map[grade.Student][]int)
	for i := range c.Submissions {
		if s := &c.Submissions[i]; counts(s) {
			counting[s.By.Identity()] = append(counting[s.By.Identity()], i)
		}
	}
	for i := range c.Submissions {
		s := &c.Submissions[i]
		switch of := counting[s.By.Identity()]; {
		case counts(s):
		case len(of) == 1:
			files[of[0]] = append(files[of[0]], s.Name)
		default:
			alone[i] = true
		}
	}
	return files, alone
}

func csvHeader(k *grade.Key) []string {
	row := []string{"student", "id", "outcome", "late", "file"}
	for i := range k.Steps {
		if k.Steps[i].Asks() {
			row = append(row, csvText("step "+k.Steps[i].Trace.ID))
		}
	}
	return append(row, "strict", "followThrough", "counted", "max", "forHuman", "remarks", "superseded", "most")
}

func csvGrades(k *grade.Key, s *grade.Submission, superseded []string) []string {
	late := "no"
	if s.Late {
		late = "yes"
	}
	row := []string{csvText(s.Student.Name), csvText(s.Student.ID), s.Outcome.String(), late, csvText(s.Name)}
	marks, ok := s.Counts()
	if !ok { // no 0 for what has no mark
		row = append(row, make([]string, len(csvHeader(k))-len(row))...)
		if counts(s) {
			row[len(row)-5], row[len(row)-2] = k.Max.String(), csvText(strings.Join(superseded, "; "))
		}
		return row
	}
	for i := range k.Steps {
		if k.Steps[i].Asks() {
			row = append(row, stepPoints(s, i).String())
		}
	}
	sheet := s.Sheet
	return append(row, sheet.Strict.String(), sheet.Through.String(), marks.Least.String(), k.Max.String(),
		strconv.Itoa(sheet.Count(grade.ToReview)), strconv.Itoa(len(sheet.Remarks)), csvText(strings.Join(superseded, "; ")), marks.Most.String())
}

// csvText is a text as a cell: no program that opens the file takes it for a
// formula. A number needs none of this.
func csvText(s string) string {
	if t := strings.TrimLeft(s, " "); t != "" && strings.ContainsRune("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20", []rune(t)[0]) {
		return "'" + doc.Line(s)
	}
	return doc.Line(s)
}
