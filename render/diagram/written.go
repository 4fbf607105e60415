package diagram

import (
	"slices"

	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file has the logs that a trace writes otherwise than the replay has them.

// A written log is one of them.
type written struct {
	id  raft.NodeID
	log raft.Log
	at  raft.Index // the first index at which it is wrong
}

// writtenLogs gives those of a step; the start has none.
func writtenLogs(run *replay.Run, nodes raft.NodeSet, step int) (out []written) {
	if step == 0 {
		return nil
	}
	items := item.OfStep(run.Trace, run.Steps[step-1].Trace)
	for i := range items {
		it := &items[i]
		w, is := it.Written.(replay.WrittenLog)
		if !is || !nodes.Has(it.Node) || !told(run, it.Node, step) || !item.Differs(run, it) {
			continue
		}
		before := max(w.From, w.Begins, 1) - 1
		if w.From == 0 && w.Begins == 0 {
			before = run.State(it.Node, step).Log.Snapshot().Index
		}
		log := raft.NewLogAfter(raft.Mark{Index: before}, trace.Entries(w.Of.Value)...)
		out = append(out, written{it.Node, log, raft.Index(item.Apart(run, it).At)})
	}
	return out
}

// wrong asks for the place at which a written log is wrong, and for both ends.
func (p *places) wrong(run *replay.Run, step int, w written) {
	p.want(w.at-1, w.at)
	p.reach(w.log, run.State(w.id, step).Log)
}

// written adds what the trace wrote of logs, each below the right one.
func (l *Logs) written(run *replay.Run, step int, wrong []written) {
	for _, w := range wrong {
		s, name := run.State(w.id, step), run.Trace.Name(w.id)
		right := LogRow{Label: name}
		right.cells(l.Columns, s.Log, s.CommitIndex)
		said := LogRow{Label: "written", Written: true}
		said.cells(l.Columns, w.log, 0)
		for i := range said.Cells {
			a, b := &said.Cells[i], &right.Cells[i]
			a.Wrong = l.Columns[i].Index >= w.at && (a.Kind != b.Kind || a.Term != b.Term || a.Value != b.Value)
		}
		at := slices.IndexFunc(l.Rows, func(r LogRow) bool { return r.Label == name })
		if at < 0 {
			at, l.Rows = len(l.Rows), append(l.Rows, right)
		}
		l.Rows = slices.Insert(l.Rows, at+1, said)
	}
}
