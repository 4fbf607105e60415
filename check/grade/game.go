package grade

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/order"
	because "raftsheet/check/reason"
	"raftsheet/trace"
)

// This file marks the sheets of one game, each of which is a node's: no key has their
// messages, and none of them has the order. An order that explains them all stands for
// the key, see [Game]; gamesheet.go marks a sheet by it.

// MarkGame marks the sheets of one game, each against the order of all of them. A
// student's own cells are the answers of its node, on whosever sheet, and its tables; a
// message that nobody could have sent takes off a point. The search looks at so many
// states at the most.
//
// What depends on the order is not marked, nor is an answer that is left blank: whether
// its request arrived, nobody can tell.
func MarkGame(inputs []Input, states int, set Settings) *Class {
	base := &Key{Trace: &trace.Trace{File: "the game", Document: 1}}
	c := markAll(base, inputs, set, func() marker {
		return func(s *Submission, r *reading, _ trace.Errors, _ *rulings) { s.Sheet, s.read = &Sheet{Key: base}, r }
	})
	game, of := c.gather()
	if game == nil {
		return c
	}
	g := &Game{Result: game.Search(states, 1)}
	c.Game = g
	if !g.Whole {
		g.stuck(of)
		return c
	}
	g.prepare(of)
	telling := newParters(set.Apart)
	for i, s := range of {
		g.mark(i, s)
		if c.Variants = append(c.Variants, s.key); s.key.Max.Cmp(base.Max) > 0 {
			base.Max = s.key.Max
		}
		if set.Diagnose && len(s.key.Cells) > 0 {
			s.Sheet.Diagnosis = newDiagnoser(s.key, telling).diagnose(s.Sheet)
		}
	}
	base.Trace.Title = g.Orders[0].Trace.Title
	return c
}

// gather makes a game of the sheets that count, and gives their submissions by the
// game's sheets. Those that cannot be of the game with the others are unmatched.
func (c *Class) gather() (*order.Game, []*Submission) {
	c.onePerNode()
	for {
		var of []*Submission
		var sheets []*trace.Trace
		for i := range c.Submissions {
			if s := &c.Submissions[i]; s.Outcome == Marked {
				of, sheets = append(of, s), append(sheets, s.sheetOfGame())
			}
		}
		if len(of) == 0 {
			return nil, nil
		}
		game, errs := order.Gather(sheets, nil)
		if errs == nil {
			return game, of
		}
		for _, e := range errs {
			i := slices.IndexFunc(sheets, func(t *trace.Trace) bool { return t.File == e.File })
			of[i].unmatched(nil, e.Msg)
			of[i].Sheet = nil
		}
	}
}

// sheetOfGame is what was read as a sheet of a game: by Figure 2, whatever it says of
// rules, and under the name of its submission, for several may be typed in to one file.
func (s *Submission) sheetOfGame() *trace.Trace {
	t := *s.read.trace
	t.File, t.Rules = s.Name, nil
	return &t
}

// onePerNode leaves the sheets unmarked of which several are of one node: nobody can say
// which of them was played with.
func (c *Class) onePerNode() {
	type player struct{ cluster, node string }
	of := make(map[player][]*Submission)
	for i := range c.Submissions {
		if s := &c.Submissions[i]; s.Outcome == Marked {
			if id, err := order.NodeOf(s.read.trace); err == nil {
				p := player{strings.Join(s.read.trace.Names, " "), s.read.trace.Name(id)}
				of[p] = append(of[p], s)
			}
		}
	}
	for p, all := range of {
		for i, s := range all {
			if len(all) > 1 {
				s.unmatched(nil, fmt.Sprintf("this is a sheet of node %s, and so is %s; which of them was played with?", p.node, all[(i+1)%len(all)].Name))
				s.Sheet = nil
			}
		}
	}
}

// prepare works out what the marks of all sheets need.
func (g *Game) prepare(of []*Submission) {
	first := g.Orders[0]
	g.wrong, g.notMarked = g.Differences(first), slices.Clone(g.Depends)
	for _, cell := range g.Wrong {
		if g.MayBeSlip(cell) {
			g.notMarked = append(g.notMarked, cell)
		}
	}
	g.run = carryForward(first.Run, g.believed())
	for _, s := range of {
		steps := make(map[int]*trace.Step)
		for i := range s.read.trace.Steps {
			steps[i+1] = &s.read.trace.Steps[i]
		}
		d := newDoubtful(s.read, g.Orders[0].Run, alongside(s.read.trace).steps, steps)
		g.Unread = g.Unread || d.from() > 0
		g.doubts = append(g.doubts, d)
	}
}

// believed is what the sheets have written in the order, less the answers that are not
// marked: nothing follows from them.
func (g *Game) believed() []*trace.Step {
	steps := alongside(g.Orders[0].Trace).steps
	for _, cell := range g.notMarked {
		c := &g.Cells[cell]
		if c.IsMessage() || !c.Item.IsAnswer() {
			continue
		}
		i := slices.IndexFunc(g.Orders[0].Steps, func(t order.Taken) bool { return t.Step == c.Step })
		s, row := *steps[i], *steps[i].Response
		row.Cells = slices.DeleteFunc(slices.Clone(row.Cells), func(of trace.Cell) bool { return of.Node == c.Owner })
		s.Response, steps[i] = &row, &s
	}
	return steps
}

// stuck leaves the sheets to an instructor: without an order nobody can say what of them
// is wrong.
func (g *Game) stuck(of []*Submission) {
	for i, s := range of {
		why := "no order has the messages of all sheets; this one has all of its own there"
		for j := range g.Waits {
			if w := &g.Waits[j]; w.Sheet == &g.Sheets[i] {
				why = fmt.Sprintf("no order has the messages of all sheets; this one comes no further than step %s: %s", w.Step.ID, because.Fact(w.Run, &w.Why))
			}
		}
		if g.Orders[0].Trace.Unknown != 0 {
			why += "; " + g.Unsure()
		}
		s.unmatched(nil, why)
		s.Sheet = nil
	}
}
