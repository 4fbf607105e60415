package plain

import (
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"
)

// scalar reads a scalar of one line, in brackets or not.
func (r *Reader) scalar(inFlow bool) *yaml.Node {
	n := r.node(yaml.ScalarNode, "!!str")
	var ok bool
	switch r.peek(0) {
	case '"':
		n.Style = yaml.DoubleQuotedStyle
		n.Value, ok = r.quoted('"')
	case '\'':
		n.Style = yaml.SingleQuotedStyle
		n.Value, ok = r.quoted('\'')
	default:
		n.Value, ok = r.unquoted(inFlow)
		n.Tag = tag(n.Value)
	}
	if !ok {
		return nil
	}
	return n
}

// quoted reads a text in quotes without escapes, except for the doubled quote in
// single quotes.
func (r *Reader) quoted(quote byte) (value string, ok bool) {
	from, doubled := r.at+1, false
	for at := from; at < len(r.text); at++ {
		switch b := r.text[at]; {
		case b == quote && quote == '\'' && at+1 < len(r.text) && r.text[at+1] == quote:
			doubled = true
			at++
		case b == quote:
			value = r.text[from:at]
			r.at, r.wide = at+1, r.wide+inner(value)
			if doubled {
				value = strings.ReplaceAll(value, "''", "'")
			}
			return value, true
		case b == '\n' || b == '\r' || b == '\t' || b == '\\' && quote == '"':
			return "", false
		}
	}
	return "", false
}

// unquoted reads a text without quotes. Spaces at its end are not part of it.
func (r *Reader) unquoted(inFlow bool) (value string, ok bool) {
	from, end := r.at, r.at
	if !r.begins() {
		return "", false
	}
scan:
	for at := from; at < len(r.text); at++ {
		switch class := classes[r.text[at]]; {
		case class == word:
			end = at + 1
		case class == space:
		case class == tab:
			return "", false
		case r.ends(at, inFlow):
			break scan
		default:
			end = at + 1
		}
	}
	value = r.text[from:end]
	r.at, r.wide = end, r.wide+inner(value)
	return value, value != "<<" // a merge key, which has a tag of its own
}

// begins reports whether text without quotes may begin here. YAML lets a ? or :
// begin it where a space does not follow; that is rare.
func (r *Reader) begins() bool {
	switch r.peek(0) {
	case 0, '\t', '?', ':', ',', '[', ']', '{', '}', '#', '&', '*', '!', '|', '>', '\'', '"', '%', '@', '`':
		return false
	case '-':
		return !isBlank(r.peek(1)) && !r.marked("---")
	case '.':
		return !r.marked("...")
	}
	return true
}

// ends reports whether what is at an offset ends a text that has begun before it: a
// colon with a space behind it, a # with a space before it, a line's end and, in
// brackets, a bracket, a comma or a question mark.
func (r *Reader) ends(at int, inFlow bool) bool {
	switch classes[r.text[at]] {
	case lineEnd:
		return true
	case colon:
		return at+1 == len(r.text) || isBlank(r.text[at+1])
	case hash:
		return r.text[at-1] == ' '
	}
	return inFlow // a bracket
}

// A class is what a byte is to text without quotes.
type class uint8

const (
	word class = iota // always a part of it
	space
	tab
	lineEnd
	colon
	hash
	bracket
)

var classes = [256]class{
	' ': space, '\t': tab, '\n': lineEnd, '\r': lineEnd, ':': colon, '#': hash,
	'[': bracket, ']': bracket, '{': bracket, '}': bracket, ',': bracket, '?': bracket,
}

// inner gives how many bytes of a text begin no character.
func inner(text string) int { return len(text) - utf8.RuneCountInString(text) }
