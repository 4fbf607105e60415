package lms

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check/grade"
)

// This file has the reports of one submission, for autograders.

// What Gradescope reads of results.json, by its names alone.
type gradescopeRead struct {
	Score            json.Number `json:"score"`
	Output           string      `json:"output"`
	OutputFormat     string      `json:"output_format"`
	Visibility       string      `json:"visibility"`
	StdoutVisibility string      `json:"stdout_visibility"`
	Tests            []struct {
		Name         string      `json:"name"`
		Number       string      `json:"number"`
		Score        json.Number `json:"score"`
		MaxScore     json.Number `json:"max_score"`
		Status       string      `json:"status"`
		Output       string      `json:"output"`
		OutputFormat string      `json:"output_format"`
		Visibility   string      `json:"visibility"`
	} `json:"tests"`
}

// A student's report on Gradescope: what every cell came to, and no right answer
// that was not asked for. Points that are off by a rounding, or a test that is
// hidden (with which the student's total is hidden too), break here.
func TestGradescope(t *testing.T) {
	const want = `{
  "score": 4.5,
  "output": "4.5 of 6.5 points.\nThe right answers come to 3; with what follows from earlier mistakes, to 4.5.\nLine 7, column 3: the key has no step zz; it is not marked.",
  "output_format": "text", "visibility": "visible", "stdout_visibility": "hidden",
  "tests": [
    {"name": "Step v: requestVote", "number": "1", "score": 2, "max_score": 2, "status": "passed",
     "output": "Node 2, voteGranted: ok is right.\nNode 3, voteGranted: ok is right.",
     "output_format": "text", "visibility": "visible"},
    {"name": "Step a: appendEntries", "number": "2", "score": 1, "max_score": 2, "status": "failed",
     "output": "Node 2, success: no is wrong; see AppendEntries rule 2, §5.3.\nNode 3, success: none is right.",
     "output_format": "text", "visibility": "visible"},
    {"name": "Step b: appendEntries", "number": "3", "score": 1.5, "max_score": 2.5, "status": "failed",
     "output": "Node 2, success: no follows from an earlier mistake, and counts 1 of 1 point.\nNode 3, success: ok is wrong; see AppendEntries rule 1, §5.1.\nNode 2, log: [] follows from an earlier mistake, and counts 0.25 of 0.25 points.\nNode 2, commitIndex: 0 follows from an earlier mistake, and counts 0.25 of 0.25 points.",
     "output_format": "text", "visibility": "visible"}]}`
	got := readStrictly[gradescopeRead](t, bookGrades(t, "gradescope", bookClass(t, bookBob()), false))
	if d := cmp.Diff(readStrictly[gradescopeRead](t, want), got); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	revealed := readStrictly[gradescopeRead](t, bookGrades(t, "gradescope", bookClass(t, bookBob()), true))
	for i, says := range []string{"", "no is wrong; right is ok: prevLogIndex is 0", "counts 0.25 of 0.25 points; right is 1: "} {
		if !strings.Contains(revealed.Tests[i].Output, says) {
			t.Errorf("with the right answers shown, test %d says %q, not %q", i, revealed.Tests[i].Output, says)
		}
	}
}

// What is handed in late loses points from the score at the top, which overrules
// the tests' sum: 10% of 6.5.
func TestGradescopeLate(t *testing.T) {
	got := readStrictly[gradescopeRead](t, bookGrades(t, "gradescope", bookClass(t, bookCyLate()), false))
	if got.Score != "5.85" || !strings.Contains(got.Output, "late, which costs 0.65.") {
		t.Errorf("score %s, output %q", got.Score, got.Output)
	}
	for _, test := range got.Tests {
		if test.Status != "passed" || test.Score != test.MaxScore {
			t.Errorf("all is right, and yet: %+v", test)
		}
	}
}

// What is left blank, or is not there at all, is named as such; without that a
// student looks for a mistake in what was never written.
func TestGradesBlank(t *testing.T) {
	g := readStrictly[gradescopeRead](t, bookGrades(t, "gradescope", bookClass(t, bookInput("b.yaml", grade.Student{}, "nodes: 3\nsteps:\n- {id: v, requestVote: {candidateId: 1, term: 1}, response: }\n- {id: a, appendEntries: {leaderId: 1}, response: }\n")), true))
	if g.Score != "0" || !strings.HasPrefix(g.Tests[0].Output, "Node 2, voteGranted: left blank; right is ok") ||
		!strings.Contains(g.Output, "step b is missing") {
		t.Errorf("%+v", g)
	}
}

// What PrairieLearn reads of results.json.
type prairieRead struct {
	Gradable     bool     `json:"gradable"`
	Score        float64  `json:"score"`
	Message      string   `json:"message"`
	Output       string   `json:"output"`
	FormatErrors []string `json:"format_errors"`
	Tests        []struct {
		Name        string      `json:"name"`
		Description string      `json:"description"`
		Points      json.Number `json:"points"`
		MaxPoints   json.Number `json:"max_points"`
		Message     string      `json:"message"`
		Output      string      `json:"output"`
	} `json:"tests"`
}

// PrairieLearn's score is a part of 1: 4.5 of 6.5 is 9 of 13.
func TestPrairieLearn(t *testing.T) {
	got := readStrictly[prairieRead](t, bookGrades(t, "prairielearn", bookClass(t, bookBob()), false))
	if !got.Gradable || got.Score != 9.0/13 || got.Message != "4.5 of 6.5 points." || got.FormatErrors != nil || len(got.Tests) != 3 {
		t.Fatalf("%+v", got)
	}
	b := got.Tests[2]
	if b.Name != "Step b: appendEntries" || b.Points != "1.5" || b.MaxPoints != "2.5" ||
		b.Message != "3 follow-through, 1 wrong." || strings.Count(b.Output, "\n") != 3 {
		t.Errorf("%+v", b)
	}
}

// Autolab shows what is printed, and takes the scores from the last line.
func TestAutolab(t *testing.T) {
	const want = `4.5 of 6.5 points.
The right answers come to 3; with what follows from earlier mistakes, to 4.5.
Line 7, column 3: the key has no step zz; it is not marked.

Step v: requestVote: 2 of 2 points
  Node 2, voteGranted: ok is right.
  Node 3, voteGranted: ok is right.

Step a: appendEntries: 1 of 2 points
  Node 2, success: no is wrong; see AppendEntries rule 2, §5.3.
  Node 3, success: none is right.

Step b: appendEntries: 1.5 of 2.5 points
  Node 2, success: no follows from an earlier mistake, and counts 1 of 1 point.
  Node 3, success: ok is wrong; see AppendEntries rule 1, §5.1.
  Node 2, log: [] follows from an earlier mistake, and counts 0.25 of 0.25 points.
  Node 2, commitIndex: 0 follows from an earlier mistake, and counts 0.25 of 0.25 points.

{"scores": {"Append and vote": 4.5}}
`
	if d := cmp.Diff(want, bookGrades(t, "autolab", bookClass(t, bookBob()), false)); d != "" {
		t.Errorf("-want +got\n%s", d)
	}
	untitled := grade.MarkAll(bookKey(t, strings.Replace(bookKeyText, "title: Append and vote\n", "", 1)), []grade.Input{bookAda()}, grade.Settings{})
	if got := bookGrades(t, "autolab", untitled, false); !strings.HasSuffix(got, "\n{\"scores\": {\"Total\": 6.5}}\n") {
		t.Errorf("without a title:\n%s", got)
	}
}

// autolabScores reads the last line.
func autolabScores(t *testing.T, text string) map[string]json.Number {
	t.Helper()
	all := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	return readStrictly[struct {
		Scores map[string]json.Number `json:"scores"`
	}](t, all[len(all)-1]).Scores
}

var ofOneFormats = []string{"gradescope", "prairielearn", "autolab"}

// An autograder shows the student nothing if its report is missing: there is one
// whatever was handed in, with the errors at their places.
func TestUnmarked(t *testing.T) {
	const unreadable = `Line 2, column 1: unknown key "stepssss"; did you mean "steps"?`
	tests := []struct {
		why    string
		inputs []grade.Input
		says   string
	}{
		{"malformed", []grade.Input{bookDee()}, unreadable},
		{"refused", []grade.Input{bookEveRefused()}, "it is a device"},
		{"nothing handed in", nil, "no submission was found"},
	}
	for _, tt := range tests {
		c := bookClass(t, tt.inputs...)
		const noMark = "It has no mark yet; the score is 0 only because this report needs a number."
		g := readStrictly[gradescopeRead](t, bookGrades(t, "gradescope", c, false))
		if g.Score != "0" || !strings.Contains(g.Output, tt.says) || !strings.Contains(g.Output, noMark) || g.OutputFormat != "text" || len(g.Tests) != 0 {
			t.Errorf("%s: gradescope %+v", tt.why, g)
		}
		p := readStrictly[prairieRead](t, bookGrades(t, "prairielearn", c, false))
		if p.Gradable || p.Score != 0 || len(p.FormatErrors) != 1 || !strings.Contains(p.FormatErrors[0], tt.says) || !strings.Contains(p.Output, tt.says) {
			t.Errorf("%s: prairielearn %+v", tt.why, p)
		}
		a := bookGrades(t, "autolab", c, false)
		if s := autolabScores(t, a); s["Append and vote"] != "0" || !strings.Contains(a, tt.says) || !strings.Contains(a, noMark) {
			t.Errorf("%s: autolab %s", tt.why, a)
		}
	}
}

// A report of one submission is none of a class: it would give one student's
// points to whoever the autograder was run for. A superseded file is no second.
func TestMoreThanOne(t *testing.T) {
	for _, format := range ofOneFormats {
		var b strings.Builder
		err := allGrades(&b, format, bookClass(t, bookAda(), bookDee()), false)
		if err == nil || !strings.Contains(err.Error(), "holds one submission; 2 of those handed in count") || b.Len() > 0 {
			t.Errorf("%s: %v, and %q written", format, err, b.String())
		}
		if got := bookGrades(t, format, bookClass(t, bookAdaEarlier(), bookAda()), false); !strings.Contains(got, "6.5") {
			t.Errorf("%s: with an earlier file:\n%s", format, got)
		}
	}
	if err := allGrades(io.Discard, "xlsx", bookClass(t), false); err == nil || !strings.Contains(err.Error(), "csv, junit, gradescope") {
		t.Errorf("an unknown format: %v", err)
	}
}

// A sheet cannot make its report so large that nobody takes it, nor can many
// steps: PrairieLearn reads 1 MB.
func TestReportSize(t *testing.T) {
	var many, key strings.Builder
	many.WriteString(bookBobText)
	for i := range 900 {
		fmt.Fprintf(&many, "- {id: x%d, heal: true}\n", i)
	}
	fmt.Fprintf(&many, "- {id: %s, heal: true}\n", strings.Repeat("y", 100_000))
	key.WriteString("nodes: 3\nsteps:\n")
	for range 2500 {
		key.WriteString("- {requestVote: {candidateId: 1, term: 1}, response: }\n")
	}
	tests := []struct {
		why string
		c   *grade.Class
		max int
	}{
		{"900 unknown steps", bookClass(t, bookInput("many.yaml", grade.Student{}, many.String())), 20_000},
		{"a key of 2,500 steps", grade.MarkAll(bookKey(t, key.String()), []grade.Input{bookInput("a.yaml", grade.Student{}, key.String())}, grade.Settings{}), 1_000_000},
	}
	for _, tt := range tests {
		out := bookGrades(t, "prairielearn", tt.c, true)
		if len(out) > tt.max {
			t.Errorf("%s: %d bytes", tt.why, len(out))
		}
		if p := readStrictly[prairieRead](t, out); !p.Gradable || len(p.Tests) == 0 {
			t.Errorf("%s: %d tests", tt.why, len(p.Tests))
		}
	}
}

// forHumanKey has a log grow by three entries, and a heartbeat after them.
const forHumanKey = `
nodes: 3
steps:
- {id: a, appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:x], leaderCommit: 0}, lost: 3, response: {2: , 3: }}
- {id: b, appendEntries: {leaderId: 1, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [1:y], leaderCommit: 0}, response: {2: , 3: }}
- {id: c, appendEntries: {leaderId: 1, term: 1, prevLogIndex: 2, prevLogTerm: 1, entries: [1:z], leaderCommit: 0}, response: {2: , 3: }}
- {id: d, appendEntries: {leaderId: 1, term: 1, prevLogIndex: 3, prevLogTerm: 1, entries: [], leaderCommit: 0}, response: {2: , 3: }}
`

// Answers that wait for a human are named as such in every report, and so is
// where nothing follows any more; otherwise points go missing without a word.
// Node 2 refuses once too often, and has to from then on; node 3 takes an entry that
// leaves a hole in its log.
func TestGradesForHuman(t *testing.T) {
	sheet := "nodes: 3\nsteps:\n"
	for _, step := range []string{"a", "b", "c", "d"} {
		sheet += "- {id: " + step + ", appendEntries: {leaderId: 1}, response: {2: no, 3: " + map[bool]string{true: "none", false: "ok"}[step == "a"] + "}}\n"
	}
	c := grade.MarkAll(bookKey(t, forHumanKey), []grade.Input{bookInput("s.yaml", grade.Student{}, sheet)}, grade.Settings{})
	j := readStrictly[gradesRead](t, bookGrades(t, "json", c, false)).Submissions[0]
	if len(j.ForHuman) != 1 || j.ForHuman[0].Node != "2" || !slices.Equal(j.ForHuman[0].Marks, []int{2, 4, 6}) || j.Marks[2].Verdict != "forHuman" {
		t.Errorf("for a human: %+v", j.ForHuman)
	}
	if len(j.Stops) != 1 || j.Stops[0].Node != "3" || j.Stops[0].From != 3 || j.Stops[0].Until != 0 {
		t.Errorf("stops: %+v", j.Stops)
	}
	if rows := readCSV(t, bookGrades(t, "csv", c, false)); rows[0][13] != "forHuman" || rows[1][13] != "3" {
		t.Errorf("csv: %q", rows)
	}
	g := readStrictly[gradescopeRead](t, bookGrades(t, "gradescope", c, false))
	for _, says := range []string{"\nTo review by an instructor: after the mistake in step a every later answer of node 2 is no", "\nYour own state was not followed: node 3, from step c on: with the entries of this message its log would have a hole: it ends before index"} {
		if !strings.Contains(g.Output, says) {
			t.Errorf("gradescope does not say %q:\n%s", says, g.Output)
		}
	}
	if b := g.Tests[1]; !strings.HasPrefix(b.Output, "Node 2, success: no follows from a mistake that makes every later answer no; an instructor decides what it is worth.") || b.Status != "failed" {
		t.Errorf("step b: %+v", b)
	}
	if p := readStrictly[prairieRead](t, bookGrades(t, "prairielearn", c, false)); len(p.Tests) != 1 || !strings.Contains(p.Output, "\nStep b: appendEntries: to review.\nNode 2, success: no follows") {
		t.Errorf("prairielearn has %d tests, and says %q", len(p.Tests), p.Output)
	}
}
