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

	"raftsheet/trace"
	"raftsheet/trace/mend"
)

// A spoiler puts one slip into a text; it gives "" where there is no place for it.
type spoiler struct {
	slip  string
	spoil func(text string, r *rand.Rand) string
}

var spoilers = []spoiler{
	{"a tab in one line", onLine(func(l string, _ *rand.Rand) string {
		rest := strings.TrimLeft(l, " ")
		if n := len(l) - len(rest); n > 0 && n%4 == 0 {
			return strings.Repeat("\t", n/4) + rest
		}
		return ""
	})},
	{"tabs throughout", func(text string, _ *rand.Rand) string {
		lines := strings.Split(text, "\n")
		for i, l := range lines {
			rest := strings.TrimLeft(l, " ")
			lines[i] = strings.Repeat("\t", (len(l)-len(rest))/2) + rest
		}
		return strings.Join(lines, "\n")
	}},
	{"a missing comma", cutting(", ", " ")},
	{"a missing space after a colon", cutting(": ", ":")},
	{"a no-break space after a colon", cutting(": ", ":\u00a0")},
	{"a no-break space for an indent", onLine(func(l string, _ *rand.Rand) string {
		rest := strings.TrimLeft(l, " ")
		return strings.Repeat("\u00a0", len(l)-len(rest)) + rest
	})},
	{"a lost } or ]", func(text string, r *rand.Rand) string { return cutting([]string{"}", "]"}[r.IntN(2)], "")(text, r) }},
	{"a lost } at a line's end", cutting("}\n", "\n")},
	{"a } too many at a line's end", cutting("}\n", "}}\n")},
	{"a lost {", cutting("{", "")},
	{"an indent one deeper", onLine(func(l string, _ *rand.Rand) string { return " " + l })},
	{"an indent one less", onLine(func(l string, _ *rand.Rand) string {
		if l[0] == ' ' {
			return l[1:]
		}
		return ""
	})},
	{"a bullet", cutting("\n  - ", "\n  • ")},
	{"all bullets", func(text string, _ *rand.Rand) string { return strings.ReplaceAll(text, "\n  - ", "\n  * ") }},
	{"a fence", func(text string, _ *rand.Rand) string { return "Here:\n```yaml\n" + text + "\n```\n" }},
	{"carriage returns", func(text string, _ *rand.Rand) string { return strings.ReplaceAll(text, "\n", "\r") }},
	{"UTF-16", func(text string, _ *rand.Rand) string {
		if strings.IndexFunc(text, func(r rune) bool { return r > 0xff }) >= 0 {
			return ""
		}
		var b bytes.Buffer
		for _, c := range text {
			b.Write([]byte{byte(c), 0})
		}
		return "\xff\xfe" + b.String()
	}},
	{"a mark inside", cutting("\n", "\n\ufeff")},
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

// A trace with one slip put in is mended back to what it meant, or is not read,
// or is told as one whose values could have moved. It never comes to mean
// something else in silence.
func TestExamplesWithASlip(t *testing.T) {
	const tries = 1
	texts, names := exampleTexts(t)
	r := rand.New(rand.NewPCG(10, 2))
	all := make(map[string]int)
	for _, s := range spoilers {
		count := make(map[string]int)
		for _, name := range names {
			for range tries {
				bad := s.spoil(texts[name], r)
				if bad == "" {
					continue
				}
				got := outcome(t, s.slip+" in "+name, texts[name], bad)
				count[got]++
				all[got]++
			}
		}
		t.Logf("%-32s %v", s.slip, count)
	}
	t.Logf("%-32s %v", "all", all)
	if broken := all["mended"] + all["refused"] + all["moved"]; all["mended"]*10 < broken*8 {
		t.Errorf("of %d slips that break a file only %d are mended", broken, all["mended"])
	}
}

// Nor does one with two slips.
func TestExamplesWithTwoSlips(t *testing.T) {
	const tries = 6
	texts, names := exampleTexts(t)
	r := rand.New(rand.NewPCG(77, 5))
	all := make(map[string]int)
	for range tries {
		for _, name := range names {
			a, b := spoilers[r.IntN(len(spoilers))], spoilers[r.IntN(len(spoilers))]
			bad := a.spoil(texts[name], r)
			const comma = "a missing comma" // in a list it is YAML all the same, of another meaning
			if a.slip == "UTF-16" || bad == "" || a.slip == comma || b.slip == comma {
				continue // what comes second is put into text
			}
			if bad = b.spoil(bad, r); bad != "" {
				all[outcome(t, a.slip+" and "+b.slip+" in "+name, texts[name], bad)]++
			}
		}
	}
	t.Logf("%v", all)
	if broken := all["mended"] + all["refused"] + all["moved"]; all["mended"]*10 < broken*7 {
		t.Errorf("of %d files with two slips only %d are mended", broken, all["mended"])
	}
}

// outcome says what became of a text with a slip.
func outcome(t *testing.T, what, good, bad string) string {
	want, ok := meaning([]byte(good))
	if !ok {
		t.Fatalf("%s: the example does not read", what)
	}
	mended := mend.Mend("f", []byte(bad))
	out, mends := mended.Data, mended.Changes
	if _, ok := meaning([]byte(bad)); ok {
		if string(out) != bad || len(mends) > 0 {
			t.Errorf("%s: a file that reads was changed: %v", what, mends)
		}
		return "reads"
	}
	got, ok := meaning(out)
	switch {
	case !ok:
		_, err := trace.Parse("f", out, trace.DefaultLimits())
		t.Logf("%s: %s; then %v", what, told(mends), err)
		return "refused"
	case got == want:
		return "mended"
	case slices.ContainsFunc(mends, func(m mend.Change) bool { return m.Moves }):
		return "moved"
	}
	t.Errorf("%s: it means something else, and nobody is told: %s\n%s", what, told(mends), lineDiff(want, got))
	return "wrong"
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

// FuzzMend mends whatever there is: it comes to an end, and what it gives is
// mended no further.
func FuzzMend(f *testing.F) {
	for _, s := range slips {
		f.Add([]byte(s.was))
	}
	f.Add([]byte("00000:0:")) // one pass over it is not enough
	f.Fuzz(func(t *testing.T, data []byte) {
		was, start := bytes.Clone(data), time.Now()
		mended := mend.Mend("f", data)
		out, mends := mended.Data, mended.Changes
		if took := time.Since(start); took > 20*time.Second {
			t.Errorf("it takes %v to mend %d bytes", took, len(data))
		}
		if !bytes.Equal(was, data) {
			t.Fatal("what was given has been changed")
		}
		if (len(mends) == 0) != bytes.Equal(out, data) {
			t.Errorf("%d mends are told, and the bytes say otherwise", len(mends))
		}
		for _, m := range mends {
			if m.Line < 1 || m.Column < 1 || m.What == "" || strings.ContainsAny(m.What, "\n\r\x1b") {
				t.Errorf("a mend tells %+v", m)
			}
		}
		if again := mend.Mend("f", out); !bytes.Equal(again.Data, out) {
			t.Errorf("mended again: %s", told(again.Changes))
		}
	})
}
