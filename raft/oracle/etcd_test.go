package oracle

import (
	"io"
	"log"
	"testing"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
	"go.etcd.io/raft/v3/tracker"

	"raftsheet/raft"
	"raftsheet/raft/wide"
)

// etcdDepartures are the places where an etcd RawNode is known to differ from
// Figure 2. Each is a deviation of the set etcd.
var etcdDepartures = []departure{
	{"lower-term-unanswered", func(n *raft.Node, s step) bool {
		return s.request() > 0 && s.request() < n.CurrentTerm
	}},
	{"prev-zero-term-checked", func(n *raft.Node, s step) bool {
		return followed(n, s) && n.CommitIndex == 0 && s.append.PrevLogIndex == 0 && s.append.PrevLogTerm > 0
	}},
	{"append-below-commit-skipped", func(n *raft.Node, s step) bool {
		return followed(n, s) && s.append.PrevLogIndex < n.CommitIndex
	}},
	{"vote-withheld-under-leader", func(n *raft.Node, s step) bool {
		return s.ask != nil && s.ask.Term == n.CurrentTerm && n.VotedFor == raft.NoNode && n.Leader != raft.NoNode
	}},
	{"first-answer-stands", func(n *raft.Node, s step) bool {
		return polled(n, s) && s.vote.Granted && refusals(n).Has(s.vote.From)
	}},
	{"refused-candidate-steps-down", func(n *raft.Node, s step) bool {
		return polled(n, s) && !s.vote.Granted && !n.Votes.Has(s.vote.From) &&
			2*refusals(n).With(s.vote.From).Len() >= n.Size
	}},
	{"new-leader-appends", func(n *raft.Node, s step) bool {
		if s.timeout {
			return n.Size == 1 && n.Role != raft.Leader
		}
		return polled(n, s) && s.vote.Granted && !refusals(n).Has(s.vote.From) &&
			2*n.Votes.With(s.vote.From).Len() > n.Size
	}},
}

// followed reports whether the step is an AppendEntries that is checked against
// the log.
func followed(n *raft.Node, s step) bool {
	return s.append != nil && s.append.Term >= n.CurrentTerm &&
		(n.Role != raft.Leader || s.append.Term > n.CurrentTerm)
}

// polled reports whether the step is an answer to the election at hand.
func polled(n *raft.Node, s step) bool {
	return s.vote != nil && n.Role == raft.Candidate && s.vote.Term == n.CurrentTerm
}

// refusals gives who has refused a candidate so far.
func refusals(n *raft.Node) raft.NodeSet { return n.Extra.Answered &^ n.Votes }

// drawForEtcd draws a step that an etcd RawNode may be asked to take. A server
// starts elections only from a log that it can have: in one whose terms fall, which no
// leader has, etcd may find no entry to commit where L4 asks for one.
func drawForEtcd(c chance, n *raft.Node) step {
	sound := n.Log.Ordered() && n.Log.LastTerm() <= n.CurrentTerm
	switch n.Role {
	case raft.Follower:
		if sound && c.one(3) {
			return step{timeout: true}
		}
	case raft.Candidate:
		if n.Size > 1 && !c.one(4) {
			return c.vote(n)
		}
	case raft.Leader:
		switch {
		case n.Size > 1 && !c.one(3):
			return c.ack(n)
		case c.one(2):
			return c.command()
		}
	}
	switch c.IntN(12) {
	case 0, 1, 2, 3:
		return c.requestVote(n)
	case 4:
		return c.heartbeat(n)
	case 5:
		return c.command()
	}
	return c.appendEntries(n)
}

// TestEtcd compares the reference with etcd's RawNode: what a follower,
// candidate or leader answers, and what is left in its term, vote, log, commit
// index, role and matchIndex. If it fails, either the reference misreads Figure
// 2, or the set etcd misses something that etcd does.
func TestEtcd(t *testing.T) {
	t.Parallel()
	checkNames(t, "etcd", etcdDepartures, "commit-kept-on-restart") // see TestEtcdRestart
	c := comparison{set: "etcd", departures: etcdDepartures, draw: drawForEtcd, steps: 8,
		start: func(n *raft.Node) implementation { return newEtcdNode(n) }}
	c.run(t, cases(wide.Of(20_000, 100_000)), rulesOf(t, "etcd"))
}

// An etcdNode is a RawNode with the storage that its user must keep for it.
type etcdNode struct {
	raw     *etcd.RawNode
	storage *etcd.MemoryStorage
	size    int
	sent    []*pb.Message // of the latest step
}

// quiet keeps etcd's notes to itself.
var quiet = &etcd.DefaultLogger{Logger: log.New(io.Discard, "", 0)}

// newEtcdNode gives a RawNode in the follower n's state.
func newEtcdNode(n *raft.Node) *etcdNode {
	e := &etcdNode{storage: etcd.NewMemoryStorage(), size: n.Size}
	voters := &pb.ConfState{}
	for id := range n.Size {
		voters.Voters = append(voters.Voters, uint64(id+1))
	}
	must(e.storage.ApplySnapshot(&pb.Snapshot{Metadata: &pb.SnapshotMetadata{
		ConfState: voters, Index: new(uint64(0)), Term: new(uint64(0))}}))
	must(e.storage.Append(etcdEntries(0, n.Log.Entries())))
	must(e.storage.SetHardState(&pb.HardState{Term: new(uint64(n.CurrentTerm)),
		Vote: new(uint64(n.VotedFor)), Commit: new(uint64(n.CommitIndex))}))
	raw, err := etcd.NewRawNode(e.config(n.ID))
	must(err)
	e.raw = raw
	e.drain()
	return e
}

func (e *etcdNode) config(id raft.NodeID) *etcd.Config {
	return &etcd.Config{ID: uint64(id), Storage: e.storage,
		ElectionTick: 1 << 30, HeartbeatTick: 1, MaxSizePerMsg: 1 << 20, MaxInflightMsgs: 256, Logger: quiet}
}

func (e *etcdNode) close() {}

// drain does what a RawNode asks its user to do, until it asks nothing more.
func (e *etcdNode) drain() {
	e.sent = e.sent[:0]
	for e.raw.HasReady() {
		ready := e.raw.Ready()
		if ready.HardState != nil {
			must(e.storage.SetHardState(ready.HardState))
		}
		if !etcd.IsEmptySnap(ready.Snapshot) {
			must(e.storage.ApplySnapshot(ready.Snapshot))
		}
		must(e.storage.Append(ready.Entries))
		e.sent = append(e.sent, ready.Messages...)
		e.raw.Advance(ready)
	}
}

func (e *etcdNode) take(s step) answer {
	switch m := message(s); {
	case m != nil:
		m.To = new(uint64(self))
		must(e.raw.Step(m))
	case s.command != nil:
		_ = e.raw.Propose([]byte(*s.command)) // a server that knows no leader drops it
	default:
		must(e.raw.Campaign())
	}
	e.drain()
	return e.answer()
}

// message gives the step as etcd's message, nil if it is none.
func message(s step) *pb.Message {
	switch {
	case s.append != nil:
		return etcdAppend(s.append)
	case s.ask != nil:
		m := s.ask
		return &pb.Message{Type: pb.MsgVote.Enum(), From: new(uint64(m.CandidateID)), Term: new(uint64(m.Term)),
			Index: new(uint64(m.LastLogIndex)), LogTerm: new(uint64(m.LastLogTerm))}
	case s.heartbeat != nil:
		h := s.heartbeat
		return &pb.Message{Type: pb.MsgHeartbeat.Enum(), From: new(uint64(h.leader)), Term: new(uint64(h.term)),
			Commit: new(uint64(h.commit))}
	case s.vote != nil:
		v := s.vote
		return &pb.Message{Type: pb.MsgVoteResp.Enum(), From: new(uint64(v.From)), Term: new(uint64(v.Term)),
			Reject: new(!v.Granted)}
	case s.ack != nil:
		a := s.ack
		return &pb.Message{Type: pb.MsgAppResp.Enum(), From: new(uint64(a.From)), Term: new(uint64(a.Term)),
			Index: new(uint64(a.MatchIndex)), Reject: new(!a.Success)}
	}
	return nil
}

func etcdAppend(m *raft.AppendEntries) *pb.Message {
	return &pb.Message{Type: pb.MsgApp.Enum(), To: new(uint64(self)), From: new(uint64(m.LeaderID)), Term: new(uint64(m.Term)),
		Index: new(uint64(m.PrevLogIndex)), LogTerm: new(uint64(m.PrevLogTerm)),
		Entries: etcdEntries(m.PrevLogIndex, m.Entries.Slice()), Commit: new(uint64(m.LeaderCommit))}
}

// etcdEntries gives entries that follow index prev.
func etcdEntries(prev raft.Index, entries []raft.Entry) []*pb.Entry {
	var es []*pb.Entry
	for i, e := range entries {
		es = append(es, &pb.Entry{Index: new(uint64(prev) + uint64(i) + 1), Term: new(uint64(e.Term)), Data: []byte(e.Value)})
	}
	return es
}

// answer finds the answer to a request among the messages sent.
func (e *etcdNode) answer() answer {
	for _, m := range e.sent {
		switch m.GetType() {
		case pb.MsgAppResp, pb.MsgVoteResp, pb.MsgHeartbeatResp:
			a := answer{given: true, term: raft.Term(m.GetTerm()), ok: !m.GetReject()}
			if m.GetType() == pb.MsgAppResp && a.ok {
				a.match = raft.Index(m.GetIndex())
			}
			return a
		}
	}
	return answer{}
}

func (e *etcdNode) state() raft.State {
	status := e.raw.BasicStatus()
	s := raft.State{CurrentTerm: raft.Term(status.GetTerm()), VotedFor: raft.NodeID(status.GetVote()),
		CommitIndex: raft.Index(status.GetCommit()), Log: e.log()}
	switch status.RaftState {
	case etcd.StateCandidate:
		s.Role = raft.Candidate
	case etcd.StateLeader:
		s.Role = raft.Leader
		s.MatchIndex = make([]raft.Index, e.size)
		e.raw.WithProgress(func(id uint64, _ etcd.ProgressType, p tracker.Progress) {
			s.MatchIndex[id-1] = raft.Index(p.Match)
		})
	default:
		s.Leader = raft.NodeID(status.Lead)
	}
	return s
}

func (e *etcdNode) log() raft.Log {
	last, err := e.storage.LastIndex()
	must(err)
	if last == 0 {
		return raft.Log{}
	}
	es, err := e.storage.Entries(1, last+1, 1<<30)
	must(err)
	var l raft.Log
	for _, entry := range es {
		l = l.Append(raft.Entry{Term: raft.Term(entry.GetTerm()), Value: string(entry.GetData())})
	}
	return l
}

// must stops at what an implementation's own storage or set-up refuses, which
// is a mistake of the test.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
