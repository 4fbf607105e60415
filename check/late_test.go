package check_test

import (
	"testing"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
)

// Answers that arrive late, as events of their own.
func TestLateResponses(t *testing.T) {
	// Nodes 2 and 3 have voted for node 1, and their answers are under way.
	const voted = `
nodes: 3
steps:
- timeout: 1
- requestVote: {candidateId: 1}
  responseLost: [2, 3]
- id: q
  requestVoteResponse: `
	// Node 2 has taken an entry, node 3 has refused it, and both answers are
	// under way.
	const taken = `
nodes: 3
initial: {1: {term: 2, role: leader, log: [1:a, 2:b]}, 2: {term: 2, log: [1:a]}, 3: {term: 2}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [2:b]}
  responseLost: [2, 3]
  response: {2: ok, 3: no}
- id: q
  appendEntriesResponse: `
	runScenes(t, []scene{
		{"a vote that was given", voted + `{from: 2, to: 1, term: 1, voteGranted: true}
  state: {1: {role: leader}}`, nil},
		{"a vote that was given, twice: one voter, one vote", `
nodes: 5
steps:
- timeout: 1
- requestVote: {candidateId: 1}
  lost: [3, 4, 5]
- requestVoteResponse: {from: 2, to: 1, term: 1, voteGranted: true}
- requestVoteResponse: {from: 2, to: 1, term: 1, voteGranted: true}
  state: {1: {role: candidate}}`, nil},
		{"an answer of another outcome was never given", voted + `{from: 2, to: 1, term: 1, voteGranted: false}
  state: {1: {role: candidate}}`,
			[]string{"message q 2: node 2 never gave node 1; voteGranted false; term 1"}},
		{"an answer of another term was never given", voted + `{from: 2, to: 1, term: 3, voteGranted: false}
  state: {1: {term: 3, role: follower}}`,
			[]string{"message q 2: term 3"}},
		{"an answer to another node was never given", voted + `{from: 2, to: 3, term: 1, voteGranted: true}`,
			[]string{"message q 2: node 2 never gave node 3"}},
		{"an impossible vote is delivered all the same", `
nodes: 3
steps:
- timeout: 1
- requestVoteResponse: {from: 2, to: 1, term: 1, voteGranted: true}
  state: {1: {role: leader}}`,
			[]string{"message 2 2: node 2 never gave node 1"}},
		{"a success that was given, with its matchIndex", taken + `{from: 2, to: 1, term: 2, success: true, matchIndex: 2}
  state: {1: {matchIndex: {2: 2}, nextIndex: {2: 3}, commitIndex: 2}}`, nil},
		{"matchIndex, where left out of a success, is that of the latest", taken + `{from: 2, to: 1, term: 2, success: true}
  state: {1: {matchIndex: {2: 2}, commitIndex: 2}}`, nil},
		{"a success with another matchIndex was never given", `
nodes: 3
initial: {1: {term: 2, role: leader, log: [2:a, 2:b]}, 2: {term: 1}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [2:a]}
  to: [2]
  responseLost: [2]
- appendEntriesResponse: {from: 2, to: 1, term: 2, success: true, matchIndex: 2}
  state: {1: {matchIndex: {2: 2}}}`,
			[]string{"message 2 2: success true; term 2; matchIndex 2"}},
		{"a refusal that was given lowers nextIndex", taken + `{from: 3, to: 1, term: 2, success: false}
  state: {1: {nextIndex: {3: 2}, matchIndex: {3: 0}}}`, nil},
		{"a refusal beside a success: it may have been given before the first step", taken + `{from: 2, to: 1, term: 2, success: false}
  state: {1: {nextIndex: {2: 2}}}`,
			[]string{"implied q 2: before the first step"}},
		{"a refusal where a success was given, and nothing before", `
nodes: 3
steps:
- timeout: 1
- requestVote: {candidateId: 1}
- clientRequest: {node: 1, value: a}
- appendEntries: {leaderId: 1, entries: auto}
  responseLost: [2]
- appendEntriesResponse: {from: 2, to: 1, term: 1, success: false}
  state: {1: {nextIndex: {2: 1}}}`,
			[]string{"message 5 2: success false; term 1"}},
		{"an answer is judged by its own term: one of a higher term makes a leader step down", `
nodes: 3
initial: {1: {term: 2, role: leader}, 2: {term: 5}}
steps:
- appendEntriesResponse: {from: 2, to: 1, term: 5, success: false}
  state: {1: {term: 5, role: follower, votedFor: none}}`,
			[]string{"implied 1 2: before the first step"}},
		{"an answer of an earlier term is ignored", `
nodes: 3
steps:
- timeout: 1
- requestVote: {candidateId: 1}
  responseLost: [2, 3]
- timeout: 1
- requestVoteResponse: {from: 2, to: 1, term: 1, voteGranted: true}
- requestVoteResponse: {from: 3, to: 1, term: 1, voteGranted: true}
  state: {1: {term: 2, role: candidate}}`, nil},
		{"a node that is down hears nothing", `
nodes: 3
steps:
- timeout: 1
- requestVote: {candidateId: 1}
  responseLost: [2, 3]
- crash: 1
- requestVoteResponse: {from: 2, to: 1, term: 1, voteGranted: true}
  state: {1: {role: candidate}}`,
			[]string{"refused 4 1: down since step 3"}},
		{"an answer from an unknown node is possible", `
nodes: 3
unknown: [2]
steps:
- timeout: 1
- requestVoteResponse: {from: 2, to: 1, term: 1, voteGranted: true}
  state: {1: {role: leader}}`, nil},
		{"matchIndex of an unknown node's latest success, which was lost on its way", `
nodes: 3
unknown: [2, 3]
initial: {1: {term: 1, role: leader, log: [1:a]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:a]}
  responseLost: [2]
  response: {2: ok, 3: none}
  state: {1: {commitIndex: 0}}
- appendEntriesResponse: {from: 2, to: 1, term: 1, success: true}
  state: {1: {commitIndex: 1, matchIndex: {2: 1}}}`,
			[]string{"untold 1 2 success:", "untold 1 3 success:"}},
	})
}

// An answer may have been given before the first step, where the initial state
// has room for it.
func TestResponsesBeforeTheFirstStep(t *testing.T) {
	runScenes(t, []scene{
		{"a vote: from stands at that term, and votedFor is to", `
nodes: 3
initial: {1: {term: 2, role: candidate}, 2: {term: 2, votedFor: 1}}
steps:
- requestVoteResponse: {from: 2, to: 1, term: 2, voteGranted: true}
  state: {1: {role: leader}}`,
			[]string{"implied 1 2: node 2; before the first step"}},
		{"a vote that votedFor denies", `
nodes: 3
initial: {1: {term: 2, role: candidate}, 2: {term: 2, votedFor: 3}}
steps:
- requestVoteResponse: {from: 2, to: 1, term: 2, voteGranted: true}`,
			[]string{"message 1 2: never gave"}},
		{"a vote of somebody, where votedFor is not written", `
nodes: 3
initial: {1: {term: 2, role: candidate}, 2: {term: 2}}
steps:
- requestVoteResponse: {from: 2, to: 1, term: 2, voteGranted: true}`,
			[]string{"implied 1 2: before the first step"}},
		{"a vote of nobody", `
nodes: 3
initial: {1: {term: 2, role: candidate}, 2: {term: 2, votedFor: none}}
steps:
- requestVoteResponse: {from: 2, to: 1, term: 2, voteGranted: true}`,
			[]string{"message 1 2: never gave"}},
		{"an answer of a term that from has not seen", `
nodes: 3
initial: {1: {term: 2, role: candidate}, 2: {term: 1}}
steps:
- requestVoteResponse: {from: 2, to: 1, term: 2, voteGranted: false}`,
			[]string{"message 1 2: never gave"}},
		{"a refusal needs that term alone", `
nodes: 3
initial: {1: {term: 2, role: candidate}, 2: {term: 2}}
steps:
- requestVoteResponse: {from: 2, to: 1, term: 2, voteGranted: false}`,
			[]string{"implied 1 2: before the first step"}},
		{"a refusal of an earlier term than from stands at", `
nodes: 3
initial: {1: {term: 2, role: leader, log: [2]}, 2: {term: 4}}
steps:
- appendEntriesResponse: {from: 2, to: 1, term: 2, success: false}
  state: {1: {nextIndex: {2: 1}}}`,
			[]string{"implied 1 2: before the first step"}},
		{"a success: the logs agree up to matchIndex", `
nodes: 3
initial: {1: {term: 2, role: leader, log: [1, 2, 2]}, 2: {term: 2, log: [1, 2]}}
steps:
- appendEntriesResponse: {from: 2, to: 1, term: 2, success: true, matchIndex: 2}
  state: {1: {matchIndex: {2: 2}, commitIndex: 2}}`,
			[]string{"implied 1 2: before the first step"}},
		{"a success past the end of from's log", `
nodes: 3
initial: {1: {term: 2, role: leader, log: [1, 2, 2]}, 2: {term: 2, log: [1, 2]}}
steps:
- appendEntriesResponse: {from: 2, to: 1, term: 2, success: true, matchIndex: 3}`,
			[]string{"message 1 2: matchIndex 3"}},
		{"a success where the logs part", `
nodes: 3
initial: {1: {term: 3, role: leader, log: [1, 2]}, 2: {term: 3, log: [1, 1]}}
steps:
- appendEntriesResponse: {from: 2, to: 1, term: 3, success: true, matchIndex: 2}`,
			[]string{"message 1 2: matchIndex 2"}},
		{"nobody answers in term 0", `
nodes: 3
steps:
- requestVoteResponse: {from: 2, to: 1, term: 0, voteGranted: false}`,
			[]string{"message 1 2: term 0"}},
		{"what was given before the first step may arrive again, and is noted once", `
nodes: 5
initial: {1: {term: 2, role: candidate}, 2: {term: 2, votedFor: 1}}
steps:
- requestVoteResponse: {from: 2, to: 1, term: 2, voteGranted: true}
- requestVoteResponse: {from: 2, to: 1, term: 2, voteGranted: true}
  state: {1: {role: candidate}}`,
			[]string{"implied 1 2: before the first step"}},
	})
}

// matchIndex must be written where no success is known to take it from.
func TestMatchIndexMustBeWritten(t *testing.T) {
	const want = "4:3: step 1: matchIndex must be written: node 2 has given node 1 no success to take it from"
	got := checktest.Failure(`nodes: 3
initial: {1: {term: 1, role: leader, log: [1]}, 2: {log: [1]}}
steps:
- appendEntriesResponse: {from: 2, to: 1, term: 1, success: true}`)
	if got != want {
		t.Errorf("the error is\n%s\nand should be\n%s", got, want)
	}
}

// On a raftId sheet, a message of the sheet's own node that the page cannot
// explain is beyond telling: what it received may be off the page.
func TestRaftIDSheet(t *testing.T) {
	const sheet = `
nodes: 3
raftId: 3
initial: {3: {term: 4, log: [1:a, 4:b], votedFor: 1}}
steps:
- `
	const off = "may be off this sheet"
	runScenes(t, []scene{
		{"a request of a term in which the page does not see it stand", sheet + `requestVote: {candidateId: 3, term: 4, lastLogIndex: 1, lastLogTerm: 1}
  to: [1]`, []string{"untold 1 3 term: term 4; term 4; " + off}},
		{"a request from before the page", sheet + `requestVote: {candidateId: 3, term: 3, lastLogIndex: 1, lastLogTerm: 1}
  to: [1]`, []string{"implied 1 3: term 3; before the first step"}},
		{"a request with a log that the page does not see", sheet + `requestVote: {candidateId: 3, term: 5, lastLogIndex: 3, lastLogTerm: 4}
  to: [1]`, []string{"untold 1 3 lastLogIndex: index 2, term 4; index 3, term 4; " + off}},
		{"AppendEntries of a term that the page does not see it lead", sheet + `appendEntries: {leaderId: 3, term: 4, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [1]`, []string{"untold 1 3 leaderId: voted for node 1; term 4; " + off}},
		{"a commitIndex that the page does not see", `
nodes: 3
raftId: 3
initial: {3: {term: 4, role: leader, log: [4:b]}}
steps:
- appendEntries: {leaderId: 3, prevLogIndex: 1, prevLogTerm: 4, entries: [], leaderCommit: 1}
  to: [1]
  response: {1: ok}`, []string{"untold 1 3 leaderCommit: commitIndex 0; leaderCommit 1; " + off, "untold 1 1 success:"}},
		{"an answer that the page does not see it give", sheet + `requestVoteResponse: {from: 3, to: 1, term: 6, voteGranted: true}`,
			[]string{"untold 1 3: voteGranted true; term 6; " + off, "untold 1 1: node 1 is unknown"}},
		{"what no Raft node sends is impossible all the same", sheet + `requestVote: {candidateId: 3, term: 3, lastLogIndex: 1, lastLogTerm: 3}
  to: [1]`, []string{"message 1 3 lastLogTerm: lastLogTerm 3; term 3"}},
		{"a table that rests on what is off the sheet cannot be told either", sheet + `appendEntries: {leaderId: 3, term: 9, prevLogIndex: 7, prevLogTerm: 4, entries: [9:z], leaderCommit: 0}
  to: [1]
  responseLost: [1]
  state: {3: {commitIndex: 3}}`,
			[]string{"implied 1 3: term 9", "untold 1 3 prevLogIndex: index 7; index 2; " + off, "untold 1 3 commitIndex: commitIndex is 0"}},
		{"what its page explains is possible or implied", sheet + `requestVote: {candidateId: 3, term: 5, lastLogIndex: 2, lastLogTerm: 4}
  to: [1]
  response: {1: ok}
  state: {3: {term: 5, role: leader}}`, []string{"implied 1 3: term 5", "untold 1 1 voteGranted:"}},
	})
}

// --strict counts what is implied; what is late was possible, and does not
// count. --complete counts blanks.
func TestModes(t *testing.T) {
	cases := []struct {
		why, text string
		mode      finding.Mode
		want      check.Result
	}{
		{"implied", "nodes: 3\nsteps:\n- requestVote: {candidateId: 1}", finding.Mode{}, check.Agrees},
		{"implied, --strict", "nodes: 3\nsteps:\n- requestVote: {candidateId: 1}", finding.Mode{Strict: true}, check.Diverges},
		{"late, --strict", "nodes: 3\nsteps:\n- timeout: 1\n- restart: 1\n- requestVote: {candidateId: 1, term: 1}", finding.Mode{Strict: true}, check.Agrees},
		{"blank", "nodes: 3\nsteps:\n- timeout: 1\n- requestVote: {candidateId: 1}\n  response: {2: ok}", finding.Mode{Strict: true}, check.Agrees},
		{"blank, --complete", "nodes: 3\nsteps:\n- timeout: 1\n- requestVote: {candidateId: 1}\n  response: {2: ok}", finding.Mode{Complete: true}, check.Diverges},
		{"a step without response asks nothing", "nodes: 3\nsteps:\n- timeout: 1\n- requestVote: {candidateId: 1}", finding.Mode{Complete: true}, check.Agrees},
		{"refused, --strict --complete", "nodes: 3\nsteps:\n- clientRequest: {node: 1, value: x}", finding.Mode{Strict: true, Complete: true}, check.Agrees},
		{"untold, --strict --complete", "nodes: 1\nunknown: [1]\nsteps:\n- timeout: 1", finding.Mode{Strict: true, Complete: true}, check.Agrees},
	}
	for _, c := range cases {
		rep := checktest.Report(t, c.text)
		rep.Mode = c.mode
		if got := rep.Result(); got != c.want {
			t.Errorf("%s: the trace %s, and should be said to be one that %s\n%s", c.why, got, c.want, c.text)
		}
	}
}
