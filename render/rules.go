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

var rulesFormats = formats[func(io.Writer, []raft.RuleInfo) error]{
	{"text", ruleLines},
	{"markdown", ruleTable},
	{"json", rulesJSON},
}

// RulesFormats gives the names of the formats of Rules, the default first.
func RulesFormats() []string { return rulesFormats.names() }

// Rules writes a list of rules.
func Rules(w io.Writer, format string, rules []raft.RuleInfo) error {
	write, err := rulesFormats.pick("rules", format)
	if err != nil {
		return err
	}
	return write(w, rules)
}

func ruleTable(w io.Writer, rules []raft.RuleInfo) error {
	rows := make([][]string, len(rules))
	for i, r := range rules {
		rows[i] = []string{r.Name, r.Figure, r.Text, "§" + r.Section}
	}
	out := bufio.NewWriter(w)
	markdownTable(out, []string{"rule", "Figure 2", "decides", "section"}, rows)
	return out.Flush()
}

func rulesJSON(w io.Writer, rules []raft.RuleInfo) error {
	out := make([]jsonRule, len(rules))
	for i, r := range rules {
		out[i] = jsonRule{r.Name, r.Figure, r.Text, r.Section}
	}
	return writeJSON(w, out)
}

// ruleLines writes two lines a rule, so that a narrow terminal has room.
func ruleLines(w io.Writer, rules []raft.RuleInfo) error {
	out := bufio.NewWriter(w)
	for _, r := range rules {
		fmt.Fprintf(out, "%s %s, §%s\n     %s\n", pad(r.Name, 4), r.Figure, r.Section, r.Text)
	}
	return out.Flush()
}
