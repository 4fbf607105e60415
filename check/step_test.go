package check_test

import (
	"testing"

	"raftsheet/check/checktest"
	"raftsheet/check/replay"
	"raftsheet/raft"
)

// What one step does: who is reached, who answers, which answers arrive.
func TestStep(t *testing.T) {
	runScenes(t, []scene{
		{"the sender takes in what its message implies before the request is delivered", `
nodes: 3
initial: {2: {term: 1, votedFor: 1}, 3: {term: 1, votedFor: 1}, 1: {term: 1, role: leader}}
steps:
- appendEntries: {leaderId: 1, index: 1, value: x}
  response: {2: ok, 3: ok}
  state: {1: {log: [1:x], commitIndex: 1}, 2: {log: [1:x]}, 3: {log: [1:x]}}`,
			[]string{"implied 1 1: 1:x; index 1"}},
		{"a request in lost reaches nobody and changes nobody", `
nodes: 3
initial: {1: {term: 1, role: candidate}}
steps:
- requestVote: {candidateId: 1}
  lost: [3]
  response: {2: ok, 3: none}
  state: {2: {term: 1, votedFor: 1}, 3: {term: 0, votedFor: none}}`, nil},
		{"a node that is down neither handles nor answers", `
nodes: 3
initial: {1: {term: 1, role: candidate}}
steps:
- crash: 3
- requestVote: {candidateId: 1}
  response: {2: ok, 3: none}
  state: {3: {term: 0, votedFor: none}}`, nil},
		{"a node in another group of the partition is not reached; one in no group is alone", `
nodes: 5
initial: {1: {term: 1, role: candidate}}
steps:
- partition: [[1, 2], [3, 4]]
- requestVote: {candidateId: 1}
  response: {2: ok, 3: none, 4: none, 5: none}
  state: {1: {role: candidate}, 5: {term: 0}}
- heal: true
- requestVote: {candidateId: 1}
  response: {2: ok, 3: ok, 4: ok, 5: ok}
  state: {1: {role: leader}}`, nil},
		{"a sender in no group is alone", `
nodes: 3
initial: {1: {term: 1, role: candidate}}
steps:
- partition: [[2, 3]]
- requestVote: {candidateId: 1}
  response: {2: none, 3: none}`, nil},
		{"two in no group are alone, each for itself", `
nodes: 3
initial: {2: {term: 1, role: candidate}}
steps:
- partition: [[1]]
- requestVote: {candidateId: 2}
  response: {1: none, 3: none}`, nil},
		{"a second partition takes the place of the first", `
nodes: 3
initial: {1: {term: 1, role: candidate}}
steps:
- partition: [[1, 2], [3]]
- partition: [[1, 3], [2]]
- requestVote: {candidateId: 1}
  response: {2: none, 3: ok}`, nil},
		{"a request goes to the nodes of to alone", `
nodes: 4
initial: {1: {term: 1, role: candidate}}
steps:
- requestVote: {candidateId: 1}
  to: [2, 4]
  lost: [4]
  response: {2: ok, 3: none, 4: none}
  state: {1: {role: candidate}, 3: {term: 0}}`, nil},
		{"an answer in responseLost is given, and does not reach the sender", `
nodes: 3
initial: {1: {term: 1, role: candidate}}
steps:
- requestVote: {candidateId: 1}
  responseLost: [2, 3]
  response: {2: ok, 3: none}
  state: {1: {role: candidate}, 2: {votedFor: 1}, 3: {votedFor: 1}}`, nil},
		{"a sender that is down ignores the answers, even one of a higher term", `
nodes: 3
initial: {1: {term: 1, role: leader}, 2: {term: 5}, 3: {term: 1, votedFor: 1}}
steps:
- crash: 1
- appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [], leaderCommit: 0}
  response: {2: {success: false, term: 5}, 3: ok}
  state: {1: {term: 1, role: leader}, 3: {term: 1}}`,
			[]string{"implied 2 1 late: the initial state"}},
		{"a sender whose currentTerm has moved on ignores the answers", `
nodes: 3
initial: {1: {term: 1, role: candidate}}
steps:
- timeout: 1
- requestVote: {candidateId: 1, term: 1}
  response: {2: {voteGranted: true, term: 1}, 3: ok}
  state: {1: {term: 2, role: candidate, votedFor: 1}}`,
			[]string{"implied 2 1 late: term 1; the initial state"}},
		{"a sender whose role has moved on ignores the votes", `
nodes: 3
initial: {1: {term: 1, role: candidate}, 2: {term: 1}}
steps:
- restart: 1
- requestVote: {candidateId: 1, term: 1}
  response: {2: ok, 3: ok}
  state: {1: {term: 1, role: follower}}`,
			[]string{"implied 2 1 late: term 1"}},
		{"an answer with a higher term makes the sender step down, and the later answers count no more", `
nodes: 3
initial: {1: {term: 2, role: leader}, 2: {term: 3}, 3: {term: 2, votedFor: 1}}
steps:
- clientRequest: {node: 1, value: x}
- appendEntries: {leaderId: 1, entries: auto}
  response: {2: {success: false, term: 3}, 3: {success: true, term: 2}}
  state: {1: {term: 3, role: follower, votedFor: none, log: [2:x], commitIndex: 0}}`, nil},
		{"the answers arrive in the order of the nodes: a majority before the higher term commits", `
nodes: 3
initial: {1: {term: 2, role: leader}, 2: {term: 2, votedFor: 1}, 3: {term: 3}}
steps:
- clientRequest: {node: 1, value: x}
- appendEntries: {leaderId: 1, entries: auto}
  response: {2: ok, 3: {success: false, term: 3}}
  state: {1: {term: 3, role: follower, log: [2:x], commitIndex: 1, lastApplied: 1}}`, nil},
		{"the higher term first: nothing is committed", `
nodes: 3
initial: {3: {term: 2, role: leader}, 1: {term: 3}, 2: {term: 2, votedFor: 3}}
steps:
- clientRequest: {node: 3, value: x}
- appendEntries: {leaderId: 3, entries: auto}
  response: {1: no, 2: ok}
  state: {3: {term: 3, role: follower, commitIndex: 0}}`, nil},
		{"lastApplied follows commitIndex, on the leader and on the followers", `
nodes: 3
initial: {1: {term: 1, role: leader, log: [1:x]}, 2: {term: 1, log: [1:x]}, 3: {term: 1}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: []}
  response: {2: ok, 3: no}
  state: {1: {commitIndex: 1, lastApplied: 1}}
- appendEntries: {leaderId: 1, prevLogIndex: 1, prevLogTerm: 1, entries: []}
  to: [2]
  response: {2: ok}
  state: {2: {commitIndex: 1, lastApplied: 1}, 3: {lastApplied: 0}}`, nil},
	})
}

// Events that are no requests.
func TestOtherEvents(t *testing.T) {
	runScenes(t, []scene{
		{"timeout: a follower or candidate starts an election: term + 1, a vote for itself", `
nodes: 3
initial: {1: {term: 4, votedFor: 2}, 2: {term: 4, role: candidate}}
steps:
- timeout: 1
  state: {1: {term: 5, votedFor: 1, role: candidate}}
- timeout: 2
  state: {2: {term: 5, votedFor: 2, role: candidate}}`, nil},
		{"timeout: a list of nodes, each in turn", `
nodes: 3
steps:
- timeout: [3, 1]
  state: {1: {term: 1, votedFor: 1, role: candidate}, 2: {term: 0}, 3: {term: 1, votedFor: 3, role: candidate}}`, nil},
		{"timeout: with one node it leads at once", `
nodes: 1
steps:
- timeout: 1
  state: {1: {term: 1, votedFor: 1, role: leader, commitIndex: 0}}`, nil},
		{"timeout: for a leader a heartbeat falls due, and nothing changes", `
nodes: 2
initial: {1: {term: 1, role: leader, log: [1:x], nextIndex: {2: 1}}}
steps:
- timeout: 1
  state: {1: {term: 1, votedFor: 1, role: leader, log: [1:x], nextIndex: {2: 1}, matchIndex: {2: 0}}}`, nil},
		{"timeout: one that is down notices nothing", `
nodes: 2
steps:
- crash: 1
- timeout: 1
  state: {1: {term: 0, role: follower}}`,
			[]string{"refused 2 1: down since step 1"}},
		{"clientRequest: a leader appends an entry of its currentTerm", `
nodes: 3
initial: {1: {term: 3, role: leader, log: [1:a]}}
steps:
- clientRequest: {node: 1, value: b}
  state: {1: {log: [1:a, 3:b], commitIndex: 0}}`, nil},
		{"clientRequest: any other node refuses it, which is reported", `
nodes: 3
initial: {1: {term: 1, role: candidate}}
steps:
- clientRequest: {node: 1, value: b}
  state: {1: {log: []}}
- clientRequest: {node: 2, value: b}
  state: {2: {log: []}}`,
			[]string{"refused 1 1: candidate; leader", "refused 2 2: follower; leader"}},
		{"restart: currentTerm, votedFor and log survive; the rest is as at start-up", `
nodes: 2
initial: {1: {term: 3, role: leader, log: [1:a, 3:b], commitIndex: 2}}
steps:
- restart: 1
  state: {1: {term: 3, votedFor: 1, role: follower, log: [1:a, 3:b], commitIndex: 0, lastApplied: 0}}`, nil},
		{"crash and restart: lists; a node that is up again is reached again", `
nodes: 3
steps:
- crash: [2, 3]
- restart: [3]
- timeout: 1
- requestVote: {candidateId: 1}
  response: {2: none, 3: ok}`, nil},
		{"crash: of a node that is down already", `
nodes: 2
steps:
- crash: 1
- crash: 1`,
			[]string{"refused 2 1: already down; step 1"}},
		{"a step without an event changes nothing", `
nodes: 2
initial: {1: {term: 1, role: candidate}}
steps:
- state: {1: {term: 1, role: candidate}, 2: {term: 0}}`, nil},
	})
}

// Deliveries are in the order of the nodes, whatever the order of to.
func TestDeliveriesAreInOrder(t *testing.T) {
	run := checktest.Play(t, `
nodes: [C, A, B]
initial: {B: {term: 1, role: candidate}}
steps:
- requestVote: {candidateId: B}
  to: [A, C]`)
	var got []raft.NodeID
	for _, d := range run.Steps[0].Deliveries {
		got = append(got, d.To)
	}
	if len(got) != 2 || got[0] != checktest.Node(t, run, "C") || got[1] != checktest.Node(t, run, "A") {
		t.Errorf("the request to A and C is delivered to nodes number %v; the order of nodes is C, A", got)
	}
}

// A delivery says what became of it, and why.
func TestFates(t *testing.T) {
	run := checktest.Play(t, `
nodes: 6
unknown: [6]
initial: {1: {term: 1, role: candidate}}
steps:
- crash: 3
- partition: [[1, 2, 3, 4, 6]]
- requestVote: {candidateId: 1}
  lost: [2]`)
	want := []struct {
		fate  replay.Fate
		since int
	}{{replay.NotReached, 3}, {replay.Down, 1}, {replay.Handled, 0}, {replay.CutOff, 2}, {replay.Unseen, 0}}
	for i, d := range run.Steps[2].Deliveries {
		if d.Fate != want[i].fate || d.Since != want[i].since {
			t.Errorf("the request to node %d has fate %d since step %d; it should have %d since step %d", d.To, d.Fate, d.Since, want[i].fate, want[i].since)
		}
	}
}
