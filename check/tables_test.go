package check_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check/checktest"
	"raftsheet/check/finding"
)

// elected is a game after which node 1 leads term 3 with the log [1:a 3:b 3:c],
// has committed 2 of it, and knows what node 2 has; node 2 has the first two and
// knows that one is committed; node 3 has seen term 3 alone.
const elected = `nodes: 3
initial:
  1: {term: 1, log: [1:a], commitIndex: 1}
  2: {term: 1, log: [1:a]}
steps:
- timeout: 1
- timeout: 1
- requestVote: {candidateId: 1}
- clientRequest: {node: 1, value: b}
- appendEntries: {leaderId: 1, index: 2, value: b}
- clientRequest: {node: 1, value: c}
- id: q
  state: `

// Every field of a table, right and wrong.
func TestTableFields(t *testing.T) {
	cases := []struct {
		table string
		want  string // the finding: field expected/actual rule; empty where the table is right
	}{
		{"1: {term: 3}", ""},
		{"1: {term: 2}", "term 2/3 C1"},
		{"1: {votedFor: 1}", ""},
		{"2: {votedFor: 1}", ""},
		{"2: {votedFor: none}", "votedFor none/1 RV2b"},
		{"1: {votedFor: 3}", "votedFor 3/1 C1"},
		{"1: {role: leader}", ""},
		{"1: {role: candidate}", "role candidate/leader C2"},
		{"2: {role: leader}", "role leader/follower A2"},
		{"1: {commitIndex: 2}", ""},
		{"1: {commitIndex: 3}", "commitIndex 3/2 L4"},
		{"2: {commitIndex: 2}", "commitIndex 2/1 AE5"},
		{"1: {lastApplied: 2}", ""},
		{"1: {lastApplied: 1}", "lastApplied 1/2 A1"},
		{"1: {log: [1:a, 3:b, 3:c]}", ""},
		{"1: {log: [1, 3, 3]}", ""},
		{"1: {log: [1:a, 3, 3:c]}", ""},
		{"1: {log: [{term: 1, value: a}, {term: 3}, 3:c]}", ""},
		{"1: {log: [1:a, 3:x, 3:c]}", "log[2] 3:x/3:b L2"},
		{"1: {log: [1:a, 2:b, 2:c]}", "log[2] 2:b/3:b L2"},
		{"1: {log: [1:a, 3:b]}", "log[3] none/3:c L2"},
		{"1: {log: [1:a, 3:b, 3:c, 3:d]}", "log[4] 3:d/none L2"},
		{"1: {log: []}", "log[1] none/1:a L2"},
		{"3: {log: []}", ""},
		{"3: {log: [1:a]}", "log[1] 1:a/none "},
		{"1: {nextIndex: {2: 3, 3: 1}}", ""},
		{"1: {nextIndex: {2: 3}}", ""},
		{"1: {nextIndex: {2: 4}}", "nextIndex[2] 4/3 L3"},
		{"1: {matchIndex: {2: 2, 3: 0}}", ""},
		{"1: {matchIndex: {3: 2}}", "matchIndex[3] 2/0 C2"},
		{"2: {nextIndex: {1: 3}}", "nextIndex[1] 3/none "},
		{"2: {nextIndex: {}}", ""},
		{"1: {leader: 1}", ""},
		{"2: {leader: 1}", ""},
		{"3: {leader: 1}", ""}, // it has refused the entries, and knows whose they are
		{"2: {leader: none}", "leader none/1 C3"},
		{"1: {leader: 2}", "leader 2/1 C2"},
		{"1: {lastLogIndex: 3, lastLogTerm: 3}", ""},
		{"3: {lastLogIndex: 0, lastLogTerm: 0}", ""},
		{"2: {lastLogIndex: 3}", "lastLogIndex 3/2 AE4"},
		{"1: {lastLogTerm: 1}", "lastLogTerm 1/3 L2"},
		{"1: {log: {from: 2, entries: [3:b, 3:c]}}", ""},
		{"1: {log: {from: 4, entries: []}}", ""},
		{"1: {log: {from: 2, entries: [3:b, 3:x]}}", "log[3] 3:x/3:c L2"},
		{"1: {log: {from: 2, entries: [3:b]}}", "log[3] none/3:c L2"},
		{"1: {log: {from: 3, entries: [3:c, 3:d]}}", "log[4] 3:d/none L2"},
		{"1: {log: {from: 9, entries: []}}", ""},
		{"1: {log: {from: 5, entries: [3:x]}}", "log[5] 3:x/none L2"},
		{"1: {snapshot: none}", ""},
		{"1: {snapshot: none, log: [1:a, 3:b, 3:c]}", ""},
		{"1: {snapshot: {lastIncludedIndex: 0}}", ""},
		{"1: {snapshot: {lastIncludedIndex: 1}}", "snapshot.lastIncludedIndex 1/0 "},
		{"1: {snapshot: {lastIncludedTerm: 1}, log: [1:a, 3:b, 3:c]}", "snapshot.lastIncludedTerm 1/0 "},
		// With a snapshot, the list begins after it: there the entries are right.
		{"1: {snapshot: {lastIncludedIndex: 1, lastIncludedTerm: 0}, log: [3:b, 3:c]}", "snapshot.lastIncludedIndex 1/0 "},
		{"1: {snapshot: {lastIncludedIndex: 1, lastIncludedTerm: 0}, log: [3:b, 3:x]}", "snapshot.lastIncludedIndex 1/0 , log[3] 3:x/3:c L2"},
		{"1: {terms: {1: none, 2: 1, 3: 1}}", ""},
		{"1: {terms: {3: 1}}", ""},
		{"2: {terms: {1: none, 3: 1}}", ""},
		{"3: {terms: {0: none, 3: 1}}", ""},
		{"1: {terms: {2: none}}", "terms[2] none/1 C1"},
		{"2: {terms: {2: 1}}", "terms[2] 1/none A2"},
		{"2: {terms: {3: none}}", "terms[3] none/1 RV2b"},
	}
	for _, c := range cases {
		rep := checktest.Report(t, elected+"{"+c.table+"}")
		var got []string
		for i := range rep.Findings {
			if f := &rep.Findings[i]; f.Kind == finding.State {
				got = append(got, fmt.Sprintf("%s %v/%v %s", f.Field, f.Expected, f.Actual, f.Rule))
			}
		}
		if is := strings.Join(got, ", "); is != c.want {
			t.Errorf("{%s}: found %q, and should be %q", c.table, is, c.want)
		}
		if rep.Tally.States != len(got) {
			t.Errorf("{%s}: %d fields differ, and %d are counted", c.table, len(got), rep.Tally.States)
		}
	}
}

// A field that is left blank is wanted, and is no mistake.
func TestBlankTables(t *testing.T) {
	cases := []struct{ table, want string }{
		{"{1: {term: }}", "blank q 1 term:"},
		{"{1: {votedFor: }}", "blank q 1 votedFor:"},
		{"{1: {role: }}", "blank q 1 role:"},
		{"{1: {log: ~}}", "blank q 1 log:"},
		{"{1: {commitIndex: }}", "blank q 1 commitIndex:"},
		{"{1: {lastApplied: }}", "blank q 1 lastApplied:"},
		{"{1: {nextIndex: }}", "blank q 1 nextIndex:"},
		{"{1: {nextIndex: {2: }}}", "blank q 1 nextIndex[2]:"},
		{"{2: {nextIndex: {1: }}}", "blank q 2 nextIndex[1]:"},
		{"{1: {matchIndex: {3: }}}", "blank q 1 matchIndex[3]:"},
		{"{1: {leader: }}", "blank q 1 leader:"},
		{"{1: {snapshot: }}", "blank q 1 snapshot:"},
		{"{1: {snapshot: {lastIncludedTerm: }}}", "blank q 1 snapshot.lastIncludedTerm:"},
		{"{1: {lastLogIndex: }}", "blank q 1 lastLogIndex:"},
		{"{1: {lastLogTerm: }}", "blank q 1 lastLogTerm:"},
		{"{1: {log: {from: 2, entries: }}}", "blank q 1 log:"},
		{"{1: {terms: }}", "blank q 1 terms:"},
		{"{1: {terms: {2: }}}", "blank q 1 terms[2]:"},
		{"{3: }", "blank q 3: node 3's table"},
		{"", "blank q: tables"},
	}
	for _, c := range cases {
		checktest.Expect(t, checktest.Report(t, elected+c.table), c.want)
	}
}

// The tables of an unknown node cannot be told.
func TestUnknownTable(t *testing.T) {
	rep := checktest.Report(t, `nodes: 2
unknown: [2]
steps:
- timeout: 1
  state: {2: {term: 7, log: }}`)
	checktest.Expect(t, rep, "untold 1 2: node 2 is unknown")
	if rep.Tally.Untold != 0 {
		t.Errorf("an unknown node's table is counted as %d answers that cannot be told", rep.Tally.Untold)
	}
}

// Why a field is as it is: the figures that decide it.
func TestTableReasons(t *testing.T) {
	cases := []struct{ text, want string }{
		{elected + "{1: {commitIndex: 3}}", "state q 1 commitIndex: commitIndex is 2; entry 3; 1 of 3; 2 are a majority"},
		{elected + "{1: {log: [1:a, 3:b]}}", "state q 1 log[3]: index 3; 3:c"},
		{elected + "{1: {log: [1:a, 3:b, 3:c, 3:d]}}", "state q 1 log[4]: ends at index 3"},
		{elected + "{2: {term: 1}}", "state q 2 term: term is 3; since step 3; term 3 > currentTerm 1"},
		{elected + "{2: {nextIndex: {1: 3}}}", "state q 2 nextIndex[1]: follower; only a leader"},
		{elected + "{2: {terms: {2: 1}}}", "state q 2 terms[2]: never in term 2"},
		{elected + "{2: {terms: {3: 3}}}", "state q 2 terms[3]: voted for 1 in term 3"},
		{`nodes: 3
initial: {1: {term: 2, role: leader, log: [1], matchIndex: {2: 1, 3: 1}}}
steps:
- state: {1: {commitIndex: 1}}`, "state 1 1 commitIndex: entry 1; 3 of 3; term 1; current 2"},
		{`nodes: 2
initial: {1: {term: 1, role: leader, log: [1, 1], commitIndex: 2}, 2: {log: [1, 1]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: []}
  state: {2: {commitIndex: 2}}`, "state 1 2 commitIndex: leaderCommit 2; last new entry 1"},
		{`nodes: 2
initial: {1: {term: 2, role: leader, log: [1, 2], commitIndex: 2}, 2: {log: [1]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 2, prevLogTerm: 2, entries: []}
  state: {2: {log: [1, 2]}}`, "state 1 2 log[2]: refused; log ends at index 1; prevLogIndex 2"},
		{`nodes: 2
initial: {1: {log: [1]}}
steps:
- timeout: 2
  state: {1: {term: 0}}`, "state 1 1 term: nothing has changed it since the start"},
	}
	for _, c := range cases {
		checktest.Expect(t, checktest.Report(t, c.text), c.want)
	}
}

// The history of terms: each term that a node was in, with its vote in it, as
// far as the step.
func TestHistoryOfTerms(t *testing.T) {
	checktest.Expect(t, checktest.Report(t, `nodes: 3
initial: {2: {term: 1, votedFor: 3}}
steps:
- state: {2: {terms: {1: 3}}}
- timeout: 1
- requestVote: {candidateId: 1, term: 1}
  responseLost: [2, 3]
  state: {1: {terms: {1: 1}}, 2: {terms: {1: 3}}, 3: {terms: {1: 1}}}
- timeout: 1
- timeout: 1
- requestVote: {candidateId: 1}
  to: [2]
  responseLost: [2]
- timeout: 2
- requestVote: {candidateId: 2, term: 4}
  lost: [1]
- state:
    1: {terms: {1: 1, 2: 1, 3: 1}}
    2: {terms: {1: 3, 3: 1, 4: 2}}
    3: {terms: {1: 1, 4: 2}}
- restart: 2
  state: {2: {terms: {1: 3, 3: 1, 4: 2}}}`))
}

// A term that is taken in and then voted in is one line, and a later vote in it
// stands.
func TestHistoryKeepsTheVote(t *testing.T) {
	run := checktest.Play(t, `nodes: 3
initial: {1: {term: 4, role: candidate, log: []}, 2: {term: 2, log: [1, 2]}, 3: {term: 4, role: candidate, log: [1, 2, 2]}}
steps:
- requestVote: {candidateId: 1}
  to: [2]
  response: {2: no}
- requestVote: {candidateId: 3}
  to: [2]
  response: {2: ok}`)
	two := checktest.Node(t, run, "2")
	for step, want := range []string{"2:none", "2:none 4:none", "2:none 4:3"} {
		var got []string
		for _, term := range run.Terms(two, step) {
			got = append(got, fmt.Sprintf("%d:%s", term.Term, run.Trace.Name(term.VotedFor)))
		}
		if is := strings.Join(got, " "); is != want {
			t.Errorf("after step %d node 2's history is %s; it should be %s", step, is, want)
		}
	}
}

// A finding stands where its cell does; a column is counted in characters.
func TestPlaces(t *testing.T) {
	rep := checktest.Report(t, `nodes: [A, B, C]
steps:
- note: 日本
  timeout: A
- requestVote: {candidateId: A}
  response: {B: no, C: {voteGranted: true,
    term: 2}}
  state:
    A: {role: follower, log: ["1:é", 1:x],
        nextIndex: {B: 2}}
    B:
      terms: {1: none,
        5: B}
- note: é
  requestVote: {candidateId: A, term: 9, lastLogIndex: 3}
  response: [~, no, ~]
- state:
    C: {log: }`)
	var got []string
	for i := range rep.Findings {
		f := &rep.Findings[i]
		got = append(got, strings.Join(strings.Fields(fmt.Sprint(f.Pos, " ", f.Kind, " ", f.Node, " ", f.Field)), " "))
	}
	want := []string{
		"6:17 response B voteGranted",
		"7:11 response C term",
		"9:15 state A role",
		"9:31 state A log[1]",
		"10:24 state A nextIndex[B]",
		"12:18 state B terms[1]",
		"13:9 state B terms[5]",
		"15:3 message A lastLogTerm",
		"16:17 response B voteGranted",
		"16:21 blank C voteGranted",
		"18:14 blank C log",
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the findings stand elsewhere (-should be +is):\n%s", d)
	}
}

// Of one place, findings are in the order of their kinds: what is wrong first.
func TestOrderOfFindings(t *testing.T) {
	kinds := finding.Kinds()
	for i, k := range kinds {
		if int(k.Kind) != i {
			t.Errorf("kind %s is number %d of the table, and is %d", k.Name, i, k.Kind)
		}
		if i > 0 && k.Severity < kinds[i-1].Severity {
			t.Errorf("%s, an error, is listed after %s, a note", k.Name, kinds[i-1].Name)
		}
	}
	rep := checktest.Report(t, `nodes: 3
initial: {1: {term: 2, role: leader, log: [2:a]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [2:b, 2:c]}`)
	var got []string
	for i := range rep.Findings {
		got = append(got, rep.Findings[i].Kind.String())
	}
	if is := strings.Join(got, " "); is != "message safety" {
		t.Errorf("at one place the findings are %s; they should be message safety", is)
	}
}

// Why a node knows a leader, or none, and where its log ends.
func TestReasonsOfLeaderAndLogEnd(t *testing.T) {
	const three = `
nodes: 3
initial: {1: {term: 1, role: leader, log: [1:a]}, 2: {term: 1, log: [1:a]}, 3: {term: 1, role: candidate}}
steps:
`
	runScenes(t, []scene{
		{"whose AppendEntries it has accepted", three + `
- appendEntries: {leaderId: 1}
- {heal: true, state: {2: {leader: none}}}`,
			[]string{"state 2 2 leader: the leader that node 2 knows in term 1 is node 1, since step 1: it has accepted node 1's request as that of term 1's leader"}},
		{"a candidate that yields", three + `
- appendEntries: {leaderId: 1}
  state: {3: {leader: 3}}`, []string{"state 1 3 leader: is node 1: it has accepted node 1's request as that of term 1's leader"}},
		{"the next request leaves it", three + `
- appendEntries: {leaderId: 1}
- appendEntries: {leaderId: 1}
  state: {2: {leader: 3}}`, []string{"state 2 2 leader: is node 1: it has accepted node 1's request"}},
		{"so does one that is refused as stale", three + `
- appendEntries: {leaderId: 1}
- requestVote: {candidateId: 3}
- {appendEntries: {leaderId: 1, term: 1}, to: 2, state: {2: {leader: 1}}}`,
			[]string{"implied 2 3: term 2", "implied 3 1 late: term 1", "state 3 2 leader: node 2 knows no leader of term 2: it refused the request: the message's term 1 is below node 2's currentTerm 2"}},
		{"a new term clears it", three + `
- appendEntries: {leaderId: 1}
- requestVote: {candidateId: 3, term: 2}
  state: {2: {leader: 1}}`,
			[]string{"implied 2 3: term 2", "state 2 2 leader: knows no leader of term 2: term 2 > currentTerm 1; and of a new term it knows no leader yet"}},
		{"a candidate's own too", three + `
- appendEntries: {leaderId: 1}
- {timeout: 2, state: {2: {leader: 1}}}`,
			[]string{"state 2 2 leader: knows no leader of term 2: node 2 goes from term 1 to 2; a candidate knows no leader"}},
		{"the winner is its own", three + `
- timeout: 2
- {requestVote: {candidateId: 2}, state: {2: {leader: none}}}`,
			[]string{"state 2 2 leader: the leader that node 2 knows in term 2 is itself: with node 1's, node 2 has 2 votes; a majority"}},
		{"a restart clears it", three + `
- appendEntries: {leaderId: 1}
- {restart: 2, state: {2: {leader: 1}}}`,
			[]string{"state 2 2 leader: knows no leader of term 1: it restarted in this step; all but currentTerm, votedFor and log is as at start-up"}},
		{"nothing since the start", three + `
- state: {2: {leader: 1}, 1: {leader: none}}`,
			[]string{"state 1 2 leader: knows no leader of term 1: it has accepted no leader's request since the start", "state 1 1 leader: the leader that node 1 knows in term 1 is itself: nothing has changed it since the start"}},
		{"the end of a log is why the log is", three + `
- clientRequest: {node: 1, value: b}
- appendEntries: {leaderId: 1, entries: auto}
  state: {2: {lastLogIndex: 1, lastLogTerm: 2}}`,
			[]string{"state 2 2 lastLogIndex: node 2's log ends at index 2, term 1: entry 2 is appended", "state 2 2 lastLogTerm: index 2, term 1"}},
		{"no snapshot", three + `
- state: {2: {snapshot: {lastIncludedIndex: 1, lastIncludedTerm: 1}}}`,
			[]string{"state 1 2 snapshot.lastIncludedIndex: node 2 has no snapshot: nothing has changed it since the start", "state 1 2 snapshot.lastIncludedTerm: has no snapshot"}},
	})
}

// On a paper form, what no state can be is wrong in the new fields too.
func TestPaperFormOfLeaderAndLogEnd(t *testing.T) {
	runScenes(t, []scene{
		{"it may have heard from a leader", paperForm + "leader: 3, lastLogIndex: 5, lastLogTerm: 2" + paperFormEnd, onPaperForm(
			"untold 1 2 leader: knows in term 3 is itself; only what it sent", "untold 1 2 lastLogIndex:")},
		{"a candidate knows none", paperForm + "role: candidate, leader: 1" + paperFormEnd, onPaperForm("untold 1 2 role:", "state 1 2 leader: a candidate knows none")},
		{"what is committed stays", paperForm + "lastLogIndex: 0, lastLogTerm: 0" + paperFormEnd, onPaperForm("state 1 2 lastLogIndex: what is committed stays", "state 1 2 lastLogTerm: what is committed stays")},
		{"by its true index", paperForm + "log: {from: 2, entries: [2:b, 2:c]}, commitIndex: 3" + paperFormEnd, onPaperForm("untold 1 2 log[3]:", "untold 1 2 commitIndex:")},
		{"the end of a log that begins later", paperForm + "log: {from: 2, entries: [2:b]}, commitIndex: 3" + paperFormEnd, onPaperForm("state 1 2 commitIndex: is not past the end of the log")},
		{"no term above its own", paperForm + "term: 3, lastLogTerm: 4" + paperFormEnd, onPaperForm("state 1 2 lastLogTerm: do not pass the node's own")},
		{"a snapshot of what is not committed", paperForm + "commitIndex: 1, snapshot: {lastIncludedIndex: 2}" + paperFormEnd, onPaperForm("state 1 2 snapshot.lastIncludedIndex: covers what is committed alone")},
	})
}
