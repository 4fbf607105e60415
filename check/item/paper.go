package item

import (
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file judges the tables of a paper form, on which a node writes only what
// it sent. What it received may explain nearly everything.

// A Clash is why nothing that a node could have received explains an item.
type Clash uint8

// The clashes.
const (
	NoClash        Clash = iota // something could explain it
	Falls                       // a term or commitIndex lower than the page shows
	VotesOtherwise              // another vote in a term in which the page shows its vote
	LosesCommitted              // an entry is gone that the page shows committed
	LeadsUnasked                // it leads a term in which it never stood for election
	CannotBe                    // with what else the table says, no node can be in that state
)

// ClashOf says why nothing off the page of a paper form can explain what is
// written in an item of a table; NoClash where something could.
func ClashOf(run *replay.Run, it *Item) Clash {
	if it.Blank() || it.IsAnswer() {
		return NoClash
	}
	table, page := it.table(run), run.State(it.Node, it.Step)
	term := table.Term.Or(page.CurrentTerm)
	switch w := it.Written.(type) {
	case replay.Number:
		return it.numberClash(raft.Index(w), table, page)
	case replay.Node:
		if it.Field == Leader {
			return it.leaderClash(run, raft.NodeID(w), table)
		}
		return it.voteClash(run, raft.NodeID(w), term, page)
	case replay.Role:
		if raft.Role(w) == raft.Leader && !stoodIn(run, it, term) && (table.Term.Given() || page.VotedFor != it.Node) {
			return LeadsUnasked
		}
	case replay.WrittenLog:
		return logClash(w, table, page)
	case replay.WrittenIndex:
		return it.leads(table)
	}
	return NoClash
}

// table is what is written of the item's node in the item's step.
func (it *Item) table(run *replay.Run) *trace.NodeState {
	s := run.Steps[it.Step-1].Trace
	for i := range s.State {
		if s.State[i].Node == it.Node {
			return &s.State[i]
		}
	}
	return &trace.NodeState{Node: it.Node}
}

func (it *Item) numberClash(n raft.Index, table *trace.NodeState, page *raft.State) Clash {
	switch it.Field {
	case Term:
		if raft.Term(n) < page.CurrentTerm {
			return Falls
		}
	case CommitIndex:
		switch {
		case n < page.CommitIndex:
			return Falls
		case table.Log.Given() && n > endOf(table, page):
			return CannotBe
		}
	case LastApplied:
		if table.CommitIndex.Given() && n > table.CommitIndex.Value {
			return CannotBe
		}
	case NextIndexLine, MatchIndexLine:
		return it.leads(table)
	case LastLogIndex:
		if n < page.CommitIndex {
			return LosesCommitted
		}
	case LastLogTerm:
		switch {
		case table.Term.Given() && raft.Term(n) > table.Term.Value:
			return CannotBe
		case raft.Term(n) < page.Log.Term(page.CommitIndex):
			return LosesCommitted
		}
	case SnapshotLine:
		switch {
		case it.Line != lastIncludedIndex:
		case n < page.Log.Snapshot().Index:
			return Falls
		case table.CommitIndex.Given() && n > table.CommitIndex.Value:
			return CannotBe
		}
	}
	return NoClash
}

// leads gives a clash where a table has a leader's fields of a node that, as it
// says itself, does not lead.
func (it *Item) leads(table *trace.NodeState) Clash {
	if table.Role.Given() && table.Role.Value != raft.Leader {
		return CannotBe
	}
	return NoClash
}

func (it *Item) voteClash(run *replay.Run, whom raft.NodeID, term raft.Term, page *raft.State) Clash {
	table := it.table(run)
	if it.Field == TermsLine {
		term = raft.Term(it.Line)
	}
	switch had, ok := run.TermLine(it.Node, it.Step, term); {
	case it.Field == VotedFor && !table.Term.Given():
		return NoClash // it may be in a later term
	case ok && had.VotedFor != raft.NoNode && had.VotedFor != whom:
		return VotesOtherwise
	case it.Field == VotedFor && table.Role.Given() && table.Role.Value != raft.Follower && whom != it.Node:
		return CannotBe
	}
	return NoClash
}

// stoodIn reports whether the page shows that the node stood for election in a
// term.
func stoodIn(run *replay.Run, it *Item, term raft.Term) bool {
	had, ok := run.TermLine(it.Node, it.Step, term)
	return ok && had.VotedFor == it.Node
}

// leaderClash gives a clash where a table names another leader than its role
// allows.
func (it *Item) leaderClash(run *replay.Run, whom raft.NodeID, table *trace.NodeState) Clash {
	role, given := table.Role.Value, table.Role.Given()
	switch {
	case given && (role == raft.Leader) != (whom == it.Node), given && role == raft.Candidate && whom != raft.NoNode:
		return CannotBe
	case whom == it.Node && table.Term.Given() && !stoodIn(run, it, table.Term.Value):
		return LeadsUnasked
	}
	return NoClash
}

// endOf is the last index of the log of a table.
func endOf(table *trace.NodeState, page *raft.State) raft.Index {
	return first(logOf(table), page.Log) - 1 + raft.Index(len(table.Log.Value))
}

func logClash(log replay.WrittenLog, table *trace.NodeState, page *raft.State) Clash {
	w := log.Of.Value
	for i := range w {
		if i > 0 && w[i].Term < w[i-1].Term || table.Term.Given() && w[i].Term > table.Term.Value {
			return CannotBe
		}
	}
	begin := first(log, page.Log)
	for i := max(begin, page.Log.Snapshot().Index); i <= page.CommitIndex; i++ {
		if n := int(i - begin); n >= len(w) || !canBe(w[n], page.Log, i) {
			return LosesCommitted
		}
	}
	return NoClash
}
