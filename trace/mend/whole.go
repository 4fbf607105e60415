package mend

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"raftsheet/trace/internal/source"
)

// This file sets right what runs through a whole file: its encoding, the ends of
// its lines, tabs, and what a page of Markdown puts around it.

// encoding makes UTF-8 with line feeds of the file, if that is what keeps it from
// being read. There is nothing to try out: the bytes say what they are.
func (m *mender) encoding() {
	if source.New(m.data).Check() == nil {
		return
	}
	if text, ok := fromUTF16(m.data); ok {
		m.take(&proposal{data: text, mend: all("UTF-16", "UTF-8", "the file is in UTF-16; read as UTF-8")})
	}
	if !utf8.Valid(m.data) {
		return // a photograph, or letters of a code page that cannot be told
	}
	const mark = "\ufeff"
	if start := bytes.TrimPrefix(m.data, []byte(mark)); bytes.Contains(start, []byte(mark)) {
		n := bytes.Count(start, []byte(mark))
		m.take(&proposal{data: bytes.ReplaceAll(m.data, []byte(mark), nil),
			mend: all(`\ufeff`, "", fmt.Sprintf("passed over byte order marks inside of the file (%d)", n))})
	}
	if text, n := lineFeeds(m.data); n > 0 {
		m.take(&proposal{data: text, mend: all(`\r`, `\n`, fmt.Sprintf("read carriage returns alone as ends of lines (%d)", n))})
	}
}

// all is a mend of the whole file.
func all(was, now, what string) Change {
	return Change{Line: 1, Column: 1, Was: was, Now: now, What: what}
}

// fromUTF16 decodes UTF-16, with its mark or without.
func fromUTF16(data []byte) ([]byte, bool) {
	var order binary.ByteOrder = binary.LittleEndian
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xfe")):
		data = data[2:]
	case bytes.HasPrefix(data, []byte("\xfe\xff")):
		order, data = binary.BigEndian, data[2:]
	case len(data) < 4 || (data[0] == 0) == (data[1] == 0) || (data[0] == 0) != (data[2] == 0) || (data[1] == 0) != (data[3] == 0):
		return nil, false
	case data[0] == 0:
		order = binary.BigEndian
	}
	if len(data)%2 == 1 && data[len(data)-1] == '\n' {
		data = data[:len(data)-1] // a tool of another mind has ended the file
	}
	if len(data)%2 == 1 {
		return nil, false
	}
	units := make([]uint16, len(data)/2)
	for i := range units {
		units[i] = order.Uint16(data[2*i:])
	}
	text := []byte(string(utf16.Decode(units)))
	// Halves of pairs come out as the replacement character: then it was no text.
	return text, bytes.Count(text, []byte("\ufffd")) == 0
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
func tabs(m *mender) []*proposal {
	found := indentTab.FindAllIndex(m.data, mostMends*100)
	if found == nil {
		return nil
	}
	src := source.New(m.data)
	first, last := src.Pos(found[0][0]).Line, src.Pos(found[len(found)-1][0]).Line
	var out []*proposal
	for _, wide := range []int{2, 4, 8, 3, 1} {
		text := indentTab.ReplaceAllFunc(m.data, func(start []byte) []byte { return stops(start, wide) })
		what := fmt.Sprintf("line %d: read tabs as indents of %d", first, wide)
		if first != last {
			what = fmt.Sprintf("lines %d to %d: read tabs as indents of %d (on %d lines)", first, last, wide, len(found))
		}
		out = append(out, &proposal{data: text, mend: Change{Line: int(first), Column: 1, Was: `\t`, Now: strings.Repeat(" ", wide), What: what}})
	}
	return out
}

var oddIndent = regexp.MustCompile("(?m)^[ -]*[\u00a0\u2000-\u200a\u202f\u205f\u3000][ \u00a0\u2000-\u200a\u202f\u205f\u3000-]*")

// oddIndents reads other kinds of spaces at the start of lines as plain ones. To
// YAML such a line is a key in the first column, and what is wrong shows much later.
func oddIndents(m *mender) []*proposal {
	found := oddIndent.FindAllIndex(m.data, mostMends*100)
	if found == nil {
		return nil
	}
	first := source.New(m.data).Pos(found[0][0]).Line
	what := fmt.Sprintf("line %d: read a no-break space, or one of another kind, as a plain one", first)
	if len(found) > 1 {
		what += fmt.Sprintf(" (at the start of %d lines)", len(found))
	}
	text := oddIndent.ReplaceAllFunc(m.data, func(start []byte) []byte { return oddSpace.ReplaceAll(start, []byte(" ")) })
	return []*proposal{{data: text, mend: Change{Line: int(first), Column: 1, Was: "\u00a0", Now: " ", What: what}}}
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
func fences(m *mender) []*proposal {
	lines := bytes.SplitAfter(m.data, []byte("\n"))
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
	p := &proposal{mend: Change{Line: first, Column: 1, Was: strings.TrimSpace(string(lines[at[0]])),
		What: fmt.Sprintf("line %d: passed over the fence of a Markdown code block", first)}}
	if prose := len(at) == 2 && len(outside) > 0; prose {
		for _, i := range outside {
			prose = prose && !m.isKeyed(lines[i])
		}
		if prose {
			at = append(at, outside...)
			p.mend.What = fmt.Sprintf("line %d: read only what the Markdown code block holds (%d lines around it are passed over)", first, len(outside))
		}
	}
	for _, i := range at {
		lines[i] = lines[i][len(bytes.TrimRight(lines[i], "\r\n")):] // lines keep their numbers
	}
	p.data = bytes.Join(lines, nil)
	return []*proposal{p}
}

// isKeyed reports whether a line is one of a trace, as far as can be told.
func (m *mender) isKeyed(text []byte) bool {
	key := keyLike.FindSubmatch(text)
	return key != nil && (len(key[1]) > 0 || bytes.Contains(m.schema, []byte(`"`+string(key[2])+`":`)))
}
