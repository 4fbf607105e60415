package item

import (
	"fmt"
	"strings"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file puts values into the format's own words.

const none = "none" // no answer, no entry, no such line, and no node

func lineAt[T raft.Term | raft.Index](name string, i T) string { return fmt.Sprintf("%s[%d]", name, i) }

// Any gives a value as JSON has it: a bool, a uint64, or a string in the format's
// own words; nil for nothing at all. The node is whose table it is.
func Any(t *trace.Trace, id raft.NodeID, v replay.Value) any {
	switch v := v.(type) {
	case nil:
		return nil
	case replay.Bool:
		return bool(v)
	case replay.Number:
		return uint64(v)
	case replay.Node:
		return t.Name(raft.NodeID(v))
	case replay.Role:
		return raft.Role(v).String()
	case replay.Entry:
		return raft.Entry(v).String()
	case replay.Text:
		return string(v)
	case replay.Log:
		return trace.FlowLog(v.Entries())
	case replay.Index:
		return t.FlowIndexes(id, *v.Of)
	case *replay.History:
		return flowHistory(t, v)
	case replay.WrittenLog:
		if v.From > 0 {
			return logFrom(v.From, trace.Entries(v.Of.Value))
		}
		return trace.FlowLog(trace.Entries(v.Of.Value))
	case replay.WrittenIndex:
		return flowIndexLines(t, v.Of.Value)
	case replay.WrittenTerms:
		return flowTermLines(t, v.Of.Value)
	}
	return none
}

// Word gives what Any gave in a word: ok and no, and all else as it is.
func Word(v any) string {
	switch v {
	case true:
		return "ok"
	case false:
		return "no"
	}
	return fmt.Sprint(v)
}

// Flow gives what belongs in an item as the format writes it, so that it can be
// read back.
func Flow(run *replay.Run, it *Item) string {
	v := Gives(run, it)
	if log, ok := v.(replay.Log); ok {
		return flowLog(it.table(run), log.Log)
	}
	return flow(run.Trace, it.Node, v)
}

// Path leads to an item in its node's table, for an editor: commitIndex,
// nextIndex.2, log.entries.
func Path(run *replay.Run, it *Item) string {
	if it.Field == Log && it.table(run).LogFrom > 0 {
		return it.Name + ".entries"
	}
	return strings.TrimSuffix(strings.Replace(it.Name, "[", ".", 1), "]")
}

// flow gives a value as the format writes it: a name is quoted where it has to be.
func flow(t *trace.Trace, id raft.NodeID, v replay.Value) string {
	if whom, ok := v.(replay.Node); ok {
		return t.FlowName(raft.NodeID(whom))
	}
	return fmt.Sprint(Any(t, id, v))
}

// flowHistory gives a history of terms as the format writes it.
func flowHistory(t *trace.Trace, h *replay.History) string {
	var pairs []string
	for v := range h.Votes() {
		pairs = append(pairs, fmt.Sprintf("%d: %s", v.Term, t.FlowName(v.Vote)))
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

// FlowState gives a node's state after a step as the format writes it: each field
// of which a blank table asks, as far as the node has it, and its snapshot, after
// which its log begins.
func FlowState(run *replay.Run, id raft.NodeID, step int) string {
	s := run.State(id, step)
	var pairs []string
	for i := range rows {
		r := &rows[i]
		has := r.asked
		if r.field == Snapshot {
			has = s.Log.Snapshot().Index > 0
		}
		if !has || r.leads && (s.Role != raft.Leader || run.Trace.Size() == 1) {
			continue
		}
		it := Item{Step: step, Node: id, Field: r.field}
		pairs = append(pairs, r.name+": "+flow(run.Trace, id, StateGives(run, &it, s)))
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

// flowIndexLines gives a nextIndex or matchIndex as it is written.
func flowIndexLines(t *trace.Trace, w []trace.NodeIndex) string {
	pairs := make([]string, len(w))
	for i, x := range w {
		pairs[i] = t.FlowName(x.Node) + ": "
		if x.Index.Given() {
			pairs[i] += fmt.Sprint(x.Index.Value)
		}
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}

// flowTermLines gives a history of terms as it is written.
func flowTermLines(t *trace.Trace, w []trace.TermVote) string {
	pairs := make([]string, len(w))
	for i, x := range w {
		pairs[i] = fmt.Sprint(x.Term, ": ")
		if x.VotedFor.Given() {
			pairs[i] += t.FlowName(x.VotedFor.Value)
		}
	}
	return "{" + strings.Join(pairs, ", ") + "}"
}
