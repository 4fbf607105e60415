package raft

import "slices"

// A State is the state of one server, under the headings of Figure 2. It is a
// value; only NextIndex and MatchIndex are shared between copies, see Clone.
type State struct {
	// Persistent state on all servers.
	CurrentTerm Term   // latest term the server has seen; 0 at first, never falls
	VotedFor    NodeID // candidate that received the vote in currentTerm, or NoNode
	Log         Log    // the entries; the first has index 1

	// Volatile state on all servers.
	CommitIndex Index // highest entry known to be committed; 0 at first, never falls
	LastApplied Index // highest entry applied; 0 at first, never falls

	// Role is follower, candidate or leader (§5.1).
	Role Role

	// Votes is a candidate's: who granted it a vote in currentTerm.
	Votes NodeSet

	// Volatile state on leaders, by NodeID-1; nil on others. The leader's own
	// places count for nothing: its copies are its log.
	NextIndex  []Index // next entry to send to that server
	MatchIndex []Index // highest entry known to be replicated on that server
}

// Clone gives a copy that shares nothing that changes.
func (s State) Clone() State {
	s.NextIndex = slices.Clone(s.NextIndex)
	s.MatchIndex = slices.Clone(s.MatchIndex)
	return s
}

// A Node is one server of a cluster: its state, and the rules that it plays by.
type Node struct {
	State
	ID    NodeID
	Size  int // servers in the cluster, this one included
	Rules *Rules

	// Record, where it is set, collects every decision in the order taken.
	Record *[]Decision
}

// NewNode gives a server at start-up: a follower of term 0 with an empty log,
// one of size servers (1 to [MaxNodes]).
func NewNode(id NodeID, size int, rules *Rules) *Node {
	return &Node{ID: id, Size: size, Rules: rules}
}

// note records a decision and hands it on.
func (n *Node) note(d Decision) Decision {
	if n.Record != nil {
		*n.Record = append(*n.Record, d)
	}
	return d
}

// apply follows every change of commitIndex.
func (n *Node) apply() { n.note(n.Rules.A1(n)) }

// HandleAppendEntries answers the AppendEntries RPC (Figure 2, "Receiver
// implementation"). The decision is that of the line which settled the answer:
// AE1 or AE2.
//
// A node that leads m.Term itself does not answer at all, and answered is
// false: Election Safety rules the case out, and Figure 2 is silent on it.
func (n *Node) HandleAppendEntries(m *AppendEntries) (resp AppendEntriesResponse, d Decision, answered bool) {
	was := n.arrival()
	n.note(n.Rules.A2(n, was, m.Term))
	resp = AppendEntriesResponse{Term: n.CurrentTerm, Success: false}

	if d = n.note(n.Rules.AE1(n, was, m)); d.Outcome == Refused {
		return resp, d, true
	}
	if n.Role == Leader && m.Term == n.CurrentTerm {
		return AppendEntriesResponse{}, n.note(Decision{Rule: C3, Outcome: Ignored,
			Node: m.LeaderID, Role: Leader, Term: m.Term, Current: n.CurrentTerm}), false
	}
	n.note(n.Rules.C3(n, m))
	if d = n.note(n.Rules.AE2(n, m)); d.Outcome == Refused {
		return resp, d, true
	}
	n.note(n.Rules.AE3(n, m))
	n.note(n.Rules.AE4(n, m))
	n.note(n.Rules.AE5(n, m))
	n.apply()

	resp.Success = true
	return resp, d, true
}

// HandleRequestVote answers the RequestVote RPC (Figure 2, "Receiver
// implementation"). The decision is that of the line which settled the answer:
// RV1, RV2a or RV2b.
func (n *Node) HandleRequestVote(m *RequestVote) (resp RequestVoteResponse, d Decision) {
	was := n.arrival()
	n.note(n.Rules.A2(n, was, m.Term))
	resp = RequestVoteResponse{Term: n.CurrentTerm, VoteGranted: false}

	if d = n.note(n.Rules.RV1(n, was, m)); d.Outcome == Refused {
		return resp, d
	}
	if d = n.note(n.Rules.RV2a(n, was, m)); d.Outcome == Refused {
		return resp, d
	}
	if d = n.note(n.Rules.RV2b(n, was, m)); d.Outcome == Refused {
		return resp, d
	}
	n.VotedFor = m.CandidateID
	resp.VoteGranted = true
	return resp, d
}

// HandleVote takes in an answer to the node's own RequestVote. The decision is
// A2's where a higher term made it step down, otherwise C2's.
func (n *Node) HandleVote(v Vote) Decision {
	if d := n.note(n.Rules.A2(n, n.arrival(), v.Term)); d.Outcome == Acted {
		return d
	}
	d := n.note(n.Rules.C2(n, v))
	if d.Outcome == Acted && d.Count >= d.Need {
		n.lead()
	}
	return d
}

// HandleAck takes in an answer to the node's own AppendEntries. The decision
// is A2's where a higher term made it step down, otherwise L3's.
func (n *Node) HandleAck(a Ack) Decision {
	if d := n.note(n.Rules.A2(n, n.arrival(), a.Term)); d.Outcome == Acted {
		return d
	}
	d := n.note(n.Rules.L3(n, a))
	if d.Outcome == Acted && a.Success {
		n.advanceCommit()
	}
	return d
}

// Timeout is the election timeout elapsing (F2): a follower or candidate
// starts an election (C1), and leads at once if its own vote is a majority. A
// leader's timeout is a heartbeat falling due, which changes nothing.
func (n *Node) Timeout() Decision {
	if n.Role == Leader {
		return n.note(Decision{Rule: F2, Outcome: Idle, Role: n.Role, Current: n.CurrentTerm})
	}
	n.note(Decision{Rule: F2, Outcome: Acted, Role: n.Role, Current: n.CurrentTerm})
	d := n.note(n.Rules.C1(n))
	if n.Votes.Len() >= n.Rules.Majority(n.Size) {
		n.lead()
	}
	return d
}

// ClientRequest is a command from a client (L2). Only a leader takes it.
func (n *Node) ClientRequest(value string) Decision {
	d := n.note(n.Rules.L2(n, value))
	if d.Outcome == Acted && n.Size == 1 {
		n.advanceCommit()
	}
	return d
}

// Restart is a crash and a return: the persistent state survives, the rest is
// as at start-up (§5.1, Figure 2 "State").
func (n *Node) Restart() {
	n.State = n.Rules.Restart(n)
}

// RequestVote is the request that the node, a candidate, sends to every other.
func (n *Node) RequestVote() RequestVote {
	return n.Rules.SendRequestVote(n)
}

// AppendEntries is the request that the node, a leader, sends to that server
// now: the entries from nextIndex on, or a heartbeat if there are none (L3).
func (n *Node) AppendEntries(to NodeID) AppendEntries {
	return n.Rules.SendAppendEntries(n, to)
}

// Elect makes the node leader of the term, by votes that were given unseen:
// votedFor is itself, nextIndex and matchIndex are fresh.
func (n *Node) Elect(term Term) {
	n.CurrentTerm = term
	n.VotedFor = n.ID
	n.lead()
}

func (n *Node) lead() {
	n.Rules.Lead(n)
	n.apply()
}

func (n *Node) advanceCommit() {
	n.note(n.Rules.L4(n))
	n.apply()
}

// An Arrival is what a message found: the part of a node's state that rule A2
// may change before the message's own rules are asked.
type Arrival struct {
	CurrentTerm Term
	VotedFor    NodeID
	Role        Role
}

func (n *Node) arrival() Arrival { return Arrival{n.CurrentTerm, n.VotedFor, n.Role} }

// becomeFollower leaves candidacy or leadership.
func (n *Node) becomeFollower() {
	n.Role = Follower
	n.Votes = 0
	n.NextIndex, n.MatchIndex = nil, nil
}
