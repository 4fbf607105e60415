package conform

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"raftsheet/check"
	"raftsheet/trace"
)

// A vote is won, a command stored, and a node restarts with half of it.
const wireTrace = `nodes: [a, b, c]
steps:
  - timeout: a
  - requestVote: {candidateId: a}
    to: [b]
  - clientRequest: {node: a, value: x}
  - appendEntries: {leaderId: a, prevLogIndex: 0, prevLogTerm: 0, entries: [1:x], leaderCommit: 0}
    to: [b]
    responseLost: [b]
  - appendEntriesResponse: {from: b, to: a, term: 1, success: true}
  - restart: {b: {log: []}}
  - voters: {at: [c], are: [[a, b], [b, c]]}
`

// What an adapter reads, each before and live, as help protocol has it.
const (
	wireEach = `{"id":1,"do":"hello","version":1}
{"id":2,"do":"start","node":"b","nodes":["a","b","c"],"voters":[["a","b","c"]],"state":{"term":0,"votedFor":null,"role":"follower","leader":null,"log":[],"commitIndex":0,"lastApplied":0}}
{"id":3,"do":"requestVote","to":"b","term":1,"candidateId":"a","lastLogIndex":0,"lastLogTerm":0}
{"id":4,"do":"start","node":"b","nodes":["a","b","c"],"voters":[["a","b","c"]],"state":{"term":1,"votedFor":"a","role":"follower","leader":null,"log":[],"commitIndex":0,"lastApplied":0}}
{"id":5,"do":"appendEntries","to":"b","term":1,"leaderId":"a","prevLogIndex":0,"prevLogTerm":0,"entries":[[1,"x"]],"leaderCommit":0}
{"id":6,"do":"quit"}
`
	wireLive = `{"id":1,"do":"hello","version":1}
{"id":2,"do":"start","node":"a","nodes":["a","b","c"],"voters":[["a","b","c"]],"state":{"term":0,"votedFor":null,"role":"follower","leader":null,"log":[],"commitIndex":0,"lastApplied":0}}
{"id":3,"do":"timeout","node":"a"}
{"id":4,"do":"start","node":"b","nodes":["a","b","c"],"voters":[["a","b","c"]],"state":{"term":0,"votedFor":null,"role":"follower","leader":null,"log":[],"commitIndex":0,"lastApplied":0}}
{"id":5,"do":"requestVote","to":"b","term":1,"candidateId":"a","lastLogIndex":0,"lastLogTerm":0}
{"id":6,"do":"requestVoteResponse","from":"b","to":"a","term":1,"voteGranted":true,"request":{"term":1,"candidateId":"a","lastLogIndex":0,"lastLogTerm":0}}
{"id":7,"do":"clientRequest","node":"a","value":"x"}
{"id":8,"do":"appendEntries","to":"b","term":1,"leaderId":"a","prevLogIndex":0,"prevLogTerm":0,"entries":[[1,"x"]],"leaderCommit":0}
{"id":9,"do":"appendEntriesResponse","from":"b","to":"a","term":1,"success":true,"matchIndex":1,"request":{"term":1,"leaderId":"a","prevLogIndex":0,"prevLogTerm":0,"entries":[[1,"x"]],"leaderCommit":0}}
{"id":10,"do":"restart","node":"b","disk":{"log":[]}}
{"id":11,"do":"start","node":"c","nodes":["a","b","c"],"voters":[["a","b","c"]],"state":{"term":0,"votedFor":null,"role":"follower","leader":null,"log":[],"commitIndex":0,"lastApplied":0}}
{"id":12,"do":"voters","node":"c","are":[["a","b"],["b","c"]]}
{"id":13,"do":"quit"}
`
)

// The calls are what the protocol's page says. If it fails, adapters in other
// languages no longer understand the program.
func TestWire(t *testing.T) {
	file := check.CheckFile("wire.yaml", strings.NewReader(wireTrace), check.Settings{Limits: trace.DefaultLimits()})
	if len(file.Errors) > 0 {
		t.Fatal(file.Errors)
	}
	for live, want := range map[bool]string{false: wireEach, true: wireLive} {
		calls := filepath.Join(t.TempDir(), "calls")
		im, err := Connect(context.Background(), Settings{Command: "tee '" + calls + "' | " + adapter("figure2"), Timeout: 10 * time.Second, Live: live, Jobs: 1})
		if err != nil {
			t.Fatal(err)
		}
		r, err := im.Judge(context.Background(), []*check.File{file}, nil, nil)
		if err != nil || r.Agree != r.Asked {
			t.Errorf("live %t: %v, %+v", live, err, r.Tally)
		}
		got, err := os.ReadFile(calls)
		must(err)
		if string(got) != want {
			t.Errorf("live %t: the calls are\n%s\nwant\n%s", live, got, want)
		}
	}
}

// Replies are read as the protocol's page says, and what it does not list is refused.
func TestReplies(t *testing.T) {
	ns := roster{"a", "b"}
	request := &AppendCall{Head: Head{Do: DoAppendEntries}, To: "a"}
	for text, want := range map[string]string{
		`{"id": 1, "answer": null}`: "",
		`{"id": 1, "answer": {"term": 1, "success": true, "matchIndex": 3}, "state": {"log": [[1, "x"], [2, null], [3]], "votedFor": null}}`: "",
		`{"id": 1, "cannot": "no"}`: "",
		`{"id": 1, "answer": {"term": 1, "success": false}, "sends": [{"to": "b", "requestVote": {"term": 1, "candidateId": "a", "lastLogIndex": 0, "lastLogTerm": 0}}]}`: "",
		`{"id": 1}`: "it has no answer",
		`{"id": 1, "answer": {"term": 1, "voteGranted": true}}`:                         "the answer has no success",
		`{"id": 1, "answer": {"term": -1, "success": true}}`:                            "term takes no number",
		`{"id": 1, "answer": {"term": 1.5, "success": true}}`:                           "term takes no number",
		`{"id": 1, "answer": {"term": 9223372036854775808, "success": true}}`:           "2^63-1",
		`{"id": 1, "answer": null, "state": {"currentTerm": 1}}`:                        `unknown field "currentTerm"`,
		`{"id": 1, "answer": null, "state": {"log": [1, 2]}}`:                           "an entry is [term, value], not 1",
		`{"id": 1, "answer": null, "state": {"log": [[1, 2]]}}`:                         "an entry's value is a string or null, not 2",
		`{"id": 1, "answer": null, "state": {"role": "king"}}`:                          `role "king"`,
		`{"id": 1, "answer": null, "state": {"votedFor": "z"}}`:                         `no node "z"`,
		`{"id": 1, "answer": null, "state": {"nextIndex": {"z": 1}}}`:                   `no node "z"`,
		`{"id": 1, "answer": null, "sends": [{"to": "b"}]}`:                             "neither requestVote",
		`{"id": 1, "answer": null, "sends": [{"to": "z", "requestVote": {"term": 1}}]}`: `no node "z"`,
		`{"id": 1, "answer": null} {"id": 2}`:                                           "something follows",
		`[]`:                                                                            "it is not a JSON object",
	} {
		var r Reply
		err := decode([]byte(text), &r)
		if err == nil {
			err = ns.accept(request, &r)
		} else {
			err = errorText(plain(err))
		}
		if got := ""; err != nil {
			if got = err.Error(); want == "" || !strings.Contains(got, want) {
				t.Errorf("%s: the error is %q, want %q", text, got, want)
			}
		} else if want != "" {
			t.Errorf("%s: it is read; want an error that says %q", text, want)
		}
	}
}

type errorText string

func (e errorText) Error() string { return string(e) }
