package grade

import (
	"math"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	"raftsheet/raft/wide"
)

// This file has classes on the sheets of the examples, none of which was made to
// tell deviations apart.

// sheets are the examples on which at least twenty deviations can be told apart;
// on the others there is next to nothing to diagnose.
var sheets = []string{form, "figure7.yaml", "figure8.yaml", "late.yaml", "partition.yaml", "restart.yaml", "sheet3.yaml"}

// On each sheet, who answers under a deviation that the sheet reveals is told of
// it: it is named, or it is one of at most three that fit, those that the sheet
// does not tell apart counted as one. Of those whose mistakes are slips, at most 2
// in 100 are given a name. Otherwise the diagnosis is good for the one sheet that
// was made for it.
func TestSheets(t *testing.T) {
	for _, name := range sheets {
		k := keyOf(t, name)
		d := newDiagnoser(k, newParters(nil))
		if len(d.alone.all) < 20 {
			t.Errorf("%s tells %d deviations apart, which is too few for a statistic", name, len(d.alone.all))
		}
		named, listed := believersOn(t, k, d)
		all := len(d.alone.all)
		t.Logf("%-22s of %d deviations that can be told apart %d are named and %d listed", name, all, named, listed)
		if 100*(named+listed) < 95*all {
			t.Errorf("%s: %d of %d are named or listed, and 95 in 100 have to be", name, named+listed, all)
		}
		beside, of := believersWithSlip(t, k, d, wide.Of(1, 10))
		t.Logf("%-22s with a slip beside it %d of %d are named", name, beside, of)
		students := wide.Of(300, 2000)
		falsely := sloppyOn(k, d, students)
		t.Logf("%-22s of %d students with slips alone %.1f%% are given a name", name, students, 100*float64(falsely)/float64(students))
		if falsely > mostNamed(students) {
			t.Errorf("%s: %d of %d students with slips alone are given a name, and 2 in 100 may be", name, falsely, students)
		}
	}
}

// mostNamed is 2 in 100, and in a small class twice the deviation beyond it that
// chance alone makes.
func mostNamed(students int) int {
	most := 0.02 * float64(students)
	if !wide.On() {
		most += 2 * math.Sqrt(most)
	}
	return int(most)
}

// believersOn has one student answer under each belief that the key tells apart,
// and counts whose is named, and whose is only listed.
func believersOn(t *testing.T, k *Key, d *diagnoser) (named, listed int) {
	var byName, byList atomic.Int64
	aClass(k, d, len(d.alone.all), func(k *Key, _ *rand.Rand, i int) *Sheet {
		dev := d.alone.all[i].by[0][0]
		sheet := believing(t, k, wordingOf(d, dev), dev).mark(d)
		g := sheet.Diagnosis
		fit := slices.DeleteFunc(slices.Clone(g.Fits), func(e Explanation) bool { return e.Contradicted > 0 })
		switch {
		case d.isRight(g, dev):
			byName.Add(1)
		case d.isAmong(g.Explanations, &d.alone.all[i]), g.Explanations == nil && d.isAmong(fit, &d.alone.all[i]):
			byList.Add(1)
		default:
			t.Logf("  %s is diagnosed %s: %s", dev.Name, g.Verdict, diagnosed(g))
		}
		return sheet
	})
	return int(byName.Load()), int(byList.Load())
}

// believersWithSlip has so many students answer under each belief, with a slip
// each, and counts whose is named, of how many. There is no goal for these: on a
// sheet that shows a deviation in one answer, another mistake leaves nothing to
// tell the two apart by.
func believersWithSlip(t *testing.T, k *Key, d *diagnoser, each int) (named, of int) {
	var right atomic.Int64
	of = each * len(d.alone.all)
	aClass(k, d, of, func(k *Key, r *rand.Rand, i int) *Sheet {
		dev := d.alone.all[i/each].by[0][0]
		s := believing(t, k, wordingOf(d, dev), dev)
		s.slip(r, r.IntN(len(k.Cells)), false)
		sheet := s.mark(d)
		if d.isRight(sheet.Diagnosis, dev) {
			right.Add(1)
		}
		return sheet
	})
	return int(right.Load()), of
}

// isAmong reports whether a belief is one of at most three that make explanations.
func (d *diagnoser) isAmong(es []Explanation, b *belief) bool {
	const most = 3
	var makes []*belief
	for _, e := range es {
		if len(e.Deviations) > 1 {
			return false
		}
		if one := d.of[e.Deviations[0].Name]; !slices.ContainsFunc(one, func(b *belief) bool { return slices.Contains(makes, b) }) {
			makes = append(makes, one...)
		}
	}
	return len(makes) <= most && slices.Contains(makes, b)
}

// sloppyOn has students make one to five mistakes at random, half of them
// carrying these on, and counts who is given a name.
func sloppyOn(k *Key, d *diagnoser, students int) int {
	var named atomic.Int64
	aClass(k, d, students, func(k *Key, r *rand.Rand, i int) *Sheet {
		s := answering(k, k.Run)
		for range 1 + i%5 {
			s.slip(r, r.IntN(len(k.Cells)), i%2 == 0)
		}
		sheet := s.mark(d)
		if len(sheet.Diagnosis.Explanations) > 0 {
			named.Add(1)
		}
		return sheet
	})
	return int(named.Load())
}
