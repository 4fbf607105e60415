package replay

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// event plays the step's event.
func (c *Cluster) event(s *trace.Step) *Halt {
	switch e := s.Event.(type) {
	case *trace.RequestVote:
		return c.requestVote(e)
	case *trace.AppendEntries:
		return c.appendEntries(e)
	case *trace.VoteResponse:
		c.voteResponse(e)
	case *trace.AppendResponse:
		return c.appendResponse(e)
	case *trace.Timeout:
		return c.timeouts(e.Nodes)
	case *trace.ClientRequest:
		c.clientRequest(e)
	case *trace.Crash:
		c.crash(e.Nodes)
	case *trace.Restart:
		return c.restart(e)
	case *trace.StepDown:
		c.stepDown(e.Nodes)
	case *trace.InstallSnapshot:
		return c.installSnapshot(e)
	case *trace.Voters:
		c.voters(e)
	case *trace.Partition:
		c.partition(e.Groups)
	case *trace.Heal:
		c.group = [raft.MaxNodes]int{}
	}
	return nil
}

func (c *Cluster) timeouts(ids []raft.NodeID) *Halt {
	for _, id := range ids {
		if !c.able(id) {
			continue
		}
		if n := c.Node(id); n.CurrentTerm >= raft.MaxNumber && n.Role != raft.Leader {
			return c.halt(Fact{What: NoTermLeft, Node: id, Own: n.CurrentTerm})
		}
		c.act(Act{Kind: TimesOut, Node: id})
	}
	return nil
}

func (c *Cluster) clientRequest(e *trace.ClientRequest) {
	if !c.able(e.Node) {
		return
	}
	if n := c.Node(e.Node); n.Role != raft.Leader {
		c.refuse(Fact{What: DoesNotLead, Node: e.Node, Rule: raft.L2, Role: n.Role})
	}
	c.act(Act{Kind: Commands, Node: e.Node, Entries: []raft.Entry{{Value: e.Value}}})
	if n := c.Node(e.Node); n.Role == raft.Leader && c.unsent[e.Node-1] == 0 {
		c.unsent[e.Node-1] = n.Log.LastIndex()
	}
}

func (c *Cluster) crash(ids []raft.NodeID) {
	for _, id := range ids {
		if !c.isUp(id) {
			c.refuse(Fact{What: IsDownAlready, Node: id, Since: c.downBy[id-1]})
			continue
		}
		c.up = c.up.Without(id)
		c.downBy[id-1] = c.at
	}
}

func (c *Cluster) partition(groups []raft.NodeSet) {
	c.cutBy = c.at
	for id := range c.all.All() {
		c.group[id-1] = -int(id) // alone
	}
	for i, g := range groups {
		for id := range g.All() {
			c.group[id-1] = i + 1
		}
	}
}

// voters gives nodes another configuration, those that are down too: it is in
// their logs.
func (c *Cluster) voters(e *trace.Voters) {
	at, config := e.At.Or(c.all), configuration(e.Are)
	c.run.counted = append(c.run.counted, counting{c.at, at, config})
	for id := range at.All() {
		switch {
		case c.Node(id) != nil:
			c.act(Act{Kind: Configures, Node: id, Configuration: config})
		case e.At.Given() && c.t.Unknown.Has(id):
			c.found(Fact{Kind: OffPage, What: IsUnknown, Node: id})
		}
	}
}
