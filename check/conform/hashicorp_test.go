package conform

import (
	"fmt"
	"io"
	"math/rand/v2"
	"testing/synctest"
	"time"

	"github.com/hashicorp/go-hclog"
	hashicorp "github.com/hashicorp/raft"

	"raftsheet/raft"
	"raftsheet/trace"
)

// A hashicorpCluster is several hashicorp/raft servers. Whatever one of them sends
// waits until chance says what becomes of it. It runs in a bubble of package
// synctest: time passes when the test says so, at no cost, and between two events
// all servers have come to rest.
type hashicorpCluster struct {
	*rand.Rand
	rec      *Recorder
	servers  []*hashicorpServer // by NodeID-1
	asker    *hashicorp.InmemTransport
	sent     chan *hashicorpCall
	calls    []*hashicorpCall // on their way, or answered and the answer on its way
	ids      int              // of requests
	commands int
	waits    int // for heartbeats
	strays   int // see stray
	unheeded int // see untold
	refused  map[refusal]bool
}

// A hashicorpServer is a server and what is on its disk.
type hashicorpServer struct {
	id   raft.NodeID
	raft *hashicorp.Raft // nil: it is down
	disk *hashicorp.InmemStore
	wire *hashicorpWire
}

// hashicorpConfig has all timeouts so long that none comes but that for a
// heartbeat, which is a tenth.
func hashicorpConfig(id raft.NodeID) *hashicorp.Config {
	const long = 100 * time.Hour
	c := hashicorp.DefaultConfig()
	c.LocalID = hashicorp.ServerID(hashicorpAddress(id))
	c.HeartbeatTimeout, c.ElectionTimeout, c.LeaderLeaseTimeout = long, long, long
	c.CommitTimeout, c.SnapshotInterval = long, long
	c.PreVoteDisabled = true
	c.Logger = hclog.NewNullLogger()
	return c
}

// A hashicorpMachine takes commands and keeps nothing.
type hashicorpMachine struct{}

func (hashicorpMachine) Apply(*hashicorp.Log) any                 { return nil }
func (hashicorpMachine) Snapshot() (hashicorp.FSMSnapshot, error) { return nil, io.EOF }
func (hashicorpMachine) Restore(snapshot io.ReadCloser) error     { return snapshot.Close() }

// recordHashicorp runs a cluster for so many events, and gives its trace. It must
// run in a bubble.
func recordHashicorp(seed uint64, size, events int) (t *trace.Trace, strays int) {
	c := &hashicorpCluster{Rand: rand.New(rand.NewPCG(seed, 9)), rec: NewRecorder(names(size), "hashicorp"),
		sent: make(chan *hashicorpCall, 1000), refused: make(map[refusal]bool)}
	_, c.asker = hashicorp.NewInmemTransportWithTimeout("asker", time.Minute)
	var all hashicorp.Configuration
	for id := range raft.AllNodes(size).All() {
		all.Servers = append(all.Servers, hashicorp.Server{ID: hashicorp.ServerID(hashicorpAddress(id)), Address: hashicorpAddress(id)})
	}
	for id := range raft.AllNodes(size).All() {
		s := &hashicorpServer{id: id, disk: hashicorp.NewInmemStore()}
		must(hashicorp.BootstrapCluster(hashicorpConfig(id), s.disk, s.disk, hashicorp.NewDiscardSnapshotStore(), c.asker, all))
		c.servers = append(c.servers, s)
		c.start(s)
		c.tell(s)
	}
	for i := range events {
		c.rec.From(fmt.Sprintf("event:%d", i+1))
		c.happen()
	}
	for _, s := range c.servers {
		c.stop(s)
	}
	t = c.rec.Trace()
	t.Title = fmt.Sprintf("hashicorp, %d servers, seed %d", size, seed)
	return t, c.strays
}

// start gives a server what runs on its disk.
func (c *hashicorpCluster) start(s *hashicorpServer) {
	_, within := hashicorp.NewInmemTransportWithTimeout(hashicorpAddress(s.id), time.Minute)
	s.wire = &hashicorpWire{within, s.id, c.sent, make(chan struct{})}
	c.asker.Connect(within.LocalAddr(), within)
	var err error
	s.raft, err = hashicorp.NewRaft(hashicorpConfig(s.id), hashicorpMachine{}, s.disk, s.disk, hashicorp.NewDiscardSnapshotStore(), s.wire)
	must(err)
	synctest.Wait()
}

// stop takes a server down, and with it the calls that wait for an answer.
func (c *hashicorpCluster) stop(s *hashicorpServer) {
	if s.raft == nil {
		return
	}
	close(s.wire.down)
	for i := len(c.calls) - 1; i >= 0; i-- {
		if c.calls[i].From() == s.id {
			c.calls[i].done <- errLost
			c.calls = append(c.calls[:i], c.calls[i+1:]...)
		}
	}
	must(s.raft.Shutdown().Error())
	s.raft = nil
}

// happen lets one thing happen.
func (c *hashicorpCluster) happen() {
	s := c.servers[c.IntN(len(c.servers))]
	switch n := c.IntN(100); {
	case n < 72:
		c.carry()
	case n < 82:
		c.client(s)
	case n < 90:
		c.stand(s)
	case n < 94:
		c.crashOrRestart(s)
	case n < 96 && c.waits < 4:
		c.waits++
		c.wait(20 * time.Hour) // every leader's heartbeat is due
	default:
		c.wait(time.Minute) // who has failed to send tries again
	}
}

// wait lets time pass. It takes none: the clock is the bubble's.
func (c *hashicorpCluster) wait(d time.Duration) {
	time.Sleep(d)
	c.collect()
}

// collect takes down what has been sent since the latest event.
func (c *hashicorpCluster) collect() {
	for synctest.Wait(); len(c.sent) > 0; synctest.Wait() {
		call := <-c.sent
		if c.stray(call) {
			c.strays++
			call.done <- errLost
			continue
		}
		c.ids++
		call.ID = c.ids
		must(c.rec.Send(call.Request))
		c.calls = append(c.calls, call)
	}
}

// stray reports whether a call is an AppendEntries of a leadership that is over.
// The goroutine that replicates to a follower may wait before it tries again
// (replicateTo), and does not ask afterwards whether it still should: it sends,
// in its old term, what the log and commitIndex are by then. No leader of Figure 2
// sends that, and no rule of a receiver is behind it. These are lost on the way.
func (c *hashicorpCluster) stray(call *hashicorpCall) bool {
	if call.Append == nil {
		return false
	}
	s := c.servers[call.From()-1].raft
	return s.State() != hashicorp.Leader || raft.Term(s.CurrentTerm()) != call.Append.Term
}

// stand has a follower's election timeout elapse.
func (c *hashicorpCluster) stand(s *hashicorpServer) {
	if s.raft == nil || s.raft.State() != hashicorp.Follower {
		return
	}
	must(c.asker.TimeoutNow("", hashicorpAddress(s.id), &hashicorp.TimeoutNowRequest{RPCHeader: hashicorpHeader(s.id)}, &hashicorp.TimeoutNowResponse{}))
	synctest.Wait()
	c.rec.Timeout(s.id)
	c.tell(s)
	c.collect()
}

func hashicorpHeader(from raft.NodeID) hashicorp.RPCHeader {
	a := []byte(hashicorpAddress(from))
	return hashicorp.RPCHeader{ProtocolVersion: 3, ID: a, Addr: a}
}

// client gives a server a command: most often one that leads, if any does.
func (c *hashicorpCluster) client(s *hashicorpServer) {
	for _, other := range c.servers {
		if other.raft != nil && other.raft.State() == hashicorp.Leader && c.IntN(10) > 0 {
			s = other
		}
	}
	if s.raft == nil {
		return
	}
	c.commands++
	value := fmt.Sprintf("x%d", c.commands)
	s.raft.Apply([]byte(value), 0) // who does not lead drops it
	synctest.Wait()
	c.rec.ClientRequest(s.id, value)
	c.tell(s)
	c.collect()
}

func (c *hashicorpCluster) crashOrRestart(s *hashicorpServer) {
	if s.raft != nil && c.IntN(3) > 0 {
		return // most are up at any time
	}
	if s.raft != nil {
		c.rec.Crash(s.id)
		c.stop(s)
		return
	}
	c.start(s)
	c.rec.Restart(s.id)
	c.tell(s)
}

// carry does something with a call that is on its way: delivers it, or the answer,
// or neither.
func (c *hashicorpCluster) carry() {
	if len(c.calls) == 0 {
		return
	}
	i := c.IntN(len(c.calls))
	call := c.calls[i]
	to, late := c.servers[call.To-1], call.answered
	switch {
	case c.IntN(12) == 0, !call.answered && (to.raft == nil || transferred(to, call)):
		c.calls = append(c.calls[:i], c.calls[i+1:]...)
		call.done <- errLost
		c.collect()
		return
	case !call.answered:
		call.answered = true
		call.answer = c.deliver(to, call)
		if call.copied {
			c.calls = append(c.calls[:i], c.calls[i+1:]...)
			return
		}
		if c.IntN(8) == 0 {
			c.calls = append(c.calls, c.copyOf(call))
		}
		if c.IntN(3) == 0 {
			return // the answer takes longer
		}
	}
	c.calls = append(c.calls[:i], c.calls[i+1:]...)
	if c.untold(call, late) {
		c.unheeded++
		call.done <- errLost
		c.collect()
		return
	}
	call.done <- nil
	synctest.Wait()
	must(c.rec.Arrive(call.ID))
	c.tell(c.servers[call.From()-1])
	c.collect()
}

// untold reports whether the rules cannot know what the sender of a call makes of
// an answer with a higher term. That hangs on what is no part of a trace: whether
// an AppendEntries without entries is a heartbeat (prevLogIndex 0) or the
// replication's, whose answers are read; and, of an answer that arrives late, which
// request it is the answer to. These are lost on the way.
func (c *hashicorpCluster) untold(call *hashicorpCall, late bool) bool {
	s := c.servers[call.From()-1].raft
	current, asked := raft.Term(s.CurrentTerm()), call.term()
	switch {
	case call.answer.Term <= current:
		return false
	case late && asked < current && s.State() != hashicorp.Follower:
		return true
	case call.Vote != nil:
		return false
	}
	empty := call.Append.Entries.Len() == 0
	return empty && call.Append.PrevLogIndex > 0 ||
		late && c.refused[refusal{call.To, call.From(), call.answer.Term, !empty}]
}

// term is the term of the request.
func (c *hashicorpCall) term() raft.Term {
	if c.Vote != nil {
		return c.Vote.Term
	}
	return c.Append.Term
}

// A refusal is an AppendEntries' with or without entries.
type refusal struct {
	from, to raft.NodeID
	term     raft.Term
	empty    bool
}

// transferred reports whether the call is an AppendEntries to a candidate of its
// term. One that was told to stand, as those here are, does not yield to it: a
// leadership transfer is not Figure 2's.
func transferred(s *hashicorpServer, call *hashicorpCall) bool {
	return call.Append != nil && s.raft.State() == hashicorp.Candidate && raft.Term(s.raft.CurrentTerm()) == call.Append.Term
}

// copyOf gives a copy of a call that is on its way too, and whose answer nobody
// waits for.
func (c *hashicorpCluster) copyOf(call *hashicorpCall) *hashicorpCall {
	again := &hashicorpCall{Request: call.Request, message: call.message, copied: true, done: make(chan error, 1)}
	c.ids++
	again.ID = c.ids
	again.response = new(hashicorp.AppendEntriesResponse)
	if call.Vote != nil {
		again.response = new(hashicorp.RequestVoteResponse)
	}
	return again
}

// deliver delivers a call, and takes down the response.
func (c *hashicorpCluster) deliver(to *hashicorpServer, call *hashicorpCall) Answer {
	at, a := hashicorpAddress(call.To), Answer{}
	switch m := call.message.(type) {
	case *hashicorp.RequestVoteRequest:
		resp := call.response.(*hashicorp.RequestVoteResponse)
		must(c.asker.RequestVote("", at, m, resp))
		a = Answer{Term: raft.Term(resp.Term), OK: resp.Granted}
	case *hashicorp.AppendEntriesRequest:
		resp := call.response.(*hashicorp.AppendEntriesResponse)
		must(c.asker.AppendEntries("", at, m, resp))
		a = Answer{Term: raft.Term(resp.Term), OK: resp.Success}
		if a.OK { // it names no index: the leader counts what it has sent
			a.MatchIndex = call.Append.LastNewIndex()
		}
	}
	synctest.Wait()
	must(c.rec.Receive(call.Request))
	must(c.rec.Answer(call.ID, &a))
	c.tell(to)
	c.collect()
	if call.Append != nil && !a.OK {
		c.refused[refusal{call.To, call.From(), a.Term, call.Append.Entries.Len() == 0}] = true
	}
	return a
}

// tell has a server tell its state. What its goroutines keep to themselves are
// nextIndex and matchIndex.
func (c *hashicorpCluster) tell(s *hashicorpServer) {
	if s.raft == nil {
		return
	}
	st := raft.State{CurrentTerm: raft.Term(s.raft.CurrentTerm()), CommitIndex: raft.Index(s.raft.CommitIndex()),
		LastApplied: raft.Index(s.raft.AppliedIndex()), Log: s.log()}
	if term, _ := s.disk.GetUint64([]byte("LastVoteTerm")); raft.Term(term) == st.CurrentTerm {
		candidate, _ := s.disk.Get([]byte("LastVoteCand"))
		st.VotedFor = hashicorpNode(candidate)
	}
	switch s.raft.State() {
	case hashicorp.Candidate:
		st.Role = raft.Candidate
	case hashicorp.Leader:
		st.Role = raft.Leader
	}
	c.rec.State(Table(s.id, &st, raft.FieldTerm|raft.FieldVotedFor|raft.FieldRole|raft.FieldLog|raft.FieldCommitIndex|raft.FieldLastApplied))
}

func (s *hashicorpServer) log() raft.Log {
	last, err := s.disk.LastIndex()
	must(err)
	var logs []*hashicorp.Log
	for i := range last {
		var l hashicorp.Log
		must(s.disk.GetLog(i+1, &l))
		logs = append(logs, &l)
	}
	return raft.NewLog(hashicorpEntries(logs)...)
}
