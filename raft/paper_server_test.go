package raft

import "slices"

// A paperServer is a second Figure 2, all of it, and with paper_snapshot_test.go a
// second Figure 13: the figures' sentences one after the other, on plain slices,
// with no thought of speed. It is written from the paper alone and shares nothing
// with Node but the names of things.
type paperServer struct {
	id      NodeID
	servers int        // in the cluster, this one included
	voters  [][]NodeID // one list, or in joint consensus two
	leader  NodeID     // "so follower can redirect clients"

	// "Persistent state on all servers"
	currentTerm Term
	votedFor    NodeID
	log         []Entry // log[0] is the entry at lastIncludedIndex + 1
	// "lastIncludedIndex: the snapshot replaces all entries up through and
	// including this index"; 0 where there is no snapshot.
	lastIncludedIndex Index
	lastIncludedTerm  Term

	// "Volatile state on all servers"
	commitIndex Index
	lastApplied Index

	role  Role
	votes []NodeID // a candidate's: from whom it has received a vote

	// "Volatile state on leaders", of server 1 first; the places of the leader
	// itself are not used.
	nextIndex  []Index
	matchIndex []Index

	took branches
}

// branches counts which way each sentence of the figure has gone.
type branches map[string]int

// A reply is what comes of an event: the rule that settled it, and the answer,
// if there is one to send.
type reply struct {
	rule     Rule
	outcome  Outcome
	answered bool
	yes      bool // success, or voteGranted
	term     Term
	match    Index // of a success: how far the logs match
}

// The events of a server that are no message.
type (
	electionTimeout struct{}
	restarted       struct{}
	steppedDown     struct{}
	snapshotTaken   struct{}
	command         string
	configured      [][]NodeID
)

// A written is an AppendEntries request with its entries written out.
type written struct {
	*AppendEntries
	entries []Entry
}

// receive lets an event happen to the server.
func (s *paperServer) receive(event any) reply {
	switch e := event.(type) {
	case written:
		return s.appendEntries(e.AppendEntries, e.entries)
	case *RequestVote:
		return s.requestVote(e)
	case Vote:
		return s.voteAnswer(e)
	case Ack:
		return s.appendAnswer(e)
	case electionTimeout:
		return s.timeout()
	case *InstallSnapshot:
		return s.installSnapshot(e)
	case command:
		return s.command(string(e))
	case configured:
		return s.configure(e)
	case steppedDown:
		return s.stepDown()
	case snapshotTaken:
		return s.snapshot()
	case Disk:
		return s.restartFrom(e)
	}
	s.restart()
	return reply{}
}

func (s *paperServer) answer(rule Rule, outcome Outcome, yes bool) reply {
	return reply{rule: rule, outcome: outcome, answered: true, yes: yes, term: s.currentTerm}
}

func (s *paperServer) lastLogIndex() Index { return s.lastIncludedIndex + Index(len(s.log)) }

func (s *paperServer) lastLogTerm() Term { return s.termAt(s.lastLogIndex()) }

// termAt is the term of an entry of the log, or of the last one that the snapshot
// covers; 0 for the place before the first.
func (s *paperServer) termAt(index Index) Term {
	if index == s.lastIncludedIndex {
		return s.lastIncludedTerm
	}
	return s.log[index-1-s.lastIncludedIndex].Term
}

// follow makes the server a follower. What is kept of a candidacy or of a
// leadership goes with it.
func (s *paperServer) follow() {
	s.role = Follower
	s.leader = NoNode
	s.votes = nil
	s.nextIndex = nil
	s.matchIndex = nil
}

// higherTerm: "If RPC request or response contains term T > currentTerm: set
// currentTerm = T, convert to follower (§5.1)".
func (s *paperServer) higherTerm(term Term) bool {
	if term <= s.currentTerm {
		return false
	}
	s.took["A2: a higher term reaches a "+s.role.String()]++
	s.currentTerm = term
	s.votedFor = NoNode // "candidateId that received vote in current term (or null if none)"
	s.follow()
	return true
}

// apply: "If commitIndex > lastApplied: increment lastApplied, apply
// log[lastApplied] to state machine (§5.3)". The figure does not say when; a
// server applies where it has looked at its commitIndex.
func (s *paperServer) apply() {
	for s.commitIndex > s.lastApplied {
		s.took["A1: an entry is applied"]++
		s.lastApplied++
	}
}

// appendEntries is the AppendEntries RPC, "Receiver implementation".
func (s *paperServer) appendEntries(m *AppendEntries, entries []Entry) reply {
	s.higherTerm(m.Term)
	// "1. Reply false if term < currentTerm (§5.1)"
	if m.Term < s.currentTerm {
		s.took["AE1: a stale leader"]++
		return s.answer(AE1, Refused, false)
	}
	// A second leader of the term: the paper has none.
	if s.role == Leader {
		s.took["C3: a second leader"]++
		return reply{rule: C3, outcome: Ignored}
	}
	// Candidates: "If AppendEntries RPC received from new leader: convert to
	// follower"
	if s.role == Candidate {
		s.took["C3: a candidate yields"]++
		s.follow()
	}
	s.leader = m.LeaderID
	// "2. Reply false if log doesn't contain an entry at prevLogIndex whose term
	// matches prevLogTerm (§5.3)"; every log agrees before its first entry, and in
	// all that a snapshot covers, which is committed (§7).
	if m.PrevLogIndex > s.lastLogIndex() {
		s.took["AE2: no entry at prevLogIndex"]++
		return s.answer(AE2, Refused, false)
	}
	if m.PrevLogIndex < s.lastIncludedIndex {
		s.took["AE2: prevLogIndex is covered by the snapshot"]++
	} else if m.PrevLogIndex > 0 && s.termAt(m.PrevLogIndex) != m.PrevLogTerm {
		s.took["AE2: another term at prevLogIndex"]++
		return s.answer(AE2, Refused, false)
	}
	s.takeEntries(m.PrevLogIndex, entries)
	s.followCommit(m.LeaderCommit, m.PrevLogIndex+Index(len(entries)))
	s.apply()
	s.took["AE2: a match"]++
	r := s.answer(AE2, Passed, true)
	r.match = m.PrevLogIndex + Index(len(entries))
	return r
}

// takeEntries is lines 3 and 4.
func (s *paperServer) takeEntries(prevLogIndex Index, entries []Entry) {
	// "3. If an existing entry conflicts with a new one (same index but different
	// terms), delete the existing entry and all that follow it (§5.3)"
	for i, e := range entries {
		index := prevLogIndex + 1 + Index(i)
		if index <= s.lastIncludedIndex {
			s.took["AE3: an entry that the snapshot covers"]++
		} else if index <= s.lastLogIndex() && s.termAt(index) != e.Term {
			s.took["AE3: a conflict"]++
			s.log = s.log[:index-1-s.lastIncludedIndex]
		}
	}
	// "4. Append any new entries not already in the log"
	for i, e := range entries {
		index := prevLogIndex + 1 + Index(i)
		if index > s.lastLogIndex() {
			s.took["AE4: a new entry"]++
			s.log = append(s.log, e)
		} else {
			s.took["AE4: an entry already in the log"]++
		}
	}
}

// followCommit: "5. If leaderCommit > commitIndex, set commitIndex =
// min(leaderCommit, index of last new entry)"; and commitIndex "increases
// monotonically".
func (s *paperServer) followCommit(leaderCommit, lastNewEntry Index) {
	if leaderCommit <= s.commitIndex {
		s.took["AE5: leaderCommit is no news"]++
		return
	}
	smaller := leaderCommit
	if lastNewEntry < smaller {
		smaller = lastNewEntry
		s.took["AE5: leaderCommit is past the last new entry"]++
	}
	if smaller > s.commitIndex {
		s.took["AE5: commitIndex rises"]++
		s.commitIndex = smaller
	}
}

// requestVote is the RequestVote RPC, "Receiver implementation".
func (s *paperServer) requestVote(m *RequestVote) reply {
	s.higherTerm(m.Term)
	// "1. Reply false if term < currentTerm (§5.1)"
	if m.Term < s.currentTerm {
		s.took["RV1: a stale candidate"]++
		return s.answer(RV1, Refused, false)
	}
	// "2. If votedFor is null or candidateId, ..."
	if s.votedFor != NoNode && s.votedFor != m.CandidateID {
		s.took["RV2a: the vote is given"]++
		return s.answer(RV2a, Refused, false)
	}
	// "... and candidate's log is at least as up-to-date as receiver's log, grant
	// vote (§5.2, §5.4)". §5.4.1: "If the logs have last entries with different
	// terms, then the log with the later term is more up-to-date. If the logs end
	// with the same term, then whichever log is longer is more up-to-date."
	if m.LastLogTerm < s.lastLogTerm() {
		s.took["RV2b: an earlier last term"]++
		return s.answer(RV2b, Refused, false)
	}
	if m.LastLogTerm == s.lastLogTerm() && m.LastLogIndex < s.lastLogIndex() {
		s.took["RV2b: a shorter log"]++
		return s.answer(RV2b, Refused, false)
	}
	s.took["RV2: granted"]++
	s.votedFor = m.CandidateID
	return s.answer(RV2b, Passed, true)
}

// timeout: followers, "If election timeout elapses without receiving
// AppendEntries RPC from current leader or granting vote to candidate: convert
// to candidate"; candidates, "If election timeout elapses: start new election".
func (s *paperServer) timeout() reply {
	if s.role == Leader {
		s.took["F2: a leader has no election timeout"]++
		return reply{rule: F2, outcome: Idle}
	}
	s.took["F2: the timeout of a "+s.role.String()]++
	// "On conversion to candidate, start election: increment currentTerm, vote
	// for self, ..."
	s.follow()
	s.role = Candidate
	s.currentTerm++
	s.votedFor = s.id
	s.votes = []NodeID{s.id}
	s.leadWithMajority()
	return reply{rule: C1, outcome: Acted}
}

// leadWithMajority: "If votes received from majority of servers: become
// leader".
func (s *paperServer) leadWithMajority() {
	if !s.majority(func(id NodeID) bool { return slices.Contains(s.votes, id) }) {
		s.took["C2: no majority yet"]++
		return
	}
	s.took["C2: a majority"]++
	s.follow()
	s.role = Leader
	s.leader = s.id
	// nextIndex[] "(initialized to leader last log index + 1)", matchIndex[]
	// "(initialized to 0, increases monotonically)"
	for range s.servers {
		s.nextIndex = append(s.nextIndex, s.lastLogIndex()+1)
		s.matchIndex = append(s.matchIndex, 0)
	}
	s.apply()
}

// voteAnswer is the results of the server's own RequestVote RPC. §5.2: votes
// count "from a majority of the servers in the full cluster for the same term".
func (s *paperServer) voteAnswer(v Vote) reply {
	if s.higherTerm(v.Term) {
		return reply{rule: A2, outcome: Acted}
	}
	if v.Request != s.currentTerm {
		s.took["C2: an answer of an earlier term"]++
		return reply{rule: C2, outcome: Ignored}
	}
	if s.role != Candidate {
		s.took["C2: no candidate any more"]++
		return reply{rule: C2, outcome: Ignored}
	}
	if !v.Granted {
		s.took["C2: a refusal"]++
		return reply{rule: C2, outcome: Idle}
	}
	if slices.Contains(s.votes, v.From) {
		s.took["C2: the same vote again"]++
	} else {
		s.votes = append(s.votes, v.From)
	}
	s.leadWithMajority()
	return reply{rule: C2, outcome: Acted}
}

// command: leaders, "If command received from client: append entry to local
// log". A leader that is the only voter has its majority with that.
func (s *paperServer) command(value string) reply {
	if s.role != Leader {
		s.took["L2: not the leader"]++
		s.apply()
		return reply{rule: L2, outcome: Ignored}
	}
	s.took["L2: a command"]++
	s.log = append(s.log, Entry{s.currentTerm, value})
	if !slices.ContainsFunc(s.voters, func(list []NodeID) bool { return !slices.Equal(list, []NodeID{s.id}) }) {
		s.commit()
	}
	s.apply()
	return reply{rule: L2, outcome: Acted}
}

// appendAnswer is the results of the server's own AppendEntries RPC.
func (s *paperServer) appendAnswer(a Ack) reply {
	if s.higherTerm(a.Term) {
		return reply{rule: A2, outcome: Acted}
	}
	if a.Request != s.currentTerm {
		s.took["L3: an answer of an earlier term"]++
		return reply{rule: L3, outcome: Ignored}
	}
	if s.role != Leader {
		s.took["L3: no leader any more"]++
		return reply{rule: L3, outcome: Ignored}
	}
	follower := a.From - 1
	if a.Success && a.MatchIndex > s.lastLogIndex() {
		s.took["L3: a success for more than the leader has"]++
		return reply{rule: L3, outcome: Refused}
	}
	if a.Success {
		// "If successful: update nextIndex and matchIndex for follower (§5.3)";
		// matchIndex "increases monotonically".
		if a.MatchIndex > s.matchIndex[follower] {
			s.took["L3: a success"]++
			s.matchIndex[follower] = a.MatchIndex
		} else {
			s.took["L3: a success that is no news"]++
		}
		s.nextIndex[follower] = s.matchIndex[follower] + 1
		s.commit()
		s.apply()
		return reply{rule: L3, outcome: Acted}
	}
	// "If AppendEntries fails because of log inconsistency: decrement nextIndex
	// and retry (§5.3)". What is known to be replicated need not be sent again.
	if s.nextIndex[follower]-1 > s.matchIndex[follower] {
		s.took["L3: a refusal"]++
		s.nextIndex[follower]--
	} else {
		s.took["L3: a refusal that comes late"]++
	}
	return reply{rule: L3, outcome: Acted}
}

// commit: leaders, "If there exists an N such that N > commitIndex, a majority
// of matchIndex[i] >= N, and log[N].term == currentTerm: set commitIndex = N
// (§5.3, §5.4)". Every N is asked.
func (s *paperServer) commit() {
	for N := s.commitIndex + 1; N <= s.lastLogIndex(); N++ {
		switch {
		case !s.majorityHolds(N):
			s.took["L4: N without a majority"]++
		case s.termAt(N) != s.currentTerm:
			s.took["L4: N of an earlier term"]++
		default:
			s.took["L4: N is committed"]++
			s.commitIndex = N
		}
	}
}

// majorityHolds counts the servers that hold entry N, the leader among them.
func (s *paperServer) majorityHolds(N Index) bool {
	return s.majority(func(id NodeID) bool { return id == s.id || s.matchIndex[id-1] >= N })
}

// restart is a crash and a return: what is not "persistent state" starts as it
// did at first, "initialized to 0".
func (s *paperServer) restart() {
	s.took["a restart of a "+s.role.String()]++
	s.follow()
	s.commitIndex = s.lastIncludedIndex // the state machine begins with the snapshot
	s.lastApplied = s.lastIncludedIndex
}

// voteRequest is the arguments of a candidate's RequestVote RPC.
func (s *paperServer) voteRequest() RequestVote {
	return RequestVote{Term: s.currentTerm, CandidateID: s.id,
		LastLogIndex: s.lastLogIndex(), LastLogTerm: s.lastLogTerm()}
}

// appendRequest is the arguments of a leader's AppendEntries RPC: "If last log
// index >= nextIndex for a follower: send AppendEntries RPC with log entries
// starting at nextIndex", and otherwise a heartbeat.
func (s *paperServer) appendRequest(to NodeID) (m AppendEntries, entries []Entry) {
	next := max(s.nextIndex[to-1], s.lastIncludedIndex+1)
	m = AppendEntries{Term: s.currentTerm, LeaderID: s.id,
		PrevLogIndex: next - 1, PrevLogTerm: s.termAt(next - 1), LeaderCommit: s.commitIndex}
	for index := next; index <= s.lastLogIndex(); index++ {
		entries = append(entries, s.log[index-1-s.lastIncludedIndex])
	}
	return m, entries
}
