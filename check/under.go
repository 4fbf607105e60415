package check

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

// Under replays the run's trace under other rules. What cannot happen under
// these, such as an answer for entries that the leader does not have, is left
// out. The error, of type [trace.Errors], is for a trace that asks for too much.
func (r *Run) Under(rules *raft.Rules, as Wording) (*Run, error) {
	t := r.Trace
	if as == AsSent {
		t = r.spellOut()
	}
	run, _, err := r.playUnder(rules, as, t)
	if err != nil {
		return nil, trace.Errors{err}
	}
	return run, nil
}

// playUnder is Under that also gives a replay which stops on its way, in that
// step; it is whole up to the step before. The trace is the run's; as sent, it
// is spelled out.
func (r *Run) playUnder(rules *raft.Rules, as Wording, t *trace.Trace) (run *Run, stopped int, err *trace.Error) {
	p := newReplayer(t, rules)
	if err := p.makeRoom(); err != nil {
		return p.run, 1, err
	}
	p.start()
	for i := range t.Steps {
		first := &r.Steps[i]
		if as == AsSent && first.perNode() {
			p.sendAgain(first)
			continue
		}
		switch err := p.step(&t.Steps[i]); {
		case err == nil:
		case p.work > maxWork:
			return p.run, i + 1, err
		case first.perNode():
			p.sendAgain(first)
		default:
			p.keep()
		}
	}
	return p.run, 0, nil
}

// perNode reports whether a request was sent that no one message stands for.
func (s *Step) perNode() bool { return s.Sent == nil && len(s.Deliveries) > 0 }

// sendAgain plays a step whose AppendEntries differ from node to node, with
// those of another replay.
func (r *replayer) sendAgain(sent *Step) {
	s := sent.Trace
	r.cur = &r.run.Steps[s.Number-1]
	r.cur.Trace = s
	r.touched = 0
	e := s.Event.(*trace.AppendEntries)
	r.couldAppend(&draft{e: e, perNode: true, m: raft.AppendEntries{LeaderID: e.LeaderID, Term: sent.Deliveries[0].Append.Term}})
	r.begin(e.LeaderID, func(d *Delivery) {
		m := *sent.Delivery(d.To).Append
		// Logs of two replays have no cell in common.
		m.Entries = raft.NewEntries(m.PrevLogIndex, m.PrevLogTerm, m.Entries.Slice()...)
		d.Append = &m
	})
	for i := range r.cur.Deliveries {
		r.deliverAppend(&r.cur.Deliveries[i])
	}
	for i := range r.cur.Deliveries {
		r.returnAppend(&r.cur.Deliveries[i])
	}
	r.keep()
	r.cur.Doubtful = r.doubtful
}

// spellOut gives the trace with every message as it was sent, but for those that
// differ from node to node.
func (r *Run) spellOut() *trace.Trace {
	t := *r.Trace
	t.Steps = make([]trace.Step, len(r.Steps))
	for i := range r.Steps {
		t.Steps[i] = *r.Steps[i].Trace
		switch m := r.Steps[i].Sent.(type) {
		case *raft.RequestVote:
			t.Steps[i].Event = &trace.RequestVote{CandidateID: m.CandidateID,
				Term: said(m.Term), LastLogIndex: said(m.LastLogIndex), LastLogTerm: said(m.LastLogTerm)}
		case *raft.AppendEntries:
			t.Steps[i].Event = &trace.AppendEntries{LeaderID: m.LeaderID, Term: said(m.Term),
				LeaderCommit: said(m.LeaderCommit), PrevLogIndex: said(m.PrevLogIndex),
				PrevLogTerm: said(m.PrevLogTerm), Entries: said(logEntries(m.Entries.Slice()))}
		}
	}
	return &t
}

func said[T any](v T) trace.Opt[T] { return trace.Opt[T]{Value: v, Presence: trace.Given} }

func logEntries(es []raft.Entry) []trace.LogEntry {
	out := make([]trace.LogEntry, len(es))
	for i, e := range es {
		out[i].Entry = e
	}
	return out
}
