package report

import (
	"io"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/raft"
	"raftsheet/render/doc"
)

// SARIF 2.1.0: what of it code hosts read.
type (
	sarifLog struct {
		Schema  string     `json:"$schema"`
		Version string     `json:"version"`
		Runs    []sarifRun `json:"runs"`
	}
	sarifRun struct {
		Tool struct {
			Driver sarifDriver `json:"driver"`
		} `json:"tool"`
		ColumnKind string        `json:"columnKind"`
		Results    []sarifResult `json:"results"`
	}
	sarifDriver struct {
		Name  string      `json:"name"`
		Rules []sarifRule `json:"rules"`
	}
	sarifRule struct {
		ID               string       `json:"id"`
		ShortDescription sarifText    `json:"shortDescription"`
		FullDescription  sarifText    `json:"fullDescription"`
		Help             sarifText    `json:"help"`
		Default          sarifDefault `json:"defaultConfiguration"`
	}
	sarifDefault struct {
		Level string `json:"level"`
	}
	sarifText struct {
		Text string `json:"text"`
	}
	sarifResult struct {
		RuleID    string          `json:"ruleId"`
		RuleIndex int             `json:"ruleIndex"`
		Level     string          `json:"level"`
		Message   sarifText       `json:"message"`
		Locations []sarifLocation `json:"locations"`
	}
	sarifLocation struct {
		Physical sarifPhysical `json:"physicalLocation"`
	}
	sarifPhysical struct {
		Artifact sarifArtifact `json:"artifactLocation"`
		Region   sarifRegion   `json:"region"`
	}
	sarifArtifact struct {
		URI string `json:"uri"`
	}
	sarifRegion struct {
		StartLine   int `json:"startLine"`
		StartColumn int `json:"startColumn"`
		EndLine     int `json:"endLine"`
		EndColumn   int `json:"endColumn"` // that of the first character after it
	}
)

const sarifSchema = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

// A checkSARIF writes the Static Analysis Results Interchange Format, each result
// with its level. A result's rule is the one of Figure 2 that decides it, or else
// its kind of finding.
type checkSARIF struct {
	w     io.Writer
	run   sarifRun
	index map[string]int // of the driver's rules
}

func newCheckSARIF(w io.Writer) Checking {
	c := &checkSARIF{w: w, run: sarifRun{ColumnKind: "unicodeCodePoints", Results: []sarifResult{}}, index: make(map[string]int)}
	c.run.Tool.Driver = sarifDriver{Name: "raftsheet", Rules: sarifRules()}
	for i, r := range c.run.Tool.Driver.Rules {
		c.index[r.ID] = i
	}
	return c
}

func (c *checkSARIF) Add(f *check.File, opt CheckOptions) error {
	for _, p := range problems(f, opt) {
		id := p.kind
		if p.rule != "" {
			id = p.rule
		}
		c.run.Results = append(c.run.Results, sarifResult{RuleID: id, RuleIndex: c.index[id], Level: p.severity.String(),
			Message: sarifText{sarifEscapes.Replace(p.message)}, Locations: []sarifLocation{{sarifPlace(p)}}})
	}
	return nil
}

func (c *checkSARIF) Close(CheckOptions) error {
	return doc.WriteJSON(c.w, sarifLog{Schema: sarifSchema, Version: "2.1.0", Runs: []sarifRun{c.run}})
}

// sarifRules describes the rules that results name. A code host asks for all
// three texts of each.
func sarifRules() []sarifRule {
	var rules []sarifRule
	add := func(id, short, full, help string, level finding.Severity) {
		rules = append(rules, sarifRule{id, sarifText{short}, sarifText{full}, sarifText{help}, sarifDefault{level.String()}})
	}
	for _, k := range finding.Kinds() {
		add(k.Name, k.Text, k.Text, "A finding of this kind has severity "+k.Severity.String()+".", k.Severity)
	}
	const unread = "the trace is malformed: it could not be read or replayed"
	add(malformed, unread, unread, "raftsheet help trace-format says how a trace is written.", finding.Error)
	for _, r := range raft.Rulebook() {
		add(r.Name, r.Figure+": "+r.Text, r.Text+" (Raft paper, "+r.Source()+", "+r.Figure+"; §"+r.Section+")",
			"raftsheet rules "+r.Name+" says more.", finding.Error)
	}
	return rules
}

// A message of SARIF has a syntax: a number in braces stands for an argument,
// and a text in brackets is a link if an address in parentheses follows. The
// first has an escape of its own; the second has none that all readers know.
var sarifEscapes = strings.NewReplacer("{", "{{", "}", "}}", "](", `]\x28`)

// sarifPlace is where a problem is. One that has no place is put at the start
// of its file: an upload is refused if a result lacks a location.
func sarifPlace(p problem) sarifPhysical {
	line, col := 1, 1
	if p.pos.IsValid() {
		line, col = int(p.pos.Line), int(p.pos.Column)
	}
	return sarifPhysical{sarifArtifact{sarifURI(p.file)}, sarifRegion{line, col, line, col + p.length}}
}

// sarifURI is a file's name as a URI: relative, unless the name is absolute.
// Every other character than those of a URI is percent-encoded, and so harmless.
func sarifURI(name string) string {
	p := path.Clean(filepath.ToSlash(name))
	if !filepath.IsAbs(name) {
		return (&url.URL{Path: p}).String()
	}
	if !strings.HasPrefix(p, "/") {
		p = "/" + p
	}
	return (&url.URL{Scheme: "file", Path: p}).String()
}
