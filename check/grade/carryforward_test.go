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

// What a table says of a snapshot, and of the leader, is carried forward; what it
// says of a log's end is not, since that does not tell the log.
func TestCarriedTables(t *testing.T) {
	cases := []struct {
		why, table string
		log        raft.Log
		commit     raft.Index
		leader     raft.NodeID
	}{
		{"a snapshot of what the node has", "{snapshot: {lastIncludedIndex: 1, lastIncludedTerm: 1}}", raft.NewLogAfter(raft.Mark{Index: 1, Term: 1}, raft.Entry{Term: 3}), 1, 2},
		{"a snapshot of another log", "{snapshot: {lastIncludedIndex: 4, lastIncludedTerm: 2}}", raft.NewLogAfter(raft.Mark{Index: 4, Term: 2}), 4, 2},
		{"and what comes after it", "{snapshot: {lastIncludedIndex: 4, lastIncludedTerm: 2}, log: [3:z]}", raft.NewLogAfter(raft.Mark{Index: 4, Term: 2}, raft.Entry{Term: 3, Value: "z"}), 4, 2},
		{"a log from an index on", "{log: {from: 2, entries: [3, 3:z]}}", raft.NewLog(raft.Entry{Term: 1}, raft.Entry{Term: 3}, raft.Entry{Term: 3, Value: "z"}), 1, 2},
		{"another leader", "{leader: Q}", raft.NewLog(raft.Entry{Term: 1}, raft.Entry{Term: 3}), 1, 3},
		{"none", "{leader: none}", raft.NewLog(raft.Entry{Term: 1}, raft.Entry{Term: 3}), 1, 0},
		{"of another term, none unless it says so", "{term: 4}", raft.NewLog(raft.Entry{Term: 1}, raft.Entry{Term: 3}), 1, 0},
		{"the end of a log", "{lastLogIndex: 9, lastLogTerm: 3}", raft.NewLog(raft.Entry{Term: 1}, raft.Entry{Term: 3}), 1, 2},
	}
	for _, c := range cases {
		sheet := parse(t, asked(two+", state: {F: "+c.table+"}")+"- heal: true\n")
		k := newKey(t, asked(two)+"- heal: true\n")
		f := carryForward(k.Run, stepsOf(sheet))
		s := f.State(1, 2)
		if len(f.Stops) > 0 {
			t.Errorf("%s: the node is not followed: %v", c.why, f.Stops)
		}
		if !s.Log.StartsWith(c.log) || !c.log.StartsWith(s.Log) || s.Log.Snapshot() != c.log.Snapshot() || s.CommitIndex != c.commit || s.Leader != c.leader {
			t.Errorf("%s: the log is %v after %v, commitIndex %d, leader %d; want %v after %v, %d, %d",
				c.why, s.Log.Entries(), s.Log.Snapshot(), s.CommitIndex, s.Leader, c.log.Entries(), c.log.Snapshot(), c.commit, c.leader)
		}
	}
}
