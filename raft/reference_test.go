package raft

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"raftsheet/raft/wide"
)

// A twin is one server twice: a Node, and the slow and obvious paperServer. All
// that happens to it happens to both.
type twin struct {
	node  *Node
	paper *paperServer
}

// deliver lets an event happen to the node, as receive does to a paperServer.
func deliver(n *Node, event any) reply {
	var d Decision
	switch e := event.(type) {
	case written:
		resp, why, answered := n.HandleAppendEntries(e.AppendEntries)
		return reply{why.Rule, why.Outcome, answered, resp.Success, resp.Term, resp.MatchIndex}
	case *RequestVote:
		resp, why, answered := n.HandleRequestVote(e)
		return reply{why.Rule, why.Outcome, answered, resp.VoteGranted, resp.Term, 0}
	case *InstallSnapshot:
		resp, why, answered := n.HandleInstallSnapshot(e)
		return reply{rule: why.Rule, outcome: why.Outcome, answered: answered, term: resp.Term}
	case Vote:
		d = n.HandleVote(e)
	case Ack:
		d = n.HandleAck(e)
	case electionTimeout:
		d = n.Timeout()
	case command:
		d = n.ClientRequest(string(e))
	case configured:
		d = n.Configure(configurationOf(e))
	case restarted:
		n.Restart()
	case steppedDown:
		return reply{yes: n.StepDown()}
	case snapshotTaken:
		n.Log = n.Log.compact(n.LastApplied)
	case Disk:
		lost, err := n.RestartFrom(e)
		return reply{answered: err == nil, yes: lost}
	}
	return reply{rule: d.Rule, outcome: d.Outcome}
}

func configurationOf(lists [][]NodeID) Configuration {
	c := Configuration{Voters: SetOf(lists[0]...)}
	if len(lists) > 1 {
		c.Joint = SetOf(lists[1]...)
	}
	return c
}

// play lets the event happen to both, and holds the node's answer, deciding rule
// and whole state against the paper's. It says where they differ, "" if nowhere.
func (w twin) play(event any) (r reply, diff string) {
	was := w.node.State.Clone()
	got, want := deliver(w.node, event), w.paper.receive(event)
	diff = w.differs()
	if got != want {
		diff = fmt.Sprintf("%v decides and answers %+v, want %v and %+v", got.rule, got, want.rule, want)
	}
	if diff != "" {
		diff = fmt.Sprintf("%s\n  server %d of %d was %s\n  then %+v\n  now %s", diff, w.node.ID, w.node.Size, showLed(was), event, showLed(w.node.State))
	}
	return got, diff
}

// agree ends the test where the two differ.
func agree(t *testing.T, diff string) {
	t.Helper()
	if diff != "" {
		t.Fatal(diff)
	}
}

// differs says where the node is not as the paper has it, and which rules write
// that; "" if nowhere.
func (w twin) differs() string {
	n, s := w.node, w.paper
	switch {
	case n.CurrentTerm != s.currentTerm:
		return fmt.Sprintf("currentTerm (A2, C1) is %d, want %d", n.CurrentTerm, s.currentTerm)
	case n.VotedFor != s.votedFor:
		return fmt.Sprintf("votedFor (A2, RV2a, C1) is %d, want %d", n.VotedFor, s.votedFor)
	case n.Role != s.role:
		return fmt.Sprintf("role (A2, C1, C2, C3) is %v, want %v", n.Role, s.role)
	case !slices.Equal(n.Log.Entries(), s.log):
		return fmt.Sprintf("log (AE3, AE4, L2) is %v, want %v", n.Log.Entries(), s.log)
	case n.Log.Snapshot() != Mark{s.lastIncludedIndex, s.lastIncludedTerm}:
		return fmt.Sprintf("the snapshot (IS6, IS7) ends at %v, want %d/%d", n.Log.Snapshot(), s.lastIncludedIndex, s.lastIncludedTerm)
	case n.Leader != s.leader:
		return fmt.Sprintf("the leader that it knows (C2, C3, A2) is %d, want %d", n.Leader, s.leader)
	case n.CommitIndex != s.commitIndex:
		return fmt.Sprintf("commitIndex (AE5, L4, IS8) is %d, want %d", n.CommitIndex, s.commitIndex)
	case n.LastApplied != s.lastApplied:
		return fmt.Sprintf("lastApplied (A1, IS8) is %d, want %d", n.LastApplied, s.lastApplied)
	case !sameVotes(n.Votes, s.votes):
		return fmt.Sprintf("the votes (C1, C2) are %b, want %v", n.Votes, s.votes)
	case !w.sameOfOthers(n.NextIndex, s.nextIndex):
		return fmt.Sprintf("nextIndex (C2, L3) is %v, want %v", n.NextIndex, s.nextIndex)
	case !w.sameOfOthers(n.MatchIndex, s.matchIndex):
		return fmt.Sprintf("matchIndex (C2, L3) is %v, want %v", n.MatchIndex, s.matchIndex)
	case n.Extra != Extra{}:
		return fmt.Sprintf("Extra is %+v; Figure 2 has nothing beyond the figure", n.Extra)
	}
	return ""
}

func sameVotes(got NodeSet, want []NodeID) bool {
	for id := NodeID(1); id <= MaxNodes; id++ {
		if got.Has(id) != slices.Contains(want, id) {
			return false
		}
	}
	return true
}

// sameOfOthers compares a leader's nextIndex or matchIndex, but for its own
// place.
func (w twin) sameOfOthers(got, want []Index) bool {
	if len(got) != len(want) {
		return false
	}
	for i := range want {
		if NodeID(i+1) != w.paper.id && got[i] != want[i] {
			return false
		}
	}
	return true
}

// voteRequest gives the RequestVote that a candidate sends, and where that
// differs.
func (w twin) voteRequest() (m RequestVote, diff string) {
	m, want := w.node.RequestVote(), w.paper.voteRequest()
	if m != want {
		diff = fmt.Sprintf("RequestVote arguments (C1): %s sends %v, want %v", show(w.node.State), m, want)
	}
	return m, diff
}

// appendRequest gives the AppendEntries that a leader sends to that server, and
// where that differs.
func (w twin) appendRequest(to NodeID) (_ written, diff string) {
	m := w.node.AppendEntries(to)
	want, entries := w.paper.appendRequest(to)
	plain := m
	plain.Entries = Entries{}
	if plain != want || !slices.Equal(m.Entries.Slice(), entries) {
		diff = fmt.Sprintf("AppendEntries arguments (L3): %s sends %v, want %v with the entries %v", show(w.node.State), m, want, entries)
	}
	return written{&m, entries}, diff
}

// snapshotRequest says where the InstallSnapshot that a leader would send differs,
// or whether it is due to that server.
func (w twin) snapshotRequest(to NodeID) string {
	if m, want := w.node.InstallSnapshot(), w.paper.snapshotRequest(); m != want {
		return fmt.Sprintf("InstallSnapshot arguments (IS1): %s sends %v, want %v", show(w.node.State), m, want)
	}
	if due, want := w.node.NeedsSnapshot(to), w.paper.nextIndex[to-1] <= w.paper.lastIncludedIndex; due != want {
		return fmt.Sprintf("InstallSnapshot to %d is due (§7): %t, want %t: %s", to, due, want, show(w.node.State))
	}
	return ""
}

// play delivers a message to the server, with something else happening now and
// then, and looks at what it would send after that. It says where Node and the paper differ first.
func (c chance) play(w twin) (diff string) {
	events := []any{c.message(w.node)}
	if c.IntN(5) == 0 {
		events = append(events, c.alone(w.node))
	}
	for _, event := range events {
		if _, diff = w.play(event); diff != "" {
			return diff
		}
	}
	switch w.node.Role {
	case Candidate:
		_, diff = w.voteRequest()
	case Leader:
		to := NodeID(1 + c.IntN(w.node.Size))
		if _, diff = w.appendRequest(to); diff == "" {
			diff = w.snapshotRequest(to)
		}
	}
	return diff
}

// compared is how many deliveries are compared with the paper: here to servers in any
// state, in reference_cluster_test.go to those of whole clusters.
func compared() int { return wide.Of(100_000, 1_000_000) }

// shards plays the deliveries in several parts at once, each with a seed of its
// own, and gives the branches that the paper's sentences took in all of them.
func shards(t *testing.T, deliveries int, play func(t *testing.T, c chance, deliveries int, took branches)) branches {
	const parts = 4
	var took [parts]branches
	agreed := t.Run("parts", func(t *testing.T) {
		for i := range parts {
			took[i] = make(branches)
			t.Run(fmt.Sprint("seed ", i), func(t *testing.T) {
				t.Parallel()
				play(t, chance{rand.New(rand.NewPCG(2014, uint64(i)))}, deliveries/parts, took[i])
			})
		}
	})
	if !agreed {
		t.FailNow()
	}
	all := make(branches)
	for _, part := range took {
		for branch, n := range part {
			all[branch] += n
		}
	}
	return all
}

// Node answers and changes as the paper's sentences do, in every state.
func TestStatesAgainstPaper(t *testing.T) {
	t.Parallel()
	deliveries := compared()
	took := shards(t, deliveries, func(t *testing.T, c chance, deliveries int, took branches) {
		for range deliveries / 5 {
			w := twinOf(c.server(1+c.IntN(5), took))
			for range 5 {
				agree(t, c.play(w))
			}
		}
	})
	took.wantAll(t, without(allBranches, "a snapshot is taken"), deliveries/10_000)
}

// A Node that plays by other rules than Figure 2's is told from the paper's
// server: a comparison that no deviation fails says nothing.
func TestPaperTellsDeviations(t *testing.T) {
	t.Parallel()
	c := chance{rand.New(rand.NewPCG(2014, 5))}
	for _, d := range Deviations() {
		rules := Figure2().With(d)
		if !c.tells(rules, 100_000) {
			t.Errorf("%s: a Node that deviates in %s is taken for one that does not", d.Name, d.Rule)
		}
	}
}

// tells reports whether a Node by those rules is seen to differ, in so many
// states at the most.
func (c chance) tells(rules *Rules, states int) bool {
	for range states {
		w := twinOf(c.server(1+c.IntN(5), make(branches)))
		w.node.Rules = rules
		for range 2 {
			if c.play(w) != "" {
				return true
			}
		}
	}
	return false
}

// A leader commits what the paper's sentence says, whatever it has and knows.
func TestCommitAgainstPaper(t *testing.T) {
	t.Parallel()
	c := chance{rand.New(rand.NewPCG(2014, 4))}
	moved := 0
	for range 50_000 {
		w := twinOf(c.server(1+c.IntN(9), make(branches)))
		if w.node.Role != Leader {
			continue
		}
		was := show(w.node.State)
		w.node.Rules.L4(w.node)
		w.paper.commit()
		if diff := w.differs(); diff != "" {
			t.Fatalf("L4 (§5.4.2): %s, of %d servers: %s", was, w.node.Size, diff)
		}
		if show(w.node.State) != was {
			moved++
		}
	}
	if moved < 1000 {
		t.Errorf("L4: commitIndex moved in only %d cases; the comparison hardly asks it", moved)
	}
}

// Under Figure 2, what the figures of a decision say is what it came to, wherever
// they settle it. If this fails, a deviation is told where there is none.
func TestInFigure2(t *testing.T) {
	c := chance{rand.New(rand.NewPCG(2014, 6))}
	settled := make(map[Rule]int)
	for range 20_000 {
		var record []Decision
		n := twinOf(c.server(1+c.IntN(5), make(branches))).node
		n.Record = &record
		was := n.State.Clone()
		event := c.message(n)
		deliver(n, event)
		for _, d := range record {
			if want, ok := d.InFigure2(); ok && want != d.Outcome {
				t.Fatalf("%v: %s, then %+v: %v, and by its figures %v: %+v", d.Rule, show(was), event, d.Outcome, want, d)
			} else if ok {
				settled[d.Rule]++
			}
		}
	}
	for _, rule := range []Rule{AE1, AE2, RV1, RV2a, RV2b, L3, IS1} {
		if settled[rule] < 100 {
			t.Errorf("%v: its figures settled only %d decisions", rule, settled[rule])
		}
	}
}
