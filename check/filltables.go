package check

import (
	"fmt"
	"strings"

	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/edit"
)

// This file fills tables and messages.

func (f *filler) tables() error {
	if f.s.StateBlank() {
		return f.allTables()
	}
	for i := range f.s.State {
		st := &f.s.State[i]
		if f.t.Unknown.Has(st.Node) {
			continue
		}
		if err := f.table(st); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) allTables() error {
	var pairs []string
	for i := range f.t.Names {
		if id := raft.NodeID(i + 1); !f.t.Unknown.Has(id) {
			pairs = append(pairs, f.t.FlowName(id)+": "+f.run.FlowState(id, f.s.Number))
		}
	}
	return f.ed.Set(f.t, edit.States(f.s.Number), "{"+strings.Join(pairs, ", ")+"}")
}

// A cellFill is a field of a table with the text that belongs in it.
type cellFill struct {
	field string
	blank bool
	text  func() string
}

func (f *filler) table(st *trace.NodeState) error {
	id, step := st.Node, f.s.Number
	if st.Blank {
		return f.ed.Set(f.t, edit.State(step, id, ""), f.run.FlowState(id, step))
	}
	now := f.run.State(id, step)
	cells := []cellFill{
		{"term", st.Term.Presence == trace.Blank, func() string { return fmt.Sprint(now.CurrentTerm) }},
		{"votedFor", st.VotedFor.Presence == trace.Blank, func() string { return f.t.FlowName(now.VotedFor) }},
		{"role", st.Role.Presence == trace.Blank, func() string { return now.Role.String() }},
		{"log", st.Log.Presence == trace.Blank, func() string { return trace.FlowLog(now.Log.Entries()) }},
		{"commitIndex", st.CommitIndex.Presence == trace.Blank, func() string { return fmt.Sprint(now.CommitIndex) }},
		{"lastApplied", st.LastApplied.Presence == trace.Blank, func() string { return fmt.Sprint(now.LastApplied) }},
		{"nextIndex", st.NextIndex.Presence == trace.Blank, func() string { return f.t.FlowIndexes(id, now.NextIndex) }},
		{"matchIndex", st.MatchIndex.Presence == trace.Blank, func() string { return f.t.FlowIndexes(id, now.MatchIndex) }},
		{"terms", st.Terms.Presence == trace.Blank, func() string { return f.run.history(id, step).flow(f.t) }},
	}
	if now.Role == raft.Leader {
		cells = append(cells, f.indexCells("nextIndex", st.NextIndex.Value, now.NextIndex)...)
		cells = append(cells, f.indexCells("matchIndex", st.MatchIndex.Value, now.MatchIndex)...)
	}
	for _, w := range st.Terms.Value {
		if had, ok := f.run.term(id, step, w.Term); ok {
			cells = append(cells, cellFill{fmt.Sprintf("terms.%d", w.Term), w.VotedFor.Presence == trace.Blank,
				func() string { return f.t.FlowName(had.VotedFor) }})
		}
	}
	for _, c := range cells {
		if !c.blank {
			continue
		}
		if err := f.ed.Set(f.t, edit.State(step, id, c.field), c.text()); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) indexCells(field string, written []trace.NodeIndex, now []raft.Index) []cellFill {
	var cells []cellFill
	for _, w := range written {
		cells = append(cells, cellFill{field + "." + f.t.Name(w.Node), w.Index.Presence == trace.Blank,
			func() string { return fmt.Sprint(now[w.Node-1]) }})
	}
	return cells
}

// FlowState gives a node's state after a step as the format writes it.
func (r *Run) FlowState(id raft.NodeID, step int) string {
	s := r.State(id, step)
	text := fmt.Sprintf("{term: %d, votedFor: %s, role: %s, log: %s, commitIndex: %d, lastApplied: %d",
		s.CurrentTerm, r.Trace.FlowName(s.VotedFor), s.Role, trace.FlowLog(s.Log.Entries()), s.CommitIndex, s.LastApplied)
	if s.Role == raft.Leader && len(s.NextIndex) > 1 {
		text += ", nextIndex: " + r.Trace.FlowIndexes(id, s.NextIndex) + ", matchIndex: " + r.Trace.FlowIndexes(id, s.MatchIndex)
	}
	return text + "}"
}

// A fieldFill is a field of a message with the text that belongs in it.
type fieldFill struct {
	name     string
	presence trace.Presence
	text     string
}

// message writes out the fields of a request that are left out, as far as they
// are the same for every node that it is sent to.
func (f *filler) message() error {
	if !f.opt.Messages {
		return nil
	}
	var fields []fieldFill
	switch e := f.s.Event.(type) {
	case *trace.RequestVote:
		m, ok := f.step.Sent.(*raft.RequestVote)
		if !ok {
			return nil
		}
		fields = []fieldFill{
			{"term", e.Term.Presence, fmt.Sprint(m.Term)},
			{"lastLogIndex", e.LastLogIndex.Presence, fmt.Sprint(m.LastLogIndex)},
			{"lastLogTerm", e.LastLogTerm.Presence, fmt.Sprint(m.LastLogTerm)},
		}
	case *trace.AppendEntries:
		fields = f.appendFields(e)
	}
	for _, field := range fields {
		if field.presence == trace.Given {
			continue
		}
		if err := f.ed.Set(f.t, edit.Message(f.s.Number, field.name), field.text); err != nil {
			return err
		}
	}
	return nil
}

func (f *filler) appendFields(e *trace.AppendEntries) []fieldFill {
	m := f.common()
	if m == nil {
		return nil
	}
	fields := []fieldFill{
		{"term", e.Term.Presence, fmt.Sprint(m.Term)},
		{"leaderCommit", e.LeaderCommit.Presence, fmt.Sprint(m.LeaderCommit)},
	}
	switch unused := e.Index.Presence == trace.Blank || e.Value.Presence == trace.Blank; {
	case e.Worksheet():
		if v := f.entryValue(m); v != "" {
			fields = append(fields, fieldFill{"value", e.Value.Presence, trace.FlowScalar(v)})
		}
	case e.Auto || unused || f.step.Sent == nil:
	default:
		fields = append(fields,
			fieldFill{"prevLogIndex", e.PrevLogIndex.Presence, fmt.Sprint(m.PrevLogIndex)},
			fieldFill{"prevLogTerm", e.PrevLogTerm.Presence, fmt.Sprint(m.PrevLogTerm)})
	}
	return fields
}

// common gives the request of the step, as far as it is one for all: what
// differs from node to node is not looked at where Sent is nil.
func (f *filler) common() *raft.AppendEntries {
	if m, ok := f.step.Sent.(*raft.AppendEntries); ok {
		return m
	}
	if len(f.step.Deliveries) > 0 {
		return f.step.Deliveries[0].Append
	}
	return nil
}

func (f *filler) entryValue(m *raft.AppendEntries) string {
	if es := m.Entries.Slice(); len(es) == 1 {
		return es[0].Value
	}
	return ""
}
