package quiz

import (
	"io"
	"slices"

	"raftsheet/render/doc"
)

// A writer writes questions in one format. It tells what the format leaves out.
type writer func(w io.Writer, all []*Quiz, tell func(string)) error

var writers = doc.Writers[writer]{
	{Format: "gift", Write: writeGIFT},
	{Format: "moodle-xml", Write: writeMoodle},
	{Format: "qti", Write: writeQTI},
}

// Formats gives the names of the formats.
func Formats() []string { return writers.Formats() }

// IsBinary reports whether a format is not text.
func IsBinary(format string) bool { return format == "qti" }

// Write writes questions in the format of that name: those of each key in a category or
// a quiz of its own. It tells of what the format cannot hold.
func Write(w io.Writer, format string, all []*Quiz, tell func(string)) error {
	write, err := writers.Of(format)
	if err != nil {
		return err
	}
	if slices.ContainsFunc(all, func(z *Quiz) bool { return z.Whole }) {
		tell("the key has steps that score as a whole or not at all; an LMS counts each of their cells")
	}
	return write(w, all, tell)
}
