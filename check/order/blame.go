package order

import (
	"slices"
	"strings"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/check/replay"
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
