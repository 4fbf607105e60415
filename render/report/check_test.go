package report

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check"
	"raftsheet/trace"
)

// The names and values in the JSON of check are a promise: programs read them.
// What stands here is the promise, written by hand. A name that changes or goes
// breaks those programs.
const promised = `{"version": 1,
 "summary": {"files": 3, "traces": 3, "steps": 4, "answers": 12, "agree": 11, "diverge": 1, "blank": 0, "untold": 0, "unread": 1, "loss": 0, "errors": 2},
 "traces": [
   {"file": "traces/away.yaml", "document": 1, "title": "Node 4 was away", "rules": "figure2", "result": "diverges",
    "findings": [
      {"kind": "implied", "severity": "note", "step": 1, "id": "1", "line": 4, "column": 5, "node": "1",
       "event": "requestVote", "field": "", "expected": null, "actual": null,
       "rule": "F2", "section": "5.2", "message": "node 1's election timeout elapsed: it stands for term 1"},
      {"kind": "implied", "severity": "note", "step": 2, "id": "2", "line": 7, "column": 5, "node": "1",
       "event": "appendEntries", "field": "", "expected": null, "actual": null,
       "rule": "L2", "section": "5.3", "message": "node 1 took a client's request: entry 1:x=1 at index 1"},
      {"kind": "implied", "severity": "note", "step": 3, "id": "3", "line": 10, "column": 5, "node": "1",
       "event": "appendEntries", "field": "", "expected": null, "actual": null,
       "rule": "L2", "section": "5.3", "message": "node 1 took a client's request: entry 1:x=2 at index 2"},
      {"kind": "response", "severity": "error", "step": 3, "id": "3", "line": 11, "column": 33, "node": "4",
       "event": "appendEntries", "field": "success", "expected": true, "actual": false,
       "rule": "AE2", "section": "5.3", "message": "node 4's log ends at index 0; the message says prevLogIndex 1"}]},
   {"file": "traces/bad.yaml", "document": 1, "title": "", "rules": "figure2", "result": "malformed",
    "findings": [
      {"kind": "unread", "severity": "error", "step": 1, "id": "1", "line": 2, "column": 10, "node": "",
       "event": "appendEntries", "field": "", "expected": null, "actual": null,
       "rule": "", "section": "", "message": "unknown key \"apendEntries\"; did you mean \"appendEntries\"?"}]},
   {"file": "traces/worse.yaml", "document": 1, "title": "", "rules": "", "result": "malformed", "findings": []}],
 "errors": [{"file": "traces/bad.yaml", "document": 1, "line": 2, "column": 10, "message": "unknown key \"apendEntries\"; did you mean \"appendEntries\"?"},
  {"file": "traces/worse.yaml", "document": 1, "line": 1, "column": 8, "message": "nodes: 0: a cluster has 1 to 64 nodes"}]}`

const away = `title: Node 4 was away
nodes: 5
steps:
  - requestVote: {term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0}
    response: {2: ok, 3: ok, 4: none, 5: ok}
    lost: [4]
  - appendEntries: {leaderId: 1, term: 1, index: 1, value: x=1, leaderCommit: 0}
    response: {2: ok, 3: ok, 4: none, 5: ok}
    lost: [4]
  - appendEntries: {leaderId: 1, term: 1, index: 2, value: x=2, leaderCommit: 1}
    response: {2: ok, 3: ok, 4: ok, 5: ok}
`

func TestCheckJSON(t *testing.T) {
	set := check.Settings{Limits: trace.DefaultLimits()}
	files := []*check.File{
		check.CheckFile("traces/away.yaml", strings.NewReader(away), set),
		check.CheckFile("traces/bad.yaml", strings.NewReader("nodes: 3\nsteps: [{apendEntries: {}}]\n"), set),
		check.CheckFile("traces/worse.yaml", strings.NewReader("nodes: 0\nsteps: []\n"), set),
	}
	var out bytes.Buffer
	if err := Check(&out, "json", files, CheckOptions{}); err != nil {
		t.Fatal(err)
	}
	var got, want any
	for text, to := range map[string]*any{out.String(): &got, promised: &want} {
		if err := json.Unmarshal([]byte(text), to); err != nil {
			t.Fatalf("this is no JSON: %v\n%s", err, text)
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the JSON of check breaks its promise (-promised +is):\n%s", d)
	}
}
