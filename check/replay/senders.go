package replay

import (
	"maps"
	"slices"
	"sort"

	"raftsheet/raft"
)

// senders is what every node has been: a message may arrive late, and is then
// judged by what its sender was when it could have sent it.
type senders struct {
	candidacies map[stand]candidacy
	leaderships map[stand]*leadership
	leaderOf    map[raft.Term]raft.NodeID
	asked       map[raft.Term]bool         // terms for which a vote was asked on the page
	unseen      map[stand]bool             // leaderships won by an election off the page
	leading     [raft.MaxNodes]*leadership // each node's latest

	// skipped has, for each node, the terms in which it stood in vain and
	// unwritten, in ascending order.
	skipped map[raft.NodeID][]skip
}

// A skip is a run of terms in which a node stood for election with one log.
type skip struct {
	first, last raft.Term
	candidacy
}

// A stand is a node in a term.
type stand struct {
	node raft.NodeID
	term raft.Term
}

// A candidacy is what a node says of its log where it stands for election, and
// the step since which it does. A candidate's log does not change.
type candidacy struct {
	last raft.Mark
	step int
}

// offered is what the node, a candidate, says of its log.
func offered(n *raft.Node) raft.Mark {
	m := n.RequestVote()
	return raft.Mark{Index: m.LastLogIndex, Term: m.LastLogTerm}
}

// A leadership is the log and the commitIndex of a leader as they are or, once
// it is over, as they last were. Both only ever grew, so what fits any moment
// of it fits the last.
type leadership struct {
	stand
	log    raft.Log
	commit raft.Index
	since  int
}

func (p *senders) init() {
	p.candidacies = make(map[stand]candidacy)
	p.leaderships = make(map[stand]*leadership)
	p.leaderOf = make(map[raft.Term]raft.NodeID)
	p.asked = make(map[raft.Term]bool)
	p.unseen = make(map[stand]bool)
	p.skipped = make(map[raft.NodeID][]skip)
}

// clone gives a copy that goes on by itself.
func (p *senders) clone() senders {
	q := *p
	q.candidacies, q.leaderOf, q.asked = maps.Clone(p.candidacies), maps.Clone(p.leaderOf), maps.Clone(p.asked)
	q.unseen = maps.Clone(p.unseen)
	q.leaderships = make(map[stand]*leadership, len(p.leaderships))
	for at, l := range p.leaderships {
		own := *l
		q.leaderships[at] = &own
		if q.leading[at.node-1] == l {
			q.leading[at.node-1] = &own
		}
	}
	q.skipped = make(map[raft.NodeID][]skip, len(p.skipped))
	for id, runs := range p.skipped {
		q.skipped[id] = slices.Clip(runs)
	}
	return q
}

// passed takes in that a node timed out in each of the terms first to last.
func (p *senders) passed(n *raft.Node, first, last raft.Term, step int) {
	if first <= last {
		p.skipped[n.ID] = append(p.skipped[n.ID], skip{first, last, candidacy{offered(n), step}})
	}
}

// stood gives a node's candidacy in a term; ok is false if it had none.
func (p *senders) stood(id raft.NodeID, term raft.Term) (c candidacy, ok bool) {
	if c, ok = p.candidacies[stand{id, term}]; ok {
		return c, true
	}
	runs := p.skipped[id]
	i := sort.Search(len(runs), func(i int) bool { return runs[i].last >= term })
	if i == len(runs) || runs[i].first > term {
		return candidacy{}, false
	}
	return runs[i].candidacy, true
}

// begin takes in an initial state. Who has voted for itself stood for election,
// whatever has become of it, with the part of its log that is older than its
// term.
func (p *senders) begin(n *raft.Node) {
	if n.VotedFor == n.ID {
		log := n.Log
		for log.LastIndex() > log.Snapshot().Index && log.LastTerm() == n.CurrentTerm {
			log = log.Truncate(log.LastIndex() - 1)
		}
		p.candidacies[stand{n.ID, n.CurrentTerm}] = candidacy{log.Last(), 0}
	}
	p.track(n, 0)
}

// track takes in what a node is now.
func (p *senders) track(n *raft.Node, step int) {
	if n.Role == raft.Follower {
		return
	}
	at := stand{n.ID, n.CurrentTerm}
	if n.Role == raft.Leader {
		if l := p.leading[n.ID-1]; l != nil && l.term == n.CurrentTerm {
			l.log, l.commit = n.Log, n.CommitIndex
			return
		}
		l := &leadership{at, n.Log, n.CommitIndex, step}
		p.leaderships[at], p.leading[n.ID-1] = l, l
		p.lead(n.ID, n.CurrentTerm)
	}
	if c, ok := p.candidacies[at]; !ok || n.Role == raft.Candidate && c.last != offered(n) {
		p.candidacies[at] = candidacy{offered(n), step} // a second one of a term is a deviation
	}
}

// lead takes in that a node is known to lead a term. The first stays.
func (p *senders) lead(id raft.NodeID, term raft.Term) {
	if _, ok := p.leaderOf[term]; !ok {
		p.leaderOf[term] = id
	}
}
