package explore

import "raftsheet/raft"

func letterOfVote(m *raft.RequestVote, to raft.NodeID) letter {
	return letter{kind: raft.RequestVoteRequest, from: m.CandidateID, to: to, term: uint8(m.Term),
		index: uint8(m.LastLogIndex), indexTerm: uint8(m.LastLogTerm)}
}

func (l *letter) requestVote() raft.RequestVote {
	return raft.RequestVote{Term: raft.Term(l.term), CandidateID: l.from,
		LastLogIndex: raft.Index(l.index), LastLogTerm: raft.Term(l.indexTerm)}
}

func letterOfAppend(m *raft.AppendEntries, to raft.NodeID) letter {
	l := letter{kind: raft.AppendEntriesRequest, from: m.LeaderID, to: to, term: uint8(m.Term),
		index: uint8(m.PrevLogIndex), indexTerm: uint8(m.PrevLogTerm), commit: uint8(m.LeaderCommit)}
	for _, e := range m.Entries.Slice() {
		l.entries = l.entries.with(packEntry(e))
	}
	return l
}

func (p *player) appendOf(l *letter) raft.AppendEntries {
	at := carried{l.entries, l.index, l.indexTerm}
	es, ok := p.runs[at]
	if !ok {
		es = raft.NewEntries(raft.Index(l.index), raft.Term(l.indexTerm), l.entries.entries()...)
		p.runs[at] = es
	}
	return raft.AppendEntries{Term: raft.Term(l.term), LeaderID: l.from, PrevLogIndex: raft.Index(l.index),
		PrevLogTerm: raft.Term(l.indexTerm), Entries: es, LeaderCommit: raft.Index(l.commit)}
}

func letterOfAck(a *raft.Ack, to raft.NodeID) letter {
	return letter{kind: raft.AppendEntriesAnswer, from: a.From, to: to, term: uint8(a.Term), ok: a.Success,
		index: uint8(a.MatchIndex), count: uint8(a.Entries)}
}

func letterOfGrant(v *raft.Vote, to raft.NodeID) letter {
	return letter{kind: raft.RequestVoteAnswer, from: v.From, to: to, term: uint8(v.Term), ok: v.Granted}
}
