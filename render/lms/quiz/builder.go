package quiz

import (
	"raftsheet/check/grade"
	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/trace"
)

// A builder makes questions step by step.
type builder struct {
	k     *grade.Key
	q     *trace.Trace // what the key asks, without its answers
	cells map[itemKey]*grade.Cell
	start []Block   // the cluster, and what its nodes are before the first step
	sofar [][]Entry // what has happened, a line a step
}

func newBuilder(k *grade.Key, q *trace.Trace) *builder {
	b := &builder{k: k, q: q, cells: make(map[itemKey]*grade.Cell, len(k.Cells))}
	for i := range k.Cells {
		b.cells[keyOf(&k.Cells[i].Item)] = &k.Cells[i]
	}
	return b
}

// because is why a cell is what it is, with the rule.
func (b *builder) because(it *item.Item) string {
	blank := *it
	blank.Written = nil
	rule, why := reason.Item(b.k.Run, &blank)
	return reason.WithPlace(why, reason.Authority(rule))
}

// itemKey is which item of a key it is.
type itemKey struct {
	step, node int
	field      item.Field
	line       uint64
}

func keyOf(it *item.Item) itemKey { return itemKey{it.Step, int(it.Node), it.Field, it.Line} }
