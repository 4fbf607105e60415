package edit

import (
	"testing"

	"raftsheet/trace"
)

// Two files that are open at once are filled in each by itself. If this fails, a blank
// of one file is written by the layout of another that was read after it.
func TestOpenTwo(t *testing.T) {
	open := func(text string) (*Editor, *trace.Trace) {
		f, err := trace.Parse("x.yaml", []byte(text), trace.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		e, err := Open(f)
		if err != nil {
			t.Fatal(err)
		}
		return e, f.Traces[0]
	}
	one, first := open("nodes: 3\nsteps:\n- requestVote: {candidateId: 1}\n  response: {2: , 3: ok}\n")
	open("title: other\nnodes: [a, b]\nsteps:\n- timeout: a\n- timeout: b\n- state: {a: {log: }}\n")
	if err := one.Set(first, Answer(1, 2), "no"); err != nil {
		t.Fatal(err)
	}
	got, err := one.Bytes()
	if want := "nodes: 3\nsteps:\n- requestVote: {candidateId: 1}\n  response: {2: no, 3: ok}\n"; err != nil || string(got) != want {
		t.Errorf("%q, %v; want %q", got, err, want)
	}
}
