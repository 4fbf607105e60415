package report

import (
	"io"

	"raftsheet/check"
	"raftsheet/render/doc"
)

var checkWriters = doc.Writers[func(io.Writer, []*check.File, CheckOptions) error]{
	{Format: "json", Write: checkJSON},
	{Format: "junit", Write: checkJUnit},
	{Format: "tap", Write: checkTAP},
	{Format: "github", Write: checkGitHub},
	{Format: "sarif", Write: checkSARIF},
}

// CheckFormats gives the names of the formats of Check.
func CheckFormats() []string { return checkWriters.Formats() }

// Check writes what checking the files came to, in the format of that name.
func Check(w io.Writer, format string, files []*check.File, opt CheckOptions) error {
	write, err := checkWriters.Of(format)
	if err != nil {
		return err
	}
	return write(w, files, opt)
}
