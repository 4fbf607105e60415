// Package etcd writes down what the nodes of a cluster of go.etcd.io/raft do, as
// events that raftsheet import reads.
//
// Put a [Node] in the place of each RawNode: it has the same methods, and your
// Ready loop stays as it is. All nodes of a cluster share one [Recorder], so that
// their events are in one order; a simulation or a test has them in one process.
//
// Copy this file and the package trace/logs/event into your own module.
package etcd

import (
	"io"
	"sync"

	"go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
	"go.etcd.io/raft/v3/tracker"

	"raftsheet/trace/logs/event"
)

// A Recorder writes the events of one cluster. Several goroutines may use it.
type Recorder struct {
	mu    sync.Mutex
	out   *event.Writer
	means *event.Etcd
	nodes map[uint64]*Node // as they run, or last ran
}

// New records a cluster of nodes with these numbers, and writes to out.
func New(out io.Writer, title string, ids ...uint64) *Recorder {
	r := &Recorder{nodes: make(map[uint64]*Node)}
	h := event.Header{Title: title, Rules: []string{"etcd"}}
	if len(ids) == 1 {
		h.Rules = []string{"etcd-unstored"} // its own vote counts once it is stored, and its entries too
	}
	for _, id := range ids {
		h.Nodes = append(h.Nodes, event.Name(id))
	}
	r.out = event.NewWriter(out, h)
	r.means = event.NewEtcd(r.out.Write, func(node, index uint64) (uint64, bool) {
		term, err := r.nodes[node].storage.Term(index)
		return term, err == nil || index == 0
	})
	return r
}

// Flush brings out what was written, and says whether all of it could be.
func (r *Recorder) Flush() error { return r.out.Flush() }

// A Node is a RawNode whose doings are recorded. Its user owns it, as a RawNode.
type Node struct {
	*raft.RawNode
	rec     *Recorder
	id      uint64
	storage raft.Storage
	begun   bool     // something has been told of its log
	base    uint64   // of its log, as it was last told: the index before the first entry
	terms   []uint64 // and the terms of the entries
	storing bool     // between Ready and Advance: what it holds is not all stored yet
}

// Start records a node at its start, or as it comes up again after [Node.Crash]. The
// storage is that of the RawNode.
func (r *Recorder) Start(raw *raft.RawNode, storage raft.Storage) *Node {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := &Node{RawNode: raw, rec: r, id: raw.BasicStatus().ID, storage: storage}
	if was := r.nodes[n.id]; was != nil {
		n.begun, n.base, n.terms = was.begun, was.base, was.terms
		r.out.Write(event.Line{Ev: event.Restarted, Node: event.Name(n.id)})
	}
	r.nodes[n.id] = n
	n.tell()
	return n
}

// Crash records that the node goes down; Start records that it comes up again.
func (n *Node) Crash() {
	n.rec.mu.Lock()
	defer n.rec.mu.Unlock()
	n.rec.means.Forget(n.id)
	n.rec.out.Write(event.Line{Ev: event.Crash, Node: event.Name(n.id)})
}

// Step is the RawNode's. It hands the node a message.
func (n *Node) Step(m *pb.Message) (err error) {
	n.observe(func(was raft.BasicStatus) {
		err = n.RawNode.Step(m)
		n.rec.means.Handled(message(m), was.GetTerm(), was.GetCommit())
	})
	return err
}

// Propose is the RawNode's. It gives the node a client's command.
func (n *Node) Propose(data []byte) (err error) {
	value := string(data)
	n.observe(func(raft.BasicStatus) {
		err = n.RawNode.Propose(data)
		n.rec.out.Write(event.Line{Ev: event.Client, Node: event.Name(n.id), Value: &value})
	})
	return err
}

// Campaign is the RawNode's. It has the node stand for election.
func (n *Node) Campaign() (err error) {
	n.observe(func(was raft.BasicStatus) {
		err = n.RawNode.Campaign()
		n.stood(was)
	})
	return err
}

// Tick is the RawNode's. It may have the node stand for election, or step down.
func (n *Node) Tick() {
	n.observe(func(was raft.BasicStatus) {
		n.RawNode.Tick()
		n.stood(was)
	})
}

// stood writes what a node has done by itself.
func (n *Node) stood(was raft.BasicStatus) {
	switch is := n.BasicStatus(); {
	case is.GetTerm() > was.GetTerm():
		n.rec.out.Write(event.Line{Ev: event.Timeout, Node: event.Name(n.id)})
	case was.RaftState == raft.StateLeader && is.RaftState == raft.StateFollower:
		n.rec.out.Write(event.Line{Ev: event.StepDown, Node: event.Name(n.id)})
	}
}

// Ready is the RawNode's. What it gives to be sent is recorded now, before anybody
// can receive it.
func (n *Node) Ready() raft.Ready {
	n.rec.mu.Lock()
	defer n.rec.mu.Unlock()
	n.storing = true
	ready := n.RawNode.Ready()
	for _, m := range ready.Messages {
		n.rec.means.Sent(message(m))
	}
	return ready
}

// Advance is the RawNode's. All of the Ready has been stored.
func (n *Node) Advance(ready raft.Ready) {
	n.observe(func(was raft.BasicStatus) {
		n.RawNode.Advance(ready)
		n.storing = false
		if was.RaftState == raft.StateCandidate && n.BasicStatus().RaftState == raft.StateLeader {
			n.rec.means.OwnVote(n.id, was.GetTerm())
		}
	})
}

// observe has the node do something, and tells its state.
func (n *Node) observe(do func(was raft.BasicStatus)) {
	n.rec.mu.Lock()
	defer n.rec.mu.Unlock()
	do(n.BasicStatus())
	n.tell()
}

// tell writes the node's state. Its log can be seen only once all of it is in its
// storage, and what it has made of its own votes and entries too. A leader's
// nextIndex is not Figure 2's: it moves on when entries are sent.
func (n *Node) tell() {
	is := n.BasicStatus()
	vote := event.NoVote
	if is.GetVote() != raft.None {
		vote = event.Vote(event.Name(is.GetVote()))
	}
	l := event.Line{Ev: event.Tell, Node: event.Name(n.id)}
	l.Term, l.VotedFor = new(is.GetTerm()), &vote
	if !n.storing {
		l.Role, l.CommitIndex = roles[is.RaftState], new(is.GetCommit())
		if is.RaftState == raft.StateLeader {
			if l.MatchIndex = n.matches(); n.HasReady() && n.alone() {
				l.CommitIndex = nil // it commits what it has stored
			}
		}
		if !n.HasReady() {
			n.tellLog(&l)
		}
	}
	n.rec.out.Write(l)
}

// roles are the roles in Figure 2's words; a pre-candidate is none of them.
var roles = map[raft.StateType]string{raft.StateFollower: event.Follower, raft.StateCandidate: event.Candidate, raft.StateLeader: event.Leader}

func (n *Node) matches() map[string]uint64 {
	match := make(map[string]uint64)
	n.WithProgress(func(id uint64, _ raft.ProgressType, p tracker.Progress) {
		if id != n.id {
			match[event.Name(id)] = p.Match
		}
	})
	return match
}

// alone reports whether the node is the only voter.
func (n *Node) alone() bool {
	voters := 0
	n.WithProgress(func(_ uint64, kind raft.ProgressType, _ tracker.Progress) {
		if kind == raft.ProgressTypePeer {
			voters++
		}
	})
	return voters == 1
}

// tellLog tells where the log ends, and what has changed in it. What is before the
// last entry that is still there is as it was: an index and a term name one entry
// (Log Matching, §5.3).
func (n *Node) tellLog(l *event.Line) {
	first, err := n.storage.FirstIndex()
	if err != nil {
		return
	}
	last, err := n.storage.LastIndex()
	if err != nil {
		return
	}
	end, _ := n.storage.Term(last)
	l.LastLogIndex, l.LastLogTerm = &last, &end
	begins := !n.begun
	if n.begun = true; begins && first > 1 {
		base, _ := n.storage.Term(first - 1)
		l.Snapshot = &event.Mark{LastIncludedIndex: first - 1, LastIncludedTerm: base}
	}
	from := max(first, 1+min(last, n.base+uint64(len(n.terms))))
	for from > first && from > n.base+1 {
		if term, err := n.storage.Term(from - 1); err == nil && term == n.terms[from-2-n.base] {
			break
		}
		from--
	}
	if from > last && last == n.base+uint64(len(n.terms)) {
		return
	}
	l.Log = &event.Log{From: from}
	if from <= last {
		stored, err := n.storage.Entries(from, last+1, 1<<62)
		if err != nil {
			l.Log = nil
			return
		}
		l.Log.Entries = entries(stored)
	}
	n.remember(from, l.Log.Entries)
}

// remember keeps the terms of entries that were told from an index on.
func (n *Node) remember(from uint64, told []event.Entry) {
	if at := n.base + uint64(len(n.terms)); from > at+1 || from <= n.base {
		n.base, n.terms = from-1, nil
	}
	n.terms = n.terms[:from-1-n.base]
	for _, e := range told {
		n.terms = append(n.terms, e.Term)
	}
}

// message gives a message as package event has it.
func message(m *pb.Message) event.Message {
	return event.Message{Type: m.GetType().String(), From: m.GetFrom(), To: m.GetTo(), Term: m.GetTerm(), LogTerm: m.GetLogTerm(),
		Index: m.GetIndex(), Commit: m.GetCommit(), Entries: entries(m.GetEntries()), Reject: m.GetReject(),
		Snapshot: event.Mark{LastIncludedIndex: m.GetSnapshot().GetMetadata().GetIndex(), LastIncludedTerm: m.GetSnapshot().GetMetadata().GetTerm()}}
}

// entries gives entries as package event has them. A change of the configuration
// has its kind for a value.
func entries(list []*pb.Entry) []event.Entry {
	es := make([]event.Entry, len(list))
	for i, e := range list {
		es[i] = event.Entry{Term: e.GetTerm(), Value: string(e.GetData())}
		if e.GetType() != pb.EntryNormal {
			es[i].Value = e.GetType().String()
		}
	}
	return es
}
