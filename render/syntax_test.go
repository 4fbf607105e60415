package render

import (
	"regexp"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/replay"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// What is said of reading alone is the same whatever the answers are. If this fails,
// a student can ask the program for an answer.
func TestSyntaxTellsNoAnswer(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, _ string) {
		a, b := readOf(t, run.Trace), readOf(t, otherAnswers(run.Trace))
		if a != b {
			t.Errorf("with other answers it says\n%s\nand not\n%s", b, a)
		}
		if !strings.Contains(a, "1 place cannot be read") {
			t.Errorf("the last step should not be readable:\n%s", a)
		}
	})
}

// readOf is what is said of reading a trace, and after it a step of which a field
// cannot be read.
func readOf(t *rapid.T, tr *trace.Trace) string {
	var text strings.Builder
	if err := trace.Write(&text, tr); err != nil {
		t.Fatal(err)
	}
	text.WriteString("  - {heal: true, state: {1: {term: two, commitIndex: 0}}}\n")
	f := check.ReadFile("t.yaml", strings.NewReader(text.String()), trace.DefaultLimits())
	var page strings.Builder
	if err := doc.Write(&page, "markdown", Check([]*check.File{f}, CheckOptions{Malformed: true, ReadOnly: true}), doc.Options{}); err != nil {
		t.Fatal(err)
	}
	return place.ReplaceAllString(page.String(), "| |") // other answers may take more lines
}

var place = regexp.MustCompile(`\| \d+:\d+ \|`)
