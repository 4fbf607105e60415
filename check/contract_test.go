package check_test

import (
	"strings"
	"testing"

	"raftsheet/check"
)

// What the specification says of messages from before the page, of nodes that
// nobody elected, and of answers that confirm too much.
func TestBeforeThePage(t *testing.T) {
	const page = `
nodes: 3
initial:
  1: {term: 3, log: [1:a, 2:b]}
  2: {term: 2, log: [1:a]}
  3: {term: 3, log: [1:a]}
steps:
- `
	runScenes(t, []scene{
		{"AppendEntries of a term at or below its initial one, which it could have led", page + `appendEntries: {leaderId: 1, term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: [2:b], leaderCommit: 0}
  to: 2
  response: {2: ok}`, []string{"implied 1 1: node 1; term 2; before the first step"}},
		{"leaderCommit is at most what its log and a majority have of the message", page + `appendEntries: {leaderId: 1, term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: [2:b], leaderCommit: 1}
  to: 2`, []string{"implied 1 1: before the first step"}},
		{"above that it is impossible", page + `appendEntries: {leaderId: 1, term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: [2:b], leaderCommit: 2}
  to: 2`, []string{"message 1 1 term: node 1 is in term 3; term 2"}},
		{"an entry of its term at an index where the message has another", page + `appendEntries: {leaderId: 1, term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: [1:z], leaderCommit: 0}
  to: 2`, []string{"message 1 1 term: term 3; term 2"}},
		{"one index and term with two values", page + `appendEntries: {leaderId: 1, term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: [2:z], leaderCommit: 0}
  to: 2
  state: {2: {log: [1:a, 2:z]}}`, []string{"message 1 1 term: term 3; term 2", "safety 1 2 Log Matching: index 2"}},
		{"in its own term, where it voted for itself or nobody says for whom", page + `appendEntries: {leaderId: 1, term: 3, prevLogIndex: 2, prevLogTerm: 2, entries: [], leaderCommit: 0}
  to: 2`, []string{"implied 1 1: term 3; before the first step"}},
		{"not where it voted for another", `
nodes: 3
initial: {1: {term: 3, votedFor: 2}, 2: {term: 3}, 3: {term: 3}}
steps:
- appendEntries: {leaderId: 1, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: 2`, []string{"message 1 1 leaderId: voted for node 2; term 3"}},
		{"not where a majority begins below the term", `
nodes: 3
initial: {1: {term: 3}, 2: {term: 1}, 3: {term: 1}}
steps:
- requestVote: {candidateId: 2, term: 3}
  to: 3
- appendEntries: {leaderId: 1, term: 2, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  to: 2`, []string{"implied 1 2: term 3", "message 2 1 term: term 3; term 2"}},
		{"RequestVote of a term at or below its initial one", page + `requestVote: {candidateId: 1, term: 2, lastLogIndex: 1, lastLogTerm: 1}
  to: 2`, []string{"implied 1 1: term 2; before the first step"}},
		{"lastLogTerm is below its term all the same", page + `requestVote: {candidateId: 1, term: 2, lastLogIndex: 2, lastLogTerm: 2}
  to: 2`, []string{"message 1 1 lastLogTerm: lastLogTerm 2; term 2"}},
		{"a late success of a node in a later term, whose entry has been replaced since", `
nodes: 3
initial: {1: {term: 1, role: leader, log: [1:a, 1:b]}, 2: {term: 2, log: [1:a, 2:c]}, 3: {term: 1}}
steps:
- appendEntriesResponse: {from: 2, to: 1, term: 1, success: true, matchIndex: 2}
  state: {1: {commitIndex: 2}}`, []string{"implied 1 2: before the first step"}},
	})
}

// Elections off the page: who can have been elected, by whom.
func TestElectionsOffThePage(t *testing.T) {
	runScenes(t, []scene{
		{"a leader that another's answer deposed cannot lead the term that it came into", `
nodes: 3
initial: {1: {term: 1, role: leader}, 3: {term: 2}}
steps:
- appendEntries: {leaderId: 1, entries: []}
- appendEntries: {leaderId: 1, entries: []}
  state: {1: {term: 2, role: follower, votedFor: none}}`,
			[]string{"message 2 1 leaderId: node 1; term 2"}},
		{"a votedFor that initial does not write counts as free", `
nodes: 3
initial: {1: {term: 2}, 2: {term: 2}, 3: {term: 2}}
steps:
- appendEntries: {leaderId: 1, term: 2, entries: []}
  state: {1: {role: follower}}`, []string{"implied 1 1: term 2; before the first step"}},
		{"a majority that has been down since step 1 elects nobody", `
nodes: 3
steps:
- crash: [2, 3]
- appendEntries: {leaderId: 1, term: 1, entries: []}`, []string{"message 2 1 leaderId: term 1; 1 of 3 nodes"}},
		{"nor one that has been cut off", `
nodes: 3
steps:
- partition: [[1], [2, 3]]
- appendEntries: {leaderId: 1, term: 1, entries: []}`, []string{"message 2 1 leaderId: term 1; 1 of 3 nodes"}},
		{"one that was up for a step may have", `
nodes: 3
steps:
- timeout: 2
- crash: [2, 3]
- appendEntries: {leaderId: 1, term: 3, entries: []}`, []string{"implied 3 1: term 3; off the page"}},
		{"a vote given in such an election may arrive late", `
nodes: 3
steps:
- appendEntries: {leaderId: 1, term: 3, entries: []}
  lost: [2, 3]
- requestVoteResponse: {from: 2, to: 1, term: 3, voteGranted: true}
  state: {1: {role: leader}}`, []string{"implied 1 1: term 3", "implied 2 2: term 3; off the page"}},
		{"who has won a term by asking asks once more with its late copy", `
nodes: 3
steps:
- requestVote: {candidateId: 2}
  to: 1
  response: {1: ok}
- requestVote: {candidateId: 2}
  to: 3
  response: {3: ok}
  state: {2: {term: 1, role: leader}}`, []string{"implied 1 2: term 1", "implied 2 2 late: term 1"}},
	})
}

// Entries written without prevLogIndex.
func TestPrevLogIndexLeftOut(t *testing.T) {
	const leads = `
nodes: 3
initial: {1: {role: leader, term: 1}, 2: {term: 1}, 3: {term: 1}}
steps:
- clientRequest: {node: 1, value: a}
- clientRequest: {node: 1, value: b}
`
	runScenes(t, []scene{
		{"the log ends with just these, from clients, and not sent yet", leads + `
- appendEntries: {leaderId: 1, entries: [1:a, 1:b]}
  response: {2: ok, 3: ok}
  state: {1: {log: [1:a, 1:b], commitIndex: 2}}`, nil},
		{"the last of them", leads + `
- appendEntries: {leaderId: 1, entries: [1:b]}
  response: {2: no, 3: no}`, nil},
		{"once sent, the same again is a new entry", leads + `
- appendEntries: {leaderId: 1, entries: [1:a, 1:b]}
- appendEntries: {leaderId: 1, entries: [1:b]}
  state: {1: {log: [1:a, 1:b, 1:b]}}`, []string{"implied 4 1: 1:b at index 3"}},
		{"others are new", leads + `
- appendEntries: {leaderId: 1, entries: [1:c]}
  response: {2: no, 3: no}`, []string{"implied 3 1: 1:c at index 3"}},
	})
}

// A success past the leader's log is a finding at the message, and is left out.
func TestMatchIndexPastTheLog(t *testing.T) {
	runScenes(t, []scene{
		{"a message finding", `
nodes: 3
initial: {1: {term: 2, role: leader, votedFor: 1, log: [1]}, 2: {term: 2, votedFor: 1, log: [1]}}
steps:
- appendEntriesResponse: {from: 2, to: 1, term: 2, success: true, matchIndex: 2}
  state: {1: {matchIndex: {2: 0}, commitIndex: 0}}`, []string{"message 1 2 matchIndex: index 2; ends at index 1"}},
		{"on the leader's own sheet it is untold", `
nodes: 3
raftId: 1
initial: {1: {term: 2, role: leader, log: [1]}}
steps:
- appendEntriesResponse: {from: 2, to: 1, term: 2, success: true, matchIndex: 2}
  state: {1: {commitIndex: 2}}`, []string{"untold 1 2 matchIndex: index 2; index 1; off this sheet", "untold 1 1 commitIndex:"}},
	})
}

// Unknown senders agree with themselves: what one Raft node could not send.
func TestUnknownSendersAgreeWithThemselves(t *testing.T) {
	const sheet = `
nodes: [F, L, x]
unknown: [L, x]
initial: {F: {term: 2}}
steps:
`
	const first = `- {appendEntries: {leaderId: L, term: 2, prevLogIndex: 0, prevLogTerm: 0, entries: [1:a, 2:b], leaderCommit: 0}, to: F}
`
	runScenes(t, []scene{
		{"one entry an index in a term", sheet + first + `- {appendEntries: {leaderId: L, term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: [2:c], leaderCommit: 0}, to: F}`,
			[]string{"message 2 L entries: node L; 2:b at index 2; 2:c"}},
		{"prevLogTerm is the term of one", sheet + first + `- {appendEntries: {leaderId: L, term: 2, prevLogIndex: 2, prevLogTerm: 1, entries: [], leaderCommit: 0}, to: F}`,
			[]string{"message 2 L prevLogTerm: index 2"}},
		{"in another term it may have another log", sheet + first + `- {appendEntries: {leaderId: L, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [3:d], leaderCommit: 0}, to: F}`, nil},
		{"one log end a candidacy", sheet + `- {requestVote: {candidateId: L, term: 3, lastLogIndex: 1, lastLogTerm: 1}, to: F}
- {requestVote: {candidateId: L, term: 3, lastLogIndex: 2, lastLogTerm: 1}, to: F}`,
			[]string{"message 2 L lastLogIndex: index 1, term 1; index 2, term 1"}},
		{"an index and a term have one value, whoever sends it", sheet + first + `- {appendEntries: {leaderId: x, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [2:c], leaderCommit: 0}, to: F}`,
			[]string{"message 2 x entries: 2:b; 2:c"}},
		{"and one predecessor", sheet + first + `- {appendEntries: {leaderId: x, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [2:y, 2:b], leaderCommit: 0}, to: F}`,
			[]string{"message 2 x entries: 2:b at index 2; term 1; term 2", "safety 2 F Log Matching: index 2"}},
		{"what is committed in an earlier term is in every later leader's log", `
nodes: [F, L, x]
unknown: [L, x]
initial: {F: {term: 2, log: [1:a], commitIndex: 1}}
steps:
- {appendEntries: {leaderId: L, term: 3, prevLogIndex: 0, prevLogTerm: 0, entries: [3:z], leaderCommit: 0}, to: F}`,
			[]string{"message 1 L entries: 1:a at index 1; 3:z", "safety 1 F State Machine Safety: 1:a"}},
	})
}

// Answers of unknown nodes: those that one node could give.
func TestAnswersNoNodeGives(t *testing.T) {
	const leads = `
nodes: [L, a, b]
unknown: [a, b]
initial: {L: {term: 2, role: leader, votedFor: L, log: [1, 2]}}
steps:
`
	untold := func(steps ...string) []string {
		var out []string
		for _, s := range steps {
			out = append(out, "untold "+s+" a success:", "untold "+s+" b success:")
		}
		return out
	}
	with := func(more string, rest []string) []string { return append([]string{more}, rest...) }
	runScenes(t, []scene{
		{"never of a term below the request's", leads + `- {appendEntries: {leaderId: L, entries: []}, response: {a: {success: false, term: 1}, b: ok}}`,
			with("message 1 a term: term 1; term 2", untold("1"))},
		{"a success of exactly the request's term", leads + `- {appendEntries: {leaderId: L, entries: []}, response: {a: {success: true, term: 3}, b: ok}}`,
			with("message 1 a term: term 3; term 2", untold("1"))},
		{"prevLogIndex 0 is refused in a higher term alone", leads + `- {appendEntries: {leaderId: L, prevLogIndex: 0, prevLogTerm: 0, entries: []}, response: {a: {success: false, term: 2}, b: ok}}`,
			with("message 1 a success: prevLogIndex 0; term 2", untold("1"))},
		{"nor an entry that it has acknowledged in that term", leads + `- {appendEntries: {leaderId: L, prevLogIndex: 2, prevLogTerm: 2, entries: []}, response: {a: ok, b: ok}}
- {appendEntries: {leaderId: L, prevLogIndex: 1, prevLogTerm: 1, entries: [2]}, response: {a: {success: false, term: 2}, b: ok}}`,
			with("message 2 a success: index 2; step 1; prevLogIndex 1", untold("1", "2"))},
		{"a no without a term may be of a higher one", leads + `- {appendEntries: {leaderId: L, prevLogIndex: 0, prevLogTerm: 0, entries: []}, response: {a: no, b: ok}}`, untold("1")},
		{"unless the sender goes on in its own", leads + `- {appendEntries: {leaderId: L, prevLogIndex: 0, prevLogTerm: 0, entries: []}, response: {a: no, b: ok}}
- {appendEntries: {leaderId: L, prevLogIndex: 0, prevLogTerm: 0, entries: []}, response: {a: ok, b: ok}}`,
			with("message 1 a success: prevLogIndex 0", untold("1", "2"))},
		{"its terms never fall", leads + `- {appendEntries: {leaderId: L, entries: []}, response: {a: {success: false, term: 5}, b: none}}
- {requestVote: {candidateId: L, term: 6}, response: {a: {voteGranted: false, term: 6}, b: none}}
- {appendEntries: {leaderId: L, term: 2, prevLogIndex: 2, prevLogTerm: 2, entries: []}, response: {a: {success: false, term: 5}, b: none}}`,
			[]string{"untold 1 a success:", "untold 1 b success:", "implied 2 L: term 6", "untold 2 a voteGranted:", "untold 2 b voteGranted:",
				"implied 3 L late: term 2", "message 3 a term: term 6; term 5", "untold 3 a success:", "untold 3 b success:"}},
		{"one grant a term", `
nodes: [C, D, v]
unknown: [v]
steps:
- {requestVote: {candidateId: C, term: 1}, to: v, response: {v: ok}}
- {requestVote: {candidateId: D, term: 1}, to: v, response: {v: ok}}`,
			[]string{"implied 1 C: term 1", "untold 1 v voteGranted:", "implied 2 D: term 1", "message 2 v voteGranted: node C; term 1; step 1", "untold 2 v voteGranted:",
				"safety 2 D Election Safety: term 1"}},
	})
}

// A line of a node's terms: one that it passed over has no vote, and what it did
// before the page begins cannot be told.
func TestTermsPassedOver(t *testing.T) {
	const page = `
nodes: 3
initial: {3: {term: 3}}
steps:
- requestVote: {candidateId: 2, term: 6}
  state: {1: {terms: {1: none, 2: , 6: 2}}, 3: {terms: {2: 1, 4: none, 6: 2}}}
`
	runScenes(t, []scene{
		{"none, or blank", page, []string{"implied 1 2: term 6", "untold 1 3 terms[2]: began in term 3; term 2; before the page"}},
		{"a vote in such a term is wrong", `
nodes: 3
steps:
- requestVote: {candidateId: 2, term: 6}
  state: {1: {terms: {3: 2}}}`, []string{"implied 1 2: term 6", "state 1 1 terms[3]: node 1 was never in term 3; term 6 > currentTerm 0"}},
		{"a term that it has not come to has no line", `
nodes: 3
steps:
- requestVote: {candidateId: 2, term: 6}
  state: {1: {terms: {7: none, 8: }}}`, []string{"implied 1 2: term 6", "state 1 1 terms[7]: node 1 was never in term 7"}},
	})
	blank := mustFill(t, page, check.FillOptions{})
	if !strings.Contains(blank, "{1: none, 2: none, 6: 2}") {
		t.Errorf("a term that was passed over is not filled in as none:\n%s", blank)
	}
}

// paperForm is node 2's own paper form, up to what it writes of its table in its
// only step, and paperFormEnd what comes after. Of the step itself there is to say
// what onPaperForm gives, and more.
const (
	paperForm = `
nodes: 3
raftId: 2
initial: {2: {term: 2, votedFor: 1, commitIndex: 1, log: [1:a, 2:b]}}
steps:
- requestVote: {candidateId: 2}
  response: {1: ok}
  state: {2: {`
	paperFormEnd = `}}
`
)

func onPaperForm(more ...string) []string {
	return append([]string{"implied 1 2: term 3", "untold 1 1 voteGranted:", "untold 1 3 voteGranted:"}, more...)
}

// On a paper form a node writes what it sent, and tables that rest on what it
// received: wrong is what nothing that it can have received explains.
func TestPaperForm(t *testing.T) {
	runScenes(t, []scene{
		{"it may have gone on from here", paperForm + "term: 5, votedFor: 3, role: follower, log: [1:a, 4:c], commitIndex: 2" + paperFormEnd, onPaperForm(
			"untold 1 2 term: node 2's term is 3; only what it sent", "untold 1 2 votedFor:", "untold 1 2 role:", "untold 1 2 log[2]:", "untold 1 2 commitIndex: is 1; only what it sent")},
		{"but its term never falls", paperForm + "term: 2" + paperFormEnd, onPaperForm("state 1 2 term: term is 3; never falls")},
		{"nor its commitIndex", paperForm + "commitIndex: 0" + paperFormEnd, onPaperForm("state 1 2 commitIndex: commitIndex is 1; never falls")},
		{"it votes once a term", paperForm + "term: 3, votedFor: 1" + paperFormEnd, onPaperForm("state 1 2 votedFor: votedFor is 2; votes for one candidate a term")},
		{"in the terms before, too", paperForm + "terms: {2: 3}" + paperFormEnd, onPaperForm("state 1 2 terms[2]: voted for 1 in term 2; votes for one candidate a term")},
		{"what is committed stays", paperForm + "log: [3:z]" + paperFormEnd, onPaperForm("state 1 2 log[1]: 1:a; what is committed stays")},
		{"it leads no term in which it never stood", paperForm + "term: 4, role: leader" + paperFormEnd, onPaperForm("untold 1 2 term:", "state 1 2 role: never asked for votes in that term")},
		{"no node is in this state", paperForm + "term: 4, log: [1:a, 5:z]" + paperFormEnd, onPaperForm("untold 1 2 term:", "state 1 2 log[2]: neither fall nor pass the node's own")},
		{"nor in this", paperForm + "log: [1:a], commitIndex: 4" + paperFormEnd, onPaperForm("untold 1 2 log[2]:", "state 1 2 commitIndex: is not past the end of the log")},
		{"what is blank stays blank", paperForm + "log: , term: " + paperFormEnd, onPaperForm("untold 1 2: node 2's table cannot be told")},
		{"a request that it receives makes it complete", paperForm + "term: 5" + `}}
- requestVote: {candidateId: 1, term: 2, lastLogIndex: 0, lastLogTerm: 0}
  to: 2`, onPaperForm("state 1 2 term: 3")},
	})
	text := paperForm + "log: , term: " + paperFormEnd + "- state:\n"
	if got := mustFill(t, text, check.FillOptions{}); got != text {
		t.Errorf("a table that cannot be told is filled in:\n%s", got)
	}
}
