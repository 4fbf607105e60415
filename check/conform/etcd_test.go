package conform

import (
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"slices"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
	"go.etcd.io/raft/v3/tracker"

	"raftsheet/raft"
	"raftsheet/trace"
)

// An etcdCluster is several RawNodes and the messages between them. Chance decides
// what happens next: messages overtake each other, arrive twice or not at all,
// servers crash, and what a server asks its user to do waits. A seed is one run.
type etcdCluster struct {
	*rand.Rand
	rec      *Recorder
	servers  []*etcdServer // by NodeID-1
	wire     []etcdMessage
	ids      int // of requests
	commands int
	unheeded int // answers to heartbeats that were left out, see deliverAnswer
}

// An etcdServer is a RawNode with the storage that its user keeps for it.
type etcdServer struct {
	id      raft.NodeID
	size    int
	raw     *etcd.RawNode
	storage *etcd.MemoryStorage
	up      bool
	handled []etcdHandled // requests that it will answer in the next Ready
}

// An etcdMessage is on its way: a request of that id, or the answer to it.
type etcdMessage struct {
	*pb.Message
	id    int
	match raft.Index // of an answer: what it vouches for
}

// An etcdHandled is a request that a server has handled, and the commitIndex that
// the server had.
type etcdHandled struct {
	etcdMessage
	commit raft.Index
}

// etcdQuiet keeps etcd's notes to itself.
var etcdQuiet = &etcd.DefaultLogger{Logger: log.New(io.Discard, "", 0)}

// recordEtcd runs a cluster for so many events, and gives its trace.
func recordEtcd(seed uint64, size, events int) (t *trace.Trace, unheeded int) {
	c := &etcdCluster{Rand: rand.New(rand.NewPCG(seed, 9)), rec: NewRecorder(names(size), "etcd")}
	for id := range raft.AllNodes(size).All() {
		s := &etcdServer{id: id, size: size, storage: etcd.NewMemoryStorage()}
		voters := &pb.ConfState{}
		for v := range size {
			voters.Voters = append(voters.Voters, uint64(v+1))
		}
		must(s.storage.ApplySnapshot(&pb.Snapshot{Metadata: &pb.SnapshotMetadata{
			ConfState: voters, Index: new(uint64(0)), Term: new(uint64(0))}}))
		c.servers = append(c.servers, s)
		c.start(s)
		c.tell(s)
	}
	for i := range events {
		c.rec.From(fmt.Sprintf("event:%d", i+1))
		c.happen()
	}
	t = c.rec.Trace()
	t.Title = fmt.Sprintf("etcd, %d servers, seed %d", size, seed)
	return t, c.unheeded
}

func names(size int) []string {
	var names []string
	for i := range size {
		names = append(names, fmt.Sprint(i+1))
	}
	return names
}

// happen lets one thing happen.
func (c *etcdCluster) happen() {
	s := c.servers[c.IntN(len(c.servers))]
	switch n := c.IntN(100); {
	case n < 50:
		c.deliver()
	case n < 74:
		if s.up {
			c.ready(s)
		}
	case n < 84:
		c.client(s)
	case n < 91:
		if s.up && s.role() == raft.Leader {
			s.raw.Tick() // a heartbeat falls due
		}
	case n < 95:
		for c.stand(s); c.IntN(3) == 0; { // others too, so that votes split
			c.stand(c.servers[c.IntN(len(c.servers))])
		}
	case n < 97:
		if len(c.wire) > 0 {
			c.take(c.IntN(len(c.wire)))
		}
	default:
		c.crashOrRestart(s)
	}
}

// stand has a server's election timeout elapse.
func (c *etcdCluster) stand(s *etcdServer) {
	if s.up && s.role() != raft.Leader {
		must(s.raw.Campaign())
		c.rec.Timeout(s.id)
		c.tell(s)
	}
}

// client gives a server a command: most often one that leads, if any does.
func (c *etcdCluster) client(s *etcdServer) {
	for _, other := range c.servers {
		if other.up && other.role() == raft.Leader && c.IntN(10) > 0 {
			s = other
		}
	}
	if !s.up {
		return
	}
	c.commands++
	value := fmt.Sprintf("x%d", c.commands)
	_ = s.raw.Propose([]byte(value)) // who does not lead drops it
	c.rec.ClientRequest(s.id, value)
	c.tell(s)
}

func (c *etcdCluster) crashOrRestart(s *etcdServer) {
	if s.up && c.IntN(3) > 0 {
		return // most are up at any time
	}
	if s.up {
		c.ready(s) // what it has not stored it would forget, votes among it
		s.up = false
		c.rec.Crash(s.id)
		return
	}
	c.start(s)
	c.rec.Restart(s.id)
	c.tell(s)
}

// start gives a server a RawNode, from what is stored.
func (c *etcdCluster) start(s *etcdServer) {
	raw, err := etcd.NewRawNode(&etcd.Config{ID: uint64(s.id), Storage: s.storage, ElectionTick: 1 << 30, HeartbeatTick: 1,
		MaxSizePerMsg: 40, MaxInflightMsgs: 4, DisableProposalForwarding: true, Logger: etcdQuiet})
	must(err)
	s.raw, s.up = raw, true
	c.drain(s)
}

// take takes a message off the wire.
func (c *etcdCluster) take(i int) etcdMessage {
	m := c.wire[i]
	c.wire = slices.Delete(c.wire, i, i+1)
	return m
}

// deliver delivers some message that is on its way.
func (c *etcdCluster) deliver() {
	if len(c.wire) == 0 {
		return
	}
	i := min(c.IntN(len(c.wire)), c.IntN(len(c.wire))) // rather an old one
	m := c.take(i)
	s := c.servers[m.GetTo()-1]
	answer := isEtcdAnswer(m.GetType())
	if c.IntN(12) == 0 { // a copy stays on its way
		again := m
		if !answer {
			c.ids++
			again.id = c.ids
		}
		c.wire = append(c.wire, again)
	}
	switch {
	case !s.up:
	case answer:
		c.deliverAnswer(s, m)
	default:
		c.deliverRequest(s, m)
	}
}

func (c *etcdCluster) deliverRequest(s *etcdServer, m etcdMessage) {
	was := s.raw.BasicStatus()
	must(s.raw.Step(m.Message))
	must(c.rec.Receive(c.request(m)))
	if m.GetTerm() < was.GetTerm() {
		must(c.rec.Answer(m.id, nil))
	} else {
		s.handled = append(s.handled, etcdHandled{m, raft.Index(was.GetCommit())})
	}
	if c.IntN(2) == 0 && s.raw.HasReady() {
		c.ready(s)
		return
	}
	c.tell(s)
}

// deliverAnswer delivers an answer. That to a heartbeat names no index: the
// AppendEntries which stands for it vouches for the log up to the follower's
// commitIndex, which etcd's leader does not learn, and must not be seen to.
func (c *etcdCluster) deliverAnswer(s *etcdServer, m etcdMessage) {
	known := s.state().MatchIndex
	must(s.raw.Step(m.Message))
	if m.GetType() == pb.MsgHeartbeatResp && known != nil && m.match > known[m.GetFrom()-1] {
		c.unheeded++
		return
	}
	must(c.rec.Arrive(m.id))
	c.tell(s)
}

// ready does what a server asks its user to do, if anything.
func (c *etcdCluster) ready(s *etcdServer) {
	if s.raw.HasReady() {
		c.drain(s)
		c.tell(s)
	}
}

// drain does what a server asks its user to do, until it asks nothing more.
func (c *etcdCluster) drain(s *etcdServer) {
	for s.raw.HasReady() {
		ready := s.raw.Ready()
		if ready.HardState != nil {
			must(s.storage.SetHardState(ready.HardState))
		}
		must(s.storage.Append(ready.Entries))
		for _, m := range ready.Messages {
			c.send(s, m)
		}
		s.raw.Advance(ready)
	}
}

// send puts a message on the wire. An answer is that to the oldest request of its
// receiver and kind.
func (c *etcdCluster) send(s *etcdServer, m *pb.Message) {
	if !isEtcdAnswer(m.GetType()) {
		c.ids++
		out := etcdMessage{Message: m, id: c.ids}
		must(c.rec.Send(c.request(out)))
		c.wire = append(c.wire, out)
		return
	}
	i := slices.IndexFunc(s.handled, func(h etcdHandled) bool {
		return h.GetFrom() == m.GetTo() && etcdAnswers[h.GetType()] == m.GetType()
	})
	h := s.handled[i]
	s.handled = slices.Delete(s.handled, i, i+1)
	a := Answer{Term: raft.Term(m.GetTerm()), OK: !m.GetReject()}
	switch {
	case m.GetType() == pb.MsgHeartbeatResp:
		a.MatchIndex = max(raft.Index(h.GetCommit()), h.commit)
	case m.GetType() == pb.MsgAppResp && a.OK:
		a.MatchIndex = raft.Index(m.GetIndex())
	}
	must(c.rec.Answer(h.id, &a))
	c.wire = append(c.wire, etcdMessage{m, h.id, a.MatchIndex})
}

// etcdAnswers is which message answers which.
var etcdAnswers = map[pb.MessageType]pb.MessageType{
	pb.MsgApp: pb.MsgAppResp, pb.MsgVote: pb.MsgVoteResp, pb.MsgHeartbeat: pb.MsgHeartbeatResp,
}

func isEtcdAnswer(t pb.MessageType) bool {
	return t == pb.MsgAppResp || t == pb.MsgVoteResp || t == pb.MsgHeartbeatResp
}

// request gives etcd's message as a request. A heartbeat is the AppendEntries
// without entries whose prevLogIndex is the commit index that it carries, which
// its follower is known to have.
func (c *etcdCluster) request(m etcdMessage) Request {
	q := Request{ID: m.id, To: raft.NodeID(m.GetTo())}
	from, term := raft.NodeID(m.GetFrom()), raft.Term(m.GetTerm())
	switch m.GetType() {
	case pb.MsgVote:
		q.Vote = &raft.RequestVote{Term: term, CandidateID: from,
			LastLogIndex: raft.Index(m.GetIndex()), LastLogTerm: raft.Term(m.GetLogTerm())}
	case pb.MsgApp:
		prev, prevTerm := raft.Index(m.GetIndex()), raft.Term(m.GetLogTerm())
		q.Append = &raft.AppendEntries{Term: term, LeaderID: from, PrevLogIndex: prev, PrevLogTerm: prevTerm,
			Entries: raft.NewEntries(prev, prevTerm, etcdEntries(m.Entries)...), LeaderCommit: raft.Index(m.GetCommit())}
	case pb.MsgHeartbeat:
		prevTerm, err := c.servers[from-1].storage.Term(m.GetCommit()) // committed: it stays what it is
		must(err)
		commit := raft.Index(m.GetCommit())
		q.Append = &raft.AppendEntries{Term: term, LeaderID: from, PrevLogIndex: commit, PrevLogTerm: raft.Term(prevTerm), LeaderCommit: commit}
	default:
		panic(fmt.Sprintf("etcd sends %v", m.Message))
	}
	return q
}

func etcdEntries(entries []*pb.Entry) []raft.Entry {
	var es []raft.Entry
	for _, e := range entries {
		es = append(es, raft.Entry{Term: raft.Term(e.GetTerm()), Value: string(e.GetData())})
	}
	return es
}

// tell has a server tell its state. Its log can be seen only once all of it is in
// its storage. A leader's nextIndex is not Figure 2's: it moves on when entries
// are sent.
func (c *etcdCluster) tell(s *etcdServer) {
	known := raft.FieldTerm | raft.FieldVotedFor | raft.FieldRole | raft.FieldCommitIndex | raft.FieldMatchIndex
	st := s.state()
	if !s.raw.HasReady() {
		known |= raft.FieldLog
		st.Log = s.log()
	}
	c.rec.State(Table(s.id, &st, known))
}

func (s *etcdServer) role() raft.Role {
	switch s.raw.BasicStatus().RaftState {
	case etcd.StateCandidate:
		return raft.Candidate
	case etcd.StateLeader:
		return raft.Leader
	}
	return raft.Follower
}

// state is what the RawNode tells of itself at any time.
func (s *etcdServer) state() raft.State {
	status := s.raw.BasicStatus()
	st := raft.State{Role: s.role(), CurrentTerm: raft.Term(status.GetTerm()),
		VotedFor: raft.NodeID(status.GetVote()), CommitIndex: raft.Index(status.GetCommit())}
	if st.Role == raft.Leader {
		st.MatchIndex = make([]raft.Index, s.size)
		s.raw.WithProgress(func(id uint64, _ etcd.ProgressType, p tracker.Progress) {
			st.MatchIndex[id-1] = raft.Index(p.Match)
		})
	}
	return st
}

// log is what is in the server's storage.
func (s *etcdServer) log() raft.Log {
	last, err := s.storage.LastIndex()
	must(err)
	if last == 0 {
		return raft.Log{}
	}
	es, err := s.storage.Entries(1, last+1, 1<<30)
	must(err)
	return raft.NewLog(etcdEntries(es)...)
}

// must stops at what is a mistake of the test.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
