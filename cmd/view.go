package cmd

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"raftsheet/render/doc"
)

// This file has how documents come to a stream: their format, colour and width.

// viewFormats are the formats of a view, the default first; more are those that
// it has beside a document's.
func viewFormats(more ...string) []string { return slices.Concat(doc.Formats(), more) }

// sheetFormats are those of a worksheet, whose text is called a table.
func sheetFormats(more ...string) []string {
	return slices.Concat([]string{"table", "markdown", "latex", "pdf"}, more)
}

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

// print writes a document to standard output.
func (a *app) print(format string, d *doc.Document) error { return a.printTo(a.stdout, format, d) }

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

func (a *app) printTo(w io.Writer, format string, d *doc.Document) error {
	if format == "table" {
		format = "text"
	}
	return doc.Write(w, format, d, a.textOptions(w))
}

// colorWords are what --color takes.
var colorWords = []string{"auto", "always", "never"}

// textOptions are how this run shows text on a stream.
func (a *app) textOptions(w io.Writer) doc.Options {
	opt := a.pageOptions()
	opt.Width, opt.Color = width(w), a.color == "always"
	if a.color == "auto" {
		opt.Color = isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	}
	return opt
}

// pageOptions are how this run writes to files.
func (a *app) pageOptions() doc.Options {
	return doc.Options{Paper: a.paper, Tell: func(what string) { a.tell("raftsheet: note: %s", what) }}
}

// isTerminal reports whether somebody sits at the other end of a stream.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// width is how many columns the text on a stream has: those of the terminal, of
// COLUMNS, or 80.
func width(w io.Writer) int {
	if f, is := w.(*os.File); is {
		if columns, _, err := term.GetSize(int(f.Fd())); err == nil && columns > 0 {
			return columns
		}
	}
	if columns, err := strconv.Atoi(os.Getenv("COLUMNS")); err == nil && columns > 0 {
		return columns
	}
	return 80
}
