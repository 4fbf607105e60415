package explore

import (
	"testing"
	"time"

	"raftsheet/raft"
)

// wide is the scopes, beside the quick ones, in which Figure 2 is walked.
var wide = []Scope{
	{Name: "three servers: messages late, repeated and lost, crashes, logs of two", Nodes: 3, Terms: 2, Log: 2, Timeouts: 1,
		Lost: true, Restarts: true, Letters: 1, Late: AnyLate},
	{Name: "three servers: three terms, answers lost, crashes, logs of two", Nodes: 3, Terms: 3, Log: 2, Timeouts: 1,
		Lost: true, Restarts: true},
	{Name: "three servers: four terms, crashes", Nodes: 3, Terms: 4, Log: 1, Timeouts: 1, Restarts: true},
	{Name: "three servers: two messages late", Nodes: 3, Terms: 2, Log: 1, Timeouts: 1, Letters: 2, Late: AnyLate},
	{Name: "four servers: messages late and repeated", Nodes: 4, Terms: 2, Log: 1, Timeouts: 1, Letters: 1, Late: AnyLate},
	{Name: "two servers: messages late, repeated and lost, crashes, logs of three", Nodes: 2, Terms: 3, Log: 3, Timeouts: 1,
		Lost: true, Restarts: true, Letters: 1, Late: AnyLate},
}

// Raft is safe: in no state of any small cluster does Figure 2 break one of
// Figure 3's properties (§5.4.3). If this fails, a rule of the reference is
// wrong.
func TestFigure2Holds(t *testing.T) {
	const million = 1_000_000
	start, scopes := time.Now(), Quick()
	full := !testing.Short() && !raceDetector
	if full {
		scopes = append(scopes, wide...)
	}
	states, most := 0, 0
	for _, s := range scopes {
		c, r := s.Explore(raft.Figure2())
		t.Logf("%9d states %9d transitions, at most %2d actions: %s", r.States, r.Transitions, r.Depth, s.Name)
		if c != nil {
			t.Fatalf("%s: %s breaks under Figure 2\n%s", s.Name, c.Property, c.Trace("figure2", ""))
		}
		if r.Outside > 0 || !r.Complete && s.Depth == 0 {
			t.Errorf("%s: %d transitions led out of what a cluster has room for, complete %t", s.Name, r.Outside, r.Complete)
		}
		states, most = states+r.States, max(most, r.States)
	}
	t.Logf("%d states in %v", states, time.Since(start).Round(time.Millisecond))
	if full && most < million { // scopes share states; those of one are distinct
		t.Errorf("%d distinct states; want a million", most)
	}
}
