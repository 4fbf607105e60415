package render

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A sheet is what the worksheet shows, in no format yet: the forms of the
// messages, and each node's terms and log.
type sheet struct {
	title string
	forms []form
	nodes []nodeSheet

	stateFirst bool // the nodes' pages before the forms, as on the empty form
}

// A form is one message, or one line for any other event.
type form struct {
	name   string // AppendEntriesRPC, RequestVoteRPC; empty for another event
	id     string // of the step
	note   string
	line   string // of another event
	fields []field
	blank  bool     // to be filled in
	sender int      // its place among them, from 1; 0 for none
	ids    []string // the response row: nodes,
	ok     []string // what they answer,
	terms  []string // and the terms they answer with; nil where all are the message's
}

type field struct{ name, value string }

// A nodeSheet is the page of one node.
type nodeSheet struct {
	name    string
	when    string // empty for the state at the end
	unknown bool
	empty   bool // a page to write on
	state   []field
	terms   [][]string // term, role, votedFor
	log     [][]string // index, term, value, committed
}

// ShowOptions say what of a replay is shown.
type ShowOptions struct {
	Node  raft.NodeID // the sheet of this node alone, or NoNode for all
	Step  int         // stop after this step; 0 for the last
	Blank bool        // leave the answers and tables out
}

// newSheet lays a replay out.
func newSheet(run *check.Run, opt ShowOptions) sheet {
	last := len(run.Steps)
	if opt.Step > 0 {
		last = opt.Step
	}
	s := sheet{title: run.Trace.Title}
	for i := range run.Steps[:last] {
		step := &run.Steps[i]
		if sender, ok := step.Trace.Sender(); opt.Node != raft.NoNode && (!ok || sender != opt.Node) {
			continue
		}
		s.forms = append(s.forms, newForm(run, step, opt.Blank))
	}
	for i := range run.Trace.Names {
		id := raft.NodeID(i + 1)
		if opt.Node == raft.NoNode && !run.Trace.Unknown.Has(id) || opt.Node == id {
			if opt.Blank && hasInitial(run.Trace, id) {
				start := newNodeSheet(run, id, 0, false)
				start.when = "before the first step"
				s.nodes = append(s.nodes, start)
			}
			s.nodes = append(s.nodes, newNodeSheet(run, id, last, opt.Blank))
		}
	}
	return s
}

// hasInitial reports whether a node's initial state is written: it is part of
// the question, and not of the answers.
func hasInitial(t *trace.Trace, id raft.NodeID) bool {
	return slices.ContainsFunc(t.Initial, func(st trace.NodeState) bool { return st.Node == id })
}

func newForm(run *check.Run, step *check.Step, blank bool) form {
	t := run.Trace
	f := form{id: step.Trace.ID, note: step.Trace.Note, blank: blank}
	switch e := step.Trace.Event.(type) {
	case *trace.RequestVote:
		f.name, f.fields = "RequestVoteRPC", voteFields(t, step)
	case *trace.AppendEntries:
		f.name, f.fields = "AppendEntriesRPC", appendFields(t, step, e)
	default:
		f.line = EventLine(t, step.Trace.Event)
		return f
	}
	f.fields = append(f.fields, wayFields(t, step.Trace)...)
	sender, _ := step.Trace.Sender()
	f.sender = int(sender)
	for i, name := range t.Names {
		id := raft.NodeID(i + 1)
		f.ids = append(f.ids, name)
		d := step.Delivery(id)
		switch {
		case id == sender, blank:
			f.ok, f.terms = append(f.ok, ""), append(f.terms, "")
		case d == nil:
			f.ok, f.terms = append(f.ok, "-"), append(f.terms, "")
		default:
			f.ok, f.terms = append(f.ok, answerCell(step, d)), append(f.terms, termCell(d))
		}
	}
	if strings.Join(f.terms, "") == "" {
		f.terms = nil
	}
	return f
}

// wayFields say what became of a request and its answers on their way, where
// the trace says so.
func wayFields(t *trace.Trace, s *trace.Step) []field {
	var fields []field
	for _, way := range []struct {
		name string
		set  raft.NodeSet
	}{{"to", s.To.Value}, {"lost", s.Lost}, {"responseLost", s.ResponseLost}} {
		if way.set != 0 {
			fields = append(fields, field{way.name, nodeNames(t, way.set)})
		}
	}
	return fields
}

func nodeNames(t *trace.Trace, set raft.NodeSet) string {
	var names []string
	for id := range set.All() {
		names = append(names, t.Name(id))
	}
	return strings.Join(names, ", ")
}

// answerCell is a node's cell of the response row.
func answerCell(step *check.Step, d *check.Delivery) string {
	switch {
	case d.Fate == check.Unseen && d.Lost:
		if row := step.Trace.Response; row != nil {
			if c := row.Cell(d.To); c != nil && c.None {
				return "-"
			}
		}
		return "?"
	case !d.Answered() && d.Fate != check.Unseen:
		return "-"
	case d.OK:
		return "ok"
	}
	return "no"
}

// termCell is the term of an answer where it is not the request's.
func termCell(d *check.Delivery) string {
	request := raft.Term(0)
	if d.Vote != nil {
		request = d.Vote.Term
	} else {
		request = d.Append.Term
	}
	if !d.Answered() || d.Term == request {
		return ""
	}
	return fmt.Sprint(d.Term)
}

func voteFields(t *trace.Trace, step *check.Step) []field {
	m := step.Sent.(*raft.RequestVote)
	return []field{
		{"term", fmt.Sprint(m.Term)},
		{"candidateId", t.Name(m.CandidateID)},
		{"lastLogIndex", fmt.Sprint(m.LastLogIndex)},
		{"lastLogTerm", fmt.Sprint(m.LastLogTerm)},
	}
}

// appendFields are those of the form in which the message is written: the
// worksheet's, with an entry or without, or the paper's.
func appendFields(t *trace.Trace, step *check.Step, e *trace.AppendEntries) []field {
	m, same := step.Sent.(*raft.AppendEntries)
	if !same {
		if len(step.Deliveries) == 0 {
			return []field{{"leaderId", t.Name(e.LeaderID)}}
		}
		m = step.Deliveries[0].Append
	}
	fields := []field{{"leaderId", t.Name(m.LeaderID)}, {"term", fmt.Sprint(m.Term)}}
	if paper := e.Entries.Given() || e.Auto || e.PrevLogIndex.Given(); paper {
		fields = append(fields, paperFields(step, m, same, e.Auto)...)
	} else {
		index, value := "", ""
		if es := m.Entries.Slice(); len(es) == 1 {
			index, value = fmt.Sprint(m.LastNewIndex()), es[0].Value
		}
		fields = append(fields, field{"index", index}, field{"value", value})
	}
	return append(fields, field{"leaderCommit", fmt.Sprint(m.LeaderCommit)})
}

func paperFields(step *check.Step, m *raft.AppendEntries, same, auto bool) []field {
	if same {
		return []field{
			{"prevLogIndex", fmt.Sprint(m.PrevLogIndex)},
			{"prevLogTerm", fmt.Sprint(m.PrevLogTerm)},
			{"entries", trace.FlowLog(m.Entries.Slice())},
		}
	}
	var prevs []string
	for i := range step.Deliveries {
		d := &step.Deliveries[i]
		prevs = append(prevs, fmt.Sprintf("%d to %d", d.Append.PrevLogIndex, d.To))
	}
	entries := "[]"
	if auto {
		entries = "those from nextIndex on"
	}
	return []field{{"prevLogIndex", strings.Join(prevs, ", ")}, {"entries", entries}}
}

// EventLine says in a few words what an event without a form of its own is.
func EventLine(t *trace.Trace, event trace.Event) string {
	names := func(ids []raft.NodeID) string {
		var all []string
		for _, id := range ids {
			all = append(all, t.Name(id))
		}
		return strings.Join(all, ", ")
	}
	switch e := event.(type) {
	case nil:
		return "tables"
	case *trace.Timeout:
		return "timeout of " + names(e.Nodes)
	case *trace.Crash:
		return "crash of " + names(e.Nodes)
	case *trace.Restart:
		return "restart of " + names(e.Nodes)
	case *trace.ClientRequest:
		return fmt.Sprintf("client request to %s: %s", t.Name(e.Node), e.Value)
	case *trace.Partition:
		return "partition into " + groups(t, e.Groups)
	case *trace.Heal:
		return "the partition heals"
	case *trace.VoteResponse:
		return fmt.Sprintf("late answer of %s to %s: term %d, voteGranted %t", t.Name(e.From), t.Name(e.To), e.Term, e.Granted)
	case *trace.AppendResponse:
		return fmt.Sprintf("late answer of %s to %s: term %d, success %t", t.Name(e.From), t.Name(e.To), e.Term, e.Success)
	}
	return event.Name()
}

func groups(t *trace.Trace, sets []raft.NodeSet) string {
	var all []string
	for _, g := range sets {
		all = append(all, "{"+nodeNames(t, g)+"}")
	}
	return strings.Join(all, " ")
}

func newNodeSheet(run *check.Run, id raft.NodeID, step int, blank bool) nodeSheet {
	n := nodeSheet{name: run.Trace.Name(id), unknown: run.Trace.Unknown.Has(id)}
	if blank || n.unknown {
		n.empty = blank
		return n
	}
	s := run.State(id, step)
	n.state = stateFields(run.Trace, id, &s)
	for _, t := range run.Terms(id, step) {
		if t.Term == 0 {
			continue // no term yet
		}
		for term := range t.Each() {
			n.terms = append(n.terms, []string{fmt.Sprint(term), t.Roles.Highest().String(), run.Trace.Name(t.VotedFor)})
		}
	}
	for i, e := range s.Log.Entries() {
		committed := ""
		if raft.Index(i+1) <= s.CommitIndex {
			committed = "yes"
		}
		n.log = append(n.log, []string{fmt.Sprint(i + 1), fmt.Sprint(e.Term), e.Value, committed})
	}
	return n
}

func stateFields(t *trace.Trace, id raft.NodeID, s *raft.State) []field {
	fields := []field{
		{"currentTerm", fmt.Sprint(s.CurrentTerm)},
		{"votedFor", t.Name(s.VotedFor)},
		{"role", s.Role.String()},
		{"commitIndex", fmt.Sprint(s.CommitIndex)},
		{"lastApplied", fmt.Sprint(s.LastApplied)},
	}
	if s.Role == raft.Leader && len(s.NextIndex) > 1 {
		fields = append(fields, field{"nextIndex", t.FlowIndexes(id, s.NextIndex)}, field{"matchIndex", t.FlowIndexes(id, s.MatchIndex)})
	}
	return fields
}
