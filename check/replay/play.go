package replay

import (
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
)

// Play plays a trace by the rules, from its initial states to its last step.
// Where it cannot go on, halt says why; the run is whole up to the step before.
func Play(t *trace.Trace, rules *raft.Rules) (run *Run, halt *Halt) {
	return New(t, rules).playAll()
}

// PlayEach plays a trace as [Play] does, but every step from the states that the
// trace itself last told. Fields that it has not told are as the replay has them.
func PlayEach(t *trace.Trace, rules *raft.Rules) (run *Run, halt *Halt) {
	c := New(t, rules)
	c.run.Each = true
	return c.playAll()
}

// playAll plays the whole trace.
func (c *Cluster) playAll() (run *Run, halt *Halt) {
	t := c.t
	c.run.Steps = make([]Step, 0, len(t.Steps))
	c.run.facts = slices.Grow(c.run.facts, len(t.Steps)) // most that a step implies
	c.expect(t)
	for i := range t.Steps {
		if _, halt := c.Apply(&t.Steps[i]); halt != nil {
			return c.run, halt
		}
	}
	return c.run, nil
}

// expect makes room for what the whole trace comes to.
func (c *Cluster) expect(t *trace.Trace) {
	sent := 0
	for i := range t.Steps {
		sent += t.Steps[i].Recipients(t.Size()).Len()
	}
	c.room = make([]Delivery, 0, min(sent, mostRoom))
	// How often a node comes to another state and to another term, or votes.
	states, lines := min(len(t.Steps), 16), min(len(t.Steps), 8)
	versions, terms := make([]version, t.Size()*states), make([]Term, t.Size()*lines)
	for i := range c.run.versions {
		c.run.versions[i], versions = versions[:0:states], versions[states:]
		c.run.terms[i], terms = append(terms[:0:lines], c.run.terms[i]...), terms[lines:]
	}
}

// Apply plays one more step. Where it cannot go on, halt says why, and what the
// step has done so far is not kept.
func (c *Cluster) Apply(s *trace.Step) (step *Step, halt *Halt) {
	c.begin(s)
	c.heed()
	if s.Unread {
		c.losing = s.Touched
	} else if halt := c.event(s); halt != nil {
		return nil, halt
	}
	c.lose()
	c.keep()
	return c.cur, nil
}
