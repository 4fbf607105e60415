package conform

import (
	"slices"

	"raftsheet/raft"
)

// A player is the reference on the other side of the protocol: it takes calls and
// replies as a right implementation would, or one that deviates. With it the
// program foretells what a deviation would answer.
type player struct {
	rules *raft.Rules
	names roster
	nodes []*raft.Node // by NodeID-1; nil for one that was not started
}

// everything is what the player keeps.
var everything = []string{"term", "votedFor", "role", "leader", "snapshot", "log", "commitIndex", "lastApplied", "nextIndex", "matchIndex"}

// do takes a call. A node that was not started is an error.
func (p *player) do(c Call) *Reply {
	r := &Reply{ID: c.head().ID}
	switch c := c.(type) {
	case *Hello:
		r.Name, r.Keeps = "the reference", everything
		return r
	case *Start:
		p.start(c)
		return r
	}
	id, n := p.node(c)
	if n == nil {
		r.Cannot = "the node was not started"
		return r
	}
	r.Answer, r.Sends = p.act(n, c)
	r.State = new(p.names.state(id, &n.State))
	return r
}

func (p *player) start(c *Start) {
	if !slices.Equal(p.names, c.Nodes) {
		p.names, p.nodes = c.Nodes, make([]*raft.Node, len(c.Nodes))
	}
	id, ok := p.names.id(Name(c.Node))
	if !ok || id == raft.NoNode {
		return
	}
	n := raft.NewNode(id, len(c.Nodes), p.rules)
	n.State = p.names.asRaft(id, &c.State)
	n.Configuration = p.names.configuration(c.Voters)
	p.nodes[id-1] = n
}

// node is the node that a call is for.
func (p *player) node(c Call) (raft.NodeID, *raft.Node) {
	id, ok := p.names.id(Name(receiver(c)))
	if !ok || id == raft.NoNode {
		return raft.NoNode, nil
	}
	return id, p.nodes[id-1]
}

// receiver is the name of the node that a call is for, empty for none.
func receiver(c Call) string {
	switch c := c.(type) {
	case *Start:
		return c.Node
	case *VoteCall:
		return c.To
	case *AppendCall:
		return c.To
	case *SnapshotCall:
		return c.To
	case *VoteResponseCall:
		return c.To
	case *AppendResponseCall:
		return c.To
	case *EventCall:
		return c.Node
	case *ClientCall:
		return c.Node
	case *RestartCall:
		return c.Node
	case *VotersCall:
		return c.Node
	}
	return ""
}

// act has a node do what a call says, and gives its answer and what it sends.
func (p *player) act(n *raft.Node, c Call) (answer Told[*CallAnswer], sends []Sends) {
	led := n.Role == raft.Leader
	switch c := c.(type) {
	case *VoteCall:
		return p.answerVote(n, c), nil
	case *AppendCall:
		return p.answerAppend(n, c), nil
	case *SnapshotCall:
		return p.answerInstall(n, c), nil
	case *VoteResponseCall:
		p.takeVote(n, c)
	case *AppendResponseCall:
		p.takeAck(n, c)
		if led && n.Role == raft.Leader && !c.Success {
			from, _ := p.names.id(Name(c.From))
			return answer, []Sends{p.append(n, from)}
		}
	case *ClientCall:
		if n.ClientRequest(c.Value); led {
			return answer, p.appendAll(n)
		}
	case *RestartCall:
		p.restart(n, c)
	case *VotersCall:
		n.Configure(p.names.configuration(c.Are))
	case *EventCall:
		if c.Do == DoStepDown {
			n.StepDown()
			break
		}
		if n.Timeout(); n.Role != raft.Follower {
			return answer, p.campaign(n)
		}
	}
	if !led && n.Role == raft.Leader {
		sends = p.appendAll(n) // "upon election: send initial empty AppendEntries RPCs"
	}
	return answer, sends
}

// campaign is what a node sends when its timeout has elapsed: a candidate asks all
// others, a leader, as it may be at once, appends.
func (p *player) campaign(n *raft.Node) (sends []Sends) {
	if n.Role == raft.Leader {
		return p.appendAll(n)
	}
	m := n.RequestVote()
	for id := range raft.AllNodes(n.Size).Without(n.ID).All() {
		sends = append(sends, Sends{To: p.names[id-1], RequestVote: new(p.names.vote(&m))})
	}
	return sends
}

func (p *player) appendAll(n *raft.Node) (sends []Sends) {
	for id := range raft.AllNodes(n.Size).Without(n.ID).All() {
		sends = append(sends, p.append(n, id))
	}
	return sends
}

// append is what a leader has for a node.
func (p *player) append(n *raft.Node, to raft.NodeID) Sends {
	if n.NeedsSnapshot(to) {
		m := n.InstallSnapshot()
		return Sends{To: p.names[to-1], InstallSnapshot: new(p.names.install(&m))}
	}
	m := n.AppendEntries(to)
	return Sends{To: p.names[to-1], AppendEntries: new(p.names.append(&m))}
}

func (p *player) answerVote(n *raft.Node, c *VoteCall) Told[*CallAnswer] {
	resp, _, answered := n.HandleRequestVote(p.names.asVote(&c.VoteArguments))
	if !answered {
		return tell[*CallAnswer](nil)
	}
	return tell(&CallAnswer{Term: resp.Term, VoteGranted: &resp.VoteGranted})
}

func (p *player) answerAppend(n *raft.Node, c *AppendCall) Told[*CallAnswer] {
	resp, _, answered := n.HandleAppendEntries(p.names.asAppend(&c.AppendArguments))
	if !answered {
		return tell[*CallAnswer](nil)
	}
	a := &CallAnswer{Term: resp.Term, Success: &resp.Success}
	if resp.Success {
		a.MatchIndex = &resp.MatchIndex
	}
	return tell(a)
}

func (p *player) answerInstall(n *raft.Node, c *SnapshotCall) Told[*CallAnswer] {
	resp, _, answered := n.HandleInstallSnapshot(p.names.asInstall(&c.SnapshotArguments))
	if !answered {
		return tell[*CallAnswer](nil)
	}
	return tell(&CallAnswer{Term: resp.Term})
}

// takeVote takes in a vote. One whose request is not told answers one of its own
// term.
func (p *player) takeVote(n *raft.Node, c *VoteResponseCall) {
	v := raft.Vote{Request: c.Term, Term: c.Term, Granted: c.VoteGranted}
	v.From, _ = p.names.id(Name(c.From))
	if c.Request != nil {
		v.Request = c.Request.Term
	}
	n.HandleVote(v)
}

func (p *player) takeAck(n *raft.Node, c *AppendResponseCall) {
	a := raft.Ack{Request: c.Term, Term: c.Term, Success: c.Success}
	a.From, _ = p.names.id(Name(c.From))
	if c.MatchIndex != nil {
		a.MatchIndex = *c.MatchIndex
	}
	switch q := c.Request; {
	case q == nil:
	case q.Install != nil:
		a.Request = q.Install.Term
	default:
		a.Request, a.Entries = q.Append.Term, len(q.Append.Entries)
	}
	n.HandleAck(a)
}

// restart brings a node up. A disk that gives back what other rules have left no
// room for gives back everything.
func (p *player) restart(n *raft.Node, c *RestartCall) {
	if c.Disk != nil {
		var d raft.Disk
		if c.Disk.Term.Told {
			d.CurrentTerm = &c.Disk.Term.Value
		}
		if c.Disk.VotedFor.Told {
			vote, _ := p.names.id(c.Disk.VotedFor.Value)
			d.VotedFor = &vote
		}
		if c.Disk.Log.Told {
			log := raft.NewLogAfter(n.Log.Snapshot(), raftEntries(c.Disk.Log.Value)...)
			d.Log = &log
		}
		if _, err := n.RestartFrom(d); err == nil {
			return
		}
	}
	n.Restart()
}
