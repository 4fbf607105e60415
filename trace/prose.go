package trace

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// proseValue gives text as a value of a key outside of brackets: on
// the key's line where it fits there, and on lines below where it is long or has
// several.
func proseValue(s string) value {
	const room = lineWidth - 12 // behind a step's key
	switch {
	case strings.Contains(s, "\n"):
		if isLines(s) {
			return value{text: s, open: '|'}
		}
	case utf8.RuneCountInString(s) > room && isWords(s):
		return value{text: s, open: '>'}
	}
	return word(blockScalar(s))
}

// isLines reports whether text reads back from a literal block as it is: its
// first line has text and does not begin with a space, which would be taken for
// indentation, it ends in one line break at most, and all of it shows.
func isLines(s string) bool {
	first, _ := utf8.DecodeRuneInString(s)
	return first != ' ' && first != '\n' && !strings.HasSuffix(s, "\n\n") && !strings.Contains(s, " \n") &&
		!strings.HasSuffix(s, " ") && utf8.ValidString(s) &&
		strings.IndexFunc(s, func(r rune) bool { return r != '\n' && !unicode.IsPrint(r) }) < 0
}

// isWords reports whether text reads back from a folded block as it is: words
// with a space between them.
func isWords(s string) bool {
	return utf8.ValidString(s) && s == strings.Join(strings.Fields(s), " ") &&
		strings.IndexFunc(s, func(r rune) bool { return !unicode.IsPrint(r) }) < 0
}

// lines writes a literal or folded block below its key.
func (f *folder) lines(v *value, indent int) {
	text, whole := strings.CutSuffix(v.text, "\n")
	header, lines := "|-", strings.Split(text, "\n")
	switch {
	case v.open == '>':
		header, lines = ">-", wrap(v.text, lineWidth-indent)
	case whole:
		header = "|"
	}
	f.print(" " + header)
	for _, line := range lines {
		if line == "" {
			f.WriteByte('\n')
			continue
		}
		f.newline(indent)
		f.print(line)
	}
}

// wrap breaks text between words into lines of a width, if the words allow it.
func wrap(text string, width int) []string {
	var lines []string
	line := ""
	for _, w := range strings.Fields(text) {
		if line != "" && utf8.RuneCountInString(line)+1+utf8.RuneCountInString(w) > width {
			lines = append(lines, line)
			line = ""
		}
		if line != "" {
			line += " "
		}
		line += w
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}
