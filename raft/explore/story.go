package explore

import (
	"fmt"

	"raftsheet/raft"
)

// A story is what happens, in order.
type story struct{ events []event }

// An event is one thing that happens, as a trace has it: several of them are an
// action.
type event struct {
	kind    actionKind
	node    raft.NodeID // whose timeout, request, command or restart it is, or whom an answer reaches
	value   string      // client: the command
	asked   raft.RequestVote
	sent    raft.AppendEntries
	to      raft.NodeID // of a request
	fate    fate
	replied bool
	ok      bool
	answer  letter   // arrive
	remarks []string // what came of it
}

func (p *player) tell(e event) {
	if p.story != nil {
		p.story.events = append(p.story.events, e)
	}
}

// tellVote tells of p.asked, sent to a server.
func (p *player) tellVote(to raft.NodeID, f fate, replied, ok bool) {
	if p.story != nil {
		p.tell(event{kind: ask, node: p.asked.CandidateID, asked: p.asked, to: to, fate: f, replied: replied, ok: ok})
	}
}

// tellAppend tells of p.sent, sent to a server.
func (p *player) tellAppend(to raft.NodeID, f fate, replied, ok bool) {
	if p.story != nil {
		p.tell(event{kind: send, node: p.sent.LeaderID, sent: p.sent, to: to, fate: f, replied: replied, ok: ok})
	}
}

// A cast says what a server is called in the story. In a search a state's
// servers are numbered anew; the story keeps to the numbers of its beginning.
type cast [maxNodes + 1]raft.NodeID // by NodeID; NoNode is itself

func newCast() (c cast) {
	for i := range c {
		c[i] = raft.NodeID(i)
	}
	return c
}

// renumbered gives the cast after the servers were put in another order.
func (c cast) renumbered(o order, nodes int) (next cast) {
	for p := range nodes {
		next[p+1] = c[o[p]+1]
	}
	return next
}

// name puts the story's names in an event's place of numbers.
func (c *cast) name(e *event) {
	for _, id := range []*raft.NodeID{&e.node, &e.to, &e.asked.CandidateID, &e.sent.LeaderID, &e.answer.from, &e.answer.to} {
		*id = c[*id]
	}
}

// story plays the counterexample once more, and tells it. The end is the cluster
// as it then is, by its names.
func (c *Counterexample) story() (told []event, end cluster, names cast) {
	p, w := newPlayer(&c.Scope, c.rules), newWriter(&c.Scope)
	names = newCast()
	for _, a := range c.path {
		p.story = &story{}
		p.play(&end, a)
		for i := range p.story.events {
			names.name(&p.story.events[i])
		}
		last := &p.story.events[len(p.story.events)-1]
		last.remarks = remarks(&end, &p.now, &names)
		if p.broken.property != None {
			last.remarks = append(last.remarks, p.broken.sentence(&names))
		}
		told = append(told, p.story.events...)
		text := w.canonical(&p.now)
		names = names.renumbered(w.order, c.Scope.Nodes)
		end = read(text, c.Scope.Nodes)
	}
	return told, end, names
}

// remarks says who has come to lead, and what has come to be committed.
func remarks(was, now *cluster, names *cast) (said []string) {
	for i := range was.servers {
		a, b := &was.servers[i], &now.servers[i]
		name := names[i+1]
		if raft.Role(b.role) == raft.Leader && (raft.Role(a.role) != raft.Leader || a.term != b.term) {
			said = append(said, fmt.Sprintf("node %d leads term %d", name, b.term))
		}
		if a.done() < b.done() {
			said = append(said, fmt.Sprintf("node %d holds index %d committed", name, b.done()))
		}
	}
	return said
}

// sentence says how the property broke.
func (b *breach) sentence(names *cast) string {
	node, other := names[b.node], names[b.other]
	mine, theirs := nameEntry(b.mine), nameEntry(b.theirs)
	how := ""
	switch b.property {
	case ElectionSafety:
		how = fmt.Sprintf("nodes %d and %d both lead term %d", other, node, b.term)
	case LeaderAppendOnly:
		how = fmt.Sprintf("node %d leads term %d, and where it had %s at index %d it has %s", node, b.term, theirs, b.index, mine)
	case LogMatching:
		how = fmt.Sprintf("at index %d nodes %d and %d both have an entry of term %d; at index %d they have %s and %s",
			b.index, node, other, b.term, b.first, mine, theirs)
		if b.node == b.other {
			how = fmt.Sprintf("at index %d node %d has an entry of term %d as before; at index %d it had %s and has %s",
				b.index, node, b.term, b.first, theirs, mine)
		}
	case LeaderCompleteness:
		how = fmt.Sprintf("node %d leads term %d with %s at index %d, where %s was committed in term %d", node, b.term, mine, b.index, theirs, b.since)
	case StateMachineSafety:
		how = fmt.Sprintf("node %d commits %s at index %d, where %s was committed before", node, mine, b.index, theirs)
		if b.node == b.other {
			how = fmt.Sprintf("node %d had committed %s at index %d, and now has %s there", node, theirs, b.index, mine)
		}
	}
	return fmt.Sprintf("%s breaks: %s", b.property, how)
}

func nameEntry(e uint8) string {
	if e == 0 {
		return "no entry"
	}
	return unpackEntry(e).String()
}
