package oracle

import (
	"testing"

	etcd "go.etcd.io/raft/v3"
)

// TestEtcdRestart crashes servers after some steps, and starts them again from what
// etcd asked its user to store. If it fails, the set etcd is wrong about what a
// restart leaves: commit-kept-on-restart.
func TestEtcdRestart(t *testing.T) {
	t.Parallel()
	rules, kept := rulesOf(t, "etcd"), 0
	for seed := *flagSeed; seed < *flagSeed+2000; seed++ {
		c := seeded(seed)
		n := c.node(rules)
		e := newEtcdNode(n)
		for range c.IntN(6) {
			s := drawForEtcd(c, n)
			e.take(s)
			s.to(n)
		}
		if n.CommitIndex > n.Log.LastIndex() {
			continue // cut below commitIndex, which no real leader brings about: etcd refuses to start
		}
		e.raw, _ = etcd.NewRawNode(e.config(n.ID))
		e.drain()
		n.Restart()
		if got, want := describe(e.state()), describe(n.State); got != want {
			t.Fatalf("seed %d: after a restart\netcd  %q\nrules %q", seed, got, want)
		}
		if n.CommitIndex > 0 {
			kept++
		}
	}
	if kept < 100 {
		t.Errorf("only %d servers had committed anything", kept)
	}
}
