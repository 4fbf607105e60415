package lms

import (
	"encoding/json"
	"encoding/xml"
	"strings"
	"testing"
	"time"

	"raftsheet/check/grade"
)

// What Classroom 50 reads of result.json, by its names alone; its validator refuses
// a score that is not a whole number.
type classroomRead struct {
	Schema, Classroom, Assignment string
	Usernames                     []string
	Submission, Commit            string
	Release, Review, Datetime     string
	Score                         int
	MaxScore                      int `json:"max-score"`
	Tests                         []struct {
		Name     string `json:"test-name"`
		Passed   bool
		Score    int
		MaxScore int `json:"max-score"`
	}
}

// The result has the schema's fields and whole numbers, whatever parts of points the
// key has; the identity is the runner's.
func TestClassroom50(t *testing.T) {
	env := map[string]string{"CLASSROOM": "raft", "ASSIGNMENT": "sheet", "USERNAME": "ada", "SUBMISSION_TAG": "submit/1", "COMMIT_URL": "https://c.example/1"}
	how := Options{At: time.Date(2026, 6, 1, 16, 33, 11, 5, time.FixedZone("", 7200)), Env: func(name string) string { return env[name] }}
	var b strings.Builder
	if err := Grades(&b, "classroom50", bookClass(t, bookBob()), how); err != nil {
		t.Fatal(err)
	}
	got := readStrictly[classroomRead](t, b.String())
	if got.Schema != "classroom50/result/v1" || got.Classroom != "raft" || got.Assignment != "sheet" || len(got.Usernames) != 1 || got.Usernames[0] != "ada" ||
		got.Submission != "submit/1" || got.Commit != "https://c.example/1" || got.Review != got.Commit || got.Datetime != "2026-06-01T14:33:11Z" {
		t.Errorf("%+v", got)
	}
	// Bob has 4.5 of 6.5 points, 2 of 2, 1 of 2, and 1.5 of 2.5: in halves.
	if got.Score != 9 || got.MaxScore != 13 || len(got.Tests) != 3 || got.Tests[2].Score != 3 || got.Tests[2].MaxScore != 5 || got.Tests[2].Passed || !got.Tests[0].Passed {
		t.Errorf("%+v", got)
	}
	b.Reset()
	if err := Grades(&b, "classroom50", bookClass(t, bookEveRefused()), how); err != nil {
		t.Fatal(err)
	}
	if got := readStrictly[classroomRead](t, b.String()); got.Score != 0 || got.MaxScore != 0 || len(got.Tests) != 0 {
		t.Errorf("what was not read is 0 of 0: %+v", got)
	}
}

// A JUnit report as GitLab and Artemis read it: a failure for a mistake, and none
// for what was not read.
func TestGradesJUnit(t *testing.T) {
	open := bookInput("z.yaml", grade.Student{Name: "Zoe"}, strings.Replace(bookAdaText, "{2: ok, 3: ok}", "{2: perhaps, 3: ok}", 1))
	var got struct {
		Tests    int `xml:"tests,attr"`
		Failures int `xml:"failures,attr"`
		Errors   int `xml:"errors,attr"`
		Skipped  int `xml:"skipped,attr"`
		Suites   []struct {
			Name  string `xml:"name,attr"`
			Cases []struct {
				Name    string  `xml:"name,attr"`
				Failure *string `xml:"failure"`
				Skipped *string `xml:"skipped"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	text := bookGrades(t, "junit", bookClass(t, bookBob(), bookEveRefused(), open), false)
	if err := xml.Unmarshal([]byte(text), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 7 || got.Failures != 2 || got.Errors != 0 || got.Skipped != 2 || len(got.Suites) != 3 {
		t.Fatalf("%d tests, %d failures, %d errors, %d skipped, %d suites; want 7, 2, 0, 2, 3", got.Tests, got.Failures, got.Errors, got.Skipped, len(got.Suites))
	}
	bob, eve, zoe := got.Suites[0], got.Suites[1], got.Suites[2]
	if f := bob.Cases[1].Failure; f == nil || !strings.Contains(*f, "Node 2, success: no is wrong") {
		t.Errorf("Bob's step a: %+v", bob.Cases[1])
	}
	if s := eve.Cases[0].Skipped; s == nil || !strings.Contains(*s, "it is a device") {
		t.Errorf("Eve's sheet: %+v", eve.Cases[0])
	}
	if s := zoe.Cases[0].Skipped; s == nil || !strings.Contains(*s, "perhaps cannot be read") {
		t.Errorf("Zoe's step v: %+v", zoe.Cases[0])
	}
}

// Gradescope shows a test without score and status as neither passed nor failed: so
// is a step with an answer that cannot be read, and the score at the top is the
// lower end.
func TestGradescopeToReview(t *testing.T) {
	open := bookInput("z.yaml", grade.Student{Name: "Zoe"}, strings.Replace(bookAdaText, "{2: ok, 3: ok}", "{2: perhaps, 3: ok}", 1))
	var got struct {
		Score  json.Number
		Output string
		Tests  []map[string]any
	}
	if err := json.Unmarshal([]byte(bookGrades(t, "gradescope", bookClass(t, open), false)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Score != "5.5" || !strings.Contains(got.Output, "5.5 to 6.5 of 6.5 points.\nAn instructor still has to review some of it; until then the lower number counts.") {
		t.Errorf("score %s, output %q", got.Score, got.Output)
	}
	for _, field := range []string{"score", "max_score", "status"} {
		if v, is := got.Tests[0][field]; is {
			t.Errorf("a step to review has %s %v", field, v)
		}
	}
}

// Gradescope shows how long the marking took, in seconds; where nobody knows, nothing.
func TestGradescopeTime(t *testing.T) {
	for seconds, want := range map[float64]any{1.23456: 1.235, 0: nil} {
		var b strings.Builder
		if err := Grades(&b, "gradescope", bookClass(t, bookBob()), Options{Seconds: seconds}); err != nil {
			t.Fatal(err)
		}
		var got map[string]any
		if err := json.Unmarshal([]byte(b.String()), &got); err != nil {
			t.Fatal(err)
		}
		if got["execution_time"] != want {
			t.Errorf("%v s: execution_time %v, want %v", seconds, got["execution_time"], want)
		}
	}
}
