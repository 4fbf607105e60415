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
	switch {
	case was.CurrentTerm != d.Vote.Term || was.VotedFor == raft.NoNode:
		return fmt.Sprintf("node %s has not voted in term %d", name, d.Vote.Term)
	case was.VotedFor == d.Vote.CandidateID:
		return fmt.Sprintf("node %s has voted for this candidate in term %d already", name, d.Vote.Term)
	}
	whom := "node " + r.Trace.Name(was.VotedFor)
	if was.VotedFor == d.To {
		whom = "itself"
	}
	return fmt.Sprintf("node %s has voted for %s in term %d, which %s lets pass", name, whom, d.Vote.Term, r.Rules.Name)
}

// atStep names a step by its id.
func (r *Run) atStep(step int) string {
	if step == 0 {
		return "the initial state"
	}
	return "step " + r.Trace.Steps[step-1].ID
}

// Sentence says what a decision about a node rests on. Where Figure 2 decides
// otherwise on the same figures, it says that a deviation is in force.
func (r *Run) Sentence(id raft.NodeID, d raft.Decision) string {
	says := r.figures(id, d)
	if right, ok := d.InFigure2(); ok && right == d.Outcome {
		return says
	}
	does := "refuses it"
	if d.Outcome == raft.Passed {
		does = "lets it pass"
	}
	return fmt.Sprintf("%s; %s %s", says, r.Rules.Name, does)
}

// figures gives a decision's figures in words.
func (r *Run) figures(id raft.NodeID, d raft.Decision) string {
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
	case raft.AE3, raft.AE4:
		return r.storeSentence(name, d)
	case raft.AE5, raft.A1:
		return r.commitSentence(d)
	case raft.A2, raft.C3, raft.F2, raft.C1:
		return r.roleSentence(name, d)
	}
	return r.leaderSentence(id, d)
}

// deviates reports whether other rules than Figure 2's are in force.
func (r *Run) deviates() bool { return r.Rules.Name != raft.Figure2().Name }

func termSentence(name string, d raft.Decision) string {
	is := "is not below"
	if d.Term < d.Current {
		is = "is below"
	}
	return fmt.Sprintf("the message's term %d %s node %s's currentTerm %d", d.Term, is, name, d.Current)
}

func prevSentence(name string, d raft.Decision) string {
	switch {
	case d.Msg.Index == 0:
		return "prevLogIndex is 0, the place before the first entry, which every log has"
	case d.Msg == d.Own:
		return fmt.Sprintf("node %s has an entry of term %d at index %d, as prevLogIndex %d and prevLogTerm %d ask", name, d.Own.Term, d.Own.Index, d.Msg.Index, d.Msg.Term)
	case d.Own.Index < d.Msg.Index:
		return fmt.Sprintf("node %s's log ends at index %d; the message says prevLogIndex %d", name, d.Own.Index, d.Msg.Index)
	}
	return fmt.Sprintf("node %s has an entry of term %d at index %d; the message says prevLogTerm %d", name, d.Own.Term, d.Own.Index, d.Msg.Term)
}

func (r *Run) voteSentence(id raft.NodeID, d raft.Decision) string {
	name := r.Trace.Name(id)
	if r.deviates() && d.Node != raft.NoNode {
		return fmt.Sprintf("node %s's votedFor is node %s", name, r.Trace.Name(d.Node))
	}
	switch d.Node {
	case raft.NoNode:
		return fmt.Sprintf("node %s has not voted in term %d", name, d.Current)
	case d.Asker:
		return fmt.Sprintf("node %s has voted for this candidate in term %d already", name, d.Current)
	case id:
		return fmt.Sprintf("node %s has voted for itself in term %d", name, d.Current)
	}
	return fmt.Sprintf("node %s has voted for node %s in term %d", name, r.Trace.Name(d.Node), d.Current)
}

func upToDateSentence(name string, d raft.Decision) string {
	if d.Msg == d.Own {
		return fmt.Sprintf("the candidate's log and node %s's end alike, at %s", name, place(d.Own))
	}
	compared := "is behind"
	if d.Msg.UpToDate(d.Own) {
		compared = "is at least as up-to-date as"
	}
	return fmt.Sprintf("the candidate's log, which ends at %s, %s node %s's, which ends at %s",
		place(d.Msg), compared, name, place(d.Own))
}

func (r *Run) storeSentence(name string, d raft.Decision) string {
	acted := d.Outcome == raft.Acted
	switch {
	case d.Rule == raft.AE3 && acted && r.deviates():
		return fmt.Sprintf("of node %s's log %s", name, span(d, "goes", "go"))
	case d.Rule == raft.AE3 && acted:
		return fmt.Sprintf("node %s's entry at index %d is of term %d and the new one is not: %s", name, d.Own.Index, d.Own.Term, span(d, "goes", "go"))
	case d.Rule == raft.AE3:
		return fmt.Sprintf("no entry of node %s conflicts with a new one", name)
	case acted && d.From > 0:
		return fmt.Sprintf("%s appended", span(d, "is", "are"))
	case acted:
		return fmt.Sprintf("new entries take the place of node %s's", name)
	case d.Count == 0:
		return "a heartbeat has no entries to append"
	}
	return fmt.Sprintf("node %s has all of the new entries already", name)
}

// commitSentence is about a follower's commitIndex, and anyone's lastApplied.
func (r *Run) commitSentence(d raft.Decision) string {
	acted := d.Outcome == raft.Acted
	right := max(d.From, min(d.Msg.Index, d.Own.Index))
	switch {
	case d.Rule == raft.A1 && acted:
		return fmt.Sprintf("commitIndex %d > lastApplied %d: lastApplied = %d", d.To, d.From, d.To)
	case d.Rule == raft.A1 && d.To < d.From:
		return fmt.Sprintf("commitIndex %d is below lastApplied %d", d.To, d.From)
	case d.Rule == raft.A1:
		return fmt.Sprintf("lastApplied %d is not below commitIndex %d", d.From, d.To)
	case d.To != right:
		return fmt.Sprintf("leaderCommit is %d, the last new entry %d: %s takes commitIndex from %d to %d", d.Msg.Index, d.Own.Index, r.Rules.Name, d.From, d.To)
	case acted:
		return fmt.Sprintf("leaderCommit %d > commitIndex %d: commitIndex = min(leaderCommit %d, last new entry %d) = %d", d.Msg.Index, d.From, d.Msg.Index, d.Own.Index, d.To)
	case d.Msg.Index <= d.From:
		return fmt.Sprintf("leaderCommit %d is not above commitIndex %d", d.Msg.Index, d.From)
	}
	return fmt.Sprintf("min(leaderCommit %d, last new entry %d) is not above commitIndex %d, which never falls", d.Msg.Index, d.Own.Index, d.From)
}

func span(d raft.Decision, one, many string) string {
	if d.From == d.To {
		return fmt.Sprintf("entry %d %s", d.From, one)
	}
	return fmt.Sprintf("entries %d to %d %s", d.From, d.To, many)
}

func (r *Run) roleSentence(name string, d raft.Decision) string {
	acted := d.Outcome == raft.Acted
	switch {
	case d.Rule == raft.A2 && acted && d.Term < d.Current:
		return fmt.Sprintf("term %d is below currentTerm %d, and %s takes it in", d.Term, d.Current, r.Rules.Name)
	case d.Rule == raft.A2 && acted:
		what := "a follower"
		if d.Role != raft.Follower {
			what += fmt.Sprintf(", no longer a %s", d.Role)
		}
		if !r.deviates() {
			what += ", its vote free"
		}
		return fmt.Sprintf("term %d > currentTerm %d: node %s takes it in, %s", d.Term, d.Current, name, what)
	case d.Rule == raft.A2:
		return fmt.Sprintf("term %d is not above currentTerm %d", d.Term, d.Current)
	case d.Rule == raft.C3 && acted:
		return fmt.Sprintf("node %s was a candidate of term %d, and this is the term's leader: it becomes a follower", name, d.Current)
	case d.Rule == raft.C3 && d.Outcome == raft.Refused:
		return fmt.Sprintf("node %s is a %s in term %d, and this is the term's leader", name, d.Role, d.Current)
	case d.Rule == raft.C3 && d.Outcome == raft.Ignored:
		return fmt.Sprintf("node %s leads term %d itself: two leaders of a term cannot be, and it does not answer", name, d.Current)
	case d.Rule == raft.C3:
		return fmt.Sprintf("node %s is a %s, no candidate", name, d.Role)
	case d.Rule == raft.F2 && acted:
		return fmt.Sprintf("the election timeout of node %s, a %s, elapses", name, d.Role)
	case d.Rule == raft.F2:
		return fmt.Sprintf("node %s leads term %d: a heartbeat is due", name, d.Current)
	case r.deviates():
		return fmt.Sprintf("node %s goes from term %d to %d, and is a candidate", name, d.Current, d.Term)
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
	case d.Rule == raft.C2 && d.Node == raft.NoNode:
		return fmt.Sprintf("node %s leads term %d: it was elected off the page", name, d.Term)
	case d.Rule == raft.C2 && d.Node == id && d.Count == 1 && d.Need == 1:
		return fmt.Sprintf("node %s's own vote is a majority: it leads term %d", name, d.Current)
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
	case d.Rule == raft.L3 && d.Outcome == raft.Refused:
		return fmt.Sprintf("node %s's success is for index %d, and node %s's log ends at index %d: it answers nothing that node %s sent", r.Trace.Name(d.Node), d.Msg.Index, name, d.Own.Index, name)
	case d.Rule == raft.L3:
		return fmt.Sprintf("for node %s: matchIndex %d, nextIndex from %d to %d", r.Trace.Name(d.Node), d.Own.Index, d.From, d.To)
	case d.Rule == raft.L4:
		return r.leaderCommitSentence(d)
	}
	return ""
}

func (r *Run) leaderCommitSentence(d raft.Decision) string {
	n := d.Own.Index
	switch {
	case d.Outcome == raft.Acted && d.Own.Term != d.Current:
		return fmt.Sprintf("%d nodes have index %d, whose term is %d and not the current %d; %s commits it all the same: commitIndex = %d", d.Need, n, d.Own.Term, d.Current, r.Rules.Name, d.To)
	case d.Outcome != raft.Acted && r.deviates():
		return fmt.Sprintf("under %s commitIndex stays %d", r.Rules.Name, d.From)
	case d.Outcome == raft.Acted:
		return fmt.Sprintf("%d nodes have index %d, whose term %d is the current one: commitIndex = %d", d.Need, n, d.Own.Term, d.To)
	case n <= d.From:
		return fmt.Sprintf("%d nodes, a majority, have index %d and none further; commitIndex is %d", d.Need, n, d.From)
	}
	return fmt.Sprintf("%d nodes have index %d, whose term is %d and not the current %d: it is not committed by counting", d.Need, n, d.Own.Term, d.Current)
}
