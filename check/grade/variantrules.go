package grade

import (
	"maps"
	"math"
	"slices"

	"raftsheet/raft"
)

// This file compares sheets of several worksheets, whose cells differ: by the rules that
// decide them.

// A rulePart is what a sheet has of one rule's questions: how many, and how many right.
type rulePart struct{ asked, right int }

// rulesOfVariants counts the answers by the rule that decides their cells, each by its
// sheet's own key.
func (a *analysis) rulesOfVariants() []RuleItem {
	parts := make([]map[raft.Rule]rulePart, len(a.sheets))
	items := make(map[raft.Rule]*RuleItem)
	for i, s := range a.sheets {
		parts[i] = make(map[raft.Rule]rulePart)
		for j := range s.Marks {
			m := &s.Marks[j]
			rule := s.Key.Rule(m.Cell)
			if rule == raft.NoRule {
				continue
			}
			if items[rule] == nil {
				items[rule] = &RuleItem{Rule: rule}
			}
			items[rule].By[m.Verdict]++
			p := parts[i][rule]
			if m.Verdict != ToReview {
				p.asked++
			}
			if m.Verdict == Right {
				p.right++
			}
			parts[i][rule] = p
		}
	}
	cells := a.mostCells()
	var out []RuleItem
	for _, rule := range slices.Sorted(maps.Keys(items)) {
		it := items[rule]
		it.Cells = cells[rule]
		it.compare(parts)
		out = append(out, *it)
	}
	hardestFirst(out)
	return out
}

// mostCells gives how many cells each rule decides in the key that has most of them.
func (a *analysis) mostCells() map[raft.Rule]int {
	most := make(map[raft.Rule]int)
	for _, k := range a.Variants {
		here := make(map[raft.Rule]int)
		for i := range k.Cells {
			here[k.Rule(&k.Cells[i])]++
		}
		for rule, n := range here {
			most[rule] = max(most[rule], n)
		}
	}
	return most
}

// compare works out the mean and the discrimination of a rule from what each sheet has
// of all rules.
func (it *RuleItem) compare(parts []map[raft.Rule]rulePart) {
	var own, rest []float64
	for _, of := range parts {
		p := of[it.Rule]
		if p.asked == 0 {
			continue
		}
		it.Sheets++
		it.Mean += part(p)
		others := rulePart{}
		for rule, q := range of {
			if rule != it.Rule {
				others.asked, others.right = others.asked+q.asked, others.right+q.right
			}
		}
		if others.asked > 0 {
			own, rest = append(own, part(p)), append(rest, part(others))
		}
	}
	if it.Sheets > 0 {
		it.Mean /= float64(it.Sheets)
	}
	it.Discrimination = pearson(own, rest)
}

func part(p rulePart) float64 { return float64(p.right) / float64(p.asked) }

// pearson is the correlation of two variables, which is not defined where one of them
// does not vary.
func pearson(x, y []float64) Correlation {
	n := float64(len(x))
	var sx, sy float64
	for i := range x {
		sx, sy = sx+x[i], sy+y[i]
	}
	var xx, yy, xy float64
	for i := range x {
		dx, dy := x[i]-sx/n, y[i]-sy/n
		xx, yy, xy = xx+dx*dx, yy+dy*dy, xy+dx*dy
	}
	const nothing = 1e-12 // what is left of equal parts
	if xx < nothing || yy < nothing {
		return Correlation{}
	}
	return Correlation{R: max(-1, min(1, xy/math.Sqrt(xx*yy))), Defined: true}
}

// A VariantItem is what the sheets of one worksheet came to.
type VariantItem struct {
	Key    *Key
	Sheets int    // that count
	Mean   Points // of their marks
}

// ByVariant gives what the sheets of each worksheet came to, by the variants' names;
// none where all have the same, or the class is anonymous. A sheet counts as in
// [Class.Items].
func (c *Class) ByVariant() []VariantItem {
	if c.nameless {
		return nil
	}
	out := make([]VariantItem, len(c.Variants))
	for i, k := range c.Variants {
		it := VariantItem{Key: k}
		for j := range c.Submissions {
			if s := &c.Submissions[j]; s.Outcome == Marked && s.key == k && !s.Sheet.Empty() {
				it.Sheets++
				it.Mean = it.Mean.Plus(s.Sheet.Counted)
			}
		}
		if it.Sheets > 0 {
			it.Mean = it.Mean.Part(Whole(it.Sheets))
		}
		out[i] = it
	}
	return out
}
