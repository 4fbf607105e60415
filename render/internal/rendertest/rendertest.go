// Package rendertest has what the tests of render and of the packages under it
// share: files and classes to show, texts that try to leave the place that they
// are put in, and goldens.
package rendertest

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/grade"
	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// File checks a text as a file of that name.
func File(name, text string, mode finding.Mode) *check.File {
	return check.CheckFile(name, strings.NewReader(text), check.Settings{Mode: mode, Limits: trace.DefaultLimits()})
}

var update = flag.Bool("update", false, "rewrite the golden files; read them before you keep them")

// Golden holds an output against the file of that name in testdata.
func Golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(file, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s: -want +got\n%s", file, diff)
	}
}

// OneVote asks for one vote, which is refused.
const OneVote = `title: A voter
nodes: 3
unknown: [2, 3]
initial: {1: {term: 2, log: [1, 2]}}
steps:
  - id: ask
    requestVote: {candidateId: 2, term: 3, lastLogIndex: 3, lastLogTerm: 1}
    to: [1]
    response: {1: no}
`

// AwayYAML has two errors and a blank in its last step, and a note in each.
const AwayYAML = `title: Node 4 was away
nodes: 5
steps:
  - requestVote: {term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0}
    response: {2: ok, 3: ok, 4: none, 5: ok}
    lost: [4]
  - appendEntries: {leaderId: 1, term: 1, index: 1, value: x=1, leaderCommit: 0}
    response: {2: ok, 3: ok, 4: none, 5: ok}
    lost: [4]
  - id: Q3
    appendEntries: {leaderId: 1, term: 1, index: 2, value: x=2, leaderCommit: 1}
    response: {2: ok, 3: ok, 4: ok, 5: }
    state:
      1: {commitIndex: 1}
`

// BrokenYAML has three documents: a sound one, one that is malformed in two
// places, and one whose initial state is unsafe.
const BrokenYAML = `nodes: 3
steps:
  - timeout: 1
---
nodes: 3
steps:
  - timout: 1
  - timeout: 9
---
nodes: 3
initial:
  1: {term: 1, log: [1:a], commitIndex: 1}
  2: {term: 2, role: leader}
steps:
  - timeout: 3
`

// Files are the files of the goldens: the two above, one that could not
// be opened, and one that could not be read to its end.
func Files() []*check.File {
	noReader := check.CheckFile("half.yaml", iotest.ErrReader(errors.New("read half.yaml: input/output error")),
		check.Settings{Limits: trace.DefaultLimits()})
	return []*check.File{
		File("traces/away.yaml", AwayYAML, finding.Mode{}),
		File("traces/broken.yaml", BrokenYAML, finding.Mode{}),
		{Name: "gone.yaml", Errors: trace.Errors{{File: "gone.yaml", Msg: "no such file or directory"}}},
		noReader,
	}
}

// Texts try to leave the place that they are put in. Each may be a
// title, a note, an id, a value or a file's name.
var Texts = []string{
	"\x1b[2J", "\u009b31m", "a\rb", "\u202eabc", "\u200bx\u2060", "a\u2028b", "\x00\x7f", "\ufffe", "\U000e0041",
	"::error::x", "##vso[task.setvariable variable=x]y", "&#64;octocat", " ::error file=a,line=1::x", "##[error]x", "###[group]x", "a\n::error::x", "100%0A::error::x", "a,title=b",
	"=cmd|' /C calc'!A0", "a|b", "a\nb", "</script><img src=x onerror=1>", "]]>", "&lt;&#27;", "-->",
	`\input{/etc/passwd}`, "@octocat", "日本語", "👨\u200d👩\u200d👧", "❤\ufe0f",
	"a # SKIP not today", `a \# TODO`, "a {", "\n  ...\nok 99 - x", "ok 1", "Bail out!", "1..0",
	`"`, `\"`, `\`, "{0}", "[x](javascript:alert(1))", "a: b", "%41 +?#", "../up",
}

// HostileFile is a sound trace with the text in each place that takes it: one
// error (the log) and one note (the request to a node that does not lead).
func HostileFile(text string) *check.File {
	q := strconv.QuoteToASCII(text) // YAML has the same escapes
	return File(text, fmt.Sprintf(`title: %s
nodes: 3
steps:
  - id: %s
    note: %s
    clientRequest: {node: 1, value: %s}
    state: {1: {log: [{term: 1, value: %s}]}}
`, q, q, q, q, q), finding.Mode{})
}

// MalformedFile has the text for a key that the format does not know.
func MalformedFile(text string) *check.File {
	return File(text, fmt.Sprintf("nodes: %s\nsteps:\n  - timeout: 1\n", strconv.QuoteToASCII(text)), finding.Mode{})
}

// A BrokenPipe takes in so many bytes and no more.
type BrokenPipe struct{ Room int }

func (w *BrokenPipe) Write(p []byte) (int, error) {
	if len(p) > w.Room {
		return 0, io.ErrClosedPipe
	}
	w.Room -= len(p)
	return len(p), nil
}

// NoneHidden fails if an output holds a character that a reader does not see.
func NoneHidden(t *testing.T, output string) {
	t.Helper()
	if !utf8.ValidString(output) {
		t.Errorf("the output is no UTF-8: %q", output)
	}
	for _, line := range strings.Split(output, "\n") {
		if line != doc.Clean(line) {
			t.Errorf("something hidden in the line %q", line)
		}
	}
}

// QuizKey asks for what each rule of AppendEntries decides. Its answers are
// Figure 2's: worked out by hand, they are in the table of TestFeedbackHides.
const QuizKey = `title: Quiz 3
nodes: 3
grading: {late: 10%, allOrNothing: [V1]}
steps:
  - id: V1
    requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
    response: {2: , 3: }
  - id: A1
    appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:x], leaderCommit: 0}
    lost: 3
    response: {2: , 3: }
  - id: A2
    appendEntries: {leaderId: 1, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [1:y], leaderCommit: 1}
    response: {2: , 3: }
    state: {2: {log: , commitIndex: }, 1: {commitIndex: }}
  - id: A3
    appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:x, 1:y], leaderCommit: 2}
    lost: 2
    response: {2: , 3: }
    state: {3: {log: , commitIndex: , term: }}
`

// QuizSheet has, beside what is right: a mistake in A1 that the answers of node 2
// in A2 follow from; a mistake in A2 after which node 3 would have a hole in its
// log; a blank; and a step that the key does not have.
const QuizSheet = `student: Robin Doe
nodes: 3
steps:
  - id: V1
    requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
    response: {2: ok, 3: no}
  - id: A1
    appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:x], leaderCommit: 0}
    lost: 3
    response: {2: no, 3: none}
  - id: A2
    appendEntries: {leaderId: 1, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [1:y], leaderCommit: 1}
    response: {2: no, 3: ok}
    state: {2: {log: [], commitIndex: 0}, 1: {commitIndex: }}
  - id: A3
    appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:x, 1:y], leaderCommit: 2}
    lost: 2
    response: {2: none, 3: ok}
    state: {3: {log: [1:x, 1:y], commitIndex: 1, term: 1}}
  - id: A4
    heal: true
`

// Key makes a key of a trace.
func Key(t *testing.T, text string) *grade.Key {
	t.Helper()
	f, err := trace.Parse("key.yaml", []byte(text), trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	key, err := grade.NewKey(f.Traces[0])
	if err != nil {
		t.Fatal(err)
	}
	return key
}

// HandedIn is a file of a student.
func HandedIn(student, name, text string) grade.Input {
	return grade.Input{Name: name, Student: grade.Student{Name: student},
		Open: func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader(text)), nil }}
}

// Marked marks one file.
func Marked(key *grade.Key, in grade.Input) *grade.Submission {
	return &grade.MarkAll(key, []grade.Input{in}, grade.Settings{}).Submissions[0]
}

// Quiz is the sheet above, handed in late, with a diagnosis.
func Quiz(t *testing.T) (*grade.Submission, *grade.Key) {
	t.Helper()
	key := Key(t, QuizKey)
	in := HandedIn("", "robin.yaml", QuizSheet)
	in.Late = true
	s := Marked(key, in)
	if s.Outcome != grade.Marked {
		t.Fatal(s.Outcome, s.Why)
	}
	unchecked, _ := raft.DeviationNamed("prev-unchecked")
	untested, _ := raft.DeviationNamed("vote-twice")
	s.Sheet.Diagnosis = &grade.Diagnosis{Verdict: grade.Named, Untested: []raft.Deviation{untested},
		Explanations: []grade.Explanation{{Deviations: []raft.Deviation{unchecked}, Explained: 1, Contradicted: 1, Cells: []int{3, 5}}}}
	return s, key
}

// Lines are these texts, and some that would begin a
// block of Markdown or close one.
var Lines = append(slices.Clone(Texts), "`", "```", "a``b", "```\n# x", "~~~", "- x", "+ x", "1. x", "    x", "# x", "> x", "===", "---")

// hostileKey has the text as title, variant, step id, note and value.
func hostileKey(text string) string {
	q := strconv.QuoteToASCII(text)
	return fmt.Sprintf(`title: %s
variant: %s
nodes: 3
steps:
  - id: %s
    note: %s
    appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [{term: 1, value: %s}], leaderCommit: 0}
    response: {2: , 3: }
    state: {2: {log: , commitIndex: }, 3: {log: }}
`, q, q, q, q, q)
}

// hostileSheet has it as student, title, step id, note and value too: of its
// answers one is right, one is wrong, one is blank, and both logs are wrong. A
// step that the key does not have is named for it as well.
func hostileSheet(text string) string {
	q := strconv.QuoteToASCII(text)
	return fmt.Sprintf(`student: %s
title: %s
variant: %s
nodes: 3
steps:
  - id: %s
    note: %s
    appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [{term: 1, value: %s}], leaderCommit: 0}
    response: {2: ok, 3: no}
    state: {2: {log: [{term: 1, value: %s}, {term: 1, value: b}], commitIndex: }, 3: {log: [{term: 1, value: %s}, {term: 1, value: c}]}}
  - id: %s
    heal: true
`, q, q, q, q, q, q, q, q, strconv.QuoteToASCII("-"+text))
}

// HostileClass is a class whose students, files and reasons hold the text: one
// sheet that counts, one that was replaced, one malformed, two refused.
func HostileClass(t *testing.T, text string) *grade.Class {
	t.Helper()
	key := Key(t, hostileKey(text))
	later := HandedIn(text, "a/"+text, hostileSheet(text))
	later.Student.ID, later.Attempt = text, 2
	first := later
	first.Name, first.Attempt = "b/"+text, 1
	broken := HandedIn(text+"-m", text, "nodes: "+strconv.QuoteToASCII(text)+"\nsteps: []\n")
	refused := grade.Input{Name: text, Student: grade.Student{Name: text + "-r"}, Refused: "no " + text}
	gone := grade.Input{Name: text, Student: grade.Student{Name: text + "-g"}, Open: func() (io.ReadCloser, error) { return nil, errors.New(text) }}
	c := grade.MarkAll(key, []grade.Input{later, first, broken, refused, gone}, grade.Settings{})
	for i := range c.Submissions {
		if s := &c.Submissions[i]; s.Outcome == grade.Marked {
			s.Sheet.Reviews = []grade.Review{{Doubt: grade.AllNo, Node: 2, Cells: []int{0}, Why: text}}
			s.Sheet.Diagnosis = &grade.Diagnosis{Verdict: grade.Slip, Apart: text}
		}
	}
	return c
}

// HostileVariants is a class with two worksheets, one of them named as the text: a sheet of
// it, and one whose student has the other.
func HostileVariants(t *testing.T, text string) *grade.Class {
	t.Helper()
	keys, err := grade.NewKeys(text, []*grade.Key{Key(t, hostileKey(text)), Key(t, "variant: other one\nnodes: 2\nsteps: [{requestVote: {candidateId: 1}, response: {2: }}]\n")})
	if err != nil {
		t.Fatal(err)
	}
	astray := HandedIn(text+"-x", "x.yaml", hostileSheet(text))
	astray.Student.ID = "other one"
	return grade.MarkEach(keys, []grade.Input{HandedIn(text, text, hostileSheet(text)), astray}, grade.Settings{})
}

// HostileTrace is a trace with a text in each place that takes one, of which
// both rules that follow make something.
func HostileTrace(t *testing.T, text string) *trace.Trace {
	t.Helper()
	q := strconv.QuoteToASCII(text) // YAML has the same escapes
	tr := Traces(t, fmt.Sprintf(`title: %s
nodes: 2
initial: {1: {term: 1, role: leader, log: [{term: 1, value: %s}]}, 2: {log: [{term: 1, value: %s}, {term: 1, value: %s}]}}
steps:
  - id: %s
    note: %s
    appendEntries: {leaderId: 1, prevLogIndex: 0, entries: [{term: 1, value: %s}]}
    response: {2: }
    state:
`, q, q, q, q, q, q, q))[0]
	tr.File = text
	return tr
}

func Traces(t *testing.T, text string) []*trace.Trace {
	t.Helper()
	f, err := trace.Parse("dir/t.yaml", []byte(text), trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return f.Traces
}

// SameJSON holds a JSON text against what programs are promised.
func SameJSON(t *testing.T, promised, is string) {
	t.Helper()
	decode := func(text string) (v any) {
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatalf("this is no JSON: %v\n%s", err, text)
		}
		return v
	}
	if d := cmp.Diff(decode(promised), decode(is)); d != "" {
		t.Errorf("the JSON breaks its promise (-promised +is):\n%s", d)
	}
}

// QuizAnswers is a sheet of the Quiz with these answers, step by step, and these
// tables.
func QuizAnswers(answers, log, commit string) string {
	a := strings.Fields(answers)
	return fmt.Sprintf(`nodes: 3
steps:
  - {id: V1, requestVote: {candidateId: 1}, response: {2: %s, 3: %s}}
  - {id: A1, appendEntries: {leaderId: 1}, response: {2: %s, 3: %s}}
  - {id: A2, appendEntries: {leaderId: 1}, response: {2: %s, 3: %s}, state: {2: {log: %s, commitIndex: %s}, 1: {commitIndex: 2}}}
  - {id: A3, appendEntries: {leaderId: 1}, response: {2: %s, 3: %s}, state: {3: {log: [1:x, 1:y], commitIndex: 2, term: 1}}}
`, a[0], a[1], a[2], a[3], a[4], a[5], log, commit, a[6], a[7])
}

// QuizClass is a class with every outcome: six sheets that count, one that was
// replaced, one malformed, one refused. What the diagnoses say is made up.
func QuizClass(t *testing.T) *grade.Class {
	t.Helper()
	late := HandedIn("Dan", "dan.yaml", QuizAnswers("ok ok ok none no ok none ok", "[1:x, 1:y]", "2"))
	late.Late = true
	again := HandedIn("Ann", "ann-2.yaml", QuizAnswers("ok ok ok none ok no none ok", "[1:x, 1:y]", "1"))
	again.Attempt = 2
	c := grade.MarkAll(Key(t, QuizKey), []grade.Input{
		HandedIn("Ann", "ann.yaml", QuizAnswers("ok ok ok ok ok ok ok ok", "[1:x, 1:y]", "1")), again,
		HandedIn("Bob", "bob.yaml", QuizAnswers("ok ok ok none ok ok none ok", "[1:x, 1:y]", "2")),
		HandedIn("Cyd", "cyd.yaml", QuizAnswers("ok no no none no no none ok", "[]", "0")), late,
		HandedIn("Eve", "eve.yaml", QuizAnswers("ok no no ok no ok no ok", "[2:z]", "7")),
		HandedIn("Fay", "fay.yaml", QuizAnswers("ok ok ~ ~ ~ ~ ~ ok", "~", "~")),
		HandedIn("Gil", "gil.yaml", "nodes: many\n"),
		{Name: "hal.exe", Student: grade.Student{Name: "Hal", ID: "77"}, Refused: "it is no YAML"},
	}, grade.Settings{})
	dev := func(name string) grade.Explanation {
		d, _ := raft.DeviationNamed(name)
		return grade.Explanation{Deviations: []raft.Deviation{d}}
	}
	two := dev("prev-unchecked")
	two.Deviations = append(two.Deviations, dev("commit-unclamped").Deviations...)
	says := map[string]*grade.Diagnosis{
		"Ann": {Verdict: grade.NothingWrong},
		"Bob": {Verdict: grade.Named, Explanations: []grade.Explanation{dev("prev-unchecked")}},
		"Cyd": {Verdict: grade.Slip},
		"Dan": {Verdict: grade.Named, Explanations: []grade.Explanation{dev("prev-unchecked")}},
		"Eve": {Verdict: grade.Named, Explanations: []grade.Explanation{two}},
		"Fay": {Verdict: grade.Tie, Explanations: []grade.Explanation{dev("vote-twice"), dev("always-truncate")}},
	}
	for i := range c.Submissions {
		if s := &c.Submissions[i]; s.Outcome == grade.Marked {
			s.Sheet.Diagnosis = says[s.Student.Name]
			s.Sheet.Diagnosis.Untested = dev("vote-once-forever").Deviations
			if s.Student.Name == "Cyd" {
				s.Sheet.Reviews = []grade.Review{{Doubt: grade.AllNo, Node: 2, Cells: []int{4, 6}, Why: "made up"}}
			}
		}
	}
	return c
}
