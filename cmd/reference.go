package cmd

import (
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/trace"
)

// This file has the commands that read no trace.

func (a *app) blankCommand() *cobra.Command {
	var b render.BlankSheet
	var format string
	c := &cobra.Command{
		Use:   "blank",
		Short: "Print an empty worksheet",
		Long: `blank prints an empty worksheet: a page for a node's terms and log, and the
message forms, each with a response row. --format yaml prints the same forms as a
trace to type into.`,
		Example: `  raftsheet blank --nodes 8 --append-entries 12 --request-votes 6`,
		Args:    cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			return a.blank(b, format)
		},
	}
	f := c.Flags()
	f.IntVar(&b.Nodes, "nodes", 8, "how many nodes the cluster has")
	f.IntVar(&b.AppendEntries, "append-entries", 12, "how many AppendEntries forms")
	f.IntVar(&b.RequestVotes, "request-votes", 6, "how many RequestVote forms")
	f.StringVar(&format, "format", "table", "the output's format: "+formats(sheetFormats("yaml")))
	completeWords(c, "format", sheetFormats("yaml"))
	return c
}

// mostForms bounds an empty worksheet: a stack of paper, not a disk full.
const mostForms = 1000

func (a *app) blank(b render.BlankSheet, format string) error {
	if err := known("format", format, sheetFormats("yaml")); err != nil {
		return err
	}
	if b.Nodes < 1 || b.Nodes > raft.MaxNodes {
		return fmt.Errorf("--nodes %d: a cluster has 1 to %d nodes", b.Nodes, raft.MaxNodes)
	}
	for flag, n := range map[string]int{"append-entries": b.AppendEntries, "request-votes": b.RequestVotes} {
		if n < 0 || n > mostForms {
			return fmt.Errorf("--%s %d: a worksheet has 0 to %d of these forms", flag, n, mostForms)
		}
	}
	if format == "yaml" {
		_, err := io.WriteString(a.stdout, b.YAML())
		return err
	}
	return a.print(format, render.Blank(b))
}

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the trace format, for editors",
		Long: `schema prints the JSON Schema of the trace format. An editor with a YAML language
server then completes and checks keys as they are typed: save the schema, and
begin a trace with the line

  # yaml-language-server: $schema=raftsheet.schema.json`,
		Args: cobra.NoArgs,
		RunE: func(*cobra.Command, []string) error {
			_, err := a.stdout.Write(trace.Schema())
			return err
		},
	}
}

// formatTopic is no command but a page of help.
func formatTopic() *cobra.Command {
	return &cobra.Command{
		Use:   "trace-format",
		Short: "The trace format: every key, and what it means",
		Long:  trace.Format(),
	}
}

func exactly(what string, n int) cobra.PositionalArgs { return between(what, n, n) }

// between is a check of the number of arguments that says what they are.
func between(what string, least, most int) cobra.PositionalArgs {
	return func(c *cobra.Command, args []string) error {
		if len(args) < least || len(args) > most {
			return fmt.Errorf("%s takes %s; see %s --help", c.Name(), what, c.CommandPath())
		}
		return nil
	}
}
