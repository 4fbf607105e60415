package oracle

import (
	"testing"

	hashicorp "github.com/hashicorp/raft"

	"raftsheet/raft"
)

// TestHashicorpLeader takes hashicorp/raft servers of a cluster of three through
// an election and a client's command, with the other two played by hand, and
// the reference beside them. If it fails, C1, C2, L2 or L4 is misread, or the set
// hashicorp is wrong about what a leader does.
func TestHashicorpLeader(t *testing.T) {
	t.Parallel()
	rules := rulesOf(t, "hashicorp")
	for seed := *flagSeed; seed < *flagSeed+50; seed++ {
		c := seeded(seed)
		n := raft.NewNode(self, 3, rules)
		n.CurrentTerm = raft.Term(c.pick(1, 5))
		configuration := raft.Entry{Term: 1, Value: string(hashicorp.EncodeConfiguration(threeServers()))}
		n.Log = raft.NewLog(configuration).Append(c.risingEntries(n.CurrentTerm)...)
		leaderOfThree(t, seed, c, n)
	}
}

// threeServers is the configuration of servers 1, 2 and 3.
func threeServers() hashicorp.Configuration {
	var c hashicorp.Configuration
	for id := range raft.NodeID(3) {
		c.Servers = append(c.Servers, hashicorp.Server{ID: hashicorp.ServerID(address(id + 1)), Address: address(id + 1)})
	}
	return c
}

// risingEntries draws entries up to that term, as a real log has them.
func (c chance) risingEntries(last raft.Term) []raft.Entry {
	var es []raft.Entry
	for term := raft.Term(1); term <= last; term++ {
		if c.one(2) {
			es = append(es, raft.Entry{Term: term, Value: "x"})
		}
	}
	return es
}

// leaderOfThree elects the follower n, and unseats it.
func leaderOfThree(t *testing.T, seed uint64, c chance, n *raft.Node) {
	entries := hashicorpEntries(0, n.Log.Entries())
	entries[0].Type = hashicorp.LogConfiguration
	two, three := transport(address(2)), transport(address(3))
	h := startHashicorp(n, entries, two, three)
	done := make(chan struct{})
	defer close(done)
	defer h.close()
	agree := func(when string) {
		t.Helper()
		known := n.State
		known.MatchIndex = nil
		if got, want := describe(h.state()), describe(known); got != want {
			t.Fatalf("seed %d: %s\nhashicorp %q\nrules     %q", seed, when, got, want)
		}
	}
	agree("at the start")

	n.Timeout()
	must(h.asker.TimeoutNow(hashicorp.ServerID(address(self)), address(self), &hashicorp.TimeoutNowRequest{RPCHeader: header(2)}, &hashicorp.TimeoutNowResponse{}))
	asked, askedToo := <-two.Consumer(), <-three.Consumer()
	if got, want := requested(asked), n.RequestVote(); got != want {
		t.Fatalf("C1: seed %d: it asks %v, want %v", seed, got, want)
	}
	agree("as a candidate")

	answerVote(askedToo, n, 3, false)
	answerVote(asked, n, 2, true)
	<-h.raft.LeaderCh()
	go follow(two, done)
	go follow(three, done)
	n.ClientRequest("y")
	n.HandleAck(raft.Ack{From: 2, Request: n.CurrentTerm, Term: n.CurrentTerm, Success: true, MatchIndex: n.Log.LastIndex()})
	must(h.raft.Apply([]byte("y"), 0).Error())
	agree("as a leader that has committed a command")

	for _, s := range []step{
		{ask: &raft.RequestVote{Term: n.CurrentTerm + 2, CandidateID: 3, LastLogIndex: 99, LastLogTerm: n.CurrentTerm}},
		{append: &raft.AppendEntries{Term: n.CurrentTerm + raft.Term(c.pick(1, 2)), LeaderID: 2, PrevLogIndex: 99}},
		{ask: &raft.RequestVote{Term: n.CurrentTerm + 9, CandidateID: 3, LastLogIndex: 99, LastLogTerm: n.CurrentTerm}},
	} {
		if got, want := h.take(s), s.to(n); got != want {
			t.Fatalf("seed %d: %v: hashicorp answers %v, the rules %v", seed, s, got, want)
		}
		agree(s.String())
	}
}

func requested(rpc hashicorp.RPC) raft.RequestVote {
	m := rpc.Command.(*hashicorp.RequestVoteRequest)
	return raft.RequestVote{Term: raft.Term(m.Term), CandidateID: named(m.Addr),
		LastLogIndex: raft.Index(m.LastLogIndex), LastLogTerm: raft.Term(m.LastLogTerm)}
}

// answerVote gives the candidate n and the server its answer.
func answerVote(rpc hashicorp.RPC, n *raft.Node, from raft.NodeID, granted bool) {
	rpc.Respond(&hashicorp.RequestVoteResponse{RPCHeader: header(from), Term: uint64(n.CurrentTerm), Granted: granted}, nil)
	n.HandleVote(raft.Vote{From: from, Request: n.CurrentTerm, Term: n.CurrentTerm, Granted: granted})
}

// follow accepts whatever the leader sends, until done.
func follow(peer *hashicorp.InmemTransport, done <-chan struct{}) {
	for {
		select {
		case rpc := <-peer.Consumer():
			m := rpc.Command.(*hashicorp.AppendEntriesRequest)
			last := m.PrevLogEntry + uint64(len(m.Entries))
			rpc.Respond(&hashicorp.AppendEntriesResponse{RPCHeader: m.RPCHeader, Term: m.Term, LastLog: last, Success: true}, nil)
		case <-done:
			return
		}
	}
}
