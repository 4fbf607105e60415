package doc

import (
	"bytes"
	"io"
)

// A JSONStream writes an object of JSON member by member, and a list in it item by
// item, as [WriteJSON] would write all of it at once: what is written is let go. After
// an error it writes nothing more, and gives the error again.
type JSONStream struct {
	w       io.Writer
	err     error
	next    bytes.Buffer // what is to be written
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
	return s.flush()
}

// Members writes the members of a struct or a map.
func (s *JSONStream) Members(object any) error {
	text, err := EncodeJSON(object)
	if err != nil {
		s.err = err
		return err
	}
	if text = bytes.TrimSuffix(bytes.TrimPrefix(text, []byte("{\n  ")), []byte("\n}\n")); string(text) != "{}\n" {
		s.separate()
		s.next.Write(text)
	}
	return s.flush()
}

// List begins a member that is a list, to which Item adds.
func (s *JSONStream) List(name string) error {
	s.begin(name)
	s.list, s.items = true, 0
	s.next.WriteByte('[')
	return s.flush()
}

// Item adds to the list that List has begun.
func (s *JSONStream) Item(v any) error {
	if s.items++; s.items > 1 {
		s.next.WriteByte(',')
	}
	s.next.WriteString("\n    ")
	s.value(v, "    ")
	return s.flush()
}

// Close ends the object.
func (s *JSONStream) Close() error {
	s.endList()
	if s.members == 0 {
		s.next.WriteByte('{')
	} else {
		s.next.WriteByte('\n')
	}
	s.next.WriteString("}\n")
	return s.flush()
}

// begin begins a member.
func (s *JSONStream) begin(name string) {
	s.separate()
	s.next.WriteString(JSONString(name) + ": ")
}

// separate parts a member from what is before it.
func (s *JSONStream) separate() {
	s.endList()
	if s.members++; s.members == 1 {
		s.next.WriteString("{\n  ")
	} else {
		s.next.WriteString(",\n  ")
	}
}

func (s *JSONStream) endList() {
	if s.list && s.items > 0 {
		s.next.WriteString("\n  ")
	}
	if s.list {
		s.next.WriteByte(']')
	}
	s.list = false
}

func (s *JSONStream) value(v any, within string) {
	text, err := encodeJSON(v, within)
	if s.err == nil {
		s.err = err
	}
	s.next.Write(bytes.TrimSuffix(text, []byte("\n")))
}

// flush writes what is to be written, all of it in one piece.
func (s *JSONStream) flush() error {
	if s.err == nil {
		_, s.err = s.w.Write(s.next.Bytes())
	}
	s.next.Reset()
	return s.err
}
