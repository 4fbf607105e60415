package report

import (
	"raftsheet/check/conform"
	"raftsheet/render"
)

// What the JSON of check also has where an implementation's answers were checked.
type (
	jsonJudged struct {
		Name         string        `json:"name"`
		Version      string        `json:"version"`
		Live         bool          `json:"live"`
		Rules        []string      `json:"rules"` // in which it says that it departs from Figure 2
		Deliveries   int           `json:"deliveries"`
		Agree        int           `json:"agree"`
		Differ       int           `json:"differ"`
		Known        int           `json:"known"`
		Skipped      int           `json:"skipped"`
		Failed       int           `json:"failed"`
		Skips        []jsonSkip    `json:"skips"`
		ByRule       []jsonRunRule `json:"byRule"`
		Wrong        int           `json:"wrong"` // values that differ
		Explained    bool          `json:"explained"`
		Explanations []jsonExplain `json:"explanations"`
	}
	jsonSkip struct {
		Why   string `json:"why"`
		Count int    `json:"count"`
	}
	jsonRunRule struct {
		Rule    string `json:"rule"`
		Decided int    `json:"decided"`
		Agree   int    `json:"agree"`
	}
	jsonExplain struct {
		Deviations   []string `json:"deviations"`
		Explained    int      `json:"explained"`
		Contradicted int      `json:"contradicted"`
	}
)

func judgedJSON(r *conform.Result) *jsonJudged {
	out := &jsonJudged{Name: r.Name, Version: r.Version, Live: r.Live, Rules: append([]string{}, r.Rules...), Deliveries: r.Asked,
		Agree: r.Agree, Differ: r.Differ, Known: r.Known, Skipped: r.Skipped, Failed: r.Failed,
		Skips: []jsonSkip{}, ByRule: []jsonRunRule{}, Wrong: r.Wrong, Explained: r.Whole, Explanations: []jsonExplain{}}
	for _, s := range r.Skips {
		out.Skips = append(out.Skips, jsonSkip{s.What, s.N})
	}
	for _, c := range r.ByRule {
		out.ByRule = append(out.ByRule, jsonRunRule{c.Rule.String(), c.Decided, c.Agree})
	}
	for _, x := range r.Explanations {
		out.Explanations = append(out.Explanations, jsonExplain{render.NamesOf(x.Deviations), x.Explained, x.Contradicted})
	}
	return out
}
