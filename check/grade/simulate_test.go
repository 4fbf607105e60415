package grade

import (
	"fmt"
	"math/rand/v2"
	"os"
	"runtime"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/raft/wide"
	"raftsheet/trace"
	"raftsheet/trace/edit"
)

// This file has classes of students diagnosed of whom it is known what they believe.

// aClass has students answer, as many at a time as there are cores, each with a
// key of its own and one diagnoser for all.
func aClass(k *Key, d *diagnoser, students int, answer func(k *Key, r *rand.Rand, i int) *Sheet) {
	const together = 50
	check.SideBySide((students+together-1)/together, func(group int) {
		own := k.Clone()
		for i := group * together; i < min(students, (group+1)*together); i++ {
			answer(own, rand.New(rand.NewPCG(uint64(i), 4)), i)
		}
	})
}

// Who answers under a deviation is diagnosed with it, with slips beside it or
// without: as that one, or as those that answer alike on the whole sheet. A
// diagnosis that names something else sends a student to learn what they know.
func TestClassOfBelievers(t *testing.T) {
	k, d := theExam(t)
	kinds := []struct {
		name    string
		slips   int
		carried bool
	}{{"no slips", 0, false}, {"a slip", 1, false}, {"a slip carried on", 1, true}, {"two slips", 2, false}, {"two carried on", 2, true}}
	shown := shownTwice(t)
	var rightly, all atomic.Int64
	for _, kind := range kinds {
		var right, total atomic.Int64
		aClass(k, d, len(shown), func(k *Key, r *rand.Rand, i int) *Sheet {
			dev := shown[i]
			s := believing(t, k, wordingOf(d, dev), dev)
			for range kind.slips {
				s.slip(r, r.IntN(len(k.Cells)), kind.carried)
			}
			sheet := s.mark(d)
			total.Add(1)
			if d.isRight(sheet.Diagnosis, dev) {
				right.Add(1)
			} else if kind.slips == 0 {
				t.Errorf("who believes %s is diagnosed %s: %s", dev.Name, sheet.Diagnosis.Verdict, diagnosed(sheet.Diagnosis))
			}
			return sheet
		})
		t.Logf("%-18s %d of %d named rightly", kind.name+":", right.Load(), total.Load())
		rightly.Add(right.Load())
		all.Add(total.Load())
	}
	part := float64(rightly.Load()) / float64(all.Load())
	t.Logf("students under a deviation: %.1f%% named rightly, of %d", 100*part, all.Load())
	if part < .95 {
		t.Errorf("%.1f%% are named rightly, and 95%% have to be", 100*part)
	}
}

// wordingOf gives a wording in which a deviation shows.
func wordingOf(d *diagnoser, dev raft.Deviation) replay.Wording {
	if d.filling[dev.Name] {
		return replay.AsFilled
	}
	return replay.AsSent
}

// isRight reports whether a diagnosis is a deviation, or it and those that say the
// same for every cell of the key.
func (d *diagnoser) isRight(g *Diagnosis, dev raft.Deviation) bool {
	found := false
	for _, e := range g.Explanations {
		alike := func(b *belief) bool { return slices.Contains(d.of[dev.Name], b) }
		if len(e.Deviations) != 1 || !slices.ContainsFunc(d.of[e.Deviations[0].Name], alike) {
			return false
		}
		found = found || e.Deviations[0].Name == dev.Name
	}
	return found
}

// Who makes mistakes at random is given no name, but for 2 in 100: a name for
// chance tells a student of a misunderstanding that is not there.
func TestClassOfSlips(t *testing.T) {
	k, d := theExam(t)
	students := wide.Of(300, 1000)
	part := float64(sloppyOn(k, d, students)) / float64(students)
	t.Logf("students with slips alone: %.1f%% given a name, of %d", 100*part, students)
	if part > .02 {
		t.Errorf("%.1f%% are given a name, and 2%% at most may be", 100*part)
	}
}

// Who answers under two deviations at once is diagnosed with both, or where one
// hides the other, with the one that shows: explaining such a sheet by a third
// would be wrong twice.
func TestClassUnderTwo(t *testing.T) {
	k, d := theExam(t)
	const students = 150
	shown := shownTwice(t)
	var both, one atomic.Int64
	aClass(k, d, students, func(k *Key, r *rand.Rand, i int) *Sheet {
		places := r.Perm(len(shown))[:2]
		slices.Sort(places)
		pair := []raft.Deviation{shown[places[0]], shown[places[1]]}
		sheet := believing(t, k, replay.AsFilled, pair...).mark(d)
		is := func(e Explanation) bool { return sameSet(e.Deviations, pair) }
		isPart := func(e Explanation) bool {
			return sameSet(e.Deviations, pair[:1]) || sameSet(e.Deviations, pair[1:])
		}
		switch es := sheet.Diagnosis.Explanations; {
		case slices.ContainsFunc(es, is):
			both.Add(1)
		case slices.ContainsFunc(es, isPart):
			one.Add(1)
		}
		return sheet
	})
	t.Logf("students under two deviations: of %d both are named of %d, the one that shows of %d", students, both.Load(), one.Load())
	if both.Load() < students*2/3 || both.Load()+one.Load() < students*95/100 {
		t.Error("two in three have to be named by both, and 95 in 100 by one of the two at least")
	}
}

// filledIn gives the text of an example with its blanks filled in under deviations.
func filledIn(t testing.TB, name string, ds ...raft.Deviation) string {
	t.Helper()
	data, err := os.ReadFile(examples + name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := trace.Parse(name, data, trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	truth, err := check.Replay(f.Traces[0], raft.Figure2())
	if err != nil {
		t.Fatal(err)
	}
	run := checktest.Under(t, truth, raft.Figure2().With(ds...), replay.AsFilled)
	ed, err := edit.Open(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := check.Fill(ed, []*replay.Run{run}, check.FillOptions{}); err != nil {
		t.Fatal(err)
	}
	out, err := ed.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}

// Files that are filled in under a deviation, and read like any other, are
// diagnosed as it: what the tests above hold true of sheets in memory is true of
// those that are handed in.
func TestFilesOfBelievers(t *testing.T) {
	var inputs []Input
	for i, d := range shownTwice(t) {
		if i%wide.Of(18, 6) == 0 {
			inputs = append(inputs, handedIn(d.Name, filledIn(t, exam, d)))
		}
	}
	for _, s := range MarkAll(keyOf(t, exam), inputs, Settings{Diagnose: true}).Submissions {
		if s.Outcome != Marked {
			t.Fatalf("%s: %s: %s", s.Name, s.Outcome, s.Why)
		}
		if who := s.Student.Name; diagnosed(s.Sheet.Diagnosis) != who {
			t.Errorf("%s is diagnosed as %s: %s", who, s.Sheet.Diagnosis.Verdict, diagnosed(s.Sheet.Diagnosis))
		}
	}
}

// A class comes to the same diagnoses in whatever order and however many at a
// time its files are marked, and a diagnosis changes no mark.
func TestClassIsReproducible(t *testing.T) {
	k := keyOf(t, form)
	var inputs []Input
	all := raft.Deviations()
	for i := 0; i < len(all); i += wide.Of(3, 1) {
		with := all[i : i+1 : i+1]
		if i%2 == 0 { // some need pairs, whoever of them asks first
			with = append(with, all[(i+20)%len(all)])
		}
		inputs = append(inputs, handedIn(names(with), filledIn(t, form, with...)))
	}
	first := MarkAll(k, inputs, Settings{Diagnose: true})
	slices.Reverse(inputs)
	for _, workers := range []int{1, 8} {
		was := runtime.GOMAXPROCS(workers)
		again := MarkAll(k, inputs, Settings{Diagnose: true})
		runtime.GOMAXPROCS(was)
		if a, b := told(first), told(again); a != b {
			t.Errorf("with %d workers, in another order, the class comes to\n%s\nand before to\n%s", workers, b, a)
		}
	}
	for i, s := range MarkAll(k, inputs, Settings{}).Submissions {
		if with := first.Submissions[i].Sheet; s.Sheet.Counted.Cmp(with.Counted) != 0 || s.Sheet.Diagnosis != nil {
			t.Errorf("%s has %v points without a diagnosis, %v with one", s.Name, s.Sheet.Counted, with.Counted)
		}
	}
}

// told is all that the diagnoses of a class say.
func told(c *Class) string {
	var out strings.Builder
	for _, s := range c.Submissions {
		g := s.Sheet.Diagnosis
		fmt.Fprintln(&out, s.Name, s.Sheet.Counted, g.Verdict, g.Apart, names(g.Untested))
		for _, e := range g.Explanations {
			fmt.Fprintln(&out, "  ", names(e.Deviations), e.Explained, e.Contradicted, e.Cells)
		}
	}
	return out.String()
}
