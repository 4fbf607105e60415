package explore

import "raftsheet/raft"

// A player tries actions on clusters, with the servers of package raft. It
// belongs to one goroutine.
type player struct {
	scope *Scope
	nodes [maxNodes]*raft.Node // by NodeID-1; what is loaded of them is of now
	room  [maxNodes][2][maxNodes]raft.Index
	logs  map[run]raft.Log // all from one root, so that servers share entries
	runs  map[carried]raft.Entries

	now     cluster
	loaded  raft.NodeSet
	from    [maxNodes]raft.Log // as loaded
	outside bool               // the action has led out of what a cluster has room for
	broken  breach             // the first property that broke

	// The requests that are on their way: handlers take pointers.
	asked raft.RequestVote
	sent  raft.AppendEntries

	story *story // where set, what happens is told
}

// carried is the entries of a request, and the place that they follow.
type carried struct {
	entries     run
	index, term uint8
}

func newPlayer(s *Scope, rules *raft.Rules) *player {
	p := &player{scope: s, logs: map[run]raft.Log{0: {}}, runs: make(map[carried]raft.Entries)}
	for i := range s.Nodes {
		p.nodes[i] = raft.NewNode(raft.NodeID(i+1), s.Nodes, rules)
	}
	return p
}

// play plays an action on a cluster. What comes of it is p.now; where it breaks
// a property, p.broken says which.
func (p *player) play(c *cluster, a action) {
	p.now, p.loaded, p.outside, p.broken = *c, 0, false, breach{}
	switch a.kind {
	case stand:
		p.timeout(a.node)
	case ask:
		p.ask(a)
	case send:
		p.send(a)
	case client:
		p.client(a.node)
	case restart:
		p.restart(a.node)
	case arrive:
		p.arrive(p.now.letters[a.letter], a.fate)
	}
}

func (p *player) timeout(id raft.NodeID) {
	p.node(id).Timeout()
	p.changed(id)
	p.tell(event{kind: stand, node: id})
}

func (p *player) client(id raft.NodeID) {
	n := p.node(id)
	value := valueAt(n.Log.LastIndex() + 1)
	n.ClientRequest(value)
	p.changed(id)
	p.tell(event{kind: client, node: id, value: value})
}

func (p *player) restart(id raft.NodeID) {
	p.node(id).Restart()
	p.changed(id)
	p.tell(event{kind: restart, node: id})
}

func (p *player) ask(a action) {
	for range a.timeouts {
		p.timeout(a.node)
	}
	n := p.node(a.node)
	if n.Role != raft.Candidate {
		return // its own vote was a majority
	}
	p.asked = n.RequestVote()
	if a.to.Len() > 1 {
		p.askTogether(a.to)
		return
	}
	p.requestVote(first(a.to), a.fate)
}

// askTogether asks several servers. The grants come back first.
func (p *player) askTogether(to raft.NodeSet) {
	var votes [maxNodes]raft.Vote
	var replied, granted raft.NodeSet
	for v := range to.All() {
		var ok bool
		if votes[v-1], ok = p.handleVote(v); ok {
			replied = replied.With(v)
		}
		if votes[v-1].Granted {
			granted = granted.With(v)
		}
	}
	for _, some := range [...]raft.NodeSet{granted, to &^ granted} {
		for v := range some.All() {
			p.tellVote(v, answered, replied.Has(v), granted.Has(v))
			if replied.Has(v) {
				p.takeVote(p.asked.CandidateID, votes[v-1])
			}
		}
	}
}

func (p *player) send(a action) {
	to := first(a.to)
	p.sent = p.node(a.node).AppendEntries(to)
	if a.idle {
		p.sent.Entries = raft.Entries{}
	}
	p.appendEntries(to, a.fate)
}

// arrive delivers a message in flight. A late answer is judged by its own term.
func (p *player) arrive(l letter, f fate) {
	term := raft.Term(l.term)
	switch l.kind {
	case raft.RequestVoteRequest:
		p.asked = l.requestVote()
		p.requestVote(l.to, f)
	case raft.AppendEntriesRequest:
		p.sent = p.appendOf(&l)
		p.appendEntries(l.to, f)
	case raft.RequestVoteAnswer:
		p.tell(event{kind: arrive, node: l.to, answer: l})
		p.takeVote(l.to, raft.Vote{From: l.from, Request: term, Term: term, Granted: l.ok})
	case raft.AppendEntriesAnswer:
		p.tell(event{kind: arrive, node: l.to, answer: l})
		p.takeAck(l.to, raft.Ack{From: l.from, Request: term, Term: term, Success: l.ok,
			MatchIndex: raft.Index(l.index), Entries: int(l.count)})
	}
}

// requestVote is p.asked on its way to a server, and the answer to it.
func (p *player) requestVote(to raft.NodeID, f fate) {
	candidate := p.asked.CandidateID
	if f.postsRequest() {
		p.post(letterOfVote(&p.asked, to))
	}
	if f == late {
		p.tellVote(to, f, false, false)
		return
	}
	v, replied := p.handleVote(to)
	p.tellVote(to, f, replied, v.Granted)
	switch {
	case !replied, f == unanswered:
	case f == lateAnswer:
		p.post(letterOfGrant(&v, candidate))
	default:
		p.takeVote(candidate, v)
	}
}

func (p *player) handleVote(to raft.NodeID) (raft.Vote, bool) {
	resp, _, replied := p.node(to).HandleRequestVote(&p.asked)
	p.changed(to)
	return raft.Vote{From: to, Request: p.asked.Term, Term: resp.Term, Granted: resp.VoteGranted}, replied
}

func (p *player) takeVote(id raft.NodeID, v raft.Vote) {
	p.node(id).HandleVote(v)
	p.changed(id)
}

// appendEntries is p.sent on its way to a server, and the answer to it.
func (p *player) appendEntries(to raft.NodeID, f fate) {
	leader := p.sent.LeaderID
	if f.postsRequest() {
		p.post(letterOfAppend(&p.sent, to))
	}
	if f == late {
		p.tellAppend(to, f, false, false)
		return
	}
	a, replied := p.handleAppend(to)
	p.tellAppend(to, f, replied, a.Success)
	switch {
	case !replied, f == unanswered:
	case f == lateAnswer:
		p.post(letterOfAck(&a, leader))
	default:
		p.takeAck(leader, a)
	}
}

func (p *player) handleAppend(to raft.NodeID) (raft.Ack, bool) {
	m := &p.sent
	resp, _, replied := p.node(to).HandleAppendEntries(m)
	p.changed(to)
	a := raft.Ack{From: to, Request: m.Term, Term: resp.Term, Success: resp.Success, MatchIndex: resp.MatchIndex, Entries: m.Entries.Len()}
	return a, replied
}

func (p *player) takeAck(id raft.NodeID, a raft.Ack) {
	p.node(id).HandleAck(a)
	p.changed(id)
}

func (p *player) post(l letter) {
	p.now.letters[p.now.posted] = l
	p.now.posted++
}

// node gives a server as package raft has it.
func (p *player) node(id raft.NodeID) *raft.Node {
	n := p.nodes[id-1]
	if p.loaded.Has(id) {
		return n
	}
	p.loaded = p.loaded.With(id)
	s := &p.now.servers[id-1]
	log := p.logOf(s.log)
	p.from[id-1] = log
	n.State = raft.State{
		CurrentTerm: raft.Term(s.term), VotedFor: raft.NodeID(s.voted), Log: log,
		CommitIndex: raft.Index(s.commit), LastApplied: raft.Index(s.applied),
		Role: raft.Role(s.role), Votes: raft.NodeSet(s.votes),
		Extra:  raft.Extra{Answered: raft.NodeSet(s.answered), Again: int(s.again)},
		Leader: raft.NodeID(s.leader),
	}
	if s.leads {
		room := &p.room[id-1]
		n.NextIndex, n.MatchIndex = room[0][:n.Size], room[1][:n.Size]
		for i := range n.Size {
			n.NextIndex[i], n.MatchIndex[i] = raft.Index(s.next[i]), raft.Index(s.match[i])
		}
	}
	return n
}

// logOf gives the log of a run.
func (p *player) logOf(r run) raft.Log {
	log, ok := p.logs[r]
	if !ok {
		last := r.len()
		log = p.logOf(r.first(last - 1)).Append(unpackEntry(r.at(last)))
		p.logs[r] = log
	}
	return log
}

// changed takes in what a server has become, and looks at the properties.
func (p *player) changed(id raft.NodeID) {
	n, s := p.nodes[id-1], &p.now.servers[id-1]
	was := *s
	last := n.Log.LastIndex()
	if n.Log != p.from[id-1] {
		s.log = pack(n.Log)
		p.from[id-1] = n.Log
	}
	p.limit(n.CurrentTerm <= maxTerm && last <= p.scope.Log+overgrown &&
		n.CommitIndex <= maxFigure && n.LastApplied <= maxFigure && n.Extra.Again <= maxFigure)
	s.term, s.role, s.voted = uint8(n.CurrentTerm), uint8(n.Role), uint8(n.VotedFor)
	s.commit, s.applied = uint8(n.CommitIndex), uint8(n.LastApplied)
	s.votes, s.answered = uint8(n.Votes), uint8(n.Extra.Answered)
	s.again = uint8(n.Extra.Again)
	if n.Rules.HeedsLeader {
		s.leader = uint8(n.Leader)
	}
	s.leads = n.NextIndex != nil
	s.next, s.match = [maxNodes]uint8{}, [maxNodes]uint8{}
	for i := range n.NextIndex {
		if i != int(id-1) {
			p.limit(n.NextIndex[i] <= maxFigure && n.MatchIndex[i] <= maxFigure)
			s.next[i], s.match[i] = uint8(n.NextIndex[i]), uint8(n.MatchIndex[i])
		}
	}
	if *s != was {
		p.check(id, &was)
	}
}

// overgrown is how many entries a log may have past those that clients bring it
// to, under rules that append them twice.
const overgrown = 2

func (p *player) limit(within bool) { p.outside = p.outside || !within }

func first(s raft.NodeSet) raft.NodeID {
	for id := range s.All() {
		return id
	}
	return raft.NoNode
}
