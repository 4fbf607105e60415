package explore

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"

	"raftsheet/raft"
)

// Servers have no names but those that we give them: two clusters that differ
// in nothing but the servers' numbers behave alike, and are one state. Of all
// ways to number the servers one is chosen by what the servers are, and the
// cluster is written down in that numbering.
//
// The servers are sorted by a label, a hash of all that can be said of a server
// without naming another; where that leaves ties, by a hash of the labels of
// those that it has to do with. What is tied even then is tried in every order,
// and the least text is taken. Equal hashes of what differs cost time, or keep
// one state as two; they never take two states for one.

// An order says which server stands at each place: order[0] is the server that
// is numbered 1.
type order [maxNodes]uint8

// A writer writes clusters in their canonical form.
type writer struct {
	nodes  int
	acting int    // the first so many servers; the others, voters, are numbered last
	text   []byte // the least so far
	try    []byte
	order  order // of the text
	label  [maxNodes]uint64
}

func newWriter(s *Scope) writer { return writer{nodes: s.Nodes, acting: s.Nodes - s.Voters} }

// canonical writes the cluster in its canonical form. The text stays until the
// next call; w.order is the numbering of it.
func (w *writer) canonical(c *cluster) []byte {
	w.text = w.text[:0]
	sorted := w.sort(c)
	w.permute(c, sorted, 0)
	return w.text
}

// sort gives the servers by their labels.
func (w *writer) sort(c *cluster) order {
	for i := range w.nodes {
		w.label[i] = w.class(i, w.describe(c, i))
	}
	o, tied := w.sorted()
	if !tied {
		return o
	}
	var refined [maxNodes]uint64
	for i := range w.nodes {
		refined[i] = w.class(i, w.neighbours(c, i))
	}
	w.label = refined
	o, _ = w.sorted()
	return o
}

// class has voters come after all others.
func (w *writer) class(i int, hash uint64) uint64 {
	const voter = 1 << 63
	if i >= w.acting {
		return hash | voter
	}
	return hash &^ voter
}

// sorted gives the servers by their labels, and whether some are equal.
func (w *writer) sorted() (o order, tied bool) {
	for i := range w.nodes {
		j := i
		for ; j > 0 && w.label[o[j-1]] > w.label[i]; j-- {
			o[j] = o[j-1]
		}
		o[j] = uint8(i)
		tied = tied || j > 0 && w.label[o[j-1]] == w.label[i]
	}
	return o, tied
}

// permute tries every order of the servers from a place on that keeps them
// sorted. Of servers that may change places with nothing else changed, one is
// enough.
func (w *writer) permute(c *cluster, o order, from int) {
	if from >= w.nodes-1 {
		w.keep(c, o)
		return
	}
	for i := from; i < w.nodes && w.label[o[i]] == w.label[o[from]]; i++ {
		if i > from && w.twinBefore(c, &o, from, i) {
			continue
		}
		o[from], o[i] = o[i], o[from]
		w.permute(c, o, from+1)
		o[from], o[i] = o[i], o[from]
	}
}

// twinBefore reports whether the server at place i is a twin of one at a place
// [from, i).
func (w *writer) twinBefore(c *cluster, o *order, from, i int) bool {
	for k := from; k < i; k++ {
		if w.twins(c, int(o[k]), int(o[i])) {
			return true
		}
	}
	return false
}

// twins reports whether two servers of one label have the same to do with each
// other, and with all others.
func (w *writer) twins(c *cluster, i, j int) bool {
	if c.relation(i, j) != c.relation(j, i) {
		return false
	}
	for k := range w.nodes {
		if k != i && k != j && (c.relation(i, k) != c.relation(j, k) || c.relation(k, i) != c.relation(k, j)) {
			return false
		}
	}
	return true
}

// keep keeps the cluster's text in an order, if it is the least so far.
func (w *writer) keep(c *cluster, o order) {
	w.try = write(w.try[:0], c, o, w.nodes)
	if len(w.text) == 0 || bytes.Compare(w.try, w.text) < 0 {
		w.text, w.try = w.try, w.text
		w.order = o
	}
}

func mix(x uint64) uint64 {
	x = (x ^ x>>32) * 0xd6e8feb86659fd93
	x = (x ^ x>>29) * 0x9e3779b97f4a7c15
	return x ^ x>>32
}

// describe is a hash of all that can be said of a server without naming
// another.
func (w *writer) describe(c *cluster, i int) uint64 {
	s, id := &c.servers[i], raft.NodeID(i+1)
	x := uint64(s.term) | uint64(s.role)<<4 | uint64(kindOf(s.voted, id))<<6 | uint64(kindOf(s.leader, id))<<8 |
		uint64(s.commit)<<10 | uint64(s.applied)<<14 | uint64(s.again)<<18 | uint64(s.led)<<22 |
		uint64(bits.OnesCount8(s.votes))<<30 | uint64(s.votes>>i&1)<<33 |
		uint64(bits.OnesCount8(s.answered))<<34 | uint64(s.answered>>i&1)<<37
	if s.leads {
		x |= 1 << 38
	}
	h := mix(uint64(s.log) ^ mix(x))
	for k := range c.posted {
		l := &c.letters[k]
		if l.from == id {
			h += mix(l.hash())
		}
		if l.to == id {
			h += mix(l.hash() + 1)
		}
	}
	return h
}

// kindOf says of a named server as much as leaves it unnamed.
func kindOf(named uint8, id raft.NodeID) uint8 {
	switch raft.NodeID(named) {
	case raft.NoNode:
		return 0
	case id:
		return 1
	}
	return 2
}

// hash is a hash of a letter without its ends.
func (l *letter) hash() uint64 {
	x := uint64(l.kind) | uint64(l.term)<<8 | uint64(l.index)<<16 | uint64(l.indexTerm)<<24 |
		uint64(l.commit)<<32 | uint64(l.count)<<40
	if l.ok {
		x |= 1 << 48
	}
	return mix(x) ^ uint64(l.entries)
}

// neighbours is a hash of a server's label, and of the labels of those that it
// has to do with.
func (w *writer) neighbours(c *cluster, i int) uint64 {
	h := 7 * mix(w.label[i]+1)
	for j := range w.nodes {
		if j != i {
			h += mix(w.label[j] + 3*c.relation(i, j) + 5*c.relation(j, i))
		}
	}
	return h
}

// relation is what a server has to do with another.
func (c *cluster) relation(i, j int) uint64 {
	s, id := &c.servers[i], uint8(j+1)
	x := uint64(s.votes>>j&1) | uint64(s.answered>>j&1)<<1 | uint64(s.next[j])<<2 | uint64(s.match[j])<<6
	if s.voted == id {
		x |= 1 << 10
	}
	if s.leader == id {
		x |= 1 << 11
	}
	x = mix(x)
	for k := range c.posted {
		if l := &c.letters[k]; int(l.from) == i+1 && int(l.to) == j+1 {
			x += l.hash()
		}
	}
	return x
}

// Which of the parts that a server mostly lacks are written.
const (
	withVotes = 8 << iota
	withExtra
	withProgress
)

// write appends a cluster's text, in which the servers are numbered in an
// order. read is its inverse.
func write(to []byte, c *cluster, o order, nodes int) []byte {
	var place [maxNodes + 1]uint8 // by NodeID; the place of none is 0
	for p := range nodes {
		place[o[p]+1] = uint8(p + 1)
	}
	for p := range nodes {
		to = writeServer(to, &c.servers[o[p]], int(o[p]), o, &place, nodes)
	}
	done := c.committed.len()
	to = append(to, uint8(done)|c.posted<<4)
	for i := range done {
		to = append(to, c.committed.at(i+1), c.since[i])
	}
	return writeLetters(to, c, &place)
}

func writeServer(to []byte, s *server, i int, o order, place *[maxNodes + 1]uint8, nodes int) []byte {
	parts := place[s.voted]
	if s.votes != 0 {
		parts |= withVotes
	}
	if s.answered != 0 || s.again != 0 || s.leader != 0 {
		parts |= withExtra
	}
	if s.leads {
		parts |= withProgress
	}
	size := s.log.len()
	to = append(to, s.term|s.role<<3, parts, s.commit|s.applied<<4, s.led, uint8(size))
	for k := range size {
		to = append(to, s.log.at(k+1))
	}
	if s.votes != 0 {
		to = append(to, placeSet(s.votes, o, nodes))
	}
	if parts&withExtra != 0 {
		to = append(to, placeSet(s.answered, o, nodes), s.again|place[s.leader]<<4)
	}
	if s.leads {
		for p := range nodes {
			if j := int(o[p]); j != i {
				to = append(to, s.next[j]|s.match[j]<<4)
			}
		}
	}
	return to
}

// placeSet gives a set of servers in another numbering.
func placeSet(set uint8, o order, nodes int) (placed uint8) {
	for p := range nodes {
		placed |= set >> o[p] & 1 << p
	}
	return placed
}

// writeLetters writes the letters in flight, whose order means nothing.
func writeLetters(to []byte, c *cluster, place *[maxNodes + 1]uint8) []byte {
	var texts [maxLetters][letterSize]byte
	for k := range c.posted {
		l := &c.letters[k]
		t := &texts[k]
		t[0] = uint8(l.kind) | l.term<<2
		t[1] = place[l.from] | place[l.to]<<4
		t[2] = l.index | l.indexTerm<<4
		t[3] = l.commit | l.count<<4
		if l.ok {
			t[0] |= 1 << 7
		}
		binary.BigEndian.PutUint64(t[4:], uint64(l.entries))
	}
	slices.SortFunc(texts[:c.posted], func(a, b [letterSize]byte) int { return bytes.Compare(a[:], b[:]) })
	for k := range c.posted {
		to = append(to, texts[k][:]...)
	}
	return to
}

const letterSize = 12

// read gives the cluster of a text.
func read(text []byte, nodes int) (c cluster) {
	for i := range nodes {
		text = readServer(text, &c.servers[i], i, nodes)
	}
	done := text[0] & 15
	c.posted = text[0] >> 4
	text = text[1:]
	for i := range done {
		c.committed = c.committed.with(text[0])
		c.since[i] = text[1]
		text = text[2:]
	}
	for k := range c.posted {
		t := text[:letterSize]
		c.letters[k] = letter{kind: raft.MessageKind(t[0] & 3), term: t[0] >> 2 & 7, ok: t[0]>>7 != 0,
			from: raft.NodeID(t[1] & 15), to: raft.NodeID(t[1] >> 4), index: t[2] & 15, indexTerm: t[2] >> 4,
			commit: t[3] & 15, count: t[3] >> 4, entries: run(binary.BigEndian.Uint64(t[4:]))}
		text = text[letterSize:]
	}
	return c
}

func readServer(text []byte, s *server, i, nodes int) []byte {
	s.term, s.role = text[0]&7, text[0]>>3
	parts := text[1]
	s.voted = parts & 7
	s.commit, s.applied = text[2]&15, text[2]>>4
	s.led = text[3]
	size := text[4]
	text = text[5:]
	for k := range size {
		s.log |= run(text[k]) << (8 * k)
	}
	text = text[size:]
	if parts&withVotes != 0 {
		s.votes, text = text[0], text[1:]
	}
	if parts&withExtra != 0 {
		s.answered, s.again, s.leader = text[0], text[1]&15, text[1]>>4
		text = text[2:]
	}
	if s.leads = parts&withProgress != 0; s.leads {
		for j := range nodes {
			if j != i {
				s.next[j], s.match[j] = text[0]&15, text[0]>>4
				text = text[1:]
			}
		}
	}
	return text
}
