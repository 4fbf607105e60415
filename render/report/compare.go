package report

import (
	"io"

	"raftsheet/check/variant"
	"raftsheet/render/doc"
)

// The JSON of compare. Its names are stable: programs read them. Lists of two
// have the first set of rules and then the second.
type (
	jsonCompare struct {
		Version int            `json:"version"`
		Traces  []jsonContrast `json:"traces"`
	}
	jsonContrast struct {
		File        string           `json:"file"`
		Document    int              `json:"document"`
		Title       string           `json:"title"`
		Rules       [2]string        `json:"rules"`
		Differs     bool             `json:"differs"`
		Stopped     [2]*jsonError    `json:"stopped"`
		Differences []jsonDifference `json:"differences"`
		More        bool             `json:"more"` // than are listed
		Apart       []jsonApart      `json:"apart"`
	}
	jsonDifference struct {
		Step  int            `json:"step"`
		ID    string         `json:"id"`
		Line  int32          `json:"line"`
		Kind  string         `json:"kind"`
		Node  string         `json:"node"`
		Field string         `json:"field"`
		Sides [2]jsonReading `json:"sides"`
	}
	jsonReading struct {
		Value   any    `json:"value"`
		Rule    string `json:"rule"`
		Section string `json:"section"`
		Why     string `json:"why"`
	}
	jsonApart struct {
		Node   string   `json:"node"`
		Fields []string `json:"fields"`
	}
)

// Compare writes where two sets of rules part on traces.
func Compare(w io.Writer, contrasts []*variant.Diff) error {
	out := jsonCompare{Version: 1, Traces: []jsonContrast{}}
	for _, c := range contrasts {
		out.Traces = append(out.Traces, contrastJSON(c))
	}
	return doc.WriteJSON(w, out)
}

func contrastJSON(c *variant.Diff) jsonContrast {
	t := c.Trace
	out := jsonContrast{File: t.File, Document: t.Document, Title: t.Title, Differs: c.Differs(), More: c.More,
		Differences: make([]jsonDifference, len(c.Differences)), Apart: make([]jsonApart, len(c.Apart))}
	for i, s := range c.Sides {
		out.Rules[i] = s.Rules.Name
		if s.Stopped != nil {
			e := errorJSON(s.Stopped)
			out.Stopped[i] = &e
		}
	}
	for i := range c.Differences {
		d := &c.Differences[i]
		s := &t.Steps[d.Step-1]
		j := jsonDifference{Step: d.Step, ID: s.ID, Line: s.EventPos.Line, Kind: d.Kind.String(), Field: d.Field, Node: t.Name(d.Node)}
		for side, r := range d.Sides {
			j.Sides[side] = jsonReading{r.Value, r.Rule.String(), r.Rule.Info().Section, r.Why}
		}
		out.Differences[i] = j
	}
	for i, a := range c.Apart {
		out.Apart[i] = jsonApart{t.Name(a.Node), a.Fields}
	}
	return out
}
