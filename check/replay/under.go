package replay

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file replays a trace again, under other rules.

// A Wording says by whose rules the senders fill in what a trace leaves out of
// its messages, where it is replayed again under other rules.
type Wording bool

// The wordings.
const (
	AsFilled Wording = false // by the other rules, as far as these can: the messages may be others
	AsSent   Wording = true  // by those of the first replay: every message is what it was
)

// A Rerun replays the trace of a run again, under other rules. It may be used by
// several goroutines.
type Rerun struct {
	first *Run
	t     *trace.Trace // as sent, every message spelled out
	as    Wording
}

// Again makes ready to replay the run's trace again.
func (r *Run) Again(as Wording) *Rerun {
	a := &Rerun{first: r, t: r.Trace, as: as}
	if as == AsSent {
		a.t = r.spellOut()
	}
	return a
}

// Under replays the trace under the rules. What cannot happen under these, such
// as an answer for entries that the leader does not have, is left out. A trace
// that asks for too much stops in that step, and halt says why; the run is whole
// up to the step before.
func (a *Rerun) Under(rules *raft.Rules) (run *Run, stopped int, halt *Halt) {
	c := New(a.t, rules)
	stopped, halt = a.play(c, func(int) {})
	return c.run, stopped, halt
}

// Each is Under for whoever looks at every step when it has been played, and
// never back. What a step has besides the histories of terms is let go before the
// next, so that a long trace costs no more memory than its largest step.
func (a *Rerun) Each(rules *raft.Rules, see func(run *Run, step int)) {
	c := New(a.t, rules)
	a.play(c, func(step int) {
		see(c.run, step)
		c.forget()
	})
}

// play plays the trace, and tells of each step that has been played.
func (a *Rerun) play(c *Cluster, played func(step int)) (stopped int, halt *Halt) {
	for i := range a.t.Steps {
		if halt := a.step(c, i); halt != nil {
			return i + 1, halt
		}
		played(i + 1)
	}
	return 0, nil
}

// step plays the step at a place.
func (a *Rerun) step(c *Cluster, i int) *Halt {
	first := &a.first.Steps[i]
	if a.as == AsSent && first.perNode() {
		c.sendAgain(first, &a.t.Steps[i], false)
		return nil
	}
	switch _, halt := c.Apply(&a.t.Steps[i]); {
	case halt == nil:
	case halt.What == TooMuchWork || halt.What == TooManyRequests:
		return halt
	case first.perNode():
		c.sendAgain(first, &a.t.Steps[i], true)
	default:
		c.keep()
	}
	return nil
}

// forget lets go of the deliveries and facts of the last step, and of all states
// but the last of each node: the cluster itself looks back at no other.
func (c *Cluster) forget() {
	for id := range c.cur.Changed.All() {
		if vs := c.run.versions[id-1]; len(vs) > 1 {
			c.run.versions[id-1] = append(vs[:0], vs[len(vs)-1])
		}
	}
	*c.cur = Step{Trace: c.cur.Trace}
	c.run.facts = c.run.facts[:0]
}

// perNode reports whether a request was sent that no one message stands for.
func (s *Step) perNode() bool { return s.Sent == Request{} && len(s.Deliveries) > 0 }

// sendAgain plays a step whose AppendEntries differ from node to node, with
// those of another replay; begun where the step has been tried before.
func (c *Cluster) sendAgain(sent *Step, s *trace.Step, begun bool) {
	if begun {
		c.run.Steps = c.run.Steps[:len(c.run.Steps)-1]
	}
	c.begin(s)
	e := s.Event.(*trace.AppendEntries)
	c.couldAppend(&draft{e: e, perNode: true, m: raft.AppendEntries{LeaderID: e.LeaderID, Term: sent.Deliveries[0].Append.Term}})
	if c.address(e.LeaderID) != nil {
		return // it has been addressed before
	}
	for i := range c.cur.Deliveries {
		d := &c.cur.Deliveries[i]
		m := *sent.Deliveries[i].Append
		// Logs of two replays have no cell in common.
		m.Entries = raft.NewEntries(m.PrevLogIndex, m.PrevLogTerm, m.Entries.Slice()...)
		d.Append = &m
		c.deliver(d)
	}
	c.takeBack()
	c.keep()
}

// spellOut gives the trace with every message as it was sent, but for those that
// differ from node to node.
func (r *Run) spellOut() *trace.Trace {
	t := *r.Trace
	t.Steps = make([]trace.Step, len(r.Steps))
	for i := range r.Steps {
		t.Steps[i] = *r.Steps[i].Trace
		switch sent := r.Steps[i].Sent; {
		case sent.Vote != nil:
			m := sent.Vote
			t.Steps[i].Event = &trace.RequestVote{CandidateID: m.CandidateID,
				Term: trace.OptOf(m.Term), LastLogIndex: trace.OptOf(m.LastLogIndex), LastLogTerm: trace.OptOf(m.LastLogTerm)}
		case sent.Append != nil:
			m := sent.Append
			t.Steps[i].Event = &trace.AppendEntries{LeaderID: m.LeaderID, Term: trace.OptOf(m.Term),
				LeaderCommit: trace.OptOf(m.LeaderCommit), PrevLogIndex: trace.OptOf(m.PrevLogIndex),
				PrevLogTerm: trace.OptOf(m.PrevLogTerm), Entries: trace.OptOf(trace.LogEntries(m.Entries.Slice()))}
		case sent.Install != nil:
			m := sent.Install
			t.Steps[i].Event = &trace.InstallSnapshot{LeaderID: m.LeaderID, Term: trace.OptOf(m.Term),
				LastIncludedIndex: trace.OptOf(m.LastIncludedIndex), LastIncludedTerm: trace.OptOf(m.LastIncludedTerm)}
		}
	}
	return &t
}
