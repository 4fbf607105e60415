package render

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"raftsheet/check"
)

// showFormats are the formats of Show, the default first.
var showFormats = []struct {
	name  string
	write func(io.Writer, *check.Run, ShowOptions) error
}{
	{"table", showTable},
	{"markdown", showMarkdown},
	{"json", showJSON},
}

// ShowFormats gives the names of the formats of Show, the default first.
func ShowFormats() []string {
	names := make([]string, len(showFormats))
	for i, f := range showFormats {
		names[i] = f.name
	}
	return names
}

// Show writes the filled worksheet of a replay.
func Show(w io.Writer, format string, run *check.Run, opt ShowOptions) error {
	for _, f := range showFormats {
		if f.name == format {
			return f.write(w, run, opt)
		}
	}
	return fmt.Errorf("there is no format %q for show; the formats are %s", format, list(ShowFormats()))
}

func showTable(w io.Writer, run *check.Run, opt ShowOptions) error {
	return writeSheet(w, newSheet(run, opt), opt.Options)
}

// writeSheet writes a sheet as the paper form has it.
func writeSheet(w io.Writer, s sheet, opt Options) error {
	out := bufio.NewWriter(w)
	p := newPalette(opt.Color)
	if s.title != "" {
		fmt.Fprintf(out, "%s\n\n", p.strong.Sprint(cleanLine(s.title)))
	}
	err := s.each(
		func(f form) error { return writeForm(out, p, f) },
		func(n nodeSheet) error { return writeNode(out, p, n) })
	if err != nil {
		return err
	}
	return out.Flush()
}

// each goes through the parts of a sheet in their order.
func (s sheet) each(doForm func(form) error, doNode func(nodeSheet) error) error {
	forms := func() error {
		for _, f := range s.forms {
			if err := doForm(f); err != nil {
				return err
			}
		}
		return nil
	}
	nodes := func() error {
		for _, n := range s.nodes {
			if err := doNode(n); err != nil {
				return err
			}
		}
		return nil
	}
	if s.stateFirst {
		forms, nodes = nodes, forms
	}
	return errors.Join(forms(), nodes())
}

func writeForm(w io.Writer, p palette, f form) error {
	head := f.line
	if f.name != "" {
		head = p.strong.Sprint(f.name)
	}
	if f.id != "" {
		head += p.faint.Sprint("  step " + Clean(f.id))
	}
	if f.name == "" {
		head = Clean(f.line) + p.faint.Sprint("  step "+Clean(f.id))
	}
	fmt.Fprintln(w, head)
	if f.note != "" {
		fmt.Fprintln(w, p.faint.Sprint(cleanLine(f.note)))
	}
	writeFields(w, f.fields)
	if f.ids != nil {
		fmt.Fprintln(w, "Response")
		for _, b := range bands(len(f.ids)) {
			if err := table(w, append([]string{"id"}, f.ids[b[0]:b[1]]...), responseRows(f, b)); err != nil {
				return err
			}
		}
	}
	fmt.Fprintln(w)
	return nil
}

func responseRows(f form, b [2]int) [][]string {
	rows := [][]string{append([]string{"ok"}, f.ok[b[0]:b[1]]...)}
	if f.terms != nil {
		rows = append(rows, append([]string{"term"}, f.terms[b[0]:b[1]]...))
	}
	return rows
}

func (n nodeSheet) heading() string {
	if n.when == "" {
		return "Raft State"
	}
	return "Raft State " + n.when
}

func writeNode(w io.Writer, p palette, n nodeSheet) error {
	fmt.Fprintf(w, "%s\n%s\n", p.strong.Sprint(n.heading()), strings.TrimRight("raft_id: "+Clean(n.name), " "))
	if n.unknown {
		fmt.Fprint(w, "this node is unknown: its state is not on the page\n\n")
		return nil
	}
	writeFields(w, n.state)
	fmt.Fprintln(w, p.strong.Sprint("Terms"))
	if err := table(w, []string{"term", "role", "votedFor"}, n.lines(n.terms, 3)); err != nil {
		return err
	}
	fmt.Fprintln(w, p.strong.Sprint("Raft Log"))
	if err := table(w, []string{"index", "term", "value", "committed"}, n.lines(n.log, 4)); err != nil {
		return err
	}
	fmt.Fprintln(w)
	return nil
}

func writeFields(w io.Writer, fields []field) {
	for _, f := range fields {
		fmt.Fprintln(w, strings.TrimRight(pad(f.name+":", 13)+" "+Clean(f.value), " "))
	}
}

// lines gives the rows of a table, or empty ones to write on.
func (n nodeSheet) lines(rows [][]string, columns int) [][]string {
	const toWriteOn = 8
	for len(rows) == 0 || n.empty && len(rows) < toWriteOn {
		rows = append(rows, make([]string, columns))
	}
	return rows
}

func showMarkdown(w io.Writer, run *check.Run, opt ShowOptions) error {
	return writeSheetMarkdown(w, newSheet(run, opt))
}

func writeSheetMarkdown(w io.Writer, s sheet) error {
	out := bufio.NewWriter(w)
	if s.title != "" {
		fmt.Fprintf(out, "# %s\n\n", escapeMarkdown(s.title))
	}
	err := s.each(
		func(f form) error { formMarkdown(out, f); return nil },
		func(n nodeSheet) error { nodeMarkdown(out, n); return nil })
	return errors.Join(err, out.Flush())
}

func formMarkdown(w io.Writer, f form) {
	head := f.name
	if head == "" {
		head = f.line
	}
	if f.id != "" {
		head += ", step " + f.id
	}
	fmt.Fprintf(w, "## %s\n\n", escapeMarkdown(head))
	if f.note != "" {
		fmt.Fprintf(w, "%s\n\n", escapeMarkdown(cleanLine(f.note)))
	}
	for _, fd := range f.fields {
		fmt.Fprintf(w, "- %s: %s\n", fd.name, escapeMarkdown(fd.value))
	}
	if f.fields != nil {
		fmt.Fprintln(w)
	}
	if f.ids != nil {
		all := [2]int{0, len(f.ids)}
		markdownTable(w, append([]string{"id"}, f.ids...), responseRows(f, all))
		fmt.Fprintln(w)
	}
}

func nodeMarkdown(w io.Writer, n nodeSheet) {
	fmt.Fprintf(w, "## %s, raft_id %s\n\n", n.heading(), escapeMarkdown(n.name))
	if n.unknown {
		fmt.Fprint(w, "This node is unknown: its state is not on the page.\n\n")
		return
	}
	for _, f := range n.state {
		fmt.Fprintf(w, "- %s: %s\n", f.name, escapeMarkdown(f.value))
	}
	fmt.Fprintf(w, "\n%s\n\n", "### Terms")
	markdownTable(w, []string{"term", "role", "votedFor"}, n.lines(n.terms, 3))
	fmt.Fprintf(w, "\n%s\n\n", "### Raft Log")
	markdownTable(w, []string{"index", "term", "value", "committed"}, n.lines(n.log, 4))
	fmt.Fprintln(w)
}

// BlankSheet is an empty worksheet: the paper form.
type BlankSheet struct{ Nodes, AppendEntries, RequestVotes int }

var blankFormats = []struct {
	name  string
	write func(io.Writer, BlankSheet, Options) error
}{
	{"table", func(w io.Writer, b BlankSheet, opt Options) error { return writeSheet(w, b.sheet(), opt) }},
	{"markdown", func(w io.Writer, b BlankSheet, _ Options) error { return writeSheetMarkdown(w, b.sheet()) }},
	{"yaml", func(w io.Writer, b BlankSheet, _ Options) error { return b.yaml(w) }},
}

// BlankFormats gives the names of the formats of Blank, the default first.
func BlankFormats() []string {
	names := make([]string, len(blankFormats))
	for i, f := range blankFormats {
		names[i] = f.name
	}
	return names
}

// Blank writes an empty worksheet.
func Blank(w io.Writer, format string, b BlankSheet, opt Options) error {
	for _, f := range blankFormats {
		if f.name == format {
			return f.write(w, b, opt)
		}
	}
	return fmt.Errorf("there is no format %q for blank; the formats are %s", format, list(BlankFormats()))
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
