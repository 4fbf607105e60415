package check

import (
	"cmp"
	"fmt"
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
)

// safety watches the five properties of Figure 3 as the nodes change. Each is
// reported where it first breaks. What a check costs grows with what changed,
// not with the logs.
type safety struct {
	r      *replayer
	last   []watched // by NodeID-1
	broken map[property]bool

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
// with it.
type commitment struct {
	log  raft.Log
	node raft.NodeID
	term raft.Term // the node's currentTerm then
}

// A property is one of Figure 3's.
type property struct{ name, section string }

var (
	electionSafety     = property{"Election Safety", "5.2"}
	leaderAppendOnly   = property{"Leader Append-Only", "5.3"}
	logMatching        = property{"Log Matching", "5.3"}
	leaderCompleteness = property{"Leader Completeness", "5.4"}
	stateMachineSafety = property{"State Machine Safety", "5.4.3"}
)

func (s *safety) init(r *replayer) {
	room := len(r.t.Steps) // as many as a trace with an entry a step comes to
	*s = safety{r: r, last: make([]watched, len(r.node)), broken: make(map[property]bool),
		entries:   entryTable{first: make([]held, 0, room), others: make(map[raft.Mark]*held)},
		committed: make([]commitment, 0, room)}
}

// begin takes in the initial states, the lowest terms first: who is in a lower
// term committed in a lower term.
func (s *safety) begin() {
	order := make([]*raft.Node, 0, len(s.r.node))
	for _, n := range s.r.node {
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
		kept := sharedOrEqual(was.log, now.log)
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

// breaks reports a property, once.
func (s *safety) breaks(p property, id raft.NodeID, format string, args ...any) {
	if s.broken[p] {
		return
	}
	s.broken[p] = true
	f := Finding{Field: p.name, Section: p.section, Message: p.name + ": " + fmt.Sprintf(format, args...)}
	if s.r.cur == nil {
		f.Pos = initialPos(s.r.t, id)
	}
	s.r.find(Safety, id, f)
}

// deleted: a leader never deletes an entry, and nobody a committed one.
func (s *safety) deleted(n *raft.Node, was watched, kept raft.Index) {
	if kept == was.log.LastIndex() {
		return
	}
	gone, name := kept+1, s.r.name(n.ID)
	if was.role == raft.Leader && n.Role == raft.Leader && was.term == n.CurrentTerm {
		s.breaks(leaderAppendOnly, n.ID, "node %s leads term %d, and its entry %s at index %d is gone", name, n.CurrentTerm, was.log.Entry(gone), gone)
	}
	if gone <= was.commit {
		how := "its commitIndex is"
		if n.CommitIndex < gone { // a deviation
			how = "it has applied up to"
		}
		s.breaks(stateMachineSafety, n.ID, "node %s had entry %s at index %d committed (%s %d), and deletes it%s; at index %d it now has %s",
			name, was.log.Entry(gone), gone, how, was.commit, s.atRequest(), gone, entryOrNone(n.Log, gone))
	}
}

// atRequest names the sender of the step's request, if there is one.
func (s *safety) atRequest() string {
	if sender, ok := s.r.cur.Trace.Sender(); ok {
		return fmt.Sprintf(" at node %s's request", s.r.name(sender))
	}
	return ""
}

// newEntries: an index and a term name one entry, with one entry before it.
func (s *safety) newEntries(n *raft.Node, kept raft.Index) {
	for log := n.Log; log.LastIndex() > kept; log = log.Truncate(log.LastIndex() - 1) {
		i := log.LastIndex()
		other := s.entries.at(log.Last())
		if other != nil && other.log == log {
			return // and so is all before it known
		}
		mine := log.Entry(i)
		if other == nil {
			s.entries.add(held{log, n.ID})
			continue
		}
		theirs, before := other.log.Entry(i), other.log.Term(i-1)
		switch {
		case !mine.Matches(theirs):
			s.breaks(logMatching, n.ID, "at index %d node %s has %s and %s %s: one index and term, two entries",
				i, s.r.name(n.ID), mine, s.had(n, other), theirs)
		case before != log.Term(i-1):
			s.breaks(logMatching, n.ID, "at index %d node %s has %s after an entry of term %d, and %s it after one of term %d",
				i, s.r.name(n.ID), mine, log.Term(i-1), s.had(n, other), before)
		case theirs.Value == "":
			*other = held{log, n.ID} // the same, and its value is known
		}
	}
}

// had names the node that held an entry first, beside node n.
func (s *safety) had(n *raft.Node, h *held) string {
	if h.node == n.ID {
		return "it had earlier"
	}
	return fmt.Sprintf("node %s had", s.r.name(h.node))
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
	for log := n.Log.Truncate(to); log.LastIndex() > from; log = log.Truncate(log.LastIndex() - 1) {
		i := log.LastIndex()
		first := &s.committed[i-1]
		if i > known {
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
		s.breaks(stateMachineSafety, n.ID, "node %s commits %s at index %d, where node %s has committed %s",
			s.r.name(n.ID), n.Log.Entry(differs), differs, s.r.name(first.node), first.log.Entry(differs))
	}
}

// inLeaders: what is committed first by this node, past an index, is in the log
// of every leader of a higher term that there is already.
func (s *safety) inLeaders(n *raft.Node, known raft.Index) {
	at := raft.Index(len(s.committed))
	if at <= known {
		return
	}
	for _, l := range s.r.node {
		if l != nil && l.Role == raft.Leader && l.CurrentTerm > n.CurrentTerm && !(l.Log.Has(at) && l.Log.Entry(at).Matches(n.Log.Entry(at))) {
			s.breaks(leaderCompleteness, n.ID, "node %s commits %s at index %d in term %d, and node %s, which leads term %d, has %s there",
				s.r.name(n.ID), n.Log.Entry(at), at, n.CurrentTerm, s.r.name(l.ID), l.CurrentTerm, entryOrNone(l.Log, at))
		}
	}
}

// newLeader: a term has one leader, and a leader has every entry that was
// committed in a term before its own.
func (s *safety) newLeader(n *raft.Node) {
	if first := s.r.past.leaderOf[n.CurrentTerm]; first != raft.NoNode && first != n.ID {
		s.breaks(electionSafety, n.ID, "nodes %s and %s both lead term %d", s.r.name(first), s.r.name(n.ID), n.CurrentTerm)
	}
	for i := len(s.committed); i > 0; i-- {
		c := s.committed[i-1]
		if c.term >= n.CurrentTerm {
			continue
		}
		at := raft.Index(i)
		if !n.Log.Has(at) || !n.Log.Entry(at).Matches(c.log.Entry(at)) {
			s.breaks(leaderCompleteness, n.ID, "node %s leads term %d with %s at index %d, where node %s has committed %s in term %d",
				s.r.name(n.ID), n.CurrentTerm, entryOrNone(n.Log, at), at, s.r.name(c.node), c.log.Entry(at), c.term)
		}
		return
	}
}

// twoLeaders: a leader hears another of its own term.
func (s *safety) twoLeaders(n *raft.Node, m *raft.AppendEntries) {
	s.breaks(electionSafety, n.ID, "node %s leads term %d, and gets AppendEntries of term %d from node %s; it does not answer",
		s.r.name(n.ID), n.CurrentTerm, m.Term, s.r.name(m.LeaderID))
}

// initialPos is where a node's initial state is written.
func initialPos(t *trace.Trace, id raft.NodeID) trace.Pos {
	for i := range t.Initial {
		if t.Initial[i].Node == id {
			return t.Initial[i].Pos
		}
	}
	return t.Pos
}
