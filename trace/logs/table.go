package logs

import (
	"fmt"
	"maps"
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/logs/event"
)

// This file reads what a node tells of itself.

// roles are the roles by their names.
var roles = map[string]raft.Role{event.Follower: raft.Follower, event.Candidate: raft.Candidate, event.Leader: raft.Leader}

// table gives a state as the table of a trace.
func (c *cluster) table(id raft.NodeID, l *event.Line) (trace.NodeState, error) {
	st := trace.NodeState{Node: id}
	f := filler{c: c}
	st.Term = opt[raft.Term](&f, "term", l.Term)
	st.CommitIndex = opt[raft.Index](&f, "commitIndex", l.CommitIndex)
	st.LastApplied = opt[raft.Index](&f, "lastApplied", l.LastApplied)
	st.LastLogIndex = opt[raft.Index](&f, "lastLogIndex", l.LastLogIndex)
	st.LastLogTerm = opt[raft.Term](&f, "lastLogTerm", l.LastLogTerm)
	st.VotedFor, st.Leader = f.vote("votedFor", l.VotedFor), f.vote("leader", l.Leader)
	if role, ok := roles[l.Role]; ok {
		st.Role = trace.OptOf(role)
	} else if l.Role != "" {
		f.fail(fmt.Errorf("there is no role %.40q", l.Role))
	}
	st.NextIndex, st.MatchIndex = f.indexes("nextIndex", id, l.NextIndex), f.indexes("matchIndex", id, l.MatchIndex)
	if s := l.Snapshot; s != nil {
		st.Snapshot = trace.OptOf(trace.Snapshot{LastIncludedIndex: opt[raft.Index](&f, "lastIncludedIndex", &s.LastIncludedIndex),
			LastIncludedTerm: opt[raft.Term](&f, "lastIncludedTerm", &s.LastIncludedTerm)})
	}
	if l.Log != nil {
		es, err := entriesOf(l.Log.Entries)
		f.fail(err)
		if l.Log.From > raft.MaxNumber {
			f.fail(tooLarge("a log's from"))
		}
		st.Log, st.LogFrom = trace.OptOf(trace.LogEntries(es)), raft.Index(l.Log.From)
	}
	return st, f.err
}

// A filler fills in a table, up to the first error.
type filler struct {
	c   *cluster
	err error
}

func (f *filler) fail(err error) { f.err = firstOf(f.err, err) }

// opt is a number that may be told.
func opt[N raft.Term | raft.Index](f *filler, key string, v *uint64) (o trace.Opt[N]) {
	switch {
	case v == nil:
		return o
	case *v > raft.MaxNumber:
		f.fail(tooLarge(key))
	}
	return trace.OptOf(N(*v))
}

// vote is a node's name, or none, that may be told.
func (f *filler) vote(key string, v *event.Vote) (o trace.Opt[raft.NodeID]) {
	switch {
	case v == nil:
		return o
	case *v == event.NoVote:
		return trace.OptOf(raft.NoNode)
	}
	id, err := f.c.node(key, string(*v))
	f.fail(err)
	return trace.OptOf(id)
}

// indexes is a leader's nextIndex or matchIndex, which it has none of for itself.
func (f *filler) indexes(key string, leader raft.NodeID, of map[string]uint64) (o trace.Opt[[]trace.NodeIndex]) {
	if of == nil {
		return o
	}
	o = trace.OptOf([]trace.NodeIndex(nil))
	for _, name := range slices.Sorted(maps.Keys(of)) {
		id, err := f.c.node(key, name)
		f.fail(err)
		if v := of[name]; id != leader {
			o.Value = append(o.Value, trace.NodeIndex{Node: id, Index: opt[raft.Index](f, key, &v)})
		}
	}
	slices.SortFunc(o.Value, func(a, b trace.NodeIndex) int { return int(a.Node) - int(b.Node) })
	return o
}
