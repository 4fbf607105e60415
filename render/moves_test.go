package render

import (
	"strings"
	"testing"

	"raftsheet/check/grade"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
)

func movesIn(t *testing.T, format string, m *grade.Moves, most int) string {
	t.Helper()
	var b strings.Builder
	if err := doc.Write(&b, format, Moves(m, "before.json", most), doc.Options{Width: 200}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A report of an earlier run, and what students are called, may hold anything: it
// stays a text in every format.
func TestMovesHostile(t *testing.T) {
	for _, hostile := range rendertest.Lines {
		now := rendertest.HostileClass(t, hostile).Results("")
		before := rendertest.HostileClass(t, hostile).Results("")
		before.Key, now.Key = "a", "b"
		for i := range before.Submissions {
			for j := range before.Submissions[i].Cells {
				before.Submissions[i].Cells[j].Verdict = hostile
			}
		}
		gone := grade.Result{File: hostile, Outcome: hostile}
		before.Submissions = append(before.Submissions, gone, gone)
		for _, format := range readable {
			rendertest.NoneHidden(t, movesIn(t, format, now.Since(before), 3))
		}
	}
}

// The change is said where it can be: not of a range, nor where there was no mark.
func TestMovesShown(t *testing.T) {
	points := func(least, most int) *grade.Range {
		return &grade.Range{Least: grade.Whole(least), Most: grade.Whole(most)}
	}
	result := func(name, outcome string, r *grade.Range, verdicts ...string) grade.Result {
		out := grade.Result{File: name, Student: grade.Student{Name: name}, Outcome: outcome, Counts: r}
		for _, v := range verdicts {
			out.Cells = append(out.Cells, grade.CellResult{Step: "s", Node: "1", Field: v, Verdict: v})
		}
		return out
	}
	before := &grade.Results{Key: "a", Submissions: []grade.Result{
		result("ann", "marked", points(3, 3)), result("ben", "marked", points(5, 5)), result("cem", "marked", points(1, 2)),
		result("dan", "malformed", nil), result("eve", "marked", points(4, 4)), result("fay", "marked", points(4, 4))}}
	now := &grade.Results{Key: "b", Submissions: []grade.Result{
		result("ann", "marked", points(5, 5), "right", "wrong", "blank"), result("ben", "marked", points(4, 4)), result("cem", "marked", points(2, 2)),
		result("dan", "byHand", points(7, 7)), result("eve", "marked", points(4, 4)), result("gil", "refused", nil)}}
	text := unwrapped(movesIn(t, "text", now.Since(before), 2))
	for _, want := range []string{"Since before.json The key has changed", "3 5 +2 ann (step s, node 1, right: not asked, now right 0; step s, node 1, wrong: not asked, now wrong 0; 1 more)",
		"5 4 -1 ben (every cell is as before", "1 to 2 2 cem", "malformed 7 dan", "New: gil (refused).", "Gone: fay (4).", "4 changed, 1 as before, 1 new, 1 gone."} {
		if !strings.Contains(text, want) {
			t.Errorf("no %q in\n%s", want, text)
		}
	}
}
