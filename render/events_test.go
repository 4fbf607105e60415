package render

import (
	"strings"
	"testing"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
)

// What Figure 2 does not draw is shown in words of its own: forms, lines, tables,
// and explanations.
func TestSnapshotsVotersAndDisksAreShown(t *testing.T) {
	tr := rendertest.Traces(t, `nodes: [A, B, C]
initial:
  A: {term: 3, role: leader, snapshot: {lastIncludedIndex: 5, lastIncludedTerm: 2}, log: [3:x]}
  B: {term: 3, votedFor: A, log: [1, 1]}
steps:
  - installSnapshot: {leaderId: A}
    to: [B]
  - appendEntries: {leaderId: A, entries: {count: 1}, prevLogIndex: 5}
    to: [B]
  - voters: {at: [A, B], are: [[A, B], [B, C]]}
  - stepDown: A
  - restart: {B: {votedFor: none, log: []}}
`)[0]
	run, halt := replay.Play(tr, raft.Figure2())
	if halt != nil {
		t.Fatal(halt)
	}
	sheet := plainText(t, Show(run, ShowOptions{Step: 2}))
	for _, want := range []string{"InstallSnapshotRPC, step 1", "lastIncludedIndex: 5", "entries:      [3:x]",
		"snapshot:     {lastIncludedIndex: 5, lastIncludedTerm: 2}", "│ to 5  │ to 2 │ (snapshot) │ yes", "│ 6     │ 3    │ x "} {
		if !strings.Contains(sheet, want) {
			t.Errorf("show does not say %q:\n%s", want, sheet)
		}
	}
	for step, want := range map[int]string{
		3: "voters at A, B: {A, B} {B, C} (joint: a majority of each)",
		4: "step down of A",
		5: "restart of B (its disk gives back votedFor none, log [])",
	} {
		if got := EventLine(tr, tr.Steps[step-1].Event); got != want {
			t.Errorf("step %d is %q, and should be %q", step, got, want)
		}
	}
	for step, want := range map[int]string{
		1: "answer   ok, term 3",
		3: "needs a majority of each: 2 of {A, B}, and 2 of {B, C}",
		4: "node A becomes a follower by itself",
		5: "its disk gave back: votedFor none, log []",
	} {
		text := plainText(t, Explain(Explanations(run, step, run.Concerned(step)), run, step))
		if !strings.Contains(strings.Join(strings.Fields(text), " "), strings.Join(strings.Fields(want), " ")) {
			t.Errorf("step %d is not explained by %q:\n%s", step, want, text)
		}
	}
}

// plainText is a document as text, on lines of any length.
func plainText(t *testing.T, d *doc.Document) string {
	t.Helper()
	var b strings.Builder
	if err := doc.Write(&b, "text", d, doc.Options{Width: 1000}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A leader that sends each node what it lacks sends many messages, and few different
// ones. If this fails, the form of a message to 64 nodes has 64 lines.
func TestOneFormOfManyMessages(t *testing.T) {
	tr := rendertest.Traces(t, `nodes: 64
initial:
  1: {term: 1, role: leader, log: [1, 1]}
  2: {term: 1, log: [1]}
  9: {term: 1, log: [1]}
steps:
  - appendEntries: {leaderId: 1, entries: auto, leaderCommit: 0}
  - appendEntries: {leaderId: 1, entries: auto, leaderCommit: 0}
  - appendEntries: {leaderId: 1, entries: auto, leaderCommit: 0}
`)[0]
	run, halt := replay.Play(tr, raft.Figure2())
	if halt != nil {
		t.Fatal(halt)
	}
	// Each refusal takes a node's nextIndex back by one; nodes 2 and 9 refuse once.
	for step, want := range map[int]string{2: "1", 3: "2 to 2 and 9; 0 to 3-8 and 10-64"} {
		_, fields := StepForm(run, &run.Steps[step-1])
		if got := fields[2]; got.Name != "prevLogIndex" || got.Value.String() != want {
			t.Errorf("step %d: %s is %q; want prevLogIndex %q", step, got.Name, got.Value, want)
		}
	}
}
