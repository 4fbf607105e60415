package check

import (
	"fmt"
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
)

// A Coverage is what traces can tell, taken together: which rules of Figure 2
// they put to the test, and which deviations from them their answers would
// reveal.
//
// The right answers are Figure 2's, whatever rules a trace names. A deviation is
// revealed by a trace if it gives another answer in some cell that the trace
// asks for; what it changes where nothing is asked stays hidden. Two deviations
// are told apart by a trace if they give different answers in some cell.
type Coverage struct {
	Traces     []*trace.Trace
	Asked      Asked
	Rules      []RuleCount         // in the figure's order
	Deviations []DeviationCoverage // in the catalogue's order
	Alike      [][]raft.Deviation  // revealed, and not told apart by any trace
}

// Asked counts cells.
type Asked struct{ Answers, Fields int }

// A RuleCount is how often a rule decided under Figure 2, and which way.
type RuleCount struct {
	raft.RuleInfo
	By outcomes
}

// outcomes are counts by raft.Outcome.
type outcomes [raft.Ignored + 1]int

// A DeviationCoverage is how a deviation shows in each of the traces.
type DeviationCoverage struct {
	raft.Deviation
	In []Showing // by the place in Coverage.Traces
}

// A Showing is how a deviation shows in a trace.
type Showing struct {
	Cells        int   // that it answers otherwise
	First        *Cell // of them, and of a log or a history the line; nil for none
	Right, Wrong any   // what Figure 2 and the deviation give there, see Run.Gives

	// Stopped says why the replay under the deviation cannot go on, in step At;
	// nil where it can. What it would give from there on is not counted.
	Stopped *trace.Error
	At      int

	print fingerprint
}

// Revealed reports whether the trace reveals the deviation.
func (s *Showing) Revealed() bool { return s.Cells > 0 || s.Stopped != nil }

// Revealed reports whether any of the traces reveals the deviation.
func (d *DeviationCoverage) Revealed() bool { return d.First() >= 0 }

// First is the place of the first trace that reveals the deviation, -1 for none.
func (d *DeviationCoverage) First() int {
	return slices.IndexFunc(d.In, func(s Showing) bool { return s.Revealed() })
}

// Traces counts the traces that reveal the deviation.
func (d *DeviationCoverage) Traces() int {
	n := 0
	for i := range d.In {
		if d.In[i].Revealed() {
			n++
		}
	}
	return n
}

// Cells counts the cells that the deviation answers otherwise.
func (d *DeviationCoverage) Cells() int {
	n := 0
	for i := range d.In {
		n += d.In[i].Cells
	}
	return n
}

// Revealed counts the deviations that are revealed.
func (c *Coverage) Revealed() int {
	n := 0
	for i := range c.Deviations {
		if c.Deviations[i].Revealed() {
			n++
		}
	}
	return n
}

// RevealedBy counts the deviations that one of the traces reveals.
func (c *Coverage) RevealedBy(trace int) int {
	n := 0
	for i := range c.Deviations {
		if c.Deviations[i].In[trace].Revealed() {
			n++
		}
	}
	return n
}

// Decisions counts all that a rule decided.
func (r *RuleCount) Decisions() int {
	n := 0
	for _, by := range r.By {
		n += by
	}
	return n
}

// Untested gives what the rule never came to, and has to for its test: a check
// passes and refuses, any other rule applies.
func (r *RuleCount) Untested() []raft.Outcome {
	test := []raft.Outcome{raft.Acted}
	switch r.Rule {
	case raft.AE1, raft.AE2, raft.RV1, raft.RV2a, raft.RV2b:
		test = []raft.Outcome{raft.Passed, raft.Refused}
	}
	return slices.DeleteFunc(test, func(o raft.Outcome) bool { return r.By[o] > 0 })
}

// Cover replays each trace under Figure 2 and under each deviation from it. The
// errors are those of traces that cannot be replayed under Figure 2; they are
// left out.
func Cover(traces []*trace.Trace) (*Coverage, trace.Errors) {
	c := &Coverage{}
	for _, info := range raft.Rulebook() {
		c.Rules = append(c.Rules, RuleCount{RuleInfo: info})
	}
	var rules []*raft.Rules
	for _, d := range raft.Deviations() {
		c.Deviations = append(c.Deviations, DeviationCoverage{Deviation: d})
		rules = append(rules, raft.Figure2().With(d))
	}
	var errs trace.Errors
	for _, t := range traces {
		if err := c.add(t, rules); err != nil {
			errs = append(errs, err)
		}
	}
	c.Rules = slices.DeleteFunc(c.Rules, RuleCount.outside)
	c.Alike = c.alike()
	return c, errs
}

// outside reports whether the rule is of InstallSnapshot, where no trace sends one.
func (r RuleCount) outside() bool {
	return r.Source() != raft.A1.Info().Source() && r.By == outcomes{}
}

// add takes in a trace.
func (c *Coverage) add(t *trace.Trace, rules []*raft.Rules) *trace.Error {
	key, err := newAnswerKey(t)
	if err != nil {
		return err
	}
	c.Traces = append(c.Traces, t)
	for i := range c.Rules {
		for outcome, n := range key.decided[c.Rules[i].Rule] {
			c.Rules[i].By[outcome] += n
		}
	}
	for i := range key.cells {
		if key.cells[i].IsAnswer() {
			c.Asked.Answers++
		} else {
			c.Asked.Fields++
		}
	}
	shown := make([]Showing, len(rules))
	SideBySide(len(rules), func(i int) { shown[i] = key.hold(rules[i]) })
	for i := range c.Deviations {
		c.Deviations[i].In = append(c.Deviations[i].In, shown[i])
	}
	return nil
}

// alike gives the groups of two and more revealed deviations that no trace tells
// apart, in the order of their first ones.
func (c *Coverage) alike() [][]raft.Deviation {
	var groups [][]raft.Deviation
	var firsts []*DeviationCoverage
	for i := range c.Deviations {
		d := &c.Deviations[i]
		if !d.Revealed() {
			continue
		}
		g := slices.IndexFunc(firsts, d.sameAs)
		if g < 0 {
			g = len(groups)
			firsts, groups = append(firsts, d), append(groups, nil)
		}
		groups[g] = append(groups[g], d.Deviation)
	}
	return slices.DeleteFunc(groups, func(g []raft.Deviation) bool { return len(g) == 1 })
}

func (d *DeviationCoverage) sameAs(other *DeviationCoverage) bool {
	return slices.EqualFunc(d.In, other.In, func(a, b Showing) bool { return a.print == b.print })
}

// An answerKey is the right answers of a trace.
type answerKey struct {
	run     *Run
	cells   []Cell
	right   []any      // what Figure 2 gives, by cell; see reading.cell
	decided []outcomes // by raft.Rule
	ledger  *ledger
}

func newAnswerKey(t *trace.Trace) (*answerKey, *trace.Error) {
	k := &answerKey{cells: Cells(t), decided: make([]outcomes, len(raft.Rulebook())+1), ledger: newLedger()}
	r := newReplayer(t, raft.Figure2())
	r.hear = func(o NodeOutcome) { k.decided[o.Rule][o.Outcome]++ }
	if _, err := r.play(); err != nil {
		return nil, err
	}
	k.run, k.right = r.run, make([]any, len(k.cells))
	reading := k.ledger.read(k.run)
	for i := range k.cells {
		k.right[i] = reading.cell(&k.cells[i])
	}
	return k, nil
}

// hold replays the trace under other rules, and holds what they give against
// the right answers.
func (k *answerKey) hold(rules *raft.Rules) Showing {
	r := newReplayer(k.run.Trace, rules)
	stopped, err := r.play()
	s := Showing{Stopped: err, At: stopped}
	reading, print := k.ledger.read(r.run), newDigest()
	for i := range k.cells {
		c := &k.cells[i]
		if err != nil && c.Step >= stopped {
			break
		}
		if v := reading.cell(c); v != k.right[i] && !k.run.Doubts(c) {
			print.add(i, k.ledger.number(v))
			s.differs(c, k.run, r.run)
		}
	}
	if err != nil {
		print.add(len(k.cells), uint64(stopped))
	}
	s.print = print.sum()
	return s
}

// differs takes in a cell that a replay gives otherwise.
func (s *Showing) differs(c *Cell, right, wrong *Run) {
	if s.Cells++; s.Cells > 1 {
		return
	}
	first := *c
	s.First = &first
	switch given := right.gives(c).(type) {
	case raft.Log:
		other := wrong.gives(c).(raft.Log)
		i := firstApart(given, other)
		first.Field = fmt.Sprintf("log[%d]", i)
		s.Right, s.Wrong = entryWord(given, i), entryWord(other, i)
	case *history:
		term, votes := given.firstApart(wrong.gives(c).(*history))
		first.Field = fmt.Sprintf("terms[%d]", term)
		s.Right, s.Wrong = words(right.Trace, votes[0]), words(right.Trace, votes[1])
	default:
		s.Right, s.Wrong = right.Gives(c), wrong.Gives(c)
	}
}

// firstApart is the first index at which two logs that differ do so.
func firstApart(a, b raft.Log) raft.Index {
	i := raft.Index(1)
	for a.Has(i) && b.Has(i) && a.Entry(i) == b.Entry(i) {
		i++
	}
	return i
}
