package grade

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/trace"
	"raftsheet/trace/mend"
)

// This file says which cells an instructor has to look at: what could not be read
// is never a mark.

// doubtful finds the cells of a sheet that its reading leaves in doubt.
type doubtful struct {
	*reading
	truth *replay.Run
	ends  map[int]int32       // by the number of a step: the last line that may be its own
	loose map[int]bool        // by the number of a step: its blank cells may be written elsewhere
	wrong map[int][]trace.Pos // by the number of a step, where its errors are
	errs  []trace.Pos         // of errors that are about no cell's value
	torn  bool                // a step of the sheet is none of the key's
}

// newDoubtful looks at a sheet's steps, of which those in matched are the key's; asked
// has, by their number, what of them the key asks for. What comes behind one of these
// and is no step of the key's may be a part of it that a slip has torn off.
func newDoubtful(r *reading, truth *replay.Run, matched []*trace.Step, asked map[int]*trace.Step) *doubtful {
	d := &doubtful{reading: r, truth: truth, ends: make(map[int]int32), loose: make(map[int]bool), wrong: make(map[int][]trace.Pos)}
	of := d.divide(matched)
	steps := r.trace.Steps
	for _, e := range r.trace.Errors {
		if e.Step <= 0 || e.Step > len(steps) {
			continue
		}
		d.wrong[e.Step] = append(d.wrong[e.Step], e.Pos)
		own := of[e.Step]
		if d.ofCell(asked[e.Step], e.Pos) {
			d.loose[own] = d.loose[own] || own != e.Step
			continue
		}
		d.errs = append(d.errs, e.Pos)
		if own != e.Step || !ofEvent(&steps[e.Step-1], e.Pos) {
			d.loose[own] = true
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

// divide gives, by the number of each step of the sheet, the number of the step that
// it may be a part of: itself, where it is one of the key's.
func (d *doubtful) divide(matched []*trace.Step) []int {
	own := make(map[int]bool)
	for _, s := range matched {
		if s != nil {
			own[s.Number] = true
		}
	}
	steps := d.trace.Steps
	of := make([]int, len(steps)+1)
	last := 0
	for i := range steps {
		n := steps[i].Number
		if own[n] || last == 0 {
			if last > 0 {
				d.ends[last] = steps[i].Pos.Line - 1
			}
			last = n
		}
		of[n] = last
		d.ends[last] = 1<<31 - 1
		if !own[n] {
			d.torn = true
			d.loose[last] = d.loose[last] || steps[i].Response != nil || len(steps[i].State) > 0
		}
	}
	return of
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
	return on.Unread || d.saysNull(on) || d.inPart(on, step) || d.runsOn(on)
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
		if len(d.lost) > 0 || d.torn { // the step may have been there
			return Unreadable
		}
		return NoDoubt
	case on.Blank() && (d.loose[step.Number] || d.isLost(step) || d.incomplete(on, step)):
		return Unreadable
	}
	lo, hi := on.Pos.Line, on.Pos.Line
	if on.Blank() { // it may have been anywhere in its step
		lo, hi = step.Pos.Line, d.ends[step.Number]
	}
	moves := func(c mend.Change) bool { return c.Moves }
	if d.changed(lo, hi, moves) || d.swallowed(on, step) {
		return Moved
	}
	return NoDoubt
}

// changed reports whether a change of that kind touches the lines [lo, hi].
func (d *doubtful) changed(lo, hi int32, kind func(mend.Change) bool) bool {
	return slices.ContainsFunc(d.changes, func(c mend.Change) bool {
		return kind(c) && lo <= int32(c.Lines[1]) && int32(c.Lines[0]) <= hi
	})
}

// swallowed reports whether a cell is not there at all, not even blank, where a slip
// was set right: what was read there may have the cell in it, as in 4: : 5: ok.
func (d *doubtful) swallowed(on *item.Item, step *trace.Step) bool {
	any := func(mend.Change) bool { return true }
	switch {
	case !on.Blank():
		return false
	case on.Pos == step.Pos: // its row, or its table, is not there
		return d.changed(step.Pos.Line, d.ends[step.Number], any)
	case on.IsAnswer():
		return step.Response.Cell(on.Node) == nil && d.changed(on.Pos.Line, on.Pos.Line, any)
	}
	table := func(st trace.NodeState) bool { return st.Node == on.Node && st.Pos == on.Pos }
	return slices.ContainsFunc(step.State, table) && d.changed(on.Pos.Line, on.Pos.Line, any)
}

// runsOn reports whether a log may have more entries than are read of it: one has
// the look of two without the comma between them; or the line goes on with what
// cannot be read, as behind a log without its bracket.
func (d *doubtful) runsOn(on *item.Item) bool {
	log, ok := on.Written.(replay.WrittenLog)
	if !ok {
		return false
	}
	odd := slices.ContainsFunc(log.Of.Value, func(e trace.LogEntry) bool {
		return entryInside().MatchString(e.Value)
	})
	if odd || d.file == nil {
		return odd
	}
	behind := slices.ContainsFunc(d.errs, func(at trace.Pos) bool { return at.Line == on.Pos.Line && before(on.Pos, at) < 0 })
	return behind && !strings.HasPrefix(d.file.Text(on.Pos), "[")
}

var entryInside = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`\s\d+\s?:`) })

// incomplete reports whether the cell may be one of a row that cannot be read, or
// that is there under another name or at another place: it is not there itself, and
// something in the row cannot be read, or swallowed it.
func (d *doubtful) incomplete(on *item.Item, step *trace.Step) bool {
	row := step.Response
	switch {
	case !on.IsAnswer():
		return false
	case row == nil:
		return len(d.wrong[step.Number]) > 0
	}
	cell := row.Cell(on.Node)
	if cell == nil {
		return row.Unread || slices.ContainsFunc(row.Cells, func(c trace.Cell) bool { return c.IsUnread() })
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
		return step.Pos.Line <= int32(l.Last) && int32(l.First) <= d.ends[step.Number]
	})
}

// from gives the first step of a sheet that may be played otherwise than it was
// meant: its event, or lines before it, cannot be read for sure. It is one past the
// last step where that is at the end, and 0 for nowhere.
func (d *doubtful) from() int {
	steps := d.trace.Steps
	first := len(steps) + 2
	for i := range steps {
		if steps[i].Unread {
			first = min(first, i+1)
		}
	}
	for _, e := range d.trace.Errors {
		if e.Step > 0 && e.Step <= len(steps) && ofEvent(&steps[e.Step-1], e.Pos) {
			first = min(first, e.Step)
		}
	}
	for _, l := range d.lost {
		at := d.stepAt(l.First)
		if at <= len(steps) && !touchesEvent(&steps[at-1], [2]int{l.First, l.Last}) {
			at++
		}
		first = min(first, at)
	}
	for _, c := range d.changes {
		if at := d.stepAt(c.Lines[0]); c.Moves && (at > len(steps) || touchesEvent(&steps[at-1], c.Lines)) {
			first = min(first, at)
		}
	}
	switch {
	case d.trace.Unread != 0:
		return 1
	case first == len(steps)+2:
		return 0
	}
	return first
}

// stepAt gives the first step that ends on a line or after it.
func (d *doubtful) stepAt(line int) int {
	steps := d.trace.Steps
	for i := range steps {
		if d.ends[steps[i].Number] >= int32(line) {
			return i + 1
		}
	}
	return len(steps) + 1
}

// touchesEvent reports whether lines are among those of the step's event.
func touchesEvent(s *trace.Step, lines [2]int) bool {
	end := int32(1<<31 - 1)
	if s.Response != nil && s.Response.Pos.Line > s.EventPos.Line {
		end = s.Response.Pos.Line - 1
	}
	return s.Pos.Line <= int32(lines[1]) && int32(lines[0]) <= end
}

// reviewContents leaves what a sheet may contain, beside what can be read of it, to
// an instructor.
func (s *Sheet) reviewContents(from int) {
	met, most := s.beside()
	if from == 0 || met.Cmp(most) == 0 {
		return
	}
	where := "at its end"
	if from <= len(s.Key.Trace.Steps) {
		where = "in step " + s.Key.Trace.Steps[from-1].ID
	}
	s.Reviews = append(s.Reviews, Review{Doubt: Unreadable,
		Why: where + " something cannot be read: the sheet may contain more of what is asked for, or lose fewer points"})
}

// reviewUntold leaves to an instructor what is written and neither right nor wrong,
// where the scheme asks for more cells than can be marked.
func (s *Sheet) reviewUntold() {
	if s.Key.Untold.Sign() == 0 {
		return
	}
	why := "1 answer or field cannot be judged: what decides it is not on the sheet"
	if n, _ := s.Key.writtenUntold(); n > 1 {
		why = fmt.Sprintf("%d answers and fields cannot be judged: what decides them is not on the sheet", n)
	}
	s.Reviews = append(s.Reviews, Review{Doubt: OffSheet, Why: why})
}

// reviewUncounted leaves to an instructor what cannot be read where no cell says so: on
// a sheet that is its own key nobody knows how many cells it would have been.
func (s *Sheet) reviewUncounted(errs trace.Errors) {
	told := make(map[int]bool) // steps of which it is said that something is to review
	for i := range s.Marks {
		if m := &s.Marks[i]; m.Verdict == ToReview {
			told[m.Cell.Step] = true
		}
	}
	for _, e := range errs {
		if e.Step == 0 || e.Step > len(s.Key.Steps) || told[e.Step] || s.Key.Trace.Steps[e.Step-1].Unread {
			continue
		}
		told[e.Step] = true
		s.Reviews = append(s.Reviews, Review{Doubt: Unreadable,
			Why: fmt.Sprintf("in step %s something cannot be read, and counts for nothing", s.Key.Trace.Steps[e.Step-1].ID)})
	}
}

// text gives what is written at a place, cut to what a message may repeat, without
// quotes around it.
func (d *doubtful) text(at trace.Pos) string {
	if d.file == nil || !at.IsValid() {
		return ""
	}
	text := d.file.Text(at)
	if n := len(text); n > 2 && strings.ContainsRune(`"'`, rune(text[0])) && text[n-1] == text[0] {
		text = text[1 : n-1]
	}
	return text
}

// place says which line of a step cannot be read, what is written there, and what is
// wrong with it; empty where no line is to blame.
func (d *doubtful) place(step *trace.Step) string {
	if step == nil || d.file == nil {
		return ""
	}
	for _, e := range d.trace.Errors {
		if e.Pos.Line >= step.Pos.Line && e.Pos.Line <= d.ends[step.Number] && slices.Contains(d.errs, e.Pos) {
			what, _, _ := strings.Cut(e.Msg, "; ")
			return fmt.Sprintf("line %d cannot be read, %s: %s", e.Pos.Line, quoted(writtenAt(d.file, e.Pos)), what)
		}
	}
	for _, l := range d.lost {
		if int32(l.First) >= step.Pos.Line && int32(l.First) <= d.ends[step.Number] {
			return fmt.Sprintf("line %d cannot be read: %s", l.First, l.Why)
		}
	}
	return ""
}

// writtenAt gives what is written from a place on, up to the end of its line and of those
// that are indented below it.
func writtenAt(f *trace.File, at trace.Pos) string {
	const most = 4 // lines: more than a message can repeat
	e := f.Excerpt(at)
	parts := []string{strings.TrimSpace(e.Word + e.After)}
	for n := at.Line + 1; n < at.Line+most; n++ {
		line := f.Source().Line(n)
		if text := strings.TrimLeft(line, " "); text == "" || len(line)-len(text) < int(at.Column) {
			break
		}
		parts = append(parts, strings.TrimSpace(line))
	}
	return strings.Join(parts, " ")
}
