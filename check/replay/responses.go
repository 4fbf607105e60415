package replay

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file plays the responses that arrive as events of their own, and asks
// whether they can have been given.

// couldAnswer judges a response that arrives late. What was given unseen is
// taken in: it may arrive again.
func (c *Cluster) couldAnswer(a answer, rule raft.Rule) {
	f := Fact{Node: a.from, Other: a.to, Rule: rule, Term: a.term, At: raft.Mark{Index: a.match}}
	_, given := c.given.answers[a]
	switch {
	case given, a.from == a.to && c.votedForItself(a):
		return
	case c.Node(a.from) == nil:
		c.cur.Possible = Given
		if f, bad := c.claims.event(c, a, f); bad {
			c.impossible(f)
		}
	case c.beforeStart(a):
		f.What = AnsweredBefore
		c.implied(f)
	case a.vote && a.ok && c.votedUnseen(a):
		f.What = AnsweredUnseen
		c.implied(f)
	default:
		f.What = NeverAnswered
		c.unexplained(f)
		return
	}
	c.given.unseen(a)
}

// votedForItself reports whether an answer is a candidate's vote for itself, which
// rules may have count once it is stored.
func (c *Cluster) votedForItself(a answer) bool {
	_, stood := c.senders.stood(a.from, a.term)
	return a.vote && a.ok && stood
}

// beforeStart reports whether the initial states leave room for an answer that
// was given before the first step.
func (c *Cluster) beforeStart(a answer) bool {
	from := c.run.Initial(a.from)
	switch {
	case from.CurrentTerm < a.term || a.term == 0:
		return false
	case !a.ok:
		return true
	case a.vote:
		// The vote of an earlier term is forgotten, and may have been anyone's.
		return c.couldHaveVoted(a.from, a.to, a.term) && c.votedFor(a) == raft.NoNode
	case c.Node(a.to) == nil:
		return from.Log.LastIndex() >= a.match
	}
	to := c.run.Initial(a.to).Log
	// In a later term the entry may have been replaced since, at either end.
	replaced := from.CurrentTerm > a.term
	moved := c.run.Initial(a.to).CurrentTerm > a.term
	return (replaced || from.Log.LastIndex() >= a.match) && (moved || to.LastIndex() >= a.match) &&
		(replaced || moved || from.Log.Term(a.match) == to.Term(a.match))
}

// votedFor is the other candidate to whom an answer has given the same vote.
func (c *Cluster) votedFor(a answer) raft.NodeID {
	for other := range c.all.Without(a.to).All() {
		was := a
		was.to = other
		if _, given := c.given.answers[was]; given {
			return other
		}
	}
	return raft.NoNode
}

// votedUnseen reports whether a vote may be one of those by which its receiver was
// elected off the page: its voter's state has been left as it was.
func (c *Cluster) votedUnseen(a answer) bool {
	n, v := c.Node(a.to), c.Node(a.from)
	return n != nil && c.senders.unseen[stand{a.to, a.term}] && c.met[a.to-1].Has(a.from) &&
		(v.CurrentTerm > a.term || c.wouldVote(a.from, n, a.term))
}

func (c *Cluster) voteResponse(e *trace.VoteResponse) {
	c.couldAnswer(answer{from: e.From, to: e.To, vote: true, ok: e.Granted, term: e.Term}, raft.C2)
	c.arrive(Arrival{To: e.To, Vote: &raft.Vote{From: e.From, Request: e.Term, Term: e.Term, Granted: e.Granted}})
}

func (c *Cluster) appendResponse(e *trace.AppendResponse) *Halt {
	a := answer{from: e.From, to: e.To, ok: e.Success, term: e.Term}
	if e.Success {
		match, known := c.given.success[[2]raft.NodeID{e.From, e.To}]
		if !known && !e.MatchIndex.Given() && c.unread.Has(e.From) {
			c.losing = raft.SetOf(e.To)
			return nil
		}
		if !known && !e.MatchIndex.Given() {
			return c.halt(Fact{What: MatchUnknown, Pos: e.MatchIndex.Pos, Node: e.From, Other: e.To})
		}
		a.match = e.MatchIndex.Or(match)
	}
	if c.pastEnd(a, e.MatchIndex.Pos) {
		return nil // nothing that its receiver has sent is answered by it
	}
	c.couldAnswer(a, raft.L3)
	c.arrive(Arrival{To: e.To, Ack: &raft.Ack{From: e.From, Request: e.Term, Term: e.Term, Success: e.Success,
		MatchIndex: a.match, Entries: c.given.answers[a]}})
	return nil
}

// pastEnd finds that a success confirms what the leader that it reaches does not
// have. On a leader's own sheet, what it received may be off the page.
func (c *Cluster) pastEnd(a answer, at trace.Pos) bool {
	n := c.Node(a.to)
	if n == nil || !c.isUp(a.to) || n.Role != raft.Leader || n.CurrentTerm != a.term || a.match <= n.Log.LastIndex() {
		return false
	}
	f := numbers(Fact{What: MatchPastEnd, Pos: at, Node: a.from, Other: a.to, Rule: raft.L3,
		At: raft.Mark{Index: a.match}, Last: n.Log.Last()}, "matchIndex", a.match, n.Log.LastIndex())
	if a.to != c.t.RaftID {
		c.impossible(f)
		return true
	}
	f.Kind = OffPage
	c.cur.Possible = Given
	c.doubtful = c.doubtful.With(a.to)
	c.found(f)
	return true
}

// arrive has a node take in a response, unless it is down or unknown.
func (c *Cluster) arrive(a Arrival) {
	if c.able(a.To) {
		c.cur.Arrival = &a
		c.stage.arrive(&a)
	}
}
