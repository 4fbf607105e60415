package copies

import (
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check/grade"
	"raftsheet/trace"
)

// steps is how many steps the key of these tests has: each is sent to a node of its
// own, so that no answer has to do with another.
const steps = 8

// sheetOf gives a sheet of the key, where logs has what is written of a step's log in
// place of what is right, 1:x; empty gives the key.
func sheetOf(student string, logs map[int]string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "student: %s\nnodes: %d\ninitial: {1: {role: leader, term: 1, log: [1:x]}}\nsteps:\n", student, steps+1)
	for i := range steps {
		log := "[1:x]"
		if logs == nil {
			log = ""
		} else if logs[i+1] != "" {
			log = logs[i+1]
		}
		fmt.Fprintf(&b, "- {id: s%d, appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:x], leaderCommit: 0}, to: %d, state: {%d: {log: %s}}}\n",
			i+1, i+2, i+2, log)
	}
	return b.String()
}

// A handed is what a student hands in: texts by student.
type handed struct{ student, text string }

func classOf(t testing.TB, files []handed, diagnose bool) *grade.Class {
	t.Helper()
	f, err := trace.Parse("key.yaml", []byte(sheetOf("", nil)), trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	key, err := grade.NewKey(f.Traces[0])
	if err != nil {
		t.Fatal(err)
	}
	var inputs []grade.Input
	for _, h := range files {
		inputs = append(inputs, grade.Input{Name: h.student + ".yaml", Student: grade.Student{Name: h.student},
			Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(h.text)), nil }})
	}
	c := grade.MarkAll(key, inputs, grade.Settings{Diagnose: diagnose})
	for _, s := range c.Submissions {
		if s.Outcome != grade.Marked {
			t.Fatalf("%s: %s: %s", s.Name, s.Outcome, s.Why)
		}
	}
	return c
}

// with gives files, and after them so many that are all right.
func with(right int, files ...handed) []handed {
	for i := range right {
		files = append(files, handed{fmt.Sprintf("right%d", i), sheetOf("", map[int]string{})})
	}
	return files
}

// lines are the matches of a report, in short.
func lines(r *Report) []string {
	var out []string
	for _, m := range r.Matches {
		line := "alike:"
		if m.Identical {
			line = "identical:"
		}
		for _, s := range m.Sheets {
			line += fmt.Sprintf(" %s/%d", s.Name, s.Mistakes)
			for _, same := range s.Same {
				line += "=" + same.Name
			}
		}
		for _, s := range m.Shared {
			line += fmt.Sprintf(", step %d %v by %d more", s.Cell.Step, s.Written, s.Others)
		}
		if m.Differ > 0 {
			line += fmt.Sprintf(", %d otherwise", m.Differ)
		}
		out = append(out, line)
	}
	return out
}

// Who shares what with whom, and how many others have it, is what an instructor
// reads: identical files come first, a slip that many make is no reason, and right
// sheets are never listed, however alike.
func TestFind(t *testing.T) {
	odd := func(steps ...int) map[int]string {
		m := map[int]string{}
		for _, s := range steps {
			m[s] = fmt.Sprintf("[1:x, 1:odd%d]", s)
		}
		return m
	}
	anns, bens := odd(1, 2, 3, 5), odd(1, 2, 3, 6)
	anns[7], bens[7] = "[1:a]", "[1:b]"
	for _, c := range []struct {
		name  string
		files []handed
		want  []string
	}{
		{"nobody has a mistake", with(5), nil},
		{"a rare mistake in common is not enough", with(20, handed{"ann", sheetOf("a", odd(1))}, handed{"ben", sheetOf("b", odd(1))}), nil},
		{"three are", with(20, handed{"ann", sheetOf("a", anns)}, handed{"ben", sheetOf("b", bens)}, handed{"cyd", sheetOf("c", odd(2))}),
			[]string{"alike: ann.yaml/5 ben.yaml/5, step 1 [1:x, 1:odd1] by 0 more, step 2 [1:x, 1:odd2] by 1 more, step 3 [1:x, 1:odd3] by 0 more, 1 otherwise"}},
		{"identical files are one match, and stand for one sheet", with(20, handed{"ann", sheetOf("a", odd(1, 2, 3))},
			handed{"cyd", sheetOf("c", odd(1, 2, 3))}, handed{"dot", sheetOf("c", odd(1, 2, 3))}),
			[]string{"identical: cyd.yaml/3 dot.yaml/3, step 1 [1:x, 1:odd1] by 1 more, step 2 [1:x, 1:odd2] by 1 more, step 3 [1:x, 1:odd3] by 1 more",
				"alike: ann.yaml/3 cyd.yaml/3=dot.yaml, step 1 [1:x, 1:odd1] by 0 more, step 2 [1:x, 1:odd2] by 0 more, step 3 [1:x, 1:odd3] by 0 more"}},
	} {
		if d := cmp.Diff(c.want, lines(Find(classOf(t, c.files, true)))); d != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, d)
		}
	}
}

// Mistakes that half of the class makes are what the questions invite.
func TestCommonMistakes(t *testing.T) {
	var files []handed
	for i := range 10 {
		logs := map[int]string{1: "[1:x, 1:y]", 2: "[1:x, 1:y]", 3: "[1:x, 1:y]", 4 + i%4: fmt.Sprintf("[1:z%d]", i)}
		files = append(files, handed{fmt.Sprint("s", i), sheetOf(fmt.Sprint(i), logs)})
	}
	if got := lines(Find(classOf(t, with(10, files...), true))); got != nil {
		t.Errorf("what ten of twenty write is taken for evidence: %q", got)
	}
}

// The report depends neither on the order in which files come in nor on whether
// diagnoses were asked for: another list after the same command accuses others.
func TestFindIsReproducible(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var files []handed
	for i := range 30 {
		group := i / 2 % 10
		logs := make(map[int]string)
		for step := range 4 {
			logs[1+step+group%4] = fmt.Sprintf("[1:x, 1:v%d]", group/2)
		}
		logs[1+r.IntN(steps)] = "[1:x, 1:y]"
		files = append(files, handed{fmt.Sprint("s", i), sheetOf(fmt.Sprint(i%20), logs)})
	}
	want := Find(classOf(t, files, true))
	if len(want.Matches) == 0 {
		t.Fatal("nothing is listed, so nothing is tested")
	}
	slices.Reverse(files)
	got := Find(classOf(t, files, false))
	if d := cmp.Diff(lines(want), lines(got)); d != "" {
		t.Errorf("in another order, without diagnoses (-before +after):\n%s", d)
	}
	for i := range want.Matches {
		if w, g := want.Matches[i].Chance, got.Matches[i].Chance; w != g {
			t.Errorf("match %d has the chance %v, and before %v", i, g, w)
		}
	}
}

// The chance of a pair is that of all ways in which as much could be shared, added
// up one by one.
func TestChanceByCounting(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 200 {
		n := 1 + r.IntN(10)
		slips := make([]slip, n)
		for i := range slips {
			slips[i] = newSlip(r.Float64() * mostShare)
			slips[i].shared = r.IntN(3) == 0
		}
		need := 0
		for _, s := range slips {
			if s.shared {
				need += s.weight
			}
		}
		want := 0.0
		for set := range 1 << n {
			p, sum := 1.0, 0
			for i, s := range slips {
				if set>>i&1 == 1 {
					p *= s.q
					sum += s.weight
				} else {
					p *= 1 - s.q
				}
			}
			if sum >= need {
				want += p
			}
		}
		if got := tail(slips); math.Abs(got-want) > 1e-9 {
			t.Fatalf("%v: %v, and counted one by one %v", slips, got, want)
		}
	}
}
