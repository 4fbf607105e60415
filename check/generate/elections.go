package generate

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file has the moves that send a RequestVote.

// stand has a node stand for election after so many timeouts. Its request goes to all
// others, and does not reach those in lost.
func (p *play) stand(id raft.NodeID, timeouts int, lost raft.NodeSet) bool {
	n := p.node(id)
	if timeouts > 1 {
		p.note("%s has timed out %s by now.", sentence(names(raft.SetOf(id))), times(timeouts))
	}
	if p.w.Events {
		for range timeouts {
			if !p.apply(trace.Step{Event: &trace.Timeout{Nodes: []raft.NodeID{id}}}) {
				return false
			}
		}
		return p.ask(id, n.CurrentTerm, lost)
	}
	return p.ask(id, n.CurrentTerm+raft.Term(timeouts), lost)
}

func times(n int) string {
	return [...]string{"never", "once", "twice", "three times", "four times"}[n]
}

// ask has a candidate of a term ask all others for their votes.
func (p *play) ask(id raft.NodeID, term raft.Term, lost raft.NodeSet) bool {
	last := p.node(id).Log.Last()
	e := &trace.RequestVote{CandidateID: id, Term: trace.OptOf(term)}
	if p.kit.leaveOut&logEnd == 0 {
		e.LastLogIndex, e.LastLogTerm = trace.OptOf(last.Index), trace.OptOf(last.Term)
	}
	return p.send(e, p.all.Without(id), lost)
}

// grants gives the nodes that would vote for another in a term, itself among them.
func (p *play) grants(id raft.NodeID, term raft.Term) raft.NodeSet {
	own := raft.SetOf(id)
	last := p.node(id).Log.Last()
	for other := range p.all.Without(id).All() {
		v := p.node(other)
		free := v.CurrentTerm < term || v.CurrentTerm == term && (v.VotedFor == raft.NoNode || v.VotedFor == id)
		if free && last.UpToDate(v.Log.Last()) {
			own = own.With(other)
		}
	}
	return own
}

// hopeful gives the nodes that would win an election in their next term, if their
// request reached all that they reach; with hopeful false, those that would not.
func (p *play) hopeful(from raft.NodeSet, hopeful bool) []raft.NodeID {
	var out []raft.NodeID
	for id := range from.All() {
		votes := p.grants(id, p.node(id).CurrentTerm+1) & p.reach(id).With(id)
		if (votes.Len() >= p.majority()) == hopeful && p.reach(id) != 0 {
			out = append(out, id)
		}
	}
	return out
}

// win has a node stand that wins. If need be, everybody is in reach again.
func win(p *play, d dice) bool {
	if p.leader() != raft.NoNode {
		p.retire(d)
	}
	free := p.all &^ p.away &^ p.leaders()
	all := p.hopeful(free, true)
	if len(all) == 0 {
		p.comeBackAll()
		if all = p.hopeful(p.all&^p.leaders(), true); len(all) == 0 {
			return false
		}
	}
	id := pick(d, all)
	lost := p.losses(d, id)
	// Of those whom the request would miss by chance, as many get it as it takes to win.
	votes := p.grants(id, p.node(id).CurrentTerm+1)
	for other := range (votes & lost & p.reach(id)).All() {
		if (votes &^ lost).Len() >= p.majority() {
			break
		}
		lost = lost.Without(other)
	}
	return p.stand(id, 1, lost)
}

// comeBackAll has all that are cut off reach the others again.
func (p *play) comeBackAll() {
	if p.away != 0 {
		p.comeBack(p.away)
	}
}

// retire makes room for another leader: the old one is cut off, with a follower or
// without, and does not hear of the election. Where nothing is lost, it hears of it.
func (p *play) retire(d dice) {
	most := (p.w.Nodes - 1) / 2
	if p.w.Lost == 0 || most == 0 {
		return
	}
	id := p.leader()
	// Never more than a minority is cut off: the others are to elect somebody.
	var back raft.NodeSet
	if p.away.Len() >= most || d.percent(40) {
		back = p.away
	}
	cut := raft.SetOf(id)
	if others := p.all &^ p.away.With(id); (p.away&^back).Len()+2 <= most && d.percent(60) {
		cut = cut.With(pick(d, members(others)))
	}
	if back != 0 {
		p.comeBack(back)
	}
	p.cutOff(cut)
}

// lose has a node stand whose log, or whose term, is not good enough.
func lose(p *play, d dice) bool {
	all := p.hopeful(p.restless(), false)
	if len(all) == 0 {
		return false
	}
	id := pick(d, all)
	// Who was cut off has heard of no leader all the while, and may have timed out before.
	timeouts := 1
	if away := len(p.steps) - p.since[id]; p.since[id] > 0 && away < 6 && d.percent(50) {
		timeouts = 1 + d.below(3)
		p.since[id] = 0
	}
	return p.stand(id, timeouts, p.losses(d, id))
}

// few gives whom a request must not reach, so that its candidate has at most so many
// votes; ok is false where it would reach nobody.
func (p *play) few(d dice, id raft.NodeID, term raft.Term, most int, lost raft.NodeSet) (few raft.NodeSet, ok bool) {
	voters := members(p.grants(id, term) & p.reach(id) &^ lost)
	shuffle(d, voters)
	for _, other := range voters {
		if (p.grants(id, term) &^ lost).Len() <= most {
			break
		}
		lost = lost.With(other)
	}
	return lost, lost != p.all.Without(id)
}

// fallShort has a node stand whose request reaches too few.
func fallShort(p *play, d dice) bool {
	all := p.restless()
	if p.w.Lost == 0 || all == 0 {
		return false
	}
	id := pick(d, members(all))
	lost, ok := p.few(d, id, p.node(id).CurrentTerm+1, p.w.Nodes/4+1, p.losses(d, id))
	return ok && p.stand(id, 1, lost)
}

// split has two nodes stand for one term, of which the second has not heard of the
// first: a split vote, or nearly.
func split(p *play, d dice) bool {
	if p.votes < 2 || p.w.Lost == 0 {
		return false
	}
	if p.leader() != raft.NoNode {
		p.retire(d)
	}
	free := members(p.all &^ p.away &^ p.leaders())
	if len(free) < 3 {
		return false
	}
	shuffle(d, free)
	first, rival := free[0], free[1]
	term := max(p.node(first).CurrentTerm, p.node(rival).CurrentTerm) + 1
	ahead := int(term - p.node(first).CurrentTerm)
	behind := int(term - p.node(rival).CurrentTerm)
	if ahead > 2 || behind > 2 {
		return false
	}
	lost, ok := p.few(d, first, term, p.w.Nodes/4+1, p.losses(d, first).With(rival))
	if !ok || !p.stand(first, ahead, lost) {
		return false
	}
	lost = p.losses(d, rival)
	if d.percent(60) { // neither of the two is to win
		lost, _ = p.few(d, rival, term, p.majority()-1, lost)
	}
	return p.stand(rival, behind, lost)
}

// askAgain has a candidate that has not won ask once more in its term.
func askAgain(p *play, d dice) bool {
	var all []raft.NodeID
	for id := range (p.all &^ p.away).All() {
		if n := p.node(id); n.Role == raft.Candidate {
			all = append(all, id)
		}
	}
	if len(all) == 0 {
		return false
	}
	id := pick(d, all)
	lost := p.losses(d, id)
	if last := p.steps[len(p.steps)-1]; d.percent(40) && last.Lost&p.reach(id) != 0 {
		if sender, ok := last.Sender(); ok && sender == id {
			lost |= last.Lost // they are still hard to reach
		}
	}
	p.note("%s asks again.", sentence(names(raft.SetOf(id))))
	return p.ask(id, p.node(id).CurrentTerm, lost)
}
