package check_test

import (
	"testing"

	"raftsheet/check/checktest"
	"raftsheet/check/finding"
)

// "What a message implies", question 4, AppendEntries from l of term T, which
// leads T.
func TestAppendEntriesFits(t *testing.T) {
	const leader = `
nodes: 3
initial:
  1: {term: 3, role: leader, log: [1:a, 2:b, 3:c], commitIndex: 2}
  2: {term: 3, votedFor: 1, log: [1:a, 2:b]}
  3: {term: 3, votedFor: 1, log: [1:a, 2:b, 3:c]}
steps:
- appendEntries: `
	runScenes(t, []scene{
		{"what its log has needs nothing unwritten", leader + `{leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [2:b, 3:c], leaderCommit: 1}
  response: {2: ok, 3: ok}`, nil},
		{"implied: an entry just past the end of its log, of term T: a client request", leader + `{leaderId: 1, prevLogIndex: 3, prevLogTerm: 3, entries: [3:d], leaderCommit: 2}
  response: {2: no, 3: ok}
  state: {1: {log: [1:a, 2:b, 3:c, 3:d], commitIndex: 4}}`,
			[]string{"implied 1 1: client's request; 3:d; index 4"}},
		{"implied: several, the first of its log's before them", leader + `{leaderId: 1, prevLogIndex: 2, prevLogTerm: 2, entries: [3:c, 3:d, 3:e], leaderCommit: 2}
  response: {2: ok, 3: ok}
  state: {1: {log: [1:a, 2:b, 3:c, 3:d, 3:e]}}`,
			[]string{"implied 1 1: 2 client requests; entries 4 to 5"}},
		{"implied: in the worksheet's form", leader + `{leaderId: 1, index: 4, value: d}
  response: {2: no, 3: ok}`,
			[]string{"implied 1 1: 3:d; index 4"}},
		{"impossible: a prevLogTerm that is not its log's", leader + `{leaderId: 1, prevLogIndex: 2, prevLogTerm: 1, entries: [3:c]}
  response: {2: no, 3: no}`,
			[]string{"message 1 1 prevLogTerm: term 2 at index 2; prevLogTerm 1"}},
		{"impossible: an entry whose term is not its log's", leader + `{leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [3:b], leaderCommit: 0}
  response: {2: ok, 3: ok}
  state: {2: {log: [1:a, 3:b]}, 1: {log: [1:a, 2:b, 3:c]}}`,
			[]string{"message 1 1 entries: 2:b at index 2; 3:b"}},
		{"impossible: an entry whose value is not its log's", leader + `{leaderId: 1, prevLogIndex: 2, prevLogTerm: 2, entries: [3:z]}
  response: {2: ok, 3: ok}
  state: {2: {log: [1:a, 2:b, 3:z]}}`,
			[]string{"message 1 1 entries: 3:c at index 3; 3:z",
				"safety 1 2 Log Matching: index 3; node 2; 3:z; node 1; 3:c"}},
		{"impossible: an entry of another term than T past its end", leader + `{leaderId: 1, prevLogIndex: 3, prevLogTerm: 3, entries: [3:d, 2:x]}`,
			[]string{"message 1 1 entries: term 2 after term 3"}},
		{"impossible: an entry of an older term past its end, delivered all the same", `
nodes: 3
initial: {1: {term: 3, role: leader, log: [1:a]}, 2: {log: [1:a]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [2:x], leaderCommit: 0}
  response: {2: ok, 3: no}
  state: {1: {log: [1:a]}, 2: {log: [1:a, 2:x]}}`,
			[]string{"message 1 1 entries: index 1; term 3; index 2; term 2"}},
		{"impossible: a gap past its end, in the paper's form", leader + `{leaderId: 1, prevLogIndex: 5, prevLogTerm: 3, entries: [3:f]}
  response: {2: no, 3: no}
  state: {1: {log: [1:a, 2:b, 3:c]}}`,
			[]string{"message 1 1 prevLogIndex: index 5; index 3"}},
		{"impossible: a gap past its end, in the worksheet's form", leader + `{leaderId: 1, index: 6, value: f}
  response: {2: no, 3: no}`,
			[]string{"message 1 1 index: index 5; index 3"}},
		{"impossible: leaderCommit above its commitIndex", leader + `{leaderId: 1, prevLogIndex: 3, prevLogTerm: 3, entries: [], leaderCommit: 3}
  response: {2: no, 3: ok}
  state: {3: {commitIndex: 3}}`,
			[]string{"message 1 1 leaderCommit: commitIndex 2; leaderCommit 3"}},
		{"impossible: a heartbeat's leaderCommit", leader + `{leaderId: 1, entries: [], leaderCommit: 4}`,
			[]string{"message 1 1 leaderCommit: commitIndex 2; leaderCommit 4"}},
		{"a heartbeat's written prevLogTerm is delivered as written, and is not its log's", leader + `{leaderId: 1, prevLogTerm: 2}
  response: {2: no, 3: no}`,
			[]string{"message 1 1 prevLogTerm: term 3 at index 3; prevLogTerm 2"}},
		{"an entry without a value matches any", `
nodes: 2
initial: {1: {term: 3, role: leader, log: [1, 2, 3]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:a, 2, 3:c]}
  response: {2: ok}`, nil},
	})
}

// The conditions of an election off the page, each the only one that fails.
func TestElectionOffThePage(t *testing.T) {
	runScenes(t, []scene{
		{"implied: l was elected; its term, role, vote and fresh nextIndex, matchIndex follow; its voters stay as they are", `
nodes: 3
initial: {1: {term: 1, log: [1:a]}, 2: {term: 2, votedFor: 3, log: [1:a]}}
steps:
- appendEntries: {leaderId: 1, term: 4, prevLogIndex: 1, prevLogTerm: 1, entries: [], leaderCommit: 0}
  lost: [2, 3]
  state:
    1: {term: 4, votedFor: 1, role: leader, nextIndex: {2: 2, 3: 2}, matchIndex: {2: 0, 3: 0}}
    2: {term: 2, votedFor: 3}
    3: {term: 0, votedFor: none}`,
			[]string{"implied 1 1: node 1; leader of term 4; off the page"}},
		{"implied: and a client request after it", `
nodes: 3
steps:
- appendEntries: {leaderId: 1, term: 1, index: 1, value: x, leaderCommit: 0}
  response: {2: ok, 3: ok}
  state: {1: {term: 1, role: leader, log: [1:x], commitIndex: 1}}`,
			[]string{"implied 1 1: term 1; off the page", "implied 1 1: 1:x"}},
		{"implied: of one that timed out, and whose requests are not on the page", `
nodes: 3
steps:
- timeout: 1
- appendEntries: {leaderId: 1, term: 1, entries: []}
  state: {1: {term: 1, role: leader}}`,
			[]string{"implied 2 1: term 1"}},
		{"impossible: a vote of T was asked for in the trace, and l has no majority", `
nodes: 5
steps:
- timeout: 1
- requestVote: {candidateId: 1}
  lost: [3, 4, 5]
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [3]
  response: {3: ok}
  state: {1: {role: candidate}, 3: {term: 1}}`,
			[]string{"message 3 1 leaderId: term 1; 2 of 5 votes; 3 are a majority"}},
		{"impossible: a vote of T was asked for by another", `
nodes: 5
steps:
- timeout: 2
- requestVote: {candidateId: 2}
  lost: [1, 3, 4, 5]
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [3]
  response: {3: ok}
  state: {1: {term: 1, role: follower}}`,
			[]string{"message 3 1 leaderId: term 1; follower in term 0"}},
		{"impossible: somebody is known to lead T", `
nodes: 5
initial: {2: {term: 1, role: leader}}
steps:
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [3]`,
			[]string{"message 1 1 leaderId: node 2 leads term 1"}},
		{"impossible: l's currentTerm is above T", `
nodes: 3
initial: {1: {term: 4}}
steps:
- appendEntries: {leaderId: 1, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [2]`,
			[]string{"message 1 1 term: term 4; term 3"}},
		{"impossible: l has voted for another in T", `
nodes: 3
initial: {1: {term: 3, votedFor: 2}}
steps:
- appendEntries: {leaderId: 1, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [2]`,
			[]string{"message 1 1 leaderId: voted for node 2; term 3"}},
		{"a vote of an earlier term binds nobody", `
nodes: 3
initial: {1: {term: 2, votedFor: 2}}
steps:
- appendEntries: {leaderId: 1, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [2]`,
			[]string{"implied 1 1: term 3"}},
		{"impossible: by their terms no majority could have voted", `
nodes: 3
initial: {2: {term: 4}, 3: {term: 5}}
steps:
- appendEntries: {leaderId: 1, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [2]`,
			[]string{"message 1 1 leaderId: 1 of 3 nodes; 2 are a majority"}},
		{"impossible: by their votes", `
nodes: 3
initial: {2: {term: 3, votedFor: 3}, 3: {term: 3, votedFor: 3}}
steps:
- appendEntries: {leaderId: 1, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [2]`,
			[]string{"message 1 1 leaderId: 1 of 3 nodes"}},
		{"their votes of T may be l's", `
nodes: 3
initial: {2: {term: 3, votedFor: 1}, 3: {term: 3, votedFor: 3}}
steps:
- appendEntries: {leaderId: 1, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [2]`,
			[]string{"implied 1 1: term 3"}},
		{"impossible: by their logs, the last term later", `
nodes: 3
initial: {1: {log: [1, 1]}, 2: {log: [2]}, 3: {log: [2]}}
steps:
- appendEntries: {leaderId: 1, term: 3, prevLogIndex: 2, prevLogTerm: 1, entries: [], leaderCommit: 0}
  to: [2]`,
			[]string{"message 1 1 leaderId: 1 of 3 nodes"}},
		{"impossible: by their logs, as late and longer", `
nodes: 3
initial: {1: {log: [1]}, 2: {log: [1, 1]}, 3: {log: [1, 1]}}
steps:
- appendEntries: {leaderId: 1, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [], leaderCommit: 0}
  to: [2]`,
			[]string{"message 1 1 leaderId: 1 of 3 nodes"}},
		{"unknown nodes are willing", `
nodes: 3
unknown: [3]
initial: {2: {term: 9}}
steps:
- appendEntries: {leaderId: 1, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [2]
  responseLost: [2]`,
			[]string{"implied 1 1: term 3"}},
		{"impossible: it is down", `
nodes: 3
steps:
- crash: 1
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [2]
  response: {2: ok}
  state: {1: {term: 0}, 2: {term: 1}}`,
			[]string{"message 2 1 leaderId: down since step 1; term 1"}},
		{"a majority of eight is five: four willing are not enough", `
nodes: 8
initial: {5: {term: 9}, 6: {term: 9}, 7: {term: 9}, 8: {term: 9}}
steps:
- appendEntries: {leaderId: 1, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [2]`,
			[]string{"message 1 1 leaderId: 4 of 8 nodes; 5 are a majority"}},
	})
}

// A finding about a message carries what it says, what the reference has in
// its place, the rule and the section.
func TestMessageFindingsCarryTheirFigures(t *testing.T) {
	const leader = `
nodes: 3
initial: {1: {term: 3, role: leader, log: [1:a, 3:c], commitIndex: 1}, 2: {term: 3}}
steps:
- appendEntries: `
	cases := []struct {
		text             string
		field            string
		expected, actual any
		section          string
	}{
		{leader + "{leaderId: 1, prevLogIndex: 4, prevLogTerm: 3}", "prevLogIndex", uint64(4), uint64(2), "5.3"},
		{leader + "{leaderId: 1, index: 4, value: x}", "index", uint64(4), uint64(3), "5.3"},
		{leader + "{leaderId: 1, prevLogIndex: 1, prevLogTerm: 2}", "prevLogTerm", uint64(2), uint64(1), "5.3"},
		{leader + "{leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [3:d]}", "entries", "3:d", "3:c", "5.3"},
		{leader + "{leaderId: 1, prevLogIndex: 2, prevLogTerm: 3, leaderCommit: 2}", "leaderCommit", uint64(2), uint64(1), "5.4.2"},
		{leader + "{leaderId: 2, term: 3}", "leaderId", "2", "1", "5.2"},
		{"nodes: 2\ninitial: {1: {term: 4, log: [2], votedFor: 2}}\nsteps:\n- requestVote: {candidateId: 1, term: 4}", "term", uint64(4), uint64(4), "5.2"},
		{"nodes: 2\ninitial: {1: {term: 4, log: [2]}}\nsteps:\n- requestVote: {candidateId: 1, lastLogIndex: 2}", "lastLogIndex", uint64(2), uint64(1), "5.2"},
	}
	for _, c := range cases {
		rep := checktest.Report(t, c.text)
		for i := range rep.Findings {
			f := &rep.Findings[i]
			if f.Kind != finding.Message {
				continue
			}
			if f.Field != c.field || f.Expected != c.expected || f.Actual != c.actual || f.PaperSection() != c.section {
				t.Errorf("the finding is about %s, expected %v, actual %v, section %s; it should be %s, %v, %v, %s\n%s",
					f.Field, f.Expected, f.Actual, f.PaperSection(), c.field, c.expected, c.actual, c.section, c.text)
			}
			if f.Event == "" || f.Step != 1 || f.Pos.Column != 3 || f.Rule.Info().Figure == "" {
				t.Errorf("the finding lacks its event, step, place or rule: %+v\n%s", *f, c.text)
			}
		}
		if rep.CountKind(finding.Message) != 1 {
			t.Errorf("%d messages are found impossible, not one:\n%s", rep.CountKind(finding.Message), c.text)
		}
	}
}
