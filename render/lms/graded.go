package lms

import (
	"slices"
	"time"

	"raftsheet/check/grade"
)

// This file has what the reports ask of a submission.

// Options are what a report is to have.
type Options struct {
	Reveal bool // the right answers, and why they are right

	// What is known of the run that marked the class; the zero values for nothing.
	Seconds float64                  // that it took
	At      time.Time                // when it was
	Env     func(name string) string // the environment's variables, which say whose job it is
}

// A gradedOne is the one submission that a report is of.
type gradedOne struct {
	key *grade.Key
	*grade.Submission
	Options
}

// counts reports whether a submission is the one of its student that counts.
func counts(s *grade.Submission) bool { return s.Outcome != grade.Superseded }

// waits reports whether an answer of a step waits for an instructor: it is neither
// passed nor failed.
func (s *gradedOne) waits(step int) bool {
	st := &s.key.Steps[step]
	return s.Sheet != nil && slices.ContainsFunc(s.Sheet.Marks[st.First:st.Last], func(m grade.Mark) bool { return m.Verdict == grade.ToReview })
}

// misses reports whether an answer of a step is wrong or blank, whatever becomes of
// those that wait.
func (s *gradedOne) misses(step int) bool {
	st := &s.key.Steps[step]
	return slices.ContainsFunc(s.Sheet.Marks[st.First:st.Last], func(m grade.Mark) bool { return m.Verdict == grade.Wrong || m.Verdict == grade.Blank })
}

// totals gives the points of a submission: what is right, that with what
// follows from mistakes, what counts, and what being late has cost.
func totals(s *grade.Submission) (strict, through, counted, penalty grade.Points) {
	switch {
	case s.Hand != nil:
		return strict, through, s.Hand.Points, penalty
	case s.Sheet == nil:
		return
	}
	return s.Sheet.Strict, s.Sheet.Through, s.Sheet.Counted, s.Sheet.Penalty
}

// stepPoints gives the points of a step as they count, before what is taken off
// for being late.
func stepPoints(s *grade.Submission, step int) grade.Points {
	if s.Sheet == nil {
		return grade.Points{}
	}
	strict, through, _ := s.Sheet.Step(step)
	if through.Cmp(strict) > 0 {
		return through
	}
	return strict
}
