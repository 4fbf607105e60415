package source

import (
	"bytes"
	"math"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// This file finds where the text of a YAML node ends. The library tells where a
// node begins, and no more.

// A Layout knows where the nodes of a file are in its bytes.
type Layout struct {
	*Source
	place Pos // the last one asked for: the next one is rarely far
	at    int // its offset
}

// NewLayout gives the layout of a file.
func NewLayout(s *Source) *Layout { return &Layout{Source: s} }

// Start gives where a node begins: at its anchor or tag, if it has one.
func (l *Layout) Start(n *yaml.Node) int {
	p := PosOf(n)
	if p.Line != l.place.Line || p.Column < l.place.Column/2 {
		l.place = Pos{p.Line, 1}
		l.at = l.Offset(l.place)
	}
	for ; l.place.Column < p.Column && l.at < len(l.data); l.place.Column++ {
		_, size := utf8.DecodeRune(l.data[l.at:])
		l.at += size
	}
	for ; l.place.Column > p.Column; l.place.Column-- {
		_, size := utf8.DecodeLastRune(l.data[:l.at])
		l.at -= size
	}
	return l.at
}

// Text gives the text of the i-th of a node's children, its anchor and tag left
// out. An empty value has the empty span where its text belongs: after the
// colon or the dash, or after a key that has no colon.
func (l *Layout) Text(in *yaml.Node, i int) Span {
	n := in.Content[i]
	if IsHollow(n) {
		at := l.hollow(in, i)
		return Span{at, at}
	}
	return Span{l.Content(n), l.End(n)}
}

// IsHollow reports whether a node is a value that was not written at all.
func IsHollow(n *yaml.Node) bool {
	const written = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style&written == 0
}

// hollow gives the place of an empty value. The library's own place of one in a
// flow collection is the comma or bracket after it, maybe lines below.
func (l *Layout) hollow(in *yaml.Node, i int) int {
	own := l.Start(in.Content[i])
	if in.Kind != yaml.MappingNode || i%2 == 0 {
		return l.Properties(own)
	}
	at, ok := l.Colon(in, i-1)
	if !ok {
		return l.Text(in, i-1).Hi
	}
	if after := l.Properties(own); after > own && l.Filler(at) == own {
		return after
	}
	return at
}

// Colon gives the place after the colon of a mapping's key; ok is false if it
// has none.
func (l *Layout) Colon(m *yaml.Node, key int) (at int, ok bool) {
	at = l.Filler(l.Text(m, key).Hi)
	if l.ByteAt(at) != ':' {
		return at, false
	}
	return at + 1, IsFlow(m) || strings.IndexByte(" \t\r\n\x00", l.ByteAt(at+1)) >= 0
}

// IsFlow reports whether a list or mapping is written in brackets.
func IsFlow(n *yaml.Node) bool { return n.Style&yaml.FlowStyle != 0 }

// IsBare reports whether a mapping is the a: b, or the ? a: b, of [a: b], which
// has no braces of its own.
func (l *Layout) IsBare(n *yaml.Node) bool {
	if n.Kind != yaml.MappingNode || !IsFlow(n) || len(n.Content) == 0 {
		return false
	}
	return PosOf(n) == PosOf(n.Content[0]) || l.ByteAt(l.Start(n)) == '?'
}

// Content gives where a node's own text begins, past its anchor and tag. A
// block collection begins with its first child, whose anchor is its own.
func (l *Layout) Content(n *yaml.Node) int {
	at := l.Start(n)
	if n.Kind != yaml.ScalarNode && (!IsFlow(n) || l.IsBare(n)) {
		return at
	}
	if after := l.Properties(at); after > at {
		return l.Filler(after)
	}
	return at
}

// Properties gives the end of the anchor and the tag at an offset,
// one of each at most, in either order; the offset itself if there is none.
func (l *Layout) Properties(at int) int {
	first := l.property(at)
	if first == at {
		return at
	}
	next := l.Filler(first)
	if l.ByteAt(next) == l.ByteAt(at) {
		return first // the next node's
	}
	if second := l.property(next); second > next {
		return second
	}
	return first
}

// property gives the end of an anchor or a tag.
func (l *Layout) property(at int) int {
	switch l.ByteAt(at) {
	case '&':
		for at++; isAnchorByte(l.ByteAt(at)); at++ {
		}
	case '!':
		for strings.IndexByte(" \t\r\n\x00", l.ByteAt(at)) < 0 {
			at++
		}
	}
	return at
}

func isAnchorByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_' || c == '-'
}

// ByteAt gives a byte, 0 past the end.
func (l *Layout) ByteAt(at int) byte {
	if at >= len(l.data) {
		return 0
	}
	return l.data[at]
}

// Filler skips spaces, line ends and comments between two tokens.
func (l *Layout) Filler(at int) int {
	for at < len(l.data) {
		switch l.data[at] {
		case ' ', '\t', '\r', '\n':
			at++
		case '#':
			at = l.LineEnd(at)
		default:
			return at
		}
	}
	return at
}

// Blanks skips spaces and tabs.
func (l *Layout) Blanks(at int) int {
	for l.ByteAt(at) == ' ' || l.ByteAt(at) == '\t' {
		at++
	}
	return at
}

// LineEnd gives the end of the line of an offset, before its line break.
func (l *Layout) LineEnd(at int) int {
	n := bytes.IndexByte(l.data[at:], '\n')
	switch {
	case n < 0:
		return len(l.data)
	case n > 0 && l.data[at+n-1] == '\r':
		return at + n - 1
	}
	return at + n
}

// NextLine gives the start of the line after that of an offset.
func (l *Layout) NextLine(at int) int {
	if n := bytes.IndexByte(l.data[at:], '\n'); n >= 0 {
		return at + n + 1
	}
	return len(l.data)
}

// End gives where the text of a node ends. A block scalar's includes its last
// line break.
func (l *Layout) End(n *yaml.Node) int {
	switch {
	case n.Kind == yaml.AliasNode:
		return l.Start(n) + len("*") + len(n.Value)
	case n.Kind == yaml.ScalarNode:
		return l.scalarEnd(n)
	case len(n.Content) == 0:
		return l.closing(l.Content(n) + 1)
	}
	last := l.Text(n, len(n.Content)-1).Hi
	if !IsFlow(n) || l.IsBare(n) {
		return last
	}
	return l.closing(last)
}

// closing gives the end of the bracket that closes a flow collection, from the
// end of its last child.
func (l *Layout) closing(at int) int {
	for at = l.Filler(at); l.ByteAt(at) == ','; {
		at = l.Filler(at + 1)
	}
	return min(at+1, len(l.data))
}

func (l *Layout) scalarEnd(n *yaml.Node) int {
	at := l.Content(n)
	switch {
	case IsHollow(n):
		return at
	case n.Style&yaml.DoubleQuotedStyle != 0:
		return l.doubleQuoted(at)
	case n.Style&yaml.SingleQuotedStyle != 0:
		return l.singleQuoted(at)
	case n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0:
		return l.block(at, n.Value)
	}
	return l.plain(at, n.Value)
}

func (l *Layout) doubleQuoted(at int) int {
	for at++; at < len(l.data); at++ {
		switch l.data[at] {
		case '\\':
			at++
		case '"':
			return at + 1
		}
	}
	return len(l.data)
}

func (l *Layout) singleQuoted(at int) int {
	for at++; at < len(l.data); at++ {
		if l.data[at] != '\'' {
			continue
		}
		if l.ByteAt(at+1) != '\'' {
			return at + 1
		}
		at++
	}
	return len(l.data)
}

// plain matches the words of a plain scalar's value. Between them there is white
// space in the file too, though not the same where a line break was folded.
func (l *Layout) plain(at int, value string) int {
	if rest := l.data[at:]; len(rest) >= len(value) && string(rest[:len(value)]) == value {
		return at + len(value)
	}
	end := at
	for _, word := range strings.FieldsFunc(value, isWhite) {
		for at < len(l.data) && isWhite(rune(l.data[at])) {
			at++
		}
		if !bytes.HasPrefix(l.data[at:], []byte(word)) {
			return end
		}
		at += len(word)
		end = at
	}
	return end
}

func isWhite(r rune) bool { return r == ' ' || r == '\t' || r == '\n' || r == '\r' }

// block gives the end of a block scalar whose | or > is at an offset: that
// of its last line, blank ones after it left out unless they are kept (|+).
func (l *Layout) block(at int, value string) int {
	header, _, _ := strings.Cut(string(l.data[at:l.LineEnd(at)]), "#")
	keep := strings.Contains(header, "+")
	end := l.NextLine(at)
	indent := l.blockIndent(end, value)
	for line := end; line < len(l.data); line = l.NextLine(line) {
		text := string(l.data[line:l.LineEnd(line)])
		words := strings.TrimLeft(text, " ")
		if words != "" && len(text)-len(words) < indent {
			break
		}
		if keep || words != "" || len(text) > indent {
			end = l.NextLine(line)
		}
	}
	return end
}

// blockIndent gives the indentation of a block scalar whose lines begin at an
// offset: what its first line with text has more in the file than in the value.
// Without such a line, no line with text belongs to it.
func (l *Layout) blockIndent(at int, value string) int {
	want, ok := leadingSpaces([]byte(value))
	got, _ := leadingSpaces(l.data[at:])
	if !ok {
		return math.MaxInt
	}
	return got - want
}

// leadingSpaces counts the spaces before the first text of a block.
func leadingSpaces(block []byte) (n int, ok bool) {
	text := bytes.TrimLeft(block, " \r\n")
	if len(text) == 0 {
		return 0, false
	}
	before := block[:len(block)-len(text)]
	return len(before) - bytes.LastIndexByte(before, '\n') - 1, true
}
