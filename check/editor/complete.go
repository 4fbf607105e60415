package editor

import (
	"cmp"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"raftsheet/raft"
	"raftsheet/trace"
)

// A Completion is a word that may be written at a place.
type Completion struct {
	Label  string // what a list shows
	Insert string // what is written in its place
	Detail string // what it is for; empty where the word says it
}

// Complete gives the words that may be written at a place of a text, which need not
// be YAML yet, and the range that each of them replaces: keys of the format's table,
// the nodes of the trace, answers, roles, rules. Those that begin like what is written
// there come first, then those that hold it; none of the others are among them.
func Complete(text string, at trace.Pos) (trace.Range, []Completion) {
	end := offset(text, at)
	s := scan(text, end)
	where := trace.Range{Start: at, End: at}
	if s.closed || s.lone > end {
		return where, nil
	}
	typed := text[s.lone:end]
	where.Start.Column -= int32(utf8.RuneCountInString(typed))
	path, isKey, in := s.path()
	if !isKey && s.top().flow == 0 && s.lone > 0 && text[s.lone-1] == ':' {
		return where, nil // a space comes first
	}
	if n := wordEnd(text[end:]); typed != "" && isKey {
		where.End.Column += int32(n)
		end += n
	}
	return where, matching(s.offers(path, isKey, in, end), typed)
}

// offers gives all that may be written.
func (s *scanner) offers(path []string, isKey bool, in *frame, end int) (out []Completion) {
	all := scan(s.text, len(s.text)).frames
	has := siblings(all, in)
	may := trace.OffersAt(path, has)
	dash := ""
	if isKey && in == nil && may.List && len(may.Keys) == 0 && !may.ByNode && s.top().flow == 0 {
		dash = "- " // an item begins, and its dash is not written yet
		may = trace.OffersAt(append(path, trace.ListItem), nil)
	}
	switch {
	case !isKey:
		out = words(may.Values)
		if may.Node {
			out = append(out, nodes(s.text, s.end, nil)...)
		}
		return out
	case may.ByNode && path[len(path)-1] == "response":
		out = nodes(s.text, s.end, append(has, s.sender(all))) // nobody answers themselves
		if !slices.Contains(has, "others") {
			out = append(out, Completion{Label: "others", Detail: "every node that has no answer of its own here"})
		}
	case may.ByNode:
		out = nodes(s.text, s.end, has)
	}
	for _, k := range may.Keys {
		if !s.otherAnswer(k.Text) {
			out = append(out, Completion{Label: k.Text, Detail: k.About})
		}
	}
	colon := ": "
	if strings.HasPrefix(s.text[end:], ":") {
		colon = ""
	}
	for i := range out {
		out[i].Insert = dash + out[i].Label + colon
	}
	return out
}

// otherAnswer reports whether a key is of the answers to another kind of request.
func (s *scanner) otherAnswer(key string) bool {
	if key != "success" && key != "voteGranted" {
		return false
	}
	asksVotes, answer := false, false
	for _, f := range s.stack {
		asksVotes = asksVotes || slices.Contains(f.keys, "requestVote")
		answer = answer || f.key == "response"
	}
	return answer && asksVotes == (key == "success")
}

func words(all []trace.Word) (out []Completion) {
	for _, w := range all {
		out = append(out, Completion{Label: w.Text, Insert: w.Text, Detail: w.About})
	}
	return out
}

// nodes gives the nodes of the trace that a place is in, but for some.
func nodes(text string, end int, but []string) (out []Completion) {
	for _, name := range nodeNames(text, end) {
		if !slices.Contains(but, name) {
			out = append(out, Completion{Label: name, Insert: trace.FlowScalar(name), Detail: "node " + name})
		}
	}
	return out
}

// namedNodes finds the key nodes with a count, a list in brackets, or a list by lines.
var namedNodes = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`(?m)^nodes:[ \t]*(?:([0-9]{1,2})[ \t]*(?:#.*)?$|\[([^\]]*)\]|(?:#.*)?\n((?:[ \t]*-[ \t]+\S+[ \t]*\n){1,64}))`)
})

// nodeNames reads who the nodes are, of text that may not be YAML yet: in the last
// nodes before an offset.
func nodeNames(text string, end int) []string {
	var last []string
	for _, m := range namedNodes().FindAllStringSubmatchIndex(text, 1000) {
		if last != nil && m[0] > end {
			break
		}
		group := func(i int) string {
			if m[2*i] < 0 {
				return ""
			}
			return text[m[2*i]:m[2*i+1]]
		}
		last = namesIn(group(1), group(2)+group(3))
	}
	return last
}

func namesIn(count, list string) (names []string) {
	if n, err := strconv.Atoi(count); err == nil {
		for i := range min(n, raft.MaxNodes) {
			names = append(names, strconv.Itoa(i+1))
		}
		return names
	}
	for _, word := range strings.FieldsFunc(list, func(r rune) bool { return strings.ContainsRune(", \t\n\"'", r) }) {
		if trace.ValidName(word) && len(names) < raft.MaxNodes {
			names = append(names, word)
		}
	}
	return names
}

// matching gives those that go with what is typed. Of those that begin so, the shorter
// are nearer to it.
func matching(all []Completion, typed string) []Completion {
	typed = strings.ToLower(strings.Trim(typed, `"'`))
	var begin, hold []Completion
	for _, c := range all {
		switch label := strings.ToLower(c.Label); {
		case strings.HasPrefix(label, typed):
			begin = append(begin, c)
		case strings.Contains(label, typed):
			hold = append(hold, c)
		}
	}
	if typed != "" {
		slices.SortStableFunc(begin, func(a, b Completion) int { return cmp.Compare(len(a.Label), len(b.Label)) })
	}
	return append(begin, hold...)
}

// wordEnd is the length in bytes of the letters that a text begins with.
func wordEnd(text string) int {
	n := 0
	for n < len(text) && (text[n] >= 'a' && text[n] <= 'z' || text[n] >= 'A' && text[n] <= 'Z') {
		n++
	}
	return n
}

// offset is the place in bytes, within the text.
func offset(text string, at trace.Pos) int {
	start := 0
	for line := int32(1); line < at.Line; line++ {
		n := strings.IndexByte(text[start:], '\n')
		if n < 0 {
			return len(text)
		}
		start += n + 1
	}
	column := int32(1)
	for i, r := range text[start:] {
		if column == at.Column || r == '\n' {
			return start + i
		}
		column++
	}
	return len(text)
}
