package reason

import (
	"fmt"

	"raftsheet/check/replay"
	"raftsheet/raft"
)

// Answer says why a node answered a request as it did, or why it did not answer.
// A nil delivery is that of a node that was not sent the request.
func Answer(run *replay.Run, s *replay.Step, id raft.NodeID, d *replay.Delivery) string {
	r := teller{run}
	name := r.name(id)
	if d == nil {
		return fmt.Sprintf("node %s is not sent this request", name)
	}
	sender, _ := s.Trace.Sender()
	switch d.Fate {
	case replay.NotReached:
		return fmt.Sprintf("the request never reaches node %s: it is lost", name)
	case replay.Down:
		return fmt.Sprintf("node %s is down since %s", name, r.step(d.Since))
	case replay.CutOff:
		return fmt.Sprintf("node %s is cut off from node %s by the partition of %s", name, r.name(sender), r.step(d.Since))
	case replay.Unseen:
		return fmt.Sprintf("node %s is unknown", name)
	case replay.Silent:
		if d.TwoLeaders() {
			return fmt.Sprintf("node %s leads term %d itself, and does not answer a second leader of its term", name, d.Request.Term())
		}
		return fmt.Sprintf("%s, and node %s does not answer", Decision(run, id, d.Decision), name)
	}
	if d.Vote != nil && d.OK {
		return r.freeVote(s, d) + ", and " + Decision(run, id, d.Decision)
	}
	return Decision(run, id, d.Decision)
}

// freeVote says that a vote that was granted was free to give.
func (r teller) freeVote(s *replay.Step, d *replay.Delivery) string {
	name := r.name(d.To)
	was := r.State(d.To, s.Trace.Number-1)
	switch {
	case was.CurrentTerm != d.Vote.Term || was.VotedFor == raft.NoNode:
		return fmt.Sprintf("node %s has not voted in term %d", name, d.Vote.Term)
	case was.VotedFor == d.Vote.CandidateID:
		return fmt.Sprintf("node %s has already voted for this candidate in term %d", name, d.Vote.Term)
	}
	whom := "node " + r.name(was.VotedFor)
	if was.VotedFor == d.To {
		whom = "itself"
	}
	return fmt.Sprintf("node %s has voted for %s in term %d, which %s lets pass", name, whom, d.Vote.Term, r.Rules.Name)
}

// termReason says why an answer carries the term that it does.
func termReason(run *replay.Run, d *replay.Delivery) string {
	return fmt.Sprintf("node %s answers with its currentTerm, and that is %d; the message's term is %d",
		run.Trace.Name(d.To), d.Term, d.Request.Term())
}

// step names a step by its id.
func (r teller) step(step int) string {
	if step == 0 {
		return "the initial state"
	}
	return "step " + r.Trace.Steps[step-1].ID
}
