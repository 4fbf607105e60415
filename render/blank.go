package render

import (
	"fmt"

	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// BlankSheet is an empty worksheet: the paper form.
type BlankSheet struct {
	Nodes, AppendEntries, RequestVotes int
	Rows                               int // of the terms and of the log; 0 for [DefaultRows]
}

// Blank shows an empty worksheet.
func Blank(b BlankSheet) *doc.Document {
	d := &doc.Document{Title: "Worksheet", Sheet: paperSheet("")}
	d.Add(nodePage("Raft State", "", nil, nil, nil, b.Rows, true))
	var ids []string
	for i := range b.Nodes {
		ids = append(ids, fmt.Sprint(i+1))
	}
	add := func(n int, label, name string, names ...string) {
		var fields []field
		for _, name := range names {
			fields = append(fields, field{name: name})
		}
		for i := range n {
			form := messageForm(doc.Text(name), nil, fields)
			form.Label, form.Apart = fmt.Sprint(label, i+1), len(d.Blocks) == 1
			form.Blocks = append(form.Blocks, responseRows(ids, [][]doc.Cell{append(doc.Cells("ok"), make([]doc.Cell, b.Nodes)...)}, true))
			d.Add(form)
		}
	}
	add(b.AppendEntries, appendLabel, appendForm, "leaderId", "term", "index", "value", "leaderCommit")
	add(b.RequestVotes, voteLabel, voteForm, "term", "candidateId", "lastLogIndex", "lastLogTerm")
	return d
}

// The forms are numbered alike on paper and in YAML: AE1, AE2.
const appendLabel, voteLabel = "AE", "RV"

// howToType is what a form in YAML says to those who type into it.
const howToType = `Put the steps in the order in which they happened, and delete those that are not used.
Write who sends each message (candidateId, leaderId). What you leave blank of the rest is
filled in from the sender's state.`

// Trace gives the same forms as a trace, all of it blank. [trace.WriteForm] writes
// it for people to type into.
func (b BlankSheet) Trace() *trace.Trace {
	t := &trace.Trace{Comment: howToType}
	row := &trace.Row{}
	for i := range b.Nodes {
		t.Names = append(t.Names, fmt.Sprint(i+1))
		row.Cells = append(row.Cells, trace.Cell{Node: raft.NodeID(i + 1), OK: trace.Opt[bool]{Presence: trace.Blank}})
	}
	add := func(n int, name string, event trace.Event) {
		for i := range n {
			t.Steps = append(t.Steps, trace.Step{Number: len(t.Steps) + 1, ID: fmt.Sprint(name, i+1), Event: event, Response: row})
		}
	}
	index := trace.Opt[raft.Index]{Presence: trace.Blank}
	term := trace.Opt[raft.Term]{Presence: trace.Blank}
	add(b.RequestVotes, voteLabel, &trace.RequestVote{Term: term, LastLogIndex: index, LastLogTerm: term})
	add(b.AppendEntries, appendLabel, &trace.AppendEntries{Term: term, Index: index,
		Value: trace.Opt[string]{Presence: trace.Blank}, LeaderCommit: index})
	return t
}
