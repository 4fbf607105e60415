package grade

import (
	"slices"
	"strings"

	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file knows what is wrong by the letter and may be right to a person.

// spelled reports whether a log differs from what is right in how its values are
// spelled alone: in spaces, in quotes, in capital letters, or in a colon too many.
func spelled(truth *replay.Run, on *item.Item) bool {
	log, ok := on.Written.(replay.WrittenLog)
	if !ok || !item.Differs(truth, on) {
		return false
	}
	right := truth.State(on.Node, on.Step).Log
	first := max(log.From, log.Begins, 1)
	meant := *log.Of
	meant.Value = slices.Clone(meant.Value)
	for i := range meant.Value {
		e, at := &meant.Value[i], first+raft.Index(i)
		if right.Has(at) && folded(e.Value) == folded(right.Entry(at).Value) {
			e.Value = right.Entry(at).Value
		}
	}
	other := *on
	log.Of = &meant
	other.Written = log
	return !item.Differs(truth, &other)
}

// folded is a value without what people spell in different ways.
func folded(value string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \t\u00a0\"'", r) {
			return -1
		}
		return r
	}, strings.TrimLeft(value, ":")))
}

// elsewhere reports whether a step of a sheet has no answer of a node that is asked,
// and has one of a node that is not: it may stand under the wrong name.
func (s *KeyStep) elsewhere(on *item.Item, step *trace.Step) bool {
	if step == nil || step.Response == nil || !on.IsAnswer() || step.Response.Cell(on.Node) != nil {
		return false
	}
	sender, _ := s.Trace.Sender()
	return slices.ContainsFunc(step.Response.Cells, func(c trace.Cell) bool {
		asked := func(it item.Item) bool { return it.Node == c.Node && it.IsAnswer() }
		return c.Node != sender && !c.IsBlank() && !slices.ContainsFunc(s.items, asked)
	})
}
