package explore

import "raftsheet/raft"

// An Event is one thing that happens in a behaviour: [Timeout], [ClientRequest],
// [StepDown], [Restart], [VoteRequest], [AppendRequest], [VoteAnswer] or
// [AppendAnswer]. Several of them may be one action.
type Event interface {
	// named gives the event with every server called by its name.
	named(n *naming) Event
}

// A Timeout is an election timeout that elapses.
type Timeout struct{ Node raft.NodeID }

// A ClientRequest is a command that a leader takes.
type ClientRequest struct {
	Node  raft.NodeID
	Value string
}

// A StepDown is a leader or candidate that becomes a follower by itself.
type StepDown struct{ Node raft.NodeID }

// A Restart is a crash of a server, which is back at once with what its disk
// gives back: all that was written, if Disk is zero.
type Restart struct {
	Node raft.NodeID
	Disk raft.Disk
}

// A Receipt is what becomes of a request on its way to one server.
type Receipt struct {
	To       raft.NodeID
	Delivery Delivery
	Replied  bool // whether the server answers; it has not where the request is late
	OK       bool // its answer: success or voteGranted
}

// A VoteRequest is a candidate's request to one server, sent now or long ago.
type VoteRequest struct {
	Request raft.RequestVote
	Receipt
}

// An AppendRequest is a leader's request to one server, sent now or long ago.
type AppendRequest struct {
	Request raft.AppendEntries
	Receipt
}

// A VoteAnswer is an answer to a request for votes that arrives late.
type VoteAnswer struct {
	To   raft.NodeID
	Vote raft.Vote
}

// An AppendAnswer is an answer to a leader's request that arrives late.
type AppendAnswer struct {
	To  raft.NodeID
	Ack raft.Ack
}

func (e Timeout) named(n *naming) Event { return Timeout{n[e.Node]} }

func (e ClientRequest) named(n *naming) Event { return ClientRequest{n[e.Node], e.Value} }

func (e StepDown) named(n *naming) Event { return StepDown{n[e.Node]} }

// A disk names no server: the vote that it gives back is none.
func (e Restart) named(n *naming) Event { return Restart{n[e.Node], e.Disk} }

func (e VoteRequest) named(n *naming) Event {
	e.Request.CandidateID, e.To = n[e.Request.CandidateID], n[e.To]
	return e
}

func (e AppendRequest) named(n *naming) Event {
	e.Request.LeaderID, e.To = n[e.Request.LeaderID], n[e.To]
	return e
}

func (e VoteAnswer) named(n *naming) Event {
	e.To, e.Vote.From = n[e.To], n[e.Vote.From]
	return e
}

func (e AppendAnswer) named(n *naming) Event {
	e.To, e.Ack.From = n[e.To], n[e.Ack.From]
	return e
}
