package lms

import (
	"encoding/json"
	"strings"
	"testing"

	"raftsheet/check/grade"
	"raftsheet/render/internal/rendertest"
)

// countsAlone gives a class of the submissions that were marked.
func countsAlone(c *grade.Class) *grade.Class {
	out := &grade.Class{Key: c.Key}
	for i := range c.Submissions {
		if s := &c.Submissions[i]; s.Outcome == grade.Marked {
			out.Submissions = append(out.Submissions, *s)
		}
	}
	return out
}

// Of a sheet that a scheme marks, each report has what it contains and what is taken
// off. The sheet, by hand: of 6 cells, 4 answers and 2 fields that weigh half, 12
// points are shared out at 2.4 and 1.2; one answer is wrong, one field cannot be read:
// 8.4 to 9.6. One of two elections: 2 of 4. One message is impossible: -2. Late: 10%.
func TestOwnReports(t *testing.T) {
	c := countsAlone(rendertest.OwnClass(t, "own"))
	g := readStrictly[gradescopeRead](t, bookGrades(t, "gradescope", c, false))
	if g.Score.String() != "7.56" || len(g.Tests) != 5 {
		t.Errorf("gradescope: %v points, %d tests; it is (8.4 + 2 - 2) * .9, and there are 3 steps and 2 criteria", g.Score, len(g.Tests))
	}
	if m := g.Tests[3]; m.Name != "2 elections won" || m.Score.String() != "2" || m.MaxScore.String() != "4" || m.Status != "failed" || m.Output != "2 elections won: 2 of 4 points (1 of 2, step own)." {
		t.Errorf("gradescope's test of a criterion is %+v", m)
	}
	for _, want := range []string{"2 points off: step own': node 2 could not have sent this appendEntries", "it goes on from step own', and costs nothing more"} {
		if !strings.Contains(g.Output, want) {
			t.Errorf("gradescope's output does not say %q:\n%s", want, g.Output)
		}
	}
	p := readStrictly[prairieRead](t, bookGrades(t, "prairielearn", c, false))
	if !p.Gradable || len(p.Tests) != 4 || !strings.Contains(p.Output, "2 points off") {
		t.Errorf("prairielearn: %+v", p)
	}
	if a := bookGrades(t, "autolab", c, false); !strings.Contains(a, "\n  own: 0 of 2 points (not on this sheet).\n") || autolabScores(t, a)["own"] != "7.56" {
		t.Errorf("autolab:\n%s", a)
	}
	rows := readCSV(t, bookGrades(t, "csv", c, false))
	got := make(map[string]string)
	for i, name := range rows[0] {
		got[name] = rows[1][i]
	}
	for name, want := range map[string]string{"cells": "8.4", "2 elections won": "2", "own": "0", "impossible": "-2", "strict": "8.4", "followThrough": "8.4", "counted": "7.56", "max": "18", "forHuman": "1"} {
		if got[name] != want {
			t.Errorf("csv: %s is %q; it is %q", name, got[name], want)
		}
	}
}

// What programs read of a sheet that a scheme marks.
func TestOwnJSON(t *testing.T) {
	var got struct {
		Criteria    json.RawMessage
		Max         json.Number
		Key         struct{ File, Title string }
		Submissions []struct {
			Totals                      json.RawMessage
			Criteria, Deductions, Steps json.RawMessage
		}
	}
	if err := json.Unmarshal([]byte(bookGrades(t, "json", countsAlone(rendertest.OwnClass(t, "own")), false)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Max != "18" || got.Key.File != "own" || got.Key.Title != "own" {
		t.Errorf("of %s by %s", got.Max, got.Key)
	}
	s := got.Submissions[0]
	rendertest.SameJSON(t, `[{"name": "elections", "label": "2 elections won", "times": 2, "max": 4}, {"name": "AE2 refused", "label": "own", "times": 1, "max": 2}]`, string(got.Criteria))
	rendertest.SameJSON(t, `{"strict": 8.4, "followThrough": 8.4, "counted": 7.56, "most": 8.64, "penalty": 0.84}`, string(s.Totals))
	rendertest.SameJSON(t, `[{"name": "elections", "label": "2 elections won", "times": 2, "max": 4, "found": 1, "steps": ["own"], "points": 2},
		{"name": "AE2 refused", "label": "own", "times": 1, "max": 2, "found": 0, "steps": [], "points": 0}]`, string(s.Criteria))
	rendertest.SameJSON(t, `[
		{"step": "own'", "line": 10, "column": 5, "points": 2, "least": 2, "kind": "message", "rule": "C2", "message": "step own': node 2 could not have sent this appendEntries"},
		{"step": "own''", "line": 14, "column": 5, "points": 0, "least": 0, "kind": "message", "rule": "C2", "message": "step own'': node 2 could not have sent this appendEntries", "goesOn": "own'"}]`, string(s.Deductions))
	rendertest.SameJSON(t, `[{"step": "own", "strict": 4.8, "followThrough": 4.8, "max": 4.8}, {"step": "own'", "strict": 2.4, "followThrough": 2.4, "max": 2.4},
		{"step": "own''", "strict": 1.2, "followThrough": 1.2, "most": 2.4, "max": 4.8}]`, string(s.Steps))
}

// Whatever a scheme and a sheet hold, each report reads back, and hides nothing.
func TestOwnHostile(t *testing.T) {
	for _, text := range rendertest.Texts {
		c := countsAlone(rendertest.OwnClass(t, text))
		if len(c.Submissions) != 1 {
			t.Fatalf("%q: %d sheets count", text, len(c.Submissions))
		}
		for _, format := range allFormats() {
			out := bookGrades(t, format, c, true)
			rendertest.NoneHidden(t, out)
			for line := range strings.Lines(out) {
				if strings.HasPrefix(strings.TrimLeft(line, " "), "::") || strings.Contains(line, "##[") {
					t.Errorf("%s, %q: a workflow takes %q for a command", format, text, line)
				}
			}
		}
		readStrictly[gradescopeRead](t, bookGrades(t, "gradescope", c, true))
		readStrictly[prairieRead](t, bookGrades(t, "prairielearn", c, true))
		if rows := readCSV(t, bookGrades(t, "csv", c, true)); len(rows) != 2 {
			t.Errorf("%q: csv %q", text, rows)
		}
	}
}
