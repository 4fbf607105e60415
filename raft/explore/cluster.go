package explore

import (
	"math/bits"

	"raftsheet/raft"
)

// What a cluster has room for. A scope stays below it.
const (
	maxNodes   = 5
	maxTerm    = 7
	maxEntries = 8 // of a log
	maxFigure  = 15
	maxLetters = 2
)

// A cluster is the state of all servers, the messages in flight, and as much of
// the past as the properties look back on. It is a plain value: to try an
// action is to copy it.
type cluster struct {
	servers [maxNodes]server // by NodeID-1
	letters [maxLetters]letter
	posted  uint8 // letters in flight

	// What was first committed at each index, and in which term. The first
	// committed index that a server has is the next one or an earlier, so
	// there are no holes.
	committed run
	since     [maxEntries]uint8
}

// A server is a raft.State in few bytes, and the terms that the server has led.
type server struct {
	log               run
	term, role, voted uint8
	commit, applied   uint8
	votes, answered   uint8
	again, leader     uint8
	led               uint8 // a bit for each term
	leads             bool  // whether it has a nextIndex and a matchIndex
	next, match       [maxNodes]uint8
}

// done is the number of entries that the server holds to be committed. One
// deviation applies entries without moving commitIndex, another moves it past
// the end of the log.
func (s *server) done() int {
	return min(int(max(s.commit, s.applied)), s.log.len())
}

// A run is entries in a row, a byte each, the first one lowest: the term, and
// the letter of the value counted from 1, or noValue.
type run uint64

func (r run) len() int { return (bits.Len64(uint64(r)) + 7) / 8 }

// at gives the entry at index i, 0 if there is none.
func (r run) at(i int) uint8 { return uint8(r >> (8 * (i - 1))) }

// first gives the first n entries.
func (r run) first(n int) run {
	if n >= maxEntries {
		return r
	}
	return r & (1<<(8*n) - 1)
}

// with gives the run with one more entry.
func (r run) with(e uint8) run { return r | run(e)<<(8*r.len()) }

const noValue = 15

func packEntry(e raft.Entry) uint8 {
	if e.Value == "" {
		return uint8(e.Term)<<4 | noValue
	}
	return uint8(e.Term)<<4 | (e.Value[0] - 'a' + 1)
}

func unpackEntry(e uint8) raft.Entry {
	if e&15 == noValue {
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

// A letter is a message in flight: a request, or an answer to one.
type letter struct {
	kind      raft.MessageKind
	from, to  raft.NodeID
	term      uint8
	index     uint8 // lastLogIndex, prevLogIndex, or a success's matchIndex
	indexTerm uint8 // lastLogTerm, prevLogTerm
	commit    uint8 // leaderCommit
	ok        bool  // voteGranted, success
	count     uint8 // of an answer: the entries that the request carried
	entries   run
}

func (l *letter) isRequest() bool {
	return l.kind == raft.RequestVoteRequest || l.kind == raft.AppendEntriesRequest
}
