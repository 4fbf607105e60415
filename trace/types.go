package trace

import "raftsheet/raft"

// A Trace is one document of a file.
type Trace struct {
	File     string
	Document int // from 1, empty documents counted
	Pos      Pos
	Title    string
	Student  string      // whose answers these are, if it says so
	Variant  string      // which of several worksheets this is, if it says so
	Names    []string    // the nodes' names, by NodeID-1
	Rules    []string    // names of rule sets or deviations; nil: figure2
	RulesPos Pos         // of the rules key's value
	Initial  []NodeState // states before the first step, as written
	Steps    []Step
	Unknown  raft.NodeSet   // nodes whose state is not modelled, raftId's others among them
	RaftID   raft.NodeID    // the node whose sheet this is, or NoNode
	Voters   []raft.NodeSet // who counts for majorities: one set, or two while they change (§6); nil: every node
	Grading  Grading        // how answers are marked
	Comment  string         // what Write says above the trace; Read leaves it empty

	// Errors is what of the trace could not be read, by place; where More is set,
	// the first of it. Unread has the nodes whose state is unknown from the start for
	// that reason.
	Errors Errors
	More   bool
	Unread raft.NodeSet
}

// Size is the number of nodes.
func (t *Trace) Size() int { return len(t.Names) }

// Name is the node's name, none for NoNode.
func (t *Trace) Name(id raft.NodeID) string {
	if id == raft.NoNode {
		return "none"
	}
	return t.Names[id-1]
}

// Node gives the node of that name; ok is false if there is none.
func (t *Trace) Node(name string) (id raft.NodeID, ok bool) {
	for i, n := range t.Names {
		if n == name {
			return raft.NodeID(i + 1), true
		}
	}
	return raft.NoNode, false
}

// StepByID gives the step of that id, nil if there is none.
func (t *Trace) StepByID(id string) *Step {
	for i := range t.Steps {
		if t.Steps[i].ID == id {
			return &t.Steps[i]
		}
	}
	return nil
}

// A Grading is how a key has the answers marked. Points are decimals as typed,
// not negative; what is left out has the default that is said at its field.
type Grading struct {
	Pos      Pos         // of the mapping; not valid where the trace has none
	Points   Opt[string] // points for each cell: 1
	Answer   Opt[string] // points for each success or voteGranted: Points
	Term     Opt[string] // points for each term that an answer is asked for: Points
	State    Opt[string] // points for each field of a table: Points
	Follow   Opt[string] // full, none, or the part of a cell's points, 0 to 1, for what follows from an earlier mistake: full
	Late     Opt[string] // what a late submission loses: points, or percent of its mark with a % after them: 0
	Whole    []string    // ids of the steps that score as a whole or not at all
	AllWhole bool        // every step does
}

// A Step is one event, or none, with what is expected after it.
type Step struct {
	Pos          Pos
	Number       int    // from 1
	ID           string // as written, or the number
	Note         string
	Event        Event // nil: tables alone
	EventPos     Pos   // of the event's key
	EventEnd     Pos   // of the first key after it that is about more than the message; not valid for none
	To           Opt[raft.NodeSet]
	Lost         raft.NodeSet
	ResponseLost raft.NodeSet
	Response     *Row // nil: nothing is asked
	State        []NodeState
	StatePos     Pos // of a state that is blank as a whole: every node's is wanted
	Points       Opt[string]
	Comment      string // what Write says of the step; Read leaves it empty

	// Unread says that the event, or who takes part in it, could not be read.
	// Event is then nil, and the step is not played: from here on nobody knows
	// the state of the nodes in Touched, which are all that it may have changed.
	Unread      bool
	Touched     raft.NodeSet
	UnreadEvent string // the event's key
	EventBlank  bool   // nothing is written under that key: a box of a form that was not used
}

// StateBlank reports whether state is written but blank as a whole.
func (s *Step) StateBlank() bool { return s.StatePos.IsValid() }

// Recipients gives the nodes to which the step's request is sent, of size in
// all; none if the step holds no request.
func (s *Step) Recipients(size int) raft.NodeSet {
	sender, ok := s.Sender()
	if !ok {
		return 0
	}
	return s.To.Or(raft.AllNodes(size)).Without(sender)
}

// Sender gives the node that sends the step's request; ok is false if the step
// holds none.
func (s *Step) Sender() (id raft.NodeID, ok bool) {
	switch e := s.Event.(type) {
	case *RequestVote:
		return e.CandidateID, true
	case *AppendEntries:
		return e.LeaderID, true
	case *InstallSnapshot:
		return e.LeaderID, true
	}
	return raft.NoNode, false
}

// EventName is the key of the event in the format, read or not; empty for none.
func (s *Step) EventName() string {
	if s.Event == nil {
		return s.UnreadEvent
	}
	return s.Event.Name()
}

// An Event is what happens in a step: one of the types of this package that
// have a Name.
type Event interface {
	// Name is the event's key in the format.
	Name() string
}

// RequestVote is a RequestVote RPC as written.
type RequestVote struct {
	CandidateID  raft.NodeID
	Term         Opt[raft.Term]
	LastLogIndex Opt[raft.Index]
	LastLogTerm  Opt[raft.Term]
}

// Complete reports whether nothing of the message is filled in from its sender's
// state.
func (e *RequestVote) Complete() bool {
	return e.Term.Given() && e.LastLogIndex.Given() && e.LastLogTerm.Given()
}

// AppendEntries is an AppendEntries RPC as written: in the paper's form
// (PrevLogIndex, PrevLogTerm, Entries) or the worksheet's (Index, Value).
type AppendEntries struct {
	LeaderID     raft.NodeID
	Term         Opt[raft.Term]
	LeaderCommit Opt[raft.Index]

	PrevLogIndex Opt[raft.Index]
	PrevLogTerm  Opt[raft.Term]
	Entries      Opt[[]LogEntry]
	Auto         bool            // entries: auto
	Count        Opt[raft.Index] // entries: {count: 3}, of the leader's own log

	Index Opt[raft.Index]
	Value Opt[string]
}

// Worksheet reports whether the request is in the worksheet's form with an
// entry: its prevLogIndex and prevLogTerm follow from the index.
func (e *AppendEntries) Worksheet() bool { return e.Index.Given() }

// Complete reports whether nothing of the message is filled in from its sender's
// state.
func (e *AppendEntries) Complete() bool {
	switch {
	case e.Auto || e.Count.Given() || !e.Term.Given() || !e.LeaderCommit.Given():
		return false
	case e.Worksheet():
		return e.Index.Value == 1 // whose prevLogTerm is 0
	}
	return e.PrevLogIndex.Given() && (e.PrevLogIndex.Value == 0 || e.PrevLogTerm.Given())
}

// VoteResponse is a RequestVote response that arrives late.
type VoteResponse struct {
	From, To raft.NodeID
	Term     raft.Term
	Granted  bool
}

// AppendResponse is an AppendEntries response that arrives late.
type AppendResponse struct {
	From, To   raft.NodeID
	Term       raft.Term
	Success    bool
	MatchIndex Opt[raft.Index]
}

// Timeout is an election timeout of each of the nodes in turn.
type Timeout struct{ Nodes []raft.NodeID }

// ClientRequest is a command from a client.
type ClientRequest struct {
	Node  raft.NodeID
	Value string
}

// Crash takes the nodes down.
type Crash struct{ Nodes []raft.NodeID }

// Restart brings the nodes up again, after a crash if they were up. Disks says
// what their disks gave back, where it is written: a term, a votedFor and a log.
type Restart struct {
	Nodes []raft.NodeID
	Disks []NodeState
}

// StepDown makes followers of leaders and candidates, by themselves.
type StepDown struct{ Nodes []raft.NodeID }

// InstallSnapshot is an InstallSnapshot RPC as written (Figure 13), whole in one
// message.
type InstallSnapshot struct {
	LeaderID          raft.NodeID
	Term              Opt[raft.Term]
	LastIncludedIndex Opt[raft.Index]
	LastIncludedTerm  Opt[raft.Term]
}

// Complete reports whether nothing of the message is filled in from its sender's
// state.
func (e *InstallSnapshot) Complete() bool {
	return e.Term.Given() && e.LastIncludedIndex.Given() && e.LastIncludedTerm.Given()
}

// Voters has nodes count by another configuration from now on: one set of voters,
// or two.
type Voters struct {
	At  Opt[raft.NodeSet] // absent: every node
	Are []raft.NodeSet
}

// Partition cuts the cluster into groups; a node in none is alone.
type Partition struct{ Groups []raft.NodeSet }

// Heal ends a partition.
type Heal struct{}

func (*RequestVote) Name() string     { return "requestVote" }
func (*AppendEntries) Name() string   { return "appendEntries" }
func (*VoteResponse) Name() string    { return "requestVoteResponse" }
func (*AppendResponse) Name() string  { return "appendEntriesResponse" }
func (*Timeout) Name() string         { return "timeout" }
func (*ClientRequest) Name() string   { return "clientRequest" }
func (*Crash) Name() string           { return "crash" }
func (*Restart) Name() string         { return "restart" }
func (*StepDown) Name() string        { return "stepDown" }
func (*InstallSnapshot) Name() string { return "installSnapshot" }
func (*Voters) Name() string          { return "voters" }
func (*Partition) Name() string       { return "partition" }
func (*Heal) Name() string            { return "heal" }

// A Row is the response row of a form.
type Row struct {
	Pos    Pos
	Blank  bool   // response: and nothing more
	Cells  []Cell // as written, in the order written
	Others *Cell  // the cell named others, nil if there is none
	Unread bool   // cells may be missing that could not be read: nobody without one is asked
}

// Cell gives the cell that speaks for a node which was sent the request, nil
// if there is none: its own, or others.
func (r *Row) Cell(id raft.NodeID) *Cell {
	for i := range r.Cells {
		if r.Cells[i].Node == id {
			return &r.Cells[i]
		}
	}
	return r.Others
}

// A Cell is what a row says of one node: none, an answer, or nothing yet.
type Cell struct {
	Node       raft.NodeID // NoNode in the cell named others
	Pos        Pos
	None       bool            // the node does not answer
	Whole      bool            // written as a mapping of the response's fields
	OK         Opt[bool]       // success or voteGranted
	Term       Opt[raft.Term]  // the response's term
	MatchIndex Opt[raft.Index] // of a success: the last index that the request covered
}

// IsBlank reports whether nothing is written in the cell.
func (c *Cell) IsBlank() bool {
	return !c.None && !c.OK.written() && !c.Term.written() && !c.MatchIndex.written()
}

// Says reports whether the cell has an answer, or a part of one, that can be read.
func (c *Cell) Says() bool { return c.OK.Given() || c.Term.Given() }

// IsUnread reports whether something in the cell cannot be read.
func (c *Cell) IsUnread() bool {
	return c.OK.Presence == Unread || c.Term.Presence == Unread || c.MatchIndex.Presence == Unread
}

// A NodeState is a table: what is written of one node's state. Absent fields
// are not spoken of, blank ones are wanted.
type NodeState struct {
	Node  raft.NodeID
	Pos   Pos
	Blank bool // node: and nothing more; all of it is wanted

	Term        Opt[raft.Term]
	VotedFor    Opt[raft.NodeID]
	Role        Opt[raft.Role]
	Log         Opt[[]LogEntry]
	CommitIndex Opt[raft.Index]
	LastApplied Opt[raft.Index]
	NextIndex   Opt[[]NodeIndex]
	MatchIndex  Opt[[]NodeIndex]
	Terms       Opt[[]TermVote]

	LogFrom      raft.Index       // the index of Log's first entry, where it is written so; 0: after the snapshot, or 1
	Leader       Opt[raft.NodeID] // that the node knows
	Snapshot     Opt[Snapshot]
	LastLogIndex Opt[raft.Index] // in state alone
	LastLogTerm  Opt[raft.Term]
}

// A Snapshot is a written snapshot: the log begins after it (Figure 13). None is
// one up to index 0.
type Snapshot struct {
	LastIncludedIndex Opt[raft.Index]
	LastIncludedTerm  Opt[raft.Term]
}

// A LogEntry is an entry of a written log.
type LogEntry struct {
	raft.Entry
	Pos Pos
}

// A NodeIndex is one line of a written nextIndex or matchIndex.
type NodeIndex struct {
	Node  raft.NodeID
	Pos   Pos // of the node's name
	Index Opt[raft.Index]
}

// A TermVote is one line of a written history of terms.
type TermVote struct {
	Term     raft.Term
	Pos      Pos
	VotedFor Opt[raft.NodeID]
}

// LogEntries gives entries as a written log has them.
func LogEntries(entries []raft.Entry) []LogEntry {
	log := make([]LogEntry, len(entries))
	for i, e := range entries {
		log[i].Entry = e
	}
	return log
}

// Entries gives the raft entries of a written log.
func Entries(log []LogEntry) []raft.Entry {
	es := make([]raft.Entry, len(log))
	for i, e := range log {
		es[i] = e.Entry
	}
	return es
}
