package diagram_test

import (
	"fmt"
	"strings"
	"testing"

	"raftsheet/render/diagram"
)

// cellsOf is a row as text: 1 1 4, with the value where there is one, a bar after
// the last committed entry.
func cellsOf(r *diagram.LogRow) string {
	var parts []string
	committed := false
	for i, c := range r.Cells {
		text := ""
		switch c.Kind {
		case diagram.Nothing:
			continue
		case diagram.Entry:
			text = fmt.Sprint(c.Term) + c.Value
		case diagram.Gone:
			text = "-" + fmt.Sprint(c.Term) + c.Value
		case diagram.Covered:
			text = "~"
		case diagram.Elision:
			text = "…"
		}
		if c.New {
			text = "+" + text
		}
		if c.Old > 0 {
			text += fmt.Sprintf("(%d)", c.Old)
		}
		if c.Wrong {
			text = "!" + text
		}
		if committed && !c.Committed {
			parts = append(parts, "|")
		}
		if committed = c.Committed; committed && i == len(r.Cells)-1 {
			text += " |"
		}
		parts = append(parts, text)
	}
	return strings.Join(parts, " ")
}

// The panels are the paper's figures: Figure 7, and Figure 8 from (a) to (e), copied
// from the paper with the trace's values beside the terms. If this fails, the
// picture is not the figure that a class has before it.
func TestFigures(t *testing.T) {
	tests := []struct {
		file     string
		document int
		panels   []string // title: rows
	}{
		{"figure7.yaml", 0, []string{
			"start: leader 1 1 1 4 4 5 5 6 6 6; a 1 1 1 4 4 5 5 6 6; b 1 1 1 4; c 1 1 1 4 4 5 5 6 6 6 6; d 1 1 1 4 4 5 5 6 6 6 7 7; e 1 1 1 4 4 4 4; f 1 1 1 2 2 2 3 3 3 3 3",
			"same: leader 1 1 1 4 4 5 5 6 6 6 8x |; a 1 1 1 4 4 5 5 6 6 6 8x |; b 1 1 1 4 4 5 5 6 6 6 8x |; c 1 1 1 4 4 5 5 6 6 6 8x |; d 1 1 1 4 4 5 5 6 6 6 8x |; e 1 1 1 4 4 5 5 6 6 6 8x |; f 1 1 1 4 4 5 5 6 6 6 8x |"}},
		{"figure8.yaml", 0, []string{
			"fig8a: S1 1a 2b; S2 1a 2b; S3 1a; S4 1a; S5 1a",
			"fig8b: S1 1a 2b; S2 1a 2b; S3 1a; S4 1a; S5 1a 3c",
			"fig8c: S1 1a 2b 4d; S2 1a 2b; S3 1a 2b; S4 1a; S5 1a 3c",
			"fig8d: S1 1a 3c; S2 1a 3c; S3 1a 3c; S4 1a 3c; S5 1a 3c"}},
		{"figure8.yaml", 1, []string{
			"start: S1 1a 2b 4d; S2 1a 2b; S3 1a 2b; S4 1a; S5 1a 3c",
			"fig8e: S1 1a 2b 4d |; S2 1a 2b 4d; S3 1a 2b 4d; S4 1a; S5 1a 3c"}},
	}
	for _, tt := range tests {
		p := panels(t, example(t, tt.file)[tt.document])
		var got []string
		for _, l := range p.Logs {
			var rows []string
			for i := range l.Rows {
				rows = append(rows, l.Rows[i].Label+" "+cellsOf(&l.Rows[i]))
			}
			got = append(got, l.Title+": "+strings.Join(rows, "; "))
		}
		if a, b := strings.Join(got, "\n"), strings.Join(tt.panels, "\n"); a != b {
			t.Errorf("%s, document %d:\n%s\nand the paper has\n%s", tt.file, tt.document+1, a, b)
		}
	}
}

// The logs beside a step are those that it changed: nodes with equal ones in one
// row, what is new (+, with the term of what it replaces) and what is gone (-), and what is written wrong (!) below
// what is right. If this fails, a picture blames the wrong log.
func TestChangedLogs(t *testing.T) {
	text := `nodes: 4
initial:
  1: {term: 2, role: leader, log: [1:a, 2:b]}
  2: {term: 2, log: [1:a, 1:x, 1:y]}
  3: {term: 2, log: [1:a]}
  4: {term: 2, log: [1:a]}
steps:
  - appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [2:b], leaderCommit: 1}
    state: {2: {log: [1:a, 1:x]}, 4: {log: [1:a, 2:b]}}
`
	l := life(reports(t, "conflict.yaml", text)[0])
	var got []string
	for i := range l.Steps[0].Logs.Rows {
		r := &l.Steps[0].Logs.Rows[i]
		got = append(got, r.Label+": "+cellsOf(r))
	}
	if p := panels(t, reports(t, "conflict.yaml", text)[0]).Logs; len(p) != 2 || len(p[1].Rows) != 5 || cellsOf(&p[1].Rows[2]) != "1a !1x" {
		t.Errorf("the panels are %v: the start and the end, there with the log that is written of node 2", p)
	}
	want := "2: 1a | +2b(1) -1y\nwritten: 1a !1x\n3, 4: 1a | +2b"
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("the logs are\n%s\nnot\n%s", text, want)
	}
}

// A long log is elided where nothing happens: its ends stay. If this fails, a
// picture is as wide as the log is long, or hides where it ends.
func TestElided(t *testing.T) {
	text := "nodes: 3\ninitial:\n  1: {term: 1, role: leader, commitIndex: 40, log: [" + strings.TrimSuffix(strings.Repeat("1, ", 500), ", ") + "]}\n" +
		"  2: {term: 1, log: [" + strings.TrimSuffix(strings.Repeat("1, ", 100), ", ") + "]}\nsteps: []\n"
	p := panels(t, reports(t, "long.yaml", text)[0])
	l := p.Logs[0]
	if n := len(l.Columns); n > 50 {
		t.Errorf("%d columns for a log of 500", n)
	}
	shown := make(map[int]bool)
	for i, c := range l.Columns {
		if !c.Elided {
			shown[int(c.Index)] = true
		}
		if i > 0 && c.Index <= l.Columns[i-1].Index {
			t.Errorf("column %d comes after %d", c.Index, l.Columns[i-1].Index)
		}
	}
	for _, i := range []int{1, 40, 100, 101, 500} {
		if !shown[i] {
			t.Errorf("index %d is not shown, where a log begins, ends, or is committed up to", i)
		}
	}
	if l.Rows[2].Label != "3" || cellsOf(&l.Rows[2]) != "" {
		t.Errorf("node 3's log is empty, and the row says %q", cellsOf(&l.Rows[2]))
	}
}
