package trace_test

import (
	"strings"
	"testing"

	"raftsheet/trace"
)

// The parts of a form with nothing in their blanks are the form. If this fails, what
// people fill in on a page is not the sheet that was handed out.
func TestFormParts(t *testing.T) {
	const text = `title: Two of three
nodes: 3
steps:
  - id: RV
    requestVote: {candidateId: 1, term: }
    response: {2: , 3: {voteGranted: , term: }}
    state:
      1: {term: , log: }
  - timeout: 2
`
	f, err := trace.Read("form.yaml", strings.NewReader(text), trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	parts, err := trace.FormParts(f.Traces[0])
	if err != nil {
		t.Fatal(err)
	}
	var form, joined, paths strings.Builder
	if err := trace.WriteForm(&form, f.Traces[0]); err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		joined.WriteString(strings.Join(p.Text, ""))
		for _, b := range p.Blanks {
			paths.WriteString(strings.Join(b, ".") + " ")
		}
		paths.WriteString("| ")
	}
	even := func(s string) string { return strings.ReplaceAll(s, ": \n", ":\n") } // a blank has a space before it
	if even(joined.String()) != even(form.String()) {
		t.Errorf("the parts are %q; the form is %q", joined.String(), form.String())
	}
	want := "student | requestVote.term response.2 response.3.voteGranted response.3.term state.1.term state.1.log | | "
	if got := paths.String(); got != want {
		t.Errorf("the blanks are %s; want %s", got, want)
	}
}
