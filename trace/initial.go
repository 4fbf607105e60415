package trace

import (
	"raftsheet/raft"
	"raftsheet/trace/internal/source"
)

// checkInitial refuses what no node, or no two nodes together, can be.
func (p *parser) checkInitial() {
	leaders := make(map[raft.Term]raft.NodeID)
	for i := range p.t.Initial {
		st := &p.t.Initial[i]
		if p.t.Unknown.Has(st.Node) {
			p.errorf(st.Pos, "initial: node %s is unknown, so it cannot have a state here", p.t.Name(st.Node))
			continue
		}
		if p.t.Unread.Has(st.Node) {
			continue
		}
		before := p.wrong
		if st.LogFrom > 0 {
			p.errorf(st.Log.Pos, "initial: from has no place here; write the whole log, or a snapshot and what comes after it")
		}
		p.checkLog(st)
		if p.checkVolatile(st); p.wrong != before {
			p.unknownState(initialStates, st.Node)
			continue
		}
		if st.Role.Value != raft.Leader {
			continue
		}
		if other, two := leaders[st.StartTerm()]; two {
			p.errorf(st.Role.Pos, "initial: nodes %s and %s both lead term %d; a term has one leader (§5.2)",
				p.t.Name(other), p.t.Name(st.Node), st.StartTerm())
			p.unknownState(initialStates, other)
			p.unknownState(initialStates, st.Node)
			continue
		}
		leaders[st.StartTerm()] = st.Node
	}
	p.checkSameEntries()
}

// checkLog holds a node's terms against each other.
func (p *parser) checkLog(st *NodeState) {
	term, name := st.StartTerm(), p.t.Name(st.Node)
	base, last := int(st.Snapshot.Value.LastIncludedIndex.Value), st.Snapshot.Value.LastIncludedTerm.Value
	for i, e := range st.Log.Value {
		i += base
		switch {
		case e.Term == 0:
			p.errorf(e.Pos, "initial: entry %d of node %s has term 0; terms start at 1", i+1, name)
		case e.Term < last:
			p.errorf(e.Pos, "initial: the terms of a log never fall; node %s has term %d at index %d after term %d", name, e.Term, i+1, last)
		case e.Term > term && st.Term.Given():
			p.errorf(e.Pos, "initial: node %s has an entry of term %d, but its term is %d; a node's term is at least that of its entries", name, e.Term, term)
		}
		last = e.Term
	}
}

// checkVolatile holds a node's indexes and role against its log and term.
func (p *parser) checkVolatile(st *NodeState) {
	term, name := st.StartTerm(), p.t.Name(st.Node)
	end := st.Snapshot.Value.LastIncludedIndex.Value + raft.Index(len(st.Log.Value))
	if st.CommitIndex.Value > end {
		p.errorf(st.CommitIndex.Pos, "initial: node %s has commitIndex %d, but its log ends at index %d", name, st.CommitIndex.Value, end)
	}
	if st.LastApplied.Value > st.CommitIndex.Value {
		p.errorf(st.LastApplied.Pos, "initial: node %s has lastApplied %d above its commitIndex %d; only committed entries are applied",
			name, st.LastApplied.Value, st.CommitIndex.Value)
	}
	role := st.Role.Or(raft.Follower)
	switch vote := st.StartVote(); {
	case role != raft.Follower && term == 0:
		p.errorf(st.Role.Pos, "initial: node %s is a %s in term 0; the first election is for term 1", name, role)
	case role != raft.Follower && vote != st.Node:
		p.errorf(st.VotedFor.Pos, "initial: a %s has voted for itself in its term; node %s has votedFor %s", role, name, p.t.Name(vote))
	case term == 0 && vote != raft.NoNode:
		p.errorf(st.VotedFor.Pos, "initial: node %s has voted in term 0; the first vote is in term 1", name)
	}
	if role != raft.Leader {
		for _, o := range []Opt[[]NodeIndex]{st.NextIndex, st.MatchIndex} {
			if o.Given() {
				p.errorf(o.Pos, "initial: only a leader has nextIndex and matchIndex; node %s is a %s", name, role)
			}
		}
		return
	}
	p.checkProgress(st, end)
}

// checkProgress holds what a leader thinks of the others against its own log.
func (p *parser) checkProgress(st *NodeState, end raft.Index) {
	match := make(map[raft.NodeID]raft.Index)
	for _, m := range st.MatchIndex.Value {
		match[m.Node] = m.Index.Value
		if m.Index.Value > end {
			p.errorf(m.Index.Pos, "initial: matchIndex %d is past the end of the leader's log, index %d", m.Index.Value, end)
		}
	}
	for _, n := range st.NextIndex.Value {
		if !n.Index.Given() {
			continue
		}
		switch next := n.Index.Value; {
		case next < 1 || next > end+1:
			p.errorf(n.Index.Pos, "initial: nextIndex %d is out of range; it is at least 1 and at most %d, one past the leader's log", next, end+1)
		case next <= match[n.Node]:
			p.errorf(n.Index.Pos, "initial: nextIndex %d of node %s is not above its matchIndex %d", next, p.t.Name(n.Node), match[n.Node])
		}
	}
}

// checkSameEntries holds the logs against each other: an index and a term name
// one entry (Log Matching, §5.3).
func (p *parser) checkSameEntries() {
	type place struct {
		index int
		term  raft.Term
	}
	type holder struct {
		entry raft.Entry
		prev  raft.Term
		node  raft.NodeID
	}
	seen := make(map[place]holder)
	for i := range p.t.Initial {
		st := &p.t.Initial[i]
		if p.t.Unread.Has(st.Node) {
			continue
		}
		base, prev := int(st.Snapshot.Value.LastIncludedIndex.Value), st.Snapshot.Value.LastIncludedTerm.Value
		for j, e := range st.Log.Value {
			j += base
			at, h := place{j + 1, e.Term}, holder{e.Entry, prev, st.Node}
			switch other, ok := seen[at]; {
			case !ok || other.entry.Value == "" && other.prev == prev:
				seen[at] = h
			case !other.entry.Matches(e.Entry):
				p.errorf(e.Pos, "initial: nodes %s and %s have different entries %s and %s at index %d; a leader creates one entry at an index in its term (§5.3)",
					p.t.Name(other.node), p.t.Name(st.Node), source.Quote(other.entry.String()), source.Quote(e.String()), at.index)
				p.unknownState(initialStates, other.node)
				p.unknownState(initialStates, st.Node)
				return
			case other.prev != prev:
				p.errorf(e.Pos, "initial: nodes %s and %s both have an entry of term %d at index %d, but before it entries of terms %d and %d; logs that share an entry share all before it (Log Matching, §5.3)",
					p.t.Name(other.node), p.t.Name(st.Node), at.term, at.index, other.prev, prev)
				p.unknownState(initialStates, other.node)
				p.unknownState(initialStates, st.Node)
				return
			}
			prev = e.Term
		}
	}
}
