package generate

import (
	"cmp"
	"errors"
	"slices"

	"raftsheet/check/item"
	"raftsheet/check/variant"
	"raftsheet/raft"
)

// Minimal gives the shortest worksheet that was found which tells sets of deviations
// from Figure 2 and from each other: of the fewest messages, at most as many as the
// wish has. It asks all answers, and of tables only what it takes.
func Minimal(w Wish, sets [][]raft.Deviation, seed uint64) (*Sheet, error) {
	if err := w.Check(); err != nil {
		return nil, err
	}
	w.AtStake, w.Leaders = nil, 0
	for _, ds := range sets {
		w.AtStake = append(w.AtStake, ds...)
	}
	d := newDice(seed, streamOfMinimal)
	for n := 1; n <= w.RequestVotes+w.AppendEntries; n++ {
		for votes := max(1, n-w.AppendEntries); votes <= min(n, w.RequestVotes); votes++ {
			smaller := w
			smaller.RequestVotes, smaller.AppendEntries = votes, n-votes
			s := newSearch(&smaller)
			s.stake, s.apart, s.plain = sets, true, true
			s.run(d.seed(), tries{first: 10, then: 0, most: 30 + 10*n})
			if s.best != nil && s.done() {
				return s.sheet(seed)
			}
		}
	}
	return nil, errors.New("no worksheet of so few messages was found that tells all of these apart; allow more messages")
}

// tellsApart counts the pairs of sets that some cell tells apart.
func (v *verdict) tellsApart() int {
	n := 0
	for i, a := range v.otherwise {
		for _, b := range v.otherwise[:i] {
			if !slices.Equal(a, b) {
				n++
			}
		}
	}
	return n
}

// differences gives for each pair of sets the items of which they predict something
// else, where there are any.
func differences(shows [][]variant.Prediction) [][]variant.Prediction {
	var out [][]variant.Prediction
	for i, a := range shows {
		for _, b := range shows[:i] {
			if of := difference(a, b); len(of) > 0 {
				out = append(out, of)
			}
		}
	}
	return out
}

// difference gives the items of which two sets predict something else.
func difference(a, b []variant.Prediction) []variant.Prediction {
	var out []variant.Prediction
	for _, p := range a {
		if !slices.Contains(b, p) {
			out = append(out, p)
		}
	}
	for _, p := range b {
		if !slices.ContainsFunc(a, func(o variant.Prediction) bool { return o.Item == p.Item }) {
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(x, y variant.Prediction) int { return cmp.Compare(x.Item, y.Item) })
	return out
}

// plainly reports whether the shortest worksheet asks a cell in any case.
func plainly(c cell) bool { return c.field == item.Outcome }
