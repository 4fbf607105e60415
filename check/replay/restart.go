package replay

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file has what Figure 2 does not draw: restarts, also from a disk that lost
// something, and leaders that step down by themselves.

func (c *Cluster) restart(e *trace.Restart) *Halt {
	for _, id := range e.Nodes {
		n, disk := c.Node(id), diskOf(e, id)
		if n == nil {
			c.up = c.up.With(id)
			continue
		}
		if disk == nil {
			c.up = c.up.With(id)
			c.act(Act{Kind: Restarts, Node: id})
			continue
		}
		from := readable(n, disk)
		if f, bad := notThere(n, disk, from); bad {
			return c.halt(f)
		}
		was := n.State
		c.up = c.up.With(id)
		c.act(Act{Kind: Restarts, Node: id, Disk: &from})
		c.lost(was, n)
	}
	return nil
}

// diskOf is what is written of a node's disk, nil for nothing.
func diskOf(e *trace.Restart, id raft.NodeID) *trace.NodeState {
	for i := range e.Disks {
		if e.Disks[i].Node == id {
			return &e.Disks[i]
		}
	}
	return nil
}

// readable is what the disk of a node gives back.
func readable(n *raft.Node, st *trace.NodeState) raft.Disk {
	var d raft.Disk
	if st.Term.Given() {
		d.CurrentTerm = &st.Term.Value
	}
	if st.VotedFor.Given() {
		d.VotedFor = &st.VotedFor.Value
	}
	if st.Log.Given() {
		log := raft.NewLogAfter(n.Log.Snapshot(), trace.Entries(st.Log.Value)...)
		d.Log = &log
	}
	return d
}

// notThere finds what a disk cannot give back, since it never was on it.
func notThere(n *raft.Node, st *trace.NodeState, d raft.Disk) (f Fact, bad bool) {
	fails := func(d raft.Disk) bool {
		tried := *n
		tried.State = n.State.Clone()
		_, err := tried.RestartFrom(d)
		return err != nil
	}
	f = Fact{What: NotOnDisk, Node: n.ID, Rule: raft.NoRule}
	switch {
	case fails(raft.Disk{CurrentTerm: d.CurrentTerm}):
		f.Field, f.Pos, f.Says, f.Has = "term", st.Term.Pos, Number(st.Term.Value), Number(n.CurrentTerm)
	case fails(raft.Disk{Log: d.Log}):
		f.Field, f.Pos, f.Says, f.Has = "log", st.Log.Pos, Log{*d.Log}, Log{n.Log}
	case fails(d):
		f.Field, f.Pos, f.Says, f.Has = "votedFor", st.VotedFor.Pos, Node(st.VotedFor.Value), Node(n.VotedFor)
		f.Term = st.Term.Or(n.CurrentTerm)
	default:
		return f, false
	}
	return f, true
}

// lost notes each thing of which a restart brought back less than was there.
func (c *Cluster) lost(was raft.State, n *raft.Node) {
	f := Fact{Kind: Loses, What: LostOnRestart, Node: n.ID}
	if was.CurrentTerm != n.CurrentTerm {
		f.Field, f.Says, f.Has = "term", Number(n.CurrentTerm), Number(was.CurrentTerm)
		c.found(f)
	}
	if was.VotedFor != n.VotedFor {
		f.Field, f.Says, f.Has = "votedFor", Node(n.VotedFor), Node(was.VotedFor)
		c.found(f)
	}
	if was.Log != n.Log {
		f.Field, f.Says, f.Has = "log", Log{n.Log}, Log{was.Log}
		f.At, f.Last = was.Log.Mark(n.Log.LastIndex()+1), was.Log.Last()
		c.found(f)
	}
}

func (c *Cluster) stepDown(ids []raft.NodeID) {
	for _, id := range ids {
		if !c.able(id) {
			continue
		}
		if c.Node(id).Role == raft.Follower {
			c.refuse(Fact{What: FollowsAlready, Node: id})
			continue
		}
		c.act(Act{Kind: StepsDown, Node: id})
	}
}
