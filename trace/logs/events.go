package logs

import (
	"bytes"
	"errors"
	"fmt"
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/logs/event"
)

// This file reads events: JSON lines of package event.

// events reads a log of the form events.
type events struct {
	*cluster
	begun bool
}

func (r *events) line(text []byte) error {
	if len(bytes.TrimSpace(text)) == 0 {
		return errBlank
	}
	l, err := event.Parse(text)
	switch {
	case err != nil:
		if r.begun {
			r.log.Events++
		}
		return err
	case !r.begun:
		return r.header(l)
	}
	r.log.Events++
	if err := r.play(l); err != nil {
		return err
	}
	r.log.Imported++
	return nil
}

func (r *events) end() error {
	if !r.begun {
		return errors.New(`this is not a log of events: its first line is {"raftsheet":"events","version":1,"nodes":["1","2","3"]}, with the names of the nodes`)
	}
	return nil
}

// header takes in the first line.
func (r *events) header(l *event.Line) error {
	h := &l.Header
	switch {
	case l.Ev != "" || h.Raftsheet != event.Events:
		return errors.New(`a log of events begins with {"raftsheet":"events","version":1,"nodes":[...]}`)
	case h.Version != 1:
		return fmt.Errorf("this is version %d of the form; version 1 is what can be read", h.Version)
	}
	if err := r.begin(h.Nodes, h.Rules); err != nil {
		return err
	}
	r.t.Title = h.Title
	var err error
	if r.t.Voters, err = r.voters(h.Voters); err != nil {
		return err
	}
	for _, name := range h.Nodes {
		st, told := h.Initial[name]
		if !told {
			continue
		}
		id, _ := r.node("initial", name)
		t, err := r.table(id, &event.Line{State: st})
		if err != nil {
			return err
		}
		r.State(t)
	}
	for name := range h.Initial {
		if _, err := r.node("initial", name); err != nil {
			return err
		}
	}
	r.begun = true
	return nil
}

// voters gives those who count, nil for all.
func (c *cluster) voters(lists event.VoterLists) ([]raft.NodeSet, error) {
	var out []raft.NodeSet
	for _, names := range lists {
		set, err := c.nodes("voters", names)
		if err != nil {
			return nil, err
		}
		if set == 0 {
			return nil, errors.New("voters: a list has no node in it")
		}
		out = append(out, set)
	}
	return out, nil
}

// play tells the recorder of a line.
func (c *cluster) play(l *event.Line) error {
	if l.Raftsheet != "" {
		return errors.New("a log has one header, and it comes first")
	}
	id, err := c.node("node", l.Node)
	if err != nil && (l.Ev != event.Reply || l.Node != "") {
		return err
	}
	switch l.Ev {
	case event.Timeout:
		c.Timeout(id)
	case event.Client:
		return c.command(id, l.Value)
	case event.Crash:
		c.Crash(id)
	case event.Restarted:
		c.Restart(id)
	case event.StepDown:
		c.StepDown(id)
	case event.Voters:
		are, err := c.voters(l.Voters)
		if err != nil || are == nil {
			return firstOf(err, errors.New("voters: who counts is missing"))
		}
		c.Voters(id, are)
	case event.Send, event.Receive:
		return c.carry(id, l)
	case event.Reply:
		return c.reply(l.ID, l.Answer)
	case event.Arrive:
		return c.arrive(id, l)
	case event.Tell:
		st, err := c.table(id, l)
		if err != nil {
			return err
		}
		c.State(st)
	case "":
		return errors.New("ev is missing: it says what happens")
	default:
		return fmt.Errorf("there is no event %.40q", l.Ev)
	}
	return nil
}

// firstOf gives the first error that there is.
func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *cluster) command(id raft.NodeID, value *string) error {
	if value == nil {
		return errors.New("value is missing: the client's command")
	}
	if err := fits(*value); err != nil {
		return err
	}
	c.ClientRequest(id, *value)
	return nil
}

// mostValue is how long an entry's value can be, in bytes.
var mostValue = trace.DefaultLimits().Value

func fits(value string) error {
	if len(value) > mostValue {
		return fmt.Errorf("a value has %d bytes here, and a trace holds at most %d; record a digest of it", len(value), mostValue)
	}
	return nil
}

// carry tells of a request that is sent or received.
func (c *cluster) carry(id raft.NodeID, l *event.Line) error {
	if l.ID <= 0 {
		return errors.New("id is missing: the number of the request, from 1 on")
	}
	sends := l.Ev == event.Send
	q := Request{ID: l.ID, To: id}
	if l.Kind != "" || sends {
		from := id
		var err error
		if sends {
			q.To, err = c.node("to", l.To)
		} else {
			from, err = c.node("from", l.From)
		}
		if err != nil {
			return err
		}
		if from == q.To {
			return errors.New("a node sends itself no request")
		}
		if err := arguments(&q, from, l); err != nil {
			return err
		}
	}
	if sends {
		return c.Send(q)
	}
	if known := c.requests[l.ID]; known != nil && known.To != id {
		return fmt.Errorf("request %d was sent to node %s", l.ID, c.t.Name(known.To))
	}
	if err := c.Receive(q); err != nil || l.Answer == nil {
		return err
	}
	return c.reply(l.ID, l.Answer)
}

// arguments fills in what a request says.
func arguments(q *Request, from raft.NodeID, l *event.Line) error {
	var missing error
	number := func(key string, v *uint64) uint64 {
		switch {
		case v == nil:
			missing = firstOf(missing, fmt.Errorf("%s is missing", key))
			return 0
		case *v > raft.MaxNumber:
			missing = firstOf(missing, tooLarge(key))
		}
		return *v
	}
	index := func(key string, v *uint64) raft.Index { return raft.Index(number(key, v)) }
	term := func(key string, v *uint64) raft.Term { return raft.Term(number(key, v)) }
	t := term("term", l.Term)
	switch l.Kind {
	case event.RequestVote:
		q.Vote = &raft.RequestVote{Term: t, CandidateID: from, LastLogIndex: index("lastLogIndex", l.LastLogIndex), LastLogTerm: term("lastLogTerm", l.LastLogTerm)}
	case event.InstallSnapshot:
		if i := l.LastIncludedIndex; i != nil && *i == 0 {
			return errors.New("lastIncludedIndex: a snapshot covers at least the entry at index 1")
		}
		q.Install = &raft.InstallSnapshot{Term: t, LeaderID: from, LastIncludedIndex: index("lastIncludedIndex", l.LastIncludedIndex), LastIncludedTerm: term("lastIncludedTerm", l.LastIncludedTerm)}
	case event.AppendEntries:
		prev, prevTerm := index("prevLogIndex", l.PrevLogIndex), term("prevLogTerm", l.PrevLogTerm)
		if l.Entries == nil {
			return firstOf(missing, errors.New("entries is missing; a heartbeat has none: []"))
		}
		es, err := entriesOf(*l.Entries)
		if err != nil {
			return err
		}
		q.Append = &raft.AppendEntries{Term: t, LeaderID: from, PrevLogIndex: prev, PrevLogTerm: prevTerm,
			Entries: raft.NewEntries(prev, prevTerm, es...), LeaderCommit: index("leaderCommit", l.LeaderCommit)}
	default:
		return fmt.Errorf("there is no kind %.40q of request", l.Kind)
	}
	return missing
}

func tooLarge(key string) error {
	return fmt.Errorf("%s is above the largest number, %d", key, uint64(raft.MaxNumber))
}

func entriesOf(list []event.Entry) ([]raft.Entry, error) {
	es := make([]raft.Entry, len(list))
	for i, e := range list {
		if e.Term > raft.MaxNumber {
			return nil, tooLarge("an entry's term")
		}
		if err := fits(e.Value); err != nil {
			return nil, err
		}
		es[i] = raft.Entry{Term: raft.Term(e.Term), Value: e.Value}
	}
	return es, nil
}

// reply tells of the answer to a request that was received.
func (c *cluster) reply(id int, a *event.Answer) error {
	if a == nil {
		return errors.New("answer is missing")
	}
	q, err := c.received(id)
	if err != nil {
		return err
	}
	answer, err := answerTo(a, q.Vote != nil, q.Install != nil, q.term())
	if err != nil {
		return err
	}
	if answer != nil && answer.OK && q.Append != nil && a.MatchIndex == nil {
		answer.MatchIndex = q.Append.LastNewIndex()
	}
	if answer != nil && answer.OK && q.Install != nil && a.MatchIndex == nil {
		answer.MatchIndex = q.Install.LastIncludedIndex
	}
	return c.Answer(id, answer)
}

// answerTo gives an answer as the recorder takes it: nil for none.
func answerTo(a *event.Answer, vote, install bool, asked raft.Term) (*Answer, error) {
	if a.None {
		return nil, nil
	}
	out := &Answer{Term: raft.Term(a.Term)}
	switch {
	case a.Term > raft.MaxNumber:
		return nil, tooLarge("an answer's term")
	case vote && a.VoteGranted != nil:
		out.OK = *a.VoteGranted
	case vote:
		return nil, errors.New("the answer to a requestVote has voteGranted")
	case a.Success != nil:
		out.OK = *a.Success
	case install && a.VoteGranted == nil:
		out.OK = out.Term <= asked
	default:
		return nil, errors.New("the answer to an appendEntries has success")
	}
	if m := a.MatchIndex; m != nil {
		if *m > raft.MaxNumber {
			return nil, tooLarge("matchIndex")
		}
		out.MatchIndex = raft.Index(*m)
	}
	return out, nil
}

// arrive tells of an answer that reaches the sender of its request.
func (c *cluster) arrive(id raft.NodeID, l *event.Line) error {
	if l.Of != 0 {
		if q := c.requests[l.Of]; q != nil && q.From() != id {
			return fmt.Errorf("request %d is node %s's; its answer does not go to node %s", l.Of, c.t.Name(q.From()), l.Node)
		}
		return c.Arrive(l.Of)
	}
	from, err := c.node("from", l.From)
	switch {
	case err != nil:
		return fmt.Errorf("an answer says of which request it is, or from whom: %w", err)
	case l.Answer == nil || l.Answer.None:
		return errors.New("answer is missing: what arrives")
	}
	kinds := []string{event.RequestVote, event.AppendEntries, event.InstallSnapshot}
	kind := slices.Index(kinds, l.Kind)
	if kind < 0 {
		return fmt.Errorf("there is no kind %.40q of request", l.Kind)
	}
	a, err := answerTo(l.Answer, kind == 0, kind == 2, raft.Term(l.Answer.Term))
	if err != nil {
		return err
	}
	if a.OK && kind > 0 && l.Answer.MatchIndex == nil {
		return errors.New("matchIndex is missing: how far the success vouches for the follower's log")
	}
	c.ArriveAlone(from, id, kind == 0, *a)
	return nil
}
