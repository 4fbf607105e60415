package check_test

import (
	"errors"
	"fmt"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check"
	"raftsheet/check/checktest"
)

// A file is several traces; one that is malformed does not keep the others from
// being checked, and all errors are reported.
func TestCheckFile(t *testing.T) {
	const text = `nodes: 2
steps:
- requestVote: {candidateId: 1}
  response: {2: ok}
---
nodes: 2
steps:
- requstVote: {candidateId: 1}
- timeout: 3
---
nodes: 2
steps:
- requestVote: {candidateId: 1}
  response: {2: no}
- clientRequest: {node: 1, value: x}
  state: {1: {term: 4}}
---
nodes: 2
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 4}
- state: {2: {term: 9}}
---
steps: []
`
	f := check.CheckFile("many.yaml", strings.NewReader(text), checktest.Settings)
	var places []string
	for _, e := range f.Errors {
		places = append(places, fmt.Sprintf("%d %s", e.Document, e.Pos))
	}
	if want := []string{"2 8:3", "2 9:12", "4 20:46", "5 23:1"}; !slices.Equal(places, want) {
		t.Errorf("the errors stand at %q (document, line, column); they should stand at %q", places, want)
	}
	if got := f.Malformed(); !slices.Equal(got, []int{5}) {
		t.Errorf("documents %v could not be replayed; it should be 5 alone", got)
	}
	var results []string
	for _, r := range f.Reports {
		results = append(results, fmt.Sprintf("%d %s %s", r.Run.Trace.Document, r.Result(), r.Run.Rules.Name))
	}
	if want := []string{"1 agrees figure2", "2 malformed figure2", "3 diverges figure2", "4 malformed figure2"}; !slices.Equal(results, want) {
		t.Errorf("the reports are %q; they should be %q", results, want)
	}
	want := check.Summary{Files: 1, Traces: 5, Errors: 4, Diverged: 1, Malformed: 3, Unread: 3,
		Tally: check.Tally{Steps: 7, Answers: 2, Agree: 1, Diverge: 1, States: 1}}
	if d := cmp.Diff(want, check.Summarize([]*check.File{f})); d != "" {
		t.Errorf("the summary is wrong (-should be +is):\n%s", d)
	}
}

// A file that cannot be read at all is one malformed document.
func TestUnreadableFile(t *testing.T) {
	f := check.CheckFile("x.yaml", strings.NewReader("nodes: 2\nsteps: []\n\x00"), checktest.Settings)
	s := check.Summarize([]*check.File{f})
	if len(f.Reports) != 0 || len(f.Errors) != 1 || s.Malformed != 1 || s.Errors != 1 {
		t.Errorf("a file with a NUL has %d reports, the errors %v, and is counted as %+v", len(f.Reports), f.Errors, s)
	}
}

// The rules that are asked for take the place of the trace's own; those that
// there are none of are an error at the trace's rules.
func TestRulesOfAFile(t *testing.T) {
	text := "nodes: 1\nrules: figure2\nsteps:\n- timeout: 1\n"
	set := checktest.Settings
	set.Rules = []string{"figure2"}
	f := check.CheckFile("x.yaml", strings.NewReader(text), set)
	if len(f.Reports) != 1 || f.Reports[0].Run.Rules.Name != "figure2" {
		t.Errorf("under --rules figure2 the trace is not replayed under figure2: %v", f.Errors)
	}
	set.Rules = []string{"no-such-rule"}
	f = check.CheckFile("x.yaml", strings.NewReader(text), set)
	if len(f.Errors) != 1 || f.Errors[0].Pos.Line != 2 || !strings.Contains(f.Errors[0].Msg, "no-such-rule") {
		t.Errorf("under --rules no-such-rule the errors are %v; one should name it, on line 2", f.Errors)
	}
}

// Files that are checked side by side are taken in order, and few are made before
// their turn: a folder takes no more memory than some of its files. An error ends
// it, and is given back.
func TestInOrder(t *testing.T) {
	const files, most = 5000, 500 // many more than any machine has cores for
	var made atomic.Int64
	full := errors.New("the disk is full")
	taken := 0
	err := check.InOrder(files, func(i int) *check.File {
		made.Add(1)
		return &check.File{Name: fmt.Sprint(i)}
	}, func(i int, f *check.File) error {
		if i != taken || f == nil || f.Name != fmt.Sprint(i) {
			t.Fatalf("after %d files, file %d is taken as %v", taken, i, f)
		}
		if ahead := int(made.Load()) - taken; ahead > max(most, 2*runtime.GOMAXPROCS(0)) {
			t.Fatalf("%d files are in memory before the turn of file %d", ahead, i)
		}
		if taken++; taken == files-10 {
			return full
		}
		return nil
	})
	if err != full || taken != files-10 {
		t.Errorf("after an error, %d files are taken and the error is %v; %d should be, and the error %v", taken, err, files-10, full)
	}
}

// Errors of a replay carry their file and document, as errors of the reader do.
func TestReplayErrorsCarryTheirPlace(t *testing.T) {
	f := check.CheckFile("dir/x.yaml", strings.NewReader("---\n---\nnodes: 2\nsteps:\n- appendEntries: {leaderId: 1, entries: auto, term: 3}\n- timeout: 2\n- appendEntries: {leaderId: 1, entries: auto, term: 0}"), checktest.Settings)
	if len(f.Errors) != 1 {
		t.Fatalf("the errors are %v", f.Errors)
	}
	if e := f.Errors[0]; e.File != "dir/x.yaml" || e.Document != 2 || e.Pos.String() != "7:41" {
		t.Errorf("the error stands in %s, document %d, at %s; it should stand in dir/x.yaml, document 2, at 7:41", e.File, e.Document, e.Pos)
	}
}
