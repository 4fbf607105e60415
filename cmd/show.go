package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/render/report"
	"raftsheet/trace"
)

func (a *app) showCommand() *cobra.Command {
	var opt render.ShowOptions
	var format, node, step string
	c := &cobra.Command{
		Use:   "show [flags] TRACE",
		Short: "Show the filled worksheet: message forms, terms and logs",
		Long: `show replays a trace and prints the worksheet as the reference fills it in: a
form for each message with its response row (ok, no, - for no answer), then each
node's terms and log. Where an answer's term differs from the message's, a row
for the terms follows. On paper (--format pdf and latex) it has the geometry of the
empty worksheet, over which it can be laid.`,
		Example: `  raftsheet show --node 1 --step 2 examples/first.yaml
  raftsheet show --format markdown key.yaml > key.md
  raftsheet show --format pdf key.yaml > key.pdf`,
		Args:              exactly("one TRACE", 1),
		ValidArgsFunction: inTurn(traceFiles),
		RunE:              func(_ *cobra.Command, args []string) error { return a.show(args[0], format, node, step, opt) },
	}
	f := c.Flags()
	f.StringVar(&format, "format", "table", "the output's format: "+formats(sheetFormats("json")))
	f.StringVar(&node, "node", "", "only the sheet of this `raft_id`: its state and the messages it sent")
	f.StringVar(&step, "step", "", "stop after this step, an `id` or a number")
	f.BoolVar(&opt.States, "states", false, "with --format json: whole states, beside what changed")
	f.IntVar(&opt.Rows, "rows", render.DefaultRows, "on paper and with --blank: the number of rows for a node's terms, and of those for its log")
	f.BoolVar(&opt.Blank, "blank", false, "leave the answers and the tables out")
	completeWords(c, "format", sheetFormats("json"))
	a.paperFlag(c)
	completeFlag(c, "node", a.completeNodes)
	completeFlag(c, "step", a.completeSteps)
	return c
}

func (a *app) show(name, format, node, step string, opt render.ShowOptions) error {
	if err := a.knownFormat(format, sheetFormats("json")); err != nil {
		return err
	}
	if opt.States && format != "json" {
		return fmt.Errorf("--states goes with --format json, not with %s", format)
	}
	if err := rowsIn(opt.Rows); err != nil {
		return err
	}
	if err := a.checkRules(); err != nil {
		return err
	}
	src, err := a.readable(name)
	if err != nil {
		return err
	}
	var shown []report.Shown
	var sheets []*doc.Document
	for _, t := range src.Traces {
		run, err := a.replay(src, t)
		if err != nil {
			return err
		}
		if opt, err = shownOf(t, node, step, opt); err != nil {
			return err
		}
		shown = append(shown, report.Shown{Run: run, ShowOptions: opt})
		if format != "json" {
			sheets = append(sheets, a.sheet(run, opt, format))
		}
	}
	if format == "json" {
		return report.Show(a.stdout, shown)
	}
	return a.printAll(format, sheets)
}

// shownOf finds the node and the step that the flags name.
func shownOf(t *trace.Trace, node, step string, opt render.ShowOptions) (render.ShowOptions, error) {
	if node != "" {
		id, ok := t.Node(node)
		if !ok {
			return opt, noNode(t, node)
		}
		opt.Node = id
	}
	if step != "" {
		s := findStep(t, step)
		if s == nil {
			return opt, noStep(t, step)
		}
		opt.Step = s.Number
	}
	return opt, nil
}
