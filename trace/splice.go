package trace

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
)

// This file decides which bytes a change is.

// A splice puts a text in the place of a span. Of one offset, they are applied
// by rank: what fills a value, then a comment behind it, then new lines, the
// deepest first.
type splice struct {
	span
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
	leadColon lead = ": " // behind a key alone
)

// An ownLine is a pair that is added to a mapping on a line of its own.
type ownLine struct {
	at     int // the end of the line before it
	indent string
	text   string
	comma  bool   // one comes behind it
	said   string // its comment
}

// A note is a comment at the end of a line.
type note struct {
	at   int  // where it is added
	more bool // to a comment that is there
	said []string
}

// ask enters what a request wants of a place. It gives false where the same was
// wanted before.
func (e *Editor) ask(r request, p place, text string, at *yaml.Node) (fresh bool, err error) {
	c := e.changes[p]
	switch want, ok := e.parse(text); {
	case !ok:
		return false, r.errorf(at, "%s is no text to fill in here", quote(text))
	case c == nil:
		e.changes[p] = &change{text: text, want: want, by: []request{r}}
		return true, nil
	case c.text != text:
		return false, r.errorf(at, "step %d wants %s here and step %d wants %s, for which an alias stands; write it out for each",
			c.by[0].step, quote(c.text), r.step, quote(text))
	case !slices.Contains(c.by[max(0, len(c.by)-raft.MaxNodes):], r):
		c.by = append(c.by, r)
	}
	return false, nil
}

// parse reads a text as one value of a flow collection.
func (e *Editor) parse(text string) (*yaml.Node, bool) {
	e.bytes += len(text)
	y, known := e.parsed[text]
	if !known {
		y = parseFlow(text)
		e.parsed[text] = y
	}
	return y.node, y.ok
}

func parseFlow(text string) yamlText {
	var doc, more yaml.Node
	dec := yaml.NewDecoder(strings.NewReader("[" + text + "]"))
	if strings.ContainsAny(text, "\r\n") || decode(dec, &doc) != nil || decode(dec, &more) != io.EOF {
		return yamlText{}
	}
	list := doc.Content[0]
	if list.Kind != yaml.SequenceNode || len(list.Content) != 1 || list.Content[0].Anchor != "" {
		return yamlText{}
	}
	return yamlText{list.Content[0], true}
}

// put writes a value in its slot, whose line gets a comment if something is
// said. Of a value with an anchor the anchor stays.
func (e *Editor) put(r request, s slot, text, said string) error {
	n := s.value()
	old := e.src.text(s.in, s.i)
	if n.Kind != yaml.ScalarNode && n.Kind != yaml.AliasNode && !isFlow(n) || bytes.IndexByte(e.src.data[old.lo:old.hi], '\n') >= 0 {
		return r.errorf(n, "this is written over several lines; write it on one, in braces, to have it replaced")
	}
	if isHollow(n) && !isFlow(s.in) && e.src.leadOf(s) == leadColon {
		return r.errorf(n, "the key before this has no colon; write one")
	}
	if err := e.canNote(r, n, old.hi, said); err != nil {
		return err
	}
	fresh, err := e.ask(r, place{node: n}, text, n)
	if err != nil || !fresh {
		return err
	}
	if isHollow(n) {
		e.gap(s).fill = text
	} else {
		e.words = append(e.words, splice{span: old, text: text})
	}
	e.note(old.hi, said)
	return nil
}

// leadOf gives what a value in the slot needs before it.
func (l *layout) leadOf(s slot) lead {
	switch {
	case !isHollow(s.value()):
		return leadNone
	case s.in.Kind == yaml.MappingNode && l.text(s.in, s.i) == l.after(s.in, s.i-1):
		return leadColon
	}
	return leadSpace
}

// after gives the empty span behind a child's text.
func (l *layout) after(in *yaml.Node, i int) span {
	hi := l.text(in, i).hi
	return span{hi, hi}
}

// gap gives the gap behind a slot's value.
func (e *Editor) gap(s slot) *gap {
	at := e.src.text(s.in, s.i).hi
	g := e.gaps[at]
	if g == nil {
		g = &gap{at: at, lead: e.src.leadOf(s)}
		e.gaps[at] = g
	}
	return g
}

// insert adds a pair to a mapping, behind one of its pairs (-1: it has none), in
// the style of what is there. Its line gets a comment if something is said.
func (e *Editor) insert(r request, m *yaml.Node, after int, key, text, said string) error {
	s, ok := e.src.spot(m, after)
	if !ok {
		return r.errorf(m, "%s cannot be added to this; write it as a mapping, each key on a line of its own", key)
	}
	if !s.own {
		if err := e.canNote(r, m, s.at, said); err != nil {
			return err
		}
	}
	fresh, err := e.ask(r, place{m, key}, text, m)
	if err != nil || !fresh {
		return err
	}
	a := addition{after: after, key: key}
	pair := likeKey(m, after, key) + ": " + text
	if s.own {
		a.line = e.newLine(m, after, s, pair, said)
	} else {
		e.inLine(m, after, s, pair)
		e.note(s.at, said)
	}
	e.added[m] = append(e.added[m], a)
	return nil
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
	if m.Kind != yaml.MappingNode || l.isBare(m) {
		return spot{}, false
	}
	if after < 0 {
		return spot{at: l.content(m) + 1}, isFlow(m)
	}
	s.at = l.text(m, 2*after+1).hi
	rest := l.blanks(l.beforeBreak(s.at))
	if s.comma = isFlow(m) && l.byteAt(rest) == ','; s.comma {
		rest = l.blanks(rest + 1)
	}
	s.eol = l.lineEnd(rest)
	ends := rest == s.eol || l.data[rest] == '#'
	if !isFlow(m) {
		s.own, s.indent = true, strings.Repeat(" ", l.column(m))
		return s, ends
	}
	first := false
	s.indent, first = l.indent(l.start(m.Content[2*after]))
	s.own = ends && first
	return s, true
}

// beforeBreak steps back over the line break with which a block scalar ends.
func (l *layout) beforeBreak(at int) int {
	return len(bytes.TrimSuffix(bytes.TrimSuffix(l.data[:at], []byte("\n")), []byte("\r")))
}

// column gives the indentation of a block mapping's keys: that of the first, or
// of the ? before it.
func (l *layout) column(m *yaml.Node) int {
	at := l.start(m.Content[0])
	before, _ := l.indent(at)
	if mark := at - len(before) - 1; mark >= 0 && l.data[mark] == '?' {
		return m.Content[0].Column - 1 - len(before) - 1
	}
	return m.Content[0].Column - 1
}

// indent gives the white space before an offset; ok is false if there is more on
// its line than that.
func (l *layout) indent(at int) (indent string, ok bool) {
	lo := at
	for lo > 0 && (l.data[lo-1] == ' ' || l.data[lo-1] == '\t') {
		lo--
	}
	return string(l.data[lo:at]), lo == 0 || l.data[lo-1] == '\n'
}

// likeKey writes a key as the one before it is written, in quotes or not.
func likeKey(m *yaml.Node, before int, key string) string {
	var style yaml.Style
	if before >= 0 {
		style = m.Content[2*before].Style
	}
	switch {
	case style&yaml.DoubleQuotedStyle != 0:
		return strconv.Quote(key)
	case style&yaml.SingleQuotedStyle != 0:
		return "'" + key + "'"
	case digits(key):
		return key
	}
	return FlowScalar(key)
}

// inLine adds a pair behind another one.
func (e *Editor) inLine(m *yaml.Node, after int, s spot, pair string) {
	if after >= 0 {
		g := e.gap(slot{m, 2*after + 1})
		g.pairs = append(g.pairs, ", "+pair)
		return
	}
	g := e.gaps[s.at]
	if g == nil {
		e.gaps[s.at] = &gap{at: s.at, pairs: []string{pair}}
		return
	}
	g.pairs = append(g.pairs, ", "+pair)
}

// newLine adds a pair on a line of its own. In braces, a comma parts it from
// what is before it, and from what is behind.
func (e *Editor) newLine(m *yaml.Node, after int, s spot, pair, said string) *ownLine {
	n := &ownLine{at: s.eol, indent: s.indent, text: pair, comma: s.comma, said: said}
	e.lines = append(e.lines, n)
	if !isFlow(m) || s.comma {
		return n
	}
	for _, a := range slices.Backward(e.added[m]) {
		if a.after == after {
			a.line.comma = true
			return n
		}
	}
	g := e.gap(slot{m, 2*after + 1})
	g.pairs = append(g.pairs, ",")
	return n
}

// lineToken gives the last token that begins before a line's end, if there is
// one.
func (e *Editor) lineToken(eol int) (t token, ok bool) {
	tokens := e.oldTokens()
	i, _ := slices.BinarySearchFunc(tokens, eol, func(t token, eol int) int { return cmp.Compare(t.lo, eol) })
	if i == 0 {
		return token{}, false
	}
	return tokens[i-1], true
}

func (e *Editor) oldTokens() []token {
	if e.tokens == nil {
		e.tokens = e.src.tokens(e.docs)
	}
	return e.tokens
}

// canNote refuses a comment at the end of an offset's line if a text runs over
// that end.
func (e *Editor) canNote(r request, n *yaml.Node, at int, said string) error {
	if said == "" {
		return nil
	}
	eol := e.src.lineEnd(at)
	if t, ok := e.lineToken(eol); ok && t.hi > eol {
		return r.errorf(n, "what stood here cannot be noted at the end of the line, which is inside a text; begin a new line before that text")
	}
	return nil
}

// note adds a comment at the end of an offset's line, or to the comment there.
func (e *Editor) note(at int, said string) {
	if said == "" {
		return
	}
	eol := e.src.lineEnd(at)
	n := e.notes[eol]
	if n == nil {
		t, ok := e.lineToken(eol)
		n = &note{at: len(bytes.TrimRight(e.src.data[:eol], " \t")), more: ok && t.comment && t.lo >= at}
		e.notes[eol] = n
	}
	n.said = append(n.said, said)
}

// splices gives what was asked for as changes to the file's bytes, in order.
func (e *Editor) splices() []splice {
	var all []splice
	for _, s := range e.words {
		if e.src.byteAt(s.hi) == '#' {
			s.text += " "
		}
		all = append(all, s)
	}
	for _, g := range e.gaps {
		all = append(all, e.src.fillGap(g))
	}
	for _, n := range e.notes {
		all = append(all, splice{span: span{n.at, n.at}, rank: comment, text: n.text()})
	}
	for _, n := range e.lines {
		all = append(all, splice{span: span{n.at, n.at}, rank: newLine, deep: len(n.indent), text: e.src.lineBreak(n.at) + n.full()})
	}
	slices.SortStableFunc(all, func(a, b splice) int {
		return cmp.Or(cmp.Compare(a.lo, b.lo), cmp.Compare(a.rank, b.rank), cmp.Compare(b.deep, a.deep))
	})
	return all
}

// fillGap gives a gap its spaces. Those behind an empty value make room for the
// value: before a comment as long as they last, before a bracket all but one.
func (l *layout) fillGap(g *gap) splice {
	text := g.fill + strings.Join(g.pairs, "")
	hi := g.at
	if g.lead == leadSpace {
		hi = l.blanks(g.at)
	}
	if g.lead == leadSpace || g.fill != "" {
		text = string(g.lead) + text
	}
	room := hi - g.at
	switch c := l.byteAt(hi); {
	case c == '#':
		pad := room - utf8.RuneCountInString(text)
		if pad < 1 {
			pad = 2
		}
		text += strings.Repeat(" ", pad)
	case (c == '}' || c == ']') && room > 1:
		text += string(l.data[g.at+1 : hi])
	}
	return splice{span: span{g.at, hi}, rank: inLine, text: text}
}

func (n *note) text() string {
	said := strings.Join(n.said, ", ")
	if n.more {
		return "; " + said
	}
	return "  # " + said
}

// full gives the line's text, without its line break.
func (n *ownLine) full() string {
	text := n.indent + n.text
	if n.comma {
		text += ","
	}
	if n.said != "" {
		text += "  # " + n.said
	}
	return text
}

// lineBreak gives the line break at the end of a line; of the last line, that of
// the others.
func (l *layout) lineBreak(eol int) string {
	if l.byteAt(eol) == '\r' || eol == len(l.data) && bytes.Contains(l.data, []byte("\r\n")) {
		return "\r\n"
	}
	return "\n"
}

// apply makes the changes. A comment's splice may begin inside that of a gap at
// the end of the line, and comes behind it.
func apply(data []byte, splices []splice) []byte {
	grown := 0
	for _, s := range splices {
		grown += len(s.text)
	}
	out := make([]byte, 0, len(data)+grown)
	at := 0
	for _, s := range splices {
		if s.lo > at {
			out = append(out, data[at:s.lo]...)
		}
		out = append(out, s.text...)
		at = max(at, s.hi)
	}
	return append(out, data[at:]...)
}
