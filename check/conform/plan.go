package conform

import (
	"raftsheet/check"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A question is what one step of a trace asks of one node: to answer a request, or
// to take in what else happens to it. What comes to the node is what the reference
// sent, whatever the implementation has answered elsewhere, so that a question
// does not depend on the answers to others.
type question struct {
	step  int // from 1
	node  raft.NodeID
	calls []Call // in order; the last one's reply tells the state after the step

	delivery *replay.Delivery // whose answer is asked; nil for none
	request  int              // which of the calls delivers it
	rules    []raft.Rule      // that decide it
	broken   []raft.Rule      // that decide what differs

	outcome outcome
	why     string  // it was not judged, or how it failed
	sent    []Call  // what was sent, starts among it
	replies []Reply // to each of these
}

// An outcome is what became of a question.
type outcome uint8

const (
	unasked outcome = iota
	agreed
	differed
	excused // it differs, and is known to
	skipped // the implementation cannot take it, or nobody can judge it
	failed  // no reply, or one that makes no sense
)

// answered is the reply to the request that a question delivers.
func (q *question) answered() *Reply { return q.replyTo(q.calls[q.request]) }

// last is the reply that tells the state after the step.
func (q *question) last() *Reply { return q.replyTo(q.calls[len(q.calls)-1]) }

// replyTo finds the reply to a call, nil if it was not made.
func (q *question) replyTo(c Call) *Reply {
	for i := range q.replies {
		if q.sent[i] == c {
			return &q.replies[i]
		}
	}
	return nil
}

// A plan is the questions of one trace, in the order of its steps.
type plan struct {
	run       *replay.Run
	names     roster
	questions []question
}

// newPlan asks what a replayed trace asks: live, all that happens to each node, and
// otherwise the requests alone. Of a node that the trace does not tell of for sure,
// nothing is asked.
func newPlan(run *replay.Run, live bool) *plan {
	w := planner{plan: plan{run: run, names: run.Trace.Names}, live: live, own: run, given: make(map[response]*replay.Delivery)}
	if own, _ := check.ReplayRest(run.Trace, nil); own != nil && run.Deviates() {
		w.own = own
	}
	for i := range run.Steps {
		w.step(i + 1)
	}
	return &w.plan
}

// A planner goes through the steps of a replay.
type planner struct {
	plan
	live  bool
	own   *replay.Run                   // by the rules for which the trace was written
	first int                           // of the step's questions
	given map[response]*replay.Delivery // the latest request that was answered so
}

// A response is what an answer says of itself.
type response struct {
	from, to raft.NodeID
	vote, ok bool
	term     raft.Term
	match    raft.Index // of a success
}

func responseOf(d *replay.Delivery) response {
	r := response{from: d.To, to: d.Sender(), vote: d.Vote != nil, ok: d.OK, term: d.Term}
	if d.OK && !r.vote {
		r.match = d.Match
	}
	return r
}

// asks reports whether anything can be asked of a node in a step.
func (w *planner) asks(id raft.NodeID, step int) bool {
	return !w.run.Untold(id, step-1) && !w.run.Untold(id, step) && !w.run.Steps[step-1].Doubts(id)
}

// of is the step's question for a node, new if it has none yet.
func (w *planner) of(id raft.NodeID, step int) *question {
	for i := w.first; i < len(w.questions); i++ {
		if w.questions[i].node == id {
			return &w.questions[i]
		}
	}
	w.questions = append(w.questions, question{step: step, node: id})
	return &w.questions[len(w.questions)-1]
}

func (w *planner) step(number int) {
	s := &w.run.Steps[number-1]
	w.first = len(w.questions)
	if w.live {
		for i := range s.Acts {
			w.act(&s.Acts[i], number)
		}
	}
	for i := range s.Deliveries {
		if d := &s.Deliveries[i]; d.Fate == replay.Handled || d.Fate == replay.Silent {
			w.deliver(d, number)
			w.given[responseOf(d)] = d
		}
	}
	if !w.live {
		return
	}
	if sender, ok := s.Trace.Sender(); ok && !s.Down && w.asks(sender, number) {
		for i := range s.Deliveries {
			w.takeBack(&s.Deliveries[i], sender, number)
		}
	}
	if s.Arrival != nil {
		w.arrive(s.Arrival, number)
	}
}

// deliver asks a node to answer a request.
func (w *planner) deliver(d *replay.Delivery, step int) {
	if !w.asks(d.To, step) {
		return
	}
	q := w.of(d.To, step)
	q.delivery, q.request = d, len(q.calls)
	q.calls = append(q.calls, w.requestCall(d))
	switch {
	case d.TwoLeaders():
		q.outcome, q.why = skipped, "Figure 2 does not say what a leader does with a request of a second leader of its term"
	case w.own.Steps[step-1].Possible == replay.Impossible:
		q.outcome, q.why = skipped, "the trace has a request that its sender could not have sent"
	}
}

func (w *planner) requestCall(d *replay.Delivery) Call {
	to := w.names[d.To-1]
	switch {
	case d.Vote != nil:
		return &VoteCall{Head: Head{Do: DoRequestVote}, To: to, VoteArguments: w.names.vote(d.Vote)}
	case d.Install != nil:
		return &SnapshotCall{Head: Head{Do: DoInstallSnapshot}, To: to, SnapshotArguments: w.names.install(d.Install)}
	}
	return &AppendCall{Head: Head{Do: DoAppendEntries}, To: to, AppendArguments: w.names.append(d.Append)}
}

// takeBack brings a sender the answer to its request.
func (w *planner) takeBack(d *replay.Delivery, sender raft.NodeID, step int) {
	if d.Lost || d.Fate != replay.Handled && d.Fate != replay.Unseen {
		return
	}
	r := responseOf(d)
	var request *replay.Delivery
	if d.Fate == replay.Handled || d.Term >= d.Request.Term() {
		request = d
	}
	q := w.of(sender, step)
	q.calls = append(q.calls, w.responseCall(r, request))
}

func (w *planner) arrive(a *replay.Arrival, step int) {
	if !w.asks(a.To, step) {
		return
	}
	var r response
	if v := a.Vote; v != nil {
		r = response{from: v.From, to: a.To, vote: true, ok: v.Granted, term: v.Term}
	} else {
		r = response{from: a.Ack.From, to: a.To, ok: a.Ack.Success, term: a.Ack.Term, match: a.Ack.MatchIndex}
	}
	request := w.given[r]
	if request != nil && request.Request.Term() != r.term {
		request = nil // the replay judges a late answer by its own term
	}
	q := w.of(a.To, step)
	q.calls = append(q.calls, w.responseCall(r, request))
}

// responseCall brings a node an answer, to this request if that is known.
func (w *planner) responseCall(r response, to *replay.Delivery) Call {
	from, receiver := w.names[r.from-1], w.names[r.to-1]
	if r.vote {
		c := &VoteResponseCall{Head: Head{Do: DoVoteResponse}, From: from, To: receiver, Term: r.term, VoteGranted: r.ok}
		if to != nil {
			c.Request = new(w.names.vote(to.Vote))
		}
		return c
	}
	c := &AppendResponseCall{Head: Head{Do: DoAppendResponse}, From: from, To: receiver, Term: r.term, Success: r.ok}
	if r.ok {
		c.MatchIndex = new(r.match)
	}
	switch {
	case to == nil:
	case to.Install != nil:
		c.Request = &LeaderRequest{Install: new(w.names.install(to.Install))}
	default:
		c.Request = &LeaderRequest{Append: new(w.names.append(to.Append))}
	}
	return c
}

// act tells a node what it does of itself. What no event of the protocol says puts
// it in the state that it then is in.
func (w *planner) act(a *replay.Act, step int) {
	if !w.asks(a.Node, step) {
		return
	}
	q, name := w.of(a.Node, step), w.names[a.Node-1]
	event := func(v Verb) { q.calls = append(q.calls, &EventCall{Head: Head{Do: v}, Node: name}) }
	switch a.Kind {
	case replay.TimesOut:
		event(DoTimeout)
	case replay.StepsDown:
		event(DoStepDown)
	case replay.Commands, replay.Took:
		for _, e := range a.Entries {
			q.calls = append(q.calls, &ClientCall{Head: Head{Do: DoClientRequest}, Node: name, Value: e.Value})
		}
	case replay.Restarts:
		q.calls = append(q.calls, &RestartCall{Head: Head{Do: DoRestart}, Node: name, Disk: w.disk(a.Disk)})
	case replay.Configures:
		q.calls = append(q.calls, &VotersCall{Head: Head{Do: DoVoters}, Node: name, Are: w.names.voters(a.Configuration)})
	case replay.Deposed:
		q.calls = append(q.calls, &AppendResponseCall{Head: Head{Do: DoAppendResponse}, From: w.names[a.From-1], To: name, Term: a.Term})
	case replay.Stands:
		if n := w.nodeIn(q); a.Term > n.CurrentTerm+1 {
			n.CurrentTerm = a.Term - 1 // of several timeouts in a row only the last leaves a trace in the state
			w.put(q, n)
		}
		event(DoTimeout)
	case replay.Elected:
		n := w.nodeIn(q)
		n.Elect(a.Term)
		w.put(q, n)
	case replay.IsInTerm:
		n := w.nodeIn(q)
		n.CurrentTerm = a.Term
		w.put(q, n)
	}
}

// nodeIn is the reference's node as the calls of a question find it.
func (w *planner) nodeIn(q *question) *raft.Node {
	p := player{rules: w.run.Rules}
	p.start(w.start(q))
	for _, c := range q.calls {
		p.do(c)
	}
	return p.nodes[q.node-1]
}

// put has a question go on with a node in this state.
func (w *planner) put(q *question, n *raft.Node) {
	q.calls = append(q.calls, w.startIn(q.node, &n.State, w.run.Configuration(q.node, q.step-1)))
}

func (w *planner) disk(d *raft.Disk) *State {
	if d == nil {
		return nil
	}
	var st State
	if d.CurrentTerm != nil {
		st.Term = tell(*d.CurrentTerm)
	}
	if d.VotedFor != nil {
		st.VotedFor = tell(w.names.of(*d.VotedFor))
	}
	if d.Log != nil {
		st.Log = tell(protocolEntries(d.Log.Entries()))
	}
	return &st
}

// start puts the node of a question in the state in which the reference's is before
// the step.
func (p *plan) start(q *question) *Start {
	return p.startIn(q.node, p.run.State(q.node, q.step-1), p.run.Configuration(q.node, q.step-1))
}

func (p *plan) startIn(id raft.NodeID, s *raft.State, c raft.Configuration) *Start {
	return &Start{Head: Head{Do: DoStart}, Node: p.names[id-1], Nodes: p.names, Voters: p.names.voters(c), State: p.names.state(id, s)}
}

// votes brings a candidate the votes that it has, after a start: a state does not
// tell of them. ok is false where that would have it lead: it counts by other voters
// now, and the reference does not count again.
func (p *plan) votes(q *question) (calls []Call, ok bool) {
	s := p.run.State(q.node, q.step-1)
	again := player{rules: p.run.Rules}
	again.start(p.start(q))
	for id := range s.Votes.Without(q.node).All() {
		c := &VoteResponseCall{Head: Head{Do: DoVoteResponse}, From: p.names[id-1], To: p.names[q.node-1], Term: s.CurrentTerm, VoteGranted: true}
		again.do(c)
		calls = append(calls, c)
	}
	return calls, again.nodes[q.node-1].Role == s.Role
}

// at is where a question's step begins in the file.
func (q *question) at(t *trace.Trace) trace.Pos {
	if s := &t.Steps[q.step-1]; s.EventPos.IsValid() {
		return s.EventPos
	}
	return t.Steps[q.step-1].Pos
}
