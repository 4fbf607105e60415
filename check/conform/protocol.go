package conform

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	"raftsheet/raft"
)

// This file is the protocol in which an implementation is asked: one process, one
// JSON object a line each way, strictly question and answer. Standard input brings
// the calls, standard output takes the replies, each with the id of its call;
// standard error is free for logs.
//
// Names are Figure 2's, those of `show --format json`. A node is a string, its
// name in the trace. An entry is [term, value], a log [[term, value], ...] from
// index 1, or from the index after its snapshot's last. null is none: no vote, no
// known leader, no answer, a command whose value nobody wrote down.
//
// Any call may be answered {"id": ..., "cannot": "why"}: the implementation cannot
// take it. That is counted and named, and never passes for an answer. Where it goes
// wrong and can say so, {"id": ..., "error": "what"} is a delivery that failed.

// ProtocolVersion is the version that hello carries.
const ProtocolVersion = 1

// A Verb is what a call asks for: the value of its do.
type Verb string

// The verbs. After hello and start come the requests, one each to one node; then
// what else happens to a node, which is asked of live runs alone.
const (
	DoHello           Verb = "hello"
	DoStart           Verb = "start"
	DoQuit            Verb = "quit"
	DoRequestVote     Verb = "requestVote"
	DoAppendEntries   Verb = "appendEntries"
	DoInstallSnapshot Verb = "installSnapshot"
	DoVoteResponse    Verb = "requestVoteResponse"
	DoAppendResponse  Verb = "appendEntriesResponse"
	DoTimeout         Verb = "timeout"
	DoClientRequest   Verb = "clientRequest"
	DoRestart         Verb = "restart"
	DoStepDown        Verb = "stepDown"
	DoVoters          Verb = "voters"
)

// A Call is one of the types below: a line that the implementation reads.
type Call interface{ head() *Head }

// A Head is what every call begins with.
type Head struct {
	ID int  `json:"id"` // the reply has the same
	Do Verb `json:"do"`
}

func (h *Head) head() *Head { return h }

// Hello is the first call. The reply says who answers, see [Reply].
type Hello struct {
	Head
	Version int `json:"version"` // of the protocol
}

// Quit is the last call. It needs no reply.
type Quit struct{ Head }

// Start makes a node of this state, in place of the one of its name if there is
// one. The reply is empty, but for the id.
type Start struct {
	Head
	Node   string     `json:"node"`
	Nodes  []string   `json:"nodes"`  // of the cluster, this one among them
	Voters [][]string `json:"voters"` // whose votes and copies count: one list, or two (joint consensus, §6)
	State  State      `json:"state"`
}

// A VoteCall delivers a RequestVote to a node.
type VoteCall struct {
	Head
	To string `json:"to"`
	VoteArguments
}

// An AppendCall delivers an AppendEntries to a node.
type AppendCall struct {
	Head
	To string `json:"to"`
	AppendArguments
}

// A SnapshotCall delivers an InstallSnapshot to a node.
type SnapshotCall struct {
	Head
	To string `json:"to"`
	SnapshotArguments
}

// VoteArguments are RequestVote's (Figure 2).
type VoteArguments struct {
	Term         raft.Term  `json:"term"`
	CandidateID  string     `json:"candidateId"`
	LastLogIndex raft.Index `json:"lastLogIndex"`
	LastLogTerm  raft.Term  `json:"lastLogTerm"`
}

// AppendArguments are AppendEntries's (Figure 2).
type AppendArguments struct {
	Term         raft.Term  `json:"term"`
	LeaderID     string     `json:"leaderId"`
	PrevLogIndex raft.Index `json:"prevLogIndex"`
	PrevLogTerm  raft.Term  `json:"prevLogTerm"`
	Entries      []Entry    `json:"entries"`
	LeaderCommit raft.Index `json:"leaderCommit"`
}

// SnapshotArguments are InstallSnapshot's (Figure 13); its data is not modelled.
type SnapshotArguments struct {
	Term              raft.Term  `json:"term"`
	LeaderID          string     `json:"leaderId"`
	LastIncludedIndex raft.Index `json:"lastIncludedIndex"`
	LastIncludedTerm  raft.Term  `json:"lastIncludedTerm"`
}

// A VoteResponseCall brings a candidate the answer to its RequestVote.
type VoteResponseCall struct {
	Head
	From        string    `json:"from"`
	To          string    `json:"to"`
	Term        raft.Term `json:"term"`
	VoteGranted bool      `json:"voteGranted"`

	// Request is what is answered; left out where the trace does not tell.
	Request *VoteArguments `json:"request,omitempty"`
}

// An AppendResponseCall brings a leader the answer to its AppendEntries or, with
// matchIndex its lastIncludedIndex, to its InstallSnapshot.
type AppendResponseCall struct {
	Head
	From       string      `json:"from"`
	To         string      `json:"to"`
	Term       raft.Term   `json:"term"`
	Success    bool        `json:"success"`
	MatchIndex *raft.Index `json:"matchIndex,omitempty"` // of a success

	// Request is what is answered; left out where the trace does not tell.
	Request *LeaderRequest `json:"request,omitempty"`
}

// A LeaderRequest is one of the two that a leader sends, told apart by the keys of
// their arguments.
type LeaderRequest struct {
	Append  *AppendArguments
	Install *SnapshotArguments
}

// MarshalJSON gives the arguments.
func (q LeaderRequest) MarshalJSON() ([]byte, error) {
	if q.Install != nil {
		return json.Marshal(q.Install)
	}
	return json.Marshal(q.Append)
}

// UnmarshalJSON takes the arguments of either.
func (q *LeaderRequest) UnmarshalJSON(data []byte) error {
	var keys map[string]json.RawMessage
	if err := json.Unmarshal(data, &keys); err != nil {
		return err
	}
	if _, is := keys["lastIncludedIndex"]; is {
		return decode(data, &q.Install)
	}
	return decode(data, &q.Append)
}

// An EventCall is what happens to one node and says no more: timeout and stepDown.
type EventCall struct {
	Head
	Node string `json:"node"`
}

// A ClientCall is a client's command.
type ClientCall struct {
	Head
	Node  string `json:"node"`
	Value string `json:"value"`
}

// A RestartCall is a crash and a return. Disk is what stable storage gives back of
// term, votedFor and log; a field that is left out gives back all that was there.
type RestartCall struct {
	Head
	Node string `json:"node"`
	Disk *State `json:"disk,omitempty"`
}

// A VotersCall has a node count by another configuration.
type VotersCall struct {
	Head
	Node string     `json:"node"`
	Are  [][]string `json:"are"` // as Start's voters
}

// A Reply is a line that the implementation writes. Fields that a call does not ask
// for stay out.
type Reply struct {
	ID     int    `json:"id"`
	Cannot string `json:"cannot,omitempty"` // why the call cannot be taken
	Error  string `json:"error,omitempty"`  // what went wrong: the call has failed

	// To hello.
	Name    string   `json:"name,omitempty"`
	Version string   `json:"version,omitempty"`
	Rules   []string `json:"rules,omitempty"` // in which it knows that it departs from Figure 2
	Can     []Verb   `json:"can,omitempty"`   // the verbs that it takes; left out: all
	Keeps   []string `json:"keeps,omitempty"` // the state's fields that it can be given and can tell; left out: all

	// To a request: the answer, null for none.
	Answer Told[*CallAnswer] `json:"answer,omitzero"`

	// To requests and everything after them: the node's state, fields that it does
	// not tell left out, and what the node now sends, where it can tell.
	State *State  `json:"state,omitempty"`
	Sends []Sends `json:"sends,omitempty"`
}

// A CallAnswer is the answer to a request. That to InstallSnapshot is a term
// alone.
type CallAnswer struct {
	Term        raft.Term   `json:"term"`
	VoteGranted *bool       `json:"voteGranted,omitempty"`
	Success     *bool       `json:"success,omitempty"`
	MatchIndex  *raft.Index `json:"matchIndex,omitempty"` // of a success, if it tells
}

// Sends is a request that a node sends to another: one of the three.
type Sends struct {
	To              string             `json:"to"`
	RequestVote     *VoteArguments     `json:"requestVote,omitempty"`
	AppendEntries   *AppendArguments   `json:"appendEntries,omitempty"`
	InstallSnapshot *SnapshotArguments `json:"installSnapshot,omitempty"`
}

// A State is what is told of a node's state; fields that are not told are left out.
// nextIndex and matchIndex are a leader's, by the names of the others.
type State struct {
	Term        Told[raft.Term]             `json:"term,omitzero"`
	VotedFor    Told[Name]                  `json:"votedFor,omitzero"`
	Role        Told[string]                `json:"role,omitzero"` // follower, candidate, leader
	Leader      Told[Name]                  `json:"leader,omitzero"`
	Snapshot    Told[*SnapshotEnd]          `json:"snapshot,omitzero"` // null, or left out by start: none
	Log         Told[[]Entry]               `json:"log,omitzero"`
	CommitIndex Told[raft.Index]            `json:"commitIndex,omitzero"`
	LastApplied Told[raft.Index]            `json:"lastApplied,omitzero"`
	NextIndex   Told[map[string]raft.Index] `json:"nextIndex,omitzero"`
	MatchIndex  Told[map[string]raft.Index] `json:"matchIndex,omitzero"`
}

// A SnapshotEnd is the last entry that a snapshot covers.
type SnapshotEnd struct {
	LastIncludedIndex raft.Index `json:"lastIncludedIndex"`
	LastIncludedTerm  raft.Term  `json:"lastIncludedTerm"`
}

// A Name is a node's, or none: empty here, null on the line.
type Name string

// MarshalJSON gives the name, or null.
func (n Name) MarshalJSON() ([]byte, error) {
	if n == "" {
		return []byte("null"), nil
	}
	return json.Marshal(string(n))
}

// An Entry is [term, value]; a value that nobody wrote down is null.
type Entry raft.Entry

// MarshalJSON gives [term, value].
func (e Entry) MarshalJSON() ([]byte, error) {
	if e.Value == "" {
		return json.Marshal([]any{e.Term, nil})
	}
	return json.Marshal([]any{e.Term, e.Value})
}

// UnmarshalJSON takes [term, value] and [term].
func (e *Entry) UnmarshalJSON(data []byte) error {
	var parts []json.RawMessage
	if err := json.Unmarshal(data, &parts); err != nil || len(parts) == 0 || len(parts) > 2 {
		return fmt.Errorf("an entry is [term, value], not %s", clip(data))
	}
	if err := json.Unmarshal(parts[0], &e.Term); err != nil {
		return fmt.Errorf("an entry's term is a number, not %s", clip(parts[0]))
	}
	if e.Value = ""; len(parts) == 1 {
		return nil
	}
	if err := json.Unmarshal(parts[1], &e.Value); err != nil {
		return fmt.Errorf("an entry's value is a string or null, not %s", clip(parts[1]))
	}
	return nil
}

// A Told is a value that may be left out.
type Told[T any] struct {
	Value T
	Told  bool
}

// IsZero reports whether the value is left out.
func (o Told[T]) IsZero() bool { return !o.Told }

// MarshalJSON gives the value.
func (o Told[T]) MarshalJSON() ([]byte, error) { return json.Marshal(o.Value) }

// UnmarshalJSON takes the value, null for its zero. A key that is not the format's
// is an error here too.
func (o *Told[T]) UnmarshalJSON(data []byte) error {
	o.Told = true
	return decode(data, &o.Value)
}

// decode reads one JSON value and nothing after it. It refuses a key that it does
// not know: what a slip of the keyboard hides would pass for left out.
func decode(data []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(into); err != nil {
		return err
	}
	if d.More() {
		return errors.New("something follows the JSON object")
	}
	return nil
}

// clip is the beginning of what was read, for a message.
func clip(data []byte) string {
	const most = 60
	if len(data) <= most {
		return string(data)
	}
	return string(bytes.ToValidUTF8(data[:most], nil)) + "..."
}
