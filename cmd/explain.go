package cmd

import (
	"github.com/spf13/cobra"

	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/render/report"
)

func (a *app) explainCommand() *cobra.Command {
	var format string
	var document int
	c := &cobra.Command{
		Use:   "explain [flags] TRACE STEP [NODE]",
		Short: "Explain why a node answers as it does, rule by rule",
		Long: `explain prints a node's state before a step, the message, every rule of Figure 2
in order with the figures put in, the answer, and the state after. STEP is a
step's id or number. Without NODE, explain shows every node that takes part.`,
		Example:           `  raftsheet explain examples/figure7.yaml 1 f`,
		Args:              between("TRACE STEP [NODE]", 2, 3),
		ValidArgsFunction: inTurn(traceFiles, a.completeSteps, a.completeNodes),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.explain(args, format, document)
		},
	}
	f := c.Flags()
	f.StringVar(&format, "format", "text", "the output's format: "+formats(viewFormats("json")))
	f.IntVar(&document, "document", 0, "the `number` of the document in the file, from 1 (default the first that has the step)")
	completeWords(c, "format", viewFormats("json"))
	a.paperFlag(c)
	return c
}

func (a *app) explain(args []string, format string, document int) error {
	if err := a.knownFormat(format, viewFormats("json")); err != nil {
		return err
	}
	if err := a.checkRules(); err != nil {
		return err
	}
	src, err := a.readable(args[0])
	if err != nil {
		return err
	}
	t, step, err := pickStep(src, args[1], document)
	if err != nil {
		return err
	}
	run, err := a.replay(src, t)
	if err != nil {
		return err
	}
	nodes := run.Concerned(step.Number)
	if len(args) == 3 {
		id, ok := t.Node(args[2])
		if !ok {
			return noNode(t, args[2])
		}
		nodes = []raft.NodeID{id}
	}
	es := render.Explanations(run, step.Number, nodes)
	if format == "json" {
		return report.Explain(a.stdout, es)
	}
	return a.print(format, render.Explain(es, run, step.Number))
}
