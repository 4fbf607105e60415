package check_test

import (
	"bytes"
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/raft"
	"raftsheet/raft/goal"
	"raftsheet/trace"
)

// The whole of check on the paper worksheet, 18 messages and 8 nodes, beside
// what decoding its bytes into yaml nodes takes. Both are timed in turns, and
// the ratio is that of their medians.
func BenchmarkCheckWorksheet(b *testing.B) {
	data, err := os.ReadFile("../examples/worksheet.yaml")
	if err != nil {
		b.Fatal(err)
	}
	var decoding, checking []time.Duration
	for b.Loop() {
		decoding = append(decoding, timed(func() { decodeNodes(b, data) }))
		checking = append(checking, timed(func() { check.CheckFile("worksheet.yaml", bytes.NewReader(data), checktest.Settings) }))
	}
	d, c := median(decoding), median(checking)
	b.ReportMetric(float64(d.Nanoseconds()), "ns/decode")
	b.ReportMetric(float64(c.Nanoseconds()), "ns/check")
	goal.Report(b, float64(c)/float64(d), .35, "x-decode")
}

func decodeNodes(tb testing.TB, data []byte) {
	var n yaml.Node
	if err := yaml.NewDecoder(bytes.NewReader(data)).Decode(&n); err != nil {
		tb.Fatal(err)
	}
}

func timed(do func()) time.Duration {
	start := time.Now()
	do()
	return time.Since(start)
}

func median(ds []time.Duration) time.Duration {
	slices.Sort(ds)
	return ds[len(ds)/2]
}

// A hundred times the steps, up to the most that the format allows: time and
// memory of a whole check, and of the replay alone, while one log grows to
// 200,000 entries.
func BenchmarkHundredfold(b *testing.B) {
	const few, many, most = 2000, 200_000, 110
	small, large := longTrace(few), longTrace(many)
	beside := func(b *testing.B, taken, memory float64) {
		goal.Report(b, taken, most, "x-time")
		goal.Report(b, memory, most, "x-bytes")
	}
	b.Run("check", func(b *testing.B) {
		taken, memory := hundredfold(b, func(data []byte) any {
			return check.CheckFile("long.yaml", bytes.NewReader(data), checktest.Settings)
		}, small, large)
		beside(b, taken, memory)
	})
	b.Run("decode", func(b *testing.B) { // the YAML library alone, to compare
		taken, memory := hundredfold(b, func(data []byte) any {
			decodeNodes(b, data)
			return nil
		}, small, large)
		b.ReportMetric(taken, "x-time")
		b.ReportMetric(memory, "x-bytes")
	})
	b.Run("replay", func(b *testing.B) {
		parsed := map[int]*trace.Trace{len(small): parse(b, small), len(large): parse(b, large)}
		taken, memory := hundredfold(b, func(data []byte) any {
			run, err := check.Replay(parsed[len(data)], raft.Figure2())
			if err != nil {
				b.Fatal(err)
			}
			return check.Compare(run)
		}, small, large)
		beside(b, taken, memory)
	})
}

// hundredfold measures both in one run: the small one a hundred times over for
// each large one, so that both do the same amount of work between two looks at
// the clock.
func hundredfold(b *testing.B, do func(data []byte) any, small, large []byte) (taken, memory float64) {
	const rounds = 3
	var times, allocated []float64
	for b.Loop() {
		for range rounds {
			smallTime, smallBytes := cost(func() {
				for range 100 {
					runtime.KeepAlive(do(small))
				}
			})
			largeTime, largeBytes := cost(func() { runtime.KeepAlive(do(large)) })
			times = append(times, 100*float64(largeTime)/float64(smallTime))
			allocated = append(allocated, 100*float64(largeBytes)/float64(smallBytes))
		}
	}
	return goal.Median(times), goal.Median(allocated)
}

// cost measures the time of the processor and the bytes allocated. The collector is off:
// its work is in proportion to what is alive, which of a hundred small ones is one.
func cost(do func()) (time.Duration, uint64) {
	var before, after runtime.MemStats
	runtime.GC()
	defer debug.SetGCPercent(debug.SetGCPercent(-1))
	runtime.ReadMemStats(&before)
	start := goal.Processor()
	do()
	taken := goal.Processor() - start
	runtime.ReadMemStats(&after)
	return taken, after.TotalAlloc - before.TotalAlloc
}

func parse(tb testing.TB, data []byte) *trace.Trace {
	f, err := trace.Parse("long.yaml", data, trace.DefaultLimits())
	if err != nil {
		tb.Fatal(err)
	}
	return f.Traces[0]
}

// longTrace is a leader of three nodes that replicates one entry a step.
func longTrace(steps int) []byte {
	var b strings.Builder
	b.WriteString("nodes: 3\ninitial: {1: {term: 1, role: leader}}\nsteps:\n")
	for i := 1; i <= steps; i++ {
		fmt.Fprintf(&b, "- appendEntries: {leaderId: 1, term: 1, index: %d, value: v, leaderCommit: %d}\n  response: {2: ok, 3: ok}\n", i, i-1)
	}
	return []byte(b.String())
}

// A folder of traces on one core and on all of them. The ratio is near the
// number of cores.
func BenchmarkFolder(b *testing.B) {
	data := longTrace(500)
	files := make([][]byte, 32)
	for i := range files {
		files[i] = data
	}
	one := func() {
		for _, f := range files {
			check.CheckFile("f.yaml", bytes.NewReader(f), checktest.Settings)
		}
	}
	all := func() {
		check.SideBySide(len(files), func(i int) {
			check.CheckFile("f.yaml", bytes.NewReader(files[i]), checktest.Settings)
		})
	}
	var ones, alls []time.Duration
	for b.Loop() {
		ones = append(ones, timed(one))
		alls = append(alls, timed(all))
	}
	b.ReportMetric(float64(median(ones))/float64(median(alls)), "x-faster")
	b.ReportMetric(float64(runtime.GOMAXPROCS(0)), "cores")
}
