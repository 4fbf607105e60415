package mend

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// This file knows the signs of other keyboards and other languages: what stands
// where YAML has a colon, a comma, a comment.

var wide = regexp.MustCompile(`[！-～、]`)

// wideSigns reads what a keyboard for Chinese or Japanese writes as what it stands
// for: a colon as wide as a letter, and letters and digits so wide.
func wideSigns(l *line) []fix {
	at := wide.FindAllStringIndex(l.text[:l.end], -1)
	if at == nil {
		return nil
	}
	var b strings.Builder
	lo, hi := at[0][0], at[len(at)-1][1]
	for i, r := range l.text[lo:hi] {
		next := l.text[lo+i+utf8.RuneLen(r):]
		switch {
		case r == '、':
			r = ','
		case r >= '！' && r <= '～':
			r -= '！' - '!'
		default:
			b.WriteRune(r)
			continue
		}
		if r == ';' {
			r = ','
		}
		b.WriteRune(r)
		if strings.ContainsRune(":,", r) && next != "" && next[0] != ' ' {
			b.WriteByte(' ')
		}
	}
	return []fix{{lo: lo, hi: hi, put: b.String()}}
}

var assigned = regexp.MustCompile(`(?:^ *(?:- +)*|[{,] *)([\w$-]+)( *(?:=>?|->|→|⇒) *)[^\s=]`)

// equals reads = and -> after a key as a colon.
func equals(l *line) []fix {
	var out []fix
	for from := 0; from < l.end; {
		at := assigned.FindStringSubmatchIndex(l.text[from:l.end])
		if at == nil {
			break
		}
		lo, hi := from+at[4], from+at[5]
		if key := l.text[from+at[2] : from+at[3]]; l.plain(lo) && l.bracket(lo) != '[' && l.knows(key) {
			out = append(out, fix{lo: lo, hi: hi, put: ": "})
		}
		from = hi
	}
	return out
}

var (
	openedKey = regexp.MustCompile(`^ *(?:- +)*([A-Za-z]\w*|\d+)(?: +[{\[].*| +\S+| *)$`)
	textKey   = regexp.MustCompile(`^ *(?:- +)*(title|student|note) +[\pL\d"'(]`)
	spacedKey = regexp.MustCompile(`[{,] *(\w+)( +)[\w"']+ *(?:[,}]|$)`)
)

// noColons asks for a colon after a key that has one word, braces, or lines of its
// own: and in braces after a node.
func noColons(l *line) []fix {
	var out []fix
	at := openedKey.FindStringSubmatchIndex(l.text[:l.end])
	if at == nil {
		at = textKey.FindStringSubmatchIndex(l.text[:l.end])
	}
	if at != nil && l.lay[l.number-1].open == "" && l.knows(l.text[at[2]:at[3]]) {
		out = append(out, fix{lo: at[3], hi: at[3], put: ":"})
	}
	for from := 0; from < l.end; {
		at := spacedKey.FindStringSubmatchIndex(l.text[from:l.end])
		if at == nil {
			break
		}
		lo, hi := from+at[4], from+at[5]
		if key := l.text[from+at[2] : from+at[3]]; l.plain(lo) && l.bracket(lo) == '{' && l.knows(key) {
			out = append(out, fix{lo: lo, hi: hi, put: ": "})
		}
		from = hi
	}
	return out
}

var trailing = regexp.MustCompile(`[^\s,;.]([ \t]*[,;]|[.])[ \t]*$`)

// trailingSigns passes over a comma with which a line outside of brackets ends.
func trailingSigns(l *line) []fix {
	at := trailing.FindStringSubmatchIndex(l.text[:l.end])
	if at == nil || inFlow(l) || l.quote >= 0 || l.lay[l.number-1].open != "" {
		return nil
	}
	sign := strings.TrimSpace(l.text[at[2]:at[3]])
	if before := l.text[at[2]-1]; sign == "." && before != '}' && before != ']' {
		return nil
	}
	return []fix{{lo: at[2], hi: at[3], what: "passed over the " + sign + " at its end"}}
}

var slashed = regexp.MustCompile(`(?:^|[ \t])(//+)`)

// slashes reads the comment of another language as YAML's.
func slashes(l *line) []fix {
	at := slashed.FindStringSubmatchIndex(l.text[:l.end])
	if at == nil || !l.plain(at[2]) {
		return nil
	}
	return []fix{{lo: at[2], hi: at[3], put: "#", what: "read what follows // as a comment"}}
}

var commaComma = regexp.MustCompile(`,[ \t]*(,)`)

// doubleCommas passes over a comma after a comma, in braces: in a list something
// could be missing there.
func doubleCommas(l *line) []fix {
	var out []fix
	for _, at := range commaComma.FindAllStringSubmatchIndex(l.text[:l.end], -1) {
		if l.plain(at[2]) && l.bracket(at[2]) == '{' {
			out = append(out, fix{lo: at[2], hi: at[3], what: "passed over a second comma"})
		}
	}
	return out
}

var marked = regexp.MustCompile("\\*\\*([^*`,{}\\[\\]]+)\\*\\*|`([^`,{}\\[\\]]+)`")

// markup passes over what makes a value bold, or code, in Markdown.
func markup(l *line) []fix {
	var out []fix
	for _, at := range marked.FindAllStringSubmatchIndex(l.text[:l.end], -1) {
		if startsValue(l.text[:at[0]]) {
			out = append(out, fix{lo: at[0], hi: at[1], put: strings.Trim(l.text[at[0]:at[1]], "*`")})
		}
	}
	return out
}

var headline = regexp.MustCompile(`^\pL[^{}\[\]:=#]* [^{}\[\]:=#]*:$`)

// headlines passes over words at the left edge that end in a colon: to YAML they
// are a key.
func headlines(l *line) []fix {
	if !headline.MatchString(l.text[:l.end]) {
		return nil
	}
	return []fix{{put: "# ", what: passedOver}}
}

var oddKey = regexp.MustCompile(`^ *(?:- +)*([:"'{}\[\] ]*\w[\w"'{}\[\]]*) *:(?:\s|$)`)

// oddKeys passes over signs in one of the format's keys.
func oddKeys(l *line) []fix {
	at := oddKey.FindStringSubmatchIndex(l.text[:l.end])
	if at == nil {
		return nil
	}
	key := strings.Map(func(r rune) rune {
		if strings.ContainsRune(":\"'{}[] ", r) {
			return -1
		}
		return r
	}, l.text[at[2]:at[3]])
	if l.text[at[2]:at[3]] == key || !l.isOfFormat(key) {
		return nil
	}
	return []fix{{lo: at[2], hi: at[3], put: key}}
}
