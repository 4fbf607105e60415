package lms

import (
	"bufio"
	"fmt"
	"io"
	"strconv"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/render"
	"raftsheet/render/doc"
)

// Gradescope's results.json. The score at the top overrules the sum of the
// tests, so that what being late costs is taken off it. Nothing is hidden: one
// hidden test would hide the total from the student.
type (
	gradescopeReport struct {
		Score            grade.Points     `json:"score"`
		Output           string           `json:"output"`
		OutputFormat     string           `json:"output_format"`
		Visibility       string           `json:"visibility"`
		StdoutVisibility string           `json:"stdout_visibility"`
		Tests            []gradescopeTest `json:"tests"`
	}
	gradescopeTest struct {
		Name         string       `json:"name"`
		Number       string       `json:"number"`
		Score        grade.Points `json:"score"`
		MaxScore     grade.Points `json:"max_score"`
		Status       string       `json:"status"`
		Output       string       `json:"output"`
		OutputFormat string       `json:"output_format"`
		Visibility   string       `json:"visibility"`
	}
)

// gradescope writes a test for each step that asks for something, and for each thing
// that a scheme asks a sheet to contain. A step's number is its ordinal in the key.
// What is taken off has no test: the output tells of it.
func gradescope(w io.Writer, s *gradedOne) error {
	_, _, counted, _ := totals(s.Submission)
	out := gradescopeReport{Score: counted, Output: strings.Join(s.summary(), "\n"), OutputFormat: "text",
		Visibility: "visible", StdoutVisibility: "hidden", Tests: []gradescopeTest{}}
	for i := range s.key.Steps {
		st := &s.key.Steps[i]
		if !st.Asks() {
			continue
		}
		status := "failed"
		if s.stepPassed(i) {
			status = "passed"
		}
		out.Tests = append(out.Tests, gradescopeTest{
			Name: stepTitle(st), Number: strconv.Itoa(st.Trace.Number),
			Score: stepPoints(s.Submission, i), MaxScore: st.Max, Status: status,
			Output: strings.Join(s.stepSentences(i), "\n"), OutputFormat: "text", Visibility: "visible",
		})
	}
	for i := range s.criteria() {
		m := &s.Sheet.Criteria[i]
		status := "failed"
		if m.Points.Cmp(m.Max) == 0 {
			status = "passed"
		}
		out.Tests = append(out.Tests, gradescopeTest{
			Name: short(m.Label), Number: "c" + strconv.Itoa(i+1), Score: m.Points, MaxScore: m.Max, Status: status,
			Output: short(render.MetLine(s.key, m)) + ".", OutputFormat: "text", Visibility: "visible",
		})
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

// prairieLearn writes a test for each step that asks for something. A report of
// more than PrairieLearn takes goes without the tests' outputs.
func prairieLearn(w io.Writer, s *gradedOne) error {
	_, _, counted, _ := totals(s.Submission)
	all := s.summary()
	out := prairieReport{Gradable: s.Sheet != nil, Score: counted.Of(s.key.Max),
		Message: all[0], Output: strings.Join(all, "\n"), Tests: []prairieTest{}}
	if !out.Gradable {
		out.FormatErrors = s.errors()
		return doc.WriteJSON(w, out)
	}
	for i := range s.key.Steps {
		if st := &s.key.Steps[i]; st.Asks() {
			out.Tests = append(out.Tests, prairieTest{
				Name: stepTitle(st), Description: short(render.EventLine(s.key.Trace, st.Trace.Event)),
				Points: stepPoints(s.Submission, i), MaxPoints: st.Max,
				Message: s.tallySentence(i), Output: strings.Join(s.stepSentences(i), "\n"),
			})
		}
	}
	for i := range s.criteria() {
		m := &s.Sheet.Criteria[i]
		out.Tests = append(out.Tests, prairieTest{Name: short(m.Label), Points: m.Points, MaxPoints: m.Max,
			Message: short(render.MetLine(s.key, m)) + "."})
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
	show("", s.summary())
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
