package trace

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"raftsheet/raft"
)

// sameTrace compares traces, places and comments aside.
var sameTrace = cmp.Options{
	cmp.Comparer(func(a, b Pos) bool { return true }),
	cmpopts.EquateEmpty(),
	cmpopts.IgnoreFields(Trace{}, "File", "Document", "Comment"),
	cmpopts.IgnoreFields(Step{}, "Comment"),
}

// rewritten writes traces and reads them again, errors or not.
func rewritten(t testing.TB, traces ...*Trace) (text string, again []*Trace, err error) {
	t.Helper()
	var out bytes.Buffer
	if err := Write(&out, traces...); err != nil {
		t.Fatalf("a trace is not written: %v", err)
	}
	f, err := Parse("w.yaml", out.Bytes(), DefaultLimits())
	again = slices.Clone(f.Traces)
	for _, d := range f.Damaged {
		again = append(again, d.Trace)
	}
	slices.SortFunc(again, func(a, b *Trace) int { return a.Document - b.Document })
	return out.String(), again, err
}

// checkSame says how what was read again differs from what was written.
func checkSame(t testing.TB, text string, want, got []*Trace) {
	t.Helper()
	if diff := cmp.Diff(want, got, sameTrace); diff != "" {
		t.Fatalf("what is read is not what was written (-want +got):\n%s\nin:\n%s", diff, text)
	}
	for i := range want {
		for j := range want[i].Steps {
			if a, b := &want[i].Steps[j], &got[i].Steps[j]; a.StateBlank() != b.StateBlank() {
				t.Fatalf("step %d: a blank state is lost, or found, in:\n%s", j+1, text)
			}
		}
	}
}

// Every example, and every trace of the other tests, written out is the same
// trace, in lines that a page can show, and written again the same text.
func TestWriteExamples(t *testing.T) {
	var texts []string
	for _, path := range exampleFiles(t) {
		texts = append(texts, string(readFile(t, path)))
	}
	for _, tt := range validTraces {
		texts = append(texts, tt.in)
	}
	for _, m := range fenced.FindAllStringSubmatch(Format(), -1) {
		texts = append(texts, m[1])
	}
	for _, in := range append(texts, placeTexts...) {
		f := parse(t, in)
		text, again, err := rewritten(t, f.Traces...)
		if err != nil {
			t.Fatalf("what is written is refused: %v\n%s", err, text)
		}
		checkSame(t, text, f.Traces, again)
		if twice, _, _ := rewritten(t, again...); twice != text {
			t.Errorf("written again it is another text:\n%s\nafter:\n%s", twice, text)
		}
		for i, line := range strings.Split(text, "\n") {
			if utf8.RuneCountInString(line) > lineWidth || strings.TrimRight(line, " ") != line {
				t.Errorf("line %d is wider than %d columns, or ends in a space: %q", i+1, lineWidth, line)
			}
		}
	}
}

// drawn is a trace with one of everything in which layout is hard.
func drawn() *Trace {
	entry := func(value string) LogEntry { return LogEntry{Entry: raft.Entry{Term: 1, Value: value}} }
	log := []LogEntry{entry(""), entry("x")}
	for len(log) < 24 {
		log = append(log, entry(""))
	}
	return &Trace{
		Comment: "two lines of\nremarks", Title: "A title: with a colon", Names: []string{"A", "B", "-c"}, Rules: []string{"vote-twice", "commit-any-term"},
		Initial: []NodeState{{
			Node: 1, Term: is[raft.Term](1), Role: is(raft.Leader), Log: is([]LogEntry{entry("x"), entry("a b")}),
			NextIndex: is([]NodeIndex{{Node: 2, Index: is[raft.Index](3)}, {Node: 3, Index: Opt[raft.Index]{Presence: Blank}}}),
		}, {Node: 2, Blank: true}},
		Steps: []Step{{
			Number: 1, ID: "1", Comment: "log.ndjson:12",
			Event: &AppendEntries{LeaderID: 1, Term: is[raft.Term](1), PrevLogIndex: is[raft.Index](0), PrevLogTerm: is[raft.Term](0),
				LeaderCommit: is[raft.Index](0), Entries: is(log)},
			Lost:     raft.NodeSet(0).With(2),
			Response: &Row{Cells: []Cell{{Node: 2, None: true}, {Node: 3, Whole: true, OK: is(true), Term: Opt[raft.Term]{Presence: Blank}}}},
			State:    []NodeState{{Node: 1, Log: Opt[[]LogEntry]{Presence: Blank}}},
		}, {
			Number: 2, ID: "2b", Note: "two lines\nof text", Event: &Heal{},
		}, {
			Number: 3, ID: "3",
		}, {
			Number: 4, ID: "4", Comment: "what came of it", StatePos: Pos{1, 1}, Points: is("0.5"),
		}},
	}
}

func is[T any](v T) Opt[T] { return Opt[T]{Value: v, Presence: Given} }

// The text is what a person would write.
func TestWriteText(t *testing.T) {
	const want = `# two lines of
# remarks
title: "A title: with a colon"
nodes: [A, B, "-c"]
rules: [vote-twice, commit-any-term]

initial:
  A: {term: 1, role: leader, log: [1:x, "1:a b"], nextIndex: {B: 3, "-c": }}
  B:

steps:
  - appendEntries: {leaderId: A, term: 1, prevLogIndex: 0, prevLogTerm: 0,
                    entries: [1, 1:x, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1,
                              1], leaderCommit: 0}  # log.ndjson:12
    lost: [B]
    response: {B: none, "-c": {success: true, term: }}
    state:
      A: {log: }
  - id: 2b
    note: |-
      two lines
      of text
    heal: true
  - {}
  - state:
    points: 0.5
    # what came of it
`
	tr := drawn()
	text, again, _ := rewritten(t, tr)
	if diff := cmp.Diff(want, text); diff != "" {
		t.Errorf("the text is another one (-want +got):\n%s", diff)
	}
	checkSame(t, text, []*Trace{tr}, again)
}

// A comment cannot break out of its line, whatever is in it.
func TestWriteComments(t *testing.T) {
	for _, said := range []string{"x", "a\nb", "a\rnodes: 9", "\x1b[2J", "\u2028x", "# y", "\n\n", "a\n", "日本"} {
		tr := &Trace{Names: []string{"1"}, Comment: said, Steps: []Step{
			{Number: 1, ID: "1", Comment: said, Event: &Timeout{Nodes: []raft.NodeID{1}}}, {Number: 2, ID: "2", Comment: said, Note: "x"}}}
		text, again, err := rewritten(t, tr)
		if err != nil {
			t.Errorf("the comment %q makes the text no trace: %v\n%s", said, err, text)
			continue
		}
		checkSame(t, text, []*Trace{tr}, again)
	}
}

// A form needs only what is typed into it to be a trace: the senders. Without them
// each message says what is missing, and no other error is found.
func TestWriteForm(t *testing.T) {
	blank, cell := Opt[raft.Index]{Presence: Blank}, Opt[bool]{Presence: Blank}
	form := &Trace{Names: []string{"1", "2"}, Comment: "Type here.", Steps: []Step{
		{Number: 1, ID: "RV1", Event: &RequestVote{LastLogIndex: blank}, Response: &Row{Cells: []Cell{{Node: 1, OK: cell}, {Node: 2, OK: cell}}}},
		{Number: 2, ID: "AE1", Event: &AppendEntries{Index: blank, LeaderCommit: blank}}}}
	var out bytes.Buffer
	if err := WriteForm(&out, form); err != nil {
		t.Fatal(err)
	}
	_, err := Parse("form.yaml", out.Bytes(), DefaultLimits())
	if found, _ := err.(Errors); len(found) != 2 {
		t.Errorf("a form without senders has these errors: %v", err)
	}
	typed := strings.NewReplacer("candidateId:", "candidateId: 2", "leaderId:", "leaderId: 1", "student:", "student: Ada").Replace(out.String())
	form.Steps[0].Event.(*RequestVote).CandidateID = 2
	form.Steps[1].Event.(*AppendEntries).LeaderID = 1
	form.Student = "Ada"
	f, err := Parse("form.yaml", []byte(typed), DefaultLimits())
	if err != nil {
		t.Fatalf("%v\n%s", err, typed)
	}
	checkSame(t, typed, []*Trace{form}, f.Traces)
}

// What has no name cannot be written, and is not.
func TestWriteRefuses(t *testing.T) {
	names := []string{"1", "2"}
	for why, tr := range map[string]*Trace{
		"no nodes":             {},
		"an event of nobody":   {Names: names, Steps: []Step{{Event: &RequestVote{}}}},
		"an event of a third":  {Names: names, Steps: []Step{{Event: &Crash{Nodes: []raft.NodeID{3}}}}},
		"an answer of a third": {Names: names, Steps: []Step{{Event: &RequestVote{CandidateID: 1}, Response: &Row{Cells: []Cell{{Node: 3}}}}}},
		"a state of a third":   {Names: names, Initial: []NodeState{{Node: 3}}},
		"lost of a third":      {Names: names, Steps: []Step{{Event: &RequestVote{CandidateID: 1}, Lost: raft.NodeSet(0).With(3)}}},
		"a vote for a third":   {Names: names, Steps: []Step{{State: []NodeState{{Node: 1, VotedFor: Opt[raft.NodeID]{Value: 3, Presence: Given}}}}}},
	} {
		var out bytes.Buffer
		if err := Write(&out, tr); err == nil {
			t.Errorf("%s: it is written as\n%s", why, out.String())
		}
	}
}

// Any trace at all reads back as it was written.
func TestWriteAnything(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		traces := rapid.SliceOfN(rapid.Custom(drawTrace), 1, 2).Draw(rt, "traces")
		text, again, err := rewritten(t, traces...)
		if len(again) != len(traces) {
			rt.Fatalf("%d traces are read of %d: %v\n%s", len(again), len(traces), err, text)
		}
		checkSame(t, text, traces, again)
		if twice, _, _ := rewritten(t, again...); twice != text {
			rt.Fatalf("written again it is another text:\n%s\nafter:\n%s", twice, text)
		}
	})
}

// FuzzWrite writes whatever is a trace, and reads the same again.
func FuzzWrite(f *testing.F) {
	for _, seed := range parseSeeds(f) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		lim := DefaultLimits()
		lim.Nodes = 20_000 // aliases are written out, and take as long as they are many
		file, err := Parse("f", data, lim)
		if err != nil {
			t.Skip()
		}
		text, again, err := rewritten(t, file.Traces...)
		if err != nil {
			t.Fatalf("what is written is refused: %v\n%s", err, text)
		}
		checkSame(t, text, file.Traces, again)
	})
}
