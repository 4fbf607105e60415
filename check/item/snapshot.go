package item

import (
	"fmt"
	"strings"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file is the row of a node's snapshot. As a value a snapshot is the text of
// its two parts, in the format's words, so that two are equal where both parts
// are; a node without one has None.

// The lines of a snapshot.
const (
	lastIncludedIndex uint64 = 1 + iota
	lastIncludedTerm
)

var snapshotParts = [...]string{lastIncludedIndex: "lastIncludedIndex", lastIncludedTerm: "lastIncludedTerm"}

func snapshotRow() row {
	return row{field: Snapshot, line: SnapshotLine, name: "snapshot", state: raft.FieldLog,
		written: func(st *trace.NodeState) (replay.Value, trace.Presence, trace.Pos) {
			return valueOf(&st.Snapshot, snapshotWritten)
		},
		lines: func(out []lineOf, st *trace.NodeState) []lineOf {
			s := &st.Snapshot.Value
			index, p, at := valueOf(&s.LastIncludedIndex, func(i raft.Index) replay.Value { return replay.Number(i) })
			term, q, below := valueOf(&s.LastIncludedTerm, func(t raft.Term) replay.Value { return replay.Number(t) })
			return append(out, lineOf{lastIncludedIndex, index, p, at, at}, lineOf{lastIncludedTerm, term, q, below, below})
		},
		given: func(s *raft.State) replay.Value { return snapshotValue(s.Log.Snapshot()) },
		keep:  keepSnapshot,
		wipe:  wipeSnapshot,
	}
}

// keepSnapshot keeps these parts of a snapshot, or all of it for nil.
func keepSnapshot(to, from *trace.NodeState, parts lineSet) {
	if parts == nil {
		to.Snapshot = from.Snapshot
		return
	}
	to.Snapshot.Pos, to.Snapshot.Presence = from.Snapshot.Pos, from.Snapshot.Presence
	if parts[lastIncludedIndex] {
		to.Snapshot.Value.LastIncludedIndex = from.Snapshot.Value.LastIncludedIndex
	}
	if parts[lastIncludedTerm] {
		to.Snapshot.Value.LastIncludedTerm = from.Snapshot.Value.LastIncludedTerm
	}
}

// wipeSnapshot leaves the parts of a snapshot blank that are written, or all of it.
func wipeSnapshot(st *trace.NodeState) {
	if !st.Snapshot.Given() {
		st.Snapshot = leftBlank[trace.Snapshot]()
		return
	}
	if s := &st.Snapshot.Value; s.LastIncludedIndex.Presence != trace.Absent {
		s.LastIncludedIndex = leftBlank[raft.Index]()
	}
	if s := &st.Snapshot.Value; s.LastIncludedTerm.Presence != trace.Absent {
		s.LastIncludedTerm = leftBlank[raft.Term]()
	}
}

// snapshotWritten is a written snapshot as a value. One up to index 0 covers
// nothing.
func snapshotWritten(s trace.Snapshot) replay.Value {
	if i := s.LastIncludedIndex; i.Given() && i.Value == 0 && s.LastIncludedTerm.Or(0) == 0 {
		return replay.None{}
	}
	var parts []string
	if i := s.LastIncludedIndex; i.Given() {
		parts = append(parts, fmt.Sprintf("lastIncludedIndex: %d", i.Value))
	}
	if t := s.LastIncludedTerm; t.Given() {
		parts = append(parts, fmt.Sprintf("lastIncludedTerm: %d", t.Value))
	}
	return replay.Text("{" + strings.Join(parts, ", ") + "}")
}

// snapshotValue is a node's snapshot as a value.
func snapshotValue(m raft.Mark) replay.Value {
	return snapshotWritten(trace.Snapshot{
		LastIncludedIndex: trace.Opt[raft.Index]{Value: m.Index, Presence: trace.Given},
		LastIncludedTerm:  trace.Opt[raft.Term]{Value: m.Term, Presence: trace.Given},
	})
}

// snapshotPart is one part of a node's snapshot, 0 where it has none.
func snapshotPart(m raft.Mark, line uint64) replay.Value {
	if line == lastIncludedIndex {
		return replay.Number(m.Index)
	}
	return replay.Number(m.Term)
}
