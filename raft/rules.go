package raft

// Figure2 gives the rules of the paper.
func Figure2() *Rules {
	return &Rules{
		Name: figure2,
		A1:   applyCommitted, A2: takeHigherTerm,
		AE1: refuseStaleLeader, AE2: matchPrevEntry, AE3: deleteConflicting,
		AE4: appendNew, AE5: followLeaderCommit,
		RV1: refuseStaleCandidate, RV2a: voteIsFree, RV2b: logUpToDate,
		C1: startElection, C2: countVote, C3: yieldToLeader,
		L2: appendCommand, L3: takeAnswer, L4: commitByMajority,
		IS1: refuseStaleSnapshot, IS6: retainFollowing, IS7: discardLog, IS8: resetStateMachine,
		GrantVote: grantVote, RefuseVote: leaveVote, RefuseAppend: leaveAppend, Matched: matched,
		Majority: majority, Replicated: replicated, Lead: becomeLeader, Restart: restart, ReplyTerm: currentTerm,
		SendRequestVote: sendRequestVote, SendAppendEntries: sendAppendEntries, SendInstallSnapshot: sendInstallSnapshot,
	}
}

// A1: "If commitIndex > lastApplied: increment lastApplied, apply
// log[lastApplied] to state machine" (§5.3), until there is nothing left.
// From and To are lastApplied before and after.
func applyCommitted(n *Node) *Decision {
	d := n.Decide(A1, Idle)
	d.From, d.To = n.LastApplied, n.CommitIndex
	if n.CommitIndex > n.LastApplied {
		n.LastApplied = n.CommitIndex
		d.Outcome = Acted
	}
	return d
}

// A2: "If RPC request or response contains term T > currentTerm: set
// currentTerm = T, convert to follower" (§5.1). In a new term no vote is given yet, and no leader known.
func takeHigherTerm(n *Node, m Heard) *Decision {
	d := n.Decide(A2, Idle)
	d.Role, d.Term, d.Current = n.Role, m.Term, n.CurrentTerm
	if m.Term > n.CurrentTerm {
		n.CurrentTerm = m.Term
		n.VotedFor = NoNode
		n.becomeFollower()
		d.Outcome = Acted
	}
	return d
}

// AE1: "Reply false if term < currentTerm" (§5.1).
func refuseStaleLeader(n *Node, m *AppendEntries) *Decision {
	return n.refuseStale(AE1, m.Term)
}

// refuseStale is AE1, RV1 and IS1. currentTerm is that from before the message.
func (n *Node) refuseStale(rule Rule, term Term) *Decision {
	d := n.Decide(rule, Passed)
	d.Term, d.Current = term, n.CurrentTerm
	if term < n.was.CurrentTerm {
		d.Outcome = Refused
	}
	return d
}

// AE2: "Reply false if log doesn't contain an entry at prevLogIndex whose term
// matches prevLogTerm" (§5.3). prevLogIndex 0 is the place before the first
// entry, which every log has. Below the last entry that the node's snapshot
// covers everything matches: it is committed, and a leader has all that is (§7).
// Msg is prevLogIndex and prevLogTerm; Own is the same place in the node's log, or
// the log's end where that comes earlier; Base is the snapshot's last index.
func matchPrevEntry(n *Node, m *AppendEntries) *Decision {
	d := n.Decide(AE2, Passed)
	d.Msg = Mark{m.PrevLogIndex, m.PrevLogTerm}
	d.Base = n.Log.Snapshot().Index
	switch {
	case m.PrevLogIndex == 0, m.PrevLogIndex < d.Base:
	case m.PrevLogIndex > n.Log.LastIndex():
		d.Own = n.Log.Last()
		d.Outcome = Refused
	default:
		d.Own = n.Log.Mark(m.PrevLogIndex)
		if d.Own.Term != m.PrevLogTerm {
			d.Outcome = Refused
		}
	}
	return d
}

// AE3: "If an existing entry conflicts with a new one (same index but
// different terms), delete the existing entry and all that follow it" (§5.3).
// Entries that the node's snapshot covers are passed over here and in AE4: those
// that it had there are gone, and were committed.
// From and To are the first and last index deleted, Own the first of them.
func deleteConflicting(n *Node, m *AppendEntries) *Decision {
	d := n.Decide(AE3, Idle)
	if i := n.Log.firstConflict(m.Entries); i > 0 {
		d.From, d.To = i, n.Log.LastIndex()
		d.Own = n.Log.Mark(i)
		n.Log = n.Log.Truncate(i - 1)
		d.Outcome = Acted
	}
	return d
}

// AE4: "Append any new entries not already in the log". From and To are the
// first and last index appended.
func appendNew(n *Node, m *AppendEntries) *Decision {
	d := n.Decide(AE4, Idle)
	d.Count = m.Entries.Len()
	if last := n.Log.LastIndex(); m.Entries.Len() > 0 && m.LastNewIndex() > last {
		n.Log = n.Log.appendRun(m.Entries)
		d.From, d.To = last+1, n.Log.LastIndex()
		d.Outcome = Acted
	}
	return d
}

// AE5: "If leaderCommit > commitIndex, set commitIndex = min(leaderCommit,
// index of last new entry)". The index of the last new entry is prevLogIndex
// and the number of entries, so that a heartbeat vouches for the log up to
// prevLogIndex and no further; and commitIndex never falls. Msg.Index is
// leaderCommit, Own.Index the last new entry; From and To are commitIndex
// before and after.
func followLeaderCommit(n *Node, m *AppendEntries) *Decision {
	d := n.Decide(AE5, Idle)
	d.From, d.To = n.CommitIndex, n.CommitIndex
	d.Msg.Index, d.Own.Index = m.LeaderCommit, m.LastNewIndex()
	if c := min(m.LeaderCommit, m.LastNewIndex()); c > n.CommitIndex {
		n.CommitIndex = c
		d.To, d.Outcome = c, Acted
	}
	return d
}

// RV1: "Reply false if term < currentTerm" (§5.1).
func refuseStaleCandidate(n *Node, m *RequestVote) *Decision {
	return n.refuseStale(RV1, m.Term)
}

// RV2a: "If votedFor is null or candidateId" (§5.2). Node is votedFor, Asker
// candidateId.
func voteIsFree(n *Node, m *RequestVote) *Decision {
	d := n.Decide(RV2a, Refused)
	d.Node, d.Asker, d.Role, d.Current = n.VotedFor, m.CandidateID, n.Role, n.CurrentTerm
	if n.VotedFor == NoNode || n.VotedFor == m.CandidateID {
		d.Outcome = Passed
	}
	return d
}

// RV2b: "and candidate's log is at least as up-to-date as receiver's log,
// grant vote" (§5.4.1): the later last term is the more up-to-date, and of
// equal last terms the longer log. Msg and Own are the last entries.
func logUpToDate(n *Node, m *RequestVote) *Decision {
	d := n.Decide(RV2b, Refused)
	d.Msg = Mark{m.LastLogIndex, m.LastLogTerm}
	d.Own = n.Log.Last()
	if d.Msg.UpToDate(d.Own) {
		d.Outcome = Passed
	}
	return d
}

func grantVote(n *Node, m *RequestVote)     { n.VotedFor = m.CandidateID }
func leaveVote(n *Node, m *RequestVote)     {}
func leaveAppend(n *Node, m *AppendEntries) {}

// matched: the logs agree up to the last new entry (§5.3).
func matched(n *Node, m *AppendEntries) Index { return m.LastNewIndex() }

// C1: "On conversion to candidate, start election: increment currentTerm, vote
// for self" (§5.2). Current is the term that was left.
func startElection(n *Node) *Decision {
	d := n.Decide(C1, Acted)
	d.Role, d.Current, d.Term = n.Role, n.CurrentTerm, n.CurrentTerm+1
	n.becomeFollower()
	n.CurrentTerm++
	n.Role = Candidate
	n.VotedFor = n.ID
	n.Votes = SetOf(n.ID)
	return d
}

// C2: "If votes received from majority of servers: become leader" (§5.2). An
// answer to a request of an earlier term, or to one that is no longer a
// candidate, counts for nothing, and neither does the vote of a learner. Count is
// the voters' votes with this one, Need a majority of the voters (of two lists:
// of the one that is further from it).
func countVote(n *Node, v Vote) *Decision {
	d := n.Decide(C2, Ignored)
	d.Node, d.Role, d.Term, d.Current = v.From, n.Role, v.Term, n.CurrentTerm
	_, d.Need = n.votes()
	if v.Request < n.CurrentTerm || n.Role != Candidate {
		return d
	}
	d.Outcome = Idle
	if v.Granted {
		n.Votes = n.Votes.With(v.From)
		d.Outcome = Acted
	}
	d.Count, d.Need = n.votes()
	return d
}

// C3: "If AppendEntries RPC received from new leader: convert to follower"
// (§5.2). Whoever is recognised so, by a candidate or a follower, is the leader
// that the node knows from then on.
func yieldToLeader(n *Node, c Claim) *Decision {
	d := n.Decide(C3, Idle)
	d.Node, d.Role, d.Term, d.Current = c.LeaderID, n.Role, c.Term, n.CurrentTerm
	if n.Role == Candidate {
		n.becomeFollower()
		d.Outcome = Acted
	}
	n.Leader = c.LeaderID
	return d
}

// L2: "If command received from client: append entry to local log" (§5.3). To
// is the entry's index.
func appendCommand(n *Node, value string) *Decision {
	d := n.Decide(L2, Ignored)
	d.Role, d.Current = n.Role, n.CurrentTerm
	if n.Role == Leader {
		n.Log = n.Log.Append(Entry{n.CurrentTerm, value})
		d.To, d.Outcome = n.Log.LastIndex(), Acted
	}
	return d
}

// L3: "If successful: update nextIndex and matchIndex for follower. If
// AppendEntries fails because of log inconsistency: decrement nextIndex and
// retry" (§5.3). An answer to a request of an earlier term says nothing of this
// one. matchIndex never falls, whatever order the answers come in,
// and nextIndex stays above it. Own.Index is matchIndex after; From and To are
// nextIndex before and after.
//
// A success for more than the leader's log has answers nothing that it can have
// sent. It is refused, and changes nothing: Msg.Index is what it vouches for, Own
// the log's end.
func takeAnswer(n *Node, a Ack) *Decision {
	d := n.Decide(L3, Ignored)
	d.Node, d.Role, d.Term, d.Current = a.From, n.Role, a.Term, n.CurrentTerm
	if a.Request < n.CurrentTerm || n.Role != Leader {
		return d
	}
	if a.Success && a.MatchIndex > n.Log.LastIndex() {
		d.Outcome, d.Msg.Index, d.Own = Refused, a.MatchIndex, n.Log.Last()
		return d
	}
	next, match := &n.NextIndex[a.From-1], &n.MatchIndex[a.From-1]
	d.Outcome, d.From = Acted, *next
	if a.Success {
		*match = max(*match, a.MatchIndex)
		*next = *match + 1
	} else if *next > *match+1 {
		*next--
	}
	d.To, d.Own = *next, Mark{Index: *match}
	return d
}

// L4: "If there exists an N such that N > commitIndex, a majority of
// matchIndex[i] >= N, and log[N].term == currentTerm: set commitIndex = N"
// (§5.3, §5.4). Own is the N that was settled on and its term; From and To are
// commitIndex before and after; Need is a majority of the voters.
func commitByMajority(n *Node) *Decision {
	d := n.Decide(L4, Idle)
	d.From, d.To, d.Current = n.CommitIndex, n.CommitIndex, n.CurrentTerm
	var N Index
	N, d.Need = n.replicatedOnMajority()
	d.Own = n.Log.Mark(N)
	// Terms never fall along a log that messages of real nodes have made, nor
	// pass currentTerm, and the highest N that a majority has is then the only
	// one to ask about.
	for d.Own.Index > n.CommitIndex && (d.Own.Term > n.CurrentTerm || d.Own.Term < n.CurrentTerm && !n.Log.Ordered()) {
		d.Own = n.Log.Mark(d.Own.Index - 1)
	}
	if N = d.Own.Index; N > n.CommitIndex &&
		d.Own.Term == n.CurrentTerm {
		n.CommitIndex = N
		d.To, d.Outcome = N, Acted
	}
	return d
}

// becomeLeader: nextIndex starts at the last log index + 1, matchIndex at 0.
func becomeLeader(n *Node) {
	n.becomeFollower()
	n.Role = Leader
	n.Leader = n.ID
	n.NextIndex = make([]Index, n.Size)
	n.MatchIndex = make([]Index, n.Size)
	for i := range n.NextIndex {
		n.NextIndex[i] = n.Log.LastIndex() + 1
	}
}

// restart: currentTerm, votedFor and log[] are on stable storage, and so is the
// snapshot (§7), from which the state machine begins: what it covers is committed
// and applied.
func restart(n *Node) State {
	covered := n.Log.Snapshot().Index
	return State{CurrentTerm: n.CurrentTerm, VotedFor: n.VotedFor, Log: n.Log,
		CommitIndex: covered, LastApplied: covered}
}

func currentTerm(n *Node) Term { return n.CurrentTerm }

func sendRequestVote(n *Node) RequestVote {
	return RequestVote{Term: n.CurrentTerm, CandidateID: n.ID,
		LastLogIndex: n.Log.LastIndex(), LastLogTerm: n.Log.LastTerm()}
}

func sendAppendEntries(n *Node, to NodeID) AppendEntries {
	prev := max(n.NextIndex[to-1], 1) - 1 // nextIndex is at least 1, but for deviations
	prev = max(prev, n.Log.Snapshot().Index)
	return AppendEntries{Term: n.CurrentTerm, LeaderID: n.ID,
		PrevLogIndex: prev, PrevLogTerm: n.Log.Term(prev),
		Entries: n.Log.After(prev), LeaderCommit: n.CommitIndex}
}
