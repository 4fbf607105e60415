package explore

import "raftsheet/raft"

// An inFlight is a message in flight: a request, or an answer to one. All four
// kinds of message share one small comparable value, so that a cluster that
// holds them is one too.
type inFlight struct {
	kind      raft.MessageKind
	from, to  raft.NodeID
	term      uint8
	index     uint8 // lastLogIndex, prevLogIndex, or a success's matchIndex
	indexTerm uint8 // lastLogTerm, prevLogTerm
	commit    uint8 // leaderCommit
	ok        bool  // voteGranted, success
	count     uint8 // of an answer: the entries that the request carried
	entries   run
}

func (m *inFlight) isRequest() bool {
	return m.kind == raft.RequestVoteRequest || m.kind == raft.AppendEntriesRequest
}

// hash is a hash of the message without its ends, which symmetry renames.
func (m *inFlight) hash() uint64 {
	x := uint64(m.kind) | uint64(m.term)<<8 | uint64(m.index)<<16 | uint64(m.indexTerm)<<24 |
		uint64(m.commit)<<32 | uint64(m.count)<<40
	if m.ok {
		x |= 1 << 48
	}
	return mix(x) ^ uint64(m.entries)
}

func mix(x uint64) uint64 {
	x = (x ^ x>>32) * 0xd6e8feb86659fd93
	x = (x ^ x>>29) * 0x9e3779b97f4a7c15
	return x ^ x>>32
}

func voteInFlight(m *raft.RequestVote, to raft.NodeID) inFlight {
	return inFlight{kind: raft.RequestVoteRequest, from: m.CandidateID, to: to, term: uint8(m.Term),
		index: uint8(m.LastLogIndex), indexTerm: uint8(m.LastLogTerm)}
}

func (m *inFlight) requestVote() raft.RequestVote {
	return raft.RequestVote{Term: raft.Term(m.term), CandidateID: m.from,
		LastLogIndex: raft.Index(m.index), LastLogTerm: raft.Term(m.indexTerm)}
}

func appendInFlight(m *raft.AppendEntries, to raft.NodeID) inFlight {
	f := inFlight{kind: raft.AppendEntriesRequest, from: m.LeaderID, to: to, term: uint8(m.Term),
		index: uint8(m.PrevLogIndex), indexTerm: uint8(m.PrevLogTerm), commit: uint8(m.LeaderCommit)}
	for _, e := range m.Entries.Slice() {
		f.entries = f.entries.with(packEntry(e))
	}
	return f
}

// appendEntries gives the request, with the entries that it carries, which the
// caller has made of m.entries.
func (m *inFlight) appendEntries(es raft.Entries) raft.AppendEntries {
	return raft.AppendEntries{Term: raft.Term(m.term), LeaderID: m.from, PrevLogIndex: raft.Index(m.index),
		PrevLogTerm: raft.Term(m.indexTerm), Entries: es, LeaderCommit: raft.Index(m.commit)}
}

func grantInFlight(v *raft.Vote, to raft.NodeID) inFlight {
	return inFlight{kind: raft.RequestVoteAnswer, from: v.From, to: to, term: uint8(v.Term), ok: v.Granted}
}

// vote gives the answer. Nobody remembers the request any more: a late answer is
// judged by its own term, which is the request's wherever it counts.
func (m *inFlight) vote() raft.Vote {
	return raft.Vote{From: m.from, Request: raft.Term(m.term), Term: raft.Term(m.term), Granted: m.ok}
}

func ackInFlight(a *raft.Ack, to raft.NodeID) inFlight {
	return inFlight{kind: raft.AppendEntriesAnswer, from: a.From, to: to, term: uint8(a.Term), ok: a.Success,
		index: uint8(a.MatchIndex), count: uint8(a.Entries)}
}

// ack gives the answer; of its term, see vote.
func (m *inFlight) ack() raft.Ack {
	return raft.Ack{From: m.from, Request: raft.Term(m.term), Term: raft.Term(m.term), Success: m.ok,
		MatchIndex: raft.Index(m.index), Entries: int(m.count)}
}
