package raft

import (
	"fmt"
	"strings"
)

// A MessageKind is a kind of message.
type MessageKind uint8

// The requests, and the answers to them. The answer to InstallSnapshot is heard
// as one to AppendEntries.
const (
	RequestVoteRequest MessageKind = iota
	RequestVoteAnswer
	AppendEntriesRequest
	AppendEntriesAnswer
	InstallSnapshotRequest
)

// Heard is what rule A2 looks at in a message of any kind.
type Heard struct {
	Kind      MessageKind
	Term      Term
	Request   Term // of an answer: the request's term, as in [Ack] and [Vote]
	Heartbeat bool // an answer to an AppendEntries without entries
}

// A Claim is what a request of a leader says of its sender: it leads that term.
type Claim struct {
	Term     Term
	LeaderID NodeID
}

// RequestVote is the arguments of the RequestVote RPC (Figure 2, §5.2, §5.4).
type RequestVote struct {
	Term         Term   // the candidate's term
	CandidateID  NodeID // the candidate that asks for the vote
	LastLogIndex Index  // index of the candidate's last log entry
	LastLogTerm  Term   // term of the candidate's last log entry
}

// String gives the request in one line: RV t3 from 2 last=4/2 (index/term).
func (m RequestVote) String() string {
	return fmt.Sprintf("RV t%d from %d last=%d/%d", m.Term, m.CandidateID, m.LastLogIndex, m.LastLogTerm)
}

// RequestVoteResponse is the results of the RequestVote RPC.
type RequestVoteResponse struct {
	Term        Term // the voter's currentTerm, for the candidate to update itself
	VoteGranted bool // true: the candidate received the vote
}

// AppendEntries is the arguments of the AppendEntries RPC (Figure 2, §5.3).
type AppendEntries struct {
	Term         Term    // the leader's term
	LeaderID     NodeID  // the leader
	PrevLogIndex Index   // index of the entry before the new ones
	PrevLogTerm  Term    // term of that entry
	Entries      Entries // the entries to store; none for a heartbeat
	LeaderCommit Index   // the leader's commitIndex
}

// LastNewIndex is the index of the last new entry: prevLogIndex and the number
// of entries. It is prevLogIndex for a heartbeat.
func (m AppendEntries) LastNewIndex() Index { return m.PrevLogIndex + Index(m.Entries.Len()) }

// String gives the request in one line:
// AE t2 from 1 prev=3/1 [2:x] commit=2 (index/term).
func (m AppendEntries) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "AE t%d from %d prev=%d/%d [", m.Term, m.LeaderID, m.PrevLogIndex, m.PrevLogTerm)
	for i, e := range m.Entries.Slice() {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(e.String())
	}
	fmt.Fprintf(&b, "] commit=%d", m.LeaderCommit)
	return b.String()
}

// AppendEntriesResponse is the results of the AppendEntries RPC.
type AppendEntriesResponse struct {
	Term    Term // the follower's currentTerm, for the leader to update itself
	Success bool // true: the follower held an entry matching prevLogIndex and prevLogTerm

	// MatchIndex is how far a success vouches for the follower's log. The
	// figure's results do not carry it: a leader takes the request's
	// [AppendEntries.LastNewIndex] for it, and so does the follower here.
	MatchIndex Index
}

// An Ack is an AppendEntries response as it reaches the leader, together with
// what the leader remembers of the request that it answers.
type Ack struct {
	From       NodeID
	Request    Term // the request's term
	Term       Term // the response's
	Success    bool
	MatchIndex Index // of a success: the response's
	Entries    int   // how many entries the request carried
}

// A Vote is a RequestVote response as it reaches the candidate.
type Vote struct {
	From    NodeID
	Request Term // the request's term
	Term    Term // the response's
	Granted bool
}

// InstallSnapshot is the arguments of the InstallSnapshot RPC (Figure 13, §7).
// The data of the snapshot is not modelled.
type InstallSnapshot struct {
	Term              Term   // the leader's term
	LeaderID          NodeID // the leader
	LastIncludedIndex Index  // index of the last entry that the snapshot replaces
	LastIncludedTerm  Term   // term of that entry
}

// String gives the request in one line: IS t3 from 2 last=4/2 (index/term).
func (m InstallSnapshot) String() string {
	return fmt.Sprintf("IS t%d from %d last=%d/%d", m.Term, m.LeaderID, m.LastIncludedIndex, m.LastIncludedTerm)
}

// LastIncluded is the place of the last entry that the snapshot replaces.
func (m InstallSnapshot) LastIncluded() Mark { return Mark{m.LastIncludedIndex, m.LastIncludedTerm} }

// InstallSnapshotResponse is the results of the InstallSnapshot RPC.
type InstallSnapshotResponse struct {
	Term Term // the follower's currentTerm, for the leader to update itself
}

// Ack gives the response of that server to m as the leader takes it in: an
// answer in the request's term says that the follower holds all that the snapshot
// covers, a higher term that it refused. [Node.HandleAck] takes it.
func (r InstallSnapshotResponse) Ack(from NodeID, m InstallSnapshot) Ack {
	a := Ack{From: from, Request: m.Term, Term: r.Term, Success: r.Term <= m.Term}
	if a.Success {
		a.MatchIndex = m.LastIncludedIndex
	}
	return a
}
