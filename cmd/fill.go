package cmd

import (
	"bytes"
	"errors"

	"github.com/spf13/cobra"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/replay"
	"raftsheet/render"
	"raftsheet/trace"
	"raftsheet/trace/edit"
	"raftsheet/trace/mend"
)

func (a *app) fillCommand() *cobra.Command {
	var opt check.FillOptions
	var write, mended bool
	c := &cobra.Command{
		Use:   "fill [flags] TRACE",
		Short: "Fill in a trace's blanks, keeping comments, order and layout",
		Long: `fill prints the trace with its blank answers and tables filled in. Every other
byte stays as it was typed. The result reads back as the same trace with the
blanks filled; if it would not, fill writes nothing. A second run changes
nothing.

--mend first sets right what keeps the file from being read as YAML: tabs, a
missing comma or space, curly quotes, a bracket that is not closed, an indent
off by one, UTF-16 and the like. It prints what it changed on standard error,
line by line, and marks a change that could have moved a value. A file that
reads is not changed.

A file that is JSON stays JSON. It has no place for the comments of --correct.

-w writes the file back in one piece, with its mode and owner. It writes nothing
if the file has changed since it was read, and refuses a file with several hard
links: it would cut them.`,
		Example: `  raftsheet fill handout.yaml > key.yaml
  raftsheet fill --all -w notes.yaml
  raftsheet fill --mend handed-in.yaml > mended.yaml`,
		Args:              exactly("one TRACE", 1),
		ValidArgsFunction: inTurn(traceFiles),
		RunE:              func(_ *cobra.Command, args []string) error { return a.fill(args[0], opt, write, mended) },
	}
	f := c.Flags()
	f.BoolVar(&opt.All, "all", false, "add a response to every step without one")
	f.BoolVar(&mended, "mend", false, "first set right slips that keep the file from being read")
	f.BoolVar(&opt.Messages, "messages", false, "write out message fields that were left out")
	f.BoolVar(&opt.Correct, "correct", false, "replace wrong answers, each with a comment that gives the old one")
	f.BoolVarP(&write, "write", "w", false, "write the result back to TRACE")
	return c
}

func (a *app) fill(name string, opt check.FillOptions, write, mended bool) error {
	if write && name == "-" {
		return errors.New("-w writes back to a file, which standard input is not")
	}
	if err := a.checkRules(); err != nil {
		return err
	}
	if write {
		if err := replaceable("-w", name); err != nil {
			return err
		}
	}
	if !mended { // which leaves garbage behind
		defer forOneFile()()
	}
	src, err := a.readBy(trace.ReadToEdit, name)
	was := src
	if mended && err != nil && src != nil {
		src, err = a.mend(src, err)
	}
	if src, err = a.usable(src, err); err != nil {
		return err
	}
	filled, err := a.filled(src, opt)
	if err != nil {
		return a.fail(src, err)
	}
	if !write {
		_, err := a.stdout.Write(filled)
		return err
	}
	if bytes.Equal(filled, was.Bytes()) {
		return nil
	}
	return writeBack(name, was.Bytes(), filled)
}

// mend reads a file anew with its slips set right, and tells each on standard
// error. Where that is not enough, the file is as unreadable as it was: what could
// not be read is for its writer to set right.
func (a *app) mend(src *trace.File, unread error) (*trace.File, error) {
	m := mend.Mend(src.Name, src.Bytes())
	for _, c := range m.Changes {
		a.tell("%s: %s", src.Name, render.Mend(c))
	}
	for _, l := range m.Lost {
		a.tell("%s: %s", src.Name, render.Lost(l))
	}
	if len(m.Lost) > 0 {
		return src, unread
	}
	return trace.Parse(src.Name, m.Data, a.limits())
}

// filled gives the bytes of a file with its blanks filled in.
func (a *app) filled(src *trace.File, opt check.FillOptions) ([]byte, error) {
	runs := make([]*replay.Run, len(src.Traces))
	for i, t := range src.Traces {
		run, err := a.replay(src, t)
		if err != nil {
			return nil, err
		}
		runs[i] = run
	}
	a.warnFill(src, runs, opt.Correct)
	ed, err := edit.Open(src)
	if err != nil {
		return nil, err
	}
	if err := check.Fill(ed, runs, opt); err != nil {
		return nil, err
	}
	return ed.Bytes()
}

// warnFill says on standard error what is wrong in the file and stays so:
// messages that nobody could have sent, after which the cluster is in no state
// that can be; and, with --correct, wrong tables.
func (a *app) warnFill(src *trace.File, runs []*replay.Run, correct bool) {
	messages, tables := 0, 0
	for _, run := range runs {
		messages += check.Impossible(run)
		if correct {
			tables += check.Compare(run).CountKind(finding.State)
		}
	}
	if messages > 0 {
		a.tell("%s: messages that could not have been sent: %d; see raftsheet check", src.Name, messages)
	}
	if tables > 0 {
		a.tell("%s: fields of tables that differ: %d; --correct changes only answers", src.Name, tables)
	}
}
