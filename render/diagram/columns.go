package diagram

import (
	"slices"

	"raftsheet/raft"
)

// places are the indexes that a picture of logs should show.
type places struct {
	wanted []raft.Index
	last   raft.Index
}

// want asks for indexes; 0 is none, and those past the last are not shown.
func (p *places) want(is ...raft.Index) {
	for _, i := range is {
		if i > 0 {
			p.wanted = append(p.wanted, i)
		}
	}
}

// reach asks for the ends of logs.
func (p *places) reach(logs ...raft.Log) {
	for _, l := range logs {
		p.want(l.LastIndex())
		p.last = max(p.last, l.LastIndex())
	}
}

// add asks for where something happens in a log: its ends, its commitIndex, and
// where it leaves the longest one.
func (p *places) add(s *raft.State, longest raft.Log) {
	end, commit, base := s.Log.LastIndex(), s.CommitIndex, s.Log.Snapshot().Index
	p.reach(s.Log)
	p.want(1, 2, base, base+1, commit)
	if end > 0 {
		p.want(end - 1)
	}
	if shared := s.Log.Shared(longest); shared < longest.LastIndex() {
		p.want(shared, shared+1)
	}
}

// columns gives at most so many columns for the indexes from first on: all of
// them where there are no more, or else those that are wanted, and what is next
// to them. Where some are left out a column stands for them.
func (p *places) columns(first raft.Index, most int) []Column {
	if p.last < first {
		return nil
	}
	var shown []raft.Index
	if p.last-first < raft.Index(most) {
		for i := first; i <= p.last; i++ {
			shown = append(shown, i)
		}
	} else {
		shown = p.pick(first, most)
	}
	var out []Column
	for next := raft.Index(1); len(shown) > 0; shown = shown[1:] {
		switch gap := shown[0] - next; {
		case gap == 1:
			out = append(out, Column{Index: next})
		case gap > 1:
			out = append(out, Column{next, true})
		}
		out = append(out, Column{Index: shown[0]})
		next = shown[0] + 1
	}
	return out
}

// pick gives the wanted indexes, the first and the last of them if there are too
// many. Room that is left goes to those next to the last one.
func (p *places) pick(first raft.Index, most int) []raft.Index {
	for _, i := range p.wanted {
		if i < first {
			first = max(i, 1)
		}
	}
	is := slices.DeleteFunc(append([]raft.Index{p.last}, p.wanted...), func(i raft.Index) bool { return i > p.last })
	slices.Sort(is)
	is = slices.Compact(is)
	if len(is) > most {
		return slices.Delete(is, most/2, len(is)-most/2)
	}
	for i := p.last; i >= first && len(is) < most; i-- {
		if at, has := slices.BinarySearch(is, i); !has {
			is = slices.Insert(is, at, i)
		}
	}
	return is
}
