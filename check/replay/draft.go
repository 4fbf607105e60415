package replay

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// A draft is an AppendEntries before it is known what every node is sent.
type draft struct {
	e       *trace.AppendEntries
	m       raft.AppendEntries // Entries is filled in last
	entries []raft.Entry       // as written, and completed from the sender's log
	perNode bool               // prevLogIndex follows from each node's nextIndex

	snapshot bool // it stands for an InstallSnapshot, see snapshotDraft
}

// field is what a field of the message is called where it stands for another.
func (d *draft) field(name string) string {
	if !d.snapshot {
		return name
	}
	if name == "prevLogTerm" {
		return "lastIncludedTerm"
	}
	return "lastIncludedIndex" // prevLogIndex, leaderCommit
}

// fillAppend fills in what is left out of an AppendEntries as its leader would,
// but for what depends on whom it is sent to.
func (c *Cluster) fillAppend(d *draft) *Halt {
	e, n := d.e, c.Node(d.e.LeaderID)
	if n == nil {
		c.fillGiven(d)
		return nil
	}
	d.m.Term = e.Term.Or(n.CurrentTerm)
	d.m.LeaderCommit = e.LeaderCommit.Or(c.leaderCommit(n))
	switch {
	case e.Worksheet():
		c.fillWorksheet(d, n)
		return nil
	case len(e.Entries.Value) > 0:
		d.entries = trace.Entries(e.Entries.Value)
		d.m.PrevLogIndex = e.PrevLogIndex.Or(c.beforeUnsent(n, d.entries))
	case e.PrevLogIndex.Given():
		d.m.PrevLogIndex = e.PrevLogIndex.Value
	case e.Auto || e.Count.Given() || n.Role == raft.Leader:
		d.perNode = true
		return nil
	default:
		d.m.PrevLogIndex = n.Log.LastIndex()
	}
	if halt := c.fillPrevTerm(d, n); halt != nil || !e.Count.Given() {
		return halt
	}
	es, halt := c.nextRun(d, n, d.m.PrevLogIndex)
	d.entries = es.Slice()
	return halt
}

// nextRun gives what a leader sends of its own log after an index: all, or as many
// entries as the message says.
func (c *Cluster) nextRun(d *draft, n *raft.Node, prev raft.Index) (raft.Entries, *Halt) {
	log := n.Log
	if d.e.Count.Given() {
		last := prev + d.e.Count.Value
		if last > log.LastIndex() || last < prev {
			return raft.Entries{}, c.halt(Fact{What: TooFewEntries, Pos: d.e.Count.Pos, Node: n.ID, Count: int(d.e.Count.Value), At: raft.Mark{Index: prev}, Last: log.Last()})
		}
		log = log.Truncate(last)
	}
	return log.After(prev), nil
}

// knows reports whether a log tells the term at an index: it has an entry there,
// or its snapshot ends there.
func knows(log raft.Log, i raft.Index) bool {
	return i == 0 && log.Snapshot().Index == 0 || log.Has(i) || i > 0 && i == log.Snapshot().Index
}

// beforeUnsent is the prevLogIndex of entries that are written without one. Where
// the sender's log ends with just these, appended by clients' requests and not
// sent yet, it is the place before them; otherwise they are new, and come after
// its last index.
func (c *Cluster) beforeUnsent(n *raft.Node, entries []raft.Entry) raft.Index {
	last, count := n.Log.LastIndex(), raft.Index(len(entries))
	first := c.unsent[n.ID-1]
	if n.Role != raft.Leader || first == 0 || count > last || last-count+1 < first || !sameRun(n.Log.After(last-count).Slice(), entries) {
		return last
	}
	return last - count
}

// send takes in which entries of clients' requests a leader has sent now.
func (c *Cluster) send(d *draft) {
	n := c.Node(d.m.LeaderID)
	if n == nil {
		return
	}
	first := &c.unsent[n.ID-1]
	for i := range c.cur.Deliveries {
		if m := c.cur.Deliveries[i].Append; *first > 0 && m.PrevLogIndex < *first && m.LastNewIndex() >= *first {
			if *first = m.LastNewIndex() + 1; *first > n.Log.LastIndex() {
				*first = 0
			}
		}
	}
}

// fillGiven takes the message of an unknown leader as it is written.
func (c *Cluster) fillGiven(d *draft) {
	e := d.e
	d.m.Term, d.m.LeaderCommit = e.Term.Value, e.LeaderCommit.Value
	d.m.PrevLogIndex, d.m.PrevLogTerm = e.PrevLogIndex.Value, e.PrevLogTerm.Value
	d.entries = trace.Entries(e.Entries.Value)
	if e.Worksheet() {
		d.m.PrevLogIndex, d.m.PrevLogTerm = e.Index.Value-1, 0
		d.entries = []raft.Entry{{Term: d.m.Term, Value: e.Value.Value}}
	}
}

// fillWorksheet makes the one entry of the worksheet's form: the leader's own
// where it has it with this value, otherwise a new one of the message's term.
// The form has no place for prevLogTerm, so that a message which arrives late is
// filled in from the log with which its sender led.
func (c *Cluster) fillWorksheet(d *draft, n *raft.Node) {
	e, log := d.e, n.Log
	if led := c.senders.leaderships[stand{n.ID, d.m.Term}]; led != nil {
		log = led.log
	}
	leader := c.asLeader(n, d.m.Term, log, 0, e.Index.Value-1)
	i := e.Index.Value
	d.m.PrevLogIndex = i - 1
	entry := raft.Entry{Term: d.m.Term, Value: e.Value.Value}
	if own := log.Entry(i); log.Has(i) && (raft.Entry{Term: own.Term, Value: entry.Value}).Matches(own) {
		entry.Term = own.Term
		if entry.Value == "" {
			entry.Value = own.Value
		}
	}
	d.entries = []raft.Entry{entry}
	switch {
	case d.m.PrevLogIndex == 0:
	case knows(log, d.m.PrevLogIndex):
		d.m.PrevLogTerm = leader.PrevLogTerm
	default:
		d.m.PrevLogTerm = d.m.Term // the gap earns a finding
	}
}

func (c *Cluster) fillPrevTerm(d *draft, n *raft.Node) *Halt {
	prev := d.m.PrevLogIndex
	switch {
	case d.e.PrevLogTerm.Given():
		d.m.PrevLogTerm = d.e.PrevLogTerm.Value
	case prev == 0:
	case knows(n.Log, prev):
		d.m.PrevLogTerm = c.prevTerm(n, prev)
	default:
		return c.halt(Fact{What: PrevTermUnknown, Pos: d.e.PrevLogIndex.Pos, Node: n.ID, Last: n.Log.Last(), At: raft.Mark{Index: prev}})
	}
	return nil
}

// carry gives the entries as the message carries them: the leader's own run of
// its log where that is what is written.
func (c *Cluster) carry(d *draft) raft.Entries {
	prev := d.m.PrevLogIndex
	if n := c.Node(d.m.LeaderID); n != nil && len(d.entries) > 0 && prev >= n.Log.Snapshot().Index {
		last := prev + raft.Index(len(d.entries))
		if log := n.Log.Truncate(last); log.LastIndex() == last && log.Term(prev) == d.m.PrevLogTerm {
			run := log.After(prev)
			if sameRun(run.Slice(), d.entries) {
				return run
			}
		}
	}
	return raft.NewEntries(prev, d.m.PrevLogTerm, d.entries...)
}

func sameRun(own, written []raft.Entry) bool {
	if len(own) < len(written) { // a snapshot covers the others
		return false
	}
	for i, e := range written {
		if e.Term != own[i].Term || e.Value != "" && e.Value != own[i].Value {
			return false
		}
	}
	return true
}

// addressed gives the request that a node is sent. Nodes of one prevLogIndex
// share it.
func (c *Cluster) addressed(d *draft, to raft.NodeID, sent map[raft.Index]*raft.AppendEntries) (*raft.AppendEntries, *Halt) {
	if !d.perNode {
		return &d.m, nil
	}
	n := c.Node(d.m.LeaderID)
	if n.Role == raft.Leader && n.NeedsSnapshot(to) {
		return nil, c.halt(Fact{What: NeedsSnapshot, Node: n.ID, Other: to, Last: n.Log.Snapshot(), At: raft.Mark{Index: n.NextIndex[to-1]}})
	}
	prev, term := c.prevFor(d, to)
	if m := sent[prev]; m != nil {
		return m, nil
	}
	m := d.m
	m.PrevLogIndex, m.PrevLogTerm = prev, term
	if d.e.Auto || d.e.Count.Given() {
		var halt *Halt
		if m.Entries, halt = c.nextRun(d, n, prev); halt != nil {
			return nil, halt
		}
	}
	sent[prev] = &m
	return &m, nil
}

// prevFor gives prevLogIndex and prevLogTerm where they depend on the node.
func (c *Cluster) prevFor(d *draft, to raft.NodeID) (raft.Index, raft.Term) {
	n := c.Node(d.m.LeaderID)
	prev := n.Log.LastIndex()
	if n.Role == raft.Leader {
		prev = n.AppendEntries(to).PrevLogIndex
	}
	return prev, d.e.PrevLogTerm.Or(c.prevTerm(n, prev))
}

// prevTerm and leaderCommit are what a node sends as prevLogTerm with that
// prevLogIndex, and as leaderCommit, if it sends as a leader now.
func (c *Cluster) prevTerm(n *raft.Node, prev raft.Index) raft.Term {
	return c.asLeader(n, n.CurrentTerm, n.Log, n.CommitIndex, prev).PrevLogTerm
}

func (c *Cluster) leaderCommit(n *raft.Node) raft.Index {
	return c.asLeader(n, n.CurrentTerm, n.Log, n.CommitIndex, n.Log.LastIndex()).LeaderCommit
}

// asLeader gives the request that a node sends as leader of a term, with that
// log and commitIndex, to a follower whose nextIndex comes after prev.
func (c *Cluster) asLeader(n *raft.Node, term raft.Term, log raft.Log, commit, prev raft.Index) raft.AppendEntries {
	to := raft.NodeID(1)
	if n.ID == to && n.Size > 1 {
		to = 2
	}
	l := &c.leader
	if len(l.NextIndex) == 0 {
		l.NextIndex, l.MatchIndex = make([]raft.Index, n.Size), make([]raft.Index, n.Size)
	}
	l.ID, l.Size, l.Rules = n.ID, n.Size, n.Rules
	l.CurrentTerm, l.VotedFor, l.Role = term, n.ID, raft.Leader
	l.Log, l.CommitIndex, l.LastApplied = log, commit, commit
	l.NextIndex[to-1] = prev + 1
	return l.AppendEntries(to)
}
