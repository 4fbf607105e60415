package cmd

import (
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"raftsheet/check"
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
		Long: `compare replays a trace under two sets of rules, step by step, and says where
they part: which answer or table differs first, by which rule, with the figures
that each of them sees; and what follows from it.

--rules is given twice, or once for what is to be held against the trace's own
rules. Each is a name, or names joined by commas; raftsheet rules lists them.

Exit codes: 0 nothing differs, 1 something does, 2 it could not be done.`,
		Example: `  raftsheet compare examples/worksheet.yaml --rules figure2 --rules vote-twice
  raftsheet compare examples/figure8.yaml --rules notes`,
		Args: exactly("one TRACE", 1),
		RunE: func(_ *cobra.Command, args []string) error { return a.compare(args[0], rules, format) },
	}
	f := c.Flags()
	f.StringArrayVar(&rules, "rules", nil, "play by these rules; twice, for two to compare")
	f.StringVar(&format, "format", "text", "the output's format: "+formats(viewFormats("json")))
	completeWords(c, "rules", raft.RulesNames())
	completeWords(c, "format", viewFormats("json"))
	return c
}

func (a *app) compare(name string, names []string, format string) error {
	if err := known("format", format, viewFormats("json")); err != nil {
		return err
	}
	rules, err := a.twoRules(names)
	if err != nil {
		return err
	}
	src, err := a.read(name)
	if err != nil {
		return a.fail(src, err)
	}
	var contrasts []*check.Contrast
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

// twoRules reads what is to be compared: two sets of rules, or one to hold
// against a trace's own.
func (a *app) twoRules(names []string) ([]*raft.Rules, error) {
	const usage = "compare takes two sets of rules, --rules figure2 --rules notes, or one to hold against the trace's own"
	if len(names) == 0 || len(names) > 2 {
		return nil, fmt.Errorf("%s; %d are given", usage, len(names))
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
		return nil, errors.New(usage + "; these are " + rules[0].Name + " twice")
	}
	return rules, nil
}

// contrast replays a trace under two rules, the first its own where one set is
// given.
func contrast(t *trace.Trace, rules []*raft.Rules) (*check.Contrast, error) {
	if len(rules) == 2 {
		return check.NewContrast(t, rules[0], rules[1]), nil
	}
	own, err := check.RulesNamed(t.Rules)
	if err != nil {
		return nil, err
	}
	if own.Name == rules[0].Name {
		return nil, fmt.Errorf("%s plays by %s itself; give another --rules to compare with", t.File, own.Name)
	}
	return check.NewContrast(t, own, rules[0]), nil
}

// contrastCode is the exit code of one trace.
func contrastCode(c *check.Contrast) int {
	switch {
	case c.Stopped():
		return exitError
	case c.Differs():
		return exitDiverges
	}
	return exitAgrees
}
