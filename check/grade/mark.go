package grade

import (
	"fmt"

	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// Mark marks a sheet. Of the trace that was handed in only the answers, the
// tables and the student are read, each step matched to the key's by its id, or
// else by its message and its place among the others. What an instructor has to
// decide has no points yet; see [Sheet.Counts].
func (k *Key) Mark(handedIn *trace.Trace, late bool) *Sheet {
	return k.mark(&reading{trace: handedIn}, late, settled{})
}

// settled is what an instructor has decided of a sheet.
type settled struct {
	read map[int]*Hand // in a cell, by Key.Cells
	give func(*Sheet)  // gives what waits its points; nil for nobody
}

// mark marks a sheet as it was read, by what has been decided of it.
func (k *Key) mark(r *reading, late bool, by settled) *Sheet {
	s := &Sheet{Key: k, Late: late}
	s.markCells(r, s.align(r.trace), 0, by)
	s.total()
	return s
}

// markOwn marks a sheet against the key of its own messages.
func (k *Key) markOwn(r *reading, late bool) *Sheet {
	s := &Sheet{Key: k, Late: late}
	from := newDoubtful(r, k.Run, alongside(k.Trace).steps, nil).from()
	s.markCells(r, alongside(k.Trace), from, settled{})
	s.contains(from)
	s.reviewContents(from)
	s.reviewUntold()
	s.reviewUncounted(r.trace.Errors)
	s.total()
	return s
}

// markCells marks the cells of a sheet that is aligned to its key. From a step on,
// unless that is 0, what differs from the reference may do so because of what cannot
// be read.
func (s *Sheet) markCells(r *reading, a alignment, from int, by settled) {
	k := s.Key
	s.Marks = make([]Mark, len(k.Cells))
	s.steps = k.asked(a)
	asked := make(map[int]*trace.Step)
	for _, st := range s.steps {
		if st != nil {
			asked[st.Number] = st
		}
	}
	f := carryForward(k.Run, s.steps)
	s.Stops = f.Stops
	doubts := newDoubtful(r, k.Run, a.steps, asked)
	for i := range k.Cells {
		c := &k.Cells[i]
		on := c.On(s.steps[c.Step-1])
		doubt := doubts.of(&on, a.steps[c.Step-1])
		switch {
		case doubt == NoDoubt && on.Blank() && k.Steps[c.Step-1].elsewhere(&on, a.steps[c.Step-1]):
			doubt = Elsewhere
		case doubt == NoDoubt && spelled(k.Run, &on):
			doubt = Spelled
		case doubt != NoDoubt || on.Blank():
		case a.other[c.Step-1]:
			doubt = OtherMessage
		case k.Run.Untold(c.Node, c.Step), from > 0 && c.Step >= from && item.Differs(k.Run, &on):
			doubt = AfterUnread
		}
		hand := by.read[i]
		if hand != nil {
			doubt = NoDoubt
		}
		j := s.judge(c, &on, f, doubt)
		j.Hand = hand
		if doubt == Unreadable && doubts.unread(&on, a.steps[c.Step-1]) {
			j.Text = doubts.text(on.Pos)
		}
		s.Marks[i] = Mark{c.shared(j), on.Pos}
	}
	s.askInstructor()
	if by.give != nil {
		by.give(s)
	}
	s.review(func(step int) string { return doubts.place(a.steps[step-1]) })
}

// judge marks one cell, of which on is what the sheet has. What is in doubt has no
// mark.
func (s *Sheet) judge(c *Cell, on *item.Item, f *carried, doubt Doubt) Judgement {
	truth := s.Key.Run
	any := func(v replay.Value) any { return item.Any(truth.Trace, c.Node, v) }
	j := Judgement{Cell: c, Written: any(on.Written), Own: any(item.Gives(f.Run, on)), Verdict: verdictOf(truth, f, on)}
	if doubt != NoDoubt {
		j.Verdict, j.Doubt, j.Most = ToReview, doubt, c.Points
	}
	j.Despite = j.Verdict == Right && item.Differs(f.Run, on) && !f.stopped(c.Node, c.Step)
	j.Rule, j.Why = s.Key.reason(c, on)
	switch j.Verdict {
	case Right:
		j.Points, j.Through, j.Most = c.Points, c.Points, c.Points
	case Follows:
		j.Through = c.Points.Times(s.Key.Follow)
		j.Most = j.Through
	}
	return j
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

// CellPoints gives what the cells have come to, as [Sheet.Step] does of a step's.
func (s *Sheet) CellPoints() (strict, through, most Points) {
	for i := range s.Key.Steps {
		right, followed, upper := s.Step(i)
		strict, through, most = strict.Plus(right), through.Plus(followed), most.Plus(upper)
	}
	return strict, through, most.Plus(s.Key.Untold)
}

// total adds the marks up.
func (s *Sheet) total() {
	var most Points
	s.Strict, s.Through, most = s.CellPoints()
	met, could := s.beside()
	s.Strict, s.Through, most = notBelow0(s.Strict.Plus(met)), notBelow0(s.Through.Plus(met)), notBelow0(most.Plus(could))
	s.Counted = larger(s.Strict, s.Through)
	s.Most = larger(s.Counted, most)
	if s.Late {
		s.Penalty = s.Key.penalty(s.Counted)
		s.Counted = s.Counted.Minus(s.Penalty)
		s.Most = s.Most.Minus(s.Key.penalty(s.Most))
	}
}

// beside gives the points beside those of the cells: for what the sheet contains,
// less what is taken off; and the most that an instructor can make of them.
func (s *Sheet) beside() (met, most Points) {
	r := s.Contents()
	off, least := s.Deducted()
	return r.Least.Minus(off), r.Most.Minus(least)
}

// Contents gives the points for what the sheet contains.
func (s *Sheet) Contents() Range {
	var r Range
	for i := range s.Criteria {
		r.Least, r.Most = r.Least.Plus(s.Criteria[i].Points), r.Most.Plus(s.Criteria[i].Most)
	}
	return r
}

// Deducted gives what is taken off for messages that nobody could have sent, and
// what of it an instructor cannot take back.
func (s *Sheet) Deducted() (off, least Points) {
	for i := range s.Deductions {
		off, least = off.Plus(s.Deductions[i].Points), least.Plus(s.Deductions[i].Least)
	}
	return off, least
}

func notBelow0(p Points) Points { return larger(p, Points{}) }

func larger(a, b Points) Points {
	if a.Cmp(b) < 0 {
		return b
	}
	return a
}

// penalty is what is taken off a late sheet's points.
func (k *Key) penalty(counted Points) Points {
	p := k.Late
	if k.InPart {
		p = counted.Percent(k.Late)
	}
	if p.Cmp(counted) > 0 {
		return counted
	}
	return p
}

// Step gives what a step of the key has come to: what is right, that with what
// follows from mistakes, and the most that an instructor can make of it.
func (s *Sheet) Step(i int) (strict, through, most Points) {
	st := &s.Key.Steps[i]
	whole, followed, open := true, true, true
	for j := st.First; j < st.Last; j++ {
		m := &s.Marks[j]
		strict, through, most = strict.Plus(m.Points), through.Plus(m.Through), most.Plus(m.Most)
		given := m.Verdict == ByHand && m.Hand.Full
		whole = whole && (m.Verdict == Right || given && m.Doubt != AllNo)
		followed = followed && (m.Verdict == Right || m.Verdict == Follows || given)
		open = open && (m.Verdict == Right || m.Verdict == Follows || given || m.Verdict == ToReview)
	}
	if !st.Whole {
		return strict, through, most
	}
	if !whole {
		strict = Points{}
	}
	if !followed {
		through = Points{}
	}
	if !open {
		most = Points{}
	}
	return strict, through, most
}

// leastAllNo is how many answers in a row a mistake has to turn to no before an
// instructor is asked.
const leastAllNo = 3

// askInstructor finds the nodes of which a mistake makes every later answer no:
// somebody who writes no throughout would be given them all. Their marks wait for
// an instructor.
func (s *Sheet) askInstructor() {
	for id := range raft.AllNodes(s.Key.Trace.Size()).All() {
		if run := s.allNo(id); len(run) >= leastAllNo {
			s.leave(id, run)
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

// leave leaves a run of marks to an instructor.
func (s *Sheet) leave(id raft.NodeID, run []int) {
	for _, i := range run {
		m := &s.Marks[i]
		j := *m.Judgement
		j.Verdict, j.Doubt, j.Most, j.Through = ToReview, AllNo, j.Through, Points{}
		m.Judgement = &j
	}
	mistake := run[0]
	for mistake > 0 && !(s.Marks[mistake].Verdict == Wrong && s.Marks[mistake].Cell.Node == id) {
		mistake--
	}
	step := s.Key.Trace.Steps[s.Marks[mistake].Cell.Step-1].ID
	s.Reviews = append(s.Reviews, Review{Doubt: AllNo, Node: id, Cells: run,
		Why: fmt.Sprintf("after the mistake in step %s every later answer of node %s is no", step, s.Key.Trace.Name(id))})
}
