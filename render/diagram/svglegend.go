package diagram

// A mark is a sign that a picture uses, by what the legend says of it.
type mark string

// marks are those that a picture uses.
type marks map[mark]bool

// marksOf gives the marks that some life lines use.
func marksOf(all []*Lifelines) marks {
	used := make(marks)
	for _, l := range all {
		used.logs(l.Before.Logs)
		for i := range l.Arrows {
			used.arrow(&l.Arrows[i])
		}
		for _, n := range l.Nodes {
			for _, life := range n.Lives {
				used[[...]mark{Follower: "follower", Candidate: "candidate", Leader: "leader", Down: "down", Untold: "not on this page"}[life.Kind]] = true
			}
		}
		for i := range l.Steps {
			used.logs(l.Steps[i].Logs)
			for _, e := range l.Steps[i].Events {
				used["left unwritten by the trace"] = used["left unwritten by the trace"] || e.Implied
			}
		}
		used["partition"] = used["partition"] || len(l.Walls) > 0
	}
	return used
}

func (used marks) arrow(a *Arrow) {
	switch {
	case a.Fate != Delivered:
		used["does not arrive"] = true
	case !a.Answer:
		used["request"] = true
	case a.OK:
		used["answer: ok"] = true
	default:
		used["answer: no"] = true
	}
}

// logs adds the marks that logs use; there may be none.
func (used marks) logs(l *Logs) {
	if l == nil {
		return
	}
	for _, r := range l.Rows {
		used["leader's log"] = used["leader's log"] || r.Leads
		for _, c := range r.Cells {
			switch {
			case c.Wrong:
				used["written, and wrong"] = true
			case c.Kind == Gone:
				used["deleted"] = true
			case c.Kind == Covered:
				used["in a snapshot"] = true
			case c.Kind == Elision:
				used["more entries"] = true
			case c.Kind == Entry:
				used["entry: its term"] = used["entry: its term"] || c.Value == ""
				used["entry: its term, its value"] = used["entry: its term, its value"] || c.Value != ""
				used["new"] = used["new"] || c.New && c.Old == 0
				used["new, in place of an entry of term 1"] = used["new, in place of an entry of term 1"] || c.Old > 0
			}
			used["committed, as this node knows"] = used["committed, as this node knows"] || c.Committed
		}
	}
}

// A sample is a mark of the legend, in a box of 30 by 20.
type sample struct {
	mark
	draw func(c *canvas, x, y float64)
}

var legendOf = []sample{
	{"request", arrowSample(&Arrow{})},
	{"answer: ok", arrowSample(&Arrow{Answer: true, OK: true})},
	{"answer: no", arrowSample(&Arrow{Answer: true})},
	{"does not arrive", func(c *canvas, x, y float64) {
		c.line(x, y+6, x+20, y+12, "arrow")
		c.cross(x+20, y+12)
	}},
	{"follower", lineSample("life s1")},
	{"candidate", lineSample("life candidate s1")},
	{"leader", lineSample("life leader s1")},
	{"down", lineSample("down")},
	{"not on this page", lineSample("untold")},
	{"partition", func(c *canvas, x, y float64) { c.line(x+14, y, x+14, y+20, "wall") }},
	{"left unwritten by the trace", func(c *canvas, x, y float64) { c.rect(x, y+3, 28, 14, 6, "pill implied") }},
	{"leader's log", func(c *canvas, x, y float64) { c.rect(x+2, y+2, 24, 15, 3, "leads") }},
	{"entry: its term", cellSample(Cell{Kind: Entry})},
	{"entry: its term, its value", cellSample(Cell{Kind: Entry, Value: "x"})},
	{"committed, as this node knows", cellSample(Cell{Kind: Entry, Committed: true})},
	{"new", cellSample(Cell{Kind: Entry, New: true})},
	{"new, in place of an entry of term 1", cellSample(Cell{Kind: Entry, New: true, Old: 1})},
	{"deleted", cellSample(Cell{Kind: Gone})},
	{"in a snapshot", cellSample(Cell{Kind: Covered})},
	{"more entries", cellSample(Cell{Kind: Elision})},
	{"written, and wrong", cellSample(Cell{Kind: Entry, Wrong: true})},
}

func arrowSample(a *Arrow) func(c *canvas, x, y float64) {
	return func(c *canvas, x, y float64) {
		c.line(x, y+6, x+28, y+14, arrowClass(a))
		c.tip(x, y+6, x+28, y+14, a)
	}
}

func lineSample(class string) func(c *canvas, x, y float64) {
	return func(c *canvas, x, y float64) { c.line(x, y+10, x+28, y+10, class) }
}

func cellSample(cell Cell) func(c *canvas, x, y float64) {
	cell.Term = 2
	return func(c *canvas, x, y float64) {
		g := grid{height: besideCell, valued: cell.Value != ""}
		if g.valued {
			g.height = valuedCell
			y -= 6
		}
		g.one(c, x+2, y, leastCell, &cell)
	}
}

// samples gives the samples of the marks that are used.
func samples(used marks) (out []sample) {
	for _, s := range legendOf {
		if used[s.mark] {
			out = append(out, s)
		}
	}
	return out
}

// legend says what the marks mean.
func legend(c *canvas, x, y, width float64, all []sample) {
	at := x
	y += 6
	for _, s := range all {
		w := 34 + wide(string(s.mark), 5.8) + 16
		if at > x && at+w > x+width {
			at, y = x, y+28
		}
		s.draw(c, at, y)
		c.text(at+34, y+14, "soft", string(s.mark))
		at += w
		c.reach(at, y+28+margin)
	}
}
