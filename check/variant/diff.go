package variant

import (
	"fmt"
	"slices"

	"raftsheet/check/finding"
	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A Diff is one trace under two sets of rules, side by side.
//
// The two replays are played in step, and held against each other after each:
// the messages, the answers, the states, and the safety of the cluster, whether
// the trace asks for them or not. What differs is noted in the step since which
// it does, and again only where it comes to differ in another way.
type Diff struct {
	Trace       *trace.Trace
	Sides       [2]Side
	Differences []Difference // in the order of the steps; the first is where they part
	More        bool         // there are more of them, past the first 100,000
	Apart       []Apart      // what differs in the end, by node
}

// A Side is the trace under one set of rules.
type Side struct {
	Rules   *raft.Rules
	Stopped *trace.Error // why the replay cannot go on; nil where it can
}

// A Difference is something that two sets of rules make otherwise.
type Difference struct {
	Step  int
	Kind  finding.Kind // Message, Response, State or Safety
	Node  raft.NodeID  // who sends, answers, holds the state, or breaks the property
	Field string       // of the message, the answer or the state; possible; the property
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

// NewDiff plays a trace by each of the rules. Where one of the two replays
// cannot go on, the other ends there too.
func NewDiff(t *trace.Trace, a, b *raft.Rules) *Diff {
	p := &pair{c: &Diff{Trace: t}, nodes: make([]likeness, t.Size())}
	steps := len(t.Steps)
	for i, rules := range [2]*raft.Rules{a, b} {
		run, halt := replay.Play(t, rules)
		p.sides[i] = &side{run: run, facts: factsByStep(run), pair: p}
		p.c.Sides[i].Rules = rules
		if halt != nil {
			steps = min(steps, halt.Step-1)
			p.c.Sides[i].Stopped = reason.Halt(run, halt)
		}
		for n := range p.nodes {
			log := run.Initial(raft.NodeID(n + 1)).Log
			p.nodes[n].logs[i], p.nodes[n].shared = log, log.LastIndex()
		}
	}
	for i := range p.c.Sides { // the replay that would have stopped later has not come so far
		if s := p.c.Sides[i].Stopped; s != nil && p.sides[i].haltsAfter(steps) {
			p.c.Sides[i].Stopped = nil
		}
	}
	for p.at = 1; p.at <= steps; p.at++ {
		p.compare()
	}
	return p.finish()
}

// Differs reports whether the two rules make anything of the trace otherwise.
func (c *Diff) Differs() bool { return len(c.Differences) > 0 }

// Stopped reports whether one of the two cannot be replayed to the end.
func (c *Diff) Stopped() bool { return c.Sides[0].Stopped != nil || c.Sides[1].Stopped != nil }

// A pair is two replays, held against each other step by step.
type pair struct {
	c     *Diff
	sides [2]*side
	at    int        // the number of the step
	nodes []likeness // by NodeID-1
}

// A side is one of the two replays.
type side struct {
	pair  *pair
	run   *replay.Run
	facts map[int][]replay.Fact // by step
	made  []replay.Outcome
	of    int // the step whose decisions were made

	broken []replay.Property
}

func factsByStep(run *replay.Run) map[int][]replay.Fact {
	out := make(map[int][]replay.Fact)
	for _, f := range run.Facts() {
		out[f.Step] = append(out[f.Step], f)
	}
	return out
}

// haltsAfter reports whether the replay stops, but in a later step than that
// after so many.
func (s *side) haltsAfter(steps int) bool { return len(s.run.Steps) > steps+1 }

// step is the step as this side has it.
func (s *side) step() *replay.Step { return &s.run.Steps[s.pair.at-1] }

// decisions gives the decisions of the step.
func (s *side) decisions() []replay.Outcome {
	if s.of != s.pair.at {
		s.made, s.of = s.run.Decisions(s.pair.at), s.pair.at
	}
	return s.made
}

// found gives what the replay came upon in the step.
func (s *side) found() []replay.Fact { return s.facts[s.pair.at] }

// A likeness is how far the two states of a node are the same.
type likeness struct {
	logs   [2]raft.Log
	shared raft.Index // both logs are the same up to here
	apart  []fieldPair
}

// A fieldPair is a field of a state that differs.
type fieldPair struct {
	field  string
	state  raft.Fields
	of     raft.NodeID // whose line of nextIndex or matchIndex it is, or NoNode
	values [2]replay.Value
}

func (p *pair) finish() *Diff {
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

func (p *pair) add(k finding.Kind, id raft.NodeID, field string, readings [2]Reading) {
	if len(p.c.Differences) == mostDifferences {
		p.c.More = true
		return
	}
	p.c.Differences = append(p.c.Differences, Difference{Step: p.at, Kind: k, Node: id, Field: field, Sides: readings})
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
func (p *pair) now(side int) *replay.Step { return p.sides[side].step() }

// message compares whether the step's message could have been sent, and what it
// says where the trace leaves that to the sender.
func (p *pair) message() {
	a, b := p.now(0), p.now(1)
	sender := actor(a.Trace)
	if a.Possible != b.Possible {
		p.add(finding.Message, sender, "possible", p.readings(func(i int) Reading {
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
				p.add(finding.Message, sender, f.field, [2]Reading{{Value: p.any(sender, f.values[0])}, {Value: p.any(sender, f.values[1])}})
			}
		}
	}
}

// any is a value in the format's words.
func (p *pair) any(id raft.NodeID, v replay.Value) any { return item.Any(p.c.Trace, id, v) }

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
	facts := s.found()
	for i := len(facts) - 1; i >= 0; i-- {
		if f := &facts[i]; f.Kind != replay.Breaks && f.Kind != replay.CannotTake {
			return Reading{Rule: f.Rule, Why: reason.Fact(s.run, f)}
		}
	}
	return Reading{}
}

// sentOtherwise gives the fields of a request that differ.
func sentOtherwise(a, b *replay.Delivery) []fieldPair {
	var fs []fieldPair
	number := func(field string, a, b uint64) {
		if a != b {
			fs = append(fs, fieldPair{field: field, values: [2]replay.Value{replay.Number(a), replay.Number(b)}})
		}
	}
	if a.Vote != nil {
		number("term", uint64(a.Vote.Term), uint64(b.Vote.Term))
		number("lastLogIndex", uint64(a.Vote.LastLogIndex), uint64(b.Vote.LastLogIndex))
		number("lastLogTerm", uint64(a.Vote.LastLogTerm), uint64(b.Vote.LastLogTerm))
		return fs
	}
	if a.Install != nil {
		number("term", uint64(a.Install.Term), uint64(b.Install.Term))
		number("lastIncludedIndex", uint64(a.Install.LastIncludedIndex), uint64(b.Install.LastIncludedIndex))
		number("lastIncludedTerm", uint64(a.Install.LastIncludedTerm), uint64(b.Install.LastIncludedTerm))
		return fs
	}
	m, n := a.Append, b.Append
	number("term", uint64(m.Term), uint64(n.Term))
	number("prevLogIndex", uint64(m.PrevLogIndex), uint64(n.PrevLogIndex))
	number("prevLogTerm", uint64(m.PrevLogTerm), uint64(n.PrevLogTerm))
	if x, y := entriesText(m), entriesText(n); x != y {
		fs = append(fs, fieldPair{field: "entries", values: [2]replay.Value{replay.Text(x), replay.Text(y)}})
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
		switch ok := [2]any{outcome(x), outcome(y)}; {
		case x.Fate == replay.Unseen:
		case ok[0] != ok[1]:
			p.add(finding.Response, x.To, item.OutcomeName(a.Trace), p.readings(func(i int) Reading {
				d := p.now(i).Delivery(x.To)
				return Reading{ok[i], d.Decision.Rule, reason.Answer(p.sides[i].run, p.now(i), x.To, d)}
			}))
		case x.Answered() && x.Term != y.Term:
			p.add(finding.Response, x.To, "term", p.because(x.To, fieldPair{field: "term", state: raft.FieldTerm,
				values: [2]replay.Value{replay.Number(x.Term), replay.Number(y.Term)}}))
		}
	}
}

// outcome is success or voteGranted, or none.
func outcome(d *replay.Delivery) any {
	if !d.Answered() {
		return "none"
	}
	return d.OK
}

// safety notes the properties that broke in this step on one side, and have not
// broken on the other.
func (p *pair) safety() {
	for i, s := range p.sides {
		facts := s.found()
		for k := range facts {
			f := &facts[k]
			if f.Kind != replay.Breaks {
				continue
			}
			s.broken = append(s.broken, f.Property())
			if slices.Contains(p.sides[1-i].broken, f.Property()) || p.sides[1-i].breaksNow(f.Property()) {
				continue
			}
			var r [2]Reading
			r[i] = Reading{Value: "breaks", Why: reason.Fact(s.run, f)}
			r[1-i] = Reading{Value: "holds"}
			p.add(finding.Safety, f.Node, f.Property().Name, r)
		}
	}
}

// breaksNow reports whether a property breaks in the step.
func (s *side) breaksNow(property replay.Property) bool {
	return slices.ContainsFunc(s.found(), func(f replay.Fact) bool {
		return f.Kind == replay.Breaks && f.Property() == property
	})
}

// state compares a node's states, and notes what has come to differ.
func (p *pair) state(id raft.NodeID) {
	n := &p.nodes[id-1]
	was := n.apart
	n.apart = p.apart(id)
	for _, f := range n.apart {
		if !slices.Contains(was, f) {
			p.add(finding.State, id, f.field, p.because(id, f))
		}
	}
}

// apart gives the fields in which a node's states differ now.
func (p *pair) apart(id raft.NodeID) []fieldPair {
	a, b := p.sides[0].run, p.sides[1].run
	s, t := a.State(id, p.at), b.State(id, p.at)
	var fs []fieldPair
	for _, it := range item.StateOf(p.c.Trace, id, p.at) {
		switch {
		case it.Field == item.Log:
			fs = append(fs, p.logs(id, s.Log, t.Log)...)
			continue
		case it.Field == item.LastApplied && s.LastApplied == s.CommitIndex && t.LastApplied == t.CommitIndex:
			continue // it follows
		case it.Line != 0 && (s.Role != raft.Leader || t.Role != raft.Leader):
			continue // the roles differ, and that is said
		}
		values := [2]replay.Value{item.StateGives(a, &it, s), item.StateGives(b, &it, t)}
		if values[0] != values[1] {
			fs = append(fs, fieldPair{it.Name, it.Field.State(), raft.NodeID(it.Line), values})
		}
	}
	return fs
}

// logs gives the first index at which a node's logs differ, if there is one.
// What was found to be the same stays so, as far as neither side has cut it off.
func (p *pair) logs(id raft.NodeID, a, b raft.Log) []fieldPair {
	n := &p.nodes[id-1]
	same := min(n.shared, n.logs[0].Shared(a), n.logs[1].Shared(b))
	at := item.FirstApart(a, b, same+1)
	n.logs, n.shared = [2]raft.Log{a, b}, at-1
	values := [2]replay.Value{replay.EntryAt(a, at), replay.EntryAt(b, at)}
	if values[0] == values[1] { // both end there, or a snapshot covers it in one of them
		return nil
	}
	return []fieldPair{{field: fmt.Sprintf("log[%d]", at), state: raft.FieldLog, values: values}}
}

func (p *pair) readings(of func(side int) Reading) [2]Reading { return [2]Reading{of(0), of(1)} }
