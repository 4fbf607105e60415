package check_test

import (
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/raft"
)

// under gives the comparison of a text's one trace under other rules.
func under(t *testing.T, rules, text string) *check.Report {
	t.Helper()
	run, err := check.ReplayWith(checktest.Read(t, text).Traces[0], []string{rules})
	if err != nil {
		t.Fatalf("under %s the trace cannot be replayed: %v\n%s", rules, err, text)
	}
	return check.Compare(run)
}

// A sender fills in, and is judged by, what it sends under the rules in force:
// what is left out follows from the deviation, and is no impossible message.
// The answers and tables are those of the deviation.
func TestDeviatingSenders(t *testing.T) {
	for _, s := range []struct {
		rules, why, text string
		want             []string
	}{
		{"offers-commit-index", "what it leaves out is the committed part", `
nodes: 3
initial: {1: {term: 1, log: [1, 1, 1], commitIndex: 1}, 2: {term: 1, log: [1, 1]}, 3: {term: 1, log: [1]}}
steps:
- timeout: 1
- requestVote: {candidateId: 1, term: 2, lastLogIndex: 1, lastLogTerm: 1}
  response: {2: no, 3: ok}
`, nil},
		{"offers-commit-index", "the figure's message is none of its own", `
nodes: 3
initial: {1: {term: 1, log: [1, 1, 1], commitIndex: 1}}
steps:
- timeout: 1
- id: ask
  requestVote: {candidateId: 1, term: 2, lastLogIndex: 3, lastLogTerm: 1}
  response: {2: ok, 3: ok}
`, []string{"message ask 1 lastLogIndex: index 1, term 1; index 3, term 1"}},
		{"offers-commit-index", "before the timeout that is implied, either", `
nodes: 3
initial: {1: {term: 1, log: [1, 1, 1], commitIndex: 1}}
steps:
- id: ask
  requestVote: {candidateId: 1, term: 2, lastLogIndex: 3, lastLogTerm: 1}
  response: {2: ok, 3: ok}
  state: {1: {role: leader, term: 2}}
`, []string{"message ask 1 lastLogIndex: under offers-commit-index; index 1, term 1; index 3, term 1",
			"implied ask 1: stands for term 2"}},
		{"term-kept-on-timeout", "it stands for the term that it is in", `
nodes: 3
initial: {1: {term: 1}, 2: {term: 1}, 3: {term: 1, votedFor: 2}}
steps:
- id: ask
  requestVote: {candidateId: 1}
  response: {2: {voteGranted: yes, term: 1}, 3: {voteGranted: no, term: 1}}
  state: {1: {term: 1, role: leader}}
`, []string{"implied ask 1: term 1"}},
		{"term-kept-on-timeout", "in no term at all", `
nodes: 3
steps:
- id: ask
  requestVote: {candidateId: 1}
  response: {2: {voteGranted: yes, term: 0}, 3: {voteGranted: yes, term: 0}}
  state: {1: {term: 0, role: leader, votedFor: 1}}
`, []string{"implied ask 1: term 0"}},
		{"prev-term-is-current", "every nextIndex", `
nodes: 3
initial: {1: {term: 4, role: leader, log: [1, 2]}, 2: {term: 4, log: [1, 2]}, 3: {term: 4, log: [1, 4]}}
steps:
- appendEntries: {leaderId: 1}
  response: {2: no, 3: ok}
- appendEntries: {leaderId: 1, prevLogIndex: 2, entries: []}
  response: {2: no, 3: ok}
- appendEntries: {leaderId: 1, term: 4, prevLogIndex: 2, prevLogTerm: 4, entries: [], leaderCommit: 0}
  response: {2: no, 3: ok}
`, nil},
		{"prev-term-is-current", "late as well", `
nodes: 3
initial: {1: {term: 4, role: leader, log: [1, 2]}, 2: {term: 4, log: [1, 2]}, 3: {term: 4, log: [1, 4]}}
steps:
- restart: 1
- id: old
  appendEntries: {leaderId: 1, term: 4, prevLogIndex: 2, prevLogTerm: 4, entries: [], leaderCommit: 0}
  response: {2: no, 3: ok}
`, []string{"implied old 1 late: term 4; late"}},
		{"leader-commit-is-last", "leaderCommit", `
nodes: 3
initial: {1: {term: 1, role: leader, log: [1, 1], commitIndex: 1}, 2: {term: 1, log: [1, 1]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 2, entries: []}
  to: 2
  response: {2: ok}
  state: {2: {commitIndex: 2}}
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 2, prevLogTerm: 1, entries: [], leaderCommit: 2}
  to: 2
  response: {2: ok}
`, nil},
		{"next-index-at-last", "a new leader repeats its last entry", `
nodes: 3
initial: {1: {term: 1, log: [1, 1]}, 2: {term: 1, log: [1]}}
steps:
- timeout: 1
- requestVote: {candidateId: 1}
  response: {2: ok, 3: ok}
  state: {1: {role: leader, nextIndex: {2: 2, 3: 2}}}
- appendEntries: {leaderId: 1, entries: auto}
  response: {2: ok, 3: no}
  state: {2: {log: [1, 1]}}
`, nil},
		{"next-index-at-last", "of an empty log, nextIndex is 0, and the first entry is sent", `
nodes: 2
steps:
- timeout: 1
- requestVote: {candidateId: 1}
  response: {2: ok}
  state: {1: {role: leader, nextIndex: {2: 0}}}
- clientRequest: {node: 1, value: a}
- appendEntries: {leaderId: 1, entries: auto}
  response: {2: ok}
  state: {1: {nextIndex: {2: 2}}, 2: {log: [1:a]}}
`, nil},
	} {
		t.Run(s.rules+", "+s.why, func(t *testing.T) {
			checktest.Expect(t, under(t, s.rules, s.text), s.want...)
			if t.Failed() {
				t.Log(s.text)
			}
		})
	}
}

// A sentence about a decision that Figure 2 takes otherwise says that a
// deviation is in force, and whose name it has.
func TestDeviatingSentences(t *testing.T) {
	for _, s := range []struct{ rules, text, want string }{
		{"prev-must-be-last", `
nodes: 2
initial: {1: {role: leader, term: 1, log: [1, 1]}, 2: {term: 1, log: [1, 1]}}
steps:
- id: x
  appendEntries: {leaderId: 1, prevLogIndex: 1, entries: [1]}
  response: {2: ok}`, "response x 2 success: has an entry of term 1 at index 1; prev-must-be-last refuses it"},
		{"vote-twice", `
nodes: 3
initial: {1: {term: 1, votedFor: 2}}
steps:
- id: x
  requestVote: {term: 1, candidateId: 3, lastLogIndex: 0, lastLogTerm: 0}
  response: {1: no, 2: ok}`, "response x 1 voteGranted: has voted for node 2 in term 1, which vote-twice lets pass"},
		{"stale-leader-accepted", `
nodes: 2
unknown: 1
initial: {2: {term: 3}}
steps:
- id: x
  appendEntries: {leaderId: 1, term: 2, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  response: {2: no}`, "response x 2 success: prevLogIndex is 0"},
		{"equal-term-refused", `
nodes: 2
initial: {1: {role: leader, term: 1}, 2: {term: 1}}
steps:
- id: x
  appendEntries: {leaderId: 1}
  response: {2: ok}`, "response x 2 success: term 1 is not below; currentTerm 1; equal-term-refused refuses it"},
		{"candidate-ignores-leader", `
nodes: 3
initial: {1: {role: leader, term: 2}, 2: {role: candidate, term: 2}}
steps:
- id: x
  appendEntries: {leaderId: 1}
  to: 2
  response: {2: ok}`, "response x 2 success: node 2 is a candidate in term 2; candidate-ignores-leader refuses it"},
		{"commit-to-log-end", `
nodes: 2
initial: {1: {role: leader, term: 3, log: [1, 3], commitIndex: 2}, 2: {term: 3, log: [1, 2]}}
steps:
- id: x
  appendEntries: {leaderId: 1, prevLogIndex: 1, entries: []}
  state: {2: {commitIndex: 1}}`, "state x 2 commitIndex: commitIndex"},
	} {
		found := false
		for _, l := range checktest.Lines(under(t, s.rules, s.text)) {
			found = found || checktest.Says(l, s.want)
		}
		if !found {
			t.Errorf("under %s no finding says %q:\n%v", s.rules, s.want, checktest.Lines(under(t, s.rules, s.text)))
		}
	}
}

// Rules are named by what they change.
func TestRulesNames(t *testing.T) {
	for _, tt := range []struct {
		names []string
		want  string
	}{
		{nil, "figure2"},
		{[]string{"figure2"}, "figure2"},
		{[]string{"vote-twice", "figure2", "vote-twice"}, "vote-twice"},
		{[]string{"notes", "commit-falls"}, "notes,commit-falls"},
	} {
		rules, err := check.RulesNamed(tt.names)
		if err != nil || rules.Name != tt.want {
			t.Errorf("%v: %v, %v; want %s", tt.names, rules, err, tt.want)
		}
	}
	if _, err := check.RulesNamed([]string{"vote-twise"}); err == nil {
		t.Error("vote-twise: no error")
	}
	if raft.Figure2().With().Name != "figure2" {
		t.Error("Figure 2 without a deviation is not called figure2")
	}
}

// A deviation that appends what is there already ends in an error, and not in the
// machine's memory.
func TestDeviationsAreBounded(t *testing.T) {
	log := strings.Repeat("1, ", 50_000)
	text := "nodes: 2\nrules: append-blindly\ninitial: {1: {role: leader, log: [" + log + "], nextIndex: {2: 1}}}\nsteps:\n" +
		strings.Repeat("- {appendEntries: {leaderId: 1, entries: auto}, responseLost: 2}\n", 25)
	if got := checktest.Failure(text); !strings.Contains(got, "more than 1000000 entries") {
		t.Errorf("the replay says %.200q, and has to give up", got)
	}
}
