package report

import (
	"errors"
	"html"
	"io"
	"slices"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/render/internal/rendertest"
	"raftsheet/trace"
)

// This file has the files that the tests of the formats for programs share:
// junit, tap, github and sarif.

// machineText is what a format makes of files.
func machineText(t *testing.T, format string, opt CheckOptions, files ...*check.File) string {
	t.Helper()
	var b strings.Builder
	if err := Check(&b, format, files, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHostileFiles(t *testing.T) {
	for _, text := range rendertest.Texts {
		f := rendertest.HostileFile(text)
		if len(f.Errors) > 0 {
			t.Errorf("%q: %v", text, f.Errors)
			continue
		}
		r := f.Reports[0]
		if len(r.Findings) != 2 || r.Count(finding.Error) != 1 || r.Findings[1].Expected != "1:"+text {
			t.Errorf("%q: findings %+v", text, r.Findings)
		}
		if m := rendertest.MalformedFile(text); len(m.Errors) != 1 || len(m.Reports) != 0 {
			t.Errorf("%q: malformed %v", text, m.Errors)
		}
	}
}

func TestWriteErrors(t *testing.T) {
	for _, format := range []string{"junit", "tap", "github", "sarif"} {
		whole := len(machineText(t, format, CheckOptions{}, rendertest.Files()...))
		for _, room := range []int{0, 50, whole - 1} {
			if err := Check(&rendertest.BrokenPipe{Room: room}, format, rendertest.Files(), CheckOptions{}); !errors.Is(err, io.ErrClosedPipe) {
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
		{"ids, and ordinals where there is none", rendertest.File("f", rendertest.AwayYAML, finding.Mode{}), []string{"step 1", "step 2", "step Q3 FAIL"}},
		{"the document where there are several", rendertest.File("f", rendertest.BrokenYAML, finding.Mode{}), []string{
			"document 1, step 1", "document 2, step 1 FAIL", "document 2, step 2 FAIL",
			"document 3, initial state FAIL", "document 3, step 1"}},
		{"an empty document is none", rendertest.File("f", "---\n---\nnodes: 1\nsteps:\n  - timeout: 1\n", finding.Mode{}), []string{"step 1"}},
		{"a trace without steps", rendertest.File("f", "nodes: 1\nsteps: []\n", finding.Mode{}), []string{"initial state"}},
		{"an empty file", rendertest.File("f", "", finding.Mode{}), []string{"malformed at 1:1 ERROR"}},
		{"a file that nothing is known of", &check.File{Name: "f"}, []string{"no trace"}},
		{"an unreadable file", rendertest.Files()[2], []string{"malformed ERROR"}},
		{"ids that look the same", rendertest.File("f", twins, finding.Mode{}), []string{`step \x1b`, `step \x1b (2)`, `step \x1b (2) (2)`}},
		{"what is implied, if strict", rendertest.File("f", rendertest.AwayYAML, finding.Mode{Strict: true}), []string{"step 1 FAIL", "step 2 FAIL", "step Q3 FAIL"}},
	}
	for _, tt := range tests {
		var got []string
		for _, c := range testCases(tt.file, CheckOptions{}) {
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
	src := rendertest.File("f", long, finding.Mode{}).Source
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

// A trace in which nothing is wrong has no results, annotations or comments, but
// with --notes. If this fails, a code host lists hundreds of results of a sound
// folder.
func TestNotesOnlyIfAskedFor(t *testing.T) {
	sound := rendertest.File("sound.yaml", "nodes: 3\nsteps:\n  - requestVote: {candidateId: 1}\n    response: {2: ok, 3: ok}\n", finding.Mode{})
	note := sentence(&sound.Reports[0].Findings[0])
	for _, format := range []string{"junit", "tap", "github", "sarif"} {
		without, with := machineText(t, format, CheckOptions{Quiet: true}, sound), machineText(t, format, CheckOptions{Notes: true, Quiet: true}, sound)
		without, with = html.UnescapeString(without), html.UnescapeString(with) // of the XML
		if strings.Contains(without, note) {
			t.Errorf("%s has the note %q, which nobody asked for:\n%s", format, note, without)
		}
		if !strings.Contains(with, note) {
			t.Errorf("%s lacks the note %q:\n%s", format, note, with)
		}
	}
}
