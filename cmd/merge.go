package cmd

import (
	"bufio"
	"errors"
	"fmt"
	"slices"

	"github.com/spf13/cobra"

	"raftsheet/check"
	"raftsheet/check/item"
	"raftsheet/check/order"
	"raftsheet/check/reason"
	"raftsheet/render"
	"raftsheet/render/report"
	"raftsheet/trace"
)

// mergeFlags are how merge is run.
type mergeFlags struct {
	format string
	orders int
	states int
}

// mergedTrace is the format of merge that is a trace.
const mergedTrace = "yaml"

func mergeFormats() []string { return viewFormats(mergedTrace, "json") }

const mergeHelp = `merge takes the sheets of a game that a class has played, one for each node, and
finds an order of their steps in which all of them come true. It prints the game
as one trace, each step with the sheet and the line that it came from. What is
wrong goes to standard error.

A SHEET is a trace with raftId: it has the messages that its node sent, in
order, with the answers that came back, and its tables. An answer of ok or no
says that the message arrived, none that it did not; a cell left blank says
neither. Tables after the last message hold at the end of the game, and a sheet
may have these alone. A file may hold several sheets. Nodes without a sheet are
unknown: what they answered is taken as given, and what they sent may explain
whatever differs on the others, so that nothing is called wrong while a sheet is
missing. A sheet with nothing on it that can be read stops merge.

Where no order explains everything, merge looks for the cheapest: each answer,
field of a table and field of a message that is wrong costs 1. What is wrong in
every cheapest order is flagged; what is wrong in some of them and right in
others depends on the order, and is shown as that. An answer is the mistake of
the node in whose column it is, a message and a table are that of the sheet's
own node. Where messages fit nowhere, merge prints the order that comes
furthest, and what each sheet waits for. grade --merge marks the sheets so.

--format shows what was found in place of the trace: as text, a page, or JSON.

Exit codes: 0 an order explains everything, 1 something is wrong in the
cheapest, 2 no order has all messages, or a sheet cannot be read.`

func (a *app) mergeCommand() *cobra.Command {
	var how mergeFlags
	c := &cobra.Command{
		Use:   "merge [flags] SHEET...",
		Short: "Find the order of a game from the sheets of its nodes",
		Long:  mergeHelp,
		Example: `  raftsheet merge examples/game/*.yaml | raftsheet check -
  raftsheet merge examples/game-wrong/*.yaml > /dev/null  # what is wrong on the sheets
  raftsheet merge examples/game/node[1-7].yaml      # node 8 handed nothing in
  raftsheet merge examples/game/*.yaml | raftsheet show - --format html > game.html`,
		Args: func(c *cobra.Command, args []string) error {
			if len(args) == 0 {
				return fmt.Errorf("merge takes the sheets of a game; see %s --help", c.CommandPath())
			}
			return nil
		},
		ValidArgsFunction: traceFiles,
		RunE:              func(_ *cobra.Command, args []string) error { return a.merge(args, how) },
	}
	f := c.Flags()
	f.StringVar(&how.format, "format", mergedTrace, "what to print: "+formats(mergeFormats()))
	f.IntVar(&how.orders, "orders", 1, "print so many different orders, each as a document")
	f.IntVar(&how.states, "states", order.DefaultStates, "look at so many states at the most")
	completeWords(c, "format", mergeFormats())
	a.paperFlag(c)
	return c
}

func (a *app) merge(args []string, how mergeFlags) error {
	if err := a.knownFormat(how.format, mergeFormats()); err != nil {
		return err
	}
	if how.orders < 1 || how.states < 1 {
		return errors.New("--orders and --states take a number from 1 on")
	}
	if err := a.checkRules(); err != nil {
		return err
	}
	sheets, files, err := a.sheets(args)
	if err != nil {
		return err
	}
	game, errs := order.Gather(sheets, a.rules)
	if errs != nil {
		return a.fail(files[errs[0].File], errs)
	}
	game.Progress = a.progress()
	r := game.Search(how.states, how.orders)
	a.worse(mergeCode(r))
	switch how.format {
	case "json":
		return report.Merge(a.stdout, r)
	case mergedTrace:
		if err := a.printTo(a.stderr, "text", render.Merge(r, render.MergeOptions{Files: files, Quiet: a.quiet})); err != nil {
			return err
		}
		var traces []*trace.Trace
		for _, o := range r.Orders {
			traces = append(traces, o.Trace)
		}
		out := bufio.NewWriter(a.stdout)
		if err := trace.Write(out, traces...); err != nil {
			return err
		}
		return out.Flush()
	}
	return a.print(how.format, render.Merge(r, render.MergeOptions{Files: files, Order: true, Quiet: a.quiet}))
}

// sheets reads the sheets that the arguments name, and says what cannot be read on
// them.
func (a *app) sheets(args []string) ([]*trace.Trace, map[string]*trace.File, error) {
	names, err := a.inputs(args)
	if err != nil {
		return nil, nil, err
	}
	read, err := a.gathered(names, a.readOne)
	if err != nil {
		return nil, nil, err
	}
	var sheets []*trace.Trace
	var left []string
	files := make(map[string]*trace.File)
	for _, f := range read {
		files[f.Name] = f.Source
		if errs := unreadOn(f); len(errs) > 0 {
			a.worse(exitError)
			all := render.Errors(f.Source, errs)
			all.Add(render.Mends(f.Name, mends(f)[f])...)
			if err := a.printTo(a.stderr, "text", all); err != nil {
				return nil, nil, err
			}
		}
		if f.Source == nil || len(f.Source.Traces) == 0 {
			left = append(left, f.Name)
		}
		if f.Source != nil {
			sheets = append(sheets, f.Source.Traces...)
		}
	}
	if len(left) > 0 {
		return nil, nil, fmt.Errorf("%s cannot be read, and without it the other sheets have another order: mend it, or leave it out to merge the others", reason.And(left))
	}
	return sheets, files, nil
}

// unreadOn is what cannot be read in a file of sheets, boxes that were not used left
// out.
func unreadOn(f *check.File) trace.Errors {
	errs := f.Stopped()
	if f.Source != nil {
		for _, t := range f.Source.Traces {
			for _, e := range item.Errors(t) {
				if !slices.Contains(errs, e) {
					errs = append(errs, e)
				}
			}
		}
	}
	return errs
}

// mergeCode is the exit code of a result.
func mergeCode(r *order.Result) int {
	switch {
	case !r.Whole:
		return exitError
	case r.Cost > 0:
		return exitDiverges
	}
	return exitAgrees
}
