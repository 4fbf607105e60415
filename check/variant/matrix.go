package variant

import (
	"maps"
	"math"
	"slices"

	"raftsheet/check"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
)

// A Matrix holds what other rules give for the cells of a trace against what
// the trace's own give, and against what is written on sheets, at the price of a
// number a cell. Predicting belongs to one goroutine; when all is predicted, any
// number of them may ask for what is written.
type Matrix struct {
	run    *replay.Run
	sent   *replay.Rerun
	filled *replay.Rerun
	items  []item.Item
	right  []any
	others []others
	ledger *ledger
	asked  map[occasion]ruleSet
}

// others is what other rules give for one cell.
type others struct {
	numbers map[any]uint16 // by what a reading has for it
	values  []replay.Value // by number, from 1; see kept
}

// An occasion is a node in a step.
type occasion struct {
	step int
	node raft.NodeID
}

// A ruleSet is a set of rules of the rulebook.
type ruleSet uint32

// A Prediction is a cell that other rules give otherwise than the trace's own.
type Prediction struct {
	Item  int    // by the place of the item
	Value uint16 // the number of what they give: equal ones of one cell are equal; never 0 or Unpredicted
}

// Unpredicted is the number of what no rules that were asked give.
const Unpredicted = math.MaxUint16

// NewMatrix makes a matrix for these items of a replayed trace.
func NewMatrix(run *replay.Run, items []item.Item) *Matrix {
	m := &Matrix{run: run, sent: run.Again(replay.AsSent), filled: run.Again(replay.AsFilled), items: items,
		right: make([]any, len(items)), others: make([]others, len(items)),
		ledger: newLedger(), asked: make(map[occasion]ruleSet)}
	reading := m.ledger.read(run)
	for i := range items {
		m.right[i] = reading.item(&items[i])
	}
	run.EachDecision(func(step int, o replay.Outcome) { m.asked[occasion{step, o.Node}] |= 1 << o.Rule })
	return m
}

// Clone gives a matrix that goes on from here: what it has numbered keeps its
// number, and what it numbers from now on the other does not know. The two must
// not predict at the same time.
func (m *Matrix) Clone() *Matrix {
	q := *m
	q.others = make([]others, len(m.others))
	for i, o := range m.others {
		q.others[i] = others{maps.Clone(o.numbers), slices.Clone(o.values)}
	}
	return &q
}

// Asked reports whether a node was asked a rule in a step.
func (m *Matrix) Asked(step int, node raft.NodeID, rule raft.Rule) bool {
	return m.asked[occasion{step, node}]&(1<<rule) != 0
}

// Predict gives, for each of the sets of deviations, the items that the trace's
// rules with these in place give otherwise, in order. Where a replay cannot go
// on, nothing is predicted from there.
func (m *Matrix) Predict(sets [][]raft.Deviation, as replay.Wording) [][]Prediction {
	again := m.filled
	if as == replay.AsSent {
		again = m.sent
	}
	// As many replays are in memory at once as are played side by side, twice.
	const together = 4
	out := make([][]Prediction, 0, len(sets))
	for len(sets) > 0 {
		now := sets[:min(together, len(sets))]
		sets = sets[len(now):]
		runs := make([]played, len(now))
		check.SideBySide(len(now), func(i int) {
			runs[i].run, runs[i].stopped, _ = again.Under(m.run.Rules.With(now[i]...))
		})
		for i := range runs {
			out = append(out, m.read(&runs[i]))
		}
	}
	return out
}

// A played replay is one that may have stopped on its way, in that step; 0 for
// none.
type played struct {
	run     *replay.Run
	stopped int
}

func (m *Matrix) read(of *played) []Prediction {
	var out []Prediction
	reading := m.ledger.read(of.run)
	for i := range m.items {
		it := &m.items[i]
		if of.stopped > 0 && it.Step >= of.stopped {
			break
		}
		if v := reading.item(it); v != m.right[i] {
			out = append(out, Prediction{i, m.number(i, v, of.run)})
		}
	}
	return out
}

// number gives the number of what a replay gives for a cell.
func (m *Matrix) number(i int, v any, run *replay.Run) uint16 {
	o := &m.others[i]
	n, known := o.numbers[v]
	switch {
	case known:
		return n
	case o.numbers == nil:
		o.numbers = make(map[any]uint16)
	case len(o.values) == Unpredicted-1:
		return Unpredicted - 1 // so many that they are no longer told apart
	}
	o.values = append(o.values, kept(run, &m.items[i]))
	n = uint16(len(o.values))
	o.numbers[v] = n
	return n
}

// Written gives the number of what is written in a cell of another sheet, made by
// [item.Item.On] of the cell of that place, and not right.
func (m *Matrix) Written(i int, on *item.Item) uint16 {
	for n, v := range m.others[i].values {
		if !on.DiffersFrom(v) {
			return uint16(n + 1)
		}
	}
	return Unpredicted
}

// kept gives what the replay has for an item, to be held against what is written
// when the replay is gone.
func kept(run *replay.Run, it *item.Item) replay.Value {
	v := item.Gives(run, it)
	if index, ok := v.(replay.Index); ok {
		own := slices.Clone(*index.Of)
		return replay.Index{Of: &own}
	}
	return v
}
