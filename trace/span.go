package trace

import (
	"bytes"
	"math"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// This file finds where the text of a YAML node ends. The library tells where a
// node begins, and no more.

// A span is a range of bytes [lo, hi).
type span struct{ lo, hi int }

// A layout knows where the nodes of a file stand in its bytes.
type layout struct {
	*source
	place Pos // the last one asked for: the next one is rarely far
	at    int // its offset
}

// start gives where a node begins: at its anchor or tag, if it has one.
func (l *layout) start(n *yaml.Node) int {
	p := posOf(n)
	if p.Line != l.place.Line || p.Column < l.place.Column/2 {
		l.place = Pos{p.Line, 1}
		l.at = l.offset(l.place)
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

// text gives the text of the i-th of a node's children, its anchor and tag left
// out. An empty value has the empty span where its text belongs: after the
// colon or the dash, or after a key that has no colon.
func (l *layout) text(in *yaml.Node, i int) span {
	n := in.Content[i]
	if isHollow(n) {
		at := l.hollow(in, i)
		return span{at, at}
	}
	return span{l.content(n), l.end(n)}
}

// isHollow reports whether a node is a value that was not written at all.
func isHollow(n *yaml.Node) bool {
	const written = yaml.DoubleQuotedStyle | yaml.SingleQuotedStyle | yaml.LiteralStyle | yaml.FoldedStyle
	return n.Kind == yaml.ScalarNode && n.Value == "" && n.Style&written == 0
}

// hollow gives the place of an empty value. The library's own place of one in a
// flow collection is the comma or bracket after it, maybe lines below.
func (l *layout) hollow(in *yaml.Node, i int) int {
	own := l.start(in.Content[i])
	if in.Kind != yaml.MappingNode || i%2 == 0 {
		return l.properties(own)
	}
	at, ok := l.colon(in, i-1)
	if !ok {
		return l.text(in, i-1).hi
	}
	if after := l.properties(own); after > own && l.filler(at) == own {
		return after
	}
	return at
}

// colon gives the place after the colon of a mapping's key; ok is false if it
// has none.
func (l *layout) colon(m *yaml.Node, key int) (at int, ok bool) {
	at = l.filler(l.text(m, key).hi)
	if l.byteAt(at) != ':' {
		return at, false
	}
	return at + 1, isFlow(m) || strings.IndexByte(" \t\r\n\x00", l.byteAt(at+1)) >= 0
}

func isFlow(n *yaml.Node) bool { return n.Style&yaml.FlowStyle != 0 }

// isBare reports whether a mapping is the a: b, or the ? a: b, of [a: b], which
// has no braces of its own.
func (l *layout) isBare(n *yaml.Node) bool {
	if n.Kind != yaml.MappingNode || !isFlow(n) || len(n.Content) == 0 {
		return false
	}
	return posOf(n) == posOf(n.Content[0]) || l.byteAt(l.start(n)) == '?'
}

// content gives where a node's own text begins, past its anchor and tag. A
// block collection begins with its first child, whose anchor is its own.
func (l *layout) content(n *yaml.Node) int {
	at := l.start(n)
	if n.Kind != yaml.ScalarNode && (!isFlow(n) || l.isBare(n)) {
		return at
	}
	if after := l.properties(at); after > at {
		return l.filler(after)
	}
	return at
}

// properties gives the end of the anchor and the tag that stand at an offset,
// one of each at most, in either order; the offset itself if there is none.
func (l *layout) properties(at int) int {
	first := l.property(at)
	if first == at {
		return at
	}
	next := l.filler(first)
	if l.byteAt(next) == l.byteAt(at) {
		return first // the next node's
	}
	if second := l.property(next); second > next {
		return second
	}
	return first
}

// property gives the end of an anchor or a tag.
func (l *layout) property(at int) int {
	switch l.byteAt(at) {
	case '&':
		for at++; isAnchorByte(l.byteAt(at)); at++ {
		}
	case '!':
		for strings.IndexByte(" \t\r\n\x00", l.byteAt(at)) < 0 {
			at++
		}
	}
	return at
}

func isAnchorByte(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c == '_' || c == '-'
}

// byteAt gives a byte, 0 past the end.
func (l *layout) byteAt(at int) byte {
	if at >= len(l.data) {
		return 0
	}
	return l.data[at]
}

// filler skips spaces, line ends and comments between two tokens.
func (l *layout) filler(at int) int {
	for at < len(l.data) {
		switch l.data[at] {
		case ' ', '\t', '\r', '\n':
			at++
		case '#':
			at = l.lineEnd(at)
		default:
			return at
		}
	}
	return at
}

// blanks skips spaces and tabs.
func (l *layout) blanks(at int) int {
	for l.byteAt(at) == ' ' || l.byteAt(at) == '\t' {
		at++
	}
	return at
}

// lineEnd gives the end of the line of an offset, before its line break.
func (l *layout) lineEnd(at int) int {
	n := bytes.IndexByte(l.data[at:], '\n')
	switch {
	case n < 0:
		return len(l.data)
	case n > 0 && l.data[at+n-1] == '\r':
		return at + n - 1
	}
	return at + n
}

// nextLine gives the start of the line after that of an offset.
func (l *layout) nextLine(at int) int {
	if n := bytes.IndexByte(l.data[at:], '\n'); n >= 0 {
		return at + n + 1
	}
	return len(l.data)
}

// end gives where the text of a node ends. A block scalar's includes its last
// line break.
func (l *layout) end(n *yaml.Node) int {
	switch {
	case n.Kind == yaml.AliasNode:
		return l.start(n) + len("*") + len(n.Value)
	case n.Kind == yaml.ScalarNode:
		return l.scalarEnd(n)
	case len(n.Content) == 0:
		return l.closing(l.content(n) + 1)
	}
	last := l.text(n, len(n.Content)-1).hi
	if !isFlow(n) || l.isBare(n) {
		return last
	}
	return l.closing(last)
}

// closing gives the end of the bracket that closes a flow collection, from the
// end of its last child.
func (l *layout) closing(at int) int {
	for at = l.filler(at); l.byteAt(at) == ','; {
		at = l.filler(at + 1)
	}
	return min(at+1, len(l.data))
}

func (l *layout) scalarEnd(n *yaml.Node) int {
	at := l.content(n)
	switch {
	case isHollow(n):
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

func (l *layout) doubleQuoted(at int) int {
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

func (l *layout) singleQuoted(at int) int {
	for at++; at < len(l.data); at++ {
		if l.data[at] != '\'' {
			continue
		}
		if l.byteAt(at+1) != '\'' {
			return at + 1
		}
		at++
	}
	return len(l.data)
}

// plain matches the words of a plain scalar's value. Between them there is white
// space in the file too, though not the same: a line break was folded.
func (l *layout) plain(at int, value string) int {
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

// block gives the end of a block scalar whose | or > stands at an offset: that
// of its last line, blank ones after it left out unless they are kept (|+).
func (l *layout) block(at int, value string) int {
	header, _, _ := strings.Cut(string(l.data[at:l.lineEnd(at)]), "#")
	keep := strings.Contains(header, "+")
	end := l.nextLine(at)
	indent := l.blockIndent(end, value)
	for line := end; line < len(l.data); line = l.nextLine(line) {
		text := string(l.data[line:l.lineEnd(line)])
		words := strings.TrimLeft(text, " ")
		if words != "" && len(text)-len(words) < indent {
			break
		}
		if keep || words != "" || len(text) > indent {
			end = l.nextLine(line)
		}
	}
	return end
}

// blockIndent gives the indentation of a block scalar whose lines begin at an
// offset: what its first line with text has more in the file than in the value.
// Without such a line, no line with text belongs to it.
func (l *layout) blockIndent(at int, value string) int {
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

// A token is a stretch of bytes in which a # or a line end means something of
// its own: the text of a scalar, an alias, or a comment.
type token struct {
	span
	comment bool
}

// tokens gives the scalars, aliases and comments of a file's documents, in
// order. What stands between them is white space, brackets and the like, so each
// # there begins a comment.
func (l *layout) tokens(docs []*yaml.Node) []token {
	var all []token
	at := 0
	comments := func(to int) {
		for at < to {
			n := bytes.IndexByte(l.data[at:to], '#')
			if n < 0 {
				return
			}
			lo := at + n
			at = l.lineEnd(lo)
			hi := len(bytes.TrimRight(l.data[:at], " \t"))
			all = append(all, token{span{lo, hi}, true})
		}
	}
	for _, doc := range docs {
		l.leaves(doc, func(s span) {
			comments(s.lo)
			all = append(all, token{s, false})
			at = s.hi
		})
	}
	comments(len(l.data))
	return all
}

// leaves visits the texts of the scalars and aliases below a node.
func (l *layout) leaves(n *yaml.Node, visit func(span)) {
	for i, c := range n.Content {
		switch {
		case c.Kind == yaml.MappingNode || c.Kind == yaml.SequenceNode:
			l.leaves(c, visit)
		case !isHollow(c):
			visit(l.text(n, i))
		}
	}
}
