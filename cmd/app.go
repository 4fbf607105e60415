package cmd

import (
	"fmt"
	"io"

	"raftsheet/render/doc"
)

// The exit codes. With several files, the worst one wins; help exit-codes says
// what they mean for each command.
const (
	exitAgrees   = 0 // everything agrees
	exitDiverges = 1 // something diverges
	exitError    = 2 // it could not be done, or not all of it
)

// app is one run of the program: its streams, its flags and its exit code.
type app struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	code           int

	color    string
	paper    string // of documents in LaTeX and PDF; empty for the usual
	rules    []string
	quiet    bool
	maxBytes int64
	found    map[string]bool // files that were found in a folder, and may be no traces
}

// A reportedError ends a command whose error has been shown.
type reportedError struct{ code int }

func (e reportedError) Error() string { return fmt.Sprintf("exit code %d", e.code) }

// worse raises the exit code.
func (a *app) worse(code int) { a.code = max(a.code, code) }

// tell says something on standard error, in one line that is safe for a terminal
// and for a log.
func (a *app) tell(format string, args ...any) {
	fmt.Fprintln(a.stderr, doc.Line(fmt.Sprintf(format, args...)))
}
