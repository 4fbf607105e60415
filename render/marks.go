package render

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/render/doc"
)

// Marks shows a line for each file that was handed in: what it came to, whose it
// is, and what lies behind its mistakes.
func Marks(c *grade.Class) *doc.Document {
	table := doc.Table{Columns: []doc.Column{{Name: "came to", Right: true}, {Name: "of"}}, Open: true, Bare: true}
	counts := make(map[grade.Outcome]int)
	for i := range c.Submissions {
		s := &c.Submissions[i]
		counts[s.Outcome]++
		mark := doc.Right
		switch {
		case s.Outcome == grade.Superseded:
			mark = doc.Faint
		case s.Outcome != grade.Marked && s.Outcome != grade.Given:
			mark = doc.Wrong
		}
		who := s.Student.Name
		if who == "" {
			who = s.Name
		}
		table.Rows = append(table.Rows, []doc.Cell{{Text: doc.Marked(mark, cameTo(s, c.MaxOf(s)))},
			{Text: doc.Marked(doc.Foreign, who).Add(doc.Foreign, variantOf(c, s)).Add(doc.Faint, besides(s))}})
	}
	var parts []string
	for _, o := range []grade.Outcome{grade.Marked, grade.Unmatched, grade.Malformed, grade.Refused, grade.Given, grade.Superseded} {
		if counts[o] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[o], OutcomeName(o)))
		}
	}
	lines := []doc.Inline{doc.Text(Count(len(c.Submissions), "file", "files") + ": " + strings.Join(parts, ", "))}
	if look := lookAt(c); look != "" {
		lines = append(lines, doc.Marked(doc.Noted, "Look at: "+look))
	}
	return &doc.Document{Title: "Marks", Blocks: []doc.Block{table, doc.P(lines...)}}
}

// variantOf says which worksheet a submission is marked as, where there are several.
func variantOf(c *grade.Class, s *grade.Submission) string {
	switch v := c.VariantOf(s); {
	case v == "" || s.Sheet == nil:
	case c.Game != nil:
		return ", " + v
	default:
		return ", variant " + v
	}
	return ""
}

// lookAt counts what an instructor has to look at.
func lookAt(c *grade.Class) string {
	review, cells, whose, read := 0, 0, 0, 0
	for i := range c.Submissions {
		s := &c.Submissions[i]
		if s.ToReview() {
			review++
		}
		if s.Outcome != grade.Marked {
			continue
		}
		cells += s.Sheet.Count(grade.ToReview)
		if slices.ContainsFunc(s.Sheet.Remarks, func(r grade.Remark) bool { return r.Whose }) {
			whose++
		}
		if len(s.Changes) > 0 {
			read++
		}
	}
	var parts []string
	add := func(n int, one, many string) {
		if n > 0 {
			parts = append(parts, Count(n, one, many))
		}
	}
	add(review, "sheet to review", "sheets to review")
	if cells > 0 {
		parts[len(parts)-1] += " (" + Count(cells, "cell", "cells") + ")"
	}
	add(whose, "under a name that may be another's", "under names that may be others'")
	add(read, "read with slips set right", "read with slips set right")
	return strings.Join(parts, ", ")
}

// cameTo is what a submission came to, or what became of it.
func cameTo(s *grade.Submission, most grade.Points) string {
	r, ok := s.Counts()
	if !ok {
		return s.Outcome.String()
	}
	return fmt.Sprintf("%v of %v", r, most)
}

// besides is what there is to say of a submission beside its points.
func besides(s *grade.Submission) string {
	switch s.Outcome {
	case grade.Marked:
	case grade.Given:
		return "  (by hand: " + s.Hand.By + ")"
	default:
		return ": " + s.Why
	}
	var parts []string
	sheet := s.Sheet
	if sheet.Through.Cmp(sheet.Strict) != 0 {
		parts = append(parts, fmt.Sprintf("%v without what follows from mistakes", sheet.Strict))
	}
	if off, _ := sheet.Deducted(); off.Sign() > 0 {
		parts = append(parts, fmt.Sprintf("impossible messages: -%v", off))
	}
	if sheet.Late {
		parts = append(parts, fmt.Sprintf("late: -%v", sheet.Penalty))
	}
	if d := sheet.Diagnosis; d != nil && len(d.Explanations) > 0 {
		by := together(d.Explanations[0].Deviations)
		if more := len(d.Explanations) - 1; more > 0 {
			by += fmt.Sprintf(" or %d more", more)
		}
		parts = append(parts, "believes "+by+"?")
	}
	if n := len(sheet.Open); n > 0 {
		parts = append(parts, fmt.Sprintf("not marked: %d", n))
	}
	if text := Reviews(sheet, 3); text != "" {
		parts = append(parts, "to review: "+text)
	}
	if n := sheet.Decided(); n > 0 {
		parts = append(parts, fmt.Sprintf("%d by hand", n))
	}
	if n := len(sheet.Remarks); n > 0 {
		parts = append(parts, Count(n, "remark", "remarks"))
	}
	if parts == nil {
		return ""
	}
	return "  (" + strings.Join(parts, "; ") + ")"
}

// OutcomeName is what became of a file, in words.
func OutcomeName(o grade.Outcome) string {
	if o == grade.Given {
		return "marked by hand"
	}
	return o.String()
}

// Reviews says what of a sheet waits for an instructor: the first reasons, and how
// many more there are.
func Reviews(s *grade.Sheet, most int) string {
	var why []string
	for _, r := range s.Reviews {
		why = append(why, r.Why)
	}
	return few(why, most, "; ")
}
