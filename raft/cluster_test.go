package raft

import (
	"fmt"
	"slices"
	"strings"
)

// A cluster is servers and the messages between them: every message was sent
// by a server of the cluster, and may be delivered late, twice or never. It
// keeps what the laws look back on.
type cluster struct {
	nodes     []*Node
	wire      []packet
	decisions []Decision // of all servers, in the order taken
	values    int        // commands so far: each is another
	trouble   trouble    // what Figure 2 does not reckon with

	leaders   map[Term]NodeID // who led each term
	committed []commitment    // what leaders committed, by index from 1
	applied   []Entry         // what any server applied first, by index from 1
	votes     map[grant]bool  // every vote that was granted
	voted     map[ballot]NodeID
}

// A trouble is a thing that befalls a cluster and that Figures 2 and 13 promise
// nothing about.
type trouble int

const (
	none     trouble = iota
	termLost         // disks give back a lower term, and so no vote
	voteLost         // disks give back no vote
	logLost          // disks give back a shorter log
	revoter          // who votes changes, by no log entry
)

// A packet is a message on its way: *RequestVote, *AppendEntries,
// *InstallSnapshot, Vote or Ack.
type packet struct {
	to      NodeID
	message any
}

// A commitment is a committed entry, and the term in which it was committed.
type commitment struct {
	entry Entry
	term  Term
}

// A grant is a vote that was given: who has it, and from whom.
type grant struct {
	term          Term
	voter, holder NodeID
}

// A ballot is a server's one vote in a term.
type ballot struct {
	term  Term
	voter NodeID
}

// choose gives a number from 0 to n-1. All that happens in a cluster follows
// from such choices.
type choose func(n int) int

// A happening is what one step did to one server.
type happening struct {
	text     string
	node     NodeID
	restart  bool
	lost     bool             // the disk gave back less
	revoter  bool             // it counts by another configuration
	command  bool             // a client's, taken or not
	snapshot bool             // the server takes a snapshot of what it has applied
	install  *InstallSnapshot // nil: none was delivered
	request  *AppendEntries   // nil: none was delivered
	answered bool
	refused  bool // the answer to a request of either kind is false
}

func newCluster(size int, rules *Rules) *cluster {
	c := &cluster{leaders: make(map[Term]NodeID), votes: make(map[grant]bool), voted: make(map[ballot]NodeID)}
	for id := NodeID(1); int(id) <= size; id++ {
		n := NewNode(id, size, rules)
		n.Record = &c.decisions
		c.nodes = append(c.nodes, n)
	}
	return c
}

// step lets one thing happen. Mostly a message is sent or arrives; the wire is
// short, so that what is not delivered soon is lost.
func (c *cluster) step(pick choose) happening {
	const longest = 16
	if extra := len(c.wire) - longest; extra > 0 {
		c.wire = c.wire[extra:]
	}
	node := c.nodes[pick(len(c.nodes))]
	switch what := pick(52); {
	case what == 48:
		if node.LastApplied > 0 && node.LastApplied <= node.Log.LastIndex() {
			node.Log = node.Log.compact(node.LastApplied)
		}
		return happening{text: "snapshot", node: node.ID, snapshot: true}
	case what == 49 && pick(4) == 0:
		return happening{text: fmt.Sprint("steps down: ", node.StepDown()), node: node.ID}
	case what >= 50 && c.trouble != none:
		return c.befall(node, pick)
	case what < 24 && len(c.wire) > 0:
		return c.deliver(pick(len(c.wire)), what < 21)
	case what < 25 && len(c.wire) > 0:
		i := pick(len(c.wire))
		c.wire = slices.Delete(c.wire, i, i+1)
		return happening{text: "a message is lost"}
	case what < 26:
		return c.timeout(node)
	case what < 27:
		node.Restart()
		return happening{text: "restart", node: node.ID, restart: true}
	case what < 36:
		c.values++
		d := node.ClientRequest(fmt.Sprint("c", c.values))
		return happening{text: "client: " + deciding(d), node: node.ID, command: true}
	default:
		return c.replicate(pick)
	}
}

// fix gives all servers the same voters, who stay: some of the servers, in one list
// or two.
func (c *cluster) fix(pick choose) {
	some := func() NodeSet { return NodeSet(1 + pick(1<<len(c.nodes)-1)) }
	voters := Configuration{Voters: some()}
	if pick(2) == 0 {
		voters.Joint = some()
	}
	for _, n := range c.nodes {
		n.Configure(voters)
	}
}

// befall lets the cluster's trouble happen to a server.
func (c *cluster) befall(n *Node, pick choose) happening {
	var d Disk
	switch c.trouble {
	case revoter:
		n.Configure(Configuration{Voters: NodeSet(1 + pick(1<<len(c.nodes)-1))})
		return happening{text: "another configuration", node: n.ID, revoter: true}
	case termLost:
		d.CurrentTerm = new(n.CurrentTerm - min(n.CurrentTerm, 1))
	case voteLost:
		d.VotedFor = new(NoNode)
	case logLost:
		d.Log = new(n.Log.Truncate(Index(pick(int(n.Log.LastIndex()) + 1))))
	}
	lost, err := n.RestartFrom(d)
	if err != nil {
		panic(err) // a mistake of this test
	}
	return happening{text: "restart", node: n.ID, restart: true, lost: lost}
}

// timeout is the election timeout: whoever then is a candidate asks all others.
func (c *cluster) timeout(n *Node) happening {
	d := n.Timeout()
	if n.Role == Candidate {
		m := n.RequestVote()
		for _, to := range c.nodes {
			if to != n {
				c.wire = append(c.wire, packet{to.ID, &m})
			}
		}
	}
	return happening{text: "timeout: " + deciding(d), node: n.ID}
}

// replicate sends AppendEntries from one of the leaders, if any, to another:
// all that there is from nextIndex on, or only the first few of it.
func (c *cluster) replicate(pick choose) happening {
	var leaders []*Node
	for _, n := range c.nodes {
		if n.Role == Leader && len(c.nodes) > 1 {
			leaders = append(leaders, n)
		}
	}
	if len(leaders) == 0 {
		return happening{text: "nobody leads"}
	}
	n := leaders[pick(len(leaders))]
	to := NodeID((int(n.ID)+pick(len(c.nodes)-1))%len(c.nodes) + 1) // any but n
	if n.NeedsSnapshot(to) || n.Log.Snapshot().Index > 0 && pick(8) == 0 {
		m := n.InstallSnapshot()
		c.wire = append(c.wire, packet{to, &m})
		return happening{text: fmt.Sprintf("%d is sent %v", to, m), node: n.ID}
	}
	m := n.AppendEntries(to)
	if few := pick(8); few < m.Entries.Len() {
		m.Entries = NewEntries(m.PrevLogIndex, m.PrevLogTerm, m.Entries.Slice()[:few]...)
	}
	c.wire = append(c.wire, packet{to, &m})
	return happening{text: fmt.Sprintf("%d is sent %v", to, m), node: n.ID}
}

// deliver delivers message i of the wire, and leaves it there for a second
// time unless it is taken off.
func (c *cluster) deliver(i int, takeOff bool) happening {
	p := c.wire[i]
	if takeOff {
		c.wire = slices.Delete(c.wire, i, i+1)
	}
	n := c.nodes[p.to-1]
	h := happening{text: fmt.Sprintf("%d receives %+v", p.to, p.message), node: p.to}
	switch m := p.message.(type) {
	case *RequestVote:
		resp, _, _ := n.HandleRequestVote(m)
		h.refused = !resp.VoteGranted
		if resp.VoteGranted {
			c.votes[grant{m.Term, p.to, m.CandidateID}] = true
		}
		c.wire = append(c.wire, packet{m.CandidateID, Vote{p.to, m.Term, resp.Term, resp.VoteGranted}})
	case *AppendEntries:
		resp, _, answered := n.HandleAppendEntries(m)
		h.request, h.answered, h.refused = m, answered, answered && !resp.Success
		a := Ack{From: p.to, Request: m.Term, Term: resp.Term, Success: resp.Success, Entries: m.Entries.Len()}
		if resp.Success {
			a.MatchIndex = m.LastNewIndex()
		}
		if answered {
			c.wire = append(c.wire, packet{m.LeaderID, a})
		}
	case *InstallSnapshot:
		resp, _, answered := n.HandleInstallSnapshot(m)
		h.install, h.answered, h.refused = m, answered, answered && resp.Term > m.Term
		if answered {
			c.wire = append(c.wire, packet{m.LeaderID, resp.Ack(p.to, *m)})
		}
	case Vote:
		n.HandleVote(m)
	case Ack:
		n.HandleAck(m)
	}
	return h
}

// states gives a copy of every server's state.
func (c *cluster) states() []State {
	var all []State
	for _, n := range c.nodes {
		all = append(all, n.State.Clone())
	}
	return all
}

// String shows every server's state, a line each.
func (c *cluster) String() string {
	var b strings.Builder
	for _, n := range c.nodes {
		fmt.Fprintf(&b, "  %d: %s\n", n.ID, show(n.State))
	}
	return b.String()
}
