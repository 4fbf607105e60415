package source

import (
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// The text in the range of every node, taken out of the file and read on its
// own, is that node: a range that begins or ends elsewhere underlines something
// else.
func TestRangeIsTheNodesText(t *testing.T) {
	nodes := 0
	for name, data := range corpus(t) {
		w, docs := layoutOf(t, data)
		s := New(data)
		shadowed := map[Pos]bool{} // by a first child that begins at the same place
		w.walk(docs, func(in *yaml.Node, i int, _ Span) {
			if n := in.Content[i]; !IsHollow(n) && len(n.Content) > 0 && PosOf(n) == PosOf(n.Content[0]) {
				shadowed[PosOf(n)] = true
			}
		})
		w.walk(docs, func(in *yaml.Node, i int, _ Span) {
			n := in.Content[i]
			if IsHollow(n) || len(n.Content) > 0 && shadowed[PosOf(n)] {
				return
			}
			nodes++
			start, end := s.Range(PosOf(n))
			if start != PosOf(n) {
				t.Errorf("%q: the range of what is at %v starts at %v", name, PosOf(n), start)
			}
			lo, hi := s.Offset(start), s.Offset(end)
			if lo > hi {
				t.Fatalf("%q: the range of what is at %v ends at %v", name, start, end)
			}
			checkText(t, name, n, string(data[lo:hi]), w.inFlow[n])
		})
	}
	if nodes < 1000 {
		t.Errorf("only %d nodes were looked at; this test has lost its way to them", nodes)
	}
}

// checkText says that a node's text must be the node.
func checkText(t *testing.T, name string, n *yaml.Node, text string, flow bool) {
	t.Helper()
	switch {
	case n.Kind == yaml.ScalarNode:
		if n.Style&yaml.TaggedStyle != 0 {
			return // a tag may change the value
		}
		got, ok := alone(text, n, flow)
		if !ok || strings.TrimRight(got, "\n") != strings.TrimRight(n.Value, "\n") {
			t.Errorf("%q: %v: the text %q stands for %q, not %q", name, PosOf(n), text, got, n.Value)
		}
	case n.Kind == yaml.AliasNode:
		if text != "*"+n.Value {
			t.Errorf("%q: %v: the alias *%s has the text %q", name, PosOf(n), n.Value, text)
		}
	case IsFlow(n) && text[0] != '?' && n.Kind == yaml.SequenceNode:
		if !strings.HasSuffix(text, "]") {
			t.Errorf("%q: %v: the list has the text %q", name, PosOf(n), text)
		}
	}
}

// Where nothing is written the range is empty, and where there is no YAML it is
// a word.
func TestRangeOfNoNode(t *testing.T) {
	for _, tt := range []struct {
		why, text string
		at        Pos
		end       Pos
	}{
		{"a blank in braces", "{a: , b: 1}", Pos{1, 5}, Pos{1, 5}},
		{"a blank at a line's end", "a:\nb: 1\n", Pos{1, 3}, Pos{1, 3}},
		{"past the end", "a: b", Pos{1, 5}, Pos{1, 5}},
		{"what is not YAML", "a: b: cde f\n", Pos{1, 7}, Pos{1, 10}},
		{"before what is not YAML", "a: bcd\n---\na: b: c\n", Pos{1, 4}, Pos{1, 7}},
		{"several lines", "a: |\r\n  é\r\n  本本\r\nb: 1\r\n", Pos{1, 4}, Pos{3, 5}},
		{"braces over lines", "\ufeff{a: {b: 1,\n  日: '}' } # }\n}", Pos{1, 5}, Pos{2, 11}},
		{"a mapping without braces is its first key", "a: 1\nb: 2\n", Pos{1, 1}, Pos{1, 2}},
		{"a list without brackets", "a:\n- x\n- yz\n", Pos{2, 1}, Pos{3, 5}},
		{"an anchor goes with its value", "a: &x bc\n", Pos{1, 4}, Pos{1, 9}},
	} {
		if start, end := New([]byte(tt.text)).Range(tt.at); start != tt.at || end != tt.end {
			t.Errorf("%s: in %q the range at %v is %v to %v, not to %v", tt.why, tt.text, tt.at, start, end, tt.end)
		}
	}
}
