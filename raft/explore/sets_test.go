package explore_test

import (
	"testing"

	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/raft/explore"
	"raftsheet/raft/wide"
)

// Each thing that a real implementation does otherwise breaks nothing within the
// bounds, as its row says. If this fails, a row is wrong about the program, or
// about its safety.
func TestImplementationsAreSafe(t *testing.T) {
	wide.Only(t) // explores some million states
	t.Parallel()
	seen := make(map[string]bool)
	for _, name := range []string{"etcd", "hashicorp"} {
		set, ok := raft.SetNamed(name)
		if !ok {
			t.Fatalf("there is no set %s", name)
		}
		for _, d := range set.Deviations {
			if seen[d.Name] || breaking[d.Name] > 0 {
				continue // hashicorp's commit-to-log-end: unsafe, and known to be
			}
			seen[d.Name] = true
			if b, r := explore.Find(raft.Figure2().With(d)); b != nil {
				t.Errorf("%s: %s breaks in %d steps\n%s", d.Name, b.Breach.Property, len(b.Steps), text(variant.Counterexample(b, d.Name, d.Believed)))
			} else {
				t.Logf("%-28s %7d states", d.Name, r.States)
			}
		}
	}
}
