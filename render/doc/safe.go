package doc

import (
	"fmt"
	"regexp"
	"strings"
	"sync"
	"unicode"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
)

// Clean makes text safe to show within a line: what could move a cursor, set a
// colour, turn the direction of writing or hide becomes a visible escape, such
// as \x1b or \u202e. Everything else stays, all scripts and emoji included.
// What the log of a CI service takes for a command wherever it stands, such as
// ##[error] and section_start:, is broken up too. Cleaning twice changes nothing.
func Clean(s string) string {
	s = breakCommands(s, `#\x23$1`, `$1\x3a`)
	if !needsCleaning(s) {
		return s
	}
	var b strings.Builder
	prev := rune(0)
	for i, r := range s {
		switch {
		case r == utf8.RuneError && !isReplacement(s[i:]):
			fmt.Fprintf(&b, `\x%02x`, s[i]) // a byte that is no text
		case !hidden(r, prev):
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r < 0x100:
			fmt.Fprintf(&b, `\x%02x`, r)
		case r < 0x10000:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			fmt.Fprintf(&b, `\U%08x`, r)
		}
		prev = r
	}
	return b.String()
}

// These begin a command wherever in a line of a log they stand: ##[error] for
// GitHub and Azure, ##vso[task] for Azure, ##teamcity[message] for TeamCity,
// section_start: for GitLab, travis_fold: for Travis.
var (
	bracketCommands = lazily(`(?i)##((?:vso|teamcity)?\[)`)
	colonCommands   = lazily(`(section_(?:start|end)|travis_(?:fold|time)):`)
)

// breakCommands puts something else in place of the commands of bracketCommands
// and colonCommands.
func breakCommands(s, bracket, colon string) string {
	if strings.Contains(s, "##") {
		s = bracketCommands().ReplaceAllString(s, bracket)
	}
	if strings.Contains(s, "section_") || strings.Contains(s, "travis_") {
		s = colonCommands().ReplaceAllString(s, colon)
	}
	return s
}

// Line is Clean for text with which a line begins: there, the log of a GitHub
// workflow takes ::error:: for a command, and that of Buildkite --- for the head
// of a group.
func Line(s string) string { return breakLine(Clean(s)) }

// breakLine breaks the command up with which a clean line begins.
func breakLine(s string) string {
	if !maybeCommand(s) || !lineCommands().MatchString(ansi.Strip(s)) {
		return s
	}
	rest := strings.TrimLeft(s, " ")
	first := strings.IndexAny(rest, ":-+~^") // past a colour
	return s[:len(s)-len(rest)+first] + fmt.Sprintf(`\x%02x`, rest[first]) + rest[first+1:]
}

// lineCommands begin a command at the start of a line.
var lineCommands = lazily(`^ *(?:::|(?:---|\+\+\+|~~~|\^\^\^) )`)

// maybeCommand is a quick look at whether lineCommands could match.
func maybeCommand(s string) bool {
	for _, mark := range []string{"::", "---", "+++", "~~~", "^^^"} {
		if strings.Contains(s, mark) {
			return true
		}
	}
	return false
}

func needsCleaning(s string) bool {
	prev := rune(0)
	for i, r := range s {
		if r >= 0x7f || r < ' ' {
			if hidden(r, prev) || r == utf8.RuneError && !isReplacement(s[i:]) {
				return true
			}
		}
		prev = r
	}
	return false
}

// isReplacement tells the replacement character from a byte that is no UTF-8,
// which a range over a string gives as that character too.
func isReplacement(s string) bool {
	return strings.HasPrefix(s, string(utf8.RuneError))
}

const (
	zeroWidthJoiner = '\u200d'
	emojiVariation  = '\ufe0f'
)

// hidden reports whether a character is none that a reader sees as itself. The
// joiner and the variation selector are seen as part of the emoji before them.
func hidden(r, prev rune) bool {
	switch {
	case r == zeroWidthJoiner || r == emojiVariation:
		return !unicode.Is(unicode.So, prev) && !unicode.Is(unicode.Sk, prev) && prev != emojiVariation
	case r >= 0xe0000 && r <= 0xe0fff:
		return true // tags and further variation selectors
	}
	return !unicode.IsPrint(r) && r != ' ' || unicode.Is(unicode.Cf, r) || unicode.Is(unicode.Zl, r) || unicode.Is(unicode.Zp, r)
}

// lazily gives a regular expression that is compiled when it is first used: most runs
// of a command use none of them.
func lazily(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
