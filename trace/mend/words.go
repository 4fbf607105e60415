package mend

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"raftsheet/trace"
	"raftsheet/trace/internal/source"
)

// wordRows are the slips that YAML takes for something else, and of which the
// trace's reader complains: {2:ok} is a key without a value. A value stays where
// it is.
var wordRows = []row{
	{slip: "a no-break space", find: oddSpaces, each: true},
	{slip: "quotes of a word processor", find: smartQuotes, each: true},
	{slip: "a missing space after a colon", find: glued, each: true},
	{slip: "signs as wide as letters", find: wideSigns, each: true},
	{slip: "a comment of another language", find: slashes},
	{slip: "a stray sign in a key", find: oddKeys},
	{slip: "= for a colon", find: equals, each: true},
	{slip: "a missing colon", find: noColons, each: true},
	{slip: "a comma at a line's end", find: trailingSigns, each: true},
	{slip: "words that are not part of the trace", find: headlines},
	{slip: "a step without its dash", find: lostDash},
	{slip: "a missing comma in a list", find: listCommas, each: true},
}

// words sets right what is YAML and no trace, window by window: a proposal is taken
// if the complaint at its place goes away and no other comes.
func (m *mender) words() {
	if m.spent() || m.look(m.data) != nil {
		return
	}
	all := m.complaints(m.data)
	if len(all) == 0 {
		return
	}
	for w := m.firstWindow(); w != nil && !m.spent(); w = m.next(w) {
		if !m.complains(w, all) {
			continue
		}
		if w.lo > 0 {
			head := m.data[:w.head]
			w.lay = nil
			w.text, w.above, w.skipped = m.underHead(w, w.text), len(head), int32(bytes.Count(head, []byte("\n")))
		}
		errs := m.complaints(w.text)
		for i := 0; i < len(errs) && !m.spent(); {
			if left, ok := m.word(w, errs, errs[i]); ok {
				errs = left
				continue
			}
			i++
		}
		m.commit(w)
	}
}

// complains reports whether one of the complaints about the file is about a window,
// or could be: only so many are told, and then the last is of those that follow.
func (m *mender) complains(w *window, all trace.Errors) bool {
	last := w.line + int32(bytes.Count(m.data[w.lo:w.hi], []byte("\n")))
	return slices.ContainsFunc(all, func(e *trace.Error) bool {
		return e.Pos.Line >= w.line && e.Pos.Line <= last
	}) || all[len(all)-1].Pos.Line < w.line && len(all) > 100
}

func (m *mender) complaints(data []byte) trace.Errors {
	m.fuel -= 2*len(data) + 64
	_, err := trace.Parse(m.name, data, trace.DefaultLimits())
	var errs trace.Errors
	errors.As(err, &errs)
	return errs
}

// word takes the first proposal that does away with a complaint, and gives what is
// left to complain of.
func (m *mender) word(w *window, errs trace.Errors, e *trace.Error) (left trace.Errors, ok bool) {
	if e.Pos.Line <= w.skipped {
		return nil, false
	}
	src := source.New(w.text)
	if left, ok := m.misspelt(w, src, e); ok {
		return left, true
	}
	for i := range wordRows {
		ps := m.onLine(w, src, &wordRows[i], e.Pos.Line)
		if wordRows[i].each {
			ps = append(m.inStep(w, src, &wordRows[i], e.Pos.Line), ps...)
		}
		for _, p := range ps {
			if m.spent() {
				return nil, false
			}
			if !touches(w, p, e, src) {
				continue
			}
			// With the space, {2:ok 3: no} lacks a comma, which was not to be seen.
			tried := *w
			tried.take(p)
			m.helpAll(&tried)
			left := m.complaints(tried.text)
			if len(left) < len(errs) && !m.spent() {
				*w = tried
				return left, true
			}
		}
	}
	return nil, false
}

// misspelt puts the key in the place of a word that can only be meant for it. What is
// behind it is read then, and may have slips of its own.
func (m *mender) misspelt(w *window, src *source.Source, e *trace.Error) (left trace.Errors, ok bool) {
	start, end := src.LineSpan(e.Pos.Line)
	if e.Meant == "" || end-start > mostLine {
		return nil, false
	}
	l := scan(string(w.text[start:end]))
	lo := src.Offset(source.Pos(e.Pos)) - start
	hi := lo + max(strings.IndexByte(l.text[lo:], ':'), 0)
	if q := l.text[lo]; q == '"' || q == '\'' {
		hi = lo + max(quoted(l.text[lo:]), 0)
	}
	hi = lo + len(strings.TrimRight(l.text[lo:hi], " "))
	p := &proposal{text: w.text}
	m.put(p, w, l, e.Pos.Line, start, &row{}, []fix{{lo: lo, hi: hi, put: e.Meant}})
	p.changes[0].Said = true
	left = m.complaints(p.text)
	if m.spent() || slices.ContainsFunc(left, func(still *trace.Error) bool { return still.Pos == e.Pos }) {
		return nil, false
	}
	w.take(p)
	return left, true
}

// helpAll takes one proposal after the other while one helps.
func (m *mender) helpAll(w *window) {
	for now := m.look(w.text); now != nil && !m.spent(); {
		best := m.help(w, now)
		if best == nil {
			return
		}
		w.take(best)
		now = best.trouble
	}
}

// touches reports whether a proposal changes the word that a complaint is about.
func touches(w *window, p *proposal, e *trace.Error, src *source.Source) bool {
	text := src.Line(e.Pos.Line)
	at := src.Offset(source.Pos(e.Pos))
	start, _ := src.LineSpan(e.Pos.Line)
	rest := text[min(len(text), at-start):]
	if end := strings.IndexAny(rest, ",}]"); end >= 0 {
		rest = rest[:end]
	}
	return slices.ContainsFunc(p.changes, func(c Change) bool {
		column := c.Column - int(e.Pos.Column)
		atStart := strings.TrimLeft(text[:min(len(text), at-start)], " ") == ""
		return c.Line == w.fileLine(e.Pos.Line) && (column >= 0 || atStart) && column <= utf8.RuneCountInString(rest)
	})
}
