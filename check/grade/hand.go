package grade

import (
	"fmt"
	"slices"

	"raftsheet/trace"
)

// This file applies what an instructor has decided. A decision is used on the
// very bytes that it was made about, and only where something waits for it; all
// that is not used is told.

// rulings are what has been decided of one sheet; nil is nothing.
type rulings struct {
	*Decisions
	name string // of the sheet
	all  []*ruling
	by   map[int]*ruling // what has settled a cell, by Key.Cells
	read map[int]*Hand   // what an instructor has read in a cell
	as   *ruling         // by which the sheet was marked as of a variant; nil for none
}

// variant gives the decision by whose key a sheet is marked; nil for none.
func (r *rulings) variant() *ruling {
	if r == nil {
		return nil
	}
	for _, by := range r.all {
		if by.give == markAs {
			r.as = by
			return by
		}
	}
	return nil
}

// of gives what has been decided of a file that has been read, or could not be.
func (ds *Decisions) of(name, digest string) *rulings {
	if ds == nil {
		return nil
	}
	digest = listDigest(digest)
	r := &rulings{Decisions: ds, name: name, by: make(map[int]*ruling), read: make(map[int]*Hand)}
	for _, c := range ds.byFile[fileName(name)] {
		if c.sheet.Digest != digest {
			ds.unused(c.ruling, c.sheet.Pos, "%s has changed since this was decided", name)
			continue
		}
		r.all = append(r.all, c.ruling)
	}
	for _, c := range ds.byDigest[digest] { // the file has another name now
		ds.find(c)
		r.all = append(r.all, c.ruling)
	}
	return r
}

// hand is the decision as a mark has it.
func (by *ruling) hand(p Points, full bool) *Hand {
	return &Hand{By: by.at(by.Pos), Note: by.Note.Text, Points: p, Full: full}
}

// decide marks a sheet by what has been decided of it. The reading that it gives
// has what an instructor has read in place of what could not be.
func (k *Key) decide(r *reading, late bool, by *rulings) (*reading, *Sheet) {
	r, s := k.markFirst(r, late)
	by.keep(k)
	if by == nil || len(by.all) == 0 || s.Unmatched() {
		return r, s
	}
	r = by.reread(k, r, s)
	return r, k.mark(r, late, settled{by.read, by.give})
}

// keep leaves out what is about cells of another key than the sheet's.
func (r *rulings) keep(k *Key) {
	if r == nil {
		return
	}
	r.all = slices.DeleteFunc(r.all, func(by *ruling) bool {
		other := by.cells != nil && by.key.Trace != k.Trace
		if other {
			r.unused(by, by.Pos, "%s is of another variant now", r.name)
		}
		return other
	})
}

// reread puts what an instructor has read in the places of what could not be
// read: the last place first, so that those before it stay where they are.
func (r *rulings) reread(k *Key, from *reading, s *Sheet) *reading {
	type place struct {
		cell int
		by   *ruling
	}
	var places []place
	for _, by := range r.all {
		if by.give != readAs {
			continue
		}
		i := by.cells[0]
		m := &s.Marks[i]
		switch {
		case m.Verdict != ToReview:
			r.settled(by, s, i)
		case m.Text == "" || from.file == nil:
			r.unused(by, by.Read.Pos, "nothing is written for %s of %s that could be read otherwise; fill in give", theCell(k, i), r.name)
		case r.by[i] != nil:
			r.settled(by, s, i)
		default:
			r.by[i] = by
			places = append(places, place{i, by})
		}
	}
	slices.SortStableFunc(places, func(a, b place) int { return before(s.Marks[b.cell].Pos, s.Marks[a.cell].Pos) })
	for _, p := range places {
		again := k.with(from, s.Marks[p.cell].Pos, p.by.Read.Text)
		if again == nil {
			delete(r.by, p.cell)
			r.unused(p.by, p.by.Read.Pos, "%s, for %s, cannot be read either", quoted(p.by.Read.Text), theCell(k, p.cell))
			continue
		}
		from = again
		r.read[p.cell] = p.by.hand(Points{}, false)
		r.read[p.cell].Read = p.by.Read.Text
	}
	return from
}

// with reads a sheet with another text in a place; nil if that is no better.
func (k *Key) with(r *reading, at trace.Pos, text string) *reading {
	f, err := trace.Parse(r.file.Name, r.file.With(at, text), k.limits())
	if err != nil && !holdsFirst(f, err) {
		return nil
	}
	if len(f.Traces) <= r.nth {
		return nil
	}
	again := take(f).at(r.nth)
	wrong, was := len(again.trace.Errors), len(r.trace.Errors)
	if wrong > was || wrong == was && !r.isNull(at) || len(again.trace.Steps) != len(r.trace.Steps) {
		return nil
	}
	again.changes, again.lost = r.changes, r.lost
	return again
}

// before orders places.
func before(a, b trace.Pos) int {
	if a.Line != b.Line {
		return int(a.Line - b.Line)
	}
	return int(a.Column - b.Column)
}

// give gives the marks that wait the points that an instructor gave them.
func (r *rulings) give(s *Sheet) {
	for _, by := range r.all {
		if by.give == readAs || by.cells == nil {
			continue
		}
		var cells []int
		var worth Points
		for _, i := range by.cells {
			if s.Marks[i].Verdict != ToReview {
				r.settled(by, s, i)
				continue
			}
			cells = append(cells, i)
			worth = worth.Plus(s.Marks[i].Most)
		}
		if len(cells) == 0 {
			continue
		}
		if by.give == givePoints && worth.Cmp(by.worth) != 0 {
			r.unused(by, by.Give.Pos, "on %s this is worth %v now, and was worth %v when %v was given", r.name, worth, by.worth, by.points)
			continue
		}
		for _, i := range cells {
			r.by[i] = by
			by.settle(&s.Marks[i])
		}
	}
}

// settle gives a mark its part of what was given: each of several cells has the
// same part of its points.
func (by *ruling) settle(m *Mark) {
	var p Points
	full := by.give == giveRight
	switch {
	case full:
		p = m.Most
	case by.give == givePoints && by.worth.Sign() > 0:
		p = m.Most.Times(by.points.Part(by.worth))
		full = by.points.Cmp(by.worth) == 0
	}
	j := *m.Judgement
	j.Verdict, j.Hand = ByHand, by.hand(p, full)
	j.Through, j.Most = p, p
	if j.Doubt != AllNo { // what follows from a mistake is not right
		j.Points = p
	}
	m.Judgement = &j
}

// settled tells that a decision is not needed, unless it says what has settled the
// cell.
func (r *rulings) settled(by *ruling, s *Sheet, cell int) {
	switch was := r.by[cell]; {
	case was == nil:
		r.unused(by, by.Pos, "%s of %s does not wait any more: it is %s", theCell(s.Key, cell), r.name, s.Marks[cell].Verdict)
	case !was.says(by):
		r.unused(by, by.Pos, "%s of %s has been decided otherwise, by %s", theCell(s.Key, cell), r.name, was.at(was.Pos))
	}
}

// theCell names a cell in a message.
func theCell(k *Key, i int) string {
	c := &k.Cells[i]
	return fmt.Sprintf("step %s, node %s, %s", k.Trace.Steps[c.Step-1].ID, k.Trace.Name(c.Node), listField(c))
}
