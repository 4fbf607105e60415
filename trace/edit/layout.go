package edit

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"raftsheet/trace/internal/source"
)

// This file finds room in a file's layout: where a text can be added, and the
// white space that it needs.

// A layout is a file's text, and where its nodes are in it.
type layout struct{ *source.Layout }

// A slot is the place of a value in its mapping or list.
type slot struct {
	in *yaml.Node
	i  int // in in.Content
}

func (s slot) value() *yaml.Node { return s.in.Content[s.i] }

// A splice puts a text in the place of a span. Of one offset, they are applied
// by rank: what fills a value, then a comment behind it, then new lines, the
// deepest first.
type splice struct {
	source.Span
	rank rank
	deep int // indentation of a new line
	text string
}

type rank uint8

const (
	inLine rank = iota
	comment
	newLine
)

// A gap is a place between two tokens in which text is added: an empty value's,
// or that behind a flow mapping's pair.
type gap struct {
	at    int
	lead  lead
	fill  string   // the value
	pairs []string // further pairs, with their commas
}

// A lead is what separates the value of a gap from what is before it.
type lead string

const (
	leadNone  lead = ""   // the gap is behind a value
	leadSpace lead = " "  // behind a colon, a dash or an anchor
	leadColon lead = ": " // behind a key without a colon
)

// leadOf gives what a value in the slot needs before it.
func (l *layout) leadOf(s slot) lead {
	switch {
	case !source.IsHollow(s.value()):
		return leadNone
	case s.in.Kind == yaml.MappingNode && l.Text(s.in, s.i).Lo == l.Text(s.in, s.i-1).Hi:
		return leadColon
	}
	return leadSpace
}

// A spot is where a new pair goes.
type spot struct {
	at     int    // behind the pair before it, or the opening brace
	own    bool   // on a line of its own
	eol    int    // then: the end of the line before
	indent string // then: before it
	comma  bool   // then: a comma follows the pair before it
}

// spot finds where a pair can be added behind one of a mapping's. In braces it
// gets a line of its own where the pair before it has one.
func (l *layout) spot(m *yaml.Node, after int) (s spot, ok bool) {
	if m.Kind != yaml.MappingNode || l.IsBare(m) {
		return spot{}, false
	}
	if after < 0 {
		return spot{at: l.Content(m) + 1}, source.IsFlow(m)
	}
	s.at = l.Text(m, 2*after+1).Hi
	rest := l.Blanks(l.beforeBreak(s.at))
	if s.comma = source.IsFlow(m) && l.ByteAt(rest) == ','; s.comma {
		rest = l.Blanks(rest + 1)
	}
	s.eol = l.LineEnd(rest)
	ends := rest == s.eol || l.Bytes()[rest] == '#'
	if !source.IsFlow(m) {
		s.own, s.indent = true, strings.Repeat(" ", l.column(m))
		return s, ends
	}
	first := false
	s.indent, first = l.indent(l.Start(m.Content[2*after]))
	s.own = ends && first
	return s, true
}

// beforeBreak steps back over the line break with which a block scalar ends.
func (l *layout) beforeBreak(at int) int {
	return len(bytes.TrimSuffix(bytes.TrimSuffix(l.Bytes()[:at], []byte("\n")), []byte("\r")))
}

// column gives the indentation of a block mapping's keys: that of the first, or
// of the ? before it.
func (l *layout) column(m *yaml.Node) int {
	at := l.Start(m.Content[0])
	before, _ := l.indent(at)
	if mark := at - len(before) - 1; mark >= 0 && l.Bytes()[mark] == '?' {
		return m.Content[0].Column - 1 - len(before) - 1
	}
	return m.Content[0].Column - 1
}

// indent gives the white space before an offset; ok is false if there is more on
// its line than that.
func (l *layout) indent(at int) (indent string, ok bool) {
	lo := at
	for lo > 0 && (l.Bytes()[lo-1] == ' ' || l.Bytes()[lo-1] == '\t') {
		lo--
	}
	return string(l.Bytes()[lo:at]), lo == 0 || l.Bytes()[lo-1] == '\n'
}

// fillGap gives a gap its spaces. Those behind an empty value make room for the
// value: before a comment as long as they last, before a bracket all but one.
func (l *layout) fillGap(g *gap) splice {
	text := g.fill + strings.Join(g.pairs, "")
	hi := g.at
	if g.lead == leadSpace {
		hi = l.Blanks(g.at)
	}
	if g.lead == leadSpace || g.fill != "" {
		text = string(g.lead) + text
	}
	room := hi - g.at
	switch c := l.ByteAt(hi); {
	case c == '#':
		pad := room - utf8.RuneCountInString(text)
		if pad < 1 {
			pad = 2
		}
		text += strings.Repeat(" ", pad)
	case (c == '}' || c == ']') && room > 1:
		text += string(l.Bytes()[g.at+1 : hi])
	}
	return splice{Span: source.Span{Lo: g.at, Hi: hi}, rank: inLine, text: text}
}

// lineBreak gives the line break at the end of a line; of the last line, that of
// the others.
func (l *layout) lineBreak(eol int) string {
	if l.ByteAt(eol) == '\r' || eol == len(l.Bytes()) && bytes.Contains(l.Bytes(), []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}
