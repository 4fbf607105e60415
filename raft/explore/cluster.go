package explore

import "raftsheet/raft"

// What a cluster has room for. A scope stays below it.
const (
	maxNodes    = 5
	maxTerm     = 7
	maxFigure   = 15 // an index, or a count
	maxInFlight = 2
)

// A cluster is the state of all servers, the messages in flight, and as much of
// the past as the properties look back on. It is a plain comparable value: to
// try an action is to copy it, and whether anything changed is one comparison.
type cluster struct {
	servers  [maxNodes]server // by NodeID-1
	messages [maxInFlight]inFlight
	posted   uint8 // messages in flight

	// What was first committed at each index, and in which term. The first
	// committed index that a server has is the next one or an earlier, so
	// there are no holes.
	committed run
	since     [maxEntries]uint8
}

// post puts a message in flight. There must be room.
func (c *cluster) post(m inFlight) {
	c.messages[c.posted] = m
	c.posted++
}

// A server is a raft.State in few bytes, and the terms that the server has led.
type server struct {
	log               run
	term, role, voted uint8
	commit, applied   uint8
	votes, answered   uint8
	again, leader     uint8
	led               uint8 // a bit for each term
	leads             bool  // whether it has a nextIndex and a matchIndex
	next, match       [maxNodes]uint8
}

func (s *server) isLeader() bool { return raft.Role(s.role) == raft.Leader }

// done is the number of entries that the server holds to be committed. One
// deviation applies entries without moving commitIndex, another moves it past
// the end of the log.
func (s *server) done() int {
	return min(int(max(s.commit, s.applied)), s.log.len())
}

// state gives the server as package raft has it, with that log, which the caller
// has made of s.log. A leader's progress goes into next and match, which have
// room for it.
func (s *server) state(log raft.Log, next, match []raft.Index) raft.State {
	st := raft.State{
		CurrentTerm: raft.Term(s.term), VotedFor: raft.NodeID(s.voted), Log: log,
		CommitIndex: raft.Index(s.commit), LastApplied: raft.Index(s.applied),
		Role: raft.Role(s.role), Votes: raft.NodeSet(s.votes),
		Leader: raft.NodeID(s.leader),
		Extra:  raft.Extra{Answered: raft.NodeSet(s.answered), Again: int(s.again)},
	}
	if s.leads {
		st.NextIndex, st.MatchIndex = next, match
		for i := range next {
			next[i], match[i] = raft.Index(s.next[i]), raft.Index(s.match[i])
		}
	}
	return st
}

// keep takes in what a state says, all but its log, which is dear to pack. The
// result is whether the figures had room.
func (s *server) keep(id raft.NodeID, st *raft.State, heedsLeader bool) bool {
	s.term, s.role, s.voted = uint8(st.CurrentTerm), uint8(st.Role), uint8(st.VotedFor)
	s.commit, s.applied = uint8(st.CommitIndex), uint8(st.LastApplied)
	s.votes, s.answered = uint8(st.Votes), uint8(st.Extra.Answered)
	s.again, s.leader = uint8(st.Extra.Again), 0
	if heedsLeader { // otherwise whom a server knows to lead tells equal states apart
		s.leader = uint8(st.Leader)
	}
	s.leads = st.NextIndex != nil
	s.next, s.match = [maxNodes]uint8{}, [maxNodes]uint8{}
	room := st.CurrentTerm <= maxTerm && st.CommitIndex <= maxFigure && st.LastApplied <= maxFigure && st.Extra.Again <= maxFigure
	for i := range st.NextIndex {
		if i == int(id-1) {
			continue // a leader's own cells mean nothing, and would tell equal states apart
		}
		room = room && st.NextIndex[i] <= maxFigure && st.MatchIndex[i] <= maxFigure
		s.next[i], s.match[i] = uint8(st.NextIndex[i]), uint8(st.MatchIndex[i])
	}
	return room
}
