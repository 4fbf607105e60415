package diagram_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/raft/wide"
	"raftsheet/render/diagram"
	"raftsheet/trace"
)

func init() { wide.Checks(30, 1000) }

// Whatever happens in a trace, its picture tells the same: a life line is what its
// node is after each step, every request and every answer is an arrow once, and
// no arrow goes back in time. If this fails, a picture shows what never was.
func TestLaws(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		r := check.Compare(run)
		l := life(r)
		lives(t, run, l, text)
		requests, answers := 0, 0
		for _, a := range l.Arrows {
			if a.Ends.Step < a.Sent.Step || a.Ends.Step == a.Sent.Step && a.Ends.Phase <= a.Sent.Phase {
				t.Fatalf("an arrow ends at %v and was sent at %v:\n%s", a.Ends, a.Sent, text)
			}
			if a.Answer {
				answers++
			} else {
				requests++
			}
		}
		sent, given, again, late := 0, 0, 0, 0
		for i := range run.Steps {
			s := &run.Steps[i]
			sent += len(s.Deliveries)
			if s.Possible == replay.Late {
				again += len(s.Deliveries)
			}
			for j := range s.Deliveries {
				if d := &s.Deliveries[j]; d.Answered() || d.Fate == replay.Unseen && !d.Lost {
					given++
				}
			}
			if s.Arrival != nil {
				late++
			}
		}
		// A late message is one that seemed lost, or comes again.
		if requests > sent || requests < sent-again || answers < given || answers > given+late {
			t.Fatalf("%d requests and %d answers are drawn of %d and %d, with %d late:\n%s", requests, answers, sent, given, late, text)
		}
		var b strings.Builder
		if err := diagram.Write(&b, "svg", []*diagram.Lifelines{l}); err != nil || strings.Contains(b.String(), "NaN") || strings.Contains(b.String(), "%!") {
			t.Fatalf("the picture is broken: %v", err)
		}
	})
}

// lives holds the life lines against the states after each step.
func lives(t *rapid.T, run *replay.Run, l *diagram.Lifelines, text string) {
	var down raft.NodeSet
	for i := range run.Steps {
		switch e := run.Steps[i].Trace.Event.(type) {
		case *trace.Crash:
			down |= raft.SetOf(e.Nodes...)
		case *trace.Restart:
			down &^= raft.SetOf(e.Nodes...)
		}
		for _, n := range l.Nodes {
			var now diagram.Life
			for _, life := range n.Lives {
				if life.From.Step <= i+1 {
					now = life
				}
			}
			s := run.State(n.ID, i+1)
			want := diagram.Life{Kind: diagram.LifeKind(s.Role), Term: s.CurrentTerm}
			switch {
			case down.Has(n.ID):
				want = diagram.Life{Kind: diagram.Down}
			case run.Untold(n.ID, i+1) || run.Steps[i].Doubts(n.ID):
				want = diagram.Life{Kind: diagram.Untold}
			}
			if now.Kind != want.Kind || now.Term != want.Term {
				t.Fatalf("after step %d node %s is drawn as %v, and is %v:\n%s", i+1, n.Name, now, want, text)
			}
		}
	}
}
