package grade

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/raft"
)

// This file finds out what deviations make of a key.

// A belief is what deviations, alone or by two, make of the key, and which do:
// those of one belief cannot be told apart by the key.
type belief struct {
	by   [][]raft.Deviation
	says []variant.Prediction // where it is not the truth
}

// beliefs are all that are held against a sheet together.
type beliefs struct {
	*variant.Matrix
	all     []belief
	known   map[imprint]int // the place of a belief
	sharing [][]share       // by Key.Cells
}

// A share is what a belief says of a cell.
type share struct {
	value  uint16
	belief int32 // its place
}

func newBeliefs(m *variant.Matrix) *beliefs {
	return &beliefs{Matrix: m, known: make(map[imprint]int), sharing: make([][]share, m.Items())}
}

// take finds out, and takes in, what each of the sets of deviations makes of the
// key.
func (bs *beliefs) take(sets [][]raft.Deviation, as replay.Wording) [][]variant.Prediction {
	all := bs.Predict(sets, as)
	for i, says := range all {
		if len(says) > 0 { // otherwise it is the truth
			bs.add(sets[i], says)
		}
	}
	return all
}

// add adds a belief, or one more who has it.
func (bs *beliefs) add(by []raft.Deviation, says []variant.Prediction) {
	own := fingerprint(says)
	at, ok := bs.known[own]
	if !ok {
		at = len(bs.all)
		bs.known[own] = at
		bs.all = append(bs.all, belief{says: says})
		for _, s := range says {
			bs.sharing[s.Item] = append(bs.sharing[s.Item], share{s.Value, int32(at)})
		}
	}
	b := &bs.all[at]
	if !b.isOf(by) {
		b.by = append(b.by, by)
	}
}

// An imprint stands for predictions: equal ones have one, others another.
type imprint [sha256.Size]byte

func fingerprint(says []variant.Prediction) imprint {
	var text []byte
	for _, s := range says {
		text = binary.AppendUvarint(text, uint64(s.Item))
		text = binary.AppendUvarint(text, uint64(s.Value))
	}
	return sha256.Sum256(text)
}

func sameSet(a, b []raft.Deviation) bool {
	return slices.EqualFunc(a, b, func(a, b raft.Deviation) bool { return a.Name == b.Name })
}

// includes reports whether one of the deviations that make the belief makes one
// of others by itself.
func (b *belief) includes(alone []*belief) bool {
	makes := func(dev raft.Deviation) bool {
		return slices.ContainsFunc(alone, func(one *belief) bool { return one.isOf([]raft.Deviation{dev}) })
	}
	return slices.ContainsFunc(b.by, func(by []raft.Deviation) bool { return slices.ContainsFunc(by, makes) })
}

// isOf reports whether these deviations make the belief.
func (b *belief) isOf(by []raft.Deviation) bool {
	return slices.ContainsFunc(b.by, func(other []raft.Deviation) bool { return sameSet(other, by) })
}
