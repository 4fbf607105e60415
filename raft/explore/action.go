package explore

import "raftsheet/raft"

// An action is one thing that happens in a cluster. It is a good deal at once,
// so that behaviours which matter are few actions long: the timeouts of an
// election with a request for votes and the answers to it, say.
type action struct {
	kind     actionKind
	node     raft.NodeID  // who does it
	timeouts uint8        // ask: election timeouts that elapse before
	to       raft.NodeSet // ask, send: to whom
	idle     bool         // send: a heartbeat, where there are entries to send
	letter   uint8        // arrive: which of those in flight
	fate     fate
}

type actionKind uint8

const (
	stand   actionKind = iota // an election timeout elapses, and nobody hears of it
	ask                       // a candidate sends RequestVote
	send                      // a leader sends AppendEntries
	client                    // a leader takes a command
	restart                   // a server crashes, and is back
	arrive                    // a message in flight arrives; it may do so again
)

// A fate is what becomes of a request and its answer.
type fate uint8

const (
	answered   fate = iota // the request arrives, and so does its answer
	unanswered             // the request arrives, the answer is lost
	late                   // the request stays in flight
	repeated               // both arrive, and the request stays in flight as well
	lateAnswer             // the request arrives, the answer stays in flight
	numFates
)

// stays reports whether a message stays in flight.
func (f fate) stays() bool { return f >= late }

// postsRequest reports whether it is the request that does.
func (f fate) postsRequest() bool { return f == late || f == repeated }

// A menu is the actions that a cluster allows, within a scope.
type menu struct {
	scope   *Scope
	c       *cluster
	latest  uint8 // the latest term
	actions []action
}

// list gives the actions that the cluster allows. They are good until the next
// call. Of behaviours of one length, a search finds the first in this order:
// what leaders do comes first, elections and crashes come last.
func (m *menu) list(c *cluster) []action {
	m.c, m.latest, m.actions = c, 0, m.actions[:0]
	for i := range m.scope.Nodes {
		m.latest = max(m.latest, c.servers[i].term)
	}
	var leaders raft.NodeSet
	for id := range m.acting().All() {
		if raft.Role(c.servers[id-1].role) == raft.Leader {
			leaders = leaders.With(id)
		}
	}
	for id := range leaders.All() {
		m.lead(id)
	}
	for k := range c.posted {
		m.arrivals(k)
	}
	for id := range (m.acting() &^ leaders).All() {
		m.elections(id)
	}
	if m.scope.Restarts {
		for id := range m.acting().All() {
			m.add(action{kind: restart, node: id})
		}
	}
	return m.actions
}

func (m *menu) add(a action) { m.actions = append(m.actions, a) }

// acting is the servers that do more than vote.
func (m *menu) acting() raft.NodeSet { return raft.AllNodes(m.scope.Nodes - m.scope.Voters) }

// elections is how a server that does not lead stands for election.
func (m *menu) elections(id raft.NodeID) {
	s := &m.c.servers[id-1]
	least, most := uint8(1), min(uint8(m.scope.Timeouts), uint8(m.scope.Terms)-s.term)
	if raft.Role(s.role) == raft.Candidate {
		least = 0
	}
	if m.scope.Orderly {
		least = m.latest + 1 - s.term
		most = min(most, least)
	} else if most > 0 {
		m.add(action{kind: stand, node: id})
	}
	for k := least; k <= most; k++ {
		m.requests(action{kind: ask, node: id, timeouts: k})
	}
}

// requests is whom a candidate asks.
func (m *menu) requests(a action) {
	all := raft.AllNodes(m.scope.Nodes)
	if m.scope.Voters > 0 {
		a.to = all &^ m.acting()
		m.add(a)
		return
	}
	others := all.Without(a.node)
	for to := range others.All() {
		a.to = raft.SetOf(to)
		m.exchanges(a)
	}
	if !m.scope.Together {
		return
	}
	for size := 2; size <= others.Len(); size++ {
		for a.to = others; a.to != 0; a.to = (a.to - 1) & others { // every set of them
			if a.to.Len() == size {
				m.add(a)
			}
		}
	}
}

// lead is what a leader does.
func (m *menu) lead(id raft.NodeID) {
	s := &m.c.servers[id-1]
	if m.scope.Orderly && s.term < m.latest {
		return
	}
	if raft.Index(s.log.len()) < m.scope.Log {
		m.add(action{kind: client, node: id})
	}
	for to := range m.acting().Without(id).All() {
		a := action{kind: send, node: id, to: raft.SetOf(to)}
		hasEntries := int(s.next[to-1]) <= s.log.len()
		if hasEntries || !m.scope.Orderly {
			m.exchanges(a)
		}
		if a.idle = true; hasEntries && !m.scope.Orderly {
			m.exchanges(a)
		}
	}
}

// exchanges is a request with every fate that it may have.
func (m *menu) exchanges(a action) {
	for f := range numFates {
		if m.allows(f, a.kind == ask) {
			a.fate = f
			m.add(a)
		}
	}
}

// arrivals is what becomes of a message that arrives late.
func (m *menu) arrivals(k uint8) {
	l := &m.c.letters[k]
	a := action{kind: arrive, node: l.to, letter: k}
	m.add(a)
	if !l.isRequest() {
		return
	}
	for _, a.fate = range [...]fate{unanswered, lateAnswer} {
		if m.allows(a.fate, l.kind == raft.RequestVoteRequest) {
			m.add(a)
		}
	}
}

// allows reports whether a request, for votes or with entries, may have that
// fate now.
func (m *menu) allows(f fate, votes bool) bool {
	if f.stays() && int(m.c.posted) >= m.scope.Letters {
		return false
	}
	allowed := m.scope.Late
	either := func(vote, entries Late) bool {
		return votes && allowed&vote != 0 || !votes && allowed&entries != 0
	}
	switch f {
	case unanswered:
		return m.scope.Lost
	case late:
		return either(LateVotes, LateAppends)
	case repeated:
		return either(RepeatedVotes, RepeatedAppends)
	case lateAnswer:
		return either(LateGrants, LateAcks)
	}
	return true
}
