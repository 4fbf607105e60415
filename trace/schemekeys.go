package trace

import (
	"cmp"
	"slices"
	"strings"
	"sync"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
	"raftsheet/trace/internal/source"
)

// This file is the table of a scheme's keys, and reads what they hold.

var schemeKeys = mapping[Scheme]{
	name: "a scheme", example: "cells: and must:",
	keys: sync.OnceValue(func() []key[Scheme] {
		return []key[Scheme]{
			row("title", prose, func(s *Scheme) *string { return &s.Title }, "What the sheets are about, in a few words."),
			{name: "nodes", doc: "The cluster that every sheet must have: a number of nodes, or their names.", leftOut: "any",
				read: func(p *parser, _, v *yaml.Node, s *Scheme) {
					if p.nodes(v) {
						s.Names = p.t.Names
					}
				}},
			{name: "cells", doc: "What answers and tables are worth.", read: func(p *parser, _, v *yaml.Node, s *Scheme) { cellsKeys.read(p, v, &s.Cells) }},
			{name: "must", doc: "What a sheet must contain.", read: func(p *parser, _, v *yaml.Node, s *Scheme) { p.criteria(v, s) }},
			{name: "impossible", doc: "What messages cost that nobody could have sent.", read: func(p *parser, _, v *yaml.Node, s *Scheme) { impossibleKeys.read(p, v, &s.Cost) }},
			row("followThrough", followThrough, func(s *Scheme) *Opt[string] { return &s.Follow },
				"How much of a cell's points is given for what follows from an earlier mistake.").byDefault(`"full"`),
			row("late", late, func(s *Scheme) *Opt[string] { return &s.Late }, "What a late sheet loses.").ifLeftOut("nothing"),
		}
	}),
	refused: map[string]string{
		"steps":   "a scheme has no steps: each sheet is marked by its own. To mark against this trace, name it with --key",
		"grading": "grading belongs to a key; a scheme has cells: and must:",
	},
	after: (*parser).checkScheme,
}

var cellsKeys = mapping[SchemeCells]{
	name: "cells", example: "points: 60",
	keys: sync.OnceValue(func() []key[SchemeCells] {
		return []key[SchemeCells]{
			row("points", points, func(c *SchemeCells) *Opt[string] { return &c.Points },
				"The points of all cells together: a sheet gets the part of them that it has right.").neededElse("cells needs its points: what all of a sheet's answers and tables are worth together"),
			countRow("least", func(c *SchemeCells) *int { return &c.Least },
				"How many cells a sheet must ask. A shorter one is marked as if the rest were answers left blank.").ifLeftOut("any number"),
			row("answer", points, func(c *SchemeCells) *Opt[string] { return &c.Answer }, "What a success or voteGranted weighs.").byDefault(`1`),
			row("term", points, func(c *SchemeCells) *Opt[string] { return &c.Term }, "What the term of an answer weighs.").byDefault(`1`),
			row("state", points, func(c *SchemeCells) *Opt[string] { return &c.State }, "What a field of a table weighs.").byDefault(`1`),
		}
	}),
	after: func(p *parser, n *yaml.Node, c *SchemeCells) {
		c.Pos = posOf(n)
		p.notBlank(c.Points, "points")
	},
}

var impossibleKeys = mapping[Impossible]{
	name: "impossible", example: "costs: 2",
	keys: sync.OnceValue(func() []key[Impossible] {
		return []key[Impossible]{
			row("costs", points, func(i *Impossible) *Opt[string] { return &i.Costs },
				"The points that each such message takes off.").neededElse("impossible needs costs: the points that each message takes off"),
			row("most", points, func(i *Impossible) *Opt[string] { return &i.Most }, "The most that all of them take off.").ifLeftOut("no limit"),
		}
	}),
	after: func(p *parser, _ *yaml.Node, i *Impossible) { p.notBlank(i.Costs, "costs") },
}

var criterionKeys = mapping[Criterion]{
	name: "a criterion", example: "elections: 2, points: 4",
	keys: sync.OnceValue(func() []key[Criterion] {
		return slices.Concat(featureRows(), []key[Criterion]{
			{name: "outcome", doc: "How the rule has to decide: passed, refused, acted, idle or ignored.",
				leftOut: "refused for a check, acted for any other", read: (*parser).outcomeOf},
			countRow("times", func(c *Criterion) *int { return &c.Times }, "How often the rule has to decide so.").ifLeftOut("once"),
			row("points", points, func(c *Criterion) *Opt[string] { return &c.Points },
				"The points for all of them; a part of them has its part.").neededElse("a criterion needs its points"),
			row("says", prose, func(c *Criterion) *string { return &c.Says }, "What reports call it."),
		})
	}),
	after: func(p *parser, _ *yaml.Node, c *Criterion) { p.notBlank(c.Points, "points") },
}

// featureRows makes a row of each feature: how many of it a sheet must have, or a
// rule.
func featureRows() []key[Criterion] {
	var rows []key[Criterion]
	for _, info := range features {
		rows = append(rows, key[Criterion]{name: info.Name, doc: info.Text, read: func(p *parser, k, v *yaml.Node, c *Criterion) {
			if c.Times > 0 {
				p.errorf(posOf(k), "%s: this criterion counts %s already; write a criterion of its own", info.Name, c.Of.Info().Name)
				return
			}
			c.Of, c.Times = info.Feature, 1
			if info.Feature == RuleDecides {
				p.ruleOf(v, c)
				return
			}
			p.count(v, info.Name, &c.Times)
		}})
	}
	return rows
}

// countRow makes the row of a whole number from 1 on.
func countRow[T any](name string, at func(*T) *int, doc string) key[T] {
	return key[T]{name: name, doc: doc, read: func(p *parser, _, v *yaml.Node, t *T) { p.count(v, name, at(t)) }}
}

// mostCounted bounds what a scheme can ask a number of.
const mostCounted = 100_000

func (p *parser) count(n *yaml.Node, what string, to *int) {
	v, ok := p.number(n, what)
	switch {
	case !ok:
	case v < 1 || v > mostCounted:
		p.errorf(posOf(n), "%s: %d: write a number from 1 to %d", what, v, mostCounted)
	default:
		*to = int(v)
	}
}

// notBlank finds points that are left blank where a scheme has to give them.
func (p *parser) notBlank(o Opt[string], what string) {
	if o.Presence == Blank {
		p.errorf(o.Pos, "%s is left blank; write a decimal such as 1 or 0.5", what)
	}
}

// criteria reads what a sheet must contain.
func (p *parser) criteria(n *yaml.Node, s *Scheme) {
	items, _ := p.list(n, "must", "a list, such as [{elections: 2, points: 4}]")
	for _, item := range items {
		c := Criterion{Pos: posOf(item)}
		before := p.wrong
		criterionKeys.read(p, item, &c)
		switch {
		case p.wrong != before:
		case c.Of != RuleDecides:
			p.onlyOfRules(item)
		case c.Rule == raft.NoRule:
			p.errorf(c.Pos, "this criterion does not say what a sheet must contain; write one of %s", strings.Join(featureNames(), ", "))
		}
		s.Must = append(s.Must, c)
	}
}

// onlyOfRules finds keys that go with a rule, where there is none.
func (p *parser) onlyOfRules(item *yaml.Node) {
	for _, name := range []string{"times", "outcome"} {
		if v := source.Child(item, name); v != nil {
			p.errorf(posOf(v), "%s goes with rule, such as {rule: AE2, %s: ...}; the others say how many after their name", name, name)
		}
	}
}

func featureNames() []string {
	names := make([]string, len(features))
	for i := range features {
		names[i] = features[i].Name
	}
	return names
}

// ruleOf reads the name of a rule.
func (p *parser) ruleOf(n *yaml.Node, c *Criterion) {
	s, ok := p.scalar(n, "rule")
	if !ok {
		return
	}
	info, ok := raft.RuleNamed(s)
	if !ok {
		var names []string
		for _, r := range raft.Rulebook() {
			names = append(names, r.Name)
		}
		p.errorf(posOf(n), "rule: %s is not a rule of Figure 2 or 13%s; they are %s", source.Quote(s), meantRule(s, names), strings.Join(names, ", "))
		return
	}
	c.Rule, c.Outcome = info.Rule, raft.Acted
	if info.Rule.Checks() {
		c.Outcome = raft.Refused
	}
}

func meantRule(s string, names []string) string {
	if best := Nearest(s, names); best != "" {
		return "; did you mean " + best + "?"
	}
	return ""
}

// outcomeOf reads how a rule has to decide.
func (p *parser) outcomeOf(_, n *yaml.Node, c *Criterion) {
	s, ok := p.scalar(n, "outcome")
	if !ok {
		return
	}
	var names []string
	for o := raft.Passed; o <= raft.Ignored; o++ {
		if !canDecide(c.Rule, o) {
			continue
		}
		if o.String() == s {
			c.Outcome = o
			return
		}
		names = append(names, o.String())
	}
	p.errorf(posOf(n), "outcome: %s is not a way in which %s decides; write %s", source.Quote(s), cmp.Or(c.Rule.String(), "a rule"), strings.Join(names, ", "))
}

// canDecide reports whether a rule may decide so: a check passes or refuses, any
// other rule acts or does not, and L3 refuses what no leader asked for.
func canDecide(rule raft.Rule, o raft.Outcome) bool {
	if o == raft.Passed || o == raft.Refused {
		return rule == raft.NoRule || rule.Checks() || rule == raft.L3 && o == raft.Refused
	}
	return !rule.Checks()
}

// checkScheme finds what a scheme lacks as a whole.
func (p *parser) checkScheme(n *yaml.Node, s *Scheme) {
	if !meant(n, p.docKeys, "cells", "must") && source.Child(n, "steps") == nil {
		p.errorf(posOf(n), "this scheme gives no points; write cells:, must:, or both")
	}
	if w := &s.Cells; s.Cells.Pos.IsValid() && isZero(w.Answer) && isZero(w.Term) && isZero(w.State) {
		p.errorf(w.Answer.Pos, "answer, term and state all weigh 0, so that no cell could earn a point")
	}
}

func isZero(o Opt[string]) bool { return o.Given() && strings.Trim(o.Value, "0.") == "" }
