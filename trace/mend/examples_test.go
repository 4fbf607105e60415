package mend_test

import (
	"bytes"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"raftsheet/trace"
	"raftsheet/trace/mend"
)

// A spoiler puts one slip into a text; it gives "" where there is no place for it.
type spoiler struct {
	slip  string
	spoil func(text string, r *rand.Rand) string
	moved int // by so many lines
}

var spoilers = []spoiler{
	{slip: "a tab in one line", spoil: onLine(func(l string, _ *rand.Rand) string {
		rest := strings.TrimLeft(l, " ")
		if n := len(l) - len(rest); n > 0 && n%4 == 0 {
			return strings.Repeat("\t", n/4) + rest
		}
		return ""
	})},
	{slip: "tabs throughout", spoil: func(text string, _ *rand.Rand) string {
		lines := strings.Split(text, "\n")
		for i, l := range lines {
			rest := strings.TrimLeft(l, " ")
			lines[i] = strings.Repeat("\t", (len(l)-len(rest))/2) + rest
		}
		return strings.Join(lines, "\n")
	}},
	{slip: "a missing comma", spoil: cutting(", ", " ")},
	{slip: "a missing space after a colon", spoil: cutting(": ", ":")},
	{slip: "a no-break space after a colon", spoil: cutting(": ", ":\u00a0")},
	{slip: "a no-break space for an indent", spoil: onLine(func(l string, _ *rand.Rand) string {
		rest := strings.TrimLeft(l, " ")
		return strings.Repeat("\u00a0", len(l)-len(rest)) + rest
	})},
	{slip: "a lost } or ]", spoil: func(text string, r *rand.Rand) string { return cutting([]string{"}", "]"}[r.IntN(2)], "")(text, r) }},
	{slip: "a lost } at a line's end", spoil: cutting("}\n", "\n")},
	{slip: "a } too many at a line's end", spoil: cutting("}\n", "}}\n")},
	{slip: "a lost {", spoil: cutting("{", "")},
	{slip: "an indent one deeper", spoil: onLine(func(l string, _ *rand.Rand) string { return " " + l })},
	{slip: "an indent one less", spoil: onLine(func(l string, _ *rand.Rand) string {
		if l[0] == ' ' {
			return l[1:]
		}
		return ""
	})},
	{slip: "a bullet", spoil: cutting("\n  - ", "\n  • ")},
	{slip: "all bullets", spoil: func(text string, _ *rand.Rand) string { return strings.ReplaceAll(text, "\n  - ", "\n  * ") }},
	{slip: "a fence", moved: 2, spoil: func(text string, _ *rand.Rand) string { return "Here:\n```yaml\n" + text + "\n```\n" }},
	{slip: "carriage returns", spoil: func(text string, _ *rand.Rand) string { return strings.ReplaceAll(text, "\n", "\r") }},
	{slip: "UTF-16", spoil: func(text string, _ *rand.Rand) string {
		if strings.IndexFunc(text, func(r rune) bool { return r > 0xff }) >= 0 {
			return ""
		}
		var b bytes.Buffer
		for _, c := range text {
			b.Write([]byte{byte(c), 0})
		}
		return "\xff\xfe" + b.String()
	}},
	{slip: "a mark inside", spoil: cutting("\n", "\n\ufeff")},
}

// cutting replaces one of what it finds, outside of comments.
func cutting(was, now string) func(string, *rand.Rand) string {
	return func(text string, r *rand.Rand) string {
		n := strings.Count(text, was)
		if n == 0 {
			return ""
		}
		at := 0
		for range r.IntN(n) {
			at += strings.Index(text[at:], was) + len(was)
		}
		at += strings.Index(text[at:], was)
		if start := strings.LastIndex(text[:at], "\n") + 1; strings.Contains(text[start:at], "#") {
			return ""
		}
		return text[:at] + now + text[at+len(was):]
	}
}

// onLine changes one line that holds something.
func onLine(change func(string, *rand.Rand) string) func(string, *rand.Rand) string {
	return func(text string, r *rand.Rand) string {
		lines := strings.Split(text, "\n")
		i := r.IntN(len(lines))
		if l := strings.TrimSpace(lines[i]); l == "" || l[0] == '#' {
			return ""
		}
		was := lines[i]
		if lines[i] = change(was, r); lines[i] == "" || lines[i] == was {
			return ""
		}
		return strings.Join(lines, "\n")
	}
}

// meaning gives a file's traces as the writer writes them; ok is false where
// something of it cannot be read.
func meaning(text []byte) (string, bool) {
	f, err := trace.Parse("f", text, trace.DefaultLimits())
	if err != nil {
		return "", false
	}
	for _, t := range f.Traces {
		t.Comment = ""
		for i := range t.Steps {
			t.Steps[i].Comment = ""
		}
	}
	var b bytes.Buffer
	if err := trace.Write(&b, f.Traces...); err != nil {
		return "", false
	}
	return b.String(), true
}

// exampleTexts gives the examples, and their names in order.
func exampleTexts(t testing.TB) (out map[string]string, names []string) {
	out = make(map[string]string)
	for _, glob := range []string{"*.yaml", "grading/*.yaml", "deviations/*.yaml"} {
		names, err := filepath.Glob(filepath.Join("..", "..", "examples", glob))
		if err != nil || len(names) == 0 {
			t.Fatal("no examples", err)
		}
		for i, name := range names {
			data, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if glob != "deviations/*.yaml" || i%16 == 0 {
				out[filepath.Base(name)] = string(data)
			}
		}
	}
	return out, slices.Sorted(maps.Keys(out))
}

func told(mends []mend.Change) string {
	var lines []string
	for _, m := range mends {
		lines = append(lines, m.What)
	}
	return strings.Join(lines, "; ")
}

func lineDiff(a, b string) string {
	la, lb := strings.Split(a, "\n"), strings.Split(b, "\n")
	for i := range min(len(la), len(lb)) {
		if la[i] != lb[i] {
			return fmt.Sprintf("-%s\n+%s", la[i], lb[i])
		}
	}
	return fmt.Sprintf("%d and %d lines", len(la), len(lb))
}

// FuzzMend mends whatever there is: it comes to an end soon, lines keep their
// numbers, a file that reads is left alone, and what comes out is mended no further.
func FuzzMend(f *testing.F) {
	for _, s := range slips {
		f.Add([]byte(s.was))
	}
	for _, s := range sheets {
		f.Add([]byte(s.spoil(handedIn)))
	}
	texts, names := exampleTexts(f)
	for _, name := range names[:4] {
		f.Add([]byte(texts[name]))
	}
	f.Add([]byte("00000:0:")) // one pass over it is not enough
	f.Fuzz(func(t *testing.T, data []byte) {
		was, start := bytes.Clone(data), time.Now()
		got := mend.Mend("f", data)
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("it takes %v to mend %d bytes", took, len(data))
		}
		if !bytes.Equal(was, data) {
			t.Fatal("what was given has been changed")
		}
		if (len(got.Changes)+len(got.Lost) == 0) != bytes.Equal(got.Data, data) {
			t.Errorf("%d changes are told, and the bytes say otherwise", len(got.Changes))
		}
		if _, err := trace.Parse("f", data, trace.DefaultLimits()); err == nil && !bytes.Equal(got.Data, data) {
			t.Error("a file that reads was changed")
		}
		checkResult(t, data, got)
		if again := mend.Mend("f", got.Data); !bytes.Equal(again.Data, got.Data) {
			t.Errorf("mended again: %s, lost %v", told(again.Changes), again.Lost)
		}
	})
}

// checkResult holds a result to what it says of lines.
func checkResult(t *testing.T, data []byte, got mend.Result) {
	last := bytes.Count(got.Data, []byte("\n")) + 1
	if utf8.Valid(data) && !bytes.ContainsAny(data, "\r\x00\u2028\u2029") && last != bytes.Count(data, []byte("\n"))+1 {
		t.Errorf("lines have other numbers: %d are %d", bytes.Count(data, []byte("\n"))+1, last)
	}
	for _, c := range got.Changes {
		if c.Line < 1 || c.Line > last || c.Column < 1 || c.What == "" || strings.ContainsAny(c.What, "\n\r\x1b") {
			t.Errorf("a change tells %+v", c)
		}
		if c.Lines[0] < 1 || c.Lines[0] > c.Lines[1] || c.Lines[1] > last {
			t.Errorf("a change touches lines that the file does not have: %+v", c)
		}
	}
	for i, l := range got.Lost {
		if l.First < 1 || l.Last < l.First || l.Last > last || l.Why == "" || i > 0 && l.First < got.Lost[i-1].First {
			t.Errorf("what is lost is %+v", got.Lost)
		}
	}
}
