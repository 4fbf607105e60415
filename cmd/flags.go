package cmd

import (
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

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

// meantFlag suggests a flag for an unknown one, as a tail for the error.
func meantFlag(c *cobra.Command, err error) string {
	_, name, found := strings.Cut(err.Error(), "unknown flag: --")
	if !found {
		return ""
	}
	var names []string
	c.Flags().VisitAll(func(f *pflag.Flag) { names = append(names, f.Name) })
	if best := trace.Nearest(name, names); best != "" {
		return "; did you mean --" + best + "?"
	}
	return ""
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
