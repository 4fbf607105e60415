package doc

import (
	"bytes"
	"io"
)

// A JSONStream writes an object of JSON member by member, and a list in it item by
// item, as [WriteJSON] would write all of it at once. After an error it writes
// nothing more, and gives the error again.
type JSONStream struct {
	w       io.Writer
	err     error
	members int
	list    bool // the last member is a list that may go on
	items   int  // of it
}

// NewJSONStream begins an object. Nothing is written before its first member.
func NewJSONStream(w io.Writer) *JSONStream { return &JSONStream{w: w} }

// Member writes a member.
func (s *JSONStream) Member(name string, v any) error {
	s.begin(name)
	s.value(v, "  ")
	return s.err
}

// List begins a member that is a list, to which Item adds.
func (s *JSONStream) List(name string) error {
	s.begin(name)
	s.list, s.items = true, 0
	s.write("[")
	return s.err
}

// Item adds to the list that List has begun.
func (s *JSONStream) Item(v any) error {
	if s.items++; s.items > 1 {
		s.write(",")
	}
	s.write("\n    ")
	s.value(v, "    ")
	return s.err
}

// Close ends the object.
func (s *JSONStream) Close() error {
	s.endList()
	if s.members == 0 {
		s.write("{")
	} else {
		s.write("\n")
	}
	s.write("}\n")
	return s.err
}

// begin begins a member.
func (s *JSONStream) begin(name string) {
	s.endList()
	if s.members++; s.members == 1 {
		s.write("{\n  ")
	} else {
		s.write(",\n  ")
	}
	s.write(JSONString(name) + ": ")
}

func (s *JSONStream) endList() {
	if s.list && s.items > 0 {
		s.write("\n  ")
	}
	if s.list {
		s.write("]")
	}
	s.list = false
}

func (s *JSONStream) value(v any, indent string) {
	text, err := encodeJSON(v, indent)
	if s.err == nil {
		s.err = err
	}
	s.write(string(bytes.TrimSuffix(text, []byte("\n"))))
}

func (s *JSONStream) write(text string) {
	if s.err == nil {
		_, s.err = io.WriteString(s.w, text)
	}
}
