package cmd

import (
	"errors"

	"github.com/spf13/cobra"

	"raftsheet/check"
	"raftsheet/render"
	"raftsheet/render/report"
	"raftsheet/trace"
)

func (a *app) coverageCommand() *cobra.Command {
	var format string
	c := &cobra.Command{
		Use:   "coverage [flags] [TRACE...]",
		Short: "Say which misunderstandings a worksheet would reveal",
		Long: `coverage says what worksheets can tell, taken together. Each is replayed under
Figure 2 and under every deviation from it that there is (raftsheet rules lists
them). A deviation is revealed if it gives another answer, or another field of a
table, where the worksheet asks for one; the others stay hidden, whatever is
answered. Two deviations that give the same answers cannot be told apart.

It also counts how often each rule of Figure 2 decides, and which way. What is
written in the cells plays no part, and neither do the rules that a trace names:
the right answers are Figure 2's.

TRACE is a file, a folder (searched for *.yaml and *.yml) or - for standard
input; with none, standard input is read.`,
		Example: `  raftsheet coverage examples/worksheet.yaml
  raftsheet coverage --format markdown examples > coverage.md`,
		Args: cobra.ArbitraryArgs,
		RunE: func(_ *cobra.Command, args []string) error { return a.coverage(args, format) },
	}
	c.Flags().StringVar(&format, "format", "text", "the output's format: "+formats(viewFormats("json")))
	completeWords(c, "format", viewFormats("json"))
	return c
}

func (a *app) coverage(args []string, format string) error {
	if err := known("format", format, viewFormats("json")); err != nil {
		return err
	}
	if a.rules != nil {
		return errors.New("coverage holds every deviation against Figure 2; it takes no --rules")
	}
	if err := a.checkRules(); err != nil {
		return err
	}
	if len(args) == 0 {
		args = []string{"-"}
	}
	names, err := inputs(args)
	if err != nil {
		return err
	}
	files := check.Each(len(names), func(i int) *check.File { return a.readOne(names[i]) })
	var traces []*trace.Trace
	for _, f := range files {
		if f.Source != nil {
			traces = append(traces, f.Source.Traces...)
		}
	}
	cov, errs := check.Cover(traces)
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

// readOne reads a file, and keeps what is malformed in it.
func (a *app) readOne(name string) *check.File {
	f := &check.File{Name: shownName(name)}
	var err error
	f.Source, err = a.read(name)
	errors.As(err, &f.Errors)
	return f
}

// of gives those of the errors that are about a file.
func of(f *check.File, errs trace.Errors) trace.Errors {
	var own trace.Errors
	for _, e := range errs {
		if e.File == f.Name {
			own = append(own, e)
		}
	}
	return own
}
