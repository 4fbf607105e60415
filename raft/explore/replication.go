package explore

import "raftsheet/raft"

// enableClient lets a leader take a command as long as its log has room.
func enableClient(e *enabled, id raft.NodeID) {
	if log := e.c.servers[id-1].log; !e.deposed(id) && raft.Index(log.len()) < e.scope.Log {
		e.add(action{kind: client, node: id})
	}
}

func playClient(p *player, a action) {
	n := p.node(a.node)
	value := valueAt(n.Log.LastIndex() + 1)
	n.ClientRequest(value)
	p.changed(a.node)
	if p.telling {
		p.tell(ClientRequest{a.node, value})
	}
}

// enableSend lets a leader send each server what it has for it, or a heartbeat
// in its place. A server that only votes needs no entries.
func enableSend(e *enabled, id raft.NodeID) {
	if e.deposed(id) {
		return
	}
	s := &e.c.servers[id-1]
	for to := range e.scope.acting().Without(id).All() {
		a := action{kind: send, node: id, to: raft.SetOf(to)}
		hasEntries := int(s.next[to-1]) <= s.log.len()
		if hasEntries || !e.scope.Orderly {
			e.deliveries(a)
		}
		if a.idle = true; hasEntries && !e.scope.Orderly {
			e.deliveries(a)
		}
	}
}

func playSend(p *player, a action) {
	to := first(a.to)
	p.sent = p.node(a.node).AppendEntries(to)
	if a.idle { // prevLogIndex stays: a heartbeat is the same request without its entries
		p.sent.Entries = raft.Entries{}
	}
	p.appendEntries(to, a.delivery)
}
