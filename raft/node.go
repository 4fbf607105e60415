package raft

import "slices"

// A State is the state of one server, under the headings of Figure 2. The
// snapshot that its log begins after is part of the log, see [Log.Snapshot]. A State is a
// value; only NextIndex and MatchIndex are shared between copies, see Clone.
type State struct {
	// Persistent state on all servers.
	CurrentTerm Term   // latest term the server has seen; 0 at first, never falls
	VotedFor    NodeID // candidate that received the vote in currentTerm, or NoNode
	Log         Log    // the entries; the first has index 1, or comes right after a snapshot

	// Volatile state on all servers.
	CommitIndex Index // highest entry known to be committed; never falls, nor lies below the snapshot's last
	LastApplied Index // highest entry applied; the same

	// Role is follower, candidate or leader (§5.1).
	Role Role

	// Leader is the leader of currentTerm that the server knows: the one whose
	// AppendEntries or InstallSnapshot it has accepted as such, or itself; NoNode
	// if it knows none. Figure 2 decides nothing by it ("so followers can redirect
	// clients"); some real implementations do.
	Leader NodeID

	// Votes is a candidate's: who granted it a vote in currentTerm.
	Votes NodeSet

	// Volatile state on leaders, by NodeID-1; nil on others. The leader's own
	// places count for nothing: its copies are its log.
	NextIndex  []Index // next entry to send to that server
	MatchIndex []Index // highest entry known to be replicated on that server

	// Extra is what rules that deviate keep beyond the figure.
	Extra Extra
}

// Extra is what some deviations have a server remember. Under [Figure2] it is
// always zero. It does not outlive a role.
type Extra struct {
	Answered NodeSet // a candidate's: who has answered its request, either way
	Again    int     // a candidate's: grants of servers that had granted before
}

// Clone gives a copy that shares nothing that changes.
func (s State) Clone() State {
	s.NextIndex = slices.Clone(s.NextIndex)
	s.MatchIndex = slices.Clone(s.MatchIndex)
	return s
}

// A Node is one server of a cluster: its state, and the rules that it plays by.
type Node struct {
	State
	ID    NodeID
	Size  int // servers in the cluster, this one included
	Rules *Rules

	// Configuration is whose votes and copies the server counts. It changes by
	// Configure.
	Configuration Configuration

	// Record, where it is set, collects every decision in the order taken.
	Record *[]Decision

	was     State    // the state in which the latest message found the node
	seen    State    // the state at the latest recorded decision, see record
	scratch Decision // see Decide
}

// NewNode gives a server at start-up: a follower of term 0 with an empty log,
// one of size servers (1 to [MaxNodes]) that are all voters.
func NewNode(id NodeID, size int, rules *Rules) *Node {
	return &Node{ID: id, Size: size, Rules: rules, Configuration: Configuration{Voters: AllNodes(size)}}
}

// Decide begins a decision of a rule: the rule fills in its figures and returns
// it. It is the node's one scratch decision, which the next rule overwrites, so
// that deciding allocates and copies nothing.
func (n *Node) Decide(rule Rule, outcome Outcome) *Decision {
	n.scratch = Decision{Rule: rule, Outcome: outcome}
	return &n.scratch
}

// hear takes in a message's term (A2) and keeps what the message found.
func (n *Node) hear(m Heard) *Decision {
	n.begin()
	n.was = n.State
	return n.note(n.Rules.A2(n, m))
}

// apply follows every change of commitIndex.
func (n *Node) apply() { n.note(n.Rules.A1(n)) }

// HandleAppendEntries answers the AppendEntries RPC (Figure 2, "Receiver
// implementation"). The decision is that of the line which settled the answer:
// AE1 or AE2.
//
// A node that leads m.Term itself does not answer at all, and answered is
// false: Election Safety rules the case out, and Figure 2 is silent on it.
func (n *Node) HandleAppendEntries(m *AppendEntries) (resp AppendEntriesResponse, why Decision, answered bool) {
	n.hear(Heard{Kind: AppendEntriesRequest, Term: m.Term})
	if d := n.note(n.Rules.AE1(n, m)); d.Outcome != Passed {
		return n.refuseAppend(m, d)
	}
	if n.Role == Leader && m.Term == n.CurrentTerm {
		return AppendEntriesResponse{}, *n.note(n.secondLeader(Claim{m.Term, m.LeaderID})), false
	}
	if d := n.note(n.Rules.C3(n, Claim{m.Term, m.LeaderID})); d.Outcome == Refused {
		return n.refuseAppend(m, d)
	}
	d := n.note(n.Rules.AE2(n, m))
	if d.Outcome == Refused {
		return n.refuseAppend(m, d)
	}
	why = *d
	n.note(n.Rules.AE3(n, m))
	if d := n.note(n.Rules.AE4(n, m)); d.Outcome == Refused {
		return n.refuseAppend(m, d)
	}
	n.note(n.Rules.AE5(n, m))
	n.apply()
	return AppendEntriesResponse{Term: n.Rules.ReplyTerm(n), Success: true, MatchIndex: n.Rules.Matched(n, m)}, why, true
}

func (n *Node) refuseAppend(m *AppendEntries, d *Decision) (AppendEntriesResponse, Decision, bool) {
	why := *d
	n.Rules.RefuseAppend(n, m)
	n.settle()
	return AppendEntriesResponse{Term: n.Rules.ReplyTerm(n), Success: false}, why, why.Outcome == Refused
}

// secondLeader is the case that Figure 2 rules out: two leaders of one term.
func (n *Node) secondLeader(c Claim) *Decision {
	d := n.Decide(C3, Ignored)
	d.Node, d.Role, d.Term, d.Current = c.LeaderID, n.Role, c.Term, n.CurrentTerm
	return d
}

// HandleRequestVote answers the RequestVote RPC (Figure 2, "Receiver
// implementation"). The decision is that of the line which settled the answer:
// RV1, RV2a or RV2b. Under Figure 2 every request is answered.
func (n *Node) HandleRequestVote(m *RequestVote) (resp RequestVoteResponse, why Decision, answered bool) {
	n.hear(Heard{Kind: RequestVoteRequest, Term: m.Term})
	d := n.note(n.Rules.RV1(n, m))
	if d.Outcome == Passed {
		d = n.note(n.Rules.RV2a(n, m))
	}
	if d.Outcome == Passed {
		d = n.note(n.Rules.RV2b(n, m))
	}
	why = *d
	if why.Outcome != Passed {
		n.Rules.RefuseVote(n, m)
		n.settle()
		return RequestVoteResponse{Term: n.Rules.ReplyTerm(n), VoteGranted: false}, why, why.Outcome == Refused
	}
	n.Rules.GrantVote(n, m)
	n.settle()
	return RequestVoteResponse{Term: n.Rules.ReplyTerm(n), VoteGranted: true}, why, true
}

// HandleVote takes in an answer to the node's own RequestVote. The decision is
// A2's where a higher term made it step down, otherwise C2's.
func (n *Node) HandleVote(v Vote) Decision {
	if d := n.hear(Heard{Kind: RequestVoteAnswer, Term: v.Term, Request: v.Request}); d.Outcome == Acted {
		return *d
	}
	d := *n.note(n.Rules.C2(n, v))
	if d.Outcome == Acted && d.Count >= d.Need {
		n.lead()
	}
	return d
}

// HandleAck takes in an answer to the node's own AppendEntries, or to its
// InstallSnapshot (see [InstallSnapshotResponse.Ack]). The decision is A2's where a
// higher term made it step down, otherwise L3's.
func (n *Node) HandleAck(a Ack) Decision {
	if d := n.hear(Heard{Kind: AppendEntriesAnswer, Term: a.Term, Request: a.Request, Heartbeat: a.Entries == 0}); d.Outcome == Acted {
		return *d
	}
	d := *n.note(n.Rules.L3(n, a))
	if d.Outcome == Acted && a.Success {
		n.advanceCommit()
	}
	return d
}

// Timeout is the election timeout elapsing (F2): a follower or candidate
// starts an election (C1), and leads at once if its own vote is a majority (C2). A
// leader's timeout is a heartbeat falling due, which changes nothing.
func (n *Node) Timeout() Decision {
	n.begin()
	d := n.Decide(F2, Acted)
	d.Role, d.Current = n.Role, n.CurrentTerm
	if n.Role == Leader {
		d.Outcome = Idle
		return *n.note(d)
	}
	n.note(d)
	started := *n.note(n.Rules.C1(n))
	if count, need := n.votes(); count >= need {
		d := n.Decide(C2, Acted)
		d.Node, d.Role, d.Term, d.Current = n.ID, n.Role, n.CurrentTerm, n.CurrentTerm
		d.Count, d.Need = count, need
		n.note(d)
		n.lead()
	}
	return started
}

// ClientRequest is a command from a client (L2). Only a leader takes it.
func (n *Node) ClientRequest(value string) Decision {
	n.begin()
	d := *n.note(n.Rules.L2(n, value))
	switch {
	case d.Outcome == Acted && n.Configuration.only(n.ID):
		n.advanceCommit()
	case n.CommitIndex > n.LastApplied:
		n.apply()
	}
	return d
}

// RequestVote is the request that the node, a candidate, sends to every other.
func (n *Node) RequestVote() RequestVote {
	return n.Rules.SendRequestVote(n)
}

// AppendEntries is the request that the node, a leader, sends to that server
// now: the entries from nextIndex on, or a heartbeat if there are none (L3). What
// its snapshot covers it cannot send: ask NeedsSnapshot first, or the request
// begins right after the snapshot.
func (n *Node) AppendEntries(to NodeID) AppendEntries {
	return n.Rules.SendAppendEntries(n, to)
}

// Elect makes the node leader of the term, by votes that were given unseen:
// votedFor is itself, nextIndex and matchIndex are fresh. It is recorded as C2's
// decision, with the term before, no voter, and no votes counted.
func (n *Node) Elect(term Term) {
	n.begin()
	d := n.Decide(C2, Acted)
	d.Role, d.Term, d.Current = n.Role, term, n.CurrentTerm
	_, d.Need = n.votes()
	n.CurrentTerm = term
	n.VotedFor = n.ID
	n.note(d)
	n.lead()
}

func (n *Node) lead() {
	n.Rules.Lead(n)
	n.settle()
	n.apply()
}

func (n *Node) advanceCommit() Decision {
	d := *n.note(n.Rules.L4(n))
	n.apply()
	return d
}

// becomeFollower leaves candidacy or leadership, and forgets who leads: it is
// another term, or another leader is recognised right after.
func (n *Node) becomeFollower() {
	n.Role = Follower
	n.Leader = NoNode
	n.Votes = 0
	n.NextIndex, n.MatchIndex = nil, nil
	n.Extra = Extra{}
}
