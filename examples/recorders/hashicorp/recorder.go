// Package hashicorp writes down what the servers of a cluster of
// github.com/hashicorp/raft do, as events that raftsheet import reads.
//
// A [Node] wraps a server's transport and stores: give these to raft.NewRaft in the
// place of your own. All servers of a cluster share one [Recorder], so that their
// events are in one order; a simulation or a test has them in one process.
// Pipelining is off while one records, and so is PreVote. A leader that steps down
// because its lease ran out is not recorded.
//
// Copy the files of this folder and the package trace/logs/event into your own
// module.
package hashicorp

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"sync"

	"github.com/hashicorp/raft"

	"raftsheet/trace/logs/event"
)

// A Recorder writes the events of one cluster. Several goroutines may use it.
type Recorder struct {
	mu       sync.Mutex
	out      *event.Writer
	ids      int
	onWay    map[string][]int  // requests on their way, by what they say
	answered map[string][]past // those that were answered
	names    map[raft.ServerAddress]string
	began    map[string]bool // servers that have run
}

// A past request is one that was answered.
type past struct {
	id     int
	answer string
}

// New records a cluster of these servers, and writes to out. Their IDs are the
// nodes' names.
func New(out io.Writer, title string, servers ...raft.Server) *Recorder {
	r := &Recorder{onWay: make(map[string][]int), answered: make(map[string][]past),
		names: make(map[raft.ServerAddress]string), began: make(map[string]bool)}
	h := event.Header{Title: title, Rules: []string{"hashicorp"}}
	for _, s := range servers {
		h.Nodes = append(h.Nodes, string(s.ID))
		r.names[s.Address] = string(s.ID)
	}
	r.out = event.NewWriter(out, h)
	return r
}

// Flush brings out what was written, and says whether all of it could be.
func (r *Recorder) Flush() error { return r.out.Flush() }

// A Node records one server, from its start to its crash.
type Node struct {
	rec    *Recorder
	name   string
	trans  raft.Transport
	logs   raft.LogStore
	stable raft.StableStore

	incoming chan raft.RPC
	down     chan struct{}
	raft     *raft.Raft
	changed  uint64 // the first index of its log that has not been told; 0 for none
}

// Node wraps what a server is to run with. Call [Node.Run] once it does.
func (r *Recorder) Node(id raft.ServerID, trans raft.Transport, logs raft.LogStore, stable raft.StableStore) *Node {
	n := &Node{rec: r, name: string(id), trans: trans, logs: logs, stable: stable,
		incoming: make(chan raft.RPC), down: make(chan struct{}), changed: 1}
	go n.receive()
	return n
}

// Transport is the server's transport.
func (n *Node) Transport() raft.Transport { return &transport{n.trans, n} }

// Logs is the server's log store.
func (n *Node) Logs() raft.LogStore { return &logStore{n.logs, n} }

// Stable is the server's stable store.
func (n *Node) Stable() raft.StableStore { return &stableStore{n.stable, n} }

// Run records that the server runs: at first, or once more after a crash.
func (n *Node) Run(server *raft.Raft) {
	n.rec.mu.Lock()
	defer n.rec.mu.Unlock()
	n.raft = server
	if n.rec.began[n.name] {
		n.rec.out.Write(event.Line{Ev: event.Restarted, Node: n.name})
	}
	n.rec.began[n.name] = true
	n.tell()
}

// Crash records that the server goes down. Nothing of it is recorded afterwards:
// call it before you shut the server down.
func (n *Node) Crash() {
	n.rec.mu.Lock()
	defer n.rec.mu.Unlock()
	close(n.down)
	n.raft = nil
	n.rec.out.Write(event.Line{Ev: event.Crash, Node: n.name})
}

// Tell records the state of a server that is at rest. After each request that it
// has answered it tells its state by itself, but for how far it has applied its
// log.
func (n *Node) Tell() {
	n.rec.mu.Lock()
	defer n.rec.mu.Unlock()
	if n.raft != nil {
		n.tell(n.raft.AppliedIndex())
	}
}

// tell writes the server's state. What its goroutines keep to themselves are
// nextIndex and matchIndex.
func (n *Node) tell(applied ...uint64) {
	l := event.Line{Ev: event.Tell, Node: n.name}
	term, vote := n.raft.CurrentTerm(), event.NoVote
	if voted, err := n.stable.GetUint64([]byte("LastVoteTerm")); err == nil && voted == term {
		if candidate, err := n.stable.Get([]byte("LastVoteCand")); err == nil {
			vote = event.Vote(n.rec.names[raft.ServerAddress(candidate)])
		}
	}
	l.Term, l.VotedFor, l.CommitIndex, l.Role = &term, &vote, new(n.raft.CommitIndex()), roles[n.raft.State()]
	if len(applied) > 0 {
		l.LastApplied = &applied[0]
	}
	n.tellLog(&l)
	n.rec.out.Write(l)
}

// roles are the roles in Figure 2's words.
var roles = map[raft.RaftState]string{raft.Follower: event.Follower, raft.Candidate: event.Candidate, raft.Leader: event.Leader}

// tellLog tells where the log ends, and what has changed in it.
func (n *Node) tellLog(l *event.Line) {
	last, err := n.logs.LastIndex()
	if err != nil {
		return
	}
	var end raft.Log
	if last > 0 && n.logs.GetLog(last, &end) != nil {
		return
	}
	l.LastLogIndex, l.LastLogTerm = &last, &end.Term
	if n.changed == 0 {
		return
	}
	l.Log = &event.Log{From: n.changed}
	for i := n.changed; i <= last; i++ {
		var e raft.Log
		if n.logs.GetLog(i, &e) != nil { // a snapshot covers it
			l.Log = nil
			return
		}
		l.Log.Entries = append(l.Log.Entries, entry(&e))
	}
	n.changed = 0
}

// entry gives an entry as package event has it. One that is not a command has its
// kind for a value, but for the one with which a leader begins its term.
func entry(e *raft.Log) event.Entry {
	value := string(e.Data)
	if e.Type != raft.LogCommand && e.Type != raft.LogNoop {
		value = e.Type.String()
	}
	return event.Entry{Term: e.Term, Value: value}
}

// key is what a request to a node says.
func key(to string, l *event.Line) string {
	s := to + " " + l.From + l.Kind + strconv.FormatUint(*l.Term, 10)
	for _, v := range []*uint64{l.LastLogIndex, l.LastLogTerm, l.PrevLogIndex, l.PrevLogTerm, l.LeaderCommit, l.LastIncludedIndex} {
		if v != nil {
			s += " " + strconv.FormatUint(*v, 10)
		}
	}
	if l.Entries != nil {
		s += " " + strconv.Itoa(len(*l.Entries))
	}
	return s
}

// request gives a request as an event says it; nil for one of no figure.
func request(from string, command any) *event.Line {
	l := &event.Line{From: from}
	switch m := command.(type) {
	case *raft.RequestVoteRequest:
		l.Kind, l.Term, l.LastLogIndex, l.LastLogTerm = event.RequestVote, &m.Term, &m.LastLogIndex, &m.LastLogTerm
	case *raft.AppendEntriesRequest:
		entries := make([]event.Entry, len(m.Entries))
		for i, e := range m.Entries {
			entries[i] = entry(e)
		}
		l.Kind, l.Term, l.Entries, l.LeaderCommit = event.AppendEntries, &m.Term, &entries, &m.LeaderCommitIndex
		l.PrevLogIndex, l.PrevLogTerm = &m.PrevLogEntry, &m.PrevLogTerm
	case *raft.InstallSnapshotRequest:
		l.Kind, l.Term, l.LastIncludedIndex, l.LastIncludedTerm = event.InstallSnapshot, &m.Term, &m.LastLogIndex, &m.LastLogTerm
	default:
		return nil
	}
	return l
}

// answer gives the answer to a request.
func answer(q *event.Line, response any) *event.Answer {
	switch resp := response.(type) {
	case *raft.RequestVoteResponse:
		return &event.Answer{Term: resp.Term, VoteGranted: &resp.Granted}
	case *raft.AppendEntriesResponse:
		a := &event.Answer{Term: resp.Term, Success: &resp.Success}
		if resp.Success { // it names no index: the leader counts what it has sent
			a.MatchIndex = new(*q.PrevLogIndex + uint64(len(*q.Entries)))
		}
		return a
	case *raft.InstallSnapshotResponse:
		return &event.Answer{Term: resp.Term, Success: &resp.Success}
	}
	return nil
}

// sent records that the server sends a request, and gives what it says.
func (n *Node) sent(to raft.ServerAddress, command any) *event.Line {
	n.rec.mu.Lock()
	defer n.rec.mu.Unlock()
	q := request(n.name, command)
	if n.raft == nil || n.isStray(q) {
		return q
	}
	n.rec.ids++
	l := *q
	l.Ev, l.ID, l.Node, l.From, l.To = event.Send, n.rec.ids, n.name, "", n.rec.names[to]
	k := key(l.To, q)
	n.rec.onWay[k] = append(n.rec.onWay[k], n.rec.ids)
	n.rec.out.Write(l)
	return q
}

// isStray reports whether a request is an AppendEntries of a leadership that is
// over. The goroutine that replicates to a follower may wait before it tries again
// (replicateTo), and does not ask afterwards whether it still should: it sends,
// in its old term, what the log and commitIndex are by then. No leader of Figure 2
// sends that, so that its sending is not recorded.
func (n *Node) isStray(q *event.Line) bool {
	return q.Kind == event.AppendEntries && (n.raft.State() != raft.Leader || n.raft.CurrentTerm() != *q.Term)
}

// received records that the server has answered a request.
func (n *Node) received(command, response any) {
	n.rec.mu.Lock()
	defer n.rec.mu.Unlock()
	from := n.rec.sender(command)
	q := request(from, command)
	if q == nil || n.raft == nil || from == "" {
		return
	}
	k, l := key(n.name, q), event.Line{}
	if ids := n.rec.onWay[k]; len(ids) > 0 {
		l.ID, n.rec.onWay[k] = ids[0], ids[1:]
	} else { // a copy, or nobody saw it sent
		n.rec.ids++
		l = *q
		l.ID = n.rec.ids
	}
	l.Ev, l.Node, l.Answer = event.Receive, n.name, answer(q, response)
	n.rec.answered[k] = append(n.rec.answered[k], past{l.ID, says(l.Answer)})
	n.rec.out.Write(l)
	n.tell()
}

func says(a *event.Answer) string {
	return fmt.Sprint(a.Term, a.VoteGranted != nil && *a.VoteGranted, a.Success != nil && *a.Success)
}

// sender is the name of the server whose request it is.
func (r *Recorder) sender(command any) string {
	if m, ok := command.(raft.WithRPCHeader); ok {
		return r.names[raft.ServerAddress(m.GetRPCHeader().Addr)]
	}
	return ""
}

// arrived records that the answer to a request has reached the server. It is the
// answer to the latest request that said the same and was answered so.
func (n *Node) arrived(to raft.ServerAddress, q *event.Line, response any) {
	n.rec.mu.Lock()
	defer n.rec.mu.Unlock()
	if n.raft == nil {
		return
	}
	all, is := n.rec.answered[key(n.rec.names[to], q)], says(answer(q, response))
	for _, p := range slices.Backward(all) {
		if p.answer == is {
			n.rec.out.Write(event.Line{Ev: event.Arrive, Of: p.id, Node: n.name})
			return
		}
	}
}
