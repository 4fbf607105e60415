package doc

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
)

// written is a document of these blocks in a format.
func written(t *testing.T, format string, opt Options, blocks ...Block) string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, format, &Document{Title: "t", Blocks: blocks}, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A text is folded at its words, under its own beginning, within the width.
func TestFold(t *testing.T) {
	fields := Fields{Rows: []Field{{Name: "A  ok", Value: Text(strings.Repeat("word ", 15) + strings.Repeat("x", 90) + " end")}}}
	want := "  A  ok  word word word word word word word word word word word word word word\n" +
		"         word\n" +
		"         " + strings.Repeat("x", 90) + "\n" +
		"         end\n"
	if d := cmp.Diff(want, written(t, "text", Options{}, fields)); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	if want := "  A\n"; written(t, "text", Options{}, Fields{Rows: []Field{{Name: "A"}}}) != want {
		t.Error("an empty value leaves blanks at a line's end")
	}
}

// Wherever a line breaks, its next word forges no command of a log.
func TestFoldedCommand(t *testing.T) {
	for _, opt := range []Options{{}, {Color: true}} {
		got := written(t, "text", opt, P(Text(strings.Repeat("x", 78)).Add(Strong, " ::error::")))
		if got = ansi.Strip(got); got != strings.Repeat("x", 78)+"\n\\x3a:error::\n" {
			t.Errorf("a workflow takes a line for a command:\n%s", got)
		}
	}
}

// Every line fits every width as far as its words do, and is the same text with
// colour as without; no colour runs past the end of a line.
func TestWidths(t *testing.T) {
	long := Text("The quick brown fox ").Add(Wrong, "jumps over the lazy dog").Add(Plain, " and 日本語 ").Add(Strong, "then rests.")
	blocks := []Block{
		Heading{Level: 1, Text: long}, P(long, long), List{long, long},
		Fields{Rows: []Field{{Name: "name", Value: long}, {Name: "another", Value: long}}},
		Table{Caption: "c", Columns: Columns("one", "two", "three"), Rows: [][]Cell{{{Text: long}, {Text: Text("2")}, {Text: long}}}},
		Table{Columns: Columns("one", "two"), Rows: [][]Cell{{{Text: Text("a")}, {Text: long}}}, Open: true},
		Table{Columns: Columns(strings.Fields("id 1 2 3 4 5 6 7 8 9 10 11 12")...), Rows: [][]Cell{Cells(strings.Fields("ok a b c d e f g h i j k l")...)}},
		Excerpt{Line: 7, Before: strings.Repeat("before ", 20), Word: "word", After: strings.Repeat(" after", 20), Tone: Wrong, Say: long},
	}
	for _, columns := range []int{40, 60, 80, 120} {
		plain := written(t, "text", Options{Width: columns}, blocks...)
		colored := written(t, "text", Options{Width: columns, Color: true}, blocks...)
		if d := cmp.Diff(plain, ansi.Strip(colored)); d != "" {
			t.Errorf("%d columns: colour changes the text: -plain +coloured:\n%s", columns, d)
		}
		for line := range strings.Lines(colored) {
			line = strings.TrimSuffix(line, "\n")
			if width(line) > columns {
				t.Errorf("%d columns in %d: %q", width(line), columns, line)
			}
			if on := strings.LastIndex(line, "\x1b["); on >= 0 && !strings.HasPrefix(line[on:], "\x1b[0") && !strings.HasPrefix(line[on:], "\x1b[2") {
				t.Errorf("a colour is left on at the end of %q", line)
			}
		}
	}
}

// A line of a file is cut around the word that matters, whatever stands beside
// it; the caret stays under the word.
func TestWindow(t *testing.T) {
	wide := strings.Repeat("日", 60)
	for _, e := range []Excerpt{
		{Before: "ab", Word: "cd", After: "ef"}, {Before: wide, Word: "cd", After: "ef"}, {Before: "ab", Word: "cd", After: wide},
		{Before: wide, Word: "cd", After: wide}, {Word: wide}, {Before: wide, Word: wide, After: wide},
	} {
		before, word, after := window(e, 40)
		if width(before+word+after) > 40 {
			t.Errorf("%+v takes %d columns", e, width(before+word+after))
		}
		if !strings.HasSuffix(e.Before, strings.TrimPrefix(before, dots)) || !strings.HasPrefix(e.After, strings.TrimSuffix(after, dots)) {
			t.Errorf("%+v became %q and %q", e, before, after)
		}
	}
}

// A table of many columns is parted into bands that fit, each with the first
// column; of one that is cut, the rest is counted.
func TestBands(t *testing.T) {
	tab := Table{Columns: Columns(strings.Fields("id n1 n2 n3 n4 n5 n6 n7 n8 n9")...), Rows: [][]Cell{Cells(strings.Fields("ok a b c d e f g h i")...), Cells(strings.Fields("term 1 2 3 4 5 6 7 8 9")...)}, Most: 1}
	got := written(t, "text", Options{Width: 40}, tab)
	if n := strings.Count(got, "│ id"); n != 2 {
		t.Errorf("%d bands, want 2:\n%s", n, got)
	}
	if !strings.HasSuffix(got, "and 1 more; the other formats have them all\n") || strings.Contains(got, "term") {
		t.Errorf("what is left out is not counted:\n%s", got)
	}
}

// Columns and headings that are for a page alone are on no terminal, and in the
// other formats.
func TestPageAlone(t *testing.T) {
	blocks := []Block{Heading{Level: 2, Text: Text("Over"), Page: true},
		Table{Caption: "c", Columns: []Column{{Name: "one"}, {Name: "room", Page: true}}, Rows: [][]Cell{Cells("a", "plenty")}}}
	for _, format := range []string{"text", "markdown", "html", "latex"} {
		got := written(t, format, Options{}, blocks...)
		for _, word := range []string{"Over", "room", "plenty"} {
			if strings.Contains(got, word) == (format == "text") {
				t.Errorf("%s: %q is in the wrong format:\n%s", format, word, got)
			}
		}
	}
}
