package source

import (
	"bytes"
	"strconv"

	"gopkg.in/yaml.v3"

	"raftsheet/trace/internal/plain"
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
	if s.IsJSON() || s.plain(new(plain.Reader)) != nil {
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
	for doc, err := range s.decode(new(plain.Reader)) {
		if err != nil {
			return docs, false
		}
		docs = append(docs, doc)
	}
	return docs, true
}

// Differ gives the first and the last line on which two texts of YAML have values
// in other places or other values, from 1; 0 and 0 where they are alike. Comments,
// quotes and layout count for nothing. Where one is not YAML, all lines differ.
func Differ(a, b []byte) (first, last int) {
	da, oka := New(a).all()
	db, okb := New(b).all()
	if !oka || !okb {
		return 1, max(bytes.Count(a, []byte("\n")), bytes.Count(b, []byte("\n"))) + 1
	}
	was, now := make(map[string]*yaml.Node), make(map[string]*yaml.Node)
	place(was, "", &yaml.Node{Content: da})
	place(now, "", &yaml.Node{Content: db})
	mark := func(n *yaml.Node) {
		if first == 0 || n.Line < first {
			first = n.Line
		}
		last = max(last, n.Line)
	}
	for path, n := range was {
		if other := now[path]; other == nil || !alike(n, other) {
			mark(n)
		}
	}
	for path, n := range now {
		if other := was[path]; other == nil || !alike(n, other) {
			mark(n)
		}
	}
	return first, last
}

// place notes each node below one by its path: keys, and places in lists. A key
// that comes twice is told from the first.
func place(out map[string]*yaml.Node, path string, n *yaml.Node) {
	for i, c := range n.Content {
		at := path + "/" + strconv.Itoa(i)
		if n.Kind == yaml.MappingNode {
			if i%2 == 0 {
				continue
			}
			for at = path + "/:" + n.Content[i-1].Value; out[at] != nil; {
				at += "'"
			}
		}
		out[at] = c
		place(out, at, c)
	}
}

// alike compares two nodes without what is below them. An alias is compared by its
// name: following it could go on for long.
func alike(a, b *yaml.Node) bool {
	return a.Kind == b.Kind && a.Tag == b.Tag && a.Value == b.Value && a.Anchor == b.Anchor
}
