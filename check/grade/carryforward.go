package grade

import (
	"slices"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file carries errors forward: it replays a trace as somebody has it who
// wrote down other answers and tables. Every node is in the state that follows
// from what was written of it, and what the replay gives for an item is what the
// reference answers from that state.
//
// A written yes appends, or grants, whatever the reference says; a no leaves log
// and vote as they were; a table replaces what it names. The messages are those
// of the true replay: whoever sends one is what it takes to send it.

// A carried replay is a trace as a sheet has it.
type carried struct {
	*replay.Run
	Stops []Stop // in the order in which they came about
}

// A Stop ends the carrying forward of a node: no node can be in the state that was
// written of it. From that step on the node is as in the true replay, until a
// table of its term and log begins it anew.
type Stop struct {
	Node  raft.NodeID
	Step  int // the first that is not followed
	Until int // the last, or 0 for all to come
	Why   string
	Told  string // why, with figures of the sheet and of the messages alone: Why may have the reference's
}

// stopped reports whether a node is not followed in a step.
func (f *carried) stopped(id raft.NodeID, step int) bool { return stopped(f.Stops, id, step) }

func stopped(stops []Stop, id raft.NodeID, step int) bool {
	return slices.ContainsFunc(stops, func(s Stop) bool {
		return s.Node == id && s.Step <= step && (s.Until == 0 || step <= s.Until)
	})
}

// carryForward replays the trace of a run with what a sheet has written. Its steps
// stand for the trace's, by place, and name the same nodes; nil is a step that the
// sheet does not have.
func carryForward(truth *replay.Run, sheet []*trace.Step) *carried {
	c := replay.Told(truth.Trace, truth.Rules)
	f := &carrier{Cluster: c, t: truth.Trace, truth: truth, out: &carried{Run: c.Run()}}
	for i := range truth.Steps {
		f.play(&truth.Steps[i], sheet[i])
	}
	return f.out
}

type carrier struct {
	*replay.Cluster
	t     *trace.Trace
	truth *replay.Run
	out   *carried
	cur   *replay.Step
	at    int                      // its number
	sheet *trace.Step              // the step's, nil if there is none
	prior [raft.MaxNodes]raft.Term // each node's term before the step
	ahead []raft.NodeID            // nodes whose table has replaced their state
}

// known yields the nodes whose state is modelled.
func (f *carrier) known() raft.NodeSet {
	return raft.AllNodes(f.t.Size()) &^ (f.t.Unknown | f.t.Unread)
}

// play plays one step: first what the reference gives, which is kept; then what
// the tables make of it.
func (f *carrier) play(s *replay.Step, sheet *trace.Step) {
	f.cur, f.sheet = f.Begin(s), sheet
	f.at = s.Trace.Number
	for _, id := range f.ahead {
		f.Touch(f.Node(id))
	}
	f.ahead = f.ahead[:0]
	for id := range f.known().All() {
		f.prior[id-1] = f.Node(id).CurrentTerm
	}
	f.happen()
	for id := range f.known().All() {
		if f.out.stopped(id, f.at) {
			f.asInTruth(id)
		}
	}
	f.Keep()
	if sheet == nil {
		return
	}
	for i := range sheet.State {
		f.replace(&sheet.State[i])
	}
}

// stop ends the following of a node, from the next step on.
func (f *carrier) stop(n *raft.Node, why, told string) {
	f.out.Stops = append(f.out.Stops, Stop{Node: n.ID, Step: f.at + 1, Why: why, Told: told})
	n.State = f.truth.State(n.ID, f.at).Clone()
	f.ahead = append(f.ahead, n.ID)
}

// asInTruth gives a node the state that it has after the step in the true replay.
func (f *carrier) asInTruth(id raft.NodeID) {
	n := f.Node(id)
	n.State = f.truth.State(id, f.at).Clone()
	f.Touch(n)
}

// happen plays the step's event.
func (f *carrier) happen() {
	for _, a := range f.cur.Acts {
		switch a.Kind {
		case replay.TimesOut, replay.Commands, replay.Restarts, replay.StepsDown, replay.Configures:
			if !f.cur.Refused.Has(a.Node) {
				f.Do(a)
			}
		}
	}
	switch e := f.cur.Trace.Event.(type) {
	case *trace.RequestVote:
		if m := f.cur.Sent.Vote; m != nil {
			f.stand(m)
		}
		f.exchange(e.CandidateID)
	case *trace.AppendEntries:
		f.lead(e.LeaderID)
		f.exchange(e.LeaderID)
	case *trace.InstallSnapshot:
		f.lead(e.LeaderID)
		f.exchange(e.LeaderID)
	}
	if f.cur.Arrival != nil {
		f.Arrive(f.cur.Arrival)
	}
}

// stand makes the sender of a RequestVote a candidate of its term.
func (f *carrier) stand(m *raft.RequestVote) {
	n := f.Node(m.CandidateID)
	stood := f.cur.Act(replay.Stands) != nil
	if n == nil || !stood && !f.cur.Possible.Now() || n.CurrentTerm >= m.Term {
		return
	}
	n.Role = raft.Follower // whatever it was: it stands for election now
	f.Do(replay.Act{Kind: replay.Stands, Node: n.ID, Term: m.Term})
}

// lead makes the sender of an AppendEntries or InstallSnapshot the leader of its
// term, with the entries that it sends.
func (f *carrier) lead(id raft.NodeID) {
	n := f.Node(id)
	if n == nil {
		return
	}
	term, sends := raft.Term(0), f.cur.Possible.Now() && len(f.cur.Deliveries) > 0
	if elected := f.cur.Act(replay.Elected); elected != nil {
		term = elected.Term
	}
	if sends {
		term = f.cur.Deliveries[0].Request.Term()
	}
	if term > n.CurrentTerm || term == n.CurrentTerm && n.Role != raft.Leader && term > 0 {
		f.Do(replay.Act{Kind: replay.Elected, Node: id, Term: term})
	}
	if took := f.cur.Act(replay.Took); took != nil {
		for i := range took.Entries {
			if n.Log.LastIndex() < took.At+raft.Index(i) {
				f.Do(replay.Act{Kind: replay.Commands, Node: id, Entries: took.Entries[i : i+1]})
			}
		}
	}
	if sends && f.cur.Deliveries[0].Append != nil {
		have(n, f.cur.Deliveries[0].Append)
	}
	f.Touch(n)
}

// have gives a leader the entries that it sends.
func have(n *raft.Node, m *raft.AppendEntries) {
	if last := n.Log.LastIndex(); last >= m.PrevLogIndex && m.LastNewIndex() > last {
		n.Log = n.Log.Append(m.Entries.Slice()[last-m.PrevLogIndex:]...)
	}
}

// exchange delivers the step's requests, and brings back what was written.
func (f *carrier) exchange(sender raft.NodeID) {
	back := make([]replay.Delivery, len(f.cur.Deliveries))
	for i := range f.cur.Deliveries {
		back[i] = f.deliver(&f.cur.Deliveries[i])
	}
	n := f.Node(sender)
	if n == nil {
		return
	}
	for i := range back {
		f.TakeBack(n, &back[i])
	}
}

// deliver gives a node the request: d becomes what the reference answers. It
// gives what comes back by what is written.
func (f *carrier) deliver(d *replay.Delivery) replay.Delivery {
	n := f.Node(d.To)
	if n == nil || f.out.stopped(d.To, f.at) {
		return *d // as in the true replay
	}
	before := n.State.Clone()
	cell := f.written(d.To)
	reached := d.Reached()
	if !reached && (cell == nil || !cell.Says()) {
		return *d
	}
	heard := *d
	f.Handle(&heard)
	if reached {
		*d = heard
	}
	f.heed(n, &before, &heard, cell)
	f.Touch(n)
	return heard
}

// written gives what the sheet says of a node's answer, nil for nothing.
func (f *carrier) written(id raft.NodeID) *trace.Cell {
	if f.sheet == nil || f.sheet.Response == nil {
		return nil
	}
	return f.sheet.Response.Cell(id)
}
