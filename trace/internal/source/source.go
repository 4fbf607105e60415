package source

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// A Pos is a place: line and column from 1, the column in characters (code
// points), not bytes.
type Pos struct{ Line, Column int32 }

// IsValid reports whether the Pos is a place.
func (p Pos) IsValid() bool { return p.Line > 0 }

func (p Pos) String() string { return fmt.Sprintf("%d:%d", p.Line, p.Column) }

// A Span is a range of bytes [lo, hi).
type Span struct{ Lo, Hi int }

// An Error is a place at which text is not YAML, and what would be right there.
type Error struct {
	Pos Pos
	Msg string
}

// A Source is the bytes of a file, with its lines.
type Source struct {
	data []byte

	checked bool
	bad     *Error // what Check has found

	lines []int // offset of each line's first byte; made when first asked for

	// The place that was last looked up. Findings come in their order in the
	// file, so that on one long line each look-up goes on from the one before.
	seen       Pos
	seenOffset int

	spans []Span // of nodes; made when first asked for

	keep bool         // whether to keep the documents; see Keep
	kept []*yaml.Node // all of them
}

// New gives the source of a file with these bytes, which it keeps.
func New(data []byte) *Source { return &Source{data: data} }

// Bytes gives the file as it was read. It must not be changed.
func (s *Source) Bytes() []byte { return s.data }

// lineStart gives the offset of a line's first byte; ok is false past the end.
func (s *Source) lineStart(line int32) (offset int, ok bool) {
	if s.lines == nil {
		s.lines = append(s.lines, 0)
		for i, c := range s.data {
			if c == '\n' {
				s.lines = append(s.lines, i+1)
			}
		}
	}
	if line < 1 || int(line) > len(s.lines) {
		return len(s.data), false
	}
	return s.lines[line-1], true
}

// Line gives the text of a line without its line end, empty past the file's
// end.
func (s *Source) Line(line int32) string {
	start, end := s.LineSpan(line)
	return string(s.data[start:end])
}

// LineSpan gives the offsets [start, end) of a line's text.
func (s *Source) LineSpan(line int32) (start, end int) {
	start, _ = s.lineStart(line)
	if line == 1 && bytes.HasPrefix(s.data, []byte(bom)) {
		start += len(bom)
	}
	end = len(s.data)
	if line >= 1 && int(line) < len(s.lines) {
		end = s.lines[line] - 1
	}
	return start, start + len(bytes.TrimSuffix(s.data[start:end], []byte("\r")))
}

// Offset gives the byte offset of a place, at most that of its line's end.
func (s *Source) Offset(p Pos) int {
	at, _ := s.LineSpan(p.Line)
	column := int32(1)
	if s.seen.Line == p.Line && s.seen.Column <= p.Column && s.seen.IsValid() {
		at, column = s.seenOffset, s.seen.Column
	}
	for ; column < p.Column && at < len(s.data) && s.data[at] != '\n'; column++ {
		_, n := utf8.DecodeRune(s.data[at:])
		at += n
	}
	s.seen, s.seenOffset = Pos{p.Line, column}, at
	return at
}

// LineOf gives the line of a byte offset.
func (s *Source) LineOf(offset int) int {
	s.lineStart(1) // makes the lines
	line, ok := slices.BinarySearch(s.lines, offset)
	if ok {
		line++ // how many lines begin at the offset or before
	}
	return line
}

// Pos gives the place of a byte offset.
func (s *Source) Pos(offset int) Pos {
	line := s.LineOf(offset)
	before := s.data[s.lines[line-1]:offset]
	if line == 1 {
		before = bytes.TrimPrefix(before, []byte(bom))
	}
	return Pos{int32(line), int32(utf8.RuneCount(before) + 1)}
}

// Word gives the length in characters of what is written at a place: a quoted
// text, a bracket, or a word up to the next space or punctuation. It is at
// least 1.
func (s *Source) Word(p Pos) int {
	const longest = 400
	at := s.Offset(p)
	rest := s.data[at:min(len(s.data), at+longest)]
	if end := bytes.IndexByte(rest, '\n'); end >= 0 {
		rest = rest[:end]
	}
	if len(rest) == 0 {
		return 1
	}
	if q := rest[0]; q == '"' || q == '\'' {
		if end := bytes.IndexByte(rest[1:], q); end >= 0 {
			return utf8.RuneCount(rest[:end+2])
		}
	}
	n := bytes.IndexAny(rest, " \t\r,]}[{#")
	if n < 0 {
		n = len(rest)
	}
	word := bytes.TrimSuffix(rest[:n], []byte(":"))
	return max(1, utf8.RuneCount(word))
}

// An Excerpt is the text around a place, of one line.
type Excerpt struct {
	Before, Word, After string
	More                [2]bool // whether the line goes on before and after
}

// Excerpt gives the word at a place and what of its line is near.
func (s *Source) Excerpt(p Pos) Excerpt {
	const near = 240 // bytes, on either side
	start, end := s.LineSpan(p.Line)
	at := min(max(s.Offset(p), start), end)
	word := at
	for range s.Word(p) {
		_, n := utf8.DecodeRune(s.data[word:end])
		word += n
	}
	lo, hi := max(start, at-near), min(end, word+near)
	for lo > start && lo < at && !utf8.RuneStart(s.data[lo]) {
		lo++
	}
	for hi < end && hi > word && !utf8.RuneStart(s.data[hi]) {
		hi--
	}
	return Excerpt{string(s.data[lo:at]), string(s.data[at:word]), string(s.data[word:hi]), [2]bool{lo > start, hi < end}}
}

const bom = "\ufeff"

// Check refuses what is not text in UTF-8, and the characters that no editor
// shows or that a YAML reader takes for a line end and an editor does not. The
// YAML library names no place for any of them. It gives nil where all is well.
func (s *Source) Check() *Error {
	if !s.checked {
		s.checked, s.bad = true, s.check()
	}
	return s.bad
}

func (s *Source) check() *Error {
	data := s.data
	if isUTF16(data) {
		return &Error{Pos: Pos{1, 1}, Msg: "the file is in UTF-16; save it as UTF-8"}
	}
	for i := 0; i < len(data); {
		if i+8 <= len(data) && isASCII(binary.LittleEndian.Uint64(data[i:])) {
			i += 8
			continue
		}
		c := data[i]
		if c >= ' ' && c < 0x7f || c == '\n' || c == '\t' {
			i++
			continue
		}
		if c == '\r' && i+1 < len(data) && data[i+1] == '\n' {
			i += 2
			continue
		}
		r, n := utf8.DecodeRune(data[i:])
		if problem := badRune(r, n, i); problem != "" {
			return &Error{Pos: s.Pos(i), Msg: problem}
		}
		i += n
	}
	return nil
}

// isASCII reports whether all of eight bytes are from ' ' to '~'.
func isASCII(eight uint64) bool {
	const (
		each = 0x0101010101010101 // a one in every byte
		high = 0x80 * each        // the bit that ASCII has not
	)
	// The bit is clear in all of them, an addition that brings ' ' to it sets it, and
	// one that brings DEL to it does not. No byte carries into the next.
	return eight&high == 0 && (eight+(0x80-' ')*each)&high == high && (eight+each)&high == 0
}

func badRune(r rune, size, offset int) string {
	switch {
	case r == utf8.RuneError && size <= 1:
		return "this byte is not UTF-8; save the file as UTF-8"
	case r == '\r':
		return "this carriage return has no line feed after it; end lines with LF or CR LF"
	case r == 0:
		return "this is a NUL character; a trace is text"
	case r < ' ' || r >= 0x7f && r < 0xa0:
		return fmt.Sprintf("this is the control character U+%04X; remove it, or write it as \"\\x%02x\" in double quotes", r, r)
	case r == '\u2028' || r == '\u2029':
		return fmt.Sprintf("this is the line separator U+%04X; end lines with LF", r)
	case r == '\ufeff' && offset > 0:
		return "this is a byte order mark; only the start of a file may have one"
	case r == 0xfffe || r == 0xffff:
		return fmt.Sprintf("U+%04X is not a character", r)
	}
	return ""
}
