package intake

import (
	"bytes"
	"io"
)

// This file finds students by what is written in a file that an instructor has made,
// such as the sheets that were typed in from paper.

// Find gives the student whom all of a text fits: a number, a login, an e-mail
// address or a name. ok is false if it fits no row or several.
func (r *Roster) Find(text string) (s Student, ok bool) {
	rows := r.exact(text)
	if len(rows) != 1 {
		return Student{}, false
	}
	return r.Students[rows[0]], true
}

// Handle gives a text by which Find finds a student of the roster: the login, if that
// is the student's alone, or else another column. It is empty if every column is
// another's too.
func (r *Roster) Handle(s Student) string {
	for _, text := range []string{s.Login, s.SIS, s.ID, s.Email, s.Name} {
		if found, ok := r.Find(text); text != "" && ok && found.Row == s.Row {
			return text
		}
	}
	return ""
}

// Typed gives the input of a sheet that was typed in: a part of a file, which begins
// on a line of it. Its bytes must not be changed.
func Typed(name, file string, line int, of Student, text []byte) Input {
	in := Input{Name: name, Student: of, In: file, Line: line}
	if len(text) > maxBytes {
		in.Refused = tooLarge
		return in
	}
	in.Open = func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(text)), nil }
	return in
}
