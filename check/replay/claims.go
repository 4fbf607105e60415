package replay

import (
	"maps"

	"raftsheet/raft"
)

// claims is what unknown nodes have said, and the step in which each first did.
type claims struct {
	entries map[claimed]claim     // by sender, message term and index: the entry there
	ends    map[stand]claim       // by candidacy: the end of the log
	marks   map[raft.Mark]claim   // by index and entry term, of any message: the entry, and what comes before it
	grants  map[stand]claim       // by voter and term: for whom
	acked   map[stand]claim       // by node and term: how far it has confirmed its leader's log
	terms   map[raft.NodeID]claim // the highest term in which each has answered
	pending []pending             // refusals that may be of a higher term, which deposes the sender
}

// A claimed place is an index of the log that a sender has in a term.
type claimed struct {
	stand
	at raft.Index
}

// A claim is what was said of a place, and when.
type claim struct {
	entry raft.Entry
	mark  raft.Mark // an end of a log; of an entry the one before it
	node  raft.NodeID
	term  raft.Term
	step  int
}

// A pending refusal names no term. If its sender goes on in its own, it was not of
// a higher one.
type pending struct {
	fact   Fact
	sender raft.NodeID
	term   raft.Term
}

func (k *claims) init() {
	*k = claims{make(map[claimed]claim), make(map[stand]claim), make(map[raft.Mark]claim), make(map[stand]claim),
		make(map[stand]claim), make(map[raft.NodeID]claim), nil}
}

func (k *claims) clone() claims {
	return claims{maps.Clone(k.entries), maps.Clone(k.ends), maps.Clone(k.marks), maps.Clone(k.grants),
		maps.Clone(k.acked), maps.Clone(k.terms), append([]pending(nil), k.pending...)}
}
