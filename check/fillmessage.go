package check

import (
	"fmt"
	"slices"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/edit"
)

// This file fills in messages.

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
		m := f.step.Sent.Vote
		if m == nil {
			return nil
		}
		fields = []fieldFill{
			{"term", e.Term.Presence, fmt.Sprint(m.Term)},
			{"lastLogIndex", e.LastLogIndex.Presence, fmt.Sprint(m.LastLogIndex)},
			{"lastLogTerm", e.LastLogTerm.Presence, fmt.Sprint(m.LastLogTerm)},
		}
	case *trace.InstallSnapshot:
		m := f.step.Sent.Install
		if m == nil {
			return nil
		}
		fields = []fieldFill{
			{"term", e.Term.Presence, fmt.Sprint(m.Term)},
			{"lastIncludedIndex", e.LastIncludedIndex.Presence, fmt.Sprint(m.LastIncludedIndex)},
			{"lastIncludedTerm", e.LastIncludedTerm.Presence, fmt.Sprint(m.LastIncludedTerm)},
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
	case e.Auto || unused || !f.onePrev():
	default:
		fields = append(fields,
			fieldFill{"prevLogIndex", e.PrevLogIndex.Presence, fmt.Sprint(m.PrevLogIndex)},
			fieldFill{"prevLogTerm", e.PrevLogTerm.Presence, fmt.Sprint(m.PrevLogTerm)})
	}
	return fields
}

// onePrev reports whether the request has one prevLogIndex for all who get it. A
// heartbeat's follows from each node's nextIndex; what no leader can send would
// have one thing more wrong with it if that were written.
func (f *filler) onePrev() bool {
	ds := f.step.Deliveries
	return f.step.Sent.Append != nil || f.step.Possible != replay.Impossible && !slices.ContainsFunc(ds, func(d replay.Delivery) bool {
		m := d.Append
		return m.PrevLogIndex != ds[0].Append.PrevLogIndex || m.PrevLogTerm > m.Term || (m.PrevLogIndex == 0) != (m.PrevLogTerm == 0)
	})
}

// common gives the request of the step, as far as it is one for all: what
// differs from node to node is not looked at where Sent is nil.
func (f *filler) common() *raft.AppendEntries {
	if m := f.step.Sent.Append; m != nil {
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
