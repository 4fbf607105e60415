package raft

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

// becomeFollower leaves candidacy or leadership, and forgets who leads: it is
// another term, or another leader is recognised right after.
func (n *Node) becomeFollower() {
	n.Role = Follower
	n.Leader = NoNode
	n.Votes = 0
	n.NextIndex, n.MatchIndex = nil, nil
	n.Extra = Extra{}
}

// Rules is the decisions of Figures 2 and 13, each a function of its own, so that
// a deviation from them is a value with another function in one place.
//
// A function that returns a Decision changes the node as its rule says and
// returns the figures on which it decided, in the node's scratch (see
// [Node.Decide]). A Rules value is not changed once nodes play by it, and may be
// shared; a Node belongs to one goroutine.
type Rules struct {
	Name string // figure2, or the names of what deviates from it, joined by commas

	A1 func(n *Node) *Decision
	A2 func(n *Node, m Heard) *Decision

	AE1 func(n *Node, m *AppendEntries) *Decision
	AE2 func(n *Node, m *AppendEntries) *Decision
	AE3 func(n *Node, m *AppendEntries) *Decision
	AE4 func(n *Node, m *AppendEntries) *Decision
	AE5 func(n *Node, m *AppendEntries) *Decision

	RV1  func(n *Node, m *RequestVote) *Decision
	RV2a func(n *Node, m *RequestVote) *Decision
	RV2b func(n *Node, m *RequestVote) *Decision

	C1 func(n *Node) *Decision
	C2 func(n *Node, v Vote) *Decision
	C3 func(n *Node, c Claim) *Decision

	L2 func(n *Node, value string) *Decision
	L3 func(n *Node, a Ack) *Decision
	L4 func(n *Node) *Decision

	IS1 func(n *Node, m *InstallSnapshot) *Decision
	IS6 func(n *Node, m *InstallSnapshot) *Decision
	IS7 func(n *Node, m *InstallSnapshot) *Decision
	IS8 func(n *Node, m *InstallSnapshot) *Decision

	// GrantVote is RV2's consequence: votedFor. RefuseVote and RefuseAppend
	// are what a refused request leaves behind beyond a higher term, which is
	// nothing.
	GrantVote    func(n *Node, m *RequestVote)
	RefuseVote   func(n *Node, m *RequestVote)
	RefuseAppend func(n *Node, m *AppendEntries)

	// Matched is how far a success vouches for the follower's log (§5.3).
	Matched func(n *Node, m *AppendEntries) Index

	// Majority is how many of these voters are a majority (§5.2), and Replicated
	// the highest index that so many of them hold. Of a configuration with two
	// lists each is asked about both.
	Majority   func(voters NodeSet) int
	Replicated func(n *Node, voters NodeSet, need int) Index
	// Lead makes the winner of an election the leader: Figure 2's
	// "Reinitialized after election".
	Lead func(n *Node)
	// Restart gives what is left of a server's state after a crash.
	Restart func(n *Node) State
	// ReplyTerm is the term of an answer to a request: "currentTerm, for leader
	// to update itself".
	ReplyTerm func(n *Node) Term
	// SendRequestVote, SendAppendEntries and SendInstallSnapshot fill in the
	// arguments of a request from the state of the server that sends it.
	SendRequestVote     func(n *Node) RequestVote
	SendAppendEntries   func(n *Node, to NodeID) AppendEntries
	SendInstallSnapshot func(n *Node) InstallSnapshot

	// HeedsLeader says that some rule decides by [State.Leader]. None of the
	// paper's does, so that two states that differ in it alone are as good as one.
	HeedsLeader bool
}

const figure2 = "figure2" // the name of the paper's rules
