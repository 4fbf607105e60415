package check_test

import "raftsheet/raft"

// This file says of a message on a page whether it could have been sent, as far
// as the page can tell: the specification's sentences once more, on the states
// that the cluster really had. It knows nothing of package replay.

// An oracle knows a page up to a step, in which a message arrives.
type oracle struct {
	*cutPage
	step int // by index; the states before it are those after steps[step-1]
}

// moments are the start and what came of each step before this one.
func (o oracle) moments() []moment {
	out := []moment{o.start}
	for i := range o.steps[:o.step] {
		out = append(out, o.steps[i].after)
	}
	return out
}

func (o oracle) nowState(id raft.NodeID) *raft.State {
	ms := o.moments()
	return &ms[len(ms)-1].states[id-1]
}

func (o oracle) startState(id raft.NodeID) *raft.State { return &o.start.states[id-1] }

func (o oracle) majority() int { return o.size/2 + 1 }

// isUp is by the page: whoever is down at the start goes down in its prelude.
func (o oracle) isUp(id raft.NodeID) bool {
	up := true
	for i := range o.steps[:o.step] {
		if s := &o.steps[i]; s.node == id && (s.what == "crash" || s.what == "restart") {
			up = s.what == "restart"
		}
	}
	return up
}

// votedBefore: the initial state leaves room for that vote. An unwritten votedFor
// is free.
func (o oracle) votedBefore(id, whom raft.NodeID, term raft.Term) bool {
	s := o.startState(id)
	return !o.known(id) || s.CurrentTerm > term ||
		s.CurrentTerm == term && (s.VotedFor == whom || o.free.Has(id))
}

// leader is who is known to lead a term: by its state, or by what it has sent.
func (o oracle) leader(term raft.Term) raft.NodeID {
	for id := range (raft.AllNodes(o.size) &^ o.unknown).All() {
		if _, ok := o.led(id, term); ok {
			return id
		}
	}
	for i := range o.steps[:o.step] {
		if m := o.steps[i].parcel.app; m != nil && m.Term == term {
			return m.LeaderID
		}
	}
	return raft.NoNode
}

// couldVote says why a known candidate could have sent a RequestVote, empty if it
// could not.
func (o oracle) couldVote(m *raft.RequestVote) string {
	id := m.CandidateID
	if m.Term == 0 || m.LastLogTerm >= m.Term || (m.LastLogIndex == 0) != (m.LastLogTerm == 0) {
		return ""
	}
	says := raft.Mark{Index: m.LastLogIndex, Term: m.LastLogTerm}
	if end, stood := o.candidacy(id, m.Term); stood {
		if end == says {
			return "the candidate stood in that term with that log"
		}
		return ""
	}
	if m.Term <= o.startState(id).CurrentTerm && o.votedBefore(id, id, m.Term) {
		return "before the page it may have stood in that term"
	}
	now := o.nowState(id)
	if o.isUp(id) && now.CurrentTerm < m.Term && now.Role != raft.Leader && now.Log.Last() == says {
		return "it may time out, as often as that takes"
	}
	return ""
}

// candidacy is what the page tells of a node's log in a term in which it stood:
// a candidate's log, a leader's without the entries of its term, or what it has
// sent.
func (o oracle) candidacy(id raft.NodeID, term raft.Term) (end raft.Mark, stood bool) {
	for _, m := range o.moments() {
		s := m.states[id-1]
		if s.CurrentTerm != term || s.Role == raft.Follower {
			continue
		}
		log := s.Log
		for log.LastTerm() == term {
			log = log.Truncate(log.LastIndex() - 1)
		}
		return log.Last(), true
	}
	for i := range o.steps[:o.step] {
		if m := o.steps[i].parcel.vote; m != nil && m.CandidateID == id && m.Term == term {
			return raft.Mark{Index: m.LastLogIndex, Term: m.LastLogTerm}, true
		}
	}
	return end, false
}

// couldAppend says why a known node could have sent an AppendEntries.
func (o oracle) couldAppend(m *raft.AppendEntries) string {
	if !anySends(m) {
		return ""
	}
	if l := o.leader(m.Term); l != raft.NoNode && l != m.LeaderID {
		return ""
	}
	if led, ok := o.led(m.LeaderID, m.Term); ok {
		now := o.nowState(m.LeaderID)
		leads := now.Role == raft.Leader && now.CurrentTerm == m.Term && o.isUp(m.LeaderID)
		if fits(m, led, leads) {
			return "it fits the log with which its sender leads, or led"
		}
		return ""
	}
	if o.appendedBefore(m) && !o.contradictsPage(m) {
		return "before the page it may have led that term"
	}
	if !o.appendedBefore(m) && o.electedUnseen(m) && fits(m, o.nowState(m.LeaderID), true) {
		return "it may have been elected off the page"
	}
	return ""
}

// anySends: no entry and no prevLogTerm above the message's term, no term falls,
// and index 0 goes with term 0.
func anySends(m *raft.AppendEntries) bool {
	if m.Term == 0 || (m.PrevLogIndex == 0) != (m.PrevLogTerm == 0) {
		return false
	}
	last := m.PrevLogTerm
	for _, e := range m.Entries.Slice() {
		if e.Term == 0 || e.Term < last {
			return false
		}
		last = e.Term
	}
	return last <= m.Term
}

// led is a node's state when it was last seen to lead a term, be it between two
// answers of one step. Its log and commitIndex only grew.
func (o oracle) led(id raft.NodeID, term raft.Term) (s *raft.State, ok bool) {
	for _, now := range o.statesOf(id) {
		if now.Role == raft.Leader && now.CurrentTerm == term {
			s, ok = now, true
		}
	}
	return s, ok
}

// statesOf are all the states that a node has been in on the page, in order.
func (o oracle) statesOf(id raft.NodeID) []*raft.State {
	out := []*raft.State{o.startState(id)}
	for i := range o.steps[:o.step] {
		s := &o.steps[i]
		for j := range s.during {
			if s.node == id {
				out = append(out, &s.during[j])
			}
		}
		out = append(out, &s.after.states[id-1])
	}
	return out
}

// fits holds a request against its leader's log. One that leads now may have
// had requests of clients, which come after the end of its log in its term.
func fits(m *raft.AppendEntries, s *raft.State, now bool) bool {
	if m.LeaderCommit > s.CommitIndex || m.PrevLogIndex > s.Log.LastIndex() || s.Log.Term(m.PrevLogIndex) != m.PrevLogTerm {
		return false
	}
	for i, e := range m.Entries.Slice() {
		at := m.PrevLogIndex + raft.Index(i) + 1
		if at <= s.Log.LastIndex() && s.Log.Entry(at) != e || at > s.Log.LastIndex() && (!now || e.Term != m.Term) {
			return false
		}
	}
	return true
}

// appendedBefore: the initial states leave room for the leadership and for the
// message.
func (o oracle) appendedBefore(m *raft.AppendEntries) bool {
	l := m.LeaderID
	if m.Term > o.startState(l).CurrentTerm || !o.votedBefore(l, l, m.Term) {
		return false
	}
	voters, holders := 0, 0
	own := o.startState(l).Log
	for i := range o.start.states {
		id := raft.NodeID(i + 1)
		if o.votedBefore(id, l, m.Term) {
			voters++
		}
		log := o.start.states[i].Log
		if !o.known(id) || log.Term(m.LeaderCommit) == own.Term(m.LeaderCommit) {
			holders++
		}
		if o.known(id) && contradicts(log, m) {
			return false
		}
	}
	if voters < o.majority() {
		return false
	}
	return m.LeaderCommit == 0 || own.Has(m.LeaderCommit) && holders >= o.majority() && agreesUpTo(m.LeaderCommit, own, m)
}

// contradicts: the log has an entry of the message's term where that has another;
// or the two have an index and term in common, and not the value or predecessor.
func contradicts(log raft.Log, m *raft.AppendEntries) bool {
	before := m.PrevLogTerm
	if log.Has(m.PrevLogIndex) && log.Term(m.PrevLogIndex) == m.Term && before != m.Term {
		return true
	}
	for i, e := range m.Entries.Slice() {
		at := m.PrevLogIndex + raft.Index(i) + 1
		if own := log.Entry(at); log.Has(at) {
			if own.Term == m.Term && own != e || own.Term == e.Term && (own != e || log.Term(at-1) != before) {
				return true
			}
		}
		before = e.Term
	}
	return false
}

// contradictsPage: another message of the same leader and term has another entry
// at an index; or any message has an index and term with another value or
// predecessor; or the message lacks what is known to be committed in an earlier
// term.
func (o oracle) contradictsPage(m *raft.AppendEntries) bool {
	for i := range o.steps[:o.step] {
		other := o.steps[i].parcel.app
		if other == nil {
			continue
		}
		for at, e := range carried(m) {
			was, both := carried(other)[at]
			if !both {
				continue
			}
			sameLeader := other.LeaderID == m.LeaderID && other.Term == m.Term
			if sameLeader && !was.Matches(e.Entry) || was.Term == e.Term && (!was.Matches(e.Entry) || was.told && e.told && was.before != e.before) {
				return true
			}
		}
	}
	for at, e := range carried(m) {
		for _, was := range o.moments() {
			for i, s := range was.states {
				if o.known(raft.NodeID(i+1)) && s.CurrentTerm < m.Term && at <= s.CommitIndex && !s.Log.Entry(at).Matches(e.Entry) {
					return true
				}
			}
		}
	}
	return false
}

// A carriedEntry is an entry that a message tells of; told is false for that of
// prevLogTerm, of which it tells the term alone.
type carriedEntry struct {
	raft.Entry
	before raft.Term
	told   bool
}

func carried(m *raft.AppendEntries) map[raft.Index]carriedEntry {
	out, before := make(map[raft.Index]carriedEntry), m.PrevLogTerm
	if m.PrevLogIndex > 0 {
		out[m.PrevLogIndex] = carriedEntry{Entry: raft.Entry{Term: before}}
	}
	for i, e := range m.Entries.Slice() {
		out[m.PrevLogIndex+raft.Index(i)+1] = carriedEntry{e, before, true}
		before = e.Term
	}
	return out
}

// agreesUpTo: whatever the message tells of the log up to an index is in the
// log.
func agreesUpTo(commit raft.Index, log raft.Log, m *raft.AppendEntries) bool {
	if m.PrevLogIndex <= commit && log.Term(m.PrevLogIndex) != m.PrevLogTerm {
		return false
	}
	for i, e := range m.Entries.Slice() {
		if at := m.PrevLogIndex + raft.Index(i) + 1; at <= commit && log.Entry(at) != e {
			return false
		}
	}
	return true
}

// electedUnseen: no vote of the term was asked for, nobody is known to lead it,
// and a majority could have elected the sender.
func (o oracle) electedUnseen(m *raft.AppendEntries) bool {
	l, now := m.LeaderID, o.nowState(m.LeaderID)
	for i := range o.steps[:o.step] {
		if v := o.steps[i].parcel.vote; v != nil && v.Term == m.Term {
			return false
		}
	}
	own := now.VotedFor == l || now.VotedFor == raft.NoNode && o.free.Has(l) && o.startState(l).CurrentTerm == m.Term
	if !o.isUp(l) || now.CurrentTerm > m.Term || now.CurrentTerm == m.Term && !own {
		return false
	}
	willing := 0
	for i := range o.start.states {
		if id := raft.NodeID(i + 1); id == l || o.met(l, id) && o.wouldVote(id, now, l, m.Term) {
			willing++
		}
	}
	return willing >= o.majority()
}

// wouldVote: a node's term, vote and log leave it free to vote for another.
func (o oracle) wouldVote(id raft.NodeID, c *raft.State, whom raft.NodeID, term raft.Term) bool {
	v := o.nowState(id)
	if !o.known(id) {
		return true
	}
	free := v.CurrentTerm < term || v.CurrentTerm == term && (v.VotedFor == raft.NoNode || v.VotedFor == whom)
	mine, theirs := c.Log.Last(), v.Log.Last()
	return free && (mine.Term > theirs.Term || mine.Term == theirs.Term && mine.Index >= theirs.Index)
}

// met reports whether two nodes could reach each other after some step before
// this one; before the first step everybody can.
func (o oracle) met(a, b raft.NodeID) bool {
	group := make([]int, o.size)
	for i := range o.steps[:o.step] {
		s := &o.steps[i]
		if s.what == "partition" || s.what == "heal" {
			group = s.after.group
		}
		at := oracle{o.cutPage, i + 1}
		if group[a-1] == group[b-1] && at.isUp(a) && at.isUp(b) {
			return true
		}
	}
	return o.step == 0
}

// couldAnswer says why a known node could have given an answer.
func (o oracle) couldAnswer(p *parcel) string {
	a, receiver := p.answer, o.nowState(p.to)
	if !a.vote && a.ok && o.known(p.to) && o.isUp(p.to) && receiver.Role == raft.Leader && receiver.CurrentTerm == a.term && a.match > receiver.Log.LastIndex() {
		return ""
	}
	if o.gave(p) {
		return "it gave that answer on the page"
	}
	if o.answeredBefore(p) {
		return "it may have given it before the page"
	}
	return ""
}

// gave reports whether the page shows the answer, to a request or as it arrives.
func (o oracle) gave(p *parcel) bool {
	for i := range o.steps[:o.step] {
		h := &o.steps[i].happening
		if h.what == "answer" && h.parcel.from == p.from && h.parcel.to == p.to && *h.parcel.answer == *p.answer {
			return true
		}
		for _, r := range h.to {
			if h.node == p.to && r.to == p.from && r.answer == *p.answer {
				return true
			}
		}
	}
	return false
}

// answeredBefore: the initial states leave room for the answer.
func (o oracle) answeredBefore(p *parcel) bool {
	a, from, to := p.answer, o.startState(p.from), o.startState(p.to)
	switch {
	case a.term == 0 || from.CurrentTerm < a.term:
		return false
	case !a.ok:
		return true
	case a.vote:
		return o.votedBefore(p.from, p.to, a.term) && !o.votedForOther(p)
	}
	// Who is in a later term may have had its log changed since.
	stays, held := from.CurrentTerm == a.term, to.CurrentTerm <= a.term && o.known(p.to)
	switch {
	case stays && from.Log.LastIndex() < a.match, held && to.Log.LastIndex() < a.match:
		return false
	}
	return !stays || !held || from.Log.Term(a.match) == to.Log.Term(a.match)
}

// votedForOther reports whether the page shows a vote of the same node and term
// for somebody else.
func (o oracle) votedForOther(p *parcel) bool {
	for other := range raft.AllNodes(o.size).Without(p.to).All() {
		if o.gave(&parcel{from: p.from, to: other, answer: p.answer}) {
			return true
		}
	}
	return false
}
