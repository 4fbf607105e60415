package render

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/trace"
)

// This file has the files that the tests of the formats for programs share:
// junit, tap, github and sarif.

// machineFile checks a text as a file of that name.
func machineFile(name, text string, mode finding.Mode) *check.File {
	return check.CheckFile(name, strings.NewReader(text), check.Settings{Mode: mode, Limits: trace.DefaultLimits()})
}

// machineText is what a format makes of files.
func machineText(t *testing.T, format string, opt Options, files ...*check.File) string {
	t.Helper()
	var b strings.Builder
	if err := Check(&b, format, files, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

var update = flag.Bool("update", false, "rewrite the golden files; read them before you keep them")

// golden holds an output against the file of that name in testdata.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: -want +got\n%s", file, diff)
	}
}

// awayYAML has two errors and a blank in its last step, and a note in each.
const awayYAML = `title: Node 4 was away
nodes: 5
steps:
  - requestVote: {term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0}
    response: {2: ok, 3: ok, 4: none, 5: ok}
    lost: [4]
  - appendEntries: {leaderId: 1, term: 1, index: 1, value: x=1, leaderCommit: 0}
    response: {2: ok, 3: ok, 4: none, 5: ok}
    lost: [4]
  - id: Q3
    appendEntries: {leaderId: 1, term: 1, index: 2, value: x=2, leaderCommit: 1}
    response: {2: ok, 3: ok, 4: ok, 5: }
    state:
      1: {commitIndex: 1}
`

// brokenYAML has three documents: a sound one, one that is malformed in two
// places, and one whose initial state is unsafe.
const brokenYAML = `nodes: 3
steps:
  - timeout: 1
---
nodes: 3
steps:
  - timout: 1
  - timeout: 9
---
nodes: 3
initial:
  1: {term: 1, log: [1:a], commitIndex: 1}
  2: {term: 2, role: leader}
steps:
  - timeout: 3
`

// machineFiles are the files of the goldens: the two above, one that could not
// be opened, and one that could not be read to its end.
func machineFiles() []*check.File {
	noReader := check.CheckFile("half.yaml", iotest.ErrReader(errors.New("read half.yaml: input/output error")),
		check.Settings{Limits: trace.DefaultLimits()})
	return []*check.File{
		machineFile("traces/away.yaml", awayYAML, finding.Mode{}),
		machineFile("traces/broken.yaml", brokenYAML, finding.Mode{}),
		{Name: "gone.yaml", Errors: trace.Errors{{File: "gone.yaml", Msg: "no such file or directory"}}},
		noReader,
	}
}

// hostileTexts try to leave the place that they are put in. Each may be a
// title, a note, an id, a value or a file's name.
var hostileTexts = []string{
	"\x1b[2J", "\u009b31m", "a\rb", "\u202eabc", "\u200bx\u2060", "a\u2028b", "\x00\x7f", "\ufffe", "\U000e0041",
	"::error::x", " ::error file=a,line=1::x", "##[error]x", "###[group]x", "a\n::error::x", "100%0A::error::x", "a,title=b",
	"=cmd|' /C calc'!A0", "a|b", "a\nb", "</script><img src=x onerror=1>", "]]>", "&lt;&#27;", "-->",
	`\input{/etc/passwd}`, "@octocat", "日本語", "👨\u200d👩\u200d👧", "❤\ufe0f",
	"a # SKIP not today", `a \# TODO`, "a {", "\n  ...\nok 99 - x", "ok 1", "Bail out!", "1..0",
	`"`, `\"`, `\`, "{0}", "[x](javascript:alert(1))", "a: b", "%41 +?#", "../up",
}

// hostileFile is a sound trace with the text in each place that takes it: one
// error (the log) and one note (the request to a node that does not lead).
func hostileFile(text string) *check.File {
	q := strconv.QuoteToASCII(text) // YAML has the same escapes
	return machineFile(text, fmt.Sprintf(`title: %s
nodes: 3
steps:
  - id: %s
    note: %s
    clientRequest: {node: 1, value: %s}
    state: {1: {log: [{term: 1, value: %s}]}}
`, q, q, q, q, q), finding.Mode{})
}

// malformedFile has the text for a key that the format does not know.
func malformedFile(text string) *check.File {
	return machineFile(text, fmt.Sprintf("nodes: 3\n%s: 1\nsteps:\n  - timeout: 1\n", strconv.QuoteToASCII(text)), finding.Mode{})
}

func TestHostileFiles(t *testing.T) {
	for _, text := range hostileTexts {
		f := hostileFile(text)
		if len(f.Errors) > 0 {
			t.Errorf("%q: %v", text, f.Errors)
			continue
		}
		r := f.Reports[0]
		if len(r.Findings) != 2 || r.Count(finding.Error) != 1 || r.Findings[1].Expected != "1:"+text {
			t.Errorf("%q: findings %+v", text, r.Findings)
		}
		if m := malformedFile(text); len(m.Errors) != 1 || len(m.Reports) != 0 {
			t.Errorf("%q: malformed %v", text, m.Errors)
		}
	}
}

// noneHidden fails if an output holds a character that a reader does not see.
func noneHidden(t *testing.T, output string) {
	t.Helper()
	if !utf8.ValidString(output) {
		t.Errorf("the output is no UTF-8: %q", output)
	}
	for _, line := range strings.Split(output, "\n") {
		if line != Clean(line) {
			t.Errorf("something hidden in the line %q", line)
		}
	}
}

// A brokenPipe takes in so many bytes and no more.
type brokenPipe struct{ room int }

func (w *brokenPipe) Write(p []byte) (int, error) {
	if len(p) > w.room {
		return 0, io.ErrClosedPipe
	}
	w.room -= len(p)
	return len(p), nil
}

func TestWriteErrors(t *testing.T) {
	for _, format := range []string{"junit", "tap", "github", "sarif"} {
		whole := len(machineText(t, format, Options{}, machineFiles()...))
		for _, room := range []int{0, 50, whole - 1} {
			if err := Check(&brokenPipe{room}, format, machineFiles(), Options{}); !errors.Is(err, io.ErrClosedPipe) {
				t.Errorf("%s, room for %d of %d bytes: error %v", format, room, whole, err)
			}
		}
	}
}

func TestTestCases(t *testing.T) {
	const twins = `nodes: 3
steps:
  - {id: "\e", timeout: 1}
  - {id: '\x1b', timeout: 1}
  - {id: '\x1b (2)', timeout: 1}
`
	tests := []struct {
		why  string
		file *check.File
		want []string
	}{
		{"ids, and ordinals where there is none", machineFile("f", awayYAML, finding.Mode{}), []string{"step 1", "step 2", "step Q3 FAIL"}},
		{"the document where there are several", machineFile("f", brokenYAML, finding.Mode{}), []string{
			"document 1, step 1", "document 2, malformed at 7:5 ERROR", "document 2, malformed at 8:14 ERROR",
			"document 3, initial state FAIL", "document 3, step 1"}},
		{"an empty document is none", machineFile("f", "---\n---\nnodes: 1\nsteps:\n  - timeout: 1\n", finding.Mode{}), []string{"step 1"}},
		{"a trace without steps", machineFile("f", "nodes: 1\nsteps: []\n", finding.Mode{}), []string{"initial state"}},
		{"an empty file", machineFile("f", "", finding.Mode{}), []string{"malformed at 1:1 ERROR"}},
		{"a file that nothing is known of", &check.File{Name: "f"}, []string{"no trace"}},
		{"an unreadable file", machineFiles()[2], []string{"malformed ERROR"}},
		{"ids that look the same", machineFile("f", twins, finding.Mode{}), []string{`step \x1b`, `step \x1b (2)`, `step \x1b (2) (2)`}},
		{"what is implied, if strict", machineFile("f", awayYAML, finding.Mode{Strict: true}), []string{"step 1 FAIL", "step 2 FAIL", "step Q3 FAIL"}},
	}
	for _, tt := range tests {
		var got []string
		for _, c := range testCases(tt.file) {
			name := c.name
			if len(c.failures) > 0 {
				name += " FAIL"
			}
			if c.malformed != nil {
				name += " ERROR"
			}
			got = append(got, name)
		}
		if !slices.Equal(got, tt.want) {
			t.Errorf("%s: cases\n%q, want\n%q", tt.why, got, tt.want)
		}
	}
}

func TestWordLength(t *testing.T) {
	long := "nodes: 1\ntitle: \"" + strings.Repeat("x", 300) + "\"\nsteps: []\n"
	src := machineFile("f", long, finding.Mode{}).Source
	tests := []struct {
		why  string
		src  *trace.File
		at   trace.Pos
		want int
	}{
		{"a key, without its colon", src, trace.Pos{Line: 1, Column: 1}, 5},
		{"a quoted text, with its quotes", src, trace.Pos{Line: 2, Column: 8}, 302},
		{"no place", src, trace.Pos{}, 1},
		{"no text", nil, trace.Pos{Line: 1, Column: 1}, 1},
	}
	for _, tt := range tests {
		if got := wordLength(tt.src, tt.at); got != tt.want {
			t.Errorf("%s: %d, want %d", tt.why, got, tt.want)
		}
	}
}
