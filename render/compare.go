package render

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"raftsheet/check/finding"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/trace"
)

var compareFormats = formats[func(io.Writer, []*variant.Diff, Options) error]{
	{"text", compareText},
	{"markdown", compareMarkdown},
	{"json", compareJSON},
}

// CompareFormats gives the names of the formats of Compare, the default first.
func CompareFormats() []string { return compareFormats.names() }

// Compare writes where two sets of rules part on traces, and what follows.
func Compare(w io.Writer, format string, contrasts []*variant.Diff, opt Options) error {
	write, err := compareFormats.pick("compare", format)
	if err != nil {
		return err
	}
	return write(w, contrasts, opt)
}

// A partingRow is a difference as a table shows it: nodes that differ alike
// share one.
type partingRow struct {
	step  string
	nodes []raft.NodeID
	what  string
	sides [2]string
	rule  string
}

// partingRows gives the rows of differences, those of one step and kind and
// with the same figures together.
func partingRows(t *trace.Trace, ds []variant.Difference) []partingRow {
	var rows []partingRow
	first := 0 // row of the step
	for i := range ds {
		d := &ds[i]
		if i == 0 || ds[i-1].Step != d.Step {
			first = len(rows)
		}
		row := partingRow{step: t.Steps[d.Step-1].ID, nodes: []raft.NodeID{d.Node}, what: whatDiffers(d), rule: partingRule(d)}
		for side := range row.sides {
			row.sides[side] = readingWord(d, side)
		}
		same := func(r partingRow) bool {
			return r.what == row.what && r.sides == row.sides && r.rule == row.rule
		}
		if at := slices.IndexFunc(rows[first:], same); at >= 0 {
			rows[first+at].nodes = append(rows[first+at].nodes, d.Node)
			continue
		}
		rows = append(rows, row)
	}
	return rows
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
	line := fmt.Sprintf("They part in step %s", s.ID)
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

// because is why one side reads so, with the rule in brackets.
func because(r *variant.Reading) string {
	place := authority(&finding.Finding{Rule: r.Rule})
	switch {
	case place == "":
		return r.Why
	case r.Why == "":
		return place
	}
	return r.Why + " (" + place + ")"
}

// believed says in a line for each name what a set of rules stands for.
func believed(rules *raft.Rules) []string {
	var lines []string
	for name := range strings.SplitSeq(rules.Name, ",") {
		line := name
		if d, ok := raft.DeviationNamed(name); ok {
			line += ": " + d.Believed + " (" + d.Rule + ")"
		} else if s, ok := raft.SetNamed(name); ok {
			line += ": " + s.Title
		} else {
			line += ": Figure 2 of the paper"
		}
		lines = append(lines, line)
	}
	return lines
}

// apartLine says what is left of the differences in the end, nodes that differ
// in the same fields together.
func apartLine(c *variant.Diff) string {
	if len(c.Apart) == 0 {
		return "In the end all nodes are in the same states again."
	}
	var fields []string
	nodes := make(map[string][]raft.NodeID)
	for _, a := range c.Apart {
		what := list(a.Fields)
		if nodes[what] == nil {
			fields = append(fields, what)
		}
		nodes[what] = append(nodes[what], a.Node)
	}
	for i, what := range fields {
		ids := nodes[what]
		verb := "node %s differs in %s"
		if len(ids) > 1 {
			verb = "nodes %s differ in %s"
		}
		fields[i] = fmt.Sprintf(verb, list(nodeRanges(c.Trace, ids)), what)
	}
	return "In the end " + strings.Join(fields, "; ") + "."
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

// fewNodes is nodeRanges in so many columns.
func fewNodes(t *trace.Trace, ids []raft.NodeID, columns int) string {
	if all := strings.Join(nodeRanges(t, ids), ", "); width(Clean(all)) <= columns {
		return all
	}
	return clip(t.Name(ids[0]), columns/2) + fmt.Sprintf(" and %d more", len(ids)-1)
}

// follows reports whether two names are numbers, one after the other.
func follows(a, b string) bool {
	n, errA := strconv.Atoi(a)
	m, errB := strconv.Atoi(b)
	return errA == nil && errB == nil && m == n+1
}

// stops tells of the sides that cannot go on, and why.
func stops(c *variant.Diff) []string {
	var lines []string
	for _, s := range c.Sides {
		if s.Stopped != nil {
			lines = append(lines, fmt.Sprintf("Under %s the replay cannot go on: %s: %s", s.Rules.Name, location(c.Trace, s.Stopped.Pos), s.Stopped.Msg))
		}
	}
	return lines
}

const mostParted = 100 // rows of a table for a terminal

var sideNames = [2]string{"A", "B"}

func compareText(w io.Writer, contrasts []*variant.Diff, opt Options) error {
	out := bufio.NewWriter(w)
	for i, c := range contrasts {
		if i > 0 && !opt.Quiet {
			fmt.Fprintln(out)
		}
		if err := contrastText(out, newPalette(opt.Color), c, opt); err != nil {
			return err
		}
	}
	return out.Flush()
}

func contrastText(w io.Writer, p palette, c *variant.Diff, opt Options) error {
	fmt.Fprintf(w, "%s %s\n", p.strong.Sprint(traceName(c.Trace)+":"), contrastVerdict(p, c))
	if opt.Quiet {
		for _, line := range stops(c) {
			fold(w, "", line)
		}
		return nil
	}
	for i, s := range c.Sides {
		for _, line := range believed(s.Rules) {
			fold(w, "  "+sideNames[i]+"  ", line)
		}
	}
	for _, line := range stops(c) {
		fold(w, "", line)
	}
	if !c.Differs() {
		return nil
	}
	first := &c.Differences[0]
	fmt.Fprintln(w)
	fold(w, "", partingLine(c.Trace, first))
	says := [2]string{readingWord(first, 0), readingWord(first, 1)}
	for i := range first.Sides {
		fold(w, "  "+sideNames[i]+"  "+pad(says[i], max(width(says[0]), width(says[1])))+"  ", because(&first.Sides[i]))
	}
	if err := followText(w, c); err != nil {
		return err
	}
	if c.Stopped() {
		return nil
	}
	fold(w, "", apartLine(c))
	return nil
}

// contrastVerdict says in a few words what came of it.
func contrastVerdict(p palette, c *variant.Diff) string {
	switch {
	case c.Stopped():
		return p.bad.Sprint("it cannot be replayed under both")
	case !c.Differs():
		return p.good.Sprintf("no difference in %s", count(len(c.Trace.Steps), "step", "steps"))
	}
	number := count(len(c.Differences), "difference", "differences")
	if c.More {
		number = "more than " + number
	}
	return p.bad.Sprintf("%s, the first in step %s", number, Clean(c.Trace.Steps[c.Differences[0].Step-1].ID))
}

// followText shows what comes after the first difference.
func followText(w io.Writer, c *variant.Diff) error {
	var follow, broken []variant.Difference
	for _, d := range c.Differences[1:] {
		if d.Kind == finding.Safety {
			broken = append(broken, d)
		} else {
			follow = append(follow, d)
		}
	}
	if err := followTable(w, c, partingRows(c.Trace, follow)); err != nil {
		return err
	}
	for i := range broken {
		fold(w, "", brokenLine(c.Trace, &broken[i]))
	}
	return nil
}

// brokenLine says which property of safety breaks, and under which rules.
func brokenLine(t *trace.Trace, d *variant.Difference) string {
	side := 0
	if d.Sides[0].Why == "" {
		side = 1
	}
	return fmt.Sprintf("Under %s in step %s: %s", sideNames[side], t.Steps[d.Step-1].ID, d.Sides[side].Why)
}

func followTable(w io.Writer, c *variant.Diff, rows []partingRow) error {
	if len(rows) == 0 {
		return nil
	}
	const longest = 16
	var cells [][]string
	for _, r := range rows[:min(len(rows), mostParted)] {
		cells = append(cells, []string{clip(r.step, longest), fewNodes(c.Trace, r.nodes, longest), r.what, clip(r.sides[0], longest), clip(r.sides[1], longest), r.rule})
	}
	fmt.Fprint(w, "\nWhat follows:\n")
	if err := table(w, []string{"step", "node", "what", "A", "B", "rule"}, cells); err != nil {
		return err
	}
	if more := len(rows) - mostParted; more > 0 {
		fmt.Fprintf(w, "and %d more; --format json has them all\n", more)
	}
	return nil
}

func compareMarkdown(w io.Writer, contrasts []*variant.Diff, _ Options) error {
	out := bufio.NewWriter(w)
	for _, c := range contrasts {
		contrastMarkdown(out, c)
	}
	return out.Flush()
}

func contrastMarkdown(w io.Writer, c *variant.Diff) {
	fmt.Fprintf(w, "## %s\n\n", escapeMarkdown(titled(c.Trace)))
	for i, s := range c.Sides {
		for _, line := range believed(s.Rules) {
			fmt.Fprintf(w, "- %s is %s\n", sideNames[i], escapeMarkdown(line))
		}
	}
	fmt.Fprintln(w)
	for _, line := range stops(c) {
		fmt.Fprintf(w, "%s\n\n", escapeMarkdown(line))
	}
	if !c.Differs() {
		if !c.Stopped() {
			fmt.Fprintf(w, "No difference in %s.\n\n", count(len(c.Trace.Steps), "step", "steps"))
		}
		return
	}
	first := &c.Differences[0]
	fmt.Fprintf(w, "%s\n\n", escapeMarkdown(partingLine(c.Trace, first)))
	for i := range first.Sides {
		fmt.Fprintf(w, "- %s: %s; %s\n", sideNames[i], escapeMarkdown(readingWord(first, i)), escapeMarkdown(because(&first.Sides[i])))
	}
	var rows [][]string
	for _, r := range partingRows(c.Trace, c.Differences) {
		rows = append(rows, []string{r.step, strings.Join(nodeRanges(c.Trace, r.nodes), ", "), r.what, r.sides[0], r.sides[1], r.rule})
	}
	fmt.Fprintln(w)
	markdownTable(w, []string{"step", "node", "what", "A", "B", "rule"}, rows)
	fmt.Fprintln(w)
	if !c.Stopped() {
		fmt.Fprintf(w, "%s\n\n", escapeMarkdown(apartLine(c)))
	}
}

// The JSON of compare. Its names are stable: programs read them. Lists of two
// have the first set of rules and then the second.
type (
	jsonCompare struct {
		Version int            `json:"version"`
		Traces  []jsonContrast `json:"traces"`
	}
	jsonContrast struct {
		File        string           `json:"file"`
		Document    int              `json:"document"`
		Title       string           `json:"title"`
		Rules       [2]string        `json:"rules"`
		Differs     bool             `json:"differs"`
		Stopped     [2]*jsonError    `json:"stopped"`
		Differences []jsonDifference `json:"differences"`
		More        bool             `json:"more"` // than are listed
		Apart       []jsonApart      `json:"apart"`
	}
	jsonDifference struct {
		Step  int            `json:"step"`
		ID    string         `json:"id"`
		Line  int32          `json:"line"`
		Kind  string         `json:"kind"`
		Node  string         `json:"node"`
		Field string         `json:"field"`
		Sides [2]jsonReading `json:"sides"`
	}
	jsonReading struct {
		Value   any    `json:"value"`
		Rule    string `json:"rule"`
		Section string `json:"section"`
		Why     string `json:"why"`
	}
	jsonApart struct {
		Node   string   `json:"node"`
		Fields []string `json:"fields"`
	}
)

func compareJSON(w io.Writer, contrasts []*variant.Diff, _ Options) error {
	out := jsonCompare{Version: 1, Traces: []jsonContrast{}}
	for _, c := range contrasts {
		out.Traces = append(out.Traces, contrastJSON(c))
	}
	return writeJSON(w, out)
}

func contrastJSON(c *variant.Diff) jsonContrast {
	t := c.Trace
	out := jsonContrast{File: t.File, Document: t.Document, Title: t.Title, Differs: c.Differs(), More: c.More,
		Differences: make([]jsonDifference, len(c.Differences)), Apart: make([]jsonApart, len(c.Apart))}
	for i, s := range c.Sides {
		out.Rules[i] = s.Rules.Name
		if s.Stopped != nil {
			e := errorJSON(s.Stopped)
			out.Stopped[i] = &e
		}
	}
	for i := range c.Differences {
		d := &c.Differences[i]
		s := &t.Steps[d.Step-1]
		j := jsonDifference{Step: d.Step, ID: s.ID, Line: s.EventPos.Line, Kind: d.Kind.String(), Field: d.Field, Node: t.Name(d.Node)}
		for side, r := range d.Sides {
			j.Sides[side] = jsonReading{r.Value, r.Rule.String(), r.Rule.Info().Section, r.Why}
		}
		out.Differences[i] = j
	}
	for i, a := range c.Apart {
		out.Apart[i] = jsonApart{t.Name(a.Node), a.Fields}
	}
	return out
}
