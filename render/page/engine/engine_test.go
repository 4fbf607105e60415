package engine_test

import (
	"encoding/json"
	"strings"
	"testing"

	"raftsheet/render/page/engine"
)

const away = `student: Ada
nodes: 3
grading: {points: 2}
steps:
  - requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
    response: {2: no, 3: }
`

// crowded has one message with more entries than anybody writes.
var crowded = "nodes: 3\nsteps:\n- appendEntries: {leaderId: 1, term: 1, entries: [" + strings.Repeat("1, ", 9000) + "]}\n"

// asked gives the reply to a request as text.
func asked(t *testing.T, e *engine.Engine, r engine.Request) string {
	t.Helper()
	request, err := json.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(e.Answer(request))
}

// Each request is answered with what the page shows of it. If one fails, a part of the
// playground is dead.
func TestAnswer(t *testing.T) {
	e := engine.New(nil)
	cases := []struct {
		name string
		r    engine.Request
		want []string
		not  string
	}{
		{"what is wrong", engine.Request{Do: "check", Text: away},
			[]string{`"line":6,"column":19,"endLine":6,"endColumn":21,"severity":"error","kind":"response"`, "node 2 answers no; Figure 2 says ok", `"errors":1`, `"agrees":false`, `"steps":[5]`}, `"page"`},
		{"the steps too", engine.Request{Do: "check", Text: away, Page: true}, []string{`"page":{"shapes"`, `"id":"life-0-0"`}, ""},
		{"what many documents come to", engine.Request{Do: "check", Text: strings.Repeat("---\nnodes: 1\nsteps: []\n", 9)}, []string{"document 5: 0 steps, 0 answers; 4 documents more"}, "document 6"},
		{"other rules", engine.Request{Do: "check", Text: strings.Replace(away, "2: no", "2: ok", 1), Rules: []string{"vote-strictly-newer"}}, []string{"vote-strictly-newer says no", `"errors":1`}, ""},
		{"what is no YAML", engine.Request{Do: "check", Text: "nodes: [", Page: true}, []string{`"kind":"malformed"`, `"traces":[]`, `"agrees":false`}, `"page"`},
		{"what was meant", engine.Request{Do: "check", Text: strings.Replace(away, "2: no", "2 no", 1), Page: true}, []string{`did you mean? line 6: read \"2 no\" as \"2: no\"`}, ""},
		{"a key", engine.Request{Do: "complete", Text: "nodes: 3\nst", Line: 2, Column: 3}, []string{`"label":"steps","insert":"steps: "`, `"column":1`}, ""},
		{"why", engine.Request{Do: "hover", Text: away, Line: 6, Column: 20}, []string{"node 2 answers no; Figure 2 says ok", "§5.4.1", `"wrong":true`}, ""},
		{"blanks", engine.Request{Do: "fill", Text: away}, []string{`response: {2: no, 3: ok}`, "1 answer"}, ""},
		{"no blanks", engine.Request{Do: "fill", Text: strings.Replace(away, ", 3: ", ", 3: ok", 1)}, []string{"Nothing was left blank"}, ""},
		{"a link", engine.Request{Do: "share", Text: away}, []string{`{"text":"nodes: 3\nsteps:`, "no student and no grading"}, "Ada"},
		{"a link of what is in brackets", engine.Request{Do: "share", Text: `{nodes: 2, student: Ada, steps: []}`}, []string{`"error":"the link would hold`}, "Ada"},
		{"a link of a name in other letters", engine.Request{Do: "share", Text: "\"stud\\u0065nt\": Ada\nnodes: 2\nsteps: []\n"}, []string{`"error":"the link would hold`}, "Ada"},
		{"a link of what is no YAML yet", engine.Request{Do: "share", Text: "nodes: [\n'student': Ada\nsteps:\n"}, []string{`"text":"nodes: [\nsteps:\n"`}, "Ada"},
		{"a step", engine.Request{Do: "explain", Text: away, Step: 1}, []string{"rule", "RequestVote", `"title":`}, "<style"},
		{"a belief", engine.Request{Do: "diagnose", Text: away}, []string{"Diagnosis"}, "<style"},
		{"what it can tell", engine.Request{Do: "coverage", Text: away}, []string{"deviation"}, ""},
		{"life lines", engine.Request{Do: "picture", Text: away, Kind: "life"}, []string{`"svg":"<svg`}, ""},
		{"logs", engine.Request{Do: "picture", Text: away, Kind: "logs"}, []string{`"svg":"<svg`}, ""},
		{"nothing that it knows", engine.Request{Do: "fly"}, []string{`"error":"there is no request`}, ""},
		{"rules that there are not", engine.Request{Do: "check", Rules: []string{"fly"}}, []string{`"error":`}, ""},
		{"too much", engine.Request{Do: "check", Text: strings.Repeat("# much\n", 400_000)}, []string{`"error":"the text is larger`}, ""},
		{"too many documents to play", engine.Request{Do: "coverage", Text: strings.Repeat("---\nnodes: 1\nsteps: []\n", 9000)}, []string{`"error":"the text has 9000 documents`}, ""},
		{"too many entries to play", engine.Request{Do: "diagnose", Text: crowded}, []string{`"error":"the text has 9004 documents, steps, messages and entries`}, ""},
		{"too many entries to explain", engine.Request{Do: "explain", Text: crowded, Step: 1}, []string{`"error":"the message has 9000 entries`}, ""},
		{"a step of nothing", engine.Request{Do: "explain", Text: "nodes: ["}, []string{`"error":"line 1`}, ""},
	}
	for _, c := range cases {
		got := asked(t, e, c.r)
		for _, w := range c.want {
			if !strings.Contains(got, w) {
				t.Errorf("%s: %.600s\nhas no %s", c.name, got, w)
			}
		}
		if c.not != "" && strings.Contains(got, c.not) {
			t.Errorf("%s: %.600s\nhas %s", c.name, got, c.not)
		}
	}
}

// What is read is kept for the next question about the same text under the same rules,
// and for no other.
func TestKept(t *testing.T) {
	e := engine.New(nil)
	first := asked(t, e, engine.Request{Do: "check", Text: away})
	other := asked(t, e, engine.Request{Do: "check", Text: away, Rules: []string{"append-blindly"}})
	if first == other {
		t.Error("other rules give the same reply")
	}
	if again := asked(t, e, engine.Request{Do: "check", Text: away}); again != first {
		t.Errorf("asked again: %s\nbefore: %s", again, first)
	}
}

// Any bytes get a reply in JSON. If this fails, a text can stop the page, or the server.
func FuzzAnswer(f *testing.F) {
	e := engine.New(nil)
	for _, do := range []string{"check", "complete", "hover", "fill", "share", "explain", "diagnose", "coverage", "picture"} {
		request, _ := json.Marshal(engine.Request{Do: do, Text: away, Page: true, Line: 6, Column: 20, Step: 1, Trace: 1})
		f.Add(request)
	}
	f.Add([]byte(`{"do":"check","text":"nodes: 64\nsteps: [&a {timeout: 1}, *a, *a]","page":true}`))
	f.Add([]byte(`{"do":"explain","step":-1,"trace":-9,"text":"nodes: 1\nsteps: [{}]"}`))
	f.Add([]byte("\xff{"))
	f.Fuzz(func(t *testing.T, request []byte) {
		reply := e.Answer(request)
		var out map[string]any
		if err := json.Unmarshal(reply, &out); err != nil {
			t.Fatalf("%q: %v", reply, err)
		}
		if failure, _ := out["error"].(string); strings.HasPrefix(failure, "raftsheet failed") {
			t.Fatal(failure)
		}
	})
}
