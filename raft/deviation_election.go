package raft

// The deviations of how an election is started, and its votes counted.
var elections = []Deviation{
	{"count-any-vote", "C2", "A grant counts whatever its term, and whatever the node has become since.",
		"A vote counts in its own term only: a grant from an election that is over says nothing about this one.", "5.2", func(r *Rules) {
			keepVotes(&r.A2)
			keepVotes(&r.C3)
			lead, right := r.Lead, r.C2
			r.Lead = func(n *Node) {
				votes := n.Votes
				lead(n)
				n.Votes = votes
			}
			r.C2 = func(n *Node, v Vote) *Decision {
				role := n.Role
				v.Request, n.Role = n.CurrentTerm, Candidate
				d := right(n, v)
				n.Role, d.Role = role, role
				return d
			}
		}},
	{"count-voter-twice", "C2", "The same voter's grant counts each time it arrives.",
		"Each server has one vote, and an answer may arrive twice.", "5.2", func(r *Rules) {
			right := r.C2
			r.C2 = func(n *Node, v Vote) *Decision {
				had := n.Votes.Has(v.From)
				d := right(n, v)
				if had && d.Outcome == Acted {
					n.Extra.Again++
				}
				if d.Outcome != Ignored {
					d.Count += n.Extra.Again
				}
				return d
			}
		}},
	{"majority-of-answers", "C2", "More than half of those that answered is enough.",
		"A majority is more than half of all servers: those that did not answer may elect another leader.", "5.2", func(r *Rules) {
			after(&r.C2, func(n *Node, v Vote, d *Decision) {
				if d.Outcome != Ignored {
					n.Extra.Answered = n.Extra.Answered.With(n.ID).With(v.From)
					answered := n.Extra.Answered
					was, _ := n.votes() // d.Count may hold more, of another deviation
					count, need := n.Configuration.Tally(n.Votes, func(voters NodeSet) int { return majority(voters & answered) })
					d.Count, d.Need = d.Count+count-was, need
				}
			})
		}},
	{"majority-is-half", "C2 L4", "Half of the servers is enough.",
		"Two halves need not share a server; a majority is more than half.", "5.2", func(r *Rules) {
			r.Majority = func(voters NodeSet) int { return (voters.Len() + 1) / 2 }
		}},
	{"majority-is-all", "C2 L4", "Every server must agree.",
		"More than half is enough; a cluster that needs every server stops at the first crash.", "5.2", func(r *Rules) {
			r.Majority = func(voters NodeSet) int { return voters.Len() }
		}},
	{"own-vote-uncounted", "C1", "A candidate does not vote for itself.",
		"It votes for itself first, and that vote counts.", "5.2", func(r *Rules) {
			right := r.C1
			r.C1 = func(n *Node) *Decision {
				d := right(n)
				n.VotedFor, n.Votes = NoNode, 0
				return d
			}
		}},
	{"term-kept-on-timeout", "C1", "An election starts without a new term.",
		"A candidate increments currentTerm first: each server has one vote per term, and the votes of the old term may be gone.", "5.2", func(r *Rules) {
			right := r.C1
			r.C1 = func(n *Node) *Decision {
				term := n.CurrentTerm
				d := right(n)
				n.CurrentTerm, d.Term = term, term
				return d
			}
		}},
	{"offers-commit-index", "C1", "lastLogIndex and lastLogTerm describe the committed part of the candidate's log.",
		"They describe its last entry: the candidate may hold committed entries without knowing that they are committed.", "5.4.1", func(r *Rules) {
			right := r.SendRequestVote
			r.SendRequestVote = func(n *Node) RequestVote {
				m := right(n)
				m.LastLogIndex, m.LastLogTerm = n.CommitIndex, n.Log.Term(n.CommitIndex)
				return m
			}
		}},
}

// keepVotes keeps a candidate's votes where a rule makes it a follower.
func keepVotes[M any](rule *func(*Node, M) *Decision) {
	right := *rule
	*rule = func(n *Node, m M) *Decision {
		votes := n.Votes
		d := right(n, m)
		n.Votes = votes
		return d
	}
}
