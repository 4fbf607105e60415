package cmd

import (
	"fmt"
	"strconv"

	"raftsheet/trace"
)

// This file finds the steps and nodes that arguments and flags name.

// findStep finds a step by its id, or else by its number.
func findStep(t *trace.Trace, name string) *trace.Step {
	if s := t.StepByID(name); s != nil {
		return s
	}
	if n, err := strconv.Atoi(name); err == nil && n >= 1 && n <= len(t.Steps) && strconv.Itoa(n) == name {
		return &t.Steps[n-1]
	}
	return nil
}

// pickStep finds a step in a document, or in the first that has it.
func pickStep(src *trace.File, name string, document int) (*trace.Trace, *trace.Step, error) {
	for _, t := range src.Traces {
		if document != 0 && t.Document != document {
			continue
		}
		if s := findStep(t, name); s != nil {
			return t, s, nil
		}
		if document != 0 || len(src.Traces) == 1 {
			return nil, nil, noStep(t, name)
		}
	}
	if document != 0 {
		return nil, nil, fmt.Errorf("%s has no document %d with a trace", src.Name, document)
	}
	return nil, nil, fmt.Errorf("%s has no step %q in any of its documents", src.Name, name)
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
