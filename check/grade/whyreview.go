package grade

import (
	"fmt"
	"slices"

	"raftsheet/check/item"
	"raftsheet/raft"
)

// This file gathers what is to review on a sheet, and says why.

// review gathers the marks to review, by reason; what all is no has been gathered
// before, and what of it has been decided since is left out. Of a step of the key's,
// unread says what of it cannot be read where no cell says so.
func (s *Sheet) review(unread func(step int) string) {
	for i := range s.Reviews {
		r := &s.Reviews[i]
		r.Cells = slices.DeleteFunc(slices.Clone(r.Cells), func(j int) bool { return s.Marks[j].Verdict != ToReview })
	}
	s.Reviews = slices.DeleteFunc(s.Reviews, func(r Review) bool { return len(r.Cells) == 0 })
	for i := range s.Marks {
		m := &s.Marks[i]
		if m.Verdict != ToReview || m.Doubt == AllNo || m.Doubt == OtherStory {
			continue
		}
		if n := len(s.Reviews); m.Text == "" && n > 0 {
			if last := &s.Reviews[n-1]; last.Doubt == m.Doubt && s.Marks[last.Cells[0]].Text == "" && (s.Key.Cells[last.Cells[0]].Step == m.Cell.Step || m.Doubt == AfterUnread) {
				last.Cells = append(last.Cells, i)
				if last.Node != m.Cell.Node {
					last.Node = raft.NoNode
				}
				continue
			}
		}
		s.Reviews = append(s.Reviews, Review{Doubt: m.Doubt, Node: m.Cell.Node, Cells: []int{i}})
	}
	for i := range s.Reviews {
		if r := &s.Reviews[i]; r.Why == "" {
			r.Why = s.whyReview(r, unread)
		}
	}
	slices.SortStableFunc(s.Reviews, func(a, b Review) int { return a.Cells[0] - b.Cells[0] })
}

// whyReview says why cells are to review.
func (s *Sheet) whyReview(r *Review, unread func(step int) string) string {
	m := &s.Marks[r.Cells[0]]
	t := s.Key.Trace
	step := t.Steps[m.Cell.Step-1].ID
	switch {
	case m.Doubt == OtherMessage:
		return fmt.Sprintf("the message of step %s is not the key's", step)
	case m.Doubt == AfterUnread:
		return fmt.Sprintf("from step %s on, answers rest on a message that cannot be read", step)
	case m.Doubt == Spelled:
		return fmt.Sprintf("in step %s node %s's log differs only in how its values are spelled", step, t.Name(m.Cell.Node))
	case m.Doubt == Elsewhere:
		return fmt.Sprintf("in step %s there is an answer of a node that is not asked, and none of one that is", step)
	case m.Doubt == Moved:
		return fmt.Sprintf("in step %s a slip was set right that could have moved a value", step)
	case m.Text == "":
		if where := unread(m.Cell.Step); where != "" {
			return fmt.Sprintf("in step %s %s", step, where)
		}
		return fmt.Sprintf("something in step %s cannot be read", step)
	case m.Cell.IsAnswer() && m.Cell.Field == item.Outcome:
		return fmt.Sprintf("in step %s node %s's answer %s cannot be read", step, t.Name(m.Cell.Node), quoted(m.Text))
	}
	return fmt.Sprintf("in step %s node %s's %s %s cannot be read", step, t.Name(m.Cell.Node), m.Cell.Name, quoted(m.Text))
}
