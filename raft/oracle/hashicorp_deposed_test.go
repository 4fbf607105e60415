package oracle

import (
	"sync/atomic"
	"testing"

	hashicorp "github.com/hashicorp/raft"

	"raftsheet/raft"
)

// TestHashicorpDeposed answers a hashicorp/raft leader with a higher term: first
// the last of its requests for votes, then its heartbeats, then the entries that it
// sends. If it fails, the set hashicorp is wrong about what a leader makes of it:
// late-vote-term-unread, heartbeat-term-unread, step-down-keeps-term.
func TestHashicorpDeposed(t *testing.T) {
	t.Parallel()
	n := raft.NewNode(self, 3, rulesOf(t, "hashicorp"))
	n.CurrentTerm = 4
	configuration := raft.Entry{Term: 1, Value: string(hashicorp.EncodeConfiguration(threeServers()))}
	n.Log = raft.NewLog(configuration)
	two, three := transport(address(2)), transport(address(3))
	h := startHashicorp(n, hashicorpConfiguration(n), two, three)
	done := make(chan struct{})
	defer close(done)
	defer h.close()

	n.Timeout()
	must(h.asker.TimeoutNow(hashicorp.ServerID(address(self)), address(self), &hashicorp.TimeoutNowRequest{RPCHeader: header(2)}, &hashicorp.TimeoutNowResponse{}))
	asked, askedToo := <-two.Consumer(), <-three.Consumer()
	answerVote(asked, n, 2, true)
	<-h.raft.LeaderCh()
	askedToo.Respond(&hashicorp.RequestVoteResponse{RPCHeader: header(3), Term: 6}, nil)
	n.HandleVote(raft.Vote{From: 3, Request: 5, Term: 6})
	var newTerm atomic.Bool // whether the followers have gone on to the next term
	go followUntil(two, &newTerm, done)
	go followUntil(three, &newTerm, done)
	n.ClientRequest("y")
	n.HandleAck(raft.Ack{From: 2, Request: 5, Term: 5, Success: true, MatchIndex: n.Log.LastIndex(), Entries: 2})
	must(h.raft.Apply([]byte("y"), 0).Error())
	agree := func(when string) {
		t.Helper()
		known := n.State
		known.MatchIndex = nil
		if got, want := describe(h.state()), describe(known); got != want {
			t.Fatalf("%s\nhashicorp %q\nrules     %q", when, got, want)
		}
	}
	agree("as a leader that has committed a command")

	newTerm.Store(true)
	must(h.raft.VerifyLeader().Error()) // by a round of heartbeats
	n.HandleAck(raft.Ack{From: 2, Request: 5, Term: 6, Success: true})
	agree("after an answer of a higher term to its heartbeat")

	n.ClientRequest("z")
	n.HandleAck(raft.Ack{From: 2, Request: 5, Term: 6, Entries: 1})
	if h.raft.Apply([]byte("z"), 0).Error() == nil {
		t.Fatal("it commits what nobody has taken")
	}
	agree("after an answer of a higher term to an entry")
}

// hashicorpConfiguration gives the entries of a log that begins with a
// configuration.
func hashicorpConfiguration(n *raft.Node) []*hashicorp.Log {
	entries := hashicorpEntries(0, n.Log.Entries())
	entries[0].Type = hashicorp.LogConfiguration
	return entries
}

// followUntil accepts what the leader sends; once there is a new term it says so,
// refuses entries, and has heartbeats succeed all the same: a heartbeat that fails
// deposes a leader that is being verified, whatever the term.
func followUntil(peer *hashicorp.InmemTransport, newTerm *atomic.Bool, done <-chan struct{}) {
	for {
		select {
		case rpc := <-peer.Consumer():
			m := rpc.Command.(*hashicorp.AppendEntriesRequest)
			resp := &hashicorp.AppendEntriesResponse{RPCHeader: m.RPCHeader, Term: m.Term,
				LastLog: m.PrevLogEntry + uint64(len(m.Entries)), Success: true}
			if newTerm.Load() {
				resp.Term, resp.Success = m.Term+1, len(m.Entries) == 0
			}
			rpc.Respond(resp, nil)
		case <-done:
			return
		}
	}
}
