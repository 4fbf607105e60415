package render

import (
	"fmt"
	"io"

	"raftsheet/check/grade"
)

// GradeOptions say how grades are written.
type GradeOptions struct {
	Reveal bool // the right answers too, and why they are right
}

// A gradeWriter writes the grades of a class, or of its one submission.
type gradeWriter func(io.Writer, *grade.Class, GradeOptions) error

var gradeFormats = formats[gradeWriter]{
	{"csv", gradesCSV},
	{"json", gradesJSON},
	{"gradescope", ofOne("gradescope", gradescope)},
	{"prairielearn", ofOne("prairielearn", prairieLearn)},
	{"autolab", ofOne("autolab", autolab)},
}

// GradeFormats gives the names of the formats of Grades, the default first.
func GradeFormats() []string { return gradeFormats.names() }

// Grades writes what a class was marked with. The formats csv and json hold the
// whole class. Those of autograders, which are given one student's files at a
// time, hold one submission: it is an error if more of them count. They write a
// full report for one that could not be marked, and where there is none at all.
func Grades(w io.Writer, format string, c *grade.Class, opt GradeOptions) error {
	write, err := gradeFormats.pick("grades", format)
	if err != nil {
		return err
	}
	return write(w, c, opt)
}

// A gradedOne is the one submission that a report is of.
type gradedOne struct {
	key *grade.Key
	*grade.Submission
	GradeOptions
}

// ofOne makes the writer of a format that holds one submission.
func ofOne(format string, write func(io.Writer, *gradedOne) error) gradeWriter {
	return func(w io.Writer, c *grade.Class, opt GradeOptions) error {
		one := &gradedOne{key: c.Key, GradeOptions: opt}
		count := 0
		for i := range c.Submissions {
			if bookCounts(&c.Submissions[i]) {
				one.Submission = &c.Submissions[i]
				count++
			}
		}
		if count > 1 {
			return fmt.Errorf("the format %s is for one submission, and %d were handed in that count, %s among them",
				format, count, bookText(one.Name))
		}
		if count == 0 {
			one.Submission = &grade.Submission{Outcome: grade.Refused, Why: "no submission was found; hand in a trace, as a .yaml or .yml file"}
		}
		return write(w, one)
	}
}

// bookCounts reports whether a submission is the one of its student that counts.
func bookCounts(s *grade.Submission) bool { return s.Outcome != grade.Superseded }

// bookTotals gives the points of a submission: what is right, that with what
// follows from mistakes, what counts, and what being late has cost.
func bookTotals(s *grade.Submission) (strict, through, counted, penalty grade.Points) {
	if s.Sheet == nil {
		return
	}
	return s.Sheet.Strict, s.Sheet.Through, s.Sheet.Counted, s.Sheet.Penalty
}

// bookStep gives the points of a step as they count, before what is taken off
// for being late.
func bookStep(s *grade.Submission, step int) grade.Points {
	if s.Sheet == nil {
		return grade.Points{}
	}
	strict, through := s.Sheet.Step(step)
	if through.Cmp(strict) > 0 {
		return through
	}
	return strict
}
