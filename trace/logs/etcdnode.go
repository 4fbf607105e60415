package logs

import (
	"fmt"
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/logs/event"
)

// This file keeps what two kinds of log of go.etcd.io/raft let one know of its
// nodes. What their messages mean is said in package event.

// etcdNodes is a cluster of go.etcd.io/raft as a log shows it.
type etcdNodes struct {
	*cluster
	*event.Etcd
	nodes map[uint64]*etcdNode
	err   error // of the first event that could not be played

	// Nodes may begin in term 0 with a snapshot of term 1, as the library's own
	// tests have them, which no Raft node can. All terms are then higher by shift in
	// the trace, but for those of entries up to base.
	shift, base uint64
}

// term gives a term as the trace has it; termOf that of an entry.
func (e *etcdNodes) term(t uint64) uint64 { return t + e.shift }

func (e *etcdNodes) termOf(t, index uint64) uint64 {
	if index <= e.base || t == 0 {
		return t
	}
	return t + e.shift
}

// settles takes in the state in which the first node begins: by how much terms are
// higher in the trace.
func (e *etcdNodes) settles(term, last, lastTerm uint64) {
	if len(e.nodes) == 0 {
		e.shift, e.base = max(term, lastTerm)-term, last
	}
}

// finish is told that the log has ended.
func (e *etcdNodes) finish() error {
	if v := e.t.Voters; len(v) == 1 && v[0] == raft.AllNodes(len(e.t.Names)) {
		e.t.Voters = nil
	}
	if e.shift > 0 {
		e.note = fmt.Sprintf("Terms are %d higher here than in the log, whose nodes begin with a snapshot of a later term than theirs.", e.shift)
	}
	return e.err
}

// votedFor gives whom a node has voted for.
func votedFor(name string) *event.Vote {
	v := event.Vote(name)
	if name == "" || name == "0" {
		v = event.NoVote
	}
	return &v
}

// An etcdNode is what is known of one node.
type etcdNode struct {
	id     uint64
	term   uint64
	role   string // as package event has it; empty for a pre-candidate
	vote   string // with which it begins, empty for none
	commit uint64
	base   event.Mark    // its log begins after it
	log    []event.Entry // as the node has it, stored or not
	counts event.VoterLists
}

func newEtcdNodes(c *cluster) *etcdNodes {
	e := &etcdNodes{cluster: c, nodes: make(map[uint64]*etcdNode)}
	c.t.Rules = []string{"etcd"}
	e.Etcd = event.NewEtcd(e.emit, e.termIn)
	return e
}

// emit plays an event.
func (e *etcdNodes) emit(l event.Line) { e.err = firstOf(e.err, e.play(&l)) }

// took counts an event that a trace has a place for, and gives the error that its
// playing has come to.
func (e *etcdNodes) took(ok bool, what string) error {
	err := e.err
	e.err = nil
	e.log.Events++
	switch {
	case err != nil:
		return err
	case ok:
		e.log.Imported++
	default:
		e.leaveOut(what)
	}
	return nil
}

// node gives a node of the cluster.
func (e *etcdNodes) etcdNode(id uint64) (*etcdNode, error) {
	if n := e.nodes[id]; n != nil {
		return n, nil
	}
	return nil, fmt.Errorf("nothing is known of node %d: the log does not say how it began", id)
}

// join takes in a node with the state in which it begins.
func (e *etcdNodes) join(n *etcdNode) error {
	if e.nodes[n.id] != nil {
		return fmt.Errorf("node %d begins once more; a restart cannot be read from this kind of log", n.id)
	}
	name := event.Name(n.id)
	id, ok := e.Recorder.Node(name)
	if !ok {
		return fmt.Errorf("a cluster has at most %d nodes", raft.MaxNodes)
	}
	e.nodes[n.id] = n
	if e.t.Voters == nil && len(e.t.Steps) == 0 {
		for _, list := range n.counts {
			set, err := e.all(list)
			if err != nil {
				return err
			}
			e.t.Voters = append(e.t.Voters, set)
		}
	}
	st := trace.NodeState{Node: id, Term: trace.OptOf(raft.Term(n.term))}
	if n.base.LastIncludedIndex > 0 {
		st.Snapshot = trace.OptOf(trace.Snapshot{LastIncludedIndex: trace.OptOf(raft.Index(n.base.LastIncludedIndex)), LastIncludedTerm: trace.OptOf(raft.Term(n.base.LastIncludedTerm))})
	}
	if n.commit > 0 {
		st.CommitIndex = trace.OptOf(raft.Index(n.commit))
	}
	if len(n.log) > 0 {
		es, err := entriesOf(n.log)
		if err != nil {
			return err
		}
		st.Log = trace.OptOf(trace.LogEntries(es))
	}
	if n.vote != "" {
		set, err := e.all([]string{n.vote})
		if err != nil {
			return err
		}
		for id := range set.All() {
			st.VotedFor = trace.OptOf(id)
		}
	}
	e.t.Initial = append(e.t.Initial, st)
	return nil
}

// last is the index of the last entry of its log.
func (n *etcdNode) last() uint64 { return n.base.LastIncludedIndex + uint64(len(n.log)) }

// termAt gives the term of an entry in its log.
func (n *etcdNode) termAt(index uint64) (term uint64, ok bool) {
	switch base := n.base.LastIncludedIndex; {
	case index == 0:
		return 0, true
	case index == base:
		return n.base.LastIncludedTerm, true
	case index > base && index <= n.last():
		return n.log[index-base-1].Term, true
	}
	return 0, false
}

func (e *etcdNodes) termIn(id, index uint64) (uint64, bool) {
	n := e.nodes[id]
	if n == nil {
		return 0, false
	}
	return n.termAt(index)
}

// put puts entries into its log from an index on; whatever was there goes.
func (n *etcdNode) put(from uint64, entries []event.Entry) {
	base := n.base.LastIncludedIndex
	if from <= base || from > n.last()+1 {
		return
	}
	n.log = append(n.log[:from-base-1], entries...)
}

// append appends what a MsgApp brings, as go.etcd.io/raft does: entries that are
// there stay. It reports whether the node took it.
func (n *etcdNode) append(m *event.Message) bool {
	if m.Index < n.commit {
		return true // its answer is commitIndex, and nothing changes
	}
	if term, ok := n.termAt(m.Index); !ok || term != m.LogTerm {
		return false
	}
	for i, entry := range m.Entries {
		at := m.Index + 1 + uint64(i)
		if term, ok := n.termAt(at); !ok || term != entry.Term {
			n.put(at, m.Entries[i:])
			break
		}
	}
	n.commit = max(n.commit, min(m.Commit, m.Index+uint64(len(m.Entries))))
	return true
}

// restore takes in a snapshot.
func (n *etcdNode) restore(s event.Mark) {
	if s.LastIncludedIndex <= n.commit {
		return
	}
	n.commit = s.LastIncludedIndex
	if term, ok := n.termAt(s.LastIncludedIndex); ok && term == s.LastIncludedTerm {
		return // it has all that, and learns that it is committed
	}
	n.base, n.log = s, nil
}

// handle takes in that a node handles a message.
func (e *etcdNodes) handle(n *etcdNode, m event.Message) bool {
	ok := e.Handled(m, n.term, n.commit)
	if ok && m.Term >= n.term {
		switch m.Type {
		case "MsgApp":
			n.append(&m)
		case "MsgHeartbeat":
			n.commit = max(n.commit, m.Commit)
		case "MsgSnap":
			n.restore(m.Snapshot)
		}
	}
	return ok
}

// commands has a leader take clients' commands: entries that its log does not have
// yet.
func (e *etcdNodes) commands(n *etcdNode, entries []event.Entry) {
	for _, entry := range entries {
		e.emit(event.Line{Ev: event.Client, Node: event.Name(n.id), Value: &entry.Value})
		n.log = append(n.log, entry)
	}
}

// follows takes in that a node becomes a follower. A leader that does so in its own
// term does it by itself.
func (e *etcdNodes) follows(n *etcdNode, term uint64) {
	if n.role == event.Leader && term == n.term {
		e.emit(event.Line{Ev: event.StepDown, Node: event.Name(n.id)})
	}
	n.term, n.role = term, event.Follower
}

// stands takes in that a node stands for election.
func (e *etcdNodes) stands(n *etcdNode, term uint64) {
	n.term, n.role = term, event.Candidate
	e.emit(event.Line{Ev: event.Timeout, Node: event.Name(n.id)})
}

// leads takes in that a candidate has won, by its own vote or another's. It begins
// its term with an empty entry.
func (e *etcdNodes) leads(n *etcdNode, ownVote bool) {
	if ownVote {
		e.t.Rules = []string{"etcd-unstored"} // which has own votes count so
		e.OwnVote(n.id, n.term)
	}
	n.role = event.Leader
	n.log = append(n.log, event.Entry{Term: n.term})
}

// all gives the nodes of these names, some of which may have yet to begin.
func (e *etcdNodes) all(names []string) (set raft.NodeSet, err error) {
	for _, name := range names {
		if !trace.ValidName(name) {
			return 0, fmt.Errorf("%.64q cannot be the name of a node in a trace", name)
		}
		id, ok := e.Recorder.Node(name)
		if !ok {
			return 0, fmt.Errorf("node %s is one more than the %d that a cluster may have", name, raft.MaxNodes)
		}
		set = set.With(id)
	}
	return set, nil
}

// configures takes in by whom a node counts. Those by whom the first counts are the
// trace's voters; a node that counts by none yet knows no cluster.
func (e *etcdNodes) configures(n *etcdNode, lists event.VoterLists) error {
	if len(lists) == 0 || slices.EqualFunc(n.counts, lists, slices.Equal) {
		return nil
	}
	n.counts = lists
	for _, list := range lists {
		if _, err := e.all(list); err != nil {
			return err
		}
	}
	e.emit(event.Line{Ev: event.Voters, Node: event.Name(n.id), Header: event.Header{Voters: lists}})
	return nil
}
