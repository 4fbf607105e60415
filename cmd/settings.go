package cmd

import (
	"fmt"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/raft"
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
