package replay

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file holds unknown nodes to themselves. What one sends or answers is taken
// as given only as long as one Raft node could send all of it; the state that it
// has is not known, but some of it shows.

// vote judges a RequestVote of an unknown candidate: a candidacy has one log end.
func (k *claims) vote(c *Cluster, m *raft.RequestVote) {
	at, says := stand{m.CandidateID, m.Term}, endOf(m)
	was, known := k.ends[at]
	if !known {
		k.ends[at] = claim{mark: says, step: c.at}
		return
	}
	if was.mark != says {
		c.impossible(otherEnd(Fact{What: OtherEnd, Node: m.CandidateID, Rule: raft.C1, Term: m.Term, At: says, Last: was.mark, Since: was.step}))
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

// place holds an entry against what the same leader has sent at its index in the
// same term, and against what is committed there. An entry whose value is not
// told, as that of prevLogTerm, is one of its term.
func (k *claims) place(c *Cluster, at claimed, e raft.Entry, field string) (f Fact, bad bool) {
	f = Fact{Rule: raft.L3, Field: field, Term: at.term, At: raft.Mark{Index: at.at, Term: e.Term}, Says: sayEntry(e, field)}
	if was, known := k.entries[at]; !known {
		k.entries[at] = claim{entry: e, step: c.at}
	} else if !was.entry.Matches(e) {
		f.What, f.Mine, f.Has, f.Since = OtherEntry, Entry(was.entry), sayEntry(was.entry, field), was.step
		return f, true
	} else if was.entry.Value == "" {
		k.entries[at] = claim{entry: e, step: was.step}
	}
	if int(at.at) <= len(c.safe.committed) {
		if done := c.safe.committed[at.at-1]; done.term < at.term && done.known(at.at) && !done.log.Entry(at.at).Matches(e) {
			f.What, f.Mine, f.Has, f.Own, f.Other = CommittedMissing, Entry(done.log.Entry(at.at)), sayEntry(done.log.Entry(at.at), field), done.term, done.node
			return f, true
		}
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

// sayEntry is what a message says of an entry: prevLogTerm tells its term alone.
func sayEntry(e raft.Entry, field string) Value {
	if field != "entries" {
		return Number(e.Term)
	}
	return Entry(e)
}

// goesOn takes in that a node sends in a term: a refusal without a term that
// reached it in that term was not of a higher one.
func (k *claims) goesOn(c *Cluster, sender raft.NodeID, term raft.Term) {
	var left []pending
	for _, p := range k.pending {
		switch {
		case p.sender != sender:
			left = append(left, p)
		case p.term == term:
			c.run.facts = append(c.run.facts, p.fact)
		}
	}
	k.pending = left
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
	case answered && d.Term < last.term && (d.OK || cell.Term.Given()):
		f.What, f.Term, f.Since, f.Says, f.Has = TermFell, last.term, last.step, Number(d.Term), Number(last.term)
	case d.Term == at.term && d.OK && d.Vote != nil && k.grants[at].step > 0 && k.grants[at].node != sender:
		f.What, f.Rule, f.Other, f.Since = GrantsTwice, raft.RV2a, k.grants[at].node, k.grants[at].step
		f.Field, f.Says, f.Has = "voteGranted", Bool(true), Bool(false)
	case d.Term == at.term && !d.OK && d.Append != nil && k.cannotRefuse(at, d, &f):
		f.Field, f.Rule, f.Says, f.Has = "success", raft.AE2, Bool(false), Bool(true)
		if !cell.Term.Given() { // a higher term would explain it, and depose the sender
			k.pending = append(k.pending, pending{f, sender, at.term})
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
	if last, ok := k.terms[d.To]; !ok || d.Term > last.term {
		k.terms[d.To] = claim{term: d.Term, step: c.at}
	}
	switch {
	case !d.OK || d.Term != at.term:
	case d.Vote != nil:
		k.grants[at] = claim{node: sender, step: c.at}
	case d.LastIndex() >= k.acked[at].mark.Index:
		k.acked[at] = claim{mark: raft.Mark{Index: d.LastIndex()}, step: c.at}
	}
}
