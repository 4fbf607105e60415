package cmd

import (
	"github.com/spf13/cobra"

	"raftsheet/trace"
)

func (a *app) schemaCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "schema",
		Short: "Print the JSON Schema of the trace format, for editors",
		Long: `schema prints the JSON Schema of the trace format. With it, an editor that has a
YAML language server completes and checks keys as you type. Save the schema, and
begin a trace with the line

  ` + trace.SchemaLine,
		Example: `  raftsheet schema > raftsheet.schema.json`,
		Args:    between("no argument", 0, 0),
		RunE: func(*cobra.Command, []string) error {
			_, err := a.stdout.Write(trace.Schema())
			return err
		},
	}
}
