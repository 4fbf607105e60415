package recorders

import (
	"bytes"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"testing/synctest"
	"time"

	"github.com/hashicorp/go-hclog"
	library "github.com/hashicorp/raft"

	"raftsheet/examples/recorders/hashicorp"
)

// A hashicorpCluster is several hashicorp/raft servers. Whatever one of them sends
// waits until chance says what becomes of it. It runs in a bubble of package
// synctest: time passes when the test says so, at no cost, and between two events
// all servers have come to rest.
type hashicorpCluster struct {
	*rand.Rand
	rec      *hashicorp.Recorder
	servers  []*hashicorpServer // by number, from 1
	asker    *library.InmemTransport
	sent     chan *hashicorpCall
	calls    []*hashicorpCall // on their way, or answered and the answer on its way
	commands int
	waits    int // for heartbeats
	refused  map[refusal]bool
}

// A hashicorpServer is a server and what is on its disk.
type hashicorpServer struct {
	*hashicorp.Node
	number int
	raft   *library.Raft // nil: it is down
	disk   *library.InmemStore
	wire   *hashicorpWire
}

// hashicorpConfig has all timeouts so long that none comes but that for a
// heartbeat, which is a tenth.
func hashicorpConfig(number int) *library.Config {
	const long = 100 * time.Hour
	c := library.DefaultConfig()
	c.LocalID = library.ServerID(hashicorpAddress(number))
	c.HeartbeatTimeout, c.ElectionTimeout, c.LeaderLeaseTimeout = long, long, long
	c.CommitTimeout, c.SnapshotInterval = long, long
	c.PreVoteDisabled = true
	c.Logger = hclog.NewNullLogger()
	return c
}

// A hashicorpMachine takes commands and keeps nothing.
type hashicorpMachine struct{}

func (hashicorpMachine) Apply(*library.Log) any                 { return nil }
func (hashicorpMachine) Snapshot() (library.FSMSnapshot, error) { return nil, io.EOF }
func (hashicorpMachine) Restore(snapshot io.ReadCloser) error   { return snapshot.Close() }

// recordHashicorp runs a cluster for so many events, and gives the log. It must
// run in a bubble.
func recordHashicorp(seed uint64, size, events int) []byte {
	var out bytes.Buffer
	var all library.Configuration
	for i := range size {
		all.Servers = append(all.Servers, library.Server{ID: library.ServerID(hashicorpAddress(i + 1)), Address: hashicorpAddress(i + 1)})
	}
	c := &hashicorpCluster{Rand: rand.New(rand.NewPCG(seed, 9)),
		rec:  hashicorp.New(&out, fmt.Sprintf("hashicorp, %d servers, seed %d", size, seed), all.Servers...),
		sent: make(chan *hashicorpCall, 1000), refused: make(map[refusal]bool)}
	_, c.asker = library.NewInmemTransportWithTimeout("asker", time.Minute)
	for i := range size {
		s := &hashicorpServer{number: i + 1, disk: library.NewInmemStore()}
		must(library.BootstrapCluster(hashicorpConfig(s.number), s.disk, s.disk, library.NewDiscardSnapshotStore(), c.asker, all))
		c.servers = append(c.servers, s)
		c.start(s)
	}
	for range events {
		c.happen()
	}
	for _, s := range c.servers {
		c.stop(s)
	}
	must(c.rec.Flush())
	return out.Bytes()
}

// start gives a server what runs on its disk.
func (c *hashicorpCluster) start(s *hashicorpServer) {
	at := hashicorpAddress(s.number)
	_, within := library.NewInmemTransportWithTimeout(at, time.Minute)
	s.wire = &hashicorpWire{within, s.number, c.sent, make(chan struct{})}
	c.asker.Connect(within.LocalAddr(), within)
	s.Node = c.rec.Node(library.ServerID(at), s.wire, s.disk, s.disk)
	var err error
	s.raft, err = library.NewRaft(hashicorpConfig(s.number), hashicorpMachine{}, s.Logs(), s.Stable(), library.NewDiscardSnapshotStore(), s.Transport())
	must(err)
	synctest.Wait()
	s.Run(s.raft)
}

// stop takes a server down, and with it the calls that wait for an answer.
func (c *hashicorpCluster) stop(s *hashicorpServer) {
	if s.raft == nil {
		return
	}
	s.Crash()
	close(s.wire.down)
	for i := len(c.calls) - 1; i >= 0; i-- {
		if c.calls[i].from == s.number {
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

// collect takes up what has been sent since the latest event. An AppendEntries of
// a leadership that is over is lost on the way: see isStray of the recorder.
func (c *hashicorpCluster) collect() {
	for synctest.Wait(); len(c.sent) > 0; synctest.Wait() {
		call := <-c.sent
		s := c.servers[call.from-1].raft
		if call.append != nil && (s.State() != library.Leader || s.CurrentTerm() != call.append.Term) {
			call.done <- errLost
			continue
		}
		c.calls = append(c.calls, call)
	}
}

// stand has a follower's election timeout elapse.
func (c *hashicorpCluster) stand(s *hashicorpServer) {
	if s.raft == nil || s.raft.State() != library.Follower {
		return
	}
	must(c.asker.TimeoutNow("", hashicorpAddress(s.number), &library.TimeoutNowRequest{RPCHeader: hashicorpHeader(s.number)}, &library.TimeoutNowResponse{}))
	synctest.Wait()
	s.Tell()
	c.collect()
}

func hashicorpHeader(from int) library.RPCHeader {
	a := []byte(hashicorpAddress(from))
	return library.RPCHeader{ProtocolVersion: 3, ID: a, Addr: a}
}

// client gives a server a command: most often one that leads, if any does.
func (c *hashicorpCluster) client(s *hashicorpServer) {
	for _, other := range c.servers {
		if other.raft != nil && other.raft.State() == library.Leader && c.IntN(10) > 0 {
			s = other
		}
	}
	if s.raft == nil {
		return
	}
	c.commands++
	s.raft.Apply(fmt.Appendf(nil, "x%d", c.commands), 0) // who does not lead drops it
	synctest.Wait()
	s.Tell()
	c.collect()
}

func (c *hashicorpCluster) crashOrRestart(s *hashicorpServer) {
	switch {
	case s.raft == nil:
		c.start(s)
	case c.IntN(3) == 0: // most are up at any time
		c.stop(s)
	}
}

// carry does something with a call that is on its way: delivers it, or the answer,
// or neither.
func (c *hashicorpCluster) carry() {
	if len(c.calls) == 0 {
		return
	}
	i := c.IntN(len(c.calls))
	call := c.calls[i]
	to, late := c.servers[call.to-1], call.answered
	switch {
	case c.IntN(12) == 0, !call.answered && (to.raft == nil || transferred(to, call)):
		c.lose(i)
		return
	case !call.answered:
		call.answered = true
		c.deliver(to, call)
		if call.copied {
			c.calls = slices.Delete(c.calls, i, i+1)
			return
		}
		if c.IntN(8) == 0 {
			c.calls = append(c.calls, copyOf(call))
		}
		if c.IntN(3) == 0 {
			return // the answer takes longer
		}
	}
	if c.untold(call, late) {
		c.lose(i)
		return
	}
	c.calls = slices.Delete(c.calls, i, i+1)
	call.done <- nil
	synctest.Wait()
	c.servers[call.from-1].Tell()
	c.collect()
}

// lose loses a call, or the answer to it.
func (c *hashicorpCluster) lose(i int) {
	call := c.calls[i]
	c.calls = slices.Delete(c.calls, i, i+1)
	call.done <- errLost
	c.collect()
}

// untold reports whether the rules cannot know what the sender of a call makes of
// an answer with a higher term. That hangs on what is no part of a trace: whether
// an AppendEntries without entries is a heartbeat (prevLogIndex 0) or the
// replication's, whose answers are read; and, of an answer that arrives late, which
// request it is the answer to. These are lost on the way.
func (c *hashicorpCluster) untold(call *hashicorpCall, late bool) bool {
	s := c.servers[call.from-1].raft
	current, asked := s.CurrentTerm(), call.asked()
	switch {
	case call.term <= current:
		return false
	case late && asked < current && s.State() != library.Follower:
		return true
	case call.vote != nil:
		return false
	}
	empty := len(call.append.Entries) == 0
	return empty && call.append.PrevLogEntry > 0 ||
		late && c.refused[refusal{call.to, call.from, call.term, !empty}]
}

// asked is the term of the request.
func (c *hashicorpCall) asked() uint64 {
	if c.vote != nil {
		return c.vote.Term
	}
	return c.append.Term
}

// A refusal is an AppendEntries' with or without entries.
type refusal struct {
	from, to int
	term     uint64
	empty    bool
}

// transferred reports whether the call is an AppendEntries to a candidate of its
// term. One that was told to stand, as those here are, does not yield to it: a
// leadership transfer is not Figure 2's.
func transferred(s *hashicorpServer, call *hashicorpCall) bool {
	return call.append != nil && s.raft.State() == library.Candidate && s.raft.CurrentTerm() == call.append.Term
}

// copyOf gives a copy of a call that is on its way too, and whose answer nobody
// waits for.
func copyOf(call *hashicorpCall) *hashicorpCall {
	again := &hashicorpCall{from: call.from, to: call.to, vote: call.vote, append: call.append, copied: true, done: make(chan error, 1)}
	again.response = new(library.AppendEntriesResponse)
	if call.vote != nil {
		again.response = new(library.RequestVoteResponse)
	}
	return again
}

// deliver delivers a call.
func (c *hashicorpCluster) deliver(to *hashicorpServer, call *hashicorpCall) {
	at := hashicorpAddress(call.to)
	if call.vote != nil {
		resp := call.response.(*library.RequestVoteResponse)
		must(c.asker.RequestVote("", at, call.vote, resp))
		call.term, call.success = resp.Term, resp.Granted
	} else {
		resp := call.response.(*library.AppendEntriesResponse)
		must(c.asker.AppendEntries("", at, call.append, resp))
		call.term, call.success = resp.Term, resp.Success
	}
	synctest.Wait()
	to.Tell()
	c.collect()
	if call.append != nil && !call.success {
		c.refused[refusal{call.to, call.from, call.term, len(call.append.Entries) == 0}] = true
	}
}
