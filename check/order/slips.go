package order

import (
	"cmp"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file takes messages of which a field is wrong, where no order has them as they
// are written.

// mostSlips is how many fields of one message may be wrong.
const mostSlips = 3

// slip takes a message that its sender could not send as it is written, but could
// with other values in some fields. Each of these costs 1. What was sent may be what
// is written, or what should have been: both are tried.
func (s *search) slip(st *state, plain move, cost int) {
	right := plain
	for range mostSlips {
		_, why, ok := s.play(st.cluster, move{step: plain.step, lost: plain.lost, unsaid: plain.unsaid, event: right.event})
		if ok {
			break
		}
		event := withField(cmp.Or(right.event, plain.Event), &why)
		if event == nil {
			return
		}
		right.event = event
		right.fields = append(right.fields[:len(right.fields):len(right.fields)], s.fieldCell(plain.step, why.Field))
		right.facts = append(right.facts[:len(right.facts):len(right.facts)], why)
	}
	written := right
	written.event = nil
	for _, m := range []move{right, written} {
		if p, _, ok := s.play(st.cluster, m); ok {
			s.offer(st, &p, cost)
		}
	}
}

// ownTerm takes entries that name another term than the one that their sender leads as
// of that one: as they are written, an election off the page would explain them.
func (s *search) ownTerm(st *state, plain move, cost int) {
	e, is := plain.Event.(*trace.AppendEntries)
	if !is || !s.slips[plain.step] || s.base.Unknown.Has(e.LeaderID) {
		return
	}
	n := st.cluster.Node(e.LeaderID)
	if n.Role != raft.Leader || !e.Term.Given() || e.Term.Value <= n.CurrentTerm {
		return
	}
	why := replay.Fact{Kind: replay.CannotBe, What: replay.NeverLed, Step: st.depth + 1, Node: n.ID, Rule: raft.C2, Field: "term",
		Term: e.Term.Value, Own: n.CurrentTerm, Says: replay.Number(e.Term.Value), Has: replay.Number(n.CurrentTerm)}
	right := plain
	right.event, right.fields, right.facts = withField(e, &why), []int{s.fieldCell(plain.step, "term")}, []replay.Fact{why}
	if p, _, ok := s.play(st.cluster, right); ok {
		s.offer(st, &p, cost)
	}
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
