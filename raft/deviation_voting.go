package raft

// The deviations of who gets a vote.
var voting = []Deviation{
	{"vote-longer-log-wins", "RV2b", "Only the length of the logs counts: the longer is the more up-to-date.",
		"The last terms are compared first; a long log of an old term may lack what was committed.", "5.4.1",
		compareLogs(func(n *Node, m *RequestVote) bool { return m.LastLogIndex >= n.Log.LastIndex() })},
	{"vote-last-term-only", "RV2b", "Only the last term counts, whatever the lengths.",
		"Of equal last terms the longer log is the more up-to-date: the shorter may lack a committed entry.", "5.4.1",
		compareLogs(func(n *Node, m *RequestVote) bool { return m.LastLogTerm >= n.Log.LastTerm() })},
	{"vote-strictly-newer", "RV2b", "The candidate's log must be more up-to-date than one's own; equal is not enough.",
		"At least as up-to-date is enough; otherwise equal logs, such as empty ones, elect nobody.", "5.4.1",
		compareLogs(func(n *Node, m *RequestVote) bool {
			last := Mark{m.LastLogIndex, m.LastLogTerm}
			return last.UpToDate(n.Log.Last()) && last != n.Log.Last()
		})},
	{"vote-both-at-least", "RV2b", "Both the last term and the last index must be at least one's own.",
		"A later last term decides alone; asking for the length too can leave nobody electable.", "5.4.1",
		compareLogs(func(n *Node, m *RequestVote) bool {
			return m.LastLogTerm >= n.Log.LastTerm() && m.LastLogIndex >= n.Log.LastIndex()
		})},
	{"vote-log-unchecked", "RV2b", "Logs play no part in a vote.",
		"A candidate without the committed entries could win, and they would be overwritten.", "5.4.1",
		compareLogs(func(n *Node, m *RequestVote) bool { return true })},
	{"vote-against-current-term", "RV2b", "lastLogTerm is compared with the voter's currentTerm.",
		"It is compared with the term of the voter's last entry; currentTerm says nothing of the log.", "5.4.1",
		compareLogs(func(n *Node, m *RequestVote) bool {
			if m.LastLogTerm != n.was.CurrentTerm {
				return m.LastLogTerm > n.was.CurrentTerm
			}
			return m.LastLogIndex >= n.Log.LastIndex()
		})},
	{"vote-against-commit-index", "RV2b", "The candidate's log need only reach the voter's commitIndex.",
		"What is committed may not be known to the voter yet; its whole log counts.", "5.4.1",
		compareLogs(func(n *Node, m *RequestVote) bool {
			if m.LastLogTerm != n.Log.LastTerm() {
				return m.LastLogTerm > n.Log.LastTerm()
			}
			return m.LastLogIndex >= n.CommitIndex
		})},
	{"vote-twice", "RV2a", "A node may vote for a second candidate in the same term.",
		"A node has one vote a term; two would elect two leaders.", "5.2",
		freeVote(func(n *Node, m *RequestVote) bool { return true })},
	{"vote-not-repeated", "RV2a", "A repeated request of the candidate voted for is refused.",
		"votedFor is null or candidateId: the answer may have been lost, and the vote stands.", "5.2",
		freeVote(func(n *Node, m *RequestVote) bool { return n.VotedFor == NoNode })},
	{"vote-for-rival", "RV2a", "A candidate may grant its vote to a rival of its own term.",
		"A candidate has voted for itself in its term.", "5.2",
		freeVote(func(n *Node, m *RequestVote) bool {
			return n.VotedFor == NoNode || n.VotedFor == m.CandidateID || n.Role == Candidate
		})},
	{"vote-cleared-by-append", "A2", "AppendEntries of the current term clears votedFor.",
		"votedFor holds for the whole term; only a higher term clears it.", "5.2", func(r *Rules) {
			right := r.A2
			r.A2 = func(n *Node, m Heard) *Decision {
				if m.Kind == AppendEntriesRequest && m.Term == n.CurrentTerm {
					n.VotedFor = NoNode
				}
				return right(n, m)
			}
		}},
	{"vote-once-forever", "A2", "A higher term does not clear votedFor.",
		"votedFor is of currentTerm; a new term brings a new vote, or there could be one election only.", "5.2", func(r *Rules) {
			right := r.A2
			r.A2 = func(n *Node, m Heard) *Decision {
				vote := n.VotedFor
				d := right(n, m)
				n.VotedFor = vote
				return d
			}
		}},
	{"term-must-be-newer", "RV1", "A vote is given only in a term above one's own.",
		"Equal terms are refused neither by rule 1 nor by rule 2: a node that has heard of the term may still have its vote.", "5.1", func(r *Rules) {
			right := r.RV1
			r.RV1 = func(n *Node, m *RequestVote) *Decision {
				d := right(n, m)
				if m.Term <= n.was.CurrentTerm {
					d.Outcome = Refused
				}
				return d
			}
		}},
	{"stale-vote-granted", "RV1", "The candidate's term is not looked at.",
		"A request of an earlier term is refused; its election is over.", "5.1", func(r *Rules) {
			right := r.RV1
			r.RV1 = func(n *Node, m *RequestVote) *Decision {
				d := right(n, m)
				d.Outcome = Passed
				return d
			}
		}},
	{"term-kept-on-refusal", "A2", "The higher term of a vote that is refused is not taken in.",
		"A higher term in any message is taken in; granting the vote is another matter.", "5.1", func(r *Rules) {
			right := r.RefuseVote
			r.RefuseVote = func(n *Node, m *RequestVote) {
				right(n, m)
				n.State = n.was
			}
		}},
	{"term-plus-one", "A2", "A higher term raises currentTerm by one.",
		"currentTerm becomes the message's term.", "5.1", func(r *Rules) {
			right := r.A2
			r.A2 = func(n *Node, m Heard) *Decision {
				m.Term = min(m.Term, n.CurrentTerm+1)
				return right(n, m)
			}
		}},
	{"term-falls", "A2", "A lower term is taken in too.",
		"currentTerm never falls; a term that falls can be voted in twice.", "5.1", func(r *Rules) {
			right := r.A2
			r.A2 = func(n *Node, m Heard) *Decision {
				d := right(n, m)
				if m.Term < n.CurrentTerm {
					n.CurrentTerm, n.VotedFor = m.Term, NoNode
					n.becomeFollower()
					d.Outcome = Acted
				}
				return d
			}
		}},
	{"no-step-down", "A2", "A leader or candidate ignores a RequestVote of a higher term.",
		"A higher term makes any node a follower, which then may vote.", "5.1", func(r *Rules) {
			right := r.A2
			r.A2 = func(n *Node, m Heard) *Decision {
				if m.Kind == RequestVoteRequest && n.Role != Follower {
					m.Term = min(m.Term, n.CurrentTerm)
				}
				return right(n, m)
			}
		}},
	{"grant-keeps-term", "A2", "Granting a vote leaves currentTerm as it was.",
		"The higher term of the request is taken in before the vote is decided; otherwise the voter's next vote could be in the same term.", "5.1", func(r *Rules) {
			right := r.GrantVote
			r.GrantVote = func(n *Node, m *RequestVote) {
				right(n, m)
				n.CurrentTerm = n.was.CurrentTerm
			}
		}},
	{"voter-keeps-role", "A2", "Granting a vote leaves the role as it was.",
		"The higher term of the request has made the voter a follower before it votes.", "5.1", func(r *Rules) {
			right := r.GrantVote
			r.GrantVote = func(n *Node, m *RequestVote) {
				right(n, m)
				n.Role, n.Votes, n.NextIndex, n.MatchIndex = n.was.Role, n.was.Votes, n.was.NextIndex, n.was.MatchIndex
			}
		}},
}

// compareLogs puts another comparison in RV2b's place.
func compareLogs(upToDate func(n *Node, m *RequestVote) bool) func(*Rules) {
	return changeCheck(func(r *Rules) *func(*Node, *RequestVote) *Decision { return &r.RV2b }, upToDate)
}

// freeVote puts another condition in RV2a's place.
func freeVote(free func(n *Node, m *RequestVote) bool) func(*Rules) {
	return changeCheck(func(r *Rules) *func(*Node, *RequestVote) *Decision { return &r.RV2a }, free)
}

// changeCheck keeps a check's figures and puts another condition in its place.
func changeCheck[M any](rule func(*Rules) *func(*Node, M) *Decision, passes func(*Node, M) bool) func(*Rules) {
	return func(r *Rules) {
		at := rule(r)
		right := *at
		*at = func(n *Node, m M) *Decision {
			d := right(n, m)
			if d.Outcome = Refused; passes(n, m) {
				d.Outcome = Passed
			}
			return d
		}
	}
}
