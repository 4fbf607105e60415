package source

import (
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"
)

// nasty are texts in which it is hard to see where a node ends.
var nasty = []string{
	"a: b\n",
	"a: \"x\\\"y\\\\\" # \"c\n",
	"a: 'it''s' # 'c\n",
	"a: \"one\n  two # no comment\n\n  three\"\nb: 1\n",
	"a: 'one\n  two'\nb: 1\n",
	"a: plain text, with [brackets] # c\nb: 1\n",
	"a: one\n  two\n\n  three   # c\nb: 1\n",
	"{a: one\n  two, b: x#y , c: z # c\n}\n",
	"a: |\n  x\n   y\n\n  z\n\nb: 1\n",
	"a: |+\n  x\n\n\nb: 1\n",
	"a: |2- # c\n    x\n  y\nb: 1\n",
	"a: >\n\n  x\n  y\n\n    z\n# c\nb: 1\n",
	"a: |-\n\n\nb: 1\n",
	"- |\n  x\n- >-\n  y\n  # no comment\n-\n",
	"a:\n- |\n x\n- y\n",
	"a: |\r\n  x\r\n  y\r\nb: 1\r\n",
	"a: |\n  x",
	"a: &a x\nb: *a\nc: [*a, *a]\n*a : y\n",
	"a: &m\n  &k x: 1\n  y: &e\nb: &q {x: 1}\nc: &s [1]\nd: &t \"x\"\n",
	"a: ! x\nb: !\nc: 1\n",
	"a: !!str 1\nb: &x !!int 2\nc: !!str &y 3\n",
	"a: &a # c\n  # d\n  x\n",
	"a: &x\n&k b: 1\nc: &y !!null\n&z d: !!str &w\ne: 1\n",
	"{a: , b:   # c\n  , c, d: [], e: {}, \"f\":g, ? h, ? i : j, ? k : , 'l' : }\n",
	"[a: b, {c: d}: e, ? f, ? g : h, &k i: j, [k]: l, \"m\": , n: ]\n",
	"{ # c\n  a: 1, # , }\n  # ]\n  b: [ # c\n  ], }\n",
	"[1, 2, # c\n 3 # d\n , ]\n",
	"a:\nb:   # c\nc:\n  # c\nd: ~\n\"e\" :\n",
	"- \n-   # c\n- - x\n  -\n- a:\n  b:\n-",
	"? a\n: b\n? c\n? \"d\"\n# c\n: e\n? - x\n: - y\n",
	"日本: 語\n\"日\": {本: 語, 語: '本''語', a: \"\\u65e5本\"}\n",
	"\ufeffa: b\nc: {d: e}\n",
	"\ufeff{a: b, c: }",
	"a: {b: 1}\r\nc: [1,\r\n  2]\r\nd: x\r\n  y\r\n",
	"--- # c\na: b\n... # d\n%YAML 1.1\n---\nc: d # e\n---\n---\n- x\n",
	"a:\tb\nc:\t{\td:\te\t,\tf\t}\t# c\n",
	"a: http://x/#y\nb: -1\nc:\n  - \n",
	"a: -1\nb: ?x\nc: :y\nd: [-1, x:y]\n",
	"{\"a\":null,\"b\":[{\"c\":1},{}],\"d\":\"\"}",
	"a: ''\nb: \"\"\nc: ['', \"\"]\n",
	"a: x\n\n# c\n\n\nb: y\n\n\n",
	"- - - a\n    - b\n  - c\n- d\n",
	"x: {a: [{b: {c: [1, {d: }]}}]}\n",
}

func corpus(t testing.TB) map[string][]byte {
	texts := make(map[string][]byte)
	for _, s := range nasty {
		texts[s] = []byte(s)
	}
	files, _ := filepath.Glob("../../../examples/*.yaml")
	more, _ := filepath.Glob("../../../examples/*/*.yaml")
	files = append(files, more...)
	for _, name := range files {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		texts[name] = data
	}
	return texts
}

// A scalar's text, parsed on its own, gives its value again; an alias's text is
// its name; a flow collection's begins and ends with its brackets.
func TestSpanIsTheNodesText(t *testing.T) {
	for name, data := range corpus(t) {
		l, docs := layoutOf(t, data)
		l.walk(docs, func(in *yaml.Node, i int, s Span) {
			n, text := in.Content[i], string(l.data[s.Lo:s.Hi])
			switch {
			case IsHollow(n):
				if text != "" {
					t.Errorf("%q: %v: the empty value has the text %q", name, PosOf(n), text)
				}
			case n.Kind == yaml.ScalarNode:
				if got, ok := alone(text, n, l.inFlow[n]); !ok || got != n.Value {
					t.Errorf("%q: %v: the text %q stands for %q, not %q", name, PosOf(n), text, got, n.Value)
				}
			case n.Kind == yaml.AliasNode:
				if text != "*"+n.Value {
					t.Errorf("%q: %v: the alias *%s has the text %q", name, PosOf(n), n.Value, text)
				}
			case IsFlow(n) && !l.IsBare(n):
				if ends := text[:1] + text[len(text)-1:]; ends != "{}" && ends != "[]" {
					t.Errorf("%q: %v: the flow collection has the text %q", name, PosOf(n), text)
				}
			}
		})
	}
}

// Spans nest: children lie within their parent, one after the other.
func TestSpansNest(t *testing.T) {
	for name, data := range corpus(t) {
		l, docs := layoutOf(t, data)
		last := map[*yaml.Node]int{}
		l.walk(docs, func(in *yaml.Node, i int, s Span) {
			if s.Lo > s.Hi || s.Lo < last[in] {
				t.Errorf("%q: %v: the span %v comes after %d", name, PosOf(in.Content[i]), s, last[in])
			}
			last[in] = s.Hi
			if in.Kind == yaml.DocumentNode {
				return
			}
			if lo, hi := l.Start(in), l.End(in); s.Lo < lo || s.Hi > hi {
				t.Errorf("%q: %v: the span %v leaves its parent's, [%d, %d)", name, PosOf(in.Content[i]), s, lo, hi)
			}
		})
	}
}

// What stands between the tokens is white space, brackets and the like.
func TestBetweenTokensIsPunctuation(t *testing.T) {
	for name, data := range corpus(t) {
		l, docs := layoutOf(t, data)
		at := len(data) - len(strings.TrimPrefix(string(data), bom))
		comments := l.Comments(docs)
		tokens := comments
		Leaves(docs, func(in *yaml.Node, i int) bool {
			tokens = append(tokens, l.Text(in, i))
			return true
		})
		slices.SortFunc(tokens, func(a, b Span) int { return a.Lo - b.Lo })
		for _, tok := range tokens {
			if tok.Lo < at {
				t.Errorf("%q: %q is in two tokens", name, data[tok.Lo:at])
				continue
			}
			if between := string(data[at:tok.Lo]); !isPunctuation(between) {
				t.Errorf("%q: %q stands outside of every token", name, between)
			}
			at = tok.Hi
		}
		for _, c := range l.Comments(docs) {
			if data[c.Lo] != '#' {
				t.Errorf("%q: the comment at %d begins with %q", name, c.Lo, data[c.Lo])
			}
		}
	}
}

// isPunctuation takes away the words that may stand outside of scalars: an
// anchor, a tag, a directive.
func isPunctuation(s string) bool {
	for _, word := range strings.Fields(s) {
		word = strings.Trim(word, "[]{},:?-.")
		if word != "" && strings.IndexByte("&!%1", word[0]) < 0 {
			return false
		}
	}
	return true
}

func TestComments(t *testing.T) {
	const text = "a: 'x # y' # one\n# two\nb: {c: d#e, # three ] \"\n  f: \"# g\" } #\nh: |  # header\n  # text\n # four\ni: j#k\n"
	want := []string{"# one", "# two", "# three ] \"", "#", "# four"}
	l, docs := layoutOf(t, []byte(text))
	var got []string
	for _, c := range l.Comments(docs) {
		got = append(got, text[c.Lo:c.Hi])
	}
	if strings.Join(got, "|") != strings.Join(want, "|") {
		t.Errorf("the comments are %q, want %q", got, want)
	}
}

// Finding the nodes of a long line must not begin at the line's start each time.
func TestLongLineIsWalkedOnce(t *testing.T) {
	data := []byte("[" + strings.Repeat("{\"日#\":null,\"b\":[1,2]},", 30_000) + "] # c")
	l, docs := layoutOf(t, data)
	if c := l.Comments(docs); len(c) != 1 {
		t.Errorf("%d comments, want 1", len(c))
	}
}

type walker struct {
	*Layout
	inFlow map[*yaml.Node]bool
}

func layoutOf(t testing.TB, data []byte) (*walker, []*yaml.Node) {
	t.Helper()
	w := &walker{Layout: NewLayout(New(data)), inFlow: map[*yaml.Node]bool{}}
	var docs []*yaml.Node
	dec := yaml.NewDecoder(strings.NewReader(string(data)))
	for {
		var doc yaml.Node
		if err := Decode(dec, &doc); err == io.EOF {
			return w, docs
		} else if err != nil {
			t.Fatalf("%q: %v", data, err)
		}
		docs = append(docs, &doc)
	}
}

// walk visits every node with its span, parents first.
func (w *walker) walk(docs []*yaml.Node, visit func(in *yaml.Node, i int, s Span)) {
	var down func(n *yaml.Node, flow bool)
	down = func(n *yaml.Node, flow bool) {
		for i, c := range n.Content {
			w.inFlow[c] = flow
			visit(n, i, w.Text(n, i))
			down(c, flow || IsFlow(c))
		}
	}
	for _, d := range docs {
		down(d, false)
	}
}

// alone parses a scalar's text by itself, in the context it comes from.
func alone(text string, n *yaml.Node, flow bool) (string, bool) {
	if flow {
		text = "[" + text + "]"
	} else if n.Style&(yaml.LiteralStyle|yaml.FoldedStyle) != 0 {
		text = "- " + text // a number in its header counts from the list's place
	}
	var doc yaml.Node
	if yaml.Unmarshal([]byte(text), &doc) != nil {
		return "", false
	}
	for n := &doc; ; n = n.Content[0] {
		if len(n.Content) == 0 {
			return n.Value, n.Kind == yaml.ScalarNode
		}
		if len(n.Content) > 1 {
			return "", false
		}
	}
}
