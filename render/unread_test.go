package render

import (
	"bytes"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// A trace of which something cannot be read is shown as far as it can be told,
// and nothing is made up: every view of it comes to an end.
func TestShowUnread(t *testing.T) {
	const in = "nodes: 3\ninitial: {1: {term: x}}\nsteps:\n- tiemout: 2\n- requestVote: {candidateId: 1}\n  response: {2: ok, 3: perhaps}\n" +
		"- appendEntries: {leaderId: 2, entries: auto}\n  response: {1: , 3: no}\n- appendEntries: {leaderId: 1, term: 1, index: 1, value: x}\n- state: {1: , 3: {log: }}\n"
	src, err := trace.Parse("t.yaml", []byte(in), trace.DefaultLimits())
	if err == nil || len(src.Traces) != 1 {
		t.Fatalf("%d traces, and the error %v", len(src.Traces), err)
	}
	run, err := check.ReplayWith(src.Traces[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if err := doc.Write(&out, "text", Show(run, ShowOptions{}), doc.Options{Width: 80}); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"an event that cannot be read, step 1", "candidateId:", "not on this page"} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("%q is not shown in\n%s", want, out.String())
		}
	}
	for i := range run.Steps {
		Explain(Explanations(run, i+1, run.Concerned(i+1)), run, i+1)
	}
}
