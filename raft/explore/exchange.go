package explore

import "raftsheet/raft"

// A request goes to one server and is answered at once, or as its delivery says.
// What may happen between a request and its answer happens where either of them
// stays in flight: a scope without messages in flight has no such behaviours.

// requestVote is p.asked on its way to a server, and the answer to it.
func (p *player) requestVote(to raft.NodeID, d Delivery) {
	candidate := p.asked.CandidateID
	if d.postsRequest() {
		p.now.post(voteInFlight(&p.asked, to))
	}
	if d == RequestLate {
		p.tellVote(Receipt{To: to, Delivery: d})
		return
	}
	v, replied := p.handleVote(to)
	p.tellVote(Receipt{To: to, Delivery: d, Replied: replied, OK: v.Granted}) // before what comes of the answer
	switch {
	case !replied, d == AnswerLost: // some deviations give no answer
	case d == AnswerLate:
		p.now.post(grantInFlight(&v, candidate))
	default:
		p.takeVote(candidate, v)
	}
}

// handleVote is p.asked at the server that it is for.
func (p *player) handleVote(to raft.NodeID) (raft.Vote, bool) {
	resp, _, replied := p.node(to).HandleRequestVote(&p.asked)
	p.changed(to)
	return raft.Vote{From: to, Request: p.asked.Term, Term: resp.Term, Granted: resp.VoteGranted}, replied
}

// takeVote is an answer at the candidate, or at what became of it.
func (p *player) takeVote(id raft.NodeID, v raft.Vote) {
	p.node(id).HandleVote(v)
	p.changed(id)
}

// appendEntries is p.sent on its way to a server, and the answer to it.
func (p *player) appendEntries(to raft.NodeID, d Delivery) {
	leader := p.sent.LeaderID
	if d.postsRequest() {
		p.now.post(appendInFlight(&p.sent, to))
	}
	if d == RequestLate {
		p.tellAppend(Receipt{To: to, Delivery: d})
		return
	}
	a, replied := p.handleAppend(to)
	p.tellAppend(Receipt{To: to, Delivery: d, Replied: replied, OK: a.Success})
	switch {
	case !replied, d == AnswerLost:
	case d == AnswerLate:
		p.now.post(ackInFlight(&a, leader))
	default:
		p.takeAck(leader, a)
	}
}

// handleAppend is p.sent at the server that it is for.
func (p *player) handleAppend(to raft.NodeID) (raft.Ack, bool) {
	m := &p.sent
	resp, _, replied := p.node(to).HandleAppendEntries(m)
	p.changed(to)
	a := raft.Ack{From: to, Request: m.Term, Term: resp.Term, Success: resp.Success, MatchIndex: resp.MatchIndex, Entries: m.Entries.Len()}
	return a, replied
}

// takeAck is an answer at the leader, or at what became of it.
func (p *player) takeAck(id raft.NodeID, a raft.Ack) {
	p.node(id).HandleAck(a)
	p.changed(id)
}

func (p *player) tellVote(r Receipt) {
	if p.telling {
		p.tell(VoteRequest{p.asked, r})
	}
}

func (p *player) tellAppend(r Receipt) {
	if p.telling {
		p.tell(AppendRequest{p.sent, r})
	}
}
