package report

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check/grade"
	"raftsheet/render/internal/rendertest"
)

func gradesJSON(t *testing.T, c *grade.Class, reveal bool) string {
	t.Helper()
	var b strings.Builder
	if err := Grades(&b, c, "v1", reveal); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Law: what is read of a class's report is what the class has come to. If this
// fails, --against tells of marks that have not moved, or not of those that have.
func TestBeforeIsTheClass(t *testing.T) {
	classes := []*grade.Class{rendertest.QuizClass(t), rendertest.ByHand(t, "x")}
	for _, hostile := range rendertest.Lines {
		classes = append(classes, rendertest.HostileClass(t, hostile))
	}
	for _, c := range classes {
		for _, reveal := range []bool{false, true} {
			got, err := Before("before.json", []byte(gradesJSON(t, c, reveal)))
			if err != nil {
				t.Fatal(err)
			}
			want := c.Results("v1")
			same := cmp.Comparer(func(a, b grade.Points) bool { return a.Cmp(b) == 0 })
			if diff := cmp.Diff(want, got, same); diff != "" {
				t.Errorf("-class +report:\n%s", diff)
			}
			if m := want.Since(got); len(m.Moved)+len(m.New)+len(m.Gone) > 0 {
				t.Errorf("something has moved: %+v", m)
			}
		}
	}
}

// What is not a report is an error at its place.
func TestBeforeErrors(t *testing.T) {
	for _, c := range []struct{ text, says string }{
		{"", "b.json:1:1: this is not JSON: it ends too soon"},
		{"{\n  \"version\": 1,\n  \"submissions\": [{]\n}\n", "b.json:3:20: this is not JSON: "},
		{"{\"version\": 1, \"submissions\": [", "b.json:1:32: this is not JSON: it ends too soon"},
		{"{\n  \"version\": 2,\n  \"submissions\": []\n}\n", "b.json:2:3: this report is of version 2"},
		{"{\n  \"version\": \"x\",\n  \"submissions\": []\n}\n", "b.json:2:16: version: a JSON string does not belong here"},
		{"{\"traces\": []}", "b.json:1:1: this is not a report of grade"},
		{"[]", "b.json:1:1: this is not a report of grade"},
		{"{\"version\": 1, \"submissions\": [{\"totals\": {\"counted\": \"many\"}}]}", "b.json:1:"},
		{"{\"version\": 1, \"submissions\": [{\"totals\": {\"counted\": 1e999}}]}", "b.json:1:"},
	} {
		_, err := Before("b.json", []byte(c.text))
		if err == nil || !strings.HasPrefix(err.Error(), c.says) {
			t.Errorf("%q gives %v, want %s", c.text, err, c.says)
		}
	}
}

// What programs read of two runs, by hand: a mark that has moved by a cell, and one
// that is new.
func TestMovesJSON(t *testing.T) {
	points := func(least, most int) grade.Range {
		return grade.Range{Least: grade.Whole(least), Most: grade.Whole(most)}
	}
	was, is := points(3, 4), points(4, 4)
	before := &grade.Results{Tool: "v1", Key: "sha256:a", Submissions: []grade.Result{{Student: grade.Student{ID: "7", Name: "Ann"}, File: "a.yaml", Outcome: "marked", Counts: &was,
		Cells: []grade.CellResult{{Step: "s", Node: "2", Field: "success", Verdict: "forHuman", Points: points(0, 1)}}}}}
	now := &grade.Results{Tool: "v2", Key: "sha256:b", Submissions: []grade.Result{{Student: grade.Student{ID: "7", Name: "Ann"}, File: "b.yaml", Outcome: "marked", Counts: &is,
		Cells: []grade.CellResult{{Step: "s", Node: "2", Field: "success", Verdict: "byHand", Points: points(1, 1)}, {Step: "t", Node: "2", Field: "log", Verdict: "right", Points: points(0, 0)}}},
		{File: "c.jpg", Outcome: "refused"}}}
	var b strings.Builder
	if err := Moves(&b, now.Since(before)); err != nil {
		t.Fatal(err)
	}
	rendertest.SameJSON(t, `{"version": 1, "before": {"tool": "v1", "key": "sha256:a"}, "now": {"tool": "v2", "key": "sha256:b"}, "keyChanged": true, "same": 0,
		"moved": [{"student": {"id": "7", "name": "Ann"}, "file": "b.yaml",
			"before": {"outcome": "marked", "counted": 3, "most": 4}, "now": {"outcome": "marked", "counted": 4},
			"cells": [{"step": "s", "node": "2", "field": "success", "before": {"verdict": "forHuman", "points": 0, "most": 1}, "now": {"verdict": "byHand", "points": 1}},
				{"step": "t", "node": "2", "field": "log", "before": null, "now": {"verdict": "right", "points": 0}}]}],
		"new": [{"student": {"id": "", "name": ""}, "file": "c.jpg", "came": {"outcome": "refused", "counted": null}}], "gone": []}`, b.String())
}
