package cmd

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"raftsheet/check/variant"
	"raftsheet/examples"
	"raftsheet/raft"
	"raftsheet/raft/explore"
	"raftsheet/render"
	"raftsheet/render/report"
	"raftsheet/trace"
)

func (a *app) rulesCommand() *cobra.Command {
	var format string
	var counterexample bool
	c := &cobra.Command{
		Use:   "rules [flags] [NAME]",
		Short: "List the rules of Figure 2 and the deviations from them",
		Long:  rulesTopic,
		Example: `  raftsheet rules
  raftsheet rules vote-twice
  raftsheet rules commit-any-term --counterexample > fig8.yaml`,
		Args:              between("at most one NAME", 0, 1),
		ValidArgsFunction: inTurn(completeRuleNames),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := a.knownFormat(format, viewFormats("json")); err != nil {
				return err
			}
			switch {
			case counterexample:
				return a.counterexample(args)
			case len(args) == 0:
				return a.showRules(format, render.Catalogue{Rules: raft.Rulebook(), Deviations: raft.Deviations(), Sets: raft.Sets()})
			}
			return a.explainRules(args[0], format)
		},
	}
	c.Flags().StringVar(&format, "format", "text", "the output's format: "+formats(viewFormats("json")))
	c.Flags().BoolVar(&counterexample, "counterexample", false, "print the shortest trace in which the deviation breaks a safety property")
	completeWords(c, "format", viewFormats("json"))
	a.paperFlag(c)
	return c
}

// ruleNames gives all the names that the command rules explains.
func ruleNames() []string {
	var names []string
	for _, r := range raft.Rulebook() {
		names = append(names, r.Name)
	}
	return append(names, raft.RulesNames()...)
}

// completeRuleNames completes all that the command rules explains.
func completeRuleNames(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	var all []cobra.Completion
	for _, name := range ruleNames() {
		all = append(all, cobra.CompletionWithDesc(name, rulesInBrief(name)))
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// explainRules says what a name of the catalogue means.
func (a *app) explainRules(name, format string) error {
	if info, ok := raft.RuleNamed(name); ok {
		return a.showRules(format, render.Catalogue{Rules: []raft.RuleInfo{info}})
	}
	if name == raft.Figure2().Name {
		return a.showRules(format, render.Catalogue{Rules: raft.Rulebook()})
	}
	if s, ok := raft.SetNamed(name); ok {
		return a.showSet(format, s)
	}
	if _, ok := examples.Deviation(name); ok {
		d, _ := raft.DeviationNamed(name)
		m := a.misbelief(d)
		if format == "json" {
			return report.Deviation(a.stdout, m)
		}
		return a.print(format, render.ExplainDeviation(m))
	}
	for _, s := range raft.Sets() {
		for _, d := range s.Deviations {
			if d.Name == name { // one that only the set has
				s.Deviations, s.Lines = []raft.Deviation{d}, nil
				return a.showSet(format, s)
			}
		}
	}
	return noSuchRules(name)
}

func (a *app) showRules(format string, c render.Catalogue) error {
	if format == "json" {
		return report.Rules(a.stdout, c)
	}
	return a.print(format, render.Rules(c))
}

func (a *app) showSet(format string, s raft.Set) error {
	if format == "json" {
		return report.Set(a.stdout, s)
	}
	return a.print(format, render.ExplainSet(s))
}

func noSuchRules(name string) error {
	if best := trace.Nearest(name, ruleNames()); best != "" {
		return fmt.Errorf("unknown rule %q; did you mean %s?", name, best)
	}
	return fmt.Errorf("unknown rule %q; raftsheet rules lists them", name)
}

// counterexample prints the shortest behaviour under the rules that breaks a
// safety property. The exit code is 1 if none does within the bounds.
func (a *app) counterexample(args []string) error {
	if len(args) == 0 {
		return errors.New("--counterexample: name a deviation; raftsheet rules lists them")
	}
	rules, believed, err := searchable(args[0])
	if err != nil {
		return err
	}
	found, searched := explore.Find(rules)
	if found == nil {
		a.tell("%s breaks no safety property in anything that can happen within these bounds (%d states in all):", args[0], searched.States)
		for _, s := range searched.Scopes {
			a.tell("  %s: %d states", s.Scope.Name, s.States)
		}
		return reportedError{exitDiverges}
	}
	return trace.Write(a.stdout, variant.Counterexample(found, args[0], believed))
}

// searchable gives the rules of a name under which a cluster can be explored,
// and what somebody believes who plays by them.
func searchable(name string) (rules *raft.Rules, believed string, err error) {
	if _, ok := raft.RuleNamed(name); ok {
		return nil, "", fmt.Errorf("--counterexample: %s is a rule; name a deviation, such as %s", name, raft.Deviations()[0].Name)
	}
	if rules, err = raft.RulesNamed(name); err != nil {
		return nil, "", noSuchRules(name)
	}
	if _, ok := examples.Deviation(name); ok {
		d, _ := raft.DeviationNamed(name)
		return rules, d.Believed, nil
	}
	s, ok := raft.SetNamed(name)
	switch {
	case ok && s.Server:
		return nil, "", fmt.Errorf("%s describes what a server answers, not what its leader sends; a counterexample would not be one of the program's", name)
	case ok:
		return rules, s.Title + ".", nil
	}
	return rules, "Figure 2 of the paper.", nil
}
