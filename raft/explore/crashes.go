package explore

import "raftsheet/raft"

// losses is what a crash may lose, in the order in which a search tries it.
var losses = [...]Loss{LostVote, LostEntry, LostTerm}

// enableRestart lets a server crash and come back, with all that was written or
// with less. How long it is down plays no part: what is sent to it meanwhile is
// lost, and a lost request is one that is not sent.
func enableRestart(e *enabled, id raft.NodeID) {
	if e.scope.Restarts {
		e.add(action{kind: restart, node: id})
	}
	if e.scope.Losses == 0 {
		return
	}
	for _, l := range losses {
		if e.scope.Losses&l != 0 && e.c.servers[id-1].canLose(l) {
			e.add(action{kind: restart, node: id, loss: l})
		}
	}
}

// canLose reports whether the server has what is lost.
func (s *server) canLose(l Loss) bool {
	switch l {
	case LostVote:
		return s.voted != 0
	case LostEntry:
		return s.log != 0
	default:
		return s.term > 0
	}
}

func playRestart(p *player, a action) {
	n := p.node(a.node)
	var d raft.Disk
	if a.loss == 0 {
		n.Restart()
	} else {
		// What it had committed it takes back by no decision of its own: it no
		// longer knows that it had. Another server that commits something else at
		// that index is the breach.
		s := &p.now.servers[a.node-1]
		s.commit, s.applied = 0, 0
		d = diskOf(n, a.loss)
		if _, err := n.RestartFrom(d); err != nil {
			panic(err) // canLose has said that it was there
		}
	}
	p.changed(a.node)
	if p.telling {
		p.tell(Restart{a.node, d})
	}
}

// diskOf gives what is left of a server's disk after it lost something that was
// there.
func diskOf(n *raft.Node, l Loss) (d raft.Disk) {
	switch l {
	case LostVote:
		d.VotedFor = new(raft.NoNode)
	case LostEntry:
		d.Log = new(n.Log.Truncate(n.Log.LastIndex() - 1))
	case LostTerm:
		d.CurrentTerm = new(n.CurrentTerm - 1)
	}
	return d
}
