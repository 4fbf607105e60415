package cmd

import (
	"bytes"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"raftsheet/check"
	"raftsheet/examples"
	"raftsheet/raft"
	"raftsheet/raft/explore"
	"raftsheet/render"
	"raftsheet/trace"
)

func (a *app) rulesCommand() *cobra.Command {
	var format string
	var counterexample bool
	c := &cobra.Command{
		Use:   "rules [NAME]",
		Short: "List the rules of Figure 2, and Raft as people get it wrong",
		Long: `rules lists the rules of Figure 2 by name, then the deviations from them: Raft as
people get it wrong. Any of those, or a set of them, is a --rules of the other
commands, and a rules: of a trace.

With a NAME, rules says what it is. Of a deviation it shows the smallest trace,
and what goes wrong in it; --counterexample instead looks through all that can
happen in small clusters for the shortest way in which it breaks a safety
property, and prints that as a trace, which check --rules NAME confirms; where
there is none, it says so, and the exit code is 1.`,
		Example: `  raftsheet rules
  raftsheet rules vote-twice
  raftsheet rules commit-any-term --counterexample > fig8.yaml`,
		Args: between("at most one NAME", 0, 1),
		RunE: func(_ *cobra.Command, args []string) error {
			if err := known("format", format, render.RulesFormats()); err != nil {
				return err
			}
			opt, err := a.options(a.stdout)
			if err != nil {
				return err
			}
			switch {
			case counterexample && len(args) == 0:
				return fmt.Errorf("--counterexample: name a deviation; raftsheet rules lists them")
			case counterexample:
				return a.counterexample(args[0])
			case len(args) == 0:
				return render.Rules(a.stdout, format, render.Catalogue{
					Rules: raft.Rulebook(), Deviations: raft.Deviations(), Sets: raft.Sets()}, opt)
			}
			return a.explainRules(args[0], format, opt)
		},
		ValidArgsFunction: func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return ruleNames(), cobra.ShellCompDirectiveNoFileComp
		},
	}
	c.Flags().StringVar(&format, "format", "text", "the output's format: "+formats(render.RulesFormats()))
	c.Flags().BoolVar(&counterexample, "counterexample", false, "print the shortest trace in which the deviation breaks a safety property")
	completeWords(c, "format", render.RulesFormats())
	return c
}

// ruleNames gives all that rules explains.
func ruleNames() []string {
	var names []string
	for _, r := range raft.Rulebook() {
		names = append(names, r.Name)
	}
	return append(names, raft.RulesNames()...)
}

// explainRules says what is called by a name.
func (a *app) explainRules(name, format string, opt render.Options) error {
	if info, ok := raft.RuleNamed(name); ok {
		return render.Rules(a.stdout, format, render.Catalogue{Rules: []raft.RuleInfo{info}}, opt)
	}
	if name == raft.Figure2().Name {
		return render.Rules(a.stdout, format, render.Catalogue{Rules: raft.Rulebook()}, opt)
	}
	if s, ok := raft.SetNamed(name); ok {
		return render.ExplainSet(a.stdout, format, s, opt)
	}
	if _, ok := examples.Deviation(name); ok {
		d, _ := raft.DeviationNamed(name)
		return render.ExplainDeviation(a.stdout, format, a.misbelief(d), opt)
	}
	for _, s := range raft.Sets() {
		for _, d := range s.Deviations {
			if d.Name == name { // one that the set alone has
				s.Deviations, s.Lines = []raft.Deviation{d}, nil
				return render.ExplainSet(a.stdout, format, s, opt)
			}
		}
	}
	return noSuchRules(name)
}

func noSuchRules(name string) error {
	if best := trace.Nearest(name, ruleNames()); best != "" {
		return fmt.Errorf("there is no rule %q; did you mean %s?", name, best)
	}
	return fmt.Errorf("there is no rule %q; raftsheet rules lists those that there are", name)
}

// deviationFile is where the project has a deviation's smallest trace.
func deviationFile(name string) string { return "examples/deviations/" + name + ".yaml" }

// misbelief plays a deviation's smallest trace under it.
func (a *app) misbelief(d raft.Deviation) render.Misbelief {
	text, _ := examples.Deviation(d.Name)
	m := render.Misbelief{Deviation: d, File: deviationFile(d.Name), Trace: text}
	m.Checked = check.CheckFile(m.File, bytes.NewReader(text), check.Settings{Limits: trace.DefaultLimits(), Rules: []string{d.Name}})
	cover, _ := check.Cover(m.Checked.Source.Traces)
	for _, group := range cover.Alike {
		m.Alike = append(m.Alike, others(group, d.Name)...)
	}
	return m
}

// others gives the names of a group to which one belongs, without that; none if
// it does not belong to it.
func others(group []raft.Deviation, one string) []string {
	var names []string
	for _, d := range group {
		names = append(names, d.Name)
	}
	i := slices.Index(names, one)
	if i < 0 {
		return nil
	}
	return slices.Delete(names, i, i+1)
}

// counterexample prints the shortest behaviour under the rules that breaks a
// safety property. It is exit code 1 if there is none within the bounds.
func (a *app) counterexample(name string) error {
	rules, err := raft.RulesNamed(name)
	if _, ok := raft.RuleNamed(name); ok {
		return fmt.Errorf("--counterexample: %s is a rule; name a deviation, such as %s", name, raft.Deviations()[0].Name)
	}
	if err != nil {
		return noSuchRules(name)
	}
	believed := "Figure 2 of the paper."
	if s, ok := raft.SetNamed(name); ok {
		if s.Server {
			return fmt.Errorf("%s says what a server answers, and not what its leader sends; a counterexample of these rules would be none of the program's", name)
		}
		believed = s.Title + "."
	} else if d, ok := raft.DeviationNamed(name); ok {
		believed = d.Believed
	}
	found, searched := explore.Find(rules)
	if found == nil {
		fmt.Fprintf(a.stderr, "%s breaks no safety property in all that can happen within these bounds (%d states in all):\n", name, searched.States)
		for _, s := range searched.Scopes {
			fmt.Fprintf(a.stderr, "  %s: %d states\n", s.Scope.Name, s.States)
		}
		return reportedError{exitDiverges}
	}
	_, err = io.WriteString(a.stdout, found.Trace(name, believed))
	return err
}
