package explore

import "raftsheet/raft"

// An enabled is the actions that are enabled in a cluster, within a scope. What
// enables an action is written with the action's kind.
type enabled struct {
	scope   *Scope
	c       *cluster
	latest  uint8        // the latest term of all servers
	leaders raft.NodeSet // of those that do more than vote
	actions []action
}

// look begins with a cluster. The actions of the one before are gone.
func (e *enabled) look(c *cluster) {
	e.c, e.latest, e.leaders, e.actions = c, 0, 0, e.actions[:0]
	for i := range e.scope.Nodes {
		e.latest = max(e.latest, c.servers[i].term)
	}
	for id := range e.scope.acting().All() {
		if c.servers[id-1].isLeader() {
			e.leaders = e.leaders.With(id)
		}
	}
}

func (e *enabled) add(a action) { e.actions = append(e.actions, a) }

// deliveries adds a request with every delivery that it may have.
func (e *enabled) deliveries(a action) {
	for d := range numDeliveries {
		if e.scope.allows(d, a.kind == ask, e.c.posted) {
			a.delivery = d
			e.add(a)
		}
	}
}

// deposed reports whether a leader must keep still: another election has been
// held since, and the scope is orderly.
func (e *enabled) deposed(id raft.NodeID) bool {
	return e.scope.Orderly && e.c.servers[id-1].term < e.latest
}
