package check

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

func (r *replayer) appendEntries(e *trace.AppendEntries) *trace.Error {
	d := &draft{e: e, m: raft.AppendEntries{LeaderID: e.LeaderID}}
	if err := r.fillAppend(d); err != nil {
		return err
	}
	r.couldAppend(d)
	if n := r.nodeOf(e.LeaderID); e.Auto && (n.Role != raft.Leader || n.CurrentTerm != d.m.Term) {
		return r.errorf(e.Entries.Pos, "entries: auto: node %s does not lead term %d, so it has no nextIndex; write prevLogIndex and the entries", r.name(n.ID), d.m.Term)
	}
	if !d.perNode {
		d.m.Entries = r.carry(d)
		r.cur.Sent = &d.m
	}
	var sent map[raft.Index]*raft.AppendEntries
	if d.perNode {
		sent = make(map[raft.Index]*raft.AppendEntries)
	}
	r.begin(e.LeaderID, func(del *Delivery) { del.Append = r.addressed(d, del.To, sent) })
	for i := range r.cur.Deliveries {
		was := r.logOf(r.cur.Deliveries[i].To)
		if r.growth > maxGrowth {
			return r.errorf(trace.Pos{}, "under %s the logs up to here take in more than %d entries; that is more than a replay is made for", r.run.Rules.Name, maxGrowth)
		}
		r.deliverAppend(&r.cur.Deliveries[i])
		r.countGrowth(r.cur.Deliveries[i].To, was)
		r.countWork(&r.cur.Deliveries[i], d)
	}
	for i := range r.cur.Deliveries {
		r.returnAppend(&r.cur.Deliveries[i])
	}
	if r.work > maxWork {
		return r.errorf(trace.Pos{}, "the trace up to here compares more than %d entries, one by one; that is more than a replay is made for", maxWork)
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
func (r *replayer) logOf(id raft.NodeID) raft.Log {
	if n := r.nodeOf(id); n != nil {
		return n.Log
	}
	return raft.Log{}
}

// countGrowth counts what a delivery has added to a node's log, or written anew.
func (r *replayer) countGrowth(id raft.NodeID, was raft.Log) {
	if now := r.logOf(id); r.run.deviates() && now != was {
		r.growth += int(now.LastIndex() - was.Shared(now))
	}
}

// countWork counts a delivery of entries that the receiver did not come to
// share with the sender.
func (r *replayer) countWork(del *Delivery, d *draft) {
	n := r.nodeOf(del.To)
	if n == nil || del.Fate != Handled || !del.OK || del.Append.Entries.Len() < 1000 {
		return
	}
	if s := r.nodeOf(d.m.LeaderID); s == nil || s.Log.Shared(n.Log) < del.Append.LastNewIndex() {
		r.work += del.Append.Entries.Len()
	}
}

// fillAppend fills in what is left out of an AppendEntries as its leader would,
// but for what depends on whom it is sent to.
func (r *replayer) fillAppend(d *draft) *trace.Error {
	e, n := d.e, r.nodeOf(d.e.LeaderID)
	if n == nil {
		r.fillGiven(d)
		return nil
	}
	d.m.Term = e.Term.Or(n.CurrentTerm)
	d.m.LeaderCommit = e.LeaderCommit.Or(r.leaderCommit(n))
	switch {
	case e.Worksheet():
		r.fillWorksheet(d, n)
		return nil
	case len(e.Entries.Value) > 0:
		d.entries = trace.Entries(e.Entries.Value)
		d.m.PrevLogIndex = e.PrevLogIndex.Or(n.Log.LastIndex())
	case e.PrevLogIndex.Given():
		d.m.PrevLogIndex = e.PrevLogIndex.Value
	case e.Auto || n.Role == raft.Leader:
		d.perNode = true
		return nil
	default:
		d.m.PrevLogIndex = n.Log.LastIndex()
	}
	return r.fillPrevTerm(d, n)
}

// fillGiven takes the message of an unknown leader as it is written.
func (r *replayer) fillGiven(d *draft) {
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
func (r *replayer) fillWorksheet(d *draft, n *raft.Node) {
	e, log := d.e, n.Log
	if led := r.past.leaderships[stand{n.ID, d.m.Term}]; led != nil {
		log = led.log
	}
	leader := r.asLeader(n, d.m.Term, log, 0, e.Index.Value-1)
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

func (r *replayer) fillPrevTerm(d *draft, n *raft.Node) *trace.Error {
	prev := d.m.PrevLogIndex
	switch {
	case d.e.PrevLogTerm.Given():
		d.m.PrevLogTerm = d.e.PrevLogTerm.Value
	case prev == 0:
	case n.Log.Has(prev):
		d.m.PrevLogTerm = r.prevTerm(n, prev)
	default:
		return r.errorf(d.e.PrevLogIndex.Pos, "prevLogTerm must be written: node %s's log ends at index %d, so it has no entry at prevLogIndex %d to take it from",
			r.name(n.ID), n.Log.LastIndex(), prev)
	}
	return nil
}

// carry gives the entries as the message carries them: the leader's own run of
// its log where that is what is written.
func (r *replayer) carry(d *draft) raft.Entries {
	prev := d.m.PrevLogIndex
	if n := r.nodeOf(d.m.LeaderID); n != nil && len(d.entries) > 0 {
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
func (r *replayer) addressed(d *draft, to raft.NodeID, sent map[raft.Index]*raft.AppendEntries) *raft.AppendEntries {
	if !d.perNode {
		return &d.m
	}
	prev, term := r.prevFor(d, to)
	if m := sent[prev]; m != nil {
		return m
	}
	m := d.m
	m.PrevLogIndex, m.PrevLogTerm = prev, term
	if d.e.Auto {
		m.Entries = r.nodeOf(m.LeaderID).Log.After(prev)
	}
	sent[prev] = &m
	return &m
}

// prevFor gives prevLogIndex and prevLogTerm where they depend on the node.
func (r *replayer) prevFor(d *draft, to raft.NodeID) (raft.Index, raft.Term) {
	n := r.nodeOf(d.m.LeaderID)
	prev := n.Log.LastIndex()
	if n.Role == raft.Leader {
		prev = n.AppendEntries(to).PrevLogIndex
	}
	return prev, d.e.PrevLogTerm.Or(r.prevTerm(n, prev))
}

// prevTerm and leaderCommit are what a node sends as prevLogTerm with that
// prevLogIndex, and as leaderCommit, if it sends as a leader now.
func (r *replayer) prevTerm(n *raft.Node, prev raft.Index) raft.Term {
	return r.asLeader(n, n.CurrentTerm, n.Log, n.CommitIndex, prev).PrevLogTerm
}

func (r *replayer) leaderCommit(n *raft.Node) raft.Index {
	return r.asLeader(n, n.CurrentTerm, n.Log, n.CommitIndex, n.Log.LastIndex()).LeaderCommit
}

// asLeader gives the request that a node sends as leader of a term, with that
// log and commitIndex, to a follower whose nextIndex comes after prev.
func (r *replayer) asLeader(n *raft.Node, term raft.Term, log raft.Log, commit, prev raft.Index) raft.AppendEntries {
	to := raft.NodeID(1)
	if n.ID == to && n.Size > 1 {
		to = 2
	}
	l := &r.leader
	if len(l.NextIndex) == 0 {
		l.NextIndex, l.MatchIndex = make([]raft.Index, n.Size), make([]raft.Index, n.Size)
	}
	l.ID, l.Size, l.Rules = n.ID, n.Size, n.Rules
	l.CurrentTerm, l.VotedFor, l.Role = term, n.ID, raft.Leader
	l.Log, l.CommitIndex, l.LastApplied = log, commit, commit
	l.NextIndex[to-1] = prev + 1
	return l.AppendEntries(to)
}
