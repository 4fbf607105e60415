package render

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"strings"

	"raftsheet/check/replay"
)

var showFormats = formats[func(io.Writer, *replay.Run, ShowOptions) error]{
	{"table", showTable},
	{"markdown", showMarkdown},
	{"json", showJSON},
}

// ShowFormats gives the names of the formats of Show, the default first.
func ShowFormats() []string { return showFormats.names() }

// Show writes the filled worksheet of a replay.
func Show(w io.Writer, format string, run *replay.Run, opt ShowOptions) error {
	write, err := showFormats.pick("show", format)
	if err != nil {
		return err
	}
	return write(w, run, opt)
}

func showTable(w io.Writer, run *replay.Run, opt ShowOptions) error {
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

func showMarkdown(w io.Writer, run *replay.Run, opt ShowOptions) error {
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
