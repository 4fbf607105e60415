package report

import (
	"encoding/json"
	"io"
	"slices"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/grade"
	"raftsheet/check/grade/copies"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/render"
	"raftsheet/render/internal/rendertest"
)

// This file has the JSON of the views.

func contrasted(t *testing.T, text, rules string) *variant.Diff {
	t.Helper()
	r, err := raft.RulesNamed(rules)
	if err != nil {
		t.Fatal(err)
	}
	return variant.NewDiff(rendertest.Traces(t, text)[0], raft.Figure2(), r)
}

// The names and values in the JSON of compare are a promise: programs read
// them. This one is written by hand.
func TestCompareJSON(t *testing.T) {
	c := contrasted(t, `title: A voter
nodes: 2
initial: {1: {log: [1]}}
steps:
  - id: ask
    requestVote: {candidateId: 2, term: 5, lastLogIndex: 0, lastLogTerm: 0}
`, "vote-log-unchecked")
	var b strings.Builder
	if err := Compare(&b, []*variant.Diff{c}); err != nil {
		t.Fatal(err)
	}
	const behind = "the candidate's log, which ends at index 0, is behind node 1's, which ends at index 1, term 1"
	rendertest.SameJSON(t, `{"version": 1, "traces": [{
  "file": "dir/t.yaml", "document": 1, "title": "A voter", "rules": ["figure2", "vote-log-unchecked"],
  "differs": true, "more": false, "stopped": [null, null],
  "differences": [
    {"step": 1, "id": "ask", "line": 6, "kind": "response", "node": "1", "field": "voteGranted", "sides": [
      {"value": false, "rule": "RV2b", "section": "5.4.1", "why": "`+behind+`"},
      {"value": true, "rule": "RV2b", "section": "5.4.1", "why": "node 1 has not voted in term 5, and `+behind+`; vote-log-unchecked lets it pass"}]},
    {"step": 1, "id": "ask", "line": 6, "kind": "state", "node": "1", "field": "votedFor", "sides": [
      {"value": "none", "rule": "RV2b", "section": "5.4.1", "why": "`+behind+`"},
      {"value": "2", "rule": "RV2b", "section": "5.4.1", "why": "`+behind+`; vote-log-unchecked lets it pass"}]},
    {"step": 1, "id": "ask", "line": 6, "kind": "state", "node": "2", "field": "role", "sides": [
      {"value": "candidate", "rule": "C2", "section": "5.2", "why": "no vote from node 1: node 2 has 1, and 2 are a majority"},
      {"value": "leader", "rule": "C2", "section": "5.2", "why": "with node 1's, node 2 has 2 votes, and 2 are a majority: it leads term 5"}]}],
  "apart": [{"node": "1", "fields": ["votedFor"]}, {"node": "2", "fields": ["role"]}]}]}`, b.String())
}

// The names and values in the JSON of coverage are a promise: programs read
// them. Of the lists that follow the catalogue, a row each is written by hand.
func TestCoverageJSON(t *testing.T) {
	cov, errs := variant.Cover(rendertest.Traces(t, rendertest.OneVote))
	if errs != nil {
		t.Fatal(errs)
	}
	var b strings.Builder
	if err := Coverage(&b, cov, nil); err != nil {
		t.Fatal(err)
	}
	var out map[string]any
	if err := json.Unmarshal([]byte(b.String()), &out); err != nil {
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
	rendertest.SameJSON(t, part(map[string]any{"traces": 1, "answers": 1, "fields": 0, "revealed": 2, "hidden": len(raft.Deviations()) - 2}), part(out["summary"]))
	rendertest.SameJSON(t, `[{"file": "dir/t.yaml", "document": 1, "title": "A voter", "revealed": 2}]`, part(out["traces"]))
	rendertest.SameJSON(t, `[["vote-longer-log-wins", "vote-log-unchecked"]]`, part(out["alike"]))
	rendertest.SameJSON(t, `[1, []]`, part([]any{out["version"], out["errors"]}))
	rendertest.SameJSON(t, `{"name": "RV2b", "figure": "RequestVote rule 2", "section": "5.4.1",
		"passed": 0, "refused": 1, "acted": 0, "idle": 0, "ignored": 0, "untested": ["passed"]}`, row("rules", "RV2b"))
	rendertest.SameJSON(t, `{"name": "vote-log-unchecked", "rule": "RV2b", "section": "5.4.1", "believed": `+believed("vote-log-unchecked")+`,
		"revealed": true, "cells": 1, "first": {"file": "dir/t.yaml", "document": 1, "step": 1, "id": "ask", "line": 9, "column": 19,
		"node": "1", "field": "voteGranted", "right": false, "wrong": true}}`, row("deviations", "vote-log-unchecked"))
	rendertest.SameJSON(t, `{"name": "always-truncate", "rule": "AE3", "section": "5.3", "believed": `+believed("always-truncate")+`,
		"revealed": false, "cells": 0, "first": null}`, row("deviations", "always-truncate"))
}

func classJSON(t *testing.T, c *grade.Class) string {
	t.Helper()
	var b strings.Builder
	if err := Class(&b, c); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The figures of a class as programs read them.
func TestClassGolden(t *testing.T) {
	rendertest.Golden(t, "class.json", classJSON(t, rendertest.QuizClass(t)))
}

// Which sheets share mistakes, as programs read it.
func TestCopiesGolden(t *testing.T) {
	var b strings.Builder
	if err := Copies(&b, copies.Find(rendertest.AlikeClass(t))); err != nil {
		t.Fatal(err)
	}
	if !json.Valid([]byte(b.String())) {
		t.Errorf("this is not JSON:\n%s", b.String())
	}
	rendertest.Golden(t, "copies.json", b.String())
}

// The JSON of a class gives every text back as it was.
func TestHostileItemsJSON(t *testing.T) {
	for _, hostile := range rendertest.Lines {
		dec := json.NewDecoder(strings.NewReader(classJSON(t, rendertest.HostileClass(t, hostile))))
		dec.DisallowUnknownFields()
		var got jsonRead
		if err := dec.Decode(&got); err != nil {
			t.Fatalf("%q: %v", hostile, err)
		}
		if _, err := dec.Token(); err != io.EOF {
			t.Errorf("%q: something follows: %v", hostile, err)
		}
		if got.Key.Title != hostile || got.Key.Variant != hostile || len(got.Questions) != 5 || got.Questions[0].ID != hostile {
			t.Errorf("%q: title %q, questions %v", hostile, got.Key.Title, got.Questions)
		}
		var files, students []string
		for _, a := range got.Apart {
			files, students = append(files, a.File), append(students, a.Student)
		}
		for _, want := range []string{"b/" + hostile, hostile} {
			if !slices.Contains(files, want) {
				t.Errorf("%q: files %q", hostile, files)
			}
		}
		if !slices.Contains(students, hostile+"-m") || len(got.ForHuman) != 1 || got.ForHuman[0].Why != hostile || got.ForHuman[0].File != "a/"+hostile {
			t.Errorf("%q: students %q, for a human %+v", hostile, students, got.ForHuman)
		}
	}
}

// jsonRead is what a program that reads the JSON of a class expects, written
// down on its own: a name that changes breaks it.
type jsonRead struct {
	Version int
	Key     struct {
		File, Title string
		Document    int
		Variant     string
		Points      json.Number
		Findings    []any
	}
	Submissions struct{ Files, Marked, Malformed, Refused, Superseded, Unmatched, ByHand int }
	Marks       struct {
		Lowest, Median, Mean, Highest json.Number
		Histogram                     []struct {
			From, To json.Number
			Sheets   int
		}
	}
	Questions, Steps []struct {
		Step                                                 int
		ID, Node, Field, Silence                             string
		Points                                               json.Number
		Right, FollowThrough, Wrong, Blank, ForHuman, ByHand int
		Discrimination                                       *float64
		Answers                                              []struct {
			Written               any
			Sheets, FollowThrough int
		}
	}
	Empty int
	Rules []struct {
		Rule, Section                                       string
		Cells, Right, FollowThrough, Wrong, Blank, ForHuman int
	}
	Diagnosis *struct {
		Sheets, Right, Slips int
		Named                []struct {
			Deviations []string
			Sheets     int
		}
		Tied []struct {
			Explanations [][]string
			Sheets       int
		}
		Untested []string
	}
	Apart    []struct{ File, Student, ID, Outcome, Why string }
	ForHuman []struct {
		File, Student, ID, Node, Doubt, Why string
		Steps                               []string
	}
}

// The names and values in the JSON of explain are a promise: programs read them.
// Node 4 missed the entry at index 1, so Figure 2's rule 2 refuses what follows
// it; the higher term it takes in all the same. Written by hand.
func TestExplainJSON(t *testing.T) {
	f := rendertest.File("traces/away.yaml", rendertest.AwayYAML, finding.Mode{})
	run, err := check.ReplayWith(f.Source.Traces[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := Explain(&b, render.Explanations(run, 3, []raft.NodeID{4})); err != nil {
		t.Fatal(err)
	}
	rendertest.SameJSON(t, `{"version": 1, "explanations": [{
  "node": "4", "id": "Q3", "event": "appendEntries",
  "message": "AppendEntries: term 1, leaderId 1, prevLogIndex 1, prevLogTerm 1, entries [1:x=2], leaderCommit 1",
  "before": "{term: 0, votedFor: none, role: follower, log: [], commitIndex: 0, lastApplied: 0}",
  "after": "{term: 1, votedFor: none, role: follower, log: [], commitIndex: 0, lastApplied: 0}",
  "answer": "success false, term 1",
  "why": "node 4's log ends at index 0; the message says prevLogIndex 1",
  "rules": [
    {"rule": "A2", "figure": "all servers rule 2", "section": "5.1", "outcome": "applies",
     "reason": "term 1 > currentTerm 0: node 4 takes it in, and its vote is free"},
    {"rule": "AE1", "figure": "AppendEntries rule 1", "section": "5.1", "outcome": "passes",
     "reason": "the message's term 1 is not below node 4's currentTerm 1"},
    {"rule": "C3", "figure": "candidates rule 3", "section": "5.2", "outcome": "no change",
     "reason": "node 4 is a follower, and not a candidate"},
    {"rule": "AE2", "figure": "AppendEntries rule 2", "section": "5.3", "outcome": "refuses",
     "reason": "node 4's log ends at index 0; the message says prevLogIndex 1"}],
  "written": {"answer": "ok", "agrees": false}}]}`, b.String())
}

// The JSON of rules without a name has every rule, deviation and set once, in
// the catalogue's order, under promised names.
func TestRulesJSON(t *testing.T) {
	var b strings.Builder
	if err := Rules(&b, render.Catalogue{Rules: raft.Rulebook(), Deviations: raft.Deviations(), Sets: raft.Sets()}); err != nil {
		t.Fatal(err)
	}
	type deviation struct{ Name, Rule, Believed, Wrong, Section string }
	var got struct {
		Version    int
		Rules      []struct{ Name, Figure, Text, Section string }
		Deviations []deviation
		Sets       []struct {
			Name, Title string
			Deviations  []deviation
			Lines       []struct{ Of, Says, Rule, Departs, ReadAs string }
		}
	}
	dec := json.NewDecoder(strings.NewReader(b.String()))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got.Version != 1 || len(got.Rules) != len(raft.Rulebook()) || len(got.Deviations) != len(raft.Deviations()) || len(got.Sets) != len(raft.Sets()) {
		t.Errorf("version %d, %d rules, %d deviations, %d sets", got.Version, len(got.Rules), len(got.Deviations), len(got.Sets))
	}
	for i, d := range raft.Deviations() {
		if want := (deviation{d.Name, d.Rule, d.Believed, d.Wrong, d.Section}); got.Deviations[i] != want {
			t.Errorf("%+v, want %+v", got.Deviations[i], want)
		}
	}
	for _, r := range got.Rules {
		if r.Name == "AE2" && (r.Figure != "AppendEntries rule 2" || r.Section != "5.3" || !strings.Contains(r.Text, "prevLogTerm")) {
			t.Errorf("AE2 is %+v", r)
		}
	}
}
