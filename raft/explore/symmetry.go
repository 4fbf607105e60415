package explore

import (
	"bytes"
	"math/bits"

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

// sort gives the servers by their labels. Most clusters have no ties, and need no
// second look.
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
		m := &c.messages[k]
		if m.from == id {
			h += mix(m.hash())
		}
		if m.to == id {
			h += mix(m.hash() + 1)
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
		if m := &c.messages[k]; int(m.from) == i+1 && int(m.to) == j+1 {
			x += m.hash()
		}
	}
	return x
}
