package check_test

import (
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
	"raftsheet/trace"
)

func readFile(text string) *check.File {
	return check.ReadFile("t.yaml", strings.NewReader(text), trace.DefaultLimits())
}

// How much is written is counted, an answer of several parts once.
func TestReadFileCounts(t *testing.T) {
	f := readFile(`nodes: 4
steps:
- requestVote: {candidateId: 1}
  response: {1: ok, 2: no, 3: {voteGranted: ok, term: 1}}
  state: {2: {term: 9, log: }, 3: {terms: {1: 1, 2: }}}
- appendEntries: {leaderId: 1}
  response: {2: {success: ok, term: , matchIndex: }, others: none}
- heal: true
  state: {1: }
`)
	if len(f.Errors) > 0 || len(f.Reports) != 1 {
		t.Fatalf("errors %v, %d reports", f.Errors, len(f.Reports))
	}
	r := f.Reports[0]
	// Answers: 2, 3; others for 3 and 4. Blank: node 4, node 2 in part; the log and
	// the line of term 2; the eight fields of node 1's table.
	if want := (check.Written{Answers: 4, Fields: 2, Blank: 2 + 2 + 8}); *r.Read != want {
		t.Errorf("written: %+v, and should be %+v", *r.Read, want)
	}
	if want := (check.Tally{Steps: 3, Answers: 6, Blank: 2}); r.Tally != want || r.Result() != check.Readable || len(r.Findings) > 0 {
		t.Errorf("tally %+v, result %s, findings %v", r.Tally, r.Result(), r.Findings)
	}
}

// What cannot be played can be read: why it cannot be played depends on the answers.
// What cannot be read is found, and nothing else.
func TestReadFileReplaysNothing(t *testing.T) {
	const halts = "nodes: 3\nsteps:\n- appendEntries: {leaderId: 1, entries: auto}\n  response: {2: ok}\n"
	if checktest.Failure(halts) == "" {
		t.Fatal("this trace can be replayed, so it shows nothing")
	}
	if f := readFile(halts); len(f.Errors) > 0 || f.Reports[0].Result() != check.Readable {
		t.Errorf("%v, %s", f.Errors, f.Reports[0].Result())
	}
	f := readFile("nodes: 3\nsteps:\n- requestVote: {candidateId: 1, term: 7, lastLogIndex: 9, lastLogTerm: 9}\n  response: {2: mabye, 3: no}\n")
	r := f.Reports[0]
	if got := checktest.Lines(r); len(got) != 1 || !strings.Contains(got[0], `"mabye" is not an answer`) || r.Findings[0].Kind != finding.Unread {
		t.Errorf("findings: %q", got)
	}
	if want := (check.Written{Answers: 1}); *r.Read != want || r.Result() != check.Malformed || len(f.Errors) != 1 || len(f.Stopped()) != 0 {
		t.Errorf("written %+v, %s, errors %v", *r.Read, r.Result(), f.Errors)
	}
}
