package source

import (
	"iter"
	"sync"

	"gopkg.in/yaml.v3"

	"raftsheet/trace/internal/plain"
)

// Keep has the source keep the documents of [Source.Passing], for a caller that reads
// the file to change it.
func (s *Source) Keep() { s.keep = true }

// Kept is Documents, without decoding what has been kept.
func (s *Source) Kept(depth int) iter.Seq2[*yaml.Node, *Error] {
	if s.kept == nil {
		return s.Documents(depth)
	}
	return func(yield func(*yaml.Node, *Error) bool) {
		for _, doc := range s.kept {
			if !yield(doc, nil) {
				return
			}
		}
	}
}

// Passing is Documents for a caller that holds no node past the loop: unless the
// source keeps them, the next file has their memory. The nodes of a file take twenty
// times its bytes, and there may be thousands of small files.
func (s *Source) Passing(depth int) iter.Seq2[*yaml.Node, *Error] {
	const small = 64 << 10 // bytes
	switch {
	case s.keep:
		return s.keeping(depth)
	case len(s.data) > small:
		return s.Documents(depth)
	}
	return func(yield func(*yaml.Node, *Error) bool) {
		r, _ := readers.Get().(*plain.Reader)
		s.documents(r, depth)(yield)
		readers.Put(r)
	}
}

var readers = sync.Pool{New: func() any { return new(plain.Reader) }}

// keeping is Documents, which are kept once all of them are decoded.
func (s *Source) keeping(depth int) iter.Seq2[*yaml.Node, *Error] {
	return func(yield func(*yaml.Node, *Error) bool) {
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
