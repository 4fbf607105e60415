package intake

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// SignedByAnother reports whether the name that a sheet is signed with is another
// student's than whose the sheet is: that of another row of the roster; or, if the
// roster does not list the student, a name that has no word in common with the one
// that the LMS gives. A nil roster lists nobody. Where nobody can tell, as of a
// student whom no LMS names or one who signs with initials, it is false. It is for a
// remark to the instructor, and never for a mark.
func SignedByAnother(signed string, of Student, r *Roster) bool {
	if strings.TrimSpace(signed) == "" {
		return false
	}
	if r == nil || of.Row == 0 {
		return of.Known() && !mayBe(signed, of)
	}
	is := func(at int) bool { return r.Students[at].Row == of.Row }
	if rows := r.exact(strings.TrimSpace(signed)); len(rows) > 0 {
		return !slices.ContainsFunc(rows, is)
	}
	if mayBe(signed, of) {
		return false
	}
	words := nameWords(signed)
	rows := slices.Clone(r.parts[words[0]]) // mayBe has found some
	rows = slices.DeleteFunc(rows, func(at int) bool {
		return slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(r.parts[w], at) })
	})
	return len(rows) == 1 && !is(rows[0])
}

// mayBe reports whether a name that somebody or a system wrote may be a student's:
// it has a word in common with what the student is called, or cannot be compared
// with it.
func mayBe(name string, of Student) bool {
	if of.isAnonymous() {
		return true
	}
	words := nameWords(name)
	local, _, _ := strings.Cut(of.Email, "@")
	own := nameWords(of.Name + " " + of.Login + " " + local)
	if !slices.ContainsFunc(words, hasLetters) || !slices.ContainsFunc(own, hasLetters) || isLatin(name) != isLatin(of.Name) {
		return true // a number, initials, or another script
	}
	for _, w := range words {
		for _, o := range own {
			if w == o || len(w) >= 3 && strings.Contains(o, w) || len(o) >= 3 && strings.Contains(w, o) {
				return true
			}
		}
	}
	// Li Xu is xuli in Canvas.
	run := strings.Join(own, "")
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(run, w) })
}

// hasLetters reports whether a word is more than an initial or a number.
func hasLetters(word string) bool {
	return utf8.RuneCountInString(strings.Trim(word, "0123456789")) >= 2
}

func isLatin(s string) bool {
	return strings.IndexFunc(s, func(r rune) bool { return unicode.IsLetter(r) && !unicode.Is(unicode.Latin, r) }) < 0
}

// isAnonymous reports whether the LMS hides who the student is.
func (s Student) isAnonymous() bool {
	return strings.HasPrefix(s.ID, "anon_") || strings.EqualFold(s.Name, "Participant")
}
