package raft

import (
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A modelled log is a Log together with the plain slice that it must equal: its
// entries after a snapshot, or all of them.
type modelled struct {
	log   Log
	plain []Entry
	base  Mark // the snapshot's last entry; zero without one
}

func (m modelled) last() int { return int(m.base.Index) + len(m.plain) }

// at gives the entry at an index, of an index that the snapshot does not cover.
func (m modelled) at(i int) Entry { return m.plain[i-int(m.base.Index)-1] }

// drawEntry gives an entry of few terms and values, so that logs agree often.
func drawEntry(t *rapid.T) Entry {
	return Entry{
		Term:  Term(rapid.IntRange(0, 3).Draw(t, "term")),
		Value: rapid.SampledFrom([]string{"", "a", "b"}).Draw(t, "value"),
	}
}

// derive makes a log from one of the pool by Append, Truncate or NewLog. It
// leaves the pool as it is: what the others hold is looked at in the end.
func derive(t *rapid.T, pool []modelled) modelled {
	from := rapid.SampledFrom(pool).Draw(t, "from")
	more := rapid.SliceOfN(rapid.Custom(drawEntry), 0, 6).Draw(t, "entries")
	switch rapid.SampledFrom([]string{"append", "append", "truncate", "compact", "new", "after a snapshot"}).Draw(t, "how") {
	case "append":
		return modelled{from.log.Append(more...), slices.Concat(from.plain, more), from.base}
	case "truncate":
		last := rapid.IntRange(0, from.last()+2).Draw(t, "last")
		keep := min(max(last-int(from.base.Index), 0), len(from.plain))
		return modelled{from.log.Truncate(Index(last)), from.plain[:keep], from.base}
	case "compact":
		gone := rapid.IntRange(0, len(from.plain)).Draw(t, "gone")
		if gone == 0 {
			return from
		}
		base := Mark{from.base.Index + Index(gone), from.plain[gone-1].Term}
		return modelled{from.log.compact(base.Index), from.plain[gone:], base}
	case "after a snapshot":
		base := Mark{Index(rapid.IntRange(1, 6).Draw(t, "snapshot")), Term(rapid.IntRange(0, 3).Draw(t, "of term"))}
		return modelled{NewLogAfter(base, more...), more, base}
	default:
		return modelled{NewLog(more...), more, Mark{}}
	}
}

// drawPool gives logs that were derived from each other.
func drawPool(t *rapid.T) []modelled {
	pool := []modelled{{}}
	for range rapid.IntRange(1, 12).Draw(t, "logs") {
		pool = append(pool, derive(t, pool))
	}
	return pool
}

// sameAsPlain compares every look-up of a log with its slice.
func (m modelled) sameAsPlain(t *rapid.T) {
	n, base := m.last(), int(m.base.Index)
	if m.log.Snapshot() != m.base {
		t.Fatalf("Log %v: its snapshot ends at %v, want %v", m.plain, m.log.Snapshot(), m.base)
	}
	if got := m.log.Entries(); !slices.Equal(got, m.plain) {
		t.Fatalf("Log: entries %v, want %v", got, m.plain)
	}
	if m.log.LastIndex() != Index(n) {
		t.Fatalf("Log %v: LastIndex %d, want %d", m.plain, m.log.LastIndex(), n)
	}
	for i := 0; i <= n+2; i++ {
		var want Entry
		has := i > base && i <= n
		if has {
			want = m.at(i)
		}
		term := want.Term
		if i == base {
			term = m.base.Term
		}
		if at := Index(i); m.log.Has(at) != has || m.log.Entry(at) != want || m.log.Term(at) != term || m.log.Mark(at) != (Mark{at, term}) {
			t.Fatalf("Log %v: at index %d has %t, entry %v, term %d; want %t, %v",
				m.plain, i, m.log.Has(at), m.log.Entry(at), m.log.Term(at), has, want)
		}
		rest := m.plain[min(max(i-base, 0), len(m.plain)):]
		if got := m.log.After(Index(i)); !slices.Equal(got.Slice(), rest) || got.Len() != len(rest) {
			t.Fatalf("Log %v: after index %d come %d entries %v, want %v", m.plain, i, got.Len(), got.Slice(), rest)
		}
	}
	lastTerm := m.base.Term
	if n > base {
		lastTerm = m.at(n).Term
	}
	if m.log.LastTerm() != lastTerm || m.log.Last() != (Mark{Index(n), lastTerm}) {
		t.Fatalf("Log %v: LastTerm %d", m.plain, m.log.LastTerm())
	}
}

// A Log is its slice, and stays it while other logs are derived from it.
func TestLogModel(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		for _, m := range drawPool(t) {
			m.sameAsPlain(t)
		}
	})
}

// Two logs are compared by their entries, however much of them is shared.
func TestLogCompare(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pool := drawPool(t)
		for _, a := range pool {
			for _, b := range pool {
				if got, want := a.log.StartsWith(b.log), a.startsWith(b); got != want {
					t.Fatalf("Log %v starts with %v: %t, want %t", a.plain, b.plain, got, want)
				}
				checkShared(t, a, b)
			}
		}
	})
}

// startsWith: every entry of b is in a, at its index; what a snapshot of either
// covers is not asked about, but for the term of its last entry.
func (a modelled) startsWith(b modelled) bool {
	from := int(max(a.base.Index, b.base.Index))
	if b.last() > a.last() {
		return false
	}
	for i := from + 1; i <= b.last(); i++ {
		if a.at(i) != b.at(i) {
			return false
		}
	}
	return from > b.last() || from == 0 || a.log.Term(Index(from)) == b.log.Term(Index(from))
}

// checkShared: up to Shared the logs hold the very same cells, and past it
// none; so that equal entries are all it promises, and no more than it can.
func checkShared(t *rapid.T, a, b modelled) {
	var want Index
	for i := Index(1); int(i) <= min(a.last(), b.last()); i++ {
		if c := a.log.last.at(i); c != nil && c == b.log.last.at(i) {
			want = i
		}
	}
	got := a.log.Shared(b.log)
	if got != want {
		t.Fatalf("Log: %v and %v share entries up to %d, want %d", a.plain, b.plain, got, want)
	}
	for i := int(max(a.base.Index, b.base.Index)) + 1; i <= int(got); i++ {
		if a.at(i) != b.at(i) {
			t.Fatalf("Log: %v and %v share entries up to %d, and differ at %d", a.plain, b.plain, got, i)
		}
	}
}

// A run is the entries of an AppendEntries request, in both of the forms that
// they come in: written down (NewEntries) or a view of a leader's log.
type run struct {
	prev    int
	entries []Entry
	view    Entries
}

func drawRun(t *rapid.T, pool []modelled) run {
	if rapid.Bool().Draw(t, "a leader's view") {
		leader := rapid.SampledFrom(pool).Draw(t, "leader")
		sent := rapid.IntRange(0, len(leader.plain)).Draw(t, "sent")
		prev := int(leader.base.Index) + sent
		return run{prev, leader.plain[sent:], leader.log.After(Index(prev))}
	}
	prev := rapid.IntRange(0, 12).Draw(t, "prev")
	es := rapid.SliceOfN(rapid.Custom(drawEntry), 0, 6).Draw(t, "entries")
	return run{prev, es, NewEntries(Index(prev), Term(rapid.IntRange(0, 3).Draw(t, "prevTerm")), es...)}
}

// after gives the part of the run that a snapshot up to base does not cover, with
// indexes that count from there.
func (r run) after(base Index) run {
	covered := min(max(int(base)-r.prev, 0), len(r.entries))
	return run{prev: max(r.prev-int(base), 0), entries: r.entries[covered:]}
}

// plainConflict is AppendEntries rule 3 on slices: the lowest index at which
// both have an entry and the terms differ, 0 if there is none.
func plainConflict(log []Entry, r run) int {
	for i, e := range r.entries {
		index := r.prev + 1 + i
		if index <= len(log) && log[index-1].Term != e.Term {
			return index
		}
	}
	return 0
}

// plainAppend is AppendEntries rule 4 on slices: entries past the log's end
// are added, and a hole closes up.
func plainAppend(log []Entry, r run) []Entry {
	all := slices.Clone(log)
	for i, e := range r.entries {
		if index := r.prev + 1 + i; index > len(log) {
			all = append(all, e)
		}
	}
	return all
}

// AE3 and AE4 find and append what they do on slices; neither the log nor the
// run nor any other log is touched by it.
func TestLogRuns(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pool := drawPool(t)
		for range 10 {
			m, r := rapid.SampledFrom(pool).Draw(t, "log"), drawRun(t, pool)
			if got := r.view.Slice(); !slices.Equal(got, r.entries) || r.view.Len() != len(r.entries) {
				t.Fatalf("Entries after index %d: %d, %v, want %v", r.prev, r.view.Len(), got, r.entries)
			}
			for n := range len(r.entries) + 2 {
				if got, want := r.view.First(n), r.entries[:min(n, len(r.entries))]; !slices.Equal(got, want) {
					t.Fatalf("the first %d entries after index %d: %v, want %v", n, r.prev, got, want)
				}
			}
			news := r.after(m.base.Index)
			conflict, at := plainConflict(m.plain, news), Index(0)
			if conflict > 0 {
				at = m.base.Index + Index(conflict)
			}
			if got := m.log.firstConflict(r.view); got != at {
				t.Fatalf("AE3: log %v after %v, entries %v after index %d: first conflict at %d, want %d", m.plain, m.base, r.entries, r.prev, got, at)
			}
			next := modelled{m.log.appendRun(r.view), plainAppend(m.plain, news), m.base}
			next.sameAsPlain(t)
			if conflict > 0 { // and as AppendEntries does it: delete, then append
				kept := modelled{m.log.Truncate(at - 1), m.plain[:conflict-1], m.base}
				next = modelled{kept.log.appendRun(r.view), plainAppend(kept.plain, news), m.base}
				next.sameAsPlain(t)
			}
			pool = append(pool, next)
		}
		for _, m := range pool {
			m.sameAsPlain(t)
		}
	})
}

// A log made of one run after the other, of either form, is as quick to look
// up as any: its cells jump as those of a log that was appended to.
func TestLogJumpsAgree(t *testing.T) {
	appended := NewLog(make([]Entry, 600)...)
	var received Log
	for received.LastIndex() < 600 {
		prev, n := received.LastIndex(), 1+received.LastIndex()%7
		received = received.appendRun(NewEntries(prev, 0, make([]Entry, n)...)).Truncate(600)
	}
	for a, b := appended.last, received.last; a != nil; a, b = a.prev, b.prev {
		if a.index != b.index || (a.jump == nil) != (b.jump == nil) || a.jump != nil && a.jump.index != b.jump.index {
			t.Fatalf("Log: the cell at index %d jumps elsewhere in a log that came by AppendEntries", a.index)
		}
	}
	if got := appended.Shared(received); got != 0 {
		t.Errorf("Log: two logs made apart share %d entries", got)
	}
}

// lookUp gives the cells on the way to index i, that of i the last.
func lookUp(l Log, i Index) (path []*cell) {
	for c := l.last; c != nil; {
		path = append(path, c)
		switch {
		case c.index == i:
			return path
		case c.jump != nil && c.jump.index >= i:
			c = c.jump
		default:
			c = c.prev
		}
	}
	return path
}

// A look-up in a log of n entries takes about 2 log2(n) steps at the most.
func TestLogLookUpSteps(t *testing.T) {
	const n = 100_000
	l := NewLog(make([]Entry, n)...)
	most := 0
	for i := Index(1); i <= n; i++ {
		path := lookUp(l, i)
		if l.last.at(i) != path[len(path)-1] || path[len(path)-1].index != i {
			t.Fatalf("Log: the look-up of index %d ends elsewhere", i)
		}
		most = max(most, len(path)-1)
	}
	if limit := 2*bits.Len(n) + 4; most > limit {
		t.Errorf("Log: a look-up among %d entries takes %d steps, want at most %d", n, most, limit)
	}
}

// cut unlinks every cell of the log that is not to be kept: who walks another
// way comes to an end there.
func cut(l Log, keep []*cell) {
	var others []*cell
	for c := l.last; c != nil; c = c.prev {
		if !slices.Contains(keep, c) {
			others = append(others, c)
		}
	}
	for _, c := range others {
		c.prev, c.jump = nil, nil
	}
}

// A look-up goes by the jumps: it finds its entry with all others unlinked.
func TestLogLookUpPath(t *testing.T) {
	const n = 1000
	for i := Index(1); i <= n; i += 37 {
		l := NewLog(make([]Entry, n)...)
		cut(l, lookUp(l, i))
		if l.last.at(i) == nil {
			t.Errorf("Log: the look-up of index %d among %d walks by other cells than it must", i, n)
		}
	}
}

// Where two logs part is found by the jumps too: with all cells unlinked but
// those that both pass on the way to the last one they share.
func TestLogSharedPath(t *testing.T) {
	const n, part = 1000, 333
	a := NewLog(make([]Entry, n)...)
	b := a.Truncate(part).Append(make([]Entry, n-part)...)
	var keep []*cell
	x, y := a.last, b.last
	for x != y {
		keep = append(keep, x, y)
		if x.jump != y.jump {
			x, y = x.jump, y.jump
		} else {
			x, y = x.prev, y.prev
		}
	}
	if limit := 2 * (2*bits.Len(n) + 4); len(keep) > limit || x.index != part {
		t.Errorf("Log: %d steps to index %d, want at most %d to index %d", len(keep), x.index, limit, part)
	}
	cut(a, append(keep, x))
	cut(b, append(keep, x))
	if got := a.Shared(b); got != part {
		t.Errorf("Log: logs that part after index %d share %d entries; Shared walks by other cells than it must", part, got)
	}
}

// Two long logs may part anywhere.
func TestLogSharedLong(t *testing.T) {
	const n = 100_000
	l := NewLog(make([]Entry, n)...)
	for part := Index(0); part <= n; part += 997 {
		fork := l.Truncate(part).Append(make([]Entry, 500)...)
		if got := fork.Shared(l); got != part || l.Shared(fork) != part {
			t.Fatalf("Log: logs that part after index %d share %d entries", part, got)
		}
	}
}
