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
	value := p.command(n)
	n.ClientRequest(value)
	p.changed(a.node)
	if p.telling {
		p.tell(ClientRequest{a.node, value})
	}
}

// another is how many letters a second command for an index and term is past the
// first. No index of a log comes near it.
const another = 7

// command gives the command that a client sends a leader. As long as disks keep
// what is written, an index and a term name one entry, and its letter is the
// index's. Where they do not, a term may have two leaders, or one twice: the
// second command must not look like the first.
func (p *player) command(n *raft.Node) string {
	i := n.Log.LastIndex() + 1
	if p.scope.Losses == 0 {
		return valueAt(i)
	}
	first := packEntry(raft.Entry{Term: n.CurrentTerm, Value: valueAt(i)})
	if p.now.holds(int(i), first) {
		return valueAt(i + another)
	}
	return valueAt(i)
}

// holds reports whether some server or message has the entry at index i, or
// somebody had when it was committed.
func (c *cluster) holds(i int, entry uint8) bool {
	for k := range c.servers {
		if c.servers[k].log.at(i) == entry {
			return true
		}
	}
	for k := range c.posted {
		m := &c.messages[k]
		if at := i - int(m.index); m.kind == raft.AppendEntriesRequest && at > 0 && m.entries.at(at) == entry {
			return true
		}
	}
	return c.committed.at(i) == entry
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
