package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"raftsheet/check"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/trace"
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
	f.StringVar(&format, "format", "text", "the output's format: "+formats(render.ExplainFormats()))
	f.IntVar(&document, "document", 0, "the `number` of the document in the file, from 1 (default the first that has the step)")
	completeWords(c, "format", render.ExplainFormats())
	return c
}

func (a *app) explain(args []string, format string, document int) error {
	if err := known("format", format, render.ExplainFormats()); err != nil {
		return err
	}
	if err := a.checkRules(); err != nil {
		return err
	}
	opt, err := a.options(a.stdout)
	if err != nil {
		return err
	}
	src, err := a.read(args[0])
	if err != nil {
		return a.fail(src, err)
	}
	t, step, err := pickStep(src, args[1], document)
	if err != nil {
		return err
	}
	run, err := check.ReplayWith(t, a.rules, step.Number)
	if err != nil {
		return a.fail(src, err)
	}
	nodes := concerned(&run.Steps[step.Number-1])
	if len(args) == 3 {
		id, ok := t.Node(args[2])
		if !ok {
			return noNode(t, args[2])
		}
		nodes = []raft.NodeID{id}
	}
	return render.Explain(a.stdout, format, run, step.Number, nodes, opt)
}

// pickStep finds a step in a document, or in the first that has it.
func pickStep(src *trace.File, name string, document int) (*trace.Trace, *trace.Step, error) {
	for _, t := range src.Traces {
		if document != 0 && t.Document != document {
			continue
		}
		if s := findStep(t, name); s != nil {
			return t, s, nil
		}
		if document != 0 || len(src.Traces) == 1 {
			return nil, nil, noStep(t, name)
		}
	}
	if document != 0 {
		return nil, nil, fmt.Errorf("%s has no document %d with a trace", src.Name, document)
	}
	return nil, nil, fmt.Errorf("%s has no step %q in any of its documents", src.Name, name)
}

// concerned gives the nodes that took part in an explained step, or were to, the
// sender last.
func concerned(s *check.Step) []raft.NodeID {
	var ids []raft.NodeID
	var seen raft.NodeSet
	add := func(id raft.NodeID) {
		if !seen.Has(id) {
			seen = seen.With(id)
			ids = append(ids, id)
		}
	}
	for i := range s.Deliveries {
		add(s.Deliveries[i].To)
	}
	for _, d := range s.Decisions {
		add(d.Node)
	}
	for id := range s.Changed.All() {
		add(id)
	}
	return ids
}
