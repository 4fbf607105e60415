package raft

// This file is Figure 13, InstallSnapshot. A snapshot arrives whole in one
// message, so that the figure's lines about chunks (2 to 4) decide nothing, and
// line 5, saving it, is done by what IS6 and IS7 make of the log.

// HandleInstallSnapshot answers the InstallSnapshot RPC (Figure 13, "Receiver
// implementation"). The decision is IS1's, which settles the answer.
//
// The request comes from a leader as AppendEntries does: a candidate of its term
// yields to it (C3), and a node that leads m.Term itself does not answer.
func (n *Node) HandleInstallSnapshot(m *InstallSnapshot) (resp InstallSnapshotResponse, why Decision, answered bool) {
	n.hear(Heard{Kind: InstallSnapshotRequest, Term: m.Term})
	why = *n.note(n.Rules.IS1(n, m))
	if why.Outcome != Passed {
		return InstallSnapshotResponse{n.Rules.ReplyTerm(n)}, why, why.Outcome == Refused
	}
	claim := Claim{m.Term, m.LeaderID}
	if n.Role == Leader && m.Term == n.CurrentTerm {
		return InstallSnapshotResponse{}, *n.note(n.secondLeader(claim)), false
	}
	if d := n.note(n.Rules.C3(n, claim)); d.Outcome == Refused {
		return InstallSnapshotResponse{n.Rules.ReplyTerm(n)}, *d, true
	}
	n.install(m)
	return InstallSnapshotResponse{n.Rules.ReplyTerm(n)}, why, true
}

// install takes the snapshot in place of what it covers.
func (n *Node) install(m *InstallSnapshot) {
	d := n.note(n.Rules.IS6(n, m))
	if d.Outcome == Ignored {
		return // the node's own snapshot covers more
	}
	if d.Outcome == Idle {
		n.note(n.Rules.IS7(n, m))
	}
	n.note(n.Rules.IS8(n, m))
}

// InstallSnapshot is the request that the node, a leader, sends in place of
// entries that its own snapshot covers. LastIncludedIndex is 0 where it has no
// snapshot, and so nothing to send.
func (n *Node) InstallSnapshot() InstallSnapshot { return n.Rules.SendInstallSnapshot(n) }

// NeedsSnapshot reports whether the next entry that the node, a leader, would
// send to that server is one that its snapshot covers: it can only send the
// snapshot (§7, "when the leader has already discarded the next log entry that it
// needs to send to a follower").
func (n *Node) NeedsSnapshot(to NodeID) bool {
	return max(n.NextIndex[to-1], 1) <= n.Log.Snapshot().Index
}

// IS1: "Reply immediately if term < currentTerm" (§7).
func refuseStaleSnapshot(n *Node, m *InstallSnapshot) *Decision {
	return n.refuseStale(IS1, m.Term)
}

// IS6: "If existing log entry has same index and term as snapshot's last included
// entry, retain log entries following it and reply" (§7). It is Idle where there
// is no such entry, and Ignored where the node's own snapshot covers more than
// this one. Msg is the snapshot's last included entry, Own what the node has
// there, or its log's end where that comes earlier; From and To are the first and
// the last entry that stay, 0 if none does.
func retainFollowing(n *Node, m *InstallSnapshot) *Decision {
	d := n.Decide(IS6, Idle)
	d.Msg, d.Base = m.LastIncluded(), n.Log.Snapshot().Index
	d.Own = n.Log.Mark(min(m.LastIncludedIndex, n.Log.LastIndex()))
	switch {
	case m.LastIncludedIndex < d.Base, m.LastIncludedIndex == 0:
		// An old snapshot, late or twice; index 0 covers nothing.
		d.Own, d.Outcome = n.Log.Snapshot(), Ignored
	case d.Own == d.Msg:
		n.Log = n.Log.compact(m.LastIncludedIndex)
		if last := n.Log.LastIndex(); last > m.LastIncludedIndex {
			d.From, d.To = m.LastIncludedIndex+1, last
		}
		d.Outcome = Acted
	}
	return d
}

// IS7: "Discard the entire log" (§7). The snapshot takes its place, the node's
// own earlier one included. From and To are the first and the last entry that
// went, 0 if none did.
func discardLog(n *Node, m *InstallSnapshot) *Decision {
	d := n.Decide(IS7, Acted)
	d.Msg, d.Base = m.LastIncluded(), n.Log.Snapshot().Index
	if last := n.Log.LastIndex(); last > d.Base {
		d.From, d.To = d.Base+1, last
	}
	n.Log = NewLogAfter(m.LastIncluded())
	return d
}

// IS8: "Reset state machine using snapshot contents" (§7). What a snapshot covers
// is committed and applied: commitIndex and lastApplied rise to
// lastIncludedIndex, and never fall. From and To are commitIndex before and
// after.
func resetStateMachine(n *Node, m *InstallSnapshot) *Decision {
	d := n.Decide(IS8, Idle)
	d.Msg = m.LastIncluded()
	d.From = n.CommitIndex
	if last := m.LastIncludedIndex; last > n.CommitIndex || last > n.LastApplied {
		n.CommitIndex = max(n.CommitIndex, last)
		n.LastApplied = max(n.LastApplied, last)
		d.Outcome = Acted
	}
	d.To = n.CommitIndex
	return d
}

func sendInstallSnapshot(n *Node) InstallSnapshot {
	last := n.Log.Snapshot()
	return InstallSnapshot{Term: n.CurrentTerm, LeaderID: n.ID,
		LastIncludedIndex: last.Index, LastIncludedTerm: last.Term}
}
