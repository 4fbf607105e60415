// Command hashicorp is an adapter of github.com/hashicorp/raft: a server whose
// timeouts never come, the stores that it is given, and an in-memory transport
// through which it is asked.
//
//	raftsheet run --sut 'go run ./examples/adapters/hashicorp' --rules hashicorp examples
//
// Its goroutines have done what they were asked when the answer comes. Followers
// are started; nothing outside the library can make it a candidate or a leader of
// a given term. Its snapshots bring data and a configuration, which traces do not
// have.
package main

import (
	"fmt"
	"io"
	"time"

	"github.com/hashicorp/go-hclog"
	hashicorp "github.com/hashicorp/raft"

	"raftsheet/check/conform/serve" // a copy of it, in your own module
)

func main() { serve.Serve(func() serve.Node { return &node{} }) }

// A node is a server behind the protocol. Its address and its id are its name. It
// belongs to no configuration, so that it never stands for election, and any
// candidate may ask for its vote.
type node struct {
	serve.Nodes
	name  serve.Name
	raft  *hashicorp.Raft
	votes *hashicorp.InmemStore
	logs  *hashicorp.InmemCommitTrackingStore
	asker *hashicorp.InmemTransport
}

func (n *node) About() serve.About {
	return serve.About{Name: "github.com/hashicorp/raft", Version: "v1.8.0", Rules: []string{"hashicorp"},
		Keeps: []string{"term", "votedFor", "role", "leader", "log", "commitIndex"}}
}

// Start makes a follower. Its leader is one that it has heard a heartbeat of.
func (n *node) Start(s serve.Start) error {
	if s.State.Role != "follower" {
		return serve.Cannot("it starts as a follower")
	}
	n.Nodes, n.name = s.Nodes, s.Node
	n.votes, n.logs = hashicorp.NewInmemStore(), hashicorp.NewInmemCommitTrackingStore()
	must(n.votes.SetUint64([]byte("CurrentTerm"), uint64(s.State.Term)))
	if s.State.VotedFor != "" {
		must(n.votes.SetUint64([]byte("LastVoteTerm"), uint64(s.State.Term)))
		must(n.votes.Set([]byte("LastVoteCand"), []byte(s.State.VotedFor)))
	}
	must(n.logs.StoreLogs(toLogs(0, s.State.Log)))
	must(n.logs.StageCommitIndex(uint64(s.State.CommitIndex)))
	n.boot(true)
	if leader := s.State.Leader; leader != "" {
		_, err := n.AppendEntries(serve.AppendEntries{Term: s.State.Term, LeaderID: leader})
		return err
	}
	return nil
}

// boot starts a server from its stores, of which the log's may remember how far it
// was committed.
func (n *node) boot(committed bool) {
	own := transport(n.name)
	n.asker = transport("asker")
	n.asker.Connect(own.LocalAddr(), own)
	c := hashicorp.DefaultConfig()
	c.LocalID = hashicorp.ServerID(n.name)
	c.HeartbeatTimeout, c.ElectionTimeout, c.LeaderLeaseTimeout = time.Hour, time.Hour, time.Hour
	c.CommitTimeout, c.SnapshotInterval = time.Hour, time.Hour
	c.RestoreCommittedLogs, c.PreVoteDisabled = committed, true
	c.Logger = hclog.NewNullLogger()
	var err error
	n.raft, err = hashicorp.NewRaft(c, ignorant{}, n.logs, n.votes, hashicorp.NewDiscardSnapshotStore(), own)
	must(err)
}

// Close ends the server's goroutines.
func (n *node) Close() { must(n.raft.Shutdown().Error()) }

// Restart starts the server again with the default options, which do not restore
// what was committed.
func (n *node) Restart(d serve.Disk) error {
	if d != (serve.Disk{}) {
		return serve.Cannot("its stores lose nothing")
	}
	n.Close()
	n.boot(false)
	return nil
}

func (n *node) RequestVote(m serve.RequestVote) (*serve.Answer, error) {
	var resp hashicorp.RequestVoteResponse
	err := n.asker.RequestVote(hashicorp.ServerID(n.name), hashicorp.ServerAddress(n.name), &hashicorp.RequestVoteRequest{
		RPCHeader: header(m.CandidateID), Term: uint64(m.Term),
		LastLogIndex: uint64(m.LastLogIndex), LastLogTerm: uint64(m.LastLogTerm)}, &resp)
	return &serve.Answer{Term: int(resp.Term), OK: resp.Granted}, err
}

// AppendEntries gives an answer that names no index: the leader counts what it has
// sent.
func (n *node) AppendEntries(m serve.AppendEntries) (*serve.Answer, error) {
	var resp hashicorp.AppendEntriesResponse
	err := n.asker.AppendEntries(hashicorp.ServerID(n.name), hashicorp.ServerAddress(n.name), &hashicorp.AppendEntriesRequest{
		RPCHeader: header(m.LeaderID), Term: uint64(m.Term),
		PrevLogEntry: uint64(m.PrevLogIndex), PrevLogTerm: uint64(m.PrevLogTerm),
		Entries: toLogs(m.PrevLogIndex, m.Entries), LeaderCommitIndex: uint64(m.LeaderCommit)}, &resp)
	return &serve.Answer{Term: int(resp.Term), OK: resp.Success}, err
}

func (n *node) State() serve.State {
	s := serve.State{Term: int(n.raft.CurrentTerm()), Role: role(n.raft.State()), CommitIndex: int(n.raft.CommitIndex()), Log: []serve.Entry{}}
	if term, _ := n.votes.GetUint64([]byte("LastVoteTerm")); int(term) == s.Term {
		candidate, _ := n.votes.Get([]byte("LastVoteCand"))
		s.VotedFor = serve.Name(candidate)
	}
	_, leader := n.raft.LeaderWithID()
	s.Leader = serve.Name(leader)
	last, err := n.logs.LastIndex()
	must(err)
	for i := range last {
		var l hashicorp.Log
		must(n.logs.GetLog(i+1, &l))
		s.Log = append(s.Log, serve.Entry{Term: int(l.Term), Value: string(l.Data)})
	}
	return s
}

func role(s hashicorp.RaftState) string {
	switch s {
	case hashicorp.Candidate:
		return "candidate"
	case hashicorp.Leader:
		return "leader"
	}
	return "follower"
}

func transport(name serve.Name) *hashicorp.InmemTransport {
	_, t := hashicorp.NewInmemTransportWithTimeout(hashicorp.ServerAddress(name), time.Minute)
	return t
}

func header(from serve.Name) hashicorp.RPCHeader {
	return hashicorp.RPCHeader{ProtocolVersion: 3, ID: []byte(from), Addr: []byte(from)}
}

// toLogs gives entries that follow index prev.
func toLogs(prev int, entries []serve.Entry) []*hashicorp.Log {
	var ls []*hashicorp.Log
	for i, e := range entries {
		ls = append(ls, &hashicorp.Log{Index: uint64(prev + i + 1), Term: uint64(e.Term), Data: []byte(e.Value)})
	}
	return ls
}

// An ignorant state machine takes commands and keeps nothing.
type ignorant struct{}

func (ignorant) Apply(*hashicorp.Log) any                 { return nil }
func (ignorant) Snapshot() (hashicorp.FSMSnapshot, error) { return nil, fmt.Errorf("it keeps nothing") }
func (ignorant) Restore(snapshot io.ReadCloser) error     { return snapshot.Close() }

// must stops at what the library's own parts refuse: the delivery fails.
func must(err error) {
	if err != nil {
		panic(err)
	}
}
