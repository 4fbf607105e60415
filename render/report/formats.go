package report

import (
	"io"

	"raftsheet/check"
	"raftsheet/render/doc"
)

var checkWriters = doc.Writers[func(io.Writer) Checking]{
	{Format: "json", Write: newCheckJSON},
	{Format: "junit", Write: newCheckJUnit},
	{Format: "tap", Write: newCheckTAP},
	{Format: "github", Write: newCheckGitHub},
	{Format: "sarif", Write: newCheckSARIF},
}

// CheckFormats gives the names of the formats of a report of check.
func CheckFormats() []string { return checkWriters.Formats() }

// NewCheck begins a report of what checking files came to, in the format of that
// name.
func NewCheck(w io.Writer, format string) (Checking, error) {
	begin, err := checkWriters.Of(format)
	if err != nil {
		return nil, err
	}
	return begin(w), nil
}

// Check writes what checking the files came to, in the format of that name.
func Check(w io.Writer, format string, files []*check.File, opt CheckOptions) error {
	r, err := NewCheck(w, format)
	if err != nil {
		return err
	}
	for _, f := range files {
		if err := r.Add(f, opt); err != nil {
			return err
		}
	}
	return r.Close(opt)
}
