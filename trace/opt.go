package trace

import "fmt"

// This file says where a value stands in a file, and whether it is there at all.

// A Pos is a place in a file: line and column from 1, the column in
// characters (code points), not bytes. The zero Pos is not a place.
type Pos struct{ Line, Column int32 }

// IsValid reports whether the Pos is a place.
func (p Pos) IsValid() bool { return p.Line > 0 }

func (p Pos) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }

// A Range is a stretch of a file, from its first character to the place behind
// its last one.
type Range struct{ Start, End Pos }

func (r Range) String() string { return r.Start.String() + " to " + r.End.String() }

// Presence says whether a value that need not be there is.
type Presence uint8

const (
	Absent Presence = iota // the key is not there
	Blank                  // the key is there, its value is left blank
	Given                  // the value is written
	Unread                 // something is written that cannot be read: neither a value nor a blank
)

// An Opt is a value that may be left out, or left blank.
type Opt[T any] struct {
	Value    T
	Pos      Pos // of the value, or of the place where a blank one belongs
	Presence Presence
}

// OptOf is a value that is written, at no place of a file.
func OptOf[T any](v T) Opt[T] { return Opt[T]{Value: v, Presence: Given} }

// Given reports whether the value is written.
func (o Opt[T]) Given() bool { return o.Presence == Given }

// written reports whether something is there, be it legible or not.
func (o Opt[T]) written() bool { return o.Presence >= Given }

// Or gives the value where it is written, and def where it is not.
func (o Opt[T]) Or(def T) T {
	if o.Given() {
		return o.Value
	}
	return def
}
