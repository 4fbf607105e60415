package check

import "raftsheet/raft"

// Concerned gives the nodes that took part in a step, or were to: first those that
// a request was sent to, in order, then those that only decided or changed, such
// as the sender. The replay must keep the step's decisions (see ReplayExplaining).
func (s *Step) Concerned() []raft.NodeID {
	var ids []raft.NodeID
	var seen raft.NodeSet
	add := func(id raft.NodeID) {
		if !seen.Has(id) {
			seen = seen.With(id)
			ids = append(ids, id)
		}
	}
	for i := range s.Deliveries {
		add(s.Deliveries[i].To)
	}
	for _, d := range s.Decisions {
		add(d.Node)
	}
	for id := range s.Changed.All() {
		add(id)
	}
	return ids
}
