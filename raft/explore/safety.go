package explore

import "raftsheet/raft"

// A Property is one of the safety properties of the paper's Figure 3.
type Property uint8

// The properties in the figure's order. None is what an unbroken cluster
// breaks.
const (
	None Property = iota
	ElectionSafety
	LeaderAppendOnly
	LogMatching
	LeaderCompleteness
	StateMachineSafety
)

var propertyNames = [...]string{"none", "Election Safety", "Leader Append-Only", "Log Matching",
	"Leader Completeness", "State Machine Safety"}

func (p Property) String() string { return propertyNames[p] }

// A breach is a property that broke, and where.
type breach struct {
	property     Property
	node, other  raft.NodeID // other: who led the term before, or whose log differs
	term         uint8       // the node's, or the entries' of both
	since        uint8       // the term in which theirs was committed
	index, first int         // first: where two logs begin to differ
	mine, theirs uint8       // the entries there; theirs: what was there before, or was committed
}

// check looks at the properties after a server has changed, and takes in what
// they look back on. Until then all of them held.
func (p *player) check(id raft.NodeID, was *server) {
	s := &p.now.servers[id-1]
	leads := raft.Role(s.role) == raft.Leader
	if leads {
		p.leads(id, s)
	}
	if s.log != was.log {
		p.logChanged(id, was, s)
	}
	known := p.now.committed
	p.commits(id, was, s)
	switch {
	case known != p.now.committed:
		for i := range p.scope.Nodes {
			p.complete(raft.NodeID(i + 1))
		}
	case leads:
		p.complete(id)
	}
}

func (p *player) breaks(b breach) {
	if p.broken.property == None {
		p.broken = b
	}
}

// leads: "at most one leader can be elected in a given term" (§5.2).
func (p *player) leads(id raft.NodeID, s *server) {
	s.led |= 1 << s.term
	for i := range p.scope.Nodes {
		if other := raft.NodeID(i + 1); other != id && p.now.servers[i].led>>s.term&1 != 0 {
			p.breaks(breach{property: ElectionSafety, node: id, other: other, term: s.term})
		}
	}
}

// logChanged: "a leader never overwrites or deletes entries in its log; it only
// appends new entries" (§5.3). And "if two logs contain an entry with the same
// index and term, then the logs are identical in all entries up through the
// given index" (§5.3); the log that the server had before is one of them.
func (p *player) logChanged(id raft.NodeID, was, s *server) {
	stayed := raft.Role(was.role) == raft.Leader && raft.Role(s.role) == raft.Leader && was.term == s.term
	if last := was.log.len(); stayed && s.log.first(last) != was.log {
		p.breaks(entryBreach(LeaderAppendOnly, id, s, differ(s.log, was.log), was.log))
	}
	p.match(id, s.log, id, was.log)
	for k := range p.scope.Nodes {
		p.match(id, s.log, raft.NodeID(k+1), p.now.servers[k].log)
	}
}

func (p *player) match(id raft.NodeID, log run, other raft.NodeID, theirs run) {
	i := mismatch(log, theirs)
	if i == 0 {
		return
	}
	first := differ(log, theirs)
	p.breaks(breach{property: LogMatching, node: id, other: other, term: log.at(i) >> 4, index: i,
		first: first, mine: log.at(first), theirs: theirs.at(first)})
}

// entryBreach is a server's log that has something else at an index than it
// should.
func entryBreach(p Property, id raft.NodeID, s *server, i int, right run) breach {
	return breach{property: p, node: id, term: s.term, index: i, mine: s.log.at(i), theirs: right.at(i)}
}

// mismatch gives the highest index at which two logs have entries of the same
// term and are not identical up to it, 0 if there is none.
func mismatch(a, b run) int {
	for i := min(a.len(), b.len()); i > 0; i-- {
		if a.at(i)>>4 == b.at(i)>>4 {
			if a.first(i) != b.first(i) {
				return i
			}
			return 0
		}
	}
	return 0
}

// differ gives the first index at which two runs differ.
func differ(a, b run) int {
	i := 1
	for a.at(i) == b.at(i) {
		i++
	}
	return i
}

// commits: "if a server has applied a log entry at a given index to its state
// machine, no other server will ever apply a different log entry for the same
// index" (§5.4.3). Nor does the server itself take it back.
func (p *player) commits(id raft.NodeID, was, s *server) {
	if done := was.done(); s.log.first(done) != was.log.first(done) {
		b := entryBreach(StateMachineSafety, id, s, differ(s.log, was.log), was.log)
		b.other = id
		p.breaks(b)
	}
	for i := 1; i <= s.done(); i++ {
		switch first := p.now.committed.at(i); first {
		case s.log.at(i):
		case 0:
			p.now.committed = p.now.committed.with(s.log.at(i))
			p.now.since[i-1] = s.term
		default:
			p.breaks(entryBreach(StateMachineSafety, id, s, i, p.now.committed))
		}
	}
}

// complete: "if a log entry is committed in a given term, then that entry will
// be present in the logs of the leaders for all higher-numbered terms" (§5.4).
func (p *player) complete(id raft.NodeID) {
	s := &p.now.servers[id-1]
	if raft.Role(s.role) != raft.Leader {
		return
	}
	for i := 1; i <= p.now.committed.len(); i++ {
		if p.now.since[i-1] < s.term && s.log.at(i) != p.now.committed.at(i) {
			b := entryBreach(LeaderCompleteness, id, s, i, p.now.committed)
			b.since = p.now.since[i-1]
			p.breaks(b)
		}
	}
}
