package editor

import (
	"slices"
	"strings"
)

// Without gives a text without some keys at the top of its documents, and what is
// written under them: whole lines, of documents whose keys have lines of their own. The
// rest stays as it is.
func Without(text string, keys []string) string {
	var out strings.Builder
	out.Grow(len(text))
	gone, document := false, true
	for line := range strings.Lines(text) {
		switch {
		case strings.HasPrefix(line, "---"), strings.HasPrefix(line, "..."):
			gone, document = false, true
		case document && (strings.HasPrefix(line, "{") || strings.HasPrefix(line, "[")):
			document = false // in brackets: no key has a line of its own
		case document && beginsKey(line):
			key, _, _ := strings.Cut(line, ":")
			gone = slices.Contains(keys, strings.Trim(strings.TrimSpace(key), `"'`))
		}
		if !gone {
			out.WriteString(line)
		}
	}
	return out.String()
}

// beginsKey reports whether a line begins with a key, or with what else ends the one
// before: neither further in, nor an item of a list, nor a comment, nor empty.
func beginsKey(line string) bool { return strings.IndexByte(" \t\r\n-#]}", line[0]) < 0 }
