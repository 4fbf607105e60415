package edit

import (
	"strings"
	"testing"

	"raftsheet/trace"
)

// Whatever else than what was asked for has changed in the new text, it is not
// given away.
func TestVerify(t *testing.T) {
	const text = "# head\nnodes: 3\nsteps:\n- requestVote: {candidateId: 1} # c\n  response: &r {2: , 3: \"ok\"} # d\n- requestVote: &v {candidateId: 1}\n  response: *r\n  lost: []\n- requestVote: {candidateId: 1}\n"
	for _, test := range []struct {
		why      string
		from, to string // what becomes of the right new text
		says     string
	}{
		{"what was asked for is right", "", "", ""},
		{"another answer", "{2: no", "{2: ok", "x.yaml:5:20: with the blanks filled in, this would be read as something else"},
		{"the blank is left", "{2: no", "{2: ", "x.yaml:5:20: "},
		{"another value changed", "lost: []", "lost: [2]", "x.yaml:8:9: "},
		{"another key changed", "lost:", "note:", "x.yaml:8:3: "},
		{"quotes lost", "\"ok\"", "ok", "x.yaml:5:25: "},
		{"an anchor gone", "&v ", "", "x.yaml:6:16: "},
		{"an alias written out", "*r", "{2: no, 3: \"ok\"}", "x.yaml:7:13: "},
		{"the pair that was added is not there", "\n  response: {2: ok}", "", "x.yaml:9:3: "},
		{"it is another one", "response: {2: ok}", "note: {2: ok}", "x.yaml:9:3: "},
		{"it has another value", "response: {2: ok}", "response: {2: no}", "x.yaml:9:3: "},
		{"one more pair", "response: {2: ok}", "response: {2: ok}\n  note: x", "x.yaml:9:3: "},
		{"one more step", "response: {2: ok}", "response: {2: ok}\n- heal: true", "x.yaml:4:1: "},
		{"a comment lost", " # c", "", "x.yaml:4:33: with the blanks filled in, the comments would change"},
		{"a comment changed", "# head", "# hand", "x.yaml:1:1: "},
		{"a comment that nobody asked for", "lost: []", "lost: [] # x", "x.yaml:1:1: "},
		{"one more document", "# head\n", "# head\nx: 1\n---\n", "other documents"},
		{"no YAML", "lost: []", "lost: [", "x.yaml:8:"},
	} {
		f, err := trace.Parse("x.yaml", []byte(text), trace.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		e, err := Open(f)
		if err != nil {
			t.Fatal(err)
		}
		tr := f.Traces[0]
		for _, err := range []error{e.Set(tr, Answer(1, 2), "no"), e.Set(tr, Answer(2, 2), "no"), e.Set(tr, Response(3), "{2: ok}")} {
			if err != nil {
				t.Fatal(err)
			}
		}
		splices := e.splices()
		right := string(apply(f.Bytes(), splices))
		err = e.verify([]byte(strings.Replace(right, test.from, test.to, 1)), splices)
		if test.says == "" {
			if err != nil {
				t.Errorf("%s: %v", test.why, err)
			}
			continue
		}
		checkRefused(t, "", err, test.says)
	}
}
