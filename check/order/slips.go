package order

import (
	"cmp"
	"slices"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file takes messages of which a field is wrong, where no order has them as they
// are written.

// mostSlips is how many fields of one message may be wrong.
const mostSlips = 3

// A fix is a message with other values in some fields than are written, and a fact for
// each of these, which says what is written and what is right.
type fix struct {
	event trace.Event
	facts []replay.Fact
}

// slip takes a message that its sender could not send as it is written, but could
// with other values in some fields. Each of these costs 1. What was sent may be what
// is written, or what should have been: both are tried.
func (s *search) slip(st *state, plain move, cost int) {
	s.fixed(st.cluster, plain, fix{}, func(f fix) {
		right := plain
		right.event, right.facts, right.fields = f.event, f.facts, nil
		for _, why := range f.facts {
			right.fields = append(right.fields, s.fieldCell(plain.step, why.Field))
		}
		written := right
		written.event = nil
		for _, m := range []move{right, written} {
			if p, _, ok := s.play(st.cluster, m); ok {
				s.offer(st, &p, cost)
			}
		}
	})
}

// fixed yields the fixes of a message with which its sender could send it now.
func (s *search) fixed(c *replay.Cluster, plain move, so fix, yield func(fix)) {
	_, why, ok := s.play(c, move{step: plain.step, lost: plain.lost, unsaid: plain.unsaid, event: so.event})
	switch {
	case ok && so.event != nil:
		yield(so)
	case !ok && len(so.facts) < mostSlips:
		event := cmp.Or(so.event, plain.Event)
		sender, _ := plain.Sender()
		for _, f := range fixes(c.Node(sender), event, &why) {
			known := func(of replay.Fact) bool {
				return slices.ContainsFunc(so.facts, func(had replay.Fact) bool { return had.Field == of.Field })
			}
			if len(f.facts) > 0 && !slices.ContainsFunc(f.facts, known) {
				f.facts = slices.Concat(so.facts, f.facts)
				s.fixed(c, plain, f, yield)
			}
		}
	}
}

// fixes are the ways to set right what a fact says is wrong with a message of a node's.
func fixes(n *raft.Node, event trace.Event, why *replay.Fact) []fix {
	switch e := event.(type) {
	case *trace.RequestVote:
		if n != nil && (why.Field == "lastLogIndex" || why.Field == "lastLogTerm") {
			return []fix{ownEnd(n, e)}
		}
		if next := *why; why.What == replay.NeverStood {
			next.Has = replay.Number(why.Own + 1)
			why = &next
		}
	case *trace.AppendEntries:
		if n != nil && e.Worksheet() {
			return worksheetFixes(n, e, why)
		}
	}
	if right := withField(event, why); right != nil {
		return []fix{{right, []replay.Fact{*why}}}
	}
	return nil
}

// ownEnd is a RequestVote with the end of its candidate's log.
func ownEnd(n *raft.Node, e *trace.RequestVote) fix {
	own, last := *e, n.Log.Last()
	f := fix{event: &own}
	why := replay.Fact{Kind: replay.CannotBe, What: replay.LogEndsElsewhere, Node: n.ID, Rule: raft.C1, Term: e.Term.Value, Own: n.CurrentTerm,
		At: raft.Mark{Index: e.LastLogIndex.Value, Term: e.LastLogTerm.Value}, Last: last}
	if e.LastLogIndex.Value != last.Index {
		own.LastLogIndex = trace.OptOf(last.Index)
		why.Field, why.Says, why.Has = "lastLogIndex", replay.Number(e.LastLogIndex.Value), replay.Number(last.Index)
		f.facts = append(f.facts, why)
	}
	if e.LastLogTerm.Value != last.Term {
		own.LastLogTerm = trace.OptOf(last.Term)
		why.Field, why.Says, why.Has = "lastLogTerm", replay.Number(e.LastLogTerm.Value), replay.Number(last.Term)
		f.facts = append(f.facts, why)
	}
	return f
}

// worksheetFixes are those of an entry in the form's short way: an entry that its leader
// has at another index may have slipped there, or its value may be another.
func worksheetFixes(n *raft.Node, e *trace.AppendEntries, why *replay.Fact) []fix {
	var out []fix
	if right := withField(e, why); right != nil {
		out = append(out, fix{right, []replay.Fact{*why}})
	}
	if why.Field != "index" && why.Field != "entries" {
		return out
	}
	for i := n.Log.LastIndex(); i > n.Log.Snapshot().Index; i-- {
		if i == e.Index.Value || n.Log.Entry(i).Value != e.Value.Value {
			continue
		}
		own := *e
		own.Index = trace.OptOf(i)
		out = append(out, fix{&own, []replay.Fact{{Kind: replay.CannotBe, What: replay.EntryElsewhere, Node: n.ID, Rule: raft.L3, Field: "index",
			At: n.Log.Mark(i), Mine: replay.EntryAt(n.Log, i), Says: replay.Number(e.Index.Value), Has: replay.Number(i)}}})
	}
	return out
}

// withField gives a message with the field of a fact as the fact says that it is; nil
// where the fact says nothing of the kind.
func withField(event trace.Event, f *replay.Fact) trace.Event {
	has, isNumber := f.Has.(replay.Number)
	switch e := event.(type) {
	case *trace.RequestVote:
		own := *e
		switch {
		case !isNumber:
			return nil
		case f.Field == "term":
			own.Term = trace.OptOf(raft.Term(has))
		case f.Field == "lastLogIndex":
			own.LastLogIndex = trace.OptOf(raft.Index(has))
		case f.Field == "lastLogTerm":
			own.LastLogTerm = trace.OptOf(raft.Term(has))
		default:
			return nil
		}
		return &own
	case *trace.AppendEntries:
		own := *e
		entry, isEntry := f.Has.(replay.Entry)
		switch {
		case isEntry && f.Field == "entries" && e.Worksheet():
			own.Value = trace.OptOf(entry.Value)
		case !isNumber:
			return nil
		case f.Field == "term":
			own.Term = trace.OptOf(raft.Term(has))
		case f.Field == "leaderCommit":
			own.LeaderCommit = trace.OptOf(raft.Index(has))
		case f.Field == "prevLogIndex":
			own.PrevLogIndex = trace.OptOf(raft.Index(has))
		case f.Field == "prevLogTerm" && !e.Worksheet():
			own.PrevLogTerm = trace.OptOf(raft.Term(has))
		case f.Field == "index":
			own.Index = trace.OptOf(raft.Index(has))
		default:
			return nil
		}
		return &own
	}
	return nil
}
