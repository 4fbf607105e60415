package render

import (
	"raftsheet/check/replay"
	"raftsheet/raft"
)

// This file sorts what a step decided and changed, for the views and reports that
// show a replay step by step.

// Decided gives the decisions of a step: those that go with each of its deliveries,
// of the receiver and then of the sender on the answer, and the others.
func Decided(run *replay.Run, step *replay.Step) (by [][]replay.Outcome, others []replay.Outcome) {
	by = make([][]replay.Outcome, len(step.Deliveries))
	at := make(map[raft.NodeID]int, len(step.Deliveries))
	for i := range step.Deliveries {
		at[step.Deliveries[i].To] = i
	}
	for _, o := range run.Decisions(step.Trace.Number) {
		to := o.Node
		if o.Part == replay.Answered {
			to = o.From
		}
		if i, is := at[to]; is && o.Part != replay.Before {
			by[i] = append(by[i], o)
		} else {
			others = append(others, o)
		}
	}
	return by, others
}

// ChangedLog gives the entries with which two logs part, past what a snapshot
// covers: from which index on, those that went and those that came. Both are empty
// where the logs do not part. What they share is skipped without a look at it.
func ChangedLog(was, now raft.Log) (from raft.Index, went, came []raft.Entry) {
	same := max(was.Shared(now), was.Snapshot().Index, now.Snapshot().Index)
	went, came = was.After(same).Slice(), now.After(same).Slice()
	for len(went) > 0 && len(came) > 0 && went[0] == came[0] {
		went, came, same = went[1:], came[1:], same+1
	}
	return same + 1, went, came
}
