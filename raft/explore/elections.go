package explore

import "raftsheet/raft"

// termsLeft is how many timeouts in a row a server may have within the scope.
// Rules that deviate may have driven its term past the highest: it has none left.
func termsLeft(e *enabled, s *server) uint8 {
	left := max(0, int(e.scope.Terms)-int(s.term))
	return uint8(min(e.scope.Timeouts, left))
}

// enableStand lets an election timeout elapse of which nobody hears.
func enableStand(e *enabled, id raft.NodeID) {
	if !e.scope.Orderly && termsLeft(e, &e.c.servers[id-1]) > 0 {
		e.add(action{kind: stand, node: id})
	}
}

func playStand(p *player, a action) { p.timeout(a.node) }

func (p *player) timeout(id raft.NodeID) {
	p.node(id).Timeout()
	p.changed(id)
	if p.telling {
		p.tell(Timeout{id})
	}
}

// enableAsk lets a server that does not lead ask for votes, after as many
// timeouts as it takes: none, for a candidate that asks one server more.
func enableAsk(e *enabled, id raft.NodeID) {
	s := &e.c.servers[id-1]
	least, most := uint8(1), termsLeft(e, s)
	if raft.Role(s.role) == raft.Candidate {
		least = 0
	}
	if e.scope.Orderly { // for the term after the latest, and no other
		least = e.latest + 1 - s.term
		most = min(most, least)
	}
	for k := least; k <= most; k++ {
		e.requests(action{kind: ask, node: id, timeouts: k})
	}
}

// requests adds a candidate's request to all whom it may ask.
func (e *enabled) requests(a action) {
	all := raft.AllNodes(e.scope.Nodes)
	if e.scope.Voters > 0 {
		a.to = all &^ e.scope.acting()
		e.add(a)
		return
	}
	peers := all.Without(a.node)
	for to := range peers.All() {
		a.to = raft.SetOf(to)
		e.deliveries(a)
	}
	if !e.scope.Together {
		return
	}
	for size := 2; size <= peers.Len(); size++ {
		for a.to = peers; a.to != 0; a.to = (a.to - 1) & peers { // every subset, the largest number first
			if a.to.Len() == size {
				e.add(a)
			}
		}
	}
}

func playAsk(p *player, a action) {
	for range a.timeouts {
		p.timeout(a.node)
	}
	n := p.node(a.node)
	if n.Role != raft.Candidate {
		return // its own vote was a majority
	}
	p.asked = n.RequestVote()
	if a.to.Len() > 1 {
		p.askTogether(a.to)
		return
	}
	p.requestVote(first(a.to), a.delivery)
}

// askTogether asks several servers. The grants come back first: a refusal of a
// higher term would end the candidacy before they count, and that is as if they
// had not been asked.
func (p *player) askTogether(to raft.NodeSet) {
	var votes [maxNodes]raft.Vote
	var replied, granted raft.NodeSet
	for v := range to.All() {
		var ok bool
		if votes[v-1], ok = p.handleVote(v); ok {
			replied = replied.With(v)
		}
		if votes[v-1].Granted {
			granted = granted.With(v)
		}
	}
	for _, some := range [...]raft.NodeSet{granted, to &^ granted} {
		for v := range some.All() {
			p.tellVote(Receipt{To: v, Delivery: Answered, Replied: replied.Has(v), OK: granted.Has(v)})
			if replied.Has(v) {
				p.takeVote(p.asked.CandidateID, votes[v-1])
			}
		}
	}
}
