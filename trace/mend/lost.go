package mend

import (
	"bytes"
	"cmp"
	"errors"
	"regexp"
	"slices"
	"strings"

	"raftsheet/trace"
	"raftsheet/trace/internal/source"
)

// This file takes out what nothing sets right.

// A loss is what was taken out.
type loss struct {
	Lost
	step bool // all of a step
}

// A block is what can be taken out by itself: a line of the text with the lines
// below it that are indented deeper, first to last.
type block struct {
	first, last int
	step        bool // all of a step: its id stays
	field       bool // the field on a step's first line: the dash stays
}

func (b block) lines() int { return b.last - b.first + 1 }

// lose takes out the smallest block without which the window reads on, nil for
// none. The block must end before the next trouble: one that only puts the trouble
// off is not what is wrong.
func (m *mender) lose(w *window, now *trouble) *proposal {
	lay := w.layout()
	for _, b := range lay.suspects(w, now) {
		p := m.without(w, lay, b)
		p.trouble = m.look(p.text)
		if m.spent() {
			return nil
		}
		if p.trouble == nil || int(p.trouble.whole) >= b.last && further(w.text, now, p.text, p.trouble) {
			p.lost = &loss{Lost{w.fileLine(int32(b.first)), w.fileLine(int32(b.last)), m.why(w, now)}, b.step}
			return p
		}
	}
	return nil
}

// loseUnread takes out what is YAML and keeps all of the trace from being read, such
// as a key that is a mapping.
func (m *mender) loseUnread() {
	for errs := m.fatal(m.data); errs != nil && !m.spent(); {
		w, line := m.wholeWindow(), errs[0].Pos.Line
		now := &trouble{Trouble: &source.Trouble{Here: line, Msg: errs[0].Msg}, told: line, whole: line - 1}
		lay, helps := w.layout(), false
		for _, b := range lay.suspects(w, now) {
			if lay[lay[b.first-1].entry-1].kind != step {
				continue
			}
			p := m.without(w, lay, b)
			left := m.fatal(p.text)
			if helps = left == nil || int(left[0].Pos.Line) > b.last; helps {
				p.lost = &loss{Lost{b.first, b.last, now.Msg}, b.step}
				w.take(p)
				m.commit(w)
				errs = left
				break
			}
		}
		if !helps {
			return
		}
	}
}

// fatal gives what keeps a text that is YAML from being a trace; nil for nothing.
func (m *mender) fatal(text []byte) trace.Errors {
	m.fuel -= 2*len(text) + 64
	f, err := trace.Parse(m.name, text, trace.DefaultLimits())
	var errs trace.Errors
	if len(f.Traces) > 0 || !errors.As(err, &errs) {
		return nil
	}
	return errs
}

// why words a trouble, with the line numbers of the file.
func (m *mender) why(w *window, now *trouble) string {
	if w.lo == 0 {
		return now.Msg
	}
	above := strings.Repeat("\n", max(0, int(w.line)-2)) + stepsKey
	m.fuel -= len(above) + now.Reached
	if t := source.New(slices.Concat([]byte(above), w.own(w.text))).Trouble(m.depth); t != nil {
		return t.Msg
	}
	return now.Msg
}

// suspects gives the blocks around a trouble, small ones first.
func (l layout) suspects(w *window, now *trouble) []block {
	var out []block
	for _, line := range []int32{now.whole + 1, now.told, now.Here} {
		if line <= w.skipped || int(line) > len(l) {
			continue
		}
		for _, b := range l.chain(l.written(int(line))) {
			if b.first > int(w.skipped) && !slices.Contains(out, b) {
				out = append(out, b)
			}
		}
	}
	slices.SortStableFunc(out, func(a, b block) int { return cmp.Compare(a.lines(), b.lines()) })
	return out
}

// minor are the fields of a step without which it is the same step.
var minor = regexp.MustCompile(`^ *- +["']?(?:id|note|points)\b`)

// chain gives the blocks that a line is in, from the inside out. An item of a list
// is none: without it the others would move.
func (l layout) chain(n int) []block {
	if n == 0 || l[n-1].kind == fixed {
		return nil
	}
	var out []block
	entry := l[n-1].entry
	for at := l.opener(n); at > entry; at = l.parent(at) {
		line := l[at-1]
		if hidden := stepStart.MatchString(line.text); hidden || !line.dash {
			out = append(out, block{first: at, last: l.end(at, line.indent), step: hidden})
		}
	}
	isStep := l[entry-1].kind == step
	if text := l[entry-1].text; isStep && minor.MatchString(text) {
		key := strings.TrimLeft(text, "- ")
		out = append(out, block{first: entry, last: l.end(entry, len(text)-len(key)), field: true})
	}
	return append(out, block{first: entry, last: l.end(entry, -1), step: isStep})
}

// without takes a block out of a window's text. Its lines become comments, or blank
// where they are no text. Of a step stays what makes it one, so that those behind it
// keep their numbers.
func (m *mender) without(w *window, lay layout, b block) *proposal {
	lines := bytes.SplitAfter(w.text, []byte("\n"))
	stays := lay.placeholder(b)
	for n := b.first; n <= b.last; n++ {
		text := lay[n-1].text
		switch {
		case stays[n] != "":
			text = stays[n] + " #" + text
		case n == b.first && b.field:
			text = strings.Repeat(" ", lay[n-1].indent) + "- #" + strings.TrimLeft(text, " -")
		case lay[n-1].kind != blank:
			text = "#" + text
		}
		if source.New([]byte(text)).Check() != nil {
			text, _, _ = strings.Cut(text, "#")
		}
		lines[n-1] = append([]byte(text), lines[n-1][len(bytes.TrimRight(lines[n-1], "\r\n")):]...)
	}
	return &proposal{text: bytes.Join(lines, nil)}
}

// placeholder gives what stays of the steps in a block, by line: a step with
// nothing but its id, where that is legible.
func (l layout) placeholder(b block) map[int]string {
	out := make(map[int]string)
	column := l.column()
	if column < 0 {
		return out
	}
	dash, at, named := strings.Repeat(" ", column)+"- ", 0, false
	for n := b.first; n <= b.last; n++ {
		text := l[n-1].text
		if n == b.first && b.step || n > l[n-1].entry && stepStart.MatchString(text) {
			at, named = n, false
			out[n] = dash + "{}"
		}
		if id := legibleID.FindStringSubmatch(text); id != nil && at > 0 && !named {
			delete(out, at)
			out[n], named = dash+"{id: "+id[1]+"}", true
		}
	}
	return out
}

var legibleID = regexp.MustCompile(`^ *(?:- +)?\{?(?:.*[{,] *)?["']?id["']?: +("[^"{},]*"|'[^'{},]*'|[\w.-]+) *(?:[,}].*|#.*)?$`)

// isSaved reports whether what is left is worth reading: a trace, with half of its
// steps at least.
func (m *mender) isSaved() bool {
	if m.look(m.data) != nil {
		return false
	}
	f, _ := trace.Parse(m.name, m.data, trace.DefaultLimits())
	steps, lost := 0, 0
	for _, t := range f.Traces {
		steps += len(t.Steps)
	}
	for _, l := range m.lost {
		if l.step {
			lost++
		}
	}
	return steps > 0 && 2*lost <= steps
}

// merged orders what is lost by line. What lies within another is told once.
func merged(lost []loss) []Lost {
	slices.SortStableFunc(lost, func(a, b loss) int { return cmp.Or(cmp.Compare(a.First, b.First), cmp.Compare(b.Last, a.Last)) })
	var out []Lost
	for _, l := range lost {
		if n := len(out); n > 0 && l.Last <= out[n-1].Last {
			continue
		}
		out = append(out, l.Lost)
	}
	return out
}
