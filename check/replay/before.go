package replay

import "raftsheet/raft"

// This file asks whether a request may have been sent before the first step: the
// page begins late, and messages are still on their way. What the initial states
// say of that time has to leave room for it.

// freeAtStart reports whether a node's initial state leaves open whom it voted
// for in a term: it begins in that term, and its votedFor is not written.
func (c *Cluster) freeAtStart(id raft.NodeID, term raft.Term) bool {
	if c.run.Initial(id).CurrentTerm != term {
		return false
	}
	for i := range c.t.Initial {
		if st := &c.t.Initial[i]; st.Node == id {
			return !st.VotedFor.Given() && c.run.Initial(id).VotedFor == raft.NoNode
		}
	}
	return true
}

// couldHaveVoted reports whether a node's initial state leaves room for a vote
// that it gave in a term.
func (c *Cluster) couldHaveVoted(id, whom raft.NodeID, term raft.Term) bool {
	if c.Node(id) == nil {
		return true
	}
	start := c.run.Initial(id)
	return start.CurrentTerm > term ||
		start.CurrentTerm == term && (start.VotedFor == whom || c.freeAtStart(id, term))
}

// askedBefore reports whether a RequestVote may have been sent before the first
// step. A node that begins as candidate or leader of the term has one log end,
// which has been asked about.
func (c *Cluster) askedBefore(m *raft.RequestVote) bool {
	start := c.run.Initial(m.CandidateID)
	return m.Term <= start.CurrentTerm && m.LastLogTerm < m.Term && c.couldHaveVoted(m.CandidateID, m.CandidateID, m.Term)
}

// sentBefore reports whether an AppendEntries may have been sent before the first
// step.
func (c *Cluster) sentBefore(d *draft) bool {
	l, term := d.m.LeaderID, d.m.Term
	if d.perNode || term > c.run.Initial(l).CurrentTerm {
		return false
	}
	if other, known := c.senders.leaderOf[term]; known && other != l {
		return false
	}
	var voters raft.NodeSet
	for id := range c.all.All() {
		if c.couldHaveVoted(id, l, term) {
			voters = voters.With(id)
		}
	}
	return c.wereEnough(voters, l) && c.couldHaveVoted(l, l, term) && c.agreesWithStart(d) && c.couldHaveCommitted(d, d.m.LeaderCommit)
}

// wereEnough reports whether nodes were a majority by what a node began with.
func (c *Cluster) wereEnough(nodes raft.NodeSet, by raft.NodeID) bool {
	count, need := c.run.Configuration(by, 0).Tally(nodes, byFigure2)
	return count >= need
}

// agreesWithStart reports whether no initial log contradicts the message: an
// entry of the message's term can come from its leader alone, and an index and a
// term name one entry, with one before it.
func (c *Cluster) agreesWithStart(d *draft) bool {
	for id := range (c.all &^ c.t.Unknown).All() {
		log, before := c.run.Initial(id).Log, d.m.PrevLogTerm
		if prev := d.m.PrevLogIndex; log.Has(prev) && log.Term(prev) == d.m.Term && before != d.m.Term {
			return false
		}
		for i, e := range d.entries {
			at := d.m.PrevLogIndex + raft.Index(i) + 1
			own := log.Entry(at)
			switch {
			case !log.Has(at):
			case own.Term == d.m.Term && e.Term != own.Term:
				return false
			case own.Term == e.Term && (!own.Matches(e) || log.Term(at-1) != before):
				return false
			}
			before = e.Term
		}
	}
	return true
}

// couldHaveCommitted reports whether the leader of a message may have known an
// index as committed before the first step: what is committed stays, in its own
// log and in those of a majority, so that the initial logs have it. As far as
// the message tells what its leader's log was up to there, they agree with it;
// it may tell of later entries alone, or of earlier ones. Unknown nodes agree.
func (c *Cluster) couldHaveCommitted(d *draft, commit raft.Index) bool {
	own := c.run.Initial(d.m.LeaderID).Log
	if commit == 0 {
		return true
	}
	if commit > own.LastIndex() || !c.wereEnough(c.holdersAtStart(own, commit), d.m.LeaderID) {
		return false
	}
	if prev := d.m.PrevLogIndex; prev <= commit && knows(own, prev) && own.Term(prev) != d.m.PrevLogTerm {
		return false
	}
	for i, e := range d.entries {
		if at := d.m.PrevLogIndex + raft.Index(i) + 1; at <= commit && knows(own, at) && own.Term(at) != e.Term {
			return false
		}
	}
	return true
}

// holdersAtStart gives the nodes that begin with what a log has at an index, or
// with a snapshot that covers it, and the unknown ones.
func (c *Cluster) holdersAtStart(log raft.Log, i raft.Index) raft.NodeSet {
	var holders raft.NodeSet
	for id := range c.all.All() {
		own := c.run.Initial(id).Log
		if c.Node(id) == nil || i <= own.Snapshot().Index || i <= log.Snapshot().Index && i <= own.LastIndex() || own.Term(i) == log.Term(i) {
			holders = holders.With(id)
		}
	}
	return holders
}
