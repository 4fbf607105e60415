package grade

import (
	"cmp"
	"slices"

	"raftsheet/raft"
)

// A RuleItem is what the sheets of a class say of one rule: all answers to the
// questions that it decides.
type RuleItem struct {
	Rule  raft.Rule
	Cells int                    // of the key; of several, of the one that has most
	By    [len(verdictNames)]int // answers by Verdict, of all sheets

	// Of the worksheets of a class that has several: the part of a sheet's answers to
	// these questions that is right, at the mean of all that ask it, and how it goes
	// with the part that is right of the sheet's other answers.
	Sheets         int
	Mean           float64
	Discrimination Correlation
}

// Answered is how many of the answers an instructor need not look at.
func (r *RuleItem) Answered() int {
	n := 0
	for v, of := range r.By {
		if Verdict(v) != ToReview {
			n += of
		}
	}
	return n
}

// Rule is the rule that decides a cell of the key; raft.NoRule where none does.
func (k *Key) Rule(c *Cell) raft.Rule {
	blank := c.Item
	blank.Written = nil
	rule, _ := k.reason(c, &blank)
	return rule
}

// rules counts the answers by the rule that decides their cells: what to teach again
// comes first.
func (a *analysis) rules() []RuleItem {
	if a.Variants != nil {
		return a.rulesOfVariants()
	}
	if a.Key.Run == nil {
		return nil
	}
	at := make(map[raft.Rule]int)
	var out []RuleItem
	for i := range a.Cells {
		rule := a.Key.Rule(&a.Key.Cells[i])
		if rule == raft.NoRule {
			continue
		}
		j, known := at[rule]
		if !known {
			j = len(out)
			at[rule] = j
			out = append(out, RuleItem{Rule: rule})
		}
		out[j].Cells++
		for v, n := range a.Cells[i].By {
			out[j].By[v] += n
		}
	}
	hardestFirst(out)
	return out
}

// hardestFirst orders rules by the part of the answers that is right, exactly.
func hardestFirst(rules []RuleItem) {
	slices.SortStableFunc(rules, func(x, y RuleItem) int {
		return cmp.Or(cmp.Compare(x.By[Right]*y.Answered(), y.By[Right]*x.Answered()), cmp.Compare(x.Rule, y.Rule))
	})
}
