package edit

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/raft"
	"raftsheet/trace"
)

// A sheet is a file in some layout, drawn at random, and what is to be asked
// of an Editor for it.
type sheet struct {
	*rapid.T
	text  strings.Builder
	eol   string
	asked []asked
}

// asked is an answer that a step's node is to have in the end.
type asked struct {
	step  int
	node  raft.NodeID
	text  string
	was   string // blank or absent if empty
	whole bool   // the step has no row: this begins it
	right bool   // it has it already
	term  bool   // the step's message is to have a term, not the node an answer
}

func (s *sheet) pick(what string, of ...string) string { return rapid.SampledFrom(of).Draw(s.T, what) }

func (s *sheet) maybe(what string) bool { return rapid.Bool().Draw(s.T, what) }

func (s *sheet) put(parts ...string) {
	for _, p := range parts {
		s.text.WriteString(strings.ReplaceAll(p, "\n", s.eol))
	}
}

// In every layout that people write, all blanks can be filled in, every cell
// then says what was asked for or what it said before, and no other byte that is
// not white space has changed.
func TestEveryLayout(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := &sheet{T: t}
		s.draw()
		text := s.text.String()
		f, err := trace.Parse("x.yaml", []byte(text), trace.DefaultLimits())
		if err != nil {
			t.Fatalf("the layout is no trace: %v\n%s", err, text)
		}
		e, err := Open(f)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range rapid.Permutation(s.asked).Draw(t, "order") {
			if err := a.ask(e, f.Traces[0]); err != nil {
				t.Fatalf("%v\n%s", err, text)
			}
		}
		out, err := e.Bytes()
		if err != nil {
			t.Fatalf("%v\n%s", err, text)
		}
		if kept := wordsBut([]byte(text), e); !isWithin(kept, out) {
			t.Errorf("%q is not in the new text, %q", kept, out)
		}
		s.check(t, string(out))
	})
}

func (a asked) ask(e *Editor, t *trace.Trace) error {
	switch {
	case a.term:
		return e.Set(t, Message(a.step, "term"), a.text)
	case a.right:
		return nil
	case a.whole:
		return e.Set(t, Response(a.step), fmt.Sprintf("{%d: %s}", a.node, a.text))
	case a.was != "":
		return e.Replace(t, Answer(a.step, a.node), a.text, a.was)
	}
	return e.Set(t, Answer(a.step, a.node), a.text)
}

// check reads the new text, and the comments about what stood there.
func (s *sheet) check(t *rapid.T, out string) {
	f, err := trace.Parse("x.yaml", []byte(out), trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range s.asked {
		if a.term {
			if got := f.Traces[0].Steps[a.step-1].Event.(*trace.RequestVote).Term; fmt.Sprint(got.Value) != a.text {
				t.Errorf("step %d has the term %v, want %s\n%s", a.step, got, a.text, out)
			}
			continue
		}
		c := f.Traces[0].Steps[a.step-1].Response.Cell(a.node)
		if got := cellWord(c); got != a.text {
			t.Errorf("step %d, node %d says %s, want %s\n%s", a.step, a.node, got, a.text, out)
		}
		if note := fmt.Sprintf("node %d was %s", a.node, a.was); a.was != "" && !strings.Contains(out, note) {
			t.Errorf("%q is not noted\n%s", note, out)
		}
	}
	if bare := strings.ReplaceAll(out, "\r\n", ""); s.eol == "\r\n" && strings.Contains(bare, "\n") {
		t.Errorf("a line ends with LF alone: %q", out)
	}
}

func cellWord(c *trace.Cell) string {
	switch {
	case c == nil || c.IsBlank():
		return "nothing"
	case c.None:
		return "none"
	case c.OK.Value:
		return "ok"
	}
	return "no"
}

func (s *sheet) draw() {
	s.eol = s.pick("line end", "\n", "\r\n")
	s.put(s.pick("start", "", "\ufeff", "---\n", "# 日本\n\n"), "nodes: 5\nsteps:", s.comment(), "\n")
	for step := 1; step <= rapid.IntRange(1, 3).Draw(s.T, "steps"); step++ {
		s.step(step)
	}
	if s.maybe("no last line break") {
		whole := strings.TrimRight(s.text.String(), "\r\n")
		s.text.Reset()
		s.text.WriteString(whole)
	}
}

func (s *sheet) comment() string { return s.pick("comment", "", " # c", "   # it's, ]} \"") }

func (s *sheet) step(step int) {
	event := s.pick("event", "requestVote: {candidateId: 1}", `"requestVote": {"candidateId":1}`, "requestVote: &v\n     candidateId: 1", "requestVote: {\n      candidateId: 1 # }\n   }", "requestVote: {candidateId: 1, term }")
	if s.maybe("term") {
		s.asked = append(s.asked, asked{step: step, text: "7", term: true})
	}
	note := s.pick("note", "note: x#y 語", "note: 'it''s # no'", "id: \"a\\\"b\"", "lost: []", "")
	note = strings.Replace(note, "a\\", fmt.Sprintf("%d\\", step), 1)
	if s.maybe("step in braces") && !strings.Contains(event, "&v") {
		s.put("  - {", event, ", ")
		if note != "" {
			s.put(note, ", ")
		}
		s.put("response:", s.pick("space", " ", "  "))
		s.flowRow(step)
		s.put("}", s.comment(), "\n")
		return
	}
	s.put(s.pick("dash", "  - ", "  -\n    ", "  - # c\n    "), event, s.comment(), "\n")
	if note != "" {
		s.put("    ", note, s.comment(), "\n")
	}
	switch s.pick("row", "flow", "flow", "block", "list", "items", "blank", "absent") {
	case "flow":
		s.put("    response: ", s.pick("anchor", "", "&r "))
		s.flowRow(step)
		s.put(s.comment(), "\n")
	case "block":
		s.blockRow(step)
	case "list":
		s.list(step, "    response: [", ", ", "]")
	case "items":
		s.list(step, "    response:\n      - ", "\n      - ", "")
	case "blank":
		s.put("    response:", s.pick("blank row", "", " ~", "   ", " &r"), s.comment(), "\n")
		s.asked = append(s.asked, asked{step: step, node: 3, text: "no", whole: true})
	case "absent":
		s.asked = append(s.asked, asked{step: step, node: 3, text: "ok", whole: true})
	}
	s.put(s.pick("after", "", "\n", "    # after\n", "# far\n\n"))
}

// flowRow draws the nodes of a row in braces; those that it passes over are to
// be added.
func (s *sheet) flowRow(step int) {
	s.put("{", s.pick("open", "", " ", "\n       ", " # c\n       "))
	written := 0
	for node := raft.NodeID(2); node <= 5; node++ {
		if s.maybe("absent") {
			s.want(step, node, "")
			continue
		}
		if written++; written > 1 {
			s.put(s.pick("comma", ", ", ",", " , ", ",\n       ", ", # c,}\n       ", "\n       , "))
		}
		key := s.pick("key", "%d:", "%d :", "\"%d\":", "'%d':", "? %d :", "%d", "? %d")
		s.put(fmt.Sprintf(key, node))
		if !strings.HasSuffix(key, ":") {
			s.put(s.pick("behind the key", "", " "))
			s.want(step, node, "")
			continue
		}
		s.put(" ")
		s.value(step, node, s.pick("value", "", "  ", "~", "null", "\"?\"", "'?'# c\n       ", "   # c\n       ", "&a ", "{}", "{voteGranted: ,term}", "ok", "no", "\"no\"", "none", "{voteGranted: true}"))
	}
	if written > 0 {
		s.put(s.pick("last comma", "", "", ",", " , ", ", # c\n       "))
	}
	s.put(s.pick("close", "", " ", "\n      ", " # c\n      "), "}")
}

func (s *sheet) blockRow(step int) {
	s.put("    response:", s.pick("above", "", " &r", " # c", "\n      # c"), "\n      1:\n")
	for node := raft.NodeID(2); node <= 5; node++ {
		if s.maybe("absent") {
			s.want(step, node, "")
			continue
		}
		key := s.pick("key", "%d:", "%d :", "\"%d\":", "? %d\n      :", "&k %d:")
		s.put("      ", fmt.Sprintf(key, node), s.pick("gap", " ", "    "))
		s.value(step, node, s.pick("value", "", "~", "&a", "\n        ~", "\"?\"", "ok", "'no'", "{voteGranted: false}"))
		s.put(s.comment(), "\n", s.pick("below", "", "\n", "      # below\n"))
	}
}

func (s *sheet) list(step int, open, comma, end string) {
	s.put(open, "ok")
	for node := raft.NodeID(2); node <= 5; node++ {
		s.put(comma)
		values := []string{"~", "\"?\"", "&a ~", "ok", "{voteGranted: , term: }"}
		if end == "" {
			values = append(values, "", "  # c", "&a", "no # c")
		}
		s.value(step, node, s.pick("value", values...))
	}
	s.put(end, s.comment(), "\n")
}

// value writes a cell, and asks for another if it says something.
func (s *sheet) value(step int, node raft.NodeID, value string) {
	s.put(value)
	for said, word := range map[string]string{"ok": "ok", "no": "no", "none": "none", "true": "ok", "false": "no"} {
		first := strings.TrimLeft(strings.TrimPrefix(value, "{voteGranted:"), " \"'")
		if strings.TrimRight(strings.Split(first, " #")[0], "\"'}") == said {
			if s.maybe("wrong") {
				s.want(step, node, word)
			} else {
				s.asked = append(s.asked, asked{step: step, node: node, text: word, right: true})
			}
			return
		}
	}
	s.want(step, node, "")
}

// want asks for an answer, another one than was there.
func (s *sheet) want(step int, node raft.NodeID, was string) {
	text := s.pick("answer", "ok", "no", "none")
	if text == was {
		text = map[string]string{"ok": "no", "no": "none", "none": "ok"}[was]
	}
	s.asked = append(s.asked, asked{step: step, node: node, text: text, was: was})
}
