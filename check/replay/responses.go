package replay

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// responses is every answer that was given, kept for those that arrive as events
// of their own. A nil responses keeps nothing.
type responses struct {
	answers map[answer]int // and how many entries the latest such request carried
	success map[[2]raft.NodeID]raft.Index
}

// An answer is a response as one node gave it to another.
type answer struct {
	from, to raft.NodeID
	vote     bool // to RequestVote
	ok       bool
	term     raft.Term
	match    raft.Index // of a success
}

func newResponses() *responses {
	return &responses{answers: make(map[answer]int), success: make(map[[2]raft.NodeID]raft.Index)}
}

// isResponse reports whether an event is a response that arrives late.
func isResponse(e trace.Event) bool {
	switch e.(type) {
	case *trace.VoteResponse, *trace.AppendResponse:
		return true
	}
	return false
}

// take keeps the answer to a request.
func (g *responses) take(d *Delivery) {
	switch {
	case g == nil:
	case d.Vote != nil:
		g.answers[answer{from: d.To, to: d.Vote.CandidateID, vote: true, ok: d.OK, term: d.Term}] = 0
	default:
		a := answer{from: d.To, to: d.Append.LeaderID, ok: d.OK, term: d.Term}
		if d.OK {
			a.match = d.Match
			g.success[[2]raft.NodeID{a.from, a.to}] = a.match
		}
		g.answers[a] = d.Append.Entries.Len()
	}
}

// couldAnswer judges a response that arrives late. What was given unseen is
// taken in: it may arrive again.
func (c *Cluster) couldAnswer(a answer, rule raft.Rule) {
	f := Fact{Node: a.from, Other: a.to, Rule: rule, Term: a.term, At: raft.Mark{Index: a.match}}
	_, given := c.given.answers[a]
	switch {
	case given:
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

// unseen keeps an answer that was given off the page, before any that the page
// shows.
func (g *responses) unseen(a answer) {
	g.answers[a] = 0
	pair := [2]raft.NodeID{a.from, a.to}
	if _, known := g.success[pair]; a.ok && !a.vote && !known {
		g.success[pair] = a.match
	}
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
		if !known && !e.MatchIndex.Given() {
			return c.halt(Fact{What: MatchUnknown, Pos: e.MatchIndex.Pos, Node: e.From, Other: e.To})
		}
		a.match = e.MatchIndex.Or(match)
	}
	if c.pastEnd(e, a) {
		return nil // nothing that its receiver has sent is answered by it
	}
	c.couldAnswer(a, raft.L3)
	c.arrive(Arrival{To: e.To, Ack: &raft.Ack{From: e.From, Request: e.Term, Term: e.Term, Success: e.Success,
		MatchIndex: a.match, Entries: c.given.answers[a]}})
	return nil
}

// pastEnd finds that a success confirms what the leader that it reaches does not
// have. On a leader's own sheet, what it received may be off the page.
func (c *Cluster) pastEnd(e *trace.AppendResponse, a answer) bool {
	n := c.Node(e.To)
	if n == nil || !c.isUp(e.To) || n.Role != raft.Leader || n.CurrentTerm != e.Term || a.match <= n.Log.LastIndex() {
		return false
	}
	f := numbers(Fact{What: MatchPastEnd, Pos: e.MatchIndex.Pos, Node: e.From, Other: e.To, Rule: raft.L3,
		At: raft.Mark{Index: a.match}, Last: n.Log.Last()}, "matchIndex", a.match, n.Log.LastIndex())
	if e.To != c.t.RaftID {
		c.impossible(f)
		return true
	}
	f.Kind = OffPage
	c.cur.Possible = Given
	c.doubtful = c.doubtful.With(e.To)
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
