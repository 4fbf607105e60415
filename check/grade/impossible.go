package grade

import (
	"fmt"

	"raftsheet/raft"
)

// This file says which state of a node is one that none can have.

// figures says which parts of a node's state are as the sheet, or a message, has them:
// those may be told to a student. The others may be right answers.
type figures struct{ term, log, commit bool }

// checkState stops the following of a node whose state none can have, unless
// the messages have really brought it there.
func (f *carrier) checkState(n *raft.Node, own figures) {
	last, truth, covered := n.Log.Last(), f.truth.State(n.ID, f.at), n.Log.Snapshot().Index
	switch {
	case n.CurrentTerm == truth.CurrentTerm && n.CommitIndex == truth.CommitIndex && n.Log.Snapshot() == truth.Log.Snapshot() &&
		last == truth.Log.Last() && n.Log.StartsWith(truth.Log):
	case n.CurrentTerm < f.prior[n.ID-1]:
		f.stop(n, fmt.Sprintf("its term would fall from %d to %d", f.prior[n.ID-1], n.CurrentTerm),
			"its term would fall"+figure(own.term, " to %d", n.CurrentTerm))
	case !n.Log.Ordered():
		why := "the terms of its log would fall"
		f.stop(n, why+fallOf(n.Log), why+figure(own.log, "%s", fallOf(n.Log)))
	case last.Term > n.CurrentTerm:
		f.stop(n, fmt.Sprintf("its log would have an entry of term %d, above its own term %d", last.Term, n.CurrentTerm),
			"its log would have an entry"+figure(own.log, " of term %d", last.Term)+", above its own term"+figure(own.term, " %d", n.CurrentTerm))
	case n.CommitIndex < covered:
		f.stop(n, fmt.Sprintf("its commitIndex %d would lie below index %d, up to which its snapshot covers the log", n.CommitIndex, covered),
			"its commitIndex"+figure(own.commit, " %d", n.CommitIndex)+" would lie below what its snapshot covers of the log")
	case n.CommitIndex > last.Index:
		f.stop(n, fmt.Sprintf("its commitIndex %d would be past the end of its log, index %d", n.CommitIndex, last.Index),
			"its commitIndex"+figure(own.commit, " %d", n.CommitIndex)+" would be past the end of its log"+figure(own.log, ", index %d", last.Index))
	}
}

// figure is a figure that may be told, or nothing.
func figure(may bool, format string, v any) string {
	if !may {
		return ""
	}
	return fmt.Sprintf(format, v)
}

// fallOf says where the terms of a log fall first.
func fallOf(l raft.Log) string {
	for i := l.Snapshot().Index + 2; i <= l.LastIndex(); i++ {
		if was, now := l.Term(i-1), l.Term(i); now < was {
			return fmt.Sprintf(" from %d at index %d to %d at index %d", was, i-1, now, i)
		}
	}
	return ""
}
