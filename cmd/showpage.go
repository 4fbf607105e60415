package cmd

import (
	"errors"
	"fmt"
	"strings"

	"raftsheet/check"
	"raftsheet/render"
	"raftsheet/render/page"
)

// This file writes the page that steps through a trace.

// pageFormat is its format.
const pageFormat = "html"

// takeRules takes in what --rules says. Given twice, a page shows the two side by
// side; other formats take all of it together.
func (a *app) takeRules(all []string, p *picture) {
	a.rules = nil
	for _, joined := range all {
		names := strings.Split(joined, ",")
		a.rules = append(a.rules, names...)
		p.sides = append(p.sides, names)
	}
}

// stepPage writes the page of a file's traces.
func (a *app) stepPage(name string, p picture, opt render.ShowOptions) error {
	switch {
	case opt.States:
		return errors.New("--states goes with --format json, not with html")
	case opt.Blank:
		return errors.New("--blank does not go with --format html; --predict hides the answers")
	case p.nodes != "":
		return errors.New("--node does not go with --format html: the page shows every node")
	case p.logs:
		return errors.New("--logs goes with --format svg, not with html")
	case len(p.sides) > 2:
		return fmt.Errorf("a page shows two sets of rules side by side, and --rules gives %d", len(p.sides))
	}
	traces, err := a.sidesOf(name, p)
	if err != nil {
		return err
	}
	show := page.Options{Predict: p.predict}
	if p.steps != "" {
		s := findStep(traces[0][0].Run.Trace, p.steps)
		if s == nil {
			return noStep(traces[0][0].Run.Trace, p.steps)
		}
		show.Step = s.Number
	}
	return page.WriteSteps(a.stdout, traces, show)
}

// sidesOf replays the traces of a file, each under the rules of each side.
func (a *app) sidesOf(name string, p picture) ([][]*check.Report, error) {
	if err := a.checkRules(); err != nil {
		return nil, err
	}
	src, err := a.readable(name)
	if err != nil {
		return nil, err
	}
	sides := p.sides
	if len(sides) == 0 {
		sides = [][]string{nil} // the trace's own
	}
	var out [][]*check.Report
	for _, a.rules = range sides {
		reports, err := a.reportsOf(src, p.document)
		if err != nil {
			return nil, err
		}
		if out == nil {
			out = make([][]*check.Report, len(reports))
		}
		for i, rep := range reports {
			out[i] = append(out[i], rep)
		}
	}
	return out, nil
}
