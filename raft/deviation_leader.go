package raft

// The deviations of what a leader does.
var leading = []Deviation{
	{"commit-any-term", "L4", "Copies on a majority commit an entry of any term.",
		"An entry of an earlier term can be overwritten even then (Figure 8); it is committed together with an entry of the leader's own term.", "5.4.2",
		commitBy(func(n *Node, replicated Index) Index { return replicated })},
	{"commit-stops-at-old-term", "L4", "Counting goes up from commitIndex, and stops at the first entry of an earlier term.",
		"Any N that a majority holds will do if its entry is of the current term; the entries before it are committed with it.", "5.4.2",
		commitBy(func(n *Node, replicated Index) Index {
			N := n.CommitIndex
			for N < replicated && n.Log.Term(N+1) == n.CurrentTerm {
				N++
			}
			return N
		})},
	{"own-copy-uncounted", "L4", "The leader's own copy is not counted.",
		"The leader is one of the servers, and holds all of its log.", "5.3", func(r *Rules) {
			r.Replicated = func(n *Node, voters NodeSet, need int) Index { return n.replicated(voters, need, 0) }
		}},
	{"commit-on-append", "L2", "The leader commits what it appends.",
		"An entry is committed once a majority stores it; until then it may be lost.", "5.3", func(r *Rules) {
			right := r.L2
			r.L2 = func(n *Node, value string) *Decision {
				d := right(n, value)
				if d.Outcome == Acted {
					n.CommitIndex = n.Log.LastIndex()
				}
				return d
			}
		}},
	{"commit-on-election", "C2", "A new leader's whole log is committed.",
		"It holds everything that is committed, and perhaps more.", "5.4.2", func(r *Rules) {
			right := r.Lead
			r.Lead = func(n *Node) {
				right(n)
				n.CommitIndex = n.Log.LastIndex()
			}
		}},
	{"match-index-at-last", "C2", "A new leader's matchIndex starts at its last index.",
		"It starts at 0 and follows what the followers confirm; only nextIndex is a guess.", "5.3", func(r *Rules) {
			right := r.Lead
			r.Lead = func(n *Node) {
				right(n)
				fill(n.MatchIndex, n.Log.LastIndex())
			}
		}},
	{"match-index-overwritten", "L3", "matchIndex is whatever the latest answer says.",
		"Answers may come out of order, and a follower's copies do not go away; matchIndex never falls.", "5.3",
		changeAnswer(func(a Ack, was, now *progress) {
			if a.Success {
				now.match = a.MatchIndex
				now.next = now.match + 1
			}
		})},
	{"count-any-success", "L3", "An answer to a request from an earlier term counts too.",
		"What the follower held then may have been overwritten since.", "5.4.2", func(r *Rules) {
			right := r.L3
			r.L3 = func(n *Node, a Ack) *Decision {
				a.Request = n.CurrentTerm
				return right(n, a)
			}
		}},
	{"higher-term-answer-ignored", "A2", "A leader stays leader when an answer to AppendEntries has a higher term.",
		"A higher term in any message, an answer included, makes a leader a follower.", "5.1", func(r *Rules) {
			a2, l3 := r.A2, r.L3
			r.A2 = func(n *Node, m Heard) *Decision {
				if m.Kind == AppendEntriesAnswer {
					m.Term = min(m.Term, n.CurrentTerm)
				}
				return a2(n, m)
			}
			r.L3 = func(n *Node, a Ack) *Decision {
				if a.Term > n.CurrentTerm {
					d := n.Decide(L3, Ignored)
					d.Node, d.Role, d.Term, d.Current = a.From, n.Role, a.Term, n.CurrentTerm
					return d
				}
				return l3(n, a)
			}
		}},
	{"next-index-at-last", "C2", "A new leader's nextIndex starts at its last index.",
		"It starts one past the last index.", "5.3", func(r *Rules) {
			right := r.Lead
			r.Lead = func(n *Node) {
				right(n)
				fill(n.NextIndex, n.Log.LastIndex())
			}
		}},
	{"prev-term-is-current", "L3", "prevLogTerm is the leader's currentTerm.",
		"It is the term of the entry at prevLogIndex; with any other term the followers would not find that entry.", "5.3", func(r *Rules) {
			right := r.SendAppendEntries
			r.SendAppendEntries = func(n *Node, to NodeID) AppendEntries {
				m := right(n, to)
				if m.PrevLogIndex > 0 {
					m.PrevLogTerm = n.CurrentTerm
				}
				return m
			}
		}},
	{"leader-commit-is-last", "L3", "leaderCommit is the leader's last index.",
		"It is the leader's commitIndex; otherwise followers would apply entries that no majority holds.", "5.3", func(r *Rules) {
			right := r.SendAppendEntries
			r.SendAppendEntries = func(n *Node, to NodeID) AppendEntries {
				m := right(n, to)
				m.LeaderCommit = n.Log.LastIndex()
				return m
			}
		}},
	{"next-index-below-one", "L3", "nextIndex falls with every refusal, without a lower bound.",
		"The first entry has index 1, and what a follower has confirmed it keeps: nextIndex stays above matchIndex.", "5.3",
		changeAnswer(func(a Ack, was, now *progress) {
			if !a.Success {
				now.next = max(was.next, 1) - 1
			}
		})},
	{"match-is-last-index", "L3", "A success vouches for the whole log of the follower.",
		"It vouches for the log up to the last entry of the request; what the follower has after that may not be the leader's.", "5.3", func(r *Rules) {
			r.Matched = func(n *Node, m *AppendEntries) Index { return n.Log.LastIndex() }
			right := r.L3
			r.L3 = func(n *Node, a Ack) *Decision {
				a.MatchIndex = min(a.MatchIndex, n.Log.LastIndex())
				return right(n, a)
			}
		}},
	{"match-by-addition", "L3", "A success adds the number of entries sent to matchIndex.",
		"matchIndex becomes prevLogIndex plus that number: the same answer may arrive twice.", "5.3",
		changeAnswer(func(a Ack, was, now *progress) {
			if a.Success {
				now.match = was.match + Index(a.Entries)
				now.next = now.match + 1
			}
		})},
	{"commit-one-behind", "L4", "Of the entries that a majority has, all but the last are applied, and commitIndex never moves.",
		"All of them are committed: commitIndex moves, followers learn of it, and lastApplied follows.", "5.3", func(r *Rules) {
			right := r.L4
			r.L4 = func(n *Node) *Decision {
				commit := n.CommitIndex
				d := right(n)
				if N := n.CommitIndex; N > commit {
					n.LastApplied = max(n.LastApplied, N-1)
				}
				n.CommitIndex, d.To, d.Outcome = commit, commit, Idle
				return d
			}
		}},
}

// The deviations of what a crash takes.
var restarting = []Deviation{
	{"vote-lost-on-restart", "persistent", "votedFor is lost in a crash.",
		"votedFor is persistent: a server that forgets its vote may vote twice.", "5.2",
		keepMore(func(n *Node, left *State) { left.VotedFor = NoNode })},
	{"tail-lost-on-restart", "persistent", "Only committed entries survive a crash.",
		"The log is persistent: the leader counts on what a follower has confirmed.", "5.3",
		keepMore(func(n *Node, left *State) { left.Log = left.Log.Truncate(n.CommitIndex) })},
	{"term-lost-on-restart", "persistent", "currentTerm is lost in a crash.",
		"currentTerm is persistent: otherwise a server would vote, and follow leaders, in terms that are over.", "5.1",
		keepMore(func(n *Node, left *State) { left.CurrentTerm = 0 })},
	{"commit-kept-on-restart", "volatile", "commitIndex survives a crash.",
		"commitIndex is volatile: it starts at 0, and the server learns it again from the leader.", "5.3",
		keepMore(func(n *Node, left *State) { left.CommitIndex, left.LastApplied = n.CommitIndex, n.CommitIndex })},
	{"role-kept-on-restart", "volatile", "A leader is still leader after a crash, and a candidate a candidate.",
		"Every server starts as a follower.", "5.2",
		keepMore(func(n *Node, left *State) {
			left.Role, left.Votes, left.Extra = n.Role, n.Votes, n.Extra
			left.NextIndex, left.MatchIndex = n.NextIndex, n.MatchIndex
		})},
}

// commitBy puts another N in L4's place, found from the highest index that a
// majority holds.
func commitBy(highest func(n *Node, replicated Index) Index) func(*Rules) {
	return func(r *Rules) {
		r.L4 = func(n *Node) *Decision {
			d := n.Decide(L4, Idle)
			d.From, d.To, d.Current = n.CommitIndex, n.CommitIndex, n.CurrentTerm
			var N Index
			N, d.Need = n.replicatedOnMajority()
			N = highest(n, N)
			if d.Own = n.Log.Mark(N); N > n.CommitIndex {
				n.CommitIndex = N
				d.To, d.Outcome = N, Acted
			}
			return d
		}
	}
}

// A progress is what a leader knows of one follower.
type progress struct{ next, match Index }

// changeAnswer changes what L3 makes of an answer that it takes in: now is what
// Figure 2 has made of it, was what it found.
func changeAnswer(change func(a Ack, was, now *progress)) func(*Rules) {
	return func(r *Rules) {
		right := r.L3
		r.L3 = func(n *Node, a Ack) *Decision {
			if n.Role != Leader {
				return right(n, a)
			}
			next, match := &n.NextIndex[a.From-1], &n.MatchIndex[a.From-1]
			was := progress{*next, *match}
			d := right(n, a)
			if d.Outcome == Acted {
				now := progress{*next, *match}
				change(a, &was, &now)
				*next, *match = now.next, now.match
				d.To, d.Own = now.next, Mark{Index: now.match}
			}
			return d
		}
	}
}

// keepMore changes what a crash leaves.
func keepMore(change func(n *Node, left *State)) func(*Rules) {
	return func(r *Rules) {
		right := r.Restart
		r.Restart = func(n *Node) State {
			left := right(n)
			change(n, &left)
			return left
		}
	}
}

func fill(indexes []Index, with Index) {
	for i := range indexes {
		indexes[i] = with
	}
}
