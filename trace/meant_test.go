package trace

import (
	"errors"
	"testing"
)

// A word in a key's place stands for a key where it can be no other: a slip or two away,
// nearer than any other key, and one that the mapping does not have. If this fails, an
// answer is put under a key that its writer did not mean, or a slip costs a whole row.
func TestMeant(t *testing.T) {
	step := func(text string) string { return "nodes: 3\nsteps:\n- requestVote: {candidateId: 1}\n  " + text + "\n" }
	state := func(text string) string { return step("state: {2: {" + text + "}}") }
	for _, c := range []struct{ text, meant string }{
		{step("respones: {2: ok}"), "response"},
		{step("Response: {2: ok}"), "response"},
		{step("respones: {2: ok}\n  response: {3: ok}"), ""},
		{step("respones: {2: ok}\n  responce: {3: ok}"), ""},
		{step("answers: {2: ok}"), ""},
		{step("lots: [2]"), "lost"},
		{step("sate: {2: {term: 1}}"), "state"},
		{state("votedfor: 1"), "votedFor"},
		{state("voted_for: 1"), "votedFor"},
		{state("comitIndex: 1"), "commitIndex"},
		{state("currentTerm: 1"), "term"},
		{state("term: 1, terms: {1: 2}, trem: 2"), ""},
		{state("tem: 1"), "term"},
		{state("xIndex: 1"), ""},    // nextIndex or matchIndex
		{state("lastIndex: 1"), ""}, // lastLogIndex is three letters away
		{"nodes: 3\nstesp: []\n", "steps"},
		{"nodes: 3\nsteps:\n- appendEntires: {leaderId: 1}\n", "appendEntries"},
		{"nodes: 3\nsteps:\n- start: 1\n", ""}, // restart, says another notation; it may mean something else
	} {
		_, err := Parse("t.yaml", []byte(c.text), DefaultLimits())
		var errs Errors
		if !errors.As(err, &errs) {
			t.Errorf("%s: it reads", c.text)
			continue
		}
		got := ""
		for _, e := range errs {
			got += e.Meant
		}
		if got != c.meant {
			t.Errorf("%s: %q is meant, want %q (%v)", c.text, got, c.meant, errs)
		}
	}
}
