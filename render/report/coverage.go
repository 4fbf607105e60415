package report

import (
	"io"

	"raftsheet/check"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/render/doc"
)

// The JSON of coverage. Its names are stable: programs read them.
type (
	jsonCoverage struct {
		Version    int                  `json:"version"`
		Summary    jsonCovered          `json:"summary"`
		Traces     []jsonCoveredTrace   `json:"traces"`
		Rules      []jsonRuleCount      `json:"rules"`
		Deviations []jsonCoveredMistake `json:"deviations"`
		Alike      [][]string           `json:"alike"`
		Errors     []jsonError          `json:"errors"`
	}
	jsonCovered struct {
		Traces   int `json:"traces"`
		Answers  int `json:"answers"`
		Fields   int `json:"fields"`
		Revealed int `json:"revealed"`
		Hidden   int `json:"hidden"`
	}
	jsonCoveredTrace struct {
		File     string `json:"file"`
		Document int    `json:"document"`
		Title    string `json:"title"`
		Revealed int    `json:"revealed"`
	}
	jsonRuleCount struct {
		Name     string   `json:"name"`
		Figure   string   `json:"figure"`
		Section  string   `json:"section"`
		Passed   int      `json:"passed"`
		Refused  int      `json:"refused"`
		Acted    int      `json:"acted"`
		Idle     int      `json:"idle"`
		Ignored  int      `json:"ignored"`
		Untested []string `json:"untested"`
	}
	jsonCoveredMistake struct {
		Name     string          `json:"name"`
		Rule     string          `json:"rule"`
		Section  string          `json:"section"`
		Believed string          `json:"believed"`
		Revealed bool            `json:"revealed"`
		Cells    int             `json:"cells"`
		First    *jsonFirstShown `json:"first"`
	}
	jsonFirstShown struct {
		File     string `json:"file"`
		Document int    `json:"document"`
		Step     int    `json:"step"`
		ID       string `json:"id"`
		Line     int32  `json:"line"`
		Column   int32  `json:"column"`
		Node     string `json:"node"`
		Field    string `json:"field"`
		Right    any    `json:"right"`
		Wrong    any    `json:"wrong"`
		Stopped  string `json:"stopped,omitempty"`
	}
)

// Coverage writes what traces can tell, taken together. The files are those that
// were read, for what is malformed in them.
func Coverage(w io.Writer, c *variant.Coverage, files []*check.File) error {
	out := jsonCoverage{
		Version: 1,
		Summary: jsonCovered{Traces: len(c.Traces), Answers: c.Asked.Answers, Fields: c.Asked.Fields,
			Revealed: c.Revealed(), Hidden: len(c.Deviations) - c.Revealed()},
		Traces: []jsonCoveredTrace{}, Alike: [][]string{}, Errors: []jsonError{},
	}
	for i, t := range c.Traces {
		out.Traces = append(out.Traces, jsonCoveredTrace{t.File, t.Document, t.Title, c.RevealedBy(i)})
	}
	for i := range c.Rules {
		out.Rules = append(out.Rules, ruleCountJSON(&c.Rules[i]))
	}
	for i := range c.Deviations {
		d := &c.Deviations[i]
		out.Deviations = append(out.Deviations, jsonCoveredMistake{d.Name, d.Rule, d.Section, d.Believed, d.Revealed(), d.Cells(), firstJSON(c, d)})
	}
	for _, g := range c.Alike {
		out.Alike = append(out.Alike, render.NamesOf(g))
	}
	for _, f := range files {
		for _, e := range f.Errors {
			out.Errors = append(out.Errors, errorJSON(e))
		}
	}
	return doc.WriteJSON(w, out)
}

func ruleCountJSON(r *variant.RuleCount) jsonRuleCount {
	out := jsonRuleCount{Name: r.Name, Figure: r.Figure, Section: r.Section, Untested: []string{},
		Passed: r.By[raft.Passed], Refused: r.By[raft.Refused], Acted: r.By[raft.Acted], Idle: r.By[raft.Idle], Ignored: r.By[raft.Ignored]}
	for _, o := range r.Untested() {
		out.Untested = append(out.Untested, o.String())
	}
	return out
}

func firstJSON(c *variant.Coverage, d *variant.DeviationCoverage) *jsonFirstShown {
	at := d.First()
	if at < 0 {
		return nil
	}
	t, s := c.Traces[at], &d.In[at]
	out := &jsonFirstShown{File: t.File, Document: t.Document, Step: s.At}
	if f := s.First; f != nil {
		out.Step, out.Line, out.Column = f.Step, f.Pos.Line, f.Pos.Column
		out.Node, out.Field, out.Right, out.Wrong = t.Name(f.Node), f.Name, s.Right, s.Wrong
	} else {
		out.Line, out.Column, out.Stopped = s.Stopped.Pos.Line, s.Stopped.Pos.Column, s.Stopped.Msg
	}
	out.ID = t.Steps[out.Step-1].ID
	return out
}
