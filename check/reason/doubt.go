package reason

import (
	"fmt"
	"strings"

	"raftsheet/check/item"
	"raftsheet/check/replay"
)

// Doubt says why an item cannot be told, see [item.Doubts].
func Doubt(run *replay.Run, it *item.Item) string {
	r := teller{run}
	name := r.name(it.Node)
	switch {
	case it.Field == item.TermsLine && !run.Steps[it.Step-1].Doubts(it.Node):
		return fmt.Sprintf("node %s began in term %d: its vote in term %d was given before the page begins", name, run.History(it.Node, it.Step).Begins(), it.Line)
	case it.IsAnswer():
		return fmt.Sprintf("node %s has received what is not on its sheet: its answer cannot be told", name)
	}
	why := "it has received what is not on its sheet"
	if run.OnPaper {
		why = "its sheet shows only what it sent, not what it received"
	}
	if it.Blank() {
		return fmt.Sprintf("node %s's table cannot be told: %s", name, why)
	}
	return fmt.Sprintf("by this page %s; but %s, so that it cannot be told", r.is(it, item.Apart(run, it)), why)
}

// clashes says why nothing that a node on a paper form has received could explain
// what is written; empty where something could.
func (r teller) clashes(it *item.Item) string {
	name := r.name(it.Node)
	switch item.ClashOf(r.Run, it) {
	case item.Falls:
		return it.Name + " never falls"
	case item.VotesOtherwise:
		return "a node votes for one candidate a term"
	case item.LosesCommitted:
		return "what is committed stays"
	case item.LeadsUnasked:
		return fmt.Sprintf("node %s never asked for votes in that term, which its sheet would show", name)
	case item.CannotBe:
		return cannotBe(it)
	}
	return ""
}

// cannotBe says which law the table's fields break between them.
func cannotBe(it *item.Item) string {
	switch it.Field {
	case item.VotedFor:
		return "a candidate or leader has voted for itself"
	case item.Log:
		return "the terms of a log neither fall nor pass the node's own"
	case item.CommitIndex:
		return "commitIndex is not past the end of the log"
	case item.LastApplied:
		return "lastApplied is not past commitIndex"
	case item.Leader:
		return "a leader knows itself as the leader, a candidate knows none, and a follower another node or none"
	case item.LastLogTerm:
		return "the terms of a log do not pass the node's own"
	case item.SnapshotLine:
		return "a snapshot covers what is committed alone"
	}
	field, _, _ := strings.Cut(it.Name, "[")
	return "only a leader has " + field
}
