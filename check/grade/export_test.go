package grade

import (
	"math/rand/v2"
	"slices"
	"testing"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file lets the tests from outside the package make students as those inside
// do.

// A Simulated is a student: a sheet that is filled in by what somebody believes.
type Simulated struct{ *student }

// Believer gives a student who takes deviations for Raft, all through a key.
func Believer(t testing.TB, k *Key, ds ...raft.Deviation) Simulated {
	return Simulated{believing(t, k, replay.AsFilled, ds...)}
}

// KeyOf is the key of an example.
func KeyOf(t testing.TB, name string) *Key { return keyOf(t, name) }

// Of gives a class of these submissions that knows what this one knows of the key.
func (c *Class) Of(submissions []Submission) *Class {
	return &Class{Key: c.Key, Submissions: submissions, diagnoser: c.explainer()}
}

// Diagnose diagnoses a sheet of the class.
func (c *Class) Diagnose(s *Sheet) { s.Diagnosis = c.explainer().diagnose(s) }

// Slip writes another plausible value into a cell; see [student.slip].
func (s Simulated) Slip(r *rand.Rand, cell int, carried bool) { s.slip(r, cell, carried) }

// Mark marks what the student has written.
func (s Simulated) Mark() *Sheet { return s.key.Mark(s.sheet, false) }

// Copy gives another student with the same answers.
func (s Simulated) Copy() Simulated {
	sheet := *s.sheet
	sheet.Steps = slices.Clone(sheet.Steps)
	for i := range sheet.Steps {
		st := &sheet.Steps[i]
		if st.Response != nil {
			st.Response = &trace.Row{Pos: st.Response.Pos, Cells: slices.Clone(st.Response.Cells)}
		}
		st.State = slices.Clone(st.State)
		for j := range st.State {
			table := &st.State[j]
			table.NextIndex.Value = slices.Clone(table.NextIndex.Value)
			table.MatchIndex.Value = slices.Clone(table.MatchIndex.Value)
			table.Terms.Value = slices.Clone(table.Terms.Value)
		}
	}
	return Simulated{&student{key: s.key, run: s.run, sheet: &sheet}}
}
