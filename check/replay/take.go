package replay

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file has a node take what a trace says of its state.

// take has a node take what is told of its state. What a new term or role brings
// with it (Figure 2, "State") comes with it here too, unless it is told otherwise.
func take(n *raft.Node, st *trace.NodeState) {
	if st.Term.Given() && st.Term.Value != n.CurrentTerm {
		n.CurrentTerm, n.VotedFor = st.Term.Value, raft.NoNode
		becomes(n, raft.Follower)
	}
	if st.VotedFor.Given() {
		n.VotedFor = st.VotedFor.Value
	}
	if log, ok := toldLog(n.Log, st); ok {
		n.Log = log
	}
	if st.Role.Given() && st.Role.Value != n.Role {
		becomes(n, st.Role.Value)
	}
	if st.Leader.Given() {
		n.Leader = st.Leader.Value
	}
	if n.Role == raft.Leader {
		takeLines(&n.NextIndex, st.NextIndex)
		takeLines(&n.MatchIndex, st.MatchIndex)
	}
	if st.CommitIndex.Given() && st.CommitIndex.Value != n.CommitIndex {
		n.CommitIndex = st.CommitIndex.Value
		n.LastApplied = n.CommitIndex
	}
	if st.LastApplied.Given() {
		n.LastApplied = st.LastApplied.Value
	}
}

// becomes gives a node another role, with what goes with it.
func becomes(n *raft.Node, role raft.Role) {
	n.Role, n.Votes, n.Extra, n.NextIndex, n.MatchIndex = role, 0, raft.Extra{}, nil, nil
	if n.Leader == n.ID || n.Role == raft.Candidate {
		n.Leader = raft.NoNode
	}
	switch role {
	case raft.Candidate:
		n.Votes = raft.SetOf(n.ID)
	case raft.Leader:
		startLeader(n, &trace.NodeState{})
	}
}

// takeLines takes a leader's indexes, of the nodes of which they are told.
func takeLines(indexes *[]raft.Index, told trace.Opt[[]trace.NodeIndex]) {
	own := append([]raft.Index(nil), *indexes...)
	for _, line := range told.Value {
		if line.Index.Given() {
			own[line.Node-1] = line.Index.Value
		}
	}
	*indexes = own
}

// toldLog is a node's log as it is told; ok is false where what is told is the log
// that the node has, or leaves a gap after it.
func toldLog(own raft.Log, st *trace.NodeState) (log raft.Log, ok bool) {
	base, last := own.Snapshot().Index, own.LastIndex()
	if !st.Log.Given() {
		if end := st.LastLogIndex; end.Given() && end.Value >= base && end.Value < last {
			return own.Truncate(end.Value), true
		}
		return own, false
	}
	from := st.LogFrom
	if from == 0 {
		from = max(base, st.Snapshot.Value.LastIncludedIndex.Value) + 1
	}
	if from > last+1 {
		return own, false
	}
	at, told := from, st.Log.Value
	for len(told) > 0 && (at <= base || at <= last && told[0].Matches(own.Entry(at))) {
		at, told = at+1, told[1:]
	}
	if at = max(at, base+1); len(told) == 0 && at == last+1 {
		return own, false
	}
	return own.Truncate(at - 1).Append(trace.Entries(told)...), true
}

// startLeader gives a leader the indexes that it begins with: as they are told, and
// otherwise fresh (Figure 2, "Reinitialized after election").
func startLeader(n *raft.Node, st *trace.NodeState) {
	n.Leader = n.ID
	n.NextIndex = make([]raft.Index, n.Size)
	n.MatchIndex = make([]raft.Index, n.Size)
	for i := range n.NextIndex {
		n.NextIndex[i] = n.Log.LastIndex() + 1
	}
	for _, m := range st.MatchIndex.Value {
		n.MatchIndex[m.Node-1] = m.Index.Value
	}
	for _, x := range st.NextIndex.Value {
		n.NextIndex[x.Node-1] = x.Index.Or(n.Log.LastIndex() + 1)
	}
}
