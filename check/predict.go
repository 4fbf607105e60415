package check

import (
	"maps"
	"math"
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
)

// A Predictor holds what other rules give for the cells of a trace against what
// the trace's own give, and against what is written on sheets, at the price of a
// number a cell. Predicting belongs to one goroutine; when all is predicted, any
// number of them may ask for what is written.
type Predictor struct {
	run     *Run
	spelled *trace.Trace // see Run.spellOut
	cells   []Cell
	right   []any
	others  []others
	ledger  *ledger
	asked   map[occasion]ruleSet
}

// others is what other rules give for one cell.
type others struct {
	numbers map[any]uint16 // by what a reading has for it
	values  []any          // by number, from 1; see Run.keep
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
	Cell  int    // by the place of the cell
	Value uint16 // the number of what they give: equal ones of one cell are equal; never 0 or Unpredicted
}

// Unpredicted is the number of what no rules that were asked give.
const Unpredicted = math.MaxUint16

// NewPredictor makes a predictor for these cells of a replayed trace.
func NewPredictor(run *Run, cells []Cell) *Predictor {
	p := &Predictor{run: run, spelled: run.spellOut(), cells: cells,
		right: make([]any, len(cells)), others: make([]others, len(cells)),
		ledger: newLedger(), asked: make(map[occasion]ruleSet)}
	reading := p.ledger.read(run)
	for i := range cells {
		p.right[i] = reading.cell(&cells[i])
	}
	p.ask()
	return p
}

// Clone gives a predictor that goes on from here: what it has numbered keeps its
// number, and what it numbers from now on the other does not know. The two must
// not predict at the same time.
func (p *Predictor) Clone() *Predictor {
	q := *p
	q.others = make([]others, len(p.others))
	for i, o := range p.others {
		q.others[i] = others{maps.Clone(o.numbers), slices.Clone(o.values)}
	}
	return &q
}

// ask finds out which rules each node was asked in each step.
func (p *Predictor) ask() {
	r := newReplayer(p.run.Trace, p.run.Rules)
	r.hear = func(o NodeOutcome) {
		p.asked[occasion{r.cur.Trace.Number, o.Node}] |= 1 << o.Rule
	}
	r.play() // it has been replayed before
}

// Asked reports whether a node was asked a rule in a step.
func (p *Predictor) Asked(step int, node raft.NodeID, rule raft.Rule) bool {
	return p.asked[occasion{step, node}]&(1<<rule) != 0
}

// Predict gives, for each of the sets of deviations, the cells that the trace's
// rules with these in place give otherwise, in order. Where a replay cannot go
// on, nothing is predicted from there.
func (p *Predictor) Predict(sets [][]raft.Deviation, as Wording) [][]Prediction {
	const together = 64 // replays that are kept in memory
	out := make([][]Prediction, 0, len(sets))
	for len(sets) > 0 {
		now := sets[:min(together, len(sets))]
		sets = sets[len(now):]
		runs := make([]played, len(now))
		SideBySide(len(now), func(i int) { runs[i] = p.play(now[i], as) })
		for i := range runs {
			out = append(out, p.read(&runs[i]))
		}
	}
	return out
}

// A played replay is one that may have stopped on its way, in that step; 0 for
// none.
type played struct {
	run     *Run
	stopped int
}

func (p *Predictor) play(with []raft.Deviation, as Wording) played {
	t := p.run.Trace
	if as == AsSent {
		t = p.spelled
	}
	run, stopped, _ := p.run.playUnder(p.run.Rules.With(with...), as, t)
	return played{run, stopped}
}

func (p *Predictor) read(of *played) []Prediction {
	var out []Prediction
	reading := p.ledger.read(of.run)
	for i := range p.cells {
		c := &p.cells[i]
		if of.stopped > 0 && c.Step >= of.stopped {
			break
		}
		if v := reading.cell(c); v != p.right[i] {
			out = append(out, Prediction{i, p.number(i, v, of.run)})
		}
	}
	return out
}

// number gives the number of what a replay gives for a cell.
func (p *Predictor) number(i int, v any, run *Run) uint16 {
	o := &p.others[i]
	n, known := o.numbers[v]
	switch {
	case known:
		return n
	case o.numbers == nil:
		o.numbers = make(map[any]uint16)
	case len(o.values) == Unpredicted-1:
		return Unpredicted - 1 // so many that they are no longer told apart
	}
	o.values = append(o.values, run.keep(&p.cells[i]))
	n = uint16(len(o.values))
	o.numbers[v] = n
	return n
}

// Written gives the number of what is written in a cell of another sheet, made by
// [Cell.On] of the cell of that place, and not right.
func (p *Predictor) Written(i int, on *Cell) uint16 {
	for n, v := range p.others[i].values {
		if !on.differsFrom(v) {
			return uint16(n + 1)
		}
	}
	return Unpredicted
}

// keep gives what the replay has for a cell, to be held against what is written
// when the replay is gone.
func (r *Run) keep(c *Cell) any {
	switch s := r.state(c.Node, c.Step); {
	case c.kind == nextIndexCell && s.Role == raft.Leader:
		return s.NextIndex
	case c.kind == matchIndexCell && s.Role == raft.Leader:
		return s.MatchIndex
	}
	return r.gives(c)
}

// differsFrom is [Run.Differs] with what was kept of a replay.
func (c *Cell) differsFrom(kept any) bool {
	switch w := c.written.(type) {
	case []trace.NodeIndex:
		indexes, leads := kept.([]raft.Index)
		return !leads || !sameIndexes(c.Node, w, indexes)
	case []trace.TermVote:
		return !sameTerms(w, merged(kept.(*history).lines))
	case []trace.LogEntry:
		return !matches(w, kept.(raft.Log))
	}
	return c.written != kept
}
