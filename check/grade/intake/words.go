package intake

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// This file compares names as people and systems write them.

// NameForms gives the forms in which a name may be met: its letters and digits,
// in lower case and run together, as Canvas has them in the names of files; of
// a last name before a first, both orders.
func NameForms(name string) []string {
	last, first, _ := strings.Cut(name, ",")
	last, first = runTogether(last), runTogether(first)
	if last+first == "" {
		return nil
	}
	forms := []string{last + first, first + last}
	return slices.Compact(forms)
}

func runTogether(s string) string { return strings.Join(wordsOf(s), "") }

// wordsOf gives the words of a name, in lower case.
func wordsOf(s string) []string {
	return strings.FieldsFunc(strings.ToLower(s), func(r rune) bool { return !unicode.In(r, unicode.L, unicode.M, unicode.N) })
}

// accented are letters with accents, after the one that people without them on
// their keyboard write.
var accented = []string{
	"aàáâãäåāăą", "cçćĉċč", "dďđð", "eèéêëēĕėęě", "gĝğġģ", "hĥħ", "iìíîïĩīĭįı", "jĵ", "kķ", "lĺļľŀł",
	"nñńņň", "oòóôõöøōŏő", "rŕŗř", "sśŝşšș", "tţťŧț", "uùúûüũūŭůűų", "wŵ", "yýÿŷ", "zźżž",
}

// plain gives a text in lower case without accents: neither those that are parts
// of letters, nor those that macOS puts after them.
func plain(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		for _, letters := range accented {
			if r >= utf8.RuneSelf && strings.ContainsRune(letters, r) {
				return rune(letters[0])
			}
		}
		return r
	}, strings.ToLower(s))
	return strings.NewReplacer("ß", "ss", "æ", "ae", "œ", "oe", "þ", "th").Replace(s)
}

// Folded is a name as names are sorted: in lower case, without accents.
func Folded(name string) string { return plain(name) }

// withoutAccents is plain for names that are compared whole: ae, oe and ue are ä, ö
// and ü, which people without these keys write so.
func withoutAccents(s string) string { return umlauts.Replace(plain(s)) }

var umlauts = strings.NewReplacer("ae", "a", "oe", "o", "ue", "u")

// nameWords gives the words of a name without accents, as they are compared.
func nameWords(name string) []string { return wordsOf(withoutAccents(name)) }
