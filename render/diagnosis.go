package render

import (
	"fmt"

	"raftsheet/check/grade"
	"raftsheet/check/reason"
	"raftsheet/raft"
	"raftsheet/render/doc"
)

// Diagnosis shows what lies behind a trace's wrong answers.
func Diagnosis(d *grade.Diagnosis) *doc.Document {
	return &doc.Document{Title: "Diagnosis", Blocks: diagnosisBlocks(d)}
}

// diagnosisBlocks say what lies behind a trace's wrong answers.
func diagnosisBlocks(d *grade.Diagnosis) []doc.Block {
	blocks := []doc.Block{doc.P(doc.Marked(doc.Strong, "Diagnosis:").Add(doc.Plain, " "+verdictOf(d)+"."))}
	for i := range d.Explanations {
		e := &d.Explanations[i]
		blocks = append(blocks, explanationGroups(e, doc.Field{Name: "fits", Value: doc.Text(fitOf(e))})...)
	}
	if d.Apart != "" {
		blocks = append(blocks, doc.P(doc.Text("The answers to ").Add(doc.Foreign, d.Apart).Add(doc.Plain, " would tell most of them apart.")))
	}
	if d.Verdict != grade.NothingWrong && len(d.Untested) > 0 {
		blocks = append(blocks, doc.P(doc.Text(fmt.Sprintf("Not put to the test here: %s (raftsheet coverage lists them)",
			Count(len(d.Untested), "deviation", "deviations")))))
	}
	return blocks
}

// verdictOf is a diagnosis in one line.
func verdictOf(d *grade.Diagnosis) string {
	switch d.Verdict {
	case grade.NothingWrong:
		return "no answer is wrong"
	case grade.Named:
		return "one misunderstanding explains " + ofWrong(d)
	case grade.Tie:
		return fmt.Sprintf("%d misunderstandings explain %s equally well", len(d.Explanations), ofWrong(d))
	case grade.Undiagnosed:
		return tooLong
	}
	return "slips, or too little evidence to name a misunderstanding: " + fitting(d)
}

// tooLong says why there is no diagnosis.
var tooLong = fmt.Sprintf("none, because the trace is too long; the limit is %d requests and answers", grade.MostWork)

// fitting says which deviations would explain every mistake, without taking any of
// them for what somebody believes.
func fitting(d *grade.Diagnosis) string {
	var names []string // of those that no right answer speaks against; they come first
	for i := range d.Fits {
		if e := &d.Fits[i]; e.Contradicted == 0 {
			names = append(names, together(e.Deviations))
		}
	}
	all := len(d.Fits) + d.MoreFits
	explain := "would explain " + allMistakes(d)
	switch n := len(names); {
	case all == 0:
		return "no single misunderstanding " + explain
	case n == 0 && all == 1:
		return fmt.Sprintf("only %s %s, but %s", together(d.Fits[0].Deviations), explain, speaksAgainst(d.Fits[0].Contradicted))
	case n == 0:
		return fmt.Sprintf("%d misunderstandings %s, but right answers speak against each of them", all, explain)
	case n == all:
		return "only " + reason.And(names) + " " + explain
	case n == len(d.Fits):
		return fmt.Sprintf("%d misunderstandings %s: %s", all, explain, reason.And(append(names, fmt.Sprintf("%d more", d.MoreFits))))
	default:
		agree := "agree"
		if n == 1 {
			agree = "agrees"
		}
		return fmt.Sprintf("%d misunderstandings %s; only %s %s with the right answers too", all, explain, reason.And(names), agree)
	}
}

// allMistakes counts the wrong cells.
func allMistakes(d *grade.Diagnosis) string {
	switch d.Wrong {
	case 1:
		return "the one mistake"
	case 2:
		return "both mistakes"
	default:
		return fmt.Sprintf("all %d mistakes", d.Wrong)
	}
}

// ofWrong says how many of the wrong answers are explained.
func ofWrong(d *grade.Diagnosis) string {
	if n := d.Explanations[0].Explained; n < d.Wrong {
		return fmt.Sprintf("%d of %d wrong answers", n, d.Wrong)
	}
	return "all of the wrong answers"
}

// fitOf says how well an explanation fits.
func fitOf(e *grade.Explanation) string {
	fit := "it explains " + Count(e.Explained, "wrong answer", "wrong answers")
	if e.Contradicted == 0 {
		return fit + ", and agrees with all right ones"
	}
	return fit + ", but " + speaksAgainst(e.Contradicted)
}

// speaksAgainst counts the right answers that an explanation would have wrong.
func speaksAgainst(n int) string {
	return Count(n, "right answer speaks", "right answers speak") + " against it"
}

// explanationGroups are the deviations of an explanation, with what else there is
// to say of it after the last.
func explanationGroups(e *grade.Explanation, more ...doc.Field) []doc.Block {
	var blocks []doc.Block
	for i, d := range e.Deviations {
		g := deviationGroup(d)
		if i > 0 {
			g.Head = doc.Text("together with ").Join(g.Head)
		}
		if i == len(e.Deviations)-1 {
			fields := g.Blocks[0].(doc.Fields)
			fields.Rows = append(fields.Rows, more...)
			g.Blocks[0] = fields
		}
		blocks = append(blocks, g)
	}
	return blocks
}

// deviationGroup says what a deviation is.
func deviationGroup(d raft.Deviation) doc.Group {
	return doc.Group{Head: doc.Marked(doc.Strong, d.Name), Tone: doc.Noted, Blocks: []doc.Block{doc.Fields{Rows: []doc.Field{
		{Name: "changes", Value: doc.Text(changes(d) + ", §" + d.Section)},
		{Name: "believed", Value: doc.Text(d.Believed)},
		{Name: "but", Value: doc.Text(d.Wrong)},
	}}}}
}
