package conform

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"raftsheet/raft"
)

// A driver puts the questions of traces to one process, and to another in its place
// when that fails.
type driver struct {
	ctx   context.Context
	set   Settings
	hello Reply // what the first process said of itself

	p       *process     // nil where none runs
	started raft.NodeSet // live: nodes that are in the state to which the trace has brought them
	inARow  int          // questions that have failed one after the other
}

// mostInARow is how many questions may fail one after the other. The others are not
// asked: each might take its time.
const mostInARow = 10

var errGivenUp = fmt.Errorf("%d deliveries before it had failed one after the other, and it was not asked any more", mostInARow)

// connect starts the process, and asks it who it is.
func (d *driver) connect() error {
	p, err := d.set.start()
	if err != nil {
		return err
	}
	stop := context.AfterFunc(d.ctx, p.end)
	hello, err := p.ask(&Hello{Head{Do: DoHello}, ProtocolVersion})
	switch {
	case err != nil:
		stop()
		return err
	case hello.Cannot+hello.Error != "":
		err = fmt.Errorf("it cannot say hello: %s", short(hello.Cannot+hello.Error))
	default:
		err = hello.sensible()
	}
	if err != nil {
		p.await()
		return err
	}
	d.p, d.hello = p, *hello
	return nil
}

// sensible says what of a reply to hello cannot be meant.
func (r *Reply) sensible() error {
	for _, field := range r.Keeps {
		if !slices.Contains(everything, field) {
			return fmt.Errorf("hello: it keeps %q; a state has %v", field, everything)
		}
	}
	_, err := raft.RulesNamed(r.Rules...)
	return err
}

// close lets the process go.
func (d *driver) close() {
	if d.p != nil {
		d.p.quit()
		d.p = nil
	}
}

// play asks the questions of a trace in order. It tells of each that is done.
func (d *driver) play(p *plan, done func()) {
	d.started = 0
	for i := range p.questions {
		q := &p.questions[i]
		if q.outcome == unasked {
			d.put(p, q)
		} else {
			d.started = d.started.Without(q.node) // it has missed something
		}
		done()
	}
}

// put puts one question to the process.
func (d *driver) put(p *plan, q *question) {
	if d.inARow >= mostInARow || d.ctx.Err() != nil {
		q.outcome, q.why = failed, errGivenUp.Error()
		return
	}
	calls, ok := d.calls(p, q)
	if !ok {
		d.skip(q, "a candidate's votes cannot be given to it once the voters have changed")
		return
	}
	if why := d.cannot(calls); why != "" {
		d.skip(q, why)
		return
	}
	for _, c := range calls {
		r, err := d.ask(p, q, c)
		switch {
		case err != nil:
			d.fail(q, err)
			return
		case r.Cannot != "":
			d.skip(q, short(r.Cannot))
			return
		case r.Error != "":
			q.outcome, q.why = failed, short(r.Error)
			d.started = d.started.Without(q.node)
			d.inARow = 0 // it has taken no time, and the process goes on
			return
		}
		q.sent, q.replies = append(q.sent, c), append(q.replies, *r)
	}
	d.inARow = 0
	d.started = d.started.With(q.node)
}

// calls are those of a question, with what brings its node into the state before it
// where it is not in that: each time, or live where it was not asked before or has
// missed something. ok is false where nothing can bring it there.
func (d *driver) calls(p *plan, q *question) (calls []Call, ok bool) {
	if d.set.Live && d.started.Has(q.node) {
		return q.calls, true
	}
	calls, ok = []Call{p.start(q)}, true
	if d.set.Live {
		var votes []Call
		votes, ok = p.votes(q)
		calls = append(calls, votes...)
	}
	return append(calls, q.calls...), ok
}

// cannot says why calls are not made: the process has said that it does not take
// them. A start-up state needs nothing kept.
func (d *driver) cannot(calls []Call) string {
	for _, c := range calls {
		if do := c.head().Do; d.hello.Can != nil && do != DoStart && !slices.Contains(d.hello.Can, do) {
			return "it does not take " + string(do)
		}
		if s, ok := c.(*Start); ok {
			if field := d.missing(&s.State); field != "" {
				return "it does not keep " + field
			}
		}
	}
	return ""
}

// missing is the first field of a state that the process does not keep, and needs.
func (d *driver) missing(st *State) string {
	for _, f := range []struct {
		name string
		set  bool
	}{
		{"term", st.Term.Value > 0}, {"votedFor", st.VotedFor.Value != ""}, {"role", st.Role.Value != raft.Follower.String()},
		{"snapshot", st.Snapshot.Told}, {"log", len(st.Log.Value) > 0}, {"commitIndex", st.CommitIndex.Value > 0},
	} {
		if f.set && !d.keeps(f.name) {
			return f.name
		}
	}
	return ""
}

// keeps reports whether the process can be given a field, and can tell it.
func (d *driver) keeps(field string) bool {
	return d.hello.Keeps == nil || slices.Contains(d.hello.Keeps, field)
}

// ask makes one call, and sees to it that the reply can be what it asks for.
func (d *driver) ask(p *plan, q *question, c Call) (*Reply, error) {
	if d.p == nil {
		if err := d.connect(); err != nil {
			return nil, fmt.Errorf("it could not be started again: %w", err)
		}
	}
	r, err := d.p.ask(c)
	if err != nil {
		return nil, err
	}
	if err := p.names.accept(c, r); err != nil {
		return nil, fmt.Errorf("its reply to %s makes no sense: %w", c.head().Do, err)
	}
	return r, nil
}

func (d *driver) skip(q *question, why string) {
	q.outcome, q.why = skipped, why
	d.started = d.started.Without(q.node)
	d.inARow = 0
}

// fail notes that a question has failed. The process is over, and with it the
// states of all nodes.
func (d *driver) fail(q *question, err error) {
	q.outcome, q.why = failed, err.Error()
	if d.p != nil {
		d.p.await()
		d.p = nil
	}
	d.started = 0
	d.inARow++
}

// accept says why a reply cannot be one to this call.
func (ns roster) accept(c Call, r *Reply) error {
	if r.Cannot+r.Error != "" {
		return nil
	}
	if r.State != nil {
		if err := ns.check(r.State); err != nil {
			return err
		}
	}
	for i := range r.Sends {
		if err := ns.acceptSends(&r.Sends[i]); err != nil {
			return err
		}
	}
	do := c.head().Do
	if do != DoRequestVote && do != DoAppendEntries && do != DoInstallSnapshot {
		return nil
	}
	a := r.Answer.Value
	switch {
	case !r.Answer.Told:
		return errors.New("it has no answer; one that there is not is null")
	case a == nil:
	case do == DoRequestVote && a.VoteGranted == nil:
		return errors.New("the answer has no voteGranted")
	case do == DoAppendEntries && a.Success == nil:
		return errors.New("the answer has no success")
	case a.Term > raft.MaxNumber, a.MatchIndex != nil && *a.MatchIndex > raft.MaxNumber:
		return tooLarge("the answer")
	}
	return nil
}

func (ns roster) acceptSends(s *Sends) error {
	if _, ok := ns.id(Name(s.To)); !ok || s.To == "" {
		return fmt.Errorf("sends: the cluster has no node %q", s.To)
	}
	sender, numbers := "", []uint64(nil)
	switch {
	case s.RequestVote != nil:
		m := s.RequestVote
		sender, numbers = m.CandidateID, []uint64{uint64(m.Term), uint64(m.LastLogIndex), uint64(m.LastLogTerm)}
	case s.AppendEntries != nil:
		m := s.AppendEntries
		m.Entries = append([]Entry{}, m.Entries...) // null is no entries, too
		sender, numbers = m.LeaderID, []uint64{uint64(m.Term), uint64(m.PrevLogIndex), uint64(m.PrevLogTerm), uint64(m.LeaderCommit)}
		for _, e := range m.Entries {
			numbers = append(numbers, uint64(e.Term))
		}
	case s.InstallSnapshot != nil:
		m := s.InstallSnapshot
		sender, numbers = m.LeaderID, []uint64{uint64(m.Term), uint64(m.LastIncludedIndex), uint64(m.LastIncludedTerm)}
	default:
		return errors.New("sends: one of them is neither requestVote, appendEntries nor installSnapshot")
	}
	if _, ok := ns.id(Name(sender)); !ok || sender == "" || sender == s.To {
		return fmt.Errorf("sends: %q sends to %q", sender, s.To)
	}
	if slices.Max(numbers) > raft.MaxNumber {
		return tooLarge("sends")
	}
	return nil
}
