package trace

import "raftsheet/trace/internal/source"

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

// source gives the file's text. A File that was not read has none.
func (f *File) source() *source.Source {
	if f.src == nil {
		f.src = source.New(nil)
	}
	return f.src
}
