package logs

import (
	"errors"
	"fmt"

	"raftsheet/raft"
	"raftsheet/trace"
)

// This file makes the steps of a recorder's trace.

// step begins a step. The pointer is good until the next one begins.
func (r *Recorder) step(e trace.Event) *trace.Step {
	r.t.Steps = append(r.t.Steps, trace.Step{Event: e, Comment: r.place})
	return &r.t.Steps[len(r.t.Steps)-1]
}

// goesOn is told before something happens to a node: what it has sent until now,
// and nobody has received, becomes steps at this place, where it is still what it
// was as it sent them. Copies of one request to several nodes are one step.
func (r *Recorder) goesOn(id raft.NodeID) {
	waiting := r.unsent[id-1]
	r.unsent[id-1] = nil
	for i, q := range waiting {
		if i > 0 && waiting[i-1].alike(q) {
			s := &r.t.Steps[len(r.t.Steps)-1]
			if !s.Lost.Has(q.To) {
				s.To.Value = s.To.Value.With(q.To)
				s.Lost = s.To.Value
				continue
			}
		}
		s := r.step(q.Event())
		s.Comment = q.place
		s.To = trace.OptOf(raft.SetOf(q.To))
		s.Lost = s.To.Value
	}
}

// alike reports whether two requests differ in their recipients alone.
func (q *request) alike(other *request) bool {
	switch {
	case q.Vote != nil && other.Vote != nil:
		return *q.Vote == *other.Vote
	case q.Install != nil && other.Install != nil:
		return *q.Install == *other.Install
	}
	return q.Append != nil && other.Append != nil && q.Append.String() == other.Append.String()
}

// atOnce reports whether the answer to a request can be part of the step in which
// it was received: nothing has happened since, and the sender's state after that
// step has not been told without it.
func (r *Recorder) atOnce(q *request) bool {
	s := &r.t.Steps[q.step-1]
	if q.step < len(r.t.Steps) || s.ResponseLost == 0 {
		return false
	}
	for i := range s.State {
		if s.State[i].Node == q.From() {
			return false
		}
	}
	return true
}

// received finds a request that has been received.
func (r *Recorder) received(id int) (*request, error) {
	q := r.requests[id]
	if q == nil || q.step == 0 {
		return nil, fmt.Errorf("request %d: nobody is on record as having received it", id)
	}
	return q, nil
}

// check reports what keeps a request from being recorded.
func (r *Recorder) check(q Request) error {
	if !q.says() {
		return errors.New("nothing is known of what the request says")
	}
	for _, id := range []raft.NodeID{q.From(), q.To} {
		if id == raft.NoNode || int(id) > len(r.t.Names) {
			return fmt.Errorf("request %d: the cluster has no node %d", q.ID, id)
		}
	}
	return nil
}

// term is the term of the request.
func (q *request) term() raft.Term {
	switch {
	case q.Vote != nil:
		return q.Vote.Term
	case q.Install != nil:
		return q.Install.Term
	}
	return q.Append.Term
}

// cell is the cell of the request's answer.
func (q *request) cell(t *trace.Trace) *trace.Cell { return &t.Steps[q.step-1].Response.Cells[0] }

// Event is the request as an event, with everything written out.
func (q Request) Event() trace.Event {
	if m := q.Vote; m != nil {
		return &trace.RequestVote{CandidateID: m.CandidateID, Term: trace.OptOf(m.Term),
			LastLogIndex: trace.OptOf(m.LastLogIndex), LastLogTerm: trace.OptOf(m.LastLogTerm)}
	}
	if m := q.Install; m != nil {
		return &trace.InstallSnapshot{LeaderID: m.LeaderID, Term: trace.OptOf(m.Term),
			LastIncludedIndex: trace.OptOf(m.LastIncludedIndex), LastIncludedTerm: trace.OptOf(m.LastIncludedTerm)}
	}
	m := q.Append
	return &trace.AppendEntries{LeaderID: m.LeaderID, Term: trace.OptOf(m.Term), LeaderCommit: trace.OptOf(m.LeaderCommit),
		PrevLogIndex: trace.OptOf(m.PrevLogIndex), PrevLogTerm: trace.OptOf(m.PrevLogTerm), Entries: trace.OptOf(trace.LogEntries(m.Entries.Slice()))}
}

// Table gives a node's state as the table of a trace, with the fields that are
// known of it: term, votedFor, role, log, commitIndex, lastApplied and, of a
// leader, nextIndex and matchIndex.
func Table(id raft.NodeID, s *raft.State, known raft.Fields) trace.NodeState {
	st := trace.NodeState{Node: id,
		Term:        told(s.CurrentTerm, known.Has(raft.FieldTerm)),
		VotedFor:    told(s.VotedFor, known.Has(raft.FieldVotedFor)),
		Role:        told(s.Role, known.Has(raft.FieldRole)),
		CommitIndex: told(s.CommitIndex, known.Has(raft.FieldCommitIndex)),
		LastApplied: told(s.LastApplied, known.Has(raft.FieldLastApplied)),
	}
	if known.Has(raft.FieldLog) {
		st.Log = trace.OptOf(trace.LogEntries(s.Log.Entries()))
	}
	if s.Role == raft.Leader {
		st.NextIndex = told(others(id, s.NextIndex), known.Has(raft.FieldNextIndex))
		st.MatchIndex = told(others(id, s.MatchIndex), known.Has(raft.FieldMatchIndex))
	}
	return st
}

// beginning makes a table that of a state to begin with. Where its log ends the log
// itself tells, which is whole.
func beginning(st *trace.NodeState) {
	st.LastLogIndex, st.LastLogTerm = trace.Opt[raft.Index]{}, trace.Opt[raft.Term]{}
	if st.LogFrom == st.Snapshot.Value.LastIncludedIndex.Value+1 {
		st.LogFrom = 0
	}
}

// overlay takes in what is told of a table's fields.
func overlay(st, told *trace.NodeState) {
	if told.Log.Given() {
		st.Log, st.LogFrom = told.Log, told.LogFrom
	}
	take(&st.Term, told.Term)
	take(&st.VotedFor, told.VotedFor)
	take(&st.Role, told.Role)
	take(&st.CommitIndex, told.CommitIndex)
	take(&st.LastApplied, told.LastApplied)
	take(&st.NextIndex, told.NextIndex)
	take(&st.MatchIndex, told.MatchIndex)
	take(&st.Leader, told.Leader)
	take(&st.Snapshot, told.Snapshot)
	take(&st.LastLogIndex, told.LastLogIndex)
	take(&st.LastLogTerm, told.LastLogTerm)
}

// take puts a value in place where it is told.
func take[T any](o *trace.Opt[T], told trace.Opt[T]) {
	if told.Given() {
		*o = told
	}
}

// addsTo reports whether what is told agrees with a table, so that both are one.
func addsTo(st, told *trace.NodeState) bool {
	return alikeIn(st.Term, told.Term) && alikeIn(st.VotedFor, told.VotedFor) && alikeIn(st.Role, told.Role) &&
		alikeIn(st.CommitIndex, told.CommitIndex) && alikeIn(st.LastApplied, told.LastApplied) &&
		alikeIn(st.Leader, told.Leader) && alikeIn(st.LastLogIndex, told.LastLogIndex) && alikeIn(st.LastLogTerm, told.LastLogTerm) &&
		!(st.Log.Given() && told.Log.Given()) && !(st.Snapshot.Given() && told.Snapshot.Given()) &&
		!(st.NextIndex.Given() && told.NextIndex.Given()) && !(st.MatchIndex.Given() && told.MatchIndex.Given())
}

// alikeIn reports whether two that may be told do not say different things.
func alikeIn[T comparable](a, b trace.Opt[T]) bool {
	return !a.Given() || !b.Given() || a.Value == b.Value
}

// others gives the lines of a leader's nextIndex or matchIndex. It has none for
// itself.
func others(leader raft.NodeID, indexes []raft.Index) []trace.NodeIndex {
	var lines []trace.NodeIndex
	for i, index := range indexes {
		if id := raft.NodeID(i + 1); id != leader {
			lines = append(lines, trace.NodeIndex{Node: id, Index: trace.OptOf(index)})
		}
	}
	return lines
}

// told gives a value where it is known.
func told[T any](v T, known bool) (o trace.Opt[T]) {
	if known {
		o = trace.OptOf(v)
	}
	return o
}
