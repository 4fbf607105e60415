package grade

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/edit"
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
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		nothing := make([]*trace.Step, len(run.Steps))
		sameWay(t, run, carryForward(run, nothing), text)
		filled := allRight(t, text)
		_, all := checktest.MustParse(t, filled)
		sameWay(t, run, carryForward(run, stepsOf(all)), filled)
	})
}

func sameWay(t *rapid.T, run *replay.Run, f *carried, text string) {
	if len(f.Stops) > 0 {
		t.Fatalf("a node is not followed: %+v\n%s", f.Stops, text)
	}
	for step := range len(run.Steps) + 1 {
		if a, b := strings.Join(checktest.States(run, step), "\n"), strings.Join(checktest.States(f.Run, step), "\n"); a != b {
			t.Fatalf("after step %d the states are\n%s\nand who follows has\n%s\n%s", step, a, b, text)
		}
	}
	for i, c := range item.Of(run.Trace) {
		if a, b := checktest.Given(run, &c), checktest.Given(f.Run, &c); fmt.Sprint(a) != fmt.Sprint(b) {
			t.Fatalf("cell %d (%+v) is %v, and who follows has %v\n%s", i, c, a, b, text)
		}
	}
}

// allRight gives a trace with every answer as the reference has it.
func allRight(t *rapid.T, text string) string {
	f, tr := checktest.MustParse(t, text)
	run, err := check.Replay(tr, raft.Figure2())
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	ed, err := edit.Open(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := check.Fill(ed, []*replay.Run{run}, check.FillOptions{All: true, Correct: true}); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	out, err := ed.Bytes()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return string(out)
}
