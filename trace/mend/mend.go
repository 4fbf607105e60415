// Package mend sets right the slips that keep a file from being read: tabs for
// indentation, a missing comma, the quotes of a word processor. It sets them
// right one at a time, and tells each.
//
// It knows bytes and places. A slip is a row of data: how it looks on a line, and
// what is put in its place. A row's proposal is taken only if the file can be read
// further with it than without, so that no row needs to be right about every file:
// a wrong guess does not help, and is dropped. A file that reads is never changed.
//
// What no row helps is taken out, the smallest thing first, and told: a broken cell
// costs a cell, a broken step that step. It knows nothing of marks; whether a cell
// that is lost, or could have moved, is marked is for its importers.
package mend

import (
	"cmp"
	"fmt"
	"slices"
	"unicode/utf8"

	"raftsheet/trace"
	"raftsheet/trace/internal/source"
)

// The limits. Past one the file is left as it is: a machine made it, or somebody
// who means harm.
const (
	mostBytes = 1 << 20  // of a file
	mostRead  = 24 << 20 // bytes that may be read to try proposals out: a second or two
)

// Mend sets a file's slips right, and tells what was done. A file that reads comes
// back as it is. So does one that passes a limit.
//
// Where no proposal helps, the smallest thing without which the text reads is
// taken out, a line, a field or a step, and told as lost; reading goes on after it.
// If that would cost more than half of the steps, nothing is lost: the changes up to
// there are given, and the bytes still do not read.
func Mend(name string, data []byte) Result {
	if len(data) > mostBytes {
		return Result{Data: data}
	}
	m := &mender{name: name, data: data, fuel: mostRead, depth: trace.DefaultLimits().Depth, schema: trace.Schema()}
	m.mend()
	if m.spent() {
		return Result{Data: data}
	}
	if m.look(m.data) != nil || m.fatal(m.data) != nil {
		rest := *m
		rest.lossy = true
		if rest.mend(); !rest.spent() && rest.isSaved() {
			m = &rest
		}
	}
	slices.SortStableFunc(m.changes, func(a, b Change) int { return cmp.Compare(a.Line, b.Line) })
	return Result{Data: m.data, Changes: m.changes, Lost: merged(m.lost)}
}

// A mender is a file on the mend.
type mender struct {
	name    string
	data    []byte
	changes []Change
	fuel    int // bytes that may still be read; below 0 the file is given up
	depth   int
	schema  []byte // the format's, which names its keys

	lossy bool // what nothing helps is taken out
	lost  []loss
}

// spent reports whether the file is given up.
func (m *mender) spent() bool { return m.fuel < 0 }

// mend goes over the file until that changes nothing: what one pass sets right may
// show what another can.
func (m *mender) mend() {
	for n := -1; n < len(m.changes)+len(m.lost) && !m.spent(); {
		n = len(m.changes) + len(m.lost)
		m.encoding()
		m.syntax()
		m.words()
		if m.lossy && !m.spent() && m.look(m.data) == nil {
			m.loseUnread()
		}
	}
}

// syntax sets right what is not YAML, window by window. Where no window is in
// trouble and the file is, what is wrong spans them, and all of it is one.
func (m *mender) syntax() {
	for _, first := range []func() *window{m.firstWindow, m.wholeWindow} {
		if m.spent() || m.look(m.data) == nil {
			return
		}
		for w := first(); w != nil && !m.spent(); {
			switch m.clear(w) {
			case cleared:
				w = m.next(w)
			case anew:
				w = first()
			case stuck:
				w = nil
			}
		}
	}
}

// What came of a window.
type outcome int

const (
	cleared outcome = iota // it reads
	anew                   // the whole file has changed
	stuck                  // nothing helps
)

// clear sets a window right, one slip at a time: what the first proposal that helps
// leaves wrong is looked at anew.
func (m *mender) clear(w *window) outcome {
	now := m.look(w.text)
	for now != nil && !m.spent() {
		m.fuel -= 8 * len(w.text) // which the rows look at
		if m.throughout(w) {
			return anew
		}
		best := m.help(w, now)
		if best == nil && m.lossy {
			best = m.lose(w, now)
		}
		if best == nil {
			break
		}
		w.take(best)
		now = best.trouble
	}
	m.commit(w)
	if now != nil {
		return stuck
	}
	return cleared
}

// throughout sets right what runs through the whole file, if a window in trouble
// has it and the file reads further then.
func (m *mender) throughout(w *window) bool {
	for i := range wholeRows {
		r := &wholeRows[i]
		if !r.looks.Match(w.text) {
			continue
		}
		m.commit(w)
		all := m.wholeWindow()
		if best := m.best(all, m.look(all.text), all.rewrites(r.find(m.data, m.schema))); best != nil {
			all.take(best)
			m.commit(all)
			return true
		}
	}
	return false
}

// help gives the first row's proposal that helps, nil for none.
func (m *mender) help(w *window, now *trouble) *proposal {
	for i := range rows {
		if p := m.best(w, now, m.proposals(w, &rows[i], now)); p != nil || m.spent() {
			return p
		}
	}
	return nil
}

// best gives the proposal of a row that gets furthest, nil if none helps. The
// change could move a value if another gets as far with another meaning.
func (m *mender) best(w *window, now *trouble, ps []*proposal) *proposal {
	var best []*proposal // as far as each other
	for _, p := range ps {
		if m.spent() {
			return nil
		}
		p.trouble = m.look(p.text)
		switch {
		case !further(w.text, now, p.text, p.trouble) || p.clears && !p.reads() && !p.begins():
		case p.all && p.reads():
			return p
		case len(best) == 0 || further(best[0].text, best[0].trouble, p.text, p.trouble):
			best = []*proposal{p}
		case !further(p.text, p.trouble, best[0].text, best[0].trouble):
			best = append(best, p)
		}
	}
	if len(best) == 0 {
		return nil
	}
	return m.choose(w, best)
}

// choose takes one of several proposals that are as good as each other: the first,
// unless they mean different things. Then the reader of traces has most to say of
// the wrong ones; but whoever put the slip there may have meant any.
func (m *mender) choose(w *window, ps []*proposal) *proposal {
	var first, last int // of the lines that differ
	for _, other := range ps[1:] {
		m.fuel -= 2 * len(w.text)
		if m.spent() {
			break
		}
		if lo, hi := source.Differ(before(ps[0]), before(other)); lo > 0 {
			if first == 0 || lo < first {
				first = lo
			}
			last = max(last, hi)
		}
	}
	if first == 0 {
		return ps[0]
	}
	p, fewest := ps[0], -1
	for _, other := range ps {
		if m.spent() {
			break
		}
		if n := len(m.complaints(m.underHead(w, before(other)))); fewest < 0 || n < fewest {
			p, fewest = other, n
		}
	}
	for i := range p.changes {
		c := &p.changes[i]
		c.Moves, c.Lines = true, [2]int{min(c.Line, w.fileLine(int32(first))), max(c.Line, w.fileLine(int32(last)))}
	}
	return p
}

// before is what a proposal makes readable: all of it, or the lines before the
// next trouble.
func before(p *proposal) []byte {
	if p.trouble == nil {
		return p.text
	}
	at := min(p.trouble.At, len(p.text))
	for at > 0 && p.text[at-1] != '\n' {
		at--
	}
	return p.text[:at]
}

// encoding makes UTF-8 with line feeds of the file, if that is what keeps it from
// being read. There is nothing to try out: the bytes say what they are.
func (m *mender) encoding() {
	if source.New(m.data).Check() == nil {
		return
	}
	if text, ok := source.FromUTF16(m.data); ok {
		m.turn(text, "UTF-16", "UTF-8", "the file is in UTF-16; read as UTF-8")
	}
	if text, n := from1252(m.data); n > 0 {
		m.turn(text, "Windows-1252", "UTF-8", fmt.Sprintf("the file is not in UTF-8; read as Windows-1252 (%d characters)", n))
	}
	if !utf8.Valid(m.data) {
		return // a photograph, or letters of a code page that cannot be told
	}
	if text, n := withoutMarks(m.data); n > 0 {
		m.turn(text, `\ufeff`, "", fmt.Sprintf("passed over byte order marks inside of the file (%d)", n))
	}
	if text, n := lineFeeds(m.data); n > 0 {
		m.turn(text, `\r`, `\n`, fmt.Sprintf("read carriage returns alone as ends of lines (%d)", n))
	}
	if text, n := withoutControls(m.data); n > 0 {
		m.turn(text, "control characters", " ", fmt.Sprintf("read control characters as spaces (%d)", n))
	}
}

// turn makes another text of the whole file.
func (m *mender) turn(text []byte, was, now, what string) {
	m.data = text
	m.changes = append(m.changes, Change{Line: 1, Column: 1, Was: was, Now: now, What: what, Lines: [2]int{1, 1}})
}
