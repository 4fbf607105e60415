package check

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file plays the requests: fills in what is left out, asks whether the
// message could have been sent, delivers it, and brings back the answers.

func (r *replayer) requestVote(e *trace.RequestVote) *trace.Error {
	m := &raft.RequestVote{CandidateID: e.CandidateID}
	if err := r.fillVote(e, m); err != nil {
		return err
	}
	r.couldAskVote(m)
	r.past.asked[m.Term] = true
	r.cur.Sent = m

	r.begin(m.CandidateID, func(d *Delivery) { d.Vote = m })
	for i := range r.cur.Deliveries {
		r.deliverVote(&r.cur.Deliveries[i], m)
	}
	for i := range r.cur.Deliveries {
		r.returnVote(&r.cur.Deliveries[i], m)
	}
	return nil
}

// fillVote fills in what is left out of a RequestVote as its candidate would.
func (r *replayer) fillVote(e *trace.RequestVote, m *raft.RequestVote) *trace.Error {
	n := r.nodeOf(e.CandidateID)
	if n == nil {
		m.Term, m.LastLogIndex, m.LastLogTerm = e.Term.Value, e.LastLogIndex.Value, e.LastLogTerm.Value
		return nil
	}
	if !e.Term.Given() && n.Role != raft.Candidate && n.CurrentTerm >= raft.MaxNumber {
		return r.errorf(e.Term.Pos, "node %s is in term %d, the last there is; it can start no election", r.name(n.ID), n.CurrentTerm)
	}
	own := r.offer(n)
	m.Term = e.Term.Or(own.Term)
	m.LastLogIndex = e.LastLogIndex.Or(own.LastLogIndex)
	m.LastLogTerm = e.LastLogTerm.Or(own.LastLogTerm)
	return nil
}

// begin makes the step's deliveries and settles which of them arrive.
func (r *replayer) begin(sender raft.NodeID, address func(*Delivery)) {
	s := r.cur.Trace
	r.cur.Down = !r.isUp(sender)
	first := len(r.deliveries)
	for to := range s.Recipients(r.t.Size()).All() {
		r.deliveries = append(r.deliveries, Delivery{To: to, Lost: s.ResponseLost.Has(to)})
		d := &r.deliveries[len(r.deliveries)-1]
		d.Fate, d.Since = r.fate(sender, to)
		address(d)
	}
	r.cur.Deliveries = r.deliveries[first:len(r.deliveries):len(r.deliveries)]
}

// fate says whether a request reaches a node, and since which step it does not.
func (r *replayer) fate(sender, to raft.NodeID) (Fate, int) {
	switch {
	case r.cur.Trace.Lost.Has(to):
		return NotReached, r.cur.Trace.Number
	case !r.isUp(to):
		return Down, r.downBy[to-1]
	case r.group[sender-1] != r.group[to-1]:
		return CutOff, r.cutBy
	case r.t.Unknown.Has(to):
		return Unseen, 0
	}
	return Handled, 0
}

func (r *replayer) deliverVote(d *Delivery, m *raft.RequestVote) {
	switch d.Fate {
	case Handled:
		n := r.nodeOf(d.To)
		r.explain(n, Receiving, m.CandidateID, func() {
			resp, why, answered := n.HandleRequestVote(m)
			d.OK, d.Term, d.Decision = resp.VoteGranted, resp.Term, why
			if !answered {
				d.Fate = Silent
			}
		})
		r.changed(n)
		if d.Fate == Silent {
			return
		}
	case Unseen:
		if !r.takeWritten(d, m.Term) {
			return
		}
	default:
		return
	}
	r.late.vote(d, m.CandidateID)
}

// takeWritten takes the answer of an unknown node as the trace has it, and
// reports whether it has one. An answer of a higher term is a refusal, whether
// or not it says so.
func (r *replayer) takeWritten(d *Delivery, requestTerm raft.Term) bool {
	var cell *trace.Cell
	if row := r.cur.Trace.Response; row != nil {
		cell = row.Cell(d.To)
	}
	if cell == nil || !cell.OK.Given() && cell.Term.Value <= requestTerm {
		d.Lost = true
		return false
	}
	d.OK, d.Term = cell.OK.Value, cell.Term.Or(requestTerm)
	return true
}

// receiver gives the node to which an answer goes back, nil if none of it
// matters there.
func (r *replayer) receiver(d *Delivery, sender raft.NodeID) *raft.Node {
	if d.Lost || d.Fate != Handled && d.Fate != Unseen || !r.isUp(sender) {
		return nil
	}
	return r.nodeOf(sender)
}

// asked is the term by which an answer counts: the request's, or its own where
// an unknown node is said to have answered in a lower one.
func (d *Delivery) asked(request raft.Term) raft.Term {
	if d.Fate == Unseen {
		return min(request, d.Term)
	}
	return request
}

func (r *replayer) returnVote(d *Delivery, m *raft.RequestVote) {
	n := r.receiver(d, m.CandidateID)
	if n == nil {
		return
	}
	r.explain(n, Answered, d.To, func() {
		n.HandleVote(raft.Vote{From: d.To, Request: d.asked(m.Term), Term: d.Term, Granted: d.OK})
	})
	r.changed(n)
}

func (r *replayer) deliverAppend(d *Delivery) {
	m := d.Append
	switch d.Fate {
	case Handled:
		n := r.nodeOf(d.To)
		r.explain(n, Receiving, m.LeaderID, func() {
			resp, why, answered := n.HandleAppendEntries(m)
			d.OK, d.Term, d.Match, d.Decision = resp.Success, resp.Term, resp.MatchIndex, why
			if !answered {
				d.Fate = Silent
			}
		})
		if d.twoLeaders() {
			r.safe.twoLeaders(n, m)
		}
		r.changed(n)
		if d.Fate == Silent {
			return
		}
	case Unseen:
		if !r.takeWritten(d, m.Term) {
			return
		}
		d.Match = m.LastNewIndex()
	default:
		return
	}
	r.late.append(d)
}

func (r *replayer) returnAppend(d *Delivery) {
	m := d.Append
	n := r.receiver(d, m.LeaderID)
	if n == nil {
		return
	}
	r.explain(n, Answered, d.To, func() {
		n.HandleAck(raft.Ack{From: d.To, Request: d.asked(m.Term), Term: d.Term, Success: d.OK,
			MatchIndex: d.Match, Entries: m.Entries.Len()})
	})
	r.changed(n)
}
