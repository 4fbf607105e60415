package render

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/grade"
)

// This file has what feedback says beside the cells.

// sections are what there is to say beside the cells.
func (m *feedbackMaker) sections() []section {
	var out []section
	for _, s := range []section{m.humans(), m.stops(), m.remarks()} {
		if len(s.Items) > 0 {
			out = append(out, s)
		}
	}
	return out
}

func (m *feedbackMaker) humans() section {
	s := section{Heading: "For a human to judge",
		Intro: "These answers have no points yet. They follow from an earlier mistake, but so does the same answer everywhere."}
	for _, h := range m.sheet.Humans {
		steps := list(cleanAll(stepIDs(m.key, h.Cells)))
		s.Items = append(s.Items, fmt.Sprintf("Node %s, steps %s: %s.", m.t.Name(h.Node), steps, Clean(h.Why)))
	}
	return s
}

// stops say which nodes are not followed any more. Why that is may hold figures
// of the reference's.
func (m *feedbackMaker) stops() section {
	s := section{Heading: "Where your own state was not followed",
		Intro: "An answer may follow from an earlier mistake as long as a node could be in the state that you wrote. Here none can; from there on the answers are held against the right state alone."}
	for _, stop := range m.sheet.Stops {
		if stop.Step > len(m.t.Steps) {
			continue // nothing comes after it
		}
		text := fmt.Sprintf("Node %s, from step %s on", m.t.Name(stop.Node), Clean(m.t.Steps[stop.Step-1].ID))
		switch {
		case stop.Until == stop.Step:
			text = fmt.Sprintf("Node %s, in step %s", m.t.Name(stop.Node), Clean(m.t.Steps[stop.Step-1].ID))
		case stop.Until > 0:
			text = fmt.Sprintf("Node %s, from step %s to step %s", m.t.Name(stop.Node), Clean(m.t.Steps[stop.Step-1].ID), Clean(m.t.Steps[stop.Until-1].ID))
		}
		if m.reveal {
			text += ": " + Clean(stop.Why)
		} else {
			text += ": its log would have a hole, its terms would fall, or its term or commitIndex would not fit its log"
		}
		s.Items = append(s.Items, text+".")
	}
	return s
}

func (m *feedbackMaker) remarks() section {
	s := section{Heading: "Also noticed", Intro: "How this sheet and the key go together."}
	for _, r := range m.sheet.Remarks {
		text := sentence(r.Text)
		if r.Pos.IsValid() {
			text = fmt.Sprintf("Line %d: %s.", r.Pos.Line, Clean(r.Text))
		}
		s.Items = append(s.Items, text)
	}
	return s
}

// where names the steps in which an explanation shows: where it answers otherwise
// than Figure 2, and the sheet does too.
func (m *feedbackMaker) where(e *grade.Explanation) string {
	var ids []string
	for _, j := range e.Cells {
		mark := &m.sheet.Marks[j]
		id := Clean(m.t.Steps[mark.Cell.Step-1].ID)
		if mark.Verdict != grade.Right && mark.Verdict != grade.Blank && !slices.Contains(ids, id) {
			ids = append(ids, id)
		}
	}
	switch len(ids) {
	case 0:
		return ""
	case 1:
		return "step " + ids[0]
	}
	return "steps " + list(ids)
}

// mostExplained is how many explanations that tie are shown in full.
const mostExplained = 6

// diagnosed puts a diagnosis into words.
func (m *feedbackMaker) diagnosed() *diagnosed {
	d := m.sheet.Diagnosis
	if d == nil {
		return nil
	}
	out := &diagnosed{Heading: "What may lie behind the mistakes", Untested: deviationNames(d.Untested),
		Outro: "This is a guess from your answers, right and wrong. It changes no mark."}
	switch d.Verdict {
	case grade.NothingWrong:
		out.Heading, out.Outro = "What the answers show", ""
		out.Intro = "Nothing that you wrote is wrong, and no misunderstanding shows."
	case grade.Named:
		out.Intro = "One misunderstanding explains your mistakes best. Is this what you took for true?"
	case grade.Tie:
		out.Intro = fmt.Sprintf("%d explanations fit your mistakes equally well. Is one of them what you took for true?", len(d.Explanations))
	default:
		out.Intro = "These may be slips, or there is too little to go by: no misunderstanding earns a name here."
	}
	if d.Apart != "" {
		out.Apart = "Answers to the trace " + Clean(d.Apart) + " would tell most of them apart."
	}
	for i := range d.Explanations {
		e := &d.Explanations[i]
		if i >= mostExplained {
			out.More = append(out.More, strings.Join(deviationNames(e.Deviations), " with "))
			continue
		}
		fit := fmt.Sprintf("It leads to %d of your wrong answers", e.Explained)
		if e.Contradicted > 0 {
			fit += fmt.Sprintf(", and away from %d of your right ones", e.Contradicted)
		} else {
			fit += ", and goes against no right one"
		}
		out.Explanations = append(out.Explanations, explainedBy{e.Deviations, fit + ".", m.where(e)})
	}
	return out
}
