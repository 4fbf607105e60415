package report

import (
	"io"

	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/render/doc"
)

// The JSON of rules.
type (
	jsonRule struct {
		Name    string `json:"name"`
		Figure  string `json:"figure"`
		Text    string `json:"text"`
		Section string `json:"section"`
	}
	jsonDeviation struct {
		Name     string `json:"name"`
		Rule     string `json:"rule"`
		Believed string `json:"believed"`
		Wrong    string `json:"wrong"`
		Section  string `json:"section"`
	}
	jsonSet struct {
		Name       string          `json:"name"`
		Title      string          `json:"title"`
		Deviations []jsonDeviation `json:"deviations"`
		Lines      []jsonLine      `json:"lines,omitempty"`
	}
	jsonLine struct {
		Of      string `json:"of"`
		Says    string `json:"says"`
		Rule    string `json:"rule"`
		Departs string `json:"departs"`
		ReadAs  string `json:"readAs"`
	}
	jsonCatalogue struct {
		Version    int             `json:"version"`
		Rules      []jsonRule      `json:"rules"`
		Deviations []jsonDeviation `json:"deviations"`
		Sets       []jsonSet       `json:"sets"`
	}
)

// Rules writes a list of rules and deviations.
func Rules(w io.Writer, c render.Catalogue) error {
	out := jsonCatalogue{Version: 1, Rules: []jsonRule{}, Deviations: deviationsJSON(c.Deviations), Sets: []jsonSet{}}
	for _, r := range c.Rules {
		out.Rules = append(out.Rules, jsonRule{r.Name, r.Figure, r.Text, r.Section})
	}
	for _, s := range c.Sets {
		out.Sets = append(out.Sets, setOf(s))
	}
	return doc.WriteJSON(w, out)
}

func deviationsJSON(ds []raft.Deviation) []jsonDeviation {
	out := make([]jsonDeviation, len(ds))
	for i, d := range ds {
		out[i] = deviationOf(d)
	}
	return out
}

func deviationOf(d raft.Deviation) jsonDeviation {
	return jsonDeviation{d.Name, d.Rule, d.Believed, d.Wrong, d.Section}
}

func setOf(s raft.Set) jsonSet {
	out := jsonSet{Name: s.Name, Title: s.Title, Deviations: deviationsJSON(s.Deviations)}
	for _, l := range s.Lines {
		out.Lines = append(out.Lines, jsonLine{l.Of, l.Says, l.Rule.String(), l.Departs, l.ReadAs})
	}
	return out
}

// Deviation writes what a deviation is, and what it does to its smallest trace.
func Deviation(w io.Writer, m render.Misbelief) error {
	out := struct {
		Version int `json:"version"`
		jsonDeviation
		File     string        `json:"file"`
		Trace    string        `json:"trace"`
		Findings []jsonFinding `json:"findings"`
		Alike    []string      `json:"alike"`
	}{1, deviationOf(m.Deviation), m.File, string(m.Trace), []jsonFinding{}, append([]string{}, m.Alike...)}
	for _, r := range m.Checked.Reports {
		out.Findings = append(out.Findings, traceJSON(r).Findings...)
	}
	return doc.WriteJSON(w, out)
}

// Set writes what a set of deviations is made of.
func Set(w io.Writer, s raft.Set) error {
	return doc.WriteJSON(w, struct {
		Version int `json:"version"`
		jsonSet
	}{1, setOf(s)})
}
