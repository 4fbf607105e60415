package check_test

import (
	"strings"
	"testing"

	"raftsheet/check/checktest"
)

// "What Figure 2 leaves open, settled once", sentence by sentence.
func TestSettledOnce(t *testing.T) {
	runScenes(t, []scene{
		{"a leader that gets AppendEntries of its own term does not answer; its state stays; it is a safety finding", `
nodes: 3
unknown: [3]
initial: {1: {term: 2, role: leader, log: [1:a]}}
steps:
- appendEntries: {leaderId: 3, term: 2, prevLogIndex: 0, prevLogTerm: 0, entries: [2:z], leaderCommit: 1}
  response: {1: none, 2: ok}
  state: {1: {term: 2, role: leader, log: [1:a], commitIndex: 0}}`,
			[]string{"message 1 3 leaderId: node 1 leads term 2", "safety 1 1 Election Safety: node 1; term 2; node 3"}},
		{"a majority is more than half of all nodes: four of eight are not enough", `
nodes: 8
initial: {1: {term: 1, role: candidate}}
steps:
- requestVote: {candidateId: 1}
  lost: [5, 6, 7, 8]
  response: {2: ok, 3: ok, 4: ok, others: none}
  state: {1: {role: candidate}}
- requestVote: {candidateId: 1}
  to: [5]
  response: {5: ok}
  state: {1: {role: leader}}`, nil},
		{"a single node is its own majority: its command is committed as it is appended", `
nodes: 1
initial: {1: {term: 1, role: leader}}
steps:
- clientRequest: {node: 1, value: x}
  state: {1: {commitIndex: 1, lastApplied: 1}}`, nil},
		{"a single node: an entry of an earlier term waits for one of its own", `
nodes: 1
initial: {1: {term: 2, role: leader, log: [1:a]}}
steps:
- state: {1: {commitIndex: 0}}
- clientRequest: {node: 1, value: x}
  state: {1: {commitIndex: 2}}`, nil},
		{"a vote for a node that is no longer a candidate is ignored", `
nodes: 3
initial: {1: {term: 2, votedFor: 1}, 2: {term: 2, votedFor: 1}}
steps:
- requestVoteResponse: {from: 2, to: 1, term: 2, voteGranted: true}
  state: {1: {term: 2, role: follower}}`,
			[]string{"implied 1 2: before the first step"}},
		{"success tells the leader matchIndex = prevLogIndex + the number of entries; nextIndex is one more", `
nodes: 3
initial: {1: {term: 2, role: leader, log: [1, 1, 2, 2]}, 2: {term: 2, log: [1, 1, 2]}, 3: {term: 2, log: [1, 1, 2, 2]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [1, 2]}
  response: {2: ok, 3: ok}
  state: {1: {matchIndex: {2: 3, 3: 3}, nextIndex: {2: 4, 3: 4}}, 3: {log: [1, 1, 2, 2]}}`, nil},
		{"matchIndex never falls, nor does nextIndex with it", `
nodes: 3
initial: {1: {term: 1, role: leader, log: [1, 1]}, 2: {log: [1, 1]}, 3: {log: [1, 1]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 2, prevLogTerm: 1, entries: []}
  response: {2: ok, 3: ok}
- appendEntries: {leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1]}
  response: {2: ok, 3: ok}
  state: {1: {matchIndex: {2: 2, 3: 2}, nextIndex: {2: 3, 3: 3}}}`, nil},
		{"on a refusal nextIndex falls by one, never below 1", `
nodes: 2
initial: {1: {term: 1, role: leader, log: [1], nextIndex: {2: 2}}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: []}
  response: {2: no}
  state: {1: {nextIndex: {2: 1}, matchIndex: {2: 0}}}
- appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: []}
  response: {2: no}
  state: {1: {nextIndex: {2: 1}}}`, nil},
		{"on a refusal nextIndex never falls to matchIndex or less", `
nodes: 2
initial: {1: {term: 2, role: leader, log: [1, 2], nextIndex: {2: 2}, matchIndex: {2: 1}}, 2: {term: 2, log: [1]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 2, prevLogTerm: 2, entries: []}
  response: {2: no}
  state: {1: {nextIndex: {2: 2}, matchIndex: {2: 1}}}`, nil},
		{"commitIndex never falls", `
nodes: 3
initial: {1: {term: 1, role: leader, log: [1, 1], commitIndex: 2}, 2: {term: 1, log: [1, 1], commitIndex: 2}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [1], leaderCommit: 1}
  to: [2]
  response: {2: ok}
  state: {2: {commitIndex: 2}, 1: {commitIndex: 2}}`, nil},
		{"a heartbeat commits up to prevLogIndex at the most", `
nodes: 2
initial: {1: {term: 1, role: leader, log: [1, 1, 1], commitIndex: 3}, 2: {term: 1, log: [1, 1, 1]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 2, prevLogTerm: 1, entries: []}
  response: {2: ok}
  state: {2: {commitIndex: 2}}`, nil},
		{"the commit rule is not applied to the initial state", `
nodes: 3
initial: {1: {term: 1, role: leader, log: [1], matchIndex: {2: 1, 3: 1}}, 2: {log: [1]}, 3: {log: [1]}}
steps:
- state: {1: {commitIndex: 0}}
- timeout: 1
  state: {1: {commitIndex: 0}}
- appendEntries: {leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: []}
  to: [2]
  response: {2: ok}
  state: {1: {commitIndex: 1}}`, nil},
		{"counting copies commits no entry of an earlier term (5.4.2); one of the leader's own commits all before it", `
nodes: 3
initial: {1: {term: 2, role: leader, log: [1:a]}, 2: {term: 2, log: [1:a]}, 3: {term: 2}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: []}
  to: [2]
  response: {2: ok}
  state: {1: {commitIndex: 0, matchIndex: {2: 1}}}
- clientRequest: {node: 1, value: b}
- appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [2:b]}
  to: [2]
  response: {2: ok}
  state: {1: {commitIndex: 2}}`, nil},
		{"prevLogIndex 0 always matches", `
nodes: 2
initial: {1: {term: 2, role: leader, log: [2]}, 2: {term: 1, log: [1, 1]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: []}
  response: {2: ok}
  state: {2: {term: 2, log: [1, 1]}}`, nil},
		{"entries that are there already are kept, and so is whatever follows them", `
nodes: 2
initial: {1: {term: 1, role: leader, log: [1:a, 1:b, 1:c]}, 2: {log: [1:a, 1:b, 1:c]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:a, 1:b]}
  response: {2: ok}
  state: {2: {log: [1:a, 1:b, 1:c]}}`, nil},
		{"an entry of another term goes, with all that follows it", `
nodes: 2
initial: {1: {term: 3, role: leader, log: [1:a, 3:x]}, 2: {log: [1:a, 2:b, 2:c, 2:d]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [3:x]}
  response: {2: ok}
  state: {2: {log: [1:a, 3:x]}}`, nil},
		{"a node that refuses a vote keeps the higher term", `
nodes: 3
initial: {1: {term: 4, role: candidate}, 2: {term: 2, log: [1, 2], votedFor: 2}, 3: {term: 4, votedFor: 3}}
steps:
- requestVote: {candidateId: 1}
  response: {2: {voteGranted: false, term: 4}, 3: no}
  state: {2: {term: 4, votedFor: none, role: follower}, 3: {term: 4, votedFor: 3}}`, nil},
		{"a refused AppendEntries deletes nothing and leaves its term behind", `
nodes: 2
initial: {1: {term: 3, role: leader, log: [1, 1, 3]}, 2: {term: 2, log: [1, 2]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 2, prevLogTerm: 1, entries: [3]}
  response: {2: {success: false, term: 3}}
  state: {2: {term: 3, log: [1, 2]}}`, nil},
		{"a candidate follows the leader of its term", `
nodes: 2
initial: {1: {term: 2, role: leader}, 2: {term: 2, role: candidate}}
steps:
- appendEntries: {leaderId: 1, entries: []}
  response: {2: ok}
  state: {2: {role: follower, votedFor: 2}}`, nil},
	})
}

// An answer of an earlier term than the receiver's is ignored, also one that is
// said to be an unknown node's.
func TestEarlierAnswerIsIgnored(t *testing.T) {
	runScenes(t, []scene{
		{"a vote of an earlier term elects nobody", `
nodes: 3
unknown: [2, 3]
initial: {1: {term: 2, role: candidate}}
steps:
- requestVote: {candidateId: 1}
  response: {2: {voteGranted: true, term: 1}, 3: none}
  state: {1: {term: 2, role: candidate}}
- requestVote: {candidateId: 1}
  response: {2: {voteGranted: true, term: 2}, 3: none}
  state: {1: {term: 2, role: leader}}`,
			[]string{"message 1 2 term: term 1; term 2", "untold 1 2 voteGranted:", "untold 1 3 voteGranted:", "untold 2 2 voteGranted:", "untold 2 3 voteGranted:"}},
		{"a success of an earlier term moves no matchIndex", `
nodes: 3
unknown: [2, 3]
initial: {1: {term: 2, role: leader, log: [2:a]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [2:a]}
  response: {2: {success: true, term: 1}, 3: none}
  state: {1: {matchIndex: {2: 0}, commitIndex: 0}}`,
			[]string{"message 1 2 term: term 1; term 2", "untold 1 2 success:", "untold 1 3 success:"}},
	})
}

// Past the largest number there is no term, and past the leader's log no
// matchIndex: errors at the step.
func TestNumbersThatEnd(t *testing.T) {
	const last = "9223372036854775807"
	cases := []struct{ why, text, want string }{
		{"a timeout would pass the last term", `nodes: 3
initial: {1: {term: ` + last + `}}
steps:
- timeout: 1`, "4:3: step 1: node 1 is in term " + last},
		{"a RequestVote without a term would pass it", `nodes: 3
initial: {1: {term: ` + last + `}}
steps:
- id: q
  requestVote: {candidateId: 1}`, "5:3: step q: node 1 is in term " + last},
	}
	for _, c := range cases {
		got := checktest.Failure(c.text)
		for part := range strings.SplitSeq(c.want, ";") {
			if !strings.Contains(got, strings.TrimSpace(part)) {
				t.Errorf("%s: the error is %q, and should name %q\n%s", c.why, got, part, c.text)
			}
		}
	}
}

// The last term can be stood for, and led.
func TestLastTerm(t *testing.T) {
	checktest.Expect(t, checktest.Report(t, `
nodes: 1
initial: {1: {term: 9223372036854775806}}
steps:
- timeout: 1
  state: {1: {term: 9223372036854775807, role: leader}}`))
}

// What an initial state leaves out: term is the log's last term, votedFor none
// (for a candidate or leader, itself), nextIndex one past the log, matchIndex 0.
func TestInitialDefaults(t *testing.T) {
	checktest.Expect(t, checktest.Report(t, `
nodes: 4
initial:
  1: {log: [1, 3, 3], role: leader}
  2: {log: [1]}
  3: {term: 2, role: candidate}
steps:
- state:
    1: {term: 3, votedFor: 1, role: leader, commitIndex: 0, nextIndex: {2: 4, 3: 4, 4: 4}, matchIndex: {2: 0, 3: 0, 4: 0}, terms: {3: 1}}
    2: {term: 1, votedFor: none, role: follower, commitIndex: 0, lastApplied: 0}
    3: {term: 2, votedFor: 3, role: candidate, log: []}
    4: {term: 0, votedFor: none, role: follower, log: [], commitIndex: 0, lastApplied: 0}`))
}

// What is written of a leader's nextIndex and matchIndex is where it starts.
func TestInitialIndexes(t *testing.T) {
	checktest.Expect(t, checktest.Report(t, `
nodes: 3
initial: {1: {log: [1, 1], role: leader, nextIndex: {2: 2}, matchIndex: {2: 1}}}
steps:
- state: {1: {nextIndex: {2: 2, 3: 3}, matchIndex: {2: 1, 3: 0}}}
- appendEntries: {leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1, 1]}
  to: [3]
  response: {3: ok}
  state: {1: {commitIndex: 2}}`))
}
