package hashicorp

import (
	"io"

	"github.com/hashicorp/raft"

	"raftsheet/trace/logs/event"
)

// This file is what a server is given in the place of its transport and stores.

// A transport passes requests on, and records them.
type transport struct {
	raft.Transport
	n *Node
}

// Consumer gives the requests that arrive.
func (t *transport) Consumer() <-chan raft.RPC { return t.n.incoming }

// AppendEntriesPipeline says that there is no pipelining.
func (t *transport) AppendEntriesPipeline(raft.ServerID, raft.ServerAddress) (raft.AppendPipeline, error) {
	return nil, raft.ErrPipelineReplicationNotSupported
}

// AppendEntries sends the request, and waits for the answer.
func (t *transport) AppendEntries(id raft.ServerID, to raft.ServerAddress, m *raft.AppendEntriesRequest, resp *raft.AppendEntriesResponse) error {
	return t.n.ask(to, m, resp, func() error { return t.Transport.AppendEntries(id, to, m, resp) })
}

// RequestVote sends the request, and waits for the answer.
func (t *transport) RequestVote(id raft.ServerID, to raft.ServerAddress, m *raft.RequestVoteRequest, resp *raft.RequestVoteResponse) error {
	return t.n.ask(to, m, resp, func() error { return t.Transport.RequestVote(id, to, m, resp) })
}

// InstallSnapshot sends the request, and waits for the answer.
func (t *transport) InstallSnapshot(id raft.ServerID, to raft.ServerAddress, m *raft.InstallSnapshotRequest, resp *raft.InstallSnapshotResponse, data io.Reader) error {
	return t.n.ask(to, m, resp, func() error { return t.Transport.InstallSnapshot(id, to, m, resp, data) })
}

// ask records that a request is sent, and that the answer arrives if it does.
func (n *Node) ask(to raft.ServerAddress, m, resp any, send func() error) error {
	q := n.sent(to, m)
	err := send()
	if err == nil {
		n.arrived(to, q, resp)
	}
	return err
}

// SetHeartbeatHandler has heartbeats handled by their own way.
func (t *transport) SetHeartbeatHandler(handle func(raft.RPC)) {
	t.Transport.SetHeartbeatHandler(func(rpc raft.RPC) { t.n.hand(rpc, func(rpc raft.RPC) { handle(rpc) }) })
}

// receive hands requests to the server, one after the other: none before the one
// before it is answered and recorded.
func (n *Node) receive() {
	for {
		select {
		case rpc := <-n.trans.Consumer():
			n.hand(rpc, func(rpc raft.RPC) {
				select {
				case n.incoming <- rpc:
				case <-n.down:
				}
			})
		case <-n.down:
			return
		}
	}
}

// hand hands a request to the server, and records the answer before it goes back.
func (n *Node) hand(rpc raft.RPC, to func(raft.RPC)) {
	answers := make(chan raft.RPCResponse, 1)
	inner := rpc
	inner.RespChan = answers
	to(inner)
	select {
	case resp := <-answers:
		if resp.Error == nil {
			n.received(rpc.Command, resp.Response)
		}
		rpc.RespChan <- resp
	case <-n.down:
	}
}

// A logStore passes entries on, and records a leader's.
type logStore struct {
	raft.LogStore
	n *Node
}

// StoreLog stores an entry.
func (s *logStore) StoreLog(e *raft.Log) error { return s.StoreLogs([]*raft.Log{e}) }

// StoreLogs stores entries. Those that a leader stores are commands of clients.
func (s *logStore) StoreLogs(entries []*raft.Log) error {
	s.n.stored(entries)
	return s.LogStore.StoreLogs(entries)
}

// DeleteRange deletes entries: a log's end, or what a snapshot covers.
func (s *logStore) DeleteRange(first, last uint64) error {
	if end, err := s.LogStore.LastIndex(); err == nil && last >= end {
		s.n.touch(first)
	}
	return s.LogStore.DeleteRange(first, last)
}

func (n *Node) stored(entries []*raft.Log) {
	n.rec.mu.Lock()
	defer n.rec.mu.Unlock()
	for _, e := range entries {
		n.change(e.Index)
		if n.raft != nil && n.raft.State() == raft.Leader && e.Type != raft.LogNoop {
			value := entry(e).Value
			n.rec.out.Write(event.Line{Ev: event.Client, Node: n.name, Value: &value})
		}
	}
}

func (n *Node) touch(index uint64) {
	n.rec.mu.Lock()
	defer n.rec.mu.Unlock()
	n.change(index)
}

// change takes in that the log differs from an index on from what was told.
func (n *Node) change(index uint64) {
	if n.changed == 0 || index < n.changed {
		n.changed = index
	}
}

// A stableStore passes terms and votes on, and records elections.
type stableStore struct {
	raft.StableStore
	n *Node
}

// SetUint64 stores a number. A candidate that stores a new term stands for
// election: whoever takes in a higher term is a follower by then.
func (s *stableStore) SetUint64(key []byte, v uint64) error {
	if string(key) == "CurrentTerm" {
		s.n.newTerm()
	}
	return s.StableStore.SetUint64(key, v)
}

func (n *Node) newTerm() {
	n.rec.mu.Lock()
	defer n.rec.mu.Unlock()
	if n.raft != nil && n.raft.State() == raft.Candidate {
		n.rec.out.Write(event.Line{Ev: event.Timeout, Node: n.name})
	}
}
