package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"raftsheet/check"
	"raftsheet/raft"
	"raftsheet/render"
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
node's terms and log. A term row stands under an answer of another term than the
message's.`,
		Args: exactly("one TRACE", 1),
		RunE: func(_ *cobra.Command, args []string) error { return a.show(args[0], format, node, step, opt) },
	}
	f := c.Flags()
	f.StringVar(&format, "format", "table", "the output's format: "+formats(sheetFormats("json")))
	f.StringVar(&node, "node", "", "the sheet of this raft_id alone: its state, the messages it sent")
	f.StringVar(&step, "step", "", "stop after this step: its id, or its number")
	f.BoolVar(&opt.Blank, "blank", false, "leave the answers and the tables out")
	completeWords(c, "format", sheetFormats("json"))
	return c
}

func (a *app) show(name, format, node, step string, opt render.ShowOptions) error {
	if err := known("format", format, sheetFormats("json")); err != nil {
		return err
	}
	if err := a.checkRules(); err != nil {
		return err
	}
	src, err := a.read(name)
	if err != nil {
		return a.fail(src, err)
	}
	for i, t := range src.Traces {
		if i > 0 && format == "table" {
			fmt.Fprintln(a.stdout)
		}
		run, err := check.ReplayWith(t, a.rules, 0)
		if err != nil {
			return a.fail(src, err)
		}
		if err := showOne(a, run, format, node, step, opt); err != nil {
			return err
		}
	}
	return nil
}

func showOne(a *app, run *check.Run, format, node, step string, opt render.ShowOptions) error {
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
	if format == "json" {
		return report.Show(a.stdout, run, opt)
	}
	return a.print(format, render.Show(run, opt))
}

// findStep finds a step by its id, or else by its number.
func findStep(t *trace.Trace, name string) *trace.Step {
	if s := t.StepByID(name); s != nil {
		return s
	}
	for i := range t.Steps {
		if fmt.Sprint(t.Steps[i].Number) == name {
			return &t.Steps[i]
		}
	}
	return nil
}

func noStep(t *trace.Trace, name string) error {
	ids := make([]string, len(t.Steps))
	for i := range t.Steps {
		ids[i] = t.Steps[i].ID
	}
	if best := trace.Nearest(name, ids); best != "" {
		return fmt.Errorf("%s has no step %q; did you mean %q?", t.File, name, best)
	}
	if len(ids) <= 20 {
		return fmt.Errorf("%s has no step %q; its steps are %s", t.File, name, formats(ids))
	}
	return fmt.Errorf("%s has no step %q; it has %d steps", t.File, name, len(ids))
}

func noNode(t *trace.Trace, name string) error {
	if best := trace.Nearest(name, t.Names); best != "" {
		return fmt.Errorf("%s has no node %q; did you mean %q?", t.File, name, best)
	}
	return fmt.Errorf("%s has no node %q; its nodes are %s", t.File, name, formats(t.Names))
}

func (a *app) explainCommand() *cobra.Command {
	var format string
	var document int
	c := &cobra.Command{
		Use:   "explain [flags] TRACE STEP [NODE]",
		Short: "Explain why a node answers as it does, rule by rule",
		Long: `explain prints a node's state before a step, the message, every rule of Figure 2
in order with the figures put in, the answer, and the state after. STEP is a
step's id or number. Without NODE, every node that the step concerns is
explained.`,
		Example: `  raftsheet explain examples/figure7.yaml 1 f`,
		Args:    between("TRACE STEP [NODE]", 2, 3),
		RunE: func(_ *cobra.Command, args []string) error {
			return a.explain(args, format, document)
		},
	}
	f := c.Flags()
	f.StringVar(&format, "format", "text", "the output's format: "+formats(viewFormats("json")))
	f.IntVar(&document, "document", 0, "the document of the file, from 1; by default the first that has the step")
	completeWords(c, "format", viewFormats("json"))
	return c
}

func (a *app) explain(args []string, format string, document int) error {
	if err := known("format", format, viewFormats("json")); err != nil {
		return err
	}
	if err := a.checkRules(); err != nil {
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
	es := render.Explanations(run, step.Number, nodes)
	if format == "json" {
		return report.Explain(a.stdout, es)
	}
	return a.print(format, render.Explain(es, run, step.Number))
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

// concerned gives the nodes that did something in an explained step, or were to
// do something, the sender last.
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
