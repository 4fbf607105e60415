package render

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check"
	"raftsheet/check/reason"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// CoverageOptions say what of a coverage is shown.
type CoverageOptions struct {
	Quiet bool          // leave the tables out
	Files []*check.File // list what is malformed in these
}

// Coverage shows what traces can tell, taken together.
func Coverage(c *variant.Coverage, opt CoverageOptions) *doc.Document {
	d := &doc.Document{Title: "What the answers reveal", Wide: true}
	if len(c.Traces) > 0 {
		coverageHead(d, c)
		if !opt.Quiet {
			coverageTables(d, c)
		}
	}
	for _, f := range opt.Files {
		if len(f.Errors) > 0 {
			d.Add(doc.Heading{Level: 2, Text: doc.Marked(doc.Foreign, f.Name), Page: true}, errorPlaces(f.Source, f.Errors))
		}
	}
	return d
}

// coverageHead says what the traces do not tell.
func coverageHead(d *doc.Document, c *variant.Coverage) {
	part := func(title string) { d.Add(doc.Heading{Level: 2, Text: doc.Text(title)}) }
	d.Add(doc.P(doc.Text(askedLine(c)), doc.Text(verdictLine(c))))
	if hidden := hiddenByRule(c); hidden != nil {
		part("Hidden: the answers would not show these, by rule")
		d.Add(groupFields(hidden))
	}
	if len(c.Alike) > 0 {
		part("Indistinguishable: the answers would show these, but not which")
		var items doc.List
		for _, g := range c.Alike {
			items = append(items, doc.Text(strings.Join(NamesOf(g), ", ")))
		}
		d.Add(items)
	}
	if never := neverTested(c); never != nil {
		part("Rules of Figure 2 that are not put to the test")
		d.Add(groupFields(never))
	}
}

func groupFields(groups []group) doc.Fields {
	var f doc.Fields
	for _, g := range groups {
		f.Rows = append(f.Rows, doc.Field{Name: g.of, Value: doc.Text(strings.Join(g.names, ", "))})
	}
	return f
}

// coverageTables show what is revealed and how, and the rules.
func coverageTables(d *doc.Document, c *variant.Coverage) {
	if c.Revealed() > 0 {
		d.Add(doc.Heading{Level: 2, Text: doc.Text("Revealed: in how many cells, and where first")}, revealedTable(c))
	}
	rules := doc.Table{Columns: []doc.Column{{Name: "rule"}}}
	for _, name := range outcomeNames {
		rules.Columns = append(rules.Columns, doc.Column{Name: name, Right: true})
	}
	rules.Columns = append(rules.Columns, doc.Column{Name: "not tested", Page: true})
	for i := range c.Rules {
		r := &c.Rules[i]
		rules.Rows = append(rules.Rows, doc.Cells(append(ruleCells(r), strings.Join(untested(r), ", "))...))
	}
	d.Add(doc.Heading{Level: 2, Text: doc.Text("The rules: how often each decided, and which way")}, rules)
}

// revealedTable has a row for each deviation that is revealed.
func revealedTable(c *variant.Coverage) doc.Table {
	t := doc.Table{Columns: []doc.Column{{Name: "deviation"}, {Name: "rule", Page: true}, {Name: "believed", Page: true},
		{Name: "cells", Right: true}, {Name: "traces", Right: true}, {Name: "first"}, {Name: "right", Page: true}, {Name: "wrong", Page: true}}}
	for i := range c.Deviations {
		dev := &c.Deviations[i]
		if !dev.Revealed() {
			continue
		}
		where, right, wrong := firstShown(c, dev)
		t.Rows = append(t.Rows, doc.Cells(dev.Name, dev.Rule, dev.Believed, fmt.Sprint(dev.Cells()), fmt.Sprint(dev.Traces()), where, right, wrong))
	}
	if len(c.Traces) == 1 {
		t = t.Without("traces")
	}
	return t
}

// askedLine says what the traces ask.
func askedLine(c *variant.Coverage) string {
	subject, verb := fmt.Sprintf("%d traces", len(c.Traces)), "ask"
	if len(c.Traces) == 1 {
		subject, verb = traceName(c.Traces[0]), "asks"
	}
	var things []string
	if n := c.Asked.Answers; n > 0 {
		things = append(things, Count(n, "answer", "answers"))
	}
	if n := c.Asked.Fields; n > 0 {
		things = append(things, Count(n, "field of a table", "fields of tables"))
	}
	if things == nil {
		things = []string{"nothing"}
	}
	return fmt.Sprintf("%s %s for %s.", subject, verb, reason.And(things))
}

// verdictLine is what the author of a sheet wants to know first.
func verdictLine(c *variant.Coverage) string {
	revealed, all := c.Revealed(), len(c.Deviations)
	switch hidden := all - revealed; hidden {
	case 0:
		return fmt.Sprintf("The answers would reveal all %d misunderstandings.", all)
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
func hiddenByRule(c *variant.Coverage) []group {
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

// firstShown says where a deviation shows first: the step, the node, the field,
// and what is right and wrong there.
func firstShown(c *variant.Coverage, d *variant.DeviationCoverage) (where, right, wrong string) {
	at := d.First()
	if at < 0 {
		return "", "", ""
	}
	t, s := c.Traces[at], &d.In[at]
	where = "step "
	if len(c.Traces) > 1 {
		where = strings.TrimPrefix(traceName(t), sharedFolder(c.Traces)) + ", step "
	}
	if s.First == nil {
		return where + stepID(t, s.At), "", "the replay stops"
	}
	where += fmt.Sprintf("%s, node %s: %s", stepID(t, s.First.Step), t.Name(s.First.Node), s.First.Name)
	if s.First.IsAnswer() {
		return where, answerWord(s.First.Name, s.Right), answerWord(s.First.Name, s.Wrong)
	}
	return where, valueWord(s.Right), valueWord(s.Wrong)
}

func stepID(t *trace.Trace, number int) string { return t.Steps[number-1].ID }

// untested says what a rule never came to: never asked, never refuses.
func untested(r *variant.RuleCount) []string {
	if r.Decisions() == 0 {
		return []string{"never asked"}
	}
	var never []string
	for _, o := range r.Untested() {
		never = append(never, "never "+OutcomeWord(raft.Decision{Outcome: o}))
	}
	return never
}

var outcomeNames = [...]string{"passed", "refused", "applied", "no change", "ignored"}

// ruleCells are the figures of a rule, those of no case left out.
func ruleCells(r *variant.RuleCount) []string {
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
func neverTested(c *variant.Coverage) []group {
	var groups []group
	for i := range c.Rules {
		for _, what := range untested(&c.Rules[i]) {
			groups = addTo(groups, what, c.Rules[i].Name)
		}
	}
	return groups
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
