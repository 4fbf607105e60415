package variant

import (
	"slices"

	"raftsheet/check"
	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/check/replay"
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

// Asked counts items.
type Asked struct{ Answers, Fields int }

// A RuleCount is how often a rule decided under Figure 2, and which way.
type RuleCount struct {
	raft.RuleInfo
	By outcomes
}

// outcomes are counts by raft.Outcome.
type outcomes [raft.Ignored + 1]int

// Add adds what the same rule decided elsewhere.
func (r *RuleCount) Add(other RuleCount) {
	for outcome, n := range other.By {
		r.By[outcome] += n
	}
}

// A DeviationCoverage is how a deviation shows in each of the traces.
type DeviationCoverage struct {
	raft.Deviation
	In []Showing // by the place in Coverage.Traces
}

// A Showing is how a deviation shows in a trace.
type Showing struct {
	Cells        int        // items that it answers otherwise
	First        *item.Item // of them, and of a log or a history the line; nil for none
	Right, Wrong any        // what Figure 2 and the deviation give there, in the format's words

	// Stopped says why the replay under the deviation cannot go on, in step At;
	// nil where it can. What it would give from there on is not counted.
	Stopped *trace.Error
	At      int

	print pattern
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
	if r.Rule.Checks() {
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
		c.Rules[i].Add(RuleCount{By: key.decided[c.Rules[i].Rule]})
	}
	for i := range key.items {
		if key.items[i].IsAnswer() {
			c.Asked.Answers++
		} else {
			c.Asked.Fields++
		}
	}
	shown := make([]Showing, len(rules))
	check.SideBySide(len(rules), func(i int) { shown[i] = key.hold(rules[i]) })
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
	run     *replay.Run
	items   []item.Item
	right   []any      // what Figure 2 gives, by item; see reading.item
	decided []outcomes // by raft.Rule
	ledger  *ledger
}

func newAnswerKey(t *trace.Trace) (*answerKey, *trace.Error) {
	run, halt := replay.Play(t, raft.Figure2())
	if halt != nil {
		return nil, reason.Halt(run, halt)
	}
	k := &answerKey{run: run, items: item.Of(t), decided: make([]outcomes, len(raft.Rulebook())+1), ledger: newLedger()}
	run.EachDecision(func(_ int, o replay.Outcome) { k.decided[o.Rule][o.Outcome]++ })
	k.right = make([]any, len(k.items))
	reading := k.ledger.read(run)
	for i := range k.items {
		k.right[i] = reading.item(&k.items[i])
	}
	return k, nil
}

// hold replays the trace under other rules, and holds what they give against
// the right answers.
func (k *answerKey) hold(rules *raft.Rules) Showing {
	var s Showing
	run, halt := replay.Play(k.run.Trace, rules)
	if halt != nil {
		s.Stopped, s.At = reason.Halt(run, halt), halt.Step
	}
	reading, print := k.ledger.read(run), newDigest()
	for i := range k.items {
		it := &k.items[i]
		if halt != nil && it.Step >= halt.Step {
			break
		}
		if v := reading.item(it); v != k.right[i] && !item.Doubts(k.run, it) {
			print.add(i, k.ledger.number(v))
			s.differs(it, k.run, run)
		}
	}
	if halt != nil {
		print.add(len(k.items), uint64(halt.Step))
	}
	s.print = print.sum()
	return s
}

// differs takes in an item that a replay gives otherwise.
func (s *Showing) differs(it *item.Item, right, wrong *replay.Run) {
	if s.Cells++; s.Cells > 1 {
		return
	}
	first, apart := *it, item.ApartFrom(right, wrong, it)
	first.Name = apart.Name
	s.First = &first
	s.Right, s.Wrong = item.Any(right.Trace, it.Node, apart.Expected), item.Any(right.Trace, it.Node, apart.Actual)
}
