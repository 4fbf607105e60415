package replay

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// responses is every answer that was given, kept for those that arrive as events
// of their own. A nil responses keeps nothing.
type responses struct {
	answers map[answer]int // and how many entries the latest such request carried
	success map[[2]raft.NodeID]raft.Index
}

// An answer is a response as one node gave it to another.
type answer struct {
	from, to raft.NodeID
	vote     bool // to RequestVote
	ok       bool
	term     raft.Term
	match    raft.Index // of a success
}

func newResponses() *responses {
	return &responses{answers: make(map[answer]int), success: make(map[[2]raft.NodeID]raft.Index)}
}

// isResponse reports whether an event is a response that arrives late.
func isResponse(e trace.Event) bool {
	switch e.(type) {
	case *trace.VoteResponse, *trace.AppendResponse:
		return true
	}
	return false
}

// take keeps the answer to a request, as its sender would hear it.
func (g *responses) take(d *Delivery) {
	heard := d.heard()
	switch {
	case g == nil:
	case d.Vote != nil:
		g.answers[answer{from: d.To, to: d.Vote.CandidateID, vote: true, ok: heard.OK, term: heard.Term}] = 0
	default:
		a := answer{from: d.To, to: d.Sender(), ok: heard.OK, term: heard.Term}
		if heard.OK {
			a.match = heard.Match
			g.success[[2]raft.NodeID{a.from, a.to}] = a.match
		}
		g.answers[a] = d.entries()
	}
}

// unseen keeps an answer that was given off the page, before any that the page
// shows.
func (g *responses) unseen(a answer) {
	g.answers[a] = 0
	pair := [2]raft.NodeID{a.from, a.to}
	if _, known := g.success[pair]; a.ok && !a.vote && !known {
		g.success[pair] = a.match
	}
}
