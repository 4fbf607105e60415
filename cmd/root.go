// Package cmd is raftsheet's command line: one file a command, each of which
// reads its arguments, calls one package, and has the result rendered. It knows
// files, terminals, flags and exit codes; what Raft does, and how a result
// looks, it asks of others.
package cmd

import (
	"errors"
	"fmt"
	"io"
	"os"
	"runtime/debug"
	"strings"

	"github.com/spf13/cobra"

	"raftsheet/trace"
)

// Main runs raftsheet with these arguments and gives the exit code.
func Main(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	a := &app{stdin: stdin, stdout: stdout, stderr: stderr, found: make(map[string]bool)}
	root := a.root()
	root.SetArgs(args)
	root.SetIn(stdin)
	help := &keeper{w: stdout}
	root.SetOut(help)
	root.SetErr(stderr)
	err := root.Execute()
	if err == nil {
		err = help.err
	}
	var reported reportedError
	switch {
	case errors.As(err, &reported):
		return reported.code
	case err != nil && isClosedPipe(err):
		return exitError
	case err != nil:
		a.tell("raftsheet: %s", err)
		return exitError
	}
	return a.code
}

// A keeper keeps the error of a write: cobra, which prints help through it, does
// not look.
type keeper struct {
	w   io.Writer
	err error
}

func (k *keeper) Write(p []byte) (int, error) {
	n, err := k.w.Write(p)
	if k.err == nil {
		k.err = err
	}
	return n, err
}

// root builds the tree of commands.
func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "raftsheet",
		Short: "Replay hand-written Raft traces and flag every divergence",
		Long: `raftsheet replays hand-written traces of Raft's AppendEntries and RequestVote
messages through a reference Raft (Figure 2 of the Raft paper). It fills in the
responses, the terms and the logs. For every answer that diverges it names the
rule that decides it, with the figures.

A trace is a YAML file; raftsheet help trace-format describes it.

Exit codes: 0 everything agrees, 1 something diverges, 2 it could not be done.`,
		Version:           version(),
		Args:              noSuchCommand,
		SilenceUsage:      true,
		SilenceErrors:     true,
		DisableAutoGenTag: true, // a man page is the same whenever it is written
		PersistentPreRunE: func(*cobra.Command, []string) error { return known("color", a.color, colorWords) },
		RunE:              func(c *cobra.Command, _ []string) error { return c.Help() },
	}
	root.SetVersionTemplate("raftsheet {{.Version}}\n")
	root.SetUsageTemplate(strings.ReplaceAll(root.UsageTemplate(), ".FlagUsages ", fmt.Sprintf(".FlagUsagesWrapped %d ", width(a.stdout)-1)))
	root.SetFlagErrorFunc(func(c *cobra.Command, err error) error {
		return fmt.Errorf("%w%s; see %s --help", err, meantFlag(c, err), c.CommandPath())
	})
	a.commonFlags(root)
	root.AddCommand(a.checkCommand(), a.fillCommand(), a.showCommand(), a.explainCommand(),
		a.compareCommand(), a.coverageCommand(), a.runCommand(), a.importCommand(), a.mergeCommand(),
		a.blankCommand(), a.generateCommand(), a.gradeCommand(), a.serveCommand(), a.rulesCommand(), a.schemaCommand(),
		a.corpusCommand(), a.manCommand())
	root.AddCommand(topics()...)
	root.SetHelpCommand(helpCommand())
	root.InitDefaultCompletionCmd()
	return root
}

// commonFlags are those that every command takes.
func (a *app) commonFlags(root *cobra.Command) {
	flags := root.PersistentFlags()
	flags.StringVar(&a.color, "color", "auto", "colour: auto, always or never")
	flags.StringSliceVar(&a.rules, "rules", nil, "replay by these rules instead of the trace's own")
	flags.BoolVarP(&a.quiet, "quiet", "q", false, "print only what is wrong")
	flags.Int64Var(&a.maxBytes, "max-bytes", trace.DefaultLimits().Bytes, "the largest file to read, in bytes")
	completeWords(root, "color", colorWords)
	completeFlag(root, "rules", completeRules)
}

// noSuchCommand refuses an argument where a command belongs.
func noSuchCommand(c *cobra.Command, args []string) error {
	if len(args) == 0 {
		return nil
	}
	if best := trace.Nearest(args[0], subcommands(c)); best != "" {
		return fmt.Errorf("unknown command %q; did you mean %s?", args[0], best)
	}
	if _, err := os.Stat(args[0]); err == nil {
		return fmt.Errorf("unknown command %q; to check that file: raftsheet check %s", args[0], args[0])
	}
	return fmt.Errorf("unknown command %q; see raftsheet --help", args[0])
}

// version is the module's version where the binary was installed as one.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(devel)"
}
