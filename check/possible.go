package check

import (
	"fmt"

	"raftsheet/raft"
)

// This file asks of every message whether it could have been sent: by any node
// at all, by this sender at some earlier moment, by this sender now. What must
// have happened unwritten is taken in; what nothing unwritten can explain is
// found impossible, and delivered all the same.

// impossible finds that a message could not have been sent. The finding comes
// with the field that shows it, what it says and what it would be, where there
// is such a figure, and with the rule.
func (r *replayer) impossible(sender raft.NodeID, f Finding, format string, args ...any) {
	r.cur.Possible = Impossible
	f.Message = fmt.Sprintf(format, args...)
	r.find(Message, sender, f)
}

// unexplained is impossible for what only the sender's own past rules out. On
// the sheet of one node, what that node received may be off the page, and its
// own messages are then beyond telling.
func (r *replayer) unexplained(sender raft.NodeID, f Finding, format string, args ...any) {
	if sender != r.t.RaftID {
		r.impossible(sender, f, format, args...)
		return
	}
	r.cur.Possible = Given
	r.doubtful = r.doubtful.With(sender)
	f.Message = fmt.Sprintf(format, args...) + "; what it received may be off this sheet"
	r.find(Untold, sender, f)
}

// implied notes that something unwritten happened.
func (r *replayer) implied(id raft.NodeID, p Possibility, rule raft.Rule, format string, args ...any) {
	if r.cur.Possible != Impossible {
		r.cur.Possible = p
	}
	field := ""
	if p == Late {
		field = late
	}
	r.find(Implied, id, Finding{Field: field, Rule: rule, Message: fmt.Sprintf(format, args...)})
}

// couldAskVote judges a RequestVote.
func (r *replayer) couldAskVote(m *raft.RequestVote) {
	c := m.CandidateID
	if r.asksItself(r.nodeOf(c), m) {
		return
	}
	if bad, why := anyCandidate(m); why != "" {
		r.impossible(c, bad, "no candidate sends this: %s", why)
		return
	}
	n := r.nodeOf(c)
	if n == nil {
		r.cur.Possible = Given
		return
	}
	stood, ok := r.past.stood(c, m.Term)
	if ok && stood.last == endOf(m) {
		if n.Role != raft.Candidate || n.CurrentTerm != m.Term || !r.isUp(c) {
			r.implied(c, Late, raft.C1, "this request is node %s's of term %d, sent in %s, and arrives late", r.name(c), m.Term, r.run.atStep(stood.step))
		}
		return
	}
	r.couldAskNow(n, m, stood, ok)
}

func (r *replayer) couldAskNow(n *raft.Node, m *raft.RequestVote, stood candidacy, ok bool) {
	name := r.name(n.ID)
	says := endOf(m)
	switch {
	case ok:
		r.unexplained(n.ID, otherEnd(stood.last, m), "node %s's log ended at %s when it asked for votes of term %d; the message says %s",
			name, place(stood.last), m.Term, place(says))
	case !r.isUp(n.ID):
		r.unexplained(n.ID, Finding{Field: "candidateId", Rule: raft.C1}, "node %s is down since %s, and never was a candidate in term %d", name, r.run.atStep(r.downBy[n.ID-1]), m.Term)
	case m.Term <= n.CurrentTerm:
		r.unexplained(n.ID, figures("term", m.Term, n.CurrentTerm, raft.C1), "node %s is in term %d, and never was a candidate in term %d", name, n.CurrentTerm, m.Term)
	case n.Role == raft.Leader:
		r.unexplained(n.ID, Finding{Field: "candidateId", Rule: raft.F2}, "node %s leads term %d, and a leader starts no election; a restart step would explain it", name, n.CurrentTerm)
	case says != n.Log.Last():
		r.unexplained(n.ID, otherEnd(n.Log.Last(), m), "node %s's log ends at %s; the message says %s",
			name, place(n.Log.Last()), place(says))
	case n.Size == 1 && m.Term > n.CurrentTerm+1:
		r.unexplained(n.ID, figures("term", m.Term, n.CurrentTerm+1, raft.F2), "node %s, the only one, leads term %d after one timeout, and a leader starts no election", name, n.CurrentTerm+1)
	default:
		r.timedOut(n, m.Term)
		r.wouldAsk(n, m)
	}
}

// offer is the RequestVote that a node sends as a candidate: of the election
// that it stands for, or else of the one that it would start.
func (r *replayer) offer(n *raft.Node) raft.RequestVote {
	if n.Role == raft.Candidate {
		return n.RequestVote()
	}
	next := *n
	next.State, next.Record = n.State.Clone(), nil
	next.Rules.C1(&next)
	return next.RequestVote()
}

// asksItself takes in a RequestVote that is word for word what its candidate
// sends, or would on its next timeout, whatever its rules make of that.
func (r *replayer) asksItself(n *raft.Node, m *raft.RequestVote) bool {
	if n == nil || !r.isUp(n.ID) || n.Role == raft.Leader || n.CurrentTerm >= raft.MaxNumber || *m != r.offer(n) {
		return false
	}
	if n.Role != raft.Candidate {
		r.timedOut(n, m.Term)
	}
	return true
}

// wouldAsk finds that under the rules in force a candidate sends otherwise than
// the message that the trace has of it.
func (r *replayer) wouldAsk(n *raft.Node, m *raft.RequestVote) {
	own := n.RequestVote()
	if n.CurrentTerm != m.Term { // a deviation: its elections have no new term
		r.unexplained(n.ID, figures("term", m.Term, n.CurrentTerm, raft.C1), "under %s node %s stands for term %d; the message says %d", r.run.Rules.Name, r.name(n.ID), n.CurrentTerm, m.Term)
		n.CurrentTerm = m.Term
		r.changed(n)
	} else if endOf(&own) != endOf(m) {
		r.unexplained(n.ID, otherEnd(endOf(&own), m), "under %s node %s says that its log ends at %s; the message says %s", r.run.Rules.Name, r.name(n.ID), place(endOf(&own)), place(endOf(m)))
	}
}

// endOf is what a RequestVote says of its candidate's log.
func endOf(m *raft.RequestVote) raft.Mark {
	return raft.Mark{Index: m.LastLogIndex, Term: m.LastLogTerm}
}

// figures is a finding about a number of a message: what it says, and what the
// replay has in its place.
func figures[T raft.Term | raft.Index](field string, says, has T, rule raft.Rule) Finding {
	return Finding{Field: field, Expected: uint64(says), Actual: uint64(has), Rule: rule}
}

// otherEnd is the figure by which a RequestVote misses the end of a log.
func otherEnd(last raft.Mark, m *raft.RequestVote) Finding {
	if last.Index != m.LastLogIndex {
		return figures("lastLogIndex", m.LastLogIndex, last.Index, raft.C1)
	}
	return figures("lastLogTerm", m.LastLogTerm, last.Term, raft.C1)
}

// timedOut takes in the timeouts that brought a node into a term.
func (r *replayer) timedOut(n *raft.Node, term raft.Term) {
	r.cur.Stood = true
	was := n.CurrentTerm
	between := max(term, was+1) - was - 1
	r.past.passed(n, was+1, was+between, r.cur.Trace.Number)
	r.explain(n, Before, raft.NoNode, func() {
		n.CurrentTerm = was + between
		n.Timeout()
	})
	r.skipped = between
	r.changed(n)
	r.skipped = 0
	if between == 0 {
		r.implied(n.ID, Supposed, raft.F2, "node %s's election timeout elapsed: it stands for term %d", r.name(n.ID), term)
		return
	}
	r.implied(n.ID, Supposed, raft.F2, "node %s's election timeout elapsed %d times, from term %d: it stands for term %d", r.name(n.ID), term-was, was, term)
}

// anyCandidate says what keeps every Raft node from sending a RequestVote.
func anyCandidate(m *raft.RequestVote) (bad Finding, why string) {
	says := func(field string, v raft.Term) Finding {
		return Finding{Field: field, Expected: uint64(v), Rule: raft.C1}
	}
	switch {
	case m.Term == 0:
		return says("term", m.Term), "its term is 0, and elections start with term 1"
	case (m.LastLogIndex == 0) != (m.LastLogTerm == 0):
		return says("lastLogTerm", m.LastLogTerm), halfPlace("lastLogIndex", m.LastLogIndex, "lastLogTerm", m.LastLogTerm)
	case m.LastLogTerm >= m.Term:
		return says("lastLogTerm", m.LastLogTerm), fmt.Sprintf("its lastLogTerm %d is not below its term %d, which is new", m.LastLogTerm, m.Term)
	}
	return bad, ""
}

// anyLeader says what keeps every Raft node from sending an AppendEntries.
func (r *replayer) anyLeader(d *draft) (bad Finding, why string) {
	m := &d.m
	prevTerm := Finding{Field: "prevLogTerm", Expected: uint64(m.PrevLogTerm), Rule: raft.L3}
	switch {
	case m.Term == 0:
		return Finding{Field: "term", Expected: uint64(0), Rule: raft.C2}, "its term is 0, and no node leads term 0"
	case (m.PrevLogIndex == 0) != (m.PrevLogTerm == 0):
		return prevTerm, halfPlace("prevLogIndex", m.PrevLogIndex, "prevLogTerm", m.PrevLogTerm)
	case m.PrevLogTerm > m.Term:
		return prevTerm, fmt.Sprintf("its prevLogTerm %d is above its term %d", m.PrevLogTerm, m.Term)
	}
	last := m.PrevLogTerm
	for i, e := range d.entries {
		if why := anyEntry(e, last, m.Term); why != "" {
			return Finding{Field: "entries", Expected: e.String(), Rule: raft.L2},
				fmt.Sprintf("its entry at index %d has term %d%s", m.PrevLogIndex+raft.Index(i)+1, e.Term, why)
		}
		last = e.Term
	}
	if l, ok := r.past.leaderOf[m.Term]; ok && l != m.LeaderID {
		return Finding{Field: "leaderId", Expected: r.name(m.LeaderID), Actual: r.name(l), Rule: raft.C2},
			fmt.Sprintf("node %s leads term %d, and a term has one leader", r.name(l), m.Term)
	}
	return bad, ""
}

// anyEntry says what keeps an entry from following one of term last in a
// message of a term.
func anyEntry(e raft.Entry, last, message raft.Term) string {
	switch {
	case e.Term == 0:
		return "; terms start at 1"
	case e.Term > message:
		return fmt.Sprintf(", above the message's term %d", message)
	case e.Term < last:
		return fmt.Sprintf(" after term %d; the terms of a log never fall", last)
	}
	return ""
}

func halfPlace(index string, i raft.Index, term string, t raft.Term) string {
	return fmt.Sprintf("%s is %d and %s %d; the place before the first entry is 0 and 0, and every other has an index and a term", index, i, term, t)
}

// couldAppend judges an AppendEntries, and takes in what it implies.
func (r *replayer) couldAppend(d *draft) {
	l, term := d.m.LeaderID, d.m.Term
	if bad, why := r.anyLeader(d); why != "" && !r.leadsAstray(l, term) {
		r.impossible(l, bad, "no leader sends this: %s", why)
		return
	}
	n := r.nodeOf(l)
	if n == nil {
		r.cur.Possible = Given
		r.past.lead(l, term)
		return
	}
	led := r.past.leaderships[stand{l, term}]
	leads := n.Role == raft.Leader && n.CurrentTerm == term && r.isUp(l)
	switch {
	case leads:
	case led != nil:
		if r.fitsLog(d, led.log, led.commit, "had") {
			r.implied(l, Late, raft.L3, "this request is node %s's of term %d, which it led from %s, and arrives late", r.name(l), term, r.run.atStep(led.since))
		}
		return
	case !r.isUp(l):
		r.unexplained(l, Finding{Field: "leaderId", Rule: raft.C2}, "node %s is down since %s, and never led term %d", r.name(l), r.run.atStep(r.downBy[l-1]), term)
		return
	case !r.elect(n, term):
		return
	}
	r.fitsNow(d, n)
}

// leadsAstray reports whether a node leads a term under a deviation: what no Raft
// node sends, it may.
func (r *replayer) leadsAstray(id raft.NodeID, term raft.Term) bool {
	n := r.nodeOf(id)
	return r.run.deviates() && n != nil && r.isUp(id) && n.Role == raft.Leader && n.CurrentTerm == term
}

// fitsNow holds a request against the log of its leader, and takes in the
// client requests that it implies.
func (r *replayer) fitsNow(d *draft, n *raft.Node) {
	if d.perNode {
		r.fitsLog(d, n.Log, n.CommitIndex, "has")
		return
	}
	fresh := d.entries
	have := max(n.Log.LastIndex(), d.m.PrevLogIndex) - d.m.PrevLogIndex
	fresh = fresh[min(int(have), len(fresh)):]
	known := *d
	known.entries = d.entries[:len(d.entries)-len(fresh)]
	if !r.fitsEntries(&known, n.Log, "has") {
		return
	}
	for i, e := range fresh {
		if e.Term != d.m.Term {
			r.unexplained(n.ID, Finding{Field: "entries", Expected: e.String(), Actual: "none", Rule: raft.L2}, "node %s's log ends at index %d; what it appends in term %d is of that term, and the message's entry at index %d is of term %d",
				r.name(n.ID), n.Log.LastIndex(), d.m.Term, int(n.Log.LastIndex())+i+1, e.Term)
			return
		}
	}
	r.clients(n, fresh)
	r.fitsCommit(d, n.Log, n.CommitIndex, "has")
}

// clients takes in the client requests behind entries past a leader's log.
func (r *replayer) clients(n *raft.Node, fresh []raft.Entry) {
	if len(fresh) == 0 {
		return
	}
	first := n.Log.LastIndex() + 1
	r.cur.Took, r.cur.TookAt = fresh, first
	r.explain(n, Before, raft.NoNode, func() {
		for _, e := range fresh {
			n.ClientRequest(e.Value)
		}
	})
	r.changed(n)
	if len(fresh) == 1 {
		r.implied(n.ID, Supposed, raft.L2, "node %s took a client's request: entry %s at index %d", r.name(n.ID), n.Log.Entry(first), first)
		return
	}
	r.implied(n.ID, Supposed, raft.L2, "node %s took %d client's requests: entries %d to %d", r.name(n.ID), len(fresh), first, n.Log.LastIndex())
}

// fitsLog holds a request against a log and a commitIndex.
func (r *replayer) fitsLog(d *draft, log raft.Log, commit raft.Index, has string) bool {
	return r.fitsEach(d, log, has) && r.fitsCommit(d, log, commit, has)
}

// fitsEach is fitsEntries for every node that the request is sent to, where it
// is not one request for all.
func (r *replayer) fitsEach(d *draft, log raft.Log, has string) bool {
	own := r.nodeOf(d.m.LeaderID).Log
	switch {
	case !d.perNode:
		return r.fitsEntries(d, log, has)
	case log == own && !d.e.PrevLogTerm.Given():
		return true // taken from that very log
	}
	for to := range r.cur.Trace.Recipients(r.t.Size()).All() {
		one := *d
		one.m.PrevLogIndex, one.m.PrevLogTerm = r.prevFor(d, to)
		if !r.fitsEntries(&one, log, has) {
			return false
		}
	}
	return true
}

// fitsEntries holds prevLogTerm and the entries against a log that has them.
func (r *replayer) fitsEntries(d *draft, log raft.Log, has string) bool {
	m, name := &d.m, r.name(d.m.LeaderID)
	switch prev, last := m.PrevLogIndex, log.LastIndex(); {
	case prev > last:
		f := figures("prevLogIndex", prev, last, raft.L3)
		if d.e.Worksheet() {
			f = figures("index", prev+1, last+1, raft.L3)
		}
		r.unexplained(m.LeaderID, f, "node %s %s no entry at index %d to send one after: its log ends at index %d", name, has, prev, last)
		return false
	case r.sentTerm(m, log) != m.PrevLogTerm:
		says := fmt.Sprintf("node %s %s an entry of term %d at index %d", name, has, log.Term(prev), prev)
		right := log.Term(prev) == m.PrevLogTerm
		if right { // a deviation: it sends something else
			says = fmt.Sprintf("under %s node %s sends prevLogTerm %d here", r.run.Rules.Name, name, r.sentTerm(m, log))
		}
		r.unexplained(m.LeaderID, figures("prevLogTerm", m.PrevLogTerm, r.sentTerm(m, log), raft.L3), "%s; the message says prevLogTerm %d", says, m.PrevLogTerm)
		if !right {
			return false
		}
	}
	run := log.Truncate(m.PrevLogIndex + raft.Index(len(d.entries))).After(m.PrevLogIndex).Slice()
	for i, e := range d.entries {
		if i >= len(run) || !run[i].Matches(e) {
			at := m.PrevLogIndex + raft.Index(i) + 1
			f := Finding{Field: "entries", Expected: e.String(), Actual: "none", Rule: raft.L3}
			if log.Has(at) {
				f.Actual = log.Entry(at).String()
			}
			r.unexplained(m.LeaderID, f, "node %s %s %s at index %d; the message has %s there", name, has, entryOrNone(log, at), at, e)
			return false
		}
	}
	return true
}

// sentTerm is the prevLogTerm with which a leader that has this log sends a
// message's entries.
func (r *replayer) sentTerm(m *raft.AppendEntries, log raft.Log) raft.Term {
	return r.asLeader(r.nodeOf(m.LeaderID), m.Term, log, 0, m.PrevLogIndex).PrevLogTerm
}

func entryOrNone(log raft.Log, i raft.Index) string {
	if !log.Has(i) {
		return "no entry"
	}
	return log.Entry(i).String()
}

func (r *replayer) fitsCommit(d *draft, log raft.Log, commit raft.Index, has string) bool {
	if d.m.LeaderCommit <= commit {
		return true
	}
	n := r.nodeOf(d.m.LeaderID)
	if d.m.LeaderCommit <= r.asLeader(n, d.m.Term, log, commit, d.m.PrevLogIndex).LeaderCommit {
		return true // a deviation
	}
	r.unexplained(d.m.LeaderID, figures("leaderCommit", d.m.LeaderCommit, commit, raft.L4), "node %s %s commitIndex %d; the message says leaderCommit %d", r.name(d.m.LeaderID), has, commit, d.m.LeaderCommit)
	return false
}

// elect makes the sender leader of a term by an election off the page, if the
// page leaves room for one.
func (r *replayer) elect(n *raft.Node, term raft.Term) bool {
	name := r.name(n.ID)
	leader := Finding{Field: "leaderId", Expected: name, Rule: raft.C2}
	need := min(r.run.Rules.Majority(r.all), n.Size/2+1)
	votes := r.willing(n, term)
	switch {
	case r.past.asked[term]:
		r.unexplained(n.ID, leader, "node %s does not lead term %d: %s", name, term, r.standing(n, term))
	case n.CurrentTerm > term:
		r.unexplained(n.ID, figures("term", term, n.CurrentTerm, raft.C2), "node %s is in term %d, and never led term %d", name, n.CurrentTerm, term)
	case n.CurrentTerm == term && n.VotedFor != raft.NoNode && n.VotedFor != n.ID:
		r.unexplained(n.ID, leader, "node %s voted for node %s in term %d, so it cannot lead it", name, r.name(n.VotedFor), term)
	case votes < need:
		r.unexplained(n.ID, leader, "node %s cannot have been elected in term %d: by their terms, votes and logs %d of %d nodes could have voted for it, and %d are a majority",
			name, term, votes, n.Size, need)
	default:
		r.cur.Led = term
		r.explain(n, Before, raft.NoNode, func() { n.Elect(term) })
		r.changed(n)
		r.implied(n.ID, Supposed, raft.C2, "node %s was elected leader of term %d off the page", name, term)
		return true
	}
	return false
}

// standing says how far a node has come in a term for which votes were asked.
func (r *replayer) standing(n *raft.Node, term raft.Term) string {
	if n.Role == raft.Candidate && n.CurrentTerm == term {
		return fmt.Sprintf("it has %d of %d votes, and %d are a majority", n.Votes.Len(), n.Size, r.run.Rules.Majority(r.all))
	}
	return fmt.Sprintf("it is a %s in term %d", n.Role, n.CurrentTerm)
}

// willing counts the nodes that could have voted for a node in a term, itself
// among them.
func (r *replayer) willing(n *raft.Node, term raft.Term) int {
	last := n.Log.Last()
	count := 0
	for i, v := range r.node {
		id := raft.NodeID(i + 1)
		if id == n.ID || v == nil {
			count++
			continue
		}
		free := v.CurrentTerm < term ||
			v.CurrentTerm == term && (v.VotedFor == raft.NoNode || v.VotedFor == n.ID)
		if free && last.UpToDate(v.Log.Last()) {
			count++
		}
	}
	return count
}

func place(at raft.Mark) string {
	if at.Index == 0 {
		return "index 0"
	}
	return fmt.Sprintf("index %d, term %d", at.Index, at.Term)
}
