package cmd

import (
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"raftsheet/check"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

func formats(names []string) string { return strings.Join(names, ", ") }

// known refuses a flag's value that is not one of its words.
func known(flag, value string, words []string) error {
	if slices.Contains(words, value) {
		return nil
	}
	if best := trace.Nearest(value, words); best != "" {
		return fmt.Errorf("--%s %q: did you mean %s? It takes %s", flag, value, best, formats(words))
	}
	return fmt.Errorf("--%s %q: it takes %s", flag, value, formats(words))
}

// completeWords lets the shell complete a flag's words.
func completeWords(c *cobra.Command, flag string, words []string) {
	err := c.RegisterFlagCompletionFunc(flag, cobra.FixedCompletions(words, cobra.ShellCompDirectiveNoFileComp))
	if err != nil {
		panic(err) // the flag is not defined: a mistake in this package
	}
}

// appendSummary adds the findings to the page of the workflow's run, which has
// room for all of them where the annotations do not.
func appendSummary(files []*check.File, opt render.CheckOptions) error {
	name := os.Getenv("GITHUB_STEP_SUMMARY")
	if name == "" {
		return nil
	}
	out, err := os.OpenFile(name, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	if err := doc.Write(out, "markdown", render.Check(files, opt), doc.Options{}); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}
