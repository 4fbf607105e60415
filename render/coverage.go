package render

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"raftsheet/check"
	"raftsheet/raft"
	"raftsheet/trace"
)

var coverageFormats = formats[func(io.Writer, *check.Coverage, []*check.File, Options) error]{
	{"text", coverageText},
	{"markdown", coverageMarkdown},
	{"json", coverageJSON},
}

// CoverageFormats gives the names of the formats of Coverage, the default first.
func CoverageFormats() []string { return coverageFormats.names() }

// Coverage writes what traces can tell, taken together. The files are those that
// were read, for what is malformed in them.
func Coverage(w io.Writer, format string, c *check.Coverage, files []*check.File, opt Options) error {
	write, err := coverageFormats.pick("coverage", format)
	if err != nil {
		return err
	}
	return write(w, c, files, opt)
}

// askedLine says what the traces ask.
func askedLine(c *check.Coverage) string {
	subject, verb := fmt.Sprintf("%d traces", len(c.Traces)), "ask"
	if len(c.Traces) == 1 {
		subject, verb = traceName(c.Traces[0]), "asks"
	}
	var things []string
	if n := c.Asked.Answers; n > 0 {
		things = append(things, count(n, "answer", "answers"))
	}
	if n := c.Asked.Fields; n > 0 {
		things = append(things, count(n, "field of a table", "fields of tables"))
	}
	if things == nil {
		things = []string{"nothing"}
	}
	return fmt.Sprintf("%s %s for %s.", subject, verb, list(things))
}

// verdictLine is what whoever has set the sheet wants to know first.
func verdictLine(c *check.Coverage) string {
	revealed, all := c.Revealed(), len(c.Deviations)
	switch hidden := all - revealed; hidden {
	case 0:
		return fmt.Sprintf("The answers would reveal all of %d misunderstandings.", all)
	case 1:
		return fmt.Sprintf("The answers would reveal %d of %d misunderstandings; 1 would stay hidden.", revealed, all)
	default:
		return fmt.Sprintf("The answers would reveal %d of %d misunderstandings; %d would stay hidden.", revealed, all, hidden)
	}
}

// A group is names that have something in common.
type group struct {
	of    string
	names []string
}

// addTo adds a name to the group of what it has in common, the last one if there
// is none yet.
func addTo(groups []group, of, name string) []group {
	at := slices.IndexFunc(groups, func(g group) bool { return g.of == of })
	if at < 0 {
		at = len(groups)
		groups = append(groups, group{of: of})
	}
	groups[at].names = append(groups[at].names, name)
	return groups
}

// hiddenByRule gives the deviations that stay hidden by the rule that they
// change, in the order of the catalogue.
func hiddenByRule(c *check.Coverage) []group {
	var groups []group
	for i := range c.Deviations {
		d := &c.Deviations[i]
		if d.Revealed() {
			continue
		}
		groups = addTo(groups, d.Rule, d.Name)
	}
	return groups
}

func namesOf(ds []raft.Deviation) []string {
	names := make([]string, len(ds))
	for i, d := range ds {
		names[i] = d.Name
	}
	return names
}

// firstShown says where a deviation shows first: the step, the node, the field,
// and what is right and wrong there.
func firstShown(c *check.Coverage, d *check.DeviationCoverage) (where, right, wrong string) {
	at := d.First()
	if at < 0 {
		return "", "", ""
	}
	t, s := c.Traces[at], &d.In[at]
	where = "step "
	if len(c.Traces) > 1 {
		where = traceName(t) + " "
	}
	if s.First == nil {
		return where + stepID(t, s.At), "", "the replay stops"
	}
	where += fmt.Sprintf("%s, node %s: %s", stepID(t, s.First.Step), t.Name(s.First.Node), s.First.Field)
	if s.First.IsAnswer() {
		return where, answerWord(s.First.Field, s.Right), answerWord(s.First.Field, s.Wrong)
	}
	return where, valueWord(s.Right), valueWord(s.Wrong)
}

func stepID(t *trace.Trace, number int) string { return t.Steps[number-1].ID }

// untested says what a rule never came to: never asked, never refuses.
func untested(r *check.RuleCount) []string {
	if r.Decisions() == 0 {
		return []string{"never asked"}
	}
	var never []string
	for _, o := range r.Untested() {
		never = append(never, "never "+outcomeWord(raft.Decision{Outcome: o}))
	}
	return never
}

var outcomeNames = [...]string{"passed", "refused", "applied", "no change", "ignored"}

// ruleCells are the figures of a rule, those of no case left out.
func ruleCells(r *check.RuleCount) []string {
	cells := []string{r.Name}
	for _, n := range r.By {
		cell := ""
		if n > 0 {
			cell = fmt.Sprint(n)
		}
		cells = append(cells, cell)
	}
	return cells
}

// neverTested names the rules that are not put to the test, by what they never
// came to.
func neverTested(c *check.Coverage) []group {
	var groups []group
	for i := range c.Rules {
		for _, what := range untested(&c.Rules[i]) {
			groups = addTo(groups, what, c.Rules[i].Name)
		}
	}
	return groups
}

func coverageText(w io.Writer, c *check.Coverage, _ []*check.File, opt Options) error {
	if len(c.Traces) == 0 {
		return nil
	}
	out := bufio.NewWriter(w)
	p := newPalette(opt.Color)
	part := func(title string) { fmt.Fprintf(out, "\n%s\n", p.strong.Sprint(title)) }
	coverageHead(out, c, part)
	if opt.Quiet {
		return out.Flush()
	}
	if err := coverageTables(out, c, part); err != nil {
		return err
	}
	return out.Flush()
}

// coverageHead says what the traces do not tell.
func coverageHead(w io.Writer, c *check.Coverage, part func(string)) {
	fold(w, "", askedLine(c))
	fold(w, "", verdictLine(c))
	if hidden := hiddenByRule(c); hidden != nil {
		part("Hidden: what nothing here would show, by rule")
		for _, g := range hidden {
			fold(w, "  "+pad(g.of, 10)+"  ", strings.Join(g.names, ", "))
		}
	}
	if len(c.Alike) > 0 {
		part("Alike: revealed, and not to be told apart")
		for _, g := range c.Alike {
			fold(w, "  ", strings.Join(namesOf(g), ", "))
		}
	}
	if never := neverTested(c); never != nil {
		part("Rules of Figure 2 that are not put to the test")
		for _, g := range never {
			fold(w, "  "+pad(g.of, 13)+"  ", strings.Join(g.names, ", "))
		}
	}
}

// coverageTables writes what is revealed and how, and the rules.
func coverageTables(w io.Writer, c *check.Coverage, part func(string)) error {
	if c.Revealed() > 0 {
		part("Revealed: in how many cells, and where first")
		header := []string{"", "cells", "first"}
		if len(c.Traces) > 1 {
			header = []string{"", "cells", "traces", "first"}
		}
		if err := table(w, header, revealedRows(c)); err != nil {
			return err
		}
	}
	part("The rules: how often each decided, and which way")
	var rows [][]string
	for i := range c.Rules {
		rows = append(rows, ruleCells(&c.Rules[i]))
	}
	return table(w, append([]string{""}, outcomeNames[:]...), rows)
}

// revealedRows gives a row for each deviation that is revealed: of several
// traces, it names the first that reveals it.
func revealedRows(c *check.Coverage) [][]string {
	folder := sharedFolder(c.Traces)
	var rows [][]string
	for i := range c.Deviations {
		d := &c.Deviations[i]
		if !d.Revealed() {
			continue
		}
		row := []string{d.Name, fmt.Sprint(d.Cells())}
		if where, _, _ := firstShown(c, d); len(c.Traces) == 1 {
			row = append(row, where)
		} else {
			row = append(row, fmt.Sprint(d.Traces()), strings.TrimPrefix(traceName(c.Traces[d.First()]), folder))
		}
		rows = append(rows, row)
	}
	return rows
}

// sharedFolder is the folder that all traces are in, with its last slash; empty
// where there is none.
func sharedFolder(traces []*trace.Trace) string {
	folder := traceName(traces[0])
	for _, t := range traces {
		for !strings.HasPrefix(traceName(t), folder) || !strings.HasSuffix(folder, "/") && folder != "" {
			folder = folder[:strings.LastIndexByte(strings.TrimSuffix(folder, "/"), '/')+1]
		}
	}
	return folder
}

func coverageMarkdown(w io.Writer, c *check.Coverage, files []*check.File, _ Options) error {
	out := bufio.NewWriter(w)
	if len(c.Traces) > 0 {
		coverageSections(out, c)
	}
	for _, f := range files {
		markdownErrors(out, f)
	}
	return out.Flush()
}

func coverageSections(w io.Writer, c *check.Coverage) {
	fmt.Fprintf(w, "## What the answers reveal\n\n%s\n%s\n\n", escapeMarkdown(askedLine(c)), verdictLine(c))
	if hidden := hiddenByRule(c); hidden != nil {
		fmt.Fprint(w, "### Hidden\n\n")
		for _, g := range hidden {
			fmt.Fprintf(w, "- %s: %s\n", g.of, strings.Join(g.names, ", "))
		}
		fmt.Fprintln(w)
	}
	if len(c.Alike) > 0 {
		fmt.Fprint(w, "### Alike\n\n")
		for _, g := range c.Alike {
			fmt.Fprintf(w, "- %s\n", strings.Join(namesOf(g), ", "))
		}
		fmt.Fprintln(w)
	}
	var rows [][]string
	for i := range c.Deviations {
		if d := &c.Deviations[i]; d.Revealed() {
			where, right, wrong := firstShown(c, d)
			rows = append(rows, []string{d.Name, d.Rule, d.Believed, fmt.Sprint(d.Cells()), where, right, wrong})
		}
	}
	if rows != nil {
		fmt.Fprint(w, "### Revealed\n\n")
		markdownTable(w, []string{"deviation", "rule", "believed", "cells", "first", "right", "wrong"}, rows)
		fmt.Fprintln(w)
	}
	fmt.Fprint(w, "### The rules of Figure 2\n\n")
	rows = nil
	for i := range c.Rules {
		rows = append(rows, append(ruleCells(&c.Rules[i]), strings.Join(untested(&c.Rules[i]), ", ")))
	}
	markdownTable(w, append(append([]string{"rule"}, outcomeNames[:]...), "not tested"), rows)
	fmt.Fprintln(w)
}

// The JSON of coverage. Its names are stable: programs read them.
type (
	jsonCoverage struct {
		Version    int                  `json:"version"`
		Summary    jsonCovered          `json:"summary"`
		Traces     []jsonCoveredTrace   `json:"traces"`
		Rules      []jsonRuleCount      `json:"rules"`
		Deviations []jsonCoveredMistake `json:"deviations"`
		Alike      [][]string           `json:"alike"`
		Errors     []jsonError          `json:"errors"`
	}
	jsonCovered struct {
		Traces   int `json:"traces"`
		Answers  int `json:"answers"`
		Fields   int `json:"fields"`
		Revealed int `json:"revealed"`
		Hidden   int `json:"hidden"`
	}
	jsonCoveredTrace struct {
		File     string `json:"file"`
		Document int    `json:"document"`
		Title    string `json:"title"`
		Revealed int    `json:"revealed"`
	}
	jsonRuleCount struct {
		Name     string   `json:"name"`
		Figure   string   `json:"figure"`
		Section  string   `json:"section"`
		Passed   int      `json:"passed"`
		Refused  int      `json:"refused"`
		Acted    int      `json:"acted"`
		Idle     int      `json:"idle"`
		Ignored  int      `json:"ignored"`
		Untested []string `json:"untested"`
	}
	jsonCoveredMistake struct {
		Name     string          `json:"name"`
		Rule     string          `json:"rule"`
		Section  string          `json:"section"`
		Believed string          `json:"believed"`
		Revealed bool            `json:"revealed"`
		Cells    int             `json:"cells"`
		First    *jsonFirstShown `json:"first"`
	}
	jsonFirstShown struct {
		File     string `json:"file"`
		Document int    `json:"document"`
		Step     int    `json:"step"`
		ID       string `json:"id"`
		Line     int32  `json:"line"`
		Column   int32  `json:"column"`
		Node     string `json:"node"`
		Field    string `json:"field"`
		Right    any    `json:"right"`
		Wrong    any    `json:"wrong"`
		Stopped  string `json:"stopped,omitempty"`
	}
)

func coverageJSON(w io.Writer, c *check.Coverage, files []*check.File, _ Options) error {
	out := jsonCoverage{
		Version: 1,
		Summary: jsonCovered{Traces: len(c.Traces), Answers: c.Asked.Answers, Fields: c.Asked.Fields,
			Revealed: c.Revealed(), Hidden: len(c.Deviations) - c.Revealed()},
		Traces: []jsonCoveredTrace{}, Alike: [][]string{}, Errors: []jsonError{},
	}
	for i, t := range c.Traces {
		out.Traces = append(out.Traces, jsonCoveredTrace{t.File, t.Document, t.Title, c.RevealedBy(i)})
	}
	for i := range c.Rules {
		out.Rules = append(out.Rules, ruleCountJSON(&c.Rules[i]))
	}
	for i := range c.Deviations {
		d := &c.Deviations[i]
		out.Deviations = append(out.Deviations, jsonCoveredMistake{d.Name, d.Rule, d.Section, d.Believed, d.Revealed(), d.Cells(), firstJSON(c, d)})
	}
	for _, g := range c.Alike {
		out.Alike = append(out.Alike, namesOf(g))
	}
	for _, f := range files {
		for _, e := range f.Errors {
			out.Errors = append(out.Errors, errorJSON(e))
		}
	}
	return writeJSON(w, out)
}

func ruleCountJSON(r *check.RuleCount) jsonRuleCount {
	out := jsonRuleCount{Name: r.Name, Figure: r.Figure, Section: r.Section, Untested: []string{},
		Passed: r.By[raft.Passed], Refused: r.By[raft.Refused], Acted: r.By[raft.Acted], Idle: r.By[raft.Idle], Ignored: r.By[raft.Ignored]}
	for _, o := range r.Untested() {
		out.Untested = append(out.Untested, o.String())
	}
	return out
}

func firstJSON(c *check.Coverage, d *check.DeviationCoverage) *jsonFirstShown {
	at := d.First()
	if at < 0 {
		return nil
	}
	t, s := c.Traces[at], &d.In[at]
	out := &jsonFirstShown{File: t.File, Document: t.Document, Step: s.At}
	if f := s.First; f != nil {
		out.Step, out.Line, out.Column = f.Step, f.Pos.Line, f.Pos.Column
		out.Node, out.Field, out.Right, out.Wrong = t.Name(f.Node), f.Field, s.Right, s.Wrong
	} else {
		out.Line, out.Column, out.Stopped = s.Stopped.Pos.Line, s.Stopped.Pos.Column, s.Stopped.Msg
	}
	out.ID = stepID(t, out.Step)
	return out
}
