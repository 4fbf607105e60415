package render

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/trace"
)

const oneVote = `title: A voter
nodes: 3
unknown: [2, 3]
initial: {1: {term: 2, log: [1, 2]}}
steps:
  - id: ask
    requestVote: {candidateId: 2, term: 3, lastLogIndex: 3, lastLogTerm: 1}
    to: [1]
    response: {1: no}
`

func coverageOf(t *testing.T, format string, traces ...*trace.Trace) string {
	t.Helper()
	cov, errs := variant.Cover(traces)
	if errs != nil {
		t.Fatal(errs)
	}
	var b strings.Builder
	if err := Coverage(&b, format, cov, nil, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The names and values in the JSON of coverage are a promise: programs read
// them. Of the lists that follow the catalogue, a row each is written by hand.
func TestCoverageJSON(t *testing.T) {
	var out map[string]any
	if err := json.Unmarshal([]byte(coverageOf(t, "json", parseTraces(t, oneVote)...)), &out); err != nil {
		t.Fatal(err)
	}
	part := func(v any) string {
		text, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return string(text)
	}
	row := func(list, name string) string {
		rows := out[list].([]any)
		i := slices.IndexFunc(rows, func(r any) bool { return r.(map[string]any)["name"] == name })
		if i < 0 {
			t.Fatalf("%s has no row %s", list, name)
		}
		return part(rows[i])
	}
	believed := func(name string) string {
		d, _ := raft.DeviationNamed(name)
		return part(d.Believed)
	}
	sameJSON(t, part(map[string]any{"traces": 1, "answers": 1, "fields": 0, "revealed": 2, "hidden": len(raft.Deviations()) - 2}), part(out["summary"]))
	sameJSON(t, `[{"file": "dir/t.yaml", "document": 1, "title": "A voter", "revealed": 2}]`, part(out["traces"]))
	sameJSON(t, `[["vote-longer-log-wins", "vote-log-unchecked"]]`, part(out["alike"]))
	sameJSON(t, `[1, []]`, part([]any{out["version"], out["errors"]}))
	sameJSON(t, `{"name": "RV2b", "figure": "RequestVote rule 2", "section": "5.4.1",
		"passed": 0, "refused": 1, "acted": 0, "idle": 0, "ignored": 0, "untested": ["passed"]}`, row("rules", "RV2b"))
	sameJSON(t, `{"name": "vote-log-unchecked", "rule": "RV2b", "section": "5.4.1", "believed": `+believed("vote-log-unchecked")+`,
		"revealed": true, "cells": 1, "first": {"file": "dir/t.yaml", "document": 1, "step": 1, "id": "ask", "line": 9, "column": 19,
		"node": "1", "field": "voteGranted", "right": false, "wrong": true}}`, row("deviations", "vote-log-unchecked"))
	sameJSON(t, `{"name": "always-truncate", "rule": "AE3", "section": "5.3", "believed": `+believed("always-truncate")+`,
		"revealed": false, "cells": 0, "first": null}`, row("deviations", "always-truncate"))
}

// Text from a trace stays text in every format.
func TestCoverageIsClean(t *testing.T) {
	for _, text := range hostileTexts {
		tr := hostileTrace(t, text)
		for _, format := range CoverageFormats() {
			requireClean(t, format, text, coverageOf(t, format, tr))
			requireClean(t, format, text, coverageOf(t, format, tr, tr))
		}
	}
}

// The text fits a terminal where the trace's own words do.
func TestCoverageFitsATerminal(t *testing.T) {
	for line := range strings.Lines(coverageOf(t, "text", parseTraces(t, oneVote)...)) {
		if width(strings.TrimSuffix(line, "\n")) > screen {
			t.Errorf("this line is longer than %d columns:\n%s", screen, line)
		}
	}
}

// The folder that all traces are in goes without saying.
func TestSharedFolder(t *testing.T) {
	for _, tt := range []struct {
		files, want string
	}{
		{"a/b/x.yaml a/b/y.yaml", "a/b/"},
		{"a/b/x.yaml a/bc/y.yaml", "a/"},
		{"a/x.yaml b/x.yaml", ""},
		{"x.yaml y.yaml", ""},
		{"/x.yaml /y/z.yaml", "/"},
		{"a/b/x.yaml", "a/b/"},
		{"ab/x.yaml a/x.yaml", ""},
	} {
		var traces []*trace.Trace
		for name := range strings.FieldsSeq(tt.files) {
			traces = append(traces, &trace.Trace{File: name})
		}
		if got := sharedFolder(traces); got != tt.want {
			t.Errorf("%s share the folder %q, not %q", tt.files, got, tt.want)
		}
	}
}
