package order

import (
	"fmt"
	"path/filepath"
	"strconv"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// An Order is an order of a game's steps, as a trace and its replay.
type Order struct {
	// Trace has the steps in this order, with what the sheets wrote in their answers
	// and tables, each with its sheet and line as a comment.
	Trace *trace.Trace

	// Run is how they came to be. Its trace is Trace, and its answers are those of the
	// rules; the senders went on with what Taken says that they heard.
	Run *replay.Run

	Steps []Taken // by the trace's
}

// Taken says where a step of an order comes from, and in which way it happened.
type Taken struct {
	Sheet int          // of the game's
	Step  *trace.Step  // of the sheet
	Heard raft.NodeSet // whose answers its sender took in as they are written, though the rules have others
	Sent  trace.Event  // what was sent in place of what is written; nil for that
	Wrong []int        // of the game's Cells: those that are wrong here

	// Facts say of each field of the message that is wrong why it could not be sent.
	Facts []replay.Fact
}

// order makes the order of a path.
func (g *Game) order(p path) *Order {
	t := g.base
	t.Title, t.Steps = g.title(), nil
	o := &Order{Trace: &t}
	ids := g.ids()
	var played []*trace.Step
	add := func(st *step, to Taken) *trace.Step {
		t.Steps = append(t.Steps, *st.Step)
		s := &t.Steps[len(t.Steps)-1]
		s.Number, s.Points = len(t.Steps), trace.Opt[string]{}
		if s.ID = strconv.Itoa(s.Number); ids[st.Step] != "" {
			s.ID = ids[st.Step]
		}
		s.Comment = fmt.Sprintf("%s:%d", filepath.Base(g.Sheets[st.sheet].File), s.Pos.Line)
		to.Sheet, to.Step = st.sheet, st.Step
		o.Steps = append(o.Steps, to)
		return s
	}
	for i := range p.moves {
		m := &p.moves[i].move
		s := add(m.step, Taken{Heard: m.heard, Sent: m.event, Facts: m.facts, Wrong: p.moves[i].wrong})
		one := m.asStep(g)
		one.Number, one.ID = s.Number, s.ID
		s.Lost, s.ResponseLost = one.Lost, one.ResponseLost
		played = append(played, one)
	}
	if p.whole {
		for i := range g.end {
			st := &g.end[i]
			s := add(st, Taken{Wrong: st.among(p.goal.last)})
			played = append(played, &trace.Step{Pos: s.Pos, Number: s.Number, ID: s.ID})
		}
	}
	o.play(g.rules, played)
	return o
}

// play replays the order.
func (o *Order) play(rules *raft.Rules, steps []*trace.Step) {
	c := replay.New(o.Trace, rules)
	o.Run = c.Run()
	o.Run.Each = true
	for _, s := range steps {
		if _, halt := c.Apply(s); halt != nil {
			panic(fmt.Sprintf("order: step %s was played once, and cannot be again", s.ID))
		}
	}
	// What the replay needed not know is what the sheets wrote.
	for i := range o.Run.Steps {
		o.Run.Steps[i].Trace = &o.Trace.Steps[i]
	}
}

// among gives those of some cells that are a step's.
func (st *step) among(cells []int) []int {
	var own []int
	for _, c := range cells {
		for _, mine := range st.cells {
			if c == mine {
				own = append(own, c)
				break
			}
		}
	}
	return own
}

// title is what the sheets are called, where they all are called the same.
func (g *Game) title() string {
	for _, s := range g.Sheets {
		if s.Title != g.Sheets[0].Title {
			return ""
		}
	}
	return g.Sheets[0].Title
}

// ids gives the steps that have a name their names in the game: their own, or the
// node's with it where two steps have the same.
func (g *Game) ids() map[*trace.Step]string {
	ids, used := make(map[*trace.Step]string), make(map[string]bool)
	clash := false
	for i := range g.Sheets {
		for j := range g.Sheets[i].Steps {
			if s := &g.Sheets[i].Steps[j]; s.ID != strconv.Itoa(s.Number) {
				_, err := strconv.Atoi(s.ID) // it may be the number of another step
				clash = clash || used[s.ID] || err == nil
				ids[s], used[s.ID] = s.ID, true
			}
		}
	}
	if !clash {
		return ids
	}
	clear(used)
	for i := range g.Sheets {
		sheet := &g.Sheets[i]
		for j := range sheet.Steps {
			s := &sheet.Steps[j]
			if ids[s] == "" {
				continue
			}
			id := sheet.Name(sheet.Node) + "-" + s.ID
			for used[id] {
				id += "'"
			}
			ids[s], used[id] = id, true
		}
	}
	return ids
}
