package oracle

import (
	"io"
	"strconv"
	"testing"
	"time"

	"github.com/hashicorp/go-hclog"
	hashicorp "github.com/hashicorp/raft"

	"raftsheet/raft"
	"raftsheet/raft/wide"
)

// hashicorpDepartures are the places where a hashicorp/raft follower is known
// to differ from Figure 2. Each is a deviation of the set hashicorp.
var hashicorpDepartures = []departure{
	{"commit-to-log-end", func(n *raft.Node, s step) bool {
		m := s.append
		return followed(n, s) && min(m.LeaderCommit, lastAfter(n, m)) > max(m.LastNewIndex(), n.CommitIndex)
	}},
	{"commit-falls-with-log", func(n *raft.Node, s step) bool {
		return followed(n, s) && s.append.LeaderCommit > n.CommitIndex && lastAfter(n, s.append) < n.CommitIndex
	}},
	{"repeated-vote-unchecked", func(n *raft.Node, s step) bool {
		return s.ask != nil && s.ask.Term == n.CurrentTerm && s.ask.CandidateID == n.VotedFor && !rival(n, s)
	}},
	{"rivals-refused-under-leader", rival},
}

// rival reports whether the step is a candidate's request to a server that
// knows of another leader.
func rival(n *raft.Node, s step) bool {
	return s.ask != nil && n.Leader != raft.NoNode && n.Leader != s.ask.CandidateID
}

// lastAfter gives where a log ends once it has taken the entries of m.
func lastAfter(n *raft.Node, m *raft.AppendEntries) raft.Index {
	for i, e := range m.Entries.Slice() {
		if n.Log.Term(m.PrevLogIndex+raft.Index(i)+1) != e.Term {
			return m.LastNewIndex()
		}
	}
	return n.Log.LastIndex()
}

// drawForFollower draws a request to a follower.
func drawForFollower(c chance, n *raft.Node) step {
	if c.one(3) {
		return c.requestVote(n)
	}
	return c.appendEntries(n)
}

// TestHashicorp compares the reference with hashicorp/raft: what a follower
// answers, and what is left in its term, vote, log and commit index. If it
// fails, either the reference misreads Figure 2, or the set hashicorp misses
// something that hashicorp/raft does.
func TestHashicorp(t *testing.T) {
	t.Parallel()
	checkNames(t, "hashicorp", hashicorpDepartures,
		"new-leader-appends", "heartbeat-term-unread", "step-down-keeps-term", "late-vote-term-unread") // the leader's: see TestHashicorpLeader, TestHashicorpDeposed
	c := comparison{set: "hashicorp", departures: hashicorpDepartures, draw: drawForFollower, steps: 12,
		start: func(n *raft.Node) implementation { return newHashicorpNode(n) }}
	c.run(t, cases(wide.Of(4_000, 20_000)), rulesOf(t, "hashicorp"))
}

// A hashicorpNode is a hashicorp/raft server that never hears its own clock,
// and the transport through which it is asked.
type hashicorpNode struct {
	raft  *hashicorp.Raft
	votes *hashicorp.InmemStore
	logs  *hashicorp.InmemCommitTrackingStore
	asker *hashicorp.InmemTransport
}

// newHashicorpNode gives a server in the follower n's state. It belongs to no
// configuration, so that any candidate may ask for its vote.
func newHashicorpNode(n *raft.Node) *hashicorpNode {
	return startHashicorp(n, hashicorpEntries(0, n.Log.Entries()))
}

// startHashicorp gives a server in the follower n's state, whose log is these
// entries, and which can call the peers.
func startHashicorp(n *raft.Node, entries []*hashicorp.Log, peers ...*hashicorp.InmemTransport) *hashicorpNode {
	h := &hashicorpNode{votes: hashicorp.NewInmemStore(), logs: hashicorp.NewInmemCommitTrackingStore()}
	must(h.votes.SetUint64([]byte("CurrentTerm"), uint64(n.CurrentTerm)))
	if n.VotedFor != raft.NoNode {
		must(h.votes.SetUint64([]byte("LastVoteTerm"), uint64(n.CurrentTerm)))
		must(h.votes.Set([]byte("LastVoteCand"), []byte(address(n.VotedFor))))
	}
	must(h.logs.StoreLogs(entries))
	must(h.logs.StageCommitIndex(uint64(n.CommitIndex)))

	own := transport(address(n.ID))
	h.asker = transport("asker")
	h.asker.Connect(own.LocalAddr(), own)
	for _, peer := range peers {
		own.Connect(peer.LocalAddr(), peer)
	}
	var err error
	h.raft, err = hashicorp.NewRaft(unhurried(n.ID), ignorant{}, h.logs, h.votes, hashicorp.NewDiscardSnapshotStore(), own)
	must(err)
	return h
}

func transport(a hashicorp.ServerAddress) *hashicorp.InmemTransport {
	_, t := hashicorp.NewInmemTransportWithTimeout(a, time.Minute)
	return t
}

// unhurried configures a server whose timeouts never come.
func unhurried(id raft.NodeID) *hashicorp.Config {
	c := hashicorp.DefaultConfig()
	c.LocalID = hashicorp.ServerID(address(id))
	c.HeartbeatTimeout, c.ElectionTimeout, c.LeaderLeaseTimeout = time.Hour, time.Hour, time.Hour
	c.CommitTimeout, c.SnapshotInterval = time.Hour, time.Hour
	c.RestoreCommittedLogs, c.PreVoteDisabled = true, true
	c.Logger = hclog.NewNullLogger()
	return c
}

// An ignorant state machine takes commands and keeps nothing.
type ignorant struct{}

func (ignorant) Apply(*hashicorp.Log) any                 { return nil }
func (ignorant) Snapshot() (hashicorp.FSMSnapshot, error) { return nil, io.EOF }
func (ignorant) Restore(snapshot io.ReadCloser) error     { return snapshot.Close() }
func address(id raft.NodeID) hashicorp.ServerAddress {
	return hashicorp.ServerAddress(strconv.Itoa(int(id)))
}
func named[T ~string | ~[]byte](address T) (id raft.NodeID) {
	n, _ := strconv.Atoi(string(address))
	return raft.NodeID(n)
}
func header(from raft.NodeID) hashicorp.RPCHeader {
	return hashicorp.RPCHeader{ProtocolVersion: 3, ID: []byte(address(from)), Addr: []byte(address(from))}
}

func (h *hashicorpNode) close() { must(h.raft.Shutdown().Error()) }

func (h *hashicorpNode) take(s step) answer {
	id, to := hashicorp.ServerID(address(self)), address(self)
	if m := s.ask; m != nil {
		var resp hashicorp.RequestVoteResponse
		must(h.asker.RequestVote(id, to, &hashicorp.RequestVoteRequest{RPCHeader: header(m.CandidateID), Term: uint64(m.Term),
			LastLogIndex: uint64(m.LastLogIndex), LastLogTerm: uint64(m.LastLogTerm)}, &resp))
		return answer{given: true, term: raft.Term(resp.Term), ok: resp.Granted}
	}
	m := s.append
	var resp hashicorp.AppendEntriesResponse
	must(h.asker.AppendEntries(id, to, &hashicorp.AppendEntriesRequest{RPCHeader: header(m.LeaderID), Term: uint64(m.Term),
		PrevLogEntry: uint64(m.PrevLogIndex), PrevLogTerm: uint64(m.PrevLogTerm),
		Entries:           hashicorpEntries(m.PrevLogIndex, m.Entries.Slice()),
		LeaderCommitIndex: uint64(m.LeaderCommit)}, &resp))
	a := answer{given: true, term: raft.Term(resp.Term), ok: resp.Success}
	if a.ok { // its answers name no index: the leader counts what it has sent
		a.match = s.append.LastNewIndex()
	}
	return a
}

// hashicorpEntries gives entries that follow index prev.
func hashicorpEntries(prev raft.Index, entries []raft.Entry) []*hashicorp.Log {
	var es []*hashicorp.Log
	for i, e := range entries {
		es = append(es, &hashicorp.Log{Index: uint64(prev) + uint64(i) + 1, Term: uint64(e.Term), Data: []byte(e.Value)})
	}
	return es
}

// state reads what the server keeps; what its own goroutine was asked is done
// when the answer comes.
func (h *hashicorpNode) state() raft.State {
	s := raft.State{CurrentTerm: raft.Term(h.raft.CurrentTerm()), CommitIndex: raft.Index(h.raft.CommitIndex())}
	if term, _ := h.votes.GetUint64([]byte("LastVoteTerm")); raft.Term(term) == s.CurrentTerm {
		candidate, _ := h.votes.Get([]byte("LastVoteCand"))
		s.VotedFor = named(candidate)
	}
	last, err := h.logs.LastIndex()
	must(err)
	for i := range last {
		var l hashicorp.Log
		must(h.logs.GetLog(i+1, &l))
		s.Log = s.Log.Append(raft.Entry{Term: raft.Term(l.Term), Value: string(l.Data)})
	}
	switch h.raft.State() {
	case hashicorp.Candidate:
		s.Role = raft.Candidate
	case hashicorp.Leader:
		s.Role = raft.Leader
	default:
		leader, _ := h.raft.LeaderWithID()
		s.Leader = named(leader)
	}
	return s
}
