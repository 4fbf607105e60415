package render

import (
	"fmt"
	"strings"

	"raftsheet/render/doc"
	"raftsheet/trace"
)

// BlankSheet is an empty worksheet: the paper form.
type BlankSheet struct{ Nodes, AppendEntries, RequestVotes int }

// Blank shows an empty worksheet.
func Blank(b BlankSheet) *doc.Document {
	d := &doc.Document{Title: "Worksheet"}
	d.Add(nodePage("Raft State", "", nil, nil, nil, true))
	ids := []string{"id"}
	for i := range b.Nodes {
		ids = append(ids, fmt.Sprint(i+1))
	}
	add := func(n int, name string, names ...string) {
		var fields []field
		for _, name := range names {
			fields = append(fields, field{name: name})
		}
		for range n {
			form := messageForm(doc.Text(name), nil, fields)
			form.Blocks = append(form.Blocks, doc.Table{Caption: "Response", Columns: doc.Columns(ids...), Ruled: true,
				Rows: [][]doc.Cell{append(doc.Cells("ok"), make([]doc.Cell, b.Nodes)...)}})
			d.Add(form)
		}
	}
	add(b.AppendEntries, "AppendEntriesRPC", "leaderId", "term", "index", "value", "leaderCommit")
	add(b.RequestVotes, "RequestVoteRPC", "term", "candidateId", "lastLogIndex", "lastLogTerm")
	return d
}

// YAML gives the same forms as a trace to type into.
func (b BlankSheet) YAML() string {
	cells := make([]string, b.Nodes)
	for i := range cells {
		cells[i] = fmt.Sprintf("%d: ", i+1)
	}
	row := "    response: {" + strings.Join(cells, ", ") + "}\n\n"
	var out strings.Builder
	fmt.Fprintf(&out, `%s
title:
student:
nodes: %d

# Put the steps in the order in which they happened, and delete those that are not used.
# Write who sends each message (candidateId, leaderId). What you leave blank of the rest is
# filled in from the sender's state.
steps:
`, trace.SchemaLine, b.Nodes)
	for i := range b.RequestVotes {
		fmt.Fprintf(&out, "  - id: RV%d\n    requestVote: {term: , candidateId: , lastLogIndex: , lastLogTerm: }\n%s", i+1, row)
	}
	for i := range b.AppendEntries {
		fmt.Fprintf(&out, "  - id: AE%d\n    appendEntries: {leaderId: , term: , index: , value: , leaderCommit: }\n%s", i+1, row)
	}
	return out.String()
}
