package cmd

import (
	"io"
	"os"
	"slices"
	"strconv"

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

// print writes a document to standard output.
func (a *app) print(format string, d *doc.Document) error { return a.printTo(a.stdout, format, d) }

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
