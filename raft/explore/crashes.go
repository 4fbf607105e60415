package explore

import "raftsheet/raft"

// enableRestart lets a server crash and come back. How long it is down plays no
// part: what is sent to it meanwhile is lost, and a lost request is one that is
// not sent.
func enableRestart(e *enabled, id raft.NodeID) {
	if e.scope.Restarts {
		e.add(action{kind: restart, node: id})
	}
}

func playRestart(p *player, a action) {
	p.node(a.node).Restart()
	p.changed(a.node)
	if p.telling {
		p.tell(Restart{a.node})
	}
}
