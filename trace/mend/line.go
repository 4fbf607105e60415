package mend

import (
	"bytes"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"raftsheet/trace/internal/source"
)

// A line is one line of the file, and what a reader sees in it.
type line struct {
	text   string
	indent int    // bytes of spaces at its start
	end    int    // where what is written ends: before a comment and spaces
	in     []byte // of each byte: 0 outside of brackets, {, [, or a quote
	open   []int  // offsets of brackets that are not closed on the line
	stray  []int  // offsets of brackets that close nothing on the line
	cross  []fix  // closing brackets that are missing before one of another kind
	quote  int    // offset of a quote that is not closed, -1 for none

	file, schema []byte // all of the file, and the format's schema
	lay          layout // of the lines around it
	number       int    // among those
}

// scan reads a line as YAML would, from outside of brackets and quotes.
func scan(text string) *line {
	l := &line{text: text, in: make([]byte, len(text)), quote: -1}
	l.indent = len(text) - len(strings.TrimLeft(text, " "))
	l.end = len(text)
	for i := 0; i < len(text); i++ {
		c := text[i]
		within := byte(0)
		if len(l.open) > 0 {
			within = text[l.open[len(l.open)-1]]
		}
		l.in[i] = within
		switch {
		case c == '#' && (i == 0 || text[i-1] == ' ' || text[i-1] == '\t'):
			l.end = i
		case (c == '"' || c == '\'') && startsValue(text[:i]):
			n := quoted(text[i:])
			if n < 0 {
				l.quote, n = i, len(text)-i
			}
			for k := i; k < i+n; k++ {
				l.in[k] = c
			}
			i += n - 1
		case c == '{' || c == '[':
			l.open = append(l.open, i)
		case c == '}' || c == ']':
			l.close(i)
		}
		if l.end < len(text) {
			break
		}
	}
	l.end = len(strings.TrimRight(text[:l.end], " \t"))
	return l
}

// close closes a bracket: the innermost of its kind, and with it those inside of
// that one, which were forgotten.
func (l *line) close(i int) {
	opener := byte('{')
	if l.text[i] == ']' {
		opener = '['
	}
	for k := len(l.open) - 1; k >= 0; k-- {
		if l.text[l.open[k]] == opener {
			if k < len(l.open)-1 {
				l.cross = append(l.cross, fix{lo: i, hi: i, put: l.after(i) + l.closers(k+1)})
				l.cross = append(l.cross, l.beforeKeys(l.open[k+1], i, l.closers(k+1))...)
			}
			l.open = l.open[:k]
			return
		}
	}
	l.stray = append(l.stray, i)
}

// closers gives the brackets that close those open from the kth on.
func (l *line) closers(k int) string {
	var b strings.Builder
	for n := len(l.open) - 1; n >= k; n-- {
		b.WriteByte(map[byte]byte{'{': '}', '[': ']'}[l.text[l.open[n]]])
	}
	return b.String()
}

// leavesOpen gives the brackets that are open after the line, of those that are
// open before it and its own, the outermost first.
func (l *line) leavesOpen(before string) string {
	for _, i := range l.stray {
		opener := map[byte]string{'}': "{", ']': "["}[l.text[i]]
		before = strings.TrimSuffix(before, opener)
	}
	for _, i := range l.open {
		before += l.text[i : i+1]
	}
	return before
}

// after gives the space that a key without a value wants before what follows it.
func (l *line) after(i int) string {
	if strings.HasSuffix(l.text[:i], ":") {
		return " "
	}
	return ""
}

var keyAhead = regexp.MustCompile(`^,\s*[\w.$-]+:(?:\s|$)`)

// beforeKeys puts closing brackets before each comma in (lo, hi) after which a key
// follows: what it closes may have ended there.
func (l *line) beforeKeys(lo, hi int, closers string) []fix {
	var out []fix
	for i := lo + 1; i < hi; i++ {
		if l.text[i] == ',' && l.plain(i) && keyAhead.MatchString(l.text[i:hi]) {
			out = append(out, fix{lo: i, hi: i, put: l.after(i) + closers})
		}
	}
	return out
}

// startsValue reports whether a value may begin after a text.
func startsValue(before string) bool {
	trimmed := strings.TrimRight(before, " \t")
	if trimmed == "" || strings.HasSuffix(trimmed, "-") && strings.Trim(trimmed, " -") == "" {
		return true
	}
	switch trimmed[len(trimmed)-1] {
	case '{', '[', ',':
		return true
	case ':':
		return len(trimmed) < len(before)
	}
	return false
}

// quoted gives the length of the quoted text with which a text begins, -1 where
// it does not end.
func quoted(text string) int {
	q := text[0]
	for i := 1; i < len(text); i++ {
		switch {
		case q == '"' && text[i] == '\\':
			i++
		case text[i] == q && q == '\'' && i+1 < len(text) && text[i+1] == q:
			i++
		case text[i] == q:
			return i + 1
		}
	}
	return -1
}

// plain reports whether a byte of the line is outside of quotes and comments.
func (l *line) plain(i int) bool { return i < l.end && l.in[i] != '"' && l.in[i] != '\'' }

// bracket gives the kind of the bracket around a byte, 0 for none or a quote.
func (l *line) bracket(i int) byte {
	if i < len(l.in) && (l.in[i] == '{' || l.in[i] == '[') {
		return l.in[i]
	}
	return 0
}

// A fix is what is put into a line in place of [lo, hi).
type fix struct {
	lo, hi int
	put    string
	what   string // in place of: read "was" as "now"
	moves  bool
}

// mend tells a fix with the words that it stands in.
func (l *line) mend(number int, f fix) Change {
	lo, hi := f.lo, f.hi
	const ends = " \t,{}[]"
	for lo > 0 && !strings.ContainsRune(ends, rune(l.text[lo-1])) {
		lo--
	}
	for hi < len(l.text) && !strings.ContainsRune(ends, rune(l.text[hi])) {
		hi++
	}
	m := Change{Line: number, Column: utf8.RuneCountInString(l.text[:f.lo]) + 1,
		Was: l.text[lo:hi], Now: l.text[lo:f.lo] + f.put + l.text[f.hi:hi]}
	m.What = told(number, m.Was, m.Now)
	if f.what != "" {
		m.What = fmt.Sprintf("line %d: %s", number, f.what)
	}
	return m
}

// told words a change.
func told(line int, was, now string) string {
	return fmt.Sprintf("line %d: read %s as %s", line, source.Quote(was), source.Quote(now))
}

// knows reports whether a word is a key: one of the format's, a number, or one that
// the file has at another place.
func (l *line) knows(word string) bool {
	return strings.Trim(word, "0123456789") == "" || l.isOfFormat(word) || bytes.Count(l.file, []byte(word+":")) > 1
}

// isOfFormat reports whether a word is one of the format's keys.
func (l *line) isOfFormat(word string) bool { return bytes.Contains(l.schema, []byte(`"`+word+`":`)) }

func inFlow(l *line) bool { return len(l.open) > 0 }

const passedOver = "passed over words that are not part of the trace"
