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
		shown = append(shown, Shown{Run: run, ShowOptions: opt})
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
		  "to": ["B"], "responseLost": ["B"], "changed": {"B": {"leader": "A", "log": {"from": 2, "entries": ["2:z"]}}}}`,
		`{"event": "appendEntriesResponse", "fields": {"from": "C", "to": "A", "term": 3, "success": false},
		  "possible": "impossible", "changed": {"A": {"term": 3, "votedFor": "none", "role": "follower", "leader": "none"}}}`,
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
	texts := map[string]string{"everything": everything}
	for _, name := range names {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = string(text)
	}
	for name, text := range texts {
		var all struct {
			Traces []struct {
				Initial map[string]map[string]any
				Steps   []struct{ State, Changed map[string]map[string]any }
			}
		}
		if err := json.Unmarshal([]byte(showJSON(t, text, render.ShowOptions{States: true})), &all); err != nil {
			t.Fatal(err)
		}
		for _, tr := range all.Traces {
			states := tr.Initial
			for i, step := range tr.Steps {
				for node, fields := range step.Changed {
					change(states[node], fields)
					if step.State[node] == nil {
						t.Errorf("%s, step %d: node %s changes and has no state", name, i+1, node)
					}
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

// change puts changed fields into a state. Of a log, first what a new snapshot
// covers goes, then what comes at an index or after it.
func change(state, fields map[string]any) {
	log, covered := state["log"].([]any), lastIncluded(state)
	if now := lastIncluded(fields); now > covered {
		log, covered = log[min(now-covered, len(log)):], now
	}
	for name, value := range fields {
		if c, is := value.(map[string]any); is && name == "log" {
			kept := log[:int(c["from"].(float64))-1-covered]
			log = append(append([]any{}, kept...), c["entries"].([]any)...)
			continue
		}
		state[name] = value
	}
	state["log"] = log
	if state["role"] != "leader" {
		delete(state, "nextIndex")
		delete(state, "matchIndex")
	}
}

// lastIncluded is where the snapshot of a state ends, 0 for none.
func lastIncluded(state map[string]any) int {
	s, _ := state["snapshot"].(map[string]any)
	last, _ := s["lastIncludedIndex"].(float64)
	return int(last)
}

// everything is a trace with the events that Figure 2 does not draw.
const everything = `nodes: [A, B, C]
voters: [A, B]
initial:
  A: {term: 3, votedFor: A, role: leader, snapshot: {lastIncludedIndex: 2, lastIncludedTerm: 1}, log: [3:x, 3:y], commitIndex: 3}
  B: {term: 3, votedFor: A, log: [1, 1, 3:x, 3:y]}
steps:
  - installSnapshot: {leaderId: A}
    responseLost: [B]
  - appendEntries: {leaderId: A, prevLogIndex: 2, entries: {count: 1}}
    to: [C]
  - voters: {at: [A], are: [[A, B], [B, C]]}
  - voters: {are: [A, B, C]}
  - stepDown: A
  - restart: {B: {votedFor: none, log: [3:x]}, C: {term: 1}}
  - restart: B
  - installSnapshot: {leaderId: A, lastIncludedIndex: 3, term: 3, lastIncludedTerm: 3}
`

// Snapshots, voters, steps down and disks in the JSON: what is written of the
// events, what was sent and answered, and what it changes.
func TestShowJSONOfSnapshots(t *testing.T) {
	var all struct {
		Traces []struct{ Steps []map[string]any }
	}
	if err := json.Unmarshal([]byte(showJSON(t, everything, render.ShowOptions{})), &all); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{
		`{"fields": {"leaderId": "A"},
		  "request": {"term": 3, "leaderId": "A", "lastIncludedIndex": 2, "lastIncludedTerm": 1},
		  "responses": [{"term": 3, "success": true, "matchIndex": 2}, {"term": 3, "success": true, "matchIndex": 2}],
		  "changed": {
		    "A": {"nextIndex": {"B": 5, "C": 3}, "matchIndex": {"B": 0, "C": 2}},
		    "B": {"leader": "A", "snapshot": {"lastIncludedIndex": 2, "lastIncludedTerm": 1}, "commitIndex": 2, "lastApplied": 2},
		    "C": {"term": 3, "leader": "A", "snapshot": {"lastIncludedIndex": 2, "lastIncludedTerm": 1}, "commitIndex": 2, "lastApplied": 2}}}`,
		`{"fields": {"leaderId": "A", "prevLogIndex": 2, "entries": {"count": 1}},
		  "request": {"term": 3, "leaderId": "A", "prevLogIndex": 2, "prevLogTerm": 1, "entries": ["3:x"], "leaderCommit": 3},
		  "responses": [{"term": 3, "success": true, "matchIndex": 3}],
		  "changed": {
		    "A": {"nextIndex": {"B": 5, "C": 4}, "matchIndex": {"B": 0, "C": 3}},
		    "C": {"log": {"from": 3, "entries": ["3:x"]}, "commitIndex": 3, "lastApplied": 3}}}`,
		`{"fields": {"at": ["A"], "are": [["A", "B"], ["B", "C"]]}, "changed": {"A": {"voters": [["A", "B"], ["B", "C"]]}}}`,
		`{"fields": {"are": [["A", "B", "C"]]},
		  "changed": {"A": {"voters": [["A", "B", "C"]]}, "B": {"voters": [["A", "B", "C"]]}, "C": {"voters": [["A", "B", "C"]]}}}`,
		`{"fields": {"nodes": ["A"]}, "changed": {"A": {"role": "follower", "leader": "none"}}}`,
		`{"fields": {"nodes": ["B", "C"], "disks": {"B": {"votedFor": "none", "log": ["3:x"]}, "C": {"term": 1}}},
		  "changed": {"B": {"votedFor": "none", "leader": "none", "log": {"from": 4, "entries": []}},
		    "C": {"term": 1, "leader": "none", "commitIndex": 2, "lastApplied": 2}}}`,
	} {
		step := all.Traces[0].Steps[i]
		got := map[string]any{"fields": step["fields"], "changed": step["changed"]}
		ds, _ := step["deliveries"].([]any)
		var responses []any
		for _, d := range ds {
			got["request"] = d.(map[string]any)["request"]
			responses = append(responses, d.(map[string]any)["response"])
		}
		if responses != nil {
			got["responses"] = responses
		}
		text, err := json.Marshal(got)
		if err != nil {
			t.Fatal(err)
		}
		rendertest.SameJSON(t, want, string(text))
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
