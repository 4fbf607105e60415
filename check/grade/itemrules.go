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
	Cells int                    // of the key
	By    [len(verdictNames)]int // answers by Verdict, of all sheets
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
	slices.SortStableFunc(out, func(x, y RuleItem) int { // by the part that is right, exactly
		return cmp.Or(cmp.Compare(x.By[Right]*y.Answered(), y.By[Right]*x.Answered()), cmp.Compare(x.Rule, y.Rule))
	})
	return out
}
