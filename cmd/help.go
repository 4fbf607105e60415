package cmd

import (
	_ "embed"
	"fmt"

	"github.com/spf13/cobra"

	"raftsheet/trace"
)

// The topics are pages of help that teach. That of the rules is the command's
// own: raftsheet help rules shows it, with the flags.
var (
	//go:embed topics/grading.md
	gradingTopic string
	//go:embed topics/rules.md
	rulesTopic string
	//go:embed topics/exit-codes.md
	exitCodesTopic string
	//go:embed topics/protocol.md
	protocolTopic string
	//go:embed topics/events.md
	eventsTopic string
)

// topics are commands that do nothing: cobra lists them apart, and shows them
// as help.
func topics() []*cobra.Command {
	format := &cobra.Command{Use: "trace-format", Short: "The trace format: every key, and what it means"}
	format.SetHelpFunc(func(c *cobra.Command, args []string) {
		c.Long = trace.Format() // made of the table of keys: no other command needs it
		c.Parent().HelpFunc()(c, args)
	})
	return []*cobra.Command{
		format,
		{Use: "grading", Short: "How to grade a class: key, submissions, marks, feedback", Long: gradingTopic},
		{Use: "protocol", Short: "How run asks an implementation: every call and reply", Long: protocolTopic},
		{Use: "events", Short: "The log that import reads: every line and key", Long: eventsTopic},
		{Use: "exit-codes", Short: "What the exit codes mean", Long: exitCodesTopic},
	}
}

// helpCommand replaces cobra's, for which an unknown topic is no error.
func helpCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "help [COMMAND | TOPIC]",
		Short: "Show help for a command or a topic",
		Long: `help shows the help of a command, as its --help does, or a topic: trace-format,
grading, rules, protocol, events or exit-codes.`,
		Example: `  raftsheet help check
  raftsheet help trace-format`,
		RunE: func(c *cobra.Command, args []string) error { return help(c.Root(), args) },
		ValidArgsFunction: func(c *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
			return completeTopics(c.Root(), args), cobra.ShellCompDirectiveNoFileComp
		},
	}
}

func help(root *cobra.Command, args []string) error {
	c := root
	for _, name := range args {
		sub := child(c, name)
		if sub == nil {
			return noSuchTopic(c, name)
		}
		c = sub
	}
	c.InitDefaultHelpFlag()
	c.InitDefaultVersionFlag()
	return c.Help()
}

// child finds a command below another by its name; nil is none.
func child(c *cobra.Command, name string) *cobra.Command {
	for _, sub := range c.Commands() {
		if sub.Name() == name || sub.HasAlias(name) {
			return sub
		}
	}
	return nil
}

// subcommands gives the names of a command's commands and topics.
func subcommands(c *cobra.Command) []string {
	var names []string
	for _, sub := range c.Commands() {
		names = append(names, sub.Name())
	}
	return names
}

func noSuchTopic(c *cobra.Command, name string) error {
	if best := trace.Nearest(name, subcommands(c)); best != "" {
		return fmt.Errorf("no help for %q; did you mean %s help %s?", name, c.CommandPath(), best)
	}
	return fmt.Errorf("no help for %q; %s --help lists the commands and topics", name, c.CommandPath())
}

// completeTopics completes the commands and topics below the one that the
// arguments lead to.
func completeTopics(root *cobra.Command, args []string) []cobra.Completion {
	c := root
	for _, name := range args {
		if c = child(c, name); c == nil {
			return nil
		}
	}
	var all []cobra.Completion
	for _, sub := range c.Commands() {
		if sub.IsAvailableCommand() || sub.IsAdditionalHelpTopicCommand() {
			all = append(all, cobra.CompletionWithDesc(sub.Name(), sub.Short))
		}
	}
	return all
}
