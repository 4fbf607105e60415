package lms

import (
	"encoding/csv"
	"io"
	"slices"
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
	columns := csvColumnsOf(c)
	if err := out.Write(columns.header()); err != nil {
		return err
	}
	earlier, alone := earlierFiles(c)
	for i := range c.Submissions {
		s := &c.Submissions[i]
		if !counts(s) && !alone[i] {
			continue
		}
		if err := out.Write(columns.grades(s, earlier[i])); err != nil {
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

// csvColumns are the columns of a class: its steps, by their ids.
type csvColumns struct {
	class *grade.Class
	steps []string
}

// csvColumnsOf takes in the steps that the key asks about, or any of the variants'.
func csvColumnsOf(c *grade.Class) *csvColumns {
	out := &csvColumns{class: c}
	keys := c.Variants
	if keys == nil {
		keys = []*grade.Key{c.Key}
	}
	for _, k := range keys {
		for i := range k.Steps {
			if id := k.Steps[i].Trace.ID; k.Steps[i].Asks() && !slices.Contains(out.steps, id) {
				out.steps = append(out.steps, id)
			}
		}
	}
	return out
}

func (c *csvColumns) header() []string {
	k := c.class.Key
	row := []string{"student", "id", "outcome", "late", "file"}
	if c.class.Variants != nil {
		row = append(row, "variant")
	}
	for _, id := range c.steps {
		row = append(row, csvText("step "+id))
	}
	if k.Scheme != nil {
		row = append(row, "cells")
		for i := range k.Scheme.Criteria {
			row = append(row, csvText(k.Scheme.Criteria[i].Label))
		}
	}
	if takesOff(c.class) {
		row = append(row, "impossible")
	}
	return append(row, "strict", "followThrough", "counted", "max", "forHuman", "remarks", "superseded", "most", "byHand")
}

func (c *csvColumns) grades(s *grade.Submission, superseded []string) []string {
	k := c.class.KeyOf(s)
	late := "no"
	if s.Late {
		late = "yes"
	}
	row := []string{csvText(s.Student.Name), csvText(s.Student.ID), s.Outcome.String(), late, csvText(s.Name)}
	if c.class.Variants != nil {
		row = append(row, csvText(c.class.VariantOf(s)))
	}
	most := c.class.MaxOf(s).String()
	marks, ok := s.Counts()
	if !ok { // no 0 for what has no mark
		row = append(row, make([]string, len(c.header())-len(row))...)
		if counts(s) {
			row[len(row)-6], row[len(row)-3] = most, csvText(strings.Join(superseded, "; "))
		}
		return row
	}
	for _, id := range c.steps {
		i := slices.IndexFunc(k.Steps, func(st grade.KeyStep) bool { return st.Trace.ID == id && st.Asks() })
		if i < 0 { // of another variant
			row = append(row, "")
			continue
		}
		row = append(row, ofAnswers(s, stepPoints(s, i)))
	}
	if sc := c.class.Key.Scheme; sc != nil {
		row = append(row, csvContents(sc, s.Sheet)...)
	}
	if takesOff(c.class) {
		row = append(row, csvOff(s.Sheet))
	}
	strict, through, _, _ := totals(s)
	forHuman, remarks, byHand := 0, 0, 0
	if s.Sheet != nil {
		forHuman, remarks, byHand = s.Sheet.Count(grade.ToReview), len(s.Sheet.Remarks), s.Sheet.Decided()
	}
	return append(row, ofAnswers(s, strict), ofAnswers(s, through), marks.Least.String(), most, strconv.Itoa(forHuman), strconv.Itoa(remarks),
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

// takesOff reports whether messages that nobody could have sent take points off.
func takesOff(c *grade.Class) bool { return c.Key.Scheme != nil || c.Game != nil }

// csvOff is what is taken off a sheet for such messages.
func csvOff(s *grade.Sheet) string {
	if s == nil {
		return ""
	}
	off, _ := s.Deducted()
	return grade.Points{}.Minus(off).String()
}

// csvContents are the points that a scheme gives: of all cells, and of each thing that a
// sheet must contain.
func csvContents(sc *grade.Scheme, s *grade.Sheet) []string {
	row := make([]string, len(sc.Criteria)+1)
	if s == nil {
		return row
	}
	_, through, _ := s.CellPoints()
	row[0] = through.String()
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
