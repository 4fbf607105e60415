package check

import (
	"fmt"
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
)

// A Followed replay is a trace as somebody has it who wrote down other answers
// and tables: every node is in the state that follows from what was written of
// it, and what the Run gives for a cell is what the reference answers from that
// state.
//
// A written yes appends, or grants, whatever the reference says; a no leaves log
// and vote as they were; a table replaces what it names. The messages are those
// of the true replay: whoever sends one is what it takes to send it.
type Followed struct {
	*Run
	Stops []Stop // by the order in which they came about
}

// A Stop ends the following of a node: what was written of it is no state that a
// node can be in. From that step on the node is as in the true replay, until a
// table of its term and log begins it anew.
type Stop struct {
	Node  raft.NodeID
	Step  int // the first that is not followed
	Until int // the last, or 0 for all to come
	Why   string
}

// Stopped reports whether a node is not followed in a step.
func (f *Followed) Stopped(id raft.NodeID, step int) (s Stop, ok bool) {
	for _, s := range f.Stops {
		if s.Node == id && s.Step <= step && (s.Until == 0 || step <= s.Until) {
			return s, true
		}
	}
	return Stop{}, false
}

// Follow replays the trace with what a sheet has written. Its steps stand for
// the trace's, by place, and name the same nodes; nil is a step that the sheet
// does not have. A Run follows one sheet at a time.
func (r *Run) Follow(sheet []*trace.Step) *Followed {
	p := newReplayer(r.Trace, r.Rules)
	f := &follower{replayer: p, truth: r, out: &Followed{Run: p.run}}
	f.run.Steps = slices.Clone(r.Steps)
	f.start()
	for i := range f.run.Steps {
		f.play(&f.run.Steps[i], sheet[i])
	}
	return f.out
}

type follower struct {
	*replayer
	truth *Run
	out   *Followed
	sheet *trace.Step              // the step's, nil if there is none
	prior [raft.MaxNodes]raft.Term // each node's term before the step
	ahead raft.NodeSet             // nodes whose table has replaced their state
}

// play plays one step: first what the reference gives, which is kept; then what
// the tables make of it.
func (f *follower) play(s *Step, sheet *trace.Step) {
	f.cur, f.sheet = s, sheet
	f.touched, f.ahead = f.ahead, 0
	s.Changed = 0
	for id := range (f.all &^ f.t.Unknown).All() {
		f.prior[id-1] = f.node[id-1].CurrentTerm
	}
	f.happen(s)
	for id := range (f.all &^ f.t.Unknown).All() {
		if f.stopped(id) {
			f.asInTruth(id)
		}
	}
	f.keep()
	if sheet == nil {
		return
	}
	for i := range sheet.State {
		f.replace(&sheet.State[i])
	}
}

func (f *follower) stopped(id raft.NodeID) bool {
	_, ok := f.out.Stopped(id, f.cur.Trace.Number)
	return ok
}

// stop ends the following of a node, from the next step on.
func (f *follower) stop(n *raft.Node, format string, args ...any) {
	f.out.Stops = append(f.out.Stops, Stop{Node: n.ID, Step: f.cur.Trace.Number + 1, Why: fmt.Sprintf(format, args...)})
	n.State = f.truth.State(n.ID, f.cur.Trace.Number).Clone()
	f.ahead = f.ahead.With(n.ID)
}

// asInTruth gives a node the state that it has after the step in the true replay.
func (f *follower) asInTruth(id raft.NodeID) {
	n := f.node[id-1]
	n.State = f.truth.State(id, f.cur.Trace.Number).Clone()
	f.touch(n)
}

func (f *follower) touch(n *raft.Node) {
	f.touched = f.touched.With(n.ID)
	f.noteTerm(n, f.cur.Trace.Number)
}

// known gives a node that is up, or nil.
func (f *follower) known(id raft.NodeID) *raft.Node {
	if f.cur.Refused.Has(id) {
		return nil
	}
	return f.node[id-1]
}

// happen plays the step's event.
func (f *follower) happen(s *Step) {
	switch e := s.Trace.Event.(type) {
	case *trace.RequestVote:
		if m, ok := s.Sent.(*raft.RequestVote); ok {
			f.stand(s, m)
		}
		f.exchange(s, e.CandidateID)
	case *trace.AppendEntries:
		f.lead(s, e.LeaderID)
		f.exchange(s, e.LeaderID)
	case *trace.VoteResponse:
		f.do(e.To, func(n *raft.Node) {
			n.HandleVote(raft.Vote{From: e.From, Request: e.Term, Term: e.Term, Granted: e.Granted})
		})
	case *trace.AppendResponse:
		f.do(e.To, func(n *raft.Node) {
			f.acknowledge(n, raft.Ack{From: e.From, Request: e.Term, Term: e.Term, Success: e.Success, MatchIndex: s.Match})
		})
	case *trace.Timeout:
		for _, id := range e.Nodes {
			f.do(id, func(n *raft.Node) { n.Timeout() })
		}
	case *trace.ClientRequest:
		f.do(e.Node, func(n *raft.Node) { n.ClientRequest(e.Value) })
	case *trace.Restart:
		for _, id := range e.Nodes {
			f.do(id, (*raft.Node).Restart)
		}
	}
}

func (f *follower) do(id raft.NodeID, what func(n *raft.Node)) {
	if n := f.known(id); n != nil {
		what(n)
		f.touch(n)
	}
}

// now reports whether the step's message is one that its sender sends now.
func (s *Step) now() bool { return s.Possible == Possible || s.Possible == Supposed }

// stand makes the sender of a RequestVote a candidate of its term.
func (f *follower) stand(s *Step, m *raft.RequestVote) {
	n := f.node[m.CandidateID-1]
	if n == nil || !s.Stood && !s.now() || n.CurrentTerm >= m.Term {
		return
	}
	f.skipped = m.Term - n.CurrentTerm - 1
	n.Role = raft.Follower
	n.CurrentTerm = m.Term - 1
	n.Timeout()
	f.touch(n)
	f.skipped = 0
}

// lead makes the sender of an AppendEntries the leader of its term, with the
// entries that it sends.
func (f *follower) lead(s *Step, id raft.NodeID) {
	n := f.node[id-1]
	if n == nil {
		return
	}
	term, sends := s.Led, s.now() && len(s.Deliveries) > 0
	if sends {
		term = s.Deliveries[0].Append.Term
	}
	if term > n.CurrentTerm || term == n.CurrentTerm && n.Role != raft.Leader && term > 0 {
		n.Elect(term)
	}
	for i, e := range s.Took {
		if n.Log.LastIndex() < s.TookAt+raft.Index(i) {
			n.ClientRequest(e.Value)
		}
	}
	if sends {
		f.have(n, s.Deliveries[0].Append)
	}
	f.touch(n)
}

// have gives a leader the entries that it sends.
func (f *follower) have(n *raft.Node, m *raft.AppendEntries) {
	if last := n.Log.LastIndex(); last >= m.PrevLogIndex && m.LastNewIndex() > last {
		n.Log = n.Log.Append(m.Entries.Slice()[last-m.PrevLogIndex:]...)
	}
}

// exchange delivers the step's requests, and brings back what was written.
func (f *follower) exchange(s *Step, sender raft.NodeID) {
	s.Deliveries = slices.Clone(s.Deliveries)
	back := make([]Delivery, len(s.Deliveries))
	for i := range s.Deliveries {
		d := &s.Deliveries[i]
		back[i] = f.deliver(d)
	}
	n := f.node[sender-1]
	if n == nil || s.Down {
		return
	}
	for i := range back {
		f.bringBack(n, &back[i])
	}
}

// deliver gives a node the request: d becomes what the reference answers. It
// gives what comes back by what is written.
func (f *follower) deliver(d *Delivery) Delivery {
	n := f.node[d.To-1]
	if n == nil || f.stopped(d.To) {
		return *d // as in the true replay
	}
	before := n.State.Clone()
	cell := f.written(d.To)
	reached := d.Reached()
	if !reached && (cell == nil || cell.None || cell.IsBlank()) {
		return *d
	}
	heard := *d
	heard.handle(n)
	if reached {
		*d = heard
	}
	f.heed(n, &before, &heard, cell)
	f.touch(n)
	return heard
}

// written gives what the sheet says of a node's answer, nil for nothing.
func (f *follower) written(id raft.NodeID) *trace.Cell {
	if f.sheet == nil || f.sheet.Response == nil {
		return nil
	}
	return f.sheet.Response.Cell(id)
}

// handle has a node handle the request.
func (d *Delivery) handle(n *raft.Node) {
	answered := false
	if m := d.Vote; m != nil {
		var resp raft.RequestVoteResponse
		resp, d.Decision, answered = n.HandleRequestVote(m)
		d.OK, d.Term = resp.VoteGranted, resp.Term
	} else {
		var resp raft.AppendEntriesResponse
		resp, d.Decision, answered = n.HandleAppendEntries(d.Append)
		d.OK, d.Term, d.Match = resp.Success, resp.Term, resp.MatchIndex
	}
	if d.Fate = Handled; !answered {
		d.Fate = Silent
	}
}

// heed makes of a node, and of its answer, what is written.
func (f *follower) heed(n *raft.Node, before *raft.State, d *Delivery, cell *trace.Cell) {
	switch {
	case cell == nil || cell.IsBlank():
		return
	case cell.None:
		if !d.Lost {
			n.State = *before
		}
		d.Lost = true
		return
	}
	if want := cell.OK.Or(d.OK); want != d.OK || d.Fate == Silent {
		d.OK, d.Fate = want, Handled
		if d.Append != nil {
			d.Match = d.Append.LastNewIndex()
		}
		f.force(n, before, d)
		d.Term = n.CurrentTerm
	}
	if cell.Term.Given() && cell.Term.Value != d.Term {
		d.Term = cell.Term.Value
		f.forceTerm(n, before, d.Term)
	}
}

// force gives a node the state that a written answer makes, against the rules.
func (f *follower) force(n *raft.Node, before *raft.State, d *Delivery) {
	term := d.requestTerm()
	if !d.OK {
		n.State = *before
	}
	n.Rules.A2(n, raft.Heard{Kind: raft.RequestVoteRequest, Term: term})
	switch {
	case !d.OK:
	case d.Vote != nil:
		n.VotedFor = d.Vote.CandidateID
		if n.Role != raft.Follower {
			n.Role, n.Votes, n.NextIndex, n.MatchIndex = raft.Follower, 0, nil, nil
		}
	default:
		f.forceAppend(n, d.Append)
	}
}

// forceAppend appends as if the request had passed every check.
func (f *follower) forceAppend(n *raft.Node, m *raft.AppendEntries) {
	if m.PrevLogIndex > n.Log.LastIndex() {
		f.stop(n, "with the entries of this message its log would have a hole: it ends at index %d, and they come after index %d", n.Log.LastIndex(), m.PrevLogIndex)
		return
	}
	n.Role, n.Votes, n.NextIndex, n.MatchIndex = raft.Follower, 0, nil, nil
	n.Rules.AE3(n, m)
	n.Rules.AE4(n, m)
	n.Rules.AE5(n, m)
	n.Rules.A1(n)
	f.checkState(n)
}

// forceTerm gives a node the term that its answer is said to carry.
func (f *follower) forceTerm(n *raft.Node, before *raft.State, term raft.Term) {
	if term == before.CurrentTerm {
		n.VotedFor = before.VotedFor
	}
	n.CurrentTerm = term
	f.checkState(n)
}

// checkState stops the following of a node whose state none can have, unless
// the messages have really brought it there.
func (f *follower) checkState(n *raft.Node) {
	last, truth := n.Log.Last(), f.truth.State(n.ID, f.cur.Trace.Number)
	switch {
	case n.CurrentTerm == truth.CurrentTerm && n.CommitIndex == truth.CommitIndex &&
		last == truth.Log.Last() && n.Log.StartsWith(truth.Log):
	case n.CurrentTerm < f.prior[n.ID-1]:
		f.stop(n, "its term would fall from %d to %d", f.prior[n.ID-1], n.CurrentTerm)
	case !n.Log.Ordered():
		f.stop(n, "the terms of its log would fall")
	case last.Term > n.CurrentTerm:
		f.stop(n, "its log would have an entry of term %d, above its own term %d", last.Term, n.CurrentTerm)
	case n.CommitIndex > last.Index:
		f.stop(n, "its commitIndex %d would be past the end of its log, index %d", n.CommitIndex, last.Index)
	}
}

// bringBack has the sender take in an answer.
func (f *follower) bringBack(n *raft.Node, d *Delivery) {
	if d.Lost || d.Fate != Handled && d.Fate != Unseen {
		return
	}
	if m := d.Vote; m != nil {
		n.HandleVote(raft.Vote{From: d.To, Request: d.asked(m.Term), Term: d.Term, Granted: d.OK})
	} else {
		m := d.Append
		f.acknowledge(n, raft.Ack{From: d.To, Request: d.asked(m.Term), Term: d.Term, Success: d.OK,
			MatchIndex: d.Match, Entries: m.Entries.Len()})
	}
	f.touch(n)
}

// acknowledge has a leader take in an answer to AppendEntries, unless it confirms
// what the leader does not have.
func (f *follower) acknowledge(n *raft.Node, a raft.Ack) {
	if a.Success && a.Term <= n.CurrentTerm && a.MatchIndex > n.Log.LastIndex() {
		return
	}
	n.HandleAck(a)
}

// replace puts what a table says of a node in the place of what it was. A table
// of its term and log takes up a node that was not followed.
func (f *follower) replace(st *trace.NodeState) {
	n := f.node[st.Node-1]
	if n == nil || st.Blank {
		return
	}
	stop := f.stopIndex(st.Node)
	if stop >= 0 && !(st.Log.Given() && st.Term.Given()) {
		return
	}
	if st.Term.Given() && st.Term.Value != n.CurrentTerm {
		n.CurrentTerm = st.Term.Value
		n.VotedFor = raft.NoNode
	}
	n.VotedFor = st.VotedFor.Or(n.VotedFor)
	n.Log = f.logOf(n.Log, st.Log)
	n.CommitIndex = st.CommitIndex.Or(n.CommitIndex)
	n.LastApplied = st.LastApplied.Or(n.CommitIndex)
	f.become(n, st)
	f.ahead = f.ahead.With(n.ID)
	if stop >= 0 {
		f.out.Stops[stop].Until = f.cur.Trace.Number
	}
	f.checkState(n)
}

// stopIndex gives the stop that a node is in after this step, -1 for none.
func (f *follower) stopIndex(id raft.NodeID) int {
	return slices.IndexFunc(f.out.Stops, func(s Stop) bool { return s.Node == id && s.Until == 0 })
}

// logOf gives the log that is written, with the values of the entries that it
// has in common with the node's own.
func (f *follower) logOf(own raft.Log, o trace.Opt[[]trace.LogEntry]) raft.Log {
	if !o.Given() {
		return own
	}
	same := 0
	for i, e := range own.Truncate(raft.Index(len(o.Value))).Entries() {
		if !o.Value[i].Matches(e) {
			break
		}
		same = i + 1
	}
	return own.Truncate(raft.Index(same)).Append(trace.Entries(o.Value[same:])...)
}

// become gives a node the role that is written, and what a leader knows.
func (f *follower) become(n *raft.Node, st *trace.NodeState) {
	role := st.Role.Or(n.Role)
	switch {
	case role == n.Role:
	case role == raft.Leader:
		n.Elect(n.CurrentTerm)
		n.VotedFor = st.VotedFor.Or(n.ID)
	default:
		n.Role, n.Votes, n.NextIndex, n.MatchIndex = role, 0, nil, nil
		if role == raft.Candidate {
			n.Votes = raft.SetOf(n.ID)
		}
	}
	if n.Role != raft.Leader {
		return
	}
	for _, x := range st.NextIndex.Value {
		n.NextIndex[x.Node-1] = x.Index.Or(n.NextIndex[x.Node-1])
	}
	for _, x := range st.MatchIndex.Value {
		n.MatchIndex[x.Node-1] = min(x.Index.Or(n.MatchIndex[x.Node-1]), n.Log.LastIndex())
	}
}
