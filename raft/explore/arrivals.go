package explore

import "raftsheet/raft"

// enableArrive lets each message in flight arrive. It stays in flight, to arrive
// again; that one arrives for the last time is as if it never came again, which
// needs no action.
func enableArrive(e *enabled, _ raft.NodeID) {
	for k := range e.c.posted {
		m := &e.c.messages[k]
		a := action{kind: arrive, node: m.to, message: k}
		e.add(a)
		if !m.isRequest() {
			continue
		}
		// The request is late already; what may still become of it is its answer's.
		for _, a.delivery = range [...]Delivery{AnswerLost, AnswerLate} {
			if e.scope.allows(a.delivery, m.kind == raft.RequestVoteRequest, e.c.posted) {
				e.add(a)
			}
		}
	}
}

func playArrive(p *player, a action) {
	m := p.now.messages[a.message]
	switch m.kind {
	case raft.RequestVoteRequest:
		p.asked = m.requestVote()
		p.requestVote(m.to, a.delivery)
	case raft.AppendEntriesRequest:
		p.sent = m.appendEntries(p.entriesOf(&m))
		p.appendEntries(m.to, a.delivery)
	case raft.RequestVoteAnswer:
		v := m.vote()
		if p.telling {
			p.tell(VoteAnswer{m.to, v})
		}
		p.takeVote(m.to, v)
	case raft.AppendEntriesAnswer:
		ack := m.ack()
		if p.telling {
			p.tell(AppendAnswer{m.to, ack})
		}
		p.takeAck(m.to, ack)
	}
}
