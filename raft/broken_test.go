package raft

import (
	"slices"
	"strings"
	"testing"
)

// A wrongRaft is Figure 2 with one line of it wrong, and a law that it breaks.
// Each law is broken by one of them: a law that nothing can break says nothing.
type wrongRaft struct {
	law   string
	what  string
	wrong func(r *Rules)
}

var wrongRafts = []wrongRaft{
	{"Election Safety", "RV2a: a server votes for whoever asks", func(r *Rules) {
		r.RV2a = func(n *Node, _ *RequestVote) *Decision { return n.Decide(RV2a, Passed) }
	}},
	{"one vote a term", "persistent state: votedFor is lost in a crash", func(r *Rules) {
		r.Restart = func(n *Node) State { return State{CurrentTerm: n.CurrentTerm, Log: n.Log} }
	}},
	{"votedFor stays for its term", "persistent state: votedFor is lost in a crash", func(r *Rules) {
		r.Restart = func(n *Node) State { return State{CurrentTerm: n.CurrentTerm, Log: n.Log} }
	}},
	{"currentTerm never falls", "persistent state: currentTerm is lost in a crash", func(r *Rules) {
		r.Restart = func(n *Node) State { return State{Log: n.Log} }
	}},
	{"Leader Append-Only", "AE1: an earlier term's leader is followed", func(r *Rules) {
		r.AE1 = func(n *Node, _ *AppendEntries) *Decision { return n.Decide(AE1, Passed) }
	}},
	{"Log Matching", "AE2: the term at prevLogIndex is not looked at", func(r *Rules) {
		r.AE2 = func(n *Node, m *AppendEntries) *Decision {
			if m.PrevLogIndex > n.Log.LastIndex() {
				return n.Decide(AE2, Refused)
			}
			return n.Decide(AE2, Passed)
		}
	}},
	{"a success has matched", "AE2: there is no consistency check", func(r *Rules) {
		r.AE2 = func(n *Node, _ *AppendEntries) *Decision { return n.Decide(AE2, Passed) }
	}},
	{"a refusal changes nothing", "AE2: on refusal the log is cut to what comes before", func(r *Rules) {
		right := r.AE2
		r.AE2 = func(n *Node, m *AppendEntries) *Decision {
			d := right(n, m)
			if d.Outcome == Refused {
				n.Log = n.Log.Truncate(m.PrevLogIndex - 1)
			}
			return d
		}
	}},
	{"the log changes as it may", "AE3: all past the last new entry goes, conflict or not", func(r *Rules) {
		right := r.AE3
		r.AE3 = func(n *Node, m *AppendEntries) *Decision {
			d := right(n, m)
			n.Log = n.Log.Truncate(m.LastNewIndex())
			return d
		}
	}},
	{"State Machine Safety", "AE5: the minimum is with the end of one's own log", func(r *Rules) {
		r.AE5 = func(n *Node, m *AppendEntries) *Decision {
			n.CommitIndex = max(n.CommitIndex, min(m.LeaderCommit, n.Log.LastIndex()))
			return n.Decide(AE5, Passed)
		}
	}},
	{"commitIndex never falls", "AE5: commitIndex falls to the last new entry", func(r *Rules) {
		r.AE5 = func(n *Node, m *AppendEntries) *Decision {
			n.CommitIndex = min(m.LeaderCommit, m.LastNewIndex())
			return n.Decide(AE5, Passed)
		}
	}},
	{"lastApplied is commitIndex", "A1: nothing is applied", func(r *Rules) {
		r.A1 = func(n *Node) *Decision { return n.Decide(A1, Passed) }
	}},
	{"a snapshot is applied", "IS8: commitIndex and lastApplied stay", func(r *Rules) {
		r.IS8 = func(n *Node, _ *InstallSnapshot) *Decision { return n.Decide(IS8, Idle) }
	}},
	{"the log changes as it may", "IS7: an entry of another term leaves the log as it is", func(r *Rules) {
		r.IS7 = func(n *Node, _ *InstallSnapshot) *Decision { return n.Decide(IS7, Idle) }
	}},
	{"matchIndex is replicated", "IS6: the whole log goes in every case", func(r *Rules) {
		r.IS6 = func(n *Node, _ *InstallSnapshot) *Decision { return n.Decide(IS6, Idle) }
	}},
	{"commitIndex never falls", "IS8: commitIndex is set to the snapshot's last index", func(r *Rules) {
		r.IS8 = func(n *Node, m *InstallSnapshot) *Decision {
			n.CommitIndex, n.LastApplied = m.LastIncludedIndex, m.LastIncludedIndex
			return n.Decide(IS8, Acted)
		}
	}},
	{"a refusal changes nothing", "IS1: a stale leader's snapshot is installed", func(r *Rules) {
		r.IS1 = func(n *Node, m *InstallSnapshot) *Decision { return n.Decide(IS1, Passed) }
	}},
	{"a snapshot is applied", "restart: commitIndex starts at 0 after a snapshot", func(r *Rules) {
		r.Restart = func(n *Node) State { return State{CurrentTerm: n.CurrentTerm, VotedFor: n.VotedFor, Log: n.Log} }
	}},
	{"Leader Completeness", "RV2b: the candidate's log plays no part", func(r *Rules) {
		r.RV2b = func(n *Node, _ *RequestVote) *Decision { return n.Decide(RV2b, Passed) }
	}},
	{"Leader Completeness", "L4: copies on half of the servers commit", func(r *Rules) {
		right := r.L4
		r.L4 = func(n *Node) *Decision {
			half := *n
			half.Rules = &Rules{Majority: func(voters NodeSet) int { return max(1, voters.Len()/2) }, Replicated: replicated}
			d := right(&half)
			n.CommitIndex = half.CommitIndex
			return d
		}
	}},
	{"Leader Completeness", "L4: an entry of an earlier term is committed by counting (Figure 8)", func(r *Rules) {
		r.L4 = func(n *Node) *Decision {
			n.CommitIndex = max(n.CommitIndex, replicated(n, AllNodes(n.Size), n.Size/2+1))
			return n.Decide(L4, Passed)
		}
	}},
	{"terms rise along the log", "L2: a command is stored with the term of the entry before it", func(r *Rules) {
		right := r.L2
		r.L2 = func(n *Node, value string) *Decision {
			before := n.Log
			d := right(n, value)
			if d.Outcome == Acted {
				n.Log = before.Append(Entry{before.LastTerm(), value})
			}
			return d
		}
	}},
	{"votes were given", "C2: a refusal counts as a vote", func(r *Rules) {
		right := r.C2
		r.C2 = func(n *Node, v Vote) *Decision { v.Granted = true; return right(n, v) }
	}},
	{"matchIndex is replicated", "Reinitialized after election: matchIndex starts at the last index", func(r *Rules) {
		r.Lead = func(n *Node) {
			becomeLeader(n)
			for i := range n.MatchIndex {
				n.MatchIndex[i] = n.Log.LastIndex()
			}
		}
	}},
	{"matchIndex never falls", "L3: matchIndex is whatever the latest answer says", func(r *Rules) {
		right := r.L3
		r.L3 = func(n *Node, a Ack) *Decision {
			if a.Success && n.Role == Leader && a.Request == n.CurrentTerm {
				n.MatchIndex[a.From-1] = 0
			}
			return right(n, a)
		}
	}},
	{"nextIndex is in range", "L3: nextIndex falls to matchIndex", func(r *Rules) {
		right := r.L3
		r.L3 = func(n *Node, a Ack) *Decision {
			d := right(n, a)
			if d.Outcome == Acted && !a.Success {
				n.NextIndex[a.From-1] = max(1, n.MatchIndex[a.From-1])
			}
			return d
		}
	}},
	{"others stay as they are", "L3: nextIndex is shared between leaders", func(r *Rules) {
		var shared []Index
		r.Lead = func(n *Node) {
			becomeLeader(n)
			if len(shared) != n.Size {
				shared = n.NextIndex
			}
			n.NextIndex = shared
		}
	}},
}

// lawNamed gives that law alone.
func lawNamed(name string) (held laws) {
	for _, l := range stateLaws {
		if l.name == name {
			held.state = append(held.state, l)
		}
	}
	for _, l := range stepLaws {
		if l.name == name {
			held.step = append(held.step, l)
		}
	}
	return held
}

// breaks plays clusters by those rules until one breaks the law.
func breaks(w wrongRaft) bool {
	held := lawNamed(w.law)
	for seed := range uint64(500) {
		rules := Figure2()
		w.wrong(rules)
		c, pick := newCluster(3+2*int(seed%2), rules), seeded(seed)
		for range 400 {
			if broken, _ := c.play(pick, held); broken != nil {
				return true
			}
		}
	}
	return false
}

// The laws can tell right from wrong.
func TestLawsCanBreak(t *testing.T) {
	t.Parallel()
	for _, w := range wrongRafts {
		if !breaks(w) {
			line, _, _ := strings.Cut(w.what, ":")
			t.Errorf("%s: %q is not seen to break the law %q", line, w.what, w.law)
		}
	}
}

// Every law is broken by one of the wrong Rafts.
func TestLawsAreAllBroken(t *testing.T) {
	broken := func(name string) bool {
		return slices.ContainsFunc(wrongRafts, func(w wrongRaft) bool { return w.law == name })
	}
	for _, l := range stateLaws {
		if !broken(l.name) {
			t.Errorf("law %q: no wrong Raft breaks it", l.name)
		}
	}
	for _, l := range stepLaws {
		if !broken(l.name) {
			t.Errorf("law %q: no wrong Raft breaks it", l.name)
		}
	}
}
