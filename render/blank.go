package render

import (
	"fmt"
	"strings"

	"raftsheet/render/doc"
)

// BlankSheet is an empty worksheet: the paper form.
type BlankSheet struct{ Nodes, AppendEntries, RequestVotes int }

// Blank shows an empty worksheet.
func Blank(b BlankSheet) *doc.Document { return b.sheet().document() }

func (b BlankSheet) sheet() sheet {
	s := sheet{nodes: []nodeSheet{{empty: true}}, stateFirst: true}
	ids := make([]string, b.Nodes)
	for i := range ids {
		ids[i] = fmt.Sprint(i + 1)
	}
	blankForm := func(name string, fields ...string) form {
		f := form{name: name, ids: ids, ok: make([]string, b.Nodes), blank: true}
		for _, n := range fields {
			f.fields = append(f.fields, field{name: n})
		}
		return f
	}
	for range b.AppendEntries {
		s.forms = append(s.forms, blankForm("AppendEntriesRPC", "leaderId", "term", "index", "value", "leaderCommit"))
	}
	for range b.RequestVotes {
		s.forms = append(s.forms, blankForm("RequestVoteRPC", "term", "candidateId", "lastLogIndex", "lastLogTerm"))
	}
	return s
}

// YAML gives the same forms as a trace to type into.
func (b BlankSheet) YAML() string {
	cells := make([]string, b.Nodes)
	for i := range cells {
		cells[i] = fmt.Sprintf("%d: ", i+1)
	}
	row := "    response: {" + strings.Join(cells, ", ") + "}\n\n"
	var out strings.Builder
	fmt.Fprintf(&out, `title:
student:
nodes: %d

# Put the steps in the order in which they happened, and delete those that are not used.
# Write who sends each message (candidateId, leaderId). What you leave blank of the rest is
# filled in from the sender's state.
steps:
`, b.Nodes)
	for i := range b.RequestVotes {
		fmt.Fprintf(&out, "  - id: RV%d\n    requestVote: {term: , candidateId: , lastLogIndex: , lastLogTerm: }\n%s", i+1, row)
	}
	for i := range b.AppendEntries {
		fmt.Fprintf(&out, "  - id: AE%d\n    appendEntries: {leaderId: , term: , index: , value: , leaderCommit: }\n%s", i+1, row)
	}
	return out.String()
}
