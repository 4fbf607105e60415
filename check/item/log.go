package item

import (
	"fmt"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file holds a written log against a node's. Either may begin after index 1:
// the written one says nothing of what is before its first entry, and of the
// entries that the node's own snapshot covers nobody knows what they were, so that
// what is written of them is passed over.

// first is the index of the first entry that is written, or would be.
func first(w replay.WrittenLog, log raft.Log) raft.Index {
	switch {
	case w.From > 0:
		return w.From
	case w.Begins > 0:
		return w.Begins
	}
	return log.Snapshot().Index + 1
}

// sameLog reports whether a log can be the one that is written. No entries from an
// index past its end on are what it has there.
func sameLog(w replay.WrittenLog, log raft.Log) bool {
	before := first(w, log) - 1
	last := max(log.LastIndex(), before)
	return last-before == raft.Index(len(w.Of.Value)) && agreeTo(w, log) == last
}

// agreeTo is the last index up to which a written log and a node's say the same;
// the one before the first that is written, where they differ there.
func agreeTo(w replay.WrittenLog, log raft.Log) raft.Index {
	before := first(w, log) - 1
	at := before
	for _, e := range w.Of.Value {
		if at >= log.LastIndex() || !canBe(e, log, at+1) {
			break
		}
		at++
	}
	return at
}

// canBe reports whether the entry of a log at an index can be the one that is
// written. Of the last entry that a snapshot covers the term alone is known.
func canBe(e trace.LogEntry, log raft.Log, i raft.Index) bool {
	switch base := log.Snapshot().Index; {
	case i < base:
		return true
	case i == base:
		return e.Term == log.Term(i)
	}
	return e.Matches(log.Entry(i))
}

// logApart gives the first index at which a written log differs from a node's.
func logApart(it *Item, w replay.WrittenLog, log raft.Log) Part {
	before, last := first(w, log)-1, log.LastIndex()
	i := agreeTo(w, log) + 1
	n := int(i - before) // its place in what is written, from 1
	if n > len(w.Of.Value) {
		// The log goes on: with the first entry that is known of those to come.
		i = max(i, min(log.Snapshot().Index+1, last))
	}
	p := Part{Name: lineAt("log", i), At: uint64(i), Pos: it.Pos, Expected: replay.None{}, Actual: replay.EntryAt(log, i)}
	if n <= len(w.Of.Value) {
		e := &w.Of.Value[n-1]
		p.Pos, p.Expected = e.Pos, replay.Entry(e.Entry)
	}
	if i == log.Snapshot().Index {
		p.Actual = replay.Entry(raft.Entry{Term: log.Term(i)})
	}
	return p
}

// FirstApart is the first index, from one on, at which two logs differ; past the
// ends of both where they do not. What a snapshot of either covers counts as the
// same, as far as the other goes.
func FirstApart(a, b raft.Log, from raft.Index) raft.Index {
	from = max(from, a.Snapshot().Index+1, b.Snapshot().Index+1)
	from = min(from, a.LastIndex()+1, b.LastIndex()+1)
	for a.Has(from) && b.Has(from) && a.Entry(from) == b.Entry(from) {
		from++
	}
	return from
}

// flowLog gives a node's log as it belongs in a blank log of a table: the list
// after the node's own snapshot, or what is named of it.
func flowLog(table *trace.NodeState, log raft.Log) string {
	base := log.Snapshot().Index
	if from := table.LogFrom; from > 0 {
		return trace.FlowLog(log.After(from - 1).Slice())
	}
	if b := begins(table); b > 0 && b != base+1 {
		// The list would begin after the snapshot that is written, which is not
		// the node's.
		return logFrom(base+1, log.Entries())
	}
	return trace.FlowLog(log.Entries())
}

// logFrom gives a log from an index on as the format writes it.
func logFrom(from raft.Index, entries []raft.Entry) string {
	return fmt.Sprintf("{from: %d, entries: %s}", from, trace.FlowLog(entries))
}
