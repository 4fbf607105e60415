package check

import (
	"fmt"
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
)

// A Contrast is one trace under two sets of rules, side by side.
//
// The two replays are played in step, and held against each other after each:
// the messages, the answers, the states, and the safety of the cluster, whether
// the trace asks for them or not. What differs is noted in the step since which
// it does, and again only where it comes to differ in another way.
type Contrast struct {
	Trace       *trace.Trace
	Sides       [2]ContrastSide
	Differences []Difference // in the order of the steps; the first is where they part
	More        bool         // there are more of them, past the first 100,000
	Apart       []Apart      // what differs in the end, by node
}

// A ContrastSide is the trace under one set of rules.
type ContrastSide struct {
	Rules   *raft.Rules
	Stopped *trace.Error // why the replay cannot go on; nil where it can
}

// A Difference is something that two sets of rules make otherwise.
type Difference struct {
	Step  int
	Kind  Kind        // Message, Response, State or Safety
	Node  raft.NodeID // who sends, answers, holds the state, or breaks the property
	Field string      // of the message, the answer or the state; possible; the property
	Sides [2]Reading
}

// A Reading is what one set of rules makes of a thing, and why.
type Reading struct {
	Value any // a bool, a uint64 or a string in the format's words
	Rule  raft.Rule
	Why   string // the rule's sentence with the figures of the case; empty where no rule's decision shows it
}

// Apart is a node whose state differs in the end, and in which fields.
type Apart struct {
	Node   raft.NodeID
	Fields []string
}

// NewContrast plays a trace by each of the rules. Where one of the two replays
// cannot go on, the other ends there too.
func NewContrast(t *trace.Trace, a, b *raft.Rules) *Contrast {
	p := newPair(t, a, b)
	if p.makeRoom() {
		p.start()
		for i := range t.Steps {
			if !p.play(&t.Steps[i]) {
				break
			}
			p.compare()
		}
	}
	return p.finish()
}

// Differs reports whether the two rules make anything of the trace otherwise.
func (c *Contrast) Differs() bool { return len(c.Differences) > 0 }

// Stopped reports whether one of the two cannot be replayed to the end.
func (c *Contrast) Stopped() bool { return c.Sides[0].Stopped != nil || c.Sides[1].Stopped != nil }

// A pair is two replays in the course of being played in step.
type pair struct {
	c     *Contrast
	sides [2]*side
	step  int
	nodes []likeness // by NodeID-1
}

// A side is one of the two replays.
type side struct {
	*replayer
	decisions []NodeOutcome // of the step
	found     int           // findings before the step
}

// A likeness is how far the two states of a node are the same.
type likeness struct {
	logs   [2]raft.Log
	shared raft.Index // both logs are the same up to here
	apart  []fieldPair
}

// A fieldPair is a field of a state that differs.
type fieldPair struct {
	field  string
	values [2]any
}

func newPair(t *trace.Trace, a, b *raft.Rules) *pair {
	p := &pair{c: &Contrast{Trace: t}, nodes: make([]likeness, t.Size())}
	for i, rules := range [2]*raft.Rules{a, b} {
		s := &side{replayer: newReplayer(t, rules)}
		s.hear = func(d NodeOutcome) { s.decisions = append(s.decisions, d) }
		p.sides[i], p.c.Sides[i].Rules = s, rules
	}
	return p
}

func (p *pair) makeRoom() bool {
	return p.both(func(s *side) *trace.Error { return s.makeRoom() })
}

func (p *pair) start() {
	for i, s := range p.sides {
		s.start()
		for n := range p.nodes {
			log := s.run.initial[n].Log
			p.nodes[n].logs[i], p.nodes[n].shared = log, log.LastIndex()
		}
	}
}

// play plays one step on both sides, and reports whether both can go on.
func (p *pair) play(step *trace.Step) bool {
	p.step = step.Number
	return p.both(func(s *side) *trace.Error {
		s.decisions, s.found = s.decisions[:0], len(s.run.findings)
		return s.replayer.step(step)
	})
}

// both does something on either side, and keeps what stops it.
func (p *pair) both(do func(*side) *trace.Error) bool {
	for i, s := range p.sides {
		p.c.Sides[i].Stopped = do(s)
	}
	return !p.c.Stopped()
}

func (p *pair) finish() *Contrast {
	for i, n := range p.nodes {
		if len(n.apart) > 0 {
			a := Apart{Node: raft.NodeID(i + 1)}
			for _, f := range n.apart {
				a.Fields = append(a.Fields, f.field)
			}
			p.c.Apart = append(p.c.Apart, a)
		}
	}
	return p.c
}

// mostDifferences bounds what is kept.
const mostDifferences = 100_000

func (p *pair) add(k Kind, id raft.NodeID, field string, readings [2]Reading) {
	if len(p.c.Differences) == mostDifferences {
		p.c.More = true
		return
	}
	p.c.Differences = append(p.c.Differences, Difference{Step: p.step, Kind: k, Node: id, Field: field, Sides: readings})
}

// compare holds the two sides against each other after a step.
func (p *pair) compare() {
	p.message()
	p.answers()
	for id := range (p.now(0).Changed | p.now(1).Changed).All() {
		p.state(id)
	}
	p.safety()
}

// now is the step as one side has it.
func (p *pair) now(side int) *Step { return &p.sides[side].run.Steps[p.step-1] }

// message compares whether the step's message could have been sent, and what it
// says where the trace leaves that to the sender.
func (p *pair) message() {
	a, b := p.now(0), p.now(1)
	sender := actor(a.Trace)
	if a.Possible != b.Possible {
		p.add(Message, sender, "possible", p.readings(func(i int) Reading {
			r := p.sides[i].verdict()
			r.Value = p.now(i).Possible.String()
			return r
		}))
	}
	var told []fieldPair
	for i := range a.Deliveries {
		for _, f := range sentOtherwise(&a.Deliveries[i], &b.Deliveries[i]) {
			if !slices.Contains(told, f) {
				told = append(told, f)
				p.add(Message, sender, f.field, [2]Reading{{Value: f.values[0]}, {Value: f.values[1]}})
			}
		}
	}
}

// actor is the node whose message a step holds.
func actor(s *trace.Step) raft.NodeID {
	switch e := s.Event.(type) {
	case *trace.VoteResponse:
		return e.From
	case *trace.AppendResponse:
		return e.From
	}
	sender, _ := s.Sender()
	return sender
}

// verdict is what was found of the step's message.
func (s *side) verdict() Reading {
	for _, f := range slices.Backward(s.run.findings[s.found:]) {
		if f.Kind == Message || f.Kind == Implied || f.Kind == Untold {
			return Reading{Rule: f.Rule, Why: f.Message}
		}
	}
	return Reading{}
}

// sentOtherwise gives the fields of a request that differ.
func sentOtherwise(a, b *Delivery) []fieldPair {
	var fs []fieldPair
	number := func(field string, a, b uint64) {
		if a != b {
			fs = append(fs, fieldPair{field, [2]any{a, b}})
		}
	}
	if a.Vote != nil {
		number("term", uint64(a.Vote.Term), uint64(b.Vote.Term))
		number("lastLogIndex", uint64(a.Vote.LastLogIndex), uint64(b.Vote.LastLogIndex))
		number("lastLogTerm", uint64(a.Vote.LastLogTerm), uint64(b.Vote.LastLogTerm))
		return fs
	}
	m, n := a.Append, b.Append
	number("term", uint64(m.Term), uint64(n.Term))
	number("prevLogIndex", uint64(m.PrevLogIndex), uint64(n.PrevLogIndex))
	number("prevLogTerm", uint64(m.PrevLogTerm), uint64(n.PrevLogTerm))
	if x, y := entriesText(m), entriesText(n); x != y {
		fs = append(fs, fieldPair{"entries", [2]any{x, y}})
	}
	number("leaderCommit", uint64(m.LeaderCommit), uint64(n.LeaderCommit))
	return fs
}

// entriesText gives the entries of a request as the format writes them, or
// their number where there are many: these are a log, and compared as such.
func entriesText(m *raft.AppendEntries) string {
	const many = 10
	if n := m.Entries.Len(); n > many {
		return fmt.Sprintf("%d entries", n)
	}
	return trace.FlowLog(m.Entries.Slice())
}

// answers compares what the nodes answer to the step's request.
func (p *pair) answers() {
	a, b := p.now(0), p.now(1)
	for i := range a.Deliveries {
		x, y := &a.Deliveries[i], &b.Deliveries[i]
		switch ok := [2]any{x.outcome(), y.outcome()}; {
		case x.Fate == Unseen:
		case ok[0] != ok[1]:
			p.add(Response, x.To, outcomeField(a.Trace), p.readings(func(i int) Reading {
				d := p.now(i).Delivery(x.To)
				return Reading{ok[i], d.Decision.Rule, p.sides[i].run.Because(p.now(i), d)}
			}))
		case x.Answered() && x.Term != y.Term:
			p.add(Response, x.To, "term", p.because(x.To, "term", [2]any{uint64(x.Term), uint64(y.Term)}))
		}
	}
}

// outcome is success or voteGranted, or none.
func (d *Delivery) outcome() any {
	if !d.Answered() {
		return none
	}
	return d.OK
}

// safety notes the properties that broke in this step on one side, and have not
// broken on the other.
func (p *pair) safety() {
	for i, s := range p.sides {
		for _, f := range s.run.findings[s.found:] {
			if f.Kind != Safety || p.sides[1-i].hasBroken(f.Field) {
				continue
			}
			var r [2]Reading
			r[i] = Reading{Value: "breaks", Why: f.Message}
			r[1-i] = Reading{Value: "holds"}
			id, _ := p.c.Trace.Node(f.Node)
			p.add(Safety, id, f.Field, r)
		}
	}
}

func (s *side) hasBroken(name string) bool {
	for p := range s.safe.broken {
		if p.name == name {
			return true
		}
	}
	return false
}

// state compares a node's states, and notes what has come to differ.
func (p *pair) state(id raft.NodeID) {
	n := &p.nodes[id-1]
	was := n.apart
	n.apart = p.apart(id)
	for _, f := range n.apart {
		if !slices.Contains(was, f) {
			p.add(State, id, f.field, p.because(id, f.field, f.values))
		}
	}
}

// apart gives the fields in which a node's states differ now.
func (p *pair) apart(id raft.NodeID) []fieldPair {
	t := p.c.Trace
	a, b := p.sides[0].run.state(id, p.step), p.sides[1].run.state(id, p.step)
	var fs []fieldPair
	add := func(field string, a, b any) {
		if a != b {
			fs = append(fs, fieldPair{field, [2]any{words(t, a), words(t, b)}})
		}
	}
	add("term", a.CurrentTerm, b.CurrentTerm)
	add("votedFor", a.VotedFor, b.VotedFor)
	add("role", a.Role, b.Role)
	fs = append(fs, p.logs(id, a.Log, b.Log)...)
	add("commitIndex", a.CommitIndex, b.CommitIndex)
	if a.LastApplied != a.CommitIndex || b.LastApplied != b.CommitIndex {
		add("lastApplied", a.LastApplied, b.LastApplied)
	}
	if a.Role != raft.Leader || b.Role != raft.Leader {
		return fs
	}
	for i, name := range t.Names {
		if raft.NodeID(i+1) != id {
			add("nextIndex["+name+"]", a.NextIndex[i], b.NextIndex[i])
			add("matchIndex["+name+"]", a.MatchIndex[i], b.MatchIndex[i])
		}
	}
	return fs
}

// logs gives the first index at which a node's logs differ, if there is one.
// What was found to be the same stays so, as far as neither side has cut it off.
func (p *pair) logs(id raft.NodeID, a, b raft.Log) []fieldPair {
	n := &p.nodes[id-1]
	same := min(n.shared, n.logs[0].Shared(a), n.logs[1].Shared(b))
	for a.Has(same+1) && b.Has(same+1) && a.Entry(same+1) == b.Entry(same+1) {
		same++
	}
	n.logs, n.shared = [2]raft.Log{a, b}, same
	if same == a.LastIndex() && same == b.LastIndex() {
		return nil
	}
	return []fieldPair{{fmt.Sprintf("log[%d]", same+1), [2]any{entryWord(a, same+1), entryWord(b, same+1)}}}
}

func entryWord(log raft.Log, i raft.Index) any {
	if !log.Has(i) {
		return none
	}
	return log.Entry(i).String()
}

func (p *pair) readings(of func(side int) Reading) [2]Reading { return [2]Reading{of(0), of(1)} }
