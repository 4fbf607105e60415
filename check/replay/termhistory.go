package replay

import (
	"cmp"
	"iter"
	"slices"
	"sort"

	"raftsheet/raft"
)

// A Term is a line of a node's history: a term, whom it voted for in it, and
// what it was in it. One line stands for several terms where the node timed out
// in each of them and nothing more is written of them.
type Term struct {
	First    raft.Term // the first of them; Term itself where there is but one
	Term     raft.Term
	VotedFor raft.NodeID
	Roles    Roles
	Step     int // in which this line came about; 0 is the initial state
}

// mostTerms is how many terms of one line are written one by one.
const mostTerms = 100

// Each yields the terms of the line, the latest 100 of them.
func (t Term) Each() iter.Seq[raft.Term] {
	return func(yield func(raft.Term) bool) {
		first := t.First
		if t.Term-first >= mostTerms {
			first = t.Term - mostTerms + 1
		}
		for term := first; term <= t.Term; term++ {
			if !yield(term) {
				return
			}
		}
	}
}

// Votes yields the terms of the line as the format writes them: not the time
// before the first term.
func (t Term) Votes() iter.Seq[TermVote] {
	return func(yield func(TermVote) bool) {
		if t.Term == 0 {
			return
		}
		for term := range t.Each() {
			if !yield(TermVote{term, t.VotedFor}) {
				return
			}
		}
	}
}

// Roles is the roles that a node had in a term.
type Roles uint8

// With gives the roles with one more.
func (rs Roles) With(role raft.Role) Roles { return rs | 1<<role }

// Has reports whether the role is among them.
func (rs Roles) Has(role raft.Role) bool { return rs&(1<<role) != 0 }

// Highest is the role nearest to leader.
func (rs Roles) Highest() raft.Role {
	switch {
	case rs.Has(raft.Leader):
		return raft.Leader
	case rs.Has(raft.Candidate):
		return raft.Candidate
	}
	return raft.Follower
}

// noteTerm adds to a node's history of terms what is new in it after a step. The
// skipped terms before its own are those in which it stood unwritten.
func (r *Run) noteTerm(n *raft.Node, step int, skipped raft.Term) {
	rows := r.terms[n.ID-1]
	now := Term{Term: n.CurrentTerm, VotedFor: n.VotedFor, Step: step}
	if len(rows) == 0 || rows[len(rows)-1].Term != now.Term {
		r.fell = r.fell || len(rows) > 0 && now.Term < rows[len(rows)-1].Term
		if skipped > 0 {
			rows = append(rows, Term{First: now.Term - skipped, Term: now.Term - 1,
				VotedFor: n.ID, Roles: Roles(0).With(raft.Candidate), Step: step})
		}
		now.First = now.Term
		now.Roles = now.Roles.With(n.Role)
		r.terms[n.ID-1] = append(rows, now)
		return
	}
	last := &rows[len(rows)-1]
	now.First = last.First
	now.Roles = last.Roles.With(n.Role)
	switch {
	case now.VotedFor == last.VotedFor && now.Roles == last.Roles:
	case last.Step == step:
		*last = now
	default:
		r.terms[n.ID-1] = append(rows, now)
	}
}

// Terms is a node's history of terms up to a step: a line for each term that it
// was in, with its vote in that term.
func (r *Run) Terms(id raft.NodeID, step int) []Term { return merged(r.termsUpTo(id, step)) }

// termsUpTo is what was noted of a node's terms up to a step: several lines of
// one term where more came to be known of it.
func (r *Run) termsUpTo(id raft.NodeID, step int) []Term {
	all := r.terms[id-1]
	return all[:sort.Search(len(all), func(i int) bool { return all[i].Step > step })]
}

// merged leaves the latest of the lines of one term, in the order of the terms.
func merged(all []Term) []Term {
	if !slices.IsSortedFunc(all, func(a, b Term) int { return cmp.Compare(a.Term, b.Term) }) {
		all = apart(all)
	}
	var out []Term
	for _, t := range all {
		if n := len(out); n > 0 && out[n-1].Term == t.Term {
			out[n-1] = t
			continue
		}
		out = append(out, t)
	}
	return out
}

// apart gives a line of its own to each term, of a node whose disk has brought it
// back to a lower one; those of one term stay in their order.
func apart(all []Term) []Term {
	var out []Term
	for _, t := range all {
		for term := range t.Each() {
			one := t
			one.First, one.Term = term, term
			out = append(out, one)
		}
	}
	slices.SortStableFunc(out, func(a, b Term) int { return cmp.Compare(a.Term, b.Term) })
	return out
}

// TermLine is the line of one term of Terms, without making the others; ok is
// false where the node was never in that term.
func (r *Run) TermLine(id raft.NodeID, step int, term raft.Term) (line Term, ok bool) {
	all := r.termsUpTo(id, step)
	if r.fell {
		return latest(all, term)
	}
	i := sort.Search(len(all), func(i int) bool { return all[i].First > term })
	if i == 0 || all[i-1].Term < term {
		return Term{}, false
	}
	return all[i-1], true
}

// latest is the last of the lines that a term is in, in whatever order they are.
func latest(lines []Term, term raft.Term) (Term, bool) {
	for _, t := range slices.Backward(lines) {
		if t.First <= term && term <= t.Term {
			return t, true
		}
	}
	return Term{}, false
}

// Vote is the line of one term as the format writes it: whom the node voted for,
// Node(NoNode) also in a term that it passed over, and None in one that it has not
// come to or that is before its first.
func (r *Run) Vote(id raft.NodeID, step int, term raft.Term) Value {
	if line, ok := r.TermLine(id, step, term); ok {
		return Node(line.VotedFor)
	}
	if r.History(id, step).PassedOver(term) {
		return Node(raft.NoNode)
	}
	return None{}
}

// A History is the whole of a node's terms up to a step.
type History struct{ lines []Term }

// History gives a node's terms up to a step.
func (r *Run) History(id raft.NodeID, step int) *History { return &History{r.termsUpTo(id, step)} }

// Lines gives what was noted of the terms: several lines of one term, one after
// the other, where more came to be known of it.
func (h *History) Lines() []Term { return h.lines }

// Begins is the term that the node began in: what it did in those before is off
// the page.
func (h *History) Begins() raft.Term { return h.lines[0].Term }

// PassedOver reports whether a term that is not among the lines lies between
// those that are: the node gave no vote in it.
func (h *History) PassedOver(term raft.Term) bool {
	return h.Begins() < term && slices.ContainsFunc(h.lines, func(line Term) bool { return line.Term > term })
}

// A TermVote is a term of a history, and whom the node voted for in it.
type TermVote struct {
	Term raft.Term
	Vote raft.NodeID
}

// Votes yields the terms of a history.
func (h *History) Votes() iter.Seq[TermVote] {
	return func(yield func(TermVote) bool) {
		for _, line := range merged(h.lines) {
			for v := range line.Votes() {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// FirstApart is the first term in which two histories that differ do so, and
// the vote in it on either side, or None.
func (h *History) FirstApart(other *History) (raft.Term, [2]Value) {
	next, stop := iter.Pull(other.Votes())
	defer stop()
	for v := range h.Votes() {
		switch w, ok := next(); {
		case !ok || w.Term > v.Term:
			return v.Term, [2]Value{Node(v.Vote), None{}}
		case w.Term < v.Term:
			return w.Term, [2]Value{None{}, Node(w.Vote)}
		case w != v:
			return v.Term, [2]Value{Node(v.Vote), Node(w.Vote)}
		}
	}
	w, _ := next()
	return w.Term, [2]Value{None{}, Node(w.Vote)}
}
