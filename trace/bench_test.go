package trace

import (
	"fmt"
	"strings"
	"testing"
)

// BenchmarkParse reads a long worksheet: what is paid for each step and cell.
func BenchmarkParse(b *testing.B) {
	var s strings.Builder
	s.WriteString("nodes: 5\nsteps:\n")
	for i := range 10_000 {
		fmt.Fprintf(&s, "  - appendEntries: {leaderId: 1, term: 1, index: %d, value: x, leaderCommit: 0}\n    response: {2: ok, 3: ok, 4: no, 5: none}\n    state: {1: {commitIndex: %d, log: [1, 1:x]}}\n", i+1, i)
	}
	data := []byte(s.String())
	b.SetBytes(int64(len(data)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse("b", data, DefaultLimits()); err != nil {
			b.Fatal(err)
		}
	}
}
