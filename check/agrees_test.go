package check_test

import (
	"strings"
	"testing"
)

// What an unknown node sends in one term is one node's: a candidacy's log end is
// the beginning of the log with which it leads. If this fails, a page passes on
// which one node has two logs at a time.
func TestUnknownCandidatesLeadWithTheirLog(t *testing.T) {
	const sheet = `
nodes: [F, L, x]
unknown: [L, x]
initial: {F: {term: 2, log: [1:a]}}
steps:
`
	const asks = `- {requestVote: {candidateId: L, term: 3, lastLogIndex: 2, lastLogTerm: 2}, to: F}
`
	const leads = `- {appendEntries: {leaderId: L, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [1:b], leaderCommit: 0}, to: F}
`
	runScenes(t, []scene{
		{"an entry where its log ended otherwise", sheet + asks + leads, []string{"message 2 L entries: term 3; 2 at index 2; 1:b"}},
		{"and the other way round", sheet + leads + asks, []string{"message 2 L lastLogTerm: term 3; 1 at index 2; has 2"}},
		{"past its end come entries of its term alone", sheet + `- {requestVote: {candidateId: L, term: 3, lastLogIndex: 1, lastLogTerm: 1}, to: F}
- {appendEntries: {leaderId: L, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [2:b], leaderCommit: 0}, to: F}`,
			[]string{"message 2 L entries: ended at index 1, term 1; index 2, term 2"}},
		{"and the other way round", sheet + `- {appendEntries: {leaderId: L, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [2:b], leaderCommit: 0}, to: F}
- {requestVote: {candidateId: L, term: 3, lastLogIndex: 1, lastLogTerm: 1}, to: F}`,
			[]string{"message 2 L lastLogIndex: term 3; 2:b at index 2; has none"}},
		{"entries of its term come after it", sheet + asks + `- {appendEntries: {leaderId: L, term: 3, prevLogIndex: 2, prevLogTerm: 2, entries: [3:c], leaderCommit: 0}, to: F}`, nil},
	})
}

// An unknown node has one vote a term, in whatever way the page shows it; and it
// answers in no term before one in which it has been. If this fails, two
// candidates win a term by one voter, and nobody says why.
func TestOneVoteATerm(t *testing.T) {
	const page = `
nodes: [C, D, v]
unknown: [v]
steps:
`
	const both = "nodes C and D both lead term 1"
	runScenes(t, []scene{
		{"two votes that arrive late", page + `- timeout: [C, D]
- requestVoteResponse: {from: v, to: C, term: 1, voteGranted: true}
- requestVoteResponse: {from: v, to: D, term: 1, voteGranted: true}`,
			[]string{"message 3 v voteGranted: node C; term 1; step 2", "safety 3 D Election Safety: " + both}},
		{"one that arrives late, and one in a cell", page + `- timeout: [C, D]
- requestVoteResponse: {from: v, to: C, term: 1, voteGranted: true}
- {requestVote: {candidateId: D}, to: v, response: {v: ok}}`,
			[]string{"message 3 v voteGranted: node C; term 1; step 2", "untold 3 v voteGranted:", "safety 3 D Election Safety: " + both}},
		{"its own, where it stood in that term", page + `- {requestVote: {candidateId: v, term: 1, lastLogIndex: 0, lastLogTerm: 0}, to: D}
- {timeout: C}
- {requestVote: {candidateId: C}, to: v, response: {v: ok}}`,
			[]string{"message 3 v voteGranted: voted for itself in term 1 (step 1)", "untold 3 v voteGranted:"}},
		{"who has voted for another does not stand", page + `- {timeout: C}
- {requestVote: {candidateId: C}, to: v, response: {v: ok}}
- {requestVote: {candidateId: v, term: 1, lastLogIndex: 0, lastLogTerm: 0}, to: D}`,
			[]string{"untold 2 v voteGranted:", "message 3 v candidateId: node C; term 1; step 2"}},
		{"who has sent in a term answers in none before it", page + `- {requestVote: {candidateId: v, term: 5, lastLogIndex: 0, lastLogTerm: 0}, to: D}
- {requestVote: {candidateId: C, term: 3}, to: v, response: {v: {voteGranted: true, term: 3}}}`,
			[]string{"implied 2 C: term 3", "message 2 v term: term 5; step 1; term 3", "untold 2 v voteGranted:"}},
		{"two votes of a known node from before the page", `
nodes: 3
initial: {1: {term: 2, role: candidate}, 2: {term: 2, role: candidate}, 3: {term: 2}}
steps:
- requestVoteResponse: {from: 3, to: 1, term: 2, voteGranted: true}
- requestVoteResponse: {from: 3, to: 2, term: 2, voteGranted: true}`,
			[]string{"implied 1 3: before the first step", "message 2 3: never gave node 2", "safety 2 2 Election Safety: term 2"}},
		{"nobody answers in term 0", page + "- requestVoteResponse: {from: v, to: C, term: 0, voteGranted: false}",
			[]string{"message 1 v: term 0"}},
	})
}

// A refusal without a term is of a higher one where nothing else explains it; it
// is wrong only where its sender has got it, and goes on in its term.
func TestRefusalsWithoutATerm(t *testing.T) {
	const leads = `
nodes: [L, a, b]
unknown: [a, b]
initial: {L: {term: 2, role: leader, votedFor: L, log: [1, 2]}}
steps:
`
	const goesOn = `- {appendEntries: {leaderId: L, entries: []}, to: b}
`
	const higher = `- {appendEntries: {leaderId: L, entries: []}, to: a, responseLost: a, response: {a: {success: false, term: 4}}}
`
	runScenes(t, []scene{
		{"its answer was lost", leads + `- {appendEntries: {leaderId: L, prevLogIndex: 0, prevLogTerm: 0, entries: []}, to: a, responseLost: a, response: {a: no}}
` + goesOn, []string{"untold 1 a success:"}},
		{"a late copy of its request for votes is not going on", leads + `- {appendEntries: {leaderId: L, prevLogIndex: 0, prevLogTerm: 0, entries: []}, to: a, response: {a: no}}
- {requestVote: {candidateId: L, term: 2, lastLogIndex: 1, lastLogTerm: 1}, to: b}
`, []string{"untold 1 a success:", "implied 2 L late: term 2"}},
		{"whoever has been in a higher term refuses in that", leads + higher + `- {appendEntries: {leaderId: L, entries: []}, to: a, response: {a: no}}
`, []string{"untold 1 a success:", "untold 2 a success:"}},
		{"which deposes the sender, unless it goes on", leads + higher + `- {appendEntries: {leaderId: L, entries: []}, to: a, response: {a: no}}
` + goesOn, []string{"untold 1 a success:", "message 2 a term: term 4; step 1; term 2", "untold 2 a success:"}},
		{"a term alone, below the request's", leads + `- {appendEntries: {leaderId: L, entries: []}, to: a, response: {a: {term: 1}}}`,
			[]string{"message 1 a term: term 1; term 2", "untold 1 a term:"}},
		{"an entry that it has confirmed in an answer that came late", leads + `- {appendEntriesResponse: {from: a, to: L, term: 2, success: true, matchIndex: 2}}
- {appendEntries: {leaderId: L, entries: []}, to: a, response: {a: {success: false, term: 2}}}`,
			[]string{"message 2 a success: index 2; step 1; prevLogIndex 2", "untold 2 a success:"}},
	})
}

// What was sent before the page begins is as one Raft cluster can have sent it. If
// this fails, a correct page that begins late is called wrong, or two leaders of a
// term pass.
func TestBeforeThePageTheyAgree(t *testing.T) {
	const page = `
nodes: 3
initial: {1: {term: 4, log: [1:a, 1:b, 1:c]}, 2: {term: 4, log: [1:a, 1:b, 1:c]}, 3: {term: 4}}
steps:
- {appendEntries: {leaderId: 1, term: 2, prevLogIndex: 0, prevLogTerm: 0, entries: [1:a], leaderCommit: 3}, to: 3}
`
	runScenes(t, []scene{
		{"leaderCommit may be past the message's last entry: a majority has that index", page, []string{"implied 1 1: before the first step"}},
		{"a term has one leader before the page too", page + `- {appendEntries: {leaderId: 2, term: 2, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}, to: 3}`,
			[]string{"implied 1 1: before the first step", "message 2 2 leaderId: node 1 leads term 2"}},
		{"and its leader one log", page + `- {appendEntries: {leaderId: 1, term: 2, prevLogIndex: 3, prevLogTerm: 1, entries: [2:d], leaderCommit: 0}, to: 3}
- {appendEntries: {leaderId: 1, term: 2, prevLogIndex: 3, prevLogTerm: 1, entries: [2:e], leaderCommit: 0}, to: 3}`,
			[]string{"implied 1 1: before the first step", "implied 2 1: before the first step", "implied 3 1: before the first step", "message 3 1 entries: 2:d at index 4; 2:e"}},
		{"an entry of its term where the message has an earlier one before its own", `
nodes: 3
initial: {1: {term: 5}, 2: {term: 5, log: [3:x]}, 3: {term: 5}}
steps:
- {appendEntries: {leaderId: 1, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [], leaderCommit: 0}, to: 3}`,
			[]string{"message 1 1 term: term 5; never led term 3"}},
		{"a candidate's log has grown since, under the leader of its term", `
nodes: 3
initial: {1: {term: 2, votedFor: 2}, 2: {term: 2, role: leader, log: [1:a, 2:b]}, 3: {term: 2, votedFor: 3, log: [1:a, 2:b]}}
steps:
- {requestVote: {candidateId: 3, term: 2, lastLogIndex: 0, lastLogTerm: 0}, to: 1, response: {1: no}}
- {requestVote: {candidateId: 3, term: 2, lastLogIndex: 1, lastLogTerm: 1}, to: 1, response: {1: no}}`,
			[]string{"implied 1 3: term 2; before the first step", "message 2 3 lastLogIndex: index 0; index 1"}},
		{"a late success to a node whose log has been replaced since", `
nodes: 3
initial: {1: {term: 2, log: [2:c]}, 2: {term: 1, log: [1:a, 1:b]}, 3: {term: 2, role: leader, log: [2:c]}}
steps:
- appendEntriesResponse: {from: 2, to: 1, term: 1, success: true, matchIndex: 2}`, []string{"implied 1 2: before the first step"}},
	})
}

// A refusal without a term may have deposed the leader that it reached, which then
// stands for election; and what a known leader appends agrees with what unknown
// nodes have sent.
func TestWhatUnknownNodesExplain(t *testing.T) {
	const leader = `
nodes: [L, a, b]
unknown: [a, b]
initial: {L: {term: 2, role: leader, log: [1, 2]}}
steps:
- {appendEntries: {leaderId: L, prevLogIndex: 0, prevLogTerm: 0, entries: []}, to: a, response: {a: no}}
- {requestVote: {candidateId: L, term: TERM, lastLogIndex: 2, lastLogTerm: 2}, to: a}
`
	untold := []string{"untold 1 a success:"}
	runScenes(t, []scene{
		{"deposed in a term between, it may stand", strings.Replace(leader, "TERM", "4", 1), append(untold, "implied 2 L: no longer leads term 2; node a's refusal", "implied 2 L: stands for term 4")},
		{"there is no term between", strings.Replace(leader, "TERM", "3", 1), append(untold, "message 2 L candidateId: a leader starts no election")},
		{"an entry that an unknown leader has sent otherwise", `
nodes: [F, L, x]
unknown: [x]
initial: {F: {term: 2}, L: {term: 2, role: leader}}
steps:
- {appendEntries: {leaderId: x, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [2:b], leaderCommit: 0}, to: F, lost: F}
- {appendEntries: {leaderId: L, term: 2, prevLogIndex: 0, prevLogTerm: 0, entries: [2:c], leaderCommit: 0}, to: F}`,
			[]string{"message 2 L entries: index 1 of term 2 is 2:b in the message of step 1; the message has 2:c"}},
	})
}
