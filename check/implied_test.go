package check_test

import (
	"testing"
)

// "What a message implies", question 1: could any Raft node send it? Each
// clause, from a sender whose own state would allow the rest, and from an
// unknown one. The message is delivered all the same.
func TestNoNodeSendsThis(t *testing.T) {
	const leader = `
nodes: 3
initial: {1: {term: 3, role: leader, log: [1:a, 2:b]}}
steps:
- appendEntries: `
	const unknown = `
nodes: 3
unknown: [1]
steps:
- appendEntries: `
	const candidate = `
nodes: 3
initial: {1: {term: 3, role: candidate, log: [1:a, 2:b]}}
steps:
- requestVote: `
	runScenes(t, []scene{
		{"an entry's term is above the message's", leader + `{leaderId: 1, prevLogIndex: 2, prevLogTerm: 2, entries: [4:x]}
  response: {2: no, 3: no}`,
			[]string{"message 1 1 entries: index 3; term 4; message's term 3"}},
		{"prevLogTerm is above the message's term", leader + `{leaderId: 1, prevLogIndex: 2, prevLogTerm: 4, entries: []}
  response: {2: no, 3: no}`,
			[]string{"message 1 1 prevLogTerm: prevLogTerm 4; term 3"}},
		{"RequestVote's lastLogTerm is its term", candidate + `{candidateId: 1, lastLogIndex: 2, lastLogTerm: 3}
  response: {2: ok, 3: ok}`,
			[]string{"message 1 1 lastLogTerm: lastLogTerm 3; term 3"}},
		{"RequestVote's lastLogTerm is above its term", candidate + `{candidateId: 1, lastLogIndex: 2, lastLogTerm: 4}`,
			[]string{"message 1 1 lastLogTerm: lastLogTerm 4; term 3"}},
		{"entry terms fall", unknown + `{leaderId: 1, term: 3, leaderCommit: 0, prevLogIndex: 0, prevLogTerm: 0, entries: [2:a, 1:b]}
  response: {2: ok, 3: ok}
  state: {2: {log: [2:a, 1:b]}}`,
			[]string{"message 1 1 entries: index 2; term 1; term 2"}},
		{"entry terms start below prevLogTerm", leader + `{leaderId: 1, prevLogIndex: 2, prevLogTerm: 2, entries: [1:x]}`,
			[]string{"message 1 1 entries: index 3; term 1; term 2"}},
		{"an index is 0 and its term is not: prevLog", leader + `{leaderId: 1, prevLogIndex: 0, prevLogTerm: 1, entries: []}
  response: {2: ok, 3: ok}`,
			[]string{"message 1 1 prevLogTerm: prevLogIndex is 0; prevLogTerm 1"}},
		{"a term is 0 and its index is not: prevLog", leader + `{leaderId: 1, prevLogIndex: 2, prevLogTerm: 0, entries: []}`,
			[]string{"message 1 1 prevLogTerm: prevLogIndex is 2; prevLogTerm 0"}},
		{"an index is 0 and its term is not: lastLog", candidate + `{candidateId: 1, lastLogIndex: 0, lastLogTerm: 2}`,
			[]string{"message 1 1 lastLogTerm: lastLogIndex is 0; lastLogTerm 2"}},
		{"a term is 0 and its index is not: lastLog", candidate + `{candidateId: 1, lastLogIndex: 2, lastLogTerm: 0}`,
			[]string{"message 1 1 lastLogTerm: lastLogIndex is 2; lastLogTerm 0"}},
		{"its term is 0: AppendEntries", unknown + `{leaderId: 1, term: 0, leaderCommit: 0, prevLogIndex: 0, prevLogTerm: 0, entries: []}
  response: {2: ok, 3: ok}`,
			[]string{"message 1 1 term: term is 0"}},
		{"its term is 0: RequestVote", candidate + `{candidateId: 1, term: 0}
  response: {2: ok, 3: ok}`,
			[]string{"message 1 1 term: term is 0"}},
		{"an entry's term is 0", unknown + `{leaderId: 1, term: 1, leaderCommit: 0, prevLogIndex: 0, prevLogTerm: 0, entries: [0:x]}`,
			[]string{"message 1 1 entries: index 1; term 0"}},
		{"an AppendEntries names a second leader of a term", `
nodes: 3
initial: {1: {term: 3, role: leader}, 2: {term: 2}}
steps:
- appendEntries: {leaderId: 2, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [3]
  response: {3: ok}`,
			[]string{"message 1 2 leaderId: node 1 leads term 3"}},
		{"a second leader, both unknown", `
nodes: 3
unknown: [1, 2]
steps:
- appendEntries: {leaderId: 1, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [3]
- appendEntries: {leaderId: 2, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: [3]
  response: {3: ok}`,
			[]string{"message 2 2 leaderId: node 1 leads term 3"}},
		{"a second leader of a term that the first has left", `
nodes: 3
initial: {1: {term: 3, role: leader}}
steps:
- timeout: 2
- requestVote: {candidateId: 2, term: 4}
- appendEntries: {leaderId: 3, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}`,
			[]string{"implied 2 2: 3 times; term 1; term 4", "message 3 3 leaderId: node 1 leads term 3"}},
	})
}

// Question 2: the message of an unknown sender is taken as given.
func TestUnknownSender(t *testing.T) {
	runScenes(t, []scene{
		{"whatever it says, as long as some Raft node could have sent it", `
nodes: 3
raftId: 3
initial: {3: {term: 4, log: [1, 1, 4]}}
steps:
- appendEntries: {leaderId: 1, term: 9, prevLogIndex: 2, prevLogTerm: 1, entries: [5, 9], leaderCommit: 3}
  to: [3]
  response: {3: ok}
  state: {3: {term: 9, log: [1, 1, 5, 9], commitIndex: 3}}
- requestVote: {candidateId: 2, term: 12, lastLogIndex: 40, lastLogTerm: 11}
  to: [3]
  response: {3: ok}`, nil},
	})
}

// Question 3: could the sender have sent it at some earlier moment? What counts
// is its past: the term and log of each candidacy, the log and commitIndex as
// they grew in each leadership.
func TestLateMessages(t *testing.T) {
	// Node 1 led term 2 with [1:a 2:b], committed 2, and is a follower of term 3,
	// whose leader has put 3:c in place of 2:b's successor.
	const deposed = `
nodes: 3
initial:
  1: {term: 2, role: leader, log: [1:a, 2:b, 2:x], commitIndex: 1, matchIndex: {2: 1, 3: 1}}
  2: {term: 2, votedFor: 1, log: [1:a, 2:b]}
  3: {term: 2, votedFor: 1, log: [1:a]}
steps:
- {id: count, appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [2:b]}, to: [2]}
- {id: t, timeout: 2}
- {id: rv, requestVote: {candidateId: 2}, to: [3]}
- {id: c, clientRequest: {node: 2, value: c}}
- {id: ae, appendEntries: {leaderId: 2, prevLogIndex: 2, prevLogTerm: 2, entries: [3:c]}, to: [1]}
- id: q
  appendEntries: `
	runScenes(t, []scene{
		{"AppendEntries after its sender has stepped down: its log and commitIndex were so", deposed + `{leaderId: 1, term: 2, prevLogIndex: 2, prevLogTerm: 2, entries: [2:x], leaderCommit: 2}
  response: {2: no, 3: no}
  state: {1: {log: [1:a, 2:b, 3:c], commitIndex: 2}}`,
			[]string{"implied q 1 late: node 1; term 2; the initial state"}},
		{"an entry that it never had", deposed + `{leaderId: 1, term: 2, prevLogIndex: 2, prevLogTerm: 2, entries: [2:y], leaderCommit: 0}`,
			[]string{"message q 1 entries: 2:x at index 3; 2:y"}},
		{"an entry past the end of its log then", deposed + `{leaderId: 1, term: 2, prevLogIndex: 3, prevLogTerm: 2, entries: [2:y], leaderCommit: 0}`,
			[]string{"message q 1 entries: no entry at index 4; 2:y"}},
		{"an entry that it has now, and had not when it led", deposed + `{leaderId: 1, term: 2, prevLogIndex: 3, prevLogTerm: 3, entries: [], leaderCommit: 0}`,
			[]string{"message q 1 prevLogTerm: prevLogTerm 3; term 2"}},
		{"a prevLogTerm that its log never had", deposed + `{leaderId: 1, term: 2, prevLogIndex: 2, prevLogTerm: 1, entries: [], leaderCommit: 0}`,
			[]string{"message q 1 prevLogTerm: term 2 at index 2; prevLogTerm 1"}},
		{"a commitIndex that it never had when it led", deposed + `{leaderId: 1, term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: [], leaderCommit: 3}`,
			[]string{"message q 1 leaderCommit: commitIndex 2; leaderCommit 3"}},
		{"the worksheet's form has no place for prevLogTerm: the log of its leadership fills it in", deposed + `{leaderId: 1, term: 2, index: 3, value: x, leaderCommit: 1}`,
			[]string{"implied q 1 late: term 2"}},
		{"a late heartbeat that leaves prevLogIndex out has the log's last place now", deposed + `{leaderId: 1, term: 2, entries: [], leaderCommit: 0}`,
			[]string{"message q 1 prevLogTerm: prevLogTerm 3; term 2"}},
		{"the worksheet's form: also where the entry before is another by now", `
nodes: 3
initial:
  1: {term: 2, role: leader, log: [1:a, 2:b, 2:x]}
  2: {term: 2, votedFor: 1, log: [1:a]}
  3: {term: 3, role: leader, log: [1:a, 3:c]}
steps:
- appendEntries: {leaderId: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [3:c]}
  to: [1]
  response: {1: ok}
- id: q
  appendEntries: {leaderId: 1, term: 2, index: 3, value: x, leaderCommit: 0}
  to: [2]
  response: {2: no}
- appendEntries: {leaderId: 1, term: 2, index: 2, value: b, leaderCommit: 0}
  to: [2]
  response: {2: ok}
  state: {1: {log: [1:a, 3:c]}, 2: {log: [1:a, 2:b]}}`,
			[]string{"implied q 1 late: term 2", "implied 3 1 late: term 2"}},
		{"twice: a leader sends the same again without a note", `
nodes: 2
initial: {1: {term: 1, role: leader, log: [1:a, 1:b]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:a]}
- appendEntries: {leaderId: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:a]}`, nil},
		{"twice: a candidate asks the same again without a note", `
nodes: 3
steps:
- timeout: 1
- requestVote: {candidateId: 1}
  responseLost: [2, 3]
- requestVote: {candidateId: 1}
  response: {2: ok, 3: ok}
  state: {1: {role: leader}}`, nil},
		{"RequestVote after its sender has been elected", `
nodes: 3
initial: {1: {log: [1:a]}}
steps:
- timeout: 1
- requestVote: {candidateId: 1}
  lost: [3]
- clientRequest: {node: 1, value: b}
- requestVote: {candidateId: 1, term: 2, lastLogIndex: 1, lastLogTerm: 1}
  to: [3]
  response: {3: ok}`,
			[]string{"implied 4 1 late: term 2; step 1"}},
		{"RequestVote of an earlier candidacy, with the log it had then", `
nodes: 3
initial: {1: {term: 1, role: candidate}}
steps:
- timeout: 1
- requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
  to: [2]
  response: {2: ok}`,
			[]string{"implied 2 1 late: term 1; the initial state"}},
		{"RequestVote of an earlier candidacy, with another log", `
nodes: 3
initial: {1: {log: [1:a], term: 2, role: candidate}}
steps:
- timeout: 1
- requestVote: {candidateId: 1, term: 2, lastLogIndex: 2, lastLogTerm: 1}
  to: [2]
  response: {2: ok}`,
			[]string{"message 2 1 lastLogIndex: index 1, term 1; term 2; index 2, term 1"}},
		{"RequestVote of a term in which it timed out unwritten", `
nodes: 3
steps:
- requestVote: {candidateId: 1, term: 3, lastLogIndex: 0, lastLogTerm: 0}
  lost: [2, 3]
- requestVote: {candidateId: 1, term: 2, lastLogIndex: 0, lastLogTerm: 0}
  to: [3]
  response: {3: ok}
  state: {1: {term: 3, role: candidate}}`,
			[]string{"implied 1 1: 3 times; term 0; term 3", "implied 2 1 late: term 2; step 1"}},
		{"RequestVote after its sender crashed", `
nodes: 3
steps:
- timeout: 1
- crash: 1
- requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
  response: {2: ok, 3: ok}
  state: {1: {term: 1, role: candidate}}`,
			[]string{"implied 3 1 late: step 1"}},
		{"RequestVote of one that has voted for itself, and has restarted before the first step", `
nodes: 3
initial: {1: {term: 2, votedFor: 1, log: [1]}}
steps:
- requestVote: {candidateId: 1, term: 2, lastLogIndex: 1, lastLogTerm: 1}
  response: {2: ok, 3: ok}
  state: {1: {role: follower}}`,
			[]string{"implied 1 1: term 2; before the first step"}},
		{"RequestVote of one that leads from the start: it stood with the part of its log before its term", `
nodes: 3
initial: {1: {term: 3, role: leader, log: [1:a, 2:b, 3:c]}}
steps:
- requestVote: {candidateId: 1, term: 3, lastLogIndex: 2, lastLogTerm: 2}
  response: {2: ok, 3: ok}
- requestVote: {candidateId: 1, term: 3, lastLogIndex: 1, lastLogTerm: 1}`,
			[]string{"implied 1 1 late: term 3; the initial state", "message 2 1 lastLogIndex: index 2, term 2; index 1, term 1"}},
		{"AppendEntries after its sender crashed", `
nodes: 3
initial: {1: {term: 1, role: leader, log: [1:a]}}
steps:
- crash: 1
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:a], leaderCommit: 0}
  response: {2: ok, 3: ok}
  state: {2: {log: [1:a]}, 1: {commitIndex: 0}}`,
			[]string{"implied 2 1 late: term 1"}},
		{"AppendEntries of one that is down, with an entry that it had not", `
nodes: 3
initial: {1: {term: 1, role: leader, log: [1:a]}}
steps:
- crash: 1
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [1:b], leaderCommit: 0}
  response: {2: no, 3: no}`,
			[]string{"message 2 1 entries: no entry at index 2; 1:b"}},
		{"AppendEntries after a restart", `
nodes: 3
initial: {1: {term: 1, role: leader, log: [1:a], commitIndex: 1}}
steps:
- restart: 1
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:a], leaderCommit: 1}
  response: {2: ok, 3: ok}
  state: {1: {role: follower, commitIndex: 0}, 2: {commitIndex: 1}}`,
			[]string{"implied 2 1 late: term 1"}},
	})
}

// Question 4, RequestVote: does it fit now?
func TestRequestVoteFits(t *testing.T) {
	runScenes(t, []scene{
		{"implied: c's currentTerm < T: c timed out", `
nodes: 3
initial: {1: {term: 4, votedFor: 2}}
steps:
- requestVote: {candidateId: 1, term: 5, lastLogIndex: 0, lastLogTerm: 0}
  lost: [2, 3]
  state: {1: {term: 5, votedFor: 1, role: candidate}}`,
			[]string{"implied 1 1: node 1; timeout; term 5"}},
		{"implied: as often as that takes", `
nodes: 3
initial: {1: {term: 4}}
steps:
- requestVote: {candidateId: 1, term: 7, lastLogIndex: 0, lastLogTerm: 0}
  response: {2: ok, 3: ok}
  state: {1: {role: leader, terms: {4: none, 5: 1, 6: 1, 7: 1}}}`,
			[]string{"implied 1 1: 3 times; term 4; term 7"}},
		{"impossible: c leads its currentTerm", `
nodes: 3
initial: {1: {term: 4, role: leader}}
steps:
- requestVote: {candidateId: 1, term: 5, lastLogIndex: 0, lastLogTerm: 0}
  response: {2: ok, 3: ok}
  state: {1: {term: 5, role: follower}, 2: {term: 5, votedFor: 1}}`,
			[]string{"message 1 1 candidateId: leads term 4; restart"}},
		{"a restart step explains it", `
nodes: 3
initial: {1: {term: 4, role: leader}}
steps:
- restart: 1
- requestVote: {candidateId: 1, term: 5, lastLogIndex: 0, lastLogTerm: 0}
  response: {2: ok, 3: ok}
  state: {1: {term: 5, role: leader}}`,
			[]string{"implied 2 1: term 5"}},
		{"impossible: c's currentTerm is T, and c never was a candidate in T", `
nodes: 3
initial: {1: {term: 4, votedFor: 3}}
steps:
- requestVote: {candidateId: 1, term: 4, lastLogIndex: 0, lastLogTerm: 0}
  response: {2: ok, 3: ok}
  state: {1: {term: 4, votedFor: 3, role: follower}, 2: {term: 4, votedFor: 1}}`,
			[]string{"message 1 1 term: term 4; never was a candidate"}},
		{"impossible: c's currentTerm is above T", `
nodes: 3
steps:
- requestVote: {candidateId: 2, term: 4}
  to: 1
- requestVote: {candidateId: 1, term: 3, lastLogIndex: 0, lastLogTerm: 0}`,
			[]string{"implied 1 2: term 4", "message 2 1 term: term 4; term 3"}},
		{"impossible: lastLogIndex is not its log's; and no timeout is taken in", `
nodes: 3
initial: {1: {term: 4, log: [1, 2]}}
steps:
- requestVote: {candidateId: 1, term: 5, lastLogIndex: 3, lastLogTerm: 2}
  to: [2]
  responseLost: [2]
  response: {2: ok}
  state: {1: {term: 4, votedFor: none, role: follower}, 2: {term: 5, votedFor: 1}}`,
			[]string{"message 1 1 lastLogIndex: index 2, term 2; index 3, term 2"}},
		{"impossible: lastLogTerm is not its log's", `
nodes: 3
initial: {1: {term: 4, log: [1, 2]}}
steps:
- requestVote: {candidateId: 1, term: 5, lastLogIndex: 2, lastLogTerm: 3}`,
			[]string{"message 1 1 lastLogTerm: index 2, term 2; index 2, term 3"}},
		{"impossible: a candidate of T whose log is another", `
nodes: 3
initial: {1: {term: 4, log: [1, 2], role: candidate}}
steps:
- requestVote: {candidateId: 1, term: 4, lastLogIndex: 1, lastLogTerm: 1}`,
			[]string{"message 1 1 lastLogIndex: index 2, term 2; index 1, term 1"}},
		{"impossible: it is down", `
nodes: 3
steps:
- crash: 1
- requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
  response: {2: ok, 3: ok}
  state: {1: {term: 0, role: follower}, 2: {term: 1, votedFor: 1}}`,
			[]string{"message 2 1 candidateId: down since step 1; term 1"}},
		{"impossible: the only node leads after one timeout, and starts no second election", `
nodes: 1
steps:
- requestVote: {candidateId: 1, term: 2, lastLogIndex: 0, lastLogTerm: 0}
  state: {1: {term: 0}}`,
			[]string{"message 1 1 term: leads term 1"}},
		{"the only node is elected by its timeout", `
nodes: 1
steps:
- requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
  state: {1: {term: 1, role: leader}}`,
			[]string{"implied 1 1: term 1"}},
	})
}
