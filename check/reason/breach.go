package reason

import (
	"fmt"
	"slices"

	"raftsheet/raft"
	"raftsheet/raft/explore"
)

// Progress says what has come of the states of a cluster: who leads now, and what
// is committed.
func Progress(before, after []raft.State) (said []string) {
	for i := range after {
		a, b, node := &before[i], &after[i], i+1
		if b.Role == raft.Leader && (a.Role != raft.Leader || a.CurrentTerm != b.CurrentTerm) {
			said = append(said, fmt.Sprintf("node %d leads term %d", node, b.CurrentTerm))
		}
		if committed(a) < committed(b) {
			said = append(said, fmt.Sprintf("node %d commits up to index %d", node, committed(b)))
		}
	}
	return said
}

// committed is the last entry that a node holds to be committed. Some deviations
// apply entries without moving commitIndex, or move it past the end of the log.
func committed(s *raft.State) raft.Index {
	return min(max(s.CommitIndex, s.LastApplied), s.Log.LastIndex())
}

// Breach says how a property broke in a cluster that was explored.
func Breach(b *explore.Breach) string {
	mine, theirs := entryOr(b.Mine), entryOr(b.Theirs)
	how := ""
	switch b.Property {
	case explore.ElectionSafety:
		nodes := []raft.NodeID{b.Node, b.Other}
		slices.Sort(nodes)
		how = fmt.Sprintf("nodes %d and %d both lead term %d", nodes[0], nodes[1], b.Term)
	case explore.LeaderAppendOnly:
		how = fmt.Sprintf("node %d leads term %d, and where it had %s at index %d it has %s", b.Node, b.Term, theirs, b.Index, mine)
	case explore.LogMatching:
		how = fmt.Sprintf("at index %d nodes %d and %d both have an entry of term %d; at index %d they have %s and %s",
			b.Index, b.Node, b.Other, b.Term, b.First, mine, theirs)
		if b.Node == b.Other {
			how = fmt.Sprintf("at index %d node %d has an entry of term %d as before; at index %d it had %s and has %s",
				b.Index, b.Node, b.Term, b.First, theirs, mine)
		}
	case explore.LeaderCompleteness:
		how = fmt.Sprintf("node %d leads term %d with %s at index %d, where %s was committed in term %d", b.Node, b.Term, mine, b.Index, theirs, b.Since)
	case explore.StateMachineSafety:
		how = fmt.Sprintf("node %d commits %s at index %d, where %s was committed before", b.Node, mine, b.Index, theirs)
		if b.Node == b.Other {
			how = fmt.Sprintf("node %d had committed %s at index %d, and now has %s there", b.Node, theirs, b.Index, mine)
		}
	}
	return fmt.Sprintf("%s breaks: %s", b.Property, how)
}

func entryOr(e raft.Entry) string {
	if e == (raft.Entry{}) {
		return "no entry"
	}
	return e.String()
}
