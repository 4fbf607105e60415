package order

import (
	"slices"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file has messages as their senders may have meant them. A wrong field need not
// make a message impossible: with a term too high by one, it is the answers that no
// longer fit, on every sheet. So each message may have been sent with another value in
// one field, of those that its sender could have sent then.

// mean takes the next message of a sheet with one field as its sender may have meant
// it, which costs 1.
func (s *search) mean(st *state, plain move, cost int) {
	sender, sends := plain.Sender()
	if !sends || st.cost >= s.best {
		return
	}
	n := st.cluster.Node(sender)
	if n == nil {
		return // nothing is known of it: what it sends is taken as given
	}
	var fixes []fix
	switch e := plain.Event.(type) {
	case *trace.RequestVote:
		fixes = s.meantVote(n, e)
	case *trace.AppendEntries:
		fixes = s.meantEntries(n, e)
	}
	for _, f := range fixes {
		m := plain
		m.event, m.facts, m.fields = f.event, f.facts, []int{s.fieldCell(plain.step, f.facts[0].Field)}
		if p, _, ok := s.play(st.cluster, m); ok {
			s.offer(st, &p, cost)
		}
	}
}

// meantVote are the requests for votes that a node may have meant: with the end of its
// own log, or in another term than it is in.
func (s *search) meantVote(n *raft.Node, e *trace.RequestVote) []fix {
	if !e.Complete() {
		return nil
	}
	own := ownEnd(n, e)
	switch len(own.facts) {
	case 0:
	case 1:
		return []fix{own} // in no other term has it another log now
	default:
		return nil
	}
	var out []fix
	for _, t := range s.written.terms {
		if t > n.CurrentTerm && t != e.Term.Value {
			why := meant(n, raft.C1, "term", replay.Number(e.Term.Value), replay.Number(t))
			if e.Term.Value <= n.CurrentTerm {
				why.What, why.Term = replay.NeverStood, e.Term.Value
			}
			out = append(out, fix{withField(e, &why), []replay.Fact{why}})
		}
	}
	return out
}

// meant is the fact that a field of a node's message says something else than fits the
// other sheets.
func meant(n *raft.Node, rule raft.Rule, field string, says, has replay.Value) replay.Fact {
	return replay.Fact{Kind: replay.CannotBe, What: replay.SaysOtherwise, Node: n.ID, Rule: rule, Field: field, Own: n.CurrentTerm, Says: says, Has: has}
}

// meantEntries are the entries that a leader may have meant: in its own term, with its
// own commitIndex, from another place of its log, or with the value that it has there.
func (s *search) meantEntries(n *raft.Node, e *trace.AppendEntries) []fix {
	var out []fix
	add := func(why replay.Fact) {
		if event := withField(e, &why); event != nil {
			out = append(out, fix{event, []replay.Fact{why}})
		}
	}
	number := func(what replay.What, rule raft.Rule, field string, says, has uint64) replay.Fact {
		why := meant(n, rule, field, replay.Number(says), replay.Number(has))
		if says > has {
			why.What, why.Term = what, raft.Term(says)
		}
		return why
	}
	if own := n.CurrentTerm; e.Term.Given() && e.Term.Value != own {
		add(number(replay.NeverLed, raft.C2, "term", uint64(e.Term.Value), uint64(own)))
		return out // in this term it sends nothing else
	}
	if own := n.CommitIndex; e.LeaderCommit.Given() && e.LeaderCommit.Value != own {
		add(number(replay.CommitAbove, raft.L4, "leaderCommit", uint64(e.LeaderCommit.Value), uint64(own)))
	}
	if e.Worksheet() {
		s.meantEntry(n, e, add)
		return out
	}
	if at := e.PrevLogIndex; at.Given() && at.Value <= n.Log.LastIndex() && e.PrevLogTerm.Given() {
		if own := n.Log.Term(at.Value); own != e.PrevLogTerm.Value {
			add(meant(n, raft.L3, "prevLogTerm", replay.Number(e.PrevLogTerm.Value), replay.Number(own)))
		}
	}
	for i := n.Log.Snapshot().Index; e.PrevLogIndex.Given() && i <= n.Log.LastIndex(); i++ {
		if i != e.PrevLogIndex.Value {
			add(meant(n, raft.L3, "prevLogIndex", replay.Number(e.PrevLogIndex.Value), replay.Number(i)))
		}
	}
	return out
}

// meantEntry adds what may be meant by an entry in the form's short way.
func (s *search) meantEntry(n *raft.Node, e *trace.AppendEntries, add func(replay.Fact)) {
	if !e.Index.Given() || !e.Value.Given() {
		return
	}
	last := n.Log.LastIndex()
	if e.Index.Value == last+1 {
		for _, value := range s.written.values[last+1] {
			if value != e.Value.Value {
				entry := func(value string) replay.Value { return replay.Entry(raft.Entry{Term: n.CurrentTerm, Value: value}) }
				add(meant(n, raft.L2, "entries", entry(e.Value.Value), entry(value)))
			}
		}
	}
	for i := n.Log.Snapshot().Index + 1; i <= last+1; i++ {
		switch {
		case i == e.Index.Value && i <= last && n.Log.Entry(i).Value != e.Value.Value:
			why := meant(n, raft.L3, "entries", replay.Entry(raft.Entry{Term: n.CurrentTerm, Value: e.Value.Value}), replay.EntryAt(n.Log, i))
			why.What, why.At, why.Mine = replay.EntryDiffers, n.Log.Mark(i), replay.EntryAt(n.Log, i)
			add(why)
		case i == e.Index.Value || i <= last && n.Log.Entry(i).Value != e.Value.Value:
		case i <= last:
			why := meant(n, raft.L3, "index", replay.Number(e.Index.Value), replay.Number(i))
			why.What, why.At, why.Mine = replay.EntryElsewhere, n.Log.Mark(i), replay.EntryAt(n.Log, i)
			add(why)
		default:
			add(meant(n, raft.L2, "index", replay.Number(e.Index.Value), replay.Number(i)))
		}
	}
}

// A vocabulary is what the sheets have somewhere, and a message may have meant.
type vocabulary struct {
	terms  []raft.Term             // in order, each once; the next one after each too
	values map[raft.Index][]string // by index, each once
}

func (g *Game) vocabulary() *vocabulary {
	v := &vocabulary{values: make(map[raft.Index][]string)}
	term := func(t raft.Term) { v.terms = append(v.terms, t, t+1) }
	term(0)
	value := func(at raft.Index, value string) {
		if !slices.Contains(v.values[at], value) {
			v.values[at] = append(v.values[at], value)
		}
	}
	for _, s := range g.base.Steps {
		switch e := s.Event.(type) {
		case *trace.RequestVote:
			term(e.Term.Value)
		case *trace.AppendEntries:
			if term(e.Term.Value); e.Index.Given() && e.Value.Given() {
				value(e.Index.Value, e.Value.Value)
			}
		}
		for i := range s.State {
			st := &s.State[i]
			term(st.Term.Value)
			for _, vote := range st.Terms.Value {
				term(vote.Term)
			}
			for j, e := range st.Log.Value {
				value(max(st.LogFrom, 1)+raft.Index(j), e.Value)
			}
		}
	}
	slices.Sort(v.terms)
	v.terms = slices.Compact(v.terms)
	return v
}
