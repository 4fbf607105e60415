package grade

import (
	"fmt"
	"strings"
	"testing"
)

// What a sheet comes to under each marking scheme. The sheet has one mistake, two
// answers that follow from it, and one that is right.
func TestSchemes(t *testing.T) {
	steps := []string{equal, two, three, four}
	sheet := []string{"equal | response: {F: ok}", "two | response: {F: no}", "three | response: {F: no}", "four | response: {F: no}"}
	for _, c := range []struct {
		why, scheme                            string
		late                                   bool
		max, strict, through, counted, penalty string
	}{
		{"the defaults: a point a cell, and what follows in full", "", false, "4", "1", "3", "3", "0"},
		{"none of what follows", "followThrough: none", false, "4", "1", "1", "1", "0"},
		{"half of what follows", "followThrough: 0.5", false, "4", "1", "2", "2", "0"},
		{"points for each cell", "points: 0.25", false, "1", "0.25", "0.75", "0.75", "0"},
		{"points for answers", "answer: 3", false, "12", "3", "9", "9", "0"},
		{"points for what is not asked here", "state: 3, term: 2", false, "4", "1", "3", "3", "0"},
		{"a third that has no end in decimals, of a number that has", "points: 0.3, followThrough: 0.1", false, "1.2", "0.3", "0.36", "0.36", "0"},
		{"a step as a whole is right, or follows as a whole: each has one cell", "allOrNothing: true", false, "4", "1", "3", "3", "0"},
		{"late, in points", "late: 2", true, "4", "1", "3", "1", "2"},
		{"late, in percent", "late: 10%", true, "4", "1", "3", "2.7", "0.3"},
		{"late, for more than there is", "late: 50", true, "4", "1", "3", "0", "3"},
		{"late, without a penalty", "", true, "4", "1", "3", "3", "0"},
		{"in time, with a penalty for others", "late: 2", false, "4", "1", "3", "3", "0"},
	} {
		k := newKey(t, "grading: {"+c.scheme+"}\n"+asked(steps...))
		s := k.Mark(parse(t, on(k, sheet...)), c.late)
		got := fmt.Sprint(k.Max, s.Strict, s.Through, s.Counted, s.Penalty)
		if want := strings.Join([]string{c.max, c.strict, c.through, c.counted, c.penalty}, " "); got != want {
			t.Errorf("%s: most, right, with what follows, counted and taken off are %s, want %s", c.why, got, want)
		}
	}
}

// Each kind of cell has its own points, and a step's own go before them.
func TestPointsByKind(t *testing.T) {
	key := "grading: {answer: 2, term: 0.5, state: 0.1}\n" + asked(
		"one: requestVote: {candidateId: Q, term: 2, lastLogIndex: 1, lastLogTerm: 1} | response: {F: {voteGranted: , term: }}, state: {F: {votedFor: , log: }}",
		two+", points: 5, state: {F: {log: }}")
	k := newKey(t, key)
	var got []string
	for _, c := range k.Cells {
		got = append(got, c.Name+" "+c.Points.String())
	}
	if want := "voteGranted 2, term 0.5, votedFor 0.1, log 0.1, success 5, log 5"; strings.Join(got, ", ") != want || k.Max.String() != "12.7" {
		t.Errorf("the cells are worth %s, %s in all; want %s, 12.7 in all", strings.Join(got, ", "), k.Max, want)
	}
}

// A step that scores as a whole comes to nothing for one wrong cell, and to what
// follows if all of it does; another step is as before.
func TestAllOrNothing(t *testing.T) {
	key := "grading: {allOrNothing: [two]}\n" + asked(two+", state: {F: {log: , commitIndex: }}", three+", state: {F: {log: , commitIndex: }}")
	k := newKey(t, key)
	s := k.Mark(parse(t, on(k,
		"two | response: {F: ok}, state: {F: {log: [1, 3], commitIndex: 0}}",
		"three | response: {F: ok}, state: {F: {log: [1, 3, 3], commitIndex: 0}}")), false)
	if strict, through, _ := s.Step(0); strict.Sign() != 0 || through.Sign() != 0 {
		t.Errorf("a whole step with a wrong cell has %s points, %s with what follows", strict, through)
	}
	if strict, through, _ := s.Step(1); strict.String() != "2" || through.String() != "2" {
		t.Errorf("a step that is no whole has %s points, %s with what follows; want 2 and 2: %s", strict, through, verdicts(s))
	}
	if s.Strict.String() != "2" {
		t.Errorf("the sheet has %s points", s.Strict)
	}
}

// Ten cells of a tenth are one point: as floats they are not.
func TestPointsAreExact(t *testing.T) {
	var lines []string
	for i := range 10 {
		lines = append(lines, strings.Replace(equal, "equal", fmt.Sprint("q", i), 1))
	}
	k := newKey(t, "grading: {points: 0.1}\n"+asked(lines...))
	s := answering(k, k.Run).mark(newDiagnoser(k, newParters(nil)))
	if s.Counted.String() != "1" || s.Counted.Cmp(Whole(1)) != 0 || s.Counted.Of(k.Max) != 1 {
		t.Errorf("ten times 0.1 is %s", s.Counted)
	}
}

// A matchIndex of an answer counts as its term does; that of a refusal is not asked
// for. Fields that no blank table asks for count as fields of a table.
func TestPointsOfMatchIndex(t *testing.T) {
	k := newKey(t, "grading: {answer: 2, term: 0.5, state: 0.1}\n"+asked(
		strings.Replace(two, "{F: }", "{F: {success: , matchIndex: }}", 1)+", state: {F: {leader: , lastLogIndex: , lastLogTerm: }}",
		strings.Replace(four, "{F: }", "{F: {success: , matchIndex: }}", 1)))
	var got []string
	for _, c := range k.Cells {
		got = append(got, c.Name+" "+c.Points.String())
	}
	if want := "success 2, matchIndex 0.5, leader 0.1, lastLogIndex 0.1, lastLogTerm 0.1, success 2"; strings.Join(got, ", ") != want {
		t.Errorf("the cells are worth %s; want %s", strings.Join(got, ", "), want)
	}
	sheet := k.Mark(parse(t, on(k, "two | response: {F: {success: ok, matchIndex: 3}}, state: {F: {leader: P, lastLogIndex: 2, lastLogTerm: 1}}", "four | response: {F: {success: no, matchIndex: 0}}")), false)
	if got, want := verdicts(sheet), "two F matchIndex wrong; two F lastLogTerm wrong"; got != want {
		t.Errorf("the verdicts are %q; want %q", got, want)
	}
}
