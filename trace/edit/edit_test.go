package edit

import (
	"errors"
	"strings"
	"testing"

	"raftsheet/raft"
	"raftsheet/trace"
)

// A step of a test: something that is asked of an Editor.
type ask func(e *Editor, t *trace.Trace) error

func answer(step int, node raft.NodeID, text string) ask {
	return func(e *Editor, t *trace.Trace) error { return e.Set(t, Answer(step, node), text) }
}

func answerField(step int, node raft.NodeID, field, text string) ask {
	return func(e *Editor, t *trace.Trace) error { return e.Set(t, AnswerField(step, node, field), text) }
}

func others(step int, text string) ask {
	return func(e *Editor, t *trace.Trace) error { return e.Set(t, Others(step), text) }
}

func replace(step int, node raft.NodeID, field, text, was string) ask {
	return func(e *Editor, t *trace.Trace) error { return e.Replace(t, AnswerField(step, node, field), text, was) }
}

func response(step int, row string) ask {
	return func(e *Editor, t *trace.Trace) error { return e.Set(t, Response(step), row) }
}

func state(step int, node raft.NodeID, field, text string) ask {
	return func(e *Editor, t *trace.Trace) error { return e.Set(t, State(step, node, field), text) }
}

func states(step int, text string) ask {
	return func(e *Editor, t *trace.Trace) error { return e.Set(t, States(step), text) }
}

func message(step int, name, text string) ask {
	return func(e *Editor, t *trace.Trace) error { return e.Set(t, Message(step, name), text) }
}

// fillIn reads a text, asks for changes to its first trace, and gives the new
// text.
func fillIn(t *testing.T, text string, asks ...ask) (string, error) {
	t.Helper()
	f, err := trace.Parse("x.yaml", []byte(text), trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	e, err := Open(f)
	if err != nil {
		t.Fatal(err)
	}
	for _, a := range asks {
		if err := a(e, f.Traces[0]); err != nil {
			return "", err
		}
	}
	out, err := e.Bytes()
	return string(out), err
}

type editTest struct {
	why  string
	in   string // from behind response: to the end, or the whole file
	asks []ask
	want string // as in; empty: refused
	says string // of a refusal, with its place
}

// run runs tests whose texts stand between before and after.
func run(t *testing.T, before string, tests []editTest) {
	for _, test := range tests {
		t.Run(test.why, func(t *testing.T) {
			got, err := fillIn(t, before+test.in, test.asks...)
			if test.says != "" {
				checkRefused(t, got, err, test.says)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if got != before+test.want {
				t.Errorf("got\n%s\nwant\n%s", got, before+test.want)
			}
		})
	}
}

func checkRefused(t *testing.T, got string, err error, says string) {
	t.Helper()
	var e *trace.Error
	if !errors.As(err, &e) {
		t.Fatalf("the error is %v, not an *trace.Error; the text is\n%s", err, got)
	}
	if got != "" || !e.Pos.IsValid() || !strings.Contains(err.Error(), says) {
		t.Errorf("the error is %q, want %q in it; the text is %q", err, says, got)
	}
}

// A request with a response; what the tests hold comes behind the key.
const vote = "nodes: 5\nsteps:\n  - requestVote: {candidateId: 1}\n    response:"

func TestAnswer(t *testing.T) {
	run(t, vote, []editTest{
		{why: "a space goes before the answer, not behind it",
			in: " {2: ok, 3: ok, 4: , 5: ok}\n", want: " {2: ok, 3: ok, 4: ok, 5: ok}\n", asks: []ask{answer(1, 4, "ok")}},
		{why: "the last cell",
			in: " {2: ok, 3: ok, 4: }\n", want: " {2: ok, 3: ok, 4: no}\n", asks: []ask{answer(1, 4, "no")}},
		{why: "room before a closing brace is kept, but for the answer's space",
			in: " { 2: ok, 4:  }\n", want: " { 2: ok, 4: no }\n", asks: []ask{answer(1, 4, "no")}},
		{why: "a key without a colon gets one",
			in: " {2: ok, 4}\n", want: " {2: ok, 4: ok}\n", asks: []ask{answer(1, 4, "ok")}},
		{why: "a key without a colon, and another one behind it",
			in: " {4, 5 , 2: ok}\n", want: " {4: ok, 5: no , 2: ok}\n", asks: []ask{answer(1, 4, "ok"), answer(1, 5, "no")}},
		{why: "words for a blank are replaced",
			in:   " {2: ~, 3: null, 4: \"?\", 5: '?'}  # c\n",
			want: " {2: ok, 3: no, 4: none, 5: ok}  # c\n",
			asks: []ask{answer(1, 2, "ok"), answer(1, 3, "no"), answer(1, 4, "none"), answer(1, 5, "ok")}},
		{why: "a whole answer in a blank cell",
			in: " {2: ok, 4: ~}\n", want: " {2: ok, 4: {voteGranted: true, term: 3}}\n", asks: []ask{answer(1, 4, "{voteGranted: true, term: 3}")}},
		{why: "a comment keeps its column while there is room",
			in:   "\n      4:       # forgot\n      5: ok    # had it\n",
			want: "\n      4: ok    # forgot\n      5: ok    # had it\n",
			asks: []ask{answer(1, 4, "ok")}},
		{why: "without room, two spaces part it from the answer",
			in: "\n      4:   # forgot\n", want: "\n      4: ok  # forgot\n", asks: []ask{answer(1, 4, "ok")}},
		{why: "a comment right behind a token",
			in: " {4: \"?\"# what\n    , 5: ok}\n", want: " {4: ok # what\n    , 5: ok}\n", asks: []ask{answer(1, 4, "ok")}},
		{why: "spaces at the end of a blank line go",
			in: "\n      4:  \n      5: ok\n", want: "\n      4: no\n      5: ok\n", asks: []ask{answer(1, 4, "no")}},
		{why: "a blank at the end of a file without a last line break",
			in: "\n      4:", want: "\n      4: no", asks: []ask{answer(1, 4, "no")}},
		{why: "a space before the colon",
			in: "\n      4 :\n      \"5\" : ok\n", want: "\n      4 : no\n      \"5\" : ok\n", asks: []ask{answer(1, 4, "no")}},
		{why: "an explicit key with a blank value",
			in: "\n      ? 4\n      :\n      ? 5\n      : ok\n", want: "\n      ? 4\n      : no\n      ? 5\n      : ok\n", asks: []ask{answer(1, 4, "no")}},
		{why: "an explicit key in braces",
			in: " {? 4 , ? 5 : }\n", want: " {? 4: no , ? 5 : ok}\n", asks: []ask{answer(1, 4, "no"), answer(1, 5, "ok")}},
		{why: "an explicit key without a value, on a line, has no place for one",
			in: "\n      ? 4\n      ? 5\n      : ok\n", says: "x.yaml:6:7: the key before this has no colon", asks: []ask{answer(1, 4, "no")}},
		{why: "a cell with all of its fields blank is blank",
			in: " {4: {voteGranted: , term: }, 5: {}}\n", want: " {4: none, 5: ok}\n", asks: []ask{answer(1, 4, "none"), answer(1, 5, "ok")}},
		{why: "an answer that is there is not overwritten",
			in: " {4: ok}\n", says: "x.yaml:4:19: node 4 has an answer here already", asks: []ask{answer(1, 4, "no")}},
		{why: "a blank row has no cells",
			in: "\n", says: "x.yaml:4:14: response is left blank here", asks: []ask{answer(1, 4, "no")}},
		{why: "the text of an answer is one value",
			in: " {4: }\n", says: "\"ok, 5: no\" cannot be filled in here", asks: []ask{answer(1, 4, "ok, 5: no")}},
		{why: "the text of an answer ends no bracket",
			in: " {4: }\n", says: "cannot be filled in here", asks: []ask{answer(1, 4, "ok], [no")}},
		{why: "the text of an answer is an answer",
			in: " {4: }\n", says: "x.yaml:4:18: with the blanks filled in, this would be wrong: \"perhaps\" is not an answer", asks: []ask{answer(1, 4, "perhaps")}},
	})
}

func TestAnswerInList(t *testing.T) {
	run(t, vote, []editTest{
		{why: "a list in brackets",
			in: " [ok, ~, \"?\", no, null]\n", want: " [ok, ok, none, no, ok]\n", asks: []ask{answer(1, 2, "ok"), answer(1, 3, "none"), answer(1, 5, "ok")}},
		{why: "a list on lines, with empty items",
			in:   "\n    - ok\n    -\n    -   # away\n    - no\n    - ",
			want: "\n    - ok\n    - ok\n    - none  # away\n    - no\n    - ok",
			asks: []ask{answer(1, 2, "ok"), answer(1, 3, "none"), answer(1, 5, "ok")}},
		{why: "an item with a mapping",
			in:   "\n    - ok\n    - {voteGranted: , term: 3}\n    - voteGranted:\n      term: 1\n    - no\n    - ok\n",
			want: "\n    - ok\n    - {voteGranted: false, term: 3}\n    - voteGranted: true\n      term: 1\n    - no\n    - ok\n",
			asks: []ask{answerField(1, 2, "voteGranted", "false"), answerField(1, 3, "voteGranted", "true")}},
		{why: "a wrong item",
			in:   "\n    - ok\n    - ok # up\n    - no\n    - no\n    - ok\n",
			want: "\n    - ok\n    - no # up; node 2 was ok\n    - no\n    - none  # node 4 was no\n    - ok\n",
			asks: []ask{replace(1, 2, "", "no", "ok"), replace(1, 4, "", "none", "no")}},
	})
}

func TestAddCell(t *testing.T) {
	run(t, vote, []editTest{
		{why: "behind the last pair in braces",
			in: " {2: ok, 3: ok}  # c\n", want: " {2: ok, 3: ok, 4: no, 5: ok}  # c\n", asks: []ask{answer(1, 4, "no"), answer(1, 5, "ok")}},
		{why: "before a trailing comma",
			in: " {2: ok, 3: ok,}\n", want: " {2: ok, 3: ok, 4: no,}\n", asks: []ask{answer(1, 4, "no")}},
		{why: "padded braces stay padded",
			in: " { 2: ok , }\n", want: " { 2: ok, 4: no , }\n", asks: []ask{answer(1, 4, "no")}},
		{why: "an empty row",
			in: " {}\n", want: " {4: no, 5: ok}\n", asks: []ask{answer(1, 4, "no"), answer(1, 5, "ok")}},
		{why: "an empty row with a comment in it",
			in: " {# c\n    }\n", want: " {4: no  # c\n    }\n", asks: []ask{answer(1, 4, "no")}},
		{why: "behind a blank that is filled in too, in whatever order",
			in: " {2: ok, 3: }\n", want: " {2: ok, 3: ok, 4: no}\n", asks: []ask{answer(1, 4, "no"), answer(1, 3, "ok")}},
		{why: "behind a blank that stays one",
			in: " {\"1\":}\n", want: " {\"1\": , \"4\": no}\n", asks: []ask{answer(1, 4, "no")}},
		{why: "behind a blank with a comment",
			in: " {2: ok, 3: # c\n    }\n", want: " {2: ok, 3: ok, 4: no  # c\n    }\n", asks: []ask{answer(1, 3, "ok"), answer(1, 4, "no")}},
		{why: "behind a key without a colon",
			in: " {2: ok, 1}\n", want: " {2: ok, 1, 4: no}\n", asks: []ask{answer(1, 4, "no")}},
		{why: "braces that hold a pair a line get another line",
			in:   " {\n      2: ok,    # c\n      3: \"ok\"   # d }\n    }\n",
			want: " {\n      2: ok,    # c\n      3: \"ok\",   # d }\n      4: no,\n      5: ok\n    }\n",
			asks: []ask{answer(1, 4, "no"), answer(1, 5, "ok")}},
		{why: "a comma behind every pair, then",
			in:   " {\n      2: ok,\n      3: ok,   # d\n    }\n",
			want: " {\n      2: ok,\n      3: ok,   # d\n      4: no,\n      5: ok,\n    }\n",
			asks: []ask{answer(1, 4, "no"), answer(1, 5, "ok")}},
		{why: "a blank before the new line",
			in:   " {\n      2: ok,\n      3:\n    }\n",
			want: " {\n      2: ok,\n      3: ok,\n      4: no\n    }\n",
			asks: []ask{answer(1, 3, "ok"), answer(1, 4, "no")}},
		{why: "braces that are wrapped go on in their line",
			in:   " {2: ok, # c\n      3: ok}   # d\n",
			want: " {2: ok, # c\n      3: ok, 4: no}   # d\n", asks: []ask{answer(1, 4, "no")}},
		{why: "commas at the front",
			in:   " { 2: ok\n    , 3: ok   # d\n    }\n",
			want: " { 2: ok\n    , 3: ok, 4: no   # d\n    }\n", asks: []ask{answer(1, 4, "no")}},
		{why: "a new line behind the last line of the row and its comment",
			in:   "\n      2: ok\n      3: ok   # c\n      # more of c\n\n    note: x\n",
			want: "\n      2: ok\n      3: ok   # c\n      4: no\n      5: ok\n      # more of c\n\n    note: x\n",
			asks: []ask{answer(1, 4, "no"), answer(1, 5, "ok")}},
		{why: "at the end of a file without a last line break",
			in: "\n      2: ok", want: "\n      2: ok\n      4: no", asks: []ask{answer(1, 4, "no")}},
		{why: "behind a blank at the end of a file",
			in: "\n      2: ok\n      3: ", want: "\n      2: ok\n      3: ok\n      4: no", asks: []ask{answer(1, 4, "no"), answer(1, 3, "ok")}},
		{why: "behind a cell of several lines",
			in:   "\n      2:\n        voteGranted: true\n        term:   # c\n    lost: [4]\n",
			want: "\n      2:\n        voteGranted: true\n        term: 3 # c\n      4: none\n    lost: [4]\n",
			asks: []ask{answer(1, 4, "none"), answerField(1, 2, "term", "3")}},
		{why: "behind an explicit key",
			in: "\n      ? 2\n      : ok\n", want: "\n      ? 2\n      : ok\n      4: no\n", asks: []ask{answer(1, 4, "no")}},
		{why: "behind an explicit key of a row with an anchor",
			in: " &r\n      ?  2\n      : ok\n", want: " &r\n      ?  2\n      : ok\n      4: no\n", asks: []ask{answer(1, 4, "no")}},
		{why: "quoted like its neighbours",
			in: " {'2': ok}\n", want: " {'2': ok, '4': no}\n", asks: []ask{answer(1, 4, "no")}},
		{why: "into a row with an anchor",
			in: " &row # c\n      2: ok\n", want: " &row # c\n      2: ok\n      4: no\n", asks: []ask{answer(1, 4, "no")}},
		{why: "into a row in braces with an anchor",
			in: " &row {2: &c ok}\n", want: " &row {2: &c ok, 4: no}\n", asks: []ask{answer(1, 4, "no")}},
		{why: "behind an alias",
			in: " {2: &c ok, 3: *c}\n", want: " {2: &c ok, 3: *c, 4: no}\n", asks: []ask{answer(1, 4, "no")}},
	})
}

// Names of nodes are written as YAML needs them.
func TestAddCellByName(t *testing.T) {
	const before = "nodes: [a, b-1, \"null\", \"1.5\", \"-1\"]\nsteps:\n- requestVote: {candidateId: a}\n  response:"
	run(t, before, []editTest{
		{why: "a name that YAML would take for something else is quoted",
			in: " {b-1: ok}\n", want: " {b-1: ok, \"null\": no, 1.5: ok, \"-1\": ok}\n", asks: []ask{answer(1, 3, "no"), answer(1, 4, "ok"), answer(1, 5, "ok")}},
		{why: "on lines too",
			in: "\n   b-1: ok\n", want: "\n   b-1: ok\n   \"null\": no\n   1.5: ok\n   \"-1\": ok\n", asks: []ask{answer(1, 3, "no"), answer(1, 4, "ok"), answer(1, 5, "ok")}},
	})
}

func TestAnswerField(t *testing.T) {
	run(t, vote, []editTest{
		{why: "a blank field in braces",
			in: " {4: {voteGranted: , term: 3}, 5: {voteGranted: no, term: ~}}\n", want: " {4: {voteGranted: true, term: 3}, 5: {voteGranted: no, term: 2}}\n",
			asks: []ask{answerField(1, 4, "voteGranted", "true"), answerField(1, 5, "term", "2")}},
		{why: "a blank field on a line",
			in: "\n      4:\n        term:\n        voteGranted: ~ # c\n", want: "\n      4:\n        term: 3\n        voteGranted: true # c\n",
			asks: []ask{answerField(1, 4, "voteGranted", "true"), answerField(1, 4, "term", "3")}},
		{why: "a field that is not there",
			in: " {4: {term: 3}}\n", says: "x.yaml:4:19: there is no voteGranted here", asks: []ask{answerField(1, 4, "voteGranted", "true")}},
		{why: "a field of a cell that has none",
			in: " {4: ok}\n", says: "x.yaml:4:19: there is no term here", asks: []ask{answerField(1, 4, "term", "3")}},
		{why: "a field that is not blank",
			in: " {4: {term: 3}}\n", says: "x.yaml:4:26: this is \"3\"; it is not blank", asks: []ask{answerField(1, 4, "term", "3")}},
		{why: "a node without a cell",
			in: " {4: ok}\n", says: "x.yaml:4:15: node 5 has no cell here", asks: []ask{answerField(1, 5, "term", "3")}},
	})
}

func TestOthers(t *testing.T) {
	run(t, vote, []editTest{
		{why: "in braces",
			in: " {2: ok, others: }\n", want: " {2: ok, others: no}\n", asks: []ask{others(1, "no")}},
		{why: "on a line",
			in: "\n      others: '?' # c\n", want: "\n      others: no # c\n", asks: []ask{others(1, "no")}},
		{why: "not blank",
			in: " {others: ok}\n", says: "x.yaml:4:24: others has an answer already", asks: []ask{others(1, "no")}},
		{why: "not there",
			in: " {2: ok}\n", says: "x.yaml:4:15: there is no others here", asks: []ask{others(1, "no")}},
	})
}

func TestReplace(t *testing.T) {
	run(t, vote, []editTest{
		{why: "the line says what stood there",
			in: " {2: ok, 4: ok, 5: no}\n", want: " {2: ok, 4: no, 5: no}  # node 4 was ok\n", asks: []ask{replace(1, 4, "", "no", "ok")}},
		{why: "two on one line share a comment, in the order asked for",
			in: " {2: ok, 4: ok, 5: no}  \n", want: " {2: ok, 4: no, 5: ok}  # node 4 was ok, node 5 was no  \n",
			asks: []ask{replace(1, 4, "", "no", "ok"), replace(1, 5, "", "ok", "no")}},
		{why: "a comment that is there goes on",
			in: " {4: ok, 5: no}   # 4 has no entry 1 \n", want: " {4: no, 5: ok}   # 4 has no entry 1; node 4 was ok, node 5 was no \n",
			asks: []ask{replace(1, 4, "", "no", "ok"), replace(1, 5, "", "ok", "no")}},
		{why: "each line has its own",
			in:   "\n      4: ok\n      5: no   # c\n\n    # d\n",
			want: "\n      4: no  # node 4 was ok\n      5: ok   # c; node 5 was no\n\n    # d\n",
			asks: []ask{replace(1, 5, "", "ok", "no"), replace(1, 4, "", "no", "ok")}},
		{why: "a # in a text is no comment",
			in: " {4: ok, 5: 'no'}\n    note: a # b\n", want: " {4: no, 5: 'no'}  # node 4 was ok\n    note: a # b\n", asks: []ask{replace(1, 4, "", "no", "ok")}},
		{why: "a whole answer for a word, and a word for a whole answer",
			in:   " {4: {voteGranted: true, term: 2}, 5: \"ok\"}\n",
			want: " {4: none, 5: {voteGranted: false}}  # node 4 was {voteGranted: true, term: 2}, node 5 was ok\n",
			asks: []ask{replace(1, 4, "", "none", "{voteGranted: true,\n term: 2}"), replace(1, 5, "", "{voteGranted: false}", "ok")}},
		{why: "a field of a whole answer",
			in:   " {4: {voteGranted: true, term: 2}}\n",
			want: " {4: {voteGranted: true, term: 3}}  # node 4 was term 2\n",
			asks: []ask{replace(1, 4, "term", "3", "term 2")}},
		{why: "a field of a whole answer on lines",
			in:   "\n      4:\n        voteGranted: true\n        term: 2\n      5: ok\n",
			want: "\n      4:\n        voteGranted: true\n        term: 3  # node 4 was term 2\n      5: ok\n",
			asks: []ask{replace(1, 4, "term", "3", "term 2")}},
		{why: "a comment inside braces",
			in:   " {2: ok, 4: ok,\n      5: ok}\n",
			want: " {2: ok, 4: no,  # node 4 was ok\n      5: ok}\n", asks: []ask{replace(1, 4, "", "no", "ok")}},
		{why: "the last word of the file",
			in: "\n      4: ok", want: "\n      4: no  # node 4 was ok", asks: []ask{replace(1, 4, "", "no", "ok")}},
		{why: "and a new line behind it, and a blank filled in",
			in:   "\n      2:\n      4: ok",
			want: "\n      2: ok\n      4: no  # node 4 was ok\n      5: ok",
			asks: []ask{answer(1, 5, "ok"), answer(1, 2, "ok"), replace(1, 4, "", "no", "ok")}},
		{why: "a blank filled in behind it, and a pair added",
			in:   " {4: ok, 5:\n    }\n",
			want: " {4: no, 5: ok, 3: no  # node 4 was ok\n    }\n",
			asks: []ask{answer(1, 5, "ok"), answer(1, 3, "no"), replace(1, 4, "", "no", "ok")}},
		{why: "whom others speaks for gets a cell",
			in: " {2: ok, others: ok}\n", want: " {2: ok, others: ok, 4: no}  # node 4 was ok\n", asks: []ask{replace(1, 4, "", "no", "ok")}},
		{why: "on a line of its own, where they are on lines",
			in: "\n      others: ok   # c\n", want: "\n      others: ok   # c\n      4: no  # node 4 was ok\n      5: no  # node 5 was ok\n",
			asks: []ask{replace(1, 4, "", "no", "ok"), replace(1, 5, "", "no", "ok")}},
		{why: "in braces too",
			in: " {\n      others: ok\n    }\n", want: " {\n      others: ok,\n      4: no,  # node 4 was ok\n      5: no  # node 5 was ok\n    }\n",
			asks: []ask{replace(1, 4, "", "no", "ok"), replace(1, 5, "", "no", "ok")}},
		{why: "a blank is not replaced",
			in: " {4: }\n", says: "node 4's answer is blank here", asks: []ask{replace(1, 4, "", "no", "ok")}},
		{why: "there is nothing to replace",
			in: " {5: ok}\n", says: "x.yaml:4:15: node 4 has no answer here", asks: []ask{replace(1, 4, "", "no", "ok")}},
		{why: "a cell of several lines is not replaced as a whole",
			in: "\n      4:\n        term: 2\n", says: "x.yaml:6:9: this is written over several lines", asks: []ask{replace(1, 4, "", "no", "term 2")}},
		{why: "nor one in braces: it may hold comments",
			in: " {4: {term: 2, # c\n     }}\n", says: "x.yaml:4:19: this is written over several lines", asks: []ask{replace(1, 4, "", "no", "term 2")}},
	})
}
