package replay

import "raftsheet/raft"

// anyLeader finds what keeps every Raft node from sending an AppendEntries.
func (c *Cluster) anyLeader(d *draft) (f Fact, bad bool) {
	m := &d.m
	f = Fact{Rule: raft.L3, Node: m.LeaderID, Term: m.Term, Own: m.PrevLogTerm, Field: d.field("prevLogTerm"),
		Says: Number(m.PrevLogTerm), At: raft.Mark{Index: m.PrevLogIndex, Term: m.PrevLogTerm}}
	switch {
	case m.Term == 0:
		f.What, f.Rule, f.Field, f.Says = TermIsZero, raft.C2, "term", Number(0)
		return f, true
	case (m.PrevLogIndex == 0) != (m.PrevLogTerm == 0):
		f.What = HalfAPlace
		return f, true
	case m.PrevLogTerm > m.Term:
		f.What = PrevTermAbove
		return f, true
	}
	last := m.PrevLogTerm
	for i, e := range d.entries {
		if what, bad := anyEntry(e, last, m.Term); bad {
			f.What, f.Rule, f.Field, f.Says, f.Own = what, raft.L2, "entries", Entry(e), last
			f.At = raft.Mark{Index: m.PrevLogIndex + raft.Index(i) + 1, Term: e.Term}
			return f, true
		}
		last = e.Term
	}
	if l, ok := c.senders.leaderOf[m.Term]; ok && l != m.LeaderID {
		f.What, f.Rule, f.Other = SecondLeader, raft.C2, l
		f.Field, f.Says, f.Has = "leaderId", Node(m.LeaderID), Node(l)
		return f, true
	}
	return f, false
}

// anyEntry finds what keeps an entry from following one of term last in a
// message of a term.
func anyEntry(e raft.Entry, last, message raft.Term) (what What, bad bool) {
	switch {
	case e.Term == 0:
		return EntryOfTermZero, true
	case e.Term > message:
		return EntryAboveMessage, true
	case e.Term < last:
		return EntryTermFalls, true
	}
	return what, false
}

// couldAppend judges an AppendEntries, and takes in what it implies.
func (c *Cluster) couldAppend(d *draft) {
	l, term := d.m.LeaderID, d.m.Term
	if f, bad := c.anyLeader(d); bad && !c.leadsAstray(l, term) {
		c.impossible(f)
		return
	}
	n := c.Node(l)
	if n == nil {
		c.cur.Possible = Given
		c.senders.lead(l, term)
		c.claims.lead(c, d)
		return
	}
	led := c.senders.leaderships[stand{l, term}]
	leads := n.Role == raft.Leader && n.CurrentTerm == term && c.isUp(l)
	switch {
	case leads:
	case led != nil:
		if c.fitsLog(d, led.log, led.commit, true) {
			c.implied(Fact{What: AppendIsLate, Node: l, Rule: raft.L3, Term: term, Since: led.since})
		}
		return
	case c.sentBefore(d):
		c.implied(Fact{What: SentBefore, Node: l, Rule: raft.L3, Term: term})
		c.senders.lead(l, term)
		c.claims.append(c, d)
		return
	case !c.isUp(l):
		c.unexplained(Fact{What: DownNeverLed, Node: l, Rule: raft.C2, Field: "leaderId", Term: term, Since: c.downBy[l-1]})
		return
	case !c.elect(n, term):
		return
	}
	c.fitsNow(d, n)
}

// leadsAstray reports whether a node leads a term under a deviation: what no Raft
// node sends, it may.
func (c *Cluster) leadsAstray(id raft.NodeID, term raft.Term) bool {
	n := c.Node(id)
	return c.run.Deviates() && n != nil && c.isUp(id) && n.Role == raft.Leader && n.CurrentTerm == term
}

// fitsNow holds a request against the log of its leader, and takes in the
// client requests that it implies.
func (c *Cluster) fitsNow(d *draft, n *raft.Node) {
	if d.perNode {
		c.fitsLog(d, n.Log, n.CommitIndex, false)
		return
	}
	fresh := d.entries
	have := max(n.Log.LastIndex(), d.m.PrevLogIndex) - d.m.PrevLogIndex
	fresh = fresh[min(int(have), len(fresh)):]
	known := *d
	known.entries = d.entries[:len(d.entries)-len(fresh)]
	if !c.fitsEntries(&known, n.Log, false) {
		return
	}
	for i, e := range fresh {
		if e.Term != d.m.Term {
			c.unexplained(Fact{What: NewOfOtherTerm, Node: n.ID, Rule: raft.L2, Field: "entries", Says: Entry(e), Has: None{},
				Term: d.m.Term, Last: n.Log.Last(), At: raft.Mark{Index: n.Log.LastIndex() + raft.Index(i) + 1, Term: e.Term}})
			return
		}
	}
	if f, bad := c.claims.fresh(c, n, fresh); bad {
		c.unexplained(f)
		return
	}
	c.clients(n, fresh)
	c.fitsCommit(d, n.Log, n.CommitIndex, false)
}

// clients takes in the client requests behind entries past a leader's log.
func (c *Cluster) clients(n *raft.Node, fresh []raft.Entry) {
	if len(fresh) == 0 {
		return
	}
	first := n.Log.LastIndex() + 1
	c.act(Act{Kind: Took, Node: n.ID, Entries: fresh, At: first})
	c.implied(Fact{What: TookCommands, Node: n.ID, Rule: raft.L2, Count: len(fresh), At: n.Log.Mark(first), Mine: EntryAt(n.Log, first)})
}

// fitsLog holds a request against a log and a commitIndex: those that its leader
// has, or had in the past.
func (c *Cluster) fitsLog(d *draft, log raft.Log, commit raft.Index, past bool) bool {
	return c.fitsEach(d, log, past) && c.fitsCommit(d, log, commit, past)
}

// fitsEach is fitsEntries for every node that the request is sent to, where it
// is not one request for all.
func (c *Cluster) fitsEach(d *draft, log raft.Log, past bool) bool {
	own := c.Node(d.m.LeaderID).Log
	switch {
	case !d.perNode:
		return c.fitsEntries(d, log, past)
	case log == own && !d.e.PrevLogTerm.Given():
		return true // taken from that very log
	}
	for to := range c.cur.Trace.Recipients(c.t.Size()).All() {
		one := *d
		one.m.PrevLogIndex, one.m.PrevLogTerm = c.prevFor(d, to)
		if !c.fitsEntries(&one, log, past) {
			return false
		}
	}
	return true
}

// fitsEntries holds prevLogTerm and the entries against a log.
func (c *Cluster) fitsEntries(d *draft, log raft.Log, past bool) bool {
	m := &d.m
	f := Fact{Node: m.LeaderID, Rule: raft.L3, Last: log.Last(), Past: past, Term: m.PrevLogTerm}
	switch prev, last, base := m.PrevLogIndex, log.LastIndex(), log.Snapshot(); {
	case prev < base.Index && d.snapshot:
		return true // an older one
	case prev == 0 && m.PrevLogTerm == 0 && m.LeaderCommit == 0 && len(d.entries) == 0:
		return true // a heartbeat that says who leads, and nothing of the log
	case prev < base.Index:
		f.What, f.At.Index, f.Last = Covered, prev, base
		c.unexplained(numbers(f, "prevLogIndex", prev, base.Index))
		return false
	case prev > last:
		f.What, f.At.Index = Gap, prev
		if d.e.Worksheet() {
			f = numbers(f, "index", prev+1, last+1)
		} else {
			f = numbers(f, d.field("prevLogIndex"), prev, last)
		}
		c.unexplained(f)
		return false
	case c.sentTerm(d, log) != m.PrevLogTerm:
		f.Own = c.sentTerm(d, log)
		f = numbers(f, d.field("prevLogTerm"), m.PrevLogTerm, f.Own)
		f.What, f.At = PrevTermDiffers, log.Mark(prev)
		right := f.At.Term == m.PrevLogTerm
		if right { // a deviation: it sends something else
			f.What = DeviantPrevTerm
		}
		c.unexplained(f)
		if !right {
			return false
		}
	}
	run := log.Truncate(m.PrevLogIndex + raft.Index(len(d.entries))).After(m.PrevLogIndex).Slice()
	for i, e := range d.entries {
		if i >= len(run) || !run[i].Matches(e) {
			at := m.PrevLogIndex + raft.Index(i) + 1
			f.What, f.Field, f.At = EntryDiffers, "entries", log.Mark(at)
			f.At.Index, f.Says, f.Has, f.Mine = at, Entry(e), EntryAt(log, at), EntryAt(log, at)
			c.unexplained(f)
			return false
		}
	}
	return true
}

// sentTerm is the prevLogTerm with which a leader that has this log sends a
// message's entries.
func (c *Cluster) sentTerm(d *draft, log raft.Log) raft.Term {
	m := &d.m
	if d.snapshot {
		return log.Term(m.PrevLogIndex)
	}
	return c.asLeader(c.Node(m.LeaderID), m.Term, log, 0, m.PrevLogIndex).PrevLogTerm
}

// fitsCommit holds leaderCommit against a commitIndex.
func (c *Cluster) fitsCommit(d *draft, log raft.Log, commit raft.Index, past bool) bool {
	if d.m.LeaderCommit <= commit {
		return true
	}
	n := c.Node(d.m.LeaderID)
	if !d.snapshot && d.m.LeaderCommit <= c.asLeader(n, d.m.Term, log, commit, d.m.PrevLogIndex).LeaderCommit {
		return true // a deviation
	}
	c.unexplained(numbers(Fact{What: CommitAbove, Node: n.ID, Rule: raft.L4, Past: past}, d.field("leaderCommit"), d.m.LeaderCommit, commit))
	return false
}

// elect makes the sender leader of a term by an election off the page, if the
// page leaves room for one.
func (c *Cluster) elect(n *raft.Node, term raft.Term) bool {
	f := Fact{Node: n.ID, Rule: raft.C2, Field: "leaderId", Says: Node(n.ID), Term: term, Own: n.CurrentTerm, Role: n.Role}
	majority := func(voters raft.NodeSet) int { return min(c.run.Rules.Majority(voters), byFigure2(voters)) }
	votes, need := n.Configuration.Tally(c.willing(n, term), majority)
	switch {
	case c.senders.asked[term]:
		if f.What = AskedNotElected; n.Role == raft.Candidate && n.CurrentTerm == term {
			f.What = AskedTooFewVotes
			f.Count, f.Need = n.Configuration.Tally(n.Votes, c.run.Rules.Majority)
		}
	case n.CurrentTerm > term:
		f.What = NeverLed
		f = numbers(f, "term", term, n.CurrentTerm)
	case n.CurrentTerm == term && n.VotedFor != raft.NoNode && n.VotedFor != n.ID:
		f.What, f.Other = VotedForOther, n.VotedFor
	case n.CurrentTerm == term && n.VotedFor == raft.NoNode && !c.freeAtStart(n.ID, term):
		f.What = EnteredTerm
	case votes < need:
		f.What, f.Count, f.Need = NoMajority, votes, need
	default:
		c.senders.unseen[stand{n.ID, term}] = true
		c.act(Act{Kind: Elected, Node: n.ID, Term: term})
		c.implied(Fact{What: ElectedUnseen, Node: n.ID, Rule: raft.C2, Term: term})
		return true
	}
	c.unexplained(f)
	return false
}

// willing gives the nodes that could have voted for a node in a term, itself
// among them: those that it could reach at some time since the first step, and
// that are free to vote for it. Unknown nodes are.
func (c *Cluster) willing(n *raft.Node, term raft.Term) raft.NodeSet {
	var voters raft.NodeSet
	for id := range c.all.All() {
		if id == n.ID || c.met[n.ID-1].Has(id) && c.wouldVote(id, n, term) {
			voters = voters.With(id)
		}
	}
	return voters
}

// wouldVote reports whether a node is free to vote for another in a term.
func (c *Cluster) wouldVote(id raft.NodeID, n *raft.Node, term raft.Term) bool {
	v := c.Node(id)
	if v == nil {
		return true
	}
	free := v.CurrentTerm < term ||
		v.CurrentTerm == term && (v.VotedFor == raft.NoNode || v.VotedFor == n.ID)
	return free && n.Log.Last().UpToDate(v.Log.Last())
}
