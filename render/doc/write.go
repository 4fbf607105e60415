package doc

import (
	"bufio"
	"io"
)

var writers = Writers[func(*bufio.Writer, *Document, Options) error]{
	{"text", writeText},
	{"markdown", writeMarkdown},
	{"html", writeHTML},
	{"latex", writeLaTeX},
	{"pdf", writePDF},
}

// OnPages reports whether a format is one whole, a page or pages: two documents
// in it are not one after the other, but are joined.
func OnPages(format string) bool { return format == "html" || OnPaper(format) }

// OnPaper reports whether a format is for paper.
func OnPaper(format string) bool { return format == "latex" || format == "pdf" }

// Formats gives the names of the formats of a document, the default first.
func Formats() []string { return writers.Formats() }

// Write writes a document in the format of that name.
func Write(w io.Writer, format string, d *Document, opt Options) error {
	write, err := writers.Of(format)
	if err != nil {
		return err
	}
	out := bufio.NewWriter(w)
	if err := write(out, d, opt); err != nil {
		return err
	}
	return out.Flush()
}
