package generate

import (
	"slices"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file has the moves in which something comes late, and restarts.

// arrive has a message arrive late at some that it had not reached.
func arrive(p *play, d dice) bool {
	type copies struct {
		step int // from 0
		to   raft.NodeSet
	}
	var all []copies
	for i, s := range p.steps[:max(0, len(p.steps)-2)] {
		_, vote := s.Event.(*trace.RequestVote)
		if p.late[i+1] != 0 || s.Lost == 0 || vote && !p.spare() || !vote && p.appends == 0 {
			continue
		}
		var to raft.NodeSet
		for id := range (s.Lost &^ p.away).All() {
			if p.worthwhile(s, id) {
				to = to.With(id)
			}
		}
		if to != 0 {
			all = append(all, copies{i, to})
		}
	}
	if len(all) == 0 {
		return false
	}
	c := pick(d, all)
	p.late[c.step+1] = c.to
	p.note("%s arrives only now at %s.", p.steps[c.step].ID, names(c.to))
	return p.send(p.steps[c.step].Event, c.to, 0)
}

// spare reports whether a RequestVote is left that need not elect a leader, to send what is
// left.
func (p *play) spare() bool {
	return p.votes > 1 || p.votes == 1 && (p.appends == 0 || p.leader() != raft.NoNode)
}

// worthwhile reports whether a message that arrives late asks something of a node: it
// is of an earlier term, or of an entry that the node has by now.
func (p *play) worthwhile(s *trace.Step, id raft.NodeID) bool {
	n := p.node(id)
	switch e := s.Event.(type) {
	case *trace.RequestVote:
		return e.Term.Value <= n.CurrentTerm
	case *trace.AppendEntries:
		return e.Term.Value < n.CurrentTerm || e.Index.Or(e.PrevLogIndex.Value+1) < n.Log.LastIndex()
	}
	return false
}

// restart has a node crash and come back: one that has something to lose.
func restart(p *play, d dice) bool {
	if !p.kit.restarts || len(p.steps) == 0 {
		return false
	}
	if _, again := p.steps[len(p.steps)-1].Event.(*trace.Restart); again {
		return false
	}
	id := pick(d, members(p.all&^p.away))
	if p.node(id).CurrentTerm == 0 {
		return false
	}
	return p.apply(trace.Step{Event: &trace.Restart{Nodes: []raft.NodeID{id}}})
}

// reply has an answer arrive that was lost, or so it seemed.
func reply(p *play, d dice) bool {
	if !p.kit.answers {
		return false
	}
	type late struct {
		event trace.Event
		from  raft.NodeID
		to    string // the step that it answers
	}
	var all []late
	run := p.cluster.Run()
	for i := range run.Steps {
		for j := range run.Steps[i].Deliveries {
			v := &run.Steps[i].Deliveries[j]
			if !v.Lost || !v.OK || p.arrived(v.To, v.Request) {
				continue
			}
			l := late{from: v.To, to: p.steps[i].ID}
			if v.Vote != nil {
				l.event = &trace.VoteResponse{From: v.To, To: v.Sender(), Term: v.Term, Granted: true}
			} else {
				l.event = &trace.AppendResponse{From: v.To, To: v.Sender(), Term: v.Term, Success: true, MatchIndex: trace.OptOf(v.Match)}
			}
			all = append(all, l)
		}
	}
	if len(all) == 0 {
		return false
	}
	l := pick(d, all)
	p.note("Node %d's answer to %s arrives only now.", l.from, l.to)
	return p.apply(trace.Step{Event: l.event})
}

// arrived reports whether a node's answer to such a request has arrived late already.
func (p *play) arrived(from raft.NodeID, q replay.Request) bool {
	return slices.ContainsFunc(p.steps, func(s *trace.Step) bool {
		switch e := s.Event.(type) {
		case *trace.VoteResponse:
			return q.Vote != nil && e.From == from && e.To == q.Sender() && e.Term == q.Term()
		case *trace.AppendResponse:
			return q.Append != nil && e.From == from && e.To == q.Sender() && e.Term == q.Term() && e.MatchIndex.Value == q.LastIndex()
		}
		return false
	})
}
