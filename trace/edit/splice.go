package edit

import (
	"bytes"
	"cmp"
	"io"
	"slices"
	"sort"
	"strconv"
	"strings"

	"gopkg.in/yaml.v3"

	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/internal/source"
)

// This file decides which bytes a change is.

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

// ask gives the change that a request wants, of which another is what was wanted
// before, if anything; nil where that was the same.
func (e *Editor) ask(r request, c *change, text string, at *yaml.Node) (fresh *change, err error) {
	switch want, ok := e.parse(text); {
	case !ok:
		return nil, r.errorf(at, "%s cannot be filled in here: it is not one YAML value", source.Quote(text))
	case c == nil:
		return e.newChange(r, text, want), nil
	case c.text != text:
		return nil, r.errorf(at, "step %d wants %s here and step %d wants %s, and both read it through an alias; write it out for each",
			c.by[0].step, source.Quote(c.text), r.step, source.Quote(text))
	case !slices.Contains(c.by[max(0, len(c.by)-raft.MaxNodes):], r):
		c.by = append(c.by, r)
	}
	return nil, nil
}

// newChange makes a change, one of many.
func (e *Editor) newChange(r request, text string, want *yaml.Node) *change {
	const least, most = 4, 256
	if len(e.room) == 0 {
		e.room = make([]change, min(max(least, len(e.changes)), most))
	}
	c := &e.room[0]
	e.room = e.room[1:]
	c.text, c.want, c.first[0] = text, want, r
	c.by = c.first[:]
	return c
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
	if strings.ContainsAny(text, "\r\n") || source.Decode(dec, &doc) != nil || source.Decode(dec, &more) != io.EOF {
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
	old := e.src.Text(s.in, s.i)
	if n.Kind != yaml.ScalarNode && n.Kind != yaml.AliasNode && !source.IsFlow(n) || bytes.IndexByte(e.src.Bytes()[old.Lo:old.Hi], '\n') >= 0 {
		return r.errorf(n, "this is written over several lines; write it on one, in braces, to have it replaced")
	}
	if source.IsHollow(n) && !source.IsFlow(s.in) && e.src.leadOf(s) == leadColon {
		return r.errorf(n, "the key before this has no colon; write one")
	}
	if err := e.canNote(r, n, old.Hi, said); err != nil {
		return err
	}
	fresh, err := e.ask(r, e.changes[n], text, n)
	if err != nil || fresh == nil {
		return err
	}
	e.changes[n] = fresh
	if source.IsHollow(n) {
		e.gapBehind(s, old.Hi).fill = text
	} else {
		e.words = append(e.words, splice{Span: old, text: text})
	}
	e.note(old.Hi, said)
	return nil
}

// gap gives the gap behind a slot's value.
func (e *Editor) gap(s slot) *gap { return e.gapBehind(s, e.src.Text(s.in, s.i).Hi) }

// gapBehind is gap where the end of the value is known.
func (e *Editor) gapBehind(s slot, at int) *gap {
	g, fresh := e.gapAt(at)
	if fresh {
		g.lead = e.src.leadOf(s)
	}
	return g
}

// gapAt gives the gap at an offset, a fresh one if there was none. Almost all are
// asked for in the order of the file.
func (e *Editor) gapAt(at int) (g *gap, fresh bool) {
	i := len(e.gaps)
	if i > 0 && e.gaps[i-1].at >= at {
		i = sort.Search(i, func(i int) bool { return e.gaps[i].at >= at })
	}
	if i < len(e.gaps) && e.gaps[i].at == at {
		return e.gaps[i], false
	}
	g = &gap{at: at}
	e.gaps = slices.Insert(e.gaps, i, g)
	return g, true
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
	fresh, err := e.ask(r, e.addition(m, key), text, m)
	if err != nil || fresh == nil {
		return err
	}
	a := addition{change: fresh, after: after, key: key}
	pair := e.likeKey(m, after, key) + ": " + text
	if s.own {
		a.line = e.newLine(m, after, s, pair, said)
	} else {
		e.inLine(m, after, s, pair)
		e.note(s.at, said)
	}
	e.added[m] = append(e.added[m], a)
	return nil
}

// addition gives what is added to a mapping under a key, nil for nothing.
func (e *Editor) addition(m *yaml.Node, key string) *change {
	for _, a := range e.added[m] {
		if a.key == key {
			return a.change
		}
	}
	return nil
}

// likeKey writes a key as the one before it is written, in quotes or not.
func (e *Editor) likeKey(m *yaml.Node, before int, key string) string {
	if e.json {
		return source.JSONText(key)
	}
	var style yaml.Style
	if before >= 0 {
		style = m.Content[2*before].Style
	}
	switch {
	case style&yaml.DoubleQuotedStyle != 0:
		return strconv.Quote(key)
	case style&yaml.SingleQuotedStyle != 0:
		return "'" + key + "'"
	}
	return trace.FlowScalar(key)
}

// inLine adds a pair behind another one.
func (e *Editor) inLine(m *yaml.Node, after int, s spot, pair string) {
	if after >= 0 {
		g := e.gap(slot{m, 2*after + 1})
		g.pairs = append(g.pairs, ", "+pair)
		return
	}
	g, fresh := e.gapAt(s.at)
	if !fresh {
		pair = ", " + pair
	}
	g.pairs = append(g.pairs, pair)
}

// newLine adds a pair on a line of its own. In braces, a comma parts it from
// what is before it, and from what is behind.
func (e *Editor) newLine(m *yaml.Node, after int, s spot, pair, said string) *ownLine {
	n := &ownLine{at: s.eol, indent: s.indent, text: pair, comma: s.comma, said: said}
	e.lines = append(e.lines, n)
	if !source.IsFlow(m) || s.comma {
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

// lastText gives the last text that begins before a line's end; empty for none.
func (e *Editor) lastText(eol int) source.Span {
	if e.leaves == nil {
		source.Leaves(e.docs, func(in *yaml.Node, i int) bool {
			e.leaves = append(e.leaves, slot{in, i})
			return true
		})
	}
	line := e.src.LineOf(eol)
	i := sort.Search(len(e.leaves), func(i int) bool { return e.leaves[i].value().Line > line })
	if i == 0 {
		return source.Span{}
	}
	return e.src.Text(e.leaves[i-1].in, e.leaves[i-1].i)
}

// hasComment reports whether a comment begins in a stretch of a line.
func (e *Editor) hasComment(lo, hi int) bool {
	comments := e.oldComments()
	i := sort.Search(len(comments), func(i int) bool { return comments[i].Lo >= lo })
	return i < len(comments) && comments[i].Lo < hi
}

func (e *Editor) oldComments() []source.Span {
	if e.comments == nil {
		e.comments = e.src.Comments(e.docs)
	}
	return e.comments
}

// canNote refuses a comment at the end of an offset's line if a text runs over
// that end.
func (e *Editor) canNote(r request, n *yaml.Node, at int, said string) error {
	if said == "" {
		return nil
	}
	if eol := e.src.LineEnd(at); e.lastText(eol).Hi > eol {
		return r.errorf(n, "the old answer cannot be noted at the end of the line, which is inside a text; begin a new line before that text")
	}
	return nil
}

// note adds a comment at the end of an offset's line, or to the comment there.
func (e *Editor) note(at int, said string) {
	if said == "" {
		return
	}
	eol := e.src.LineEnd(at)
	n := e.notes[eol]
	if n == nil {
		n = &note{at: len(bytes.TrimRight(e.src.Bytes()[:eol], " \t")), more: e.hasComment(at, eol)}
		e.notes[eol] = n
	}
	n.said = append(n.said, said)
}

// splices gives what was asked for as changes to the file's bytes, in order.
func (e *Editor) splices() []splice {
	all := make([]splice, 0, len(e.words)+len(e.gaps)+len(e.notes)+len(e.lines))
	for _, s := range e.words {
		if e.src.ByteAt(s.Hi) == '#' {
			s.text += " "
		}
		all = append(all, s)
	}
	for _, g := range e.gaps {
		all = append(all, e.src.fillGap(g))
	}
	for _, n := range e.notes {
		all = append(all, splice{Span: source.Span{Lo: n.at, Hi: n.at}, rank: comment, text: n.text()})
	}
	for _, n := range e.lines {
		all = append(all, splice{Span: source.Span{Lo: n.at, Hi: n.at}, rank: newLine, deep: len(n.indent), text: e.src.lineBreak(n.at) + n.full()})
	}
	order := func(a, b splice) int {
		return cmp.Or(cmp.Compare(a.Lo, b.Lo), cmp.Compare(a.rank, b.rank), cmp.Compare(b.deep, a.deep))
	}
	if !slices.IsSortedFunc(all, order) {
		slices.SortStableFunc(all, order)
	}
	return all
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
		if s.Lo > at {
			out = append(out, data[at:s.Lo]...)
		}
		out = append(out, s.text...)
		at = max(at, s.Hi)
	}
	return append(out, data[at:]...)
}
