package explore_test

import (
	"math/rand/v2"
	"slices"
	"testing"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/raft/explore"
	"raftsheet/raft/wide"
)

// Rules under which a replay knows less than the explorer: it takes messages
// for impossible, or for others than they are, that show their sender's term.
var termsAstray = []string{"term-kept-on-timeout", "term-falls", "term-lost-on-restart"}

// What the explorer does with a cluster is what a replay does with the trace of
// it, whatever comes late, twice or never: the same answers, no message that
// could not have been sent, no property broken, and the same states in the end.
// If this fails, a counterexample is one in the explorer's own world alone.
func TestWalksReplay(t *testing.T) {
	t.Parallel()
	scopes := []explore.Scope{
		{Nodes: 3, Terms: 4, Log: 3, Timeouts: 2, Lost: true, Restarts: true, StepDowns: true, InFlight: 2, Late: explore.AnyLate},
		{Nodes: 4, Terms: 4, Log: 3, Timeouts: 2, Together: true, InFlight: 2, Late: explore.AnyLate},
		{Nodes: 5, Terms: 6, Log: 2, Timeouts: 6, InFlight: 1, Late: explore.LateAcks, Voters: 2, Orderly: true},
		{Nodes: 3, Terms: 4, Log: 3, Timeouts: 2, StepDowns: true, Losses: explore.LostVote | explore.LostEntry, InFlight: 1, Late: explore.AnyLate},
	}
	walks := func(name string, rules *raft.Rules, n int) {
		for k, s := range scopes {
			rng := rand.New(rand.NewPCG(1, uint64(k)))
			for range n {
				replays(t, name, explore.Walk(s, rules, 40, rng))
			}
		}
	}
	walks("figure2", raft.Figure2(), wide.Of(50, 1000))
	for _, d := range raft.Deviations() {
		if !slices.Contains(termsAstray, d.Name) {
			walks(d.Name, raft.Figure2().With(d), wide.Of(1, 5))
		}
	}
}

// replays holds a replay of a behaviour's trace against the behaviour.
func replays(t *testing.T, name string, b *explore.Behavior) {
	t.Helper()
	c := variant.Counterexample(b, name, "")
	run, err := check.ReplayWith(c, []string{name})
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, text(c))
	}
	rep := check.Compare(run)
	for _, f := range rep.Findings {
		lossy := f.Kind == finding.Loss || f.Kind == finding.Safety && rep.CountKind(finding.Loss) > 0
		if !f.Late() && !lossy {
			t.Fatalf("%s: step %d: %s: %s\n%s", name, f.Step, f.Kind, f.Message, text(c))
		}
	}
	for i, want := range b.Steps[len(b.Steps)-1].States {
		id := raft.NodeID(i + 1)
		if got := run.State(id, len(run.Steps)); !sameState(got, &want) {
			t.Fatalf("%s: node %d ends as %+v with log %v, and in the explorer as %+v with log %v\n%s",
				name, id, got, got.Log.Entries(), want, want.Log.Entries(), text(c))
		}
	}
}

// sameState holds a node's state in a replay against that in the explorer. A
// leader's own nextIndex and matchIndex mean nothing there.
func sameState(got, want *raft.State) bool {
	if got.CurrentTerm != want.CurrentTerm || got.VotedFor != want.VotedFor || got.Role != want.Role ||
		!slices.Equal(got.Log.Entries(), want.Log.Entries()) ||
		got.CommitIndex != want.CommitIndex || got.LastApplied != want.LastApplied ||
		got.Votes != want.Votes || len(got.NextIndex) != len(want.NextIndex) {
		return false
	}
	for i := range got.NextIndex {
		if next, match := want.NextIndex[i], want.MatchIndex[i]; next+match > 0 && (got.NextIndex[i] != next || got.MatchIndex[i] != match) {
			return false
		}
	}
	return true
}
