package render

import (
	"fmt"

	"raftsheet/check/grade"
	"raftsheet/render/doc"
)

// This file shows a class in which students have worksheets of their own.

// outOf is what a sheet of the class can come to.
func (c *classReport) outOf() string {
	lo, hi := c.Key.Max, c.Key.Max
	for _, k := range c.Variants {
		if k.Max.Cmp(lo) < 0 {
			lo = k.Max
		}
	}
	if lo.Cmp(hi) == 0 {
		return Points(hi)
	}
	by := "variant"
	if c.class.Game != nil {
		by = "node"
	}
	return fmt.Sprintf("%v to %s, by the %s", lo, Points(hi), by)
}

// variants compares the worksheets of a class, and the answers on them by the rules,
// since their cells differ.
func (c *classReport) variants(part func(string, ...doc.Block)) {
	title, which, by := "Variants", "variant", "key"
	if c.class.Game != nil {
		title, which, by = "Nodes", "node", "sheet"
	}
	t := doc.Table{Columns: []doc.Column{{Name: which}, {Name: by}, {Name: "sheets", Right: true}, {Name: "mean", Right: true}, {Name: "of", Right: true}}, Open: true}
	for _, v := range c.class.ByVariant() {
		mean := "-"
		if v.Sheets > 0 {
			mean = decimals(v.Mean)
		}
		t.Rows = append(t.Rows, []doc.Cell{{Text: doc.Marked(doc.Foreign, v.Key.Variant())}, {Text: doc.Marked(doc.Literal, v.Key.Trace.File)},
			{Text: doc.Text(fmt.Sprint(v.Sheets))}, {Text: doc.Text(mean)}, {Text: doc.Text(v.Key.Max.String())}})
	}
	if t.Rows != nil {
		part(title, t)
	}
	if len(c.Rules) == 0 {
		return
	}
	part("What to teach again", doc.P(doc.Text("The worksheets differ, so their answers are compared by the rules that decide them, the hardest first. "+
		"Mean is the part of a sheet's answers by this rule that is right. r, from -1 to 1, says how well it goes with the part that is right of the sheet's other answers.")), c.comparedRules())
}

// comparedRules says of each rule how many of the answers that it decides are right.
func (c *classReport) comparedRules() doc.Table {
	t := doc.Table{Columns: []doc.Column{{Name: "rule"}, {Name: "part right", Page: true}, {Name: "right", Right: true}, {Name: "of", Right: true},
		{Name: "sheets", Right: true}, {Name: "mean", Right: true}, {Name: "r", Right: true}, {Name: "what it says"}}, Open: true}
	for i := range c.Rules {
		r := &c.Rules[i]
		of := r.Answered()
		if of == 0 {
			continue
		}
		share := 100 * r.By[grade.Right] / of
		t.Rows = append(t.Rows, []doc.Cell{{Text: doc.Text(Authority(r.Rule))}, {Text: doc.Text(fmt.Sprintf("%d%%", share)), Share: share},
			{Text: doc.Text(fmt.Sprint(r.By[grade.Right]))}, {Text: doc.Text(fmt.Sprint(of))}, {Text: doc.Text(fmt.Sprint(r.Sheets))},
			{Text: doc.Text(fmt.Sprintf("%.0f%%", 100*r.Mean))}, {Text: doc.Text(tellsOf(r.Discrimination))}, {Text: doc.Text(r.Rule.Info().Text)}})
	}
	return t
}
