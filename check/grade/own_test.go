package grade

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"testing"

	"raftsheet/trace"
	"raftsheet/trace/mend"
)

// fails is what a test and a property have in common.
type fails interface {
	Helper()
	Fatal(...any)
}

func schemeOf(t fails, text string) *Scheme {
	t.Helper()
	read, _, err := trace.ReadScheme("scheme.yaml", strings.NewReader(text), trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	sc, err := NewScheme(read)
	if err != nil {
		t.Fatal(err)
	}
	return sc
}

// ownOf marks one sheet by a scheme.
func ownOf(sc *Scheme, sheet string) *Submission {
	in := Input{Name: "ada.yaml", Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(sheet)), nil }}
	return &MarkOwn(sc, []Input{in}, Settings{}).Submissions[0]
}

// sheetOf is ownOf for a sheet that has to be marked.
func sheetOf(t fails, sc *Scheme, sheet string) *Sheet {
	t.Helper()
	s := ownOf(sc, sheet)
	if s.Outcome != Marked {
		t.Fatal(s.Outcome, s.Why, sheet)
	}
	return s.Sheet
}

// Node 1 is elected, commits x, and sends y to node 2 alone. Node 5, whose log is
// empty, asks in term 2 for votes. Node 3 is elected in term 3, and its z takes the
// place of y on nodes 1 and 2; node 5 lacks what is before it. Counted by hand.
const story = `nodes: 5
steps:
  - id: V1
    requestVote: {term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0}
    lost: [5]
    response: {2: ok, 3: ok, 4: ok, 5: none}
  - id: A1
    appendEntries: {leaderId: 1, term: 1, index: 1, value: x, leaderCommit: 0}
    lost: [5]
    response: {2: ok, 3: ok, 4: ok, 5: none}
  - id: A2
    appendEntries: {leaderId: 1, term: 1, index: 2, value: y, leaderCommit: 1}
    lost: [3, 4, 5]
    response: {2: ok, 3: none, 4: none, 5: none}
  - id: V2
    requestVote: {term: 2, candidateId: 5, lastLogIndex: 0, lastLogTerm: 0}
    response: {1: no, 2: no, 3: no, 4: no}
  - id: V3
    requestVote: {term: 3, candidateId: 3, lastLogIndex: 1, lastLogTerm: 1}
    lost: [2]
    response: {1: no, 2: none, 4: ok, 5: ok}
  - id: A3
    appendEntries: {leaderId: 3, term: 3, index: 2, value: z, leaderCommit: 0}
    response: {1: ok, 2: ok, 4: ok, 5: no}
  - id: C
    crash: [1, 2]
  - id: R
    restart: 1
`

// What a sheet contains is counted as Figure 2 decides it, and where. If this fails,
// a scheme gives points for what is not there.
func TestContents(t *testing.T) {
	for _, c := range []struct{ criterion, want string }{
		{"elections: 3", "2 of 3 [V1 V3]"},
		{"elections: 1", "1 of 1 [V1]"},
		{"splitVotes: 1", "0 of 1 []"},        // node 5 stood alone in term 2
		{"refusedVotes: 9", "5 of 9 [V2 V3]"}, // four, and node 1
		{"refusedAppends: 2", "1 of 2 [A3]"},
		{"truncations: 5", "2 of 5 [A3]"},          // on nodes 1 and 2
		{"commitsByCounting: 9", "2 of 9 [A1 A3]"}, // x by node 1; z, on four of five, by node 3
		{"crashes: 9", "2 of 9 [C]"},
		{"restarts: 9", "1 of 9 [R]"},
		{"lostMessages: 9", "6 of 9 [V1 A1 A2 V3]"},
		{"rule: RV2b, times: 9", "5 of 9 [V2 V3]"},
		{"rule: AE2", "1 of 1 [A3]"},
		{"rule: RV1", "0 of 1 []"},
		{"rule: AE2, outcome: passed, times: 9", "7 of 9 [A1 A2 A3]"},
		{"rule: C3", "0 of 1 []"},
		{"rule: L4, outcome: acted, times: 2", "2 of 2 [A1 A3]"},
	} {
		s := sheetOf(t, schemeOf(t, "must: [{"+c.criterion+", points: 18}]"), story)
		m := &s.Criteria[0]
		ids := make([]string, len(m.Steps))
		for i, step := range m.Steps {
			ids[i] = s.Key.Trace.Steps[step-1].ID
		}
		if got := fmt.Sprintf("%d of %d %v", m.Found, m.Times, ids); got != c.want {
			t.Errorf("%s: %s; it is %s", c.criterion, got, c.want)
		}
		if want := Whole(18 * m.Found).Part(Whole(m.Times)); m.Points.Cmp(want) != 0 || s.Counted.Cmp(want) != 0 {
			t.Errorf("%s: %v points, and %v in all; a part of what is asked has its part of the points, %v", c.criterion, m.Points, s.Counted, want)
		}
	}
}

// Two candidates of a term that nobody wins are a split vote (§5.2); where one of
// them wins all the same they are none, and neither is one that stands alone.
func TestSplitVotes(t *testing.T) {
	sc := schemeOf(t, "must: [{splitVotes: 9, points: 1}]")
	split := `nodes: 4
steps:
  - requestVote: {term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0}
    to: [2]
  - requestVote: {term: 1, candidateId: 3, lastLogIndex: 0, lastLogTerm: 0}
    to: [4]
`
	for _, c := range []struct {
		why, sheet string
		want       int
	}{
		{"each has two of four votes", split, 1},
		{"node 1 gets a third vote later", strings.Replace(split, "to: [4]", "lost: [4]", 1) +
			"  - requestVote: {term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0}\n    to: [4]\n", 0},
		{"node 3 stands in another term", strings.Replace(split, "{term: 1, candidateId: 3", "{term: 2, candidateId: 3", 1), 0},
	} {
		if s := sheetOf(t, sc, c.sheet); s.Criteria[0].Found != c.want {
			t.Errorf("%s: %d split votes; there are %d", c.why, s.Criteria[0].Found, c.want)
		}
	}
}

// One mistake costs once: a leader that nobody elected goes on at no cost, another
// mistake has a cost of its own, and all of them no more than the most. What is not
// possible contains nothing.
func TestImpossibleCostsOnce(t *testing.T) {
	const sheet = `nodes: 3
steps:
  - requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
    response: {2: ok, 3: ok}
  - appendEntries: {leaderId: 3, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:x], leaderCommit: 0}
    response: {1: no, 2: ok}
  - appendEntries: {leaderId: 3, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [1:y], leaderCommit: 1}
    response: {1: no, 2: ok}
  - appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:z], leaderCommit: 0}
    response: {2: ok, 3: ok}
  - requestVote: {candidateId: 2, term: 2, lastLogIndex: 7, lastLogTerm: 1}
    response: {1: ok, 3: ok}
  - appendEntries: {leaderId: 2, term: 1, prevLogIndex: 7, prevLogTerm: 1, entries: [], leaderCommit: 0}
    response: {1: no, 3: no}
`
	for _, c := range []struct {
		impossible, want string
	}{
		// Step 3 goes on from step 2, and by step 4 the logs differ because of it. Node
		// 2's log ends elsewhere, and it never led term 1.
		{"{costs: 2}", "2: 2; 3: 0 from 2; 5: 2; 6: 2"},
		{"{costs: 2, most: 5}", "2: 2; 3: 0 from 2; 5: 2; 6: 1"},
		{"{costs: 0}", "2: 0; 3: 0 from 2; 5: 0; 6: 0"},
	} {
		s := sheetOf(t, schemeOf(t, "cells: {points: 20}\nmust: [{refusedAppends: 9, points: 1}, {elections: 2, points: 1}]\nimpossible: "+c.impossible), sheet)
		var got []string
		for _, d := range s.Deductions {
			line := fmt.Sprintf("%d: %v", d.Step, d.Points)
			if d.From > 0 {
				line += fmt.Sprintf(" from %d", d.From)
			}
			got = append(got, line)
		}
		if is := strings.Join(got, "; "); is != c.want {
			t.Errorf("%s takes off %s; it should take off %s", c.impossible, is, c.want)
		}
		if s.Criteria[0].Found != 0 || s.Criteria[1].Found != 1 {
			t.Errorf("%d refused appends and %d elections are found; both messages that are refused, and the second election, are impossible", s.Criteria[0].Found, s.Criteria[1].Found)
		}
		if two := slices.ContainsFunc(s.Key.Cells, func(c Cell) bool { return c.Step == 2 && c.Node == 1 }); two {
			t.Error("node 1's answer to another leader of its term is asked for; Figure 2 does not say what it is")
		}
	}
	// The total does not fall below 0.
	s := sheetOf(t, schemeOf(t, "cells: {points: 1}\nimpossible: {costs: 50}"), sheet)
	if r := s.Counts(); r.String() != "0" {
		t.Errorf("the sheet comes to %v; a total is 0 at the least", r)
	}
}

// Cells are a share: a short sheet cannot have more than its part where the scheme
// asks for so many, and a long one has no more than a short one.
func TestCellsAreAShare(t *testing.T) {
	const one = "nodes: 3\nsteps:\n  - requestVote: {candidateId: 1, term: 1}\n    response: {2: ok, 3: no}\n    state: {1: {term: 1, role: follower}}\n"
	for _, c := range []struct{ cells, want string }{
		{"{points: 12}", "6"},                      // 2 of 4
		{"{points: 12, state: 0.5}", "6"},          // 1.5 of 3
		{"{points: 12, answer: 3}", "6"},           // 4 of 8
		{"{points: 12, answer: 2, state: 0}", "6"}, // 2 of 4
		{"{points: 12, least: 8}", "3"},            // 2 of 8
		{"{points: 12, least: 4}", "6"},
		{"{points: 12, least: 6, state: 0.5}", "3.6"}, // 1.5 of 3, and 2 that are missing
	} {
		if s := sheetOf(t, schemeOf(t, "cells: "+c.cells), one); s.Counted.String() != c.want {
			t.Errorf("cells: %s: %v points; it should be %s", c.cells, s.Counted, c.want)
		}
	}
}

// What cannot be told is no 0: where a sheet has less that can be marked than the
// scheme asks for, an instructor decides what the rest is worth.
func TestUntoldIsARange(t *testing.T) {
	// Node 2's own form: what the others answer is neither right nor wrong.
	const sheet = "nodes: 3\nraftId: 2\nsteps:\n  - requestVote: {candidateId: 2, term: 1, lastLogIndex: 0, lastLogTerm: 0}\n    response: {1: ok, 3: ok}\n"
	const vote = "  - requestVote: {candidateId: 1, term: 2, lastLogIndex: 0, lastLogTerm: 0}\n    to: [2]\n    response: {2: ok}\n"
	for _, c := range []struct{ cells, sheet, want string }{
		{"{points: 12}", sheet, "0 to 12"},
		{"{points: 12, least: 4}", sheet, "0 to 6"},
		{"{points: 12, least: 1}", sheet, "0 to 12"},
		{"{points: 12}", sheet + vote, "12"},
		{"{points: 12, least: 4}", sheet + vote, "3 to 9"},
		{"{points: 12, least: 2}", sheet + vote, "6 to 12"},
	} {
		s := sheetOf(t, schemeOf(t, "cells: "+c.cells), c.sheet)
		if got := s.Counts().String(); got != c.want || (len(s.Reviews) > 0) != strings.Contains(c.want, "to") {
			t.Errorf("cells: %s: the sheet comes to %s, with %v to review; it should come to %s", c.cells, got, s.Reviews, c.want)
		}
	}
}

// What is not there to be marked is to review, and no 0.
func TestNotMarkedByScheme(t *testing.T) {
	for _, c := range []struct{ why, scheme, sheet string }{
		{"another cluster", "nodes: 5\ncells: {points: 1}", "nodes: 3\nsteps:\n  - requestVote: {candidateId: 1}\n    response: {2: ok}\n"},
		{"a blank form", "cells: {points: 1}", "nodes: 3\nsteps:\n  - appendEntries: {leaderId: , term: , index: , value: , leaderCommit: }\n    response: {1: , 2: , 3: }\n"},
		{"nothing at all", "cells: {points: 1}", "nodes: 3\nsteps: []\n"},
		{"no YAML", "cells: {points: 1}", "a photo\x00"},
	} {
		s := ownOf(schemeOf(t, c.scheme), c.sheet)
		if _, marked := s.Counts(); marked || s.Outcome == Marked || !s.ToReview() || s.Why == "" {
			t.Errorf("%s is %s (%s); it has no mark, and an instructor looks at it", c.why, s.Outcome, s.Why)
		}
	}
}

// The boxes of a form that a student did not need cost nothing.
func TestUnusedBoxes(t *testing.T) {
	sc := schemeOf(t, "cells: {points: 10}\nmust: [{elections: 1, points: 1}]")
	box := "  - appendEntries: {leaderId: , term: , index: , value: , leaderCommit: }\n    response: {1: , 2: , 3: , 4: , 5: }\n"
	with := strings.Replace(story, "  - id: V2\n", box+"  - id: V2\n", 1) + box
	a, b := sheetOf(t, sc, story), sheetOf(t, sc, with)
	if a.Counts() != b.Counts() && a.Counts().String() != b.Counts().String() || len(b.Reviews)+len(b.Remarks) > 0 || len(a.Key.Cells) != len(b.Key.Cells) {
		t.Errorf("with two unused boxes the sheet comes to %v instead of %v, with %v to review and the remarks %v", b.Counts(), a.Counts(), b.Reviews, b.Remarks)
	}
}

// A sheet cannot say by which rules or for how many points it is marked.
func TestSheetGradesNotItself(t *testing.T) {
	sc := schemeOf(t, "cells: {points: 10}")
	wrong := strings.Replace(story, "4: no}\n  - id: V3", "4: ok}\n  - id: V3", 1)
	want := sheetOf(t, sc, wrong)
	for _, more := range []string{"rules: vote-log-unchecked\n", "grading: {points: 100, followThrough: none, allOrNothing: true, late: 50%}\n"} {
		if s := sheetOf(t, sc, more+wrong); s.Counted.Cmp(want.Counted) != 0 {
			t.Errorf("with %q the sheet has %v points; without it %v", more, s.Counted, want.Counted)
		}
	}
	for _, points := range []string{"points: 0", "points: 99"} {
		if s := sheetOf(t, sc, strings.Replace(wrong, "  - id: V2\n", "  - id: V2\n    "+points+"\n", 1)); s.Counted.Cmp(want.Counted) != 0 {
			t.Errorf("with %s in the step that is wrong the sheet has %v points; without it %v", points, s.Counted, want.Counted)
		}
	}
}

// What cannot be read and is no cell, such as a table under a key of no format, is to
// review too: it is not left out in silence.
func TestUncountedIsToReview(t *testing.T) {
	sc := schemeOf(t, "cells: {points: 60}")
	const sheet = "nodes: 3\nsteps:\n  - requestVote: {candidateId: 1, term: 1}\n    response: {2: ok, 3: ok}\n    state: {1: {term: 1, role: leader}}\n"
	for _, slip := range [][2]string{{"state:", "statetable:"}, {"role:", "rank:"}, {"1: {term", "9: {term"}} {
		s := sheetOf(t, sc, strings.Replace(sheet, slip[0], slip[1], 1))
		if len(s.Reviews) != 1 || !strings.Contains(s.Reviews[0].Why, "step 1") || s.Counts().String() != "60" {
			t.Errorf("with %q the sheet comes to %v, and to review is %v; what can be read is right, and the rest is to review", slip[1], s.Counts(), s.Reviews)
		}
	}
}

// Lines that nobody can read may have held a step: what differs after them, and what
// is taken off, is to review.
func TestLostLines(t *testing.T) {
	sc := schemeOf(t, "cells: {points: 60}\nmust: [{elections: 1, points: 6}]\nimpossible: {costs: 2}")
	const sheet = `nodes: 3
steps:
  - requestVote: {term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0}
    response: {2: no, 3: ok}
  # here a line was lost
  - appendEntries: {leaderId: 2, term: 1, index: 1, value: x, leaderCommit: 0}
    response: {1: ok, 3: no}
`
	f, err := trace.Parse("t.yaml", []byte(sheet), trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	k, err := sc.keyOf(f.Traces[0])
	if err != nil {
		t.Fatal(err)
	}
	s := k.markOwn(&reading{trace: k.Trace, lost: []mend.Lost{{First: 5, Last: 5, Why: "broken"}}}, false)
	// Of 3 cells, at 20 points each, one is right, one is wrong before the lost line, and
	// one differs after it. The election is found, and node 2's message may have been
	// possible. What leader 1 answers to another leader nobody can tell.
	if got := s.Counts().String(); got != "24 to 46" {
		t.Errorf("the sheet comes to %s; it is 20 + 6 - 2, and with what may rest on the lost line 40 + 6", got)
	}
	var why []string
	for _, r := range s.Reviews {
		why = append(why, r.Why)
	}
	if len(why) != 2 || !strings.Contains(why[0], "step 2") || !strings.Contains(why[1], "step 2") {
		t.Errorf("to review are %q; the answer of step 2, and what the sheet contains from there on", why)
	}
}

// The examples are marked as they say of themselves.
func TestOwnExamples(t *testing.T) {
	scheme, err := os.ReadFile(examples + "grading/own/scheme.yaml")
	if err != nil {
		t.Fatal(err)
	}
	sc := schemeOf(t, string(scheme))
	for name, want := range map[string]string{
		"ada.yaml": "78.03",       // 60 * (1 - 1/30.5) + 20: 24 answers and 13 fields that weigh half, one answer wrong
		"ben.yaml": "60.67 to 64", // 60 * 17/18 or 18/18, two answers of 20 being beyond Figure 2; + 6 - 2
	} {
		data, err := os.ReadFile(examples + "grading/own/" + name)
		if err != nil {
			t.Fatal(err)
		}
		if s := sheetOf(t, sc, string(data)); s.Counts().String() != want {
			t.Errorf("%s comes to %v; it should come to %s", name, s.Counts(), want)
		}
	}
}
