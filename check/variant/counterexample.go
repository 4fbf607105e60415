package variant

import (
	"fmt"
	"strconv"
	"strings"

	"raftsheet/check/reason"
	"raftsheet/raft"
	"raftsheet/raft/explore"
	"raftsheet/trace"
)

// Counterexample gives a behaviour under rules as a trace: every message written
// out, with the answers that these rules give, and without the rules themselves,
// so that the trace can be checked under any; what came of each step is a comment. The name is that of the rules;
// believed is a sentence on them for the reader, empty for none.
func Counterexample(b *explore.Behavior, name, believed string) *trace.Trace {
	c := converter{trace: &trace.Trace{Document: 1, Title: fmt.Sprintf("%s breaks %s", name, b.Breach.Property)}}
	for i := range b.Scope.Nodes {
		c.trace.Names = append(c.trace.Names, strconv.Itoa(i+1))
	}
	before := b.Initial
	for _, s := range b.Steps {
		for _, e := range s.Events {
			c.event(e)
		}
		c.remark(reason.Progress(before, s.States)...)
		before = s.States
	}
	if b.Breach.Property != explore.None {
		c.remark(reason.Breach(&b.Breach))
	}
	var head []string
	if believed != "" {
		head = append(head, "Believed: "+believed)
	}
	head = append(head, fmt.Sprintf("The answers are those that these rules give: replay it with --rules %s.", name))
	c.trace.Comment = strings.Join(head, "\n")
	for i, said := range c.remarks {
		c.trace.Steps[i].Comment = strings.Join(said, "\n")
	}
	return c.trace
}

// A converter makes the steps of a trace of the events of a behaviour.
type converter struct {
	trace   *trace.Trace
	remarks [][]string  // by step
	asked   string      // the request of the last step, empty if it holds none
	to      raft.NodeID // the last node to which that went
}

// event adds an event: a step, or one node more in the last one.
func (c *converter) event(e explore.Event) {
	switch e := e.(type) {
	case explore.Timeout:
		c.step(&trace.Timeout{Nodes: []raft.NodeID{e.Node}})
	case explore.ClientRequest:
		c.step(&trace.ClientRequest{Node: e.Node, Value: e.Value})
	case explore.StepDown:
		c.step(&trace.StepDown{Nodes: []raft.NodeID{e.Node}})
	case explore.Restart:
		c.step(restartEvent(&e))
	case explore.VoteRequest:
		c.request(e.Request.String(), voteEvent(&e.Request), &e.Receipt)
	case explore.AppendRequest:
		c.request(e.Request.String(), appendEvent(&e.Request), &e.Receipt)
	case explore.VoteAnswer:
		c.step(&trace.VoteResponse{From: e.Vote.From, To: e.To, Term: e.Vote.Term, Granted: e.Vote.Granted})
	case explore.AppendAnswer:
		c.step(appendAnswer(&e))
	default:
		panic(fmt.Sprintf("no step of a trace for %T", e))
	}
}

// step adds a step. The last one takes no more nodes.
func (c *converter) step(e trace.Event) *trace.Step {
	c.asked = ""
	n := len(c.trace.Steps) + 1
	c.trace.Steps = append(c.trace.Steps, trace.Step{Number: n, ID: strconv.Itoa(n), Event: e})
	c.remarks = append(c.remarks, nil)
	return &c.trace.Steps[n-1]
}

// remark adds comments on the last step.
func (c *converter) remark(said ...string) {
	last := &c.remarks[len(c.remarks)-1]
	*last = append(*last, said...)
}

// request adds a request on its way to one node. It is one step with the same
// request to other nodes just before, if they come earlier in order: a replay
// brings the answers back in the nodes' order.
func (c *converter) request(request string, e trace.Event, r *explore.Receipt) {
	last := len(c.trace.Steps) - 1
	if c.asked != request || c.to >= r.To {
		c.step(e).Response = &trace.Row{}
		last++
	}
	c.asked, c.to = request, r.To
	s := &c.trace.Steps[last]
	s.To = given(s.To.Value.With(r.To))
	switch r.Delivery {
	case explore.RequestLate:
		s.Lost = s.Lost.With(r.To)
	case explore.AnswerLost, explore.AnswerLate:
		s.ResponseLost = s.ResponseLost.With(r.To)
	}
	cell := trace.Cell{Node: r.To, None: !r.Replied}
	if r.Replied {
		cell.OK = given(r.OK)
	}
	s.Response.Cells = append(s.Response.Cells, cell)
}

func given[T any](v T) trace.Opt[T] { return trace.Opt[T]{Value: v, Presence: trace.Given} }

func voteEvent(m *raft.RequestVote) *trace.RequestVote {
	return &trace.RequestVote{CandidateID: m.CandidateID, Term: given(m.Term),
		LastLogIndex: given(m.LastLogIndex), LastLogTerm: given(m.LastLogTerm)}
}

func appendEvent(m *raft.AppendEntries) *trace.AppendEntries {
	return &trace.AppendEntries{LeaderID: m.LeaderID, Term: given(m.Term), PrevLogIndex: given(m.PrevLogIndex),
		PrevLogTerm: given(m.PrevLogTerm), Entries: given(logEntries(m.Entries.Slice())), LeaderCommit: given(m.LeaderCommit)}
}

// restartEvent says of the disk what it lost: the rest it gave back.
func restartEvent(e *explore.Restart) *trace.Restart {
	r := &trace.Restart{Nodes: []raft.NodeID{e.Node}}
	if e.Disk == (raft.Disk{}) {
		return r
	}
	d := trace.NodeState{Node: e.Node}
	if e.Disk.CurrentTerm != nil {
		d.Term = given(*e.Disk.CurrentTerm)
	}
	if e.Disk.VotedFor != nil {
		d.VotedFor = given(*e.Disk.VotedFor)
	}
	if e.Disk.Log != nil {
		d.Log = given(logEntries(e.Disk.Log.Entries()))
	}
	r.Disks = []trace.NodeState{d}
	return r
}

// logEntries gives entries as a trace has them: an empty list, and not none, for no
// entry.
func logEntries(entries []raft.Entry) []trace.LogEntry {
	w := make([]trace.LogEntry, 0, len(entries))
	for _, e := range entries {
		w = append(w, trace.LogEntry{Entry: e})
	}
	return w
}

func appendAnswer(e *explore.AppendAnswer) *trace.AppendResponse {
	r := &trace.AppendResponse{From: e.Ack.From, To: e.To, Term: e.Ack.Term, Success: e.Ack.Success}
	if r.Success {
		r.MatchIndex = given(e.Ack.MatchIndex)
	}
	return r
}
