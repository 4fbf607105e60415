package cmd

import (
	"fmt"

	"github.com/spf13/cobra"

	"raftsheet/render"
	"raftsheet/render/diagram"
	"raftsheet/render/doc"
	"raftsheet/render/report"
	"raftsheet/trace"
)

// showHelp is the text of show --help.
const showHelp = `show replays a trace and prints the worksheet as the reference fills it in: a
form for each message with its response row (ok, no, - for no answer), then each
node's terms and log. Where an answer's term differs from the message's, a row
for the terms follows. On paper (--format pdf and latex) it has the geometry of
blank KEY, so that one can be laid over the other.

--format svg draws the life lines of the nodes: the messages between them, the
logs that change, and what is written wrong. --format mermaid writes the same as
a sequence diagram, which GitHub draws. --logs draws the logs alone, as the
paper's Figures 6 to 8 do: at the steps that --step lists (0 is the start), or
else where the trace looks at them: the start, if they differ there, the steps
whose tables write most of them, and the end. In a picture, --node takes a list,
and --step a range.

--format html writes a page to step through the trace in a browser, offline:
what each node is, what each step changes, and for each answer what was written,
what Figure 2 gives and why. With --predict it hides each answer until the
reader has given one, and keeps count. Two --rules are shown side by side.`

func (a *app) showCommand() *cobra.Command {
	var opt render.ShowOptions
	var format, node, step string
	var p picture
	var rules []string
	c := &cobra.Command{
		Use:   "show [flags] TRACE",
		Short: "Show the filled worksheet: message forms, terms and logs",
		Long:  showHelp,
		Example: `  raftsheet show --node 1 --step 2 examples/first.yaml
  raftsheet show --format markdown key.yaml > key.md
  raftsheet show --format pdf key.yaml > key.pdf
  raftsheet show --format svg --step RV2-RV4 examples/worksheet.yaml > part.svg
  raftsheet show --format svg --logs examples/figure8.yaml > figure8.svg
  raftsheet show --format html examples/worksheet-wrong.yaml > step.html
  raftsheet show --format html --predict examples/worksheet.yaml > lesson.html`,
		Args:              exactly("one TRACE", 1),
		ValidArgsFunction: inTurn(traceFiles),
		RunE: func(_ *cobra.Command, args []string) error {
			a.takeRules(rules, &p)
			return a.showOrDraw(args[0], format, node, step, opt, p)
		},
	}
	f := c.Flags()
	f.StringVar(&format, "format", "table", "the output's format: "+formats(showFormats()))
	f.StringVar(&node, "node", "", "only the sheet of this `raft_id`: its state and the messages it sent; in a picture, these nodes, such as 1,4")
	f.StringVar(&step, "step", "", "stop after this step, an `id` or a number; in a picture, also a range, such as 3-9")
	f.BoolVar(&opt.States, "states", false, "with --format json: whole states, beside what changed")
	f.IntVar(&opt.Rows, "rows", render.DefaultRows, "on paper and with --blank: the number of rows for a node's terms, and of those for its log")
	f.BoolVar(&opt.Blank, "blank", false, "leave the answers and the tables out")
	f.BoolVar(&p.logs, "logs", false, "with --format svg: the nodes' logs, as rows of cells")
	f.IntVar(&p.document, "document", 0, "with --format svg, mermaid or html: the `number` of the document in the file, from 1 (default all)")
	f.BoolVar(&p.predict, "predict", false, "with --format html: hide each answer until the reader has given one")
	f.StringArrayVar(&rules, "rules", nil, "replay by these rules instead of the trace's own; with --format html, give it twice to see the two side by side")
	completeFlag(c, "rules", completeRules)
	completeWords(c, "format", showFormats())
	a.paperFlag(c)
	completeFlag(c, "node", a.completeNodes)
	completeFlag(c, "step", a.completeSteps)
	return c
}

// showFormats are the tables', the page, the JSON and the pictures.
func showFormats() []string {
	return sheetFormats(append([]string{pageFormat, "json"}, diagram.Formats()...)...)
}

func (a *app) show(name, format, node, step string, opt render.ShowOptions) error {
	if err := a.knownFormat(format, showFormats()); err != nil {
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
