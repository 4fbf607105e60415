package order

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A Difference is a cell that is wrong in an order, as a finding of its sheet.
type Difference struct {
	Cell  int // of the game's
	Sheet *Sheet
	finding.Finding
}

// Differences gives what is wrong in an order, in its steps' order: what the rules
// give there, and why.
func (g *Game) Differences(o *Order) []Difference {
	all := check.Compare(o.Run).Findings
	var out []Difference
	for i := range o.Steps {
		t := &o.Steps[i]
		for _, c := range t.Wrong {
			cell := &g.Cells[c]
			d := Difference{Cell: c, Sheet: &g.Sheets[cell.Sheet]}
			if j := slices.IndexFunc(t.Facts, func(f replay.Fact) bool { return f.Field == cell.Field }); cell.IsMessage() && j >= 0 {
				d.Finding = o.slip(i, cell, &t.Facts[j])
			} else if j := slices.IndexFunc(all, func(f finding.Finding) bool { return f.Step == i+1 && cell.isIn(o.Trace, &f) }); j >= 0 {
				d.Finding = all[j]
			}
			out = append(out, d)
		}
	}
	return out
}

// Unsure says, in a clause, why what is wrong in every order that was found may be right
// all the same; it is empty where it is wrong for sure.
func (r *Result) Unsure() string {
	t := r.Orders[0].Trace
	switch missing := t.Unknown; {
	case r.Unread:
		return "a message that cannot be read may explain this"
	case missing.Len() == 1:
		return fmt.Sprintf("the sheet of node %s is missing, and what it sent may explain this", List(t, missing))
	case missing != 0:
		return fmt.Sprintf("the sheets of nodes %s are missing, and what they sent may explain this", List(t, missing))
	case !r.Proven:
		return "the search was stopped, and another order may explain this"
	}
	return ""
}

// MayBeSlip reports whether nobody can say who is to blame for a wrong answer to a
// RequestVote. In whose column it stands has a table that says of this term what Figure
// 2 does: either that node decided against its own table, or whoever wrote the answer
// down, the sheet's owner, let the pen slip.
func (r *Result) MayBeSlip(cell int) bool {
	c := &r.Cells[cell]
	vote, asks := c.Step.Event.(*trace.RequestVote)
	if _, says := c.Item.Written.(replay.Bool); !asks || !says || c.IsMessage() || !r.Orders[0].differs(c) {
		return false
	}
	for i := range r.Cells {
		own := &r.Cells[i]
		if own.Owner == c.Owner && own.Item.Node == c.Owner && own.Item.Field == item.TermsLine && raft.Term(own.Item.Line) == vote.Term.Value {
			return !slices.Contains(r.Wrong, i) && !slices.Contains(r.Depends, i)
		}
	}
	return false
}

// differs reports whether the item of a cell, for an answer its outcome, is otherwise in
// the order.
func (o *Order) differs(c *Cell) bool {
	it := c.Item
	it.Step = 1 + slices.IndexFunc(o.Steps, func(t Taken) bool { return t.Step == c.Step })
	return item.Differs(o.Run, &it)
}

// slip is the finding of a message's field that is wrong.
func (o *Order) slip(step int, cell *Cell, f *replay.Fact) finding.Finding {
	s := &o.Trace.Steps[step]
	return finding.Finding{Kind: finding.Message, Step: s.Number, ID: s.ID, Event: s.EventName(), Pos: cell.Pos, Rule: f.Rule, Field: f.Field,
		Node: o.Trace.Name(f.Node), Expected: item.Any(o.Trace, f.Node, f.Says), Actual: item.Any(o.Trace, f.Node, f.Has), Message: reason.Fact(o.Run, f)}
}

// isIn reports whether a finding of the cell's step is about the cell.
func (c *Cell) isIn(t *trace.Trace, f *finding.Finding) bool {
	switch {
	case c.IsMessage():
		return f.Kind == finding.Message || f.Kind == finding.Safety
	case c.Item.IsAnswer():
		return f.Kind == finding.Response && f.Node == t.Name(c.Item.Node)
	}
	part, is := strings.CutPrefix(f.Field, c.Item.Name)
	return f.Kind == finding.State && f.Node == t.Name(c.Item.Node) && is && (part == "" || part[0] == '[' || part[0] == '.')
}
