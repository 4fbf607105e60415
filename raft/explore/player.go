package explore

import "raftsheet/raft"

// A player has the servers of package raft act on a cluster. What an action does
// is written with the action's kind; here is what all kinds need. A player
// belongs to one goroutine.
type player struct {
	scope *Scope
	nodes [maxNodes]*raft.Node // by NodeID-1; what is loaded of them is of now
	room  [maxNodes][2][maxNodes]raft.Index
	logs  map[run]raft.Log // all from one root, so that servers share entries
	runs  map[carried]raft.Entries

	now     cluster      // what the action has made of the cluster so far
	loaded  raft.NodeSet // whose node is as now has it
	from    [maxNodes]raft.Log
	outside bool   // the action has led out of what a cluster has room for
	broken  Breach // the first property that broke

	// The requests that are on their way: handlers take pointers.
	asked raft.RequestVote
	sent  raft.AppendEntries

	// What happens is told in a behaviour, and not in a search, which has no time
	// for it.
	telling bool
	told    []Event
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

// start begins an action on a cluster.
func (p *player) start(c *cluster) {
	p.now, p.loaded, p.outside, p.told = *c, 0, false, nil
	if p.broken.Property != None { // a search meets one breach, and plays millions of actions
		p.broken = Breach{}
	}
}

func (p *player) tell(e Event) { p.told = append(p.told, e) }

// node gives a server as package raft has it. Of five servers an action touches
// one or two, so that each is loaded when it is asked for.
func (p *player) node(id raft.NodeID) *raft.Node {
	n := p.nodes[id-1]
	if p.loaded.Has(id) {
		return n
	}
	p.loaded = p.loaded.With(id)
	s, room := &p.now.servers[id-1], &p.room[id-1]
	p.from[id-1] = p.logOf(s.log)
	n.State = s.state(p.from[id-1], room[0][:n.Size], room[1][:n.Size])
	return n
}

// logOf gives the log of a run. Its entries are those of the shorter logs: two
// servers with the same entries share them, and comparing logs is quick.
func (p *player) logOf(r run) raft.Log {
	log, ok := p.logs[r]
	if !ok {
		last := r.len()
		log = p.logOf(r.first(last - 1)).Append(unpackEntry(r.at(last)))
		p.logs[r] = log
	}
	return log
}

// entriesOf gives the entries of a request in flight.
func (p *player) entriesOf(m *inFlight) raft.Entries {
	at := carried{m.entries, m.index, m.indexTerm}
	es, ok := p.runs[at]
	if !ok {
		es = raft.NewEntries(raft.Index(m.index), raft.Term(m.indexTerm), m.entries.entries()...)
		p.runs[at] = es
	}
	return es
}

// changed takes in what a server has become, and looks at the properties. It
// comes after every call that may change the server, so that no state in the
// midst of an action goes unchecked.
func (p *player) changed(id raft.NodeID) {
	n, s := p.nodes[id-1], &p.now.servers[id-1]
	was := *s
	if n.Log != p.from[id-1] {
		s.log = pack(n.Log)
		p.from[id-1] = n.Log
	}
	room := s.keep(id, &n.State, n.Rules.HeedsLeader) && n.Log.LastIndex() <= p.scope.Log+overgrown
	p.outside = p.outside || !room
	if *s != was {
		p.now.check(p.scope, id, &was, &p.broken)
	}
}

// overgrown is how many entries a log may have past those that clients bring it
// to, under rules that append them twice.
const overgrown = 2

// first gives the lowest of a set that is not empty.
func first(s raft.NodeSet) raft.NodeID {
	for id := range s.All() {
		return id
	}
	return raft.NoNode
}
