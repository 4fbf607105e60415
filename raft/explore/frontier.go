package explore

import "hash/maphash"

// A key stands for a state: a hash of its text, so long that no two states of a
// search share it. To keep the texts of all states seen would take several times
// the memory.
type key [2]uint64

var seeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

func keyOf(text []byte) key {
	return key{maphash.Bytes(seeds[0], text), maphash.Bytes(seeds[1], text)}
}

// A parent is how a state was come to.
type parent struct {
	state  int32 // its number, -1 for none
	action action
}

// A batch is states in a row, each with its parent and its key.
type batch struct {
	texts   []byte
	ends    []int // of each text
	parents []parent
	keys    []key
}

func (b *batch) len() int { return len(b.ends) }

func (b *batch) text(i int) []byte {
	start := 0
	if i > 0 {
		start = b.ends[i-1]
	}
	return b.texts[start:b.ends[i]]
}

func (b *batch) add(text []byte, from parent, k key) {
	b.texts = append(b.texts, text...)
	b.ends = append(b.ends, len(b.texts))
	b.parents = append(b.parents, from)
	b.keys = append(b.keys, k)
}

func (b *batch) reset() {
	b.texts, b.ends, b.parents, b.keys = b.texts[:0], b.ends[:0], b.parents[:0], b.keys[:0]
}
