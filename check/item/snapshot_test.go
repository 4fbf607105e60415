package item_test

import (
	"fmt"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/edit"
)

// withSnapshot replays the trace of one step, in which node 2 of term 2 gets a
// snapshot up to index 3, of term 1, and after it has the log [2:x, 2:y].
func withSnapshot(t *testing.T, table string) (*replay.Run, *trace.File) {
	t.Helper()
	f := checktest.Read(t, "nodes: 2\ninitial: {2: {term: 2}}\nsteps:\n- heal: true\n  state: {2: "+table+"}\n")
	tr := f.Traces[0]
	c := replay.Told(tr, raft.Figure2())
	c.Begin(&replay.Step{Trace: &tr.Steps[0]})
	n := c.Node(2)
	n.Log = raft.NewLogAfter(raft.Mark{Index: 3, Term: 1}, raft.Entry{Term: 2, Value: "x"}, raft.Entry{Term: 2, Value: "y"})
	n.CommitIndex, n.LastApplied = 3, 3
	c.Touch(n)
	c.Keep()
	return c.Run(), f
}

// What is written of a log that begins after a snapshot, and of the snapshot.
func TestLogAfterSnapshot(t *testing.T) {
	cases := []struct{ table, want string }{
		{"{log: [2:x, 2:y]}", ""}, // after the node's own
		{"{log: [2, 2]}", ""},
		{"{log: [2:x]}", "log[5] none/2:y"},
		{"{log: [2:x, 2:z]}", "log[5] 2:z/2:y"},
		{"{log: [2:x, 2:y, 2:z]}", "log[6] 2:z/none"},
		{"{log: [1, 1, 1, 2:x, 2:y]}", "log[4] 1/2:x"}, // it is read as what comes after it
		{"{log: {from: 4, entries: [2:x, 2:y]}}", ""},
		{"{log: {from: 5, entries: [2:y]}}", ""},
		{"{log: {from: 5, entries: [2:x]}}", "log[5] 2:x/2:y"},
		{"{log: {from: 6, entries: []}}", ""},
		{"{log: {from: 5, entries: []}}", "log[5] none/2:y"},
		// Of what the snapshot covers, the last term alone is known.
		{"{log: {from: 1, entries: [1:a, 1:b, 1:c, 2:x, 2:y]}}", ""},
		{"{log: {from: 1, entries: [7:a, 1:b, 1:c, 2:x, 2:y]}}", ""},
		{"{log: {from: 1, entries: [1:a, 1:b, 2:c, 2:x, 2:y]}}", "log[3] 2:c/1"},
		{"{log: {from: 1, entries: [1:a]}}", "log[4] none/2:x"},
		{"{log: {from: 2, entries: [1:b, 1:c, 1:z]}}", "log[4] 1:z/2:x"},
		// A snapshot that is written says where the list begins.
		{"{snapshot: {lastIncludedIndex: 3, lastIncludedTerm: 1}, log: [2:x, 2:y]}", ""},
		{"{snapshot: {lastIncludedIndex: 4, lastIncludedTerm: 1}, log: [2:y]}", "snapshot.lastIncludedIndex 4/3"},
		{"{snapshot: {lastIncludedIndex: 2, lastIncludedTerm: 2}, log: [1:c, 2:x, 2:y]}", "snapshot.lastIncludedIndex 2/3, snapshot.lastIncludedTerm 2/1"},
		{"{snapshot: none, log: [1, 1, 1, 2:x, 2:y]}", "snapshot.lastIncludedIndex 0/3"},
		{"{lastLogIndex: 5, lastLogTerm: 2}", ""},
		{"{lastLogIndex: 2}", "lastLogIndex 2/5"},
	}
	for _, c := range cases {
		run, _ := withSnapshot(t, c.table)
		var got []string
		for _, it := range item.Of(run.Trace) {
			if item.Differs(run, &it) {
				p := item.Apart(run, &it)
				got = append(got, fmt.Sprintf("%s %v/%v", p.Name, item.Any(run.Trace, it.Node, p.Expected), item.Any(run.Trace, it.Node, p.Actual)))
			}
		}
		if is := strings.Join(got, ", "); is != c.want {
			t.Errorf("%s: what differs is %q, and should be %q", c.table, is, c.want)
		}
		for _, f := range check.Compare(run).Findings {
			if strings.Contains(f.Message, "%!") || f.Message == "" {
				t.Errorf("%s: a finding says %q", c.table, f.Message)
			}
		}
	}
}

// What is filled in of such a node reads back as it is.
func TestFillAfterSnapshot(t *testing.T) {
	cases := []struct{ blank, now string }{
		{"", "{term: 2, votedFor: none, role: follower, snapshot: {lastIncludedIndex: 3, lastIncludedTerm: 1}, log: [2:x, 2:y], commitIndex: 3, lastApplied: 3}"},
		{"{log: }", "{log: [2:x, 2:y]}"},
		{"{snapshot: , log: }", "{snapshot: {lastIncludedIndex: 3, lastIncludedTerm: 1}, log: [2:x, 2:y]}"},
		{"{snapshot: {lastIncludedIndex: , lastIncludedTerm: }}", "{snapshot: {lastIncludedIndex: 3, lastIncludedTerm: 1}}"},
		{"{snapshot: {lastIncludedIndex: 2}, log: }", "{snapshot: {lastIncludedIndex: 2}, log: {from: 4, entries: [2:x, 2:y]}}"},
		{"{log: {from: 5, entries: }}", "{log: {from: 5, entries: [2:y]}}"},
		{"{lastLogIndex: , lastLogTerm: , leader: }", "{lastLogIndex: 5, lastLogTerm: 2, leader: none}"},
	}
	for _, c := range cases {
		run, f := withSnapshot(t, c.blank)
		ed, err := edit.Open(f)
		if err != nil {
			t.Fatal(err)
		}
		if err := check.Fill(ed, []*replay.Run{run}, check.FillOptions{}); err != nil {
			t.Errorf("%s: %v", c.blank, err)
			continue
		}
		data, err := ed.Bytes()
		if err != nil {
			t.Errorf("%s: %v", c.blank, err)
			continue
		}
		if _, is, _ := strings.Cut(string(data), "state: {2: "); is != c.now+"}\n" {
			t.Errorf("%s is filled in as %s, and should be %s", c.blank, is, c.now)
		}
		again, _ := withSnapshot(t, c.now)
		for _, it := range item.Of(again.Trace) {
			if c.blank != "{snapshot: {lastIncludedIndex: 2}, log: }" && item.Differs(again, &it) {
				t.Errorf("%s reads back with another %s", c.now, it.Name)
			}
		}
	}
}
