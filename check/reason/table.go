package reason

import (
	"fmt"
	"strings"

	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
)

// causeOf is why an item of a table is what the replay gives: the decision that
// last set it. Of an item with parts it is about that part.
func causeOf(run *replay.Run, it *item.Item, p item.Part) replay.Cause {
	switch it.Field {
	case item.TermsLine:
		return run.TermCause(it.Node, it.Step, raft.Term(it.Line))
	case item.Terms:
		term := raft.Term(p.At)
		if term == 0 {
			term = run.State(it.Node, it.Step).CurrentTerm
		}
		return run.TermCause(it.Node, it.Step, term)
	}
	at := replay.Place{Node: it.Node, Field: it.Field.State()}
	switch it.Field {
	case item.NextIndexLine, item.MatchIndexLine:
		at.Of = raft.NodeID(it.Line)
	case item.NextIndex, item.MatchIndex:
		at.Of = raft.NodeID(p.At)
	case item.Log:
		at.At = raft.Index(p.At)
	case item.LastLogIndex, item.LastLogTerm:
		at.Part = replay.LogEnd
	case item.Snapshot, item.SnapshotLine:
		at.Part = replay.LogBase
	}
	return run.Cause(at, it.Step)
}

// Table says what an item of a table is, and why.
func Table(run *replay.Run, it *item.Item, p item.Part) (replay.Cause, string) {
	r := teller{run}
	cause := causeOf(run, it, p)
	says := r.is(it, p)
	if run.OnPaper {
		return cause, says + ": " + r.clashes(it)
	}
	why := r.because(it, cause)
	switch {
	case cause.Origin != replay.AtStart && cause.Step != it.Step:
		says += fmt.Sprintf(", since %s: %s", r.step(cause.Step), why)
	case why != "":
		says += ": " + why
	}
	if cause.Rule() == raft.L4 && cause.Origin == replay.Stayed {
		return cause, says // which says how far the entries have come
	}
	return cause, says + r.short(it, p)
}

// is says what an item is.
func (r teller) is(it *item.Item, p item.Part) string {
	name := r.name(it.Node)
	state := r.State(it.Node, it.Step)
	switch {
	case it.Field == item.Log && p.At > 0:
		return r.logIs(it, p)
	case it.Field == item.TermsLine:
		return r.termIs(it, p)
	case it.Field == item.Leader:
		return r.leaderIs(it)
	case it.Field == item.Snapshot || it.Field == item.SnapshotLine:
		return r.snapshotIs(it)
	case it.Field == item.LastLogIndex || it.Field == item.LastLogTerm:
		return fmt.Sprintf("node %s's log ends at %s", name, place(state.Log.Last()))
	case p.Actual == replay.None{}:
		field, _, _ := strings.Cut(it.Name, "[")
		return fmt.Sprintf("node %s is a %s; only a leader has %s", name, state.Role, field)
	}
	return fmt.Sprintf("node %s's %s is %v", name, p.Name, item.Any(r.Trace, it.Node, p.Actual))
}

// logIs says what a log is where what is written comes apart from it.
func (r teller) logIs(it *item.Item, p item.Part) string {
	name, log := r.name(it.Node), r.State(it.Node, it.Step).Log
	actual := item.Any(r.Trace, it.Node, p.Actual)
	switch {
	case p.Actual == replay.None{}:
		return fmt.Sprintf("node %s's log ends at index %d", name, log.LastIndex())
	case p.Expected == replay.None{}:
		return fmt.Sprintf("node %s's log goes on to index %d, with %v at index %d", name, log.LastIndex(), actual, p.At)
	}
	return fmt.Sprintf("node %s's %s is %v", name, p.Name, actual)
}

// leaderIs says which leader a node knows.
func (r teller) leaderIs(it *item.Item) string {
	name, state := r.name(it.Node), r.State(it.Node, it.Step)
	switch state.Leader {
	case raft.NoNode:
		return fmt.Sprintf("node %s knows no leader of term %d", name, state.CurrentTerm)
	case it.Node:
		return fmt.Sprintf("the leader that node %s knows in term %d is itself", name, state.CurrentTerm)
	}
	return fmt.Sprintf("the leader that node %s knows in term %d is node %s", name, state.CurrentTerm, r.name(state.Leader))
}

// snapshotIs says how far a node's snapshot goes.
func (r teller) snapshotIs(it *item.Item) string {
	last := r.State(it.Node, it.Step).Log.Snapshot()
	if last.Index == 0 {
		return fmt.Sprintf("node %s has no snapshot", r.name(it.Node))
	}
	return fmt.Sprintf("node %s's snapshot ends at %s", r.name(it.Node), place(last))
}

// termIs says how a node voted in a term.
func (r teller) termIs(it *item.Item, p item.Part) string {
	name := r.name(it.Node)
	switch whom, was := p.Actual.(replay.Node); {
	case !was || !r.wasIn(it):
		return fmt.Sprintf("node %s was never in term %d", name, it.Line)
	case raft.NodeID(whom) == raft.NoNode:
		return fmt.Sprintf("node %s voted for none in term %d", name, it.Line)
	case raft.NodeID(whom) == it.Node:
		return fmt.Sprintf("node %s voted for itself in term %d", name, it.Line)
	default:
		return fmt.Sprintf("node %s voted for %s in term %d", name, r.name(raft.NodeID(whom)), it.Line)
	}
}

// wasIn reports whether a node was in the term of a line.
func (r teller) wasIn(it *item.Item) bool {
	_, was := r.TermLine(it.Node, it.Step, raft.Term(it.Line))
	return was
}

// because puts a cause into words.
func (r teller) because(it *item.Item, c replay.Cause) string {
	switch c.Origin {
	case replay.Restarted:
		return r.restarted(it, c)
	case replay.SteppedDown:
		return r.steppedDown(it, c)
	case replay.Compacted:
		return "it took a snapshot of its log"
	case replay.Taken:
		return "the trace tells it so"
	case replay.AtStart:
		if it.Field == item.Leader && r.State(it.Node, it.Step).Leader == raft.NoNode {
			return "it has accepted no leader's request since the start"
		}
		if it.Field == item.TermsLine || it.Field == item.Terms || item.Gives(r.Run, it) == (replay.None{}) {
			return ""
		}
		return "nothing has changed it since the start"
	}
	o := c.Outcome
	says := Decision(r.Run, it.Node, o.Decision)
	if it.Field == item.Leader {
		says = r.leaderBecause(it, o, says)
	}
	if o.Part == replay.Receiving {
		s := &r.Steps[c.Step-1]
		d := s.Delivery(it.Node)
		switch {
		case c.Origin == replay.Stayed && o.Outcome == raft.Refused:
			return "it refused the request: " + says
		case d.Vote != nil && o.Rule == d.Decision.Rule:
			return Answer(r.Run, s, it.Node, d)
		case c.Origin == replay.Stayed && o.Rule == raft.AE3:
			return says + ", so all of them stay"
		}
	}
	return says
}

// leaderBecause says what a decision means for the leader that a node knows.
func (r teller) leaderBecause(it *item.Item, o replay.Outcome, says string) string {
	switch {
	case r.Deviates():
	case o.Rule == raft.C3 && (o.Outcome == raft.Acted || o.Outcome == raft.Idle):
		return fmt.Sprintf("it has accepted node %s's request as that of term %d's leader", r.name(o.Decision.Node), o.Current)
	case o.Rule == raft.A2 && o.Outcome == raft.Acted:
		return says + ", and of a new term it knows no leader yet"
	case o.Rule == raft.C1:
		return says + "; a candidate knows no leader"
	}
	return says
}

// steppedDown says that a leader or candidate became a follower by itself.
func (r teller) steppedDown(it *item.Item, c replay.Cause) string {
	says := "it stepped down by itself"
	if c.Step == it.Step {
		says += " in this step"
	}
	if it.Field == item.Leader {
		says += ", and knows no leader since"
	}
	return says
}

// restarted says what a restart does to a field.
func (r teller) restarted(it *item.Item, c replay.Cause) string {
	says := "it restarted"
	if c.Step == it.Step {
		says += " in this step"
	}
	if act := r.Steps[c.Step-1].ActOf(replay.Restarts, it.Node); act.Disk != nil {
		return says + ", with what its disk gave back"
	}
	const persistent = raft.FieldTerm | raft.FieldVotedFor | raft.FieldLog
	switch {
	case r.Deviates():
		return says
	case persistent.Has(it.Field.State()):
		return says + ", and currentTerm, votedFor and log survive a restart"
	}
	return says + ", and all but currentTerm, votedFor and log is as at start-up"
}

// short says how far a leader's next entry is from being committed, where a table
// has it committed already.
func (r teller) short(it *item.Item, p item.Part) string {
	now := r.State(it.Node, it.Step)
	expected, ok := p.Expected.(replay.Number)
	next := now.CommitIndex + 1
	if it.Field != item.CommitIndex || !ok || now.Role != raft.Leader || r.Deviates() ||
		raft.Index(expected) <= now.CommitIndex || !now.Log.Has(next) {
		return ""
	}
	holders := raft.SetOf(it.Node)
	for i, match := range now.MatchIndex {
		if match >= next {
			holders = holders.With(raft.NodeID(i + 1))
		}
	}
	size := r.Trace.Size()
	count, need := r.Configuration(it.Node, it.Step).Tally(holders, r.Rules.Majority)
	switch {
	case count < need:
		return fmt.Sprintf("; entry %d is known to be on %d of %d nodes, and %d are a majority", next, count, size, need)
	case now.Log.Term(next) != now.CurrentTerm:
		return fmt.Sprintf("; entry %d is on %d of %d nodes, but its term %d is not the current %d, and counting does not commit it", next, count, size, now.Log.Term(next), now.CurrentTerm)
	}
	return ""
}
