package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"raftsheet/check/grade"
)

// Marks writes a line for each file that was handed in: what it came to, whose it
// is, and what lies behind its mistakes.
func Marks(w io.Writer, c *grade.Class, opt Options) error {
	out := bufio.NewWriter(w)
	p := newPalette(opt.Color)
	most := c.Key.Max.String()
	wide := width("superseded")
	for i := range c.Submissions {
		wide = max(wide, width(cameTo(&c.Submissions[i], most)))
	}
	counts := make(map[grade.Outcome]int)
	for i := range c.Submissions {
		s := &c.Submissions[i]
		counts[s.Outcome]++
		head := cameTo(s, most)
		colour := p.good
		switch {
		case s.Outcome == grade.Superseded:
			colour = p.faint
		case s.Outcome != grade.Marked:
			colour = p.bad
		}
		who := s.Student.Name
		if who == "" {
			who = s.Name
		}
		fmt.Fprintf(out, "%s  %s%s\n", colour.Sprint(strings.Repeat(" ", wide-width(head))+head), Clean(who), p.faint.Sprint(besides(s)))
	}
	var parts []string
	for o := grade.Marked; o <= grade.Superseded; o++ {
		if counts[o] > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", counts[o], o))
		}
	}
	fmt.Fprintf(out, "\n%s: %s\n", count(len(c.Submissions), "file", "files"), strings.Join(parts, ", "))
	return out.Flush()
}

// cameTo is what a submission came to, or what became of it.
func cameTo(s *grade.Submission, most string) string {
	if s.Outcome != grade.Marked {
		return s.Outcome.String()
	}
	return fmt.Sprintf("%v of %s", s.Sheet.Counted, most)
}

// besides is what there is to say of a submission beside its points.
func besides(s *grade.Submission) string {
	if s.Outcome != grade.Marked {
		return ": " + Clean(s.Why)
	}
	var parts []string
	sheet := s.Sheet
	if sheet.Through.Cmp(sheet.Strict) != 0 {
		parts = append(parts, fmt.Sprintf("%v without what follows from mistakes", sheet.Strict))
	}
	if sheet.Late {
		parts = append(parts, fmt.Sprintf("late: -%v", sheet.Penalty))
	}
	if d := sheet.Diagnosis; d != nil && len(d.Explanations) > 0 {
		by := strings.Join(deviationNames(d.Explanations[0].Deviations), " with ")
		if more := len(d.Explanations) - 1; more > 0 {
			by += fmt.Sprintf(" or %d more", more)
		}
		parts = append(parts, "believes "+by+"?")
	}
	for _, h := range sheet.Humans {
		parts = append(parts, "for a human: "+Clean(h.Why))
	}
	if n := len(sheet.Remarks); n > 0 {
		parts = append(parts, count(n, "remark", "remarks"))
	}
	if parts == nil {
		return ""
	}
	return "  (" + strings.Join(parts, "; ") + ")"
}
