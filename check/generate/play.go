package generate

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A play is a worksheet that comes into being: the cluster as it is, and what has
// happened so far.
type play struct {
	w       *Wish
	kit     kit
	cluster *replay.Cluster
	all     raft.NodeSet
	steps   []*trace.Step // none is changed once it is there: a clone may have it too

	votes, appends int    // messages that are still to come
	values         int    // clients' commands so far
	numbers        uint64 // the seed of their numbers; 0 for 1, 2, 3
	sent, lost     int    // requests, each to one node, and those that did not arrive
	won            int    // elections
	facts          int    // of the replay, that have been looked at

	away  raft.NodeSet         // nodes that are cut off from the others, and reach only one another
	told  raft.NodeSet         // those of which the steps so far say so
	since [MaxNodes + 1]int    // by node: the step before which it was cut off; 0 for never, or a long time ago
	say   []string             // what the next step is to note
	quiet raft.NodeSet         // those whose answer to the next request is lost
	heard raft.NodeSet         // those that the last message of the leader has reached
	late  map[int]raft.NodeSet // by step, from 1: those whose copy has arrived late
}

// newPlay gives the cluster before anything has happened.
func newPlay(w *Wish, k kit) *play {
	t := &trace.Trace{Document: 1}
	for i := range w.Nodes {
		t.Names = append(t.Names, strconv.Itoa(i+1))
	}
	return &play{w: w, kit: k, cluster: replay.New(t, raft.Figure2()), all: raft.AllNodes(w.Nodes),
		votes: w.RequestVotes, appends: w.AppendEntries, late: make(map[int]raft.NodeSet)}
}

// clone gives a play that goes on by itself.
func (p *play) clone() *play {
	q := *p
	q.cluster, q.steps, q.say = p.cluster.Clone(), slices.Clip(p.steps), slices.Clip(p.say)
	q.steps = slices.Clone(q.steps)
	q.late = make(map[int]raft.NodeSet, len(p.late))
	for step, of := range p.late {
		q.late[step] = of
	}
	return &q
}

func (p *play) node(id raft.NodeID) *raft.Node { return p.cluster.Node(id) }
func (p *play) majority() int                  { return p.w.Nodes/2 + 1 }
func (p *play) over() bool                     { return p.votes == 0 && p.appends == 0 }

// note has the next step note something.
func (p *play) note(format string, args ...any) { p.say = append(p.say, fmt.Sprintf(format, args...)) }

// apply plays a step. It reports whether it is one of a worksheet: possible, and
// with nothing unwritten but what may be.
func (p *play) apply(s trace.Step) bool {
	s.Number = len(p.steps) + 1
	if s.ID == "" {
		s.ID = strconv.Itoa(s.Number)
	}
	s.Note = strings.Join(append(p.tidings(), p.say...), " ")
	p.say = nil
	p.steps = append(p.steps, &s)
	before := p.leaders()
	if _, halt := p.cluster.Apply(&s); halt != nil {
		return false
	}
	if new := (p.leaders() &^ before).Len(); new > 0 {
		p.won += new
		p.heard = 0
	}
	facts := p.cluster.Run().Facts()
	fine := true
	for i := p.facts; i < len(facts); i++ {
		fine = fine && p.fits(&facts[i])
	}
	p.facts = len(facts)
	return fine
}

// fits reports whether a worksheet may contain what a replay came upon.
func (p *play) fits(f *replay.Fact) bool {
	switch f.Kind {
	case replay.ArrivesLate:
		return true
	case replay.Implies:
		return !p.w.Events && (f.What == replay.TimedOut || f.What == replay.TookCommands)
	}
	return false
}

// send plays a request to these nodes, of which it does not reach all.
func (p *play) send(e trace.Event, to, lost raft.NodeSet) bool {
	s := trace.Step{Event: e, Lost: lost & to}
	sender, _ := s.Sender()
	if to != p.all.Without(sender) {
		s.To = trace.OptOf(to)
	}
	if _, vote := e.(*trace.RequestVote); vote {
		s.ID = fmt.Sprint("RV", p.w.RequestVotes-p.votes+1)
		p.votes--
	} else {
		s.ID = fmt.Sprint("AE", p.w.AppendEntries-p.appends+1)
		p.appends--
	}
	p.sent += to.Len()
	p.lost += s.Lost.Len()
	s.ResponseLost = p.quiet & to &^ s.Lost
	p.quiet = 0
	if sender == p.leader() {
		p.heard = p.heard&^to | to&^s.Lost
	}
	return p.apply(s)
}

// leaders gives the nodes that take themselves for leaders.
func (p *play) leaders() raft.NodeSet {
	var led raft.NodeSet
	for id := range p.all.All() {
		if p.node(id).Role == raft.Leader {
			led = led.With(id)
		}
	}
	return led
}

// leader gives the leader of the latest term, if it is not cut off; NoNode for none.
func (p *play) leader() raft.NodeID {
	at := raft.NoNode
	for id := range p.leaders().All() {
		if at == raft.NoNode || p.node(id).CurrentTerm > p.node(at).CurrentTerm {
			at = id
		}
	}
	if at == raft.NoNode || p.away.Has(at) || p.node(at).CurrentTerm < p.term() {
		return raft.NoNode
	}
	return at
}

// term is the highest currentTerm of the nodes that are not cut off.
func (p *play) term() raft.Term {
	var most raft.Term
	for id := range (p.all &^ p.away).All() {
		most = max(most, p.node(id).CurrentTerm)
	}
	return most
}

// restless gives the nodes that have reason to stand for election: those that the
// leader's last message has not reached. Where nothing is lost, a reason is not asked
// for.
func (p *play) restless() raft.NodeSet {
	all := p.all &^ p.away &^ p.leaders()
	if p.leader() != raft.NoNode && p.w.Lost > 0 {
		all &^= p.heard
	}
	return all
}

// reach gives the others that a node reaches.
func (p *play) reach(id raft.NodeID) raft.NodeSet {
	if p.away.Has(id) {
		return p.away.Without(id)
	}
	return p.all.Without(id) &^ p.away
}

// names gives nodes as a sentence has them: node 3, nodes 2 and 3.
func names(of raft.NodeSet) string {
	var ids []string
	for id := range of.All() {
		ids = append(ids, fmt.Sprint(id))
	}
	if len(ids) == 1 {
		return "node " + ids[0]
	}
	return "nodes " + reason.And(ids)
}

// sentence begins with a capital letter.
func sentence(s string) string { return strings.ToUpper(s[:1]) + s[1:] }

// value gives the next command of a client: x=1, y=2, z=3, w=4. In a class each
// worksheet has numbers of its own.
func (p *play) value() string {
	const letters = "xyzwvutsrqponmlkjihgfedcba"
	i := p.values
	p.values++
	number := i + 1
	if p.numbers != 0 {
		number = 10 + newDice(p.numbers, uint64(i)).below(90)
	}
	return fmt.Sprintf("%c=%d", letters[i%len(letters)], number)
}
