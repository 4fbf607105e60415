package generate

import "raftsheet/raft"

// This file settles what is lost: nodes are cut off for a while, and now and then a
// message alone does not arrive.

// tooFew and tooMany report on which side of the wish the requests are that have been
// lost so far.
func (p *play) tooFew() bool  { return p.lost*100 < p.sent*p.w.Lost }
func (p *play) tooMany() bool { return p.lost*100 > p.sent*(p.w.Lost+5) }

// weather changes now and then who is cut off.
func (p *play) weather(d dice) {
	quiet := p.all &^ p.away &^ p.leaders()
	switch {
	case p.w.Lost == 0 || p.sent == 0:
	case p.away != 0 && (p.tooMany() || d.percent(20)):
		p.comeBack(p.some(d, p.away))
	case quiet != 0 && p.away.Len() < (p.w.Nodes-1)/2 && p.tooFew() && d.percent(50):
		p.cutOff(raft.SetOf(pick(d, members(quiet))))
	}
}

// some gives one of the nodes, or all.
func (p *play) some(d dice, of raft.NodeSet) raft.NodeSet {
	if d.percent(50) {
		return of
	}
	return raft.SetOf(pick(d, members(of)))
}

// cutOff cuts nodes off from the others.
func (p *play) cutOff(of raft.NodeSet) {
	for id := range of.All() {
		p.since[id] = len(p.steps)
	}
	p.away |= of
}

// comeBack has nodes reach the others again.
func (p *play) comeBack(of raft.NodeSet) { p.away &^= of }

// tidings says who is cut off, and who is back, since the last step.
func (p *play) tidings() []string {
	var say []string
	if back := p.told &^ p.away; back != 0 {
		say = append(say, sentence(names(back)+are(back))+" back.")
	}
	if gone := p.away &^ p.told; gone != 0 {
		say = append(say, sentence(names(gone)+are(gone))+" cut off from here on.")
	}
	p.told = p.away
	return say
}

func are(of raft.NodeSet) string {
	if of.Len() == 1 {
		return " is"
	}
	return " are"
}

// losses gives whom a request of a node does not reach: those on the other side, and
// at times some more, but never everybody.
func (p *play) losses(d dice, from raft.NodeID) raft.NodeSet {
	reach := p.reach(from)
	lost := p.all.Without(from) &^ reach
	if p.kit.answers {
		p.quiet = 0
		for id := range reach.All() {
			if d.percent(15) {
				p.quiet = p.quiet.With(id)
			}
		}
	}
	for id := range reach.All() {
		if more := lost.With(id); p.tooFew() && d.percent(p.w.Lost/2) && more != p.all.Without(from) {
			lost = more
		}
	}
	return lost
}

// members gives nodes as a list.
func members(of raft.NodeSet) []raft.NodeID {
	var ids []raft.NodeID
	for id := range of.All() {
		ids = append(ids, id)
	}
	return ids
}
