package grade

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// alignKey is five messages, two of which are alike, with ids that say nothing of
// their order.
const alignKey = `nodes: 3
steps:
  - {id: RV1, requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}, response: {2: , 3: }}
  - {id: AE1, appendEntries: {leaderId: 1, term: 1, index: 1, value: x, leaderCommit: 0}, response: {2: , 3: }}
  - {id: AE2, appendEntries: {leaderId: 1, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [], leaderCommit: 1}, response: {2: , 3: }}
  - {id: AE3, appendEntries: {leaderId: 1, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [], leaderCommit: 1}, response: {2: , 3: }}
  - {id: RV2, requestVote: {candidateId: 2, term: 2, lastLogIndex: 1, lastLogTerm: 1}, response: {1: , 3: }}
`

// alignSheet is a sheet with all answers right, a line a step.
var alignSheet = []string{
	"  - {id: RV1, requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}, response: {2: ok, 3: ok}}",
	"  - {id: AE1, appendEntries: {leaderId: 1, term: 1, index: 1, value: x, leaderCommit: 0}, response: {2: ok, 3: ok}}",
	"  - {id: AE2, appendEntries: {leaderId: 1, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [], leaderCommit: 1}, response: {2: ok, 3: ok}}",
	"  - {id: AE3, appendEntries: {leaderId: 1, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [], leaderCommit: 1}, response: {2: ok, 3: ok}}",
	"  - {id: RV2, requestVote: {candidateId: 2, term: 2, lastLogIndex: 1, lastLogTerm: 1}, response: {1: ok, 3: ok}}",
}

// Steps whose ids are lost are found by message and order; a miscopied message
// costs its own step, and a step that is left out costs itself.
func TestAlign(t *testing.T) {
	noIDs := func(lines []string) []string {
		out := make([]string, len(lines))
		for i, l := range lines {
			_, rest, _ := strings.Cut(l, ", ")
			out[i] = "  - {" + rest
		}
		return out
	}
	without := func(lines []string, at int) []string {
		return append(append([]string{}, lines[:at]...), lines[at+1:]...)
	}
	named := func(ids ...string) []string {
		out := noIDs(alignSheet)
		for i := range out {
			out[i] = strings.Replace(out[i], "{", "{id: "+ids[i]+", ", 1)
		}
		return out
	}
	renumbered, swapped := named("RV2", "AE2", "AE3", "AE4", "RV3"), named("AE1", "RV1", "AE2", "AE3", "RV2")
	for _, c := range []struct {
		why    string
		lines  []string
		counts string
	}{
		{"as it is", alignSheet, "10"},
		{"in another order, by id", []string{alignSheet[4], alignSheet[0], alignSheet[2], alignSheet[1], alignSheet[3]}, "10"},
		{"without ids", noIDs(alignSheet), "10"},
		{"numbered anew from a step on", renumbered, "10"},
		{"two ids exchanged", swapped, "10"},
		{"two ids exchanged, in the order of the ids", []string{swapped[1], swapped[0], swapped[2], swapped[3], swapped[4]}, "10"},
		{"without ids, in another order but for two that are alike", []string{noIDs(alignSheet)[4], noIDs(alignSheet)[2], noIDs(alignSheet)[3], noIDs(alignSheet)[1], noIDs(alignSheet)[0]}, "10"},
		{"without ids, and the first step left out", noIDs(alignSheet)[1:], "8"},
		{"without ids, and one of two that are alike left out", without(noIDs(alignSheet), 2), "8"},
		{"without ids, the last message miscopied", append(noIDs(alignSheet)[:4:4], strings.Replace(noIDs(alignSheet)[4], "lastLogIndex: 1", "lastLogIndex: 2", 1)), "8 to 10"},
		{"without ids, one in the middle miscopied", append(append(noIDs(alignSheet)[:1:1], strings.Replace(noIDs(alignSheet)[1], "value: x", "value: y", 1)), noIDs(alignSheet)[2:]...), "8 to 10"},
	} {
		k := newKey(t, alignKey)
		s := k.Mark(parse(t, "nodes: 3\nsteps:\n"+strings.Join(c.lines, "\n")+"\n"), false)
		if got := s.Counts().String(); got != c.counts || s.Unmatched() {
			t.Errorf("%s: it counts %s, want %s; unmatched %v; %s; %v", c.why, got, c.counts, s.Unmatched(), verdicts(s), s.Remarks)
		}
	}
}

// A sheet that has fewer than half of the key's steps is not marked: its ids may be
// lost, or it is another worksheet's. Nothing is said of blanks.
func TestUnmatchedIsNotMarked(t *testing.T) {
	k := newKey(t, alignKey)
	lines := make([]string, len(alignSheet))
	for i, l := range alignSheet {
		lines[i] = strings.NewReplacer("id: RV", "id: q", "id: AE", "id: p", "term: 1,", "term: 4,", "term: 2,", "term: 5,").Replace(l)
	}
	class := MarkAll(k, []Input{handedIn("Ann", "nodes: 3\nsteps:\n"+strings.Join(lines, "\n")+"\n")}, Settings{Diagnose: true})
	s := class.Submissions[0]
	if s.Outcome != Unmatched || s.Sheet != nil || !s.ToReview() || !strings.Contains(s.Why, "5 steps") {
		t.Errorf("a sheet of other messages is %s: %s", s.Outcome, s.Why)
	}
	if r, ok := s.Counts(); ok {
		t.Errorf("it counts %v; it has no mark", r)
	}
}

// A sheet of another worksheet has no mark and no diagnosis, whatever its ids are: with
// the key of another run each student would be told of misunderstandings. A sheet that
// is copied badly keeps what its right messages have earned. Where no sheet fits, the
// class is told.
func TestSheetOfAnotherWorksheet(t *testing.T) {
	sheet := func(others int) string {
		lines := append([]string{}, alignSheet...)
		for i := range others {
			lines[4-i] = strings.NewReplacer("term: 1,", "term: 4,", "term: 2,", "term: 5,").Replace(lines[4-i])
		}
		return "nodes: 3\nsteps:\n" + strings.Join(lines, "\n") + "\n"
	}
	unread := strings.Replace(sheet(5), "2: ok", "2: perhaps", 1)
	for _, c := range []struct {
		text, why string
	}{
		{sheet(5), "none of its 5 messages is the key's"},
		{unread, "none of its 5 messages is the key's"},
		{sheet(4), "only 1 of its 5 messages is the key's"},
		{sheet(3), ""},
		{sheet(0), ""},
	} {
		s := MarkAll(newKey(t, alignKey), []Input{handedIn("Ann", c.text)}, Settings{Diagnose: true}).Submissions[0]
		if marked := s.Outcome == Marked; marked != (c.why == "") || !marked && (s.Outcome != Unmatched || !strings.HasPrefix(s.Why, c.why)) {
			t.Errorf("want %q: it is %s: %s", c.why, s.Outcome, s.Why)
		}
	}
	for _, c := range []struct {
		others []int
		none   bool
	}{{[]int{5, 4}, true}, {[]int{5, 0}, false}, {[]int{5}, false}} {
		var in []Input
		for i, n := range c.others {
			in = append(in, handedIn(fmt.Sprint("S", i), sheet(n)))
		}
		if got := MarkAll(newKey(t, alignKey), in, Settings{}).NoneFits(); got != c.none {
			t.Errorf("of sheets with %v other messages none fits: %v", c.others, got)
		}
	}
}

// Law: whichever steps a sheet without ids leaves out, those that are left are
// matched to the key's of the same message, in order.
func TestAlignIsInOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(10, 3))
	var key, sheet []string
	for i := range 40 {
		message := fmt.Sprintf("requestVote: {candidateId: %d, term: %d, lastLogIndex: 0, lastLogTerm: 0}", 1+r.IntN(3), 1+r.IntN(4))
		key = append(key, fmt.Sprintf("  - {id: K%d, %s, response: }", i, message))
		sheet = append(sheet, "  - {"+message+", response: }")
	}
	k := newKey(t, "nodes: 3\nsteps:\n"+strings.Join(key, "\n")+"\n")
	for range 200 {
		var left []string
		for _, l := range sheet {
			if r.IntN(5) > 0 {
				left = append(left, l)
			}
		}
		own := parse(t, "nodes: 3\nsteps:\n"+strings.Join(left, "\n")+"\n")
		s := &Sheet{Key: k}
		a := s.align(own)
		last, matched := 0, 0
		for i, st := range a.steps {
			if st == nil {
				continue
			}
			matched++
			if st.Number <= last {
				t.Fatalf("step %d of the sheet is matched after step %d", st.Number, last)
			}
			if other := otherwise(k.Trace, &k.Trace.Steps[i], st); other != "" {
				t.Fatalf("%s is matched to a step of which %s", k.Trace.Steps[i].ID, other)
			}
			last = st.Number
		}
		if matched != len(left) {
			t.Fatalf("%d of %d steps are matched", matched, len(left))
		}
	}
}
