package lms

import (
	"fmt"
	"io"
	"slices"

	"raftsheet/check/grade"
	"raftsheet/render/doc"
)

// A writer writes the grades of a class, or of its one submission.
type writer func(w io.Writer, c *grade.Class, how Options) error

// autograders are the formats that hold one submission.
var autograders = doc.Writers[writer]{
	{Format: "gradescope", Write: ofOne("gradescope", gradescope)},
	{Format: "prairielearn", Write: ofOne("prairielearn", prairieLearn)},
	{Format: "autolab", Write: ofOne("autolab", autolab)},
	{Format: "classroom50", Write: ofOne("classroom50", classroom50)},
}

var writers = slices.Concat(doc.Writers[writer]{{Format: "csv", Write: writeCSV}, {Format: "junit", Write: writeJUnit}}, autograders)

// Formats gives the names of the formats of Grades.
func Formats() []string { return writers.Formats() }

// Autograders gives the names of the formats that hold one student's submission.
func Autograders() []string { return autograders.Formats() }

// Grades writes what a class was marked with. CSV holds the whole class. The formats of autograders,
// which are given one student's files at a time, hold one submission: it is an
// error if more of them count. They write a full report for one that could not
// be marked, and where nothing was handed in.
func Grades(w io.Writer, format string, c *grade.Class, how Options) error {
	write, err := writers.Of(format)
	if err != nil {
		return err
	}
	return write(w, c, how)
}

// ofOne makes the writer of a format that holds one submission.
func ofOne(format string, write func(io.Writer, *gradedOne) error) writer {
	return func(w io.Writer, c *grade.Class, how Options) error {
		one := &gradedOne{key: c.Key, Options: how}
		count := 0
		for i := range c.Submissions {
			if counts(&c.Submissions[i]) {
				one.Submission = &c.Submissions[i]
				one.key = c.KeyOf(one.Submission)
				count++
			}
		}
		if count > 1 {
			return fmt.Errorf("the format %s holds one submission; %d of those handed in count, %s among them",
				format, count, short(one.Name))
		}
		if count == 0 {
			one.Submission = &grade.Submission{Outcome: grade.Refused, Why: "no submission was found; hand in a trace, as a .yaml or .yml file"}
		}
		return write(w, one)
	}
}
