package raft

// This file records what a node decides, for whoever asks why its state is what
// it is. Nothing of Figure 2 is here.

// note records a decision, where decisions are recorded, and hands it on.
func (n *Node) note(d *Decision) *Decision {
	if n.Record != nil {
		n.record(d)
	}
	return d
}

// begin starts the record of what one event does to the node.
func (n *Node) begin() {
	if n.Record != nil {
		n.seen = n.State.Clone()
	}
}

// record keeps a decision together with the fields that it has set: those that
// changed since the decision before.
func (n *Node) record(d *Decision) {
	kept := *d
	kept.Set = n.seen.Changed(&n.State) | n.assigned(d)
	n.seen = n.State.Clone()
	*n.Record = append(*n.Record, kept)
}

// assigned is what a new term sets whether or not that changes it. By a higher term
// (A2) a follower becomes a follower too, and a free vote stays free. Whoever knew no
// leader knows none of the new term either, as its candidate (C1) or otherwise.
func (n *Node) assigned(d *Decision) Fields {
	if d.Outcome != Acted || n.CurrentTerm != d.Term {
		return 0
	}
	var fs Fields
	if d.Rule == A2 && n.VotedFor == NoNode && n.Role == Follower {
		fs = FieldTerm | FieldVotedFor | FieldRole
	}
	if (fs != 0 || d.Rule == C1) && n.Leader == NoNode {
		fs |= FieldLeader
	}
	return fs
}

// settle takes in what the latest decision has brought about once it was made: a
// vote granted, an election won. These changes belong to it and to no other.
func (n *Node) settle() {
	if n.Record == nil || len(*n.Record) == 0 {
		return
	}
	last := &(*n.Record)[len(*n.Record)-1]
	last.Set |= n.seen.Changed(&n.State)
	n.seen = n.State.Clone()
}
