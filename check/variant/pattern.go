package variant

import (
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"slices"
	"sync"

	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
)

// This file holds the answers of replays of one trace against each other, item
// by item, at the price of a number an item.

// A ledger numbers what replays of one trace give for its items. Equal values
// have one number, whichever replay gives them. Replays side by side may write
// in it.
type ledger struct {
	mu      sync.Mutex
	numbers map[any]uint64
}

func newLedger() *ledger { return &ledger{numbers: make(map[any]uint64)} }

// number gives a value's number. Its type is part of it.
func (l *ledger) number(v any) uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	n, ok := l.numbers[v]
	if !ok {
		n = uint64(len(l.numbers))
		l.numbers[v] = n
	}
	return n
}

// A link is a log or a history by its last entry or term, and the number of
// what comes before it: long ones that grow bit by bit are numbered bit by bit.
type link[T raft.Entry | replay.TermVote] struct {
	before numbered
	last   T
}

// A reading reads what one replay gives, item by item.
type reading struct {
	*ledger
	run   *replay.Run
	logs  map[raft.Log]numbered
	terms [][]numberedLine // by NodeID-1

	// The table that was read last: its other cells come right after.
	node  raft.NodeID
	step  int
	state *raft.State
}

// A numbered is a log or a history by its number, so that two are compared at
// once.
type numbered uint64

// A numberedLine is the number of a history up to one of its lines, and the
// number of what comes before that line's term.
type numberedLine struct{ upTo, before numbered }

func (l *ledger) read(run *replay.Run) *reading {
	return &reading{ledger: l, run: run, logs: make(map[raft.Log]numbered), terms: make([][]numberedLine, run.Trace.Size())}
}

// item is what the replay gives for an item, such that it is equal to what
// another gives if that is the same.
func (r *reading) item(it *item.Item) any {
	if it.IsAnswer() {
		return item.Gives(r.run, it)
	}
	if r.state == nil || r.node != it.Node || r.step != it.Step {
		r.node, r.step, r.state = it.Node, it.Step, r.run.State(it.Node, it.Step)
	}
	switch v := item.StateGives(r.run, it, r.state).(type) {
	case replay.Log:
		return r.log(v.Log)
	case replay.Index:
		return replay.Text(r.run.Trace.FlowIndexes(it.Node, *v.Of)) // its own place counts for nothing
	case *replay.History:
		return r.history(it.Node, v.Lines())
	default:
		return v
	}
}

func (r *reading) numbered(v any) numbered { return numbered(r.number(v)) }

func (r *reading) log(log raft.Log) numbered {
	var fresh []raft.Log
	n, known := numbered(0), false
	for ; log.LastIndex() > log.Snapshot().Index; log = log.Truncate(log.LastIndex() - 1) {
		if n, known = r.logs[log]; known {
			break
		}
		fresh = append(fresh, log)
	}
	if !known {
		n = r.numbered(raft.Mark{}) // a list of entries reads alike after any snapshot
	}
	for _, longer := range slices.Backward(fresh) {
		n = r.numbered(link[raft.Entry]{n, longer.Entry(longer.LastIndex())})
		r.logs[longer] = n
	}
	return n
}

// history numbers a history as the format writes it; see history.flow.
func (r *reading) history(id raft.NodeID, lines []replay.Term) numbered {
	done := r.terms[id-1]
	for k := len(done); k < len(lines); k++ {
		line := numberedLine{before: r.numbered(replay.TermVote{})}
		switch {
		case k > 0 && lines[k-1].Term == lines[k].Term:
			line.before = done[k-1].before
		case k > 0:
			line.before = done[k-1].upTo
		}
		line.upTo = line.before
		for v := range lines[k].Votes() {
			line.upTo = r.numbered(link[replay.TermVote]{line.upTo, v})
		}
		done = append(done, line)
	}
	r.terms[id-1] = done
	return done[len(lines)-1].upTo
}

// A pattern stands for what a replay gives otherwise than another of the
// same trace. Two replays have one pattern if they give the same for every
// item.
type pattern [sha256.Size]byte

// A digest makes a pattern of differences, in the order of the items.
type digest struct{ h hash.Hash }

func newDigest() digest { return digest{sha256.New()} }

// add takes in that an item, counted from 0, has another number.
func (d digest) add(at int, number uint64) {
	var b [16]byte
	binary.BigEndian.PutUint64(b[:8], uint64(at))
	binary.BigEndian.PutUint64(b[8:], number)
	d.h.Write(b[:])
}

func (d digest) sum() (f pattern) {
	d.h.Sum(f[:0])
	return f
}
