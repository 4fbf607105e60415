package order

import "raftsheet/raft"

// This file has the logs of the columns, which are numbers: two that hold the same
// entries have the same number.

// A logbook has the logs by number.
type logbook struct {
	logs  []logCell
	grown map[logCell]int32
}

// newLogbook has the empty log alone, which is number 0.
func newLogbook() logbook { return logbook{make([]logCell, 1), make(map[logCell]int32)} }

// A logCell is a log: another, and an entry more.
type logCell struct {
	before int32
	size   raft.Index
	entry  raft.Entry
}

// logOf is the number of a log.
func (c *logbook) logOf(log raft.Log) int32 {
	n := int32(0)
	for _, e := range log.Entries() {
		n = c.grow(n, e)
	}
	return n
}

func (c *logbook) grow(log int32, e raft.Entry) int32 {
	cell := logCell{log, c.logs[log].size + 1, e}
	n, is := c.grown[cell]
	if !is {
		n = int32(len(c.logs))
		c.logs = append(c.logs, cell)
		c.grown[cell] = n
	}
	return n
}

func (c *logbook) truncate(log int32, size raft.Index) int32 {
	for c.logs[log].size > size {
		log = c.logs[log].before
	}
	return log
}

func (c *logbook) last(log int32) raft.Mark {
	return raft.Mark{Index: c.logs[log].size, Term: c.logs[log].entry.Term}
}

// mark is the term of a log's entry at an index, and whether it has one. Index 0 has.
func (c *logbook) mark(log int32, index raft.Index) (raft.Term, bool) {
	if index > c.logs[log].size {
		return 0, false
	}
	return c.logs[c.truncate(log, index)].entry.Term, true
}
