package check

import (
	"fmt"
	"iter"
	"strings"

	"raftsheet/raft"
	"raftsheet/trace"
)

// This file goes through a node's history of terms, term by term.

// A history is the whole of a node's terms up to a step; see Run.terms.
type history struct{ lines []Term }

func (r *Run) history(id raft.NodeID, step int) *history { return &history{r.termsUpTo(id, step)} }

// A termVote is a term of a history, and whom the node voted for in it.
type termVote struct {
	term raft.Term
	vote raft.NodeID
}

// votes yields the terms of a line as the format writes them: not the time
// before the first term.
func (t Term) votes() iter.Seq[termVote] {
	return func(yield func(termVote) bool) {
		if t.Term == 0 {
			return
		}
		for term := range t.Each() {
			if !yield(termVote{term, t.VotedFor}) {
				return
			}
		}
	}
}

// votes yields the terms of a history.
func (h *history) votes() iter.Seq[termVote] {
	return func(yield func(termVote) bool) {
		for _, line := range merged(h.lines) {
			for v := range line.votes() {
				if !yield(v) {
					return
				}
			}
		}
	}
}

// firstApart is the first term in which two histories that differ do so, and
// the vote in it on either side, or nothing.
func (h *history) firstApart(other *history) (raft.Term, [2]any) {
	next, stop := iter.Pull(other.votes())
	defer stop()
	for v := range h.votes() {
		switch w, ok := next(); {
		case !ok || w.term > v.term:
			return v.term, [2]any{v.vote, nothing{}}
		case w.term < v.term:
			return w.term, [2]any{nothing{}, w.vote}
		case w != v:
			return v.term, [2]any{v.vote, w.vote}
		}
	}
	w, _ := next()
	return w.term, [2]any{nothing{}, w.vote}
}

// flow gives a history as the format writes it.
func (h *history) flow(t *trace.Trace) string {
	var pairs []string
	for v := range h.votes() {
		pairs = append(pairs, fmt.Sprintf("%d: %s", v.term, t.FlowName(v.vote)))
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}
