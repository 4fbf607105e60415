package replay

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file plays the requests: fills in what is left out, asks whether the
// message could have been sent, delivers it, and brings back the answers.

func (c *Cluster) requestVote(e *trace.RequestVote) *Halt {
	m := &raft.RequestVote{CandidateID: e.CandidateID}
	if c.unread.Has(e.CandidateID) && !e.Complete() {
		c.cannotFill(e.CandidateID)
		return nil
	}
	if halt := c.fillVote(e, m); halt != nil {
		return halt
	}
	c.couldAskVote(m)
	c.claims.goesOn(c, m.CandidateID, m.Term, false)
	c.senders.asked[m.Term] = true
	return c.exchange(Request{Vote: m})
}

// exchange delivers a request that is the same for all, and brings back the
// answers.
func (c *Cluster) exchange(q Request) *Halt {
	c.cur.Sent = q
	if halt := c.address(q.Sender()); halt != nil {
		return halt
	}
	for i := range c.cur.Deliveries {
		d := &c.cur.Deliveries[i]
		d.Request = q
		c.deliver(d)
	}
	c.takeBack()
	return nil
}

// cannotFill takes a request that nobody can fill in, since its sender's state
// rests on what cannot be read, for one that cannot be read itself.
func (c *Cluster) cannotFill(sender raft.NodeID) {
	c.losing = c.cur.Trace.Recipients(c.t.Size()).With(sender)
}

// fillVote fills in what is left out of a RequestVote as its candidate would.
func (c *Cluster) fillVote(e *trace.RequestVote, m *raft.RequestVote) *Halt {
	n := c.Node(e.CandidateID)
	if n == nil {
		m.Term, m.LastLogIndex, m.LastLogTerm = e.Term.Value, e.LastLogIndex.Value, e.LastLogTerm.Value
		return nil
	}
	if !e.Term.Given() && n.Role != raft.Candidate && n.CurrentTerm >= raft.MaxNumber {
		return c.halt(Fact{What: NoTermLeft, Pos: e.Term.Pos, Node: n.ID, Own: n.CurrentTerm})
	}
	own := c.offer(n)
	m.Term = e.Term.Or(own.Term)
	m.LastLogIndex = e.LastLogIndex.Or(own.LastLogIndex)
	m.LastLogTerm = e.LastLogTerm.Or(own.LastLogTerm)
	return nil
}

// maxRequests bounds the requests that a replay delivers, each to one node: what
// it keeps of them fits a small machine's memory.
const maxRequests = 2_000_000

// mostRoom is how many deliveries room is made for at once.
const mostRoom = 4096

// address makes the step's deliveries and settles which of them arrive. What
// each carries is filled in next.
func (c *Cluster) address(sender raft.NodeID) *Halt {
	s := c.cur.Trace
	recipients := s.Recipients(c.t.Size())
	n := recipients.Len()
	if c.sent += n; c.sent > maxRequests {
		return c.halt(Fact{What: TooManyRequests, Count: maxRequests})
	}
	if cap(c.room)-len(c.room) < n {
		c.room = make([]Delivery, 0, max(n, min(2*cap(c.room), mostRoom)))
	}
	first := len(c.room)
	c.room = c.room[:first+n]
	c.cur.Down = !c.isUp(sender)
	c.cur.Deliveries = c.room[first : first+n : first+n]
	i := 0
	for to := range recipients.All() {
		d := &c.cur.Deliveries[i]
		d.To, d.Lost = to, s.ResponseLost.Has(to)
		d.Fate, d.Since = c.fate(sender, to)
		i++
	}
	return nil
}

// fate says whether a request reaches a node, and since which step it does not.
func (c *Cluster) fate(sender, to raft.NodeID) (Fate, int) {
	switch {
	case c.cur.Trace.Lost.Has(to):
		return NotReached, c.at
	case !c.isUp(to):
		return Down, c.downBy[to-1]
	case c.group[sender-1] != c.group[to-1]:
		return CutOff, c.cutBy
	case (c.t.Unknown | c.unread).Has(to):
		return Unseen, 0
	}
	return Handled, 0
}

// deliver has a node handle the request, if that reaches it; an unknown node
// answers as the trace has it.
func (c *Cluster) deliver(d *Delivery) {
	switch d.Fate {
	case Handled:
		c.stage.handle(d)
		if d.TwoLeaders() {
			c.safe.leadersMeet(c.Node(d.To), d.Sender())
		}
		if d.Written = c.asWritten(d); d.heard().None {
			return
		}
	case Unseen:
		if !c.takeWritten(d) {
			return
		}
	default:
		return
	}
	c.given.take(d)
}

// takeWritten takes the answer of an unknown node as the trace has it, and
// reports whether it has one. An answer of a higher term is a refusal, whether
// or not it says so.
func (c *Cluster) takeWritten(d *Delivery) bool {
	var cell *trace.Cell
	if row := c.cur.Trace.Response; row != nil {
		cell = row.Cell(d.To)
	}
	if cell == nil || !cell.OK.Given() && cell.Term.Value <= d.Request.Term() {
		d.Lost = true
		if none := cell != nil && cell.None; c.unread.Has(d.To) && !none || cell != nil && cell.IsUnread() {
			c.heardUnread()
		} else if cell != nil && cell.Term.Given() && cell.Term.Value < d.Request.Term() {
			d.Term = cell.Term.Value
			c.claims.answer(c, d, cell)
		}
		return false
	}
	d.OK, d.Term = cell.OK.Value, cell.Term.Or(d.Request.Term())
	if d.OK && d.Vote == nil {
		d.Match = cell.MatchIndex.Or(d.LastIndex())
		a := answer{from: d.To, to: d.Sender(), ok: true, term: d.Term, match: d.Match}
		if c.pastEnd(a, cell.MatchIndex.Pos) {
			d.Lost = true // nothing that the leader has sent is answered by it
			return false
		}
	}
	c.claims.answer(c, d, cell)
	return true
}

// heardUnread notes that the sender may have had an answer of which nobody knows
// what it was.
func (c *Cluster) heardUnread() {
	if sender, ok := c.cur.Trace.Sender(); ok && !c.cur.Down {
		c.losing = c.losing.With(sender)
	}
}

// takeBack has the sender of the step's request take in the answers, in the same
// order.
func (c *Cluster) takeBack() {
	sender, _ := c.cur.Trace.Sender()
	n := c.Node(sender)
	if n == nil {
		return
	}
	for i := range c.cur.Deliveries {
		if d := &c.cur.Deliveries[i]; c.cur.returns(d) {
			c.stage.takeBack(n, d)
		}
	}
}
