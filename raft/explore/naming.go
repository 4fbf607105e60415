package explore

import "raftsheet/raft"

// An order says which server stands at each place: order[0] is the server that
// is numbered 1.
type order [maxNodes]uint8

// A naming says what a server is called in a behaviour. In a search a state's
// servers are numbered anew; the behaviour keeps to the numbers of its
// beginning.
type naming [maxNodes + 1]raft.NodeID // by NodeID; NoNode is itself

func newNaming() (n naming) {
	for i := range n {
		n[i] = raft.NodeID(i)
	}
	return n
}

// reordered gives the naming after the servers were put in another order.
func (n *naming) reordered(o order, nodes int) (next naming) {
	for p := range nodes {
		next[p+1] = n[o[p]+1]
	}
	return next
}

func (n *naming) set(ids raft.NodeSet) (named raft.NodeSet) {
	for id := range ids.All() {
		named = named.With(n[id])
	}
	return named
}

// state gives a state with every server in it called by its name.
func (n *naming) state(st raft.State) raft.State {
	st.VotedFor, st.Leader = n[st.VotedFor], n[st.Leader]
	st.Votes, st.Extra.Answered = n.set(st.Votes), n.set(st.Extra.Answered)
	st.NextIndex, st.MatchIndex = n.indexes(st.NextIndex), n.indexes(st.MatchIndex)
	return st
}

// indexes puts what is told of each server in its name's place.
func (n *naming) indexes(of []raft.Index) []raft.Index {
	if of == nil {
		return nil
	}
	named := make([]raft.Index, len(of))
	for i, index := range of {
		named[n[i+1]-1] = index
	}
	return named
}
