package mend_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"gopkg.in/yaml.v3"

	"raftsheet/raft/wide"
	"raftsheet/trace"
	"raftsheet/trace/mend"
)

// A leaf is a value of a YAML file, and the line on which it is written.
type leaf struct {
	value string
	line  int
}

// leaves gives the values of a file by their paths; ok is false where it is no
// YAML. The reader is the library's own, not the program's.
func leaves(text []byte) (out map[string]leaf, ok bool) {
	out = make(map[string]leaf)
	dec := yaml.NewDecoder(bytes.NewReader(text))
	for doc := 0; ; doc++ {
		var n yaml.Node
		if err := dec.Decode(&n); errors.Is(err, io.EOF) {
			return out, true
		} else if err != nil {
			return nil, false
		}
		addLeaves(out, fmt.Sprint(doc), &n)
	}
}

func addLeaves(out map[string]leaf, path string, n *yaml.Node) {
	switch n.Kind {
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			addLeaves(out, path+"/"+n.Content[i].Value, n.Content[i+1])
		}
	case yaml.ScalarNode:
		for _, taken := out[path]; taken; _, taken = out[path] {
			path += "'"
		}
		out[path] = leaf{n.Value, n.Line}
	default:
		for i, c := range n.Content {
			addLeaves(out, fmt.Sprintf("%s/%d", path, i), c)
		}
	}
}

// doubtful says which lines something is told of.
type doubtful []bool

func (d doubtful) mark(first, last int) {
	for n := first; n <= last && n < len(d); n++ {
		d[n] = true
	}
}

// judge says what became of a slip: "right", or what is told of it, or WRONG where
// a value is another than was meant, on a line of which nothing is told.
func judge(t *testing.T, what, good, bad string, moved int) string {
	got := mend.Mend("f", []byte(bad))
	was, _ := leaves([]byte(good))
	now, ok := leaves(got.Data)
	f, err := trace.Parse("f", got.Data, trace.DefaultLimits())
	if !ok || len(f.Traces) == 0 {
		if len(got.Lost) > 0 {
			t.Errorf("%s: something is lost, and it still does not read", what)
		}
		t.Logf("%s: refused: %s\n%s\n%v", what, told(got.Changes), lineDiff(good, bad), err)
		return "refused"
	}
	if same, ok := meaning(got.Data); ok && len(got.Changes) > 0 {
		was, _ := meaning([]byte(good))
		switch moves := func(c mend.Change) bool { return c.Moves }; {
		case was == same && slices.ContainsFunc(got.Changes, moves):
			return "moved"
		case was == same:
			return "right"
		}
	}
	d := make(doubtful, strings.Count(good, "\n")+8)
	class := "right"
	var errs trace.Errors
	if errors.As(err, &errs) {
		class = "complained of"
		lines := strings.Split(string(got.Data), "\n")
		for _, e := range errs {
			first, last := stepAround(lines, int(e.Pos.Line))
			d.mark(first-moved, last-moved)
		}
	}
	for _, c := range got.Changes {
		if c.Moves {
			class = "moved"
			d.mark(c.Lines[0]-moved, c.Lines[1]-moved)
		}
	}
	for _, l := range got.Lost {
		class = "lost"
		d.mark(l.First-moved, l.Last-moved)
	}
	if len(got.Changes)+len(got.Lost) == 0 {
		return "unchanged" // it reads: what it says is another matter
	}
	for _, c := range got.Changes {
		if strings.HasPrefix(c.Now, "\"") { // what was put into quotes stays as it was written
			d.mark(c.Line-moved, c.Line-moved)
		}
	}
	if diff := difference(was, now, d, moved); diff != "" {
		t.Errorf("%s: it means something else, and nobody is told: %s\n%s\nlost: %v\n%s", what, told(got.Changes), diff, got.Lost, lineDiff(good, bad))
		return "WRONG"
	}
	return class
}

// stepAround gives the lines of the step that a line is in.
func stepAround(lines []string, n int) (first, last int) {
	for first = n; first > 1 && !strings.HasPrefix(lines[first-1], "  - ") && strings.HasPrefix(lines[first-1], " "); first-- {
	}
	for last = n; last < len(lines) && !strings.HasPrefix(lines[last], "  - ") && strings.HasPrefix(lines[last], " "); last++ {
	}
	return first, last
}

func difference(was, now map[string]leaf, d doubtful, moved int) string {
	for path, a := range was {
		if b, ok := now[path]; !d[a.line] && (!ok || a.value != b.value) {
			return fmt.Sprintf("line %d: %s is %q, and was %q", a.line, path, b.value, a.value)
		}
	}
	for path, b := range now {
		if _, ok := was[path]; !ok && b.line-moved > 0 && b.line-moved < len(d) && !d[b.line-moved] && b.value != "" {
			return fmt.Sprintf("line %d: %s is %q, and was nothing", b.line, path, b.value)
		}
	}
	return ""
}

// moreSpoilers are slips after which a step may be past help.
var moreSpoilers = []spoiler{
	{slip: "an indent two deeper", spoil: onLine(func(l string, _ *rand.Rand) string { return "  " + l })},
	{slip: "an indent two less", spoil: onLine(func(l string, _ *rand.Rand) string { return strings.TrimPrefix(l, "  ") })},
	{slip: "a quote too many", spoil: onLine(func(l string, r *rand.Rand) string {
		at := strings.IndexAny(l, "{:")
		if at < 0 {
			return ""
		}
		at += r.IntN(len(l) - at)
		return l[:at] + `"` + l[at:]
	})},
	{slip: "a bracket too many", spoil: onLine(func(l string, r *rand.Rand) string {
		at := r.IntN(len(l))
		return l[:at] + []string{"{", "[", "]", "}"}[r.IntN(4)] + l[at:]
	})},
	{slip: "a colon too many", spoil: onLine(func(l string, r *rand.Rand) string {
		at := r.IntN(len(l))
		return l[:at] + ": " + l[at:]
	})},
	{slip: "a character lost", spoil: onLine(func(l string, r *rand.Rand) string {
		at := len(l) - len(strings.TrimLeft(l, " "))
		at += r.IntN(len(l) - at)
		if l[at] >= '0' && l[at] <= '9' || l[at] >= 'A' && l[at] <= 'z' && l[at] != '[' && l[at] != ']' {
			return "" // that is another value, or key
		}
		return l[:at] + l[at+1:]
	})},
	{slip: "a stray sign", spoil: onLine(func(l string, r *rand.Rand) string {
		at := strings.IndexAny(l, ":")
		if at < 0 || at+2 >= len(l) {
			return ""
		}
		return l[:at+2] + []string{"@", "%", "*", "&", "!", "|", ">", "`"}[r.IntN(8)] + l[at+2:]
	})},
	{slip: "a misspelt key", spoil: onLine(func(l string, r *rand.Rand) string {
		all := wordOfKey.FindAllStringIndex(l, -1)
		if all == nil {
			return ""
		}
		key := all[r.IntN(len(all))]
		at := key[0] + r.IntN(key[1]-key[0]-2)
		if l[at] == l[at+1] {
			return ""
		}
		return l[:at] + l[at+1:at+2] + l[at:at+1] + l[at+2:]
	})},
	{slip: "a lost colon", spoil: cutting(":", "")},
	{slip: "= for a colon", spoil: cutting(": ", " = ")},
	{slip: "a wide colon", spoil: cutting(": ", "：")},
	{slip: "a wide comma", spoil: cutting(", ", "，")},
	{slip: "a semicolon", spoil: cutting(", ", "; ")},
	{slip: "a comma at the end", spoil: cutting("}\n", "},\n")},
	{slip: "two commas", spoil: cutting(", ", ",, ")},
	{slip: "a comment of C", spoil: cutting("}\n", "} // sure\n")},
	{slip: "no space after a dash", spoil: cutting("\n  - ", "\n  -")},
	{slip: "a tab inside", spoil: cutting(": ", ":\t")},
}

var wordOfKey = regexp.MustCompile(`[a-z][a-zA-Z]{3,}:`)

// Whatever slip there is, what no line is told of is as it was meant. Nine of ten
// slips that people make are set right.
func TestWhatIsNotToldIsRight(t *testing.T) {
	texts, names := exampleTexts(t)
	names, texts["sheet"] = append(names, "sheet"), sheet(60)
	r := rand.New(rand.NewPCG(4, 2026))
	all := make(map[string]int)
	for i, s := range append(append([]spoiler(nil), spoilers...), moreSpoilers...) {
		if i == len(spoilers) {
			if of := all["right"] + all["moved"] + all["lost"] + all["refused"]; all["right"]*10 < of*9 {
				t.Errorf("of %d slips that people make only %d are set right", of, all["right"])
			}
		}
		count := make(map[string]int)
		for n, name := range names {
			if (n+i)%wide.Of(4, 2) > 0 {
				continue // some, by turns: it takes its time
			}
			if bad := s.spoil(texts[name], r); bad != "" && bad != texts[name] {
				got := judge(t, s.slip+" in "+name, texts[name], bad, s.moved)
				count[got]++
				all[got]++
			}
		}
		t.Logf("%-32s %v", s.slip, count)
	}
	t.Logf("%-32s %v", "all", all)
}

// Nor does a second slip make anything of the first that is not told.
func TestWhatIsNotToldOfTwoSlipsIsRight(t *testing.T) {
	texts, names := exampleTexts(t)
	r := rand.New(rand.NewPCG(77, 5))
	all := make(map[string]int)
	for range 4 {
		for _, name := range names {
			a, b := spoilers[r.IntN(len(spoilers))], spoilers[r.IntN(len(spoilers))]
			bad := a.spoil(texts[name], r)
			const comma = "a missing comma" // in a list it is YAML all the same, of another meaning
			if a.slip == "UTF-16" || bad == "" || a.slip == comma || b.slip == comma || a.moved+b.moved > 2 {
				continue // what comes second is put into text
			}
			if bad = b.spoil(bad, r); bad != "" {
				all[judge(t, a.slip+" and "+b.slip+" in "+name, texts[name], bad, a.moved+b.moved)]++
			}
		}
	}
	t.Logf("%v", all)
}
