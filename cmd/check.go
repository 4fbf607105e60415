package cmd

import (
	"bytes"
	"fmt"
	"os"
	"runtime/debug"
	"slices"

	"github.com/spf13/cobra"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/grade"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/render/report"
	"raftsheet/trace/mend"
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
input. In a folder, a file with none of the format's keys at its top is passed
over, unless it is a *.raft.yaml. Where a file is not YAML, check asks whether you
meant what a small change would make of it; fill --mend writes that. Without TRACE, check reads standard input.`,
		Example: `  raftsheet check traces/away.yaml
  raftsheet check --format junit traces > report.xml`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: traceFiles,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.check(args, mode, format, notes, guess)
		},
	}
	f := c.Flags()
	f.StringVar(&format, "format", "text", "the output's format: "+formats(checkFormats()))
	f.BoolVar(&mode.Strict, "strict", false, "count what the trace leaves unwritten as a divergence")
	f.BoolVar(&mode.Complete, "complete", false, "count a blank as a divergence")
	f.BoolVar(&notes, "notes", false, "also list what is implied, blank or cannot be told")
	f.BoolVar(&guess, "diagnose", false, "name the misunderstanding behind the wrong answers; with --format "+formats(diagnosisFormats))
	completeWords(c, "format", checkFormats())
	a.paperFlag(c)
	return c
}

// diagnosisFormats are the formats that have a place for a diagnosis.
var diagnosisFormats = viewFormats("json")

// checkFormats are the formats of check.
func checkFormats() []string { return viewFormats(report.CheckFormats()...) }

func (a *app) check(args []string, mode finding.Mode, format string, notes, guess bool) error {
	if err := a.knownFormat(format, checkFormats()); err != nil {
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
	set := a.settings(mode)
	files, err := a.mixed(names, func(name string) *check.File { return a.checkOne(name, set) })
	if err != nil {
		return err
	}
	for _, f := range files {
		a.worse(verdict(f))
	}
	opt := render.CheckOptions{Notes: notes, Quiet: a.quiet, Malformed: format != "text", Mends: mends(files)}
	if guess {
		opt.Diagnoses = diagnoses(files)
	}
	switch {
	case format == "text":
		if err := a.print(format, render.Check(files, opt)); err != nil {
			return err
		}
		return a.showErrors(files, opt.Mends)
	case slices.Contains(doc.Formats(), format):
		return a.print(format, render.Check(files, opt))
	case format == "github":
		a.summarize(files, opt)
	}
	return report.Check(a.stdout, format, files, report.CheckOptions{Notes: notes, Quiet: a.quiet, Diagnoses: opt.Diagnoses})
}

// summarize adds the findings to the page of a workflow's run. Where it cannot, it
// says so: the annotations come all the same.
func (a *app) summarize(files []*check.File, opt render.CheckOptions) {
	name := os.Getenv("GITHUB_STEP_SUMMARY")
	if name == "" {
		return
	}
	var page bytes.Buffer
	err := doc.Write(&page, "markdown", render.Check(files, opt), doc.Options{})
	if err == nil {
		err = appendSummary(name, page.Bytes())
	}
	if err != nil {
		a.tell("raftsheet: warning: the page of the workflow's run lacks what was found: %s", notWritten(name, err))
	}
}

// diagnoses explains the wrong answers of each trace.
func diagnoses(files []*check.File) map[*check.Report]*grade.Diagnosis {
	// Replays come and go. On a long trace the collector's usual slack would double
	// the memory; near this limit it works harder instead.
	const mostMemory = 220 << 20
	was := debug.SetMemoryLimit(-1) // what the environment says
	debug.SetMemoryLimit(min(was, mostMemory))
	defer debug.SetMemoryLimit(was)
	var reports []*check.Report
	for _, f := range files {
		reports = append(reports, f.Reports...)
	}
	out := make(map[*check.Report]*grade.Diagnosis)
	for i, d := range grade.DiagnoseAll(reports, tellingTraces()) {
		out[reports[i]] = d
	}
	return out
}

// mends are the slips that keep files from being read, set right: suggestions.
func mends(files []*check.File) map[*check.File][]mend.Change {
	out := make(map[*check.File][]mend.Change)
	for _, f := range files {
		if f.Source != nil && len(f.Stopped()) > 0 {
			_, out[f] = mend.Mend(f.Name, f.Source.Bytes())
		}
	}
	return out
}

// showErrors shows what is malformed on standard error; the other formats have
// a place for it in the report.
func (a *app) showErrors(files []*check.File, mends map[*check.File][]mend.Change) error {
	var all doc.Document
	for _, f := range files {
		all.Add(render.Errors(f.Source, f.Stopped()).Blocks...)
		all.Add(render.Mends(f.Name, mends[f])...)
	}
	return a.printTo(a.stderr, "text", &all)
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
