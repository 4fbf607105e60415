//go:build !js

package doc

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file makes text of LaTeX. It is pure ASCII: every sign of TeX's syntax goes
// as the command that shows it, and every character beyond ASCII as \rsU with its
// code point and its bytes, for the engine to show as far as it can. So no text is
// ever a command, a comment, a cell or a length.

// latexSigns are what stands for a character in both engines.
var latexSigns = map[rune]string{
	'\\': `\textbackslash{}`, '{': `\{`, '}': `\}`, '$': `\$`, '&': `\&`, '#': `\#`, '_': `\_`, '%': `\%`, '^': `\textasciicircum{}`,
	'~': `\textasciitilde{}`, '"': `\textquotedbl{}`, '`': `\textasciigrave{}`, '[': `{[}`, ']': `{]}`, '*': `{*}`, '\'': `\textquotesingle{}`,
	'<': `\textless{}`, '>': `\textgreater{}`, '|': `\textbar{}`,
	'✓': `\ensuremath{\surd}`, '✗': `\ensuremath{\times}`, '↳': `\ensuremath{\hookrightarrow}`, '○': `\ensuremath{\circ}`,
	'≥': `\ensuremath{\geq}`, '≤': `\ensuremath{\leq}`, '→': `\ensuremath{\rightarrow}`,
}

const longWord = 24 // characters of a word from which on it may break anywhere

// latexText is clean text as LaTeX.
func latexText(s string) string {
	var b strings.Builder
	inWord, prev := 0, rune(0)
	for i, r := range s {
		if inWord++; r == ' ' {
			inWord = 0
		}
		if inWord == 1 && len(s)-i > longWord {
			if end := strings.IndexByte(s[i:], ' '); end < 0 || end > longWord {
				inWord = longWord
			}
		}
		if inWord > longWord && inWord%4 == 0 {
			b.WriteString(`\allowbreak{}`)
		}
		switch sign, is := latexSigns[r]; {
		case is:
			b.WriteString(sign)
		case r == ' ' && (prev == ' ' || prev == 0):
			b.WriteString(`\ `)
		case r == prev && strings.ContainsRune("-,:+", r):
			b.WriteString("{}" + string(r)) // two are another sign, or a command of a log
		case r < utf8.RuneSelf:
			b.WriteRune(r)
		default:
			b.WriteString(latexUnicode(r))
		}
		prev = r
	}
	return b.String()
}

// latexUnicode is a character beyond ASCII. A line may break after one of a script
// that has no spaces.
func latexUnicode(r rune) string {
	bytes := ""
	for _, c := range []byte(string(r)) {
		bytes += fmt.Sprintf("^^%02x", c)
	}
	out := fmt.Sprintf(`\rsU{%04X}{%s}`, r, bytes)
	if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai) {
		out += `\allowbreak{}`
	}
	return out
}

// latexNames are the names that page.tex gives colours.
var latexNames = map[tint]string{grey: "rsGrey", green: "rsGreen", red: "rsRed", blue: "rsBlue", shade: "rsShade", pale: "rsPale"}

// latexRuns are the runs of a line as LaTeX.
func latexRuns(runs []run) string {
	var b strings.Builder
	for _, r := range runs {
		text := r.text
		if r.char != 0 {
			text = string(r.char)
		}
		out := latexText(text)
		switch face := r.face; {
		case r.code: // in a font of its own
		case face == bold:
			out = `\textbf{` + out + "}"
		case face == italic:
			out = `\textit{` + out + "}"
		case face == mono:
			out = `\texttt{` + out + "}"
		case face == monobold:
			out = `\texttt{\textbf{` + out + "}}"
		}
		if name := latexNames[r.ink]; name != "" {
			out = `\textcolor{` + name + "}{" + out + "}"
		}
		if r.back != nil {
			out = `\colorbox{rsGlow}{\strut ` + out + "}"
		}
		b.WriteString(out)
	}
	return b.String()
}

// latexLines are folded lines as the text of a cell.
func latexLines(lines [][]run) string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = latexRuns(l)
	}
	return strings.Join(out, `\newline `)
}

// latexLength is a length in millimetres.
func latexLength(mm float64) string {
	return strings.TrimRight(strings.TrimRight(fmt.Sprintf("%.2f", mm), "0"), ".") + "mm"
}
