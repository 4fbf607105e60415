package editor_test

import (
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/editor"
	"raftsheet/trace"
)

const away = `nodes: 3
steps:
  - requestVote: {candidateId: 1, term: 1}
    response: {2: no, 3: ok}
  - appendEntries: {leaderId: 1, term: 1, entries: [1:a], prevLogIndex: 0, prevLogTerm: 0}
    response:
      2: ok
      3:
    state: {2: {term: 1, role: follower, log: [1:a]}, 3: {commitIndex: 2}}
rules: vote-twice
`

// What the caret is on says itself: what is wrong and why, what is right and why, what
// belongs in a blank, and what a key is for.
func TestHover(t *testing.T) {
	cases := []struct {
		at, head, says string // the bar is put before the first of at
		wrong          bool
	}{
		{"no, 3", "node 2 answers no; vote-twice says ok", "RequestVote", true},
		{"2: no", "node 2 answers no; vote-twice says ok", "RequestVote", true},
		{"ok}", "node 3 answers ok, as vote-twice says", "has not voted in term 1", false},
		{"3: ok}", "node 3 answers ok, as vote-twice says", "has not voted in term 1", false},
		{"ok\n", "step 2: node 2 answers ok, as vote-twice says", "", false},
		{"3:\n", "step 2: node 3's answer is left blank; vote-twice says ok", "", false},
		{"follower", "node 2 has role follower, as", "", false},
		{"[1:a]}", "node 2 has log [1:a], as", "", false},
		{"2}}", "node 3 has commitIndex 2; vote-twice says 0", "commitIndex is 0", true},
		{"leaderId", "leaderId", "The leader that sends the message.", false},
		{"appendEntries", "the trace leaves something unwritten", "took a client's request", false},
		{"state:", "state", "The states of nodes after this step", false},
		{"entIndex: 0", "", "", false},
		{"vote-twice", "vote-twice", "", false},
		{"steps:", "steps", "What happened, in order", false},
	}
	f := check.CheckFile("a.yaml", strings.NewReader(away), check.Settings{Limits: trace.DefaultLimits()})
	if len(f.Errors) > 0 {
		t.Fatal(f.Errors)
	}
	for _, c := range cases {
		_, pos := at(strings.Replace(away, c.at, "|"+c.at, 1))
		h, ok := editor.HoverAt(f, pos)
		if ok != (c.head != "") || !strings.Contains(h.Head, c.head) || !strings.Contains(h.Says, c.says) || h.Wrong != c.wrong {
			t.Errorf("%q: %t %+v; want %q, %q, wrong: %t", c.at, ok, h, c.head, c.says, c.wrong)
		}
	}
}

// Nothing that can be under the caret, in any text, stops the editor.
func FuzzEditor(f *testing.F) {
	f.Add(away, 3, 15)
	f.Add(head+"  - a: |\n  {[", 3, 3)
	f.Add("nodes: [", 1, 9)
	f.Fuzz(func(t *testing.T, text string, line, column int) {
		pos := trace.Pos{Line: int32(line), Column: int32(column)}
		editor.Complete(text, pos)
		editor.HoverAt(check.CheckFile("a.yaml", strings.NewReader(text), check.Settings{Limits: trace.DefaultLimits()}), pos)
	})
}
