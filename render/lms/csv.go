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
// the sheet, a column for each step that asks for something, or for each part of a
// scheme, and the totals. A
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
	if k.Scheme != nil {
		row = append(row, "cells")
		for i := range k.Scheme.Criteria {
			row = append(row, csvText(k.Scheme.Criteria[i].Label))
		}
		row = append(row, "impossible")
	}
	return append(row, "strict", "followThrough", "counted", "max", "forHuman", "remarks", "superseded", "most", "byHand")
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
			row[len(row)-6], row[len(row)-3] = k.Max.String(), csvText(strings.Join(superseded, "; "))
		}
		return row
	}
	for i := range k.Steps {
		if k.Steps[i].Asks() {
			row = append(row, ofAnswers(s, stepPoints(s, i)))
		}
	}
	if k.Scheme != nil {
		row = append(row, csvContents(k.Scheme, s.Sheet)...)
	}
	strict, through, _, _ := totals(s)
	forHuman, remarks, byHand := 0, 0, 0
	if s.Sheet != nil {
		forHuman, remarks, byHand = s.Sheet.Count(grade.ToReview), len(s.Sheet.Remarks), s.Sheet.Decided()
	}
	return append(row, ofAnswers(s, strict), ofAnswers(s, through), marks.Least.String(), k.Max.String(), strconv.Itoa(forHuman), strconv.Itoa(remarks),
		csvText(strings.Join(superseded, "; ")), marks.Most.String(), strconv.Itoa(byHand))
}

// ofAnswers is points that answers have come to; a sheet that was marked by hand as
// a whole has none.
func ofAnswers(s *grade.Submission, p grade.Points) string {
	if s.Hand != nil {
		return ""
	}
	return p.String()
}

// csvContents are the points that a scheme gives: of all cells, of each thing that a
// sheet must contain, and what is taken off.
func csvContents(sc *grade.Scheme, s *grade.Sheet) []string {
	row := make([]string, len(sc.Criteria)+2)
	if s == nil {
		return row
	}
	_, through, _ := s.CellPoints()
	off, _ := s.Deducted()
	row[0], row[len(row)-1] = through.String(), grade.Points{}.Minus(off).String()
	for i := range s.Criteria {
		row[i+1] = s.Criteria[i].Points.String()
	}
	return row
}

// csvText is a text as a cell: no program that opens the file takes it for a
// formula. A number needs none of this.
func csvText(s string) string {
	if t := strings.TrimLeft(s, " "); t != "" && strings.ContainsRune("=+-@\t\r\n\uff1d\uff0b\uff0d\uff20", []rune(t)[0]) {
		return "'" + doc.Line(s)
	}
	return doc.Line(s)
}
