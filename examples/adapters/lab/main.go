// Command lab is an adapter of a Raft as courses have it written: handlers
//
//	func (rf *Raft) RequestVote(args *RequestVoteArgs, reply *RequestVoteReply)
//	func (rf *Raft) AppendEntries(args *AppendEntriesArgs, reply *AppendEntriesReply)
//
// of a server that is made by Make, counts its peers from 0 and knows no
// snapshots. raft.go, election.go and replication.go are the Raft, this file is the
// adapter. The server is made without its goroutines, so that nothing happens but
// what the adapter is asked.
//
//	raftsheet run --sut 'go run ./examples/adapters/lab' examples
package main

import (
	"cmp"
	"slices"
	"sync"

	"raftsheet/check/conform/serve" // a copy of it, in your own module
)

func main() { serve.Serve(func() serve.Node { return &node{} }) }

// A node is a server behind the protocol.
type node struct {
	*Raft
	serve.Nodes
	disk disk
	sent outbox
}

func (n *node) About() serve.About {
	return serve.About{Name: "a lab's Raft", Keeps: []string{"term", "votedFor", "role", "log", "commitIndex", "nextIndex", "matchIndex"}}
}

// Start makes the server, and puts it in the state.
func (n *node) Start(s serve.Start) error {
	n.Nodes = s.Nodes
	if len(s.Voters) != 1 || len(s.Voters[0]) != len(s.Nodes) {
		return serve.Cannot("all servers of a lab vote")
	}
	peers := make([]Peer, len(s.Nodes))
	for i := range peers {
		peers[i] = &peer{n.Name(i), n}
	}
	rf := newRaft(peers, n.Index(s.Node), &n.disk)
	n.Raft = rf
	rf.role = role(slices.Index([]string{"follower", "candidate", "leader"}, s.State.Role))
	rf.currentTerm, rf.votedFor, rf.commitIndex = s.State.Term, n.Index(s.State.VotedFor), s.State.CommitIndex
	rf.log = append(rf.log, fromTrace(s.State.Log)...)
	switch rf.role {
	case candidate:
		rf.votes = map[int]bool{rf.me: true}
	case leader:
		rf.nextIndex, rf.matchIndex = n.indexes(s.State.NextIndex), n.indexes(s.State.MatchIndex)
	}
	rf.persist()
	return nil
}

func (n *node) RequestVote(m serve.RequestVote) (*serve.Answer, error) {
	var reply RequestVoteReply
	n.Raft.RequestVote(n.voteArgs(&m), &reply)
	return &serve.Answer{Term: reply.Term, OK: reply.VoteGranted}, nil
}

func (n *node) AppendEntries(m serve.AppendEntries) (*serve.Answer, error) {
	var reply AppendEntriesReply
	n.Raft.AppendEntries(n.appendArgs(&m), &reply)
	return &serve.Answer{Term: reply.Term, OK: reply.Success}, nil
}

func (n *node) State() serve.State {
	rf := n.Raft
	s := serve.State{Term: rf.currentTerm, VotedFor: n.Name(rf.votedFor), Role: rf.role.String(), Log: toTrace(rf.log[1:]), CommitIndex: rf.commitIndex}
	if rf.role == leader {
		s.NextIndex, s.MatchIndex = n.named(rf.nextIndex), n.named(rf.matchIndex)
	}
	return s
}

// The rest is for live runs: what happens to a server beside requests.

func (n *node) Timeout() error {
	if n.role != leader {
		n.elect()
	}
	return nil
}

func (n *node) ClientRequest(value string) error {
	n.Raft.Start(value)
	return nil
}

func (n *node) VoteResponse(r serve.VoteResponse) error {
	if r.Request == nil {
		r.Request = &serve.RequestVote{Term: r.Term}
	}
	n.takeVote(n.Index(r.From), n.voteArgs(r.Request), &RequestVoteReply{r.Term, r.Granted})
	return nil
}

// AppendResponse takes the index that an answer vouches for from its request, as the
// labs do.
func (n *node) AppendResponse(r serve.AppendResponse) error {
	if r.Request == nil {
		r.Request = &serve.AppendEntries{Term: r.Term, PrevLogIndex: r.MatchIndex}
	}
	n.takeAppended(n.Index(r.From), n.appendArgs(r.Request), &AppendEntriesReply{r.Term, r.Success})
	return nil
}

func (n *node) Restart(d serve.Disk) error {
	if d != (serve.Disk{}) {
		return serve.Cannot("a lab's disk loses nothing")
	}
	n.Raft = newRaft(n.peers, n.me, &n.disk)
	return nil
}

// Sends waits until all calls have gone out, and gives them in the order of their
// receivers.
func (n *node) Sends() []serve.Sent {
	n.calls.Wait()
	sent := n.sent.all
	n.sent.all = nil
	slices.SortStableFunc(sent, func(a, b serve.Sent) int { return cmp.Compare(n.Index(a.To), n.Index(b.To)) })
	return sent
}

// A peer is a network that keeps what is sent, and answers nothing.
type peer struct {
	to   serve.Name
	node *node
}

// An outbox is what a server has sent.
type outbox struct {
	sync.Mutex
	all []serve.Sent
}

func (p *peer) Call(_ string, args, _ any) bool {
	sent := serve.Sent{To: p.to}
	switch a := args.(type) {
	case *RequestVoteArgs:
		sent.RequestVote = &serve.RequestVote{Term: a.Term, CandidateID: p.node.Name(a.CandidateId), LastLogIndex: a.LastLogIndex, LastLogTerm: a.LastLogTerm}
	case *AppendEntriesArgs:
		sent.AppendEntries = &serve.AppendEntries{Term: a.Term, LeaderID: p.node.Name(a.LeaderId), PrevLogIndex: a.PrevLogIndex, PrevLogTerm: a.PrevLogTerm,
			Entries: toTrace(a.Entries), LeaderCommit: a.LeaderCommit}
	}
	p.node.sent.Lock()
	defer p.node.sent.Unlock()
	p.node.sent.all = append(p.node.sent.all, sent)
	return false
}

// A disk is a persister that keeps what it is given.
type disk struct{ state []byte }

func (d *disk) Save(state []byte) { d.state = state }
func (d *disk) Read() []byte      { return d.state }

func (n *node) voteArgs(m *serve.RequestVote) *RequestVoteArgs {
	return &RequestVoteArgs{m.Term, n.Index(m.CandidateID), m.LastLogIndex, m.LastLogTerm}
}

func (n *node) appendArgs(m *serve.AppendEntries) *AppendEntriesArgs {
	return &AppendEntriesArgs{m.Term, n.Index(m.LeaderID), m.PrevLogIndex, m.PrevLogTerm, fromTrace(m.Entries), m.LeaderCommit}
}

func fromTrace(entries []serve.Entry) (es []Entry) {
	for _, e := range entries {
		es = append(es, Entry{e.Term, e.Value})
	}
	return es
}

func toTrace(entries []Entry) []serve.Entry {
	es := []serve.Entry{}
	for _, e := range entries {
		es = append(es, serve.Entry{Term: e.Term, Value: e.Command.(string)})
	}
	return es
}

// indexes gives a leader's nextIndex or matchIndex by the peers' places.
func (n *node) indexes(of map[serve.Name]int) []int {
	out := make([]int, len(n.Nodes))
	for name, index := range of {
		out[n.Index(name)] = index
	}
	return out
}

// named is indexes the other way round. Its own place is of no account.
func (n *node) named(indexes []int) map[serve.Name]int {
	out := make(map[serve.Name]int)
	for peer, index := range indexes {
		if peer != n.me {
			out[n.Name(peer)] = index
		}
	}
	return out
}
