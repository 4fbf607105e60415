package render

import (
	"fmt"

	"raftsheet/check/grade"
	"raftsheet/check/reason"
	"raftsheet/render/doc"
)

// This file has what is shown of sheets that a scheme marks by their own messages.

// MetLine says in a line how far a sheet meets a criterion: 2 elections won: 4 of 4
// points (steps RV1 and RV4).
func MetLine(k *grade.Key, m *grade.Met) string {
	return fmt.Sprintf("%s: %s of %s (%s)", m.Label, grade.Range{Least: m.Points, Most: m.Most}, Points(m.Max), whereMet(k, m))
}

// whereMet says where a sheet has what a criterion asks for.
func whereMet(k *grade.Key, m *grade.Met) string {
	if m.Found == 0 {
		return "not on this sheet"
	}
	var ids []string
	for _, step := range m.Steps {
		ids = append(ids, k.Trace.Steps[step-1].ID)
	}
	text := "step " + few(ids, mostSteps, ", ")
	if len(ids) > 1 {
		text = "steps " + few(ids, mostSteps, ", ")
	}
	if m.Found < m.Times {
		text = fmt.Sprintf("%d of %d, %s", m.Found, m.Times, text)
	}
	return text
}

// mostSteps is how many steps are named in which a sheet has what is asked for.
const mostSteps = 6

// DeductionLine says in a line what a message takes off that nobody could have sent.
// The reason may hold figures of the reference's: without reveal it is the rule
// alone.
func DeductionLine(k *grade.Key, d *grade.Deduction, reveal bool) string {
	text := Headline(d.Finding, k.Run.Rules)
	switch {
	case d.Points.Sign() == 0:
	case d.Least.Cmp(d.Points) < 0:
		text = fmt.Sprintf("%s to %s off: %s", d.Least, Points(d.Points), text)
	default:
		text = fmt.Sprintf("%s off: %s", Points(d.Points), text)
	}
	if reveal {
		text += ": " + Reason(d.Finding)
	} else if place := reason.Place(d.Rule, d.PaperSection()); place != "" {
		text += " (" + place + ")"
	}
	switch {
	case d.From > 0:
		text += "; it goes on from step " + k.Trace.Steps[d.From-1].ID
		if k.Scheme.Costs.Sign() > 0 {
			text += ", and costs nothing more"
		}
	case d.Points.Sign() == 0 && k.Scheme.Costs.Sign() > 0:
		text += "; the most that such messages can cost has been taken off"
	}
	return text
}

// contents has the rows of what a sheet came to beside its cells.
func (m *feedbackMaker) contents(row func(label, points, note string)) {
	strict, through, most := m.sheet.CellPoints()
	if cells := m.key.Scheme.Cells; cells.Sign() > 0 {
		note := "of " + Points(cells)
		if through.Cmp(strict) > 0 {
			note += fmt.Sprintf("; right answers alone come to %s", strict)
		}
		row("Answers and tables", grade.Range{Least: through, Most: most}.String(), note)
	}
	if len(m.sheet.Criteria) > 0 {
		row("What it contains", m.sheet.Contents().String(), "of "+Points(m.key.Max.Minus(m.key.Scheme.Cells))+"; see below")
	}
}

// deducted has the row of what is taken off for messages.
func (m *feedbackMaker) deducted(row func(label, points, note string)) {
	if off, least := m.sheet.Deducted(); off.Sign() > 0 {
		row("Impossible messages", "-"+grade.Range{Least: least, Most: off}.String(), "taken off; see below")
	}
}

// contained lists what the scheme asks the sheet to contain.
func (m *feedbackMaker) contained() section {
	s := section{heading: "What your sheet contains",
		intro: "Your messages decide this, and not your answers to them. A message that nobody could have sent counts for nothing."}
	for i := range m.sheet.Criteria {
		s.items = append(s.items, doc.Text(sentence(MetLine(m.key, &m.sheet.Criteria[i]))))
	}
	return s
}

// impossible lists what is taken off the sheet.
func (m *feedbackMaker) impossible() section {
	s := section{heading: "Messages that nobody could have sent",
		intro: "Each takes points off once. What follows from it on your sheet is marked as if it had been sent."}
	if m.key.Scheme != nil && m.key.Scheme.Costs.Sign() == 0 {
		s.intro = "They take no points off. What follows from them on your sheet is marked as if they had been sent."
	}
	for i := range m.sheet.Deductions {
		s.items = append(s.items, doc.Text(sentence(DeductionLine(m.key, &m.sheet.Deductions[i], m.reveal))))
	}
	return s
}

// markedBy says what a class is marked by, before its file.
func (c *classReport) markedBy() string {
	switch {
	case c.Key.Scheme != nil:
		return "Scheme: "
	case c.class.Game != nil:
		return "Marked by an order of their messages: "
	case c.Variants != nil:
		return "Keys: "
	}
	return "Key: "
}

// contents shows what the sheets of a class contain.
func (c *classReport) contents(part func(string, ...doc.Block)) {
	t := doc.Table{Columns: []doc.Column{{Name: "points", Right: true}, {Name: "all of it", Right: true},
		{Name: "a part", Right: true}, {Name: "none", Right: true}, {Name: "asked for"}}, Open: true}
	for _, it := range c.Criteria {
		t.Rows = append(t.Rows, doc.Cells(it.Max.String(), fmt.Sprint(it.Met), fmt.Sprint(it.Part), fmt.Sprint(it.Missing), it.Label))
	}
	var blocks []doc.Block
	if t.Rows != nil {
		blocks = append(blocks, doc.P(doc.Text("How many sheets have all of it, a part, or none.")), t)
	}
	blocks = append(blocks, doc.P(doc.Text(Count(c.Deducted, "sheet has", "sheets have")+" a message that nobody could have sent.")))
	part("What the sheets contain", blocks...)
}
