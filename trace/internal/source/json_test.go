package source

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"
)

// A file that is JSON is one only as a whole: all else is YAML, as before.
func TestIsJSON(t *testing.T) {
	for text, want := range map[string]bool{
		`{"nodes": 3}`: true, " \t\r\n[1]\n": true, "\ufeff{}": true, "{\n\t\"a\": \"\\/\"}": true,
		`{nodes: 3}`: false, `{"nodes": }`: false, `{"a": 1} # c`: false, `{"a": 1,}`: false, "nodes: 3": false, `"text"`: false, "3": false, "": false,
	} {
		if got := New([]byte(text)).IsJSON(); got != want {
			t.Errorf("%q is JSON: %t", text, got)
		}
	}
}

// plainNode is what of a node a reader sees, with its place.
type plainNode struct {
	Kind         yaml.Kind
	Tag, Value   string
	Style        yaml.Style
	Line, Column int
	Content      []plainNode
}

func bare(n *yaml.Node) plainNode {
	out := plainNode{n.Kind, n.Tag, n.Value, n.Style, n.Line, n.Column, nil}
	for _, c := range n.Content {
		out.Content = append(out.Content, bare(c))
	}
	return out
}

// JSON that YAML's reader takes comes out as that reader has it, node by node and
// place by place. If this fails, a finding in a JSON file is shown elsewhere.
func TestJSONIsReadAsYAML(t *testing.T) {
	for _, text := range []string{
		`{"nodes":3,"steps":[{"requestVote":{"candidateId":1},"response":{"2":null,"3":"ok"}},{"timeout":[1, 2]}]}`,
		"{\n  \"title\": \"日本語 👨‍👩‍👧 \\u00e9\\n\\\"\",\n  \"nodes\": [\"A\", \"é\"], \"x\": [true, false, null, 1.5, -1, 0, 1e3], \"y\": {}, \"z\": []\r\n}\n",
		"\ufeff[ [ ], { } , [ {\"a\":\"b\"} ] ]",
	} {
		s := New([]byte(text))
		if !s.IsJSON() {
			t.Fatalf("%q is not JSON", text)
		}
		var want yaml.Node
		if err := yaml.Unmarshal([]byte(text), &want); err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(bare(&want), bare(s.jsonDocument())); d != "" {
			t.Errorf("%s\n(-YAML +JSON):\n%s", text, d)
		}
	}
}

// What YAML's reader refuses or misreads comes out as JSON has it.
func TestJSONEscapes(t *testing.T) {
	for text, want := range map[string]string{
		`["\ud83d\ude00"]`: "😀", `["a\/b"]`: "a/b", "[\t\"x\"]": "x", `["\ud83d"]`: "\ufffd", `["\u0041\b\f\t"]`: "A\b\f\t",
	} {
		if got := New([]byte(text)).jsonDocument().Content[0].Content[0].Value; got != want {
			t.Errorf("%s is %q, want %q", text, got, want)
		}
	}
}

// Any JSON is read without a panic, and its texts are those of encoding/json.
func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"a": ["\ud83d\ude00", 1e3, null]}`, `[[],{},[{}]]`, " {\"a\\\\\":\n\"\\\"\"}"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s := New(data)
		if len(data) > 1000 || !s.IsJSON() {
			return
		}
		again := JSON(s.jsonDocument().Content[0])
		var was, now any
		if err := json.Unmarshal(s.jsonText(), &was); err != nil {
			return // a number past float64
		}
		if err := json.Unmarshal([]byte(again), &now); err != nil {
			t.Fatalf("%q is written %q: %v", data, again, err)
		}
		if d := cmp.Diff(was, now); d != "" {
			t.Errorf("%q is written %q:\n%s", data, again, d)
		}
	})
}
