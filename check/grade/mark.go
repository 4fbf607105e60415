package grade

import (
	"fmt"

	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// Mark marks a sheet. Of the trace that was handed in only the answers, the
// tables and the student are read, each step matched to the key's by its id.
func (k *Key) Mark(handedIn *trace.Trace, late bool) *Sheet {
	s := &Sheet{Key: k, Late: late, Marks: make([]Mark, len(k.Cells))}
	steps := s.match(handedIn)
	for i := range steps { // what is not asked changes nothing
		steps[i] = item.OnlyAsked(k.Steps[i].items, steps[i])
	}
	s.steps = steps
	f := carryForward(k.Run, steps)
	s.Stops = f.Stops
	for i := range k.Cells {
		s.mark(&s.Marks[i], &k.Cells[i], f)
	}
	s.askHumans()
	s.total()
	return s
}

// mark marks one cell.
func (s *Sheet) mark(m *Mark, c *Cell, f *carried) {
	truth := s.Key.Run
	on := c.On(s.steps[c.Step-1])
	any := func(v replay.Value) any { return item.Any(truth.Trace, c.Node, v) }
	m.Cell, m.Pos, m.Written, m.Own = c, on.Pos, any(on.Written), any(item.Gives(f.Run, &on))
	m.Verdict = verdictOf(truth, f, &on)
	switch {
	case on.Unread:
		m.Remark = "what is written here cannot be read"
	case m.Verdict == Right && item.Differs(f.Run, &on) && !f.stopped(c.Node, c.Step):
		m.Remark = fmt.Sprintf("right, though from what this sheet says before it, it would be %v", m.Own)
	}
	m.Rule, m.Why = s.Key.reason(c, &on)
	switch m.Verdict {
	case Right:
		m.Points, m.Through = c.Points, c.Points
	case Follows:
		m.Through = c.Points.Times(s.Key.Follow)
	}
}

// verdictOf is what becomes of an item as a sheet has it.
func verdictOf(truth *replay.Run, f *carried, on *item.Item) Verdict {
	switch {
	case on.Blank():
		return Blank
	case !item.Differs(truth, on):
		return Right
	case !f.stopped(on.Node, on.Step) && !item.Differs(f.Run, on):
		return Follows
	}
	return Wrong
}

// total adds the marks up.
func (s *Sheet) total() {
	for i := range s.Key.Steps {
		st := &s.Key.Steps[i]
		var strict, through Points
		whole, followed := true, true
		for j := st.First; j < st.Last; j++ {
			m := &s.Marks[j]
			strict, through = strict.Plus(m.Points), through.Plus(m.Through)
			whole = whole && m.Verdict == Right
			followed = followed && (m.Verdict == Right || m.Verdict == Follows)
		}
		if st.Whole && !whole {
			strict = Points{}
		}
		if st.Whole && !followed {
			through = Points{}
		}
		s.Strict, s.Through = s.Strict.Plus(strict), s.Through.Plus(through)
	}
	s.Counted = s.Strict
	if s.Through.Cmp(s.Strict) > 0 {
		s.Counted = s.Through
	}
	if !s.Late {
		return
	}
	s.Penalty = s.Key.Late
	if s.Key.InPart {
		s.Penalty = s.Counted.Percent(s.Key.Late)
	}
	if s.Penalty.Cmp(s.Counted) > 0 {
		s.Penalty = s.Counted
	}
	s.Counted = s.Counted.Minus(s.Penalty)
}

// Step gives what a step of the key has come to: what is right, and that with
// what follows from mistakes.
func (s *Sheet) Step(i int) (strict, through Points) {
	st := &s.Key.Steps[i]
	one := Sheet{Key: &Key{Steps: []KeyStep{*st}}, Marks: s.Marks}
	one.total()
	return one.Strict, one.Through
}

// leastForHuman is how many answers in a row a mistake has to turn to no before
// a human is asked.
const leastForHuman = 3

// askHumans finds the nodes of which a mistake makes every later answer no: who
// writes no throughout would be given them all. Their marks wait for a human.
func (s *Sheet) askHumans() {
	for id := range raft.AllNodes(s.Key.Trace.Size()).All() {
		if run := s.allNo(id); len(run) >= leastForHuman {
			s.forHuman(id, run)
		}
	}
}

// allNo gives the answers of a node that follow from mistakes after which every
// answer is no.
func (s *Sheet) allNo(id raft.NodeID) []int {
	var run []int
	for i := range s.Marks {
		m := &s.Marks[i]
		switch {
		case m.Cell.Node != id || !m.Cell.IsAnswer() || m.Cell.Field != item.Outcome:
		case m.Own == true:
			run = nil
		case m.Verdict == Follows:
			run = append(run, i)
		}
	}
	return run
}

// forHuman leaves a run of marks to a human.
func (s *Sheet) forHuman(id raft.NodeID, run []int) {
	for _, i := range run {
		m := &s.Marks[i]
		m.Verdict, m.Through = ForHuman, Points{}
	}
	mistake := run[0]
	for mistake > 0 && !(s.Marks[mistake].Verdict == Wrong && s.Marks[mistake].Cell.Node == id) {
		mistake--
	}
	step := s.Key.Trace.Steps[s.Marks[mistake].Cell.Step-1].ID
	s.Humans = append(s.Humans, Human{Node: id, Cells: run,
		Why: fmt.Sprintf("after the mistake in step %s every later answer of node %s is no; it is for a human to say what these are worth", step, s.Key.Trace.Name(id))})
}
