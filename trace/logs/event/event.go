// Package event is the form in which a running cluster writes down what happens
// in it: JSON, one object a line. raftsheet import --from events reads it.
//
//	{"raftsheet":"events","version":1,"nodes":["1","2","3"],"rules":["etcd"]}
//	{"ev":"timeout","node":"1"}
//	{"ev":"send","id":1,"node":"1","to":"2","kind":"requestVote","term":1,"lastLogIndex":0,"lastLogTerm":0}
//	{"ev":"recv","id":1,"node":"2","answer":{"term":1,"voteGranted":true}}
//	{"ev":"state","node":"2","term":1,"votedFor":"1"}
//	{"ev":"answer","of":1,"node":"1"}
//
// The first line is the header: it names the nodes. Every other line has ev, one of
// the constants of [Kind], and what that kind says it has. The lines of all nodes
// are in one file, in an order in which they can have happened. Names are Figure
// 2's; indexes count from 1, and a term and an index of 0 are the place before the
// first entry.
//
// The package knows no Raft, and imports the standard library alone: copy the
// folder into your own module, and change the package clause if you like.
package event

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
)

// A Kind is what happens in a line.
type Kind string

// The kinds. All have node; the keys in brackets may be left out.
const (
	Timeout   Kind = "timeout"  // the election timeout of node elapses: it stands for election
	Client    Kind = "client"   // a client gives node the command value, taken or not
	Crash     Kind = "crash"    // node goes down
	Restarted Kind = "restart"  // node comes up with what it had kept
	StepDown  Kind = "stepDown" // node, a leader or candidate, becomes a follower by itself
	Voters    Kind = "voters"   // node counts by these voters from now on: voters, a list of one or two lists
	Send      Kind = "send"     // node sends the request id to the node to: kind and its arguments
	Receive   Kind = "recv"     // node handles the request id; without its send: from, kind and the arguments; [answer]
	Reply     Kind = "reply"    // node answers the request id, where recv did not say how: answer
	Arrive    Kind = "answer"   // the answer to the request of reaches node; of one that is not known: from, kind and answer
	Tell      Kind = "state"    // what node tells of itself after the line before: any fields
)

// The kinds of request, as kind.
const (
	RequestVote     = "requestVote"     // term, lastLogIndex, lastLogTerm
	AppendEntries   = "appendEntries"   // term, prevLogIndex, prevLogTerm, entries, leaderCommit
	InstallSnapshot = "installSnapshot" // term, lastIncludedIndex, lastIncludedTerm
)

// The values of role.
const (
	Follower  = "follower"
	Candidate = "candidate"
	Leader    = "leader"
)

// A Line is one line. What it does not say is nil, or empty.
type Line struct {
	Header
	Ev   Kind   `json:"ev,omitempty"`
	ID   int    `json:"id,omitempty"` // names a request to one node; a copy of it has an id of its own
	Of   int    `json:"of,omitempty"`
	Node string `json:"node,omitempty"`
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
	Kind string `json:"kind,omitempty"` // of a request
	State

	LastLogIndex      *uint64  `json:"lastLogIndex,omitempty"` // of a request or a state
	LastLogTerm       *uint64  `json:"lastLogTerm,omitempty"`
	PrevLogIndex      *uint64  `json:"prevLogIndex,omitempty"`
	PrevLogTerm       *uint64  `json:"prevLogTerm,omitempty"`
	Entries           *[]Entry `json:"entries,omitempty"`
	LeaderCommit      *uint64  `json:"leaderCommit,omitempty"`
	LastIncludedIndex *uint64  `json:"lastIncludedIndex,omitempty"`
	LastIncludedTerm  *uint64  `json:"lastIncludedTerm,omitempty"`

	Answer *Answer `json:"answer,omitempty"`
	Value  *string `json:"value,omitempty"` // a client's command
}

// A Header is the first line.
type Header struct {
	Raftsheet string           `json:"raftsheet,omitempty"` // Events
	Version   int              `json:"version,omitempty"`   // 1
	Title     string           `json:"title,omitempty"`
	Nodes     []string         `json:"nodes,omitempty"`
	Rules     []string         `json:"rules,omitempty"`   // by which the nodes play, as raftsheet rules lists them; none: Figure 2's
	Voters    VoterLists       `json:"voters,omitempty"`  // who counts for majorities; none: every node
	Initial   map[string]State `json:"initial,omitempty"` // by node: its state at first
}

// Events is what a header's raftsheet says.
const Events = "events"

// VoterLists are those who count for majorities: one list, or two while they change
// (§6). In JSON one list is ["1","2"], and two are [["1","2"],["2","3"]].
type VoterLists [][]string

// MarshalJSON gives the shorter form of one list.
func (v VoterLists) MarshalJSON() ([]byte, error) {
	if len(v) == 1 {
		return json.Marshal(v[0])
	}
	return json.Marshal([][]string(v))
}

// UnmarshalJSON takes one list, or two.
func (v *VoterLists) UnmarshalJSON(b []byte) error {
	var one []string
	if err := json.Unmarshal(b, &one); err == nil {
		*v = VoterLists{one}
		return nil
	}
	var lists [][]string
	if err := json.Unmarshal(b, &lists); err != nil || len(lists) < 1 || len(lists) > 2 {
		return errors.New("voters are a list of nodes, or two lists")
	}
	*v = lists
	return nil
}

// A State is what a node tells of itself. A nil field is not told.
type State struct {
	Term        *uint64           `json:"term,omitempty"` // also a request's
	VotedFor    *Vote             `json:"votedFor,omitempty"`
	Role        string            `json:"role,omitempty"`
	Log         *Log              `json:"log,omitempty"`
	CommitIndex *uint64           `json:"commitIndex,omitempty"`
	LastApplied *uint64           `json:"lastApplied,omitempty"`
	NextIndex   map[string]uint64 `json:"nextIndex,omitempty"` // a leader's, by the other node
	MatchIndex  map[string]uint64 `json:"matchIndex,omitempty"`
	Leader      *Vote             `json:"leader,omitempty"`   // whom the node knows as its term's leader
	Snapshot    *Mark             `json:"snapshot,omitempty"` // the log begins after it

	// A state has lastLogIndex and lastLogTerm too: where the log ends, if the
	// whole log is too long to tell.
}

// A Vote names a node, or none.
type Vote string

// NoVote is no vote: JSON's "none".
const NoVote Vote = "none"

// A Mark is the place of an entry: what a snapshot covers last.
type Mark struct {
	LastIncludedIndex uint64 `json:"lastIncludedIndex"`
	LastIncludedTerm  uint64 `json:"lastIncludedTerm"`
}

// An Entry is an entry of a log: [2, "x"], or [2] where its value is not known.
type Entry struct {
	Term  uint64
	Value string
}

// MarshalJSON gives [term, value].
func (e Entry) MarshalJSON() ([]byte, error) { return json.Marshal([]any{e.Term, e.Value}) }

// UnmarshalJSON takes [term], [term, value] or [term, null].
func (e *Entry) UnmarshalJSON(b []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(b, &parts); err != nil || len(parts) < 1 || len(parts) > 2 {
		return fmt.Errorf("an entry is [term, value], not %.40s", b)
	}
	*e = Entry{}
	if err := json.Unmarshal(parts[0], &e.Term); err != nil || bytes.Equal(parts[0], null) {
		return fmt.Errorf("an entry's term is a whole number, not %.40s", parts[0])
	}
	if len(parts) == 2 {
		if err := json.Unmarshal(parts[1], &e.Value); err != nil {
			return fmt.Errorf("an entry's value is text, not %.40s", parts[1])
		}
	}
	return nil
}

// A Log is entries from an index on: [[1,"a"],[2,"b"]] from index 1, or after the
// snapshot, and {"from": 341, "entries": [...]} from another.
type Log struct {
	From    uint64 // 0: after the snapshot, or 1
	Entries []Entry
}

// fromIndex is a Log that begins further on.
type fromIndex struct {
	From    uint64  `json:"from"`
	Entries []Entry `json:"entries"`
}

// MarshalJSON gives the shorter form where the log begins at its beginning.
func (l Log) MarshalJSON() ([]byte, error) {
	if l.Entries == nil {
		l.Entries = []Entry{}
	}
	if l.From == 0 {
		return json.Marshal(l.Entries)
	}
	return json.Marshal(fromIndex(l))
}

// UnmarshalJSON takes both forms.
func (l *Log) UnmarshalJSON(b []byte) error {
	if bytes.HasPrefix(b, []byte("[")) {
		l.From = 0
		return json.Unmarshal(b, &l.Entries)
	}
	if !bytes.HasPrefix(b, []byte("{")) {
		return fmt.Errorf("a log is a list of entries, or from and entries, not %.40s", b)
	}
	var f fromIndex
	if err := strictly(b, &f); err != nil {
		return err
	}
	if f.From == 0 {
		return errors.New("a log's from is an index from 1 on")
	}
	*l = Log(f)
	return nil
}

// An Answer is the response to a request: "none", or the response's fields.
type Answer struct {
	None        bool    `json:"-"`
	Term        uint64  `json:"term"`
	VoteGranted *bool   `json:"voteGranted,omitempty"` // one of the two; neither is told of an InstallSnapshot
	Success     *bool   `json:"success,omitempty"`
	MatchIndex  *uint64 `json:"matchIndex,omitempty"` // of a success: how far it vouches for the follower's log
}

// MarshalJSON gives "none" for no answer.
func (a Answer) MarshalJSON() ([]byte, error) {
	if a.None {
		return []byte(`"none"`), nil
	}
	type fields Answer
	return json.Marshal(fields(a))
}

// UnmarshalJSON takes "none", or a response with a term and an outcome.
func (a *Answer) UnmarshalJSON(b []byte) error {
	if string(b) == `"none"` {
		*a = Answer{None: true}
		return nil
	}
	if !bytes.HasPrefix(b, []byte("{")) {
		return fmt.Errorf(`an answer is an object, or "none", not %.40s`, b)
	}
	type fields Answer
	var f struct {
		fields
		Term *uint64 `json:"term"`
	}
	if err := strictly(b, &f); err != nil {
		return err
	}
	switch {
	case f.Term == nil:
		return errors.New("an answer has a term")
	case f.VoteGranted != nil && f.Success != nil:
		return errors.New("an answer has one of voteGranted and success")
	}
	*a = Answer(f.fields)
	a.Term = *f.Term
	return nil
}

var null = []byte("null")

// Parse reads a line. A key that the form does not have is an error.
func Parse(text []byte) (*Line, error) {
	var l Line
	if err := strictly(text, &l); err != nil {
		return nil, err
	}
	return &l, nil
}

// strictly decodes one object with known keys and nothing after it.
func strictly(text []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(text))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return plain(err)
	}
	if d.InputOffset() < int64(len(bytes.TrimRight(text, " \t\r\n"))) {
		return errors.New("one line is one JSON object; something follows it")
	}
	return nil
}

// plain says what a decoder found in the form's own words.
func plain(err error) error {
	if err == io.ErrUnexpectedEOF || err == io.EOF {
		return errors.New("not JSON: the line ends too early")
	}
	var wrong *json.UnmarshalTypeError
	if errors.As(err, &wrong) {
		if wrong.Field == "" {
			return fmt.Errorf("a line is one JSON object, and this is a %s", wrong.Value)
		}
		return fmt.Errorf("%s cannot be a %s", wrong.Field[strings.LastIndexByte(wrong.Field, '.')+1:], wrong.Value)
	}
	var syntax *json.SyntaxError
	if errors.As(err, &syntax) {
		return fmt.Errorf("not JSON: %s, after %d bytes", syntax.Error(), syntax.Offset)
	}
	return fmt.Errorf("%s", bytes.TrimPrefix([]byte(err.Error()), []byte("json: ")))
}
