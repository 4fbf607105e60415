package rendertest

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"raftsheet/check/grade"
	"raftsheet/trace"
)

// ownSheet has the text in its steps: an election, a message that nobody could have
// sent, one that goes on from it, an answer that cannot be read, and one that follows
// from nothing.
func ownSheet(text string) string {
	q := func(n int) string { return strconv.QuoteToASCII(text + strings.Repeat("'", n)) }
	return fmt.Sprintf(`title: %s
student: %s
nodes: 3
steps:
  - id: %s
    requestVote: {term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0}
    lost: [3]
    response: {2: ok, 3: none}
  - id: %s
    appendEntries: {leaderId: 2, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [{term: 1, value: %s}], leaderCommit: 0}
    to: [3]
    response: {3: ok}
  - id: %s
    appendEntries: {leaderId: 2, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [], leaderCommit: 0}
    to: [3]
    response: {3: no}
    state: {3: {log: [{term: 1, value: %s}], commitIndex: %s}}
`, q(0), q(0), q(0), q(1), q(0), q(2), q(0), q(0))
}

// OwnClass is a class without a key, whose scheme and sheets hold a text: one sheet
// that counts, with marks of every kind, one malformed, and one that is blank.
func OwnClass(t *testing.T, text string) *grade.Class {
	t.Helper()
	read, _, err := trace.ReadScheme(text, strings.NewReader(fmt.Sprintf(`title: %s
cells: {points: 12, least: 6, state: 0.5}
must:
  - {elections: 2, points: 4}
  - {rule: AE2, points: 2, says: %s}
impossible: {costs: 2}
late: 10%%
`, strconv.QuoteToASCII(text), strconv.QuoteToASCII(text))), trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	scheme, err := grade.NewScheme(read)
	if err != nil {
		t.Fatal(err)
	}
	late := HandedIn("", "sheet-"+text, ownSheet(text))
	late.Late = true
	return grade.MarkOwn(scheme, []grade.Input{late,
		HandedIn("", "malformed-"+text, "nodes: "+strconv.QuoteToASCII(text)+"\nsteps: []\n"),
		HandedIn("", "blank-"+text, "student: "+strconv.QuoteToASCII(text+"-b")+"\nnodes: 3\nsteps: []\n"),
	}, grade.Settings{})
}
