package reason

import (
	"fmt"

	"raftsheet/check/replay"
	"raftsheet/raft"
)

// A teller makes sentences about a run.
type teller struct{ *replay.Run }

func (r teller) name(id raft.NodeID) string { return r.Trace.Name(id) }

// Decision says on what a decision of a node rests. Where Figure 2 decides
// otherwise on the same figures, it says that a deviation is in force.
func Decision(run *replay.Run, id raft.NodeID, d raft.Decision) string {
	r := teller{run}
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
func (r teller) figures(id raft.NodeID, d raft.Decision) string {
	name := r.name(id)
	switch d.Rule {
	case raft.AE1, raft.RV1, raft.IS1:
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
	case raft.IS6, raft.IS7, raft.IS8:
		return snapshotSentence(name, d)
	case raft.A2, raft.C3, raft.F2, raft.C1:
		return r.roleSentence(name, d)
	}
	return r.leaderSentence(id, d)
}

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
	case d.Msg.Index < d.Base:
		return fmt.Sprintf("prevLogIndex %d lies in what node %s's snapshot covers, up to index %d: it is committed, and every leader has it", d.Msg.Index, name, d.Base)
	case d.Msg == d.Own:
		return fmt.Sprintf("node %s has an entry of term %d at index %d, as prevLogIndex %d and prevLogTerm %d ask", name, d.Own.Term, d.Own.Index, d.Msg.Index, d.Msg.Term)
	case d.Own.Index < d.Msg.Index:
		return fmt.Sprintf("node %s's log ends at index %d; the message says prevLogIndex %d", name, d.Own.Index, d.Msg.Index)
	}
	return fmt.Sprintf("node %s has an entry of term %d at index %d; the message says prevLogTerm %d", name, d.Own.Term, d.Own.Index, d.Msg.Term)
}

func (r teller) voteSentence(id raft.NodeID, d raft.Decision) string {
	name := r.name(id)
	if r.Deviates() && d.Node != raft.NoNode {
		return fmt.Sprintf("node %s's votedFor is node %s", name, r.name(d.Node))
	}
	switch d.Node {
	case raft.NoNode:
		return fmt.Sprintf("node %s has not voted in term %d", name, d.Current)
	case d.Asker:
		return fmt.Sprintf("node %s has already voted for this candidate in term %d", name, d.Current)
	case id:
		return fmt.Sprintf("node %s has voted for itself in term %d", name, d.Current)
	}
	return fmt.Sprintf("node %s has voted for node %s in term %d", name, r.name(d.Node), d.Current)
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

func (r teller) storeSentence(name string, d raft.Decision) string {
	acted := d.Outcome == raft.Acted
	switch {
	case d.Rule == raft.AE3 && acted && r.Deviates():
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
func (r teller) commitSentence(d raft.Decision) string {
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

// snapshotSentence is about what a snapshot makes of a log and of the state
// machine.
func snapshotSentence(name string, d raft.Decision) string {
	last := d.Msg.Index
	switch {
	case d.Rule == raft.IS6 && d.Outcome == raft.Ignored:
		return fmt.Sprintf("node %s's own snapshot covers its log up to index %d, and this one no more: up to index %d", name, d.Base, last)
	case d.Rule == raft.IS6 && d.Outcome == raft.Acted && d.From == 0:
		return fmt.Sprintf("node %s has the snapshot's last entry, at %s, and none after it", name, place(d.Msg))
	case d.Rule == raft.IS6 && d.Outcome == raft.Acted:
		return fmt.Sprintf("node %s has the snapshot's last entry, at %s: %s after it", name, place(d.Msg), span(d, "stays", "stay"))
	case d.Rule == raft.IS6 && d.Own.Index < last:
		return fmt.Sprintf("node %s's log ends at index %d; the snapshot covers it up to index %d", name, d.Own.Index, last)
	case d.Rule == raft.IS6:
		return fmt.Sprintf("node %s has an entry of term %d at index %d; the snapshot's last is of term %d", name, d.Own.Term, last, d.Msg.Term)
	case d.Rule == raft.IS7 && d.From == 0:
		return fmt.Sprintf("node %s's log begins after the snapshot, at index %d", name, last+1)
	case d.Rule == raft.IS7:
		return fmt.Sprintf("node %s's log goes (%s), and begins after the snapshot, at index %d", name, entries(d), last+1)
	case d.Outcome == raft.Acted && d.From < d.To:
		return fmt.Sprintf("what the snapshot covers is committed and applied: commitIndex from %d to %d", d.From, d.To)
	case d.Outcome == raft.Acted:
		return fmt.Sprintf("what the snapshot covers is applied, up to index %d", last)
	}
	return fmt.Sprintf("the snapshot covers the log up to index %d; commitIndex is already %d", last, d.To)
}

// entries names the entries that a decision is about.
func entries(d raft.Decision) string {
	if d.From == d.To {
		return fmt.Sprintf("entry %d", d.From)
	}
	return fmt.Sprintf("entries %d to %d", d.From, d.To)
}

func span(d raft.Decision, one, many string) string {
	if d.From == d.To {
		return entries(d) + " " + one
	}
	return entries(d) + " " + many
}

func (r teller) roleSentence(name string, d raft.Decision) string {
	acted := d.Outcome == raft.Acted
	switch {
	case d.Rule == raft.A2 && acted && d.Term < d.Current:
		return fmt.Sprintf("term %d is below currentTerm %d, and %s takes it in", d.Term, d.Current, r.Rules.Name)
	case d.Rule == raft.A2 && acted:
		return fmt.Sprintf("term %d > currentTerm %d: node %s takes it in%s", d.Term, d.Current, name, r.afterNewTerm(d.Role))
	case d.Rule == raft.A2:
		return fmt.Sprintf("term %d is not above currentTerm %d", d.Term, d.Current)
	case d.Rule == raft.C3 && acted:
		return fmt.Sprintf("node %s was a candidate of term %d, and this is the term's leader: it becomes a follower", name, d.Current)
	case d.Rule == raft.C3 && d.Outcome == raft.Refused:
		return fmt.Sprintf("node %s is a %s in term %d, and this is the term's leader", name, d.Role, d.Current)
	case d.Rule == raft.C3 && d.Outcome == raft.Ignored:
		return fmt.Sprintf("node %s leads term %d itself: a term has one leader, and Figure 2 has no answer for a second", name, d.Current)
	case d.Rule == raft.C3:
		return fmt.Sprintf("node %s is a %s, and not a candidate", name, d.Role)
	case d.Rule == raft.F2 && acted:
		return fmt.Sprintf("the election timeout of node %s, a %s, elapses", name, d.Role)
	case d.Rule == raft.F2:
		return fmt.Sprintf("node %s leads term %d: a heartbeat is due", name, d.Current)
	case r.Deviates():
		return fmt.Sprintf("node %s goes from term %d to %d, and is a candidate", name, d.Current, d.Term)
	}
	return fmt.Sprintf("node %s goes from term %d to %d, is a candidate, and votes for itself", name, d.Current, d.Term)
}

// afterNewTerm is what a higher term makes of a node besides, under Figure 2.
func (r teller) afterNewTerm(was raft.Role) string {
	switch {
	case was != raft.Follower && r.Deviates():
		return fmt.Sprintf(" and is no longer a %s", was)
	case was != raft.Follower:
		return fmt.Sprintf(" and is a follower, no longer a %s; its vote is free", was)
	case r.Deviates():
		return ""
	}
	return ", and its vote is free"
}

func (r teller) leaderSentence(id raft.NodeID, d raft.Decision) string {
	name := r.name(id)
	switch {
	case d.Rule == raft.C2 && d.Outcome == raft.Ignored && d.Role == raft.Leader && d.Term == d.Current:
		return fmt.Sprintf("node %s already leads term %d: one more answer changes nothing", name, d.Current)
	case d.Rule == raft.C2 && d.Outcome == raft.Ignored && d.Role == raft.Candidate:
		return fmt.Sprintf("node %s stands for term %d: an answer to a request of an earlier term no longer counts", name, d.Current)
	case d.Rule == raft.C2 && d.Outcome == raft.Ignored:
		return fmt.Sprintf("node %s is a %s in term %d, and only a candidate counts votes", name, d.Role, d.Current)
	case d.Rule == raft.C2 && d.Outcome == raft.Idle:
		return fmt.Sprintf("no vote from node %s: node %s has %d, and %d are a majority", r.name(d.Node), name, d.Count, d.Need)
	case d.Rule == raft.C2 && d.Count == 0:
		return fmt.Sprintf("node %s was elected leader of term %d off the page", name, d.Term)
	case d.Rule == raft.C2 && d.Node == id:
		return fmt.Sprintf("node %s's own vote is a majority: it leads term %d", name, d.Current)
	case d.Rule == raft.C2 && d.Count >= d.Need:
		return fmt.Sprintf("with node %s's, node %s has %d votes, and %d are a majority: it leads term %d", r.name(d.Node), name, d.Count, d.Need, d.Current)
	case d.Rule == raft.C2:
		return fmt.Sprintf("with node %s's, node %s has %d votes, and %d are a majority", r.name(d.Node), name, d.Count, d.Need)
	case d.Rule == raft.L2 && d.Outcome == raft.Ignored:
		return fmt.Sprintf("node %s is a %s, and only a leader takes a client's request", name, d.Role)
	case d.Rule == raft.L2:
		return fmt.Sprintf("node %s appends the client's command at index %d, in term %d", name, d.To, d.Current)
	case d.Rule == raft.L3 && d.Outcome == raft.Ignored && d.Role != raft.Leader:
		return fmt.Sprintf("node %s is a %s in term %d, and only a leader goes by such an answer", name, d.Role, d.Current)
	case d.Rule == raft.L3 && d.Outcome == raft.Ignored && d.Term > d.Current:
		return fmt.Sprintf("node %s leads term %d, and passes over an answer of term %d", name, d.Current, d.Term)
	case d.Rule == raft.L3 && d.Outcome == raft.Ignored:
		return fmt.Sprintf("node %s leads term %d: an answer to a request of an earlier term no longer counts", name, d.Current)
	case d.Rule == raft.L3 && d.Outcome == raft.Refused:
		return fmt.Sprintf("node %s's success is for index %d, and node %s's log ends at index %d: it answers nothing that node %s sent", r.name(d.Node), d.Msg.Index, name, d.Own.Index, name)
	case d.Rule == raft.L3:
		return fmt.Sprintf("for node %s: matchIndex %d, nextIndex from %d to %d", r.name(d.Node), d.Own.Index, d.From, d.To)
	case d.Rule == raft.L4:
		return r.leaderCommitSentence(d)
	}
	return ""
}

func (r teller) leaderCommitSentence(d raft.Decision) string {
	n := d.Own.Index
	switch {
	case d.Outcome == raft.Acted && d.Own.Term != d.Current:
		return fmt.Sprintf("%s index %d, whose term is %d and not the current %d; %s commits it all the same: commitIndex = %d", nodesHave(d.Need), n, d.Own.Term, d.Current, r.Rules.Name, d.To)
	case d.Outcome != raft.Acted && r.Deviates():
		return fmt.Sprintf("under %s commitIndex stays %d", r.Rules.Name, d.From)
	case d.Outcome == raft.Acted:
		return fmt.Sprintf("%s index %d, whose term %d is the current one: commitIndex = %d", nodesHave(d.Need), n, d.Own.Term, d.To)
	case n <= d.From:
		return fmt.Sprintf("index %[2]d is the highest that a majority (%[1]d) has; commitIndex is already %[3]d", d.Need, n, d.From)
	}
	return fmt.Sprintf("%s index %d, whose term is %d and not the current %d: counting does not commit it", nodesHave(d.Need), n, d.Own.Term, d.Current)
}

func nodesHave(n int) string {
	if n == 1 {
		return "1 node has"
	}
	return fmt.Sprintf("%d nodes have", n)
}
