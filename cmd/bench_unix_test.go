//go:build unix

package cmd_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"raftsheet/raft/goal"
)

// This file measures the program as a whole: its processor time and the most memory
// it has. Each figure stands beside its goal. Times are held against what it takes
// to decode the same file into yaml nodes, in the same run: machines are noisy.

// A program is a copy of raftsheet to be run, see TestMain.
type program struct {
	tb   testing.TB
	path string
}

// newProgram makes a program, in an empty folder.
func newProgram(tb testing.TB) program {
	tb.Helper()
	self, err := os.Executable()
	if err != nil {
		tb.Fatal(err)
	}
	path := tb.TempDir() + "/raftsheet"
	if err := os.Symlink(self, path); err != nil {
		tb.Skip(err)
	}
	tb.Chdir(tb.TempDir())
	return program{tb, path}
}

// A usage is what a run has taken.
type usage struct {
	cpu  time.Duration
	most int64 // bytes of memory
	out  int   // bytes of output
}

func (u usage) mb() float64 { return float64(u.most) / (1 << 20) }

const anyCode = -1

// run runs a command line, and requires its exit code.
func (p program) run(code int, line string) usage {
	p.tb.Helper()
	var out counter
	var errs bytes.Buffer
	c := exec.Command(p.path, strings.Fields(line)...)
	c.Stdout, c.Stderr = &out, &errs
	err := c.Run()
	taken, is := c.ProcessState.SysUsage().(*syscall.Rusage)
	if got := c.ProcessState.ExitCode(); !is || got != code && code != anyCode {
		p.tb.Fatalf("raftsheet %s: %v, exit code %d, want %d: %.500s", line, err, got, code, errs.String())
	}
	most := taken.Maxrss
	if runtime.GOOS != "darwin" {
		most <<= 10
	}
	return usage{time.Duration(taken.Utime.Nano() + taken.Stime.Nano()), most, int(out)}
}

// A counter counts what is written: to keep it would make this process large.
type counter int

func (c *counter) Write(p []byte) (int, error) {
	*c += counter(len(p))
	return len(p), nil
}

// decoding is the processor time that it takes to decode files into yaml nodes.
func decoding(tb testing.TB, times int, data []byte) time.Duration {
	tb.Helper()
	before := goal.Processor()
	for range times {
		var n yaml.Node
		if err := yaml.NewDecoder(bytes.NewReader(data)).Decode(&n); err != nil {
			tb.Fatal(err)
		}
	}
	return goal.Processor() - before
}

func write(tb testing.TB, name string, data []byte) {
	tb.Helper()
	if err := os.WriteFile(name, data, 0o600); err != nil {
		tb.Fatal(err)
	}
}

// besideDecoding is a run's time of the processor, beside what it takes to decode the
// file: the median of several of both in turn.
func (p program) besideDecoding(line string, data []byte) float64 {
	p.tb.Helper()
	const rounds = 5
	var all []float64
	for range rounds {
		decode := decoding(p.tb, 1, data)
		all = append(all, float64(p.run(0, line).cpu)/float64(decode))
	}
	return goal.Median(all)
}

// steps is a trace of so many steps, of which each is made by its number.
func steps(head string, n int, step func(i int) string) []byte {
	var b bytes.Buffer
	b.WriteString(head + "steps:\n")
	for i := 1; i <= n; i++ {
		b.WriteString("- " + step(i) + "\n")
	}
	return b.Bytes()
}

// appends is a leader of so many nodes who replicates one entry a step, and commits
// it in the next. Every so many answers one is wrong, or none for 0.
func appends(nodes, n, wrong int) []byte {
	answers := 0
	return steps(fmt.Sprintf("nodes: %d\ninitial: {1: {term: 1, role: leader}}\n", nodes), n, func(i int) string {
		var row []string
		for to := 2; to <= nodes; to++ {
			answer := "ok"
			if answers++; wrong > 0 && answers%wrong == 0 {
				answer = "no"
			}
			row = append(row, fmt.Sprintf("%d: %s", to, answer))
		}
		return fmt.Sprintf("appendEntries: {leaderId: 1, term: 1, index: %d, value: v, leaderCommit: %d}\n  response: {%s}", i, i-1, strings.Join(row, ", "))
	})
}

// A process that is started is counted the memory of the one that starts it, so that
// what should take little is measured before what makes this process large.

// The figures of files that ask for much with few bytes: 6 kB, or 400 kB of aliases.
func BenchmarkAliases(b *testing.B) {
	p := newProgram(b)
	bombs := aliasBombs()
	bombs["many"] = "nodes: 64\nsteps: [&s {requestVote: {candidateId: 1}, response: {others: ok}}" + strings.Repeat(", *s", 100_000) + "]\n"
	for b.Loop() {
		var cpu time.Duration
		var most int64
		for _, name := range []string{"votes", "values", "tables", "many"} {
			write(b, "bomb.yaml", []byte(bombs[name]))
			for _, line := range []string{"check --diagnose bomb.yaml", "show --format json bomb.yaml"} {
				u := p.run(anyCode, line)
				cpu, most = max(cpu, u.cpu), max(most, u.most)
			}
		}
		goal.Report(b, cpu.Seconds(), 1, "s-of-processor")
		goal.Report(b, usage{most: most}.mb(), 64, "MB")
	}
}

// The figures of checking a folder of 10,000 worksheets: a class's, several times
// over.
func BenchmarkCheckFolder(b *testing.B) {
	const files = 10_000
	data, err := os.ReadFile("../examples/worksheet.yaml")
	if err != nil {
		b.Fatal(err)
	}
	p := newProgram(b)
	if err := os.Mkdir("class", 0o700); err != nil {
		b.Fatal(err)
	}
	for i := range files {
		write(b, fmt.Sprintf("class/%05d.yaml", i), data)
	}
	for b.Loop() {
		decode := decoding(b, files, data)
		u := p.run(0, "check class")
		goal.Report(b, float64(u.cpu)/float64(decode), .4, "x-decode")
		goal.Report(b, u.mb(), 64, "MB")
		goal.Report(b, p.run(0, "check --format json class").mb(), 64, "JSON-MB")
	}
}

// The figures of diagnosing a folder of 10,000 worksheets, in half of which an answer is
// wrong.
func BenchmarkDiagnoseFolder(b *testing.B) {
	const files = 10_000
	right, err := os.ReadFile("../examples/worksheet.yaml")
	if err != nil {
		b.Fatal(err)
	}
	wrong := bytes.Clone(right)
	copy(wrong[bytes.LastIndex(wrong, []byte(": ok")):], ": no")
	p := newProgram(b)
	if err := os.Mkdir("class", 0o700); err != nil {
		b.Fatal(err)
	}
	for i := range files {
		write(b, fmt.Sprintf("class/%05d.yaml", i), [][]byte{right, wrong}[i%2])
	}
	for b.Loop() {
		u := p.run(1, "check --diagnose class")
		goal.Report(b, u.mb(), 300, "MB")
		goal.Report(b, u.cpu.Seconds()*1000/files, 5, "ms-of-processor/sheet")
	}
}

// The figures of a file that has more in it than is read.
func BenchmarkTooLarge(b *testing.B) {
	p := newProgram(b)
	write(b, "crowd.yaml", append([]byte("nodes: ["), bytes.Repeat([]byte("a,"), 16<<20)...))
	for b.Loop() {
		goal.Report(b, p.run(2, "check --max-bytes 100000000 crowd.yaml").mb(), 256, "MB")
	}
}

// The figures of explaining the wrong answers of a long trace.
func BenchmarkDiagnoseLong(b *testing.B) {
	p := newProgram(b)
	write(b, "long.yaml", appends(3, 10_000, 100))
	for b.Loop() {
		u := p.run(1, "check --diagnose long.yaml")
		goal.Report(b, u.mb(), 300, "MB")
		b.ReportMetric(u.cpu.Seconds(), "s-of-processor")
	}
}

// The figures of showing a worksheet of 64 nodes and 8,000 heartbeats, each of which
// is lost to another node.
func BenchmarkShowWide(b *testing.B) {
	const nodes = 64
	var rows [nodes]string
	for lost := range rows {
		var row []string
		for to := 2; to <= nodes; to++ {
			if to != lost {
				row = append(row, fmt.Sprintf("%d: ok", to))
			}
		}
		rows[lost] = strings.Join(row, ", ")
	}
	data := steps("nodes: 64\ninitial: {1: {term: 1, role: leader}}\n", 8000, func(i int) string {
		lost := 2 + i%(nodes-2)
		return fmt.Sprintf("appendEntries: {leaderId: 1, term: 1, leaderCommit: 0}\n  lost: [%d]\n  response: {%s}", lost, rows[lost])
	})
	p := newProgram(b)
	write(b, "wide.yaml", data)
	for b.Loop() {
		b.ReportMetric(p.run(0, "show wide.yaml").mb(), "MB")
		goal.Report(b, p.besideDecoding("show wide.yaml", data), 7, "x-decode")
	}
}

// The figures of a replay as JSON: twice the steps come to twice the bytes.
func BenchmarkShowJSON(b *testing.B) {
	p := newProgram(b)
	write(b, "half.yaml", appends(3, 5000, 0))
	write(b, "whole.yaml", appends(3, 10_000, 0))
	for b.Loop() {
		half, whole := p.run(0, "show --format json half.yaml"), p.run(0, "show --format json whole.yaml")
		goal.Report(b, float64(whole.out)/float64(half.out), 2.1, "x-bytes-of-half")
	}
}

// The figures of filling in a long trace.
func BenchmarkFill(b *testing.B) {
	data := bytes.ReplaceAll(appends(5, 8000, 0), []byte("ok"), nil)
	p := newProgram(b)
	write(b, "blank.yaml", data)
	for b.Loop() {
		goal.Report(b, p.besideDecoding("fill blank.yaml", data), 1.5, "x-decode")
	}
}

// The figures of the longest trace, of five nodes. The decoded nodes are measured
// as what they add to this process.
func BenchmarkCheckLongest(b *testing.B) {
	data := appends(5, 200_000, 0)
	p := newProgram(b)
	write(b, "longest.yaml", data)
	for b.Loop() {
		before := inUse()
		var n yaml.Node
		if err := yaml.Unmarshal(data, &n); err != nil {
			b.Fatal(err)
		}
		decoded := inUse() - before
		runtime.KeepAlive(&n)
		u := p.run(0, "check longest.yaml")
		goal.Report(b, float64(u.most)/float64(decoded), 3, "x-decoded-bytes")
		b.ReportMetric(u.mb(), "MB")
	}
}

// inUse is the memory that is not garbage.
func inUse() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// The figures of a start: processor time of the program in a run that does nothing. What
// an empty program takes is Go's own part of it. Where there is a C compiler, Go links the
// program to the C library, which the system has to load first; with CGO_ENABLED=0 it does
// not.
func BenchmarkStart(b *testing.B) {
	empty := b.TempDir() + "/empty.go"
	write(b, empty, []byte("package main\n\nfunc main() {}\n"))
	own, linked, least := built(b, "raftsheet", "CGO_ENABLED=0"), built(b, "raftsheet"), built(b, empty)
	var owns, linkeds, leasts []float64
	start := func(to *[]float64, p program, line string) {
		*to = append(*to, p.run(0, line).cpu.Seconds()*1000)
	}
	for b.Loop() {
		start(&owns, own, "--version")
		start(&linkeds, linked, "--version")
		start(&leasts, least, "")
	}
	goal.Report(b, goal.Median(owns), 3.5, "ms-of-processor")
	b.ReportMetric(goal.Median(linkeds), "ms-with-cgo")
	b.ReportMetric(goal.Median(leasts), "ms-of-an-empty-program")
}

// built is a program that is built for this run: a package's, or a file's.
func built(tb testing.TB, what string, env ...string) program {
	tb.Helper()
	path := tb.TempDir() + "/built"
	c := exec.Command("go", "build", "-o", path, what)
	c.Env = append(os.Environ(), env...)
	if out, err := c.CombinedOutput(); err != nil {
		tb.Fatalf("%v: %s", err, out)
	}
	return program{tb, path}
}
