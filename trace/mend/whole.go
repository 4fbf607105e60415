package mend

import (
	"bytes"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"raftsheet/trace/internal/source"
)

// This file sets right what runs through a whole file: its encoding, the ends of
// its lines, tabs, and what a page of Markdown puts around it.

// A rewrite is another text of the whole file.
type rewrite struct {
	text   []byte
	change Change
}

// A wholeRow is one habit that runs through all of a file.
type wholeRow struct {
	slip  string
	looks *regexp.Regexp // of a text that may have it
	find  func(data, schema []byte) []rewrite
}

var wholeRows = []wholeRow{
	{"a Markdown fence", regexp.MustCompile("(?m)^[ \\t]*(?:```|~~~)"), fences},
	{"the quote marks of an e-mail", regexp.MustCompile(`(?m)^[ \t]*>`), quoteMarks},
	{"words that are not part of the trace", regexp.MustCompile(`(?m)^\pL[^:=\n]* [^:=\n]*(?::|$)`), prose},
	{"tabs for indentation", indentTab, tabs},
	{"no-break spaces for indentation", oddStarts, oddStructure},
}

func withoutMarks(data []byte) (text []byte, n int) {
	mark := []byte("\ufeff")
	if n = bytes.Count(bytes.TrimPrefix(data, mark), mark); n == 0 {
		return data, 0
	}
	return bytes.ReplaceAll(data, mark, nil), n
}

// windows1252 are the letters of the bytes from 0x80 to 0x9f; those above are
// Unicode's.
var windows1252 = []rune("€\ufffd‚ƒ„…†‡ˆ‰Š‹Œ\ufffdŽ\ufffd\ufffd‘’“”•–—˜™š›œ\ufffdžŸ")

// from1252 reads the bytes that are no UTF-8 as old editors on Windows write letters
// outside of ASCII, and counts them: a name, the quotes of a word processor. Many of
// them are no text.
func from1252(data []byte) (text []byte, n int) {
	if bytes.IndexByte(data, 0) >= 0 {
		return data, 0
	}
	for at := 0; at < len(data); {
		r, size := utf8.DecodeRune(data[at:])
		if r == utf8.RuneError && size == 1 {
			n++
			if r = rune(data[at]); r < 0xa0 {
				r = windows1252[r-0x80]
			}
			if r == utf8.RuneError {
				return data, 0
			}
		}
		text = utf8.AppendRune(text, r)
		at += size
	}
	if isRare(n, data) {
		return text, n
	}
	return data, 0
}

// isRare reports whether so many odd characters are slips in a text.
func isRare(n int, data []byte) bool { return n*8 <= len(data) }

// withoutControls reads the characters as spaces that no editor shows, such as a
// form feed, and counts them.
func withoutControls(data []byte) (text []byte, n int) {
	if bytes.IndexByte(data, 0) >= 0 {
		return data, 0
	}
	text = bytes.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' || r >= 0x7f && r < 0xa0 || r == 0xfffe || r == 0xffff {
			n++
			return ' '
		}
		return r
	}, data)
	if isRare(n, data) {
		return text, n
	}
	return data, 0
}

// lineFeeds gives data with every carriage return that has no line feed after it,
// and every line separator, as a line feed; and how many there were.
func lineFeeds(data []byte) ([]byte, int) {
	var b bytes.Buffer
	n := 0
	for i, c := range data {
		if c == '\r' && (i+1 == len(data) || data[i+1] != '\n') {
			c = '\n'
			n++
		}
		b.WriteByte(c)
	}
	out := b.Bytes()
	for _, sep := range []string{"\u2028", "\u2029"} {
		n += bytes.Count(out, []byte(sep))
		out = bytes.ReplaceAll(out, []byte(sep), []byte("\n"))
	}
	return out, n
}

var indentTab = regexp.MustCompile(`(?m)^(?:[ \t]|-[ \t])*\t(?:[ \t]|-[ \t])*`)

// tabs reads the tabs at the start of lines as far as the next stop, one stop for
// the whole file: a file that is indented with tabs alone reads the same whatever
// they are worth, and one that mixes them reads with the worth that its writer's
// editor gave them, as a rule with no other.
func tabs(data, schema []byte) []rewrite {
	found := indentTab.FindAllIndex(data, -1)
	if found == nil {
		return nil
	}
	src := source.New(data)
	first, last := src.Pos(found[0][0]).Line, src.Pos(found[len(found)-1][0]).Line
	var out []rewrite
	for _, wide := range []int{2, 4, 8, 3, 1} {
		text := indentTab.ReplaceAllFunc(data, func(start []byte) []byte { return stops(start, wide) })
		what := fmt.Sprintf("line %d: read tabs as indents of %d", first, wide)
		if first != last {
			what = fmt.Sprintf("lines %d to %d: read tabs as indents of %d (on %d lines)", first, last, wide, len(found))
		}
		out = append(out, rewrite{text, Change{Line: int(first), Column: 1, Was: `\t`, Now: strings.Repeat(" ", wide), What: what,
			Lines: [2]int{int(first), int(last)}}})
	}
	return out
}

const oddSpaceClass = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"

var oddStarts = regexp.MustCompile("(?m)(?:^[ -]*|[:,\\[{] *)[" + oddSpaceClass + "][ " + oddSpaceClass + "-]*")

// oddStructure reads other kinds of spaces as plain ones at the start of lines, and
// where a value begins. To YAML such a line is a key in the first column, or one
// long word, and what is wrong shows much later.
func oddStructure(data, schema []byte) []rewrite {
	found := oddStarts.FindAllIndex(data, -1)
	if found == nil {
		return nil
	}
	first := int(source.New(data).Pos(found[0][0]).Line)
	what := fmt.Sprintf("line %d: read a no-break space, or one of another kind, as a plain one", first)
	if len(found) > 1 {
		what += fmt.Sprintf(" (in %d places)", len(found))
	}
	text := oddStarts.ReplaceAllFunc(data, func(start []byte) []byte { return oddSpace.ReplaceAll(start, []byte(" ")) })
	return []rewrite{{text, Change{Line: first, Column: 1, Was: "\u00a0", Now: " ", What: what}}}
}

// stops gives the start of a line with each tab filled up to the next multiple of
// a width.
func stops(start []byte, wide int) []byte {
	var b bytes.Buffer
	for _, c := range start {
		if c != '\t' {
			b.WriteByte(c)
			continue
		}
		b.WriteByte(' ')
		for b.Len()%wide != 0 {
			b.WriteByte(' ')
		}
	}
	return b.Bytes()
}

var (
	fence   = regexp.MustCompile("^[ \t]*(?:```|~~~)")
	keyLike = regexp.MustCompile(`^[ \t]*((?:- )*)([\w$]+):(?:\s|$)`)
)

// fences passes over the fences of Markdown, and, where they hold one block, over
// the words around it. It makes no line of the trace disappear: where one of those
// words looks like a key, only the fences go.
func fences(data, schema []byte) []rewrite {
	lines := bytes.SplitAfter(data, []byte("\n"))
	var at, outside []int
	for i, text := range lines {
		switch {
		case fence.Match(text):
			at = append(at, i)
		case len(at)%2 == 0 && len(bytes.TrimSpace(text)) > 0:
			outside = append(outside, i)
		}
	}
	if len(at) == 0 {
		return nil
	}
	first := at[0] + 1
	c := Change{Line: first, Column: 1, Was: strings.TrimSpace(string(lines[at[0]])),
		What: fmt.Sprintf("line %d: passed over the fence of a Markdown code block", first)}
	if prose := len(at) == 2 && len(outside) > 0; prose {
		for _, i := range outside {
			prose = prose && !isKeyed(lines[i], schema)
		}
		if prose {
			at = append(at, outside...)
			c.What = fmt.Sprintf("line %d: read only what the Markdown code block holds (%d lines around it are passed over)", first, len(outside))
		}
	}
	for _, i := range at {
		lines[i] = lines[i][len(bytes.TrimRight(lines[i], "\r\n")):] // lines keep their numbers
	}
	return []rewrite{{bytes.Join(lines, nil), c}}
}

// isKeyed reports whether a line is one of a trace, as far as can be told.
func isKeyed(text, schema []byte) bool {
	key := keyLike.FindSubmatch(text)
	return key != nil && (len(key[1]) > 0 || bytes.Contains(schema, []byte(`"`+string(key[2])+`":`)))
}

var quoteMark = regexp.MustCompile(`^[ \t]*(?:> ?)+`)

// quoteMarks passes over the > with which an e-mail or Markdown quotes, if all lines
// from the first to the last that have it do.
func quoteMarks(data, schema []byte) []rewrite {
	lines := bytes.SplitAfter(data, []byte("\n"))
	first, last, n := -1, 0, 0
	for i, text := range lines {
		if quoteMark.Match(text) {
			if last, n = i, n+1; first < 0 {
				first = i
			}
		}
	}
	for i := max(first, 0); i <= last; i++ {
		if text := bytes.TrimSpace(lines[i]); len(text) > 0 && !quoteMark.Match(text) {
			return nil
		}
		lines[i] = quoteMark.ReplaceAll(lines[i], nil)
	}
	if n < 2 {
		return nil
	}
	c := Change{Line: first + 1, Column: 1, Was: "> ", What: fmt.Sprintf("line %d: passed over the > with which lines begin (%d lines)", first+1, n)}
	return []rewrite{{bytes.Join(lines, nil), c}}
}

var (
	proseLine = regexp.MustCompile(`^\pL[^{}\[\]=：\n]*\s[^{}\[\]=：\n]*$`)
	firstWord = regexp.MustCompile(`^\w+`)
)

// isProse reports whether a line is words, and does not begin with one of the
// format's.
func isProse(text, schema []byte) bool {
	return proseLine.Match(text) && !bytes.Contains(schema, []byte(`"`+string(firstWord.Find(text))+`":`))
}

// prose makes comments of words at the left edge before the trace begins and after
// it has ended. Between its lines such words may have been something else.
func prose(data, schema []byte) []rewrite {
	lines := bytes.SplitAfter(data, []byte("\n"))
	first, last := len(lines), -1 // of the trace
	for i, text := range lines {
		if text = bytes.TrimSpace(text); len(text) > 0 && text[0] != '#' && !isProse(lines[i], schema) {
			first, last = min(first, i), i
		}
	}
	var at []int
	for i, text := range lines {
		if (i < first || i > last) && isProse(text, schema) {
			at = append(at, i)
			lines[i] = slices.Concat([]byte("# "), text)
		}
	}
	if len(at) == 0 || first > last {
		return nil
	}
	what := fmt.Sprintf("line %d: %s", at[0]+1, passedOver)
	if len(at) > 1 {
		what += fmt.Sprintf(" (%d lines)", len(at))
	}
	return []rewrite{{bytes.Join(lines, nil), Change{Line: at[0] + 1, Column: 1, Now: "# ", What: what}}}
}
