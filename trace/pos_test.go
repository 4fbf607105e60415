package trace

import (
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"raftsheet/raft"
)

// A placeWalk visits all that was read of a file, and checks that at each place
// stands what is said to.
type placeWalk struct {
	t      *testing.T
	f      *File
	tr     *Trace
	places int
}

// at gives the text from a place on.
func (w *placeWalk) at(p Pos) string {
	text := w.f.source().Line(p.Line)
	return string([]rune(text)[min(int(p.Column)-1, len([]rune(text))):])
}

// starts says that one of the texts must stand at a place, in quotes or not.
func (w *placeWalk) starts(what string, p Pos, texts ...string) {
	w.t.Helper()
	got := w.at(p)
	for _, s := range texts {
		for _, quote := range []string{"", `"`, "'"} {
			if rest, ok := strings.CutPrefix(got, quote+s+quote); ok && (rest == "" || !isWord.MatchString(s[len(s)-1:]+rest[:1])) {
				return
			}
		}
		if strings.HasPrefix(got, s) && !isWord.MatchString(s) {
			return
		}
	}
	w.t.Errorf("%s at %s: %.20q stands there, and not %.60q", what, p, got, texts)
}

var (
	isWord  = regexp.MustCompile(`^\w+$`)
	isBlank = regexp.MustCompile(`^\s*($|[,}\]#]|~|null|"\?")`)
)

func (w *placeWalk) blank(what string, p Pos) {
	w.t.Helper()
	if got := w.at(p); !isBlank.MatchString(got) {
		w.t.Errorf("%s at %s is blank, but %.20q stands there", what, p, got)
	}
}

func (w *placeWalk) visit(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if !v.IsNil() {
			w.visit(v.Elem())
		}
	case reflect.Slice:
		for i := range v.Len() {
			w.visit(v.Index(i))
		}
	case reflect.Struct:
		w.check(v.Interface())
		for i := range v.NumField() {
			w.visit(v.Field(i))
		}
	}
}

// check looks at one value of what was read.
func (w *placeWalk) check(v any) {
	w.t.Helper()
	switch v := v.(type) {
	case Pos:
		if v.IsValid() {
			w.places++
			checkPos(w.t, w.f, v)
		}
	case Trace:
		w.starts("the trace", v.Pos, append([]string{"{"}, documentKeys.names()...)...)
	case Step:
		w.starts("a step", v.Pos, append([]string{"{", "*", "&"}, stepKeys.names()...)...)
		if v.Event != nil {
			w.starts("an event's key", v.EventPos, v.Event.Name())
		}
		if v.StateBlank() {
			w.blank("state", v.StatePos)
		}
	case Row:
		if len(v.Cells) == 0 && v.Others == nil {
			w.blank("response", v.Pos)
			break
		}
		w.starts("response", v.Pos, append([]string{"{", "[", "- ", "others"}, w.tr.Names...)...)
	case Cell:
		w.cell(v)
	case NodeState:
		w.starts("a state's key", v.Pos, w.tr.Name(v.Node))
	case NodeIndex:
		w.starts("an index's node", v.Pos, w.tr.Name(v.Node))
	case TermVote:
		w.starts("a term's key", v.Pos, strconv.Itoa(int(v.Term)))
	case LogEntry:
		w.starts("an entry", v.Pos, "{", v.String())
	default:
		w.checkOpt(v)
	}
}

func (w *placeWalk) cell(c Cell) {
	switch {
	case c.None:
		w.starts("an answer", c.Pos, "none", "-")
	case c.OK.Pos == c.Pos && c.OK.Given() && c.OK.Value:
		w.starts("an answer", c.Pos, "ok", "yes", "true", "✓")
	case c.OK.Pos == c.Pos && c.OK.Given():
		w.starts("an answer", c.Pos, "no", "false", "✗")
	case c.Whole:
		w.starts("a whole answer", c.Pos, "{", "success", "voteGranted", "term")
	default:
		w.blank("an answer", c.Pos)
	}
}

// checkOpt looks at a value that may be left out, by its type.
func (w *placeWalk) checkOpt(v any) {
	switch o := v.(type) {
	case Opt[raft.Term]:
		optAt(w, "a term", o, func(t raft.Term) []string { return []string{strconv.Itoa(int(t))} })
	case Opt[raft.Index]:
		optAt(w, "an index", o, func(i raft.Index) []string { return []string{strconv.Itoa(int(i))} })
	case Opt[raft.NodeID]:
		optAt(w, "a node", o, func(id raft.NodeID) []string { return []string{w.tr.Name(id)} })
	case Opt[raft.NodeSet]:
		optAt(w, "nodes", o, func(raft.NodeSet) []string { return append([]string{"["}, w.tr.Names...) })
	case Opt[raft.Role]:
		optAt(w, "a role", o, func(r raft.Role) []string { return []string{r.String()} })
	case Opt[string]:
		optAt(w, "a text", o, func(s string) []string { return []string{s} })
	case Opt[bool]:
		optAt(w, "an outcome", o, func(bool) []string { return []string{"ok", "yes", "true", "✓", "no", "false", "✗"} })
	case Opt[[]LogEntry]:
		if o.Presence == Blank && strings.HasPrefix(w.at(o.Pos), "auto") {
			break
		}
		optAt(w, "a log", o, func([]LogEntry) []string { return []string{"[", "- "} })
	case Opt[[]NodeIndex]:
		optAt(w, "indexes", o, func([]NodeIndex) []string { return append([]string{"{"}, w.tr.Names...) })
	case Opt[[]TermVote]:
		optAt(w, "a history", o, func([]TermVote) []string { return []string{"{", "1"} })
	}
}

func optAt[T any](w *placeWalk, what string, o Opt[T], texts func(T) []string) {
	w.t.Helper()
	switch o.Presence {
	case Given:
		w.starts(what, o.Pos, texts(o.Value)...)
	case Blank:
		w.blank(what, o.Pos)
	case Absent:
		if o.Pos.IsValid() {
			w.t.Errorf("%s is not there, and has the place %s", what, o.Pos)
		}
	}
}

var placeTexts = []string{
	"nodes: [A, B, C]\r\nsteps:\r\n  - requestVote:\r\n      candidateId: A\r\n      term:\r\n      lastLogTerm: 3 # 4\r\n    response:\r\n      B: ok\r\n      C:\r\n",
	"\ufeff{\"nodes\": [\"A\", \"B\"], \"rules\": [\"figure2\"], \"steps\": [{\"note\": \"日本 👪\", \"appendEntries\": {\"leaderId\": \"A\", \"term\": 2, \"index\": null}, \"response\": {\"B\": true}}]}",
	"--- # c\nnodes: 3\nsteps:\n- &s {note: é✓, requestVote: {candidateId: 1, term: 7}, response: [ok, '✓', ~]}\n- state:\n    2:\n      log:\n      - 1:a\n      - {term: 2, value: é}\n      - 2\n      terms:\n        1: 2\n        2: none\n    3:\n  # c\n- state:   # c\n",
	"nodes: 4\n\n\nsteps: [\n  {appendEntries: {leaderId: 1, prevLogIndex: , entries: , leaderCommit: 2},\n   to: [2, 3], response: {2: {success: no, term: 9}, others: none, 1: }, points: 0.5, state: {1: {nextIndex: {2: , 3: 4}, role: , votedFor: ~}}},\n]\n",
}

func TestPlaces(t *testing.T) {
	texts := slices.Clone(placeTexts)
	for _, m := range fenced.FindAllStringSubmatch(Format(), -1) {
		texts = append(texts, m[1])
	}
	for _, path := range exampleFiles(t) {
		texts = append(texts, string(readFile(t, path)))
	}
	places := 0
	for _, text := range texts {
		f := parse(t, text)
		for _, tr := range f.Traces {
			w := &placeWalk{t: t, f: f, tr: tr}
			w.visit(reflect.ValueOf(tr))
			if places += w.places; t.Failed() {
				t.Fatalf("in:\n%s", text)
			}
		}
	}
	if places < 300 {
		t.Errorf("only %d places were looked at; this test has lost its way to them", places)
	}
}

// An alias has its own place, and what it stands for has the anchor's.
func TestPlacesOfAliases(t *testing.T) {
	const in = "nodes: 3\nsteps:\n  - {appendEntries: {leaderId: 1, entries: &e [1:x]}, state: {1: &t {log: *e, term: &n 1}}}\n" +
		"  - state: {2: *t, 3: {term: *n}}\n"
	steps := parseOne(t, in).Steps
	one, two, three := steps[0].State[0], steps[1].State[0], steps[1].State[1]
	for _, tt := range []struct {
		what     string
		pos      Pos
		line, at int32
	}{
		{"a log that is an alias", one.Log.Pos, 3, 75},
		{"its entry", one.Log.Value[0].Pos, 3, 48},
		{"the key of a state that is an alias", two.Pos, 4, 13},
		{"a term under it, at its own anchor", two.Term.Pos, 3, 85},
		{"a term that is an alias", three.Term.Pos, 4, 30},
	} {
		if want := (Pos{tt.line, tt.at}); tt.pos != want {
			t.Errorf("%s is at %s, not %s", tt.what, tt.pos, want)
		}
	}
}
