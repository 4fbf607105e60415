package render

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"
)

// BlankSheet is an empty worksheet: the paper form.
type BlankSheet struct{ Nodes, AppendEntries, RequestVotes int }

var blankFormats = formats[func(io.Writer, BlankSheet, Options) error]{
	{"table", func(w io.Writer, b BlankSheet, opt Options) error { return writeSheet(w, b.sheet(), opt) }},
	{"markdown", func(w io.Writer, b BlankSheet, _ Options) error { return writeSheetMarkdown(w, b.sheet()) }},
	{"yaml", func(w io.Writer, b BlankSheet, _ Options) error { return b.yaml(w) }},
}

// BlankFormats gives the names of the formats of Blank, the default first.
func BlankFormats() []string { return blankFormats.names() }

// Blank writes an empty worksheet.
func Blank(w io.Writer, format string, b BlankSheet, opt Options) error {
	write, err := blankFormats.pick("blank", format)
	if err != nil {
		return err
	}
	return write(w, b, opt)
}

func (b BlankSheet) sheet() sheet {
	s := sheet{nodes: []nodeSheet{{empty: true}}, stateFirst: true}
	ids := make([]string, b.Nodes)
	for i := range ids {
		ids[i] = fmt.Sprint(i + 1)
	}
	blankForm := func(name string, fields ...string) form {
		f := form{name: name, ids: ids, ok: slices.Repeat([]string{"  "}, b.Nodes)}
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

// yaml writes the same forms as a trace to type into.
func (b BlankSheet) yaml(w io.Writer) error {
	out := bufio.NewWriter(w)
	cells := make([]string, b.Nodes)
	for i := range cells {
		cells[i] = fmt.Sprintf("%d: ", i+1)
	}
	row := "    response: {" + strings.Join(cells, ", ") + "}\n"
	fmt.Fprintf(out, "title:\nstudent:\nnodes: %d\n\n# Put the steps in the order in which they happened; delete those that are not used.\n# Write who sends each message (candidateId, leaderId); of the rest, what you leave blank is\n# filled in from the sender's state.\nsteps:\n", b.Nodes)
	for i := range b.RequestVotes {
		fmt.Fprintf(out, "  - id: RV%d\n    requestVote: {term: , candidateId: , lastLogIndex: , lastLogTerm: }\n%s\n", i+1, row)
	}
	for i := range b.AppendEntries {
		fmt.Fprintf(out, "  - id: AE%d\n    appendEntries: {leaderId: , term: , index: , value: , leaderCommit: }\n%s\n", i+1, row)
	}
	return out.Flush()
}
