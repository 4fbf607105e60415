package diagram

import (
	"fmt"
	"io"
	"math"
	"strings"

	"raftsheet/raft"
	"raftsheet/render"
)

// writeSVG draws the life lines of traces, one trace below the other.
func writeSVG(w io.Writer, all []*Lifelines) error {
	c := &canvas{}
	var titles, wrong []string
	steps := 0
	for _, l := range all {
		l.drawOn(c)
		titles, steps = append(titles, l.Title), steps+len(l.Steps)
		wrong = append(wrong, l.wrong()...)
	}
	legend(c, margin, c.tallest-c.offset+4, max(c.right-2*margin, 360), samples(marksOf(all)))
	says := fmt.Sprintf("The life lines of the nodes in %s, time going down, with the messages between them.", render.Count(steps, "step", "steps"))
	if n := len(wrong); n > mostNotes {
		wrong = append(wrong[:mostNotes], fmt.Sprintf("and %d more", n-mostNotes))
	}
	if len(wrong) > 0 {
		says += " Wrong: " + strings.Join(wrong, "; ") + "."
	}
	return c.write(w, strings.Join(titles, "; "), says)
}

// wrong says what is wrong, in one line each.
func (l *Lifelines) wrong() (out []string) {
	const widest = 200
	for _, s := range l.Steps {
		for _, d := range s.Divergences {
			out = append(out, clip("step "+s.ID+": "+d.Head, widest))
		}
	}
	return out
}

// drawOn draws one trace's life lines below what is there, and gives their layout.
func (l *Lifelines) drawOn(c *canvas) *layout {
	c.offset = c.tallest
	const namesEnd = 64.0
	head := headline(l.Title, l.Rules)
	begins := &l.Before
	notes := namesEnd + begins.high()
	again := againEvery
	if c.inset {
		again = againInset
	}
	y := lay(l, notes, again)
	if n := y.notesHigh(begins.Divergences); n > 0 {
		y = lay(l, notes+n+6, again)
	}
	y.start = namesEnd
	y.right = max(y.right, margin+wide(head, titleEach))
	c.text(margin, 28, "title", head)
	y.names(c, namesEnd-8)
	y.rules(c)
	y.walls(c)
	y.lives(c)
	y.arrows(c)
	y.before(c, notes)
	for i := range l.Steps {
		y.step(c, i)
	}
	c.reach(y.right+margin, y.end+16)
	return y
}

// high is how much room there is for what is so at the start, without its notes.
func (s *Start) high() (h float64) {
	if len(s.Are) > 0 {
		h = 32
	}
	if s.Logs != nil {
		g := gridOf(s.Logs, leastLabel)
		_, rows := g.size()
		h = max(h, rows+10)
	}
	return h
}

// before draws what is so before the first step, down to the notes at the top
// given.
func (y *layout) before(c *canvas, notes float64) {
	start := &y.l.Before
	if notes > y.start {
		c.line(margin, y.start, y.right, y.start, "rule")
		c.text(margin, y.start+16, "id", clip(start.ID, int(asideWide)/8))
	}
	for i := range start.Are {
		y.pill(c, y.x(start.Are[i].Node), y.start+10, &start.Are[i])
	}
	if start.Logs != nil {
		g := gridOf(start.Logs, y.labels)
		g.draw(c, y.logsX, y.start+4)
	}
	if len(start.Divergences) > 0 {
		y.notes(c, notes, start.Divergences)
	}
}

// names writes the nodes' names at the heads of their lines.
func (y *layout) names(c *canvas, at float64) {
	for _, n := range y.l.Nodes {
		label := clip(n.Name, int(y.pitch-14)/8)
		w := max(wide(label, 8)+14, 26)
		c.rect(y.x(n.ID)-w/2, at-14, w, 20, 4, "head")
		c.text(y.x(n.ID), at, "name middle", label)
	}
}

// rules divides the steps.
func (y *layout) rules(c *canvas) {
	for _, b := range y.bands {
		c.line(margin, b.top, y.right, b.top, "rule")
	}
	c.line(margin, y.end, y.right, y.end, "rule")
}

// walls draws the partitions: a line between nodes side by side that cannot
// reach each other.
func (y *layout) walls(c *canvas) {
	for _, wall := range y.l.Walls {
		from, to := y.y(wall.From), y.y(wall.To)
		if to <= from {
			continue
		}
		for i := 1; i < len(y.l.Nodes); i++ {
			if a, b := y.l.Nodes[i-1].ID, y.l.Nodes[i].ID; groupOf(&wall, a) != groupOf(&wall, b) {
				x := y.x(b) - y.pitch/2
				c.line(x, from, x, to, "wall")
			}
		}
	}
}

// groupOf is the group of a node, by a number of its own where it is alone.
func groupOf(w *Wall, id raft.NodeID) int {
	for i, g := range w.Groups {
		if g.Has(id) {
			return i
		}
	}
	return -int(id)
}

// lives draws the life lines.
func (y *layout) lives(c *canvas) {
	for _, n := range y.l.Nodes {
		for i, life := range n.Lives {
			from, to := y.y(life.From), y.end
			if i == 0 {
				from = y.start
			}
			if i+1 < len(n.Lives) {
				to = y.y(n.Lives[i+1].From)
			}
			if to <= from {
				continue
			}
			class := [...]string{Follower: "life", Candidate: "life candidate", Leader: "life leader", Down: "down", Untold: "untold"}[life.Kind]
			if life.Kind <= Leader {
				class += " " + termClass("s", life.Term)
			}
			c.line(y.x(n.ID), from, y.x(n.ID), to, class)
		}
	}
}

// arrows draws the messages, with thinner lines where there are many.
func (y *layout) arrows(c *canvas) {
	const many = 12 // nodes
	if len(y.l.Nodes) > many {
		c.element(`<g class="dense">`)
		defer c.element(`</g>`)
	}
	for i := range y.l.Arrows {
		y.arrow(c, &y.l.Arrows[i])
	}
	c.drawStrokes()
}

// arrow draws a message: to where it arrives, or is lost, or goes off the picture.
func (y *layout) arrow(c *canvas, a *Arrow) {
	x1, x2, y1, y2 := y.way(c, a)
	part := 1.0
	switch a.Fate {
	case Lost: // beside the line that it does not reach
		part = max(.72, 1-lostShort/max(math.Abs(x2-x1), 1))
	case CutOff:
		part = y.cutAt(a, x1, x2)
	}
	x3, y3 := x1+(x2-x1)*part, y1+(y2-y1)*part
	if !c.inset {
		c.element(`<g><title>%s</title>`, safe(a.Says))
	}
	c.stroke(x1, y1, x3, y3, arrowClass(a))
	switch {
	case a.Fate != Delivered:
		c.cross(x3, y3)
	case y.shows(a.Ends):
		c.tip(x1, y1, x3, y3, a)
	}
	if !c.inset {
		c.element(`</g>`)
	}
	if a.Label != "" && y.shows(a.Sent) {
		c.over(func() { y.label(c, a, x1, x2, y1, y2) })
	}
}

// shows reports whether a moment is on the picture.
func (y *layout) shows(m Moment) bool {
	first := y.l.Steps[0].Number
	return m.Step >= first && m.Step < first+len(y.bands)
}

// way is from where to where a message goes. Where its other end is not shown, or
// a moment is off the picture, it is cut short.
func (y *layout) way(c *canvas, a *Arrow) (x1, x2, y1, y2 float64) {
	const offPage = .6 // of the way
	_, from := y.place[a.From]
	_, to := y.place[a.To]
	y1, y2 = y.y(a.Sent), y.y(a.Ends)
	aside := y.pitch * .42
	switch {
	case from && to:
		x1, x2 = y.x(a.From), y.x(a.To)
	case to:
		x2 = y.x(a.To)
		x1 = x2 - math.Copysign(aside, float64(a.To)-float64(a.From))
		y1 = max(y1, y2-14)
		c.text(x1, y1-3, "small soft middle", clip(y.l.Others[a.From], 6))
	default:
		x1 = y.x(a.From)
		x2 = x1 - math.Copysign(aside, float64(a.From)-float64(a.To))
		y2 = min(y2, y1+14)
	}
	switch {
	case !y.shows(a.Ends):
		x2 = x1 + (x2-x1)*offPage
	case !y.shows(a.Sent):
		x1 = x2 - (x2-x1)*offPage
	}
	return x1, x2, y1, y2
}

// arrowClass is how a message is drawn.
func arrowClass(a *Arrow) string {
	switch {
	case !a.Answer:
		return "arrow"
	case a.OK:
		return "arrow answer"
	}
	return "arrow answer no"
}

// cutAt is the part of its way on which a message comes up to the partition.
func (y *layout) cutAt(a *Arrow, x1, x2 float64) float64 {
	step := 1
	if y.place[a.To] < y.place[a.From] {
		step = -1
	}
	for i := range y.l.Walls {
		wall := &y.l.Walls[i]
		if wall.From.Step > a.Sent.Step || wall.To.Step < a.Sent.Step {
			continue
		}
		for at := y.place[a.From]; at != y.place[a.To]; at += step {
			if groupOf(wall, y.l.Nodes[at].ID) != groupOf(wall, y.l.Nodes[at+step].ID) {
				return (float64(at)*y.pitch + float64(step)*y.pitch/2 - float64(y.place[a.From])*y.pitch) / (x2 - x1)
			}
		}
	}
	return .5
}

// label writes what an answer says where it leaves, away from where it goes.
func (y *layout) label(c *canvas, a *Arrow, x1, x2, y1, y2 float64) {
	x, at, away, class := x1, y1, x1-x2, "halo no"
	if a.OK {
		class = "halo ok"
	}
	if !a.Answer {
		x, at, away, class = x2, y2, x2-x1, "halo soft"
	}
	if away < 0 {
		c.text(x-8, at+4, class+" end", a.Label)
	} else {
		c.text(x+8, at+4, class, a.Label)
	}
}

// tip draws the head of an arrow, open for an answer that says no.
func (c *canvas) tip(x1, y1, x2, y2 float64, a *Arrow) {
	const long, half = 9.0, 4.0
	d := math.Hypot(x2-x1, y2-y1)
	if d == 0 {
		return
	}
	ux, uy := (x2-x1)/d, (y2-y1)/d
	bx, by := x2-ux*long, y2-uy*long
	y2, by = y2+c.offset, by+c.offset
	class := "tip"
	if a.Answer && !a.OK {
		class = "tip no"
	}
	c.path(class, `M%s %sL%s %sL%s %sz`, x2, y2, bx-uy*half, by+ux*half, bx+uy*half, by-ux*half)
}

// step draws what stands beside and below a step.
func (y *layout) step(c *canvas, i int) {
	s, b := &y.l.Steps[i], &y.bands[i]
	if b.again > 0 {
		y.names(c, b.again)
	}
	c.text(margin, b.top+16, "id", clip(s.ID, int(asideWide)/8))
	for j, line := range b.lines {
		class := ""
		if j >= len(b.lines)-len(wrapped(s.Note, asideCells)) && s.Note != "" {
			class = "soft implied"
		}
		c.text(margin, b.top+18+lineHigh*float64(j+1)-2, class, line)
	}
	done := make(map[stack]int)
	for _, e := range s.Events {
		at := stack{e.Node, e.Phase}
		y.pill(c, y.x(e.Node), b.at[e.Phase]+2+float64(done[at])*pillHigh, &e)
		done[at]++
	}
	if s.Logs != nil {
		b.logs.draw(c, y.logsX, b.top+4)
	}
	if len(s.Divergences) > 0 {
		y.notes(c, b.notes, s.Divergences)
	}
}

// pill writes an event on its node's line.
func (y *layout) pill(c *canvas, x, top float64, e *Event) {
	label := clip(e.Text, int((y.pitch-10)/pillEach))
	box, text := "pill", "small middle"
	switch e.Kind {
	case Wrong:
		box, text = "pill bad", "small middle bad"
	case Gets:
		box, text = "pill faint", "small middle soft"
	case Commits:
		box = "pill commits"
	case Crashes:
		box, text = "pill crashes", "small middle light"
	case Becomes:
		text = "small middle strong"
		if strings.HasPrefix(e.Text, "leader") {
			box, text = "pill strong", "small middle light"
		}
	}
	if e.Implied {
		box, text = box+" implied", text+" implied"
	}
	w := wide(label, pillEach) + 10
	if !c.inset {
		c.element(`<g><title>%s</title>`, safe(e.Text))
		defer c.element(`</g>`)
	}
	c.rect(x-w/2, top, w, pillHigh-2, 6, box)
	c.text(x, top+10.5, text, label)
}

// notes writes what is wrong.
func (y *layout) notes(c *canvas, top float64, ds []Divergence) {
	h := y.notesHigh(ds) - 4
	c.rect(margin, top, y.notesWide(), h, 3, "note")
	c.rect(margin, top, 5, h, 0, "bar")
	at := top + 14
	write := func(lines []string, x float64, class string) {
		for _, line := range lines {
			c.text(x, at, class, line)
			at += lineHigh
		}
	}
	for i := range ds[:min(len(ds), mostNotes)] {
		head, reason := y.noteLines(&ds[i])
		write(head, margin+14, "bad")
		write(reason, margin+26, "")
	}
	if more := len(ds) - mostNotes; more > 0 {
		write([]string{fmt.Sprintf("and %d more", more)}, margin+14, "bad")
	}
}
