package explore

import "raftsheet/raft"

// A change is a server that has changed, in a cluster where all properties held
// until then. Only what the change can have broken is looked at.
type change struct {
	c      *cluster
	scope  *Scope
	id     raft.NodeID
	was, s *server
	broken *Breach // the first of the action, which may have come before
}

// check looks at the properties after a server has changed, and takes in what
// they look back on: who has led, and what is committed. What breaks goes into
// broken, unless that has a breach already.
func (c *cluster) check(scope *Scope, id raft.NodeID, was *server, broken *Breach) {
	ch := change{c: c, scope: scope, id: id, was: was, s: &c.servers[id-1], broken: broken}
	if ch.s.isLeader() {
		ch.leads()
	}
	if ch.s.log != was.log {
		ch.appendOnly()
		ch.logsMatch()
	}
	known := c.committed
	ch.commits()
	switch {
	case known != c.committed: // any leader may lack the new one
		for i := range scope.Nodes {
			ch.complete(raft.NodeID(i + 1))
		}
	case ch.s.isLeader():
		ch.complete(id)
	}
}

func (ch *change) breaks(b Breach) {
	if only := ch.scope.Only; ch.broken.Property == None && (only == None || only == b.Property) {
		*ch.broken = b
	}
}

// breaksAt is a server's log that has something else at an index than it should.
func (ch *change) breaksAt(p Property, id raft.NodeID, i int, right run) Breach {
	s := &ch.c.servers[id-1]
	return Breach{Property: p, Node: id, Term: raft.Term(s.term), Index: raft.Index(i),
		Mine: unpackEntry(s.log.at(i)), Theirs: unpackEntry(right.at(i))}
}

// leads: "at most one leader can be elected in a given term" (§5.2).
func (ch *change) leads() {
	term := ch.s.term
	ch.s.led |= 1 << term
	for i := range ch.scope.Nodes {
		if other := raft.NodeID(i + 1); other != ch.id && ch.c.servers[i].led>>term&1 != 0 {
			ch.breaks(Breach{Property: ElectionSafety, Node: ch.id, Other: other, Term: raft.Term(term)})
		}
	}
}

// appendOnly: "a leader never overwrites or deletes entries in its log; it only
// appends new entries" (§5.3). It must have led before the change and still lead
// the same term: what it did as a follower, it may undo.
func (ch *change) appendOnly() {
	stayed := ch.was.isLeader() && ch.s.isLeader() && ch.was.term == ch.s.term
	if stayed && ch.s.log.first(ch.was.log.len()) != ch.was.log {
		ch.breaks(ch.breaksAt(LeaderAppendOnly, ch.id, differ(ch.s.log, ch.was.log), ch.was.log))
	}
}

// logsMatch: "if two logs contain an entry with the same index and term, then the
// logs are identical in all entries up through the given index" (§5.3). The log
// that the server had before is one of them: an entry that it replaces by
// another of the same term was once told to others.
func (ch *change) logsMatch() {
	ch.match(ch.id, ch.was.log)
	for k := range ch.scope.Nodes {
		ch.match(raft.NodeID(k+1), ch.c.servers[k].log)
	}
}

func (ch *change) match(other raft.NodeID, theirs run) {
	log := ch.s.log
	i := mismatch(log, theirs)
	if i == 0 {
		return
	}
	first := differ(log, theirs)
	ch.breaks(Breach{Property: LogMatching, Node: ch.id, Other: other, Term: raft.Term(log.termAt(i)), Index: raft.Index(i),
		First: raft.Index(first), Mine: unpackEntry(log.at(first)), Theirs: unpackEntry(theirs.at(first))})
}

// commits: "if a server has applied a log entry at a given index to its state
// machine, no other server will ever apply a different log entry for the same
// index" (§5.4.3). Nor does the server itself take it back.
func (ch *change) commits() {
	log, was := ch.s.log, ch.was.log
	if done := ch.was.done(); log.first(done) != was.first(done) {
		b := ch.breaksAt(StateMachineSafety, ch.id, differ(log, was), was)
		b.Other = ch.id
		ch.breaks(b)
	}
	for i := 1; i <= ch.s.done(); i++ {
		switch first := ch.c.committed.at(i); first {
		case log.at(i):
		case 0: // nobody has committed so far: this is what others are held to
			ch.c.committed = ch.c.committed.with(log.at(i))
			ch.c.since[i-1] = ch.s.term
		default:
			ch.breaks(ch.breaksAt(StateMachineSafety, ch.id, i, ch.c.committed))
		}
	}
}

// complete: "if a log entry is committed in a given term, then that entry will
// be present in the logs of the leaders for all higher-numbered terms" (§5.4).
func (ch *change) complete(id raft.NodeID) {
	s := &ch.c.servers[id-1]
	if !s.isLeader() {
		return
	}
	for i := 1; i <= ch.c.committed.len(); i++ {
		if ch.c.since[i-1] < s.term && s.log.at(i) != ch.c.committed.at(i) {
			b := ch.breaksAt(LeaderCompleteness, id, i, ch.c.committed)
			b.Since = raft.Term(ch.c.since[i-1])
			ch.breaks(b)
		}
	}
}
