package render

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/check/reason"
	"raftsheet/render/doc"
)

// Marks shows a line for each file that was handed in: what it came to, whose it
// is, and what lies behind its mistakes.
func Marks(c *grade.Class) *doc.Document {
	lines := []doc.Inline{doc.Text(outcomes(c))}
	if c.NoneFits() {
		lines = append(lines, doc.Marked(doc.Wrong, noneFits(c)))
	}
	if slices.ContainsFunc(c.Submissions, func(s grade.Submission) bool { return s.Astray() }) {
		lines = append(lines, doc.Text("Where the variant is in doubt, the list of --review asks by which key to mark."))
	}
	if hasRemarks(c) {
		lines = append(lines, doc.Marked(doc.Faint, "The remarks are in --report json, and those for the student in --feedback."))
	}
	if look := lookAt(c); look != "" {
		lines = append(lines, doc.Marked(doc.Noted, "Look at: "+look))
	}
	all := func(*grade.Submission) bool { return true }
	return &doc.Document{Title: "Marks", Blocks: []doc.Block{marksTable(c, all), doc.P(lines...)}}
}

// Unmarked is [Marks] of what has no mark alone, and nil where everything has one.
func Unmarked(c *grade.Class) *doc.Document {
	table := marksTable(c, (*grade.Submission).Unmarked)
	if len(table.Rows) == 0 {
		return nil
	}
	d := &doc.Document{Title: "Without a mark", Blocks: []doc.Block{table}}
	if c.NoneFits() {
		d.Add(doc.P(doc.Marked(doc.Wrong, noneFits(c))))
	}
	return d
}

// noneFits says that the key is not the one that was meant.
func noneFits(c *grade.Class) string {
	if c.Variants != nil {
		return "These are not the worksheets of these keys: no sheet has the messages of its own. Are they the right keys?"
	}
	return "These are not this key's worksheets: no sheet has its messages. Is it the right key?"
}

// marksTable has a line for each submission that is to be shown.
func marksTable(c *grade.Class, shown func(*grade.Submission) bool) doc.Table {
	table := doc.Table{Columns: []doc.Column{{Name: "came to", Right: true}, {Name: "of"}}, Open: true, Bare: true}
	for i := range c.Submissions {
		s := &c.Submissions[i]
		if !shown(s) {
			continue
		}
		mark := doc.Right
		switch {
		case s.Outcome == grade.Superseded:
			mark = doc.Faint
		case s.Unmarked():
			mark = doc.Wrong
		}
		who := s.Student.Name
		if who == "" {
			who = s.Name
		}
		table.Rows = append(table.Rows, []doc.Cell{{Text: doc.Marked(mark, cameTo(s, c.MaxOf(s)))},
			{Text: doc.Marked(doc.Foreign, who).Add(doc.Foreign, variantOf(c, s)).Add(doc.Faint, besides(s))}})
	}
	return table
}

// outcomes counts what was handed in, by what became of it.
func outcomes(c *grade.Class) string {
	counts := make(map[grade.Outcome]int)
	typed := 0
	for i := range c.Submissions {
		counts[c.Submissions[i].Outcome]++
		if c.Submissions[i].In != "" {
			typed++
		}
	}
	var what, parts []string
	if n := len(c.Submissions) - typed; n > 0 || typed == 0 {
		what = append(what, Count(n, "file", "files"))
	}
	if typed > 0 {
		what = append(what, Count(typed, "sheet", "sheets")+" typed in")
	}
	for _, o := range []grade.Outcome{grade.Marked, grade.Unmatched, grade.Malformed, grade.Refused, grade.Given, grade.Superseded} {
		if counts[o] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[o], OutcomeName(o)))
		}
	}
	return reason.And(what) + ": " + strings.Join(parts, ", ")
}

// hasRemarks reports whether there is anything else to say of a sheet.
func hasRemarks(c *grade.Class) bool {
	return slices.ContainsFunc(c.Submissions, func(s grade.Submission) bool {
		return s.Outcome == grade.Marked && len(s.Sheet.Remarks) > 0
	})
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
	if by := believed(sheet.Diagnosis); by != "" {
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

// believed names what may lie behind the mistakes, empty for nothing: two explanations
// that fit equally well, or the first of more.
func believed(d *grade.Diagnosis) string {
	if d == nil || len(d.Explanations) == 0 {
		return ""
	}
	first := together(d.Explanations[0].Deviations)
	switch others := len(d.Explanations) - 1; others {
	case 0:
		return first
	case 1:
		return first + " or " + together(d.Explanations[1].Deviations)
	default:
		return fmt.Sprintf("%s or one of %d others", first, others)
	}
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
