package trace

import (
	"slices"
	"strings"

	"raftsheet/trace/internal/source"
)

// Text gives a file that is shown and not read as traces.
func Text(name string, data []byte) *File { return &File{Name: name, src: source.New(data)} }

// Bytes gives the file as it was read. It must not be changed.
func (f *File) Bytes() []byte { return f.source().Bytes() }

// Word gives the length in characters of what is written at a place: a quoted
// text, a bracket, or a word up to the next space or punctuation. It is at least
// 1.
func (f *File) Word(p Pos) int { return f.source().Word(source.Pos(p)) }

// An Excerpt is what is written around a place, of one line.
type Excerpt struct {
	Before, Word, After string
	More                [2]bool // whether the line goes on before and after
}

// Excerpt gives the word at a place and what of its line is near.
func (f *File) Excerpt(p Pos) Excerpt { return Excerpt(f.source().Excerpt(source.Pos(p))) }

// Range gives what is written at a place from its start to its end: a scalar
// with its quotes, an alias, or a list or mapping in brackets. Of a mapping or
// list without brackets, which begins where its first key or item does, it is
// that key or item. Where nothing is written it is empty.
//
// The ends are looked for when first asked for, in the whole file at once.
func (f *File) Range(p Pos) Range {
	start, end := f.source().Range(source.Pos(p))
	return Range{Pos(start), Pos(end)}
}

// Text gives what is written at a place, of what Range gives at most 200
// characters of one line; empty where nothing is written.
func (f *File) Text(p Pos) string {
	const most = 200
	start, end := f.span(p)
	if start < 0 || end <= start {
		return ""
	}
	line, _, more := strings.Cut(string(f.Bytes()[start:min(end, start+4*most)]), "\n")
	if text := []rune(strings.ToValidUTF8(line, "\ufffd")); len(text) > most {
		line, more = string(text[:most]), true
	}
	if line = strings.TrimSpace(line); more {
		line += "..."
	}
	return line
}

// With gives the file's bytes with another text in place of what is written at a
// place, of which Range gives the start and the end.
func (f *File) With(p Pos, text string) []byte {
	start, end := f.span(p)
	return slices.Concat(f.Bytes()[:start], []byte(text), f.Bytes()[end:])
}

// span gives the offsets of what Range gives.
func (f *File) span(p Pos) (start, end int) {
	r := f.Range(p)
	return f.source().Offset(source.Pos(r.Start)), f.source().Offset(source.Pos(r.End))
}

// source gives the file's text. A File that was not read has none.
func (f *File) source() *source.Source {
	if f.src == nil {
		f.src = source.New(nil)
	}
	return f.src
}
