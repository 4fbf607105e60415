package trace

import (
	"slices"
	"strings"

	"gopkg.in/yaml.v3"
)

// The keys of the format, a list for each kind of mapping. The reader's
// suggestions and the schema's test read them.
var (
	traceKeys          = []string{"title", "nodes", "rules", "initial", "steps", "unknown", "raftId", "student", "grading"}
	eventKeys          = []string{"requestVote", "appendEntries", "requestVoteResponse", "appendEntriesResponse", "timeout", "clientRequest", "crash", "restart", "partition", "heal"}
	stepKeys           = append([]string{"id", "note", "to", "lost", "responseLost", "response", "state", "points"}, eventKeys...)
	requestVoteKeys    = []string{"candidateId", "term", "lastLogIndex", "lastLogTerm"}
	appendEntriesKeys  = []string{"leaderId", "term", "prevLogIndex", "prevLogTerm", "entries", "leaderCommit", "index", "value"}
	voteResponseKeys   = []string{"from", "to", "term", "voteGranted"}
	appendResponseKeys = []string{"from", "to", "term", "success", "matchIndex"}
	clientRequestKeys  = []string{"node", "value"}
	voteAnswerKeys     = []string{"voteGranted", "term"}
	appendAnswerKeys   = []string{"success", "term"}
	entryKeys          = []string{"term", "value"}
	stateKeys          = []string{"term", "votedFor", "role", "log", "commitIndex", "lastApplied", "nextIndex", "matchIndex", "terms"}
)

func isEvent(key string) bool { return slices.Contains(eventKeys, key) }

// unknownKey says that a key is none of the format's, and which it may be.
func (p *parser) unknownKey(key, value *yaml.Node, where string, known []string) {
	if p.full() {
		return
	}
	if k, v, ok := glued(key.Value, known); ok && isNull(value) {
		p.errorf(posOf(key), "%s needs a space after its colon: %s", quote(key.Value), strings.TrimSpace(k+": "+clip(v)))
		return
	}
	if best := Nearest(key.Value, known); best != "" {
		p.errorf(posOf(key), "unknown key %s; did you mean %q?", quote(key.Value), best)
		return
	}
	p.errorf(posOf(key), "unknown key %s; %s takes %s", quote(key.Value), where, strings.Join(known, ", "))
}

// glued cuts a key that has swallowed its value, as in {term:1}.
func glued(key string, known []string) (k, v string, ok bool) {
	k, v, ok = strings.Cut(key, ":")
	return k, v, ok && slices.Contains(known, k)
}

// meant reports whether a mapping has one of the keys, or one that unknownKey
// takes for it: then nobody needs to be told that the key is missing.
func (p *parser) meant(m *yaml.Node, keys, known []string) bool {
	unknown := 0
	for k := range pairs(m) {
		key := k.Value
		if !slices.Contains(known, key) && unknown < maxErrors {
			unknown++
			if g, _, ok := glued(key, known); ok {
				key = g
			} else {
				key = Nearest(key, known)
			}
		}
		if slices.Contains(keys, key) {
			return true
		}
	}
	return false
}

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

// isPart reports whether one of the words holds the other, if that is no chance.
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
