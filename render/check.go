package render

import (
	"io"

	"raftsheet/check"
	"raftsheet/check/grade"
)

// Options are how text is shown.
type Options struct {
	Color bool // whether to colour; decided for the stream that is written to
	Notes bool // list notes too, not errors alone
	Quiet bool // no summaries

	// Diagnoses says what explains the wrong answers of a report's trace; it has
	// none where none was asked for. Text, markdown and json show them.
	Diagnoses map[*check.Report]*grade.Diagnosis
}

var checkFormats = formats[func(io.Writer, []*check.File, Options) error]{
	{"text", checkText},
	{"json", checkJSON},
	{"markdown", checkMarkdown},
	{"junit", checkJUnit},
	{"tap", checkTAP},
	{"github", checkGitHub},
	{"sarif", checkSARIF},
}

// CheckFormats gives the names of the formats of Check, the default first.
func CheckFormats() []string { return checkFormats.names() }

// Check writes what checking the files came to, in the format of that name.
func Check(w io.Writer, format string, files []*check.File, opt Options) error {
	write, err := checkFormats.pick("check", format)
	if err != nil {
		return err
	}
	return write(w, files, opt)
}
