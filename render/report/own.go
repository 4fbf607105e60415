package report

import (
	"raftsheet/check/grade"
	"raftsheet/render"
)

// This file has what is written of sheets that a scheme marks by their own messages.

func criterionJSON(c *grade.Criterion) gradesCriterion {
	return gradesCriterion{c.Name(), c.Label, c.Times, c.Max}
}

// ownMax is what a step of a sheet that is its own key is worth, nil where the key
// says it.
func ownMax(k *grade.Key, step int) *grade.Points {
	if k.Scheme == nil {
		return nil
	}
	return &k.Steps[step].Max
}

// contents adds what a scheme makes of a sheet beside its cells.
func (out *gradesSubmission) contents(k *grade.Key, s *grade.Sheet, reveal bool) {
	for i := range s.Criteria {
		m := &s.Criteria[i]
		met := gradesMet{gradesCriterion: criterionJSON(m.Criterion), Found: m.Found, Steps: []string{},
			Points: m.Points, Most: mostOf(grade.Range{Least: m.Points, Most: m.Most})}
		for _, step := range m.Steps {
			met.Steps = append(met.Steps, k.Trace.Steps[step-1].ID)
		}
		out.Criteria = append(out.Criteria, met)
	}
	for i := range s.Deductions {
		d := &s.Deductions[i]
		is := gradesDeduction{Step: d.ID, Line: d.Pos.Line, Column: d.Pos.Column, Points: d.Points, Least: d.Least,
			Message: render.Headline(d.Finding, k.Run.Rules), Rule: d.Rule.String(), Kind: d.Kind.String()}
		if reveal {
			is.Message += ": " + d.Message
		}
		if d.From > 0 {
			is.GoesOn = k.Trace.Steps[d.From-1].ID
		}
		out.Deductions = append(out.Deductions, is)
	}
}
