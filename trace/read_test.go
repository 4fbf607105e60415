package trace

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"raftsheet/raft"
)

// parse reads a file in which nothing is wrong.
func parse(t testing.TB, data string) *File {
	t.Helper()
	f, err := Parse("t.yaml", []byte(data), DefaultLimits())
	if err != nil {
		t.Fatalf("%v in:\n%s", err, data)
	}
	return f
}

// parseOne reads a file of one trace.
func parseOne(t testing.TB, data string) *Trace {
	t.Helper()
	f := parse(t, data)
	if len(f.Traces) != 1 {
		t.Fatalf("%d traces were read, not one, in:\n%s", len(f.Traces), data)
	}
	return f.Traces[0]
}

func given[T any](v T, line, column int32) Opt[T] {
	return Opt[T]{Value: v, Pos: Pos{line, column}, Presence: Given}
}

func blank[T any](line, column int32) Opt[T] {
	return Opt[T]{Pos: Pos{line, column}, Presence: Blank}
}

// Everything that a trace may hold, and what is made of it.
func TestParse(t *testing.T) {
	const in = `title: All of it
student: Ada
nodes: [A, B, C]
rules: [figure2]
unknown: C
grading: {points: 1}
initial:
  A: {term: 3, votedFor: A, role: leader, log: [1:x, 3], commitIndex: 1, lastApplied: 0,
      nextIndex: {B: 3}, matchIndex: {B: , C: 0}}
  B:
steps:
  - requestVote: {candidateId: A, term: , lastLogTerm: 3}
    response: [ok, "?", {voteGranted: no, term: 4}]
  - id: q2
    note: a note
    points: 0.5
    appendEntries: {leaderId: A, term: 3, prevLogIndex: 1, prevLogTerm: 1, entries: [3, {term: 3, value: y}], leaderCommit: 1}
    to: [B]
    lost: B
    response: {others: none, B: {success: , term: }}
    state:
      B: {log: , terms: {1: none, 2: A, 3: }, votedFor: none, role: follower}
      C:
  - appendEntries: {leaderId: A, index: 3, value: z}
    responseLost: [B, C]
    state:
  - appendEntries: {leaderId: A, entries: auto}
    response:
  - requestVoteResponse: {from: B, to: A, term: 3, voteGranted: ✓}
  - appendEntriesResponse: {from: B, to: A, term: 3, success: yes, matchIndex: 2}
  - timeout: [B, A]
  - clientRequest: {node: A, value: w}
  - crash: A
  - restart: [A, B]
  - partition: [[A, B], [C]]
  - heal: true
`
	A, B, C := raft.NodeID(1), raft.NodeID(2), raft.NodeID(3)
	all, only := raft.SetOf, func(id raft.NodeID) []raft.NodeID { return []raft.NodeID{id} }
	entry := func(term raft.Term, value string, line, column int32) LogEntry {
		return LogEntry{Entry: raft.Entry{Term: term, Value: value}, Pos: Pos{line, column}}
	}
	want := &Trace{
		File: "t.yaml", Document: 1, Pos: Pos{1, 1}, Title: "All of it", Student: "Ada",
		Names: []string{"A", "B", "C"}, Rules: []string{"figure2"}, RulesPos: Pos{4, 8}, Unknown: all(C),
		Grading: Grading{Pos: Pos{6, 10}, Points: given("1", 6, 19)},
		Initial: []NodeState{{
			Node: A, Pos: Pos{8, 3}, Term: given[raft.Term](3, 8, 13), VotedFor: given(A, 8, 26), Role: given(raft.Leader, 8, 35),
			Log:         given([]LogEntry{entry(1, "x", 8, 49), entry(3, "", 8, 54)}, 8, 48),
			CommitIndex: given[raft.Index](1, 8, 71), LastApplied: given[raft.Index](0, 8, 87),
			NextIndex:  given([]NodeIndex{{B, Pos{9, 19}, given[raft.Index](3, 9, 22)}}, 9, 18),
			MatchIndex: given([]NodeIndex{{B, Pos{9, 39}, blank[raft.Index](9, 42)}, {C, Pos{9, 44}, given[raft.Index](0, 9, 47)}}, 9, 38),
		}, {Node: B, Pos: Pos{10, 3}, Blank: true}},
		Steps: []Step{{
			Pos: Pos{12, 5}, Number: 1, ID: "1", EventPos: Pos{12, 5}, EventEnd: Pos{13, 5},
			Event: &RequestVote{CandidateID: A, Term: blank[raft.Term](12, 41), LastLogTerm: given[raft.Term](3, 12, 56)},
			Response: &Row{Pos: Pos{13, 15}, Cells: []Cell{
				{Node: A, Pos: Pos{13, 16}, OK: given(true, 13, 16)},
				{Node: B, Pos: Pos{13, 20}, OK: blank[bool](13, 20)},
				{Node: C, Pos: Pos{13, 25}, Whole: true, OK: given(false, 13, 39), Term: given[raft.Term](4, 13, 49)},
			}},
		}, {
			Pos: Pos{14, 5}, Number: 2, ID: "q2", Note: "a note", Points: given("0.5", 16, 13), EventPos: Pos{17, 5}, EventEnd: Pos{20, 5},
			Event: &AppendEntries{LeaderID: A, Term: given[raft.Term](3, 17, 40), PrevLogIndex: given[raft.Index](1, 17, 57),
				PrevLogTerm: given[raft.Term](1, 17, 73), LeaderCommit: given[raft.Index](1, 17, 125),
				Entries: given([]LogEntry{entry(3, "", 17, 86), entry(3, "y", 17, 89)}, 17, 85)},
			To: given(all(B), 18, 9), Lost: all(B),
			Response: &Row{Pos: Pos{20, 15}, Others: &Cell{Pos: Pos{20, 24}, None: true},
				Cells: []Cell{{Node: B, Pos: Pos{20, 33}, Whole: true, OK: blank[bool](20, 43), Term: blank[raft.Term](20, 51)}}},
			State: []NodeState{{
				Node: B, Pos: Pos{22, 7}, Log: blank[[]LogEntry](22, 16), VotedFor: given(raft.NoNode, 22, 57), Role: given(raft.Follower, 22, 69),
				Terms: given([]TermVote{{1, Pos{22, 26}, given(raft.NoNode, 22, 29)}, {2, Pos{22, 35}, given(A, 22, 38)},
					{3, Pos{22, 41}, blank[raft.NodeID](22, 44)}}, 22, 25),
			}, {Node: C, Pos: Pos{23, 7}, Blank: true}},
		}, {
			Pos: Pos{24, 5}, Number: 3, ID: "3", EventPos: Pos{24, 5}, EventEnd: Pos{26, 5}, ResponseLost: all(B, C), StatePos: Pos{26, 11},
			Event: &AppendEntries{LeaderID: A, Index: given[raft.Index](3, 24, 41), Value: given("z", 24, 51)},
		}, {
			Pos: Pos{27, 5}, Number: 4, ID: "4", EventPos: Pos{27, 5}, EventEnd: Pos{28, 5}, Response: &Row{Pos: Pos{28, 14}, Blank: true},
			Event: &AppendEntries{LeaderID: A, Entries: blank[[]LogEntry](27, 43), Auto: true},
		}, {
			Pos: Pos{29, 5}, Number: 5, ID: "5", EventPos: Pos{29, 5}, Event: &VoteResponse{From: B, To: A, Term: 3, Granted: true},
		}, {
			Pos: Pos{30, 5}, Number: 6, ID: "6", EventPos: Pos{30, 5},
			Event: &AppendResponse{From: B, To: A, Term: 3, Success: true, MatchIndex: given[raft.Index](2, 30, 80)},
		},
			{Pos: Pos{31, 5}, Number: 7, ID: "7", EventPos: Pos{31, 5}, Event: &Timeout{[]raft.NodeID{B, A}}},
			{Pos: Pos{32, 5}, Number: 8, ID: "8", EventPos: Pos{32, 5}, Event: &ClientRequest{A, "w"}},
			{Pos: Pos{33, 5}, Number: 9, ID: "9", EventPos: Pos{33, 5}, Event: &Crash{only(A)}},
			{Pos: Pos{34, 5}, Number: 10, ID: "10", EventPos: Pos{34, 5}, Event: &Restart{Nodes: []raft.NodeID{A, B}}},
			{Pos: Pos{35, 5}, Number: 11, ID: "11", EventPos: Pos{35, 5}, Event: &Partition{[]raft.NodeSet{all(A, B), all(C)}}},
			{Pos: Pos{36, 5}, Number: 12, ID: "12", EventPos: Pos{36, 5}, Event: &Heal{}},
		},
	}
	if diff := cmp.Diff(want, parseOne(t, in)); diff != "" {
		t.Errorf("what was read is not what is written (-written +read):\n%s", diff)
	}
}

func TestDocuments(t *testing.T) {
	const one = "nodes: 1\nsteps: []\n"
	for _, tt := range []struct {
		why, in string
		numbers []int // of the documents that hold a trace
	}{
		{"one", one, []int{1}},
		{"a mark before it", "---\n" + one, []int{1}},
		{"a mark after it", one + "---\n", []int{1}},
		{"a mark and an end", "--- # here\n" + one + "...\n", []int{1}},
		{"two", one + "---\n" + one, []int{1, 2}},
		{"empty ones are counted, and passed over", "---\n---\n" + one + "---\n# nothing\n---\n~\n---\n" + one, []int{2, 5}},
		{"JSON", `{"nodes": 1, "steps": []}`, []int{1}},
		{"JSON that is indented with tabs", "{\n\t\"nodes\": 1,\n\t\"steps\": [\n\t\t{\"timeout\": 1}\n\t]\n}\n", []int{1}},
		{"a byte order mark", "\ufeff" + one, []int{1}},
		{"Windows line ends", strings.ReplaceAll(one+"---\n"+one, "\n", "\r\n"), []int{1, 2}},
		{"no line end at the end", strings.TrimSuffix(one, "\n"), []int{1}},
		{"version 1.1", "%YAML 1.1\n---\n" + one, []int{1}},
	} {
		var numbers []int
		for _, tr := range parse(t, tt.in).Traces {
			numbers = append(numbers, tr.Document)
		}
		if !cmp.Equal(numbers, tt.numbers) {
			t.Errorf("%s: the traces are documents %v, not %v", tt.why, numbers, tt.numbers)
		}
	}
}

func TestNoTrace(t *testing.T) {
	const want = "1:1: the file has no trace; write at least nodes and steps"
	for _, in := range []string{"", "\n\n", "# nothing yet\n", "---\n", "---\n---\n# nothing\n", "~", "\ufeff", "null\n...\n"} {
		if got := wrong(in); got != want {
			t.Errorf("%q: the reader says %q, not %q", in, got, want)
		}
	}
}

// Columns count characters from 1, whatever the line end, and a byte order mark
// is none of them.
func TestColumns(t *testing.T) {
	for _, tt := range []struct{ why, in, want string }{
		{"letters of several bytes", "nodes: 3\ntitle: 日本語\nsteps: [{note: 日本語 ✓ 👪, tiemout: 1}]\n",
			`3:25: unknown key "tiemout"; did you mean "timeout"?`},
		{"a byte order mark", "\ufeffndoes: 3\nsteps: []\n", `1:1: unknown key "ndoes"; did you mean "nodes"?`},
		{"a byte order mark, in braces", "\ufeff{\"nodes\": 3, \"step\": []}", `1:14: unknown key "step"; did you mean "steps"?`},
		{"Windows line ends", "nodes: 3\r\n\r\ntitle:\r\n  [x]\r\nsteps: x\r\n",
			"4:3: title is a list here; it takes a single value\n" +
				`5:8: steps is "x" here; it takes a list, one step per item: - requestVote: {candidateId: 1}`},
		{"an alias is where it stands", "nodes: &n 3\ntitle: &t [x]\nstudent: *t\nsteps: *n\n",
			"2:8: title is a list here; it takes a single value\n" +
				"3:10: student is a list here; it takes a single value\n" +
				`4:8: steps is "3" here; it takes a list, one step per item: - requestVote: {candidateId: 1}`},
		{"text over several lines", "nodes: 3\ntitle: >\n  one\n  two\nnote: x\nsteps: []\n",
			`5:1: unknown key "note"; a trace takes title, student, variant, nodes, raftId, unknown, voters, rules, initial, grading, $schema, steps`},
		{"a second document", "nodes: 3\nsteps: []\n--- # two\nnodes: 0\nsteps: []\n", "4:8: nodes: 0: a cluster has 1 to 64 nodes"},
	} {
		if got := wrong(tt.in); got != tt.want {
			t.Errorf("%s: the reader says\n%s\nnot\n%s", tt.why, got, tt.want)
		}
	}
}

// An error in one document takes nothing from the others.
func TestErrorsOfAllDocuments(t *testing.T) {
	const in = "nodes: 1\nsteps: []\n---\nnodes: 0\nsteps: x\n---\nnodes: 2\nsteps: []\n---\nnodes: [\n"
	f, err := Parse("dir/t.yaml", []byte(in), DefaultLimits())
	want := `dir/t.yaml:4:8: nodes: 0: a cluster has 1 to 64 nodes
dir/t.yaml:5:8: steps is "x" here; it takes a list, one step per item: - requestVote: {candidateId: 1}
dir/t.yaml:11:1: a value, or a closing bracket, is missing on line 11 or before`
	if err == nil || err.Error() != want {
		t.Errorf("the reader says\n%v\nnot\n%s", err, want)
	}
	var documents, sound []int
	for _, e := range err.(Errors) {
		documents = append(documents, e.Document)
	}
	for _, tr := range f.Traces {
		sound = append(sound, tr.Document)
	}
	if !cmp.Equal(documents, []int{2, 2, 4}) || !cmp.Equal(sound, []int{1, 3}) {
		t.Errorf("errors in documents %v and traces in %v, not 2 2 4 and 1 3", documents, sound)
	}
	if string(f.Bytes()) != in || f.Name != "dir/t.yaml" {
		t.Error("a file with errors has lost its name or its bytes")
	}
}

// What is wrong with a document costs what it stands at, and the rest is there.
func TestErrorsAreLocal(t *testing.T) {
	const in = "nodes: 3\nsteps:\n- requestVote: {candidateId: 1, term: 1}\n  response: {2: ok, 3: perhaps}\n" +
		"- timeout: 9\n- appendEntries: {leaderId: 1, term: 1, idnex: 1, value: x}\n  response: {2: no}\n- crash: 2\n" +
		"---\nnodes: 1\nsteps: []\n---\nnodes: 2\nsteps: [{timeout: 3}]\ntitle: [x]\n"
	f, err := Parse("t.yaml", []byte(in), DefaultLimits())
	if len(f.Traces) != 3 || len(err.(Errors)) != 6 {
		t.Fatalf("%d traces are read: %v", len(f.Traces), err)
	}
	first := f.Traces[0]
	if first.Document != 1 || len(first.Steps) != 4 {
		t.Fatalf("document %d has %d steps", first.Document, len(first.Steps))
	}
	row := first.Steps[0].Response
	if v := row.Cells[0].OK; !v.Given() || !v.Value || row.Cells[1].IsBlank() || !row.Cells[1].IsUnread() || first.Steps[0].Unread {
		t.Errorf("the answers are %+v", row.Cells)
	}
	for i, touched := range map[int]raft.NodeSet{1: raft.AllNodes(3), 2: raft.AllNodes(3)} {
		if s := first.Steps[i]; !s.Unread || s.Event != nil || s.Touched != touched {
			t.Errorf("step %d is to be unread, and is %+v", i+1, s)
		}
	}
	if s := first.Steps[2]; s.EventName() != "appendEntries" || !s.Response.Cells[0].OK.Given() {
		t.Errorf("the answer below an event with an error is lost: %+v", s)
	}
	if _, ok := first.Steps[3].Event.(*Crash); !ok {
		t.Errorf("the last step is %T", first.Steps[3].Event)
	}
	var steps []int
	for _, e := range first.Errors {
		steps = append(steps, e.Step)
	}
	if want := []int{1, 2, 3, 3}; !slices.Equal(steps, want) {
		t.Errorf("the errors are of the steps %v, not %v: %v", steps, want, first.Errors)
	}
	if f, _ := Parse("t.yaml", []byte("nodes: 0\nsteps: [{timeout: 1}]\n"), DefaultLimits()); len(f.Traces) != 0 {
		t.Error("a trace is read whose nodes are not known")
	}
	if last := f.Traces[2].Errors; len(last) != 2 || last[0].Step != 1 || last[1].Step != 0 {
		t.Errorf("the errors of the last document are %v", last)
	}
}

// What an error costs: nothing but itself, its step, or a node's state.
func TestWhatAnErrorCosts(t *testing.T) {
	const ask, all = "requestVote: {candidateId: 1, term: 1}", raft.NodeSet(7)
	for _, tt := range []struct {
		why, document, step string
		unread              bool         // of the step
		touched, start      raft.NodeSet // of the step, and of the trace
	}{
		{"a wrong answer", "", ask + ", response: {2: perhaps}", false, 0, 0},
		{"an answer of nobody", "", ask + ", response: {9: ok}", false, 0, 0},
		{"a response that is no row", "", ask + ", response: ok", false, 0, 0},
		{"a field of a table", "", ask + ", state: {2: {term: x, role: king}}", false, 0, 0},
		{"a table's key", "", ask + ", state: {2: {trem: 1}}", false, 0, 0},
		{"a note", "", ask + ", note: [x]", false, 0, 0},
		{"a misspelt response", "", ask + ", respnse: {2: ok}", false, 0, 0},
		{"a field of the event", "", "requestVote: {candidateId: 1, term: x}, to: [2]", true, 3, 0},
		{"a field that is misspelt", "", "requestVote: {candidateId: 1, trem: 1}, to: [2]", true, 3, 0},
		{"the sender", "", "requestVote: {candidateId: 9, term: 1}, to: [2]", true, all, 0},
		{"to", "", ask + ", to: [9]", true, all, 0},
		{"lost", "", ask + ", lost: [9], to: [2]", true, 3, 0},
		{"lost, misspelt", "", ask + ", losst: [2]", true, all, 0},
		{"two events", "", ask + ", timeout: 2", true, all, 0},
		{"an event that there is not", "", "preVote: {candidateId: 1}", true, all, 0},
		{"no step at all", "", "x", true, all, 0},
		{"a title", "title: [x]", ask, false, 0, 0},
		{"a node's initial state", "initial: {2: {term: x}}", ask, false, 0, 2},
		{"an initial state that cannot be", "initial: {2: {term: 1, log: [2]}}", ask, false, 0, 2},
		{"two leaders", "initial: {2: {term: 1, role: leader}, 3: {term: 1, role: leader}}", ask, false, 0, 6},
		{"whose initial state", "initial: {9: {term: 1}}", ask, false, 0, all},
		{"initial, misspelt", "intial: {2: {term: 1}}", ask, false, 0, all},
		{"the rules", "rules: figure3", ask, false, 0, all},
		{"who is unknown", "unknown: [9]", ask, false, 0, all},
	} {
		step := "{" + tt.step + "}"
		if tt.step == "x" {
			step = tt.step
		}
		f, err := Parse("t.yaml", []byte("nodes: 3\n"+tt.document+"\nsteps:\n- "+step+"\n- crash: 1\n"), DefaultLimits())
		if err == nil || len(f.Traces) != 1 {
			t.Errorf("%s: %d traces, and the error %v", tt.why, len(f.Traces), err)
			continue
		}
		tr := f.Traces[0]
		if s := tr.Steps[0]; s.Unread != tt.unread || s.Touched != tt.touched || tr.Unread != tt.start {
			t.Errorf("%s: the step is unread: %t, and touches %b; at the start %b are unknown", tt.why, s.Unread, s.Touched, tr.Unread)
		}
		if tr.Steps[1].Unread || tr.Steps[1].Event == nil {
			t.Errorf("%s: it costs the next step too", tt.why)
		}
	}
}

// A file that is wrong throughout is told so in a hundred lines, the first ones.
func TestManyErrors(t *testing.T) {
	for why, in := range map[string]string{
		"in one document": "nodes: 3\nsteps:\n" + strings.Repeat("  - timeout: 4\n", 5000),
		"in one list":     "nodes: 3\nsteps: [state: {1: {log: [" + strings.Repeat("x,\n", 5000) + "]}}]",
		"in many":         strings.Repeat("nodes: 0\nsteps: []\n---\n", 5000) + "nodes: 1\nsteps: []\n",
		"in an early document and many later ones": "nodes: 3\nsteps: [" + strings.Repeat("x,\n", 90) + "]\n---\n" +
			strings.Repeat("nodes: 0\nsteps: []\n---\n", 5000),
	} {
		f, err := Parse("t.yaml", []byte(in), DefaultLimits())
		var errs Errors
		if !errors.As(err, &errs) || len(errs) != 101 {
			t.Errorf("%s: %d errors are reported, not 100 and a last word", why, len(errs))
			continue
		}
		if last := errs[100]; last.Msg != "more errors follow; these are 100 of them" || !last.Pos.IsValid() {
			t.Errorf("%s: the last word is %q", why, last)
		}
		for i := 1; i < len(errs); i++ {
			if a, b := errs[i-1].Pos, errs[i].Pos; b.Line < a.Line || b.Line == a.Line && b.Column < a.Column {
				t.Fatalf("%s: the error at %v comes after that at %v", why, b, a)
			}
		}
		if why == "in many" && len(f.Traces) != 1 {
			t.Errorf("%s: the sound document behind the others was not read", why)
		}
	}
}

func TestErrorText(t *testing.T) {
	for _, tt := range []struct {
		err  error
		want string
	}{
		{&Error{File: "a.yaml", Pos: Pos{3, 7}, Msg: "wrong"}, "a.yaml:3:7: wrong"},
		{&Error{File: "a.yaml", Msg: "no such file or directory"}, "a.yaml: no such file or directory"},
		{Errors{{File: "a", Pos: Pos{1, 2}, Msg: "x"}, {File: "a", Pos: Pos{2, 1}, Msg: "y"}}, "a:1:2: x\na:2:1: y"},
	} {
		if got := tt.err.Error(); got != tt.want {
			t.Errorf("the error reads %q, not %q", got, tt.want)
		}
	}
}

func TestRead(t *testing.T) {
	const in = "nodes: 1\nsteps: []\n"
	exact := DefaultLimits()
	exact.Bytes = int64(len(in))
	if f, err := Read("t.yaml", strings.NewReader(in), exact); err != nil || len(f.Traces) != 1 {
		t.Errorf("a file of just as many bytes as there may be: %v", err)
	}
	path := filepath.Join(t.TempDir(), "t.yaml")
	if err := os.WriteFile(path, []byte(in), 0o600); err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	if f, err := Read("t.yaml", file, exact); err != nil || len(f.Traces) != 1 {
		t.Errorf("the same on a disk: %v", err)
	}
	exact.Bytes--
	for _, tt := range []struct {
		why  string
		in   io.Reader
		want string
	}{
		{"a byte too many", strings.NewReader(in), "t.yaml:1:1: the file is larger than 18 bytes; --max-bytes raises the limit"},
		{"a reader that fails", iotest.ErrReader(fmt.Errorf("read t.yaml: %w", errors.New("is a directory"))), "t.yaml: is a directory"},
		{"one that fails without a path", iotest.ErrReader(errors.New("broken pipe")), "t.yaml: broken pipe"},
	} {
		f, err := Read("t.yaml", tt.in, exact)
		if err == nil || err.Error() != tt.want || f == nil {
			t.Errorf("%s: the reader says %v, not %s", tt.why, err, tt.want)
		}
	}
}

func TestLimits(t *testing.T) {
	lim := Limits{Nodes: 30, Aliased: 100, Depth: 8, Steps: 3, Value: 4}
	const unknownA = `t:3:11: unknown key "a"; grading takes points, answer, term, state, followThrough, late, allOrNothing`
	steps := func(n int) string { return "nodes: 1\nsteps:\n" + strings.Repeat("- heal: true\n", n) }
	for _, tt := range []struct{ why, in, want string }{
		{"as many steps as there may be", steps(3), ""},
		{"one more", steps(4), "t:6:3: a trace has at most 3 steps"},
		{"as long a value as there may be", oneStep("clientRequest: {node: 1, value: é34}"), ""},
		{"one byte more", oneStep("clientRequest: {node: 1, value: é345}"), "t:3:38: this value has 5 bytes; the limit is 4"},
		{"one byte more in an entry", oneStep("state: {1: {log: [1:é345]}}"), "t:3:24: this value has 5 bytes; the limit is 4"},
		{"one byte more of a whole entry", oneStep("appendEntries: {leaderId: 1, entries: [{term: 1, value: 12345}]}"), "t:3:62: this value has 5 bytes; the limit is 4"},
		{"one byte more in the worksheet's form", oneStep("appendEntries: {leaderId: 1, index: 1, value: 12345}"), "t:3:52: this value has 5 bytes; the limit is 4"},
		{"as deep as it may be", "nodes: 1\nsteps: []\ngrading: {a: [[[[[[]]]]]]}\n", unknownA},
		{"one level more", "nodes: 1\nsteps: []\ngrading: {a: [[[[[[x]]]]]]}\n", "t:3:20: this is nested more than 8 levels deep"},
		{"as many nodes as there may be", "nodes: 1\nsteps: []\ngrading: {a: [" + strings.Repeat("x, ", 21) + "]}\n", unknownA},
		{"one more", "nodes: 1\nsteps: []\ngrading: {a: [" + strings.Repeat("x, ", 22) + "]}\n",
			"t:3:10: here the document passes the limit of 30 YAML nodes, aliases expanded"},
		{"aliases count", "nodes: 1\ngrading:\n  a: &a [x, x, x, x, x, x, x]\n  b: *a\n  c: [*a, *a]\nsteps: []\n",
			"t:5:6: here the document passes the limit of 30 YAML nodes, aliases expanded"},
		{"all together", "nodes: 1\ngrading:\n  a: &a [x, x, x, x, x, x, x, x, x, x, x]\n  b: *a\nsteps: []\n",
			"t:3:3: here the document passes the limit of 30 YAML nodes, aliases expanded"},
	} {
		_, err := Parse("t", []byte(tt.in), lim)
		if got := fmt.Sprint(err); err == nil && tt.want != "" || err != nil && got != tt.want {
			t.Errorf("%s: the reader says %s, not %s", tt.why, got, tt.want)
		}
	}
}
