package replay

import "raftsheet/raft"

// couldAskVote judges a RequestVote, and takes in what it implies.
func (c *Cluster) couldAskVote(m *raft.RequestVote) {
	id := m.CandidateID
	n := c.Node(id)
	if c.asksItself(n, m) {
		return
	}
	if f, bad := anyCandidate(m); bad {
		f.Node = id
		c.impossible(f)
		return
	}
	if n == nil {
		c.cur.Possible = Given
		c.claims.vote(c, m)
		return
	}
	stood, ok := c.senders.stood(id, m.Term)
	if ok && stood.last == endOf(m) {
		if n.Role != raft.Candidate || n.CurrentTerm != m.Term || !c.isUp(id) {
			c.implied(Fact{What: RequestIsLate, Node: id, Rule: raft.C1, Term: m.Term, Since: stood.step})
		}
		return
	}
	if !ok && c.askedBefore(m) {
		c.senders.candidacies[stand{id, m.Term}] = candidacy{last: endOf(m)}
		c.implied(Fact{What: SentBefore, Node: id, Rule: raft.C1, Term: m.Term})
		return
	}
	c.couldAskNow(n, m, stood, ok)
}

// couldAskNow judges a RequestVote by what its sender is now.
func (c *Cluster) couldAskNow(n *raft.Node, m *raft.RequestVote, stood candidacy, ok bool) {
	says := endOf(m)
	f := Fact{Node: n.ID, Rule: raft.C1, Term: m.Term, Own: n.CurrentTerm, At: says, Last: n.Log.Last(), Field: "candidateId"}
	switch {
	case ok:
		f.What, f.Last = AskedWithOtherLog, stood.last
		c.unexplained(otherEnd(f))
	case !c.isUp(n.ID):
		f.What, f.Since = DownNeverStood, c.downBy[n.ID-1]
		c.unexplained(f)
	case m.Term <= n.CurrentTerm:
		f.What = NeverStood
		c.unexplained(numbers(f, "term", m.Term, n.CurrentTerm))
	case n.Role == raft.Leader && c.deposed(n, m):
		c.timedOut(n, m.Term)
		c.wouldAsk(n, m)
	case n.Role == raft.Leader:
		f.What, f.Rule = LeaderStands, raft.F2
		c.unexplained(f)
	case says != n.Log.Last():
		f.What = LogEndsElsewhere
		c.unexplained(otherEnd(f))
	case c.alone(n) && m.Term > n.CurrentTerm+1:
		f.What, f.Rule, f.Own = OnlyOneLeads, raft.F2, n.CurrentTerm+1
		c.unexplained(numbers(f, "term", m.Term, n.CurrentTerm+1))
	default:
		c.timedOut(n, m.Term)
		c.wouldAsk(n, m)
	}
}

// deposed takes in that a leader which stands for election has been deposed by a
// refusal whose term is not written: of a higher term, and a lower one than that in
// which it stands. It reports whether there is one.
func (c *Cluster) deposed(n *raft.Node, m *raft.RequestVote) bool {
	from, ok := c.claims.deposing(n.ID, n.CurrentTerm)
	if !ok || m.Term <= n.CurrentTerm+1 || endOf(m) != n.Log.Last() {
		return false
	}
	f := Fact{What: DeposedUnseen, Node: n.ID, Other: from, Rule: raft.A2, Own: n.CurrentTerm, Term: m.Term}
	c.act(Act{Kind: Deposed, Node: n.ID, From: from, Term: m.Term - 1})
	c.implied(f)
	return true
}

// alone reports whether a node is the one voter, and so leads as soon as it stands.
func (c *Cluster) alone(n *raft.Node) bool {
	count, need := n.Configuration.Tally(raft.SetOf(n.ID), byFigure2)
	return count >= need
}

// offer is the RequestVote that a node sends as a candidate: of the election
// that it stands for, or has won by asking; or else of the one that it would
// start.
func (c *Cluster) offer(n *raft.Node) raft.RequestVote {
	if n.Role == raft.Candidate {
		return n.RequestVote()
	}
	if n.Role == raft.Leader && c.senders.asked[n.CurrentTerm] {
		if stood, ok := c.senders.stood(n.ID, n.CurrentTerm); ok {
			return raft.RequestVote{Term: n.CurrentTerm, CandidateID: n.ID, LastLogIndex: stood.last.Index, LastLogTerm: stood.last.Term}
		}
	}
	next := &c.next
	*next = *n
	next.State, next.Record = n.State.Clone(), nil
	next.Rules.C1(next)
	return next.RequestVote()
}

// asksItself takes in a RequestVote that is word for word what its candidate
// sends, or would on its next timeout, whatever its rules make of that.
func (c *Cluster) asksItself(n *raft.Node, m *raft.RequestVote) bool {
	if n == nil || !c.isUp(n.ID) || n.Role == raft.Leader || n.CurrentTerm >= raft.MaxNumber || *m != c.offer(n) {
		return false
	}
	if n.Role != raft.Candidate {
		if stood, ok := c.senders.stood(n.ID, m.Term); ok && stood.last == endOf(m) {
			return false // its disk has lost the term, and this may be the request of then
		}
		c.timedOut(n, m.Term)
	}
	return true
}

// wouldAsk finds that under the rules in force a candidate sends otherwise than
// the message that the trace has of it.
func (c *Cluster) wouldAsk(n *raft.Node, m *raft.RequestVote) {
	own := n.RequestVote()
	f := Fact{Node: n.ID, Rule: raft.C1, Term: m.Term, Own: n.CurrentTerm, At: endOf(m), Last: endOf(&own)}
	if n.CurrentTerm != m.Term { // a deviation: its elections have no new term
		f.What = DeviantTerm
		c.unexplained(numbers(f, "term", m.Term, n.CurrentTerm))
		c.act(Act{Kind: IsInTerm, Node: n.ID, Term: m.Term})
	} else if f.At != f.Last {
		f.What = DeviantLogEnd
		c.unexplained(otherEnd(f))
	}
}

// endOf is what a RequestVote says of its candidate's log.
func endOf(m *raft.RequestVote) raft.Mark {
	return raft.Mark{Index: m.LastLogIndex, Term: m.LastLogTerm}
}

// otherEnd fills in the figure by which a RequestVote misses the end of a log.
func otherEnd(f Fact) Fact {
	if f.Last.Index != f.At.Index {
		return numbers(f, "lastLogIndex", f.At.Index, f.Last.Index)
	}
	return numbers(f, "lastLogTerm", f.At.Term, f.Last.Term)
}

// timedOut takes in the timeouts that brought a node into a term.
func (c *Cluster) timedOut(n *raft.Node, term raft.Term) {
	was := n.CurrentTerm
	between := max(term, was+1) - was - 1
	c.senders.passed(n, was+1, was+between, c.at)
	c.skipped = between
	c.act(Act{Kind: Stands, Node: n.ID, Term: term})
	c.skipped = 0
	c.implied(Fact{What: TimedOut, Node: n.ID, Rule: raft.F2, Term: term, Own: was, Count: int(between) + 1})
}

// anyCandidate finds what keeps every Raft node from sending a RequestVote.
func anyCandidate(m *raft.RequestVote) (f Fact, bad bool) {
	f = Fact{Rule: raft.C1, Term: m.Term, Own: m.LastLogTerm, At: endOf(m), Field: "lastLogTerm", Says: Number(m.LastLogTerm)}
	switch {
	case m.Term == 0:
		f.What, f.Field, f.Says = TermIsZero, "term", Number(0)
	case (m.LastLogIndex == 0) != (m.LastLogTerm == 0):
		f.What = HalfAPlace
	case m.LastLogTerm >= m.Term:
		f.What = LastTermNotBelow
	default:
		return f, false
	}
	return f, true
}
