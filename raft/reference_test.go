package raft

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
)

// A paperServer is a second Figure 2 receiver: the figure's sentences one after
// the other, on plain slices. log[0] is the entry at index 1.
type paperServer struct {
	currentTerm Term
	votedFor    NodeID
	log         []Entry
	commitIndex Index
	lastApplied Index
	role        Role
}

// allServers: "If RPC request or response contains term T > currentTerm: set
// currentTerm = T, convert to follower."
func (s *paperServer) allServers(term Term) {
	if term > s.currentTerm {
		s.currentTerm = term
		s.votedFor = NoNode // "votedFor: candidateId that received vote in current term"
		s.role = Follower
	}
}

// has reports whether the log contains an entry at index whose term is that
// one. Every log agrees before its first entry.
func (s *paperServer) has(index Index, term Term) bool {
	if index == 0 {
		return true
	}
	if index > Index(len(s.log)) {
		return false
	}
	return s.log[index-1].Term == term
}

// appendEntries is the AppendEntries RPC, "Receiver implementation". It gives
// the answer as perform does, but without the term.
func (s *paperServer) appendEntries(m *AppendEntries, entries []Entry) string {
	s.allServers(m.Term)
	// "1. Reply false if term < currentTerm"
	if m.Term < s.currentTerm {
		return "AE1 refused: false"
	}
	// A second leader of the term: the paper has none.
	if s.role == Leader {
		return "C3 ignored: no answer"
	}
	// "If AppendEntries RPC received from new leader: convert to follower"
	s.role = Follower
	// "2. Reply false if log doesn't contain an entry at prevLogIndex whose term
	// matches prevLogTerm"
	if !s.has(m.PrevLogIndex, m.PrevLogTerm) {
		return "AE2 refused: false"
	}
	// "3. If an existing entry conflicts with a new one (same index but different
	// terms), delete the existing entry and all that follow it"
	for i, e := range entries {
		index := m.PrevLogIndex + 1 + Index(i)
		if index <= Index(len(s.log)) && s.log[index-1].Term != e.Term {
			s.log = s.log[:index-1]
		}
	}
	// "4. Append any new entries not already in the log"
	for i, e := range entries {
		index := m.PrevLogIndex + 1 + Index(i)
		if index > Index(len(s.log)) {
			s.log = append(s.log, e)
		}
	}
	// "5. If leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index
	// of last new entry)"; commitIndex "increases monotonically".
	if m.LeaderCommit > s.commitIndex {
		indexOfLastNewEntry := m.PrevLogIndex + Index(len(entries))
		if n := min(m.LeaderCommit, indexOfLastNewEntry); n > s.commitIndex {
			s.commitIndex = n
		}
	}
	// "If commitIndex > lastApplied: increment lastApplied"
	for s.commitIndex > s.lastApplied {
		s.lastApplied++
	}
	return "AE2 passed: true"
}

// requestVote is the RequestVote RPC, "Receiver implementation".
func (s *paperServer) requestVote(m *RequestVote) string {
	s.allServers(m.Term)
	// "1. Reply false if term < currentTerm"
	if m.Term < s.currentTerm {
		return "RV1 refused: false"
	}
	// "2. If votedFor is null or candidateId, ..."
	if s.votedFor != NoNode && s.votedFor != m.CandidateID {
		return "RV2a refused: false"
	}
	// "... and candidate's log is at least as up-to-date as receiver's log, grant
	// vote"
	var lastTerm Term
	if len(s.log) > 0 {
		lastTerm = s.log[len(s.log)-1].Term
	}
	if m.LastLogTerm < lastTerm {
		return "RV2b refused: false"
	}
	if m.LastLogTerm == lastTerm && m.LastLogIndex < Index(len(s.log)) {
		return "RV2b refused: false"
	}
	s.votedFor = m.CandidateID
	return "RV2b passed: true"
}

// chance draws states and messages, possible and impossible ones: small
// numbers that often meet, and now and then the largest.
type chance struct{ *rand.Rand }

func (c chance) term() Term { return Term(c.IntN(5)) }

func (c chance) index(n int) Index {
	if c.IntN(50) == 0 {
		return MaxNumber
	}
	return Index(c.IntN(n))
}

// messageTerm draws a term near the node's own, as those of messages are.
func (c chance) messageTerm(n *Node) Term {
	return max(1, n.CurrentTerm+Term(c.IntN(4))) - 1
}

func (c chance) entries(most int) []Entry {
	var es []Entry
	for range c.IntN(most + 1) {
		es = append(es, Entry{c.term(), []string{"", "a", "b"}[c.IntN(3)]})
	}
	if c.IntN(2) == 0 {
		slices.SortFunc(es, func(a, b Entry) int { return int(a.Term) - int(b.Term) })
	}
	return es
}

func (c chance) server() paperServer {
	s := paperServer{currentTerm: c.term(), votedFor: NodeID(c.IntN(4)), log: c.entries(6), role: Role(c.IntN(3))}
	s.commitIndex = Index(c.IntN(len(s.log) + 2))
	s.lastApplied = Index(c.IntN(int(s.commitIndex) + 1))
	return s
}

// node gives the same server as a Node.
func (s paperServer) node() *Node {
	n := NewNode(1, 3, Figure2())
	n.State = State{CurrentTerm: s.currentTerm, VotedFor: s.votedFor, Log: NewLog(s.log...),
		CommitIndex: s.commitIndex, LastApplied: s.lastApplied, Role: s.role}
	switch s.role {
	case Candidate:
		n.Votes = SetOf(1)
	case Leader:
		n.NextIndex, n.MatchIndex = make([]Index, 3), make([]Index, 3)
	}
	return n
}

// appendEntries draws a request. Often prevLogTerm fits the node's log; the
// entries are written down, or a view of a log that shares the node's cells.
func (c chance) appendEntries(n *Node) (*AppendEntries, []Entry) {
	m := &AppendEntries{Term: c.messageTerm(n), LeaderID: NodeID(2 + c.IntN(2)), PrevLogIndex: c.index(8),
		PrevLogTerm: c.term(), LeaderCommit: c.index(9)}
	if c.IntN(4) > 0 {
		m.PrevLogTerm = n.Log.Term(m.PrevLogIndex)
	}
	if m.PrevLogIndex <= n.Log.LastIndex() && c.IntN(2) == 0 {
		end := m.PrevLogIndex + Index(c.IntN(3))
		leader := n.Log.Truncate(end).Append(c.entries(3)...)
		m.Entries = leader.After(m.PrevLogIndex)
		return m, leader.Entries()[min(m.PrevLogIndex, leader.LastIndex()):]
	}
	es := c.entries(4)
	m.Entries = NewEntries(m.PrevLogIndex, m.PrevLogTerm, es...)
	return m, es
}

func (c chance) requestVote(n *Node) *RequestVote {
	return &RequestVote{Term: c.messageTerm(n), CandidateID: NodeID(1 + c.IntN(3)),
		LastLogIndex: c.index(8), LastLogTerm: c.term()}
}

// differs says where the node is not as the paper has it, "" if nowhere.
func (s *paperServer) differs(n *Node) string {
	switch {
	case n.CurrentTerm != s.currentTerm:
		return fmt.Sprintf("currentTerm %d, want %d", n.CurrentTerm, s.currentTerm)
	case n.VotedFor != s.votedFor:
		return fmt.Sprintf("votedFor %d, want %d", n.VotedFor, s.votedFor)
	case n.Role != s.role:
		return fmt.Sprintf("role %v, want %v", n.Role, s.role)
	case !slices.Equal(n.Log.Entries(), s.log):
		return fmt.Sprintf("log %v, want %v", n.Log.Entries(), s.log)
	case n.CommitIndex != s.commitIndex:
		return fmt.Sprintf("commitIndex %d, want %d", n.CommitIndex, s.commitIndex)
	case n.LastApplied != s.lastApplied:
		return fmt.Sprintf("lastApplied %d, want %d", n.LastApplied, s.lastApplied)
	case (n.Votes != 0) != (s.role == Candidate), (n.NextIndex != nil) != (s.role == Leader), (n.MatchIndex != nil) != (s.role == Leader):
		return fmt.Sprintf("a %v with votes %b, nextIndex %v, matchIndex %v", s.role, n.Votes, n.NextIndex, n.MatchIndex)
	}
	return ""
}

// receive lets both receive the same request, and gives it and both answers.
func (c chance) receive(n *Node, s *paperServer) (request fmt.Stringer, got, want string) {
	var term Term
	if c.IntN(3) == 0 {
		m := c.requestVote(n)
		resp, d, _ := n.HandleRequestVote(m)
		request, got, term = m, fmt.Sprintf("%s: %t", deciding(d), resp.VoteGranted), resp.Term
		want = s.requestVote(m)
	} else {
		m, entries := c.appendEntries(n)
		resp, d, answered := n.HandleAppendEntries(m)
		request, got, term = m, fmt.Sprintf("%s: %t", deciding(d), resp.Success), resp.Term
		if want = s.appendEntries(m, entries); !answered {
			return m, deciding(d) + ": no answer", want
		}
	}
	return request, fmt.Sprintf("%s, term %d", got, term), fmt.Sprintf("%s, term %d", want, s.currentTerm)
}

// Node answers and changes as the paper's sentences do, in every state.
func TestReceiversAgainstPaper(t *testing.T) {
	t.Parallel()
	c := chance{rand.New(rand.NewPCG(2014, 2))}
	seen := make(map[string]int)
	for range 40_000 {
		s := c.server()
		n := s.node()
		for range 5 {
			was := show(n.State)
			request, got, want := c.receive(n, &s)
			if diff := s.differs(n); diff != "" || got != want {
				t.Fatalf("Figure 2 receiver: %s\n then %v\n says %s\n want %s\n now  %s\n %s", was, request, got, want, show(n.State), diff)
			}
			seen[want[:12]]++
		}
	}
	for _, answer := range []string{"AE1 refused:", "AE2 refused:", "AE2 passed: ", "C3 ignored: ",
		"RV1 refused:", "RV2a refused", "RV2b refused", "RV2b passed:"} {
		if seen[answer] < 1000 {
			t.Errorf("%q: only %d of 200,000 deliveries came to that; the comparison hardly asks it", answer, seen[answer])
		}
	}
	if testing.Verbose() {
		t.Log(seen)
	}
}

// paperCommit is "If there exists an N such that N > commitIndex, a majority of
// matchIndex[i] >= N, and log[N].term == currentTerm: set commitIndex = N",
// asked of every N.
func paperCommit(n *Node) Index {
	commitIndex := n.CommitIndex
	for i, e := range n.Log.Entries() {
		N, copies := Index(i+1), 1 // the leader's own
		for id, match := range n.MatchIndex {
			if NodeID(id+1) != n.ID && match >= N {
				copies++
			}
		}
		if N > commitIndex && 2*copies > n.Size && e.Term == n.CurrentTerm {
			commitIndex = N
		}
	}
	return commitIndex
}

// A leader commits what the paper's sentence says, whatever it has and knows.
func TestCommitAgainstPaper(t *testing.T) {
	t.Parallel()
	c := chance{rand.New(rand.NewPCG(2014, 4))}
	moved := 0
	for range 50_000 {
		n := NewNode(1, 1+c.IntN(9), Figure2())
		n.Log = NewLog(slices.SortedFunc(slices.Values(c.entries(6)), func(a, b Entry) int { return int(a.Term) - int(b.Term) })...)
		n.Elect(max(n.Log.LastTerm(), 1) + Term(c.IntN(2)))
		n.CommitIndex = Index(c.IntN(int(n.Log.LastIndex()) + 1))
		for i := range n.MatchIndex {
			n.MatchIndex[i] = Index(c.IntN(int(n.Log.LastIndex()) + 1))
		}
		was, want := show(n.State), paperCommit(n)
		if n.Rules.L4(n); n.CommitIndex != want {
			t.Fatalf("L4 (§5.4.2): %s\n commits up to %d, want %d", was, n.CommitIndex, want)
		}
		if show(n.State) != was {
			moved++
		}
	}
	if moved < 1000 {
		t.Errorf("L4: commitIndex moved in only %d cases; the comparison hardly asks it", moved)
	}
}
