package cmd

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"raftsheet/check"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/render/report"
	"raftsheet/trace"
)

func (a *app) compareCommand() *cobra.Command {
	var rules []string
	var format string
	c := &cobra.Command{
		Use:   "compare [flags] TRACE",
		Short: "Compare a trace under two sets of rules",
		Long: `compare replays a trace under two sets of rules, step by step. It shows the
first answer or table that differs, the rule that decides it with the figures on
each side, and what follows.

Give --rules twice; given once, it is compared with the trace's own rules. Each
is a name, or names joined by commas; raftsheet rules lists them.

Exit codes: 0 nothing differs, 1 something does, 2 it could not be done.`,
		Example: `  raftsheet compare examples/worksheet.yaml --rules figure2 --rules vote-twice
  raftsheet compare examples/figure8.yaml --rules notes`,
		Args:              exactly("one TRACE", 1),
		ValidArgsFunction: inTurn(traceFiles),
		RunE:              func(_ *cobra.Command, args []string) error { return a.compare(args[0], rules, format) },
	}
	f := c.Flags()
	f.StringArrayVar(&rules, "rules", nil, "replay by these rules; give it twice to compare the two")
	f.StringVar(&format, "format", "text", "the output's format: "+formats(viewFormats("json")))
	completeFlag(c, "rules", completeRules)
	completeWords(c, "format", viewFormats("json"))
	a.paperFlag(c)
	return c
}

func (a *app) compare(name string, names []string, format string) error {
	if err := a.knownFormat(format, viewFormats("json")); err != nil {
		return err
	}
	rules, err := a.twoRules(names)
	if err != nil {
		return err
	}
	src, err := a.readable(name)
	if err != nil {
		return err
	}
	var contrasts []*variant.Diff
	for _, t := range src.Traces {
		c, err := contrast(t, rules)
		if err != nil {
			return err
		}
		contrasts = append(contrasts, c)
		a.worse(contrastCode(c))
	}
	if format == "json" {
		return report.Compare(a.stdout, contrasts)
	}
	return a.print(format, render.Compare(contrasts, a.quiet))
}

// twoRules reads what to compare: two sets of rules, or one that is compared
// with a trace's own.
func (a *app) twoRules(names []string) ([]*raft.Rules, error) {
	const usage = "compare takes two sets of rules, --rules figure2 --rules notes, or one to compare with the trace's own"
	if len(names) == 0 || len(names) > 2 {
		return nil, fmt.Errorf("%s; got %d", usage, len(names))
	}
	var rules []*raft.Rules
	for _, joined := range names {
		a.rules = strings.Split(joined, ",")
		if err := a.checkRules(); err != nil {
			return nil, err
		}
		r, err := check.RulesNamed(a.rules)
		if err != nil {
			return nil, err
		}
		rules = append(rules, r)
	}
	if len(rules) == 2 && rules[0].Name == rules[1].Name {
		return nil, errors.New(usage + "; got " + rules[0].Name + " twice")
	}
	return rules, nil
}

// contrast replays a trace under two sets of rules, of which the first is its own
// where only one is given.
func contrast(t *trace.Trace, rules []*raft.Rules) (*variant.Diff, error) {
	if len(rules) == 2 {
		return variant.NewDiff(t, rules[0], rules[1]), nil
	}
	own, err := check.RulesNamed(t.Rules)
	if err != nil {
		return nil, err
	}
	if own.Name == rules[0].Name {
		return nil, fmt.Errorf("%s names %s itself; give another --rules to compare with", t.File, own.Name)
	}
	return variant.NewDiff(t, own, rules[0]), nil
}

// contrastCode is the exit code of one trace.
func contrastCode(c *variant.Diff) int {
	switch {
	case c.Stopped():
		return exitError
	case c.Differs():
		return exitDiverges
	}
	return exitAgrees
}
