// Command etcd is an adapter of go.etcd.io/raft: a RawNode with the default
// options, and the storage that its user must keep for it.
//
//	raftsheet run --sut 'go run ./examples/adapters/etcd' --rules etcd examples
//
// Nobody ticks its clock. A call is a message that is stepped, or what else happens;
// then everything is done that the RawNode asks of its user, until it asks nothing
// more, and what it sends is found among its messages.
package main

import (
	"fmt"
	"io"
	"log"
	"reflect"

	etcd "go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
	"go.etcd.io/raft/v3/tracker"

	"raftsheet/check/conform/serve" // a copy of it, in your own module
)

func main() { serve.Serve(func() serve.Node { return &node{} }) }

// A node is a RawNode behind the protocol. Its id is its place among the nodes,
// from 1.
type node struct {
	serve.Nodes
	raw     *etcd.RawNode
	storage *etcd.MemoryStorage
	self    uint64
	sent    []*pb.Message // of the latest call
}

func (n *node) About() serve.About {
	return serve.About{Name: "go.etcd.io/raft", Version: "v3.7.0", Rules: []string{"etcd"},
		Keeps: []string{"term", "votedFor", "role", "leader", "snapshot", "log", "commitIndex", "matchIndex"}}
}

// quiet keeps etcd's notes to itself.
var quiet = &etcd.DefaultLogger{Logger: log.New(io.Discard, "", 0)}

// Start makes the RawNode. A state in which none can be, or into which it cannot be
// brought from outside, is left out.
func (n *node) Start(s serve.Start) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = serve.Cannot(fmt.Sprint("etcd does not start from this state: ", p))
		}
	}()
	n.Nodes, n.self = s.Nodes, uint64(s.Nodes.Index(s.Node)+1)
	n.storage = etcd.NewMemoryStorage()
	was := s.State
	switch s.State.Role {
	case "candidate":
		was = before(was)
	case "leader":
		was = before(was)
		was.Log = older(s.State)                          // the term begins with its own empty entry
		was.CommitIndex = min(was.CommitIndex, last(was)) // and its first acknowledgements bring the rest
	}
	n.store(was, n.voters(s.Voters))
	n.boot()
	switch s.State.Role {
	case "candidate":
		n.campaign()
	case "leader":
		n.lead(s.State)
	default:
		n.follow(s.State)
	}
	n.sent = nil
	if !alike(n.State(), s.State) {
		return serve.Cannot("etcd cannot be brought into this state from outside")
	}
	return nil
}

// store has stable storage hold a state.
func (n *node) store(s serve.State, voters *pb.ConfState) {
	var after serve.Last
	if s.Snapshot != nil {
		after = *s.Snapshot
	}
	must(n.storage.ApplySnapshot(&pb.Snapshot{Metadata: &pb.SnapshotMetadata{ConfState: voters,
		Index: number(after.Index), Term: number(after.Term)}}))
	must(n.storage.Append(toEtcd(after.Index, s.Log)))
	must(n.storage.SetHardState(&pb.HardState{Term: number(s.Term), Vote: n.id(s.VotedFor), Commit: number(s.CommitIndex)}))
}

// boot starts a RawNode from stable storage.
func (n *node) boot() {
	raw, err := etcd.NewRawNode(&etcd.Config{ID: n.self, Storage: n.storage,
		ElectionTick: 1 << 30, HeartbeatTick: 1, MaxSizePerMsg: 1 << 20, MaxInflightMsgs: 256, Logger: quiet})
	must(err)
	n.raw = raw
	n.drain()
}

// before is the state in which a node was when it stood for election.
func before(s serve.State) serve.State {
	s.Term, s.VotedFor = s.Term-1, ""
	return s
}

// last is the last index of a log.
func last(s serve.State) int {
	if s.Snapshot != nil {
		return s.Snapshot.Index + len(s.Log)
	}
	return len(s.Log)
}

// older are a leader's entries of earlier terms.
func older(s serve.State) []serve.Entry {
	i := 0
	for i < len(s.Log) && s.Log[i].Term < s.Term {
		i++
	}
	return s.Log[:i]
}

// follow has a follower know its leader, by a heartbeat.
func (n *node) follow(s serve.State) {
	if s.Leader != "" {
		n.step(&pb.Message{Type: pb.MsgHeartbeat.Enum(), From: n.id(s.Leader), Term: number(s.Term), Commit: number(0)})
	}
}

func (n *node) campaign() {
	must(n.raw.Campaign())
	n.drain()
}

// lead has a node win an election, take the commands of its term, and hear how far
// the others have its log.
func (n *node) lead(s serve.State) {
	n.campaign()
	for _, other := range n.Nodes {
		n.step(&pb.Message{Type: pb.MsgVoteResp.Enum(), From: n.id(serve.Name(other)), Term: number(s.Term), Reject: new(false)})
	}
	for _, e := range s.Log[min(len(s.Log), len(older(s))+1):] {
		must(n.raw.Propose([]byte(e.Value)))
		n.drain()
	}
	for other, index := range s.MatchIndex {
		if index > 0 {
			n.step(&pb.Message{Type: pb.MsgAppResp.Enum(), From: n.id(other), Term: number(s.Term), Index: number(index), Reject: new(false)})
		}
	}
}

// alike reports whether a state is the one that was asked for.
func alike(s, asked serve.State) bool {
	asked.LastApplied, asked.NextIndex = s.LastApplied, s.NextIndex
	if len(s.Log)+len(asked.Log) == 0 {
		asked.Log = s.Log
	}
	return reflect.DeepEqual(s, asked)
}

// step steps a message, unless it is of the node itself.
func (n *node) step(m *pb.Message) {
	m.To = &n.self
	if m.GetFrom() != n.self {
		must(n.raw.Step(m))
	}
	n.drain()
}

// drain does what a RawNode asks its user to do, until it asks nothing more.
func (n *node) drain() {
	n.sent = nil
	for n.raw.HasReady() {
		ready := n.raw.Ready()
		if ready.HardState != nil {
			must(n.storage.SetHardState(ready.HardState))
		}
		if !etcd.IsEmptySnap(ready.Snapshot) {
			must(n.storage.ApplySnapshot(ready.Snapshot))
		}
		must(n.storage.Append(ready.Entries))
		n.sent = append(n.sent, ready.Messages...)
		n.raw.Advance(ready)
	}
}

func (n *node) RequestVote(m serve.RequestVote) (*serve.Answer, error) {
	n.step(&pb.Message{Type: pb.MsgVote.Enum(), From: n.id(m.CandidateID), Term: number(m.Term),
		Index: number(m.LastLogIndex), LogTerm: number(m.LastLogTerm)})
	return n.answer(m.CandidateID, pb.MsgVoteResp), nil
}

func (n *node) AppendEntries(m serve.AppendEntries) (*serve.Answer, error) {
	n.step(&pb.Message{Type: pb.MsgApp.Enum(), From: n.id(m.LeaderID), Term: number(m.Term),
		Index: number(m.PrevLogIndex), LogTerm: number(m.PrevLogTerm),
		Entries: toEtcd(m.PrevLogIndex, m.Entries), Commit: number(m.LeaderCommit)})
	return n.answer(m.LeaderID, pb.MsgAppResp), nil
}

// InstallSnapshot leaves out a snapshot whose last entry is in the log: etcd then
// commits up to it, and leaves it to its user to discard what it covers.
func (n *node) InstallSnapshot(m serve.InstallSnapshot) (*serve.Answer, error) {
	snapshot, _ := n.log()
	news := m.Term >= n.State().Term && (snapshot == nil || snapshot.Index < m.LastIncludedIndex)
	if term, err := n.storage.Term(uint64(m.LastIncludedIndex)); news && err == nil && int(term) == m.LastIncludedTerm {
		return nil, serve.Cannot("etcd keeps a log that has the snapshot's last entry")
	}
	n.step(&pb.Message{Type: pb.MsgSnap.Enum(), From: n.id(m.LeaderID), Term: number(m.Term),
		Snapshot: &pb.Snapshot{Metadata: &pb.SnapshotMetadata{ConfState: n.voters([][]serve.Name{n.all()}),
			Index: number(m.LastIncludedIndex), Term: number(m.LastIncludedTerm)}}})
	return n.answer(m.LeaderID, pb.MsgAppResp), nil
}

// answer finds the answer to a request among the messages that were sent.
func (n *node) answer(to serve.Name, kind pb.MessageType) *serve.Answer {
	for _, m := range n.sent {
		if m.GetType() == kind && m.GetTo() == *n.id(to) {
			match := int(m.GetIndex())
			return &serve.Answer{Term: int(m.GetTerm()), OK: !m.GetReject(), MatchIndex: &match}
		}
	}
	return nil
}

func (n *node) State() serve.State {
	status := n.raw.BasicStatus()
	s := serve.State{Term: int(status.GetTerm()), VotedFor: n.name(status.GetVote()), Role: "follower",
		Leader: n.name(status.Lead), CommitIndex: int(status.GetCommit())}
	s.Snapshot, s.Log = n.log()
	switch status.RaftState {
	case etcd.StateCandidate:
		s.Role = "candidate"
	case etcd.StateLeader:
		s.Role = "leader"
		s.MatchIndex = make(map[serve.Name]int)
		n.raw.WithProgress(func(id uint64, _ etcd.ProgressType, p tracker.Progress) {
			if id != n.self {
				s.MatchIndex[n.name(id)] = int(p.Match)
			}
		})
	}
	return s
}

// log is what is in stable storage.
func (n *node) log() (snapshot *serve.Last, entries []serve.Entry) {
	snap, err := n.storage.Snapshot()
	must(err)
	if m := snap.GetMetadata(); m.GetIndex() > 0 {
		snapshot = &serve.Last{Index: int(m.GetIndex()), Term: int(m.GetTerm())}
	}
	first, err := n.storage.FirstIndex()
	must(err)
	last, err := n.storage.LastIndex()
	must(err)
	if first > last {
		return snapshot, nil
	}
	es, err := n.storage.Entries(first, last+1, 1<<30)
	must(err)
	return snapshot, fromEtcd(es)
}
