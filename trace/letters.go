package trace

import "strings"

// This file knows the letters that only look like plain ones.

// A dash of any length, and what a text is written with that looks like plain
// quotes and spaces.
const (
	dashes      = "-\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
	curlyQuotes = "\u2018\u2019\u201a\u201b\u201c\u201d\u201e\u201f\u00ab\u00bb"
	oddSpaces   = "\u00a0\u2007\u202f\u3000\u2009"
)

// odd says what of a text only looks like a plain quote or space; empty for
// nothing.
func odd(s string) string {
	switch {
	case strings.ContainsAny(s, curlyQuotes):
		return "; its quotes are curly ones, which YAML takes for letters: type plain ones, or none"
	case strings.ContainsAny(s, oddSpaces):
		return "; it has a no-break space in it, which YAML takes for a letter: type a plain one"
	}
	return ""
}
