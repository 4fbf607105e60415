package cmd

import (
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/grade"
	"raftsheet/render/report"
)

func (a *app) checkCommand() *cobra.Command {
	var how checkFlags
	c := &cobra.Command{
		Use:   "check [flags] [TRACE...]",
		Short: "Replay traces and flag every divergence",
		Long: `check replays each trace and compares its answers and tables with the
reference's. For each divergence it prints the place in the file, what the trace
says, what the replay gives, and the rule of Figure 2 that decides it.

TRACE is a file, a folder (searched for *.yaml and *.yml) or - for standard
input. In a folder, a file with none of the format's keys at its top is passed
over, unless it is a *.raft.yaml. Where a file is not YAML, check asks whether
you meant what a small change would make of it; fill --mend writes that. Without
TRACE, check reads standard input.

--each is for recorded runs: it judges every step from the state that the trace
itself last told of its nodes, so that one departure of an implementation is
found where it happened, and what follows from it is not.

--known names differences that are expected, as a list of {trace, step, node,
field, reason}; node and field may be left out. Each then is a note, and one
that no longer differs is an error.

--syntax says what cannot be read, and how much is written and left blank. It
replays nothing and tells no answer: a student can be given it.`,
		Example: `  raftsheet check traces/away.yaml
  raftsheet check --format junit traces > report.xml
  raftsheet check --syntax worksheet.yaml`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: traceFiles,
		RunE: func(_ *cobra.Command, args []string) error {
			return a.check(args, how)
		},
	}
	f := c.Flags()
	f.StringVar(&how.format, "format", "text", "the output's format: "+formats(checkFormats()))
	f.BoolVar(&how.mode.Strict, "strict", false, "count what the trace leaves unwritten as a divergence")
	f.BoolVar(&how.mode.Complete, "complete", false, "count a blank as a divergence")
	f.BoolVar(&how.notes, "notes", false, "also list what is implied, blank or cannot be told")
	f.BoolVar(&how.diagnose, "diagnose", false, "name the misunderstanding behind the wrong answers; with --format "+formats(diagnosisFormats))
	f.BoolVar(&how.each, "each", false, "judge every step from the state that the trace itself last told of its nodes")
	f.StringVar(&how.known, "known", "", "a list of differences that are known, in YAML or JSON: trace, step, node, field, reason")
	f.BoolVar(&how.syntax, "syntax", false, "say only what cannot be read, and tell no answer")
	completeWords(c, "format", checkFormats())
	completeFlag(c, "known", filesOf(".yaml", ".yml", ".json"))
	a.paperFlag(c)
	return c
}

// checkFlags are how check is run.
type checkFlags struct {
	mode                    finding.Mode
	format, known           string
	notes, diagnose, syntax bool
	each                    bool
}

// diagnosisFormats are the formats that have a place for a diagnosis.
var diagnosisFormats = viewFormats("json")

// checkFormats are the formats of check.
func checkFormats() []string { return viewFormats(report.CheckFormats()...) }

// refuse is an error where the flags do not go together.
func (a *app) refuse(how checkFlags) error {
	if err := a.knownFormat(how.format, checkFormats()); err != nil {
		return err
	}
	if err := a.checkRules(); err != nil {
		return err
	}
	for _, other := range []struct {
		flag string
		set  bool
	}{
		{"--diagnose", how.diagnose}, {"--strict", how.mode.Strict}, {"--complete", how.mode.Complete}, {"--notes", how.notes},
		{"--each", how.each}, {"--known", how.known != ""}, {"--rules", a.rules != nil},
	} {
		if how.syntax && other.set {
			return fmt.Errorf("--syntax replays nothing, so %s cannot go with it", other.flag)
		}
	}
	if how.each && how.diagnose {
		return errors.New("--each judges every step for itself, and a diagnosis looks for what runs through all of them: use one of --each and --diagnose")
	}
	if how.diagnose && !slices.Contains(diagnosisFormats, how.format) {
		return fmt.Errorf("--diagnose goes with --format %s, not with %s", formats(diagnosisFormats), how.format)
	}
	return nil
}

func (a *app) check(args []string, how checkFlags) error {
	if err := a.refuse(how); err != nil {
		return err
	}
	differences, err := a.knownDifferences(how.known)
	if err != nil {
		return err
	}
	names, err := a.inputs(args)
	if err != nil {
		return err
	}
	set := a.settings(how.mode)
	set.Each = how.each
	read := func(name string) *check.File { return a.checkOne(name, set, how.syntax) }
	show, err := a.showChecked(how)
	if err != nil {
		return err
	}
	add := func(f *check.File) error {
		if differences != nil {
			check.Excuse([]*check.File{f}, differences, nil)
		}
		return show.add(f)
	}
	if how.diagnose {
		err = a.diagnosed(names, set, func(f *check.File, said map[*check.Report]*grade.Diagnosis) error {
			show.opt.Diagnoses = said
			return add(f)
		})
	} else {
		err = a.mixed(names, read, add)
	}
	if err != nil {
		return err
	}
	return show.end()
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
