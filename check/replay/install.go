package replay

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file plays InstallSnapshot (Figure 13), whole in one message. A snapshot
// could have been sent where an AppendEntries of its leader could that comes right
// after the last entry which the snapshot covers, and says that it is committed.

func (c *Cluster) installSnapshot(e *trace.InstallSnapshot) *Halt {
	m := &raft.InstallSnapshot{LeaderID: e.LeaderID}
	if c.unread.Has(e.LeaderID) && !e.Complete() {
		c.cannotFill(e.LeaderID)
		return nil
	}
	if halt := c.fillInstall(e, m); halt != nil {
		return halt
	}
	c.claims.goesOn(c, m.LeaderID, m.Term, true)
	c.couldAppend(snapshotDraft(m))
	c.tookSnapshot(m)
	return c.exchange(Request{Install: m})
}

// fillInstall fills in what is left out of an InstallSnapshot from its leader's
// own snapshot.
func (c *Cluster) fillInstall(e *trace.InstallSnapshot, m *raft.InstallSnapshot) *Halt {
	n := c.Node(e.LeaderID)
	if n == nil {
		m.Term, m.LastIncludedIndex, m.LastIncludedTerm = e.Term.Value, e.LastIncludedIndex.Value, e.LastIncludedTerm.Value
		return nil
	}
	own := n.Log.Snapshot()
	m.Term = e.Term.Or(n.CurrentTerm)
	m.LastIncludedIndex = e.LastIncludedIndex.Or(own.Index)
	m.LastIncludedTerm = e.LastIncludedTerm.Or(n.Log.Term(m.LastIncludedIndex))
	switch {
	case m.LastIncludedIndex == 0 && !e.LastIncludedIndex.Given():
		return c.halt(Fact{What: NoSnapshot, Pos: e.LastIncludedIndex.Pos, Node: n.ID})
	case m.LastIncludedIndex > 0 && m.LastIncludedTerm == 0 && !e.LastIncludedTerm.Given():
		return c.halt(Fact{What: SnapshotTermUnknown, Pos: e.LastIncludedIndex.Pos, Node: n.ID, Last: n.Log.Last(), At: raft.Mark{Index: m.LastIncludedIndex}})
	}
	return nil
}

// snapshotDraft is a snapshot as the AppendEntries that asks for the same of its
// leader.
func snapshotDraft(m *raft.InstallSnapshot) *draft {
	return &draft{snapshot: true, e: &trace.AppendEntries{LeaderID: m.LeaderID}, m: raft.AppendEntries{Term: m.Term, LeaderID: m.LeaderID,
		PrevLogIndex: m.LastIncludedIndex, PrevLogTerm: m.LastIncludedTerm, LeaderCommit: m.LastIncludedIndex}}
}

// tookSnapshot notes that a leader took the snapshot which it sends now. Its log
// stays as the page shows it.
func (c *Cluster) tookSnapshot(m *raft.InstallSnapshot) {
	n := c.Node(m.LeaderID)
	if n != nil && c.cur.Possible.Now() && m.LastIncludedIndex > n.Log.Snapshot().Index {
		c.implied(Fact{What: TookSnapshot, Node: n.ID, At: raft.Mark{Index: m.LastIncludedIndex, Term: m.LastIncludedTerm}})
	}
}
