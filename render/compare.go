package render

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"raftsheet/check/finding"
	"raftsheet/check/reason"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

var sideNames = [2]string{"A", "B"}

// Compare shows where two sets of rules part on traces, and what follows; quiet,
// the verdicts alone.
func Compare(contrasts []*variant.Diff, quiet bool) *doc.Document {
	d := &doc.Document{Title: "Two sets of rules"}
	for _, c := range contrasts {
		d.Add(doc.Heading{Level: 2, Text: doc.Marked(doc.Foreign, titled(c.Trace)), Page: true})
		verdict := doc.P(doc.Marked(doc.Strong, traceName(c.Trace)+":").Add(doc.Plain, " ").Join(contrastVerdict(c)))
		verdict.Tight = quiet
		d.Add(verdict)
		if !quiet {
			d.Add(sidesOf(c))
		}
		for _, line := range stops(c) {
			d.Add(doc.P(doc.Text(line)))
		}
		if !quiet && c.Differs() {
			d.Add(contrastBlocks(c)...)
		}
	}
	return d
}

// contrastVerdict says in a few words what came of it.
func contrastVerdict(c *variant.Diff) doc.Inline {
	switch {
	case c.Stopped():
		return doc.Marked(doc.Wrong, "cannot be replayed under both")
	case !c.Differs():
		return doc.Marked(doc.Right, "no difference in "+Count(len(c.Trace.Steps), "step", "steps"))
	}
	number := Count(len(c.Differences), "difference", "differences")
	if c.More {
		number = "more than " + number
	}
	return doc.Marked(doc.Wrong, fmt.Sprintf("%s, the first in step %s", number, stepID(c.Trace, c.Differences[0].Step)))
}

// sidesOf says what each side stands for, a line for each of its names.
func sidesOf(c *variant.Diff) doc.Fields {
	var fields doc.Fields
	for i, s := range c.Sides {
		for name := range strings.SplitSeq(s.Rules.Name, ",") {
			line := name + ": Figure 2 of the paper"
			if d, ok := raft.DeviationNamed(name); ok {
				line = name + ": " + d.Believed + " (" + d.Rule + ")"
			} else if s, ok := raft.SetNamed(name); ok {
				line = name + ": " + s.Title
			}
			fields.Rows = append(fields.Rows, doc.Field{Name: sideNames[i], Value: doc.Text(line)})
		}
	}
	return fields
}

// stops tells of the sides that cannot go on, and why.
func stops(c *variant.Diff) []string {
	var lines []string
	for _, s := range c.Sides {
		if s.Stopped != nil {
			lines = append(lines, fmt.Sprintf("Under %s the replay cannot go on: %s:%s: %s", RulesName(s.Rules), c.Trace.File, s.Stopped.Pos, s.Stopped.Msg))
		}
	}
	return lines
}

// contrastBlocks show the first difference, what follows from it, and what is
// left of it in the end.
func contrastBlocks(c *variant.Diff) []doc.Block {
	first := &c.Differences[0]
	var sides doc.Fields
	for i := range first.Sides {
		r := &first.Sides[i]
		sides.Rows = append(sides.Rows, doc.Field{Name: sideNames[i],
			Value: doc.Marked(doc.Strong, readingWord(first, i)).Add(doc.Plain, ": "+because(r.Why, r.Rule))})
	}
	blocks := []doc.Block{doc.P(doc.Text(partingLine(c.Trace, first))), sides}
	var follow []variant.Difference
	var end []doc.Inline
	for i := range c.Differences {
		switch d := &c.Differences[i]; {
		case d.Kind == finding.Safety:
			end = append(end, doc.Text(brokenLine(c.Trace, d)))
		case i > 0:
			follow = append(follow, *d)
		}
	}
	if len(follow) > 0 {
		blocks = append(blocks, followTable(c.Trace, follow))
	}
	if !c.Stopped() {
		end = append(end, doc.Text(apartLine(c)))
	}
	if end != nil {
		blocks = append(blocks, doc.P(end...))
	}
	return blocks
}

// followTable has a row for each difference; nodes that differ in the same way
// share one.
func followTable(t *trace.Trace, ds []variant.Difference) doc.Table {
	table := doc.Table{Caption: "What follows", Columns: doc.Columns("step", "node", "what", "A", "B", "rule"), Most: 100}
	var rows []partingRow
	first := 0 // row of the step
	for i := range ds {
		d := &ds[i]
		if i == 0 || ds[i-1].Step != d.Step {
			first = len(rows)
		}
		row := partingRow{step: stepID(t, d.Step), nodes: []raft.NodeID{d.Node}, what: whatDiffers(d), rule: partingRule(d),
			sides: [2]string{readingWord(d, 0), readingWord(d, 1)}}
		same := func(r partingRow) bool { return r.what == row.what && r.sides == row.sides && r.rule == row.rule }
		if at := slices.IndexFunc(rows[first:], same); at >= 0 {
			rows[first+at].nodes = append(rows[first+at].nodes, d.Node)
			continue
		}
		rows = append(rows, row)
	}
	for _, r := range rows {
		table.Rows = append(table.Rows, doc.Cells(r.step, strings.Join(nodeRanges(t, r.nodes), ", "), r.what, r.sides[0], r.sides[1], r.rule))
	}
	return table
}

// A partingRow is a difference of some nodes.
type partingRow struct {
	step  string
	nodes []raft.NodeID
	what  string
	sides [2]string
	rule  string
}

// whatDiffers names what a difference is about.
func whatDiffers(d *variant.Difference) string {
	switch {
	case d.Kind == finding.Message && d.Field == "possible":
		return "message"
	case d.Kind == finding.Message && d.Field == "term":
		return "message term"
	case d.Kind == finding.Response:
		return "answer"
	}
	return d.Field
}

// readingWord is what one side makes of it.
func readingWord(d *variant.Difference, side int) string {
	if d.Kind == finding.Response {
		return answerWord(d.Field, d.Sides[side].Value)
	}
	return valueWord(d.Sides[side].Value)
}

// partingRule names the rule of both sides, or of each.
func partingRule(d *variant.Difference) string {
	a, b := d.Sides[0].Rule.String(), d.Sides[1].Rule.String()
	if a == b || b == "" {
		return a
	}
	if a == "" {
		return b
	}
	return a + " / " + b
}

// partingLine says in one line where two sets of rules part.
func partingLine(t *trace.Trace, d *variant.Difference) string {
	s := t.Steps[d.Step-1]
	node := t.Name(d.Node)
	line := fmt.Sprintf("They first differ in step %s", s.ID)
	if name := s.EventName(); name != "" {
		line += ", " + name
	}
	switch {
	case d.Kind == finding.Message && d.Field == "possible":
		return fmt.Sprintf("%s: could node %s have sent this?", line, node)
	case d.Kind == finding.Message:
		return fmt.Sprintf("%s: node %s sends %s", line, node, d.Field)
	case d.Kind == finding.Response:
		return fmt.Sprintf("%s: node %s answers %s", line, node, d.Field)
	case d.Kind == finding.Safety:
		return fmt.Sprintf("%s: %s", line, d.Field)
	}
	return fmt.Sprintf("%s: node %s's %s", line, node, d.Field)
}

// brokenLine says which property of safety breaks, and under which rules.
func brokenLine(t *trace.Trace, d *variant.Difference) string {
	side := 0
	if d.Sides[0].Why == "" {
		side = 1
	}
	return fmt.Sprintf("Under %s in step %s: %s", sideNames[side], stepID(t, d.Step), d.Sides[side].Why)
}

// apartLine says what is left of the differences in the end, nodes that differ
// in the same fields together.
func apartLine(c *variant.Diff) string {
	if len(c.Apart) == 0 {
		return "In the end all nodes are in the same states again."
	}
	var groups []group
	nodes := make(map[string][]raft.NodeID)
	for _, a := range c.Apart {
		what := reason.And(a.Fields)
		groups = addTo(groups, what, "")
		nodes[what] = append(nodes[what], a.Node)
	}
	var parts []string
	for _, g := range groups {
		verb := "node %s differs in %s"
		if len(nodes[g.of]) > 1 {
			verb = "nodes %s differ in %s"
		}
		parts = append(parts, fmt.Sprintf(verb, reason.And(nodeRanges(c.Trace, nodes[g.of])), g.of))
	}
	return "In the end " + strings.Join(parts, "; ") + "."
}

// nodeRanges lists nodes; where their names are numbers, three and more in a row
// are written as the first and the last.
func nodeRanges(t *trace.Trace, ids []raft.NodeID) []string {
	slices.Sort(ids)
	ids = slices.Compact(ids)
	var parts []string
	for len(ids) > 0 {
		n := 1
		for n < len(ids) && follows(t.Name(ids[n-1]), t.Name(ids[n])) {
			n++
		}
		if n < 3 {
			n = 1
			parts = append(parts, t.Name(ids[0]))
		} else {
			parts = append(parts, t.Name(ids[0])+"-"+t.Name(ids[n-1]))
		}
		ids = ids[n:]
	}
	return parts
}

// follows reports whether two names are numbers, one after the other.
func follows(a, b string) bool {
	n, errA := strconv.Atoi(a)
	m, errB := strconv.Atoi(b)
	return errA == nil && errB == nil && m == n+1
}
