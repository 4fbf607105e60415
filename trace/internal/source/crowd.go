package source

import "bytes"

// Crowded looks for a document that has more than a number of YAML nodes, before
// anything is decoded: a decoded node takes a hundred times the bytes that it is
// written in. It counts what commas, dashes and colons outside of quotes and
// comments make of it: a comma ends an item or a pair, a dash begins an item, a
// colon ends a key. That is no more than there are. It gives the place at
// which the limit is passed, and the number of the document from 1.
func (s *Source) Crowded(most int) (at Pos, document int, ok bool) {
	count := func(b byte) int { return bytes.Count(s.data, []byte{b}) }
	if 2*count(',')+count(':')+count('-') <= most { // a comma in braces ends a value and begins a key
		return at, 0, false
	}
	c := crowd{data: s.data, most: most, document: 1, value: true}
	if bytes.HasPrefix(c.data, []byte(bom)) {
		c.at = len(bom)
	}
	if c.begins(c.at) {
		c.at += len("---")
	}
	for c.at < len(c.data) {
		if c.step(); c.nodes > c.most {
			return s.Pos(min(c.at, len(c.data)-1)), c.document, true
		}
	}
	return at, 0, false
}

// A crowd counts nodes.
type crowd struct {
	data     []byte
	most     int
	at       int
	nodes    int
	document int

	open  []byte // the brackets that are open
	text  bool   // the line has had more than spaces and dashes
	value bool   // a value may begin here, and so a quote
}

// step takes in the next byte, or all of a quote or a comment.
func (c *crowd) step() {
	b := c.data[c.at]
	switch {
	case b == '\n':
		c.line()
	case b == ' ' || b == '\t' || b == '\r':
	case b == '#' && (c.at == 0 || bytes.IndexByte([]byte(" \t\r\n"), c.data[c.at-1]) >= 0):
		c.skip(bytes.IndexByte(c.data[c.at:], '\n'))
		return
	case (b == '"' || b == '\'') && c.value:
		c.quote(b)
		return
	case (b == '&' || b == '!') && c.value: // an anchor or a tag: the value is yet to come
		c.skip(bytes.IndexAny(c.data[c.at:], " \t\r\n,"))
		return
	case b == '?' && c.value && c.blankNext():
	case (b == '[' || b == '{') && (len(c.open) > 0 || c.value):
		c.open, c.text, c.value = append(c.open, b), true, true
	case len(c.open) > 0:
		c.inBrackets(b)
	case b == '-' && !c.text && c.blankNext():
		c.nodes++
		c.value = true
	case b == ':' && c.blankNext():
		c.nodes++
		c.text, c.value = true, true
	default:
		c.text, c.value = true, false
	}
	c.at++
}

// line begins a line, and a document where it says so.
func (c *crowd) line() {
	c.text, c.value = false, true
	if c.begins(c.at + 1) {
		c.nodes, c.open = 0, c.open[:0]
		c.document++
		c.at += len("---")
	}
}

// begins reports whether a line begins a document.
func (c *crowd) begins(at int) bool {
	next := c.data[min(at, len(c.data)):]
	return bytes.HasPrefix(next, []byte("---")) && (len(next) == 3 || bytes.IndexByte([]byte(" \t\r\n"), next[3]) >= 0)
}

func (c *crowd) inBrackets(b byte) {
	switch b {
	case ']', '}':
		c.open, c.value = c.open[:len(c.open)-1], false
	case ',':
		if c.nodes++; c.open[len(c.open)-1] == '{' {
			c.nodes++
		}
		c.value = true
	case ':':
		c.value = c.blankNext() || c.at > 0 && (c.data[c.at-1] == '"' || c.data[c.at-1] == '\'')
	default:
		c.value = false
	}
}

// blankNext reports whether the byte behind this one is a space or a line's end.
func (c *crowd) blankNext() bool {
	return c.at+1 >= len(c.data) || bytes.IndexByte([]byte(" \t\r\n"), c.data[c.at+1]) >= 0
}

// quote goes behind the end of a quoted text.
func (c *crowd) quote(q byte) {
	c.text, c.value = true, false
	for c.at++; c.at < len(c.data); c.at++ {
		switch b := c.data[c.at]; {
		case b == '\\' && q == '"':
			c.at++
		case b == q:
			c.at++
			return
		}
	}
}

// skip goes on by so many bytes, or to the end for less than none.
func (c *crowd) skip(n int) {
	if n < 0 {
		n = len(c.data) - c.at
	}
	c.at += n
}
