package generate

import (
	"math/bits"
	"math/rand/v2"
)

// A dice draws lots. The numbers depend on its seeds alone: of math/rand it uses the
// generator, whose sequence is fixed, and nothing that may be improved.
type dice struct{ src *rand.PCG }

// The streams of a seed: what is drawn for one purpose has nothing to do with what is
// drawn for another. Those of a class's worksheets begin at the last.
const (
	streamOfPlay uint64 = iota + 1
	streamOfSearch
	streamOfTables
	streamOfMinimal
	streamOfClass = 1000
)

// newDice gives a dice for a stream of a seed.
func newDice(seed, stream uint64) dice { return dice{rand.NewPCG(seed, stream)} }

// below gives a number from 0 to n-1; n is at least 1.
func (d dice) below(n int) int {
	hi, _ := bits.Mul64(d.src.Uint64(), uint64(n))
	return int(hi)
}

// percent is true in so many of a hundred cases.
func (d dice) percent(p int) bool { return d.below(100) < p }

// seed gives the seed of another dice.
func (d dice) seed() uint64 { return d.src.Uint64() }

// pick gives one of several, of which there is at least one.
func pick[T any](d dice, of []T) T { return of[d.below(len(of))] }

// shuffle puts them into another order.
func shuffle[T any](d dice, all []T) {
	for i := len(all) - 1; i > 0; i-- {
		j := d.below(i + 1)
		all[i], all[j] = all[j], all[i]
	}
}

// weighed gives the place of one of several, each as often as its weight; -1 where
// all weigh nothing.
func (d dice) weighed(weights []int) int {
	sum := 0
	for _, w := range weights {
		sum += w
	}
	if sum == 0 {
		return -1
	}
	at := d.below(sum)
	for i, w := range weights {
		if at -= w; at < 0 {
			return i
		}
	}
	return -1
}
