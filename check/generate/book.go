package generate

import (
	"maps"
	"slices"

	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/raft"
)

// This file settles which cells the worksheets of a class ask, so that all of them ask as
// many of each rule. Answers are asked in whole rows: what one worksheet has more of them,
// the others make up for by tables.

// A book is what a worksheet could ask, by the rule that decides it.
type book struct {
	s    *Sheet
	by   map[raft.Rule][]int // items, by their place; those that are asked first go last
	keep map[cell]bool       // what shows something at stake
}

func newBook(s *Sheet) *book {
	b := &book{s: s, by: make(map[raft.Rule][]int), keep: make(map[cell]bool)}
	for i := range s.cells {
		switch s.cells[i].Field {
		case item.NextIndexLine, item.MatchIndexLine:
			if !s.asked[cellOf(&s.cells[i])] {
				continue // for few classes; only where they are at stake
			}
		}
		rule, _ := reason.Item(s.run, &s.cells[i])
		b.by[rule] = append(b.by[rule], i)
		if s.cells[i].Field == item.Outcome {
			b.keep[cellOf(&s.cells[i])] = true // a row is asked whole
		}
	}
	for _, otherwise := range s.shows {
		for _, p := range otherwise {
			if c := cellOf(&s.cells[p.Item]); s.asked[c] {
				b.keep[c] = true
				break
			}
		}
	}
	d := newDice(s.seed, streamOfTables)
	for _, rule := range slices.Sorted(maps.Keys(b.by)) {
		shuffle(d, b.by[rule])
	}
	return b
}

// target is what the other worksheets are to ask of each rule: some more than this one
// asks as it is, so that there is room for those of a few answers more.
func (b *book) target() Profile {
	t := make(Profile)
	for _, rule := range Rules() {
		if n := b.count(rule, b.s.asked); n > 0 {
			t[rule] = min(n+max(2, n/6), len(b.by[rule]))
		}
	}
	return t
}

// misses counts by how many cells a worksheet cannot ask what it is to ask.
func (b *book) misses(target Profile) int {
	n := 0
	for _, rule := range Rules() {
		n += max(0, target[rule]-len(b.by[rule]), b.count(rule, b.keep)-target[rule])
	}
	return n
}

func (b *book) count(rule raft.Rule, of map[cell]bool) int {
	n := 0
	for _, i := range b.by[rule] {
		if of[cellOf(&b.s.cells[i])] {
			n++
		}
	}
	return n
}

// ask has so many cells of a rule be asked.
func (b *book) ask(rule raft.Rule, target int) {
	items := slices.Clone(b.by[rule])
	cost := func(i int) int { return cellOf(&b.s.cells[i]).burden() }
	slices.SortStableFunc(items, func(x, y int) int { return cost(x) - cost(y) })
	n := b.count(rule, b.s.asked)
	for _, i := range items {
		if c := cellOf(&b.s.cells[i]); n < target && !b.s.asked[c] {
			b.s.asked[c] = true
			n++
		}
	}
	for _, i := range slices.Backward(items) {
		if c := cellOf(&b.s.cells[i]); n > target && b.s.asked[c] && !b.keep[c] {
			delete(b.s.asked, c)
			n--
		}
	}
}
