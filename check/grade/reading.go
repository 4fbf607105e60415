package grade

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/trace"
	"raftsheet/trace/mend"
)

// A reading is a sheet as it was read, with what of it is in doubt.
type reading struct {
	trace   *trace.Trace
	all     []*trace.Trace // of the file; nil where nobody asks
	nth     int            // which of them it is, from 0
	file    *trace.File    // with the slips set right; nil where nobody asks
	changes []mend.Change
	lost    []mend.Lost
}

// read reads a file: as it is, or else with its slips set right. It gives no reading
// where nothing of the file can be marked; the errors are those of the file as it was
// handed in.
func read(name string, data []byte, lim trace.Limits) (*reading, trace.Errors) {
	f, err := trace.Parse(name, data, lim)
	if err == nil {
		return take(f), nil
	}
	errs, ok := err.(trace.Errors)
	if !ok {
		errs = trace.Errors{{File: name, Msg: err.Error()}}
	}
	mended := mend.Mend(name, data)
	if len(mended.Changes)+len(mended.Lost) > 0 {
		if g, again := trace.Parse(name, mended.Data, lim); again == nil || holdsFirst(g, again) {
			r := take(g)
			r.changes, r.lost = mended.Changes, mended.Lost
			return r, errs
		}
	}
	if holdsFirst(f, err) {
		return take(f), errs
	}
	return nil, errs
}

// take takes the traces out of a file: the first is marked; see [Key.markFirst].
func take(f *trace.File) *reading {
	r := &reading{trace: f.Traces[0], all: f.Traces, file: f}
	f.Traces = nil
	return r
}

// markFirst marks a file's first trace that has an answer: before it may be the
// handout, as it was given out. Where there is no such trace it is the first.
func (k *Key) markFirst(r *reading, late bool) (*reading, *Sheet) {
	const most = 4 // more of them is not a slip, and marking each takes time
	first := k.mark(r, late, settled{})
	from, s := r, first
	for n := 1; n < min(most, len(r.all)) && (s.Empty() || s.Unmatched()); n++ {
		from = r.at(n)
		s = k.mark(from, late, settled{})
	}
	if s.Empty() || s.Unmatched() {
		return r, first
	}
	return from, s
}

// at is the reading of another trace of the file.
func (r *reading) at(nth int) *reading {
	other := *r
	other.trace, other.nth = r.all[nth], nth
	return &other
}

// remark says on a sheet how it was read: first what was set right, then what
// could not be read.
func (r *reading) remark(s *Sheet) {
	own := s.Remarks
	s.Remarks = nil
	mends := r.mends()
	for _, what := range mends[:min(len(mends), mostMends)] {
		s.remark(trace.Pos{}, "%s", what)
	}
	if more := len(mends) - mostMends; more > 0 {
		s.remark(trace.Pos{}, "and %d more slips of other kinds were set right", more)
	}
	for _, l := range r.lost {
		s.remark(trace.Pos{Line: int32(l.First), Column: 1}, "lines %d to %d cannot be read: %s", l.First, l.Last, l.Why)
	}
	for _, e := range r.trace.Errors {
		s.remark(e.Pos, "this cannot be read: %s", e.Msg)
	}
	switch n := len(r.all); {
	case n > 1 && r.nth == 0:
		s.remark(r.all[1].Pos, "the file holds %d traces; the first is marked", n)
	case n > 1:
		s.remark(r.trace.Pos, "the file holds %d traces; this one is marked, since there is no answer before it", n)
	}
	s.Remarks = append(s.Remarks, own...)
}

// text gives what is written at a place, cut to what a message may repeat, without
// quotes around it.
func (r *reading) text(at trace.Pos) string {
	if r.file == nil || !at.IsValid() {
		return ""
	}
	text := r.file.Text(at)
	if n := len(text); n > 2 && strings.ContainsRune(`"'`, rune(text[0])) && text[n-1] == text[0] {
		text = text[1 : n-1]
	}
	return text
}

// isNull reports whether the word null is written at a place.
func (r *reading) isNull(at trace.Pos) bool {
	const null = "null"
	if r.file == nil || !at.IsValid() || !strings.Contains(strings.ToLower(r.file.Excerpt(at).Word), null) {
		return false // known without a look at where the text ends, for which the file is decoded again
	}
	return strings.EqualFold(r.text(at), null)
}

// mostMends bounds how many kinds of slips a sheet's remarks name.
const mostMends = 12

// mends says which slips were set right: those that are alike together.
func (r *reading) mends() []string {
	lines := make(map[string][]int)
	var order []string
	for _, c := range r.changes {
		what := strings.TrimPrefix(c.What, fmt.Sprintf("line %d: ", c.Line))
		if lines[what] == nil {
			order = append(order, what)
		}
		lines[what] = append(lines[what], c.Line)
	}
	out := make([]string, len(order))
	for i, what := range order {
		out[i] = linesOf(lines[what]) + ": " + what
	}
	return out
}

// linesOf names lines: line 6, or lines 6, 11, 15 and 16 more.
func linesOf(lines []int) string {
	const most = 3
	if len(lines) == 1 {
		return fmt.Sprintf("line %d", lines[0])
	}
	text := "lines"
	for i, n := range lines {
		switch {
		case i == most:
			return fmt.Sprintf("%s and %d more", text, len(lines)-most)
		case i > 0 && i == len(lines)-1:
			text += fmt.Sprintf(" and %d", n)
		case i > 0:
			text += fmt.Sprintf(", %d", n)
		default:
			text += fmt.Sprintf(" %d", n)
		}
	}
	return text
}

// holdsFirst reports whether the first document of a file with errors is a trace:
// it is marked by what can be read of it.
func holdsFirst(f *trace.File, err error) bool {
	errs, ok := err.(trace.Errors)
	return ok && len(f.Traces) > 0 && !slices.ContainsFunc(errs, func(e *trace.Error) bool { return e.Document < f.Traces[0].Document })
}

// limits bound what is read of a submission: what the key asks, several times
// over, and no more than fits beside a thousand others.
func (k *Key) limits() trace.Limits {
	lim := trace.DefaultLimits()
	lim.Nodes = 200_000
	lim.Steps = 1000 + 4*len(k.Trace.Steps) // of a scheme's key, which has none, 1000
	return lim
}
