package logs

import (
	"fmt"
	"slices"
	"strconv"

	"raftsheet/raft"
	"raftsheet/trace"
)

// A Recorder makes a trace of what happened in a cluster. It is told the events
// one by one, in an order in which they can have happened; what a message says is
// told with its sending or, if nobody saw that, with its arrival.
//
// A request that is handled before its sender goes on to something else is one
// step, and so is its answer, if that reaches the sender right then. Everything
// else is a step of its own: a request on its way (sent, and lost as far as that
// step goes), one that arrives late or once more, an answer that arrives late.
// Requests are written out in full, with one recipient, so that nothing of a step
// depends on what the reference would send.
//
// A method that returns an error has recorded nothing. The nodes of all other
// events must be the cluster's.
type Recorder struct {
	t        trace.Trace
	place    string
	requests map[int]*request
	unsent   [raft.MaxNodes][]*request // by the sender's NodeID-1: sent, and not in a step yet
}

// A Request is a request on its way to one node.
type Request struct {
	ID      int // names this request to this node; a copy of it has an id of its own
	To      raft.NodeID
	Vote    *raft.RequestVote // one of the three
	Append  *raft.AppendEntries
	Install *raft.InstallSnapshot
}

// From is the node that sends the request.
func (q Request) From() raft.NodeID {
	switch {
	case q.Vote != nil:
		return q.Vote.CandidateID
	case q.Install != nil:
		return q.Install.LeaderID
	}
	return q.Append.LeaderID
}

// says reports whether anything is told of what the request carries.
func (q Request) says() bool { return q.Vote != nil || q.Append != nil || q.Install != nil }

// An Answer is the response to a request.
type Answer struct {
	Term       raft.Term
	OK         bool       // voteGranted or success; of an InstallSnapshot: the term is the request's
	MatchIndex raft.Index // of a success: how far it vouches for the follower's log
}

// A request is what the recorder knows of one.
type request struct {
	Request
	place  string // where its sending comes from
	step   int    // in which its recipient handles it, from 1; 0 for not yet
	answer *Answer
}

// Node gives the node of that name. One that is not known yet joins the cluster; ok
// is false where there is no room for it.
func (r *Recorder) Node(name string) (id raft.NodeID, ok bool) {
	if i := slices.Index(r.t.Names, name); i >= 0 {
		return raft.NodeID(i + 1), true
	}
	if len(r.t.Names) == raft.MaxNodes {
		return raft.NoNode, false
	}
	r.t.Names = append(r.t.Names, name)
	return raft.NodeID(len(r.t.Names)), true
}

// NewRecorder gives a recorder for a cluster of nodes with these names, whose
// trace is to be replayed by the rules of these names: none for Figure 2's.
func NewRecorder(names []string, rules ...string) *Recorder {
	return &Recorder{t: trace.Trace{Names: names, Rules: rules}, requests: make(map[int]*request)}
}

// From says where the events that follow come from: a line of a log, or a note.
// Each step has the place of its first event as its comment.
func (r *Recorder) From(place string) { r.place = place }

// Send records that a request was sent.
func (r *Recorder) Send(q Request) error {
	if err := r.check(q); err != nil {
		return err
	}
	if r.requests[q.ID] != nil {
		return fmt.Errorf("request %d: there is one of this id already", q.ID)
	}
	own := &request{Request: q, place: r.place}
	r.requests[q.ID] = own
	r.unsent[q.From()-1] = append(r.unsent[q.From()-1], own)
	return nil
}

// Receive records that a request was handled by the node that it was sent to. If
// its sending is on record, the id is enough.
func (r *Recorder) Receive(q Request) error {
	own := r.requests[q.ID]
	if own == nil {
		if err := r.check(q); err != nil {
			return err
		}
		own = &request{Request: q}
		r.requests[q.ID] = own
	}
	switch {
	case own.step > 0:
		return fmt.Errorf("request %d has been received before; a copy needs an id of its own", q.ID)
	case q.says() && (q.To != own.To || !own.alike(&request{Request: q})):
		return fmt.Errorf("request %d was sent as another", q.ID)
	}
	waiting := &r.unsent[own.From()-1]
	*waiting = slices.DeleteFunc(*waiting, func(other *request) bool { return other == own })
	r.goesOn(own.To)
	s := r.step(own.Event())
	s.To = trace.OptOf(raft.SetOf(own.To))
	s.ResponseLost = raft.SetOf(own.To)
	s.Response = &trace.Row{Cells: []trace.Cell{{Node: own.To}}}
	own.step = len(r.t.Steps)
	return nil
}

// Answer records what a request that was received is answered with; nil is no
// answer. A request of which nothing is said here is one whose answer is not
// known.
func (r *Recorder) Answer(id int, a *Answer) error {
	q, err := r.received(id)
	switch {
	case err != nil:
		return err
	case a == nil:
		*q.cell(&r.t) = trace.Cell{Node: q.To, None: true}
		r.t.Steps[q.step-1].ResponseLost = 0 // there is none to be lost, and the reference must say so too
	default:
		*q.cell(&r.t) = trace.Cell{Node: q.To, Whole: true, OK: trace.OptOf(a.OK), Term: trace.OptOf(a.Term)}
	}
	q.answer = a
	return nil
}

// Arrive records that the answer to a request has reached its sender. It may
// arrive more than once.
func (r *Recorder) Arrive(id int) error {
	q, err := r.received(id)
	switch {
	case err != nil:
		return err
	case q.answer == nil:
		return fmt.Errorf("request %d: no answer to it is on record", id)
	}
	if r.atOnce(q) {
		// What the sender sent before the answer came was sent before this step:
		// its state is the same there.
		last := r.t.Steps[q.step-1]
		r.t.Steps = r.t.Steps[:q.step-1]
		r.goesOn(q.From())
		last.ResponseLost = 0
		r.t.Steps = append(r.t.Steps, last)
		q.step = len(r.t.Steps)
		return nil
	}
	r.ArriveAlone(q.To, q.From(), q.Vote != nil, *q.answer)
	return nil
}

// ArriveAlone records that an answer has reached its receiver where it is not
// known which request it answers: one to RequestVote, or to AppendEntries.
func (r *Recorder) ArriveAlone(from, to raft.NodeID, vote bool, a Answer) {
	r.goesOn(to)
	if vote {
		r.step(&trace.VoteResponse{From: from, To: to, Term: a.Term, Granted: a.OK})
		return
	}
	e := &trace.AppendResponse{From: from, To: to, Term: a.Term, Success: a.OK}
	if a.OK {
		e.MatchIndex = trace.OptOf(a.MatchIndex)
	}
	r.step(e)
}

// Timeout records that a node's election timeout elapsed: it stands for election.
func (r *Recorder) Timeout(id raft.NodeID) {
	r.goesOn(id)
	r.step(&trace.Timeout{Nodes: []raft.NodeID{id}})
}

// ClientRequest records that a client gave a node a command, taken or not.
func (r *Recorder) ClientRequest(id raft.NodeID, value string) {
	r.goesOn(id)
	r.step(&trace.ClientRequest{Node: id, Value: value})
}

// StepDown records that a leader or candidate became a follower by itself.
func (r *Recorder) StepDown(id raft.NodeID) {
	r.goesOn(id)
	r.step(&trace.StepDown{Nodes: []raft.NodeID{id}})
}

// Voters records that a node counts by other voters from now on: one set, or two.
func (r *Recorder) Voters(id raft.NodeID, are []raft.NodeSet) {
	r.goesOn(id)
	r.step(&trace.Voters{At: trace.OptOf(raft.SetOf(id)), Are: are})
}

// Crash records that a node went down.
func (r *Recorder) Crash(id raft.NodeID) {
	r.goesOn(id)
	r.step(&trace.Crash{Nodes: []raft.NodeID{id}})
}

// Restart records that a node came up with what it had kept.
func (r *Recorder) Restart(id raft.NodeID) {
	r.goesOn(id)
	r.step(&trace.Restart{Nodes: []raft.NodeID{id}})
}

// State records what a node tells of itself after the latest event; before the
// first, the state in which it begins. Fields that it does not tell are absent. What
// it tells twice in other words is two steps.
func (r *Recorder) State(st trace.NodeState) {
	same := func(other trace.NodeState) bool { return other.Node == st.Node }
	if len(r.t.Steps) == 0 {
		i := slices.IndexFunc(r.t.Initial, same)
		if i < 0 {
			i = len(r.t.Initial)
			r.t.Initial = append(r.t.Initial, trace.NodeState{Node: st.Node})
		}
		overlay(&r.t.Initial[i], &st)
		beginning(&r.t.Initial[i])
		return
	}
	s := &r.t.Steps[len(r.t.Steps)-1]
	if i := slices.IndexFunc(s.State, same); i >= 0 {
		if addsTo(&s.State[i], &st) {
			overlay(&s.State[i], &st)
			return
		}
		s = r.step(nil)
	}
	s.State = append(s.State, st)
}

// Trace gives the trace of all that has been recorded. The recorder can go on.
func (r *Recorder) Trace() *trace.Trace {
	for id := range raft.AllNodes(len(r.t.Names)).All() {
		r.goesOn(id)
	}
	t := r.t
	t.Initial, t.Steps = slices.Clone(t.Initial), slices.Clone(t.Steps)
	for i := range t.Steps {
		s := &t.Steps[i]
		s.Number, s.ID = i+1, strconv.Itoa(i+1)
	}
	return &t
}
