package source

import (
	"bytes"
	"cmp"
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// Range gives the start and the end of what is written at a place: a scalar with
// its quotes, an alias, a collection. A mapping without brackets begins where
// its first key does; then it is that key. Where no YAML node begins it is a
// word, and where nothing is written it is empty.
//
// The library tells no ends, and to find one the file has to be decoded again.
// That is done when the first end is asked for, for all of them: whoever asks
// has a few places of many, and nothing is to be stored for each.
func (s *Source) Range(p Pos) (start, end Pos) {
	if s.spans == nil {
		s.spans = s.findSpans()
	}
	at := s.Offset(p)
	i, ok := slices.BinarySearchFunc(s.spans, at, func(s Span, at int) int { return cmp.Compare(s.Lo, at) })
	switch {
	case ok:
		return p, s.Pos(s.spans[i].Hi)
	case at >= len(s.data) || strings.IndexByte(" \t\r\n,]}", s.data[at]) >= 0:
		return p, p
	}
	return p, Pos{p.Line, p.Column + int32(s.Word(p))}
}

// findSpans gives where nodes begin and end, in order; of nodes that begin at
// one place, the innermost.
func (s *Source) findSpans() []Span {
	const levels = 64 // for the words of an error, which nobody hears
	l := NewLayout(s)
	spans := []Span{}
	var walk func(in *yaml.Node)
	walk = func(in *yaml.Node) {
		for i, n := range in.Content {
			if IsHollow(n) {
				continue
			}
			span := Span{l.Start(n), l.Text(in, i).Hi}
			span.Hi = span.Lo + len(bytes.TrimRight(s.data[span.Lo:span.Hi], "\r\n")) // a block of text has its last line break
			if last := len(spans) - 1; last >= 0 && spans[last].Lo == span.Lo {
				spans[last] = span
			} else {
				spans = append(spans, span)
			}
			walk(n)
		}
	}
	for doc, err := range s.Kept(levels) {
		if err != nil {
			break
		}
		walk(doc)
	}
	return spans
}
