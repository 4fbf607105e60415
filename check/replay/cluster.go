package replay

import (
	"maps"
	"slices"

	"raftsheet/raft"
	"raftsheet/trace"
)

// A Cluster is a replay in its course: the nodes of a trace after some steps. It
// belongs to one goroutine, together with its clones.
type Cluster struct {
	run   *Run
	t     *trace.Trace
	all   raft.NodeSet
	nodes []*raft.Node // by NodeID-1; nil for unknown nodes

	up       raft.NodeSet
	downBy   [raft.MaxNodes]int // the step that took the node down
	group    [raft.MaxNodes]int // the group of the partition, all 0 for none
	cutBy    int                // the step that made the partition
	senders  senders
	safe     safety
	given    *responses // nil where the trace has no late responses
	doubtful raft.NodeSet
	met      [raft.MaxNodes]raft.NodeSet // whom each node could reach at some time since the first step
	unsent   [raft.MaxNodes]raft.Index   // the first entry of a client's request that each has not sent yet, 0 for none
	claims   claims                      // what unknown nodes have sent
	unread   raft.NodeSet                // see Step.Unread
	losing   raft.NodeSet                // those whose state rests on what cannot be read, once the step is over
	skipped  raft.Term                   // terms before its own in which a node has just stood unwritten
	leader   raft.Node                   // room for a leader whose request is worked out, see asLeader
	next     raft.Node                   // room for a node that would stand for election, see offer

	cur     *Step        // the step that is being played
	at      int          // its number
	touched raft.NodeSet // nodes that it may have changed
	stage   stage

	sent   int // requests delivered, each to one node
	work   int // entries gone through one by one
	growth int // entries delivered under a deviation

	room   []Delivery // for the deliveries of steps to come
	states stateStore
}

// New gives the nodes of a trace in their initial states. Of the trace's steps it
// looks only at whether any answer comes late; to apply others, give a trace
// without steps.
func New(t *trace.Trace, rules *raft.Rules) *Cluster {
	n := t.Size()
	c := &Cluster{
		run: &Run{Trace: t, Rules: rules, initial: make([]raft.State, n), versions: make([][]version, n), terms: make([][]Term, n)},
		t:   t, all: raft.AllNodes(n), up: raft.AllNodes(n), nodes: make([]*raft.Node, n),
	}
	c.unread = t.Unread &^ t.Unknown
	c.run.unread = c.unread
	for id := range (c.all &^ t.Unknown &^ c.unread).All() {
		c.nodes[id-1] = raft.NewNode(id, n, rules)
		c.nodes[id-1].Configuration = c.run.Configuration(id, 0)
	}
	if len(t.Steps) == 0 || slices.ContainsFunc(t.Steps, func(s trace.Step) bool { return isResponse(s.Event) }) {
		c.given = newResponses()
	}
	c.bind()
	c.senders.init()
	c.claims.init()
	c.safe.init(c)
	c.start()
	if c.run.OnPaper = onPaper(t); c.run.OnPaper {
		c.doubtful = raft.SetOf(t.RaftID)
	}
	return c
}

// onPaper reports whether a trace is the sheet of one node and shows nothing but
// requests that the node sent and tables: the paper form has room for no more.
func onPaper(t *trace.Trace) bool {
	return t.RaftID != raft.NoNode && !slices.ContainsFunc(t.Steps, func(s trace.Step) bool {
		switch s.Event.(type) {
		case nil:
			return false
		case *trace.RequestVote, *trace.AppendEntries, *trace.InstallSnapshot:
			sender, _ := s.Sender()
			return sender != t.RaftID
		}
		return true
	})
}

// bind ties the stage and the safety properties to this cluster.
func (c *Cluster) bind() {
	c.stage = stage{node: c.Node, after: c.changed}
	c.safe.c = c
}

// Clone gives a copy that goes on by itself. What has been played so far is
// shared, and is changed by neither.
func (c *Cluster) Clone() *Cluster {
	d := *c
	d.run = c.run.clone()
	d.nodes = make([]*raft.Node, len(c.nodes))
	for i, n := range c.nodes {
		if n != nil {
			m := *n
			m.State = n.State.Clone()
			d.nodes[i] = &m
		}
	}
	d.leader, d.next = raft.Node{}, raft.Node{}
	d.senders = c.senders.clone()
	d.claims = c.claims.clone()
	d.safe = c.safe.clone()
	if c.given != nil {
		d.given = &responses{maps.Clone(c.given.answers), maps.Clone(c.given.success)}
	}
	d.room, d.states, d.cur = nil, stateStore{}, nil
	d.bind()
	return &d
}

// Run is what has been played so far. It grows with the cluster.
func (c *Cluster) Run() *Run { return c.run }

// Node gives a node as it is now, nil if it is unknown.
func (c *Cluster) Node(id raft.NodeID) *raft.Node { return c.nodes[id-1] }

func (c *Cluster) isUp(id raft.NodeID) bool { return c.up.Has(id) }

// start puts the initial states in place.
func (c *Cluster) start() {
	var last raft.Log
	for i := range c.t.Initial {
		st := &c.t.Initial[i]
		n := c.nodes[st.Node-1]
		if n == nil {
			continue
		}
		n.CurrentTerm, n.VotedFor = st.StartTerm(), st.StartVote()
		n.Role = st.Role.Or(raft.Follower)
		n.Leader = st.Leader.Value
		n.Log = initialLog(last, st)
		n.CommitIndex = max(st.CommitIndex.Value, n.Log.Snapshot().Index)
		n.LastApplied = max(n.CommitIndex, st.LastApplied.Value)
		switch n.Role {
		case raft.Candidate:
			n.Votes = raft.SetOf(n.ID)
		case raft.Leader:
			startLeader(n, st)
		}
		last = n.Log
	}
	for i := range c.met {
		c.met[i] = c.all // until the first step
	}
	for id := range (c.all &^ c.t.Unknown &^ c.unread).All() {
		n := c.nodes[id-1]
		c.run.initial[id-1] = n.State.Clone()
		c.noteTerm(n)
		c.senders.begin(n)
	}
	c.safe.begin()
}

// initialLog is a log as it is written, after its snapshot if there is one. It
// shares what it has in common with another.
func initialLog(other raft.Log, st *trace.NodeState) raft.Log {
	if s := st.Snapshot.Value; st.Snapshot.Given() && s.LastIncludedIndex.Value > 0 {
		return raft.NewLogAfter(raft.Mark{Index: s.LastIncludedIndex.Value, Term: s.LastIncludedTerm.Value}, trace.Entries(st.Log.Value)...)
	}
	if other.Snapshot().Index > 0 {
		other = raft.Log{}
	}
	return shareLog(other, st.Log.Value)
}

// shareLog makes a log of written entries that shares what it has in common
// with another.
func shareLog(other raft.Log, written []trace.LogEntry) raft.Log {
	n := min(len(written), int(other.LastIndex()))
	same := 0
	for i, e := range other.Truncate(raft.Index(n)).Entries() {
		if e != written[i].Entry {
			break
		}
		same = i + 1
	}
	return other.Truncate(raft.Index(same)).Append(trace.Entries(written[same:])...)
}

// lose takes nodes out of the replay whose state rests on what cannot be read.
// From the next step on they are off the page: what they send and answer is taken
// as given.
func (c *Cluster) lose() {
	for id := range c.losing.All() {
		c.nodes[id-1] = nil
	}
	c.unread |= c.losing &^ c.t.Unknown
	c.touched &^= c.losing
	c.losing = 0
}

// begin makes room for one more step.
func (c *Cluster) begin(s *trace.Step) {
	c.run.Steps = append(c.run.Steps, Step{Trace: s})
	c.at = len(c.run.Steps)
	c.cur = &c.run.Steps[c.at-1]
	c.touched = 0
}

// act has a node do something of itself, and keeps that it did.
func (c *Cluster) act(a Act) {
	c.cur.Acts = append(c.cur.Acts, a)
	c.stage.act(&a)
}

// keep keeps the states of the nodes that the step changed.
func (c *Cluster) keep() {
	for id := range c.touched.All() {
		c.run.keep(id, c.at, c.cur, &c.nodes[id-1].State, &c.states)
	}
	c.cur.Doubtful, c.cur.Unread = c.doubtful, c.unread
	c.meet()
}

// meet takes in whom each node can reach after a step. That changes by crashes,
// restarts and partitions alone, and counts from the first step on.
func (c *Cluster) meet() {
	if c.at > 1 && !changesReach(c.cur.Trace.Event) {
		return
	}
	if c.at == 1 {
		c.met = [raft.MaxNodes]raft.NodeSet{}
	}
	for id := range c.all.All() {
		for other := range c.all.All() {
			if c.isUp(id) && c.isUp(other) && c.group[id-1] == c.group[other-1] {
				c.met[id-1] = c.met[id-1].With(other)
			}
		}
	}
}

func changesReach(e trace.Event) bool {
	switch e.(type) {
	case *trace.Crash, *trace.Restart, *trace.Partition, *trace.Heal:
		return true
	}
	return false
}

// changed follows up on a node that has just done something: its history, its
// past as a sender and the safety properties.
func (c *Cluster) changed(n *raft.Node) {
	c.touched = c.touched.With(n.ID)
	c.noteTerm(n)
	c.senders.track(n, c.at)
	c.safe.check(n)
}

// noteTerm adds to a node's history of terms what is new in it.
func (c *Cluster) noteTerm(n *raft.Node) { c.run.noteTerm(n, c.at, c.skipped) }

// found keeps a fact of the current step.
func (c *Cluster) found(f Fact) {
	f.Step = c.at
	c.run.facts = append(c.run.facts, f)
}

// halt ends the replay. The place is that of the step's event, where the fact
// names none.
func (c *Cluster) halt(f Fact) *Halt {
	f.Step = c.at
	return &Halt{f}
}
