package variant

import (
	"math"
	"slices"
	"sync"

	"raftsheet/check"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
)

// A Matrix holds what other rules give for the cells of a trace against what
// the trace's own give, and against what is written on sheets, at the price of a
// number a cell. It may be used by several goroutines.
type Matrix struct {
	mu     sync.RWMutex // of others
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
	keys   []any          // what a reading has for each: so few that they are gone through
	values []replay.Value // by number, from 1; see kept
}

// An occasion is a node in a step.
type occasion struct {
	step int
	node raft.NodeID
}

// A ruleSet is a set of rules of the rulebook.
type ruleSet uint64

// A Prediction is a cell that other rules give otherwise than the trace's own.
type Prediction struct {
	Item  int32  // by the place of the item
	Value uint16 // the number of what they give: equal ones of one cell are equal; never 0 or Unpredicted
}

// Unpredicted is the number of what no rules that were asked give.
const Unpredicted = math.MaxUint16

// NewMatrix makes a matrix for these items of a replayed trace, in the order of
// its steps.
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

// Items is how many items the matrix is of.
func (m *Matrix) Items() int { return len(m.items) }

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
	out := make([][]Prediction, len(sets))
	check.SideBySide(len(sets), func(i int) { out[i] = m.read(again, m.run.Rules.With(sets[i]...)) })
	return out
}

// read gives what a replay gives otherwise than the trace's own rules. Each step
// is read when it has been played: a whole replay of a long trace takes more
// memory than what is predicted.
func (m *Matrix) read(again *replay.Rerun, rules *raft.Rules) []Prediction {
	var out []Prediction
	var reading *reading
	i := 0
	again.Each(rules, func(run *replay.Run, step int) {
		if reading == nil {
			reading = m.ledger.read(run)
		}
		for ; i < len(m.items) && m.items[i].Step == step; i++ {
			if v := reading.item(&m.items[i]); v != m.right[i] {
				out = append(out, Prediction{int32(i), m.number(i, v, run)})
			}
		}
	})
	return slices.Clip(out)
}

// number gives the number of what a replay gives for a cell.
func (m *Matrix) number(i int, v any, run *replay.Run) uint16 {
	m.mu.Lock()
	defer m.mu.Unlock()
	o := &m.others[i]
	if n := slices.Index(o.keys, v); n >= 0 {
		return uint16(n + 1)
	}
	if len(o.keys) == Unpredicted-1 {
		return Unpredicted - 1 // so many that they are no longer told apart
	}
	o.keys, o.values = append(o.keys, v), append(o.values, kept(run, &m.items[i]))
	return uint16(len(o.keys))
}

// Written gives the number of what is written in a cell of another sheet, made by
// [item.Item.On] of the cell of that place, and not right.
func (m *Matrix) Written(i int, on *item.Item) uint16 {
	m.mu.RLock()
	defer m.mu.RUnlock()
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
