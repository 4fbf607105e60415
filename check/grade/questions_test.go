package grade

import (
	"os"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/trace"
	"raftsheet/trace/edit"
)

// keyForms has an answer in every form in which a key can give one. None of the
// values is written anywhere else in it.
const keyForms = `title: Every form
student: Grace
nodes: 4
grading: {points: 13, late: 17%}
# node 3 has a gap
initial:
  1: {term: 2, role: leader, log: [1:a, 2:b], commitIndex: 1}
  2: {term: 2, log: [1:a, 2:b]}
  4: {term: 1, snapshot: {lastIncludedIndex: 1, lastIncludedTerm: 1}}
steps:
  - appendEntries: {leaderId: 1, term: 2, index: 2, value: b, leaderCommit: 1}
    note: the first
    response: [~, ok, no, none]   # a list
    points: 19
  - appendEntries: {leaderId: 1, term: 2, index: 2, value: b, leaderCommit: 1}
    response: {2: ok, others: {success: no, term: 71}}
  - appendEntries: {leaderId: 1, term: 2, index: 2, value: b, leaderCommit: 1}
    response: {2: {success: true, term: 72, matchIndex: 73}, 3: {term: 74}, 1: ok}
    state:
      1: {nextIndex: {2: 75, 3: 76}, matchIndex: {2: 77}}
      2: {term: 78, votedFor: 4, role: candidate, log: [79:secret], commitIndex: 81, lastApplied: 82, leader: 3}
      3: {log: {from: 2, entries: [83:hidden]}, terms: {1: 4, 2: none}, lastLogIndex: 84, lastLogTerm: 85}
      4: {snapshot: {lastIncludedIndex: 86, lastIncludedTerm: 87}}
  - heal: true
    state: {2: , 3: {terms: {1: , 2: }}}
  - timeout: 2
    state:
`

// What is asked of keyForms, in the format's words.
const formsAsked = `title: Every form
student:
nodes: 4

initial:
  1: {term: 2, role: leader, log: [1:a, 2:b], commitIndex: 1}
  2: {term: 2, log: [1:a, 2:b]}
  4: {term: 1, snapshot: {lastIncludedIndex: 1, lastIncludedTerm: 1}}

steps:
  - note: the first
    appendEntries: {leaderId: 1, term: 2, index: 2, value: b, leaderCommit: 1}
    response: {2: , 3: , 4: }

  - appendEntries: {leaderId: 1, term: 2, index: 2, value: b, leaderCommit: 1}
    response: {2: , 3: {success: , term: }, 4: {success: , term: }}

  - appendEntries: {leaderId: 1, term: 2, index: 2, value: b, leaderCommit: 1}
    response: {2: {success: , term: , matchIndex: }, 3: {term: }, 4: }
    state:
      1: {nextIndex: {2: , 3: }, matchIndex: {2: }}
      2: {term: , votedFor: , role: , log: , commitIndex: , lastApplied: , leader: }
      3: {log: {from: 2, entries: }, lastLogIndex: , lastLogTerm: , terms: {1: , 2: }}
      4: {snapshot: {lastIncludedIndex: , lastIncludedTerm: }}

  - heal: true
    state:
      2: {term: , votedFor: , role: , log: , commitIndex: , lastApplied: , nextIndex: ,
          matchIndex: }
      3: {terms: {1: , 2: }}

  - timeout: 2
    state:
      1: {term: , votedFor: , role: , log: , commitIndex: , lastApplied: , nextIndex: ,
          matchIndex: }
      2: {term: , votedFor: , role: , log: , commitIndex: , lastApplied: , nextIndex: ,
          matchIndex: }
      3: {term: , votedFor: , role: , log: , commitIndex: , lastApplied: , nextIndex: ,
          matchIndex: }
      4: {term: , votedFor: , role: , log: , commitIndex: , lastApplied: , nextIndex: ,
          matchIndex: }
`

// An answer in any form leaves a blank in that form. If this fails, a handout
// tells an answer, or asks for less than is marked.
func TestQuestionsOfEveryForm(t *testing.T) {
	k := keyOfText(t, keyForms)
	if got := asYAML(t, k.Questions()); got != formsAsked {
		t.Errorf("the questions are\n%s\nand should be\n%s", got, formsAsked)
	}
	if k.Trace.Student != "Grace" || k.Trace.Steps[0].Response == nil || k.Trace.Steps[0].Response.Cells[1].OK.Value != true {
		t.Error("taking the questions out has changed the key")
	}
}

// What other nodes answer to a node whose sheet is the key is given: without it
// nobody could tell who wins an election.
func TestQuestionsKeepWhatIsGiven(t *testing.T) {
	k := keyOfText(t, `nodes: 4
raftId: 2
steps:
  - requestVote: {candidateId: 2, term: 1, lastLogIndex: 0, lastLogTerm: 0}
    response: {1: ok, 2: ok, others: {voteGranted: no, term: 1}}
    state: {1: {term: 5}, 2: {role: candidate}}
  - requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
    to: [2]
    response: {2: no}
`)
	const want = `
steps:
  - requestVote: {term: 1, candidateId: 2, lastLogIndex: 0, lastLogTerm: 0}
    response: {1: ok, 3: {voteGranted: false, term: 1}, 4: {voteGranted: false, term: 1}}
    state:
      2: {role: }

  - requestVote: {term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0}
    to: [2]
    response: {2: }
`
	if _, got, _ := strings.Cut(asYAML(t, k.Questions()), "raftId: 2\n"); got != want {
		t.Errorf("the questions are%s\nand should be%s", got, want)
	}
}

// The round trip of a handout, on the examples.
func TestQuestionsOfExamples(t *testing.T) {
	asked := 0
	for _, name := range append(checktest.ExampleFiles(t), "../../examples/grading/key.yaml", "../../examples/grading/exam.yaml") {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, tr := range checktest.Read(t, string(data)).Traces {
			if k, err := NewKey(tr); err == nil {
				asked += len(k.Cells)
				handOut(t, k, name)
			}
		}
	}
	if asked < 1500 {
		t.Errorf("only %d cells are asked in all examples", asked)
	}
}

// The same on random traces, possible and impossible, from every kind of start.
func TestQuestionsOfRandomTraces(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		if k, err := NewKey(run.Trace); err == nil {
			handOut(t, k, text)
		}
	})
}

// handOut holds the laws of a handout. It reads as a trace, and replays as the key
// does. It asks the key's cells and no other, and is its own handout. Handed in as it
// is, all of it is blank, and there is nothing to remark on; filled in with the
// truth, it has full marks. If one fails, students are asked for what is not marked,
// or marked for what they were not asked.
func handOut(t failer, k *Key, name string) {
	t.Helper()
	text := asYAML(t, k.Questions())
	file := check.CheckFile("handout.yaml", strings.NewReader(text), checktest.Settings)
	if len(file.Errors) > 0 {
		t.Fatalf("%s: the handout cannot be read: %v\n%s", name, file.Errors, text)
	}
	q := file.Source.Traces[0]
	again := file.Reports[0].Run
	asksTheSame(t, k, again, name)
	if twice, err := NewKey(q); err == nil {
		if got := asYAML(t, twice.Questions()); got != text {
			t.Errorf("%s: the questions of the handout are\n%s\nand not its own\n%s", name, got, text)
		}
	}
	for id := range checktest.Known(k.Run) {
		for step := range len(k.Run.Steps) + 1 {
			if got, want := item.FlowState(again, id, step), item.FlowState(k.Run, id, step); got != want {
				t.Fatalf("%s: after step %d node %d is %s by the handout, and %s by the key\n%s", name, step, id, got, want, text)
			}
		}
	}
	s := k.Mark(q, false)
	if s.Count(Blank) != len(k.Cells) || s.Counted.Sign() != 0 || len(s.Remarks)+len(s.Reviews) > 0 {
		t.Errorf("%s: the handout as it is: %d of %d cells are blank, %s points, remarks %v, runs for a human %v\n%s",
			name, s.Count(Blank), len(k.Cells), s.Counted, s.Remarks, s.Reviews, text)
	}
	if s = k.Mark(answered(t, file), false); s.Count(Right) != len(k.Cells) || s.Counted.Cmp(k.Max) != 0 || len(s.Remarks)+len(s.Reviews) > 0 {
		t.Errorf("%s: the handout filled in: %s of %s points, remarks %v: %s\n%s", name, s.Counted, k.Max, s.Remarks, verdicts(s), text)
	}
}

// answered gives the one trace of a handout, filled in.
func answered(t failer, file *check.File) *trace.Trace {
	t.Helper()
	ed, err := edit.Open(file.Source)
	if err != nil {
		t.Fatalf("%v", err)
	}
	if err := check.Fill(ed, []*replay.Run{file.Reports[0].Run}, check.FillOptions{}); err != nil {
		t.Fatalf("%v", err)
	}
	data, err := ed.Bytes()
	if err != nil {
		t.Fatalf("%v", err)
	}
	again, err := trace.Parse("filled.yaml", data, trace.DefaultLimits())
	if err != nil {
		t.Fatalf("what was filled in cannot be read: %v\n%s", err, data)
	}
	return again.Traces[0]
}

// asksTheSame holds that a handout asks for the key's cells and no other, but for
// those in which there is nothing to write: to leave these out would tell that.
func asksTheSame(t failer, k *Key, handout *replay.Run, name string) {
	t.Helper()
	unasked := make(map[place]bool)
	for i := range k.Cells {
		unasked[placeOf(&k.Cells[i].Item)] = true
	}
	for _, it := range item.Of(handout.Trace) {
		at := placeOf(&it)
		if !it.Blank() || !unasked[at] && !item.NothingToWrite(handout, &it) && !isNoLine(handout, &it) {
			t.Errorf("%s: the handout asks node %d in step %d for %s, and says %v; the key does not", name, it.Node, it.Step, it.Name, it.Written)
		}
		delete(unasked, at)
	}
	for at := range unasked {
		t.Errorf("%s: the handout does not ask for %+v, and the key does", name, at)
	}
}

func keyOfText(t *testing.T, text string) *Key {
	t.Helper()
	k, err := NewKey(checktest.Read(t, text).Traces[0])
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// A failer is a test, of rapid's or not.
type failer interface {
	Helper()
	Errorf(format string, args ...any)
	Fatalf(format string, args ...any)
}

func asYAML(t failer, q *trace.Trace) string {
	t.Helper()
	var b strings.Builder
	if err := trace.WriteForm(&b, q); err != nil {
		t.Fatalf("%v", err)
	}
	return b.String()
}
