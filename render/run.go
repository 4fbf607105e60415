package render

import (
	"fmt"
	"strings"

	"raftsheet/check"
	"raftsheet/check/conform"
	"raftsheet/check/finding"
	"raftsheet/render/doc"
)

// Run shows what asking an implementation came to: what differs, each with its
// line and its reason; how much was asked, by rule too; and the deviations that
// explain what differs.
func Run(r *conform.Result, opt CheckOptions) *doc.Document {
	d := &doc.Document{Title: "What raftsheet found in " + r.Name}
	quiet := opt
	quiet.Quiet = true
	for _, f := range r.Files {
		d.Add(CheckFile(f, quiet)...)
	}
	if opt.Quiet {
		return d
	}
	d.Add(doc.Heading{Level: 2, Text: doc.Text("All traces"), Page: true})
	if len(r.ByRule) > 0 {
		d.Add(byRule(r))
	}
	d.Add(ranLine(r))
	if len(r.Skips) > 0 {
		d.Add(skips(r))
	}
	if r.Wrong > 0 {
		d.Add(explains(r)...)
	}
	return d
}

// byRule is a table of the rules that decided something.
func byRule(r *conform.Result) doc.Table {
	t := doc.Table{Columns: []doc.Column{{Name: "rule"}, {Name: "says", Page: true}, {Name: "decided", Right: true}, {Name: "agree", Right: true}, {Name: "differ", Right: true}}}
	for _, c := range r.ByRule {
		info := c.Rule.Info()
		row := doc.Cells(info.Name, info.Text, fmt.Sprint(c.Decided), fmt.Sprint(c.Agree), "")
		if n := c.Decided - c.Agree; n > 0 {
			row[4].Text = doc.Marked(doc.Wrong, fmt.Sprint(n))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// ranLine is [RunSummary], in colour: whether all that was judged agrees.
func ranLine(r *conform.Result) doc.Paragraph {
	mark := doc.Right
	if r.Differ+r.Failed > 0 || r.Judged() == 0 {
		mark = doc.Wrong
	}
	line := doc.P(doc.Marked(mark, RunSummary(r)))
	line.Tight = true
	return line
}

// RunSummary says in one line what an implementation was asked, and what that came
// to.
func RunSummary(r *conform.Result) string {
	asked, traces := Count(r.Asked, "delivery", "deliveries"), 0
	if r.Live {
		asked = Count(r.Asked, "delivery or event", "deliveries and events")
	}
	for _, f := range r.Files {
		traces += len(f.Reports)
	}
	line := fmt.Sprintf("%s: %s in %s: %s, %s", r, asked, Count(traces, "trace", "traces"), Count(r.Agree, "agrees", "agree"), Count(r.Differ, "differs", "differ"))
	if r.Known > 0 {
		line += fmt.Sprintf(", %d known", r.Known)
	}
	return line + fmt.Sprintf(", %d skipped, %d failed", r.Skipped, r.Failed)
}

// mostSkips is how many reasons are shown: an implementation may have one for each
// call.
const mostSkips = 12

// skips say why questions were not judged, and how many for each reason.
func skips(r *conform.Result) doc.Fields {
	var f doc.Fields
	for i, s := range r.Skips {
		if i == mostSkips {
			f.Rows = append(f.Rows, doc.Field{Name: "and", Value: doc.Text(Count(len(r.Skips)-i, "more reason", "more reasons"))})
			break
		}
		f.Rows = append(f.Rows, doc.Field{Name: fmt.Sprintf("skipped %d", s.N), Value: doc.Marked(doc.Foreign, s.What)})
	}
	return f
}

// mostExplanations is how many are shown where many explain the same.
const mostExplanations = 3

// explains says which deviations explain what differs.
func explains(r *conform.Result) []doc.Block {
	blocks := []doc.Block{doc.P(doc.Marked(doc.Strong, "Diagnosis:").Add(doc.Plain, " "+explainedBy(r)+"."))}
	for i, x := range r.Explanations {
		if i == mostExplanations {
			var names []string
			for _, more := range r.Explanations[i:] {
				names = append(names, together(more.Deviations))
			}
			return append(blocks, doc.P(doc.Text("And so does "+few(names, 2*mostExplanations, ", ")+".")))
		}
		for j, d := range x.Deviations {
			g := deviationGroup(d)
			if j > 0 {
				g.Head = doc.Text("together with ").Join(g.Head)
			}
			blocks = append(blocks, g)
		}
	}
	if len(r.Explanations) == 1 && r.Whole {
		blocks = append(blocks, doc.P(doc.Text("To declare it: ").Add(doc.Literal, "--rules "+strings.Join(NamesOf(r.Explanations[0].Deviations), ","))))
	}
	return blocks
}

func explainedBy(r *conform.Result) string {
	wrong := Count(r.Wrong, "value that differs", "values that differ")
	switch n := len(r.Explanations); {
	case n == 0:
		return fmt.Sprintf("no known deviation explains the %s", wrong)
	case !r.Whole:
		x := &r.Explanations[0]
		line := fmt.Sprintf("%s come nearest: they explain %d of %s", Count(len(x.Deviations), "deviation", "deviations together"), x.Explained, wrong)
		if len(x.Deviations) == 1 {
			line = fmt.Sprintf("one deviation comes nearest: it explains %d of %s", x.Explained, wrong)
		}
		if x.Contradicted > 0 {
			line += fmt.Sprintf(", and contradicts %s", Count(x.Contradicted, "value that agrees", "values that agree"))
		}
		return line
	case n == 1 && len(r.Explanations[0].Deviations) == 1:
		return "one deviation explains everything that differs"
	case n == 1:
		return fmt.Sprintf("%d deviations together explain everything that differs", len(r.Explanations[0].Deviations))
	case len(r.Explanations[0].Deviations) == 1:
		return fmt.Sprintf("each of %d deviations explains everything that differs", n)
	default:
		return fmt.Sprintf("each of %d pairs of deviations explains everything that differs", n)
	}
}

// Skipped says why a step of a judged trace was not asked; empty where it was, or
// something failed there. A step of which the implementation was asked nothing is
// no pass.
func Skipped(r *check.Report, step int) string {
	if r.Asked == nil || step < 1 || r.Asked[step-1] {
		return ""
	}
	for i := range r.Findings {
		if f := &r.Findings[i]; f.Step == step && f.Kind == finding.Skipped {
			return f.Message
		}
	}
	return "nothing in this step is asked of the implementation"
}
