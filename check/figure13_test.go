package check_test

import (
	"strings"
	"testing"

	"raftsheet/check"
)

// Figure 13, rule by rule, and what the specification says of who may send a
// snapshot.
func TestInstallSnapshot(t *testing.T) {
	const page = `
nodes: 3
initial:
  1: {term: 3, role: leader, log: [1:a, 2:b, 3:c, 3:d], commitIndex: 3}
  2: {term: 2, log: [1:a, 2:b, 2:x]}
  3: {term: 3, log: [1:a, 2:b, 3:c, 3:d], commitIndex: 1}
steps:
- `
	took := []string{"implied 1 1: took a snapshot up to index 3, term 3"}
	runScenes(t, []scene{
		{"IS7: another log goes, and begins after the snapshot; IS8: what it covers is committed and applied", page + `installSnapshot: {leaderId: 1, term: 3, lastIncludedIndex: 3, lastIncludedTerm: 3}
  to: 2
  response: {2: ok}
  state:
    2: {term: 3, commitIndex: 3, lastApplied: 3, log: []}
    1: {commitIndex: 3, matchIndex: {2: 3}, nextIndex: {2: 4}, log: [1:a, 2:b, 3:c, 3:d]}`, took},
		{"IS6: what follows the last included entry stays", page + `installSnapshot: {leaderId: 1, lastIncludedIndex: 3}
  to: 3
  response: {3: ok}
  state: {3: {commitIndex: 3, log: [3:d]}}`, took},
		{"IS1: a lower term is refused", page + `installSnapshot: {leaderId: 1, lastIncludedIndex: 3}
  to: 2
- timeout: 2
- installSnapshot: {leaderId: 1, term: 3, lastIncludedIndex: 3, lastIncludedTerm: 3}
  to: 2
  response: {2: {success: false, term: 4}}
  state: {1: {term: 4, role: follower}, 2: {term: 4, log: []}}`, append(took, "implied 3 1: took a snapshot")},
		{"a snapshot behind the node's own changes nothing", page + `installSnapshot: {leaderId: 1, lastIncludedIndex: 3}
  to: 2
- installSnapshot: {leaderId: 1, lastIncludedIndex: 2}
  to: 2
  response: {2: ok}
  state: {2: {commitIndex: 3, log: []}, 1: {matchIndex: {2: 3}}}`, append(took, "implied 2 1: took a snapshot up to index 2, term 2")},
		{"above its commitIndex nothing can be in a snapshot", page + `installSnapshot: {leaderId: 1, lastIncludedIndex: 4}
  to: 2`, []string{"message 1 1 lastIncludedIndex: commitIndex 3; lastIncludedIndex 4"}},
		{"a term that its log does not have", page + `installSnapshot: {leaderId: 1, lastIncludedIndex: 3, lastIncludedTerm: 2}
  to: 2`, []string{"message 1 1 lastIncludedTerm: an entry of term 3 at index 3; lastIncludedTerm 2"}},
		{"past its log", page + `installSnapshot: {leaderId: 1, lastIncludedIndex: 9, lastIncludedTerm: 3}
  to: 2`, []string{"message 1 1 lastIncludedIndex: no entry at index 9; ends at index 4"}},
		{"a term above the message's", page + `installSnapshot: {leaderId: 1, lastIncludedIndex: 3, lastIncludedTerm: 5}
  to: 2`, []string{"message 1 1 lastIncludedTerm: lastIncludedTerm 5; term 3"}},
		{"from before the page, as an AppendEntries could be", page + `installSnapshot: {leaderId: 3, term: 2, lastIncludedIndex: 2, lastIncludedTerm: 2}
  to: 2
  response: {2: ok}`, []string{"implied 1 3: term 2; before the first step"}},
		{"from who cannot lead", page + `installSnapshot: {leaderId: 3, term: 3, lastIncludedIndex: 1, lastIncludedTerm: 1}
  to: 2`, []string{"message 1 3 leaderId: node 1 leads term 3"}},
		{"two leaders of one term", page + `installSnapshot: {leaderId: 3, term: 3, lastIncludedIndex: 1, lastIncludedTerm: 1}
  to: 1
  response: {1: none}`, []string{"message 1 3 leaderId: node 1 leads term 3", "safety 1 1 Election Safety: gets InstallSnapshot of term 3"}},
		{"a late answer is a success for what the snapshot covers", page + `installSnapshot: {leaderId: 1, lastIncludedIndex: 3}
  to: 2
  responseLost: [2]
  state: {1: {matchIndex: {2: 0}}}
- appendEntriesResponse: {from: 2, to: 1, term: 3, success: true, matchIndex: 3}
  state: {1: {matchIndex: {2: 3}, commitIndex: 3}}`, took},
		{"wrong tables are told by IS7, IS8 and IS6", page + `installSnapshot: {leaderId: 1, lastIncludedIndex: 3}
  state: {2: {log: [1:a], commitIndex: 1}, 3: {log: [3:c]}}`,
			append(took, "state 1 2 log[4]: ends at index 3; log goes (entries 1 to 3)", "state 1 2 commitIndex: is 3; what the snapshot covers is committed", "state 1 3 log[4]: has the snapshot's last entry, at index 3, term 3: entry 4 stays")},
	})
}

// A log that begins after a snapshot: the place where it ends matches by its
// term, what it covers is committed and passes, and is sent no more.
func TestLogsAfterASnapshot(t *testing.T) {
	const page = `
nodes: 3
initial:
  1: {term: 3, role: leader, snapshot: {lastIncludedIndex: 5, lastIncludedTerm: 2}, log: [3:f, 3:g]}
  2: {term: 3, snapshot: {lastIncludedIndex: 4, lastIncludedTerm: 2}, log: [2:e]}
  3: {term: 3, log: [1:a]}
steps:
- `
	runScenes(t, []scene{
		{"commitIndex and lastApplied are never below it", page + `state: {1: {commitIndex: 5, lastApplied: 5}, 2: {commitIndex: 4, lastApplied: 4}}`, nil},
		{"prevLogIndex at its end matches by lastIncludedTerm", page + `appendEntries: {leaderId: 1, prevLogIndex: 5, entries: [3:f]}
  to: 2
  response: {2: ok}
  state: {2: {log: [2:e, 3:f], commitIndex: 5}}`, nil},
		{"below it passes, and what it covers is passed over", `
nodes: [F, L, x]
unknown: [L, x]
initial: {F: {term: 3, snapshot: {lastIncludedIndex: 4, lastIncludedTerm: 2}, log: [2:e]}}
steps:
- appendEntries: {leaderId: L, term: 3, prevLogIndex: 2, prevLogTerm: 1, entries: [1:c, 2:d, 2:e, 3:f], leaderCommit: 4}
  to: F
  response: {F: ok}
  state: {F: {log: [2:e, 3:f], commitIndex: 4}}`, nil},
		{"a leader has no entry to send that its snapshot covers", page + `appendEntries: {leaderId: 1, prevLogIndex: 3, prevLogTerm: 2, entries: [2:d], leaderCommit: 5}
  to: 3`, []string{"message 1 1 prevLogIndex: snapshot covers its log up to index 5; entry 4; installSnapshot"}},
		{"what is left out of installSnapshot comes from its own", page + `installSnapshot: {leaderId: 1}
  to: 3
  response: {3: ok}
  state: {3: {commitIndex: 5, log: []}, 1: {matchIndex: {3: 5}}}`, nil},
		{"a restart leaves commitIndex and lastApplied at its end", page + `restart: 1
  state: {1: {commitIndex: 5, lastApplied: 5, log: [3:f, 3:g], role: follower}}`, nil},
		{"the worksheet's form at its end", page + `appendEntries: {leaderId: 1, index: 6, value: f, leaderCommit: 5}
  to: 2
  response: {2: ok}`, nil},
	})
	for why, c := range map[string]struct{ step, says string }{
		"entries: auto to a node whose next entry is covered": {"appendEntries: {leaderId: 1, entries: auto}\n  to: 3\n- appendEntries: {leaderId: 1, entries: auto}\n  to: 3\n- appendEntries: {leaderId: 1, entries: auto}\n  to: 3\n- appendEntries: {leaderId: 1, entries: auto}\n  to: 3", "send installSnapshot"},
		"no snapshot to take it from":                         {"installSnapshot: {leaderId: 3}\n  to: 2", "lastIncludedIndex must be written"},
		"more entries than there are":                         {"appendEntries: {leaderId: 1, prevLogIndex: 5, entries: {count: 3}}\n  to: 2", "entries: {count: 3}"},
	} {
		if err := haltOf(t, page+c.step); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: the error is %v, and should say %q", why, err, c.says)
		}
	}
}

// Steps down, disks that lost something, who counts, and entries by their number.
func TestEventsThatFigure2DoesNotDraw(t *testing.T) {
	const page = `
nodes: 3
initial:
  1: {term: 3, role: leader, log: [1:a, 3:b]}
  2: {term: 3, votedFor: 1, log: [1:a]}
  3: {term: 3}
steps:
- `
	runScenes(t, []scene{
		{"a leader steps down: term, vote and log stay", page + `stepDown: 1
  state: {1: {term: 3, votedFor: 1, role: follower, log: [1:a, 3:b]}}
- clientRequest: {node: 1, value: c}`, []string{"refused 2 1"}},
		{"a follower cannot", page + `stepDown: [1, 2]`, []string{"refused 1 2: node 2 is a follower"}},
		{"why it follows", page + `stepDown: 1
- state: {1: {role: leader}}`, []string{"state 2 1 role: is follower, since step 1: it stepped down by itself"}},
		{"what it sent before may arrive late", page + `stepDown: 1
- appendEntries: {leaderId: 1, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [3:b], leaderCommit: 0}
  to: 2
  response: {2: ok}`, []string{"implied 2 1 late: of term 3; arrives late"}},
		{"a lost vote", page + `restart: {2: {votedFor: none}}
  state: {2: {term: 3, votedFor: none, log: [1:a]}}`, []string{"loss 1 2 votedFor: votedFor none; it was 1"}},
		{"a lost log", page + `restart: {1: {log: [1:a]}}
  state: {1: {log: [1:a], role: follower}}`, []string{"loss 1 1 log: lost entry 2, the last"}},
		{"a lower term clears votedFor", page + `restart: {2: {term: 1}}
  state: {2: {term: 1, votedFor: none, log: [1:a]}}`, []string{"loss 1 2 term: term 1; it was 3", "loss 1 2 votedFor: none; it was 1"}},
		{"what was there is no loss", page + `restart: {2: {term: 3, votedFor: 1, log: [1:a]}}`, nil},
		{"a vote that was lost is given again", page + `restart: {2: {votedFor: none}}
- requestVote: {candidateId: 3, term: 3, lastLogIndex: 1, lastLogTerm: 1}
  to: 2
  response: {2: ok}`, []string{"loss 1 2 votedFor:", "implied 2 3: term 3; before the first step"}},
		{"voters: a majority of those who count", `
nodes: 5
voters: [1, 2, 3]
initial: {1: {term: 1, role: leader}}
steps:
- clientRequest: {node: 1, value: a}
- appendEntries: {leaderId: 1, entries: [1:a]}
  to: [4, 5]
  response: {4: ok, 5: ok}
  state: {1: {commitIndex: 0}}
- appendEntries: {leaderId: 1, prevLogIndex: 0, entries: [1:a]}
  to: 2
  response: {2: ok}
  state: {1: {commitIndex: 1}}`, nil},
		{"joint consensus: a majority of each list; an event asks L4 again at once", `
nodes: 5
initial: {1: {term: 1, role: leader, log: [1:a]}, 2: {term: 1, log: [1:a]}}
steps:
- appendEntries: {leaderId: 1, entries: []}
  to: 2
- appendEntries: {leaderId: 1, prevLogIndex: 0, entries: [1:a]}
  to: 2
  response: {2: ok}
  state: {1: {commitIndex: 0}}
- voters: {are: [[1, 2, 3], [3, 4, 5]]}
  state: {1: {commitIndex: 0}}
- voters: {at: [1], are: [1, 2, 3]}
  state: {1: {commitIndex: 1}}`, nil},
		{"an election off the page counts by its sender's voters", `
nodes: 5
voters: [1, 2, 3]
initial: {4: {term: 9}, 5: {term: 9}}
steps:
- appendEntries: {leaderId: 1, term: 2, entries: []}
  to: 2`, []string{"implied 1 1: term 2"}},
		{"and not by everybody", `
nodes: 5
initial: {3: {term: 9}, 4: {term: 9}, 5: {term: 9}}
steps:
- appendEntries: {leaderId: 1, term: 2, entries: []}
  to: 2`, []string{"message 1 1 leaderId: 2 of 5 nodes"}},
		{"entries by number, from the leader's own log", page + `appendEntries: {leaderId: 1, prevLogIndex: 0, entries: {count: 1}}
  to: 3
  response: {3: ok}
  state: {3: {log: [1:a]}}
- appendEntries: {leaderId: 1, entries: {count: 1}}
  to: 3
  response: {3: ok}
  state: {3: {log: [1:a, 3:b]}}`, nil},
	})
	for why, c := range map[string]struct{ step, says string }{
		"a term that it never was in": {"restart: {2: {term: 4}}", "node 2's disk cannot give back term 4: currentTerm was 3"},
		"a vote that it never gave":   {"restart: {3: {votedFor: 1}}", "node 3's disk cannot give back a vote for 1 in term 3: votedFor was none"},
		"entries that it never had":   {"restart: {2: {log: [1:a, 2:x]}}", "node 2's disk cannot give back the log [1:a, 2:x]: it was [1:a]"},
	} {
		if err := haltOf(t, page+c.step); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: the error is %v, and should say %q", why, err, c.says)
		}
	}
}

// haltOf gives the error on which the replay of a trace stops.
func haltOf(t *testing.T, text string) error {
	t.Helper()
	_, err := fill(text, check.FillOptions{})
	return err
}
