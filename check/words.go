package check

import (
	"fmt"

	"raftsheet/raft"
)

// This file puts decisions into words: one sentence with the figures of the
// case at hand.

// Because says why a node answered a request as it did, or why it did not
// answer.
func (r *Run) Because(s *Step, d *Delivery) string {
	name := r.Trace.Name(d.To)
	sender, _ := s.Trace.Sender()
	switch d.Fate {
	case NotReached:
		return fmt.Sprintf("the request never reaches node %s: it is lost", name)
	case Down:
		return fmt.Sprintf("node %s is down since %s", name, r.atStep(d.Since))
	case CutOff:
		return fmt.Sprintf("node %s is cut off from node %s by the partition of %s", name, r.Trace.Name(sender), r.atStep(d.Since))
	case Unseen:
		return fmt.Sprintf("node %s is unknown", name)
	case Silent:
		if d.twoLeaders() {
			return fmt.Sprintf("node %s leads term %d itself, and does not answer a second leader of its term", name, d.Append.Term)
		}
		return fmt.Sprintf("%s, and node %s does not answer", r.Sentence(d.To, d.Decision), name)
	}
	if d.Vote != nil && d.OK {
		return r.vote(s, d) + ", and " + r.Sentence(d.To, d.Decision)
	}
	return r.Sentence(d.To, d.Decision)
}

// vote says that a vote that was granted was free to give.
func (r *Run) vote(s *Step, d *Delivery) string {
	name := r.Trace.Name(d.To)
	was := r.State(d.To, s.Trace.Number-1)
	if was.CurrentTerm == d.Vote.Term && was.VotedFor == d.Vote.CandidateID {
		return fmt.Sprintf("node %s has voted for this candidate in term %d already", name, d.Vote.Term)
	}
	return fmt.Sprintf("node %s has not voted in term %d", name, d.Vote.Term)
}

// atStep names a step by its id.
func (r *Run) atStep(step int) string {
	if step == 0 {
		return "the initial state"
	}
	return "step " + r.Trace.Steps[step-1].ID
}

// Sentence says what a decision about a node rests on.
func (r *Run) Sentence(id raft.NodeID, d raft.Decision) string {
	name := r.Trace.Name(id)
	switch d.Rule {
	case raft.AE1, raft.RV1:
		return termSentence(name, d)
	case raft.AE2:
		return prevSentence(name, d)
	case raft.RV2a:
		return r.voteSentence(id, d)
	case raft.RV2b:
		return upToDateSentence(name, d)
	case raft.AE3, raft.AE4, raft.AE5, raft.A1:
		return storeSentence(name, d)
	case raft.A2, raft.C3, raft.F2, raft.C1:
		return roleSentence(name, d)
	}
	return r.leaderSentence(id, d)
}

func termSentence(name string, d raft.Decision) string {
	if d.Outcome == raft.Refused {
		return fmt.Sprintf("the message's term %d is below node %s's currentTerm %d", d.Term, name, d.Current)
	}
	return fmt.Sprintf("the message's term %d is not below node %s's currentTerm %d", d.Term, name, d.Current)
}

func prevSentence(name string, d raft.Decision) string {
	switch {
	case d.Msg.Index == 0 && d.Outcome == raft.Passed:
		return "prevLogIndex is 0, the place before the first entry, which every log has"
	case d.Outcome == raft.Passed:
		return fmt.Sprintf("node %s has an entry of term %d at index %d, as prevLogIndex %d and prevLogTerm %d ask", name, d.Own.Term, d.Own.Index, d.Msg.Index, d.Msg.Term)
	case d.Own.Index < d.Msg.Index:
		return fmt.Sprintf("node %s's log ends at index %d; the message says prevLogIndex %d", name, d.Own.Index, d.Msg.Index)
	}
	return fmt.Sprintf("node %s has an entry of term %d at index %d; the message says prevLogTerm %d", name, d.Own.Term, d.Own.Index, d.Msg.Term)
}

func (r *Run) voteSentence(id raft.NodeID, d raft.Decision) string {
	name := r.Trace.Name(id)
	switch {
	case d.Node == raft.NoNode:
		return fmt.Sprintf("node %s has not voted in term %d", name, d.Current)
	case d.Outcome == raft.Passed:
		return fmt.Sprintf("node %s has voted for this candidate in term %d already", name, d.Current)
	case d.Node == id:
		return fmt.Sprintf("node %s has voted for itself in term %d", name, d.Current)
	}
	return fmt.Sprintf("node %s has voted for node %s in term %d", name, r.Trace.Name(d.Node), d.Current)
}

func upToDateSentence(name string, d raft.Decision) string {
	if d.Msg == d.Own {
		return fmt.Sprintf("the candidate's log and node %s's end alike, at %s", name, place(d.Own.Index, d.Own.Term))
	}
	compared := "is at least as up-to-date as"
	if d.Outcome == raft.Refused {
		compared = "is behind"
	}
	return fmt.Sprintf("the candidate's log, which ends at %s, %s node %s's, which ends at %s",
		place(d.Msg.Index, d.Msg.Term), compared, name, place(d.Own.Index, d.Own.Term))
}

func storeSentence(name string, d raft.Decision) string {
	acted := d.Outcome == raft.Acted
	switch {
	case d.Rule == raft.AE3 && acted:
		return fmt.Sprintf("node %s's entry at index %d is of term %d and the new one is not: %s", name, d.Own.Index, d.Own.Term, span(d, "goes", "go"))
	case d.Rule == raft.AE3:
		return fmt.Sprintf("no entry of node %s conflicts with a new one", name)
	case d.Rule == raft.AE4 && acted:
		return fmt.Sprintf("%s appended", span(d, "is", "are"))
	case d.Rule == raft.AE4 && d.Count == 0:
		return "a heartbeat has no entries to append"
	case d.Rule == raft.AE4:
		return fmt.Sprintf("node %s has all of the new entries already", name)
	case d.Rule == raft.AE5 && acted:
		return fmt.Sprintf("leaderCommit %d > commitIndex %d: commitIndex = min(leaderCommit %d, last new entry %d) = %d", d.Msg.Index, d.From, d.Msg.Index, d.Own.Index, d.To)
	case d.Rule == raft.AE5 && d.Msg.Index <= d.From:
		return fmt.Sprintf("leaderCommit %d is not above commitIndex %d", d.Msg.Index, d.From)
	case d.Rule == raft.AE5:
		return fmt.Sprintf("min(leaderCommit %d, last new entry %d) is not above commitIndex %d, which never falls", d.Msg.Index, d.Own.Index, d.From)
	case acted:
		return fmt.Sprintf("commitIndex %d > lastApplied %d: lastApplied = %d", d.To, d.From, d.To)
	}
	return fmt.Sprintf("lastApplied %d is not below commitIndex %d", d.From, d.To)
}

func span(d raft.Decision, one, many string) string {
	if d.From == d.To {
		return fmt.Sprintf("entry %d %s", d.From, one)
	}
	return fmt.Sprintf("entries %d to %d %s", d.From, d.To, many)
}

func roleSentence(name string, d raft.Decision) string {
	acted := d.Outcome == raft.Acted
	switch {
	case d.Rule == raft.A2 && acted:
		was := ""
		if d.Role != raft.Follower {
			was = fmt.Sprintf(", no longer a %s", d.Role)
		}
		return fmt.Sprintf("term %d > currentTerm %d: node %s takes it in, a follower%s, its vote free", d.Term, d.Current, name, was)
	case d.Rule == raft.A2:
		return fmt.Sprintf("term %d is not above currentTerm %d", d.Term, d.Current)
	case d.Rule == raft.C3 && acted:
		return fmt.Sprintf("node %s was a candidate of term %d, and this is the term's leader: it becomes a follower", name, d.Current)
	case d.Rule == raft.C3 && d.Outcome == raft.Ignored:
		return fmt.Sprintf("node %s leads term %d itself: two leaders of a term cannot be, and it does not answer", name, d.Current)
	case d.Rule == raft.C3:
		return fmt.Sprintf("node %s is a %s, no candidate", name, d.Role)
	case d.Rule == raft.F2 && acted:
		return fmt.Sprintf("the election timeout of node %s, a %s, elapses", name, d.Role)
	case d.Rule == raft.F2:
		return fmt.Sprintf("node %s leads term %d: a heartbeat is due", name, d.Current)
	}
	return fmt.Sprintf("node %s goes from term %d to %d, is a candidate, and votes for itself", name, d.Current, d.Term)
}

func (r *Run) leaderSentence(id raft.NodeID, d raft.Decision) string {
	name := r.Trace.Name(id)
	switch {
	case d.Rule == raft.C2 && d.Outcome == raft.Ignored && d.Role == raft.Leader && d.Term == d.Current:
		return fmt.Sprintf("node %s leads term %d already: one answer more changes nothing", name, d.Current)
	case d.Rule == raft.C2 && d.Outcome == raft.Ignored:
		return fmt.Sprintf("node %s is a %s in term %d: an answer to a request of term %d counts no more", name, d.Role, d.Current, d.Term)
	case d.Rule == raft.C2 && d.Outcome == raft.Idle:
		return fmt.Sprintf("no vote from node %s: node %s has %d, and %d are a majority", r.Trace.Name(d.Node), name, d.Count, d.Need)
	case d.Rule == raft.C2 && d.Count >= d.Need:
		return fmt.Sprintf("with node %s's, node %s has %d votes, and %d are a majority: it leads term %d", r.Trace.Name(d.Node), name, d.Count, d.Need, d.Current)
	case d.Rule == raft.C2:
		return fmt.Sprintf("with node %s's, node %s has %d votes, and %d are a majority", r.Trace.Name(d.Node), name, d.Count, d.Need)
	case d.Rule == raft.L2 && d.Outcome == raft.Ignored:
		return fmt.Sprintf("node %s is a %s, and only a leader takes a client's request", name, d.Role)
	case d.Rule == raft.L2:
		return fmt.Sprintf("node %s appends the client's command at index %d, in term %d", name, d.To, d.Current)
	case d.Rule == raft.L3 && d.Outcome == raft.Ignored:
		return fmt.Sprintf("node %s is a %s in term %d: an answer to a request of another term counts no more", name, d.Role, d.Current)
	case d.Rule == raft.L3:
		return fmt.Sprintf("for node %s: matchIndex %d, nextIndex from %d to %d", r.Trace.Name(d.Node), d.Own.Index, d.From, d.To)
	case d.Rule == raft.L4:
		return commitSentence(d)
	}
	return ""
}

func commitSentence(d raft.Decision) string {
	n := d.Own.Index
	switch {
	case d.Outcome == raft.Acted:
		return fmt.Sprintf("%d nodes have index %d, whose term %d is the current one: commitIndex = %d", d.Need, n, d.Own.Term, d.To)
	case n <= d.From:
		return fmt.Sprintf("%d nodes, a majority, have index %d and none further; commitIndex is %d", d.Need, n, d.From)
	}
	return fmt.Sprintf("%d nodes have index %d, whose term is %d and not the current %d: it is not committed by counting", d.Need, n, d.Own.Term, d.Current)
}
