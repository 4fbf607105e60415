package plain_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"raftsheet/raft/wide"
)

// parts are what YAML is made of, and what is easily taken for it.
var parts = []string{
	"a", "b", "key", "1", "2:x", "-1", "é", "日", "\u00a0", "~", "null", "true", ".5", "<<", "'x'", `"y z"`, "'it''s'", `"\n"`, "'", `"`,
	": ", ":", " :", ":\n", "- ", "-", "-\n", "--", "---\n", "--- ", "...\n", "? ", "?", "\n", "\n", "\n\n", "\r\n", "\r", " ", " ", "  ", "   ", "\t",
	"[", "]", "{", "}", ", ", ",", "[]", "{}", "[a, b]", "{a: 1}", "{a: , b}", "# c", " # c\n", "#", "&x ", "*x", "!t ", "!", "|", ">", "|\n", "%", "%YAML 1.1\n", "@", "`", "=",
	"\n  ", "\n- ", "\n  - ", "\na: ", "\n  b: ", "a: ", "\ufeff", "\u0085", "\u2028", "\x00", "\x7f", "\xff", "\xc3",
	strings.Repeat("k", 1023), strings.Repeat("é ", 512), strings.Repeat(" ", 511), strings.Repeat("\n", 511),
}

// rows gives the texts of up to so many parts, one after the other.
func rows(alphabet []string, most int, do func(text string)) {
	var grow func(text string, left int)
	grow = func(text string, left int) {
		do(text)
		for _, part := range alphabet {
			if left > 0 {
				grow(text+part, left-1)
			}
		}
	}
	grow("", most)
}

// All texts of a few parts are read as the YAML library reads them, or handed over.
// If this fails, a small file is misread.
func TestAllSmall(t *testing.T) {
	c := &count{t: t}
	most := 4
	if wide.On() {
		most = 6
	}
	rows([]string{"a", " ", "\n", ":", "-", "[", "]", "{", "}", ",", "#", "'"}, most, func(text string) { c.see([]byte(text)) })
	rows([]string{"a", ": ", "\n", "  ", "- ", "[", "]", "{", "}", ", ", "# c", "?", "---\n"}, most, func(text string) { c.see([]byte(text)) })
	c.print()
}

// Texts with something changed, taken out, put in or put elsewhere, and texts that
// are made up, are read as the YAML library reads them, or handed over.
func TestNearMisses(t *testing.T) {
	c := &count{t: t}
	runs := wide.Of(60_000, 2_000_000)
	seed := wide.Of[uint64](1, rand.Uint64())
	t.Logf("the seed is %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	texts := pieces(t)
	for range runs {
		var text string
		switch r.IntN(3) {
		case 0:
			text = texts[r.IntN(len(texts))]
		case 1:
			text = (&writer{Rand: r}).document()
			if _, isPlain := differ([]byte(text)); !isPlain {
				t.Fatalf("this is not read as plain:\n%s", text)
			}
		case 2:
			for range 1 + r.IntN(12) {
				text += parts[r.IntN(len(parts))]
			}
		}
		for range r.IntN(4) {
			text = miss(r, text)
		}
		c.see([]byte(text))
		if r.IntN(8) == 0 {
			c.see([]byte(strings.ReplaceAll(text, "\n", "\r\n")))
		}
	}
	c.print()
}

// A count says how many texts were looked at, and how many of them are plain.
type count struct {
	t              *testing.T
	texts, isPlain int
}

func (c *count) see(data []byte) {
	difference, isPlain := differ(data)
	if c.texts++; isPlain {
		c.isPlain++
	}
	if difference != "" {
		c.t.Fatalf("%q: %s", data, difference)
	}
}

func (c *count) print() { c.t.Logf("%d texts, %d of them plain", c.texts, c.isPlain) }

// pieces gives a few lines of every YAML file, from each of its lines on.
func pieces(tb testing.TB) []string {
	var out []string
	_, files := seeds(tb)
	for _, data := range files {
		lines := strings.SplitAfter(string(data), "\n")
		for i := range lines {
			out = append(out, strings.Join(lines[i:min(i+1+i%9, len(lines))], ""))
		}
	}
	return out
}

// miss changes a text in one place.
func miss(r *rand.Rand, text string) string {
	at := r.IntN(len(text) + 1)
	to := min(len(text), at+r.IntN(4))
	switch r.IntN(5) {
	case 0:
		return text[:at] + text[to:]
	case 1:
		return text[:at] + text[at:to] + text[at:]
	case 2: // a line deeper or less deep, or the place behind it
		if line := strings.LastIndexByte(text[:at], '\n') + 1; r.IntN(2) == 0 {
			return text[:line] + " " + text[line:]
		} else {
			return text[:line] + strings.TrimPrefix(text[line:], " ")
		}
	case 3:
		return text[:at] + parts[r.IntN(len(parts))] + text[to:]
	}
	return text[:at] + parts[r.IntN(len(parts))] + text[at:]
}

// A writer makes up plain files, in as many layouts as there are.
type writer struct {
	*rand.Rand
	strings.Builder
	odd  int // scalars still to come that may be none of a plain file
	more int // items of a collection beyond a few, and levels
}

func (w *writer) one(of ...string) string { return of[w.IntN(len(of))] }

func (w *writer) document() string {
	w.WriteString(w.one("", "", "# c\n", "\n", "---\n", "--- # c\n"))
	for i := range 1 + w.IntN(4)/3 {
		if i > 0 {
			w.WriteString("---\n")
		}
		w.block(w.IntN(3), 3+w.more, false)
	}
	return w.String()
}

// block writes a collection in a column, at its place already or on a new line.
func (w *writer) block(column, depth int, placed bool) {
	indent := strings.Repeat(" ", column)
	kind := w.IntN(5)
	if kind == 0 {
		if !placed {
			w.WriteString(indent)
		}
		w.flow(depth)
		w.lineEnd()
		return
	}
	for i := range 1 + w.IntN(3+w.more) {
		if i > 0 || !placed {
			w.WriteString(indent)
		}
		if kind > 2 {
			w.WriteString(w.scalar(false) + w.one(":", ":", " :"))
			w.value(column, depth, false)
		} else {
			w.WriteString("-")
			w.value(column, depth, true)
		}
	}
}

// value writes what is behind a dash or a colon.
func (w *writer) value(column, depth int, item bool) {
	deeper := column + 1 + w.IntN(3)
	kind := w.IntN(5)
	switch {
	case kind == 0:
		w.lineEnd()
	case kind == 1 || depth == 0:
		w.WriteString(w.one(" ", "  ") + w.scalar(false))
		w.lineEnd()
	case kind == 2:
		w.WriteString(" ")
		w.flow(depth - 1)
		w.lineEnd()
	case kind == 3 && item:
		gap := w.one(" ", "   ")
		w.WriteString(gap)
		w.block(column+1+len(gap), depth-1, true)
	case kind == 3:
		w.lineEnd()
		w.WriteString(strings.Repeat(" ", column) + "-")
		w.value(column, depth-1, true)
	default:
		w.lineEnd()
		w.block(deeper, depth-1, false)
	}
}

func (w *writer) flow(depth int) {
	braces := w.IntN(2) == 0
	w.WriteString(map[bool]string{true: "{", false: "["}[braces] + w.gap())
	for range w.IntN(4 + w.more) {
		switch {
		case braces && w.IntN(6) == 0:
			w.WriteString(w.scalar(true))
		case braces:
			w.WriteString(w.scalar(true) + w.one(": ", " : ", ":\n "))
			if w.IntN(4) > 0 {
				w.item(depth)
			}
		default:
			w.item(depth)
		}
		w.WriteString(w.gap() + "," + w.gap())
	}
	if !braces && w.IntN(2) == 0 {
		w.item(depth)
		w.WriteString(w.gap())
	}
	w.WriteString(map[bool]string{true: "}", false: "]"}[braces])
}

func (w *writer) item(depth int) {
	if depth > 0 && w.IntN(3) == 0 {
		w.flow(depth - 1)
		return
	}
	w.WriteString(w.scalar(true))
}

func (w *writer) gap() string {
	return w.one("", "", "", " ", "  ", "\n", "\r\n ", " # c, ]\n", "\n\n# c\n  ")
}

func (w *writer) lineEnd() {
	w.WriteString(w.one("\n", "\n", "\n", "\n", " \n", "\r\n", " # c: d\n", "\n\n", "\n   # c\n", "\n# c\n"))
}

func (w *writer) scalar(inFlow bool) string {
	if w.odd > 0 && w.IntN(6) == 0 {
		w.odd--
		return w.oddScalar()
	}
	if !inFlow && w.IntN(8) == 0 || inFlow && w.IntN(16) == 0 {
		if word := w.word(); !inFlow || !strings.Contains(word, ",") {
			return word
		}
	}
	if !inFlow && w.IntN(4) == 0 {
		return w.one("a, b", "x [y]", "a?b", "{c"[1:]+"}", "-[", "e,")
	}
	return w.one("a", "ok", "no", "none", "1", "23", "2:x", "3/1", "~", "null", "true", "-1", "1.5", ".x", "é", "日本 語", "a b  c", "a#b", "x:y", "don't",
		"'q'", "'it''s'", "''", `"d"`, `"a: b # c, ]"`, `""`, "'é'", "a\u00a0b", "2001-12-14", "0x1f", "<", "=", "--", "$(x)")
}

// FuzzPlain reads whatever there is as the YAML library reads it, or not at all.
func FuzzPlain(f *testing.F) {
	_, files := seeds(f)
	for _, data := range files {
		f.Add(data)
	}
	r := rand.New(rand.NewPCG(1, 0))
	for range 200 {
		f.Add([]byte((&writer{Rand: r}).document()))
	}
	for _, part := range parts {
		f.Add([]byte("a: " + part + "\n"))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if difference, _ := differ(data); difference != "" {
			t.Error(difference)
		}
	})
}
