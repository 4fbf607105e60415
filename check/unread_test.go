package check_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
	"raftsheet/check/replay"
	"raftsheet/trace"
	"raftsheet/trace/edit"
)

// An error costs what it stands at. What can still be told is told as if nothing
// were wrong, and what depends on it is untold: never judged as if the field had
// been left out.
func TestErrorsAreLocal(t *testing.T) {
	const elect = "- requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}\n  response: {2: ok, 3: ok, 4: ok, 5: ok}\n"
	for _, tt := range []struct {
		why, steps string
		found      []string // kind, step and node
	}{
		{"an answer that is no word", elect + "- appendEntries: {leaderId: 1, index: 1, value: x}\n  response: {2: perhaps, 3: no, 4: ok, 5: ok}\n",
			[]string{"unread 2 ", "response 2 3"}},
		{"a field of a table", elect + "  state: {2: {term: x, votedFor: 3}}\n",
			[]string{"unread 1 ", "state 1 2"}},
		{"a term that is no number: nobody knows who leads", "- requestVote: {candidateId: 1, term: x}\n  to: [2]\n" +
			"- appendEntries: {leaderId: 1, term: 1, index: 1, value: x, leaderCommit: 0}\n  to: [2, 3]\n  response: {2: no, 3: no}\n  state: {1: {role: follower}, 2: {term: 7}, 3: {term: 7}}\n",
			[]string{"unread 1 ", "untold 2 2", "response 2 3", "untold 2 1", "untold 2 2", "state 2 3"}},
		{"lost, of a node that there is not", elect[:strings.Index(elect, "  response")] + "  lost: [9]\n  response: {2: no}\n" +
			"- timeout: 2\n  state: {2: {term: 9}}\n",
			[]string{"unread 1 ", "untold 1 2", "untold 2 2"}},
		{"an answer to a node that is in order, from one that is not", "- clientRequest: {node: 9, value: x}\n" +
			"- requestVote: {candidateId: 1, term: 3, lastLogIndex: 0, lastLogTerm: 0}\n  response: {2: ok}\n",
			[]string{"unread 1 ", "untold 2 3", "untold 2 4", "untold 2 5", "untold 2 2"}},
		{"a request whose fields come from a state that is unknown", "- timeout: [1, 9]\n  to: [2]\n- requestVote: {candidateId: 1}\n  to: [2]\n  response: {2: no}\n",
			[]string{"unread 1 ", "unread 1 ", "untold 2 2"}},
	} {
		f := check.CheckFile("t.yaml", strings.NewReader("nodes: 5\nsteps:\n"+tt.steps), checktest.Settings)
		if len(f.Reports) != 1 || len(f.Errors) == 0 || len(f.Stopped()) != 0 {
			t.Errorf("%s: %d reports, and the errors %v", tt.why, len(f.Reports), f.Errors)
			continue
		}
		var found []string
		for _, fd := range f.Reports[0].Findings {
			if fd.Kind != finding.Implied {
				found = append(found, fmt.Sprintf("%s %d %s", fd.Kind, fd.Step, fd.Node))
			}
		}
		if !slices.Equal(found, tt.found) {
			t.Errorf("%s: the findings are %q, not %q", tt.why, found, tt.found)
		}
		if r := f.Reports[0].Result(); r != check.Malformed {
			t.Errorf("%s: the trace is %s", tt.why, r)
		}
	}
}

// An initial state that cannot be read leaves its node off the page, and the
// others on it.
func TestUnreadInitialState(t *testing.T) {
	const in = "nodes: 3\ninitial: {1: {term: 3, role: leader, log: [x]}, 2: {term: 3}}\n" +
		"steps:\n- appendEntries: {leaderId: 1, term: 3, prevLogIndex: 5, prevLogTerm: 2, entries: [], leaderCommit: 0}\n" +
		"  response: {2: ok, 3: no}\n  state: {1: {term: 9}}\n"
	f := check.CheckFile("t.yaml", strings.NewReader(in), checktest.Settings)
	var found []string
	for _, fd := range f.Reports[0].Findings {
		found = append(found, fmt.Sprintf("%s %s", fd.Kind, fd.Node))
	}
	if want := []string{"unread ", "response 2", "untold 1"}; !slices.Equal(found, want) {
		t.Errorf("the findings are %q, not %q", found, want)
	}
}

// Fill leaves alone what it cannot read, and what depends on it, and fills in the
// rest.
func TestFillLeavesTheUnreadAlone(t *testing.T) {
	const in = "nodes: 3\nsteps:\n" +
		"- requestVote: {candidateId: 1, term: 1}\n  response: {2: perhaps, 3: }\n  state: {2: {term: x, votedFor: }}\n" +
		"- requestVote: {candidateId: 2, trem: 2}\n  to: [2, 3]\n  response:\n  state: {1: {term: }, 3: {term: }}\n"
	want := strings.NewReplacer("3: }\n", "3: ok}\n", "votedFor: }", "votedFor: 1}", "{1: {term: }", "{1: {term: 1}").Replace(in)
	want = strings.Replace(want, "to: [2, 3]", "to: [3]", 1)
	src, err := trace.Parse("t.yaml", []byte(strings.Replace(in, "to: [2, 3]", "to: [3]", 1)), trace.DefaultLimits())
	if err == nil || len(src.Traces) != 1 {
		t.Fatalf("%d traces, and the error %v", len(src.Traces), err)
	}
	run, err := check.ReplayWith(src.Traces[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	ed, err := edit.Open(src)
	if err != nil {
		t.Fatal(err)
	}
	if err := check.Fill(ed, []*replay.Run{run}, check.FillOptions{All: true}); err != nil {
		t.Fatal(err)
	}
	if got, err := ed.Bytes(); err != nil || string(got) != want {
		t.Errorf("filled in it is (%v)\n%s\nnot\n%s", err, got, want)
	}
}
