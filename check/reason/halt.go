package reason

import (
	"fmt"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// Halt says why a replay cannot go on, as an error at the place that would have
// to change.
func Halt(run *replay.Run, h *replay.Halt) *trace.Error {
	t := run.Trace
	s := &t.Steps[h.Step-1]
	at := h.Pos
	if !at.IsValid() {
		at = s.EventPos
	}
	return &trace.Error{File: t.File, Document: t.Document, Pos: at, Step: h.Step, Msg: fmt.Sprintf("step %s: %s", s.ID, teller{run}.stops(h))}
}

func (r teller) stops(h *replay.Halt) string {
	name := ""
	if h.Node != raft.NoNode {
		name = r.name(h.Node)
	}
	switch h.What {
	case replay.TooManyRequests:
		return fmt.Sprintf("the steps up to here send more than %d requests, each to one node; the limit is %d", h.Count, h.Count)
	case replay.NoTermLeft:
		return fmt.Sprintf("node %s is in term %d, the highest that there can be; it cannot start an election", name, h.Own)
	case replay.PrevTermUnknown:
		return fmt.Sprintf("prevLogTerm must be written: node %s's log ends at index %d, so it has no entry at prevLogIndex %d to take it from", name, h.Last.Index, h.At.Index)
	case replay.NoNextIndex:
		return fmt.Sprintf("entries: auto: node %s does not lead term %d, so it has no nextIndex; write prevLogIndex and the entries", name, h.Term)
	case replay.TooMuchGrowth:
		return fmt.Sprintf("under %s the logs up to here take in more than %d entries; the limit is %d", r.Rules.Name, h.Count, h.Count)
	case replay.TooMuchWork:
		return fmt.Sprintf("the trace up to here compares more than %d entries, one by one; the limit is %d", h.Count, h.Count)
	case replay.NotOnDisk:
		return r.notOnDisk(h)
	case replay.NoSnapshot:
		return fmt.Sprintf("lastIncludedIndex must be written: node %s has no snapshot to take it from", name)
	case replay.SnapshotTermUnknown:
		return fmt.Sprintf("lastIncludedTerm must be written: node %s's log has no entry at lastIncludedIndex %d to take it from", name, h.At.Index)
	case replay.NeedsSnapshot:
		return fmt.Sprintf("the next entry for node %s is %d, and node %s's snapshot covers its log up to index %d: send installSnapshot", r.name(h.Other), h.At.Index, name, h.Last.Index)
	case replay.TooFewEntries:
		return fmt.Sprintf("entries: {count: %d}: node %s's log ends at index %d, so it has not that many after index %d", h.Count, name, h.Last.Index, h.At.Index)
	}
	return fmt.Sprintf("matchIndex must be written: node %s has given node %s no success to take it from", name, r.name(h.Other))
}

// notOnDisk says what a disk cannot give back, since it was never on it.
func (r teller) notOnDisk(h *replay.Halt) string {
	name, says := r.name(h.Node), r.value(h.Says)
	switch h.Field {
	case "term":
		return fmt.Sprintf("node %s's disk cannot give back term %s: currentTerm was %s, and a crash does not raise it", name, says, r.value(h.Has))
	case "log":
		return fmt.Sprintf("node %s's disk cannot give back the log %s: it was %s, and a crash leaves that or less, from the end", name, says, r.value(h.Has))
	}
	return fmt.Sprintf("node %s's disk cannot give back a vote for %s in term %d: votedFor was %s", name, says, h.Term, r.value(h.Has))
}

// request is the name of the request of a fact's step.
func (r teller) request(f *replay.Fact) string {
	if _, is := r.Trace.Steps[f.Step-1].Event.(*trace.InstallSnapshot); is {
		return "InstallSnapshot"
	}
	return "AppendEntries"
}

// answer is the late response of a fact's step in words.
func (r teller) answer(f *replay.Fact) string {
	switch e := r.Trace.Steps[f.Step-1].Event.(type) {
	case *trace.VoteResponse:
		return fmt.Sprintf("voteGranted %t in term %d", e.Granted, e.Term)
	case *trace.AppendResponse:
		what := fmt.Sprintf("success %t in term %d", e.Success, e.Term)
		if e.Success {
			what += fmt.Sprintf(", matchIndex %d", f.At.Index)
		}
		return what
	}
	return ""
}

// event is what happens to a node in a fact's step, in words.
func (r teller) event(f *replay.Fact) string {
	switch r.Trace.Steps[f.Step-1].Event.(type) {
	case *trace.Timeout:
		return "a timeout"
	case *trace.ClientRequest:
		return "a client's request"
	case *trace.StepDown:
		return "stepping down"
	case *trace.Voters:
		return "another set of voters"
	}
	return "a response"
}
