package grade

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/item"
	"raftsheet/trace/review"
)

// Review lists all that waits for an instructor, by the order of the key: what is
// the same on several sheets is one decision. Sheets that wait as a whole come last,
// each on its own.
func (c *Class) Review() *review.List {
	type waiting struct {
		review.Decision
		first int // its first cell
	}
	var all []*waiting
	known := make(map[string]*waiting)
	for i := range c.Submissions {
		s := &c.Submissions[i]
		if s.Outcome != Marked {
			continue
		}
		for j := range s.Sheet.Reviews {
			r := &s.Sheet.Reviews[j]
			d := s.Sheet.decision(r)
			d.Key = c.listedKey(s)
			same := fmt.Sprintf("%q", []any{d.Cells, d.Why, d.Worth, d.Key})
			if known[same] == nil {
				known[same] = &waiting{d, r.Cells[0]}
				all = append(all, known[same])
			}
			known[same].Sheets = append(known[same].Sheets, s.listed())
		}
	}
	slices.SortStableFunc(all, func(a, b *waiting) int { return cmp.Or(a.first-b.first, strings.Compare(a.Why, b.Why)) })
	l := &review.List{Key: c.Key.Digest}
	for _, w := range all {
		l.Decisions = append(l.Decisions, w.Decision)
	}
	for i := range c.Submissions {
		if s := &c.Submissions[i]; s.Outcome != Marked && s.ToReview() {
			l.Decisions = append(l.Decisions, review.Decision{Why: s.Outcome.String() + ": " + s.Why, Astray: s.Astray(),
				Worth: c.MaxOf(s).String(), Key: c.listedKey(s), Sheets: []review.Sheet{s.listed()}})
		}
	}
	return l
}

// listedKey is the digest of a submission's key, where there are several; empty where
// nobody can say which it is.
func (c *Class) listedKey(s *Submission) string {
	if c.Variants == nil || s.key == nil {
		return ""
	}
	return listDigest(s.key.Digest)
}

// listed is a submission as a list has it.
func (s *Submission) listed() review.Sheet {
	return review.Sheet{File: fileName(s.Name), Student: s.Student.Name, ID: s.Student.ID, Digest: listDigest(s.Digest)}
}

// decision is what waits for one reason, as a list has it.
func (s *Sheet) decision(r *Review) review.Decision {
	d := review.Decision{Why: r.Why}
	var worth Points
	for _, i := range r.Cells {
		m := &s.Marks[i]
		c := review.Cell{Step: s.Key.Trace.Steps[m.Cell.Step-1].ID, Node: s.Key.Trace.Name(m.Cell.Node), Field: listField(m.Cell),
			Written: m.Text, Right: item.Word(m.Cell.Right)}
		if m.Text == "" && m.Written != nil {
			c.Written = item.Word(m.Written)
		}
		d.Cells = append(d.Cells, c)
		d.Unread = m.Text != ""
		worth = worth.Plus(m.Most)
	}
	d.Worth = worth.String()
	return d
}
