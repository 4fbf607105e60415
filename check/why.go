package check

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/raft"
	"raftsheet/trace"
)

// why gives the rule by which a field of a node's state came to what it is, and
// the figures where this step decides them.
func (c *comparer) why(id raft.NodeID, field string, expected any) (raft.Rule, string) {
	field, _, _ = strings.Cut(field, "[")
	d := c.step.Delivery(id)
	if d != nil && d.Fate != Handled {
		d = nil
	}
	if !c.run.deviates() && field != "term" && field != "votedFor" && field != "log" && field != "terms" && c.restarted(id) {
		return raft.NoRule, "it restarted in this step, and all but currentTerm, votedFor and log is as at start-up"
	}
	switch field {
	case "commitIndex":
		return c.whyCommit(id, d, expected.(uint64))
	case "lastApplied":
		if c.run.deviates() {
			return raft.A1, c.sinceStep(id)
		}
		return raft.A1, "lastApplied follows commitIndex"
	case "log":
		return c.whyLog(id, d)
	case "term":
		if why, stood := c.whyStood(id); stood {
			return raft.C1, why
		}
		return raft.A2, c.sinceStep(id)
	case "votedFor":
		if why, stood := c.whyStood(id); stood {
			return raft.C1, why
		}
		return raft.RV2a, c.sinceStep(id)
	case "terms":
		return raft.RV2a, ""
	case "role":
		return c.whyRole(id)
	}
	return raft.L3, c.sinceStep(id)
}

// restarted reports whether the step restarts the node.
func (c *comparer) restarted(id raft.NodeID) bool {
	e, ok := c.step.Trace.Event.(*trace.Restart)
	return ok && slices.Contains(e.Nodes, id)
}

// whyStood says how a node came into a term in which it has voted for itself: by
// starting an election.
func (c *comparer) whyStood(id raft.NodeID) (why string, stood bool) {
	now := c.run.state(id, c.step.Trace.Number)
	if now.VotedFor != id {
		return "", false
	}
	if was := c.run.state(id, c.step.Trace.Number-1); was.CurrentTerm < now.CurrentTerm {
		return fmt.Sprintf("it starts an election: from term %d it goes to term %d, and votes for itself", was.CurrentTerm, now.CurrentTerm), true
	}
	return fmt.Sprintf("it has started the election of term %d, and voted for itself", now.CurrentTerm), true
}

// sinceStep tells the step that brought the node to its state, where it is not
// this one.
func (c *comparer) sinceStep(id raft.NodeID) string {
	switch step := c.run.Since(id, c.step.Trace.Number); step {
	case c.step.Trace.Number:
		return ""
	case 0:
		return "nothing has changed it since the start"
	default:
		return c.run.atStep(step) + " was the last to change its state"
	}
}

func (c *comparer) whyCommit(id raft.NodeID, d *Delivery, expected uint64) (raft.Rule, string) {
	now := c.run.State(id, c.step.Trace.Number)
	switch {
	case c.run.deviates() && now.Role == raft.Leader:
		return raft.L4, c.sinceStep(id)
	case c.run.deviates():
		return raft.AE5, c.sinceStep(id)
	case now.Role != raft.Leader:
	case raft.Index(expected) < now.CommitIndex:
		return raft.L4, fmt.Sprintf("the entries up to index %d are on a majority, the last of them of the leader's own term", now.CommitIndex)
	default:
		return raft.L4, c.whyLeaderCommit(id, &now)
	}
	if d == nil || d.Append == nil {
		return raft.AE5, c.sinceStep(id)
	}
	if !d.OK {
		return d.Decision.Rule, "it refuses the request, and what is refused moves no commitIndex"
	}
	m := d.Append
	was := c.run.State(id, c.step.Trace.Number-1).CommitIndex
	if m.LeaderCommit <= was {
		return raft.AE5, fmt.Sprintf("leaderCommit %d is not above it", m.LeaderCommit)
	}
	return raft.AE5, fmt.Sprintf("it is min(leaderCommit %d, last new entry %d), and never falls below the %d it was", m.LeaderCommit, m.LastNewIndex(), was)
}

// whyLeaderCommit says how far the first entry past a leader's commitIndex has
// come.
func (c *comparer) whyLeaderCommit(id raft.NodeID, now *raft.State) string {
	next := now.CommitIndex + 1
	if !now.Log.Has(next) {
		return "its log goes no further"
	}
	count := 1
	for i, m := range now.MatchIndex {
		if raft.NodeID(i+1) != id && m >= next {
			count++
		}
	}
	need := c.run.Rules.Majority(raft.AllNodes(c.t.Size()))
	if count >= need && now.Log.Term(next) != now.CurrentTerm {
		return fmt.Sprintf("entry %d is on %d of %d nodes, but its term %d is not the current %d, so that counting does not commit it", next, count, c.t.Size(), now.Log.Term(next), now.CurrentTerm)
	}
	return fmt.Sprintf("entry %d is known to be on %d of %d nodes, and %d are a majority", next, count, c.t.Size(), need)
}

func (c *comparer) whyLog(id raft.NodeID, d *Delivery) (raft.Rule, string) {
	switch {
	case d == nil || d.Append == nil:
		if c.run.State(id, c.step.Trace.Number).Role == raft.Leader {
			return raft.L2, ""
		}
		return raft.AE4, c.sinceStep(id)
	case !d.OK:
		return d.Decision.Rule, "it refused the request: " + c.run.Sentence(id, d.Decision)
	case c.run.deviates():
		return raft.AE4, ""
	}
	was, now := c.run.state(id, c.step.Trace.Number-1).Log, c.run.state(id, c.step.Trace.Number).Log
	switch kept := sharedOrEqual(was, now); {
	case now == was:
		return raft.AE3, "none of its entries conflicts with a new one, so that all of them stay"
	case kept < was.LastIndex():
		return raft.AE3, fmt.Sprintf("at index %d it had an entry of term %d and the new one is of term %d: that and what followed it is gone", kept+1, was.Term(kept+1), now.Term(kept+1))
	}
	return raft.AE4, ""
}

func (c *comparer) whyRole(id raft.NodeID) (raft.Rule, string) {
	now := c.run.state(id, c.step.Trace.Number)
	switch now.Role {
	case raft.Leader:
		return raft.C2, c.sinceStep(id)
	case raft.Candidate:
		return raft.C2, fmt.Sprintf("it has %d of %d votes, and %d are a majority", now.Votes.Len(), c.t.Size(), c.run.Rules.Majority(raft.AllNodes(c.t.Size())))
	}
	return raft.A2, c.sinceStep(id)
}

// doubts reports whether the node's state rests on what is off its sheet.
func (s *Step) doubts(id raft.NodeID) bool { return s.Doubtful.Has(id) }
