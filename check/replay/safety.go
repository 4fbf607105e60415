package replay

import (
	"cmp"
	"maps"
	"slices"

	"raftsheet/raft"
)

// safety watches the five properties of Figure 3 as the nodes change. Each is
// reported where it first breaks. What a check costs grows with what changed,
// not with the logs.
type safety struct {
	c      *Cluster
	last   []watched // by NodeID-1
	broken map[Property]bool

	// Log Matching: each index and term has one entry, and one entry before
	// it. The log that is kept ends with that entry. From this, that logs
	// which share an entry share all before it follows by induction.
	entries entryTable

	// State Machine Safety: what was first committed at each index.
	committed []commitment
}

// watched is what of a node was checked last. What it has committed is what it
// knows to be, or has applied, of its log: under a deviation the two may differ.
type watched struct {
	log    raft.Log
	commit raft.Index
	role   raft.Role
	term   raft.Term
}

// A commitment is an entry that some node first held committed. The log ends
// with it; as long as only snapshots cover it, nobody knows what it is.
type commitment struct {
	log  raft.Log
	node raft.NodeID
	term raft.Term // the node's currentTerm then
}

// known reports whether it is known what was committed, at that index.
func (c *commitment) known(at raft.Index) bool { return c.log.Has(at) }

// holds reports whether a log has this very entry at an index, or a snapshot that
// covers it.
func holds(log raft.Log, at raft.Index, e raft.Entry) bool {
	return at <= log.Snapshot().Index || log.Has(at) && log.Entry(at).Matches(e)
}

func (s *safety) init(c *Cluster) {
	room := len(c.t.Steps) // as many as a trace with an entry a step comes to
	*s = safety{c: c, last: make([]watched, len(c.nodes)), broken: make(map[Property]bool),
		entries:   entryTable{first: make([]held, 0, room), others: make(map[raft.Mark]*held)},
		committed: make([]commitment, 0, room)}
}

// clone gives a copy that goes on by itself, not tied to a cluster yet.
func (s *safety) clone() safety {
	d := *s
	d.last, d.broken, d.committed = slices.Clone(s.last), maps.Clone(s.broken), slices.Clone(s.committed)
	d.entries.first = slices.Clone(s.entries.first)
	d.entries.others = make(map[raft.Mark]*held, len(s.entries.others))
	for at, h := range s.entries.others {
		own := *h
		d.entries.others[at] = &own
	}
	return d
}

// begin takes in the initial states, the lowest terms first: who is in a lower
// term committed in a lower term.
func (s *safety) begin() {
	order := make([]*raft.Node, 0, len(s.c.nodes))
	for _, n := range s.c.nodes {
		if n != nil {
			order = append(order, n)
		}
	}
	slices.SortStableFunc(order, func(a, b *raft.Node) int { return cmp.Compare(a.CurrentTerm, b.CurrentTerm) })
	for _, n := range order {
		s.newEntries(n, 0)
		s.newCommits(n, 0)
	}
	for _, n := range order {
		if n.Role == raft.Leader {
			s.newLeader(n)
		}
		s.last[n.ID-1] = watch(n)
	}
}

func watch(n *raft.Node) watched {
	commit := min(max(n.CommitIndex, n.LastApplied), n.Log.LastIndex())
	return watched{n.Log, commit, n.Role, n.CurrentTerm}
}

// check takes in what a node has become.
func (s *safety) check(n *raft.Node) {
	was, now := s.last[n.ID-1], watch(n)
	if was == now {
		return
	}
	s.last[n.ID-1] = now
	if was.log != now.log {
		kept := max(sharedOrEqual(was.log, now.log), min(now.log.Snapshot().Index, was.log.LastIndex()))
		s.deleted(n, was, kept)
		s.newEntries(n, kept)
	}
	if now.commit > was.commit {
		known := raft.Index(len(s.committed))
		s.newCommits(n, was.commit)
		s.inLeaders(n, known)
	}
	if now.role == raft.Leader && (was.role != raft.Leader || was.term != now.term) {
		s.newLeader(n)
	}
}

// sharedOrEqual gives the number of entries, from index 1, that two logs have in
// common: one and the same copy, or another of the same.
func sharedOrEqual(a, b raft.Log) raft.Index {
	i := a.Shared(b)
	for most := min(a.LastIndex(), b.LastIndex()); i < most && a.Entry(i+1) == b.Entry(i+1); {
		i++
	}
	return i
}

// breaks reports that a property broke, once.
func (s *safety) breaks(f Fact) {
	f.Kind = Breaks
	if p := f.Property(); !s.broken[p] {
		s.broken[p] = true
		s.c.found(f)
	}
}

// deleted: a leader never deletes an entry, and nobody a committed one.
func (s *safety) deleted(n *raft.Node, was watched, kept raft.Index) {
	if kept == was.log.LastIndex() {
		return
	}
	gone := kept + 1
	f := Fact{Node: n.ID, At: was.log.Mark(gone), Says: Entry(was.log.Entry(gone)), Term: n.CurrentTerm}
	if was.role == raft.Leader && n.Role == raft.Leader && was.term == n.CurrentTerm {
		f.What = LeaderDeletes
		s.breaks(f)
	}
	// What a disk has lost is lost on that node alone; it breaks nothing by itself.
	if gone <= was.commit && !s.c.cur.restarts(n.ID) {
		f.What, f.Mine = CommittedDeleted, EntryAt(n.Log, gone)
		f.Last.Index = was.commit
		f.Past = n.CommitIndex < gone // a deviation
		f.Other, _ = s.c.cur.Trace.Sender()
		s.breaks(f)
	}
}

// newEntries: an index and a term name one entry, with one entry before it.
func (s *safety) newEntries(n *raft.Node, kept raft.Index) {
	kept = max(kept, n.Log.Snapshot().Index)
	for log := n.Log; log.LastIndex() > kept; log = log.Truncate(log.LastIndex() - 1) {
		i := log.LastIndex()
		other := s.entries.at(log.Last())
		if other != nil && other.log == log {
			return // and so is all before it known
		}
		if other == nil {
			s.entries.add(held{log, n.ID})
			continue
		}
		mine, theirs, before := log.Entry(i), other.log.Entry(i), other.log.Term(i-1)
		f := Fact{Node: n.ID, Other: other.node, At: log.Last(), Mine: Entry(mine), Says: Entry(theirs), Own: log.Term(i - 1), Term: before}
		switch {
		case !mine.Matches(theirs):
			f.What = TwoEntries
			s.breaks(f)
		case before != log.Term(i-1):
			f.What = TwoPredecessors
			s.breaks(f)
		case theirs.Value == "":
			*other = held{log, n.ID} // the same, and its value is known
		}
	}
}

// held is an entry and the node that was the first to hold it. The log ends
// with the entry.
type held struct {
	log  raft.Log
	node raft.NodeID
}

// An entryTable has the entry of each index and term that a node has held. Most
// indexes see one term alone, and a slice is nearer at hand than a map.
type entryTable struct {
	first  []held // by index-1: the first entry that was held there
	others map[raft.Mark]*held
}

// at gives the entry of an index and term, nil if none is known.
func (t *entryTable) at(m raft.Mark) *held {
	if int(m.Index) <= len(t.first) {
		if h := &t.first[m.Index-1]; h.log.LastTerm() == m.Term && h.node != raft.NoNode {
			return h
		}
	}
	return t.others[m]
}

// add takes in an entry of an index and term that none is known of. The entries
// of a log come last one first.
func (t *entryTable) add(h held) {
	last := h.log.Last()
	for int(last.Index) > len(t.first) {
		t.first = append(t.first, held{})
	}
	if at := &t.first[last.Index-1]; at.node == raft.NoNode {
		*at = h
		return
	}
	t.others[last] = &h
}

// newCommits: no two nodes ever commit different entries at an index.
func (s *safety) newCommits(n *raft.Node, from raft.Index) {
	to := watch(n).commit
	known := raft.Index(len(s.committed))
	for i := known; i < to; i++ {
		s.committed = append(s.committed, commitment{node: n.ID, term: n.CurrentTerm})
	}
	differs := raft.Index(0)
	from = max(from, n.Log.Snapshot().Index)
	for log := n.Log.Truncate(to); log.LastIndex() > from; log = log.Truncate(log.LastIndex() - 1) {
		i := log.LastIndex()
		first := &s.committed[i-1]
		if i > known || !first.known(i) {
			first.log = log
			continue
		}
		if first.log == log {
			break
		}
		if !first.log.Entry(i).Matches(log.Entry(i)) {
			differs = i
		}
	}
	if differs > 0 {
		first := s.committed[differs-1]
		s.breaks(Fact{What: CommitsDiffer, Node: n.ID, Other: first.node, At: n.Log.Mark(differs),
			Mine: Entry(n.Log.Entry(differs)), Says: Entry(first.log.Entry(differs))})
	}
}

// inLeaders: what is committed first by this node, past an index, is in the log
// of every leader of a higher term that there is already.
func (s *safety) inLeaders(n *raft.Node, known raft.Index) {
	at := raft.Index(len(s.committed))
	if at <= known {
		return
	}
	for _, l := range s.c.nodes {
		if l != nil && l.Role == raft.Leader && l.CurrentTerm > n.CurrentTerm && at > n.Log.Snapshot().Index && !holds(l.Log, at, n.Log.Entry(at)) {
			s.breaks(Fact{What: LeaderLacks, Node: n.ID, Other: l.ID, At: n.Log.Mark(at), Own: n.CurrentTerm, Term: l.CurrentTerm,
				Mine: Entry(n.Log.Entry(at)), Says: EntryAt(l.Log, at)})
		}
	}
}

// newLeader: a term has one leader, and a leader has every entry that was
// committed in a term before its own.
func (s *safety) newLeader(n *raft.Node) {
	if first := s.c.senders.leaderOf[n.CurrentTerm]; first != raft.NoNode && first != n.ID {
		s.breaks(Fact{What: BothLead, Node: n.ID, Other: first, Term: n.CurrentTerm})
	}
	for i := len(s.committed); i > 0; i-- {
		c := s.committed[i-1]
		if c.term >= n.CurrentTerm {
			continue
		}
		at := raft.Index(i)
		if c.known(at) && !holds(n.Log, at, c.log.Entry(at)) || n.Log.LastIndex() < at {
			s.breaks(Fact{What: LeaderIsIncomplete, Node: n.ID, Other: c.node, At: raft.Mark{Index: at}, Own: n.CurrentTerm, Term: c.term,
				Mine: EntryAt(n.Log, at), Says: EntryAt(c.log, at)})
		}
		return
	}
}

// leadersMeet: a leader hears another of its own term.
func (s *safety) leadersMeet(n *raft.Node, other raft.NodeID) {
	s.breaks(Fact{What: LeadersMeet, Node: n.ID, Other: other, Term: n.CurrentTerm})
}
