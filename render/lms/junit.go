package lms

import (
	"io"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/render/doc"
	"raftsheet/render/internal/junit"
)

// writeJUnit writes a test suite for each submission that counts, with a test for
// each step that asks for something. What waits for an instructor is skipped, and
// so is a submission without a mark: neither has failed.
func writeJUnit(w io.Writer, c *grade.Class, how Options) error {
	var suites []junit.Suite
	for i := range c.Submissions {
		if s := &c.Submissions[i]; counts(s) {
			suites = append(suites, junitSuite(&gradedOne{key: c.KeyOf(s), Submission: s, Options: how}))
		}
	}
	return junit.Write(w, "raftsheet", suites)
}

func junitSuite(s *gradedOne) junit.Suite {
	out := junit.Suite{Name: studentName(s.Submission)}
	file := doc.Clean(s.Name)
	all := s.summary()
	switch {
	case s.Hand != nil:
		out.Cases = []junit.Case{{Name: "Sheet", File: file, Output: strings.Join(all, "\n")}}
		return out
	case s.Sheet == nil:
		out.Cases = []junit.Case{{Name: "Sheet", File: file, Skipped: &junit.Problem{Message: all[0], Body: strings.Join(all, "\n")}}}
		return out
	}
	for i := range s.key.Steps {
		st := &s.key.Steps[i]
		if !st.Asks() {
			continue
		}
		points := pointsOf(stepPoints(s.Submission, i), st.Max) + "."
		body := strings.Join(append([]string{points}, s.stepSentences(i)...), "\n")
		jc := junit.Case{Name: stepTitle(st), File: file}
		switch {
		case s.waits(i):
			jc.Skipped = &junit.Problem{Message: "to review: " + s.tallySentence(i), Body: body}
		case !s.stepPassed(i):
			jc.Failure = &junit.Problem{Message: points + " " + s.tallySentence(i), Type: "marks", Body: body}
		}
		out.Cases = append(out.Cases, jc)
	}
	for i := range s.criteria() {
		m := &s.Sheet.Criteria[i]
		jc := junit.Case{Name: short(m.Label), File: file}
		switch {
		case m.Waits():
			jc.Skipped = &junit.Problem{Message: "to review", Body: s.metSentence(i)}
		case !m.Met():
			jc.Failure = &junit.Problem{Message: s.metSentence(i), Type: "marks", Body: s.metSentence(i)}
		}
		out.Cases = append(out.Cases, jc)
	}
	return out
}
