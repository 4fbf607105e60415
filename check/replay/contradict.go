package replay

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file holds unknown nodes to themselves. What one sends or answers is taken
// as given only as long as one Raft node could send all of it; the state that it
// has is not known, but some of it shows.

// vote judges a RequestVote of an unknown candidate: a candidacy has one log end,
// and what its sender sends as leader of the term grows from there.
func (k *claims) vote(c *Cluster, m *raft.RequestVote) {
	at, says := stand{m.CandidateID, m.Term}, endOf(m)
	if !k.forItself(c, at, "candidateId") {
		return
	}
	was, known := k.ends[at]
	if !known {
		k.ends[at] = claim{mark: says, step: c.at}
		if f, bad := k.endFits(c, at, says); bad {
			c.impossible(f)
		}
		return
	}
	if was.mark != says {
		c.impossible(otherEnd(Fact{What: OtherEnd, Node: m.CandidateID, Rule: raft.C1, Term: m.Term, At: says, Last: was.mark, Since: was.step}))
	}
}

// endFits holds the end of a candidate's log against what it has sent as leader of
// that term: the entry there, and after it none of an earlier term.
func (k *claims) endFits(c *Cluster, at stand, says raft.Mark) (f Fact, bad bool) {
	if says.Index > 0 {
		if f, bad := k.same(c, claimed{at, says.Index}, raft.Entry{Term: says.Term}, "lastLogTerm"); bad {
			f.Node = at.node
			return f, true
		}
	}
	next, known := k.entries[claimed{at, says.Index + 1}]
	f = Fact{What: OtherEntry, Node: at.node, Rule: raft.C1, Term: at.term, At: raft.Mark{Index: says.Index + 1}, Since: next.step,
		Field: "lastLogIndex", Says: None{}, Has: Entry(next.entry), Mine: Entry(next.entry)}
	return f, known && next.entry.Term < at.term
}

// forItself takes in that an unknown node stood for election in a term: it was in
// that term, and its vote was its own.
func (k *claims) forItself(c *Cluster, at stand, field string) bool {
	if was := k.grants[at]; was.step > 0 && was.node != at.node {
		c.impossible(Fact{What: GrantsTwice, Node: at.node, Other: was.node, Rule: raft.C1, Term: at.term, Since: was.step, Field: field, Says: Node(at.node)})
		return false
	}
	k.grants[at] = claim{node: at.node, step: c.at}
	k.reached(at, c.at)
	return true
}

// reached takes in that a node has come to a term.
func (k *claims) reached(at stand, step int) {
	if last, ok := k.terms[at.node]; !ok || at.term > last.term {
		k.terms[at.node] = claim{term: at.term, step: step}
	}
}

// event judges an answer of an unknown node that arrives late. It may have been
// given long ago, but the node has one vote a term all the same.
func (k *claims) event(c *Cluster, a answer, f Fact) (_ Fact, bad bool) {
	at := stand{a.from, a.term}
	switch was := k.grants[at]; {
	case a.term == 0: // no request has that term
		f.What = NeverAnswered
		return f, true
	case a.vote && a.ok && was.step > 0 && was.node != a.to:
		f.What, f.Rule, f.Other, f.Since = GrantsTwice, raft.RV2a, was.node, was.step
		f.Field, f.Says, f.Has = "voteGranted", Bool(true), Bool(false)
		return f, true
	case a.vote && a.ok:
		k.grants[at] = claim{node: a.to, step: c.at}
	case a.ok && a.match >= k.acked[at].mark.Index:
		k.acked[at] = claim{mark: raft.Mark{Index: a.match}, step: c.at}
	}
	k.reached(at, c.at)
	return f, false
}

// lead judges an AppendEntries of an unknown leader, which has had its own vote.
func (k *claims) lead(c *Cluster, d *draft) {
	if k.forItself(c, stand{d.m.LeaderID, d.m.Term}, "leaderId") {
		k.append(c, d)
	}
}

// append judges an AppendEntries of an unknown leader: in one term it has one log,
// an index and a term name one entry everywhere, and what was committed in an
// earlier term is in its log.
func (k *claims) append(c *Cluster, d *draft) {
	if f, bad := k.contradiction(c, d); bad {
		f.Node = d.m.LeaderID
		c.impossible(f)
	}
}

func (k *claims) contradiction(c *Cluster, d *draft) (f Fact, bad bool) {
	at := stand{d.m.LeaderID, d.m.Term}
	if prev := d.m.PrevLogIndex; prev > 0 {
		if f, bad := k.place(c, claimed{at, prev}, raft.Entry{Term: d.m.PrevLogTerm}, d.field("prevLogTerm")); bad {
			return f, true
		}
	}
	before := raft.Mark{Index: d.m.PrevLogIndex, Term: d.m.PrevLogTerm}
	for i, e := range d.entries {
		index := d.m.PrevLogIndex + raft.Index(i) + 1
		if f, bad := k.place(c, claimed{at, index}, e, "entries"); bad {
			return f, true
		}
		if f, bad := k.mark(c, raft.Mark{Index: index, Term: e.Term}, e, before); bad {
			return f, true
		}
		before = raft.Mark{Index: index, Term: e.Term}
	}
	return f, false
}

// place holds an entry against what the same leader has sent of its log in the
// same term, and against what is committed at its index.
func (k *claims) place(c *Cluster, at claimed, e raft.Entry, field string) (f Fact, bad bool) {
	if f, bad := k.same(c, at, e, field); bad {
		return f, true
	}
	f = Fact{Rule: raft.L3, Field: field, Term: at.term, At: raft.Mark{Index: at.at, Term: e.Term}, Says: sayEntry(e, field)}
	if end, stood := k.ends[at.stand]; stood && (at.at > end.mark.Index) != (e.Term == at.term) {
		f.What, f.Rule, f.Last, f.Since = OtherEnd, raft.C1, end.mark, end.step
		return f, true
	}
	if int(at.at) <= len(c.safe.committed) {
		if done := c.safe.committed[at.at-1]; done.term < at.term && done.known(at.at) && !done.log.Entry(at.at).Matches(e) {
			f.What, f.Mine, f.Has, f.Own, f.Other = CommittedMissing, Entry(done.log.Entry(at.at)), sayEntry(done.log.Entry(at.at), field), done.term, done.node
			return f, true
		}
	}
	return f, false
}

// same holds an entry against what the same node has said of its index in the
// same term. An entry whose value is not told, as that of prevLogTerm, is one of
// its term.
func (k *claims) same(c *Cluster, at claimed, e raft.Entry, field string) (f Fact, bad bool) {
	was, known := k.entries[at]
	switch {
	case !known:
		k.entries[at] = claim{entry: e, step: c.at}
	case !was.entry.Matches(e):
		return Fact{What: OtherEntry, Rule: raft.L3, Field: field, Term: at.term, At: raft.Mark{Index: at.at, Term: e.Term}, Since: was.step,
			Says: sayEntry(e, field), Mine: Entry(was.entry), Has: sayEntry(was.entry, field)}, true
	case was.entry.Value == "":
		k.entries[at] = claim{entry: e, step: was.step}
	}
	return f, false
}

// mark holds an entry against every other of its index and term, in messages of
// unknown nodes and in the logs of known ones.
func (k *claims) mark(c *Cluster, at raft.Mark, e raft.Entry, before raft.Mark) (f Fact, bad bool) {
	f = Fact{Rule: raft.L2, Field: "entries", At: at, Says: Entry(e), Term: before.Term}
	was, known := k.marks[at]
	if held := c.safe.entries.at(at); !known && held != nil {
		was, known = claim{entry: held.log.Entry(at.Index), mark: held.log.Mark(at.Index - 1), node: held.node}, true
	}
	switch {
	case !known:
		k.marks[at] = claim{entry: e, mark: before, step: c.at}
	case !was.entry.Matches(e):
		f.What, f.Mine, f.Has, f.Other, f.Since = OtherValue, Entry(was.entry), Entry(was.entry), was.node, was.step
		return f, true
	case was.mark != before:
		f.What, f.Own, f.Other, f.Since = OtherPredecessor, was.mark.Term, was.node, was.step
		return f, true
	}
	return f, false
}

// fresh holds the entries that a known leader is to append against what unknown
// nodes have sent.
func (k *claims) fresh(c *Cluster, n *raft.Node, entries []raft.Entry) (f Fact, bad bool) {
	before := n.Log.Last()
	for _, e := range entries {
		at := raft.Mark{Index: before.Index + 1, Term: e.Term}
		if _, known := k.marks[at]; known {
			if f, bad := k.mark(c, at, e, before); bad {
				f.Node = n.ID
				return f, true
			}
		}
		before = at
	}
	return f, false
}

// deposing is the node whose refusal, of a term that is not written, may have
// deposed a leader of a term.
func (k *claims) deposing(leader raft.NodeID, term raft.Term) (from raft.NodeID, ok bool) {
	for _, p := range k.pending {
		if p.sender == leader && p.term == term {
			return p.fact.Node, true
		}
	}
	return raft.NoNode, false
}

// sayEntry is what a message says of an entry: prevLogTerm and lastLogTerm tell its
// term alone.
func sayEntry(e raft.Entry, field string) Value {
	if field != "entries" {
		return Number(e.Term)
	}
	return Entry(e)
}

// goesOn takes in that a node sends in a term: a refusal without a term that
// reached it in that term was not of a higher one. A request for votes may be a
// late copy, and tells nothing of that; nor does any message of an earlier term.
func (k *claims) goesOn(c *Cluster, sender raft.NodeID, term raft.Term, leads bool) {
	var left []pending
	for _, p := range k.pending {
		switch {
		case p.sender == sender && p.term == term && leads:
			c.run.facts = append(c.run.facts, p.fact)
		case p.sender == sender && p.term < term:
		default:
			left = append(left, p)
		}
	}
	k.pending = left
}

// suspect keeps a refusal without a term that only a higher term explains. It
// deposes its sender, if it reaches it in the request's term.
func (k *claims) suspect(c *Cluster, f Fact, d *Delivery) {
	sender, _ := c.cur.Trace.Sender()
	if n := c.Node(sender); c.cur.returns(d) && (n == nil || n.CurrentTerm == d.Request.Term()) {
		k.pending = append(k.pending, pending{f, sender, d.Request.Term()})
	}
}

// answer judges the answer of an unknown node, as the cell has it.
func (k *claims) answer(c *Cluster, d *Delivery, cell *trace.Cell) {
	at := stand{d.To, d.Request.Term()}
	f := Fact{Kind: CannotBe, Node: d.To, Step: c.at, Pos: cell.Pos, Field: "term", Term: at.term, Own: d.Term, Rule: raft.A2}
	sender, _ := c.cur.Trace.Sender()
	last, answered := k.terms[d.To]
	switch {
	case cell.Term.Given() && d.Term < at.term:
		f.What, f.Says = AnswerTermBelow, Number(d.Term)
	case cell.Term.Given() && d.OK && d.Term != at.term:
		f.What, f.Says = AgreesInOther, Number(d.Term)
	case answered && d.Term < last.term:
		f.What, f.Term, f.Since, f.Says, f.Has = TermFell, last.term, last.step, Number(d.Term), Number(last.term)
		if !d.OK && !cell.Term.Given() {
			k.suspect(c, f, d)
			return
		}
	case d.Term == at.term && d.OK && d.Vote != nil && k.grants[at].step > 0 && k.grants[at].node != sender:
		f.What, f.Rule, f.Other, f.Since = GrantsTwice, raft.RV2a, k.grants[at].node, k.grants[at].step
		f.Field, f.Says, f.Has = "voteGranted", Bool(true), Bool(false)
	case d.Term == at.term && !d.OK && d.Append != nil && k.cannotRefuse(at, d, &f):
		f.Field, f.Rule, f.Says, f.Has = "success", raft.AE2, Bool(false), Bool(true)
		if !cell.Term.Given() { // a higher term would explain it, and depose the sender
			k.suspect(c, f, d)
			return
		}
	default:
		k.taken(c, at, d, sender)
		return
	}
	c.cur.Possible = Impossible
	c.run.facts = append(c.run.facts, f)
}

// cannotRefuse reports whether a node that is in the request's term has no reason
// to refuse it.
func (k *claims) cannotRefuse(at stand, d *Delivery, f *Fact) bool {
	prev := d.Append.PrevLogIndex
	acked, ok := k.acked[at]
	switch {
	case prev == 0:
		f.What = RefusesStart
	case ok && prev <= acked.mark.Index:
		f.What, f.At.Index, f.Last, f.Since = RefusesConfirmed, prev, acked.mark, acked.step
	default:
		return false
	}
	return true
}

// taken takes an answer in.
func (k *claims) taken(c *Cluster, at stand, d *Delivery, sender raft.NodeID) {
	k.reached(stand{d.To, d.Term}, c.at)
	switch {
	case !d.OK || d.Term != at.term:
	case d.Vote != nil:
		k.grants[at] = claim{node: sender, step: c.at}
	case d.LastIndex() >= k.acked[at].mark.Index:
		k.acked[at] = claim{mark: raft.Mark{Index: d.LastIndex()}, step: c.at}
	}
}
