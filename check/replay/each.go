package replay

// This file judges every event for itself: before a step, what the trace has told of
// its nodes takes the place of what the replay makes of them, and a sender takes in
// the answers that the trace has. Then one departure of a recorded cluster from the
// rules is found where it happened, and what follows from it is not.

// heed has the nodes take the states that the step before has told.
func (c *Cluster) heed() {
	if !c.run.Each || c.at < 2 {
		return
	}
	told := c.run.Steps[c.at-2].Trace.State
	for i := range told {
		n := c.Node(told[i].Node)
		if n == nil {
			continue
		}
		was := n.State.Clone()
		now := *n
		take(&now, &told[i])
		if was.Changed(&now.State) != 0 {
			c.act(Act{Kind: Takes, Node: n.ID, Told: &told[i]})
		}
	}
}

// asWritten is what the trace says that a node answered, where the replay has it
// otherwise; nil where it does not.
func (c *Cluster) asWritten(d *Delivery) *Reply {
	row := c.cur.Trace.Response
	if !c.run.Each || row == nil {
		return nil
	}
	cell := row.Cell(d.To)
	switch {
	case cell == nil:
		return nil
	case cell.None:
		return &Reply{None: true}
	case !cell.Says():
		return nil
	}
	given := Reply{OK: d.OK, Term: d.Term, Match: d.Match}
	if d.Fate == Silent {
		given = Reply{Term: d.Request.Term()}
	}
	was := given
	given.OK, given.Term = cell.OK.Or(given.OK), cell.Term.Or(given.Term)
	switch {
	case !given.OK || d.Vote != nil:
		given.Match = 0
	case cell.MatchIndex.Given() || !was.OK:
		given.Match = cell.MatchIndex.Or(d.LastIndex())
	}
	if given == was && d.Fate == Handled {
		return nil
	}
	return &given
}
