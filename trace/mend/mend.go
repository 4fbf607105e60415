// Package mend sets right the slips that keep a file from being read: tabs for
// indentation, a missing comma, the quotes of a word processor. It sets them
// right one at a time, and tells each.
//
// It knows bytes and places. A slip is a row of data: how it looks on a line, and
// what is put in its place. A row's proposal is taken only if the file can be read
// further with it than without, so that no row needs to be right about every file:
// a wrong guess does not help, and is dropped. A file that reads is never changed.
package mend

import (
	"cmp"
	"fmt"
	"slices"

	"raftsheet/trace"
	"raftsheet/trace/internal/source"
)

// A Change is one slip, set right.
type Change struct {
	Line, Column int    // of the first character that is changed, from 1; lines are those of the file, ends of any kind
	Was, Now     string // the words around the change, before and after
	What         string // for a person: line 14: read "2:ok" as "2: ok"

	// Moves says that the change could put a value into another node, step or
	// field than its writer meant. A person should look at the cells on Lines.
	Moves bool
	Lines [2]int // the first and the last line whose cells the change touches, from 1
}

// A Lost is a run of lines that cannot be read, whatever is tried.
type Lost struct {
	First, Last int    // lines, from 1, both of the run
	Why         string // as the reader's error says it
}

// A Result is a file with its slips set right.
type Result struct {
	Data    []byte   // the file as it is read; lines keep their numbers
	Changes []Change // by line
	Lost    []Lost   // by line; in Data these lines are blank, or comments
}

// The limits. Past one the file is left as it is: a machine made it, or somebody
// who means harm.
const (
	mostBytes = 1 << 20  // of a file
	mostMends = 300      // of a file
	mostRead  = 16 << 20 // bytes that may be read to try proposals out: a few seconds
	mostLine  = 4096     // bytes of a line that is looked at
)

// Mend sets a file's slips right, and tells what was done. A
// file that reads comes back as it is. So does one that passes a limit. Where
// some slips are set right and no proposal helps with the next, the mends up to
// there are given; the bytes still do not read then. Lines keep their numbers.
func Mend(name string, data []byte) Result {
	if len(data) > mostBytes {
		return Result{Data: data}
	}
	m := &mender{name: name, data: data, fuel: mostRead, depth: trace.DefaultLimits().Depth}
	m.schema = trace.Schema()
	for n := -1; n < len(m.mends) && !m.spent(); { // what one pass sets right may show what another can
		n = len(m.mends)
		m.encoding()
		m.syntax()
		m.words()
	}
	if m.fuel < 0 || len(m.mends) > mostMends {
		return Result{Data: data}
	}
	slices.SortStableFunc(m.mends, func(a, b Change) int { return cmp.Compare(a.Line, b.Line) })
	return Result{Data: m.data, Changes: m.mends}
}

// A mender is a file on the mend.
type mender struct {
	name  string
	data  []byte
	mends []Change
	fuel  int // bytes that may still be read; below 0 the file is given up
	depth int

	schema []byte // the format's, which names its keys
}

// spent reports whether the file is given up.
func (m *mender) spent() bool { return m.fuel < 0 || len(m.mends) > mostMends }

// trouble reads a text, and says where it stops being YAML. Its price is what
// reading costs: once through, or up to the trouble, and then some more times to
// find the place.
func (m *mender) trouble(data []byte) *trouble {
	src := source.New(data)
	t := src.Trouble(m.depth)
	if t == nil {
		m.fuel -= len(data) + 64
		return nil
	}
	m.fuel -= 5*t.Reached + len(data)/4 + 64
	told := src.Pos(min(t.At, len(data))).Line
	out := &trouble{Trouble: t, told: told, whole: max(told, t.Here)}
	// The lines that read by themselves are those up to the slip, wherever the
	// library came to notice it.
	for range 8 {
		_, end := src.LineSpan(out.whole)
		if m.fuel -= end; out.whole == 0 || source.New(data[:end]).IsYAML() {
			break
		}
		out.whole--
	}
	return out
}

// A trouble is where a text stops being YAML.
type trouble struct {
	*source.Trouble
	told  int32 // the line that a person is told
	whole int32 // the last line up to which the text reads by itself, as far as was looked
}

// A proposal is a text with one slip set right, and what reading it comes to.
type proposal struct {
	data    []byte
	mend    Change
	trouble *trouble
}

// syntax sets right what is not YAML, one slip at a time: what the first proposal
// that helps leaves wrong is looked at anew.
func (m *mender) syntax() {
	now := m.trouble(m.data)
	for now != nil && !m.spent() {
		best := m.help(now)
		if best == nil {
			return
		}
		m.take(best)
		now = best.trouble
	}
}

func (m *mender) take(p *proposal) {
	m.data = p.data
	if p.mend.Lines[0] == 0 {
		p.mend.Lines = [2]int{p.mend.Line, p.mend.Line}
	}
	m.mends = append(m.mends[:len(m.mends):len(m.mends)], p.mend)
}

// help gives the first row's proposal that helps, nil for none. Where several of
// that row's do, the one that gets furthest is taken, and the mend could move a
// value if another gets as far with another meaning.
func (m *mender) help(now *trouble) *proposal {
	src := source.New(m.data)
	m.fuel -= len(m.data) // some rows look at the whole file
	for i := range rows {
		var best []*proposal // as far as each other
		for _, p := range rows[i].proposals(m, src, now) {
			if m.spent() {
				return nil
			}
			p.trouble = m.trouble(p.data)
			switch {
			case !further(m.data, now, p.data, p.trouble):
			case len(best) == 0 || further(best[0].data, best[0].trouble, p.data, p.trouble):
				best = []*proposal{p}
			case !further(p.data, p.trouble, best[0].data, best[0].trouble):
				best = append(best, p)
			}
		}
		if len(best) > 0 {
			return m.choose(best)
		}
	}
	return nil
}

// choose takes one of several proposals that are as good as each other: the first,
// unless they mean different things. Then the reader of traces has most to say of
// the wrong ones; but whoever put the slip there may have meant any.
func (m *mender) choose(ps []*proposal) *proposal {
	differ := false
	for _, other := range ps[1:] {
		m.fuel -= 2 * len(m.data)
		differ = differ || !m.spent() && !source.Alike(before(ps[0]), before(other))
	}
	if !differ {
		return ps[0]
	}
	p, fewest := ps[0], -1
	for _, other := range ps {
		if m.spent() || other.trouble != nil {
			break
		}
		if n := len(m.complaints(other.data)); fewest < 0 || n < fewest {
			p, fewest = other, n
		}
	}
	p.mend.Moves = true
	return p
}

// before is what a proposal makes readable: all of it, or the lines before the
// next trouble.
func before(p *proposal) []byte {
	if p.trouble == nil {
		return p.data
	}
	at := min(p.trouble.At, len(p.data))
	for at > 0 && p.data[at-1] != '\n' {
		at--
	}
	return p.data[:at]
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
func (r *row) proposals(m *mender, src *source.Source, now *trouble) []*proposal {
	if r.whole != nil {
		return r.whole(m)
	}
	const above = 3
	seen := make(map[int32]bool)
	var out []*proposal
	for _, from := range []int32{now.whole + 1, now.told, now.Here} {
		for line := from; line > max(0, from-above); line-- {
			if seen[line] {
				continue
			}
			seen[line] = true
			out = append(out, m.onLine(src, r, line)...)
		}
	}
	return out
}

// onLine gives a row's proposals for a line.
func (m *mender) onLine(src *source.Source, r *row, number int32) []*proposal {
	const most = 24
	start, end := src.LineSpan(number)
	if end-start > mostLine || end == start {
		return nil
	}
	l := scan(string(m.data[start:end]))
	l.file, l.schema = m.data, m.schema
	var out []*proposal
	for _, f := range r.find(l) {
		if len(out) == most {
			break
		}
		p := &proposal{data: splice(m.data, start+f.lo, start+f.hi, f.put)}
		p.mend = l.mend(int(number), f)
		p.mend.Moves = r.moves || f.moves
		out = append(out, p)
	}
	return out
}

// splice gives data with [lo, hi) replaced.
func splice(data []byte, lo, hi int, put string) []byte {
	out := make([]byte, 0, len(data)+len(put))
	out = append(out, data[:lo]...)
	out = append(out, put...)
	return append(out, data[hi:]...)
}

// told words a mend.
func told(line int, was, now string) string {
	return fmt.Sprintf("line %d: read %s as %s", line, source.Quote(was), source.Quote(now))
}
