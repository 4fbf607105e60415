package mend_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"raftsheet/trace/mend"
)

// sheet is a worksheet of so many lines.
func sheet(lines int) string {
	var b strings.Builder
	b.WriteString("title: \"A sheet\"\nnodes: 5\nsteps:\n")
	for n := 1; strings.Count(b.String(), "\n") < lines; n++ {
		fmt.Fprintf(&b, "  - id: s%d\n    requestVote: {candidateId: 1, term: %d}\n    response: {2: ok, 3: no, 4: ok, 5: \"no\"}\n"+
			"    state:\n      1: {term: %d, votedFor: 1}\n      2:\n        term: %d\n        log: [1:x, 2:y]\n    note: 'as asked'\n", n, n, n, n)
	}
	return b.String()
}

func everywhere(was, now string) func(string) string {
	re := regexp.MustCompile(was)
	return func(text string) string { return re.ReplaceAllString(text, now) }
}

// A slip that somebody makes on every line is set right on every line, soon. If
// this fails, the sheet of whoever has a habit is not read.
func TestHabits(t *testing.T) {
	for _, h := range []struct {
		why   string
		spoil func(string) string
	}{
		{"no space after a colon in braces", everywhere(`(\d): (ok|no)`, "$1:$2")},
		{"no space after any colon in braces", everywhere(`([{ ]\w+): (\w+[,}])`, "$1:$2")},
		{"no commas", everywhere(`(\d: \w+), `, "$1 ")},
		{"semicolons", everywhere(`(\d: \w+), `, "$1; ")},
		{"tabs", everywhere(`  `, "\t")},
		{"smart quotes", everywhere(`["']([^"'\n]*)["']`, "“$1”")},
		{"no-break spaces", everywhere(`(: )`, ":\u00a0")},
		{"no-break indents", everywhere(`(?m)^    `, "\u00a0\u00a0\u00a0\u00a0")},
		{"carriage returns", everywhere("\n", "\r")},
		{"bullets", everywhere(`(?m)^  - `, "  • ")},
		{"a brace less", everywhere(`(?m)}$`, "")},
		{"a quote less", everywhere(`(?m)'$`, "")},
		{"a lone ?", everywhere(`(\d): ok`, "$1: ?")},
	} {
		for _, lines := range []int{300, 2000} {
			text := sheet(lines)
			bad := h.spoil(text)
			start := time.Now()
			got := mend.Mend("f", []byte(bad))
			took := time.Since(start)
			want, _ := meaning([]byte(text))
			mended, ok := meaning(got.Data)
			t.Logf("%-36s %5d lines: %5d changes, %d lost, %8v  %v %v", h.why, lines, len(got.Changes), len(got.Lost), took.Round(time.Millisecond), ok, mended == want)
		}
	}
}
