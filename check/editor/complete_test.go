package editor_test

import (
	"slices"
	"strings"
	"testing"

	"raftsheet/check/editor"
	"raftsheet/trace"
)

// at takes the caret, a bar, out of a text.
func at(text string) (string, trace.Pos) {
	before, after, _ := strings.Cut(text, "|")
	line := strings.Count(before, "\n")
	last := before[strings.LastIndexByte(before, '\n')+1:]
	return before + after, trace.Pos{Line: int32(line + 1), Column: int32(len([]rune(last)) + 1)}
}

const head = "nodes: [S1, S2, S3]\nsteps:\n"

// What is offered goes with the place where the caret is, in lines and in brackets,
// whether or not the text is YAML at that moment.
func TestComplete(t *testing.T) {
	cases := []struct{ name, text, want, not string }{
		{"the top", "|", "nodes steps", "requestVote"},
		{"the top, begun", "nodes: 3\nst|", "steps student", "nodes title"},
		{"after other keys", "nodes: 3\n|", "steps rules", "nodes requestVote"},
		{"an item that begins", head + "  - |", "requestVote appendEntries id", "to response"},
		{"an item that begins, typed", head + "  - app|", "appendEntries appendEntriesResponse", "requestVote"},
		{"a key of a step", head + "  - requestVote: {candidateId: S1}\n    |", "response lost state", "appendEntries requestVote"},
		{"between keys of a step", head + "  - crash: S1\n    |\n    state: {}\n", "note points", "state response"},
		{"a new item without its dash", head + "  - crash: S1\n  |", "requestVote", "response"},
		{"in brackets", head + "  - appendEntries: {|", "leaderId entries", "candidateId"},
		{"in brackets, later", head + "  - appendEntries: {leaderId: S1, te|}", "term", "leaderId"},
		{"a node", head + "  - appendEntries: {leaderId: |}", "S1 S2 S3", "leaderId"},
		{"a node, begun", head + "  - appendEntries: {leaderId: S2|}", "S2", "S1"},
		{"a list of nodes", head + "  - appendEntries: {leaderId: S1}\n    to: [S2, |]", "S1 S3", "ok"},
		{"a node of a row", head + "  - appendEntries: {leaderId: S1}\n    response: {S2: ok, |}", "S3 others", "S1 S2 ok"},
		{"a node of a row of a quoted sender", head + "  - requestVote: {term: 1, candidateId: \"S2\", lastLogTerm: 0}\n    response: {|", "S1 S3", "S2"},
		{"a node of a row of a request in lines", head + "  - requestVote:\n      candidateId: S3 # again\n      term: 1\n    response:\n      |", "S1 S2", "S3"},
		{"a node of a row before its request", head + "  - response: {|}\n    requestVote: {candidateId: S3}", "S1 S2", "S3"},
		{"a node of a row of a step in brackets", head + "  - {requestVote: {candidateId: S3}, response: {|}}", "S1 S2", "S3"},
		{"a node of the row of another step", head + "  - requestVote: {candidateId: S3}\n  - requestVote: {candidateId: S1}\n    response: {|", "S2 S3", "S1"},
		{"a node's state beside a row", head + "  - requestVote: {candidateId: S3}\n    state: {|", "S1 S2 S3", ""},
		{"an answer", head + "  - appendEntries: {leaderId: S1}\n    response: {S2: |}", "ok no none", "S2"},
		{"an answer of a list", head + "  - appendEntries: {leaderId: S1}\n    response: [ok, |]", "ok no none", "S2"},
		{"an answer in lines", head + "  - appendEntries: {leaderId: S1}\n    response:\n      S2: |", "ok no", "S2"},
		{"a field of an answer", head + "  - appendEntries: {leaderId: S1}\n    response: {S2: {|}}", "success term", "voteGranted"},
		{"a field of a vote", head + "  - requestVote: {candidateId: S1}\n    response: {S2: {|}}", "voteGranted term", "success"},
		{"a table", head + "  - state:\n      S2:\n        ro|", "role", "term"},
		{"a role", head + "  - state: {S1: {role: |", "follower candidate leader", ""},
		{"rules", "rules: vote-t|", "vote-twice", "figure2"},
		{"over several lines", head + "  - appendEntries: {leaderId: S1,\n      term: 1,\n      |", "entries", "term"},
		{"a node counted", "nodes: 4 # of them\nsteps:\n  - crash: |", "1 4", "5"},
		{"nodes by lines", "nodes:\n  - a\n  - b\nsteps:\n  - crash: |", "a b", "1"},
		{"the second document", head + "  - heal: true\n---\nnodes: 2\nsteps:\n  - crash: |", "1 2", "S1"},
		{"under a comment", head + "  # so it begins\n\n  - cr|", "crash", "nodes"},
		{"under a block of text", head + "  - note: >-\n      it says: this\n    cra|", "crash", "it"},
	}
	for _, c := range cases {
		text, pos := at(c.text)
		_, got := editor.Complete(text, pos)
		has := func(w string) bool {
			return slices.ContainsFunc(got, func(o editor.Completion) bool { return o.Label == w })
		}
		for _, w := range strings.Fields(c.want) {
			if !has(w) {
				t.Errorf("%s: %s is not offered, but %v", c.name, w, got)
			}
		}
		for _, w := range strings.Fields(c.not) {
			if has(w) {
				t.Errorf("%s: %s is offered", c.name, w)
			}
		}
	}
}

// Nothing is offered where no word of the format belongs.
func TestCompleteNothing(t *testing.T) {
	for _, text := range []string{
		"# no|", "nodes: 3 # no|", "title: \"no|\"", "title: 'no|", "title:|", head + "  - note: >\n      no|",
		head + "  - crash: S1 |", head + "  - zzz|",
	} {
		if _, got := editor.Complete(at(text)); len(got) > 0 {
			t.Errorf("%q: %v", text, got)
		}
	}
}

// What is taken stands in the place of what was typed, and the text is as if it had
// been typed: behind a colon that is there already no second one comes.
func TestCompleted(t *testing.T) {
	for _, c := range [][2]string{
		{"nod|", "nodes: "},
		{"nodes: 3\nste|: []", "nodes: 3\nsteps: []"},
		{head + "  - app|", head + "  - appendEntries: "},
		{head + "  - crash: S1\n  cr|", head + "  - crash: S1\n  - crash: "},
		{head + "  - é: {}\n  - cra|", head + "  - é: {}\n  - crash: "},
		{head + "  - appendEntries: {lead|: S1}", head + "  - appendEntries: {leaderId: S1}"},
		{head + "  - appendEntries: {leaderId: S|}", head + "  - appendEntries: {leaderId: S1}"},
		{"nodes: [\"1\", \"2\"]\nsteps:\n  - crash: |", "nodes: [\"1\", \"2\"]\nsteps:\n  - crash: 1"},
	} {
		text, pos := at(c[0])
		where, got := editor.Complete(text, pos)
		if len(got) == 0 {
			t.Errorf("%q: nothing is offered", c[0])
			continue
		}
		lines := strings.Split(text, "\n")
		line := []rune(lines[where.Start.Line-1])
		lines[where.Start.Line-1] = string(line[:where.Start.Column-1]) + got[0].Insert + string(line[where.End.Column-1:])
		if out := strings.Join(lines, "\n"); out != c[1] {
			t.Errorf("%q becomes %q; want %q", c[0], out, c[1])
		}
	}
}
