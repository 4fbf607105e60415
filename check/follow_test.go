package check_test

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/trace"
)

// stepsOf gives the steps of a trace as a sheet for another.
func stepsOf(tr *trace.Trace) []*trace.Step {
	steps := make([]*trace.Step, len(tr.Steps))
	for i := range tr.Steps {
		steps[i] = &tr.Steps[i]
	}
	return steps
}

// Who writes nothing, or all that is true, is where the reference is, in every
// state of every node.
func TestFollowingTheTruth(t *testing.T) {
	onTraces(t, func(t *rapid.T, run *check.Run, text string) {
		nothing := make([]*trace.Step, len(run.Steps))
		sameWay(t, run, run.Follow(nothing), text)
		filled, err := fill(text, check.FillOptions{All: true, Correct: true})
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		_, all := mustParse(t, filled)
		sameWay(t, run, run.Follow(stepsOf(all)), filled)
	})
}

func sameWay(t *rapid.T, run *check.Run, f *check.Followed, text string) {
	if len(f.Stops) > 0 {
		t.Fatalf("a node is not followed: %+v\n%s", f.Stops, text)
	}
	for step := range len(run.Steps) + 1 {
		if a, b := strings.Join(states(run, step), "\n"), strings.Join(states(f.Run, step), "\n"); a != b {
			t.Fatalf("after step %d the states are\n%s\nand who follows has\n%s\n%s", step, a, b, text)
		}
	}
	for i, c := range check.Cells(run.Trace) {
		if a, b := run.Gives(&c), f.Gives(&c); fmt.Sprint(a) != fmt.Sprint(b) {
			t.Fatalf("cell %d (%+v) is %v, and who follows has %v\n%s", i, c, a, b, text)
		}
	}
}
