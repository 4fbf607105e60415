package render

import (
	"bufio"
	"fmt"
	"io"

	"raftsheet/raft"
)

type jsonRule struct {
	Name    string `json:"name"`
	Figure  string `json:"figure"`
	Text    string `json:"text"`
	Section string `json:"section"`
}

// RulesFormats gives the names of the formats of Rules, the default first.
func RulesFormats() []string { return []string{"text", "markdown", "json"} }

// Rules writes a table of rules.
func Rules(w io.Writer, format string, rules []raft.RuleInfo) error {
	header := []string{"rule", "Figure 2", "decides", "section"}
	var rows [][]string
	out := make([]jsonRule, 0, len(rules))
	for _, r := range rules {
		rows = append(rows, []string{r.Name, r.Figure, r.Text, "§" + r.Section})
		out = append(out, jsonRule{r.Name, r.Figure, r.Text, r.Section})
	}
	switch format {
	case "json":
		return writeJSON(w, out)
	case "markdown":
		markdownTable(w, header, rows)
		return nil
	case "text":
		return ruleLines(w, rules)
	}
	return fmt.Errorf("there is no format %q for rules; the formats are %s", format, list(RulesFormats()))
}

// ruleLines writes two lines a rule, so that a narrow terminal has room.
func ruleLines(w io.Writer, rules []raft.RuleInfo) error {
	out := bufio.NewWriter(w)
	for _, r := range rules {
		fmt.Fprintf(out, "%s %s, §%s\n     %s\n", pad(r.Name, 4), r.Figure, r.Section, r.Text)
	}
	return out.Flush()
}
