package replay

import "raftsheet/raft"

// This file says who counts, where not everybody does (§6).

// A counting is a configuration that some nodes were given in a step.
type counting struct {
	step   int
	at     raft.NodeSet
	config raft.Configuration
}

// Configuration is what a node counts by after a step: the one that it was last
// given, the trace's voters, or every node.
func (r *Run) Configuration(id raft.NodeID, step int) raft.Configuration {
	for i := len(r.counted) - 1; i >= 0; i-- {
		if c := &r.counted[i]; c.step <= step && c.at.Has(id) {
			return c.config
		}
	}
	if v := r.Trace.Voters; len(v) > 0 {
		return configuration(v)
	}
	return raft.Configuration{Voters: raft.AllNodes(r.Trace.Size())}
}

// configuration is that of one list of voters, or of two.
func configuration(lists []raft.NodeSet) raft.Configuration {
	c := raft.Configuration{Voters: lists[0]}
	if len(lists) > 1 {
		c.Joint = lists[1]
	}
	return c
}

// byFigure2 is a majority whatever the rules in force make of one.
func byFigure2(voters raft.NodeSet) int { return voters.Len()/2 + 1 }
