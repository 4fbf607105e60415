package raft

import (
	"math/rand/v2"
	"slices"
)

// chance draws states and messages, possible and impossible ones: small
// numbers that often meet, and now and then the largest.
type chance struct{ *rand.Rand }

func (c chance) term() Term { return Term(c.IntN(5)) }

func (c chance) index(n int) Index {
	if c.IntN(50) == 0 {
		return MaxNumber
	}
	return Index(c.IntN(n))
}

// messageTerm draws a term near the node's own, as those of messages are.
func (c chance) messageTerm(n *Node) Term {
	return max(1, n.CurrentTerm+Term(c.IntN(4))) - 1
}

func (c chance) entries(most int) []Entry {
	var es []Entry
	for range c.IntN(most + 1) {
		es = append(es, Entry{c.term(), []string{"", "a", "b"}[c.IntN(3)]})
	}
	if c.IntN(2) == 0 {
		slices.SortFunc(es, func(a, b Entry) int { return int(a.Term) - int(b.Term) })
	}
	return es
}

// server draws server 1 of that many, in any state of its role.
func (c chance) server(servers int, took branches) *paperServer {
	s := &paperServer{id: 1, servers: servers, took: took, voters: c.voters(servers),
		currentTerm: c.term(), votedFor: NodeID(c.IntN(4)), log: c.entries(6), role: Role(c.IntN(3))}
	if c.IntN(3) == 0 {
		s.lastIncludedIndex, s.lastIncludedTerm = Index(1+c.IntN(4)), 1+c.term()
	}
	s.commitIndex = s.lastIncludedIndex + Index(c.IntN(len(s.log)+2))
	s.lastApplied = s.lastIncludedIndex + Index(c.IntN(int(s.commitIndex-s.lastIncludedIndex)+1))
	switch s.role {
	case Follower:
		s.leader = NodeID(c.IntN(servers + 1))
	case Candidate:
		s.votes = []NodeID{1}
		for voter := 2; voter <= servers; voter++ {
			if c.IntN(3) == 0 {
				s.votes = append(s.votes, NodeID(voter))
			}
		}
	case Leader:
		s.leader = s.id
		for range servers {
			last := int(s.lastLogIndex())
			match := c.IntN(last + 1)
			s.matchIndex = append(s.matchIndex, Index(match))
			s.nextIndex = append(s.nextIndex, Index(match+1+c.IntN(last-match+1)))
		}
	}
	return s
}

// voters draws who counts: mostly every server, else some of them, in one list or
// two.
func (c chance) voters(servers int) [][]NodeID {
	if c.IntN(3) > 0 {
		return [][]NodeID{idsOf(AllNodes(servers))}
	}
	lists := make([][]NodeID, 1+c.IntN(2))
	for i := range lists {
		some := NodeSet(1 + c.IntN(1<<servers-1))
		lists[i] = idsOf(some)
	}
	return lists
}

func idsOf(s NodeSet) []NodeID { return slices.Collect(s.All()) }

// twinOf gives the server with a Node in the same state.
func twinOf(s *paperServer) twin {
	n := NewNode(s.id, s.servers, Figure2())
	n.Configuration = configurationOf(s.voters)
	n.State = State{CurrentTerm: s.currentTerm, VotedFor: s.votedFor, Leader: s.leader,
		Log:         NewLogAfter(Mark{s.lastIncludedIndex, s.lastIncludedTerm}, s.log...),
		CommitIndex: s.commitIndex, LastApplied: s.lastApplied, Role: s.role, Votes: SetOf(s.votes...),
		NextIndex: slices.Clone(s.nextIndex), MatchIndex: slices.Clone(s.matchIndex)}
	return twin{n, s}
}

// appendEntries draws a request. Often prevLogTerm fits the node's log; the
// entries are written down, or a view of a log that shares the node's cells.
func (c chance) appendEntries(n *Node) written {
	m := &AppendEntries{Term: c.messageTerm(n), LeaderID: NodeID(2 + c.IntN(2)), PrevLogIndex: c.index(8),
		PrevLogTerm: c.term(), LeaderCommit: c.index(9)}
	if c.IntN(4) > 0 {
		m.PrevLogTerm = n.Log.Term(m.PrevLogIndex)
	}
	if prev := m.PrevLogIndex; prev >= n.Log.Snapshot().Index && prev <= n.Log.LastIndex() && c.IntN(2) == 0 {
		end := m.PrevLogIndex + Index(c.IntN(3))
		leader := n.Log.Truncate(end).Append(c.entries(3)...)
		m.Entries = leader.After(m.PrevLogIndex)
		return written{m, leader.Entries()[min(m.PrevLogIndex, leader.LastIndex())-leader.Snapshot().Index:]}
	}
	es := c.entries(4)
	m.Entries = NewEntries(m.PrevLogIndex, m.PrevLogTerm, es...)
	return written{m, es}
}

func (c chance) requestVote(n *Node) *RequestVote {
	return &RequestVote{Term: c.messageTerm(n), CandidateID: NodeID(1 + c.IntN(3)),
		LastLogIndex: c.index(8), LastLogTerm: c.term()}
}

// asked draws the terms of an answer: of the request that it answers, which the
// node has sent, and the answer's own, mostly the same.
func (c chance) asked(n *Node) (request, answer Term) {
	request = n.CurrentTerm - min(n.CurrentTerm, Term(max(c.IntN(4), 2)-2))
	answer = request
	if c.IntN(6) == 0 {
		answer += Term(c.IntN(3))
	}
	return request, answer
}

func (c chance) vote(n *Node) Vote {
	request, answer := c.asked(n)
	return Vote{From: NodeID(1 + c.IntN(n.Size)), Request: request, Term: answer, Granted: c.IntN(3) > 0}
}

func (c chance) ack(n *Node) Ack {
	request, answer := c.asked(n)
	a := Ack{From: NodeID(1 + c.IntN(n.Size)), Request: request, Term: answer, Success: c.IntN(3) > 0}
	if a.Success {
		a.MatchIndex = Index(c.IntN(int(n.Log.LastIndex()) + 1))
		if c.IntN(20) == 0 {
			a.MatchIndex = n.Log.LastIndex() + 1
		}
	}
	return a
}

// installSnapshot draws a request, often for an entry that the node has.
func (c chance) installSnapshot(n *Node) *InstallSnapshot {
	m := &InstallSnapshot{Term: c.messageTerm(n), LeaderID: NodeID(2 + c.IntN(2)), LastIncludedIndex: Index(c.IntN(9)), LastIncludedTerm: c.term()}
	if has := n.Log.Term(m.LastIncludedIndex); has > 0 && c.IntN(2) == 0 {
		m.LastIncludedTerm = has
	}
	return m
}

// disk draws what a disk gives back: mostly a part of what was there.
func (c chance) disk(n *Node) (d Disk) {
	if c.IntN(2) == 0 {
		d.CurrentTerm = new(n.CurrentTerm - min(n.CurrentTerm, Term(c.IntN(3))))
	}
	if c.IntN(2) == 0 {
		d.VotedFor = new([]NodeID{NoNode, n.VotedFor}[c.IntN(2)])
	}
	if c.IntN(2) == 0 {
		d.Log = new(n.Log.Truncate(Index(c.IntN(int(n.Log.LastIndex()) + 1))))
	}
	switch c.IntN(12) { // what was never there
	case 0:
		d.CurrentTerm = new(n.CurrentTerm + 1)
	case 1:
		d.VotedFor = new(NodeID(3))
	case 2:
		d.Log = new(n.Log.Append(c.entries(1)...))
	case 3:
		d.Log = new(NewLogAfter(Mark{Index(c.IntN(2)), 1}, c.entries(2)...))
	}
	return d
}

// message draws a message of any kind.
func (c chance) message(n *Node) any {
	switch c.IntN(7) {
	case 0:
		return c.requestVote(n)
	case 3:
		return c.installSnapshot(n)
	case 1:
		return c.vote(n)
	case 2:
		return c.ack(n)
	}
	return c.appendEntries(n)
}

// alone draws an event that is no message.
func (c chance) alone(n *Node) any {
	switch c.IntN(6) {
	case 0:
		return electionTimeout{}
	case 1:
		return command("x")
	case 2:
		return c.disk(n)
	case 3:
		return steppedDown{}
	case 4:
		return configured(c.voters(n.Size))
	}
	return restarted{}
}
