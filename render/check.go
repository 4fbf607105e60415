package render

import (
	"fmt"
	"io"

	"raftsheet/check"
)

// Options are how text is shown.
type Options struct {
	Color bool // whether to colour; decided for the stream that is written to
	Notes bool // list notes too, not errors alone
	Quiet bool // no summaries
}

// CheckFormats are the formats of Check, the default first.
var checkFormats = []struct {
	name  string
	write func(io.Writer, []*check.File, Options) error
}{
	{"text", checkText},
	{"json", checkJSON},
	{"markdown", checkMarkdown},
	{"junit", checkJUnit},
	{"tap", checkTAP},
	{"github", checkGitHub},
	{"sarif", checkSARIF},
}

// CheckFormats gives the names of the formats of Check, the default first.
func CheckFormats() []string {
	names := make([]string, len(checkFormats))
	for i, f := range checkFormats {
		names[i] = f.name
	}
	return names
}

// Check writes what checking the files came to, in the format of that name.
func Check(w io.Writer, format string, files []*check.File, opt Options) error {
	for _, f := range checkFormats {
		if f.name == format {
			return f.write(w, files, opt)
		}
	}
	return fmt.Errorf("there is no format %q for check; the formats are %s", format, list(CheckFormats()))
}
