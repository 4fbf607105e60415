package explore

import (
	"testing"

	"raftsheet/raft"
	"raftsheet/raft/goal"
)

// How many distinct states are explored in a second of one core.
func BenchmarkExplore(b *testing.B) {
	s, states, before := wideScopes[1], 0, goal.Processor()
	for b.Loop() {
		found, r := s.Explore(raft.Figure2())
		if found != nil {
			b.Fatal(found)
		}
		states += r.States
	}
	goal.Report(b, float64(states)/(goal.Processor()-before).Seconds(), 185_000, "states/s-of-processor")
}
