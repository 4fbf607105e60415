package lms

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"raftsheet/check/grade"
	"raftsheet/render/internal/rendertest"
)

// Every report has the points that an instructor gave, and says whose they are.
func TestByHandReports(t *testing.T) {
	class := rendertest.ByHand(t, "see me")
	want := map[string]struct{ score, says string }{
		"ann.yaml": {"4", "An instructor decided what this is worth. Note: see me"},
		"ben.yaml": {"4", "An instructor read this as ok. Note: see me"},
		"cem.yaml": {"3.5", "0.5 of 1 point. An instructor decided"},
		"dan.yaml": {"2", "An instructor has marked this sheet by hand: 2 of 4 points. Note: see me"},
	}
	for _, s := range class.Submissions {
		one := &grade.Class{Key: class.Key, Submissions: []grade.Submission{s}}
		for _, format := range Autograders() {
			if format == "classroom50" { // it has numbers alone, in units of its own
				continue
			}
			var b strings.Builder
			if err := Grades(&b, format, one, Options{}); err != nil {
				t.Fatal(err)
			}
			text := b.String()
			if !strings.Contains(text, want[s.Name].says) || strings.Contains(text, "review.yaml") {
				t.Errorf("%s of %s does not say %q, or names the instructor's file:\n%s", format, s.Name, want[s.Name].says, text)
			}
			var got oneRead
			if lines := strings.Split(strings.TrimSpace(text), "\n"); format == "autolab" {
				text = lines[len(lines)-1]
			}
			if err := json.Unmarshal([]byte(text), &got); err != nil {
				t.Fatal(err)
			}
			score := got.Score.String()
			if format == "autolab" {
				score = got.Scores["Total"].String()
			}
			if p, err := grade.ParsePoints(score); err != nil || format != "prairielearn" && p.String() != want[s.Name].score || got.Gradable != nil && !*got.Gradable {
				t.Errorf("%s of %s: the score is %s, want %s:\n%s", format, s.Name, score, want[s.Name].score, text)
			}
			for _, test := range got.Tests {
				if test.Status == "failed" && s.Name != "cem.yaml" {
					t.Errorf("%s of %s shows a failed test:\n%s", format, s.Name, text)
				}
			}
		}
	}
}

// oneRead is what of an autograder's report is looked at.
type oneRead struct {
	Score    json.Number
	Scores   map[string]json.Number
	Gradable *bool
	Tests    []struct{ Status string }
}

// The table of a class has them too, and of a sheet that was marked as a whole no
// points of its steps.
func TestByHandCSV(t *testing.T) {
	want := map[string][2]string{"ann.yaml": {"4", "1"}, "ben.yaml": {"4", "1"}, "cem.yaml": {"3.5", "1"}, "dan.yaml": {"2", "0"}}
	rows := readCSV(t, bookGrades(t, "csv", rendertest.ByHand(t, "see me"), false))
	at := func(name string) int { return slices.Index(rows[0], name) }
	for _, row := range rows[1:] {
		if got := [2]string{row[at("counted")], row[at("byHand")]}; got != want[row[4]] || row[at("forHuman")] != "0" {
			t.Errorf("the row %v: counted and by hand are %v, want %v", row, got, want[row[4]])
		}
		if whole := row[at("outcome")] == "byHand"; whole != (row[at("strict")] == "") {
			t.Errorf("the row %v has points of answers", row)
		}
	}
}
