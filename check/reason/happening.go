package reason

import (
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
			return name + " starts again as a follower, with what its disk has of currentTerm, votedFor and log[]; its commitIndex and lastApplied begin anew"
		}
	case *trace.StepDown:
		if slices.Contains(e.Nodes, id) && s.ActOf(replay.StepsDown, id) != nil {
			return name + " becomes a follower by itself: it keeps its term, its vote and its log, and knows no leader"
		}
	case *trace.Voters:
		if e.At.Or(raft.AllNodes(t.Size())).Has(id) {
			return name + " counts by another set of voters from now on"
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
