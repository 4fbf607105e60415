package source

import (
	"bytes"
	"errors"
	"io"
	"slices"

	"gopkg.in/yaml.v3"
)

// A Trouble is where text stops being YAML.
type Trouble struct {
	At      int // the offset that the message for a person names
	Reached int // the offset up to which the library had read
	Here    int32
	Msg     string
}

// Trouble finds where text stops being YAML; nil where all of it is. The levels
// of nesting are those of [Source.Documents].
func (s *Source) Trouble(depth int) *Trouble {
	if bad := s.Check(); bad != nil {
		at := s.Offset(bad.Pos)
		return &Trouble{at, at, bad.Pos.Line, bad.Msg}
	}
	if s.IsJSON() {
		return nil
	}
	reached, err := readTo(s.data)
	if err == nil {
		return nil
	}
	bad := s.syntaxError(err, depth)
	end := max(0, min(reached, len(bytes.TrimRight(s.data, " \r\n"))))
	return &Trouble{s.Offset(bad.Pos), reached, s.Pos(end).Line, bad.Msg}
}

// IsYAML reports whether every document can be read.
func (s *Source) IsYAML() bool {
	_, ok := s.all()
	return ok
}

// all gives every document, and whether they are all that there is.
func (s *Source) all() (docs []*yaml.Node, ok bool) {
	dec := yaml.NewDecoder(bytes.NewReader(s.data))
	for {
		doc := new(yaml.Node)
		switch err := Decode(dec, doc); {
		case errors.Is(err, io.EOF):
			return docs, true
		case err != nil:
			return docs, false
		}
		docs = append(docs, doc)
	}
}

// Alike reports whether two texts are YAML and hold the same values in the same
// places. Comments, quotes and layout count for nothing.
func Alike(a, b []byte) bool {
	da, oka := New(a).all()
	db, okb := New(b).all()
	return oka && okb && slices.EqualFunc(da, db, alike)
}

func alike(a, b *yaml.Node) bool {
	if a.Kind == yaml.AliasNode || b.Kind == yaml.AliasNode {
		return a.Kind == b.Kind && a.Value == b.Value // following it could go on for long
	}
	return a.Kind == b.Kind && a.Tag == b.Tag && a.Value == b.Value && a.Anchor == b.Anchor &&
		slices.EqualFunc(a.Content, b.Content, alike)
}
