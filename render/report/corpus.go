package report

import (
	"io"

	"raftsheet/check/conform"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/render/doc"
)

// The JSON of a corpus's index. Its names are stable: programs read them.
type (
	// CorpusIndex is the index, as far as this program reads it back.
	CorpusIndex struct {
		Raftsheet string          `json:"raftsheet"` // "corpus": what the file is
		Version   int             `json:"version"`   // of the index's format
		Digest    string          `json:"digest"`    // of all traces, see conform.Corpus
		Traces    []CorpusTrace   `json:"traces"`
		Rules     []jsonDecided   `json:"rules"`
		Mistakes  []jsonRevealing `json:"deviations"`
	}
	// CorpusTrace is a file of a corpus. Most are one trace.
	CorpusTrace struct {
		File    string             `json:"file"`
		SHA256  string             `json:"sha256"`
		Titles  []string           `json:"titles"` // of each trace
		Steps   int                `json:"steps"`  // of all
		Rules   map[string]decided `json:"rules"`  // by name
		Reveals []string           `json:"reveals"`
	}
	jsonDecided struct {
		Name    string  `json:"name"`
		Figure  string  `json:"figure"`
		Section string  `json:"section"`
		Decided decided `json:"decided"`
	}
	decided       map[string]int // how often, by outcome
	jsonRevealing struct {
		Name     string `json:"name"`
		Rule     string `json:"rule"`
		Section  string `json:"section"`
		Believed string `json:"believed"`
		Traces   int    `json:"traces"` // that reveal it
	}
)

// CorpusKind and CorpusVersion are what an index of a corpus begins with.
const (
	CorpusKind    = "corpus"
	CorpusVersion = 1
)

// Corpus writes a corpus's index: what each of its traces puts to the test.
func Corpus(w io.Writer, c conform.Corpus) error {
	out := CorpusIndex{Raftsheet: CorpusKind, Version: CorpusVersion, Digest: "sha256:" + c.Digest()}
	for _, r := range c.Decided() {
		out.Rules = append(out.Rules, jsonDecided{r.Name, r.Figure, r.Section, decidedJSON(r)})
	}
	for i := range c {
		f := &c[i]
		t := CorpusTrace{File: f.Name, SHA256: f.SHA256, Rules: make(map[string]decided), Reveals: append([]string{}, render.NamesOf(f.Reveals)...)}
		for _, each := range f.Traces {
			t.Titles = append(t.Titles, each.Title)
			t.Steps += len(each.Steps)
		}
		for _, r := range f.Decided {
			t.Rules[r.Name] = decidedJSON(r)
		}
		out.Traces = append(out.Traces, t)
	}
	revealing := c.Revealing()
	for _, d := range raft.Deviations() {
		out.Mistakes = append(out.Mistakes, jsonRevealing{d.Name, d.Rule, d.Section, d.Believed, revealing[d.Name]})
	}
	return doc.WriteJSON(w, out)
}

func decidedJSON(r variant.RuleCount) decided {
	out := make(decided)
	for outcome, n := range r.By {
		if n > 0 {
			out[raft.Outcome(outcome).String()] = n
		}
	}
	return out
}
