package lms

import (
	"io"
	"math/big"
	"time"

	"raftsheet/check/grade"
	"raftsheet/render/doc"
)

// Classroom 50's result.json, schema classroom50/result/v1. Whose it is, its runner
// says in the environment, and fills in what is left empty. All scores are whole
// numbers: where the key has parts of points, they are counted in as many parts as
// it takes.
type (
	classroomReport struct {
		Schema     string          `json:"schema"`
		Classroom  string          `json:"classroom"`
		Assignment string          `json:"assignment"`
		Usernames  []string        `json:"usernames"`
		Submission string          `json:"submission"`
		Commit     string          `json:"commit"`
		Release    string          `json:"release"`
		Review     string          `json:"review"`
		Datetime   string          `json:"datetime"` // UTC
		Score      *big.Int        `json:"score"`
		MaxScore   *big.Int        `json:"max-score"`
		Tests      []classroomTest `json:"tests"`
	}
	classroomTest struct {
		Name     string   `json:"test-name"`
		Passed   bool     `json:"passed"`
		Score    *big.Int `json:"score"`
		MaxScore *big.Int `json:"max-score"`
	}
)

// classroom50 writes a test for each step that asks for something, and for each thing
// that a scheme asks a sheet to contain, but for those that wait for an instructor. A sheet without a mark is 0 of 0, as one that no
// test is configured for.
func classroom50(w io.Writer, s *gradedOne) error {
	env := func(name string) string {
		if s.Env == nil {
			return ""
		}
		return doc.Clean(s.Env(name))
	}
	out := classroomReport{Schema: "classroom50/result/v1", Classroom: env("CLASSROOM"), Assignment: env("ASSIGNMENT"),
		Usernames: []string{env("USERNAME")}, Submission: env("SUBMISSION_TAG"), Commit: env("COMMIT_URL"),
		Release: env("RELEASE_URL"), Review: env("REVIEW_URL"), Datetime: s.At.UTC().Format(time.RFC3339),
		Score: new(big.Int), MaxScore: new(big.Int), Tests: []classroomTest{}}
	if out.Review == "" {
		out.Review = out.Commit
	}
	if marks, ok := s.Counts(); ok {
		points := []grade.Points{marks.Least, s.key.Max}
		for i := range s.key.Steps {
			points = append(points, s.key.Steps[i].Max, stepPoints(s.Submission, i))
		}
		for i := range s.criteria() {
			m := &s.Sheet.Criteria[i]
			points = append(points, m.Max, m.Points)
		}
		in := grade.InUnits(points)
		out.Score, out.MaxScore, in = in[0], in[1], in[2:]
		for i := range s.key.Steps {
			if st := &s.key.Steps[i]; st.Asks() && s.Hand == nil && !s.waits(i) {
				out.Tests = append(out.Tests, classroomTest{stepTitle(st), s.stepPassed(i), in[2*i+1], in[2*i]})
			}
		}
		in = in[2*len(s.key.Steps):]
		for i := range s.criteria() {
			if m := &s.Sheet.Criteria[i]; !m.Waits() {
				out.Tests = append(out.Tests, classroomTest{short(m.Label), m.Met(), in[2*i+1], in[2*i]})
			}
		}
	}
	return doc.WriteJSON(w, out)
}
