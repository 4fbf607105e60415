// Package variant looks at a trace under other rules: what differs, what it
// reveals, what explains a sheet.
//
// It knows rules, traces and what the explorer finds under deviating rules. It
// knows no format of output, and no marks.
package variant

import (
	"fmt"
	"slices"
	"strconv"

	"raftsheet/raft"
	"raftsheet/raft/explore"
	"raftsheet/trace"
)

// A Commented is a trace with comments for whoever reads it as text.
type Commented struct {
	Trace *trace.Trace
	Head  []string   // on the trace as a whole
	Steps [][]string // on what came of each step
}

// Counterexample gives a behaviour under rules as a trace: every message written
// out, with the answers that these rules give, and without the rules themselves,
// so that the trace can be checked under any. The name is that of the rules;
// believed is a sentence on them for the reader, empty for none.
func Counterexample(b *explore.Behavior, name, believed string) Commented {
	c := converter{trace: &trace.Trace{Document: 1, Title: fmt.Sprintf("%s breaks %s", name, b.Breach.Property)}}
	for i := range b.Scope.Nodes {
		c.trace.Names = append(c.trace.Names, strconv.Itoa(i+1))
	}
	before := b.Initial
	for _, s := range b.Steps {
		for _, e := range s.Events {
			c.event(e)
		}
		c.remark(outcomeNames(before, s.States)...)
		before = s.States
	}
	if b.Breach.Property != explore.None {
		c.remark(breachSentence(&b.Breach))
	}
	var head []string
	if believed != "" {
		head = append(head, "Believed: "+believed)
	}
	head = append(head, fmt.Sprintf("The answers are those that these rules give: replay it with --rules %s.", name))
	return Commented{Trace: c.trace, Head: head, Steps: c.remarks}
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
	case explore.Restart:
		c.step(&trace.Restart{Nodes: []raft.NodeID{e.Node}})
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
	entries := []trace.LogEntry{}
	for _, e := range m.Entries.Slice() {
		entries = append(entries, trace.LogEntry{Entry: e})
	}
	return &trace.AppendEntries{LeaderID: m.LeaderID, Term: given(m.Term), PrevLogIndex: given(m.PrevLogIndex),
		PrevLogTerm: given(m.PrevLogTerm), Entries: given(entries), LeaderCommit: given(m.LeaderCommit)}
}

func appendAnswer(e *explore.AppendAnswer) *trace.AppendResponse {
	r := &trace.AppendResponse{From: e.Ack.From, To: e.To, Term: e.Ack.Term, Success: e.Ack.Success}
	if r.Success {
		r.MatchIndex = given(e.Ack.MatchIndex)
	}
	return r
}

// outcomeNames says who has come to lead, and what has come to be committed.
func outcomeNames(before, after []raft.State) (said []string) {
	for i := range after {
		a, b, node := &before[i], &after[i], i+1
		if b.Role == raft.Leader && (a.Role != raft.Leader || a.CurrentTerm != b.CurrentTerm) {
			said = append(said, fmt.Sprintf("node %d leads term %d", node, b.CurrentTerm))
		}
		if committed(a) < committed(b) {
			said = append(said, fmt.Sprintf("node %d commits up to index %d", node, committed(b)))
		}
	}
	return said
}

// committed is the last entry that a node holds to be committed. Some deviations
// apply entries without moving commitIndex, or move it past the end of the log.
func committed(s *raft.State) raft.Index {
	return min(max(s.CommitIndex, s.LastApplied), s.Log.LastIndex())
}

// breachSentence says how a property broke.
func breachSentence(b *explore.Breach) string {
	mine, theirs := entryWord(b.Mine), entryWord(b.Theirs)
	how := ""
	switch b.Property {
	case explore.ElectionSafety:
		nodes := []raft.NodeID{b.Node, b.Other}
		slices.Sort(nodes)
		how = fmt.Sprintf("nodes %d and %d both lead term %d", nodes[0], nodes[1], b.Term)
	case explore.LeaderAppendOnly:
		how = fmt.Sprintf("node %d leads term %d, and where it had %s at index %d it has %s", b.Node, b.Term, theirs, b.Index, mine)
	case explore.LogMatching:
		how = fmt.Sprintf("at index %d nodes %d and %d both have an entry of term %d; at index %d they have %s and %s",
			b.Index, b.Node, b.Other, b.Term, b.First, mine, theirs)
		if b.Node == b.Other {
			how = fmt.Sprintf("at index %d node %d has an entry of term %d as before; at index %d it had %s and has %s",
				b.Index, b.Node, b.Term, b.First, theirs, mine)
		}
	case explore.LeaderCompleteness:
		how = fmt.Sprintf("node %d leads term %d with %s at index %d, where %s was committed in term %d", b.Node, b.Term, mine, b.Index, theirs, b.Since)
	case explore.StateMachineSafety:
		how = fmt.Sprintf("node %d commits %s at index %d, where %s was committed before", b.Node, mine, b.Index, theirs)
		if b.Node == b.Other {
			how = fmt.Sprintf("node %d had committed %s at index %d, and now has %s there", b.Node, theirs, b.Index, mine)
		}
	}
	return fmt.Sprintf("%s breaks: %s", b.Property, how)
}

func entryWord(e raft.Entry) string {
	if e == (raft.Entry{}) {
		return "no entry"
	}
	return e.String()
}
