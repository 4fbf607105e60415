package render

import (
	"fmt"
	"strings"

	"raftsheet/check"
	"raftsheet/raft"
	"raftsheet/render/doc"
)

// A Catalogue is rules by name: those of Figure 2, the deviations from them, and
// sets of deviations.
type Catalogue struct {
	Rules      []raft.RuleInfo
	Deviations []raft.Deviation
	Sets       []raft.Set
}

// A Misbelief is a deviation with its smallest trace.
type Misbelief struct {
	raft.Deviation
	File    string      // the trace's name
	Trace   []byte      // the trace, its answers those of Figure 2
	Checked *check.File // the trace under the deviation
	Alike   []string    // the other deviations that give the same answers on it
}

// changes says which rule a deviation changes: RV2a (RequestVote rule 2).
func changes(d raft.Deviation) string {
	var parts []string
	for _, name := range strings.Fields(d.Rule) {
		if info, ok := raft.RuleNamed(name); ok {
			parts = append(parts, fmt.Sprintf("%s (%s)", info.Name, info.Figure))
		} else {
			parts = append(parts, ruleWords[name])
		}
	}
	return strings.Join(parts, ", ")
}

// ruleWords is what deviations change that has no number in the figure.
var ruleWords = map[string]string{
	"persistent": "State, persistent on all servers",
	"volatile":   "State, volatile",
}

// Rules shows a list of rules and deviations.
func Rules(c Catalogue) *doc.Document {
	d := &doc.Document{Title: "Rules", Wide: true}
	d.Add(doc.Heading{Level: 2, Text: doc.Text("Figures 2 and 13"), Page: len(c.Deviations) == 0}, rulesTable(c.Rules))
	if len(c.Deviations) == 0 {
		return d
	}
	sets := doc.Table{Columns: []doc.Column{{Name: "set"}, {Name: "what it is"}, {Name: "deviations", Page: true}}, Open: true}
	for _, s := range c.Sets {
		sets.Rows = append(sets.Rows, doc.Cells(s.Name, fmt.Sprintf("%s (%s)", s.Title, Count(len(s.Deviations), "deviation", "deviations")),
			strings.Join(NamesOf(s.Deviations), ", ")))
	}
	d.Add(doc.Heading{Level: 2, Text: doc.Text("Sets of deviations")}, sets,
		doc.Heading{Level: 2, Text: doc.Text("Deviations: what people believe, wrongly")}, deviationTable(c.Deviations),
		doc.P(doc.Text("raftsheet rules NAME says more of each.")))
	return d
}

func rulesTable(rules []raft.RuleInfo) doc.Table {
	t := doc.Table{Columns: doc.Columns("rule", "Figure 2 or 13", "decides"), Open: true}
	for _, r := range rules {
		row := doc.Cells(r.Name, r.Figure+", §"+r.Section, r.Text)
		row[0].Text = doc.Marked(doc.Strong, r.Name)
		t.Rows = append(t.Rows, row)
	}
	return t
}

func deviationTable(ds []raft.Deviation) doc.Table {
	t := doc.Table{Columns: []doc.Column{{Name: "deviation"}, {Name: "rule"}, {Name: "believed"}, {Name: "but", Page: true}}, Open: true}
	for _, d := range ds {
		row := doc.Cells(d.Name, d.Rule+", §"+d.Section, d.Believed, d.Wrong)
		row[0].Text, row[1].Text = doc.Marked(doc.Strong, d.Name), doc.Marked(doc.Faint, row[1].Text.String())
		t.Rows = append(t.Rows, row)
	}
	return t
}

// ExplainDeviation shows what a deviation is, and what it does to a trace.
func ExplainDeviation(m Misbelief) *doc.Document {
	d := &doc.Document{Title: m.Name}
	d.Add(doc.Heading{Level: 1, Text: doc.Text(m.Name), Page: true}, deviationGroup(m.Deviation),
		doc.P(doc.Text("The smallest trace that shows it, with the answers of Figure 2 ("+m.File+"):")),
		doc.Code{Text: string(m.Trace), Language: "yaml"},
		doc.P(doc.Text("What goes wrong in it under ").Add(doc.Strong, m.Name).Add(doc.Plain, ":")))
	d.Add(Check([]*check.File{m.Checked}, CheckOptions{Quiet: true, Malformed: true}).Blocks...)
	if len(m.Alike) > 0 {
		d.Add(doc.P(doc.Text("These give the same answers on this trace: " + strings.Join(m.Alike, ", ") + ".")))
	}
	d.Add(doc.P(doc.Text("Whether it can break a safety property, and how:"), doc.Text("raftsheet rules "+m.Name+" --counterexample")))
	return d
}

// ExplainSet shows what a set of deviations is made of, and where it is a text,
// line by line where it departs from Figure 2.
func ExplainSet(s raft.Set) *doc.Document {
	d := &doc.Document{Title: s.Name}
	d.Add(doc.Heading{Level: 1, Text: doc.Text(s.Name + ": " + s.Title)})
	of := ""
	for _, l := range s.Lines {
		if l.Of != of {
			of = l.Of
			d.Add(doc.Heading{Level: 2, Text: doc.Text(of)})
		}
		fields := doc.Fields{Rows: []doc.Field{{Name: "says", Value: doc.Marked(doc.Literal, l.Says)}}}
		if l.Rule != raft.NoRule {
			info := l.Rule.Info()
			fields.Rows = append(fields.Rows, doc.Field{Name: "Figure 2", Value: doc.Text(fmt.Sprintf("%s: %s (%s, §%s)", info.Name, info.Text, info.Figure, info.Section))})
		}
		if l.Departs != "" {
			fields.Rows = append(fields.Rows, doc.Field{Name: "deviates by", Value: doc.Text(strings.ReplaceAll(l.Departs, ",", ", "))})
		}
		if l.ReadAs != "" {
			fields.Rows = append(fields.Rows, doc.Field{Name: "read as", Value: doc.Text(l.ReadAs)})
		}
		d.Add(doc.Group{Blocks: []doc.Block{fields}})
	}
	d.Add(doc.Heading{Level: 2, Text: doc.Text("Its deviations")})
	for _, dev := range s.Deviations {
		d.Add(deviationGroup(dev))
	}
	return d
}
