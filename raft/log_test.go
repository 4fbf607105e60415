package raft

import (
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// A modelled log is a Log together with the plain slice that it must equal.
type modelled struct {
	log   Log
	plain []Entry
}

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
	switch rapid.SampledFrom([]string{"append", "append", "truncate", "new"}).Draw(t, "how") {
	case "append":
		return modelled{from.log.Append(more...), slices.Concat(from.plain, more)}
	case "truncate":
		last := rapid.IntRange(0, len(from.plain)+2).Draw(t, "last")
		return modelled{from.log.Truncate(Index(last)), from.plain[:min(last, len(from.plain))]}
	default:
		return modelled{NewLog(more...), more}
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
	n := len(m.plain)
	if got := m.log.Entries(); !slices.Equal(got, m.plain) {
		t.Fatalf("Log: entries %v, want %v", got, m.plain)
	}
	if m.log.LastIndex() != Index(n) {
		t.Fatalf("Log %v: LastIndex %d, want %d", m.plain, m.log.LastIndex(), n)
	}
	for i := 0; i <= n+2; i++ {
		var want Entry
		has := i >= 1 && i <= n
		if has {
			want = m.plain[i-1]
		}
		if at := Index(i); m.log.Has(at) != has || m.log.Entry(at) != want || m.log.Term(at) != want.Term {
			t.Fatalf("Log %v: at index %d has %t, entry %v, term %d; want %t, %v",
				m.plain, i, m.log.Has(at), m.log.Entry(at), m.log.Term(at), has, want)
		}
		rest := m.plain[min(i, n):]
		if got := m.log.After(Index(i)); !slices.Equal(got.Slice(), rest) || got.Len() != len(rest) {
			t.Fatalf("Log %v: after index %d come %d entries %v, want %v", m.plain, i, got.Len(), got.Slice(), rest)
		}
	}
	if n > 0 && m.log.LastTerm() != m.plain[n-1].Term || n == 0 && m.log.LastTerm() != 0 {
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
				want := len(b.plain) <= len(a.plain) && slices.Equal(a.plain[:len(b.plain)], b.plain)
				if got := a.log.StartsWith(b.log); got != want {
					t.Fatalf("Log %v starts with %v: %t, want %t", a.plain, b.plain, got, want)
				}
				checkShared(t, a, b)
			}
		}
	})
}

// checkShared: up to Shared the logs hold the very same cells, and past it
// none; so that equal entries are all it promises, and no more than it can.
func checkShared(t *rapid.T, a, b modelled) {
	var want Index
	for i := 1; i <= min(len(a.plain), len(b.plain)); i++ {
		if a.log.Truncate(Index(i)).last == b.log.Truncate(Index(i)).last {
			want = Index(i)
		}
	}
	got := a.log.Shared(b.log)
	if got != want || !slices.Equal(a.plain[:got], b.plain[:got]) {
		t.Fatalf("Log: %v and %v share %d entries, want %d", a.plain, b.plain, got, want)
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
		prev := rapid.IntRange(0, len(leader.plain)).Draw(t, "prev")
		return run{prev, leader.plain[prev:], leader.log.After(Index(prev))}
	}
	prev := rapid.IntRange(0, 12).Draw(t, "prev")
	es := rapid.SliceOfN(rapid.Custom(drawEntry), 0, 6).Draw(t, "entries")
	return run{prev, es, NewEntries(Index(prev), Term(rapid.IntRange(0, 3).Draw(t, "prevTerm")), es...)}
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
			conflict := plainConflict(m.plain, r)
			if got := m.log.firstConflict(r.view); got != Index(conflict) {
				t.Fatalf("AE3: log %v, entries %v after index %d: first conflict at %d, want %d", m.plain, r.entries, r.prev, got, conflict)
			}
			next := modelled{m.log.appendRun(r.view), plainAppend(m.plain, r)}
			next.sameAsPlain(t)
			if conflict > 0 { // and as AppendEntries does it: delete, then append
				kept := modelled{m.log.Truncate(Index(conflict - 1)), m.plain[:conflict-1]}
				next = modelled{kept.log.appendRun(r.view), plainAppend(kept.plain, r)}
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
