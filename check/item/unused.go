package item

import (
	"slices"

	"raftsheet/trace"
)

// This file tells the boxes of a form that were not used from what cannot be read.

// Unused reports whether a step is a box of a form in which nothing is written.
func Unused(t *trace.Trace, s *trace.Step) bool {
	return s.Unread && s.EventBlank && !Filled(t, s)
}

// Filled reports whether something is written in the answers or tables of a step.
func Filled(t *trace.Trace, s *trace.Step) bool {
	return slices.ContainsFunc(OfStep(t, s), func(it Item) bool { return !it.Blank() })
}

// Errors gives what of a sheet cannot be read, boxes that were not used left out.
func Errors(t *trace.Trace) trace.Errors {
	return slices.DeleteFunc(slices.Clone(t.Errors), func(e *trace.Error) bool {
		return e.Step > 0 && e.Step <= len(t.Steps) && Unused(t, &t.Steps[e.Step-1])
	})
}
