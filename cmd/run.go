package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"raftsheet/check"
	"raftsheet/check/conform"
	"raftsheet/check/finding"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/render/report"
	"raftsheet/trace"
)

// runFlags are how an implementation is run.
type runFlags struct {
	conform.Settings
	format, known, save string
	least               int
	notes               bool
}

func (a *app) runCommand() *cobra.Command {
	how := runFlags{}
	c := &cobra.Command{
		Use:   "run [flags] --sut 'COMMAND' [TRACE...]",
		Short: "Run traces against another implementation of Raft",
		Long: `run asks another implementation of Raft what the traces ask. It starts COMMAND
in a shell, writes one JSON object a line to its standard input, and reads one a
line from its standard output; raftsheet help protocol has them all. The answers
and states that come back are written into a copy of the trace, and check
compares the copy with the reference: what differs is shown where the trace has
it, with the rule of Figure 2 that decides it.

Before each request the receiver is put in the state in which the reference is,
so that one mistake is found once and nothing but the handlers of requests is
needed. With --live each node is started once, and then gets everything that
happens to it: timeouts, clients' commands, answers, restarts.

A call that the implementation cannot take is skipped and counted. One that
takes longer than --timeout, or is answered with nonsense, has failed: the
process is killed and started again, and the run goes on.

Where an implementation departs from Figure 2 on purpose, say so by --rules, by
rules in its reply to hello, or by a list of single differences: --known.

--save keeps the copies, which check can judge again without the implementation.`,
		Example: `  raftsheet run --sut 'python3 examples/adapters/python/adapter.py' examples
  raftsheet run --sut ./adapter --rules etcd --format junit traces > report.xml
  raftsheet run --sut ./adapter --live --save judged traces`,
		Args:              cobra.ArbitraryArgs,
		ValidArgsFunction: traceFiles,
		RunE:              func(_ *cobra.Command, args []string) error { return a.run(args, how) },
	}
	f := c.Flags()
	f.StringVar(&how.Command, "sut", "", "the command that starts the implementation")
	f.StringVar(&how.format, "format", "text", "the output's format: "+formats(checkFormats()))
	f.BoolVar(&how.Live, "live", false, "start each node once, and let everything happen to it")
	f.DurationVar(&how.Timeout, "timeout", 10*time.Second, "how long a reply may take")
	f.IntVar(&how.Jobs, "jobs", 1, "how many processes to run side by side")
	f.IntVar(&how.least, "min", 1, "how many deliveries must be judged")
	f.StringVar(&how.known, "known", "", "a list of differences that are known, in YAML or JSON")
	f.StringVar(&how.save, "save", "", "the folder to write the judged copies to")
	f.BoolVar(&how.notes, "notes", false, "also list what was skipped, and what is known")
	completeWords(c, "format", checkFormats())
	completeFlag(c, "known", filesOf(".yaml", ".yml", ".json"))
	completeFlag(c, "save", folders)
	return c
}

// refuseRun is an error where the flags do not go together.
func (a *app) refuseRun(how *runFlags) error {
	switch {
	case how.Command == "":
		return errors.New("run needs --sut, the command that starts the implementation; see raftsheet run --help")
	case how.Timeout <= 0:
		return fmt.Errorf("--timeout %v: it takes a time such as 10s", how.Timeout)
	case how.Jobs < 1:
		return fmt.Errorf("--jobs %d: it takes 1 or more", how.Jobs)
	case how.least < 0:
		return fmt.Errorf("--min %d: it takes 0 or more", how.least)
	}
	if err := known("format", how.format, checkFormats()); err != nil {
		return err
	}
	return a.checkRules()
}

func (a *app) run(args []string, how runFlags) error {
	if err := a.refuseRun(&how); err != nil {
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
	ctx, stop := untilInterrupted()
	defer stop()
	im, err := conform.Connect(ctx, how.Settings)
	switch {
	case ctx.Err() != nil:
		return errInterrupted
	case err != nil:
		return fmt.Errorf("the implementation cannot be started: %w", err)
	}
	if a.rules == nil && len(im.Rules) > 0 {
		a.rules = im.Rules
	}
	set := a.settings(finding.Mode{})
	files, err := a.gathered(names, func(name string) *check.File { return a.checkOne(name, set, false) })
	if err != nil {
		im.Close()
		return err
	}
	r, err := im.Judge(ctx, files, differences, a.progress())
	if err == nil && ctx.Err() != nil {
		err = errInterrupted
	}
	if err != nil {
		return err
	}
	if how.save != "" {
		if err := a.saveJudged(&how, r); err != nil {
			return err
		}
	}
	a.judge(r, how.least)
	return a.printRun(r, how)
}

// judge settles the exit code of a run.
func (a *app) judge(r *conform.Result, least int) {
	for _, f := range r.Files {
		a.worse(verdict(f))
	}
	if n := r.Judged(); n < max(least, 1) {
		a.tell("raftsheet: %s, and at least %d must be", judgedWords(n), max(least, 1))
		a.worse(exitError)
	}
}

func judgedWords(n int) string {
	if n == 0 {
		return "nothing was judged"
	}
	return render.Count(n, "delivery was", "deliveries were") + " judged"
}

// printRun shows what a run came to.
func (a *app) printRun(r *conform.Result, how runFlags) error {
	opt := render.CheckOptions{Notes: how.notes, Quiet: a.quiet, Malformed: how.format != "text"}
	switch {
	case how.format == "text":
		if err := a.print(how.format, render.Run(r, opt)); err != nil {
			return err
		}
		return a.showErrors(r.Files)
	case slices.Contains(doc.Formats(), how.format):
		return a.print(how.format, render.Run(r, opt))
	case how.format == "github":
		a.summarize(render.Run(r, opt))
	}
	return report.Check(a.stdout, how.format, r.Files, report.CheckOptions{Notes: how.notes, Quiet: a.quiet, Run: r})
}

// knownDifferences reads a list of differences, none for no file.
func (a *app) knownDifferences(name string) ([]trace.Known, error) {
	if name == "" {
		return nil, nil
	}
	data, err := readAtMost(name, a.maxBytes)
	if err != nil {
		return nil, err
	}
	all, err := trace.ParseKnown(shownName(name), data, a.limits())
	if err != nil {
		return nil, a.fail(nil, err)
	}
	return all, nil
}

// saveJudged writes the judged copies into a folder, under the paths of their
// traces, and the list of known differences beside them: check with --known then
// comes to the same.
func (a *app) saveJudged(how *runFlags, r *conform.Result) error {
	return writeAll(func(o *outputs) error {
		if err := o.folder(how.save); err != nil {
			return err
		}
		for _, f := range r.Files {
			text, err := judgedText(r, f)
			if err != nil || len(text) == 0 {
				return err
			}
			name := filepath.Join(how.save, inside(f.Name))
			if err := o.folder(filepath.Dir(name)); err != nil {
				return err
			}
			if err := o.page(name, atHand(text)); err != nil {
				return err
			}
		}
		if how.known == "" {
			return nil
		}
		list, err := readAtMost(how.known, a.maxBytes)
		if err != nil {
			return err
		}
		return o.page(filepath.Join(how.save, "known"+filepath.Ext(how.known)), atHand(list))
	})
}

// judgedText is a file's judged copies, with what was not judged as comments.
func judgedText(r *conform.Result, f *check.File) ([]byte, error) {
	var copies []*trace.Trace
	for _, rep := range f.Reports {
		t := *rep.Run.Trace
		t.Comment = fmt.Sprintf("The answers and states are those of %s to %s.", r, f.Name)
		t.Steps = slices.Clone(t.Steps)
		for i := range rep.Findings {
			if fd := &rep.Findings[i]; fd.Step > 0 && (fd.Kind == finding.Skipped || fd.Kind == finding.Failed) {
				s := &t.Steps[fd.Step-1]
				s.Comment += fmt.Sprintf("node %s was not judged: %s\n", fd.Node, fd.Message)
			}
		}
		copies = append(copies, &t)
	}
	var text bytes.Buffer
	err := trace.Write(&text, copies...)
	return text.Bytes(), err
}

// inside is a trace's name as a path in a folder: nothing leads out of it.
func inside(name string) string {
	if name == shownName("-") {
		return "stdin.yaml"
	}
	return strings.TrimPrefix(path.Clean("/"+strings.ReplaceAll(name, ":", "")), "/")
}
