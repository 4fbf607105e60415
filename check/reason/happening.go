package reason

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// Happening says what a step does to a node, where no rule decides it: the node
// goes down, comes up, is cut off or is not, or sends. It is empty where the step
// does nothing to the node.
func Happening(run *replay.Run, s *replay.Step, id raft.NodeID) string {
	t := run.Trace
	name := "node " + t.Name(id)
	switch e := s.Trace.Event.(type) {
	case *trace.Crash:
		if slices.Contains(e.Nodes, id) {
			return name + " goes down: it handles nothing until it restarts; its currentTerm, votedFor and log[] stay on its disk"
		}
	case *trace.Restart:
		if slices.Contains(e.Nodes, id) {
			return name + " starts again as a follower, " + restarts(run, s, e, id)
		}
	case *trace.StepDown:
		if slices.Contains(e.Nodes, id) && s.ActOf(replay.StepsDown, id) != nil {
			return name + " becomes a follower by itself: it keeps its term, its vote and its log, and no longer knows a leader"
		}
	case *trace.Voters:
		if e.At.Or(raft.AllNodes(t.Size())).Has(id) {
			return name + " " + counts(t, e.Are)
		}
	case *trace.Partition:
		return name + " " + reaches(t, e.Groups, id)
	case *trace.Heal:
		return name + " reaches every node again"
	}
	if sender, is := s.Trace.Sender(); is && sender == id {
		return name + " sends the request; no answer changes anything for it"
	}
	return ""
}

// restarts says what a node that restarts begins with.
func restarts(run *replay.Run, s *replay.Step, e *trace.Restart, id raft.NodeID) string {
	says := "with what its disk has of currentTerm, votedFor and log[]"
	for i := range e.Disks {
		if gave := GivenBack(run.Trace, &e.Disks[i]); e.Disks[i].Node == id && gave != "" {
			says = "with what its disk gave back: " + gave
		}
	}
	if run.Untold(id, s.Trace.Number) {
		return says
	}
	if last := run.State(id, s.Trace.Number).Log.Snapshot().Index; last > 0 {
		return says + fmt.Sprintf("; its commitIndex and lastApplied begin where its snapshot ends, at index %d", last)
	}
	return says + "; its commitIndex and lastApplied begin anew"
}

// GivenBack lists what is written of a node's disk, as the format writes it; empty
// for nothing, which is all that was there.
func GivenBack(t *trace.Trace, st *trace.NodeState) string {
	var parts []string
	if st.Term.Given() {
		parts = append(parts, fmt.Sprintf("term %d", st.Term.Value))
	}
	if st.VotedFor.Given() {
		parts = append(parts, "votedFor "+t.Name(st.VotedFor.Value))
	}
	if st.Log.Given() {
		parts = append(parts, "log "+trace.FlowLog(trace.Entries(st.Log.Value)))
	}
	return strings.Join(parts, ", ")
}

// counts says whose votes and copies count from now on.
func counts(t *trace.Trace, are []raft.NodeSet) string {
	if len(are) == 1 {
		return fmt.Sprintf("counts the votes and copies of %s alone from now on: %d of them are a majority", members(t, are[0]), are[0].Len()/2+1)
	}
	return fmt.Sprintf("counts by two lists of voters from now on, and needs a majority of each: %d of %s, and %d of %s",
		are[0].Len()/2+1, members(t, are[0]), are[1].Len()/2+1, members(t, are[1]))
}

func members(t *trace.Trace, set raft.NodeSet) string {
	var names []string
	for id := range set.All() {
		names = append(names, t.Name(id))
	}
	return "{" + strings.Join(names, ", ") + "}"
}

// reaches says whom a node reaches in a partition.
func reaches(t *trace.Trace, groups []raft.NodeSet, id raft.NodeID) string {
	for _, g := range groups {
		if !g.Has(id) || g.Without(id) == 0 {
			continue
		}
		var names []string
		for other := range g.Without(id).All() {
			names = append(names, t.Name(other))
		}
		return "reaches " + strings.Join(names, ", ") + " alone"
	}
	return "is alone: it reaches no other node"
}
