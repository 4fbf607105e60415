package diagram

import (
	"fmt"

	"raftsheet/check/replay"
	"raftsheet/raft"
)

// This file finds the messages of a trace: when each was sent, when it arrived,
// and what became of it.

// horizon bounds how many steps away a late message is looked for: nobody follows
// an arrow over more of them.
const horizon = 1000

// messages adds the arrows that are on the way in the steps that are shown.
func (b *builder) messages() {
	var all []Arrow
	for n := b.first; n <= min(b.last+horizon, len(b.run.Steps)); n++ {
		s := &b.run.Steps[n-1]
		if s.Arrival != nil {
			all = b.lateAnswer(all, s)
		}
		if n > b.last && s.Possible != replay.Late {
			continue
		}
		for i := range s.Deliveries {
			d := &s.Deliveries[i]
			if !b.nodes.Has(d.To) && !b.nodes.Has(d.Sender()) {
				continue
			}
			all = b.request(all, s, d)
			if d.Answered() || d.Fate == replay.Unseen && !d.Lost {
				all = append(all, answerOf(s, d))
			}
		}
	}
	for _, a := range all {
		if a.Sent.Step <= b.last && a.Ends.Step >= b.first && b.shows(&a) {
			b.out.Arrows = append(b.out.Arrows, a)
		}
	}
}

// shows reports whether a message is part of the picture: it is between nodes that
// are shown; or one that is handles the request, in a step that is shown.
func (b *builder) shows(a *Arrow) bool {
	switch {
	case b.nodes.Has(a.From) && b.nodes.Has(a.To):
		return true
	case a.Answer:
		return b.nodes.Has(a.From) && a.Sent.Step >= b.first
	}
	return b.nodes.Has(a.To) && a.Ends.Step <= b.last
}

var fates = [...]Fate{replay.Handled: Delivered, replay.Silent: Delivered, replay.Unseen: Delivered,
	replay.NotReached: Lost, replay.Down: ToDown, replay.CutOff: CutOff}

// request adds a request to one node. One that arrives late comes from the step
// that sent it, and is the one that seemed lost there.
func (b *builder) request(all []Arrow, s *replay.Step, d *replay.Delivery) []Arrow {
	n := s.Trace.Number
	a := Arrow{From: d.Sender(), To: d.To, Sent: Moment{n, Sends}, Ends: Moment{n, Arrives}, Fate: fates[d.Fate], Says: requestText(d.Request)}
	if d.Fate == replay.Silent {
		a.Label = "no answer"
	}
	if s.Possible != replay.Late {
		return append(all, a)
	}
	if sent := b.sentIn(n, d); sent > 0 {
		a.Sent, a.Late = Moment{sent, Sends}, true
		for i := range all {
			if all[i].Fate == Lost && all[i].Sent == a.Sent && all[i].To == a.To && !all[i].Answer {
				all[i] = a
				return all
			}
		}
	}
	return append(all, a)
}

// sentIn is the last step before n that sent the same request, 0 for none.
func (b *builder) sentIn(n int, d *replay.Delivery) int {
	for i := n - 2; i >= max(0, n-horizon); i-- {
		s := &b.run.Steps[i]
		if s.Possible == replay.Late || len(s.Deliveries) == 0 || s.Deliveries[0].Sender() != d.Sender() {
			continue
		}
		for j := range s.Deliveries {
			if sameRequest(s.Deliveries[j].Request, d.Request) {
				return i + 1
			}
			if s.Sent != (replay.Request{}) {
				break // all are the same
			}
		}
	}
	return 0
}

// sameRequest reports whether two requests of one sender are the same. In one term
// a leader's log has one entry at a place: those after the same one, as many, are
// the same.
func sameRequest(a, b replay.Request) bool {
	switch {
	case a.Vote != nil && b.Vote != nil:
		return *a.Vote == *b.Vote
	case a.Install != nil && b.Install != nil:
		return *a.Install == *b.Install
	case a.Append == nil || b.Append == nil:
		return false
	}
	m, n := a.Append, b.Append
	return m.Term == n.Term && m.PrevLogIndex == n.PrevLogIndex && m.PrevLogTerm == n.PrevLogTerm &&
		m.Entries.Len() == n.Entries.Len() && m.LeaderCommit == n.LeaderCommit
}

// answerOf is the answer to a request.
func answerOf(s *replay.Step, d *replay.Delivery) Arrow {
	n := s.Trace.Number
	a := Arrow{From: d.To, To: d.Sender(), Sent: Moment{n, Leaves}, Ends: Moment{n, Returns}, Answer: true, OK: d.OK, Label: "no"}
	if a.OK {
		a.Label = "ok"
	}
	if d.Term != d.Request.Term() {
		a.Label += fmt.Sprintf(", t%d", d.Term)
	}
	a.Says = fmt.Sprintf("%s, term %d", outcome(d.Vote != nil, d.OK), d.Term)
	switch {
	case d.Lost:
		a.Fate = Lost
	case s.Down:
		a.Fate = ToDown
	}
	return a
}

func outcome(vote, ok bool) string {
	if vote {
		return fmt.Sprintf("voteGranted %t", ok)
	}
	return fmt.Sprintf("success %t", ok)
}

// lateAnswer adds an answer that arrives as an event of its own. It is the one
// that seemed lost in the step that gave it; one that comes again is another.
func (b *builder) lateAnswer(all []Arrow, s *replay.Step) []Arrow {
	arrival, n := s.Arrival, s.Trace.Number
	if !b.nodes.Has(arrival.To) && !b.nodes.Has(arrival.From()) {
		return all
	}
	for i := len(all) - 1; i >= 0; i-- {
		a := &all[i]
		if a.Answer && a.Fate == Lost && a.From == arrival.From() && a.To == arrival.To && answers(b.run.Steps[a.Sent.Step-1].Delivery(a.From), arrival) {
			a.Ends, a.Late, a.Fate = Moment{n, Arrives}, true, Delivered
			return all
		}
	}
	late := b.unsent(arrival, n)
	for i := n - 2; i >= max(0, n-horizon); i-- {
		was := &b.run.Steps[i]
		if d := was.Delivery(arrival.From()); d != nil && d.Sender() == arrival.To && answers(d, arrival) {
			late = answerOf(was, d)
			break
		}
	}
	late.Ends, late.Late, late.Fate = Moment{n, Arrives}, true, Delivered
	return append(all, late)
}

// unsent is an answer that no step of the page has given.
func (b *builder) unsent(arrival *replay.Arrival, n int) Arrow {
	ok, term, vote := given(arrival)
	a := answerOf(&b.run.Steps[n-1], &replay.Delivery{To: arrival.From(), OK: ok, Term: term, Request: asked(arrival, vote, term)})
	a.Sent = Moment{n, Begins}
	return a
}

// asked is a request of the term in which a late answer was given.
func asked(arrival *replay.Arrival, vote bool, term raft.Term) replay.Request {
	if vote {
		return replay.Request{Vote: &raft.RequestVote{CandidateID: arrival.To, Term: term}}
	}
	return replay.Request{Append: &raft.AppendEntries{LeaderID: arrival.To, Term: term}}
}

// given is what a late answer says.
func given(a *replay.Arrival) (ok bool, term raft.Term, vote bool) {
	if a.Vote != nil {
		return a.Vote.Granted, a.Vote.Term, true
	}
	return a.Ack.Success, a.Ack.Term, false
}

// answers reports whether the answer to a request is the one that arrives.
func answers(d *replay.Delivery, arrival *replay.Arrival) bool {
	ok, term, vote := given(arrival)
	if !d.Answered() || (d.Vote != nil) != vote || d.OK != ok || d.Term != term {
		return false
	}
	return vote || !ok || d.Match == arrival.Ack.MatchIndex
}
