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
}

func (c *Cluster) appendEntries(e *trace.AppendEntries) *Halt {
	d := &draft{e: e, m: raft.AppendEntries{LeaderID: e.LeaderID}}
	if halt := c.fillAppend(d); halt != nil {
		return halt
	}
	c.claims.goesOn(c, e.LeaderID, d.m.Term, true)
	c.couldAppend(d)
	if n := c.Node(e.LeaderID); e.Auto && (n.Role != raft.Leader || n.CurrentTerm != d.m.Term) {
		return c.halt(Fact{What: NoNextIndex, Pos: e.Entries.Pos, Node: n.ID, Term: d.m.Term})
	}
	if !d.perNode {
		d.m.Entries = c.carry(d)
		c.cur.Sent.Append = &d.m
	}
	var sent map[raft.Index]*raft.AppendEntries
	if d.perNode {
		sent = make(map[raft.Index]*raft.AppendEntries)
	}
	if halt := c.address(e.LeaderID); halt != nil {
		return halt
	}
	for i := range c.cur.Deliveries {
		del := &c.cur.Deliveries[i]
		del.Append = c.addressed(d, del.To, sent)
	}
	c.send(d)
	if halt := c.deliverAppends(d); halt != nil {
		return halt
	}
	c.takeBack()
	return nil
}

// deliverAppends delivers the requests, and counts what that costs.
func (c *Cluster) deliverAppends(d *draft) *Halt {
	for i := range c.cur.Deliveries {
		del := &c.cur.Deliveries[i]
		if c.growth > maxGrowth {
			return c.halt(Fact{What: TooMuchGrowth, Count: maxGrowth})
		}
		was := c.logOf(del.To)
		c.deliver(del)
		c.countGrowth(del.To, was)
		c.countWork(del, d)
	}
	if c.work > maxWork {
		return c.halt(Fact{What: TooMuchWork, Count: maxWork})
	}
	return nil
}

// maxWork bounds the entries that a replay goes through one by one: seconds,
// where a small file could ask for hours.
const maxWork = 500_000_000

// maxGrowth bounds the entries that logs take in under deviations: some append
// what is there already, or write a log anew.
const maxGrowth = 1_000_000

// logOf is a node's log as it is now, empty for an unknown one.
func (c *Cluster) logOf(id raft.NodeID) raft.Log {
	if n := c.Node(id); n != nil {
		return n.Log
	}
	return raft.Log{}
}

// countGrowth counts what a delivery has added to a node's log, or written anew.
func (c *Cluster) countGrowth(id raft.NodeID, was raft.Log) {
	if now := c.logOf(id); c.run.Deviates() && now != was {
		c.growth += int(now.LastIndex() - was.Shared(now))
	}
}

// countWork counts a delivery of entries that the receiver did not come to
// share with the sender.
func (c *Cluster) countWork(del *Delivery, d *draft) {
	n := c.Node(del.To)
	if n == nil || del.Fate != Handled || !del.OK || del.Append.Entries.Len() < 1000 {
		return
	}
	if s := c.Node(d.m.LeaderID); s == nil || s.Log.Shared(n.Log) < del.Append.LastNewIndex() {
		c.work += del.Append.Entries.Len()
	}
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
	case e.Auto || n.Role == raft.Leader:
		d.perNode = true
		return nil
	default:
		d.m.PrevLogIndex = n.Log.LastIndex()
	}
	return c.fillPrevTerm(d, n)
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
	case log.Has(d.m.PrevLogIndex):
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
	case n.Log.Has(prev):
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
	if n := c.Node(d.m.LeaderID); n != nil && len(d.entries) > 0 {
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
	for i, e := range written {
		if e.Term != own[i].Term || e.Value != "" && e.Value != own[i].Value {
			return false
		}
	}
	return true
}

// addressed gives the request that a node is sent. Nodes of one prevLogIndex
// share it.
func (c *Cluster) addressed(d *draft, to raft.NodeID, sent map[raft.Index]*raft.AppendEntries) *raft.AppendEntries {
	if !d.perNode {
		return &d.m
	}
	prev, term := c.prevFor(d, to)
	if m := sent[prev]; m != nil {
		return m
	}
	m := d.m
	m.PrevLogIndex, m.PrevLogTerm = prev, term
	if d.e.Auto {
		m.Entries = c.Node(m.LeaderID).Log.After(prev)
	}
	sent[prev] = &m
	return &m
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
