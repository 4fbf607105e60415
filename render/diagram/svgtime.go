package diagram

import (
	"slices"

	"raftsheet/raft"
)

// This file lays life lines out: where each node's line is, and how far down each
// moment.

const (
	asideWide     = 190.0 // what happens, to the left
	asideCells    = 30    // characters of a line of it
	lineHigh      = 14.0
	pillHigh      = 16.0
	leastLabel    = 92.0 // of the logs to the right
	mostLabel     = 220.0
	againEvery    = 900.0 // after so much, the nodes are named again
	againInset    = 300.0 // the same in a picture of which a page shows a part
	pillEach      = 5.7
	notesEach     = 6.0
	mostNotesWide = 1150.0
	leastNotes    = 560.0
	besideSpace   = 26.0
	lostShort     = 20.0 // of a node's line ends a message to it that is lost
)

// A layout says where things are.
type layout struct {
	l      *Lifelines
	pitch  float64
	left   float64 // of the first node's column
	logsX  float64
	labels float64 // width of the labels of the logs
	right  float64
	bands  []band
	place  map[raft.NodeID]int // of the nodes that are shown
	start  float64             // where the life lines begin
	end    float64
}

// A band is a step's part of the picture.
type band struct {
	top, bottom float64
	at          [Ends + 1]float64 // how far down each phase is
	stacks      map[stack]int     // how many pills are there
	notes       float64           // where what is wrong stands
	logs        grid
	again       float64 // where the nodes are named again, 0 for nowhere
	lines       []string
}

// A stack is a place for pills, one below the other.
type stack struct {
	node  raft.NodeID
	phase Phase
}

func lay(l *Lifelines, top, again float64) *layout {
	y := &layout{l: l, place: make(map[raft.NodeID]int)}
	y.pitch = 92
	if len(l.Nodes) > 12 {
		y.pitch = 76
	}
	for i, n := range l.Nodes {
		y.place[n.ID] = i
	}
	y.left = margin + asideWide
	y.logsX = y.left + y.pitch*float64(len(l.Nodes)) + besideSpace
	y.right, y.labels = max(y.logsX, leastNotes), leastLabel
	grids := []*Logs{l.Before.Logs}
	for i := range l.Steps {
		grids = append(grids, l.Steps[i].Logs)
	}
	grids = slices.DeleteFunc(grids, func(l *Logs) bool { return l == nil })
	for _, logs := range grids {
		y.labels = max(y.labels, labelWidth(logs, mostLabel))
	}
	for _, logs := range grids {
		g := gridOf(logs, y.labels)
		w, _ := g.size()
		y.right = max(y.right, y.logsX+w)
	}
	y.start = top
	lastNames := top
	for i := range l.Steps {
		b := y.band(&l.Steps[i], top)
		if b.top-lastNames > again {
			b = y.band(&l.Steps[i], top+24)
			b.again, lastNames = top+16, b.top
		}
		y.bands = append(y.bands, b)
		top = b.bottom
	}
	y.end = top
	return y
}

// band lays a step out.
func (y *layout) band(s *Step, top float64) band {
	b := band{top: top, stacks: make(map[stack]int)}
	var high [Ends + 1]float64
	for _, e := range s.Events {
		at := stack{e.Node, e.Phase}
		b.stacks[at]++
		high[e.Phase] = max(high[e.Phase], float64(b.stacks[at])*pillHigh+3)
	}
	fan := min(max(18+3*float64(len(y.l.Nodes)), 26), 60)
	sends, late, returns := y.messages(s.Number)
	at := top + 14
	b.at[Begins] = at
	at += high[Begins]
	b.at[Sends] = at
	at += high[Sends]
	if sends {
		at += fan
	} else if late {
		at += 12
	}
	b.at[Arrives] = at
	at += high[Arrives]
	b.at[Leaves] = at + 4
	if sends {
		at += 4
	}
	if returns {
		at += fan
	}
	b.at[Returns] = at
	at += high[Returns]
	b.at[Ends] = at + 4
	at += high[Ends]
	if s.Logs != nil {
		b.logs = gridOf(s.Logs, y.labels)
		_, h := b.logs.size()
		at = max(at, top+4+h)
	}
	b.lines = aside(s)
	at = max(at, top+18+lineHigh*float64(len(b.lines)))
	b.notes = at + 8
	b.bottom = b.notes + y.notesHigh(s.Divergences) + 4
	return b
}

// aside is what stands to the left of a step, below its id.
func aside(s *Step) (lines []string) {
	const most = 3 // lines of one text
	for _, text := range append(s.Says[:len(s.Says):len(s.Says)], s.Note) {
		lines = append(lines, fewLines(wrapped(text, asideCells), most)...)
	}
	return lines
}

// messages says what is on the way in a step: a request that it sends, an answer
// that arrives late, and whether any answer comes back.
func (y *layout) messages(step int) (sends, late, returns bool) {
	for i := range y.l.Arrows {
		a := &y.l.Arrows[i]
		if a.Ends.Step == step || a.Sent.Step == step {
			sends = sends || !a.Answer
			late = late || a.Answer && a.Late
			returns = returns || a.Answer && a.Sent.Step == step
		}
	}
	return sends, late, returns
}

// x is the life line of a node.
func (y *layout) x(id raft.NodeID) float64 {
	return y.left + y.pitch*(float64(y.place[id])+.5)
}

// y is how far down a moment is; off the picture, just past its edge.
func (y *layout) y(m Moment) float64 {
	if len(y.bands) == 0 || m.Step < y.l.Steps[0].Number {
		return y.start
	}
	i := m.Step - y.l.Steps[0].Number
	if i >= len(y.bands) {
		return y.end
	}
	return y.bands[i].at[m.Phase]
}

// noteLines breaks what is wrong into lines: how it begins, and the reason.
func (y *layout) noteLines(d *Divergence) (head, reason []string) {
	cells := int((y.notesWide() - 40) / notesEach)
	return fewLines(wrapped("✗ "+d.Head, cells), 4), fewLines(wrapped(d.Reason, cells), 6)
}

// fewLines cuts a text that is broken into more than so many lines.
func fewLines(lines []string, most int) []string {
	if len(lines) > most {
		return append(lines[:most-1:most-1], clip(lines[most-1], 24)+" …")
	}
	return lines
}

// notesWide is how wide the box is in which it stands.
func (y *layout) notesWide() float64 { return min(y.right-margin, mostNotesWide) }

// mostNotes bounds what is said below one step.
const mostNotes = 12

func (y *layout) notesHigh(ds []Divergence) float64 {
	if len(ds) == 0 {
		return 0
	}
	lines := 0
	for i := range ds[:min(len(ds), mostNotes)] {
		head, reason := y.noteLines(&ds[i])
		lines += len(head) + len(reason)
	}
	if len(ds) > mostNotes {
		lines++
	}
	return float64(lines)*lineHigh + 10
}
