package mend

import (
	"bytes"
	"slices"

	"raftsheet/trace/internal/source"
)

// This file tries proposals out.

// A trouble is where a text stops being YAML.
type trouble struct {
	*source.Trouble
	told  int32 // the line that a person is told
	whole int32 // the last line up to which the text reads by itself, as far as was looked
}

// look reads a text, and says where it stops being YAML; nil where all of it is.
// Its price is what reading costs: once through, or up to the trouble, and then some
// more times to find the place.
func (m *mender) look(text []byte) *trouble {
	src := source.New(text)
	t := src.Trouble(m.depth)
	if t == nil {
		m.fuel -= len(text) + 64
		return nil
	}
	m.fuel -= 5*t.Reached + len(text)/4 + 64
	told := src.Pos(min(t.At, len(text))).Line
	out := &trouble{Trouble: t, told: told, whole: max(told, t.Here)}
	// The lines that read by themselves are those up to the slip, wherever the
	// library came to notice it.
	for range 8 {
		_, end := src.LineSpan(out.whole)
		if m.fuel -= end; out.whole == 0 || source.New(text[:end]).IsYAML() {
			break
		}
		out.whole--
	}
	return out
}

// A proposal is a window's text with a slip set right, or something taken out, and
// what reading it comes to.
type proposal struct {
	text    []byte
	changes []Change
	lost    *loss
	trouble *trouble

	all    bool // every slip of the kind on its line, of the text, is set right
	clears bool // it is of no use unless its line reads
	line   int32
}

// reads reports whether the proposal's line reads.
func (p *proposal) reads() bool { return p.trouble == nil || p.trouble.whole >= p.line }

// begins reports whether the trouble is further on in the proposal's line: another
// slip.
func (p *proposal) begins() bool {
	start, end := source.New(p.text).LineSpan(p.line)
	start += len(p.text[start:end]) - len(bytes.TrimLeft(p.text[start:end], " -"))
	return p.trouble.At > start && p.trouble.At < end && p.trouble.Here == p.line
}

// further reports whether b is read further than a. More lines that read by
// themselves are further, whatever is wrong in the next. Of one line, what is left
// to read is counted, since a change shifts what comes after it; first up to the
// place that a person is told, since a quote that is never closed takes the library
// to the file's end.
func further(a []byte, ta *trouble, b []byte, tb *trouble) bool {
	if ta == nil || tb == nil {
		return ta != nil
	}
	if ta.whole != tb.whole {
		return tb.whole > ta.whole
	}
	leftA, leftB := len(a)-ta.At, len(b)-tb.At
	if leftA != leftB {
		return leftB < leftA
	}
	return len(b)-tb.Reached < len(a)-ta.Reached
}

// proposals gives those of a row for the lines that may be to blame: the one that
// a person is told, the one that the library had come to, and some above, since
// an unclosed bracket or a lost indent shows later.
func (m *mender) proposals(w *window, r *row, now *trouble) []*proposal {
	const above = 3
	seen := make(map[int32]bool)
	src := source.New(w.text)
	var out []*proposal
	if r.each {
		out = m.inStep(w, src, r, now.whole+1)
	}
	for _, from := range []int32{now.whole + 1, now.told, now.Here} {
		for line := from; line > max(w.skipped, from-above); line-- {
			if seen[line] {
				continue
			}
			seen[line] = true
			out = append(out, m.onLine(w, src, r, line)...)
		}
	}
	return out
}

// inStep gives the proposal to set a row's slips right on all lines of the step
// that a line is in; none where they are on one line. Lines without a colon that
// follow each other are one text to YAML, so that none of them helps by itself.
func (m *mender) inStep(w *window, src *source.Source, r *row, number int32) []*proposal {
	const mostLines = 100
	lay := w.layout()
	if number <= w.skipped || int(number) > len(lay) {
		return nil
	}
	entry := lay[number-1].entry
	last := lay.end(entry, -1)
	if last-entry > mostLines || entry <= int(w.skipped) {
		return nil
	}
	p, lines := &proposal{text: w.text, all: true}, 0
	for n := int32(last); n >= int32(entry); n-- { // from below, so that places hold
		if l, start, fixes := m.found(w, src, r, n); len(fixes) > 0 {
			lines++
			m.put(p, w, l, n, start, r, fixes)
		}
	}
	if lines < 2 {
		return nil
	}
	return []*proposal{p}
}

// onLine gives a row's proposals for a line of a window's text: with several slips
// of a kind that are independent of each other, first all of them set right.
func (m *mender) onLine(w *window, src *source.Source, r *row, number int32) []*proposal {
	l, start, fixes := m.found(w, src, r, number)
	var out []*proposal
	if r.each && len(fixes) > 1 {
		p := &proposal{text: w.text, all: true}
		m.put(p, w, l, number, start, r, fixes)
		out = append(out, p)
	}
	for _, f := range fixes {
		p := &proposal{text: w.text, clears: r.clears}
		m.put(p, w, l, number, start, r, []fix{f})
		out = append(out, p)
	}
	return out
}

// found gives a line, where it starts, and what a row has for it.
func (m *mender) found(w *window, src *source.Source, r *row, number int32) (l *line, start int, fixes []fix) {
	const most = 24
	start, end := src.LineSpan(number)
	if end-start > mostLine || end == start {
		return nil, 0, nil
	}
	l = scan(string(w.text[start:end]))
	l.file, l.schema, l.lay, l.number = m.data, m.schema, w.layout(), int(number)
	fixes = r.find(l)
	return l, start, fixes[:min(len(fixes), most)]
}

// put puts fixes into a line that begins at an offset, before what a proposal
// changes already.
func (m *mender) put(p *proposal, w *window, l *line, number int32, start int, r *row, fixes []fix) {
	end := len(l.text)
	fixes = slices.Clone(fixes)
	slices.SortStableFunc(fixes, func(a, b fix) int { return b.lo - a.lo }) // from the right, so that places hold
	for _, f := range fixes {
		if f.hi > end {
			continue // within one that is set right already
		}
		end = f.lo
		p.text = splice(p.text, start+f.lo, start+f.hi, f.put)
		c := l.mend(w.fileLine(number), f)
		c.Moves = r.moves || f.moves
		p.changes = slices.Insert(p.changes, 0, c)
	}
	p.line = max(p.line, number)
}

// splice gives data with [lo, hi) replaced.
func splice(data []byte, lo, hi int, put string) []byte {
	out := make([]byte, 0, len(data)+len(put))
	out = append(out, data[:lo]...)
	out = append(out, put...)
	return append(out, data[hi:]...)
}
