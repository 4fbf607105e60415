package doc

import (
	"io"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/net/html"
)

// every is a document with every block, and the text in each place that takes
// one.
func every(text string) *Document {
	in := Inline{}
	for m := Plain; m <= Foreign; m++ {
		in = in.Add(m, text).Add(Plain, " ")
	}
	cells := func() []Cell { return []Cell{{Text: in}, {Text: in, Shaded: true}, {Text: in, Share: 40}} }
	table := Table{Caption: text, Columns: []Column{{Name: text}, {Name: text, Right: true}, {Name: text, Page: true}}, Rows: [][]Cell{cells(), cells()}}
	open, ruled := table, table
	open.Open, open.Caption, ruled.Ruled, ruled.Most = true, "", true, 1
	form := ruled
	form.Room = 3
	excerpt := Excerpt{Line: 3, Before: text, Word: text, After: text, Tone: Wrong, Say: in}
	return &Document{Title: text, Blocks: []Block{
		Heading{Level: 1, Text: in}, Heading{Level: 2, Text: in, Page: true}, P(in, in), Paragraph{Lines: []Inline{in}, Notice: true}, Paragraph{Lines: []Inline{in}, Tight: true},
		Fields{Rows: []Field{{Name: text, Value: in}, {Name: "empty"}}}, Fields{Rows: []Field{{Name: text, Value: in}}, Form: true}, List{in, in},
		table, open, ruled, Code{Text: text + "\n" + text, Language: "yaml"}, excerpt,
		Places{{File: text, At: "1:2", Kind: "kind", What: text, Why: text, Excerpt: &excerpt}, {File: text, Kind: "kind", Note: true, What: text, Why: text}},
		Group{Head: in, Tone: Wrong, Blocks: []Block{P(in), excerpt}}, Group{Blocks: []Block{P(in)}},
		Detail{Summary: in, Blocks: []Block{P(in)}}, Bars{Caption: text, Rows: []Bar{{text, text, 3}, {text, text, 0}}},
		Group{Given: true, Blocks: []Block{Fields{Rows: []Field{{Name: text, Value: in}}, Form: true}, form}},
		Fields{Rows: []Field{{Name: text, Value: in}, {Name: "a", Value: Text("b")}, {Name: "c", Value: Text("d")}}, Form: true, Given: true},
		Group{Beside: true, Blocks: []Block{Heading{Level: 2, Text: in}, form}}, Group{Beside: true, Blocks: []Block{P(in)}}, Group{Beside: true, Blocks: []Block{P(in)}},
		Group{Label: text, Apart: true, Blocks: []Block{Heading{Level: 2, Text: in}, Fields{Rows: []Field{{Name: text, Value: in}, {Name: text}, {Name: text, AtHead: true}}, Form: true}, form}},
	}}
}

// Each kind of block is in the document above; a new one has to be added.
func TestEveryBlock(t *testing.T) {
	kinds := make(map[string]bool)
	for _, b := range every("x").Blocks {
		kinds[reflect.TypeOf(b).Name()] = true
	}
	for _, name := range []string{"Heading", "Paragraph", "Fields", "List", "Table", "Code", "Excerpt", "Places", "Group", "Detail", "Bars"} {
		if !kinds[name] {
			t.Errorf("no %s", name)
		}
	}
}

// hostile are texts that try to leave their place: a cursor moved, a command of
// a log, an element, the end of a cell or of a fence.
var hostile = []string{"\x1b[2J", "\u009b31m", "a\rb", "\u202eabc", "a\u200bb", "::error::x", "##[error]x", "##vso[task.complete]x", "a|b", "a\nb", "a\n::error::x",
	"</script><img src=x onerror=1>", "</pre></code><b>", "\"><b a='", "@octocat", "&#64;octocat", "```", "~~~", "`", "a`b", "**", "*", "_", "---", "1. x", "# x", "> x", "    x", "\\", "\\|", "日本語", "{{.}}"}

// Whatever a text is, in whatever place of whatever block: nothing in it is
// hidden or a command, a page keeps its elements, and Markdown its lines.
func TestHostileBlocks(t *testing.T) {
	tags := elements(t, "harmless")
	lines := markdownLines(t, "harmless")
	for _, text := range hostile {
		for _, format := range Formats()[:len(Formats())-1] { // a PDF is read back elsewhere
			for _, opt := range []Options{{}, {Color: true, Width: 24}} {
				var b strings.Builder
				if err := Write(&b, format, every(text), opt); err != nil {
					t.Fatal(err)
				}
				for line := range strings.SplitSeq(ansi.Strip(b.String()), "\n") {
					if line != Clean(line) || breakLine(line) != line {
						t.Errorf("%s: %q gives the line %q", format, text, line)
					}
				}
			}
		}
		if got := elements(t, text); !slices.Equal(got, tags) {
			t.Errorf("%q: the page has the elements\n%v, not\n%v", text, got, tags)
		}
		if got := markdownLines(t, text); got != lines {
			t.Errorf("%q: %d lines of Markdown, not %d", text, got, lines)
		}
	}
}

// elements gives the elements of the page as a browser finds them, with the names
// of their attributes.
func elements(t *testing.T, text string) []string {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, "html", every(text), Options{}); err != nil {
		t.Fatal(err)
	}
	root, err := html.Parse(strings.NewReader(b.String()))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for n := range root.Descendants() {
		if n.Type == html.ElementNode {
			tag := n.Data
			for _, a := range n.Attr {
				tag += " " + a.Key
			}
			out = append(out, tag)
		}
	}
	return out
}

// markdownLines counts the lines outside of code.
func markdownLines(t *testing.T, text string) int {
	t.Helper()
	var b strings.Builder
	if err := Write(&b, "markdown", every(text), Options{}); err != nil {
		t.Fatal(err)
	}
	n, fence := 0, ""
	for line := range strings.SplitSeq(b.String(), "\n") {
		switch marks := line[:len(line)-len(strings.TrimLeft(line, "`"))]; {
		case fence != "":
			if line == fence {
				fence = ""
			}
		case len(marks) >= 3 && !strings.Contains(line[len(marks):], "`"):
			fence = marks
		default:
			n++
		}
	}
	if fence != "" {
		t.Errorf("%q leaves a block of code open", text)
	}
	return n
}

// A full disk is no success, and there is no format that is not listed.
func TestWriteErrors(t *testing.T) {
	for _, format := range Formats() {
		if err := Write(full{}, format, every("x"), Options{}); err != io.ErrShortWrite {
			t.Errorf("%s: %v", format, err)
		}
	}
	if err := Write(io.Discard, "docx", every("x"), Options{}); err == nil || !strings.Contains(err.Error(), "text, markdown, html, latex, pdf") {
		t.Errorf("an unknown format: %v", err)
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, io.ErrShortWrite }
