package replay

import "raftsheet/raft"

// These files ask of every message whether it could have been sent: by any node
// at all, by this sender at some earlier moment, by this sender now. What must
// have happened unwritten is taken in; what nothing unwritten can explain cannot
// be, and is delivered all the same.

// impossible finds that a message could not have been sent.
func (c *Cluster) impossible(f Fact) {
	c.cur.Possible = Impossible
	f.Kind = CannotBe
	c.found(f)
}

// unexplained is impossible for what only the sender's own past rules out. On
// the sheet of one node, what that node received may be off the page, and its
// own messages are then beyond telling.
func (c *Cluster) unexplained(f Fact) {
	if f.Node != c.t.RaftID {
		c.impossible(f)
		return
	}
	c.cur.Possible = Given
	c.doubtful = c.doubtful.With(f.Node)
	f.Kind = OffPage
	c.found(f)
}

// implied notes that something unwritten happened, or that the message is late.
func (c *Cluster) implied(f Fact) {
	if f.Kind = Implies; f.What == RequestIsLate || f.What == AppendIsLate {
		f.Kind = ArrivesLate
	}
	if c.cur.Possible != Impossible {
		c.cur.Possible = Supposed
		if f.Kind == ArrivesLate || f.What == SentBefore {
			c.cur.Possible = Late
		}
	}
	c.found(f)
}

// refuse notes that a node could not take an event.
func (c *Cluster) refuse(f Fact) {
	f.Kind = CannotTake
	c.cur.Refused = c.cur.Refused.With(f.Node)
	c.found(f)
}

// able reports whether a node can take an event of its own, and notes why not.
func (c *Cluster) able(id raft.NodeID) bool {
	switch {
	case c.t.Unknown.Has(id):
		c.found(Fact{Kind: OffPage, What: IsUnknown, Node: id})
		return false
	case !c.isUp(id):
		c.refuse(Fact{What: IsDown, Node: id, Since: c.downBy[id-1]})
		return false
	}
	return true
}
