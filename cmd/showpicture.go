package cmd

import (
	"fmt"
	"slices"
	"strings"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/render/diagram"
	"raftsheet/trace"
)

// This file draws what show shows. A picture may show some nodes alone, and some
// steps.

// A picture is what the flags of show ask for.
type picture struct {
	format, nodes, steps string
	document             int // 0 for all
	logs                 bool
	predict              bool       // of a page
	sides                [][]string // of a page: the rules of each side, where there are two
}

// showOrDraw shows a worksheet, or draws a picture of its trace.
func (a *app) showOrDraw(name, format, node, step string, opt render.ShowOptions, p picture) error {
	switch {
	case format == pageFormat:
		p.format, p.nodes, p.steps = format, node, step
		return a.stepPage(name, p, opt)
	case p.predict:
		return fmt.Errorf("--predict goes with --format html, not with %s", format)
	case slices.Contains(diagram.Formats(), format):
		if err := a.knownPaper(format); err != nil {
			return err
		}
		p.format, p.nodes, p.steps = format, node, step
		return a.picture(name, p, opt)
	case p.logs:
		return fmt.Errorf("--logs goes with --format svg, not with %s", format)
	case p.document != 0:
		return fmt.Errorf("--document goes with --format svg, mermaid and html, not with %s", format)
	}
	return a.show(name, format, node, step, opt)
}

func (a *app) picture(name string, p picture, opt render.ShowOptions) error {
	switch {
	case opt.States:
		return fmt.Errorf("--states goes with --format json, not with %s", p.format)
	case opt.Blank:
		return fmt.Errorf("--blank does not go with --format %s", p.format)
	}
	if p.logs && p.format != "svg" {
		return fmt.Errorf("--logs goes with --format svg, not with %s", p.format)
	}
	reports, err := a.reports(name, p.document)
	if err != nil {
		return err
	}
	parts := strings.Split(p.steps, ",")
	if findsAll(reports, p.steps) {
		parts = []string{p.steps} // an id with a comma
	}
	if p.steps == "" {
		parts = nil
	}
	if p.logs {
		return a.logs(reports, p, parts)
	}
	return a.lifelines(reports, p, parts)
}

// findsAll reports whether some trace has a step of that name.
func findsAll(reports []*check.Report, step string) bool {
	for _, r := range reports {
		if findStep(r.Run.Trace, step) != nil {
			return true
		}
	}
	return false
}

// reports replays the traces of a file, and compares them with what is written.
func (a *app) reports(name string, document int) ([]*check.Report, error) {
	if err := a.checkRules(); err != nil {
		return nil, err
	}
	src, err := a.readable(name)
	if err != nil {
		return nil, err
	}
	return a.reportsOf(src, document)
}

// reportsOf replays the traces of a file that was read.
func (a *app) reportsOf(src *trace.File, document int) (out []*check.Report, err error) {
	for _, t := range src.Traces {
		if document != 0 && t.Document != document {
			continue
		}
		run, err := a.replay(src, t)
		if err != nil {
			return nil, err
		}
		rep := check.Compare(run)
		rep.Mode = finding.Mode{}
		out = append(out, rep)
	}
	if len(out) == 0 {
		return nil, fmt.Errorf("%s has no document %d with a trace", src.Name, document)
	}
	return out, nil
}

// lifelines draws the traces that have the steps, all of them where none is named.
func (a *app) lifelines(reports []*check.Report, p picture, steps []string) error {
	if len(steps) > 1 {
		return fmt.Errorf("--step %s: life lines show the steps from one to another, such as %s-%s; a list of steps goes with --logs", p.steps, steps[0], steps[len(steps)-1])
	}
	var shown []diagram.Shown
	for _, rep := range reports {
		s, err := shownIn(rep, p.nodes)
		if err != nil {
			return err
		}
		if len(steps) == 1 {
			first, last, ok := stepRange(rep.Run.Trace, steps[0])
			if !ok {
				continue
			}
			if s.First, s.Last = first, last; first == last && findStep(rep.Run.Trace, steps[0]) != nil {
				s.First = 1 // it stops there
			}
		}
		shown = append(shown, s)
	}
	if len(shown) == 0 {
		return noStep(reports[0].Run.Trace, steps[0])
	}
	if err := diagram.Bounded(shown); err != nil {
		return err
	}
	all := make([]*diagram.Lifelines, len(shown))
	for i, s := range shown {
		all[i] = diagram.LifelinesOf(s)
	}
	return diagram.Write(a.stdout, p.format, all)
}

// logs draws the logs at the steps, in each trace that has them.
func (a *app) logs(reports []*check.Report, p picture, steps []string) error {
	var all []diagram.Panels
	found := make([]bool, len(steps))
	for _, rep := range reports {
		s, err := shownIn(rep, p.nodes)
		if err != nil {
			return err
		}
		var at []int
		for i, step := range steps {
			first, last, ok := stepRange(rep.Run.Trace, step)
			if step == "0" {
				first, last, ok = 0, 0, true
			}
			found[i] = found[i] || ok
			for n := first; ok && n <= last; n++ {
				at = append(at, n)
			}
		}
		if steps != nil && at == nil {
			continue
		}
		panels, err := diagram.PanelsOf(s, at)
		if err != nil {
			return err
		}
		all = append(all, panels)
	}
	for i, step := range steps {
		if !found[i] {
			return noStep(reports[0].Run.Trace, step)
		}
	}
	return diagram.WritePanels(a.stdout, all)
}

// shownIn is a trace with the nodes of a list.
func shownIn(rep *check.Report, list string) (s diagram.Shown, err error) {
	s.Report = rep
	s.Nodes, err = nodeList(rep.Run.Trace, list)
	return s, err
}

// stepRange finds a step, or the first and last of a range such as 3-9. An id may
// have a dash in it.
func stepRange(t *trace.Trace, name string) (first, last int, ok bool) {
	if s := findStep(t, name); s != nil {
		return s.Number, s.Number, true
	}
	for i := range name {
		if name[i] != '-' {
			continue
		}
		from, to := findStep(t, name[:i]), findStep(t, name[i+1:])
		if from != nil && to != nil && from.Number <= to.Number {
			return from.Number, to.Number, true
		}
	}
	return 0, 0, false
}

// nodeList finds nodes by a list of their names; 0 for an empty one.
func nodeList(t *trace.Trace, list string) (set raft.NodeSet, err error) {
	if list == "" {
		return 0, nil
	}
	for _, name := range strings.Split(list, ",") {
		id, ok := t.Node(strings.TrimSpace(name))
		if !ok {
			return 0, noNode(t, name)
		}
		set = set.With(id)
	}
	return set, nil
}
