package explore

import (
	"testing"
	"time"

	"raftsheet/raft"
	"raftsheet/raft/wide"
)

// wideScopes is the scopes, beside the quick ones, in which Figure 2 is walked
// where there is time for it.
var wideScopes = []Scope{
	{Name: "three servers: messages late, repeated and lost, crashes, logs of two", Nodes: 3, Terms: 2, Log: 2, Timeouts: 1,
		Lost: true, Restarts: true, InFlight: 1, Late: AnyLate},
	{Name: "three servers: three terms, answers lost, crashes, logs of two", Nodes: 3, Terms: 3, Log: 2, Timeouts: 1,
		Lost: true, Restarts: true},
	{Name: "three servers: four terms, crashes", Nodes: 3, Terms: 4, Log: 1, Timeouts: 1, Restarts: true},
	{Name: "three servers: two messages late", Nodes: 3, Terms: 2, Log: 1, Timeouts: 1, InFlight: 2, Late: AnyLate},
	{Name: "four servers: messages late and repeated", Nodes: 4, Terms: 2, Log: 1, Timeouts: 1, InFlight: 1, Late: AnyLate},
	{Name: "two servers: messages late, repeated and lost, crashes, logs of three", Nodes: 2, Terms: 3, Log: 3, Timeouts: 1,
		Lost: true, Restarts: true, InFlight: 1, Late: AnyLate},
}

// Raft is safe: in no state of any small cluster does Figure 2 break one of
// Figure 3's properties (§5.4.3). If this fails, a rule of the reference is
// wrong.
func TestFigure2Holds(t *testing.T) {
	t.Parallel()
	holds(t, append(Quick(), wide.Of(nil, wideScopes)...), wide.Of(20_000, 1_000_000))
}

// It stays safe where leaders and candidates step down by themselves, of which
// Figure 2 says nothing. If this fails, a rule rests on a leader that leads until
// it hears of another.
func TestFigure2HoldsSteppingDown(t *testing.T) {
	t.Parallel()
	scopes := append(Quick(), wide.Of(nil, wideScopes)...)
	for i := range scopes {
		scopes[i].StepDowns = true
		if !wide.On() {
			scopes[i] = scopes[i].atMost(8)
		}
	}
	holds(t, scopes, wide.Of(20_000, 1_000_000))
}

// holds walks the scopes under Figure 2. The largest must have that many states.
func holds(t *testing.T, scopes []Scope, want int) {
	t.Helper()
	start, states, most := time.Now(), 0, 0
	for _, s := range scopes {
		b, r := s.Explore(raft.Figure2())
		t.Logf("%9d states %9d transitions, at most %2d actions: %s", r.States, r.Transitions, r.Depth, s.Name)
		if b != nil {
			t.Fatalf("%s: %s breaks under Figure 2: %+v", s.Name, b.Breach.Property, *b)
		}
		if r.Outside > 0 || !r.Complete && s.Depth == 0 {
			t.Errorf("%s: %d transitions led out of what a cluster has room for, complete %t", s.Name, r.Outside, r.Complete)
		}
		states, most = states+r.States, max(most, r.States)
	}
	t.Logf("%d states in %v", states, time.Since(start).Round(time.Millisecond))
	// Scopes share states; those of one are distinct.
	if most < want {
		t.Errorf("%d distinct states; want %d", most, want)
	}
}
