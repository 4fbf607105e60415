package item_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/edit"
)

// cellLines gives the cells of a replay's trace, a line each: STEP NODE FIELD
// WRITTEN/GIVEN at LINE:COLUMN, with ! for one that differs; ~ is left blank.
func cellLines(run *replay.Run) []string {
	var out []string
	cells := item.Of(run.Trace)
	for i := range cells {
		c := &cells[i]
		said, mark := item.Any(run.Trace, c.Node, c.Written), ""
		if c.Blank() {
			said = "~"
		}
		if item.Differs(run, c) {
			mark = " !"
		}
		out = append(out, fmt.Sprintf("%d %s %s %v/%v at %s%s", c.Step, run.Trace.Name(c.Node), c.Name, said, checktest.Given(run, c), c.Pos, mark))
	}
	return out
}

// What a trace asks, read off it by hand: each kind of cell, written and blank,
// right and wrong, and what is not asked. If this fails, grading and coverage
// count other things than the sheet has.
func TestCellsOfATrace(t *testing.T) {
	run := checktest.Play(t, `nodes: 5
unknown: [5]
steps:
- requestVote: {candidateId: 1, term: 1}
  lost: [4]
  response: {1: ok, 2: no, 3: {voteGranted: , term: 1}, 4: none, 5: ok}
- appendEntries: {leaderId: 1, index: 1, value: x}
  responseLost: [2, 3]
  response: {2: none, 3: no}
- appendEntries: {leaderId: 1, index: 2, value: y}
- appendEntries: {leaderId: 1}
  response: {others: ok, 3: {term: 2}}
- appendEntries: {leaderId: 1, index: 2, value: y}
  response: {2: {success: , term: 1, matchIndex: 1}, 3: {matchIndex: }, 4: {success: no, matchIndex: 0}}
- state:
    1: {term: 2, votedFor: , log: [1, 1:z], nextIndex: {2: 3, 4: }, matchIndex: }
    2: {nextIndex: {3: 1}, terms: {1: 1, 2: , 3: none}}
    3:
    4: {leader: 1, snapshot: {lastIncludedIndex: 0, lastIncludedTerm: }, lastLogIndex: , lastLogTerm: 2, log: {from: 2, entries: }}
    5: {term: 1}
`)
	want := []string{
		"1 2 voteGranted false/true at 6:24 !",
		"1 3 voteGranted ~/true at 6:45",
		"1 3 term 1/1 at 6:53",
		"1 4 voteGranted none/none at 6:60",
		// Only the way back is lost: none is as right as what node 2 answered,
		// and node 3's own answer can be wrong. Nodes 4 and 5 have no cell;
		// the one of 4 is missing, 5 is unknown.
		"2 2 success none/none at 9:17",
		"2 3 success false/true at 9:26 !",
		"2 4 success ~/true at 9:13",
		"4 3 term 2/1 at 12:36 !",
		"4 2 success true/true at 12:22",
		"4 4 success true/true at 12:22",
		"5 2 success ~/true at 14:27",
		"5 2 term 1/1 at 14:35",
		"5 2 matchIndex 1/2 at 14:50 !",
		"5 3 matchIndex ~/2 at 14:70",
		"5 4 success false/true at 14:86 !", // with a matchIndex that asserts nothing
		"6 1 term 2/1 at 16:15 !",
		"6 1 votedFor ~/1 at 16:28",
		"6 1 log [1, 1:z]/[1:x, 1:y] at 16:35 !",
		"6 1 nextIndex[2] 3/3 at 16:60",
		"6 1 nextIndex[4] ~/3 at 16:66",
		"6 1 matchIndex ~/{2: 2, 3: 2, 4: 2, 5: 0} at 16:81",
		"6 2 nextIndex[3] 1/none at 17:24 !",
		"6 2 terms[1] 1/1 at 17:39",
		"6 2 terms[2] ~/none at 17:45",
		"6 2 terms[3] none/none at 17:50 !",
		"6 3 term ~/1 at 18:5",
		"6 3 votedFor ~/1 at 18:5",
		"6 3 role ~/follower at 18:5",
		"6 3 log ~/[1:x, 1:y] at 18:5",
		"6 3 commitIndex ~/2 at 18:5",
		"6 3 lastApplied ~/2 at 18:5",
		"6 3 nextIndex ~/none at 18:5",
		"6 3 matchIndex ~/none at 18:5",
		"6 4 snapshot.lastIncludedIndex 0/0 at 19:50",
		"6 4 snapshot.lastIncludedTerm ~/0 at 19:71",
		"6 4 log ~/[1:x, 1:y] at 19:111",
		"6 4 leader 1/1 at 19:17",
		"6 4 lastLogIndex ~/2 at 19:88",
		"6 4 lastLogTerm 2/1 at 19:103 !",
	}
	if d := cmp.Diff(want, cellLines(run)); d != "" {
		t.Errorf("the cells are not those of the sheet (-want +got):\n%s", d)
	}
}

// A history and the tables of all nodes, left blank.
func TestBlankCells(t *testing.T) {
	run := checktest.Play(t, `nodes: 2
unknown: [2]
steps:
- timeout: 1
  state: {1: {terms: }}
- timeout: 1
  state:
`)
	got := cellLines(run)
	if want := []string{"1 1 terms ~/{1: 1} at 5:22", "2 1 term ~/2 at 7:9"}; len(got) != 9 || !slices.Equal(got[:2], want) {
		t.Errorf("the cells are\n\t%s\nthey should begin with %q, and be the 8 fields of node 1 from there on", strings.Join(got, "\n\t"), want)
	}
}

// A cell that differs is what Compare finds wrong, and nothing else is: on
// sheets filled in under Figure 2 and under every kind of misunderstanding.
func TestCellsAgreeWithCompare(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		filled, ok := filledUnder(t, text, checktest.Deviating(t))
		if !ok {
			return
		}
		held := checktest.MustReplay(t, filled)
		rep := check.Compare(held)
		cells := item.Of(held.Trace)
		wrong := make(map[int]bool) // findings that a cell answers for
		for i := range cells {
			c := &cells[i]
			found := slices.IndexFunc(rep.Findings, func(f finding.Finding) bool { return isAbout(held.Trace, &f, c) })
			if item.Differs(held, c) != (found >= 0) {
				t.Errorf("step %d, node %d, %s: written %v, given %v; Compare's finding is number %d\n%s", c.Step, c.Node, c.Name, item.Any(held.Trace, c.Node, c.Written), checktest.Given(held, c), found, filled)
			}
			if found >= 0 {
				wrong[found] = true
			}
		}
		for i := range rep.Findings {
			if f := &rep.Findings[i]; (f.Kind == finding.Response || f.Kind == finding.State) && !wrong[i] {
				t.Errorf("Compare finds %q, and no cell differs there\n%s", checktest.Line(f), filled)
			}
		}
	})
}

// isAbout reports whether a finding says that a cell is wrong. Of an answer that
// never came, and of a nextIndex of a node that does not lead, one finding
// speaks for all that is written.
func isAbout(t *trace.Trace, f *finding.Finding, c *item.Item) bool {
	if f.Step != c.Step || f.Node != t.Name(c.Node) || f.Kind != finding.Response && f.Kind != finding.State {
		return false
	}
	if f.Kind == finding.Response {
		return c.IsAnswer() && !c.Blank() && (f.Field == c.Name || f.Actual == "none")
	}
	whole, _, _ := strings.Cut(c.Name, "[")
	return !c.IsAnswer() && !(c.Blank() && whole != "terms") && (f.Field == c.Name || f.Field == whole || whole == "log" && strings.HasPrefix(f.Field, "log["))
}

// What Fill writes into the blanks is what the replay gives for the cells: under
// the rules that it was filled in by, a filled sheet has no cell that differs.
func TestFilledCellsDoNotDiffer(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		rules := checktest.Deviating(t)
		filled, ok := filledUnder(t, text, rules)
		if !ok {
			return
		}
		_, tr := checktest.MustParse(t, filled)
		again, err := check.Replay(tr, rules)
		if err != nil {
			t.Fatalf("the filled trace cannot be replayed: %v\n%s", err, filled)
		}
		asked, cells := item.Of(run.Trace), item.Of(tr)
		where := func(c *item.Item) string { return fmt.Sprint(c.Step, c.Node, c.Name, c.IsAnswer()) }
		byHand := make(map[string]bool) // written by the trace's author, right or wrong
		for i := range asked {
			byHand[where(&asked[i])] = !asked[i].Blank()
		}
		for i := range cells {
			if c := &cells[i]; !byHand[where(c)] && !item.Doubts(again, c) && (c.Blank() || item.Differs(again, c)) {
				t.Errorf("step %d, node %d, %s: filled in with %v, and the replay gives %v\n%s", c.Step, c.Node, c.Name, item.Any(again.Trace, c.Node, c.Written), checktest.Given(again, c), filled)
			}
		}
	})
}

// filledUnder gives a trace with its blanks, and its missing responses, filled
// in by other rules; ok is false where they cannot replay it.
func filledUnder(t *rapid.T, text string, rules *raft.Rules) (filled string, ok bool) {
	f, tr := checktest.MustParse(t, text)
	run, err := check.Replay(tr, rules)
	if err != nil {
		return "", false
	}
	ed, err := edit.Open(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := check.Fill(ed, []*replay.Run{run}, check.FillOptions{All: true}); err != nil {
		return "", false
	}
	data, err := ed.Bytes()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return string(data), true
}
