package render

import (
	"fmt"
	"slices"

	"raftsheet/render/doc"
	"raftsheet/trace/mend"
)

// Mend tells a change, and what to look at where it could have moved a value.
func Mend(c mend.Change) string {
	switch {
	case !c.Moves:
		return c.What
	case c.Lines[0] == c.Lines[1]:
		return c.What + " (look at this line: the value could belong elsewhere)"
	}
	return fmt.Sprintf("%s (look at lines %d to %d: a value could belong elsewhere)", c.What, c.Lines[0], c.Lines[1])
}

// Lost tells which lines no change helps.
func Lost(l mend.Lost) string {
	if l.First == l.Last {
		return fmt.Sprintf("line %d cannot be read: %s", l.First, l.Why)
	}
	return fmt.Sprintf("lines %d to %d cannot be read: %s", l.First, l.Last, l.Why)
}

// Suggestions ask whether the writer of a file that cannot be read meant these
// changes: a line each, and one for those that are too many to list. What the reader's
// message says is not said twice.
func Suggestions(changes []mend.Change) []string {
	const most = 10
	changes = slices.DeleteFunc(slices.Clone(changes), func(c mend.Change) bool { return c.Said })
	var lines []string
	for i, c := range changes {
		if i == most {
			return append(lines, fmt.Sprintf("and %d more", len(changes)-most))
		}
		lines = append(lines, "did you mean? "+Mend(c))
	}
	return lines
}

// Mends are the suggestions for a file.
func Mends(name string, changes []mend.Change) []doc.Block {
	var lines []doc.Inline
	for _, text := range Suggestions(changes) {
		lines = append(lines, doc.Marked(doc.Foreign, name+": "+text))
	}
	if lines == nil {
		return nil
	}
	return []doc.Block{doc.P(lines...)}
}
