package grade

import (
	"fmt"
	"slices"
	"strconv"

	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/mend"
)

// This file says which cells an instructor has to look at: what could not be read
// is never a mark.

// doubtful finds the cells of a sheet that its reading leaves in doubt.
type doubtful struct {
	*reading
	truth *replay.Run
	ends  map[*trace.Step]int32 // the last line of each step of the sheet
	loose map[int]bool          // the steps with an error that is no cell's
	wrong map[int][]trace.Pos   // by step, where its errors are
}

// newDoubtful finds what is in doubt of a sheet. Of its steps, asked has by their
// number what the key asks for.
func newDoubtful(r *reading, truth *replay.Run, asked map[int]*trace.Step) *doubtful {
	d := &doubtful{reading: r, truth: truth, ends: make(map[*trace.Step]int32), loose: make(map[int]bool), wrong: make(map[int][]trace.Pos)}
	steps := r.trace.Steps
	for i := range steps {
		end := int32(1<<31 - 1)
		if i+1 < len(steps) {
			end = steps[i+1].Pos.Line - 1
		}
		d.ends[&steps[i]] = end
	}
	for _, e := range r.trace.Errors {
		if e.Step <= 0 || e.Step > len(steps) {
			continue
		}
		d.wrong[e.Step] = append(d.wrong[e.Step], e.Pos)
		if !ofEvent(&steps[e.Step-1], e.Pos) && !d.ofCell(asked[e.Step], e.Pos) {
			d.loose[e.Step] = true
		}
	}
	if r.trace.More { // whatever comes after the last error that is told may have others
		last := 0
		for _, e := range r.trace.Errors {
			last = max(last, e.Step)
		}
		for n := last; n <= len(steps); n++ {
			d.loose[n], d.wrong[n] = true, append(d.wrong[n], trace.Pos{})
		}
	}
	return d
}

// ofCell reports whether an error is about what is written in a cell that the key
// asks for, and costs no other. What is written where nothing is asked may be
// another cell's, under a name that is not its own.
func (d *doubtful) ofCell(asked *trace.Step, at trace.Pos) bool {
	return asked != nil && slices.ContainsFunc(item.UnreadAt(asked), func(p trace.Pos) bool {
		if d.file == nil || p == at {
			return p == at
		}
		return within(d.file.Range(p), at)
	})
}

func within(r trace.Range, at trace.Pos) bool {
	return before(r.Start, at) <= 0 && before(at, r.End) < 0
}

// unread reports whether a cell has something in it that cannot be read, or that may
// be no blank.
func (d *doubtful) unread(on *item.Item, step *trace.Step) bool {
	return on.Unread || d.saysNull(on) || d.inPart(on, step)
}

// inPart reports whether a part of a field that is asked for as a whole cannot be
// read, or is of no node, and the rest is not right by itself: a leader's own line is
// one too many, and costs nothing.
func (d *doubtful) inPart(on *item.Item, step *trace.Step) bool {
	if step == nil || d.file == nil || on.Blank() || on.Field != item.NextIndex && on.Field != item.MatchIndex && on.Field != item.Terms {
		return false
	}
	r := d.file.Range(on.Pos)
	return item.Differs(d.truth, on) && slices.ContainsFunc(d.wrong[step.Number], func(at trace.Pos) bool { return within(r, at) })
}

// ofEvent reports whether an error lies in the step's event, which the key gives.
func ofEvent(s *trace.Step, at trace.Pos) bool {
	return s.EventPos.IsValid() && before(s.EventPos, at) <= 0 && (!s.EventEnd.IsValid() || before(at, s.EventEnd) < 0)
}

// of says why a cell that reads as on is in doubt, as the step has it; nil for a
// step that the sheet does not have.
func (d *doubtful) of(on *item.Item, step *trace.Step) Doubt {
	switch {
	case d.unread(on, step):
		return Unreadable
	case step == nil:
		if len(d.lost) > 0 { // the step may have been there
			return Unreadable
		}
		return NoDoubt
	case on.Blank() && (d.loose[step.Number] || d.isLost(step) || d.incomplete(on, step)):
		return Unreadable
	}
	lo, hi := on.Pos.Line, on.Pos.Line
	if on.Blank() { // it may have been anywhere in its step
		lo, hi = step.Pos.Line, d.ends[step]
	}
	if slices.ContainsFunc(d.changes, func(c mend.Change) bool { return c.Moves && lo <= int32(c.Lines[1]) && int32(c.Lines[0]) <= hi }) {
		return Moved
	}
	return NoDoubt
}

// incomplete reports whether the cell may be one of a row that cannot be read, or
// that is there under another name or at another place.
func (d *doubtful) incomplete(on *item.Item, step *trace.Step) bool {
	if !on.IsAnswer() {
		return false
	}
	if step.Response == nil {
		return len(d.wrong[step.Number]) > 0
	}
	cell := step.Response.Cell(on.Node)
	if cell == nil {
		return step.Response.Unread
	}
	return on.Field == item.AnswerTerm && cell.Term.Presence == trace.Absent && cell.OK.Presence == trace.Unread // no (term 6)
}

// saysNull reports whether a vote is the word null: a blank in YAML, and no vote in
// Figure 2.
func (d *doubtful) saysNull(on *item.Item) bool {
	return on.Blank() && on.Field == item.VotedFor && d.isNull(on.Pos)
}

// isLost reports whether lines of the step could not be read.
func (d *doubtful) isLost(step *trace.Step) bool {
	return slices.ContainsFunc(d.lost, func(l mend.Lost) bool {
		return step.Pos.Line <= int32(l.Last) && int32(l.First) <= d.ends[step]
	})
}

// review gathers the marks to review, by reason; what all is no has been gathered
// before, and what of it has been decided since is left out.
func (s *Sheet) review() {
	for i := range s.Reviews {
		r := &s.Reviews[i]
		r.Cells = slices.DeleteFunc(slices.Clone(r.Cells), func(j int) bool { return s.Marks[j].Verdict != ToReview })
	}
	s.Reviews = slices.DeleteFunc(s.Reviews, func(r Review) bool { return len(r.Cells) == 0 })
	for i := range s.Marks {
		m := &s.Marks[i]
		if m.Verdict != ToReview || m.Doubt == AllNo {
			continue
		}
		if n := len(s.Reviews); m.Text == "" && n > 0 {
			if last := &s.Reviews[n-1]; last.Doubt == m.Doubt && s.Marks[last.Cells[0]].Text == "" && s.Key.Cells[last.Cells[0]].Step == m.Cell.Step {
				last.Cells = append(last.Cells, i)
				if last.Node != m.Cell.Node {
					last.Node = raft.NoNode
				}
				continue
			}
		}
		s.Reviews = append(s.Reviews, Review{Doubt: m.Doubt, Node: m.Cell.Node, Cells: []int{i}})
	}
	for i := range s.Reviews {
		if r := &s.Reviews[i]; r.Why == "" {
			r.Why = s.whyReview(r)
		}
	}
	slices.SortStableFunc(s.Reviews, func(a, b Review) int { return a.Cells[0] - b.Cells[0] })
}

// whyReview says why cells are to review.
func (s *Sheet) whyReview(r *Review) string {
	m := &s.Marks[r.Cells[0]]
	t := s.Key.Trace
	step := t.Steps[m.Cell.Step-1].ID
	switch {
	case m.Doubt == OtherMessage:
		return fmt.Sprintf("the message of step %s is not the key's", step)
	case m.Doubt == Moved:
		return fmt.Sprintf("in step %s a slip was set right that could have moved a value", step)
	case m.Text == "":
		return fmt.Sprintf("something in step %s cannot be read", step)
	case m.Cell.IsAnswer() && m.Cell.Field == item.Outcome:
		return fmt.Sprintf("in step %s node %s's answer %s cannot be read", step, t.Name(m.Cell.Node), quoted(m.Text))
	}
	return fmt.Sprintf("in step %s node %s's %s %s cannot be read", step, t.Name(m.Cell.Node), m.Cell.Name, quoted(m.Text))
}

// quoted is a text in quotes, cut to what a sentence can repeat.
func quoted(text string) string {
	const most = 60
	if r := []rune(text); len(r) > most {
		text = string(r[:most]) + "..."
	}
	return strconv.Quote(text)
}
