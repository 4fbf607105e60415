package mend

import (
	"errors"
	"strings"
	"unicode/utf8"

	"raftsheet/trace"
	"raftsheet/trace/internal/source"
)

// wordRows are the slips that YAML takes for something else, and of which the
// trace's reader complains: {2:ok} is a key without a value. A value stays where
// it is.
var wordRows = []row{
	{slip: "a no-break space", find: oddSpaces},
	{slip: "quotes of a word processor", find: smartQuotes},
	{slip: "a missing space after a colon", find: glued},
	{slip: "a missing comma in a list", find: listCommas},
}

// words sets right what is YAML and no trace: a proposal is taken if the complaint
// at its place goes away and no other comes.
func (m *mender) words() {
	if m.spent() || m.trouble(m.data) != nil {
		return
	}
	errs := m.complaints(m.data)
	for i := 0; i < len(errs) && !m.spent(); {
		if left, ok := m.word(errs, errs[i]); ok {
			errs = left
			continue
		}
		i++
	}
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
func (m *mender) word(errs trace.Errors, e *trace.Error) (left trace.Errors, ok bool) {
	src := source.New(m.data)
	for i := range wordRows {
		for _, p := range m.onLine(src, &wordRows[i], e.Pos.Line) {
			if m.spent() {
				return nil, false
			}
			if !touches(p, e, src) {
				continue
			}
			// With the space, {2:ok 3: no} lacks a comma, which was not to be seen.
			tried := *m
			tried.take(p)
			tried.syntax()
			left := tried.complaints(tried.data)
			m.fuel = tried.fuel
			if len(left) < len(errs) {
				*m = tried
				return left, true
			}
		}
	}
	return nil, false
}

// touches reports whether a proposal changes the word that a complaint is about.
func touches(p *proposal, e *trace.Error, src *source.Source) bool {
	if e.Pos.Line != int32(p.mend.Line) {
		return false
	}
	text := src.Line(e.Pos.Line)
	at := src.Offset(source.Pos(e.Pos))
	start, _ := src.LineSpan(e.Pos.Line)
	rest := text[min(len(text), at-start):]
	if end := strings.IndexAny(rest, ",}]"); end >= 0 {
		rest = rest[:end]
	}
	column := p.mend.Column - int(e.Pos.Column)
	return column >= 0 && column <= utf8.RuneCountInString(rest)
}
