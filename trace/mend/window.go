package mend

import (
	"bytes"
	"regexp"
	"slices"
)

// This file knows how a trace lies on its lines, as far as lines alone tell it:
// where steps begin. Two steps at a time are looked at, so that a slip costs no more
// to set right at the end of a long file than at its start.

// A window is a run of lines [lo, hi) of the file, which begins with the file or
// with a step, and all before which reads. Steps are read under a line that says
// steps:, or under the file's own head.
type window struct {
	lo, hi int
	line   int32  // of the file, at lo
	text   []byte // what is read: the lines that stand for what is before, and the window's own

	skipped int32  // lines that stand for what is before
	above   int    // their bytes
	walk    walker // as it is at lo
	head    int    // bytes of the file before its first step; 0 where that is not known

	lay layout // of text; nil until it is asked for

	changes []Change
	lost    []loss
}

const stepsKey = "steps:\n"

// take makes a proposal's text the window's.
func (w *window) take(p *proposal) {
	w.text, w.lay = p.text, nil
	w.changes = append(w.changes, p.changes...)
	if p.lost != nil {
		w.lost = append(w.lost, *p.lost)
	}
}

// fileLine gives the file's number of a line of the window's text.
func (w *window) fileLine(line int32) int { return int(line - w.skipped + w.line - 1) }

// own gives the window's own part of a text.
func (w *window) own(text []byte) []byte { return text[min(w.above, len(text)):] }

// commit puts what the window has come to into the file.
func (m *mender) commit(w *window) {
	if len(w.changes)+len(w.lost) == 0 {
		return
	}
	text := w.own(w.text)
	m.fuel -= len(m.data) / 16 // what is behind it moves
	m.data = slices.Concat(m.data[:w.lo], text, m.data[w.hi:])
	w.hi = w.lo + len(text)
	lay := w.layout()
	for _, c := range w.changes {
		c.Lines = lay.touched(w, c)
		m.changes = append(m.changes, c)
	}
	m.lost = append(m.lost, w.lost...)
	w.changes, w.lost = nil, nil
}

// wholeWindow is all of the file.
func (m *mender) wholeWindow() *window {
	return &window{hi: len(m.data), line: 1, text: m.data, walk: walker{column: -1}}
}

// sharing finds what lets a step depend on one far above: an anchor.
var sharing = regexp.MustCompile(`(?m)(?:^|[ \t,\[{:])[&*]\w`)

// firstWindow is the file's head and the first of its steps; all of the file where
// steps cannot be told.
func (m *mender) firstWindow() *window {
	w := m.wholeWindow()
	if sharing.Match(m.data) {
		return w
	}
	w.hi = m.windowEnd(w)
	w.text = m.data[:w.hi]
	return w
}

// next is the window after one, nil for none.
func (m *mender) next(w *window) *window {
	if w.hi >= len(m.data) {
		return nil
	}
	n := &window{lo: w.hi, line: w.line, walk: w.walk, head: w.head, skipped: 1, above: len(stepsKey)}
	at := w.lo
	for text := range bytes.Lines(m.data[w.lo:w.hi]) {
		if n.walk.begins(text) && n.head == 0 {
			n.head = at
		}
		at += len(text)
		n.line++
	}
	n.hi = m.windowEnd(n)
	n.text = slices.Concat([]byte(stepsKey), m.data[n.lo:n.hi])
	return n
}

// windowEnd gives the offset of the second step that begins after the window's
// first line, or the file's end.
func (m *mender) windowEnd(w *window) int {
	walk, at, steps := w.walk, w.lo, 0
	for text := range bytes.Lines(m.data[w.lo:]) {
		if walk.begins(text) && at > w.lo {
			if steps++; steps == 2 {
				return at
			}
		}
		at += len(text)
	}
	return len(m.data)
}

// underHead gives a window's text under the file's head, as the reader of traces
// wants it.
func (m *mender) underHead(w *window, text []byte) []byte {
	if w.lo == 0 || w.head == 0 {
		return w.own(text)
	}
	return slices.Concat(m.data[:w.head], w.own(text))
}

// layout gives that of the window's text.
func (w *window) layout() layout {
	if w.lay == nil {
		w.lay = newLayout(w.text)
	}
	return w.lay
}

// touched gives the lines whose cells a change could touch, where that is not known
// from what else could have been meant: its own, or, where it could have moved a
// value, those of its step.
func (l layout) touched(w *window, c Change) [2]int {
	n := c.Line - w.fileLine(1) + 1
	switch {
	case c.Lines != [2]int{}:
		return c.Lines
	case !c.Moves || n < 1 || n > len(l):
		return [2]int{c.Line, c.Line}
	}
	entry := l[n-1].entry
	return [2]int{w.fileLine(int32(entry)), w.fileLine(int32(l.end(entry, -1)))}
}

// rewrites makes proposals of other texts of the whole file.
func (w *window) rewrites(all []rewrite) []*proposal {
	out := make([]*proposal, len(all))
	for i, r := range all {
		out[i] = &proposal{text: r.text, changes: []Change{r.change}}
	}
	return out
}
