package cmd

import (
	"fmt"

	"raftsheet/trace"
)

// This file finds the steps and nodes that arguments and flags name.

// findStep finds a step by its id, or else by its number.
func findStep(t *trace.Trace, name string) *trace.Step {
	if s := t.StepByID(name); s != nil {
		return s
	}
	for i := range t.Steps {
		if fmt.Sprint(t.Steps[i].Number) == name {
			return &t.Steps[i]
		}
	}
	return nil
}

func noStep(t *trace.Trace, name string) error {
	ids := make([]string, len(t.Steps))
	for i := range t.Steps {
		ids[i] = t.Steps[i].ID
	}
	if best := trace.Nearest(name, ids); best != "" {
		return fmt.Errorf("%s has no step %q; did you mean %q?", t.File, name, best)
	}
	if len(ids) <= 20 {
		return fmt.Errorf("%s has no step %q; its steps are %s", t.File, name, formats(ids))
	}
	return fmt.Errorf("%s has no step %q; it has %d steps", t.File, name, len(ids))
}

func noNode(t *trace.Trace, name string) error {
	if best := trace.Nearest(name, t.Names); best != "" {
		return fmt.Errorf("%s has no node %q; did you mean %q?", t.File, name, best)
	}
	return fmt.Errorf("%s has no node %q; its nodes are %s", t.File, name, formats(t.Names))
}
