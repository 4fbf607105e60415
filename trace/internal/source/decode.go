// Package source knows the text of a YAML file: its bytes, its lines, where each
// YAML node begins and ends, and, of text that is not YAML, where it goes wrong
// and what its writer meant.
//
// It is the only package that decodes YAML, most of it with the package plain. It
// knows nothing of traces; what a key means is for its importers, trace and
// trace/edit.
package source

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"

	"gopkg.in/yaml.v3"

	"raftsheet/trace/internal/plain"
)

// Documents yields a file's documents, one after the other. At text that is not
// YAML it yields an error in place of the document, and ends: where the next
// document begins cannot be told. Nesting deeper than a number of levels, past
// which the library gives up, is told as such.
func (s *Source) Documents(depth int) iter.Seq2[*yaml.Node, *Error] {
	return func(yield func(*yaml.Node, *Error) bool) { s.documents(new(plain.Reader), depth)(yield) }
}

// documents is Documents with a reader for what is plain.
func (s *Source) documents(r *plain.Reader, depth int) iter.Seq2[*yaml.Node, *Error] {
	return func(yield func(*yaml.Node, *Error) bool) {
		if s.IsJSON() {
			yield(s.jsonDocument(), nil)
			return
		}
		for doc, err := range s.decode(r) {
			if err != nil {
				yield(nil, s.syntaxError(err, depth))
				return
			}
			if !yield(doc, nil) {
				return
			}
		}
	}
}

// decode yields the documents, and the library's error where one cannot be read.
// The library decodes what plain does not.
func (s *Source) decode(r *plain.Reader) iter.Seq2[*yaml.Node, error] {
	return func(yield func(*yaml.Node, error) bool) {
		if docs := s.plain(r); docs != nil {
			for _, doc := range docs {
				if !yield(doc, nil) {
					return
				}
			}
			return
		}
		dec := yaml.NewDecoder(bytes.NewReader(s.data))
		for {
			doc := new(yaml.Node)
			err := Decode(dec, doc)
			if errors.Is(err, io.EOF) || !yield(doc, err) || err != nil {
				return
			}
		}
	}
}

// plain gives the documents of a file that is plain YAML, nil for any other.
func (s *Source) plain(r *plain.Reader) []*yaml.Node {
	if s.Check() != nil {
		return nil
	}
	return r.Read(string(bytes.TrimPrefix(s.data, []byte(bom))))
}

// Decode gives the next document, io.EOF after the last. A panic of the YAML
// library becomes an error: a file must not be able to end the program.
func Decode(dec *yaml.Decoder, n *yaml.Node) error {
	return guard(func() error { return dec.Decode(n) })
}

func guard(do func() error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("yaml: %v", r)
		}
	}()
	return do()
}
