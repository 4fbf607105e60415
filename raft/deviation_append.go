package raft

// The deviations of what a node does with AppendEntries.
var appending = []Deviation{
	{"heartbeat-unchecked", "AE2", "A heartbeat is accepted without the consistency check.",
		"A heartbeat is an AppendEntries without entries, and is checked like any other; its success tells the leader that the log matches.", "5.3",
		checkPrev(func(n *Node, m *AppendEntries, right bool) bool { return right || m.Entries.Len() == 0 })},
	{"prev-unchecked", "AE2", "There is no consistency check, and holes close up.",
		"Without the entry at prevLogIndex, the new entries would end up at other indexes than in the leader's log.", "5.3",
		checkPrev(func(n *Node, m *AppendEntries, right bool) bool { return true })},
	{"prev-term-unchecked", "AE2", "An entry at prevLogIndex is enough, whatever its term.",
		"Index and term together identify an entry; with another term it is another entry.", "5.3",
		checkPrev(func(n *Node, m *AppendEntries, right bool) bool {
			return m.PrevLogIndex <= n.Log.LastIndex()
		})},
	{"prev-must-be-last", "AE2", "prevLogIndex must be the follower's last index.",
		"The follower's log may be longer; entries that conflict are overwritten, and entries that agree are kept.", "5.3",
		checkPrev(func(n *Node, m *AppendEntries, right bool) bool {
			return right && m.PrevLogIndex == n.Log.LastIndex()
		})},
	{"prev-is-first-entry", "AE2", "prevLogIndex is the index of the first new entry.",
		"It is the index of the entry just before the new ones.", "5.3", func(r *Rules) {
			ae3, ae4 := r.AE3, r.AE4
			r.AE3 = func(n *Node, m *AppendEntries) *Decision { return ae3(n, oneEarlier(m)) }
			r.AE4 = func(n *Node, m *AppendEntries) *Decision { return ae4(n, oneEarlier(m)) }
		}},
	{"prev-zero-missing", "AE2", "prevLogIndex 0 stands for a missing entry.",
		"It is the place before the first entry, which every log has; otherwise no log could ever begin.", "5.3",
		checkPrev(func(n *Node, m *AppendEntries, right bool) bool { return right && m.PrevLogIndex > 0 })},
	{"always-truncate", "AE3", "Everything after prevLogIndex is deleted, conflict or not.",
		"Only a conflict deletes entries: otherwise a late message would remove entries that were acknowledged.", "5.3", func(r *Rules) {
			after(&r.AE3, func(n *Node, m *AppendEntries, d *Decision) {
				n.cut(d, m.PrevLogIndex)
			})
		}},
	{"conflict-kept", "AE3", "Conflicting entries stay, and new ones go to the end.",
		"A conflicting entry and all that follow it are deleted; the leader's log is right.", "5.3", func(r *Rules) {
			r.AE3 = keepConflicts
			r.AE4 = func(n *Node, m *AppendEntries) *Decision {
				d := n.Decide(AE4, Idle)
				d.Count = m.Entries.Len()
				prev, entries := n.uncovered(m)
				for i, e := range entries {
					if n.Log.Term(prev+Index(i)+1) != e.Term {
						n.extend(d, e)
					}
				}
				return d
			}
		}},
	{"conflict-overwrites-one", "AE3", "A conflicting entry is replaced, and those after it stay.",
		"Everything after a conflict goes too: it came from another leader's log.", "5.3", func(r *Rules) {
			right := r.AE4
			r.AE3 = keepConflicts
			r.AE4 = func(n *Node, m *AppendEntries) *Decision {
				replaced := n.replaceConflicts(m)
				d := right(n, m)
				if replaced {
					d.Outcome = Acted
				}
				return d
			}
		}},
	{"conflict-by-message-term", "AE3", "An existing entry conflicts with a new one if its term is not the message's.",
		"It conflicts if its term is not that of the new entry at its index; a leader also sends entries of earlier terms.", "5.3", func(r *Rules) {
			r.AE3 = func(n *Node, m *AppendEntries) *Decision {
				d := n.Decide(AE3, Idle)
				for i := max(m.PrevLogIndex, n.Log.Snapshot().Index) + 1; i <= min(m.LastNewIndex(), n.Log.LastIndex()); i++ {
					if n.Log.Term(i) != m.Term {
						n.cut(d, i-1)
					}
				}
				return d
			}
		}},
	{"append-blindly", "AE4", "Entries that the log already has are appended again.",
		"Only entries not already in the log are appended; messages may arrive twice.", "5.3", func(r *Rules) {
			r.AE4 = func(n *Node, m *AppendEntries) *Decision {
				d := n.Decide(AE4, Idle)
				d.Count = m.Entries.Len()
				_, entries := n.uncovered(m)
				for _, e := range entries {
					n.extend(d, e)
				}
				return d
			}
		}},
	{"entries-take-message-term", "AE4", "Entries are stored with the message's term.",
		"An entry keeps the term in which a leader first received it.", "5.3", func(r *Rules) {
			right := r.AE4
			r.AE4 = func(n *Node, m *AppendEntries) *Decision {
				before := n.Log
				d := right(n, m)
				n.Log = before
				for i, e := range n.appended(d, m) {
					if i == 0 {
						d.From = before.LastIndex() + 1
					}
					n.Log = n.Log.Append(Entry{m.Term, e.Value})
				}
				return d
			}
		}},
	{"refused-deletes-prev", "AE2", "On refusal, the mismatching entry at prevLogIndex is deleted, with all after it.",
		"A refusal leaves the log as it is; only a conflict with a new entry deletes anything.", "5.3", func(r *Rules) {
			after(&r.AE2, func(n *Node, m *AppendEntries, d *Decision) {
				if d.Outcome == Refused && n.Log.Has(m.PrevLogIndex) {
					n.Log = n.Log.Truncate(m.PrevLogIndex - 1)
				}
			})
		}},
	{"stale-leader-accepted", "AE1", "The leader's term does not matter.",
		"A leader of an earlier term has been deposed; its entries may be overwritten by now.", "5.1",
		checkLeader(func(n *Node, m *AppendEntries) bool { return true })},
	{"equal-term-refused", "AE1", "A leader's term must be above the follower's.",
		"After an election the leader's voters are in its term already.", "5.1",
		checkLeader(func(n *Node, m *AppendEntries) bool { return m.Term > n.was.CurrentTerm })},
	{"candidate-ignores-leader", "C3", "A candidate refuses the leader of its own term.",
		"The term has its leader; the candidate has lost, and follows.", "5.2", func(r *Rules) {
			right := r.C3
			r.C3 = func(n *Node, c Claim) *Decision {
				if n.Role != Candidate {
					return right(n, c)
				}
				d := n.Decide(C3, Refused)
				d.Node, d.Role, d.Term, d.Current = c.LeaderID, n.Role, c.Term, n.CurrentTerm
				return d
			}
		}},
	{"candidate-stays-candidate", "C3", "A candidate accepts the leader of its term, and stays a candidate.",
		"The term has its leader; the candidate becomes a follower.", "5.2", func(r *Rules) {
			right := r.C3
			r.C3 = func(n *Node, c Claim) *Decision {
				role, votes, extra := n.Role, n.Votes, n.Extra
				d := right(n, c)
				if role == Candidate && d.Outcome == Acted {
					n.Role, n.Votes, n.Extra = role, votes, extra
					d.Outcome = Idle
				}
				return d
			}
		}},
	{"voted-for-leader", "C3", "Following a leader sets votedFor to it.",
		"votedFor changes only when a vote is given; a server may follow a leader that it did not vote for.", "5.2", func(r *Rules) {
			after(&r.C3, func(n *Node, c Claim, d *Decision) {
				if d.Outcome != Refused {
					n.VotedFor = c.LeaderID
				}
			})
		}},
	{"reply-carries-old-term", "A2", "An answer carries the term from before the message.",
		"The higher term is taken in first; the answer carries currentTerm, for the sender to update itself.", "5.1", func(r *Rules) {
			r.ReplyTerm = func(n *Node) Term { return n.was.CurrentTerm }
		}},
	{"conflict-cuts-to-commit", "AE3", "A conflict cuts the log back to commitIndex.",
		"Only the conflicting entry and those after it go; the entries before it agree with the leader's, and may be committed already.", "5.3", func(r *Rules) {
			ae3, ae4 := r.AE3, r.AE4
			r.AE3 = func(n *Node, m *AppendEntries) *Decision {
				d := ae3(n, m)
				if d.Outcome == Acted {
					last := d.To
					n.cut(d, n.CommitIndex)
					d.To = last
				}
				return d
			}
			r.AE4 = func(n *Node, m *AppendEntries) *Decision {
				// The entry that AE2 has found is gone: the answer is false.
				if last := n.Log.LastIndex(); last < m.PrevLogIndex && n.was.Log.LastIndex() >= m.PrevLogIndex {
					return n.Decide(AE4, Refused)
				}
				return ae4(n, m)
			}
		}},
	{"tail-lost-on-step-down", "A2", "A server that steps down drops its entries that are not committed.",
		"A new term leaves the log as it is. An entry goes only if it conflicts with a new one; a majority may hold it, and it may be committed.", "5.3", func(r *Rules) {
			right := r.A2
			r.A2 = func(n *Node, m Heard) *Decision {
				role := n.Role
				d := right(n, m)
				if role != Follower && d.Outcome == Acted {
					n.Log = n.Log.Truncate(n.CommitIndex)
				}
				return d
			}
		}},
	{"leader-must-have-vote", "AE1", "A server follows a leader only if it voted for it.",
		"A majority elects the leader, and every server follows it.", "5.2", func(r *Rules) {
			right := r.C3
			r.C3 = func(n *Node, c Claim) *Decision {
				known := n.Leader
				d := right(n, c)
				if n.VotedFor != c.LeaderID {
					n.Leader, d.Outcome = known, Refused
				}
				return d
			}
		}},
	{"term-kept-on-refused-append", "A2", "When AppendEntries is refused, its higher term is not taken in.",
		"A higher term in any message is taken in, whatever the answer.", "5.1", func(r *Rules) {
			right := r.RefuseAppend
			r.RefuseAppend = func(n *Node, m *AppendEntries) {
				log := n.Log
				right(n, m)
				commit, applied := n.CommitIndex, n.LastApplied
				n.State = n.was
				n.Log, n.CommitIndex, n.LastApplied = log, commit, applied
			}
		}},
	{"empty-append-fails", "AE4", "If nothing was appended, the answer is false.",
		"Success says that the log matches up to the last entry of the request, whether or not any was new.", "5.3", func(r *Rules) {
			after(&r.AE4, func(n *Node, m *AppendEntries, d *Decision) {
				if d.Outcome == Idle {
					d.Outcome = Refused
				}
			})
		}},
	{"commit-unclamped", "AE5", "commitIndex becomes leaderCommit.",
		"It becomes the minimum of leaderCommit and the index of the last new entry; past that, the log may differ from the leader's.", "5.3",
		followCommit(func(n *Node, m *AppendEntries) Index { return max(n.CommitIndex, m.LeaderCommit) })},
	{"commit-to-log-end", "AE5", "commitIndex becomes the minimum of leaderCommit and the follower's own last index.",
		"The minimum is taken with the last new entry: what follows it in the follower's log may not be in the leader's.", "5.3",
		followCommit(func(n *Node, m *AppendEntries) Index {
			return max(n.CommitIndex, min(m.LeaderCommit, n.Log.LastIndex()))
		})},
	{"commit-falls", "AE5", "commitIndex follows leaderCommit down too.",
		"It moves only if leaderCommit is above it; committed entries stay committed.", "5.3",
		followCommit(func(n *Node, m *AppendEntries) Index { return min(m.LeaderCommit, m.LastNewIndex()) })},
	{"commit-on-refusal", "AE5", "A refused request still moves commitIndex.",
		"After a refusal the logs are not known to match; the rules that follow are not reached.", "5.3", func(r *Rules) {
			right := r.RefuseAppend
			r.RefuseAppend = func(n *Node, m *AppendEntries) {
				right(n, m)
				n.note(n.Rules.AE5(n, m))
				n.apply()
			}
		}},
	{"commit-on-store", "AE5", "What is stored is committed.",
		"An entry is committed once a majority stores it, and only the leader can tell.", "5.3",
		followCommit(func(n *Node, m *AppendEntries) Index { return max(n.CommitIndex, m.LastNewIndex()) })},
	{"commit-never-on-heartbeat", "AE5", "Heartbeats do not move commitIndex.",
		"leaderCommit counts in every AppendEntries; an idle leader has no other way to pass it on.", "5.3", func(r *Rules) {
			right := r.AE5
			r.AE5 = func(n *Node, m *AppendEntries) *Decision {
				if m.Entries.Len() > 0 {
					return right(n, m)
				}
				return n.commitTo(m, n.CommitIndex)
			}
		}},
	{"commit-never-on-follower", "AE5", "Only a leader has a commitIndex.",
		"Every server applies what is committed; followers learn it from leaderCommit.", "5.3",
		followCommit(func(n *Node, m *AppendEntries) Index { return n.CommitIndex })},
}

// checkPrev puts another condition in AE2's place. It is told what the right
// one comes to.
func checkPrev(passes func(n *Node, m *AppendEntries, right bool) bool) func(*Rules) {
	return func(r *Rules) {
		after(&r.AE2, func(n *Node, m *AppendEntries, d *Decision) {
			d.pass(passes(n, m, d.Outcome == Passed))
		})
	}
}

// checkLeader puts another condition in AE1's place.
func checkLeader(passes func(n *Node, m *AppendEntries) bool) func(*Rules) {
	return func(r *Rules) { checkBy(&r.AE1, passes) }
}

// followCommit puts another commitIndex in AE5's place.
func followCommit(commit func(n *Node, m *AppendEntries) Index) func(*Rules) {
	return func(r *Rules) {
		r.AE5 = func(n *Node, m *AppendEntries) *Decision { return n.commitTo(m, commit(n, m)) }
	}
}

// commitTo is AE5 with a commitIndex that is worked out elsewhere.
func (n *Node) commitTo(m *AppendEntries, commit Index) *Decision {
	commit = max(commit, n.Log.Snapshot().Index) // what a snapshot covers stays committed
	d := n.Decide(AE5, Idle)
	d.From, d.To = n.CommitIndex, commit
	d.Msg.Index, d.Own.Index = m.LeaderCommit, m.LastNewIndex()
	if commit != n.CommitIndex {
		n.CommitIndex = commit
		d.Outcome = Acted
	}
	return d
}

// oneEarlier is the request read as if prevLogIndex were the index of its first
// entry.
func oneEarlier(m *AppendEntries) *AppendEntries {
	if m.PrevLogIndex == 0 || m.Entries.Len() == 0 {
		return m
	}
	shifted := *m
	shifted.PrevLogIndex--
	shifted.Entries = NewEntries(shifted.PrevLogIndex, 0, m.Entries.Slice()...)
	return &shifted
}

// uncovered gives the entries of the request that the node's snapshot does not
// cover, and the index that they follow.
func (n *Node) uncovered(m *AppendEntries) (prev Index, entries []Entry) {
	prev, entries = m.PrevLogIndex, m.Entries.Slice()
	if covered := n.Log.Snapshot().Index; covered > prev {
		return covered, entries[min(int(covered-prev), len(entries)):]
	}
	return prev, entries
}

// cut deletes what follows an index, as AE3's decision d.
func (n *Node) cut(d *Decision, last Index) {
	last = max(last, n.Log.Snapshot().Index)
	if n.Log.LastIndex() <= last {
		return
	}
	d.From, d.To, d.Own, d.Outcome = last+1, n.Log.LastIndex(), n.Log.Mark(last+1), Acted
	n.Log = n.Log.Truncate(last)
}

// extend appends an entry, as part of AE4's decision d.
func (n *Node) extend(d *Decision, e Entry) {
	n.Log = n.Log.Append(e)
	d.To = n.Log.LastIndex()
	if d.Outcome != Acted {
		d.From, d.Outcome = d.To, Acted
	}
}

func keepConflicts(n *Node, m *AppendEntries) *Decision { return n.Decide(AE3, Idle) }

// replaceConflicts puts each new entry in the place of the one that it
// conflicts with.
func (n *Node) replaceConflicts(m *AppendEntries) bool {
	if n.Log.firstConflict(m.Entries) == 0 {
		return false
	}
	replaced := false
	log, snapshot := n.Log.Entries(), n.Log.Snapshot()
	prev, entries := n.uncovered(m)
	for i, e := range entries {
		if at := int(prev-snapshot.Index) + i; at < len(log) && log[at].Term != e.Term {
			log[at], replaced = e, true
		}
	}
	if replaced {
		n.Log = NewLogAfter(snapshot, log...)
	}
	return replaced
}

// appended gives the entries of the request that AE4's decision d appended.
func (n *Node) appended(d *Decision, m *AppendEntries) []Entry {
	if d.Outcome != Acted {
		return nil
	}
	all := m.Entries.Slice()
	return all[len(all)-int(d.To-d.From+1):]
}
