package render

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"raftsheet/check"
	"raftsheet/raft"
)

// A Catalogue is what there is to say of rules by name: those of Figure 2, the
// deviations from them, and sets of deviations.
type Catalogue struct {
	Rules      []raft.RuleInfo
	Deviations []raft.Deviation
	Sets       []raft.Set
}

// A Misbelief is a deviation with its smallest trace.
type Misbelief struct {
	raft.Deviation
	File    string      // the trace's name
	Trace   []byte      // the trace, its answers those of Figure 2
	Checked *check.File // the trace under the deviation
	Alike   []string    // the other deviations that give the same answers on it
}

var (
	rulesFormats = formats[func(io.Writer, Catalogue, Options) error]{
		{"text", catalogueText}, {"markdown", catalogueMarkdown}, {"json", catalogueJSON},
	}
	misbeliefFormats = formats[func(io.Writer, Misbelief, Options) error]{
		{"text", misbeliefText}, {"markdown", misbeliefMarkdown}, {"json", misbeliefJSON},
	}
	setFormats = formats[func(io.Writer, raft.Set, Options) error]{
		{"text", setText}, {"markdown", setMarkdown}, {"json", setJSON},
	}
)

// RulesFormats gives the names of the formats of Rules, ExplainDeviation and
// ExplainSet, the default first.
func RulesFormats() []string { return rulesFormats.names() }

// Rules writes a list of rules and deviations.
func Rules(w io.Writer, format string, c Catalogue, opt Options) error {
	write, err := rulesFormats.pick("rules", format)
	if err != nil {
		return err
	}
	return write(w, c, opt)
}

// ExplainDeviation writes what a deviation is, and what it does to a trace.
func ExplainDeviation(w io.Writer, format string, m Misbelief, opt Options) error {
	write, err := misbeliefFormats.pick("rules", format)
	if err != nil {
		return err
	}
	return write(w, m, opt)
}

// ExplainSet writes what a set of deviations is made of, and where it is a text,
// line by line where it parts from Figure 2.
func ExplainSet(w io.Writer, format string, s raft.Set, opt Options) error {
	write, err := setFormats.pick("rules", format)
	if err != nil {
		return err
	}
	return write(w, s, opt)
}

// changes says which rule a deviation changes: RV2a (RequestVote rule 2).
func changes(d raft.Deviation) string {
	var parts []string
	for _, name := range strings.Fields(d.Rule) {
		if info, ok := raft.RuleNamed(name); ok {
			parts = append(parts, fmt.Sprintf("%s (%s)", info.Name, info.Figure))
		} else {
			parts = append(parts, ruleWords[name])
		}
	}
	return strings.Join(parts, ", ")
}

// ruleWords is what deviations change that has no number in the figure.
var ruleWords = map[string]string{
	"persistent": "State, persistent on all servers",
	"volatile":   "State, volatile",
}

func catalogueText(w io.Writer, c Catalogue, opt Options) error {
	out := bufio.NewWriter(w)
	p := newPalette(opt.Color)
	several := len(c.Deviations) > 0
	if several {
		fmt.Fprintf(out, "%s\n\n", p.strong.Sprint("Figures 2 and 13"))
	}
	for _, r := range c.Rules {
		fmt.Fprintf(out, "%s %s, §%s\n", p.strong.Sprint(pad(r.Name, 4)), r.Figure, r.Section)
		wrapped(out, "     ", r.Text)
	}
	if !several {
		return out.Flush()
	}
	fmt.Fprintf(out, "\n%s\n\n", p.strong.Sprint("Sets of deviations"))
	for _, s := range c.Sets {
		fmt.Fprintf(out, "%s\n", p.strong.Sprint(s.Name))
		wrapped(out, "     ", fmt.Sprintf("%s (%d deviations)", s.Title, len(s.Deviations)))
	}
	fmt.Fprintf(out, "\n%s\n\n", p.strong.Sprint("Deviations: what is believed, wrongly"))
	for _, d := range c.Deviations {
		fmt.Fprintf(out, "%s %s\n", p.strong.Sprint(d.Name), p.faint.Sprint(d.Rule+", §"+d.Section))
		wrapped(out, "     ", d.Believed)
	}
	fmt.Fprintf(out, "\nraftsheet rules NAME says more of each.\n")
	return out.Flush()
}

func catalogueMarkdown(w io.Writer, c Catalogue, _ Options) error {
	out := bufio.NewWriter(w)
	rows := make([][]string, len(c.Rules))
	for i, r := range c.Rules {
		rows[i] = []string{r.Name, r.Figure, r.Text, "§" + r.Section}
	}
	markdownTable(out, []string{"rule", "Figure 2 or 13", "decides", "section"}, rows)
	if len(c.Deviations) > 0 {
		fmt.Fprintln(out)
		deviationTable(out, c.Deviations)
		fmt.Fprintln(out)
		rows = nil
		for _, s := range c.Sets {
			rows = append(rows, []string{s.Name, s.Title, strings.Join(deviationNames(s.Deviations), ", ")})
		}
		markdownTable(out, []string{"set", "what it is", "deviations"}, rows)
	}
	return out.Flush()
}

func deviationTable(w io.Writer, ds []raft.Deviation) {
	var rows [][]string
	for _, d := range ds {
		rows = append(rows, []string{d.Name, d.Rule, d.Believed, d.Wrong, "§" + d.Section})
	}
	markdownTable(w, []string{"deviation", "rule", "believed", "but", "section"}, rows)
}

func deviationNames(ds []raft.Deviation) []string {
	names := make([]string, len(ds))
	for i, d := range ds {
		names[i] = d.Name
	}
	return names
}

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

func catalogueJSON(w io.Writer, c Catalogue, _ Options) error {
	out := jsonCatalogue{Version: 1, Rules: []jsonRule{}, Deviations: deviationsJSON(c.Deviations), Sets: []jsonSet{}}
	for _, r := range c.Rules {
		out.Rules = append(out.Rules, jsonRule{r.Name, r.Figure, r.Text, r.Section})
	}
	for _, s := range c.Sets {
		out.Sets = append(out.Sets, setOf(s))
	}
	return writeJSON(w, out)
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

func misbeliefText(w io.Writer, m Misbelief, opt Options) error {
	out := bufio.NewWriter(w)
	p := newPalette(opt.Color)
	deviationHead(out, p, m.Deviation)
	fmt.Fprintf(out, "\nThe smallest trace that shows it, its answers those of Figure 2 (%s):\n\n", m.File)
	for line := range strings.Lines(string(m.Trace)) {
		fmt.Fprintf(out, "    %s\n", Clean(strings.TrimRight(line, "\n")))
	}
	fmt.Fprintf(out, "\nWhat goes wrong in it under %s:\n\n", p.strong.Sprint(m.Name))
	if err := out.Flush(); err != nil {
		return err
	}
	if err := checkText(w, []*check.File{m.Checked}, Options{Color: opt.Color, Quiet: true}); err != nil {
		return err
	}
	if err := Errors(w, m.Checked.Source, m.Checked.Errors, opt); err != nil {
		return err
	}
	if len(m.Alike) > 0 {
		wrapped(out, "", "The same answers on this trace come from: "+strings.Join(m.Alike, ", ")+".")
		fmt.Fprintln(out)
	}
	fmt.Fprintf(out, "Whether it can break a safety property, and how:\n  raftsheet rules %s --counterexample\n", m.Name)
	return out.Flush()
}

func deviationHead(w io.Writer, p palette, d raft.Deviation) {
	fmt.Fprintf(w, "%s\n", p.strong.Sprint(d.Name))
	labelled(w, "  changes   ", changes(d)+", §"+d.Section)
	labelled(w, "  believed  ", d.Believed)
	labelled(w, "  but       ", d.Wrong)
}

func misbeliefMarkdown(w io.Writer, m Misbelief, opt Options) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# %s\n\n", escapeMarkdown(m.Name))
	fmt.Fprintf(out, "- changes: %s, §%s\n- believed: %s\n- but: %s\n", escapeMarkdown(changes(m.Deviation)), m.Section, escapeMarkdown(m.Believed), escapeMarkdown(m.Wrong))
	if len(m.Alike) > 0 {
		fmt.Fprintf(out, "- the same answers come from: %s\n", escapeMarkdown(strings.Join(m.Alike, ", ")))
	}
	fmt.Fprintf(out, "\n```yaml\n%s```\n\n", m.Trace)
	if err := out.Flush(); err != nil {
		return err
	}
	return checkMarkdown(w, []*check.File{m.Checked}, opt)
}

func misbeliefJSON(w io.Writer, m Misbelief, _ Options) error {
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
	return writeJSON(w, out)
}

func setText(w io.Writer, s raft.Set, opt Options) error {
	out := bufio.NewWriter(w)
	p := newPalette(opt.Color)
	fmt.Fprintf(out, "%s: %s\n", p.strong.Sprint(s.Name), s.Title)
	of := ""
	for _, l := range s.Lines {
		if l.Of != of {
			of = l.Of
			fmt.Fprintf(out, "\n%s\n", p.strong.Sprint(of))
		}
		fmt.Fprintln(out)
		labelled(out, "  says      ", l.Says)
		if l.Rule != raft.NoRule {
			info := l.Rule.Info()
			labelled(out, "  Figure 2  ", fmt.Sprintf("%s: %s (%s, §%s)", info.Name, info.Text, info.Figure, info.Section))
		}
		if l.Departs != "" {
			labelled(out, "  parts by  ", strings.ReplaceAll(l.Departs, ",", ", "))
		}
		if l.ReadAs != "" {
			labelled(out, "  read so   ", l.ReadAs)
		}
	}
	fmt.Fprintf(out, "\n%s\n", p.strong.Sprint("Its deviations"))
	for _, d := range s.Deviations {
		fmt.Fprintln(out)
		deviationHead(out, p, d)
	}
	return out.Flush()
}

func setMarkdown(w io.Writer, s raft.Set, _ Options) error {
	out := bufio.NewWriter(w)
	fmt.Fprintf(out, "# %s: %s\n\n", escapeMarkdown(s.Name), escapeMarkdown(s.Title))
	if len(s.Lines) > 0 {
		var rows [][]string
		for _, l := range s.Lines {
			rows = append(rows, []string{l.Of, l.Says, l.Rule.String(), l.Rule.Info().Text, l.Departs, l.ReadAs})
		}
		markdownTable(out, []string{"in", "says", "rule", "Figure 2", "parts by", "read so"}, rows)
		fmt.Fprintln(out)
	}
	deviationTable(out, s.Deviations)
	return out.Flush()
}

func setJSON(w io.Writer, s raft.Set, _ Options) error {
	return writeJSON(w, struct {
		Version int `json:"version"`
		jsonSet
	}{1, setOf(s)})
}

// wrapped writes a paragraph, each line after an indent.
func wrapped(w io.Writer, indent, text string) { fold(w, indent, text) }

// labelled writes a paragraph whose first line begins with a label.
func labelled(w io.Writer, label, text string) { fold(w, label, text) }
