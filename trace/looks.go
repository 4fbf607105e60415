package trace

import (
	"bytes"
	"strings"
)

// This file tells a text that was meant to be a trace from any other, be it YAML
// or not.

// LooksKeyed reports whether a text, or its beginning, has a line that begins with
// one of the format's keys at the top of a document, slips and all: Steps : with a
// tab before the colon, in quotes, in the fence of a page of Markdown, in UTF-16. It
// is for files that cannot be read, or have not been: a README has no such line, or
// hardly ever.
func LooksKeyed(text []byte) bool {
	if bytes.IndexByte(text, 0) >= 0 { // UTF-16: the keys are ASCII
		text = bytes.ReplaceAll(bytes.TrimLeft(text, "\xff\xfe"), []byte{0}, nil)
	}
	text = bytes.ReplaceAll(bytes.TrimLeft(text, "\ufeff\r\n"), []byte("\uff1a"), []byte(":"))
	inside := len(text) > 0 && bytes.IndexByte([]byte(" \t{>"), text[0]) >= 0 || bytes.Contains(text, []byte("```")) || bytes.Contains(text, []byte("~~~"))
	for _, line := range bytes.FieldsFunc(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		if (inside || line[0] != ' ' && line[0] != '\t') && beginsWithKey(line, inside && text[0] == '{') {
			return true
		}
	}
	return false
}

// beginsWithKey reports whether a line begins with a key; of JSON, which may be one
// line, whether a key is anywhere in it.
func beginsWithKey(line []byte, anywhere bool) bool {
	const around = " \t{\"'>\u00a0\u201c\u201d\u2018\u2019"
	for rest := line; ; {
		key, after, ok := bytes.Cut(rest, []byte(":"))
		if !ok {
			return false
		}
		if anywhere {
			key = key[bytes.LastIndexByte(key, ',')+1:]
		}
		if isTopKey(string(bytes.Trim(key, around))) {
			return true
		}
		if rest = after; !anywhere {
			return false
		}
	}
}

func isTopKey(name string) bool {
	for _, k := range documentKeys.keys() {
		if strings.EqualFold(k.name, name) {
			return true
		}
	}
	return false
}
