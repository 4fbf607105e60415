package render

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// This file reads Markdown as strictly as it can.

var (
	lineStart = regexp.MustCompile("^(?:#{1,4} |- |\\| |`{3,}[a-z]*$)")
	block     = regexp.MustCompile(`^(?:[0-9]+[.)]|[+=>~-]|    )`)
	escapes   = regexp.MustCompile(`\\[^A-Za-z0-9 ]|\\$|&(?:#58|#46|amp);`)
	fences    = regexp.MustCompile("`+")
	markup    = regexp.MustCompile("[<>_\\[\\]()~@!#{}`&]|://|www\\.")
)

// readMarkdown gives how each line begins, and how much of it is emphasis and
// ends of cells. It fails where a text is not escaped.
func readMarkdown(t *testing.T, text string) []string {
	t.Helper()
	var lines []string
	fence := ""
	for _, line := range strings.Split(text, "\n") {
		if fence != "" {
			if line == fence {
				fence = ""
			}
			continue
		}
		start := lineStart.FindString(line)
		if strings.HasPrefix(start, "```") {
			fence = fences.FindString(start)
			lines = append(lines, "```")
			continue
		}
		rest := escapes.ReplaceAllString(withoutCode(line[len(start):]), "")
		if bad := markup.FindString(rest); bad != "" || start == "" && block.MatchString(line) {
			t.Errorf("%q is not escaped in %q", bad, line)
		}
		lines = append(lines, fmt.Sprint(start, strings.Count(rest, "*"), strings.Count(rest, "|")))
	}
	if fence != "" {
		t.Errorf("a block of code is left open:\n%s", text)
	}
	return lines
}

// withoutCode gives a line without its spans of code: each ends with as many
// backticks as it begins with.
func withoutCode(s string) string {
	out := ""
	for {
		at := fences.FindStringIndex(s)
		if at == nil {
			return out + s
		}
		before, fence, rest := s[:at[0]], s[at[0]:at[1]], s[at[1]:]
		if escaped := strings.HasSuffix(before, `\`); escaped {
			out, s = out+before+fence, rest
			continue
		}
		end := slices.IndexFunc(fences.FindAllStringIndex(rest, -1), func(in []int) bool { return in[1]-in[0] == len(fence) })
		if end < 0 {
			out, s = out+before+fence, rest
			continue
		}
		out, s = out+before, rest[fences.FindAllStringIndex(rest, -1)[end][1]:]
	}
}
