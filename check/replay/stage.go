package replay

import "raftsheet/raft"

// A Part is a part of a step.
type Part uint8

const (
	Before    Part = iota // what a node does of itself
	Receiving             // a node handles the request
	Answered              // the sender takes in an answer
)

// An Outcome is a decision of a node, and in which part of a step it was made.
type Outcome struct {
	Node raft.NodeID
	Part Part
	From raft.NodeID // whose message it was, or NoNode
	raft.Decision
}

// A stage is where a step is enacted: on the nodes of a cluster as it is played,
// or on nodes in the states in which a step of a Run has found them.
type stage struct {
	node  func(raft.NodeID) *raft.Node // nil for a node that is not modelled
	after func(*raft.Node)             // is told of every node that has done something
	hear  func(Outcome)                // is told of every decision; nil for nobody

	decisions []raft.Decision
}

// listen has a node record what it decides, where somebody hears it.
func (g *stage) listen(n *raft.Node) {
	if g.hear != nil {
		g.decisions = g.decisions[:0]
		n.Record = &g.decisions
	}
}

// done tells of what the node has done and decided.
func (g *stage) done(n *raft.Node, part Part, from raft.NodeID) {
	n.Record = nil
	if g.hear != nil {
		for _, d := range g.decisions {
			g.hear(Outcome{n.ID, part, from, d})
		}
	}
	g.after(n)
}

// act has a node do something of itself.
func (g *stage) act(a *Act) {
	n := g.node(a.Node)
	g.listen(n)
	a.perform(n)
	g.done(n, Before, raft.NoNode)
}

// handle has a node that a request has reached handle it, and fills in its
// answer.
func (g *stage) handle(d *Delivery) {
	n := g.node(d.To)
	g.listen(n)
	answered := true
	switch {
	case d.Vote != nil:
		var resp raft.RequestVoteResponse
		resp, d.Decision, answered = n.HandleRequestVote(d.Vote)
		d.OK, d.Term = resp.VoteGranted, resp.Term
	case d.Install != nil:
		var resp raft.InstallSnapshotResponse
		resp, d.Decision, answered = n.HandleInstallSnapshot(d.Install)
		ack := resp.Ack(d.To, *d.Install)
		d.OK, d.Term, d.Match = ack.Success, ack.Term, ack.MatchIndex
	default:
		var resp raft.AppendEntriesResponse
		resp, d.Decision, answered = n.HandleAppendEntries(d.Append)
		d.OK, d.Term, d.Match = resp.Success, resp.Term, resp.MatchIndex
	}
	if !answered {
		d.Fate = Silent
	}
	g.done(n, Receiving, d.Sender())
}

// takeBack has the sender of a request take in the answer.
func (g *stage) takeBack(n *raft.Node, d *Delivery) {
	g.listen(n)
	a := d.heard()
	if d.Vote != nil {
		n.HandleVote(raft.Vote{From: d.To, Request: d.asked(), Term: a.Term, Granted: a.OK})
	} else {
		n.HandleAck(raft.Ack{From: d.To, Request: d.asked(), Term: a.Term, Success: a.OK,
			MatchIndex: a.Match, Entries: d.entries()})
	}
	g.done(n, Answered, d.To)
}

// arrive has a node take in a response that arrives late.
func (g *stage) arrive(a *Arrival) {
	n := g.node(a.To)
	g.listen(n)
	if a.Vote != nil {
		n.HandleVote(*a.Vote)
	} else {
		n.HandleAck(*a.Ack)
	}
	g.done(n, Answered, a.From())
}

// returns reports whether an answer goes back to the sender of a step's request.
func (s *Step) returns(d *Delivery) bool {
	return !d.Lost && !s.Down && !d.heard().None
}

// enact plays a step again, as it was.
func (g *stage) enact(s *Step) {
	for i := range s.Acts {
		g.act(&s.Acts[i])
	}
	for _, d := range s.Deliveries {
		if d.Fate == Handled || d.Fate == Silent {
			d.Fate = Handled
			g.handle(&d)
		}
	}
	if sender, ok := s.Trace.Sender(); ok && g.node(sender) != nil {
		for _, d := range s.Deliveries {
			if s.returns(&d) {
				g.takeBack(g.node(sender), &d)
			}
		}
	}
	if s.Arrival != nil {
		g.arrive(s.Arrival)
	}
}
