package cmd

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"raftsheet/check"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

func (a *app) fillCommand() *cobra.Command {
	var opt check.FillOptions
	var write bool
	c := &cobra.Command{
		Use:   "fill [flags] TRACE",
		Short: "Fill in a trace's blanks, keeping comments, order and layout",
		Long: `fill writes the trace with its blank answers and tables filled in. Every other
byte stays as it was typed. What it writes reads back as the same trace with the
blanks filled; where it would not, nothing is written. A second run changes
nothing.`,
		Example: `  raftsheet fill handout.yaml > key.yaml
  raftsheet fill --all -w notes.yaml`,
		Args: exactly("one TRACE", 1),
		RunE: func(_ *cobra.Command, args []string) error { return a.fill(args[0], opt, write) },
	}
	f := c.Flags()
	f.BoolVar(&opt.All, "all", false, "give every step that has none a response")
	f.BoolVar(&opt.Messages, "messages", false, "write out the message fields that are left out")
	f.BoolVar(&opt.Correct, "correct", false, "replace wrong answers, each with a comment of what stood there")
	f.BoolVarP(&write, "write", "w", false, "write the result back to TRACE")
	return c
}

func (a *app) fill(name string, opt check.FillOptions, write bool) error {
	if write && name == "-" {
		return errors.New("-w writes back to a file; standard input is none")
	}
	if err := a.checkRules(); err != nil {
		return err
	}
	if write {
		if err := replaceable(name); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	src, err := a.read(name)
	if err != nil {
		return a.fail(src, err)
	}
	filled, err := a.filled(src, opt)
	if err != nil {
		return a.fail(src, err)
	}
	if !write {
		_, err := a.stdout.Write(filled)
		return err
	}
	if bytes.Equal(filled, src.Bytes()) {
		return nil
	}
	return replaceFile(name, filled)
}

// filled gives the bytes of a file with its blanks filled in.
func (a *app) filled(src *trace.File, opt check.FillOptions) ([]byte, error) {
	runs := make([]*check.Run, len(src.Traces))
	for i, t := range src.Traces {
		run, err := check.ReplayWith(t, a.rules, 0)
		if err != nil {
			return nil, err
		}
		runs[i] = run
	}
	a.warnFill(src, runs, opt.Correct)
	ed, err := trace.NewEditor(src)
	if err != nil {
		return nil, err
	}
	if err := check.Fill(ed, runs, opt); err != nil {
		return nil, err
	}
	return ed.Bytes()
}

// warnFill says on standard error what is wrong in the file and stays so: messages
// that could not have been sent, after which the cluster is one that cannot be;
// and, where answers are corrected, wrong tables.
func (a *app) warnFill(src *trace.File, runs []*check.Run, correct bool) {
	messages, tables := 0, 0
	for _, run := range runs {
		r := check.Compare(run)
		messages += r.CountKind(check.Message)
		tables += r.CountKind(check.State)
	}
	if messages > 0 {
		fmt.Fprintf(a.stderr, "%s: messages that could not have been sent: %d; see raftsheet check\n", doc.Clean(src.Name), messages)
	}
	if correct && tables > 0 {
		fmt.Fprintf(a.stderr, "%s: fields of tables that differ: %d; --correct changes answers alone\n", doc.Clean(src.Name), tables)
	}
}

// replaceable refuses what -w could not write back as it was: what is no file,
// and a file that the user may not write.
func replaceable(name string) error {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return errors.New(systemText(err))
	case !info.Mode().IsRegular():
		return errors.New("-w writes back to a file, and this is none")
	}
	f, err := os.OpenFile(name, os.O_WRONLY, 0)
	if err != nil {
		return errors.New(systemText(err))
	}
	return f.Close()
}

// replaceFile puts new bytes in a file's place at once: they are written beside
// it and renamed, so that the file is whole at every moment. A symbolic link
// stays one, and the mode stays.
func replaceFile(name string, data []byte) (err error) {
	target, err := filepath.EvalSymlinks(name)
	if err != nil {
		return err
	}
	info, err := os.Stat(target)
	if err != nil {
		return err
	}
	tmp, err := os.CreateTemp(filepath.Dir(target), ".raftsheet-*")
	if err != nil {
		return fmt.Errorf("%s: nothing was written, for no file can be made beside it: %s", name, systemText(err))
	}
	defer func() {
		if err != nil {
			os.Remove(tmp.Name())
		}
	}()
	_, err = tmp.Write(data)
	err = errors.Join(err, tmp.Chmod(info.Mode().Perm()), tmp.Sync(), tmp.Close())
	if err != nil {
		return err
	}
	return os.Rename(tmp.Name(), target)
}
