package check

import (
	"fmt"

	"raftsheet/raft"
	"raftsheet/trace"
)

// given is every answer that was given, kept for the responses that arrive as
// events of their own. A nil given keeps nothing.
type given struct {
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

func newGiven() *given {
	return &given{answers: make(map[answer]int), success: make(map[[2]raft.NodeID]raft.Index)}
}

func (g *given) vote(d *Delivery, to raft.NodeID) {
	if g != nil {
		g.answers[answer{from: d.To, to: to, vote: true, ok: d.OK, term: d.Term}] = 0
	}
}

func (g *given) append(d *Delivery) {
	if g == nil {
		return
	}
	a := answer{from: d.To, to: d.Append.LeaderID, ok: d.OK, term: d.Term}
	if d.OK {
		a.match = d.Match
		g.success[[2]raft.NodeID{a.from, a.to}] = a.match
	}
	g.answers[a] = d.Append.Entries.Len()
}

// couldAnswer judges a response that arrives late. What was given unseen is
// taken in: it may arrive again.
func (r *replayer) couldAnswer(a answer, rule raft.Rule, what string) {
	_, given := r.late.answers[a]
	switch {
	case given:
		return
	case r.nodeOf(a.from) == nil:
		r.cur.Possible = Given
	case r.beforeStart(a):
		r.implied(a.from, Supposed, rule, "node %s gave this answer before the first step", r.name(a.from))
	default:
		r.unexplained(a.from, Finding{Rule: rule}, "node %s never gave node %s this answer: %s", r.name(a.from), r.name(a.to), what)
		return
	}
	r.late.unseen(a)
}

// unseen keeps an answer that was given off the page, before any that the page
// shows.
func (g *given) unseen(a answer) {
	g.answers[a] = 0
	pair := [2]raft.NodeID{a.from, a.to}
	if _, known := g.success[pair]; a.ok && !a.vote && !known {
		g.success[pair] = a.match
	}
}

// beforeStart reports whether the initial states leave room for an answer that
// was given before the first step.
func (r *replayer) beforeStart(a answer) bool {
	from := r.run.Initial(a.from)
	switch {
	case from.CurrentTerm < a.term || a.term == 0:
		return false
	case !a.ok:
		return true
	case a.vote:
		// The vote of an earlier term is forgotten, and may have been anyone's.
		return from.CurrentTerm > a.term || from.VotedFor == a.to
	case r.nodeOf(a.to) == nil:
		return from.Log.LastIndex() >= a.match
	}
	to := r.run.Initial(a.to).Log
	return from.Log.LastIndex() >= a.match && to.LastIndex() >= a.match &&
		from.Log.Term(a.match) == to.Term(a.match)
}

func (r *replayer) voteResponse(e *trace.VoteResponse) {
	what := fmt.Sprintf("voteGranted %t in term %d", e.Granted, e.Term)
	r.couldAnswer(answer{from: e.From, to: e.To, vote: true, ok: e.Granted, term: e.Term}, raft.C2, what)
	n := r.awake(e.To)
	if n == nil {
		return
	}
	r.explain(n, Answered, e.From, func() {
		n.HandleVote(raft.Vote{From: e.From, Request: e.Term, Term: e.Term, Granted: e.Granted})
	})
	r.changed(n)
}

func (r *replayer) appendResponse(e *trace.AppendResponse) *trace.Error {
	a := answer{from: e.From, to: e.To, ok: e.Success, term: e.Term}
	what := fmt.Sprintf("success %t in term %d", e.Success, e.Term)
	if e.Success {
		match, known := r.late.success[[2]raft.NodeID{e.From, e.To}]
		if !known && !e.MatchIndex.Given() {
			return r.errorf(e.MatchIndex.Pos, "matchIndex must be written: node %s has given node %s no success that it could be taken from", r.name(e.From), r.name(e.To))
		}
		a.match = e.MatchIndex.Or(match)
		what += fmt.Sprintf(", matchIndex %d", a.match)
	}
	r.cur.Match = a.match
	r.couldAnswer(a, raft.L3, what)
	n := r.awake(e.To)
	if n == nil {
		return nil
	}
	if n.Role == raft.Leader && n.CurrentTerm == e.Term && a.match > n.Log.LastIndex() {
		return r.errorf(e.MatchIndex.Pos, "matchIndex %d is past the end of node %s's log, index %d", a.match, r.name(e.To), n.Log.LastIndex())
	}
	r.explain(n, Answered, e.From, func() {
		n.HandleAck(raft.Ack{From: e.From, Request: e.Term, Term: e.Term, Success: e.Success, MatchIndex: a.match, Entries: r.late.answers[a]})
	})
	r.changed(n)
	return nil
}

// awake gives the node that a response reaches, nil where it is down or
// unknown.
func (r *replayer) awake(id raft.NodeID) *raft.Node {
	if r.able(id, "a response") {
		return r.nodeOf(id)
	}
	return nil
}
