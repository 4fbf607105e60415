package replay

import (
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
)

// Play plays a trace by the rules, from its initial states to its last step.
// Where it cannot go on, halt says why; the run is whole up to the step before.
func Play(t *trace.Trace, rules *raft.Rules) (run *Run, halt *Halt) {
	c := New(t, rules)
	c.run.Steps = make([]Step, 0, len(t.Steps))
	c.run.facts = slices.Grow(c.run.facts, len(t.Steps)) // most that a step implies
	for i := range t.Steps {
		if _, halt := c.Apply(&t.Steps[i]); halt != nil {
			return c.run, halt
		}
	}
	return c.run, nil
}

// Apply plays one more step. Where it cannot go on, halt says why, and what the
// step has done so far is not kept.
func (c *Cluster) Apply(s *trace.Step) (step *Step, halt *Halt) {
	c.begin(s)
	if halt := c.event(s); halt != nil {
		return nil, halt
	}
	c.keep()
	return c.cur, nil
}
