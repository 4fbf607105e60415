package diagram_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/raft"
	"raftsheet/render/diagram"
	"raftsheet/render/internal/rendertest"
)

// example gives the reports of an example's traces.
func example(t *testing.T, name string) []*check.Report {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", name))
	if err != nil {
		t.Fatal(err)
	}
	return reports(t, name, string(text))
}

func reports(t *testing.T, name, text string) []*check.Report {
	t.Helper()
	f := rendertest.File(name, text, finding.Mode{})
	if len(f.Reports) == 0 {
		t.Fatalf("%s cannot be replayed: %v", name, f.Errors)
	}
	return f.Reports
}

// life is the life lines of a whole trace.
func life(r *check.Report) *diagram.Lifelines { return diagram.LifelinesOf(diagram.Shown{Report: r}) }

// panels are a trace's logs at the moments at which it looks at them.
func panels(t *testing.T, r *check.Report) diagram.Panels {
	t.Helper()
	p, err := diagram.PanelsOf(diagram.Shown{Report: r}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// arrow finds the message that a node sent another in a step.
func arrow(t *testing.T, l *diagram.Lifelines, sent, from, to string, answer bool) *diagram.Arrow {
	t.Helper()
	for i := range l.Arrows {
		a := &l.Arrows[i]
		if stepID(l, a.Sent) == sent && nodeName(l, int(a.From)) == from && nodeName(l, int(a.To)) == to && a.Answer == answer {
			return a
		}
	}
	t.Fatalf("no message of step %s from %s to %s, answer %t", sent, from, to, answer)
	return nil
}

func stepID(l *diagram.Lifelines, m diagram.Moment) string {
	for i := range l.Steps {
		if l.Steps[i].Number == m.Step {
			return l.Steps[i].ID
		}
	}
	return "off the picture"
}

func nodeName(l *diagram.Lifelines, id int) string {
	for _, n := range l.Nodes {
		if int(n.ID) == id {
			return n.Name
		}
	}
	return l.Others[l.Nodes[0].ID]
}

// What became of a message. The examples' comments say it; if this fails, a
// picture shows a message as lost that arrived, or from or to the wrong step.
func TestArrows(t *testing.T) {
	tests := []struct {
		file, sent, from, to string
		answer               bool
		ends                 string
		fate                 diagram.Fate
		late                 bool
		why                  string
	}{
		{"late.yaml", "RV1", "1", "2", false, "RV1", diagram.Delivered, false, "an ordinary request"},
		{"late.yaml", "RV1", "3", "1", true, "vote3", diagram.Delivered, true, "The votes of term 1 arrive in term 2"},
		{"late.yaml", "RV1", "4", "1", true, "vote4", diagram.Delivered, true, "the other vote of term 1"},
		{"late.yaml", "RV1", "5", "1", true, "RV1", diagram.Lost, false, "Four votes are given, one arrives in time"},
		{"late.yaml", "RV2", "1", "5", false, "RV2", diagram.Lost, false, "lost: [5]"},
		{"late.yaml", "RV2", "3", "1", true, "late3", diagram.Delivered, true, "late, but of this term"},
		{"late.yaml", "AE1", "3", "1", true, "ack3", diagram.Delivered, true, "the third copy that node 1 knows of"},
		{"late.yaml", "AE1", "5", "1", true, "ack5", diagram.Delivered, true, "Node 5's answer to AE1 arrives at last"},
		{"late.yaml", "AE3", "1", "5", false, "AE3", diagram.Delivered, false, "the first time"},
		{"worksheet.yaml", "AE3", "1", "4", false, "AE7", diagram.Delivered, true, "AE3's copies for 4, 5 and 6 arrive now"},
		{"worksheet.yaml", "AE3", "1", "6", false, "AE7", diagram.Delivered, true, "AE3's copies for 4, 5 and 6 arrive now"},
		{"worksheet.yaml", "RV1", "1", "8", false, "RV1", diagram.Lost, false, "lost: [8]"},
		{"partition.yaml", "AE2", "A", "D", false, "AE2", diagram.CutOff, false, "A goes on, with B alone"},
		{"partition.yaml", "AE2", "A", "B", false, "AE2", diagram.Delivered, false, "A goes on, with B alone"},
		{"figure8.yaml", "vote3", "S5", "S1", false, "vote3", diagram.ToDown, false, "S1 crashes"},
	}
	for _, tt := range tests {
		t.Run(tt.file+" "+tt.sent+" "+tt.from+" "+tt.to, func(t *testing.T) {
			l := life(example(t, tt.file)[0])
			a := arrow(t, l, tt.sent, tt.from, tt.to, tt.answer)
			if got := stepID(l, a.Ends); got != tt.ends || a.Fate != tt.fate || a.Late != tt.late {
				t.Errorf("%s: it ends in step %s, fate %d, late %t; want %s, %d, %t", tt.why, got, a.Fate, a.Late, tt.ends, tt.fate, tt.late)
			}
		})
	}
}

// A part of a trace keeps the messages that were sent before it and arrive in it.
// If this fails, a node answers in the picture what nobody has asked.
func TestPart(t *testing.T) {
	rep := example(t, "worksheet.yaml")[0]
	l := diagram.LifelinesOf(diagram.Shown{Report: rep, First: 10, Last: 12})
	crossing := 0
	for _, a := range l.Arrows {
		if a.Sent.Step < 10 {
			crossing++
			if got := stepID(l, a.Ends); got != "AE7" {
				t.Errorf("a message from before the part ends in step %s", got)
			}
		}
	}
	if crossing != 3 {
		t.Errorf("%d messages come from before the part; AE3's copies for 4, 5 and 6 do", crossing)
	}
}

// A picture of some nodes has what these are asked and answer, whoever asks. If
// this fails, a node that is picked out stands silent.
func TestNodes(t *testing.T) {
	rep := example(t, "worksheet.yaml")[0]
	l := diagram.LifelinesOf(diagram.Shown{Report: rep, Nodes: raft.SetOf(5)})
	asked := 0
	for _, a := range l.Arrows {
		if a.Answer && a.From != 5 || !a.Answer && a.To != 5 {
			t.Errorf("a message of step %d from %d to %d is drawn", a.Sent.Step, a.From, a.To)
		}
		if !a.Answer {
			asked++
		}
	}
	want := 0
	for i := range rep.Run.Steps {
		if rep.Run.Steps[i].Delivery(5) != nil {
			want++
		}
	}
	if asked != want {
		t.Errorf("%d requests come to node 5 in the picture, and %d do", asked, want)
	}
	if len(l.Nodes) != 1 || l.Others[1] != "1" {
		t.Errorf("the nodes are %v, the others %v", l.Nodes, l.Others)
	}
	var b strings.Builder
	if err := diagram.Write(&b, "svg", []*diagram.Lifelines{l}); err != nil || !strings.Contains(b.String(), `"small soft middle">8</text>`) {
		t.Errorf("nothing says that node 8 asks node 5: %v", err)
	}
}

// A partition stands between those nodes that cannot reach each other, from the
// step that makes it to the one that heals it. If this fails, the picture cuts off
// the wrong nodes.
func TestWalls(t *testing.T) {
	l := life(example(t, "partition.yaml")[0])
	if len(l.Walls) != 1 || stepID(l, l.Walls[0].From) != "cut" || stepID(l, l.Walls[0].To) != "whole" {
		t.Errorf("the walls are %v", l.Walls)
	}
	var b strings.Builder
	if err := diagram.Write(&b, "svg", []*diagram.Lifelines{l}); err != nil {
		t.Fatal(err)
	}
	if got := strings.Count(b.String(), `class="wall"`); got != 2 {
		t.Errorf("%d lines: one between B and C, and one in the legend, are right", got)
	}
}

// The events that a step makes of the nodes, as the trace's comments and Figure 2
// have them. If this fails, a picture tells another story than the replay.
func TestEvents(t *testing.T) {
	l := life(example(t, "figure8.yaml")[0])
	tests := []struct{ step, node, text string }{
		{"vote2", "S1", "timeout (unwritten)"}, // nobody asks for votes without it
		{"vote2", "S1", "leader t2"},
		{"3", "S1", "crash"},
		{"vote3", "S3", "term 3"},
		{"vote3", "S5", "leader t3"},
		{"fig8b", "S5", "client c"},
		{"7", "S1", "restart"},
		{"fig8d", "S1", "term 5"},
	}
	for _, tt := range tests {
		found := false
		var all []string
		for i := range l.Steps {
			if l.Steps[i].ID != tt.step {
				continue
			}
			for _, e := range l.Steps[i].Events {
				text := e.Text
				if e.Implied {
					text += " (unwritten)"
				}
				all = append(all, nodeName(l, int(e.Node))+": "+text)
				found = found || text == tt.text && nodeName(l, int(e.Node)) == tt.node
			}
		}
		if !found {
			t.Errorf("step %s: %s does not say %q; the events are %s", tt.step, tt.node, tt.text, strings.Join(all, ", "))
		}
	}
}

// Each wrong answer of the worksheet stands at its step and its node, with what is
// written and what is right. If this fails, a teacher's picture hides a mistake.
func TestDivergences(t *testing.T) {
	l := life(example(t, "worksheet-wrong.yaml")[0])
	want := map[string]string{
		"AE3": "node 7 answers ok; Figure 2 says no", "RV3": "node 5 answers ok; Figure 2 says no",
		"RV4": "node 3 answers ok; Figure 2 says no", "AE6": "node 3 answers no; Figure 2 says ok",
		"AE7": "node 5 answers term 1; Figure 2 says term 3", "AE9": "node 4 has commitIndex 4; Figure 2 says 3",
	}
	for _, s := range l.Steps {
		var heads []string
		for _, d := range s.Divergences {
			heads = append(heads, d.Head)
			if d.Reason == "" {
				t.Errorf("step %s: %s: no reason is given", s.ID, d.Head)
			}
		}
		if got := strings.Join(heads, "; "); got != want[s.ID] {
			t.Errorf("step %s is marked %q, not %q", s.ID, got, want[s.ID])
		}
		marked := 0
		for _, e := range s.Events {
			if e.Kind == diagram.Wrong {
				marked++
			}
		}
		if marked != len(s.Divergences) {
			t.Errorf("step %s: %d nodes are marked for %d divergences", s.ID, marked, len(s.Divergences))
		}
	}
}

// More than anybody reads is refused, with the flag that helps. If this fails, a
// small file makes a picture of hundreds of megabytes.
func TestBounded(t *testing.T) {
	long := reports(t, "long.yaml", "nodes: 3\nsteps:\n"+strings.Repeat("- {timeout: 1, state: {1: {log: []}, 2: {log: []}}}\n", 1001))[0]
	wide := reports(t, "wide.yaml", "nodes: 64\nsteps:\n"+strings.Repeat("- requestVote: {candidateId: 1}\n", 500))[0]
	part := diagram.Shown{Report: long, First: 2}
	tests := []struct {
		why   string
		shown []diagram.Shown
		says  string
	}{
		{"1001 steps", []diagram.Shown{{Report: long}}, "such as 1-1000"},
		{"1000 steps", []diagram.Shown{part}, ""},
		{"1000 steps and one of another trace", []diagram.Shown{part, {Report: wide, Last: 1}}, "--step draws fewer"},
		{"500 steps of 63 messages, of which 317 are 19,971", []diagram.Shown{{Report: wide}}, "such as 1-317"},
	}
	for _, tt := range tests {
		err := diagram.Bounded(tt.shown)
		if (err == nil) != (tt.says == "") || err != nil && !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v", tt.why, err)
		}
	}
	if _, err := diagram.PanelsOf(diagram.Shown{Report: long}, nil); err == nil || !strings.Contains(err.Error(), "--step names those to draw") {
		t.Errorf("1001 tables: %v", err)
	}
	var b strings.Builder
	if err := diagram.Write(&b, "mermaid", []*diagram.Lifelines{diagram.LifelinesOf(part)}); err == nil || !strings.Contains(err.Error(), "--step") {
		t.Errorf("Mermaid of 1000 steps: %v", err)
	}
}
