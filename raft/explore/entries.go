package explore

import (
	"math/bits"

	"raftsheet/raft"
)

// maxEntries is what a run has room for: one byte an entry of a machine word.
const maxEntries = 8

// A run is entries in a row, a byte each, the first one lowest: the term, and
// the letter of the value counted from 1, or noValue. One word holds a whole
// log, so that to copy or compare logs costs nothing.
type run uint64

func (r run) len() int { return (bits.Len64(uint64(r)) + 7) / 8 }

// at gives the entry at index i, 0 if there is none.
func (r run) at(i int) uint8 { return uint8(r >> (8 * (i - 1))) }

// termAt gives the term of the entry at index i, 0 if there is none.
func (r run) termAt(i int) uint8 { return r.at(i) >> 4 }

// first gives the first n entries. From 8 on the shift gives 0, and 0-1 every bit.
func (r run) first(n int) run { return r & (1<<(8*n) - 1) }

// with gives the run with one more entry.
func (r run) with(e uint8) run { return r | run(e)<<(8*r.len()) }

// noValue is in the place of a letter where an entry has no value. It is not 0,
// so that no entry is 0, and a run's length can be told from its bits.
const noValue = 15

func packEntry(e raft.Entry) uint8 {
	if e.Value == "" {
		return uint8(e.Term)<<4 | noValue
	}
	return uint8(e.Term)<<4 | (e.Value[0] - 'a' + 1)
}

// unpackEntry gives the entry as package raft has it; the zero Entry for none.
func unpackEntry(e uint8) raft.Entry {
	if e == 0 || e&15 == noValue {
		return raft.Entry{Term: raft.Term(e >> 4)}
	}
	return raft.Entry{Term: raft.Term(e >> 4), Value: valueAt(raft.Index(e & 15))}
}

// valueAt is the command that a client sends for an index: its letter. Under
// the right rules an index and a term then name one entry, value and all.
func valueAt(i raft.Index) string { return "abcdefghijklmn"[i-1 : i] }

// entries gives the run as package raft has it.
func (r run) entries() []raft.Entry {
	es := make([]raft.Entry, r.len())
	for i := range es {
		es[i] = unpackEntry(r.at(i + 1))
	}
	return es
}

// pack gives the log in few bytes: its first entries, if there are too many.
func pack(log raft.Log) run {
	var r run
	for i := min(log.LastIndex(), maxEntries); i > 0; i-- {
		r = r<<8 | run(packEntry(log.Entry(i)))
	}
	return r
}

// mismatch gives the highest index at which two logs have entries of the same
// term and are not identical up to it, 0 if there is none.
func mismatch(a, b run) int {
	for i := min(a.len(), b.len()); i > 0; i-- {
		if a.termAt(i) != b.termAt(i) {
			continue
		}
		// The highest index of equal terms decides: if the logs are identical up
		// to it, they are so up to every lower one.
		if a.first(i) != b.first(i) {
			return i
		}
		return 0
	}
	return 0
}

// differ gives the first index at which two runs differ. They must.
func differ(a, b run) int {
	i := 1
	for a.at(i) == b.at(i) {
		i++
	}
	return i
}
