package cmd

import (
	"errors"
	"slices"

	"github.com/spf13/cobra"

	"raftsheet/check"
	"raftsheet/check/variant"
	"raftsheet/render"
	"raftsheet/render/report"
	"raftsheet/trace"
)

func (a *app) coverageCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "coverage [flags] [TRACE...]",
		Short: "Show which misunderstandings a worksheet would reveal",
		Long: `coverage shows what worksheets, taken together, can detect. It replays each
under Figure 2 and under every deviation (raftsheet rules lists them). A
worksheet reveals a deviation if that changes an answer, or a field of a table,
that the worksheet asks for; the others stay hidden, whatever students answer.
Two deviations with the same answers are indistinguishable.

It also counts how often each rule of Figure 2 decides, and which way. It
ignores what is written in the cells, and the rules that a trace names: the
right answers are Figure 2's.

TRACE is a file, a folder (searched for *.yaml and *.yml) or - for standard
input. Without TRACE, coverage reads standard input.`,
		Example: `  raftsheet coverage examples/worksheet.yaml
  raftsheet coverage --format markdown examples > coverage.md`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: traceFiles,
		RunE:              func(_ *cobra.Command, args []string) error { return a.coverage(args, format) },
	}
	c.Flags().StringVar(&format, "format", "text", "the output's format: "+formats(viewFormats("json")))
	completeWords(c, "format", viewFormats("json"))
	a.paperFlag(c)
	return c
}

func (a *app) coverage(args []string, format string) error {
	if err := a.knownFormat(format, viewFormats("json")); err != nil {
		return err
	}
	if a.rules != nil {
		return errors.New("coverage compares every deviation with Figure 2; it takes no --rules")
	}
	if err := a.checkRules(); err != nil {
		return err
	}
	names, err := a.inputs(args)
	if err != nil {
		return err
	}
	files, err := a.gathered(names, a.readOne)
	if err != nil {
		return err
	}
	var traces []*trace.Trace
	for _, f := range files {
		if f.Source != nil {
			traces = append(traces, whole(f.Source.Traces)...)
		}
	}
	cov, errs := variant.Cover(traces)
	for _, f := range files {
		f.Errors = append(f.Errors, of(f, errs)...)
		if len(f.Errors) > 0 {
			a.worse(exitError)
		}
	}
	switch format {
	case "json":
		return report.Coverage(a.stdout, cov, files)
	case "text":
		if err := a.print(format, render.Coverage(cov, render.CoverageOptions{Quiet: a.quiet})); err != nil {
			return err
		}
		return a.showErrors(files)
	}
	return a.print(format, render.Coverage(cov, render.CoverageOptions{Files: files}))
}

// whole gives the traces of which everything can be read: coverage is about
// sheets as they will be handed out.
func whole(traces []*trace.Trace) []*trace.Trace {
	return slices.DeleteFunc(slices.Clone(traces), func(t *trace.Trace) bool { return len(t.Errors) > 0 })
}

// of gives the errors that are about a file.
func of(f *check.File, errs trace.Errors) trace.Errors {
	var own trace.Errors
	for _, e := range errs {
		if e.File == f.Name {
			own = append(own, e)
		}
	}
	return own
}
