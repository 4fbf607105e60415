package source

import (
	"iter"

	"gopkg.in/yaml.v3"
)

// Keep has the source keep its documents once all of them are decoded, for who reads
// a file to change it. They take several times the file's bytes.
func (s *Source) Keep() { s.keep = true }

// Kept is Documents of a source that keeps them, and has them decoded once. Of one
// that does not it is Passing.
func (s *Source) Kept(depth int) iter.Seq2[*yaml.Node, *Error] {
	if !s.keep {
		return s.Passing(depth)
	}
	return func(yield func(*yaml.Node, *Error) bool) {
		if s.kept != nil {
			for _, doc := range s.kept {
				if !yield(doc, nil) {
					return
				}
			}
			return
		}
		var docs []*yaml.Node
		for doc, bad := range s.Documents(depth) {
			if !yield(doc, bad) || bad != nil {
				return
			}
			docs = append(docs, doc)
		}
		s.kept = docs
	}
}
