package report

import (
	"fmt"
	"io"
	"strings"

	"raftsheet/check"
)

var checkFormats = []struct {
	name  string
	write func(io.Writer, []*check.File, CheckOptions) error
}{
	{"json", checkJSON},
	{"junit", checkJUnit},
	{"tap", checkTAP},
	{"github", checkGitHub},
	{"sarif", checkSARIF},
}

// CheckFormats gives the names of the formats of Check.
func CheckFormats() []string {
	var names []string
	for _, f := range checkFormats {
		names = append(names, f.name)
	}
	return names
}

// Check writes what checking the files came to, in the format of that name.
func Check(w io.Writer, format string, files []*check.File, opt CheckOptions) error {
	for _, f := range checkFormats {
		if f.name == format {
			return f.write(w, files, opt)
		}
	}
	return fmt.Errorf("there is no report %q; the reports are %s", format, strings.Join(CheckFormats(), ", "))
}
