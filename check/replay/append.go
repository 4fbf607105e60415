package replay

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file plays AppendEntries, and bounds what that costs.

func (c *Cluster) appendEntries(e *trace.AppendEntries) *Halt {
	d := &draft{e: e, m: raft.AppendEntries{LeaderID: e.LeaderID}}
	if c.unread.Has(e.LeaderID) && !e.Complete() {
		c.cannotFill(e.LeaderID)
		return nil
	}
	if halt := c.fillAppend(d); halt != nil {
		return halt
	}
	c.claims.goesOn(c, e.LeaderID, d.m.Term, true)
	c.couldAppend(d)
	if n := c.Node(e.LeaderID); (e.Auto || e.Count.Given() && d.perNode) && (n.Role != raft.Leader || n.CurrentTerm != d.m.Term) {
		return c.halt(Fact{What: NoNextIndex, Pos: e.Entries.Pos, Node: n.ID, Term: d.m.Term})
	}
	if !d.perNode {
		d.m.Entries = c.carry(d)
		c.cur.Sent.Append = &d.m
	}
	var sent map[raft.Index]*raft.AppendEntries
	if d.perNode {
		sent = make(map[raft.Index]*raft.AppendEntries)
	}
	if halt := c.address(e.LeaderID); halt != nil {
		return halt
	}
	for i := range c.cur.Deliveries {
		del := &c.cur.Deliveries[i]
		m, halt := c.addressed(d, del.To, sent)
		if halt != nil {
			return halt
		}
		del.Append = m
	}
	c.send(d)
	if halt := c.deliverAppends(d); halt != nil {
		return halt
	}
	c.takeBack()
	return nil
}

// deliverAppends delivers the requests, and counts what that costs.
func (c *Cluster) deliverAppends(d *draft) *Halt {
	for i := range c.cur.Deliveries {
		del := &c.cur.Deliveries[i]
		if c.growth > maxGrowth {
			return c.halt(Fact{What: TooMuchGrowth, Count: maxGrowth})
		}
		was := c.logOf(del.To)
		c.deliver(del)
		c.countGrowth(del.To, was)
		c.countWork(del, d)
	}
	if c.work > maxWork {
		return c.halt(Fact{What: TooMuchWork, Count: maxWork})
	}
	return nil
}

// maxWork bounds the entries that a replay goes through one by one: seconds,
// where a small file could ask for hours.
const maxWork = 500_000_000

// maxGrowth bounds the entries that logs take in under deviations: some append
// what is there already, or write a log anew.
const maxGrowth = 1_000_000

// logOf is a node's log as it is now, empty for an unknown one.
func (c *Cluster) logOf(id raft.NodeID) raft.Log {
	if n := c.Node(id); n != nil {
		return n.Log
	}
	return raft.Log{}
}

// countGrowth counts what a delivery has added to a node's log, or written anew.
func (c *Cluster) countGrowth(id raft.NodeID, was raft.Log) {
	if now := c.logOf(id); c.run.Deviates() && now != was {
		c.growth += int(now.LastIndex() - was.Shared(now))
	}
}

// countWork counts a delivery of entries that the receiver did not come to
// share with the sender.
func (c *Cluster) countWork(del *Delivery, d *draft) {
	n := c.Node(del.To)
	if n == nil || del.Fate != Handled || !del.OK || del.Append.Entries.Len() < 1000 {
		return
	}
	if s := c.Node(d.m.LeaderID); s == nil || s.Log.Shared(n.Log) < del.Append.LastNewIndex() {
		c.work += del.Append.Entries.Len()
	}
}
