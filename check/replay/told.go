package replay

import (
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
)

// This file has clusters that are told what happens. Carrying an error forward
// plays the steps of one replay on nodes in other states than it found them in.

// Told gives a cluster that does as it is told: it asks neither whether a message
// could have been sent nor whether the cluster is safe. Its nodes may be changed
// between two steps, with [Cluster.Touch].
func Told(t *trace.Trace, rules *raft.Rules) *Cluster {
	c := New(t, rules)
	c.stage.after = c.Touch
	return c
}

// Begin begins a step that has happened in another replay of the trace. Its
// messages are the same; who answers what, and which states change, is to come.
func (c *Cluster) Begin(s *Step) *Step {
	c.begin(s.Trace)
	own := *s
	own.Deliveries, own.Changed = slices.Clone(s.Deliveries), 0
	*c.cur = own
	if e, is := s.Trace.Event.(*trace.Voters); is {
		c.run.counted = append(c.run.counted, counting{c.at, e.At.Or(c.all), configuration(e.Are)})
	}
	return c.cur
}

// Do has a node do something of itself. The skipped terms before its own are
// those in which it stood unwritten.
func (c *Cluster) Do(a Act) {
	n := c.nodes[a.Node-1]
	if a.Kind == Stands && a.Term > n.CurrentTerm+1 {
		c.skipped = a.Term - n.CurrentTerm - 1
	}
	c.stage.act(&a)
	c.skipped = 0
}

// Handle has a node handle a request, wherever that has been, and fills in its
// answer. It reports whether the node answers.
func (c *Cluster) Handle(d *Delivery) bool {
	d.Fate = Handled
	c.stage.handle(d)
	return d.Fate == Handled
}

// TakeBack has the sender of a request take in an answer, if it comes back.
func (c *Cluster) TakeBack(n *raft.Node, d *Delivery) {
	if c.cur.returns(d) {
		c.stage.takeBack(n, d)
	}
}

// Arrive has a node take in a response that arrives late.
func (c *Cluster) Arrive(a *Arrival) { c.stage.arrive(a) }

// Touch takes in that a node is in another state than it was, from the step in
// hand on.
func (c *Cluster) Touch(n *raft.Node) {
	c.touched = c.touched.With(n.ID)
	c.noteTerm(n)
}

// Keep keeps the states that the step in hand has come to.
func (c *Cluster) Keep() { c.keep() }
