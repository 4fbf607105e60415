package cmd

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"raftsheet/check/grade"
	"raftsheet/check/replay"
	"raftsheet/render"
	"raftsheet/render/doc"
)

// This file has what concerns documents on paper.

// paperFlag adds the flag for the paper that a command's pages are for.
func (a *app) paperFlag(c *cobra.Command) {
	c.Flags().StringVar(&a.paper, "paper", "", "with latex and pdf, the `paper`: "+formats(doc.Papers())+" (default "+doc.Papers()[0]+")")
	completeWords(c, "paper", doc.Papers())
}

// knownFormat refuses a format that is not one of these, paper for what is not
// printed, and a PDF on a terminal.
func (a *app) knownFormat(format string, words []string) error {
	if err := known("format", format, words); err != nil {
		return err
	}
	if err := a.knownPaper(format); err != nil {
		return err
	}
	if format == "pdf" && isTerminal(a.stdout) {
		return errors.New("a PDF cannot be shown on a terminal; write it to a file: > form.pdf")
	}
	return nil
}

// knownPaper refuses a paper that is not one, or that a format has no use for.
func (a *app) knownPaper(format string) error {
	switch {
	case a.paper == "":
		return nil
	case !doc.OnPaper(format):
		return fmt.Errorf("--paper goes with latex and pdf, not with %s", format)
	}
	return known("paper", a.paper, doc.Papers())
}

// printAll writes documents, where they are pages as one.
func (a *app) printAll(format string, ds []*doc.Document) error {
	if doc.OnPages(format) {
		return a.print(format, doc.Join(ds))
	}
	for i, d := range ds {
		if i > 0 && format == "table" {
			fmt.Fprintln(a.stdout)
		}
		if err := a.print(format, d); err != nil {
			return err
		}
	}
	return nil
}

// pageOptions are how this run writes to files.
func (a *app) pageOptions() doc.Options {
	return doc.Options{Paper: a.paper, Tell: func(what string) { a.tell("raftsheet: note: %s", what) }}
}

// sheet is the worksheet of a replay, filled in. On paper that of a trace which asks
// for something has the very cells of its questions, so that it can be laid over them.
func (a *app) sheet(run *replay.Run, opt render.ShowOptions, format string) *doc.Document {
	whole := opt.Node == 0 && opt.Step == 0 && !opt.Blank && a.rules == nil
	if whole && doc.OnPaper(format) {
		if key, err := grade.NewKey(run.Trace); err == nil {
			return render.Answers(key, opt.Rows)
		}
	}
	return render.Show(run, opt)
}
