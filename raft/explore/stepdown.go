package explore

import "raftsheet/raft"

// enableStepDown lets a leader or candidate become a follower by itself. Figure 2
// has no such rule. It differs from a crash in that commitIndex stays.
func enableStepDown(e *enabled, id raft.NodeID) {
	if e.scope.StepDowns && raft.Role(e.c.servers[id-1].role) != raft.Follower {
		e.add(action{kind: stepDown, node: id})
	}
}

func playStepDown(p *player, a action) {
	p.node(a.node).StepDown()
	p.changed(a.node)
	if p.telling {
		p.tell(StepDown{a.node})
	}
}
