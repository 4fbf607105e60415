package cmd

import (
	"github.com/spf13/cobra"

	"raftsheet/check"
	"raftsheet/check/replay"
	"raftsheet/render"
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
for the terms follows.`,
		Example: `  raftsheet show --node 1 --step 2 examples/first.yaml
  raftsheet show --format markdown key.yaml > key.md`,
		Args:              exactly("one TRACE", 1),
		ValidArgsFunction: inTurn(traceFiles),
		RunE:              func(_ *cobra.Command, args []string) error { return a.show(args[0], format, node, step, opt) },
	}
	f := c.Flags()
	f.StringVar(&format, "format", "table", "the output's format: "+formats(render.ShowFormats()))
	f.StringVar(&node, "node", "", "only the sheet of this `raft_id`: its state and the messages it sent")
	f.StringVar(&step, "step", "", "stop after this step, an `id` or a number")
	f.BoolVar(&opt.Blank, "blank", false, "leave the answers and the tables out")
	completeWords(c, "format", render.ShowFormats())
	completeFlag(c, "node", a.completeNodes)
	completeFlag(c, "step", a.completeSteps)
	return c
}

func (a *app) show(name, format, node, step string, opt render.ShowOptions) error {
	if err := known("format", format, render.ShowFormats()); err != nil {
		return err
	}
	if err := a.checkRules(); err != nil {
		return err
	}
	var err error
	if opt.Options, err = a.options(a.stdout); err != nil {
		return err
	}
	src, err := a.read(name)
	if err != nil {
		return a.fail(src, err)
	}
	for _, t := range src.Traces {
		run, err := check.ReplayWith(t, a.rules)
		if err != nil {
			return a.fail(src, err)
		}
		if err := showOne(a, run, format, node, step, opt); err != nil {
			return err
		}
	}
	return nil
}

func showOne(a *app, run *replay.Run, format, node, step string, opt render.ShowOptions) error {
	t := run.Trace
	if node != "" {
		id, ok := t.Node(node)
		if !ok {
			return noNode(t, node)
		}
		opt.Node = id
	}
	if step != "" {
		s := findStep(t, step)
		if s == nil {
			return noStep(t, step)
		}
		opt.Step = s.Number
	}
	return render.Show(a.stdout, format, run, opt)
}
