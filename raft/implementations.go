package raft

// This file has the sets of what real implementations do differently from Figure
// 2, as seen in one server: what it answers, and what that leaves in its term, vote,
// log and commit index. The tests of package oracle run each beside the
// implementation itself.

// etcd is go.etcd.io/raft as a RawNode with the default options plays it: no
// PreVote, no CheckQuorum.
//
// Two things have no place in a set of rules. A heartbeat is a message of its
// own, MsgHeartbeat, that carries only a term and a commit index of at most
// matchIndex: it does what the AppendEntries without entries does whose
// prevLogIndex is that commit index, and whose check is known to pass. An
// AppendEntries without entries is another message, and checked. And a leader
// moves nextIndex on when it sends, and back by what a refusal tells of the
// follower's log, not by one.
func etcd() Set {
	return Set{Name: "etcd", Title: "go.etcd.io/raft v3.7.0, its RawNode with the default options", Server: true, Deviations: []Deviation{
		{"lower-term-unanswered", "AE1 RV1 IS1", "A request of a lower term gets no answer.",
			"Figure 2 answers false with currentTerm, so that the sender learns of the higher term and steps down. Safe: either way nothing is granted or stored.", "5.1",
			ignoreLowerTerm},
		{"prev-zero-term-checked", "AE2", "prevLogTerm must match at prevLogIndex 0 as well: it must be 0.",
			"Figure 2 requires no entry there: every log has the place before its first entry. Safe: no leader sends another term with it.", "5.3",
			checkPrev(func(n *Node, m *AppendEntries, right bool) bool {
				return right && (m.PrevLogIndex > 0 || m.PrevLogTerm == 0)
			})},
		{"append-below-commit-skipped", "AE2 AE3 AE4 AE5", "If prevLogIndex is below commitIndex, the answer is true and vouches for the log up to commitIndex; prevLogTerm, the entries and leaderCommit are ignored.",
			"Figure 2 checks, appends and commits what the message brings. Safe: the logs do match up to commitIndex, the answer says so, and the leader sends what follows.", "5.3",
			skipBelowCommit},
		{"vote-withheld-under-leader", "RV2a", "A server that knows its term's leader grants no vote in that term, even if it has not voted.",
			"Figure 2 looks only at votedFor and the log. Safe: the term has its leader, and another vote elects nobody else.", "5.2",
			withholdVote},
		{"first-answer-stands", "C2", "Only a voter's first answer counts.",
			"In Figure 2 a grant counts whatever came before it. Safe: one vote fewer elects nobody else.", "5.2",
			firstAnswerStands},
		{"refused-candidate-steps-down", "C2", "A candidate that a majority refuses becomes a follower.",
			"In Figure 2 it stays a candidate until another server leads or its election times out. Safe: it cannot win any more, and a follower starts an election after a timeout too.", "5.2",
			stepDownWhenRefused},
		newLeaderAppends(),
		catalogued("commit-kept-on-restart"),
	}}
}

// etcdUnstored is etcd as it is between two of its user's steps, and not once all
// that it asks to have stored is stored: as recorded runs show it. It differs from
// etcd where a server is its own majority.
func etcdUnstored() Set {
	return Set{Name: "etcd-unstored", Title: "go.etcd.io/raft v3.7.0, seen before it has stored what it asks to have stored", Server: true, Deviations: append(etcd().Deviations,
		Deviation{"own-vote-when-stored", "C1", "A candidate's own vote counts once it is stored: when it answers itself, or by the time that another server answers.",
			"In Figure 2 it counts at once. Safe: it is the same vote, and until it is stored a crash could undo it.", "5.2",
			countStoredVote},
	)}
}

// hashicorp is github.com/hashicorp/raft, asked without PreVote and without the
// flag of a leadership transfer.
//
// Two things have no place in a set of rules: a candidate outside of the
// server's configuration is refused, or has its term taken in and is refused if
// it may not vote, and here every server belongs to the cluster and votes; and a
// leader steps down when it has not heard from a majority for a while, and here
// there is no clock.
func hashicorp() Set {
	return Set{Name: "hashicorp", Title: "github.com/hashicorp/raft v1.8.0", Server: true, Deviations: []Deviation{
		catalogued("commit-to-log-end"),
		{"commit-falls-with-log", "AE5", "If the log was cut below commitIndex, a leaderCommit above it lowers commitIndex to the last index.",
			"commitIndex never falls. Safe: committed entries are cut only by a message that no leader sends.", "5.3",
			fallWithLog},
		{"repeated-vote-unchecked", "RV2b", "A candidate that asks again in the same term gets its vote again, whatever the logs look like by now.",
			"Figure 2 compares the logs each time. Safe: it is the same vote in the same term, and the logs were compared when it was granted.", "5.4.1",
			repeatVote},
		{"rivals-refused-under-leader", "RV1", "A server that knows a leader refuses all other candidates and does not take in their term; a leader knows itself.",
			"In Figure 2 a higher term in any message is taken in. Safe: nothing is granted, and a server that was cut off does not depose a working leader; section 6 of the paper does the same within a minimum election timeout.", "6",
			refuseRivals},
		newLeaderAppends(),
		{"heartbeat-term-unread", "A2", "A leader does not read the term of an answer to its heartbeat.",
			"In Figure 2 a higher term in any message is taken in. Safe: the leader steps down at the next answer that it reads; until then it commits only what a majority confirms in its own term.", "5.1",
			leaveHeartbeatTerm},
		{"step-down-keeps-term", "A2", "A leader that gets a higher term in an answer to AppendEntries steps down, but does not take the term in.",
			"Figure 2 sets currentTerm to it. Safe: the server has not voted in any higher term, and learns of it from the next request.", "5.1",
			stepDownInTerm},
		{"late-vote-term-unread", "A2", "Once an election is over, its candidate does not read the term of an answer to its RequestVote.",
			"In Figure 2 a higher term in any message is taken in. Safe: the answer grants nothing, and the server learns of the term from the next message that it reads.", "5.1",
			leaveLateVoteTerm},
	}}
}

// newLeaderAppends is what both do, and what the paper proposes for reads.
func newLeaderAppends() Deviation {
	return Deviation{"new-leader-appends", "C2", "A new leader begins its term with an empty entry of its own.",
		"In Figure 2 only a client's command makes an entry. Safe: the empty entry is like any command, and commits what earlier terms left behind; section 8 wants it before the leader serves reads.", "8",
		appendOnElection}
}

func appendOnElection(r *Rules) {
	right := r.Lead
	r.Lead = func(n *Node) {
		right(n)
		n.Log = n.Log.Append(Entry{Term: n.CurrentTerm})
		if n.Configuration.only(n.ID) {
			n.note(n.Rules.L4(n))
		}
	}
}

func ignoreLowerTerm(r *Rules) {
	ae1, rv1, is1 := r.AE1, r.RV1, r.IS1
	r.AE1 = func(n *Node, m *AppendEntries) *Decision { return unanswered(ae1(n, m)) }
	r.RV1 = func(n *Node, m *RequestVote) *Decision { return unanswered(rv1(n, m)) }
	r.IS1 = func(n *Node, m *InstallSnapshot) *Decision { return unanswered(is1(n, m)) }
}

func unanswered(d *Decision) *Decision {
	if d.Outcome == Refused {
		d.Outcome = Ignored
	}
	return d
}

func skipBelowCommit(r *Rules) {
	below := func(n *Node, m *AppendEntries) bool { return m.PrevLogIndex < n.was.CommitIndex }
	checkPrev(func(n *Node, m *AppendEntries, right bool) bool { return right || below(n, m) })(r)
	ae3, ae4, ae5 := r.AE3, r.AE4, r.AE5
	r.AE3 = func(n *Node, m *AppendEntries) *Decision {
		if below(n, m) {
			return n.Decide(AE3, Idle)
		}
		return ae3(n, m)
	}
	r.AE4 = func(n *Node, m *AppendEntries) *Decision {
		if below(n, m) {
			d := n.Decide(AE4, Idle)
			d.Count = m.Entries.Len()
			return d
		}
		return ae4(n, m)
	}
	r.AE5 = func(n *Node, m *AppendEntries) *Decision {
		if below(n, m) {
			return n.commitTo(m, n.CommitIndex)
		}
		return ae5(n, m)
	}
	right := r.Matched
	r.Matched = func(n *Node, m *AppendEntries) Index {
		if below(n, m) {
			return n.CommitIndex
		}
		return right(n, m)
	}
}

func withholdVote(r *Rules) {
	r.HeedsLeader = true
	right := r.RV2a
	r.RV2a = func(n *Node, m *RequestVote) *Decision {
		d := right(n, m)
		if n.VotedFor == NoNode && n.Leader != NoNode {
			d.Outcome = Refused
		}
		return d
	}
}

func firstAnswerStands(r *Rules) {
	right := r.C2
	r.C2 = func(n *Node, v Vote) *Decision {
		if n.Extra.Answered.Has(v.From) {
			v.Granted = n.Votes.Has(v.From)
		}
		return n.answeredBy(v.From, right(n, v))
	}
}

func stepDownWhenRefused(r *Rules) {
	right := r.C2
	r.C2 = func(n *Node, v Vote) *Decision {
		d := n.answeredBy(v.From, right(n, v))
		open := AllNodes(n.Size) &^ (n.Extra.Answered &^ n.Votes) // who has granted, or may yet
		if count, need := n.Configuration.Tally(open, n.Rules.Majority); d.Outcome != Ignored && count < need {
			n.becomeFollower()
		}
		return d
	}
}

// countStoredVote: etcd's candidate sends itself an answer, which reaches it when
// its vote is on the disk. Its requests leave it no sooner, so that another's answer
// says that the vote is stored.
func countStoredVote(r *Rules) {
	c1, c2 := r.C1, r.C2
	r.C1 = func(n *Node) *Decision {
		d := c1(n)
		n.Votes = n.Votes.Without(n.ID)
		return d
	}
	r.C2 = func(n *Node, v Vote) *Decision {
		if n.Role == Candidate && n.VotedFor == n.ID && v.Request >= n.CurrentTerm {
			n.Votes = n.Votes.With(n.ID)
		}
		return c2(n, v)
	}
}

// answeredBy keeps who has answered a candidate, either way, unless C2's
// decision is to heed no answer.
func (n *Node) answeredBy(voter NodeID, d *Decision) *Decision {
	if d.Outcome != Ignored {
		n.Extra.Answered = n.Extra.Answered.With(voter)
	}
	return d
}

func fallWithLog(r *Rules) {
	right := r.AE5
	r.AE5 = func(n *Node, m *AppendEntries) *Decision {
		if last := n.Log.LastIndex(); m.LeaderCommit > n.CommitIndex && last < n.CommitIndex {
			return n.commitTo(m, last)
		}
		return right(n, m)
	}
}

func repeatVote(r *Rules) {
	right := r.RV2b
	r.RV2b = func(n *Node, m *RequestVote) *Decision {
		d := right(n, m)
		if n.VotedFor == m.CandidateID {
			d.Outcome = Passed
		}
		return d
	}
}

func refuseRivals(r *Rules) {
	r.HeedsLeader = true
	right := r.RV1
	r.RV1 = func(n *Node, m *RequestVote) *Decision {
		d := right(n, m)
		if leader := n.was.Leader; leader != NoNode && leader != m.CandidateID {
			n.State = n.was
			d.Current, d.Outcome = n.CurrentTerm, Refused
		}
		return d
	}
}

// leaveHeartbeatTerm: the goroutine that sends heartbeats looks only at whether
// the answer came.
func leaveHeartbeatTerm(r *Rules) {
	unread := func(n *Node, m Heard) bool {
		return m.Kind == AppendEntriesAnswer && m.Heartbeat && m.Term > n.CurrentTerm
	}
	a2, l3 := r.A2, r.L3
	r.A2 = func(n *Node, m Heard) *Decision {
		if unread(n, m) {
			m.Term = n.CurrentTerm
		}
		return a2(n, m)
	}
	r.L3 = func(n *Node, a Ack) *Decision {
		if unread(n, Heard{Kind: AppendEntriesAnswer, Term: a.Term, Heartbeat: a.Entries == 0}) {
			d := n.Decide(L3, Ignored)
			d.Node, d.Role, d.Term, d.Current = a.From, n.Role, a.Term, n.CurrentTerm
			return d
		}
		return l3(n, a)
	}
}

// stepDownInTerm: the answer goes to the goroutine that replicates, which tells
// the leader to step down, and not to which term. Once that leadership is over, the
// server does not hear of it at all.
func stepDownInTerm(r *Rules) {
	right := r.A2
	r.A2 = func(n *Node, m Heard) *Decision {
		was := n.State
		d := right(n, m)
		switch {
		case m.Kind != AppendEntriesAnswer || d.Outcome != Acted:
		case was.Role == Leader && m.Request >= was.CurrentTerm:
			n.CurrentTerm, n.VotedFor = was.CurrentTerm, was.VotedFor
		default:
			n.State, d.Outcome = was, Idle
		}
		return d
	}
}

// leaveLateVoteTerm: the answers go to the election that asked for them, and nobody
// listens to it once it is over.
func leaveLateVoteTerm(r *Rules) {
	a2 := r.A2
	r.A2 = func(n *Node, m Heard) *Decision {
		if m.Kind == RequestVoteAnswer && m.Term > n.CurrentTerm && (n.Role != Candidate || m.Request < n.CurrentTerm) {
			m.Term = n.CurrentTerm
		}
		return a2(n, m)
	}
}
