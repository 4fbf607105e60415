package copies

import (
	"math"
	"slices"
	"strconv"
)

// This file says how likely chance is to make two sheets share what they do.
//
// Take one sheet's slips. If the other's student worked alone, that sheet has each
// of them with a probability q: the part of the class's other sheets whose slip it
// is too. So a slip that many make is cheap, and one that nobody else makes is dear.
// The chance is the probability that the slips which come out shared weigh as much
// as those that are, each by -log2 q, all of them independent of each other: the
// tail of a sum of independent variables with two values each. Slips that are not
// shared make more sums possible, and so a larger chance: they speak against.
//
// Mistakes that depend on each other would make the chance too small. Slips of one
// occasion are one wrong decision, and count once; what a misunderstanding or an
// earlier mistake leads to is left out before.

// perBit is how finely weights are counted: a sum in whole eighths of a bit makes
// the tail a small table. Weights are rounded down, which makes the chance larger.
const perBit = 8

// A slip is one occasion of a sheet's slips, as another sheet may share it.
type slip struct {
	q      float64 // the probability that it does, working alone
	weight int     // -log2 q, in eighths of a bit
	shared bool    // it does
}

func newSlip(q float64) slip { return slip{q: q, weight: int(-math.Log2(q) * perBit)} }

// chance gives the probability that a student working alone shares as much of a's
// slips as b does.
func (f *finder) chance(a, b *sheet) float64 {
	var slips []slip
	for _, cells := range a.occasions {
		q, shared := 0.0, false
		for _, c := range cells {
			q += f.share(c, a, b) // sharing one of them is sharing the occasion
			shared = shared || b.isSlip(c) && a.answer(c) == b.answer(c)
		}
		s := newSlip(min(mostShare, q))
		s.shared = shared
		slips = append(slips, s)
	}
	return tail(slips)
}

// tail gives the probability that what comes out shared weighs as much as what is,
// or more. It takes in one slip after another, and keeps how likely each sum is.
func tail(slips []slip) float64 {
	need := 0
	for _, s := range slips {
		if s.shared {
			need += s.weight
		}
	}
	sums := make([]float64, need+1) // the last is of that sum and all beyond
	sums[0] = 1
	for _, s := range slips {
		for sum := need - 1; sum >= 0; sum-- {
			sums[min(need, sum+s.weight)] += sums[sum] * s.q
			sums[sum] *= 1 - s.q
		}
	}
	return sums[need]
}

// digits leaves three digits of a figure, which are more than it is worth, and the
// same on every machine.
func digits(x float64) float64 {
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'g', 3, 64), 64) // it has just been written
	return x
}

// unseen is how many sheets stand for those that this class does not have: what
// nobody else writes is not impossible.
const unseen = 0.5

// share is the part of the other sheets whose slip it is what a has in a cell.
func (f *finder) share(cell int, a, b *sheet) float64 {
	at := a.answer(cell)
	n := f.slips[at]
	for _, i := range slices.Compact([]int{a.place, b.place}) {
		if s := f.sheets[i]; s.isSlip(cell) && s.answer(cell) == at {
			n -= 1 + len(s.same)
		}
	}
	return (float64(n) + unseen) / float64(f.marked-1)
}

// mostShare bounds a probability, for a class of two or three and for what nearly
// everybody writes: nothing is certain.
const mostShare = 0.75
