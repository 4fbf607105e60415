package raft

// This file is what a node does with each message and event, in the order in which
// Figure 2 has its rules decide.

// hear takes in a message's term (A2) and keeps what the message found.
func (n *Node) hear(m Heard) *Decision {
	n.begin()
	n.was = n.State
	return n.note(n.Rules.A2(n, m))
}

// apply follows every change of commitIndex.
func (n *Node) apply() { n.note(n.Rules.A1(n)) }

// HandleAppendEntries answers the AppendEntries RPC (Figure 2, "Receiver
// implementation"). The decision is that of the line which settled the answer:
// AE1 or AE2.
//
// A node that leads m.Term itself does not answer at all, and answered is
// false: Election Safety rules the case out, and Figure 2 is silent on it.
func (n *Node) HandleAppendEntries(m *AppendEntries) (resp AppendEntriesResponse, why Decision, answered bool) {
	n.hear(Heard{Kind: AppendEntriesRequest, Term: m.Term})
	if d := n.note(n.Rules.AE1(n, m)); d.Outcome != Passed {
		return n.refuseAppend(m, d)
	}
	if n.Role == Leader && m.Term == n.CurrentTerm {
		return AppendEntriesResponse{}, *n.note(n.secondLeader(Claim{m.Term, m.LeaderID})), false
	}
	if d := n.note(n.Rules.C3(n, Claim{m.Term, m.LeaderID})); d.Outcome == Refused {
		return n.refuseAppend(m, d)
	}
	d := n.note(n.Rules.AE2(n, m))
	if d.Outcome == Refused {
		return n.refuseAppend(m, d)
	}
	why = *d
	n.note(n.Rules.AE3(n, m))
	if d := n.note(n.Rules.AE4(n, m)); d.Outcome == Refused {
		return n.refuseAppend(m, d)
	}
	n.note(n.Rules.AE5(n, m))
	n.apply()
	return AppendEntriesResponse{Term: n.Rules.ReplyTerm(n), Success: true, MatchIndex: n.Rules.Matched(n, m)}, why, true
}

func (n *Node) refuseAppend(m *AppendEntries, d *Decision) (AppendEntriesResponse, Decision, bool) {
	why := *d
	n.Rules.RefuseAppend(n, m)
	n.settle()
	return AppendEntriesResponse{Term: n.Rules.ReplyTerm(n), Success: false}, why, why.Outcome == Refused
}

// secondLeader is the case that Figure 2 rules out: two leaders of one term.
func (n *Node) secondLeader(c Claim) *Decision {
	d := n.Decide(C3, Ignored)
	d.Node, d.Role, d.Term, d.Current = c.LeaderID, n.Role, c.Term, n.CurrentTerm
	return d
}

// HandleRequestVote answers the RequestVote RPC (Figure 2, "Receiver
// implementation"). The decision is that of the line which settled the answer:
// RV1, RV2a or RV2b. Under Figure 2 every request is answered.
func (n *Node) HandleRequestVote(m *RequestVote) (resp RequestVoteResponse, why Decision, answered bool) {
	n.hear(Heard{Kind: RequestVoteRequest, Term: m.Term})
	d := n.note(n.Rules.RV1(n, m))
	if d.Outcome == Passed {
		d = n.note(n.Rules.RV2a(n, m))
	}
	if d.Outcome == Passed {
		d = n.note(n.Rules.RV2b(n, m))
	}
	why = *d
	if why.Outcome != Passed {
		n.Rules.RefuseVote(n, m)
		n.settle()
		return RequestVoteResponse{Term: n.Rules.ReplyTerm(n), VoteGranted: false}, why, why.Outcome == Refused
	}
	n.Rules.GrantVote(n, m)
	n.settle()
	return RequestVoteResponse{Term: n.Rules.ReplyTerm(n), VoteGranted: true}, why, true
}

// HandleVote takes in an answer to the node's own RequestVote. The decision is
// A2's where a higher term made it step down, otherwise C2's.
func (n *Node) HandleVote(v Vote) Decision {
	if d := n.hear(Heard{Kind: RequestVoteAnswer, Term: v.Term, Request: v.Request}); d.Outcome == Acted {
		return *d
	}
	d := *n.note(n.Rules.C2(n, v))
	if d.Outcome == Acted && d.Count >= d.Need {
		n.lead()
	}
	return d
}

// HandleAck takes in an answer to the node's own AppendEntries, or to its
// InstallSnapshot (see [InstallSnapshotResponse.Ack]). The decision is A2's where a
// higher term made it step down, otherwise L3's.
func (n *Node) HandleAck(a Ack) Decision {
	if d := n.hear(Heard{Kind: AppendEntriesAnswer, Term: a.Term, Request: a.Request, Heartbeat: a.Entries == 0}); d.Outcome == Acted {
		return *d
	}
	d := *n.note(n.Rules.L3(n, a))
	if d.Outcome == Acted && a.Success {
		n.advanceCommit()
	}
	return d
}

// Timeout is the election timeout elapsing (F2): a follower or candidate
// starts an election (C1), and leads at once if its own vote is a majority (C2). A
// leader's timeout is a heartbeat falling due, which changes nothing.
func (n *Node) Timeout() Decision {
	n.begin()
	d := n.Decide(F2, Acted)
	d.Role, d.Current = n.Role, n.CurrentTerm
	if n.Role == Leader {
		d.Outcome = Idle
		return *n.note(d)
	}
	n.note(d)
	started := *n.note(n.Rules.C1(n))
	if count, need := n.votes(); count >= need {
		d := n.Decide(C2, Acted)
		d.Node, d.Role, d.Term, d.Current = n.ID, n.Role, n.CurrentTerm, n.CurrentTerm
		d.Count, d.Need = count, need
		n.note(d)
		n.lead()
	}
	return started
}

// ClientRequest is a command from a client (L2). Only a leader takes it.
func (n *Node) ClientRequest(value string) Decision {
	n.begin()
	d := *n.note(n.Rules.L2(n, value))
	switch {
	case d.Outcome == Acted && n.Configuration.only(n.ID):
		n.advanceCommit()
	case n.CommitIndex > n.LastApplied:
		n.apply()
	}
	return d
}

// RequestVote is the request that the node, a candidate, sends to every other.
func (n *Node) RequestVote() RequestVote {
	return n.Rules.SendRequestVote(n)
}

// AppendEntries is the request that the node, a leader, sends to that server
// now: the entries from nextIndex on, or a heartbeat if there are none (L3). What
// its snapshot covers it cannot send: ask NeedsSnapshot first, or the request
// begins right after the snapshot.
func (n *Node) AppendEntries(to NodeID) AppendEntries {
	return n.Rules.SendAppendEntries(n, to)
}

// Elect makes the node leader of the term, by votes that were given unseen:
// votedFor is itself, nextIndex and matchIndex are fresh. It is recorded as C2's
// decision, with the term before, no voter, and no votes counted.
func (n *Node) Elect(term Term) {
	n.begin()
	d := n.Decide(C2, Acted)
	d.Role, d.Term, d.Current = n.Role, term, n.CurrentTerm
	_, d.Need = n.votes()
	n.CurrentTerm = term
	n.VotedFor = n.ID
	n.note(d)
	n.lead()
}

func (n *Node) lead() {
	n.Rules.Lead(n)
	n.settle()
	n.apply()
}

func (n *Node) advanceCommit() Decision {
	d := *n.note(n.Rules.L4(n))
	n.apply()
	return d
}

// Configure gives the server another configuration to count by. A leader asks at
// once what that commits (L4); a candidate does not count its votes again. The
// decision is L4's, or the zero Decision of a server that does not lead.
func (n *Node) Configure(c Configuration) Decision {
	n.begin()
	n.Configuration = c
	if n.Role != Leader {
		return Decision{}
	}
	return n.advanceCommit()
}
