package diagram

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// Logs are logs of nodes at a moment, as rows of cells over a common index.
type Logs struct {
	Title   string // the step's id, or what moment it is
	Note    string
	Columns []Column
	Rows    []LogRow
}

// A Column is a place of the common index, or several that are left out.
type Column struct {
	Index  raft.Index // of the first, where several are left out
	Elided bool
}

// A LogRow is the log of a node, or of several that have the same, or what a
// trace wrote of one.
type LogRow struct {
	Label   string
	State   string // leader, term 4; empty where the row says nothing of it
	Leads   bool
	Written bool   // what the trace says, where that is wrong
	Untold  string // why there are no cells
	Cells   []Cell // one for each column
}

// A Cell is one entry of a log, or the lack of one.
type Cell struct {
	Kind      CellKind
	Term      raft.Term
	Value     string
	Committed bool      // as its node knows
	New       bool      // the step has brought it
	Old       raft.Term // of the entry that it replaces, 0 for none
	Wrong     bool      // it is written so, and is not
}

// A CellKind says what is at a place of a log.
type CellKind uint8

// The kinds of cells.
const (
	Nothing CellKind = iota
	Entry
	Gone    // the step has deleted it
	Covered // a snapshot covers it
	Elision // several entries
)

// mostColumns bounds how many cells a row has: of a whole log, and of the logs
// beside a step.
const (
	mostColumns = 30
	mostBeside  = 10
)

// logsAt gives the logs of the nodes after a step, 0 for the start, and what is
// written wrong of them.
func logsAt(run *replay.Run, nodes raft.NodeSet, step int, wrong []written) *Logs {
	l := &Logs{Title: "start"}
	if step > 0 {
		s := run.Steps[step-1].Trace
		l.Title, l.Note = s.ID, s.Note
	}
	down := downAfter(run, step)
	var p places
	for id := range nodes.All() {
		if told(run, id, step) {
			p.add(run.State(id, step), longest(run, nodes, step))
		}
	}
	for _, w := range wrong {
		p.wrong(run, step, w)
	}
	l.Columns = p.columns(1, mostColumns)
	for id := range nodes.All() {
		row := LogRow{Label: run.Trace.Name(id)}
		if !told(run, id, step) {
			row.Untold = "not on this page"
			l.Rows = append(l.Rows, row)
			continue
		}
		s := run.State(id, step)
		row.State, row.Leads = fmt.Sprintf("%s, term %d", s.Role, s.CurrentTerm), s.Role == raft.Leader
		if down.Has(id) {
			row.State, row.Leads = "down", false
		}
		row.cells(l.Columns, s.Log, s.CommitIndex)
		l.Rows = append(l.Rows, row)
	}
	l.written(run, step, wrong)
	return l
}

// told reports whether a node's state after a step is known.
func told(run *replay.Run, id raft.NodeID, step int) bool {
	return !run.Untold(id, step) && (step == 0 || !run.Steps[step-1].Doubts(id))
}

// longest is the longest log, with which the others are compared.
func longest(run *replay.Run, nodes raft.NodeSet, step int) (log raft.Log) {
	for id := range nodes.All() {
		if told(run, id, step) && run.State(id, step).Log.LastIndex() > log.LastIndex() {
			log = run.State(id, step).Log
		}
	}
	return log
}

// downAfter is the nodes that are down after a step.
func downAfter(run *replay.Run, step int) (down raft.NodeSet) {
	for i := range run.Steps[:step] {
		switch e := run.Steps[i].Trace.Event.(type) {
		case *trace.Crash:
			down |= raft.SetOf(e.Nodes...)
		case *trace.Restart:
			down &^= raft.SetOf(e.Nodes...)
		}
	}
	return down
}

// cells fills in a row from a log.
func (r *LogRow) cells(columns []Column, log raft.Log, commit raft.Index) {
	r.Cells = make([]Cell, len(columns))
	for i, col := range columns {
		c := &r.Cells[i]
		c.Committed = col.Index <= commit
		switch base := log.Snapshot().Index; {
		case col.Index > log.LastIndex():
			*c = Cell{}
		case col.Elided:
			c.Kind = Elision
		case col.Index <= base:
			c.Kind, c.Term = Covered, log.Term(col.Index)
		default:
			e := log.Entry(col.Index)
			c.Kind, c.Term, c.Value = Entry, e.Term, e.Value
		}
	}
}

// changes gives the logs that a step changed, each once: nodes with equal ones
// share a row.
func changes(run *replay.Run, nodes raft.NodeSet, step int) *Logs {
	wrong := writtenLogs(run, nodes, step)
	type change struct {
		id   raft.NodeID
		from raft.Index // the first index at which the log is another
	}
	var p places
	var changed []change
	first := raft.Index(raft.MaxNumber)
	for id := range (nodes & run.Steps[step-1].Changed).All() {
		was, now := run.State(id, step-1), run.State(id, step)
		if from := parts(was.Log, now.Log); from > 0 && told(run, id, step) {
			changed = append(changed, change{id, from})
			p.want(from-1, from)
			p.reach(was.Log, now.Log)
			first = min(first, from)
		}
	}
	for _, w := range wrong {
		p.wrong(run, step, w)
		first = min(first, w.at)
	}
	if len(changed) == 0 && len(wrong) == 0 {
		return nil
	}
	l := &Logs{Columns: p.columns(max(first, 3)-2, mostBeside)}
	var j joiner
	for _, c := range changed {
		was, now := run.State(c.id, step-1), run.State(c.id, step)
		var row LogRow
		row.cells(l.Columns, now.Log, now.CommitIndex)
		row.compare(l.Columns, was.Log, now.Log, c.from)
		j.add(row, c.id)
	}
	l.Rows = j.named(run.Trace)
	l.written(run, step, wrong)
	return l
}

// A joiner joins the rows of nodes that have the same cells.
type joiner struct {
	rows []LogRow
	ids  [][]raft.NodeID // of each
}

func (j *joiner) add(row LogRow, id raft.NodeID) {
	at := slices.IndexFunc(j.rows, func(r LogRow) bool { return r.Untold == row.Untold && slices.Equal(r.Cells, row.Cells) })
	if at < 0 {
		j.rows, j.ids = append(j.rows, row), append(j.ids, []raft.NodeID{id})
		return
	}
	j.ids[at] = append(j.ids[at], id)
}

// named gives the rows, each with the names of its nodes.
func (j *joiner) named(t *trace.Trace) []LogRow {
	for i := range j.rows {
		j.rows[i].Label = ranges(t, j.ids[i])
	}
	return j.rows
}

// parts is the first index at which two logs differ, or their snapshots do; 0 for
// none. What they share is skipped without a look at it.
func parts(was, now raft.Log) raft.Index {
	switch a, b := was.Snapshot(), now.Snapshot(); {
	case was == now:
		return 0
	case a != b:
		return min(a.Index, b.Index) + 1
	}
	at := max(was.Shared(now), was.Snapshot().Index, now.Snapshot().Index) + 1
	for last := max(was.LastIndex(), now.LastIndex()); at <= last; at++ {
		if was.Has(at) != now.Has(at) || was.Entry(at) != now.Entry(at) {
			return at
		}
	}
	return 0
}

// compare marks what a log has lost and what is new in it from an index on.
func (r *LogRow) compare(columns []Column, was, log raft.Log, from raft.Index) {
	for i, col := range columns {
		switch c := &r.Cells[i]; {
		case col.Index < from || col.Elided:
		case c.Kind == Entry:
			e := was.Entry(col.Index)
			if c.New = e != log.Entry(col.Index); c.New {
				c.Old = e.Term
			}
		case c.Kind == Nothing && was.Has(col.Index):
			e := was.Entry(col.Index)
			*c = Cell{Kind: Gone, Term: e.Term, Value: e.Value}
		}
	}
}

// ranges names nodes, those in a row by the first and the last.
func ranges(t *trace.Trace, ids []raft.NodeID) string {
	var out []string
	for len(ids) > 0 {
		n := 1
		for n < len(ids) && ids[n] == ids[n-1]+1 {
			n++
		}
		name := t.Name(ids[0])
		switch {
		case n > 2:
			name += "–" + t.Name(ids[n-1])
		default:
			n = 1
		}
		out, ids = append(out, name), ids[n:]
	}
	return strings.Join(out, ", ")
}
