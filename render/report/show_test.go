package report

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check"
	"raftsheet/render"
	"raftsheet/render/internal/rendertest"
)

// showJSON is the JSON of show of all traces in a text.
func showJSON(t *testing.T, text string, opt render.ShowOptions) string {
	t.Helper()
	var shown []Shown
	for _, tr := range rendertest.Traces(t, text) {
		run, err := check.ReplayWith(tr, nil)
		if err != nil {
			t.Fatal(err)
		}
		shown = append(shown, Shown{run, opt})
	}
	var b strings.Builder
	if err := Show(&b, shown); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The names and values in the JSON of show are a promise: programs read them.
// This one is written by hand: what the trace says of each event, and what each
// step changes.
func TestShowJSON(t *testing.T) {
	got := showJSON(t, `title: Events
nodes: [A, B, C]
initial: {A: {term: 2, votedFor: A, role: leader, log: [1:x]}, B: {term: 2, log: [1:x, 1:y]}}
steps:
  - {crash: [B, C], note: power}
  - restart: [B]
  - partition: [[A, C]]
  - heal: true
  - clientRequest: {node: A, value: z}
  - appendEntries: {leaderId: A, prevLogIndex: 1, prevLogTerm: 1, entries: [2:z]}
    to: [B]
    responseLost: [B]
  - appendEntriesResponse: {from: C, to: A, term: 3, success: false}
`, render.ShowOptions{})
	var all struct {
		Traces []struct{ Steps []map[string]any }
	}
	if err := json.Unmarshal([]byte(got), &all); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		`{"event": "crash", "fields": {"nodes": ["B", "C"]}, "note": "power"}`,
		`{"event": "restart", "fields": {"nodes": ["B"]}}`,
		`{"event": "partition", "fields": {"groups": [["A", "C"]]}}`,
		`{"event": "heal"}`,
		`{"event": "clientRequest", "fields": {"node": "A", "value": "z"}, "changed": {"A": {"log": {"from": 2, "entries": ["2:z"]}}}}`,
		`{"event": "appendEntries", "fields": {"leaderId": "A", "prevLogIndex": 1, "prevLogTerm": 1, "entries": ["2:z"]},
		  "to": ["B"], "responseLost": ["B"], "changed": {"B": {"log": {"from": 2, "entries": ["2:z"]}}}}`,
		`{"event": "appendEntriesResponse", "fields": {"from": "C", "to": "A", "term": 3, "success": false},
		  "possible": "impossible", "changed": {"A": {"term": 3, "votedFor": "none", "role": "follower"}}}`,
	} {
		step := all.Traces[0].Steps[i]
		for _, other := range []string{"step", "id", "deliveries", "decisions"} {
			delete(step, other)
		}
		text, err := json.Marshal(step)
		if err != nil {
			t.Fatal(err)
		}
		rendertest.SameJSON(t, want, string(text))
	}
}

// The changes of each step, put into the states before it, give the states after
// it. If this fails, a program that follows the changes comes to other states.
func TestShowChangesAddUp(t *testing.T) {
	names, err := filepath.Glob("../../examples/*.yaml")
	if err != nil || len(names) == 0 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var all struct {
			Traces []struct {
				Initial map[string]map[string]any
				Steps   []struct{ State, Changed map[string]map[string]any }
			}
		}
		if err := json.Unmarshal([]byte(showJSON(t, string(text), render.ShowOptions{States: true})), &all); err != nil {
			t.Fatal(err)
		}
		for _, tr := range all.Traces {
			states := tr.Initial
			for i, step := range tr.Steps {
				for node, fields := range step.Changed {
					change(states[node], fields)
				}
				for node, want := range step.State {
					if d := cmp.Diff(want, states[node]); d != "" {
						t.Errorf("%s, step %d, node %s (-state +changes):\n%s", name, i+1, node, d)
					}
				}
			}
		}
	}
}

// change puts changed fields into a state.
func change(state, fields map[string]any) {
	for name, value := range fields {
		if name == "log" {
			c := value.(map[string]any)
			kept := state["log"].([]any)[:int(c["from"].(float64))-1]
			value = append(append([]any{}, kept...), c["entries"].([]any)...)
		}
		state[name] = value
	}
	if state["role"] != "leader" {
		delete(state, "nextIndex")
		delete(state, "matchIndex")
	}
}

// The JSON grows with what happens, not with what the nodes have: a log of many
// entries is not in it again at every step.
func TestShowGrowsWithChanges(t *testing.T) {
	text := func(entries int) string {
		return "nodes: 3\ninitial: {1: {term: 1, role: leader, votedFor: 1, log: [" + strings.TrimSuffix(strings.Repeat("1:x, ", entries), ", ") + "]}}\nsteps:\n" +
			strings.Repeat("- clientRequest: {node: 1, value: y}\n", 50)
	}
	short, long := len(showJSON(t, text(1), render.ShowOptions{})), len(showJSON(t, text(1000), render.ShowOptions{}))
	if long > short+50*100 {
		t.Errorf("%d bytes with a log of 1 entry, and %d with one of 1000", short, long)
	}
}
