package doc

import "slices"

// A Mark says how a piece of text stands out.
type Mark uint8

// The marks.
const (
	Plain   Mark = iota
	Strong       // is read first
	Faint        // can be skipped
	Right        // agrees
	Wrong        // diverges
	Noted        // is neither
	Literal      // stands as it is typed in a file
	Foreign      // is a name from outside, whatever way its script runs
)

// A Span is a piece of text with one mark.
type Span struct {
	Text string
	Mark Mark
}

// Inline is text within a line.
type Inline []Span

// Text is plain text; none for an empty string.
func Text(s string) Inline { return Marked(Plain, s) }

// Marked is text with a mark.
func Marked(m Mark, s string) Inline {
	if s == "" {
		return nil
	}
	return Inline{{s, m}}
}

// Add gives the text with more after it.
func (in Inline) Add(m Mark, s string) Inline { return in.Join(Marked(m, s)) }

// Join gives the text with more after it.
func (in Inline) Join(more Inline) Inline {
	return append(in[:len(in):len(in)], more...)
}

// String is the text without its marks.
func (in Inline) String() string {
	s := ""
	for _, span := range in {
		s += span.Text
	}
	return s
}

// under gives the text with a mark where it has none.
func (in Inline) under(m Mark) Inline { return in.mapped(m, Plain, Foreign) }

// without gives the text with a mark taken off.
func (in Inline) without(m Mark) Inline { return in.mapped(Plain, m) }

// mapped gives the text with one mark in the place of others.
func (in Inline) mapped(to Mark, from ...Mark) Inline {
	out := slices.Clone(in)
	for i := range out {
		if slices.Contains(from, out[i].Mark) {
			out[i].Mark = to
		}
	}
	return out
}
