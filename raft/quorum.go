package raft

import "slices"

// A Configuration says who counts: the servers whose votes elect a leader and
// whose copies commit an entry (§6). All others are learners. A learner receives,
// stores and answers like any server, but neither its vote nor its copy counts,
// not even its own.
//
// Which log entry carries a configuration is not modelled: [Node.Configure]
// gives a server the one that it uses from then on.
type Configuration struct {
	Voters NodeSet // the voters, or those of the old configuration, C_old
	Joint  NodeSet // those of the new one, C_new, in joint consensus; empty otherwise
}

// Tally counts the servers of a set that are voters, and says how many voters
// are a majority. In joint consensus "agreement ... requires separate majorities
// from both the old and new configurations" (§6): count and need are then those
// of the list that is further from its majority.
func (c Configuration) Tally(in NodeSet, majority func(voters NodeSet) int) (count, need int) {
	count, need = (in & c.Voters).Len(), majority(c.Voters)
	if c.Joint == 0 {
		return count, need
	}
	if n, m := (in & c.Joint).Len(), majority(c.Joint); n-m < count-need {
		return n, m
	}
	return count, need
}

// only reports whether id is the one voter, and so a majority by itself.
func (c Configuration) only(id NodeID) bool {
	return c.Voters == SetOf(id) && (c.Joint == 0 || c.Joint == SetOf(id))
}

// majority: more than half of the voters (§5.2).
func majority(voters NodeSet) int { return voters.Len()/2 + 1 }

// votes counts the votes that a candidate has, against what it needs to win.
func (n *Node) votes() (count, need int) {
	return n.Configuration.Tally(n.Votes, n.Rules.Majority)
}

// replicatedOnMajority gives the highest index that a majority of the voters
// holds, of each list where there are two, and how many voters that majority is.
func (n *Node) replicatedOnMajority() (index Index, need int) {
	c := n.Configuration
	need = n.Rules.Majority(c.Voters)
	index = n.Rules.Replicated(n, c.Voters, need)
	if c.Joint == 0 {
		return index, need
	}
	joint := n.Rules.Majority(c.Joint)
	if i := n.Rules.Replicated(n, c.Joint, joint); i < index {
		return i, joint
	}
	return index, need
}

// replicated gives the highest index that so many of the voters hold, as far as
// the leader knows: its own copy is its log.
func replicated(n *Node, voters NodeSet, need int) Index {
	return n.replicated(voters, need, n.Log.LastIndex())
}

// replicated counts own as the leader's own copy, where the leader is a voter. A
// set that is smaller than need holds nothing.
func (n *Node) replicated(voters NodeSet, need int, own Index) Index {
	var room [MaxNodes]Index
	held := room[:0]
	for id := range voters.All() {
		if n.ID == id {
			held = append(held, own)
		} else {
			held = append(held, n.MatchIndex[id-1])
		}
	}
	if need > len(held) {
		return 0
	}
	slices.Sort(held)
	return min(held[len(held)-need], n.Log.LastIndex())
}
