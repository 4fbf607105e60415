package grade

import (
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
)

// This file gives a sheet the key's numbers for its nodes, by name.

// renamed gives the sheet with the key's numbers for its nodes, by name. What is
// said of a node that the key does not have is left out.
func renamed(t, k *trace.Trace) *trace.Trace {
	to := make([]raft.NodeID, len(t.Names)+1) // by NodeID; NoNode stays
	for i, name := range t.Names {
		to[i+1], _ = k.Node(name)
	}
	known := func(id raft.NodeID) bool { return id != raft.NoNode && to[id] != raft.NoNode }
	out := *t
	out.Steps = slices.Clone(t.Steps)
	for i := range out.Steps {
		st := &out.Steps[i]
		if st.Response != nil {
			row := *st.Response
			row.Cells = nil
			for _, c := range st.Response.Cells {
				if known(c.Node) {
					c.Node = to[c.Node]
					row.Cells = append(row.Cells, c)
				}
			}
			st.Response = &row
		}
		st.State = renamedTables(st.State, to, known)
		st.Event = renamedEvent(st.Event, to)
		st.To.Value, st.Lost, st.ResponseLost = renamedSet(st.To.Value, to), renamedSet(st.Lost, to), renamedSet(st.ResponseLost, to)
	}
	return &out
}

// renamedSet gives a set of nodes with the key's numbers.
func renamedSet(set raft.NodeSet, to []raft.NodeID) raft.NodeSet {
	var out raft.NodeSet
	for id := range set.All() {
		if to[id] != raft.NoNode {
			out = out.With(to[id])
		}
	}
	return out
}

// renamedEvent gives an event with the key's numbers for its nodes.
func renamedEvent(e trace.Event, to []raft.NodeID) trace.Event {
	switch e := e.(type) {
	case *trace.RequestVote:
		c := *e
		c.CandidateID = to[e.CandidateID]
		return &c
	case *trace.AppendEntries:
		c := *e
		c.LeaderID = to[e.LeaderID]
		return &c
	case *trace.InstallSnapshot:
		c := *e
		c.LeaderID = to[e.LeaderID]
		return &c
	case *trace.VoteResponse:
		c := *e
		c.From, c.To = to[e.From], to[e.To]
		return &c
	case *trace.AppendResponse:
		c := *e
		c.From, c.To = to[e.From], to[e.To]
		return &c
	case *trace.ClientRequest:
		c := *e
		c.Node = to[e.Node]
		return &c
	}
	return renamedOfSeveral(e, to)
}

// renamedOfSeveral is renamedEvent for events that name several nodes alike.
func renamedOfSeveral(e trace.Event, to []raft.NodeID) trace.Event {
	all := func(ids []raft.NodeID) []raft.NodeID {
		out := make([]raft.NodeID, len(ids))
		for i, id := range ids {
			out[i] = to[id]
		}
		return out
	}
	sets := func(sets []raft.NodeSet) []raft.NodeSet {
		out := make([]raft.NodeSet, len(sets))
		for i, s := range sets {
			out[i] = renamedSet(s, to)
		}
		return out
	}
	switch e := e.(type) {
	case *trace.Timeout:
		return &trace.Timeout{Nodes: all(e.Nodes)}
	case *trace.Crash:
		return &trace.Crash{Nodes: all(e.Nodes)}
	case *trace.StepDown:
		return &trace.StepDown{Nodes: all(e.Nodes)}
	case *trace.Restart:
		c := trace.Restart{Nodes: all(e.Nodes), Disks: slices.Clone(e.Disks)}
		for i := range c.Disks {
			c.Disks[i].Node = to[c.Disks[i].Node]
		}
		return &c
	case *trace.Voters:
		c := *e
		c.At.Value, c.Are = renamedSet(e.At.Value, to), sets(e.Are)
		return &c
	case *trace.Partition:
		return &trace.Partition{Groups: sets(e.Groups)}
	}
	return e
}

func renamedTables(tables []trace.NodeState, to []raft.NodeID, known func(raft.NodeID) bool) []trace.NodeState {
	var out []trace.NodeState
	for _, st := range tables {
		if !known(st.Node) {
			continue
		}
		st.Node = to[st.Node]
		st.VotedFor = renamedVote(st.VotedFor, to, known)
		st.Leader = renamedVote(st.Leader, to, known)
		for _, lines := range []*trace.Opt[[]trace.NodeIndex]{&st.NextIndex, &st.MatchIndex} {
			var kept []trace.NodeIndex
			for _, x := range lines.Value {
				if known(x.Node) {
					x.Node = to[x.Node]
					kept = append(kept, x)
				}
			}
			lines.Value = kept
		}
		st.Terms.Value = slices.Clone(st.Terms.Value)
		for i := range st.Terms.Value {
			v := &st.Terms.Value[i].VotedFor
			*v = renamedVote(*v, to, known)
		}
		out = append(out, st)
	}
	return out
}

// renamedVote is a vote with the key's number for its node. One for a node that
// the key does not have is no answer.
func renamedVote(v trace.Opt[raft.NodeID], to []raft.NodeID, known func(raft.NodeID) bool) trace.Opt[raft.NodeID] {
	if v.Value != raft.NoNode && !known(v.Value) {
		return trace.Opt[raft.NodeID]{Pos: v.Pos, Presence: trace.Blank}
	}
	v.Value = to[v.Value]
	return v
}
