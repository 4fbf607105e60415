package check_test

import (
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
	"raftsheet/raft"
)

// Figure 3's properties, each broken by a message that could not have been
// sent, by an election off the page, or from an initial state that is not sound.
// Each is reported once, where it first breaks, with the two nodes, the index
// and both entries.
func TestSafety(t *testing.T) {
	runScenes(t, []scene{
		{"Election Safety (5.2): a leader hears another of its own term", `
nodes: 3
unknown: [2]
initial: {1: {term: 2, role: leader}}
steps:
- appendEntries: {leaderId: 2, term: 2, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  response: {1: none, 3: ok}
- appendEntries: {leaderId: 2, term: 2, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  response: {1: none, 3: ok}`,
			[]string{"message 1 2 leaderId: node 1 leads term 2", "message 2 2 leaderId: node 1 leads term 2",
				"safety 1 1 Election Safety: node 1 leads term 2; node 2"}},
		{"Election Safety (5.2): two nodes win a term, one of them by votes off the page", `
nodes: 5
steps:
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  lost: [2, 3, 4, 5]
- timeout: 5
- requestVote: {candidateId: 5}
  to: [3, 4]
  response: {3: ok, 4: ok}
  state: {5: {role: leader}}`,
			[]string{"implied 1 1: off the page", "safety 3 5 Election Safety: nodes 1 and 5; term 1"}},
		{"Log Matching (5.3): one index and term, two entries", `
nodes: 3
initial: {1: {term: 1, role: leader, log: [1:a]}}
steps:
- id: q
  appendEntries: {leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:b]}
  to: [2]
- appendEntries: {leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:c], leaderCommit: 0}
  to: [3]`,
			[]string{"message q 1 entries: 1:a; 1:b", "message 2 1 entries: 1:a; 1:c",
				"safety q 2 Log Matching: index 1; node 2 has 1:b; node 1 had 1:a"}},
		{"Log Matching (5.3): the same entry, and other entries before it", `
nodes: 3
initial: {1: {term: 3, role: leader, log: [1:a, 3:b]}, 2: {log: [2:z], term: 2}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 2, entries: [3:b], leaderCommit: 0}
  to: [2]
  response: {2: ok}`,
			[]string{"message 1 1 prevLogTerm: term 1; prevLogTerm 2",
				"safety 1 2 Log Matching: index 2; node 2 has 3:b; term 2; node 1 had; term 1"}},
		{"Log Matching (5.3): a value that nobody wrote down at first", `
nodes: 4
unknown: [4]
steps:
- {appendEntries: {leaderId: 4, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1], leaderCommit: 0}, to: [1]}
- {appendEntries: {leaderId: 4, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:a], leaderCommit: 0}, to: [2]}
- {appendEntries: {leaderId: 4, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:b], leaderCommit: 0}, to: [3]}`,
			[]string{"message 3 4 entries: node 4; 1:a at index 1; 1:b", "safety 3 3 Log Matching: index 1; node 3 has 1:b; node 2 had 1:a"}},
		{"Leader Completeness (5.4): a leader lacks what was committed before its term", `
nodes: 3
initial:
  1: {term: 1, role: leader, log: [1:a]}
  2: {term: 1, log: [1:a], votedFor: 1}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: []}
  to: [2]
  state: {1: {commitIndex: 1}}
- requestVote: {candidateId: 3, term: 2, lastLogIndex: 1, lastLogTerm: 1}
  response: {1: ok, 2: ok}
- requestVoteResponse: {from: 1, to: 3, term: 3, voteGranted: true}
- timeout: 3
- requestVoteResponse: {from: 1, to: 3, term: 4, voteGranted: true}
  state: {3: {role: leader, term: 4}}`,
			[]string{"message 2 3 lastLogIndex: index 0; index 1, term 1", "message 3 1: never gave", "message 5 1: never gave",
				"safety 5 3 Leader Completeness: node 3 leads term 4; no entry at index 1; node 1; 1:a; term 1"}},
		{"Leader Completeness (5.4): it has another entry there", `
nodes: 3
initial:
  1: {term: 2, role: leader, log: [2:a], commitIndex: 1}
  2: {term: 2, log: [2:a]}
  3: {term: 3, log: [1:z, 3:y]}
steps:
- timeout: 3
- requestVote: {candidateId: 3}
  response: {1: ok, 2: ok}`,
			[]string{"safety 2 3 Leader Completeness: node 3 leads term 4; 1:z at index 1; node 1; 2:a; term 2"}},
		{"Leader Completeness speaks of later terms: not of one in the term of the commitment", `
nodes: 3
unknown: [1]
steps:
- {appendEntries: {leaderId: 1, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [3:x], leaderCommit: 1}, to: [2]}
- requestVote: {candidateId: 3, term: 3, lastLogIndex: 0, lastLogTerm: 0}
  to: [1]
  response: {1: ok}`,
			[]string{"implied 2 3: term 3", "untold 2 1 voteGranted:", "message 2 1 voteGranted: voted for itself in term 3", "safety 2 3 Election Safety: nodes 1 and 3; term 3"}},
		{"State Machine Safety (5.4.3): two nodes commit different entries at an index", `
nodes: 3
initial:
  1: {term: 2, role: leader, log: [1:a, 2:b], commitIndex: 2}
  2: {term: 2, log: [1:a]}
  3: {term: 2, log: [1:a, 2:b]}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [1:z], leaderCommit: 2}
  to: [2]
  response: {2: ok}
  state: {2: {commitIndex: 2}}`,
			[]string{"message 1 1 entries: 2:b; 1:z",
				"safety 1 2 State Machine Safety: node 2 commits 1:z at index 2; node 1 has committed 2:b"}},
		{"State Machine Safety: an AppendEntries makes a node delete what it has committed; it is done all the same", `
nodes: 3
unknown: [1]
initial: {2: {term: 2, log: [1:a, 2:b], commitIndex: 2}, 3: {term: 2}}
steps:
- id: cut
  appendEntries: {leaderId: 1, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [3:z], leaderCommit: 0}
  to: [2]
  response: {2: ok}
  state: {2: {log: [1:a, 3:z], commitIndex: 2}}`,
			[]string{"message cut 1 entries: node 2; committed 2:b at index 2; term 3 says 3:z",
				"safety cut 2 State Machine Safety: node 2; 2:b at index 2; commitIndex is 2; node 1; index 2 it now has 3:z"}},
		{"State Machine Safety in the initial state", `
nodes: 3
initial: {1: {term: 2, log: [1:a], commitIndex: 1}, 2: {term: 2, log: [2:b], commitIndex: 1}}
steps:
- state: {1: {commitIndex: 1}}`,
			[]string{"safety initial 2 State Machine Safety: node 2 commits 2:b at index 1; node 1 has committed 1:a"}},
		{"Leader Completeness in the initial state", `
nodes: 3
initial: {1: {term: 2, log: [1:a], commitIndex: 1}, 2: {term: 3, role: leader}}
steps:
- state: {1: {commitIndex: 1}}`,
			[]string{"safety initial 2 Leader Completeness: node 2 leads term 3; no entry at index 1; node 1; 1:a; term 2"}},
	})
}

// Nothing breaks where nothing breaks, though it looks like it.
func TestStillSafe(t *testing.T) {
	runScenes(t, []scene{
		{"two leaders of two terms", `
nodes: 3
initial: {1: {term: 1, role: leader}, 2: {term: 2, role: leader}}
steps:
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [3]`, nil},
		{"uncommitted entries are deleted", `
nodes: 2
initial: {1: {term: 3, role: leader, log: [1:a, 3:c], commitIndex: 1}, 2: {log: [1:a, 2:b], commitIndex: 1}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [3:c]}
  response: {2: ok}`, nil},
		{"one index, two terms", `
nodes: 2
initial: {1: {log: [1:a]}, 2: {log: [2:b]}}
steps:
- timeout: [1, 2]`, nil},
		{"values that nobody wrote down", `
nodes: 3
initial: {1: {term: 2, role: leader, log: [1, 2:b]}, 2: {log: [1:a]}, 3: {log: [1]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:a, 2]}
  response: {2: ok, 3: ok}
  state: {1: {commitIndex: 2}}`, nil},
		{"an entry of an earlier term on a majority is overwritten (Figure 8)", `
nodes: 3
initial:
  1: {term: 2, log: [1:a, 2:b]}
  2: {term: 2, log: [1:a, 2:b]}
  3: {term: 3, log: [1:a, 3:c]}
steps:
- timeout: 3
- requestVote: {candidateId: 3}
- appendEntries: {leaderId: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [3:c]}
  response: {1: ok, 2: ok}
  state: {1: {log: [1:a, 3:c]}, 3: {commitIndex: 0}}`, nil},
	})
}

// Leader Append-Only cannot break under Figure 2, whatever the trace says. It
// breaks under rules by which a leader cuts its log.
func TestLeaderAppendOnly(t *testing.T) {
	rules := raft.Figure2()
	send := rules.SendAppendEntries
	rules.SendAppendEntries = func(n *raft.Node, to raft.NodeID) raft.AppendEntries {
		m := send(n, to)
		n.Log = n.Log.Truncate(1)
		return m
	}
	f := checktest.Read(t, `
nodes: 2
initial: {1: {term: 3, role: leader, log: [1:a, 2:b]}}
steps:
- appendEntries: {leaderId: 1}
- clientRequest: {node: 1, value: c}
- appendEntries: {leaderId: 1}`)
	run, err := check.Replay(f.Traces[0], rules)
	if err != nil {
		t.Fatal(err)
	}
	got := checktest.Lines(check.Compare(run), finding.Safety)
	if len(got) == 0 || !checktest.Says(got[0], "safety 1 1 Leader Append-Only: node 1; term 3; 2:b at index 2") {
		t.Errorf("a leader that deletes its own entry 2:b is reported as\n\t%s", strings.Join(got, "\n\t"))
	}
	for _, g := range got[min(1, len(got)):] {
		if strings.Contains(g, "Append-Only") {
			t.Errorf("Leader Append-Only is reported again where it breaks a second time: %s", g)
		}
	}
}

// A safety finding names its property, the section that states it, and its
// place: the step's event, or the initial state of the node.
func TestSafetyFindingsCarryTheirPlace(t *testing.T) {
	rep := checktest.Report(t, `nodes: 3
initial:
  1: {term: 2, log: [1:a], commitIndex: 1}
  2: {term: 2, log: [2:b], commitIndex: 1}
unknown: [3]
steps:
- note: a message from nowhere
  appendEntries: {leaderId: 3, term: 4, prevLogIndex: 0, prevLogTerm: 0, entries: [4:c], leaderCommit: 0}
  to: [1]
- timeout: 1
- appendEntries: {leaderId: 3, term: 4, prevLogIndex: 0, prevLogTerm: 0, entries: [4:d], leaderCommit: 0}
  to: [2]`)
	var got []string
	for i := range rep.Findings {
		if f := &rep.Findings[i]; f.Kind == finding.Safety {
			got = append(got, f.Pos.String()+" §"+f.PaperSection()+" "+f.Field)
		}
	}
	if want := "4:3 §5.4.3 State Machine Safety, 11:3 §5.3 Log Matching"; strings.Join(got, ", ") != want {
		t.Errorf("the safety findings are at %s; they should be at %s", strings.Join(got, ", "), want)
	}
}
