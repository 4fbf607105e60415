// Package serve makes an adapter of an implementation of Raft: a program that
// raftsheet starts, and asks what its traces ask.
//
//	raftsheet run --sut 'go run ./adapter' traces
//
// It is this one file, and needs the standard library alone. Copy it into your own
// module and change the package clause; nothing of raftsheet has to be imported.
// Then write a type with the methods of [Node], and beside it
//
//	func main() { Serve(func() Node { return &node{} }) }
//
// The interfaces from [Describer] on are what else it may be able to do. What it
// cannot do is counted as skipped, and never as passed.
//
// The protocol is one JSON object a line each way: the calls come on standard
// input, the replies go to standard output. Whatever the implementation itself
// prints goes to standard error, where raftsheet shows its end if something fails.
package serve

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"runtime/debug"
	"slices"
)

// Nodes are the names of a cluster's nodes. An implementation that numbers its
// nodes has [Nodes.Index] and [Nodes.Name] to turn the one into the other.
type Nodes []string

// Index gives the place of a node, from 0; that of none, the empty name, is -1.
func (ns Nodes) Index(name Name) int { return slices.Index(ns, string(name)) }

// Name gives the node at a place, from 0; below 0 it is none. There must be one at
// any other.
func (ns Nodes) Name(i int) Name {
	if i < 0 {
		return ""
	}
	return Name(ns[i])
}

// A Name is a node's; empty, it is none: no vote, or a leader that is not known.
type Name string

// An Entry is an entry of a log: its term and its command, which may be empty.
type Entry struct {
	Term  int
	Value string
}

// A State is the state of a node, in the words of the paper's Figure 2.
type State struct {
	Term        int          `json:"term"`     // currentTerm
	VotedFor    Name         `json:"votedFor"` // in this term
	Role        string       `json:"role"`     // follower, candidate or leader
	Leader      Name         `json:"leader"`   // of this term, as far as the node knows
	Snapshot    *Last        `json:"snapshot"` // that the log begins after; nil without one
	Log         []Entry      `json:"log"`      // the first has index 1, or that after the snapshot's last
	CommitIndex int          `json:"commitIndex"`
	LastApplied int          `json:"lastApplied"`
	NextIndex   map[Name]int `json:"nextIndex,omitempty"` // a leader's, of the other nodes
	MatchIndex  map[Name]int `json:"matchIndex,omitempty"`
}

// A Last is the last entry that a snapshot covers.
type Last struct {
	Index int `json:"lastIncludedIndex"`
	Term  int `json:"lastIncludedTerm"`
}

// A Start says which node to make, of which cluster, and in which state.
type Start struct {
	Node   Name     `json:"node"`
	Nodes  Nodes    `json:"nodes"`
	Voters [][]Name `json:"voters"` // whose votes and copies count: one list, or two while the voters change (§6)
	State  State    `json:"state"`
}

// RequestVote is the paper's request.
type RequestVote struct {
	Term         int  `json:"term"`
	CandidateID  Name `json:"candidateId"`
	LastLogIndex int  `json:"lastLogIndex"`
	LastLogTerm  int  `json:"lastLogTerm"`
}

// AppendEntries is the paper's request. Its first entry has index PrevLogIndex+1.
type AppendEntries struct {
	Term         int     `json:"term"`
	LeaderID     Name    `json:"leaderId"`
	PrevLogIndex int     `json:"prevLogIndex"`
	PrevLogTerm  int     `json:"prevLogTerm"`
	Entries      []Entry `json:"entries"`
	LeaderCommit int     `json:"leaderCommit"`
}

// InstallSnapshot is the paper's request, without its data.
type InstallSnapshot struct {
	Term              int  `json:"term"`
	LeaderID          Name `json:"leaderId"`
	LastIncludedIndex int  `json:"lastIncludedIndex"`
	LastIncludedTerm  int  `json:"lastIncludedTerm"`
}

// An Answer is a node's answer to a request; a nil one is none.
type Answer struct {
	Term int
	OK   bool // voteGranted or success; InstallSnapshot's answer has neither

	// MatchIndex is how far a successful AppendEntries vouches for the log, nil if
	// the implementation's answers do not say.
	MatchIndex *int
}

// A VoteResponse brings a candidate the answer to its RequestVote.
type VoteResponse struct {
	From    Name         `json:"from"`
	Term    int          `json:"term"`
	Granted bool         `json:"voteGranted"`
	Request *RequestVote `json:"request"` // that it answers, nil if the trace does not tell
}

// An AppendResponse brings a leader the answer to its AppendEntries, or to its
// InstallSnapshot, whose last index is then MatchIndex.
type AppendResponse struct {
	From       Name           `json:"from"`
	Term       int            `json:"term"`
	Success    bool           `json:"success"`
	MatchIndex int            `json:"matchIndex"` // of a success
	Request    *AppendEntries `json:"request"`    // that it answers, nil if the trace does not tell
}

// A Disk is what stable storage gives back after a crash; of a nil field it is all
// that was there.
type Disk struct {
	Term     *int     `json:"term"`
	VotedFor *Name    `json:"-"`
	Log      *[]Entry `json:"log"`
}

// A Sent is a request that a node sends: one of the three.
type Sent struct {
	To              Name             `json:"to"`
	RequestVote     *RequestVote     `json:"requestVote,omitempty"`
	AppendEntries   *AppendEntries   `json:"appendEntries,omitempty"`
	InstallSnapshot *InstallSnapshot `json:"installSnapshot,omitempty"`
}

// Cannot is the error of a method that cannot do what it is asked; it says why. Any
// other error is a failure of the implementation, as is a panic.
type Cannot string

func (c Cannot) Error() string { return string(c) }

// A Node is a node of the implementation, without clock and without network: it
// does something when it is called, and has done it when the call returns.
type Node interface {
	Start(Start) error // puts the node, which is new, into a state
	RequestVote(RequestVote) (*Answer, error)
	AppendEntries(AppendEntries) (*Answer, error)
	State() State // the fields that About does not list in Keeps do not count
}

// An About is what an implementation says of itself.
type About struct {
	Name, Version string
	Rules         []string // of those that raftsheet rules lists: how it is known to depart from the paper
	Keeps         []string // the fields of State that count, as JSON names them; nil for the usual
}

// usual are the fields of State that any implementation has.
var usual = []string{"term", "votedFor", "role", "log", "commitIndex"}

// The interfaces of what a node need not be able to do; with each, more of the
// traces can be asked. All but the first three are asked of live runs alone
// (raftsheet run --live).
type (
	Describer   interface{ About() About }
	Snapshotter interface {
		InstallSnapshot(InstallSnapshot) (*Answer, error)
	}
	Closer        interface{ Close() } // another takes the node's place, or nothing more is asked
	Timeouter     interface{ Timeout() error }
	Clienter      interface{ ClientRequest(value string) error }
	VoteTaker     interface{ VoteResponse(VoteResponse) error }
	AppendTaker   interface{ AppendResponse(AppendResponse) error }
	Restarter     interface{ Restart(Disk) error }
	StepDowner    interface{ StepDown() error } // a leader gives up its leadership
	VotersChanger interface{ Voters([][]Name) error }
	Sender        interface{ Sends() []Sent } // what the latest call made it send
)

// Serve answers the calls on standard input until there are no more. newNode gives
// a new node of the implementation; there is one for each node of a trace.
func Serve(newNode func() Node) {
	out := os.Stdout
	os.Stdout = os.Stderr // what the implementation prints must not come between the replies
	if err := ServeOn(os.Stdin, out, newNode); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// ServeOn is [Serve] on other streams. It ends with them, or with a call that is not JSON.
func ServeOn(in io.Reader, out io.Writer, newNode func() Node) error {
	s := server{newNode: newNode, nodes: make(map[Name]Node)}
	defer s.dropAll()
	lines, replies := bufio.NewReader(in), json.NewEncoder(out)
	for {
		line, err := lines.ReadBytes('\n')
		c := call{line: line}
		if err == nil {
			err = json.Unmarshal(line, &c)
		}
		if err == io.EOF || c.Do == "quit" {
			return nil
		} else if err != nil {
			return err
		}
		if err := replies.Encode(s.reply(&c)); err != nil {
			return err
		}
	}
}

// A call is what every call begins with; the rest of its line depends on what it
// asks for.
type call struct {
	ID   int    `json:"id"`
	Do   string `json:"do"`
	To   Name   `json:"to"`   // the node that it is for, or
	Node Name   `json:"node"` // the one that does it
	line []byte
}

func (c *call) name() Name { return c.To + c.Node }

// rest reads a call's line as what it is.
func rest[T any](c *call) (v T) {
	if err := json.Unmarshal(c.line, &v); err != nil {
		panic(err)
	}
	return v
}

// A server keeps the nodes that calls are for.
type server struct {
	newNode func() Node
	keeps   []string
	nodes   map[Name]Node // those that were started
}

type reply map[string]any

// reply does what a call asks for. What goes wrong in the implementation becomes a
// reply that says so, and what is left of a node that has panicked is not used.
func (s *server) reply(c *call) (r reply) {
	defer func() {
		if p := recover(); p != nil {
			fmt.Fprintf(os.Stderr, "%s\npanic: %v\n", debug.Stack(), p)
			delete(s.nodes, c.name()) // it may hold a lock: it is not even closed
			r = reply{"id": c.ID, "error": fmt.Sprint("panic: ", p)}
		}
	}()
	r, err := s.do(c)
	if cannot := Cannot(""); errors.As(err, &cannot) {
		r = reply{"cannot": string(cannot)}
	} else if err != nil {
		r = reply{"error": err.Error()}
	}
	r["id"] = c.ID
	return r
}

func (s *server) do(c *call) (reply, error) {
	switch c.Do {
	case "hello":
		return s.hello(), nil
	case "start":
		return reply{}, s.start(rest[Start](c))
	}
	n, r := s.nodes[c.name()], reply{}
	if n == nil {
		return nil, fmt.Errorf("node %q was not started", c.name())
	}
	v, known := verbs[c.Do]
	if !known || !v.takes(n) {
		return nil, Cannot("it does not take " + c.Do)
	}
	answer, err := v.deliver(n, c)
	if err != nil {
		return nil, err
	}
	if v.answer != "" {
		r["answer"] = answer.called(v.answer)
	}
	r["state"] = s.kept(n.State())
	if n, ok := n.(Sender); ok {
		r["sends"] = append([]Sent{}, n.Sends()...)
	}
	return r, nil
}

// hello says who answers, and what it can be asked.
func (s *server) hello() reply {
	n, about := s.newNode(), About{}
	if n, ok := n.(Describer); ok {
		about = n.About()
	}
	if s.keeps = about.Keeps; s.keeps == nil {
		s.keeps = usual
	}
	can := []string{"start"}
	for name, v := range verbs {
		if v.takes(n) {
			can = append(can, name)
		}
	}
	slices.Sort(can)
	return reply{"name": about.Name, "version": about.Version, "rules": about.Rules, "can": can, "keeps": s.keeps}
}

// start puts a new node in the place of the one of its name.
func (s *server) start(start Start) error {
	s.drop(start.Node)
	n := s.newNode()
	if err := n.Start(start); err != nil {
		return err
	}
	s.nodes[start.Node] = n
	return nil
}

func (s *server) drop(name Name) {
	if n, ok := s.nodes[name].(Closer); ok {
		n.Close()
	}
	delete(s.nodes, name)
}

func (s *server) dropAll() {
	for name := range s.nodes {
		s.drop(name)
	}
}

// A verb is something that a node can be asked.
type verb struct {
	takes   func(Node) bool
	answer  string // of a request: what its answer calls the outcome
	deliver func(Node, *call) (*Answer, error)
}

var verbs = map[string]verb{
	"requestVote":           asks("voteGranted", Node.RequestVote),
	"appendEntries":         asks("success", Node.AppendEntries),
	"installSnapshot":       asks("term", Snapshotter.InstallSnapshot),
	"requestVoteResponse":   tells(VoteTaker.VoteResponse),
	"appendEntriesResponse": tells(AppendTaker.AppendResponse),
	"timeout":               tells(func(n Timeouter, _ struct{}) error { return n.Timeout() }),
	"stepDown":              tells(func(n StepDowner, _ struct{}) error { return n.StepDown() }),
	"clientRequest":         tells(func(n Clienter, c struct{ Value string }) error { return n.ClientRequest(c.Value) }),
	"restart":               tells(func(n Restarter, c struct{ Disk Disk }) error { return n.Restart(c.Disk) }),
	"voters":                tells(func(n VotersChanger, c struct{ Are [][]Name }) error { return n.Voters(c.Are) }),
}

// asks is a verb whose method answers a request.
func asks[N, Request any](outcome string, method func(N, Request) (*Answer, error)) verb {
	return verb{implements[N], outcome, func(n Node, c *call) (*Answer, error) { return method(n.(N), rest[Request](c)) }}
}

// tells is a verb whose method takes in what happens.
func tells[N, Event any](method func(N, Event) error) verb {
	return verb{implements[N], "", func(n Node, c *call) (*Answer, error) { return nil, method(n.(N), rest[Event](c)) }}
}

func implements[N any](n Node) bool {
	_, ok := n.(N)
	return ok
}

// called is an answer on the line, its outcome under that name, which is written
// over where the term is all: null for none.
func (a *Answer) called(outcome string) any {
	if a == nil {
		return nil
	}
	r := reply{outcome: a.OK}
	r["term"] = a.Term
	if outcome == "success" && a.OK && a.MatchIndex != nil {
		r["matchIndex"] = *a.MatchIndex
	}
	return r
}

// kept is a state on the line, with what counts of it.
func (s *server) kept(st State) map[string]json.RawMessage {
	line, err := json.Marshal(st)
	if err != nil {
		panic(err)
	}
	fields := rest[map[string]json.RawMessage](&call{line: line})
	maps.DeleteFunc(fields, func(name string, _ json.RawMessage) bool { return !slices.Contains(s.keeps, name) })
	return fields
}

// MarshalJSON gives the name, or null for none.
func (n Name) MarshalJSON() ([]byte, error) {
	return json.Marshal(nullable(string(n)))
}

func nullable(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

// MarshalJSON gives [term, value]; an empty value is null.
func (e Entry) MarshalJSON() ([]byte, error) {
	return json.Marshal([]any{e.Term, nullable(e.Value)})
}

// UnmarshalJSON takes [term, value].
func (e *Entry) UnmarshalJSON(data []byte) error {
	*e = Entry{}
	return json.Unmarshal(data, &[]any{&e.Term, &e.Value})
}

// UnmarshalJSON takes the fields that a disk gives back; a vote for nobody is null.
func (d *Disk) UnmarshalJSON(data []byte) error {
	type fields Disk // without this method
	vote := struct {
		*fields
		VotedFor json.RawMessage `json:"votedFor"`
	}{fields: (*fields)(d)}
	if err := json.Unmarshal(data, &vote); err != nil || vote.VotedFor == nil {
		return err
	}
	d.VotedFor = new(Name)
	return json.Unmarshal(vote.VotedFor, d.VotedFor)
}
