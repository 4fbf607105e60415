package grade

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"gopkg.in/yaml.v3"

	"raftsheet/check"
	"raftsheet/raft"
	"raftsheet/raft/goal"
)

const form = "worksheet-blank.yaml" // 18 messages, 8 nodes

// submissions gives a class on the worksheet: half of it with some of its answers
// turned round at random, half answering under a deviation or two.
func submissions(b *testing.B, n int) [][]byte {
	b.Helper()
	r := rand.New(rand.NewPCG(1, 9))
	all := raft.Deviations()
	filled := make([]string, 2*len(all))
	for i := range filled {
		filled[i] = filledIn(b, form, all[i%len(all)], all[r.IntN(len(all))])
		if i < len(all) {
			filled[i] = filledIn(b, form, all[i])
		}
	}
	right := filledIn(b, form)
	out := make([][]byte, n)
	for i := range out {
		if i%2 == 0 {
			out[i] = []byte(uncommented(filled[r.IntN(len(filled))]))
		} else {
			out[i] = []byte(uncommented(turned(r, right, 1+r.IntN(6))))
		}
	}
	return out
}

// uncommented leaves the comments out, which an LMS's files have few of: they
// would make decoding slow, and the ratio good.
func uncommented(text string) string {
	var out []string
	for line := range strings.Lines(text) {
		line, _, _ = strings.Cut(line, " #")
		if !strings.HasPrefix(line, "#") && strings.TrimSpace(line) != "" {
			out = append(out, strings.TrimRight(line, " \n"))
		}
	}
	return strings.Join(out, "\n") + "\n"
}

// turned gives a filled-in sheet with some answers the other way round.
func turned(r *rand.Rand, text string, answers int) string {
	out := []byte(text)
	for range answers {
		at := r.IntN(len(text))
		if i := strings.Index(text[at:], ": ok"); i >= 0 {
			copy(out[at+i:], ": no")
		}
	}
	return string(out)
}

// A class of a thousand, on the worksheet of 18 messages and 8 nodes, is marked
// and diagnosed, by single deviations and pairs, beside what it takes to decode the
// same files into yaml.Node on as many cores. All that depends on the key alone is
// in it.
func BenchmarkGradeClass(b *testing.B) {
	const students = 1000
	k := keyOf(b, form)
	files := submissions(b, students)
	inputs := make([]Input, students)
	for i, data := range files {
		inputs[i] = handedIn(strings.Repeat("x", 1+i%9)+string(rune('A'+i%26)), string(data))
		inputs[i].Student.ID = time.Duration(i).String()
	}
	decoding, grading := time.Hour, time.Hour
	var heap uint64
	for b.Loop() {
		for range 3 { // the shortest of each: others use the machine too
			start := time.Now()
			decodeAll(b, files)
			decoding = min(decoding, time.Since(start))

			runtime.GC()
			start = time.Now()
			class := MarkAll(k, inputs, Settings{Diagnose: true, Progress: func(done, of int) {
				if done%100 == 0 {
					heap = max(heap, inUse())
				}
			}})
			grading = min(grading, time.Since(start))
			if s := class.Submissions[0]; len(class.Submissions) != students || s.Outcome != Marked {
				b.Fatalf("%d submissions, the first %s: %s", len(class.Submissions), s.Outcome, s.Why)
			}
		}
	}
	goal.Report(b, float64(grading)/float64(decoding), 1.5, "x-decode")
	goal.Report(b, float64(heap)/1e6, 120, "MB")
}

func decodeAll(b *testing.B, files [][]byte) {
	nodes := make([]yaml.Node, len(files))
	check.SideBySide(len(files), func(i int) {
		if err := yaml.Unmarshal(files[i], &nodes[i]); err != nil {
			b.Error(err)
		}
	})
}

func inUse() uint64 {
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// What it costs to diagnose one sheet once the key is known: it has to be little
// beside the marking.
func BenchmarkGradeDiagnose(b *testing.B) {
	k := keyOf(b, form)
	d := newDiagnoser(k, newParters(nil))
	r := rand.New(rand.NewPCG(3, 5))
	s := answering(k, k.Run)
	for range 5 {
		s.slip(r, r.IntN(len(k.Cells)), false)
	}
	sheet := s.mark(d)
	for b.Loop() {
		d.diagnose(sheet)
	}
}

// A folder of 300 wrong sheets of the worksheet is diagnosed, each as a trace of its
// own: what the deviations make of its messages is found out once. Reading and
// checking them is not in it.
func BenchmarkDiagnoseAll(b *testing.B) {
	const sheets = 300
	var reports []*check.Report
	for _, text := range submissions(b, sheets) {
		reports = append(reports, reportOf(b, string(text)))
	}
	taken := ofProcessor(b, sheets, func() { DiagnoseAll(reports, nil) })
	goal.Report(b, taken, 5, "ms-of-processor/sheet")
}

// Sheets of which each has messages of its own are diagnosed one by one: for each,
// what the deviations make of them is found out anew.
func BenchmarkDiagnoseEach(b *testing.B) {
	const sheets = 10
	var reports []*check.Report
	for i, text := range submissions(b, sheets) {
		reports = append(reports, reportOf(b, strings.ReplaceAll(string(text), "x=1", fmt.Sprint("x=", i))))
	}
	taken := ofProcessor(b, sheets, func() { DiagnoseAll(reports, nil) })
	goal.Report(b, taken, 110, "ms-of-processor/sheet")
}

// ofProcessor runs a benchmark, and gives the milliseconds of all cores that it takes for
// each of so many things.
func ofProcessor(b *testing.B, things int, do func()) float64 {
	before := goal.Processor()
	for b.Loop() {
		do()
	}
	return (goal.Processor() - before).Seconds() * 1000 / float64(things*b.N)
}
