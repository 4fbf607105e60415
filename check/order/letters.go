package order

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file has the requests as the columns see them.

// A letter is a request as the columns see it: as far as its sheet tells what is in
// it.
type letter struct {
	from  raft.NodeID
	term  raft.Term
	last  raft.Mark // of a RequestVote
	vote  bool
	reads []reading // of an AppendEntries: what may have been sent
	index raft.Index
	value string
}

// A reading is an AppendEntries as its leader may have sent it. The paper form leaves
// the terms of entries to its log.
type reading struct {
	prev    raft.Mark
	entries []raft.Entry
}

// letterOf is a request that says all that the columns need; nil for anything else.
func letterOf(s *trace.Step) *letter {
	switch e := s.Event.(type) {
	case *trace.RequestVote:
		if e.Complete() {
			return &letter{from: e.CandidateID, term: e.Term.Value, vote: true, last: raft.Mark{Index: e.LastLogIndex.Value, Term: e.LastLogTerm.Value}}
		}
	case *trace.AppendEntries:
		l := &letter{from: e.LeaderID, term: e.Term.Value, index: e.Index.Value, value: e.Value.Value}
		switch {
		case !e.Term.Given():
		case e.Worksheet() && e.Value.Given():
			return l
		case e.Complete() && !e.Worksheet():
			l.reads = []reading{{raft.Mark{Index: e.PrevLogIndex.Value, Term: e.PrevLogTerm.Value}, trace.Entries(e.Entries.Value)}}
			return l
		}
	}
	return nil
}

// readings works out what may have been sent in the paper form. Every entry of a game
// from empty logs on was first sent by its own leader in a message of its own term,
// so that the messages have all the terms that it can be of.
func readings(sheets [][]*letter) {
	var all []*letter
	for _, letters := range sheets {
		for _, l := range letters {
			if l != nil && !l.vote {
				all = append(all, l)
			}
		}
	}
	terms := func(most raft.Term, at raft.Index, value *string) []raft.Term {
		seen := make(map[raft.Term]bool)
		var out []raft.Term
		add := func(t raft.Term) {
			if t <= most && !seen[t] {
				seen[t] = true
				out = append(out, t)
			}
		}
		for _, l := range all {
			if l.index == at && l.index > 0 && (value == nil || l.value == *value) {
				add(l.term)
			}
			for _, r := range l.reads {
				if at > r.prev.Index && at <= r.prev.Index+raft.Index(len(r.entries)) {
					add(r.entries[at-r.prev.Index-1].Term)
				}
			}
		}
		return out
	}
	for _, l := range all {
		if l.index == 0 {
			continue
		}
		before := []raft.Term{0}
		if l.index > 1 {
			before = terms(l.term, l.index-1, nil)
		}
		for _, prev := range before {
			for _, own := range terms(l.term, l.index, &l.value) {
				l.reads = append(l.reads, reading{raft.Mark{Index: l.index - 1, Term: prev}, []raft.Entry{{Term: own, Value: l.value}}})
			}
		}
	}
}
