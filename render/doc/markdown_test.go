package doc

import (
	"strings"
	"testing"
)

// What begins a line of Markdown, marks text up, links or mentions, stands for
// itself.
func TestMarkdownStandsForItself(t *testing.T) {
	for text, want := range map[string]string{
		"---": `\---`, "===": `\===`, "+ x": `\+ x`, "- x": `\- x`, "1. x": `1\. x`, "12) x": `12\) x`, "# x": `\# x`, "> x": `\> x`,
		"    x": "x", "a|b": `a\|b`, "*a* _b_ ~c~": `\*a\* \_b\_ \~c\~`, "`x`": "\\`x\\`", "[x](y)": `\[x\]\(y\)`, "![x](y)": `\!\[x\]\(y\)`,
		"@octocat": "`@`octocat", "a@@b": "a`@@`b", "&#64;octocat": `&amp;\#64;octocat`, "&lt;": "&amp;lt;", "https://x.y": "https&#58;//x.y", "www.x.y": "www&#46;x.y",
		"<b>": `\<b\>`, "::error::x": `\x3a:error::x`, "##[error]": `\#\\x23\[error\]`, "a\nb": `a\\nb`,
	} {
		if got := strings.TrimSpace(written(t, "markdown", Options{}, P(Text(text)))); got != want {
			t.Errorf("%q is written %q, not %q", text, got, want)
		}
		if got := strings.TrimSpace(written(t, "markdown", Options{}, List{Text(text)})); got != "- "+want {
			t.Errorf("%q as an item is written %q, not %q", text, got, "- "+want)
		}
	}
}

// A cell of a table stays one cell, whatever is in it.
func TestMarkdownCells(t *testing.T) {
	for _, text := range []string{"a|b", `a\|b`, `a\\|b`, "`|`", "|"} {
		for _, mark := range []Mark{Plain, Strong, Literal} {
			got := written(t, "markdown", Options{}, Table{Columns: Columns("x"), Rows: [][]Cell{{{Text: Marked(mark, text)}}}})
			row := strings.Split(strings.TrimSpace(got), "\n")[2]
			// GitHub takes a backslash with the character after it first, then bars.
			if rest := strings.NewReplacer(`\\`, "", `\|`, "").Replace(row); strings.Count(rest, "|") != 2 {
				t.Errorf("%q with mark %d is more than one cell: %s", text, mark, row)
			}
		}
	}
}

// A block of code is closed by its own fence alone.
func TestMarkdownFence(t *testing.T) {
	got := written(t, "markdown", Options{}, Code{Text: "a\n````\nb\n", Language: "yaml"})
	if want := "`````yaml\na\n````\nb\n`````\n\n"; got != want {
		t.Errorf("%q, want %q", got, want)
	}
}

// A span of code cannot be closed by its text, and keeps the text as it is.
func TestCodeSpan(t *testing.T) {
	for text, want := range map[string]string{
		"a": "`a`", "a`b": "`` a`b ``", "``": "``` `` ```", "`": "`` ` ``", " ": "`   `",
	} {
		if got := codeSpan(text); got != want {
			t.Errorf("%q is %q, want %q", text, got, want)
		}
	}
}
