package cmd

import (
	"strings"

	"github.com/spf13/cobra"

	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// This file says what the shell completes. It reads a trace for its steps and
// nodes, and stays silent where there is none to read.

// completeFlag registers the completion of a flag's value.
func completeFlag(c *cobra.Command, flag string, f cobra.CompletionFunc) {
	if err := c.RegisterFlagCompletionFunc(flag, f); err != nil {
		panic(err) // the flag is not defined, or has one: a mistake in this package
	}
}

// completeWords lets the shell complete a flag's words.
func completeWords(c *cobra.Command, flag string, words []string) {
	completeFlag(c, flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
}

// filesOf completes files by their extensions, and the folders on the way.
func filesOf(exts ...string) cobra.CompletionFunc {
	return func(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
		var bare []string
		for _, e := range exts {
			bare = append(bare, strings.TrimPrefix(e, "."))
		}
		return bare, cobra.ShellCompDirectiveFilterFileExt
	}
}

// folders completes the names of folders.
func folders(*cobra.Command, []string, string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return nil, cobra.ShellCompDirectiveFilterDirs
}

// traceFiles completes traces, of which a key is one.
func traceFiles(c *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return filesOf(traceExts...)(c, args, typed)
}

// inTurn completes each argument by a function of its own; one more than these
// by nothing.
func inTurn(each ...cobra.CompletionFunc) cobra.CompletionFunc {
	return func(c *cobra.Command, args []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
		if len(args) >= len(each) {
			return nil, cobra.ShellCompDirectiveNoFileComp
		}
		return each[len(args)](c, args, typed)
	}
}

// completeRules completes the names in a list joined by commas.
func completeRules(_ *cobra.Command, _ []string, typed string) ([]cobra.Completion, cobra.ShellCompDirective) {
	before := typed[:strings.LastIndexByte(typed, ',')+1]
	var all []cobra.Completion
	for _, name := range raft.RulesNames() {
		all = append(all, cobra.CompletionWithDesc(before+name, rulesInBrief(name)))
	}
	return all, cobra.ShellCompDirectiveNoFileComp
}

// rulesInBrief says in a line what a name of the catalogue means.
func rulesInBrief(name string) string {
	if r, ok := raft.RuleNamed(name); ok {
		return r.Text
	}
	if d, ok := raft.DeviationNamed(name); ok {
		return d.Believed
	}
	if s, ok := raft.SetNamed(name); ok {
		return s.Title
	}
	return "Figure 2 of the paper"
}

// completeSteps completes the ids of the steps of the trace that is the first
// argument, each with its event.
func (a *app) completeSteps(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return a.fromTrace(args, func(t *trace.Trace) (all []cobra.Completion) {
		for i := range t.Steps {
			all = append(all, cobra.CompletionWithDesc(t.Steps[i].ID, t.Steps[i].EventName()))
		}
		return all
	})
}

// completeNodes completes the names of the nodes of the trace that is the first
// argument.
func (a *app) completeNodes(_ *cobra.Command, args []string, _ string) ([]cobra.Completion, cobra.ShellCompDirective) {
	return a.fromTrace(args, func(t *trace.Trace) []cobra.Completion { return t.Names })
}

// fromTrace gathers completions from the documents of the file that is the first
// argument, without those that it has had. Standard input is left for the command.
func (a *app) fromTrace(args []string, words func(*trace.Trace) []cobra.Completion) ([]cobra.Completion, cobra.ShellCompDirective) {
	const directive = cobra.ShellCompDirectiveNoFileComp | cobra.ShellCompDirectiveKeepOrder
	if len(args) == 0 || args[0] == "-" {
		return nil, directive
	}
	src, _ := a.read(args[0])
	if src == nil {
		return nil, directive
	}
	var all []cobra.Completion
	seen := make(map[string]bool)
	for _, t := range src.Traces {
		for _, w := range words(t) {
			word, _, _ := strings.Cut(w, "\t")
			if seen[word] || doc.Clean(word) != word { // the shell would run into a control character
				continue
			}
			seen[word] = true
			all = append(all, w)
		}
	}
	return all, directive
}
