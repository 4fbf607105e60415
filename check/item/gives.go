package item

import (
	"maps"
	"slices"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// Gives is what a replay has for an item of its trace.
func Gives(run *replay.Run, it *Item) replay.Value {
	if it.IsAnswer() {
		return answerGiven(run, it)
	}
	return StateGives(run, it, run.State(it.Node, it.Step))
}

// StateGives is what belongs in an item of a table, where s is the node's state.
func StateGives(run *replay.Run, it *Item, s *raft.State) replay.Value {
	switch it.Field {
	case Terms:
		return run.History(it.Node, it.Step)
	case TermsLine:
		return run.Vote(it.Node, it.Step, raft.Term(it.Line))
	case SnapshotLine:
		return snapshotPart(s.Log.Snapshot(), it.Line)
	case NextIndexLine, MatchIndexLine:
		index, leads := rowOf(it.Field).given(s).(replay.Index)
		if !leads {
			return replay.None{}
		}
		return replay.Number((*index.Of)[it.Line-1])
	}
	return rowOf(it.Field).given(s)
}

// answerGiven is what a node answers. Where the answer is lost on its way back
// and the cell says none, nothing more is asked of it.
func answerGiven(run *replay.Run, it *Item) replay.Value {
	d := run.Steps[it.Step-1].Delivery(it.Node)
	switch {
	case d == nil || !d.Answered() || d.Lost && it.Written == replay.None{}:
		return replay.None{}
	case it.Field == AnswerTerm:
		return replay.Number(d.Term)
	case it.Field == AnswerMatch && d.OK:
		return replay.Number(d.Match)
	case it.Field == AnswerMatch:
		return replay.Number(0) // a refusal confirms nothing
	}
	return replay.Bool(d.OK)
}

// Differs reports whether what is written in an item is other than what the
// replay gives, or, on a paper form, leads a term in which it never stood. What
// is blank is not.
func Differs(run *replay.Run, it *Item) bool {
	return it.Written != nil && (it.DiffersFrom(Gives(run, it)) || run.OnPaper && ClashOf(run, it) == LeadsUnasked)
}

// NothingToWrite reports whether an item that is left blank is as it should be: the
// line of a term in which the node never was, or the matchIndex of a refusal.
func NothingToWrite(run *replay.Run, it *Item) bool {
	if !it.Blank() {
		return false
	}
	switch it.Field {
	case TermsLine:
		_, was := run.TermLine(it.Node, it.Step, raft.Term(it.Line))
		return !was
	case AnswerMatch:
		return Gives(run, it) == replay.Number(0)
	}
	return false
}

// DiffersFrom reports whether what is written is other than a value that a
// replay gives.
func (it *Item) DiffersFrom(given replay.Value) bool {
	switch w := it.Written.(type) {
	case replay.WrittenLog:
		log, ok := given.(replay.Log)
		return !ok || !sameLog(w, log.Log)
	case replay.WrittenIndex:
		index, leads := given.(replay.Index)
		return !leads || !sameIndexes(it.Node, w.Of.Value, *index.Of)
	case replay.WrittenTerms:
		history, ok := given.(*replay.History)
		return !ok || termApart(w.Of.Value, history) != 0
	}
	return it.Written != given
}

// sameIndexes compares a nextIndex or matchIndex that was asked for as a whole:
// each line that there is has to be written, and no other. A node's own place
// counts for nothing.
func sameIndexes(own raft.NodeID, w []trace.NodeIndex, has []raft.Index) bool {
	lines := 0
	for _, x := range w {
		if x.Node == own {
			continue
		}
		if !x.Index.Given() || x.Index.Value != has[x.Node-1] {
			return false
		}
		lines++
	}
	return lines == len(has)-1
}

// Doubts reports whether a replay cannot tell an item for sure: one of a node
// whose state rests on what cannot be read, or on what is off its sheet, or of a
// term before its first, or a blank log from an index on that its snapshot covers.
// On a paper form it can tell what nothing off the page could explain.
func Doubts(run *replay.Run, it *Item) bool {
	switch s := &run.Steps[it.Step-1]; {
	case s.Unread.Has(it.Node):
		return true
	case s.Doubts(it.Node):
		return !run.OnPaper || ClashOf(run, it) == NoClash
	}
	switch it.Field {
	case TermsLine:
		return raft.Term(it.Line) < run.History(it.Node, it.Step).Begins()
	case Log:
		from := it.table(run).LogFrom
		return it.Blank() && from > 0 && from <= run.State(it.Node, it.Step).Log.Snapshot().Index
	}
	return false
}

// A Part is the part of an item in which what is written and what a replay gives
// come apart: the first entry of a log, the first line of a history.
type Part struct {
	Name             string    // log[3]
	At               uint64    // the index or term, 0 where the item has no parts
	Pos              trace.Pos // of what is written there
	Expected, Actual replay.Value
}

// Apart gives the part in which an item that differs first does so.
func Apart(run *replay.Run, it *Item) Part {
	given := Gives(run, it)
	if w, ok := it.Written.(replay.WrittenLog); ok {
		return logApart(it, w, given.(replay.Log).Log)
	}
	p := Part{Name: it.Name, Pos: it.Pos, Expected: it.Written, Actual: given}
	switch w := it.Written.(type) {
	case replay.WrittenIndex:
		if index, leads := given.(replay.Index); leads {
			p.At = indexApart(it.Node, w.Of.Value, *index.Of)
		}
	case replay.WrittenTerms:
		p.At = termApart(w.Of.Value, given.(*replay.History))
	case replay.Role:
		if run.OnPaper && ClashOf(run, it) == LeadsUnasked {
			p.Actual = replay.Role(raft.Follower) // of the term that is written beside it
		}
	default:
		if it.Field == TermsLine && given == (replay.None{}) {
			p.Pos = it.Key
		}
	}
	return p
}

// indexApart is the first node of which a whole nextIndex or matchIndex has
// another line, or none; 0 for no such node.
func indexApart(own raft.NodeID, w []trace.NodeIndex, has []raft.Index) uint64 {
	for i, index := range has {
		id := raft.NodeID(i + 1)
		same := slices.ContainsFunc(w, func(x trace.NodeIndex) bool {
			return x.Node == id && x.Index.Given() && x.Index.Value == index
		})
		if id != own && !same {
			return uint64(id)
		}
	}
	return 0
}

// termApart is the first term of which a whole history has another line, one too
// many, or none; 0 for no such term. What is said of terms before the first counts
// for nothing, and those that were passed over may be written as none.
func termApart(w []trace.TermVote, h *replay.History) uint64 {
	written := make(map[raft.Term]trace.Opt[raft.NodeID], len(w))
	for _, x := range w {
		written[x.Term] = x.VotedFor
	}
	for v := range h.Votes() {
		vote, ok := written[v.Term]
		if !ok || !vote.Given() || vote.Value != v.Vote {
			return uint64(v.Term)
		}
		delete(written, v.Term)
	}
	maps.DeleteFunc(written, func(term raft.Term, vote trace.Opt[raft.NodeID]) bool {
		return term < h.Begins() || h.PassedOver(term) && (!vote.Given() || vote.Value == raft.NoNode)
	})
	if len(written) == 0 {
		return 0
	}
	return uint64(slices.Min(slices.Collect(maps.Keys(written))))
}

// ApartFrom gives the part in which two replays first come apart in an item:
// Expected is what the first gives, Actual the second.
func ApartFrom(a, b *replay.Run, it *Item) Part {
	p := Part{Name: it.Name, Pos: it.Pos, Expected: Gives(a, it), Actual: Gives(b, it)}
	switch right := p.Expected.(type) {
	case replay.Log:
		wrong := p.Actual.(replay.Log)
		i := FirstApart(right.Log, wrong.Log, 1)
		p.Name, p.At, p.Expected, p.Actual = lineAt("log", i), uint64(i), replay.EntryAt(right.Log, i), replay.EntryAt(wrong.Log, i)
	case *replay.History:
		term, votes := right.FirstApart(p.Actual.(*replay.History))
		p.Name, p.At, p.Expected, p.Actual = lineAt("terms", term), uint64(term), votes[0], votes[1]
	}
	return p
}
