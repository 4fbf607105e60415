package report

import (
	"reflect"

	"raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/trace"
)

// This file gives states, and what changed of them, as JSON.

// changeJSON gives the fields of a node that a step has changed.
func (s *Shown) changeJSON(id raft.NodeID, step int) (c jsonChange) {
	t, was, now := s.Trace, s.Run.State(id, step-1), s.Run.State(id, step)
	if v := s.votersJSON(id, step); !reflect.DeepEqual(v, s.votersJSON(id, step-1)) {
		c.Voters = v
	}
	if was == now {
		return c
	}
	fs := was.Changed(now)
	if fs.Has(raft.FieldTerm) {
		c.Term = &now.CurrentTerm
	}
	if fs.Has(raft.FieldVotedFor) {
		c.VotedFor = new(t.Name(now.VotedFor))
	}
	if fs.Has(raft.FieldRole) {
		c.Role = new(now.Role.String())
	}
	if fs.Has(raft.FieldLeader) {
		c.Leader = new(t.Name(now.Leader))
	}
	if now.Log.Snapshot() != was.Log.Snapshot() {
		c.Snapshot = snapshotJSON(now.Log)
	}
	if fs.Has(raft.FieldLog) {
		c.Log = logChangeJSON(was.Log, now.Log)
	}
	if fs.Has(raft.FieldCommitIndex) {
		c.CommitIndex = &now.CommitIndex
	}
	if fs.Has(raft.FieldLastApplied) {
		c.LastApplied = &now.LastApplied
	}
	if now.Role == raft.Leader && fs.Has(raft.FieldNextIndex) {
		c.NextIndex = indexesJSON(t, id, now.NextIndex)
	}
	if now.Role == raft.Leader && fs.Has(raft.FieldMatchIndex) {
		c.MatchIndex = indexesJSON(t, id, now.MatchIndex)
	}
	return c
}

// logChangeJSON gives how two logs part, nil where they do not.
func logChangeJSON(was, now raft.Log) *jsonLogChange {
	from, went, came := render.ChangedLog(was, now)
	if len(went)+len(came) == 0 {
		return nil
	}
	return &jsonLogChange{from, entriesJSON(came)}
}

func deliveryJSON(run *replay.Run, s *replay.Step, d *replay.Delivery) jsonDelivery {
	t := run.Trace
	out := jsonDelivery{To: t.Name(d.To), Reached: d.Reached(), ResponseLost: d.Lost && d.Answered(),
		Rule: d.Decision.Rule.String(), Section: d.Decision.Rule.Info().Section, Reason: reason.Answer(run, s, d.To, d)}
	answered := d.Answered() || d.Fate == replay.Unseen && !d.Lost
	if out.Untold = answered && s.Doubts(d.To); answered && !out.Untold {
		out.Response = responseJSON(d)
	}
	switch {
	case d.Vote != nil:
		m := d.Vote
		out.Request = jsonVote{m.Term, t.Name(m.CandidateID), m.LastLogIndex, m.LastLogTerm}
	case d.Install != nil:
		m := d.Install
		out.Request = jsonInstall{m.Term, t.Name(m.LeaderID), m.LastIncludedIndex, m.LastIncludedTerm}
	default:
		m := d.Append
		out.Request = jsonAppend{m.Term, t.Name(m.LeaderID), m.PrevLogIndex, m.PrevLogTerm, entriesJSON(m.Entries.Slice()), m.LeaderCommit}
	}
	return out
}

func responseJSON(d *replay.Delivery) *jsonResp {
	if d.Vote != nil {
		return &jsonResp{Term: d.Term, VoteGranted: &d.OK}
	}
	r := &jsonResp{Term: d.Term, Success: &d.OK}
	if d.OK {
		r.MatchIndex = &d.Match
	}
	return r
}

// entriesJSON gives entries as the trace format has them: 2, or "2:x".
func entriesJSON(entries []raft.Entry) []any {
	out := make([]any, len(entries))
	for i, e := range entries {
		out[i] = e.String()
		if e.Value == "" {
			out[i] = e.Term
		}
	}
	return out
}

// stateJSON gives a node's state after a step.
func (s *Shown) stateJSON(id raft.NodeID, step int) jsonState {
	t, now := s.Trace, s.Run.State(id, step)
	out := jsonState{Term: now.CurrentTerm, VotedFor: t.Name(now.VotedFor), Role: now.Role.String(), Leader: t.Name(now.Leader),
		Log: entriesJSON(now.Log.Entries()), CommitIndex: now.CommitIndex, LastApplied: now.LastApplied, Voters: s.votersJSON(id, step)}
	if now.Log.Snapshot().Index > 0 {
		out.Snapshot = snapshotJSON(now.Log)
	}
	if now.Role == raft.Leader {
		out.NextIndex, out.MatchIndex = indexesJSON(t, id, now.NextIndex), indexesJSON(t, id, now.MatchIndex)
	}
	return out
}

func snapshotJSON(log raft.Log) *jsonSnapshot {
	last := log.Snapshot()
	return &jsonSnapshot{last.Index, last.Term}
}

// votersJSON gives whom a node counts after a step, in one list or two; nil where
// the trace says nothing of it.
func (s *Shown) votersJSON(id raft.NodeID, step int) [][]string {
	if !s.countsVoters {
		return nil
	}
	c := s.Configuration(id, step)
	lists := [][]string{namesJSON(s.Trace, c.Voters)}
	if c.Joint != 0 {
		lists = append(lists, namesJSON(s.Trace, c.Joint))
	}
	return lists
}

func indexesJSON(t *trace.Trace, leader raft.NodeID, indexes []raft.Index) map[string]raft.Index {
	out := make(map[string]raft.Index, len(indexes))
	for i, x := range indexes {
		if id := raft.NodeID(i + 1); id != leader {
			out[t.Name(id)] = x
		}
	}
	return out
}
