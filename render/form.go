package render

import (
	"fmt"
	"strings"

	"raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// This file has the message forms of a worksheet, and the lines of other events.

// paperSheet is what each page of a worksheet has on paper; the variant is empty
// where the worksheet does not say which it is.
func paperSheet(variant string) *doc.Sheet {
	return &doc.Sheet{Lines: []doc.Field{{Name: "Name"}, {Name: "ID"}, {Name: "Variant", Value: doc.Text(variant)}},
		Legend: doc.Marked(doc.Strong, "ok").Add(doc.Plain, " the receiver grants or accepts    ").
			Add(doc.Strong, "no").Add(doc.Plain, " it refuses    ").
			Add(doc.Strong, "– or none").Add(doc.Plain, " it does not answer    the sender's own cell stays empty")}
}

// A field is a name and its value, as a form has them.
type field struct{ name, value string }

// stepForm is the form of a step's message with its response row, or the line of
// another event.
func stepForm(run *replay.Run, step *replay.Step, blank bool) doc.Group {
	fields := requestFields(run.Trace, step)
	g := messageForm(stepHead(run.Trace, step.Trace), step.Trace, fields)
	if fields != nil {
		g.Blocks = append(g.Blocks, responseTable(run, step, blank))
	}
	return g
}

// requestFields are the fields of a step's request as its form has them; nil where
// the step has none.
func requestFields(t *trace.Trace, step *replay.Step) []field {
	var fields []field
	switch e := step.Trace.Event.(type) {
	case *trace.RequestVote:
		fields = voteFields(t, step, e)
	case *trace.AppendEntries:
		fields = appendFields(t, step, e)
	case *trace.InstallSnapshot:
		fields = installFields(t, step, e)
	default:
		return nil
	}
	return append(fields, wayFields(t, step.Trace)...)
}

// StepForm is what the form of a step is headed by, and its fields: those of its
// request, none where it has none.
func StepForm(run *replay.Run, step *replay.Step) (head string, fields []doc.Field) {
	return FormHead(run.Trace, step.Trace), formFields(requestFields(run.Trace, step)).Rows
}

// stepHead is the heading of a step: of its form, and which step it is.
func stepHead(t *trace.Trace, s *trace.Step) doc.Inline {
	mark := doc.Foreign
	if _, sends := s.Sender(); sends {
		mark = doc.Plain
	}
	return doc.Marked(mark, FormHead(t, s)).Add(doc.Faint, ", step "+s.ID)
}

// FormHead is the name of a message's form, or the line of another event.
func FormHead(t *trace.Trace, s *trace.Step) string {
	switch s.Event.(type) {
	case *trace.RequestVote:
		return voteForm
	case *trace.AppendEntries:
		return appendForm
	case *trace.InstallSnapshot:
		return "InstallSnapshotRPC"
	}
	return stepLine(t, s)
}

// The names of the paper's forms.
const voteForm, appendForm = "RequestVoteRPC", "AppendEntriesRPC"

// messageForm is a form without its response row. The step is nil on an empty
// form.
func messageForm(head doc.Inline, step *trace.Step, fields []field) doc.Group {
	g := doc.Group{Blocks: []doc.Block{doc.Heading{Level: 2, Text: head}}}
	if step != nil && step.Note != "" {
		g.Blocks = append(g.Blocks, doc.P(doc.Marked(doc.Faint, step.Note)))
	}
	if fields != nil {
		g.Blocks = append(g.Blocks, formFields(fields))
	}
	return g
}

func formFields(fields []field) doc.Fields {
	out := doc.Fields{Form: true}
	for _, f := range fields {
		out.Rows = append(out.Rows, doc.Field{Name: f.name, Value: doc.Text(f.value)})
	}
	return out
}

// responseTable is the response row of a step: what each node answers, and the
// terms of those who answer with another than the message's. The sender answers
// nothing, and the cell of a node in doubt stays blank.
func responseTable(run *replay.Run, step *replay.Step, blank bool) doc.Table {
	sender, _ := step.Trace.Sender()
	answers, terms := []string{"ok"}, []string{"term"}
	for _, c := range ResponseRow(run, step) {
		if blank {
			c = ResponseCell{}
		}
		answers, terms = append(answers, c.Answer), append(terms, c.Term)
	}
	rows := [][]doc.Cell{doc.Cells(answers...)}
	if strings.Join(terms, "") != "term" {
		rows = append(rows, doc.Cells(terms...))
	}
	for _, row := range rows {
		if sender != raft.NoNode {
			row[sender].Shaded = true
		}
	}
	return responseRows(run.Trace.Names, rows, blank)
}

// A ResponseCell is a node's cell of a response row, as the replay fills it in.
type ResponseCell struct {
	Answer string // ok, no, - for none, ? where it cannot be told; empty where nothing belongs in it
	Term   string // of an answer whose term is not the request's
}

// ResponseRow is the response row of a step's request, with a cell for each node
// of the trace.
func ResponseRow(run *replay.Run, step *replay.Step) []ResponseCell {
	sender, _ := step.Trace.Sender()
	row := make([]ResponseCell, run.Trace.Size())
	for i := range row {
		id := raft.NodeID(i + 1)
		if id == sender || step.Doubts(id) {
			continue
		}
		c := &row[i]
		c.Answer = "-"
		switch d := step.Delivery(id); {
		case d != nil:
			c.Answer, c.Term = answerCell(step, d), termCell(d)
		case len(step.Deliveries) == 0 && run.Untold(id, step.Trace.Number):
			c.Answer = "?" // what it was sent cannot be told
		}
	}
	return row
}

// responseRows is a response row of these nodes, with a row for each field of an
// answer. In a ruled one there is room to write.
func responseRows(names []string, rows [][]doc.Cell, ruled bool) doc.Table {
	return doc.Table{Caption: "Response", Columns: doc.Columns(append([]string{"id"}, names...)...), Ruled: ruled, Named: true, Room: 1, Rows: rows}
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
func answerCell(step *replay.Step, d *replay.Delivery) string {
	switch {
	case d.Fate == replay.Unseen && d.Lost:
		if row := step.Trace.Response; row != nil {
			if c := row.Cell(d.To); c != nil && c.None {
				return "-"
			}
		}
		return "?"
	case !d.Answered() && d.Fate != replay.Unseen:
		return "-"
	case d.OK:
		return "ok"
	}
	return "no"
}

// termCell is the term of an answer where it is not the request's.
func termCell(d *replay.Delivery) string {
	if !d.Answered() || d.Term == d.Request.Term() {
		return ""
	}
	return fmt.Sprint(d.Term)
}

func voteFields(t *trace.Trace, step *replay.Step, e *trace.RequestVote) []field {
	m := step.Sent.Vote
	if m == nil { // what is left out of it cannot be told
		return []field{{"candidateId", t.Name(e.CandidateID)}}
	}
	return []field{
		{"term", fmt.Sprint(m.Term)},
		{"candidateId", t.Name(m.CandidateID)},
		{"lastLogIndex", fmt.Sprint(m.LastLogIndex)},
		{"lastLogTerm", fmt.Sprint(m.LastLogTerm)},
	}
}

func installFields(t *trace.Trace, step *replay.Step, e *trace.InstallSnapshot) []field {
	m := step.Sent.Install
	if m == nil { // what is left out of it cannot be told
		return []field{{"leaderId", t.Name(e.LeaderID)}}
	}
	return []field{
		{"leaderId", t.Name(m.LeaderID)},
		{"term", fmt.Sprint(m.Term)},
		{"lastIncludedIndex", fmt.Sprint(m.LastIncludedIndex)},
		{"lastIncludedTerm", fmt.Sprint(m.LastIncludedTerm)},
	}
}

// appendFields are those of the form in which the message is written: the
// worksheet's, with an entry or without, or the paper's.
func appendFields(t *trace.Trace, step *replay.Step, e *trace.AppendEntries) []field {
	m := step.Sent.Append
	same := m != nil
	if !same {
		if len(step.Deliveries) == 0 {
			return []field{{"leaderId", t.Name(e.LeaderID)}}
		}
		m = step.Deliveries[0].Append
	}
	fields := []field{{"leaderId", t.Name(m.LeaderID)}, {"term", fmt.Sprint(m.Term)}}
	if paper := e.Entries.Given() || e.Auto || e.Count.Given() || e.PrevLogIndex.Given(); paper {
		fields = append(fields, paperFields(t, step, same, e)...)
	} else {
		index, value := "", ""
		if es := m.Entries.Slice(); len(es) == 1 {
			index, value = fmt.Sprint(m.LastNewIndex()), es[0].Value
		}
		fields = append(fields, field{"index", index}, field{"value", value})
	}
	return append(fields, field{"leaderCommit", fmt.Sprint(m.LeaderCommit)})
}

func paperFields(t *trace.Trace, step *replay.Step, same bool, e *trace.AppendEntries) []field {
	if m := step.Sent.Append; same {
		return []field{
			{"prevLogIndex", fmt.Sprint(m.PrevLogIndex)},
			{"prevLogTerm", fmt.Sprint(m.PrevLogTerm)},
			{"entries", trace.FlowLog(m.Entries.Slice())},
		}
	}
	entries := "[]"
	switch {
	case e.Auto:
		entries = "those from nextIndex on"
	case e.Count.Given():
		entries = fmt.Sprintf("%d from nextIndex on", e.Count.Value)
	}
	return []field{{"prevLogIndex", prevsTo(t, step.Deliveries)}, {"entries", entries}}
}

// prevsTo says which prevLogIndex goes to whom: each once, in the order of the messages,
// and one that goes to all by itself.
func prevsTo(t *trace.Trace, ds []replay.Delivery) string {
	to := make(map[raft.Index][]raft.NodeID)
	var prevs []raft.Index
	for i := range ds {
		prev := ds[i].Append.PrevLogIndex
		if to[prev] == nil {
			prevs = append(prevs, prev)
		}
		to[prev] = append(to[prev], ds[i].To)
	}
	if len(prevs) == 1 {
		return fmt.Sprint(prevs[0])
	}
	var parts []string
	for _, prev := range prevs {
		parts = append(parts, fmt.Sprintf("%d to %s", prev, reason.And(nodeRanges(t, to[prev]))))
	}
	return strings.Join(parts, "; ")
}

// stepLine is a step's event in one line, told apart from one that cannot be read.
func stepLine(t *trace.Trace, s *trace.Step) string {
	if s.Unread {
		return "an event that cannot be read"
	}
	return EventLine(t, s.Event)
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
		return "restart of " + disks(t, e)
	case *trace.StepDown:
		return "step down of " + names(e.Nodes)
	case *trace.Voters:
		return votersLine(t, e)
	case *trace.ClientRequest:
		return fmt.Sprintf("client request to %s: %s", t.Name(e.Node), e.Value)
	case *trace.Partition:
		return "partition into " + groups(t, e.Groups)
	case *trace.Heal:
		return "the partition heals"
	case *trace.VoteResponse:
		return fmt.Sprintf("late answer of %s to %s: term %d, voteGranted %t", t.Name(e.From), t.Name(e.To), e.Term, e.Granted)
	case *trace.AppendResponse:
		line := fmt.Sprintf("late answer of %s to %s: term %d, success %t", t.Name(e.From), t.Name(e.To), e.Term, e.Success)
		if e.Success && e.MatchIndex.Given() {
			line += fmt.Sprintf(", matchIndex %d", e.MatchIndex.Value)
		}
		return line
	}
	return event.Name()
}

// disks lists the nodes that restart, and what the disks of those gave back of
// which that is written.
func disks(t *trace.Trace, e *trace.Restart) string {
	all := make([]string, len(e.Nodes))
	for i, id := range e.Nodes {
		all[i] = t.Name(id)
		for j := range e.Disks {
			if gave := reason.GivenBack(t, &e.Disks[j]); e.Disks[j].Node == id && gave != "" {
				all[i] += " (its disk gives back " + gave + ")"
			}
		}
	}
	return strings.Join(all, ", ")
}

// votersLine says who counts from now on, and at which nodes where that is not
// all of them.
func votersLine(t *trace.Trace, e *trace.Voters) string {
	line := "voters"
	if e.At.Given() {
		line += " at " + nodeNames(t, e.At.Value)
	}
	line += ": " + groups(t, e.Are)
	if len(e.Are) > 1 {
		line += " (joint: a majority of each)"
	}
	return line
}

func groups(t *trace.Trace, sets []raft.NodeSet) string {
	var all []string
	for _, g := range sets {
		all = append(all, "{"+nodeNames(t, g)+"}")
	}
	return strings.Join(all, " ")
}
