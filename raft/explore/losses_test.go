package explore_test

import (
	"fmt"
	"testing"

	"raftsheet/raft"
	"raftsheet/raft/explore"
	"raftsheet/raft/wide"
)

// lossy is three servers whose disks may lose something.
func lossy(l explore.Loss, only explore.Property) explore.Scope {
	return explore.Scope{Name: "three servers, losing disks", Nodes: 3, Terms: 2, Log: 1, Timeouts: 2, Losses: l, Only: only}
}

// breakable is what each loss breaks, with the fewest actions by hand; 0 where it
// never does.
var breakable = []struct {
	loss     explore.Loss
	property explore.Property
	actions  int
	reason   string
}{
	{explore.LostVote, explore.ElectionSafety, 3, "an election, the voter's loss, another election in the same term"},
	{explore.LostVote, explore.LeaderAppendOnly, 0, "a leader ignores the other leader of its term"},
	{explore.LostVote, explore.LogMatching, 5, "two leaders of one term, and a command for each"},
	{explore.LostVote, explore.LeaderCompleteness, 8, "the same; the first's is committed; the other crashes, and its log is as up-to-date as the voter's"},
	{explore.LostVote, explore.StateMachineSafety, 7, "two leaders, each with an election, a command, its replication; and a loss"},

	{explore.LostEntry, explore.ElectionSafety, 0, "terms and votes are kept"},
	{explore.LostEntry, explore.LeaderAppendOnly, 0, "whoever loses an entry leads no more"},
	{explore.LostEntry, explore.LogMatching, 0, "a term has one leader, which leads it once"},
	{explore.LostEntry, explore.LeaderCompleteness, 5, "an election, a command, its replication, the follower's loss, its vote for the third server"},
	{explore.LostEntry, explore.StateMachineSafety, 7, "the same, and the new leader's command and its replication"},

	{explore.LostTerm, explore.ElectionSafety, 3, "an election, the voter's loss, another election in the same term"},
	{explore.LostTerm, explore.LeaderAppendOnly, 0, "a leader ignores the other leader of its term"},
	{explore.LostTerm, explore.LogMatching, 5, "two leaders of one term, and a command for each"},
	{explore.LostTerm, explore.LeaderCompleteness, 5, "an election, a command, a later election by the same voter, its loss, and it takes the command"},
	{explore.LostTerm, explore.StateMachineSafety, 7, "two leaders, each with an election, a command, its replication; and a loss"},
}

// Figure 2 is safe because disks keep what is written. Each thing that they may
// lose breaks properties of its own, and the walk finds a shortest way to each:
// it is as long as by hand, nothing shorter breaks the property, and raft.Node
// values that do the same break it in the last action. If this fails, a walk
// misses losses, or shows a way that is longer than need be, or that is none.
func TestLossesBreak(t *testing.T) {
	t.Parallel()
	names := map[explore.Loss]string{explore.LostVote: "vote", explore.LostEntry: "entry", explore.LostTerm: "term"}
	for _, tt := range breakable {
		t.Run(fmt.Sprintf("%s lost, %s", names[tt.loss], tt.property), func(t *testing.T) {
			t.Parallel()
			s := lossy(tt.loss, tt.property)
			if tt.actions == 0 {
				s.Depth = wide.Of(9, 13)
			}
			b, r := s.Explore(raft.Figure2())
			t.Logf("%7d states %8d transitions, %d actions", r.States, r.Transitions, r.Depth)
			if tt.actions == 0 {
				if b != nil || !r.Complete && r.Depth < s.Depth || r.Outside > 0 {
					t.Fatalf("it breaks, or the walk ends early: %+v %+v; by hand it never breaks: %s", b, r, tt.reason)
				}
				return
			}
			if b == nil || b.Breach.Property != tt.property || b.Actions() != tt.actions {
				t.Fatalf("%+v; want a breach after %d actions: %s", b, tt.actions, tt.reason)
			}
			if !confirmOnNodes(t, b) {
				t.Errorf("raft.Node values that do the same do not break %s\n%s", tt.property, happens(b))
			}
			readsBack(t, b)
			s.Depth = tt.actions - 1
			if b, r := s.Explore(raft.Figure2()); b != nil || r.Depth != s.Depth {
				t.Errorf("of the behaviours of up to %d actions, walked to %d, one breaks it: %+v", s.Depth, r.Depth, b)
			}
			s.Depth = 0
			if breach := explore.NaiveBreach(s, raft.Figure2()); breach != tt.actions {
				t.Errorf("the obvious walk breaks it after %d actions", breach)
			}
		})
	}
}

// What breaks first where any property may: the vote before the entry. If this
// fails, a walk without Only is not a shortest one.
func TestLossBreaksFirst(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		loss     explore.Loss
		property explore.Property
		actions  int
	}{
		{explore.LostVote, explore.ElectionSafety, 3},
		{explore.LostEntry, explore.LeaderCompleteness, 5},
		{explore.LostTerm, explore.ElectionSafety, 3},
		{explore.AnyLoss, explore.ElectionSafety, 3},
	} {
		b, _ := lossy(tt.loss, explore.None).Explore(raft.Figure2())
		if b == nil || b.Breach.Property != tt.property || b.Actions() != tt.actions {
			t.Fatalf("loss %v: %+v; want %s after %d actions", tt.loss, b, tt.property, tt.actions)
		}
		if !confirmOnNodes(t, b) {
			t.Errorf("raft.Node values that do the same do not break %s\n%s", tt.property, happens(b))
		}
	}
}
