package lms

import (
	"bufio"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/render"
	"raftsheet/render/doc"
)

// Gradescope's results.json. The score at the top overrules the sum of the
// tests, so that what being late costs is taken off it. Nothing is hidden: one
// hidden test would hide the total from the student. A test without a score and a
// status is neither passed nor failed.
type (
	gradescopeReport struct {
		Score            grade.Points     `json:"score"`
		ExecutionTime    float64          `json:"execution_time,omitempty"`
		Output           string           `json:"output"`
		OutputFormat     string           `json:"output_format"`
		Visibility       string           `json:"visibility"`
		StdoutVisibility string           `json:"stdout_visibility"`
		Tests            []gradescopeTest `json:"tests"`
	}
	gradescopeTest struct {
		Name         string        `json:"name"`
		Number       string        `json:"number"`
		Score        *grade.Points `json:"score,omitempty"`
		MaxScore     *grade.Points `json:"max_score,omitempty"`
		Status       string        `json:"status,omitempty"`
		Output       string        `json:"output"`
		OutputFormat string        `json:"output_format"`
		Visibility   string        `json:"visibility"`
	}
)

// gradescope writes a test for each step that asks for something, numbered from 1, and
// one for each thing that a scheme asks a sheet to contain; none where there is no mark.
// Its format demands a score: that of a sheet without a mark is 0, and its output says
// what that is. What a scheme takes off has no test: the output tells of it.
func gradescope(w io.Writer, s *gradedOne) error {
	_, _, counted, _ := totals(s.Submission)
	out := gradescopeReport{Score: counted, ExecutionTime: math.Round(s.Seconds*1000) / 1000, Output: strings.Join(append(s.summary(), s.noMark()...), "\n"), OutputFormat: "text",
		Visibility: "visible", StdoutVisibility: "hidden", Tests: []gradescopeTest{}}
	for i := range s.key.Steps {
		st := &s.key.Steps[i]
		if !st.Asks() || s.Sheet == nil || s.Hand != nil {
			continue
		}
		test := gradescopeTest{
			Name: stepTitle(st), Number: strconv.Itoa(len(out.Tests) + 1),
			Output: strings.Join(s.stepSentences(i), "\n"), OutputFormat: "text", Visibility: "visible",
		}
		switch points := stepPoints(s.Submission, i); {
		case s.waits(i) && s.misses(i):
			test.Status = "failed"
		case s.waits(i):
		default:
			test.Score, test.MaxScore, test.Status = &points, &st.Max, "failed"
			if s.stepPassed(i) {
				test.Status = "passed"
			}
		}
		out.Tests = append(out.Tests, test)
	}
	for i := range s.criteria() {
		m := &s.Sheet.Criteria[i]
		test := gradescopeTest{
			Name: short(m.Label), Number: strconv.Itoa(len(out.Tests) + 1),
			Output: s.metSentence(i), OutputFormat: "text", Visibility: "visible",
		}
		if !m.Waits() {
			test.Score, test.MaxScore, test.Status = &m.Points, &m.Max, "failed"
			if m.Met() {
				test.Status = "passed"
			}
		}
		out.Tests = append(out.Tests, test)
	}
	return doc.WriteJSON(w, out)
}

// PrairieLearn's results.json. Its score is a part of 1. What was malformed is
// not gradable, which costs the student no attempt.
type (
	prairieReport struct {
		Gradable     bool          `json:"gradable"`
		Score        float64       `json:"score"`
		Message      string        `json:"message"`
		Output       string        `json:"output"`
		FormatErrors []string      `json:"format_errors,omitempty"`
		Tests        []prairieTest `json:"tests"`
	}
	prairieTest struct {
		Name        string       `json:"name"`
		Description string       `json:"description"`
		Points      grade.Points `json:"points"`
		MaxPoints   grade.Points `json:"max_points"`
		Message     string       `json:"message"`
		Output      string       `json:"output"`
	}
)

// prairieBytes is the largest report that PrairieLearn takes.
const prairieBytes = 1_000_000

// prairieLearn writes a test for each step that asks for something, but for those
// that wait for an instructor, which its output names. A report of
// more than PrairieLearn takes goes without the tests' outputs.
func prairieLearn(w io.Writer, s *gradedOne) error {
	_, _, counted, _ := totals(s.Submission)
	all := s.summary()
	out := prairieReport{Gradable: s.Sheet != nil || s.Hand != nil, Score: counted.Of(s.key.Max),
		Message: all[0], Output: strings.Join(all, "\n"), Tests: []prairieTest{}}
	if !out.Gradable {
		out.FormatErrors = s.errors()
		return doc.WriteJSON(w, out)
	}
	for i := range s.key.Steps {
		if st := &s.key.Steps[i]; s.Hand != nil {
			continue
		} else if st.Asks() && s.waits(i) {
			out.Output += "\n" + strings.Join(append([]string{stepTitle(st) + ": to review."}, s.stepSentences(i)...), "\n")
		} else if st.Asks() {
			out.Tests = append(out.Tests, prairieTest{
				Name: stepTitle(st), Description: short(render.EventLine(s.key.Trace, st.Trace.Event)),
				Points: stepPoints(s.Submission, i), MaxPoints: st.Max,
				Message: s.tallySentence(i), Output: strings.Join(s.stepSentences(i), "\n"),
			})
		}
	}
	for i := range s.criteria() {
		if m := &s.Sheet.Criteria[i]; m.Waits() {
			out.Output += "\nTo review: " + s.metSentence(i)
		} else {
			out.Tests = append(out.Tests, prairieTest{Name: short(m.Label), Points: m.Points, MaxPoints: m.Max, Message: s.metSentence(i)})
		}
	}
	if text, err := doc.EncodeJSON(out); err == nil && len(text) > prairieBytes {
		for i := range out.Tests {
			out.Tests[i].Output = ""
		}
		out.Output += "\nThe steps' answers are left out: the report would be too large."
	}
	return doc.WriteJSON(w, out)
}

// autolab writes what the student is to read, and as the last line the scores.
// There is one problem, named as the key's title, or Total where it has none:
// the problem of that name holds the whole score of the sheet.
func autolab(w io.Writer, s *gradedOne) error {
	out := bufio.NewWriter(w)
	show := func(indent string, lines []string) {
		for _, line := range lines {
			fmt.Fprintln(out, indent+doc.Line(line))
		}
	}
	show("", append(s.summary(), s.noMark()...))
	for i := range s.key.Steps {
		if st := &s.key.Steps[i]; st.Asks() && s.Sheet != nil {
			fmt.Fprintf(out, "\n%s: %s\n", stepTitle(st), pointsOf(stepPoints(s.Submission, i), st.Max))
			show("  ", s.stepSentences(i))
		}
	}
	if lines := s.metSentences(); len(lines) > 0 {
		fmt.Fprintln(out, "\nWhat the sheet contains:")
		show("  ", lines)
	}
	problem := s.key.Trace.Title
	if problem == "" {
		problem = "Total"
	}
	_, _, counted, _ := totals(s.Submission)
	fmt.Fprintf(out, "\n{\"scores\": {%s: %v}}\n", doc.JSONString(problem), counted)
	return out.Flush()
}
