package raft

// The deviations of who gets a vote.
var voting = []Deviation{
	{"vote-longer-log-wins", "RV2b", "Only the length of the logs counts: the longer log is more up-to-date.",
		"The last terms are compared first: a long log that ends in an old term may lack committed entries.", "5.4.1",
		compareLogs(func(n *Node, m *RequestVote) bool { return m.LastLogIndex >= n.Log.LastIndex() })},
	{"vote-last-term-only", "RV2b", "Only the last term counts, whatever the length.",
		"Where the last terms are equal, the longer log is more up-to-date: the shorter one may lack a committed entry.", "5.4.1",
		compareLogs(func(n *Node, m *RequestVote) bool { return m.LastLogTerm >= n.Log.LastTerm() })},
	{"vote-strictly-newer", "RV2b", "The candidate's log must be more up-to-date than the voter's; equal is not enough.",
		"At least as up-to-date is enough; otherwise servers with equal logs, such as empty ones, would elect nobody.", "5.4.1",
		compareLogs(func(n *Node, m *RequestVote) bool {
			last := Mark{m.LastLogIndex, m.LastLogTerm}
			return last.UpToDate(n.Log.Last()) && last != n.Log.Last()
		})},
	{"vote-both-at-least", "RV2b", "Both the last term and the last index must be at least the voter's.",
		"A later last term is enough by itself; if the length counts too, there may be nobody who can be elected.", "5.4.1",
		compareLogs(func(n *Node, m *RequestVote) bool {
			return m.LastLogTerm >= n.Log.LastTerm() && m.LastLogIndex >= n.Log.LastIndex()
		})},
	{"vote-log-unchecked", "RV2b", "Logs play no part in a vote.",
		"A candidate that lacks committed entries could win, and overwrite them.", "5.4.1",
		compareLogs(func(n *Node, m *RequestVote) bool { return true })},
	{"vote-against-current-term", "RV2b", "lastLogTerm is compared with the voter's currentTerm, as it was before the request.",
		"It is compared with the term of the voter's last entry; currentTerm says nothing about the log.", "5.4.1",
		compareLogs(func(n *Node, m *RequestVote) bool {
			if m.LastLogTerm != n.was.CurrentTerm {
				return m.LastLogTerm > n.was.CurrentTerm
			}
			return m.LastLogIndex >= n.Log.LastIndex()
		})},
	{"vote-against-commit-index", "RV2b", "The candidate's log need only reach the voter's commitIndex.",
		"The voter may not know yet what is committed, so its whole log counts.", "5.4.1",
		compareLogs(func(n *Node, m *RequestVote) bool {
			if m.LastLogTerm != n.Log.LastTerm() {
				return m.LastLogTerm > n.Log.LastTerm()
			}
			return m.LastLogIndex >= n.CommitIndex
		})},
	{"vote-twice", "RV2a", "A node may vote for a second candidate in the same term.",
		"A node has one vote per term; with two, a term could have two leaders.", "5.2",
		freeVote(func(n *Node, m *RequestVote) bool { return true })},
	{"vote-not-repeated", "RV2a", "A second request from the candidate that has the vote is refused.",
		"The vote is granted if votedFor is null or candidateId: the first answer may have been lost.", "5.2",
		freeVote(func(n *Node, m *RequestVote) bool { return n.VotedFor == NoNode })},
	{"vote-for-rival", "RV2a", "A candidate may vote for a rival in its own term.",
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
		"votedFor belongs to currentTerm; each term brings a new vote, otherwise there could be only one election.", "5.2", func(r *Rules) {
			right := r.A2
			r.A2 = func(n *Node, m Heard) *Decision {
				vote := n.VotedFor
				d := right(n, m)
				n.VotedFor = vote
				return d
			}
		}},
	{"term-must-be-newer", "RV1", "A vote is granted only if the request's term is above the voter's.",
		"An equal term is not stale: a node may know of the term and still have its vote.", "5.1", func(r *Rules) {
			after(&r.RV1, func(n *Node, m *RequestVote, d *Decision) {
				if m.Term <= n.was.CurrentTerm {
					d.Outcome = Refused
				}
			})
		}},
	{"stale-vote-granted", "RV1", "The candidate's term does not matter.",
		"A request from an earlier term is refused: that election is over.", "5.1", func(r *Rules) {
			after(&r.RV1, func(n *Node, m *RequestVote, d *Decision) {
				d.Outcome = Passed
			})
		}},
	{"term-kept-on-refusal", "A2", "When a vote is refused, the request's higher term is not taken in.",
		"A higher term in any message is taken in; whether the vote is granted is a separate question.", "5.1", func(r *Rules) {
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
		"currentTerm never falls; otherwise a node could vote twice in a term.", "5.1", func(r *Rules) {
			after(&r.A2, func(n *Node, m Heard, d *Decision) {
				if m.Term < n.CurrentTerm {
					n.CurrentTerm, n.VotedFor = m.Term, NoNode
					n.becomeFollower()
					d.Outcome = Acted
				}
			})
		}},
	{"no-step-down", "A2", "A leader or candidate ignores a RequestVote of a higher term.",
		"A higher term makes any node a follower, which may then vote.", "5.1", func(r *Rules) {
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
	return func(r *Rules) { checkBy(&r.RV2b, upToDate) }
}

// freeVote puts another condition in RV2a's place.
func freeVote(free func(n *Node, m *RequestVote) bool) func(*Rules) {
	return func(r *Rules) { checkBy(&r.RV2a, free) }
}
