package check_test

import "raftsheet/raft"

// This file says of a message of an unknown node whether one Raft node could have
// sent it and all else that the page has of it.

// couldUnknown says why an unknown node could have sent a message, empty if it
// could not.
func (o oracle) couldUnknown(p *parcel) string {
	possible := false
	switch {
	case p.vote != nil:
		possible = o.unknownStands(p.vote)
	case p.app != nil:
		possible = o.unknownLeads(p.app)
	default:
		possible = o.unknownAnswers(p)
	}
	if possible {
		return "its sender is unknown, and agrees with itself"
	}
	return ""
}

// unknownStands: a candidacy has one log end, with which the leadership of its
// term begins, and a candidate has voted for nobody else.
func (o oracle) unknownStands(m *raft.RequestVote) bool {
	if m.Term == 0 || m.LastLogTerm >= m.Term || (m.LastLogIndex == 0) != (m.LastLogTerm == 0) || o.grantedTo(m.CandidateID, m.Term, m.CandidateID) {
		return false
	}
	for i := range o.steps[:o.step] {
		p := &o.steps[i].parcel
		switch {
		case p.vote != nil && p.vote.CandidateID == m.CandidateID && p.vote.Term == m.Term:
			if p.vote.LastLogIndex != m.LastLogIndex || p.vote.LastLogTerm != m.LastLogTerm {
				return false
			}
		case p.app != nil && p.app.LeaderID == m.CandidateID && p.app.Term == m.Term && !beginsAt(p.app, m):
			return false
		}
	}
	return true
}

// beginsAt reports whether the log of an AppendEntries can begin as its leader's
// RequestVote of the term says: that entry last, and then its own term's.
func beginsAt(m *raft.AppendEntries, asked *raft.RequestVote) bool {
	log := carried(m)
	if e, told := log[asked.LastLogIndex]; told && e.Term != asked.LastLogTerm {
		return false
	}
	e, told := log[asked.LastLogIndex+1]
	return !told || e.Term == m.Term
}

// unknownLeads: a term has one leader, who has voted for itself, and whose log is
// one and agrees with all that the page shows.
func (o oracle) unknownLeads(m *raft.AppendEntries) bool {
	if l := o.leader(m.Term); !anySends(m) || l != raft.NoNode && l != m.LeaderID || o.grantedTo(m.LeaderID, m.Term, m.LeaderID) || o.contradictsPage(m) {
		return false
	}
	for _, was := range o.moments() {
		for i, s := range was.states {
			if o.known(raft.NodeID(i+1)) && otherEntry(s.Log, m) {
				return false
			}
		}
	}
	for i := range o.steps[:o.step] {
		if v := o.steps[i].parcel.vote; v != nil && v.CandidateID == m.LeaderID && v.Term == m.Term {
			for at, e := range carried(m) {
				if (at > v.LastLogIndex) != (e.Term == m.Term) || at == v.LastLogIndex && e.Term != v.LastLogTerm {
					return false
				}
			}
		}
	}
	return true
}

// otherEntry: the log and the message have an index and a term in common, and not
// the value or what comes before it.
func otherEntry(log raft.Log, m *raft.AppendEntries) bool {
	for at, e := range carried(m) {
		if own := log.Entry(at); e.told && log.Has(at) && own.Term == e.Term && (own != e.Entry || log.Term(at-1) != e.before) {
			return true
		}
	}
	return false
}

// unknownAnswers: nobody answers in term 0, confirms what a leader does not have,
// or votes twice in a term.
func (o oracle) unknownAnswers(p *parcel) bool {
	a, receiver := p.answer, o.nowState(p.to)
	if o.isUp(p.to) && !a.vote && a.ok && receiver.Role == raft.Leader && receiver.CurrentTerm == a.term && a.match > receiver.Log.LastIndex() {
		return false
	}
	return a.term > 0 && !(a.vote && a.ok && o.grantedTo(p.from, a.term, p.to))
}

// grantedTo reports whether the page shows a vote of a node in a term for anybody
// but one: in a cell, in an answer that came late, or because it stood itself.
func (o oracle) grantedTo(id raft.NodeID, term raft.Term, but raft.NodeID) bool {
	for i := range o.steps[:o.step] {
		h := &o.steps[i].happening
		p := &h.parcel
		switch {
		case p.answer != nil:
			if p.from == id && p.to != but && p.answer.vote && p.answer.ok && p.answer.term == term {
				return true
			}
		case h.node == id && h.what == "request" && p.term() == term && id != but:
			return true
		default:
			for _, r := range h.to {
				if r.to == id && p.vote != nil && r.answer.ok && r.answer.term == term && h.node != but {
					return true
				}
			}
		}
	}
	return false
}
