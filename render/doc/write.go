package doc

import (
	"bufio"
	"io"
)

var writers = Writers[func(*bufio.Writer, *Document, Options) error]{
	{"text", writeText},
	{"markdown", writeMarkdown},
	{"html", writeHTML},
}

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
