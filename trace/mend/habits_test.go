package mend_test

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"raftsheet/raft/wide"
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
		means func(string) string // the sheet as it is read, where that is not as it was
	}{
		{"no space after a colon in braces", everywhere(`(\d): (ok|no)`, "$1:$2"), nil},
		{"no space after any colon in braces", everywhere(`([{ ]\w+): (\w+[,}])`, "$1:$2"), nil},
		{"no commas", everywhere(`(\d: \w+), `, "$1 "), nil},
		{"semicolons", everywhere(`(\d: \w+), `, "$1; "), nil},
		{"tabs", everywhere(`  `, "\t"), nil},
		{"smart quotes", everywhere(`["']([^"'\n]*)["']`, "“$1”"), everywhere(`"(A sheet)"`, "“$1”")},
		{"no-break spaces", everywhere(`(: )`, ":\u00a0"), nil},
		{"no-break indents", everywhere(`(?m)^    `, "\u00a0\u00a0\u00a0\u00a0"), nil},
		{"carriage returns", everywhere("\n", "\r"), nil},
		{"bullets", everywhere(`(?m)^  - `, "  • "), nil},
		{"a brace less", everywhere(`(?m)}$`, ""), nil},
		{"a quote less", everywhere(`(?m)'$`, ""), nil},
		{"a lone ?", everywhere(`(\d): ok`, "$1: ?"), everywhere(`(\d): ok`, `$1: "?"`)},
	} {
		for _, lines := range wide.Of([]int{300}, []int{300, 2000}) {
			text := sheet(lines)
			bad := h.spoil(text)
			start := time.Now()
			got := mend.Mend("f", []byte(bad))
			took := time.Since(start)
			if h.means != nil {
				text = h.means(text)
			}
			want, _ := meaning([]byte(text))
			if now, _ := meaning(got.Data); now != want {
				t.Errorf("%s on %d lines: it means something else: %s", h.why, lines, lineDiff(want, now))
			}
			if took > 10*time.Second { // a fraction of a second on a machine that does nothing else
				t.Errorf("%s on %d lines takes %v", h.why, lines, took)
			}
			t.Logf("%-40s %5d lines: %5d changes, %v", h.why, lines, len(got.Changes), took.Round(time.Millisecond))
		}
	}
}
