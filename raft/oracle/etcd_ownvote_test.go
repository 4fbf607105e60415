package oracle

import (
	"testing"

	"raftsheet/raft"
)

// etcd's candidate counts its own vote when that is stored: own-vote-when-stored. If
// this fails, a recorded node that is its own majority is said to lead too early, or
// never.
func TestEtcdOwnVote(t *testing.T) {
	n := raft.NewNode(self, 1, rulesOf(t, "etcd-unstored"))
	e := newEtcdNode(n)
	must(e.raw.Campaign())
	n.Timeout()
	if real, rules := e.state(), n.State; real.Role != raft.Candidate || rules.Role != raft.Candidate {
		t.Errorf("before its vote is stored it is a %v, and by the rules a %v; both should be candidates", real.Role, rules.Role)
	}
	e.drain()
	n.HandleVote(ownVote(n))
	if real, rules := describe(e.state()), describe(n.State); real != rules || n.Role != raft.Leader {
		t.Errorf("once its vote is stored it is\n%s\nand by the rules\n%s", real, rules)
	}
}

// ownVote is the answer that a candidate gives itself.
func ownVote(n *raft.Node) raft.Vote {
	return raft.Vote{From: n.ID, Request: n.CurrentTerm, Term: n.CurrentTerm, Granted: true}
}
