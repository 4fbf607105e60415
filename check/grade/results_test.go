package grade

import (
	"fmt"
	"strings"
	"testing"

	"raftsheet/trace/review"
)

// moves is what has moved, in short: whose, from what to what, and by which cells.
func moves(m *Moves) string {
	var out []string
	came := func(r *Result) string {
		if r.Counts == nil {
			return r.Outcome
		}
		return r.Counts.String()
	}
	cell := func(c *CellResult) string {
		if c == nil {
			return "nothing"
		}
		return fmt.Sprintf("%s %v", c.Verdict, c.Points)
	}
	for i := range m.Moved {
		x := &m.Moved[i]
		text := fmt.Sprintf("%s: %s, now %s", x.Now.File, came(x.Before), came(x.Now))
		for j := range x.Cells {
			c := &x.Cells[j]
			text += fmt.Sprintf(" [%s %s: %s, now %s]", c.Cell().Step, c.Cell().Field, cell(c.Before), cell(c.Now))
		}
		out = append(out, text)
	}
	for _, r := range m.New {
		out = append(out, "new: "+r.File)
	}
	for _, r := range m.Gone {
		out = append(out, "gone: "+r.File)
	}
	return strings.Join(out, "; ")
}

// Law: a class that is marked again by the same key has not moved, whatever waits on
// it.
func TestNothingMoves(t *testing.T) {
	for _, scheme := range schemes {
		k := digested(t, strings.TrimPrefix(scheme+reviewKey, "\n"))
		before := MarkAll(k, reviewClass(k), Settings{}).Results("")
		m := MarkAll(k, reviewClass(k), Settings{}).Results("").Since(before)
		if moves(m) != "" || m.KeyChanged || m.Same != len(before.Submissions) {
			t.Errorf("%q: moved %s; %d as before", scheme, moves(m), m.Same)
		}
	}
}

// Whose mark has moved, and by which cells, worked out by hand: a key that asks for
// more, a sheet that was handed in again, one that is new and one that is gone, and
// what an instructor has decided.
func TestSince(t *testing.T) {
	// An answer's term and a table's, of one step and node, have one name.
	const key = "nodes: 3\nsteps:\n- {id: a, requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}, to: 2, response: {2: {voteGranted: , term: }}, state: {2: {term: }}}\n" +
		"- {id: b, requestVote: {candidateId: 1, term: 2, lastLogIndex: 0, lastLogTerm: 0}, to: 2, response: {2: }}\n"
	sheet := func(a, term, table, b string) string {
		return fmt.Sprintf("nodes: 3\nsteps:\n- {id: a, requestVote: {candidateId: 1, term: 1}, to: 2, response: {2: {voteGranted: %s, term: %s}}, state: {2: {term: %s}}}\n"+
			"- {id: b, requestVote: {candidateId: 1, term: 2}, to: 2, response: {2: %s}}\n", a, term, table, b)
	}
	byID := func(in Input, id string) Input { in.Student.ID = id; return in }
	k := digested(t, key)
	before := MarkAll(k, []Input{
		inputOf("ann.yaml", sheet("ok", "1", "1", "ok")),
		inputOf("ben.yaml", sheet("ok", "1", "7", "ok")),
		byID(inputOf("cem-1.yaml", sheet("no", "1", "1", "ok")), "17"),
		inputOf("dan.yaml", sheet("perhaps", "1", "1", "ok")),
		inputOf("eve.yaml", sheet("ok", "1", "1", "ok")),
	}, Settings{})
	l := filled(t, before, func(d *review.Decision) { d.Give.Text = "right" })
	again := []Input{
		inputOf("./ann.yaml", sheet("ok", "1", "1", "ok")),
		inputOf("ben.yaml", sheet("ok", "1", "1", "ok")),
		byID(inputOf("cem-2.yaml", sheet("ok", "1", "1", "ok")), "17"),
		inputOf("dan.yaml", sheet("perhaps", "1", "1", "ok")),
		inputOf("fay.yaml", sheet("ok", "1", "1", "ok")),
	}
	m := MarkAll(k, again, Settings{Decided: decide(t, k, l)}).Results("").Since(before.Results(""))
	want := "ben.yaml: 3, now 4 [a term: wrong 0, now right 1]; cem-2.yaml: 3, now 4 [a voteGranted: wrong 0, now right 1]; " +
		"dan.yaml: 3 to 4, now 4 [a voteGranted: forHuman 0 to 1, now byHand 1]; new: fay.yaml; gone: eve.yaml"
	if moves(m) != want || m.Same != 1 || m.KeyChanged {
		t.Errorf("moved %s\nwant  %s; %d as before", moves(m), want, m.Same)
	}

	fewer := digested(t, strings.Replace(key, ", state: {2: {term: }}", "", 1))
	m = MarkAll(fewer, again[:1], Settings{}).Results("").Since(MarkAll(k, again[:1], Settings{}).Results(""))
	if want := "./ann.yaml: 4, now 3 [a term: right 1, now nothing]"; moves(m) != want || !m.KeyChanged {
		t.Errorf("a key that asks for less: %s, want %s; changed %t", moves(m), want, m.KeyChanged)
	}
}

// A third of what a cell is worth has no end as a decimal: as it is written it is no
// change.
func TestPartsWithoutEnd(t *testing.T) {
	k := digested(t, reviewKey)
	before := MarkAll(k, reviewClass(k), Settings{})
	third := filled(t, before, func(d *review.Decision) {
		if d.Give.Text = "0"; len(d.Cells) > 2 {
			d.Give.Text = "1"
		}
	})
	r := MarkAll(k, reviewClass(k), Settings{Decided: decide(t, k, third)}).Results("")
	for i := range r.Submissions {
		if c := r.Submissions[i].Counts; c != nil {
			if p, err := ParsePoints(c.Least.String()); err != nil || p.Cmp(c.Least) != 0 {
				t.Errorf("%s comes to %v, which is written as %s", r.Submissions[i].File, c.Least, p)
			}
		}
	}
}
