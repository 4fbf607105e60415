package raft

// A Log is a sequence of entries with indexes up to LastIndex: Figure 2's log[].
// The first has index 1, or it comes right after a snapshot, which stands for all
// entries up to its last included index (§7). A Log is a value and never changes:
// Append and Truncate give another log. The zero Log is empty. Logs that are made
// from each other belong to one goroutine.
//
// A log is held as a chain of cells from its last entry back to its first, so
// that every state of every server can be kept at the price of a pointer:
// appending shares all that came before, truncating copies nothing, and two
// servers that hold the same entries share them once one has taken them from
// the other's message. Each cell also points to one far behind it (Myers, "An
// applicative random-access stack", 1983), which finds any index in O(log n).
//
// A snapshot is a second pointer, to the cell of the last entry that it covers.
// What lies before that cell is not looked at any more, and may not be there.
type Log struct {
	last *cell // nil: empty, and no snapshot; base: empty after a snapshot
	base *cell // the last entry that the snapshot covers; nil without a snapshot
}

// A cell is one entry. It never changes once it is made.
type cell struct {
	prev  *cell // nil: none, or not known (see NewEntries)
	jump  *cell
	index Index
	entry Entry
	falls bool // terms fall somewhere up to here: no real leader has made this
	block *block
}

// A block is room for cells of one log, so that a log which grows allocates now
// and then, and the garbage collector has few things to visit. Each block is
// twice the one before it, up to a largest; one for the first entry, or for the
// first after a truncation, is small.
type block struct{ cells []cell }

const largestBlock = 64

// room gives a block with room for the cell after c.
func room(c *cell) *block {
	size := 1
	if c != nil {
		b := c.block
		isLast := &b.cells[len(b.cells)-1] == c
		if isLast && len(b.cells) < cap(b.cells) {
			return b
		}
		if isLast {
			size = min(2*cap(b.cells), largestBlock)
		}
	}
	return &block{make([]cell, 0, size)}
}

func (c *cell) push(e Entry) *cell {
	return c.add(cell{prev: c, index: 1, entry: e})
}

// add places a cell after c, which may be nil.
func (c *cell) add(n cell) *cell {
	n.block = room(c)
	if c != nil {
		n.falls = c.falls || n.entry.Term < c.entry.Term
		n.index, n.jump = c.index+1, c
		// Two equal jumps in a row are joined into one: the lengths of the
		// jumps are then those of a skew-binary number, and a look-up takes
		// at most about 2 log2(n) steps.
		if j := c.jump; j != nil && j.jump != nil && c.index-j.index == j.index-j.jump.index {
			n.jump = j.jump
		}
	}
	n.block.cells = append(n.block.cells, n)
	return &n.block.cells[len(n.block.cells)-1]
}

// at gives the cell of index i, or nil where the chain does not reach it.
func (c *cell) at(i Index) *cell {
	for c != nil && c.index > i {
		if c.jump != nil && c.jump.index >= i {
			c = c.jump
		} else {
			c = c.prev
		}
	}
	if c == nil || c.index != i {
		return nil
	}
	return c
}

// NewLog gives the log of these entries.
func NewLog(entries ...Entry) Log { return Log{}.Append(entries...) }

// NewLogAfter gives the log of a snapshot, whose last included entry has that
// index and term, and of these entries after it. Index 0 is no snapshot.
func NewLogAfter(snapshot Mark, entries ...Entry) Log {
	if snapshot.Index == 0 {
		return NewLog(entries...)
	}
	var c *cell
	c = c.add(cell{index: snapshot.Index, entry: Entry{Term: snapshot.Term}})
	return Log{last: c, base: c}.Append(entries...)
}

// Snapshot is lastIncludedIndex and lastIncludedTerm of the snapshot that the log
// begins after, both 0 where there is none (§7).
func (l Log) Snapshot() Mark {
	if l.base == nil {
		return Mark{}
	}
	return Mark{l.base.index, l.base.entry.Term}
}

// compact gives the log with a snapshot in place of all entries up to index i,
// which the log has or its snapshot ends at.
func (l Log) compact(i Index) Log { return Log{l.last, l.last.at(i)} }

// LastIndex is the index of the last entry, or of the last one that the snapshot
// covers; 0 for an empty log without one.
func (l Log) LastIndex() Index {
	if l.last == nil {
		return 0
	}
	return l.last.index
}

// LastTerm is the term of the entry at LastIndex, 0 where that is 0.
func (l Log) LastTerm() Term {
	if l.last == nil {
		return 0
	}
	return l.last.entry.Term
}

// Last is LastIndex and LastTerm.
func (l Log) Last() Mark { return Mark{l.LastIndex(), l.LastTerm()} }

// Mark is an index with the term of the entry there, 0 where there is none.
func (l Log) Mark(i Index) Mark { return Mark{i, l.Term(i)} }

// Ordered reports whether the terms never fall along the log, as they never do
// in what real leaders send.
func (l Log) Ordered() bool { return l.last == nil || !l.last.falls }

// Has reports whether there is an entry at index i. Those that a snapshot covers
// are not there any more.
func (l Log) Has(i Index) bool { return i > l.Snapshot().Index && i <= l.LastIndex() }

// Term is the term of the entry at index i, the last one that the snapshot covers
// included; 0 where there is none.
func (l Log) Term(i Index) Term {
	if l.base != nil && i == l.base.index {
		return l.base.entry.Term
	}
	return l.Entry(i).Term
}

// Entry is the entry at index i, the zero Entry where there is none.
func (l Log) Entry(i Index) Entry {
	if l.base != nil && i <= l.base.index {
		return Entry{}
	}
	if c := l.last.at(i); c != nil {
		return c.entry
	}
	return Entry{}
}

// Append gives the log with the entries at its end.
func (l Log) Append(entries ...Entry) Log {
	for _, e := range entries {
		l.last = l.last.push(e)
	}
	return l
}

// Truncate gives the log without the entries past index last. What a snapshot
// covers stays.
func (l Log) Truncate(last Index) Log {
	if last >= l.LastIndex() {
		return l
	}
	if l.base != nil && last <= l.base.index {
		return Log{l.base, l.base}
	}
	return Log{l.last.at(last), l.base}
}

// Entries gives the log's entries in order: element 0 has index 1, or the one
// after the snapshot's last.
func (l Log) Entries() []Entry { return l.After(0).Slice() }

// After gives the entries past index prev, as AppendEntries carries them. It has
// none that a snapshot covers.
func (l Log) After(prev Index) Entries {
	prev = max(prev, l.Snapshot().Index)
	if prev >= l.LastIndex() {
		return Entries{}
	}
	return Entries{last: l.last, n: int(l.LastIndex() - prev)}
}

// StartsWith reports whether the log begins with all of prefix, entry by
// entry. What a snapshot covers, in either, counts as equal, but for the term of
// its last entry. Logs that share their cells are compared by one look-up.
func (l Log) StartsWith(prefix Log) bool {
	end, from := prefix.LastIndex(), max(l.Snapshot().Index, prefix.Snapshot().Index)
	switch {
	case end > l.LastIndex():
		return false
	case end <= from:
		return end < from || l.Term(from) == prefix.Term(from)
	}
	a, b := l.last.at(end), prefix.last
	for a != b && a.index > from {
		if a.entry != b.entry {
			return false
		}
		a, b = a.prev, b.prev
	}
	return a == b || a.entry.Term == b.entry.Term
}

// Shared gives the index up to which the two logs hold their entries in common,
// as one and the same copy; 0 if they share none. Beyond it they may be equal or
// differ.
func (l Log) Shared(m Log) Index {
	n := min(l.LastIndex(), m.LastIndex())
	a, b := l.last.at(n), m.last.at(n)
	for a != b {
		if a == nil || b == nil {
			return 0 // one chain begins after a snapshot that the other goes past
		}
		// Cells of one index jump equally far in chains that begin at the same
		// index; those that begin after a snapshot may jump otherwise.
		if a.jump != b.jump && a.jump != nil && b.jump != nil && a.jump.index == b.jump.index {
			a, b = a.jump, b.jump
		} else {
			a, b = a.prev, b.prev
		}
	}
	if a == nil {
		return 0
	}
	return a.index
}

// Entries is a run of consecutive entries, the entries[] of an AppendEntries
// request. It is a view of the log that it was taken from, so that a leader
// sends any number of entries without copying one. The zero value is a
// heartbeat's: none.
type Entries struct {
	last *cell
	n    int
}

// NewEntries gives the run of these entries, as it follows an entry of index
// prevLogIndex and term prevLogTerm.
func NewEntries(prevLogIndex Index, prevLogTerm Term, entries ...Entry) Entries {
	if len(entries) == 0 {
		return Entries{}
	}
	var c *cell
	if prevLogIndex > 0 {
		c = c.add(cell{index: prevLogIndex, entry: Entry{Term: prevLogTerm}})
	}
	for _, e := range entries {
		c = c.push(e)
	}
	return Entries{last: c, n: len(entries)}
}

// Len is the number of entries.
func (es Entries) Len() int { return es.n }

// Slice gives the entries in order, as a fresh slice; nil for none.
func (es Entries) Slice() []Entry {
	if es.n == 0 {
		return nil
	}
	s := make([]Entry, es.n)
	for i, c := es.n-1, es.last; i >= 0; i, c = i-1, c.prev {
		s[i] = c.entry
	}
	return s
}

// First gives at most n entries from the beginning of the run, without a look at
// those after them.
func (es Entries) First(n int) []Entry {
	if es.n <= n {
		return es.Slice()
	}
	return Entries{es.last.at(es.last.index - Index(es.n-n)), n}.Slice()
}

// firstConflict gives the lowest index at which the log and the run both have
// an entry and their terms differ, 0 if there is none (Figure 2's "conflicts
// with a new one (same index but different terms)").
func (l Log) firstConflict(es Entries) Index {
	if es.n == 0 {
		return 0
	}
	prev := max(es.last.index-Index(es.n), l.Snapshot().Index)
	from := min(l.LastIndex(), es.last.index)
	var conflict Index
	mine, theirs := l.last.at(from), es.last.at(from)
	for i := from; i > prev && mine != theirs; i-- {
		if mine.entry.Term != theirs.entry.Term {
			conflict = i
		}
		mine, theirs = mine.prev, theirs.prev
	}
	return conflict
}

// appendRun gives the log with those entries of the run appended that lie past
// its end. A run that starts further on leaves no hole: its entries follow the
// log's last one.
func (l Log) appendRun(es Entries) Log {
	if es.n == 0 || es.last.index <= l.LastIndex() {
		return l
	}
	if prev := es.last.index - Index(es.n); prev > l.LastIndex() {
		return l.Append(es.Slice()...)
	}
	before := es.last.at(l.LastIndex())
	if before == l.last {
		return Log{es.last, l.base} // the run goes on from this very log
	}
	if l.last == l.base && before.entry.Term == l.base.entry.Term {
		return Log{es.last, before} // the log is a snapshot alone: all its cells are the run's from now on
	}
	missing := Entries{es.last, int(es.last.index - l.LastIndex())}
	if missing.n == 1 { // nearly always: worth no slice
		return Log{l.last.push(es.last.entry), l.base}
	}
	return l.Append(missing.Slice()...)
}
