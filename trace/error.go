package trace

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// An Error is something in a file that keeps a trace from being read or
// replayed: where, what was found, and what would be right.
type Error struct {
	File     string
	Document int // from 1; 0 where the file as a whole is meant
	Pos      Pos
	Step     int // the step that it costs something of, from 1; 0 outside of steps
	Msg      string
	Meant    string // of an unknown key: the one that can only be meant; empty where nobody can say
}

// Error gives file:line:column: message. A file that could not be opened has
// no line.
func (e *Error) Error() string {
	if !e.Pos.IsValid() {
		return fmt.Sprintf("%s: %s", e.File, e.Msg)
	}
	return fmt.Sprintf("%s:%s: %s", e.File, e.Pos, e.Msg)
}

// Errors is all that is wrong with a file, in its order.
type Errors []*Error

func (es Errors) Error() string {
	lines := make([]string, len(es))
	for i, e := range es {
		lines[i] = e.Error()
	}
	return strings.Join(lines, "\n")
}

// maxErrors bounds what is reported of one file: a file that is wrong
// throughout is wrong in one way.
const maxErrors = 100

// first orders the errors by place, and gives as many as are reported. Errors
// of one place keep their order.
func (es Errors) first() Errors {
	slices.SortStableFunc(es, func(a, b *Error) int {
		return cmp.Or(cmp.Compare(a.Pos.Line, b.Pos.Line), cmp.Compare(a.Pos.Column, b.Pos.Column))
	})
	if len(es) <= maxErrors {
		return es
	}
	last := *es[maxErrors]
	last.Msg = fmt.Sprintf("more errors follow; these are %d of them", maxErrors)
	return append(es[:maxErrors:maxErrors], &last)
}
