// Package review knows the list of what waits for an instructor: grade writes it
// as YAML, an instructor fills it in, and grade reads it again.
//
// It knows how the list is written and what may be written where. What a decision
// makes of a mark is for its importers.
package review

import "raftsheet/trace"

// A List is the decisions of one file.
type List struct {
	File      string // as messages name it
	Key       string // the digest of the key, sha256:...; empty if the list does not say
	Decisions []Decision
}

// A Decision is about one cell or several, or about whole sheets, and holds for
// every sheet that it lists.
type Decision struct {
	Pos    trace.Pos
	Cells  []Cell // none for whole sheets
	Why    string // it waits
	Worth  string // in points: the most that can be given
	Key    string // the digest of the key that asks for the cells, where there are several
	Sheets []Sheet
	Unread bool // something is written that nobody could read: what was meant may be given
	Astray bool // nobody can say by which variant's key the sheet is marked: a variant may be given

	Give    Entry // right, wrong or a number of points
	Read    Entry // what the student meant, as it would be typed on the sheet
	Variant Entry // of a whole sheet: by whose key it is marked
	Note    Entry // for the student
}

// Decided reports whether an instructor has decided.
func (d *Decision) Decided() bool {
	return d.Give.Text != "" || d.Read.Text != "" || d.Variant.Text != ""
}

// A Cell is one that waits, by the names of the key.
type Cell struct {
	Step, Node, Field string
	Written           string // as the sheets have it; empty for nothing
	Right             string // the key's answer
}

// A Sheet is a file that was handed in.
type Sheet struct {
	Pos         trace.Pos
	File        string
	Student, ID string
	Digest      string // of its bytes; empty for one that was not opened
}

// An Entry is what an instructor filled in; without a text, nothing.
type Entry struct {
	Text string
	Pos  trace.Pos
}

// Filled counts the decisions in which an instructor has written something, be it a
// note alone.
func (l *List) Filled() int {
	n := 0
	for i := range l.Decisions {
		if d := &l.Decisions[i]; d.Decided() || d.Note.Text != "" {
			n++
		}
	}
	return n
}
