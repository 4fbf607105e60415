package mend_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"raftsheet/raft/wide"
	"raftsheet/trace"
	"raftsheet/trace/mend"
)

// at is a trace of three steps in which a slip is put.
const head = "nodes: 3\nsteps:\n  - requestVote: {candidateId: 1, term: 1}\n"

// slips are one slip each: what is written, what it is read as, and what of it is
// told. An empty told is what is told of no slip: the text is left as it is.
var slips = []struct{ why, was, now, told string }{
	{"a tab", head + "\tresponse: {2: ok}\n", head + "    response: {2: ok}\n", "line 4: read tabs as indents of 4"},
	{"tabs throughout", "nodes: 3\nsteps:\n\t- crash: 1\n\t  note: x\n\t- crash:\n\t\t\t- 2\n", "", "lines 3 to 6: read tabs as indents of 2 (on 4 lines)"},
	{"a missing comma", head + "    response: {2: ok 3: no}\n", head + "    response: {2: ok, 3: no}\n", `line 4: read "ok 3:" as "ok, 3:"`},
	{"a missing comma before a field", "nodes: 3\nsteps:\n  - requestVote: {candidateId: 1 term: 1}\n", "nodes: 3\nsteps:\n  - requestVote: {candidateId: 1, term: 1}\n", `line 3: read "1 term:" as "1, term:"`},
	{"a semicolon", head + "    response: {2: ok; 3: no}\n", head + "    response: {2: ok, 3: no}\n", `line 4: read "ok; 3:" as "ok, 3:"`},
	{"a lone ?", head + "    response: {2: ?, 3: no}\n", head + "    response: {2: \"?\", 3: no}\n", "line 4: read a lone ? as a blank"},
	{"a lone -", head + "    response: {2: - , 3: ok}\n", head + "    response: {2: \"-\" , 3: ok}\n", "line 4: read a lone - as none"},
	{"a lone - on a line of its own", head + "    response:\n      2: -\n      3: ok\n", head + "    response:\n      2: \"-\"\n      3: ok\n", "line 5: read a lone - as none"},
	{"a colon and a space in a note", head + "    note: mind: the gap\n", head + "    note: \"mind: the gap\"\n", `line 4: read "mind: the gap" as ""mind: the gap""`},
	{"a colon and a space in a value", "nodes: 3\nsteps:\n  - clientRequest: {node: 1, value: a: b}\n", "nodes: 3\nsteps:\n  - clientRequest: {node: 1, value: \"a: b\"}\n", `line 3: read "a: b" as ""a: b""`},
	{"an at sign", head + "    note: @home\n", head + "    note: \"@home\"\n", `line 4: read "@home" as ""@home""`},
	{"a fence", "```yaml\n" + head + "```\n", "\n" + head + "\n", "line 1: passed over the fence of a Markdown code block"},
	{"a fence in a letter", "Here it is!\n```yaml\n" + head + "```\nRegards\n", "\n\n" + head + "\n\n", "line 2: read only what the Markdown code block holds (2 lines around it are passed over)"},
	{"a bullet", "nodes: 3\nsteps:\n  • crash: 1\n    note: x\n", "nodes: 3\nsteps:\n  - crash: 1\n    note: x\n", `line 3: read the bullet "•" as -`},
	{"numbers for bullets", "nodes: 3\nsteps:\n  1. crash: 1\n     note: x\n", "nodes: 3\nsteps:\n  -  crash: 1\n     note: x\n", `line 3: read the bullet "1." as -`},
	{"an asterisk", "nodes: 3\nsteps:\n  * crash: 1\n    note: x\n", "nodes: 3\nsteps:\n  - crash: 1\n    note: x\n", `line 3: read the bullet "*" as -`},
	{"no space after a key", head + "    id:x\n    response: {2: ok}\n", head + "    id: x\n    response: {2: ok}\n", `line 4: read "id:x" as "id: x"`},
	{"no space in a cell", head + "    response: {2:ok, 3: no}\n", head + "    response: {2: ok, 3: no}\n", `line 4: read "2:ok" as "2: ok"`},
	{"quotes of a word processor", head + "    response: {2: “ok”, 3: no}\n", head + "    response: {2: \"ok\", 3: no}\n", `line 4: read "“ok”" as ""ok""`},
	{"quotes around a colon", "title: “a: b”\n" + head, "title: \"a: b\"\n" + head, `line 1: read "“a: b”" as ""a: b""`},
	{"no-break spaces for an indent", head + "\u00a0\u00a0\u00a0\u00a0response: {2: ok}\n", head + "    response: {2: ok}\n", "line 4: read a space that YAML does not know"},
	{"no-break spaces where a key is lost", head + "\u00a0\u00a0\u00a0\u00a0response: {2: ok}\n  - crash: 1\n", head + "    response: {2: ok}\n  - crash: 1\n", "line 4: read a no-break space, or one of another kind, as a plain one"},
	{"a bracket that is opened nowhere", head + "    response: {2: voteGranted: true}, 3: no}\n", head + "    response: {2: {voteGranted: true}, 3: no}\n", `line 4: read "voteGranted:" as "{voteGranted:"`},
	{"a missing comma after a blank", head + "    response: {2: 3: no}\n", head + "    response: {2: , 3: no}\n", `line 4: read "2: 3:" as "2: , 3:"`},
	{"a missing comma in a list", head + "    lost: [2 3]\n", head + "    lost: [2, 3]\n", `line 4: read "2 3" as "2, 3"`},
	{"a no-break space after a colon", head + "    response: {2:\u00a0ok}\n", head + "    response: {2: ok}\n", "line 4: read a space that YAML does not know"},
	{"a quote at the end", "title: \"x\nnodes: 3\nsteps: [{crash: 1}]\n", "title: \"x\"\nnodes: 3\nsteps: [{crash: 1}]\n", `line 1: read ""x" as ""x""`},
	{"a bracket at the end", head + "    response: {2: ok, 3: no\n  - crash: 1\n", head + "    response: {2: ok, 3: no}\n  - crash: 1\n", `line 4: read "no" as "no}"`},
	{"a bracket of a list in a state", head + "    state: {1: {log: [1:x}}\n", head + "    state: {1: {log: [1:x]}}\n", `line 4: read "1:x" as "1:x]"`},
	{"a bracket too many", head + "    response: {2: ok, 3: no}}\n", head + "    response: {2: ok, 3: no}\n", `line 4: passed over a }, which closes nothing`},
	{"a bracket that was never opened", head + "    response: 2: ok, 3: no}\n", head + "    response: {2: ok, 3: no}\n", `line 4: read "2:" as "{2:"`},
	{"an indent too deep", head + "     response: {2: ok}\n", head + "    response: {2: ok}\n", "line 4: read an indent of 5 as 4"},
	{"an indent too small", head + "   response: {2: ok}\n", head + "    response: {2: ok}\n", "line 4: read an indent of 3 as 4"},
	{"carriage returns alone", strings.ReplaceAll(head, "\n", "\r"), head, "read carriage returns alone as ends of lines (3)"},
	{"a mark inside", "title: x\n\ufeff" + head, "title: x\n" + head, `passed over byte order marks inside of the file (1)`},
	{"UTF-16, as PowerShell writes it", "\xff\xfe" + littleEndian(head), head, "the file is in UTF-16; read as UTF-8"},
	{"UTF-16 without a mark", littleEndian(head), head, "the file is in UTF-16; read as UTF-8"},

	{"a file that reads", head + "    note: “x”\n    response: {2: ok}\n", head + "    note: “x”\n    response: {2: ok}\n", ""},
	{"a file that reads, and says something wrong", head + "    response: {2: perhaps}\n", head + "    response: {2: perhaps}\n", ""},
	{"a photograph", "\xff\xd8\xff\xe0\x00\x10JFIF", "\xff\xd8\xff\xe0\x00\x10JFIF", ""},
	{"prose", "I did not do it, sorry: my dog\n\tate: it: all {\n", "", ""},
}

func littleEndian(s string) string {
	var b strings.Builder
	for _, c := range []byte(s) {
		b.WriteByte(c)
		b.WriteByte(0)
	}
	return b.String()
}

func TestSlips(t *testing.T) {
	for _, s := range slips {
		mended := mend.Mend("f", []byte(s.was))
		out, mends := mended.Data, mended.Changes
		var told []string
		for _, m := range mends {
			told = append(told, m.What)
		}
		if s.now != "" && string(out) != s.now {
			t.Errorf("%s: reads\n%s\nand should read\n%s\ntold: %q", s.why, out, s.now, told)
		}
		if s.told == "" && s.now != "" && len(told) > 0 || s.told != "" && (len(told) != 1 || !strings.HasPrefix(told[0], s.told)) {
			t.Errorf("%s: told %q, want %q", s.why, told, s.told)
		}
		if _, err := trace.Parse("f", out, trace.DefaultLimits()); err != nil && s.told != "" {
			t.Errorf("%s: %v\n%s", s.why, err, out)
		}
		if again := mend.Mend("f", out); !bytes.Equal(again.Data, out) || len(again.Changes) > 0 {
			t.Errorf("%s: mended again: %v", s.why, again.Changes)
		}
	}
}

// A change that leaves open where a value belongs says so; one that does not, not.
func TestMoves(t *testing.T) {
	vote := "nodes: 3\nsteps:\n  - requestVote: {candidateId: 1, term: 1}\n"
	for _, c := range []struct {
		why, text string
		want      bool
	}{
		{"a tab, after which two columns are possible", vote + "    state:\n\t  1: {term: 1}\n", true},
		{"a tab, after which one is", vote + "\tresponse: {2: ok}\n", false},
		{"a bracket, before or after a key", vote + "    state: {1: {term: 1, log: [1:x], 2: {term: 1}}\n", true},
		{"a bracket at the only place", vote + "    response: {2: ok, 3: no\n", false},
		{"a bracket in a comment, before which there may be more", vote + "    response: {2: ok # at once, 3: no}\n", true},
		{"a bracket before a comment", vote + "    response: {2: ok, 3: no # late\n", false},
		{"a comma", vote + "    response: {2: ok 3: no}\n", false},
		{"quotes", vote + "    note: a: b\n", false},
	} {
		mends := mend.Mend("f", []byte(c.text)).Changes
		if len(mends) != 1 || mends[0].Moves != c.want {
			t.Errorf("%s: %+v, want one that moves: %v", c.why, mends, c.want)
		}
	}
}

// What passes a limit is left as it is, soon.
func TestLimits(t *testing.T) {
	for _, c := range append([]struct{ why, text string }{
		{"a large file", head + "    response: {2: ok 3: no}\n" + strings.Repeat("# x\n", 1<<18)},
		{"brackets", strings.Repeat("[", 100_000)},
	}, wide.Of(nil, []struct{ why, text string }{ // a second or two of processor each
		{"slips without end", "nodes: 3\nsteps:\n" + strings.Repeat("  - response: {2: ok 3: no}\n", 20_000)},
		{"a hostile file", "nodes: 3\nsteps:\n" + strings.Repeat("  - {a: [\n    'x: }\n", 1<<20/22)},
		{"one long line", "nodes: 3\nsteps: [" + strings.Repeat("{a: 1 b:2}, ", 80_000)},
		{"quotes never ended", "nodes: 3\nsteps:\n" + strings.Repeat("  - note: 'x\n", 30_000)},
	})...) {
		start := time.Now()
		if got := mend.Mend("f", []byte(c.text)); string(got.Data) != c.text || len(got.Changes)+len(got.Lost) > 0 {
			t.Errorf("%s: %d mends", c.why, len(got.Changes))
		}
		if took := time.Since(start); took > 20*time.Second { // two at most on a machine that does nothing else
			t.Errorf("%s: it takes %v", c.why, took)
		} else {
			t.Logf("%s: %v", c.why, took.Round(time.Millisecond))
		}
	}
}
