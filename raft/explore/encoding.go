package explore

import (
	"bytes"
	"encoding/binary"
	"slices"

	"raftsheet/raft"
)

// A search keeps a frontier of up to hundreds of thousands of clusters. Each is
// kept as a text of some 30 bytes, in which what a server lacks takes no room;
// the text is also what is hashed, and what the least numbering is chosen by. It
// therefore has to say all of a state, and each state in one way.
//
// A term takes three bits, a role two, a server three, an index four: that is
// where maxTerm, maxNodes and maxFigure come from.

// Which of the parts that a server mostly lacks are written. They share a byte
// with votedFor, which takes the three bits below.
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
	return writeMessages(to, c, &place)
}

// writeServer appends what server i, counted from 0, is.
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
			if j := int(o[p]); j != i { // its own cells are always 0
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

// writeMessages writes the messages in flight. Their order means nothing, and is
// lost: any of them may arrive first.
func writeMessages(to []byte, c *cluster, place *[maxNodes + 1]uint8) []byte {
	var texts [maxInFlight][messageSize]byte
	for k := range c.posted {
		m := &c.messages[k]
		t := &texts[k]
		t[0] = uint8(m.kind) | m.term<<2
		t[1] = place[m.from] | place[m.to]<<4
		t[2] = m.index | m.indexTerm<<4
		t[3] = m.commit | m.count<<4
		if m.ok {
			t[0] |= 1 << 7
		}
		binary.BigEndian.PutUint64(t[4:], uint64(m.entries))
	}
	slices.SortFunc(texts[:c.posted], func(a, b [messageSize]byte) int { return bytes.Compare(a[:], b[:]) })
	for k := range c.posted {
		to = append(to, texts[k][:]...)
	}
	return to
}

// messageSize is what a message takes: its kind, term and ok; its ends; two pairs
// of figures; its entries.
const messageSize = 12

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
		t := text[:messageSize]
		c.messages[k] = inFlight{kind: raft.MessageKind(t[0] & 3), term: t[0] >> 2 & 7, ok: t[0]>>7 != 0,
			from: raft.NodeID(t[1] & 15), to: raft.NodeID(t[1] >> 4), index: t[2] & 15, indexTerm: t[2] >> 4,
			commit: t[3] & 15, count: t[3] >> 4, entries: run(binary.BigEndian.Uint64(t[4:]))}
		text = text[messageSize:]
	}
	return c
}

// readServer reads what server i, counted from 0, is, and gives the rest of the
// text.
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
