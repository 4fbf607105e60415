package trace

import (
	"strings"
	"unicode"
)

// Nearest gives the word of known that is most likely meant by word: the same
// but for case and underscores, a few slips of the finger away, or one a part
// of the other (as term is of currentTerm, and commit of leaderCommit). It is
// empty where nothing comes near.
func Nearest(word string, known []string) string {
	if len(word) > 64 {
		return ""
	}
	best, least := "", (len(word)+1)/3
	for _, k := range known {
		if fold(k) == fold(word) {
			return k
		}
		d := distance(fold(word), fold(k))
		begins := strings.HasPrefix(fold(k), fold(word))
		if d < least || d == least && (best == "" || begins) {
			best, least = k, d
		}
	}
	for _, k := range known {
		if best == "" && isPart(fold(word), fold(k)) {
			best = k
		}
	}
	return best
}

// surely gives the one of the known keys that can only be meant by another word: the
// name that it has in another notation, or one that is a slip or two away and nearer
// than any other. It is empty where a person would have to ask.
func surely(word string, known []string) string {
	if f := abroad(word, known); f != nil {
		if f.advice != "" || knows(known, "appendEntries") { // of events each has its own fields
			return ""
		}
		return f.known
	}
	const shortest, long = 3, 6
	w := fold(word)
	if len(w) < shortest || len(w) > 64 || strings.ContainsFunc(word, func(r rune) bool { return !unicode.IsLetter(r) && r != '_' && r != '-' }) {
		return "" // prevLogIndex 0 has swallowed its value
	}
	best, least, next := "", 2, 3
	if len(w) >= long {
		least, next = 3, 4
	}
	for _, k := range known {
		switch d := distance(w, fold(k)); {
		case d < least:
			best, least, next = k, d, least
		case d < next:
			next = d
		}
	}
	if next == least {
		return ""
	}
	return best
}

// isPart reports whether one of the words holds the other, if that is more than chance.
func isPart(a, b string) bool {
	const chance = 3
	return len(a) > chance && len(b) > chance && (strings.Contains(a, b) || strings.Contains(b, a))
}

func fold(s string) string { return strings.ToLower(joints.Replace(s)) }

var joints = strings.NewReplacer("_", "", "-", "", " ", "")

// distance counts the insertions, deletions, replacements and swaps of
// neighbours that lead from a to b (optimal string alignment).
func distance(a, b string) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range rows[0] {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			d := min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, rows[i-2][j-2]+1)
			}
			rows[i][j] = d
		}
	}
	return rows[len(a)][len(b)]
}
