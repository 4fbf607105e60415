package doc

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"raftsheet/raft/wide"
	"raftsheet/render/internal/papertest"
)

// texTexts are what a hostile file tries on TeX.
var texTexts = []string{`\input{/etc/passwd}`, `\immediate\write18{id}`, `% comment`, `^^5cinput`, `$x$ $$`, `~`, `{`, `}`, `{}`, `#1`, `&`, `_`, `"q" 'a' ` + "`b`",
	`-- --- << >> ,, ''`, "?` !`", `[x]`, `*`, `\end{document}`, `\csname end\endcsname`, `\def\rsU#1#2{}`, `\\[9cm]`, `\verb|x|`, `\catcode`, `|`,
	strings.Repeat("x", 300), strings.Repeat("word ", 60), `^^^^65e5`, `\rsU{0041}{x}`, "é ü ß ø Ł § … – Ω Ж", "👩‍👩‍👧‍👦", "عربي", "e\u0301"}

// commands are those that a page's text and layout use; a text adds none.
var commands = strings.Fields(`addvspace allowbreak arrayrulecolor arraybackslash begin cellcolor centering clearpage color colorbox end endhead ensuremath
	fontsize geq hline hookrightarrow hspace leftskip leq linewidth makebox mbox newline nopagebreak par raggedleft raggedright rsCell rsFramed rsHead rsLine
	rsNotice rsRow rsU rule selectfont shortstack strut surd textasciicircum textasciigrave textasciitilde textbackslash textbar textbf textbullet
	textcolor textgreater textit textless textquotedbl textquotesingle texttt times vspace rightarrow circ renewcommand arraystretch`)

var (
	texUnicode = regexp.MustCompile(`\\rsU\{[0-9A-F]{4,6}\}\{(?:\^\^[0-9a-f]{2})+\}`)
	texCommand = regexp.MustCompile(`^\\([a-zA-Z]+|[ {}$&#_%\\])`)
)

// lexTeX reads the text of a page as TeX would, fails for what a text must not
// bring into it, and counts the ends of cells and rows, and the brackets that could
// begin an option.
func lexTeX(t *testing.T, text, page string) (counts [3]int) {
	t.Helper()
	_, body, _ := strings.Cut(page, `\begin{document}`)
	body = strings.ReplaceAll(texUnicode.ReplaceAllString(body, "x"), "{[}", "x")
	depth := 0
	for body != "" {
		switch c := body[0]; c {
		case '\\':
			m := texCommand.FindStringSubmatch(body)
			if m == nil || len(m[1]) > 1 && !slices.Contains(commands, m[1]) {
				t.Fatalf("%q: the command %.20q", text, body)
			}
			if m[1] == `\` {
				counts[1]++
			}
			body = body[len(m[0]):]
			continue
		case '{':
			depth++
		case '}':
			if depth--; depth < 0 {
				t.Fatalf("%q: a brace closes nothing before %.40q", text, body)
			}
		case '&':
			counts[0]++
		case '[':
			counts[2]++
		case '$', '#', '~', '%', '^', '_':
			t.Fatalf("%q: a sign of TeX's: %.20q", text, body)
		default:
			if c > '~' || c < ' ' && c != '\n' {
				t.Fatalf("%q: the byte %q", text, c)
			}
		}
		body = body[1:]
	}
	if depth != 0 {
		t.Errorf("%q: %d braces are left open", text, depth)
	}
	return counts
}

// Whatever a text is, LaTeX has it as text: pure ASCII, no command, sign, cell or row
// of its own, in the head of the page neither.
func TestHostileLaTeX(t *testing.T) {
	want := lexTeX(t, "x", string(onPaper(t, "latex", Options{}, every("x"))))
	for _, text := range slices.Concat(hostile, texTexts) {
		d := every(text)
		page := string(onPaper(t, "latex", Options{}, d))
		got := lexTeX(t, text, page)
		if len(text) > 200 {
			got[2] = want[2] // a group that is longer than a page has other tables
		}
		if got != want {
			t.Errorf("%q: cells, rows and brackets are %d, not %d", text, got, want)
		}
		_, title, _ := strings.Cut(page, `\newcommand\rsTitle`)
		title, _, _ = strings.Cut(title, "\n")
		lexTeX(t, text, `\begin{document}`+title)
	}
}

// LaTeX shows what a PDF of the program's own shows; xelatex other scripts too, and
// pdflatex their code points.
func TestCompiled(t *testing.T) {
	wide.Only(t)
	d := &Document{Title: "every hostile text"}
	for i, text := range slices.Concat(hostile, texTexts) {
		d.Add(Heading{Level: 2, Text: Text(fmt.Sprint("number ", i))})
		d.Add(every(text).Blocks...)
	}
	d.Add(P(Text("日本語 ǰ end")))
	tex := onPaper(t, "latex", Options{}, d)
	for engine, foreign := range map[string][]string{"pdflatex": {"U+65E5", "U+672C"}, "xelatex": nil} {
		pdf, log := papertest.Compile(t, engine, tex)
		got := papertest.Squeezed(papertest.Text(t, pdf)...)
		for _, text := range append([]string{`\input{/etc/passwd}`, `\immediate\write18{id}`, `%comment`, `^^5cinput`, `\end{document}`, `#1`, `\\[9cm]`, `\rsU{0041}{x}`, "---<<>>,,", "end"}, foreign...) {
			if !strings.Contains(got, papertest.Squeezed(text)) {
				t.Errorf("%s does not show %q", engine, text)
			}
		}
		if told := strings.Contains(log, "Note: some characters are shown as their code points"); engine == "pdflatex" && !told {
			t.Errorf("pdflatex does not say what it cannot show")
		}
	}
}
