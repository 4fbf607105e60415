package explore

import (
	"testing"

	"raftsheet/raft"
)

// Where disks lose, a second command for an index and term is another, as long as
// anything says that there was a first. If this fails, two leaders of one term
// look as if they had agreed.
func TestCommand(t *testing.T) {
	t.Parallel()
	first := raft.Entry{Term: 2, Value: "a"}
	for _, tt := range []struct {
		what   string
		losses Loss
		had    func(c *cluster)
		want   string
	}{
		{"nobody has had one", AnyLoss, func(*cluster) {}, "a"},
		{"one of another term is no rival", AnyLoss, func(c *cluster) { c.servers[1].log = runOf(raft.Entry{Term: 1, Value: "a"}) }, "a"},
		{"another server has one", AnyLoss, func(c *cluster) { c.servers[1].log = runOf(first) }, "h"},
		{"one is in flight", AnyLoss, func(c *cluster) {
			c.post(inFlight{kind: raft.AppendEntriesRequest, from: 2, to: 3, term: 2, entries: runOf(first)})
		}, "h"},
		{"one was committed, and is lost everywhere", AnyLoss, func(c *cluster) { c.committed = runOf(first) }, "h"},
		{"disks keep what is written: it is the same", 0, func(c *cluster) { c.servers[1].log = runOf(first) }, "a"},
	} {
		p := newPlayer(&Scope{Nodes: 3, Terms: 2, Log: 1, Losses: tt.losses}, raft.Figure2())
		c := cluster{}
		c.servers[0] = server{term: 2, role: uint8(raft.Leader), leads: true}
		tt.had(&c)
		p.start(&c)
		if got := p.command(p.node(1)); got != tt.want {
			t.Errorf("%s: %q; want %q", tt.what, got, tt.want)
		}
	}
}
