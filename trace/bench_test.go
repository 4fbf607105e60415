package trace

import (
	"bytes"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"raftsheet/raft/goal"
	"raftsheet/trace/internal/source"
)

// What is paid for reading the paper worksheet, and for each step and cell of a
// long one, beside what the YAML library takes to decode the same bytes into nodes.
// All are timed in turns, and each ratio is one of lower quartiles, which whatever
// else the machine does disturbs less than medians.
func BenchmarkParse(b *testing.B) {
	var long strings.Builder
	long.WriteString("nodes: 5\nsteps:\n")
	for i := range 2000 {
		fmt.Fprintf(&long, "  - appendEntries: {leaderId: 1, term: 1, index: %d, value: x, leaderCommit: 0}\n    response: {2: ok, 3: ok, 4: no, 5: none}\n    state: {1: {commitIndex: %d, log: [1, 1:x]}}\n", i+1, i)
	}
	worksheet, err := os.ReadFile("../examples/worksheet.yaml")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("worksheet", func(b *testing.B) { besideDecoding(b, worksheet) })
	b.Run("long", func(b *testing.B) { besideDecoding(b, []byte(long.String())) })
}

func besideDecoding(b *testing.B, data []byte) {
	var decoding, nodes, parsing []time.Duration
	for b.Loop() {
		decoding = append(decoding, timed(func() {
			var n yaml.Node
			if err := yaml.NewDecoder(bytes.NewReader(data)).Decode(&n); err != nil {
				b.Fatal(err)
			}
		}))
		nodes = append(nodes, timed(func() {
			for _, err := range source.New(data).Documents(DefaultLimits().Depth) {
				if err != nil {
					b.Fatal(err)
				}
			}
		}))
		parsing = append(parsing, timed(func() {
			if _, err := Parse("b", data, DefaultLimits()); err != nil {
				b.Fatal(err)
			}
		}))
	}
	slices.Sort(decoding)
	slices.Sort(nodes)
	slices.Sort(parsing)
	q := len(decoding) / 4
	b.ReportMetric(float64(decoding[q].Nanoseconds()), "ns/decode")
	goal.Report(b, float64(nodes[q])/float64(decoding[q]), .12, "nodes/decode")
	goal.Report(b, float64(parsing[q])/float64(decoding[q]), .25, "parse/decode")
}

func timed(do func()) time.Duration {
	start := time.Now()
	do()
	return time.Since(start)
}
