package check_test

import (
	"fmt"
	"math/rand/v2"

	"raftsheet/raft"
)

// This file has a cluster that plays by Figure 2, on servers of package raft and
// a network of its own: it alone knows who has sent what and when. Package replay
// has no part in it.

// A cutCluster is a cluster in its course.
type cutCluster struct {
	dice   *rand.Rand
	nodes  []*raft.Node // by NodeID-1
	up     raft.NodeSet
	group  []int    // by NodeID-1: the part of the network that it is in
	flight []parcel // all that was ever sent: any of it may arrive, late and again
	past   []happening
	values int
	storms int // how often nodes time out though somebody leads, in percent
}

// A parcel is a message on its way to one node: one of the three.
type parcel struct {
	from, to raft.NodeID
	vote     *raft.RequestVote
	app      *raft.AppendEntries
	answer   *cutAnswer
	sent     int // how much had happened when it was sent
}

// A cutAnswer is an answer as it is written in a trace.
type cutAnswer struct {
	vote, ok bool
	term     raft.Term
	match    raft.Index // of a success
}

// A happening is one thing that happened, and the cluster after it.
type happening struct {
	what   string // as the step's key, "request" or "answer"
	node   raft.NodeID
	value  string
	parcel parcel
	to     []result
	bare   bool         // a page does not say what was answered
	during []raft.State // the sender's, after each answer that it took in
	after  moment
}

// A result is what became of a request at one node.
type result struct {
	to     raft.NodeID
	answer cutAnswer
	back   bool // the answer reached the sender at once
}

// A moment is the cluster at some time.
type moment struct {
	states []raft.State // by NodeID-1
	up     raft.NodeSet
	group  []int
}

// playCluster plays a cluster for a number of happenings.
func playCluster(dice *rand.Rand, size, long int) *cutCluster {
	c := &cutCluster{dice: dice, nodes: make([]*raft.Node, size), up: raft.AllNodes(size), group: make([]int, size), storms: 2 + dice.IntN(16)}
	rules := raft.Figure2()
	for i := range c.nodes {
		c.nodes[i] = raft.NewNode(raft.NodeID(i+1), size, rules)
	}
	for len(c.past) < long {
		c.step()
	}
	return c
}

func (c *cutCluster) now() moment {
	m := moment{up: c.up, group: append([]int(nil), c.group...)}
	for _, n := range c.nodes {
		m.states = append(m.states, n.State.Clone())
	}
	return m
}

func (c *cutCluster) happened(h happening) {
	h.after = c.now()
	c.past = append(c.past, h)
}

func (c *cutCluster) one(in int) bool { return c.dice.IntN(in) == 0 }
func (c *cutCluster) any() *raft.Node { return c.nodes[c.dice.IntN(len(c.nodes))] }
func (c *cutCluster) reach(a, b raft.NodeID) bool {
	return c.group[a-1] == c.group[b-1]
}

// step has something happen that may happen now, if the dice find it.
func (c *cutCluster) step() {
	n := c.any()
	switch what := c.dice.IntN(100); {
	case c.dice.IntN(100) < c.storms && c.up.Has(n.ID) && n.Role != raft.Leader:
		c.timeout(n)
	case what < 7 && c.up.Has(n.ID):
		c.up = c.up.Without(n.ID)
		c.happened(happening{what: "crash", node: n.ID})
	case what < 14 && !c.up.Has(n.ID) || what == 14:
		n.Restart()
		c.up = c.up.With(n.ID)
		c.happened(happening{what: "restart", node: n.ID})
	case what == 15:
		for i := range c.group {
			c.group[i] = 1 + c.dice.IntN(2)
		}
		c.happened(happening{what: "partition"})
	case what < 18 && c.group[0] != 0:
		c.group = make([]int, len(c.nodes))
		c.happened(happening{what: "heal"})
	case what < 30 && len(c.flight) > 0:
		c.arrive(c.flight[c.dice.IntN(len(c.flight))])
	case what < 50 && len(c.flight) > 0:
		c.arrive(c.flight[len(c.flight)-1-c.dice.IntN(min(8, len(c.flight)))])
	default:
		c.busy()
	}
}

// busy has a leader or candidate do its work; where there is none, somebody
// times out.
func (c *cutCluster) busy() {
	first := c.dice.IntN(len(c.nodes))
	for i := range c.nodes {
		n := c.nodes[(first+i)%len(c.nodes)]
		switch {
		case !c.up.Has(n.ID):
		case n.Role == raft.Leader && c.one(4):
			c.values++
			value := fmt.Sprintf("c%d", c.values)
			n.ClientRequest(value)
			c.happened(happening{what: "clientRequest", node: n.ID, value: value})
			return
		case n.Role == raft.Leader:
			c.replicate(n)
			return
		case n.Role == raft.Candidate && c.one(3):
			c.timeout(n)
			return
		case n.Role == raft.Candidate:
			m := n.RequestVote()
			c.send(n, func(to raft.NodeID) parcel { return parcel{vote: &m} })
			return
		}
	}
	if n := c.any(); c.up.Has(n.ID) {
		c.timeout(n)
	}
}

func (c *cutCluster) timeout(n *raft.Node) {
	n.Timeout()
	c.happened(happening{what: "timeout", node: n.ID})
}

// replicate has a leader send what one of the others needs by its nextIndex, or
// the beginning of that, to some of the others.
func (c *cutCluster) replicate(n *raft.Node) {
	to := c.any().ID
	if to == n.ID {
		return
	}
	m := n.AppendEntries(to)
	if all := m.Entries.Slice(); len(all) > 0 && c.one(4) {
		m.Entries = raft.NewEntries(m.PrevLogIndex, m.PrevLogTerm, all[:c.dice.IntN(len(all))]...)
	}
	c.send(n, func(id raft.NodeID) parcel {
		if id != to && c.one(2) {
			return parcel{}
		}
		return parcel{app: &m}
	})
}

// send sends a request to every other node, and has it arrive at some at once.
func (c *cutCluster) send(n *raft.Node, what func(to raft.NodeID) parcel) {
	var first parcel
	var now []raft.NodeID
	for _, other := range c.nodes {
		p := what(other.ID)
		if p.from, p.to, p.sent = n.ID, other.ID, len(c.past); other.ID == n.ID || p.vote == nil && p.app == nil {
			continue
		}
		c.flight = append(c.flight, p)
		if c.up.Has(p.to) && c.reach(p.from, p.to) && !c.one(3) {
			first, now = p, append(now, p.to)
		}
	}
	if len(now) > 0 {
		c.deliver(first, now)
	}
}

// arrive has a message that was sent some time ago arrive, if it can.
func (c *cutCluster) arrive(p parcel) {
	switch {
	case !c.up.Has(p.to) || !c.reach(p.from, p.to):
	case p.answer == nil:
		c.deliver(p, []raft.NodeID{p.to})
	default:
		c.takeIn(p)
		c.happened(happening{what: "answer", parcel: p})
	}
}

// takeIn has a node take in an answer that arrives late. Which request it answers
// is not said, so that it counts by its own term.
func (c *cutCluster) takeIn(p parcel) {
	n, a := c.nodes[p.to-1], p.answer
	if a.vote {
		n.HandleVote(raft.Vote{From: p.from, Request: a.term, Term: a.term, Granted: a.ok})
	} else {
		n.HandleAck(raft.Ack{From: p.from, Request: a.term, Term: a.term, Success: a.ok, MatchIndex: a.match})
	}
}

// deliver delivers a request to some nodes. Some answers come back at once, and
// any may come late, or again.
func (c *cutCluster) deliver(p parcel, to []raft.NodeID) {
	h := happening{what: "request", node: p.from, parcel: p}
	for _, id := range to {
		a, ok := c.handle(p, c.nodes[id-1])
		if !ok {
			panic("two leaders in one term, where all play by Figure 2")
		}
		back := c.up.Has(p.from) && !c.one(4)
		h.to = append(h.to, result{id, a, back})
		c.flight = append(c.flight, parcel{from: id, to: p.from, answer: &a, sent: len(c.past)})
	}
	for _, r := range h.to {
		if r.back {
			c.takeBack(p, r)
			h.during = append(h.during, c.nodes[p.from-1].State.Clone())
		}
	}
	c.happened(h)
}

// handle has a node answer a request.
func (c *cutCluster) handle(p parcel, n *raft.Node) (a cutAnswer, ok bool) {
	if p.vote != nil {
		resp, _, ok := n.HandleRequestVote(p.vote)
		return cutAnswer{vote: true, ok: resp.VoteGranted, term: resp.Term}, ok
	}
	resp, _, ok := n.HandleAppendEntries(p.app)
	return cutAnswer{ok: resp.Success, term: resp.Term, match: resp.MatchIndex}, ok
}

// takeBack has the sender of a request take in an answer to it.
func (c *cutCluster) takeBack(p parcel, r result) {
	n, a := c.nodes[p.from-1], r.answer
	if p.vote != nil {
		n.HandleVote(raft.Vote{From: r.to, Request: p.vote.Term, Term: a.term, Granted: a.ok})
		return
	}
	n.HandleAck(raft.Ack{From: r.to, Request: p.app.Term, Term: a.term, Success: a.ok, MatchIndex: a.match, Entries: p.app.Entries.Len()})
}
