package explore

import (
	"math/rand/v2"
	"slices"
	"testing"

	"raftsheet/check"
	"raftsheet/raft"
	"raftsheet/trace"
)

// walk gives a row of actions picked at random, after none of which a property
// breaks.
func walk(s *Scope, rules *raft.Rules, actions int, rng *rand.Rand) *Counterexample {
	c := &Counterexample{Scope: *s, rules: rules}
	p, w, m := newPlayer(s, rules), newWriter(s), menu{scope: s}
	var at cluster
	for range actions {
		all := m.list(&at)
		if len(all) == 0 {
			break
		}
		a := all[rng.IntN(len(all))]
		p.play(&at, a)
		if p.broken.property == None && !p.outside && p.now != at {
			c.path = append(c.path, a)
			at = read(w.canonical(&p.now), s.Nodes)
		}
	}
	return c
}

// Rules under which a replay knows less than the explorer: it takes messages
// for impossible, or for others than they are, that show their sender's term.
var termsAstray = []string{"term-kept-on-timeout", "term-falls", "term-lost-on-restart"}

// What the explorer does with a cluster is what a replay does with the trace of
// it, whatever comes late, twice or never: the same answers, no message that
// could not have been sent, no property broken, and the same states in the end.
// If this fails, a counterexample is one in the explorer's own world alone.
func TestWalksReplay(t *testing.T) {
	t.Parallel()
	scopes := []Scope{
		{Nodes: 3, Terms: 4, Log: 3, Timeouts: 2, Lost: true, Restarts: true, Letters: 2, Late: AnyLate},
		{Nodes: 4, Terms: 4, Log: 3, Timeouts: 2, Together: true, Letters: 2, Late: AnyLate},
		{Nodes: 5, Terms: 6, Log: 2, Timeouts: 6, Letters: 1, Late: LateAcks, Voters: 2, Orderly: true},
	}
	walks := func(name string, rules *raft.Rules, n int) {
		for k, s := range scopes {
			rng := rand.New(rand.NewPCG(1, uint64(k)))
			for range n {
				replay(t, name, walk(&s, rules, 40, rng))
			}
		}
	}
	walks("figure2", raft.Figure2(), 200)
	for _, d := range raft.Deviations() {
		if !slices.Contains(termsAstray, d.Name) {
			walks(d.Name, raft.Figure2().With(d), 5)
		}
	}
}

// replay holds a replay of a behaviour's trace against the behaviour.
func replay(t *testing.T, name string, c *Counterexample) {
	t.Helper()
	text := c.Trace(name, "")
	f, err := trace.Parse("walk.yaml", []byte(text), trace.DefaultLimits())
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, text)
	}
	run, err := check.ReplayWith(f.Traces[0], []string{name})
	if err != nil {
		t.Fatalf("%s: %v\n%s", name, err, text)
	}
	for _, f := range check.Compare(run).Findings {
		if !f.Late() {
			t.Fatalf("%s: step %d: %s: %s\n%s", name, f.Step, f.Kind, f.Message, text)
		}
	}
	_, end, names := c.story()
	for id := raft.NodeID(1); int(id) <= c.Scope.Nodes; id++ {
		got := run.State(names[id], len(run.Steps))
		if want := end.servers[id-1]; !sameState(got, &want, &names) {
			t.Fatalf("%s: node %d ends as %+v with log %v, and in the explorer as %+v with log %v\n%s",
				name, names[id], got, got.Log.Entries(), want, want.log.entries(), text)
		}
	}
}

// sameState holds a node's state against a server of the explorer.
func sameState(got *raft.State, want *server, names *cast) bool {
	if got.CurrentTerm != raft.Term(want.term) || got.VotedFor != names[want.voted] || got.Role != raft.Role(want.role) ||
		!slices.Equal(got.Log.Entries(), want.log.entries()) ||
		got.CommitIndex != raft.Index(want.commit) || got.LastApplied != raft.Index(want.applied) ||
		got.Votes.Len() != raft.NodeSet(want.votes).Len() || (got.NextIndex != nil) != want.leads {
		return false
	}
	for i := range got.NextIndex {
		if next, match := want.next[i], want.match[i]; next+match > 0 {
			at := names[i+1] - 1
			if got.NextIndex[at] != raft.Index(next) || got.MatchIndex[at] != raft.Index(match) {
				return false
			}
		}
	}
	return true
}
