package cmd

import (
	"bytes"
	"fmt"
	"os"
	"slices"

	"github.com/spf13/cobra"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/grade"
	"raftsheet/render"
)

func (a *app) checkCommand() *cobra.Command {
	var mode finding.Mode
	var format string
	var notes, guess bool
	c := &cobra.Command{
		Use:   "check [flags] [TRACE...]",
		Short: "Replay traces and flag every divergence",
		Long: `check replays each trace and compares its answers and tables with the
reference's. For each divergence it prints the place in the file, what the trace
says, what the replay gives, and the rule of Figure 2 that decides it.

TRACE is a file, a folder (searched for *.yaml and *.yml) or - for standard
input. Without TRACE, check reads standard input.`,
		Example: `  raftsheet check traces/away.yaml
  raftsheet check --format junit traces > report.xml`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: traceFiles,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.check(args, mode, format, notes, guess)
		},
	}
	f := c.Flags()
	f.StringVar(&format, "format", "text", "the output's format: "+formats(render.CheckFormats()))
	f.BoolVar(&mode.Strict, "strict", false, "count what the trace leaves unwritten as a divergence")
	f.BoolVar(&mode.Complete, "complete", false, "count a blank as a divergence")
	f.BoolVar(&notes, "notes", false, "also list what is implied, blank or cannot be told")
	f.BoolVar(&guess, "diagnose", false, "name the misunderstanding behind the wrong answers; with --format "+formats(diagnosisFormats))
	completeWords(c, "format", render.CheckFormats())
	return c
}

// diagnosisFormats are the formats that have a place for a diagnosis.
var diagnosisFormats = []string{"text", "markdown", "json"}

func (a *app) check(args []string, mode finding.Mode, format string, notes, guess bool) error {
	opt, err := a.options(a.stdout)
	if err != nil {
		return err
	}
	if err := known("format", format, render.CheckFormats()); err != nil {
		return err
	}
	if err := a.checkRules(); err != nil {
		return err
	}
	if guess && !slices.Contains(diagnosisFormats, format) {
		return fmt.Errorf("--diagnose goes with --format %s, not with %s", formats(diagnosisFormats), format)
	}
	names, err := a.inputs(args)
	if err != nil {
		return err
	}
	opt.Notes = notes
	set := a.settings(mode)
	files := check.Each(len(names), func(i int) *check.File { return a.checkOne(names[i], set) })
	for _, f := range files {
		a.worse(verdict(f))
	}
	if guess {
		if opt.Diagnoses, err = a.diagnoses(files); err != nil {
			return err
		}
	}
	if format == "github" {
		if err := appendSummary(files, opt); err != nil {
			return err
		}
	}
	if err := render.Check(a.stdout, format, files, opt); err != nil || format != "text" {
		return err
	}
	return a.showErrors(files)
}

// appendSummary adds the findings to the page of a GitHub workflow's run, which
// has room for all of them where the annotations do not.
func appendSummary(files []*check.File, opt render.Options) error {
	name := os.Getenv("GITHUB_STEP_SUMMARY")
	if name == "" {
		return nil
	}
	var page bytes.Buffer
	if err := render.Check(&page, "markdown", files, opt); err != nil {
		return err
	}
	return appendFile(name, page.Bytes())
}

// diagnoses explains the wrong answers of each trace.
func (a *app) diagnoses(files []*check.File) (map[*check.Report]*grade.Diagnosis, error) {
	out := make(map[*check.Report]*grade.Diagnosis)
	apart := tellingTraces()
	for _, f := range files {
		for _, r := range f.Reports {
			d, err := grade.DiagnoseTrace(r.Run.Trace, a.rules, apart)
			if err != nil {
				return nil, err
			}
			out[r] = d
		}
	}
	return out, nil
}

// showErrors shows what is malformed on standard error; the other formats have
// a place for it in the report.
func (a *app) showErrors(files []*check.File) error {
	opt, err := a.options(a.stderr)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := render.Errors(a.stderr, f.Source, f.Errors, opt); err != nil {
			return err
		}
	}
	return nil
}

// verdict is the exit code of one file.
func verdict(f *check.File) int {
	if len(f.Errors) > 0 {
		return exitError
	}
	for _, r := range f.Reports {
		if r.Result() == check.Diverges {
			return exitDiverges
		}
	}
	return exitAgrees
}
