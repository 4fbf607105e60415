package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/trace"
)

func (a *app) blankCommand() *cobra.Command {
	var b render.BlankSheet
	var format string
	c := &cobra.Command{
		Use:   "blank",
		Short: "Print an empty worksheet",
		Long: `blank prints an empty worksheet: a page for a node's terms and log, and message
forms, each with a response row. --format pdf and latex print it to be written on:
each page has lines for a name, and no form is torn. --format yaml prints the forms
as a trace to type into.`,
		Example: `  raftsheet blank --nodes 8 --append-entries 12 --request-votes 6
  raftsheet blank --format pdf --paper letter > blank.pdf`,
		Args:    between("no argument", 0, 0),
		RunE: func(*cobra.Command, []string) error {
			return a.blank(b, format)
		},
	}
	f := c.Flags()
	f.IntVar(&b.Nodes, "nodes", 8, "the number of nodes in the cluster")
	f.IntVar(&b.AppendEntries, "append-entries", 12, "the number of AppendEntries forms")
	f.IntVar(&b.RequestVotes, "request-votes", 6, "the number of RequestVote forms")
	f.IntVar(&b.Rows, "rows", render.DefaultRows, "the number of rows for the terms, and of those for the log")
	f.StringVar(&format, "format", "table", "the output's format: "+formats(sheetFormats("yaml")))
	completeWords(c, "format", sheetFormats("yaml"))
	a.paperFlag(c)
	return c
}

// mostForms bounds an empty worksheet at a stack of paper.
const mostForms = 1000

func (a *app) blank(b render.BlankSheet, format string) error {
	if err := a.knownFormat(format, sheetFormats("yaml")); err != nil {
		return err
	}
	if b.Nodes < 1 || b.Nodes > raft.MaxNodes {
		return fmt.Errorf("--nodes %d: a cluster has 1 to %d nodes", b.Nodes, raft.MaxNodes)
	}
	if err := formsIn("append-entries", b.AppendEntries); err != nil {
		return err
	}
	if err := formsIn("request-votes", b.RequestVotes); err != nil {
		return err
	}
	if err := rowsIn(b.Rows); err != nil {
		return err
	}
	if format == "yaml" {
		if _, err := fmt.Fprintln(a.stdout, trace.SchemaLine); err != nil {
			return err
		}
		return trace.WriteForm(a.stdout, b.Trace())
	}
	return a.print(format, render.Blank(b))
}

// rowsIn refuses a number of rows that no worksheet has.
func rowsIn(n int) error {
	if n < 1 || n > mostForms {
		return fmt.Errorf("--rows %d: the terms and the log have 1 to %d rows", n, mostForms)
	}
	return nil
}

// formsIn refuses a number of forms that no worksheet has.
func formsIn(flag string, n int) error {
	if n < 0 || n > mostForms {
		return fmt.Errorf("--%s %d: a worksheet has 0 to %d of these forms", flag, n, mostForms)
	}
	return nil
}
