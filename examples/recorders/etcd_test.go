package recorders

import (
	"bytes"
	"fmt"
	"io"
	"log"
	"math/rand/v2"
	"slices"

	library "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"

	"raftsheet/examples/recorders/etcd"
)

// An etcdCluster is several RawNodes and the messages between them. Chance decides
// what happens next: messages overtake each other, arrive twice or not at all,
// servers crash, and what a server asks its user to do waits. A seed is one run.
type etcdCluster struct {
	*rand.Rand
	rec      *etcd.Recorder
	servers  []*etcdServer // by number, from 1
	wire     []*pb.Message
	commands int
	tracer   library.TraceLogger // what the library writes by itself goes there
}

// An etcdServer is a recorded RawNode with the storage that its user keeps for it.
type etcdServer struct {
	*etcd.Node
	id      uint64
	storage *library.MemoryStorage
	up      bool
}

// etcdQuiet keeps etcd's notes to itself.
var etcdQuiet = &library.DefaultLogger{Logger: log.New(io.Discard, "", 0)}

// recordEtcd runs a cluster for so many events, and gives the log.
func recordEtcd(seed uint64, size, events int) []byte { return runEtcd(seed, size, events, nil) }

// runEtcd is recordEtcd with a place for what the library writes by itself.
func runEtcd(seed uint64, size, events int, tracer library.TraceLogger) []byte {
	var out bytes.Buffer
	var all []uint64
	for i := range size {
		all = append(all, uint64(i+1))
	}
	c := &etcdCluster{Rand: rand.New(rand.NewPCG(seed, 9)), tracer: tracer,
		rec: etcd.New(&out, fmt.Sprintf("etcd, %d servers, seed %d", size, seed), all...)}
	for _, id := range all {
		s := &etcdServer{id: id, storage: library.NewMemoryStorage()}
		must(s.storage.ApplySnapshot(&pb.Snapshot{Metadata: &pb.SnapshotMetadata{
			ConfState: &pb.ConfState{Voters: all}, Index: new(uint64(0)), Term: new(uint64(0))}}))
		c.servers = append(c.servers, s)
		c.start(s)
	}
	for range events {
		c.happen()
	}
	must(c.rec.Flush())
	return out.Bytes()
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
		if s.up && s.leads() {
			s.Tick() // a heartbeat falls due
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
	if s.up && !s.leads() {
		must(s.Campaign())
	}
}

func (s *etcdServer) leads() bool { return s.BasicStatus().RaftState == library.StateLeader }

// client gives a server a command: most often one that leads, if any does.
func (c *etcdCluster) client(s *etcdServer) {
	for _, other := range c.servers {
		if other.up && other.leads() && c.IntN(10) > 0 {
			s = other
		}
	}
	if s.up {
		c.commands++
		_ = s.Propose(fmt.Appendf(nil, "x%d", c.commands)) // who does not lead drops it
	}
}

func (c *etcdCluster) crashOrRestart(s *etcdServer) {
	switch {
	case !s.up:
		c.start(s)
	case c.IntN(3) == 0: // most are up at any time
		c.ready(s) // what it has not stored it would forget, votes among it
		s.up = false
		s.Crash()
	}
}

// start gives a server a RawNode, from what is stored.
func (c *etcdCluster) start(s *etcdServer) {
	raw, err := library.NewRawNode(&library.Config{ID: s.id, Storage: s.storage, ElectionTick: 1 << 30, HeartbeatTick: 1,
		MaxSizePerMsg: 40, MaxInflightMsgs: 4, DisableProposalForwarding: true, Logger: etcdQuiet, TraceLogger: c.tracer})
	must(err)
	s.Node, s.up = c.rec.Start(raw, s.storage), true
	c.ready(s)
}

// take takes a message off the wire.
func (c *etcdCluster) take(i int) *pb.Message {
	m := c.wire[i]
	c.wire = slices.Delete(c.wire, i, i+1)
	return m
}

// deliver delivers some message that is on its way.
func (c *etcdCluster) deliver() {
	if len(c.wire) == 0 {
		return
	}
	m := c.take(min(c.IntN(len(c.wire)), c.IntN(len(c.wire)))) // rather an old one
	if c.IntN(12) == 0 {                                       // a copy stays on its way
		c.wire = append(c.wire, m)
	}
	s := c.servers[m.GetTo()-1]
	if !s.up {
		return
	}
	must(s.Step(m))
	switch m.GetType() {
	case pb.MsgApp, pb.MsgVote, pb.MsgHeartbeat:
		if c.IntN(2) == 0 {
			c.ready(s)
		}
	}
}

// ready does what a server asks its user to do, until it asks nothing more.
func (c *etcdCluster) ready(s *etcdServer) {
	for s.HasReady() {
		ready := s.Ready()
		if ready.HardState != nil {
			must(s.storage.SetHardState(ready.HardState))
		}
		must(s.storage.Append(ready.Entries))
		c.wire = append(c.wire, ready.Messages...)
		s.Advance(ready)
	}
}

// must stops at what is a mistake of the test.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
