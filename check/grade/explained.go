package grade

import (
	"slices"

	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
)

// This file tells the wrong answers to which misunderstandings lead from those that
// can only be slips.

// Explained reports, for each cell of a sheet of the class, whether a wrong answer
// there has another reason than a slip. Either a misunderstanding leads to it: what
// the sheet's diagnosis names, or a deviation that the sheet's right answers do not
// contradict more often than its wrong ones bear it out. (Hardly a wrong yes is
// without some deviation that leads to it; one that the sheet denies everywhere
// else explains nothing.) Or it is of a node whose state nobody can follow from
// there on, see [Stop]: it may come of what is wrong before.
//
// It is nil for a key that is too long to find out what the deviations answer, see
// [MostWork]. It is called by one goroutine at a time.
func (c *Class) Explained(s *Sheet) []bool {
	d := c.explainer()
	if d.alone == nil {
		return nil
	}
	defer s.recall()()
	out := make([]bool, len(s.Marks))
	a := d.alone.read(s)
	for i, n := range a.numbers {
		leads := func(sh share) bool { return sh.value == n && a.bears(&d.alone.all[sh.belief]) }
		c := s.Marks[i].Cell
		out[i] = n != asTrue && (stopped(s.Stops, c.Node, c.Step) || slices.ContainsFunc(d.alone.sharing[i], leads))
	}
	for _, e := range d.explanations(s) {
		if len(e.Deviations) == 2 {
			d.byTwo(out, s, e.Deviations)
		}
	}
	return out
}

// ExplainedOwn gives what Explained has given, and with it the answers to which the
// sheet's diagnosis leads from mistakes that are on the sheet: whoever has slipped
// goes on from there by what they believe. It takes a replay for each explanation.
func (c *Class) ExplainedOwn(s *Sheet, explained []bool) []bool {
	out := slices.Clone(explained)
	d := c.explainer()
	explanations := d.explanations(s)
	if len(explanations) == 0 {
		return out
	}
	defer s.recall()()
	for _, e := range explanations {
		d.fromOwn(out, s, e.Deviations, replay.AsFilled)
		d.fromOwn(out, s, e.Deviations, replay.AsSent)
	}
	return out
}

// explainer gives what knows where deviations lead, made for the class's diagnoses
// or now.
func (c *Class) explainer() *diagnoser {
	if c.diagnoser == nil {
		c.diagnoser = newDiagnoser(c.Key, newParters(nil))
	}
	return c.diagnoser
}

// explanations are those of the sheet's diagnosis, whether or not one was asked for.
func (d *diagnoser) explanations(s *Sheet) []Explanation {
	if s.Diagnosis != nil {
		return s.Diagnosis.Explanations
	}
	defer s.recall()()
	return d.diagnose(s).Explanations
}

// bears reports whether a sheet bears a belief out as often as it contradicts it.
func (a *answers) bears(b *belief) bool {
	explained, contradicted := a.holds(b)
	return explained >= contradicted
}

// byTwo adds the answers to which two deviations lead together.
func (d *diagnoser) byTwo(out []bool, s *Sheet, by []raft.Deviation) {
	pairs := d.pairs()
	if pairs == nil {
		return
	}
	a := pairs.read(s)
	for i := range pairs.all {
		b := &pairs.all[i]
		if !b.isOf(by) {
			continue
		}
		for _, says := range b.says {
			out[says.Item] = out[says.Item] || a.numbers[says.Item] == says.Value
		}
	}
}

// fromOwn adds the mistakes to which deviations lead from others.
func (d *diagnoser) fromOwn(out []bool, s *Sheet, by []raft.Deviation, as replay.Wording) {
	run, _, halt := d.key.Run.Again(as).Under(d.key.Run.Rules.With(by...))
	if halt != nil {
		return // it cannot be played to its end
	}
	f := carryForward(run, s.steps)
	for i := range s.Marks {
		m := &s.Marks[i]
		if m.Verdict != Wrong || out[i] || f.stopped(m.Cell.Node, m.Cell.Step) {
			continue
		}
		on := m.Cell.On(s.steps[m.Cell.Step-1])
		out[i] = !item.Differs(f.Run, &on)
	}
}
