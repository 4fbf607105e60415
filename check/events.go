package check

import (
	"fmt"

	"raftsheet/raft"
	"raftsheet/trace"
)

// This file plays the events that are no messages: timeouts, clients, crashes,
// partitions.

// refuse notes that a node could not take an event.
func (r *replayer) refuse(id raft.NodeID, rule raft.Rule, why string) {
	r.cur.Refused = r.cur.Refused.With(id)
	r.find(Refused, id, Finding{Rule: rule, Message: why})
}

// able reports whether a node can take an event of its own, and notes why not.
func (r *replayer) able(id raft.NodeID, what string) bool {
	switch {
	case r.t.Unknown.Has(id):
		r.find(Untold, id, Finding{Message: fmt.Sprintf("node %s is unknown: what %s does to it cannot be told", r.name(id), what)})
		return false
	case !r.isUp(id):
		r.refuse(id, raft.NoRule, fmt.Sprintf("node %s is down since %s: %s does not reach it", r.name(id), r.run.atStep(r.downBy[id-1]), what))
		return false
	}
	return true
}

func (r *replayer) timeouts(ids []raft.NodeID) *trace.Error {
	for _, id := range ids {
		if !r.able(id, "a timeout") {
			continue
		}
		n := r.nodeOf(id)
		if n.CurrentTerm >= raft.MaxNumber && n.Role != raft.Leader {
			return r.errorf(trace.Pos{}, "node %s is in term %d, the last there is; it can start no election", r.name(id), n.CurrentTerm)
		}
		r.explain(n, Before, raft.NoNode, func() { n.Timeout() })
		r.changed(n)
	}
	return nil
}

func (r *replayer) clientRequest(e *trace.ClientRequest) {
	if !r.able(e.Node, "a client's request") {
		return
	}
	n := r.nodeOf(e.Node)
	if n.Role != raft.Leader {
		r.explain(n, Before, raft.NoNode, func() { n.ClientRequest(e.Value) })
		r.refuse(e.Node, raft.L2, fmt.Sprintf("node %s is a %s: only a leader takes a client's request", r.name(e.Node), n.Role))
		return
	}
	r.explain(n, Before, raft.NoNode, func() { n.ClientRequest(e.Value) })
	r.changed(n)
}

func (r *replayer) crash(ids []raft.NodeID) {
	for _, id := range ids {
		if !r.isUp(id) {
			r.refuse(id, raft.NoRule, fmt.Sprintf("node %s is down already, since %s", r.name(id), r.run.atStep(r.downBy[id-1])))
			continue
		}
		r.up = r.up.Without(id)
		r.downBy[id-1] = r.cur.Trace.Number
	}
}

func (r *replayer) restart(ids []raft.NodeID) {
	for _, id := range ids {
		r.up = r.up.With(id)
		if n := r.nodeOf(id); n != nil {
			n.Restart()
			r.changed(n)
		}
	}
}

func (r *replayer) partition(groups []raft.NodeSet) {
	r.cutBy = r.cur.Trace.Number
	for id := range r.all.All() {
		r.group[id-1] = -int(id) // alone
	}
	for i, g := range groups {
		for id := range g.All() {
			r.group[id-1] = i + 1
		}
	}
}
