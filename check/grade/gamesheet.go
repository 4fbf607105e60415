package grade

import (
	"fmt"
	"slices"

	"raftsheet/check/item"
	"raftsheet/check/order"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file marks one sheet of a game.

// mark marks a sheet of the game, against a key of its node's own cells.
func (g *Game) mark(sheet int, s *Submission) {
	k := g.keyOf(sheet)
	s.key = k
	marked := s.Sheet
	marked.Key, marked.Late, marked.Stops = k, s.Late, g.stops(k.Player)
	marked.steps = alongside(k.Trace).steps
	var unsure []int
	for i := range k.Cells {
		m := g.judge(marked, sheet, &k.Cells[i])
		if marked.Marks = append(marked.Marks, m); m.Doubt == OtherStory {
			unsure = append(unsure, i)
		}
	}
	if unsure != nil {
		marked.Reviews = []Review{{Doubt: OtherStory, Cells: unsure, Why: g.Unsure()}}
	}
	marked.askInstructor()
	marked.review(func(step int) string {
		t := &g.Orders[0].Steps[step-1]
		if t.Sheet != sheet {
			return ""
		}
		return g.doubts[sheet].place(t.Step)
	})
	g.deduct(sheet, marked)
	g.open(sheet, marked)
	if rules := s.read.trace.Rules; rules != nil {
		marked.remark(s.read.trace.RulesPos, otherRules, list(rules))
	}
	s.read.remark(marked)
	marked.total()
	s.read = nil
}

// stops are those of a node.
func (g *Game) stops(id raft.NodeID) []Stop {
	return slices.DeleteFunc(slices.Clone(g.run.Stops), func(s Stop) bool { return s.Node != id })
}

// keyOf makes the key of a sheet: the cells of its node, less those that are not marked.
func (g *Game) keyOf(sheet int) *Key {
	first := g.Orders[0]
	of := &g.Sheets[sheet]
	t := *first.Trace
	t.File, t.Pos = of.File, of.Pos
	k := &Key{Trace: &t, Run: first.Run, Player: of.Node}
	k.ask(slices.DeleteFunc(item.OfSheet(&t), func(it item.Item) bool { return !g.asks(sheet, &it) }))
	if err := k.scheme(); err != nil {
		panic(err) // the order has no scheme of its own
	}
	return k
}

// asks reports whether an item of the order is a cell of the sheet's node that can be
// marked.
func (g *Game) asks(sheet int, it *item.Item) bool {
	t := &g.Orders[0].Steps[it.Step-1]
	if it.IsAnswer() {
		on := it.On(&g.Orders[0].Trace.Steps[it.Step-1])
		if it.Node != g.Sheets[sheet].Node || on.Blank() && !on.Unread {
			return false
		}
	} else if t.Sheet != sheet {
		return false
	}
	cell, is := g.CellOf(t.Step, it)
	return !is || !slices.Contains(g.notMarked, cell)
}

// judge marks a cell of a sheet's node, wherever it stands.
func (g *Game) judge(s *Sheet, sheet int, c *Cell) Mark {
	t := &g.Orders[0].Steps[c.Step-1]
	on := c.On(s.steps[c.Step-1])
	doubts := g.doubts[t.Sheet]
	doubt := doubts.of(&on, t.Step)
	switch {
	case doubt != NoDoubt || on.Blank():
	case spelled(s.Key.Run, &on):
		doubt = Spelled
	case g.Unsure() != "" && item.Differs(s.Key.Run, &on):
		doubt = OtherStory
	}
	j := s.judge(c, &on, g.run, doubt)
	if doubt == Unreadable && doubts.unread(&on, t.Step) {
		j.Text = doubts.text(on.Pos)
	}
	if t.Sheet != sheet {
		on.Pos = trace.Pos{} // it is on another sheet
	}
	return Mark{&j, on.Pos}
}

// deduct takes points off for messages of the sheet that nobody could have sent.
func (g *Game) deduct(sheet int, s *Sheet) {
	for i := range g.wrong {
		d := &g.wrong[i]
		c := &g.Cells[d.Cell]
		if c.Sheet != sheet || !c.IsMessage() || !slices.Contains(g.Wrong, d.Cell) {
			continue
		}
		off := Deduction{Finding: &d.Finding, Points: Whole(1), Least: Whole(1)}
		if why := g.Unsure(); why != "" {
			off.Least = Points{}
			s.Reviews = append(s.Reviews, Review{Doubt: OtherStory, Why: fmt.Sprintf("the message of step %s: %s", d.ID, why)})
		}
		s.Deductions = append(s.Deductions, off)
	}
}

// open says what is not marked of the sheet's node, and of what is on the sheet.
func (g *Game) open(sheet int, s *Sheet) {
	node := g.Sheets[sheet].Node
	for i := range g.Orders[0].Steps {
		t := &g.Orders[0].Steps[i]
		for _, cell := range g.notMarked {
			if c := &g.Cells[cell]; c.Step == t.Step && (c.Owner == node || c.Sheet == sheet) {
				at := trace.Pos{}
				if c.Sheet == sheet {
					at = c.Pos
				}
				s.Open = append(s.Open, Remark{Pos: at, Text: fmt.Sprintf("in step %s %s; %s", s.Key.Trace.Steps[i].ID, g.says(c), g.whyNot(cell))})
			}
		}
	}
	if n := g.blanks(node); n > 0 {
		s.Open = append(s.Open, Remark{Text: fmt.Sprintf("of node %s's answers on other sheets %d are left blank: whether the requests arrived, nobody can tell", s.Key.Trace.Name(node), n)})
	}
}

// blanks counts the answers of a node that are left blank.
func (g *Game) blanks(node raft.NodeID) int {
	n := 0
	t := g.Orders[0].Trace
	for i := range t.Steps {
		for _, it := range item.OfStep(t, &t.Steps[i]) {
			if it.IsAnswer() && it.Node == node && it.Blank() {
				n++
			}
		}
	}
	return n
}

// whyNot says why a cell that is wrong in some order is not marked.
func (g *Game) whyNot(cell int) string {
	if slices.Contains(g.Depends, cell) {
		return "of the orders that explain the game best, some have it so and some do not"
	}
	c := &g.Cells[cell]
	name := g.Orders[0].Trace.Name
	return fmt.Sprintf("its own table says otherwise, so that this is a wrong decision of node %s, or a slip of the pen on the sheet of node %s",
		name(c.Owner), name(g.Sheets[c.Sheet].Node))
}

// says is what is written in a cell, in a clause.
func (g *Game) says(c *order.Cell) string {
	t := g.Orders[0].Trace
	switch {
	case c.IsMessage() && c.Field == "":
		return "the message"
	case c.IsMessage():
		return "the message's " + c.Field
	case c.Item.IsAnswer():
		return fmt.Sprintf("node %s answers %s", t.Name(c.Item.Node), item.Word(item.Any(t, c.Item.Node, c.Item.Written)))
	}
	return fmt.Sprintf("node %s has %s %s", t.Name(c.Item.Node), c.Item.Name, item.Word(item.Any(t, c.Item.Node, c.Item.Written)))
}
