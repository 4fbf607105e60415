package cmd

import (
	"fmt"
	"io"
	"os"

	"golang.org/x/term"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/trace"
)

// This file turns the common flags into what the other packages take.

// settings are how this run checks files.
func (a *app) settings(mode finding.Mode) check.Settings {
	return check.Settings{Mode: mode, Limits: a.limits(), Rules: a.rules}
}

func (a *app) limits() trace.Limits {
	lim := trace.DefaultLimits()
	lim.Bytes = a.maxBytes
	return lim
}

// colorWords are what --color takes.
var colorWords = []string{"auto", "always", "never"}

// options are how this run shows text on a stream. It is an error if --color
// takes no such word.
func (a *app) options(w io.Writer) (render.Options, error) {
	opt := render.Options{Quiet: a.quiet}
	switch a.color {
	case "always":
		opt.Color = true
	case "never":
	case "auto":
		opt.Color = isTerminal(w) && os.Getenv("NO_COLOR") == "" && os.Getenv("TERM") != "dumb"
	default:
		return opt, fmt.Errorf("--color takes auto, always or never, not %q", a.color)
	}
	return opt, nil
}

// isTerminal reports whether somebody sits at the other end of a stream.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// checkRules refuses unknown rules, and a limit that no file can keep, before a
// file is read.
func (a *app) checkRules() error {
	if a.maxBytes < 1 {
		return fmt.Errorf("--max-bytes %d: it takes 1 or more", a.maxBytes)
	}
	for _, name := range a.rules {
		if _, err := raft.RulesNamed(name); err != nil {
			return fmt.Errorf("%w%s", err, trace.MeantRules(name))
		}
	}
	return nil
}
