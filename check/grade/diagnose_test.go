package grade

import (
	"fmt"
	"math/rand/v2"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/raft/wide"
	"raftsheet/trace"
)

const examples = "../../examples/"

// keyOf makes a key of an example.
func keyOf(t testing.TB, name string) *Key {
	t.Helper()
	k, err := NewKey(traceOf(t, name))
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func traceOf(t testing.TB, name string) *trace.Trace {
	t.Helper()
	data, err := os.ReadFile(examples + name)
	if err != nil {
		t.Fatal(err)
	}
	f, err := trace.Parse(name, data, trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return f.Traces[0]
}

const exam = "grading/exam.yaml" // the sheet that can tell

// examiner knows what every two deviations make of the exam: that is worked out
// once for all tests.
var examiner = sync.OnceValues(func() (*diagnoser, error) {
	data, err := os.ReadFile(examples + exam)
	if err != nil {
		return nil, err
	}
	f, err := trace.Parse(exam, data, trace.DefaultLimits())
	if err != nil {
		return nil, err
	}
	k, err := NewKey(f.Traces[0])
	if err != nil {
		return nil, err
	}
	return newDiagnoser(k, newParters(nil)), nil
})

func theExam(t testing.TB) (*Key, *diagnoser) {
	t.Helper()
	d, err := examiner()
	if err != nil {
		t.Fatal(err)
	}
	return d.key.Clone(), d
}

// shownTwice gives the deviations that show on the exam on two occasions that have
// nothing to do with each other.
func shownTwice(t testing.TB) []raft.Deviation {
	t.Helper()
	k, d := theExam(t)
	return slices.DeleteFunc(slices.Clone(d.tested), func(dev raft.Deviation) bool {
		most := 0
		for _, as := range []replay.Wording{replay.AsSent, replay.AsFilled} {
			s := believing(t, k, as, dev).mark(d)
			var wrong []int
			for i := range s.Marks {
				if v := s.Marks[i].Verdict; v != Right && v != Blank {
					wrong = append(wrong, i)
				}
			}
			most = max(most, d.alone.read(s).pieces(wrong))
		}
		return most < leastPieces
	})
}

// The exam is a sheet on which most deviations show on two occasions that have
// nothing to do with each other, and no two of these alike: without it the figures
// of the classes on it would say nothing of the catalogue.
func TestExamTells(t *testing.T) {
	k, d := theExam(t)
	shown := shownTwice(t)
	for _, dev := range raft.Deviations() {
		if !slices.ContainsFunc(shown, func(other raft.Deviation) bool { return other.Name == dev.Name }) {
			t.Logf("%s does not show twice; a name needs %d occasions", dev.Name, leastPieces)
		}
	}
	if all := len(raft.Deviations()); 4*len(shown) < 3*all {
		t.Errorf("%d of %d deviations show twice; three in four have to", len(shown), all)
	}
	for _, b := range d.alone.all {
		if len(b.by) > 1 {
			t.Errorf("%s cannot be told apart", names(b.by...))
		}
	}
	for _, f := range k.Own.Findings {
		before := f.Kind == finding.Implied && f.ID == "1b" // a request from before the page
		if f.Kind != finding.Unfilled && f.Kind != finding.Untold && !before {
			t.Errorf("step %s: %s: %s", f.ID, f.Kind, f.Message)
		}
	}
}

func names(sets ...[]raft.Deviation) string {
	var out []string
	for _, set := range sets {
		var both []string
		for _, d := range set {
			both = append(both, d.Name)
		}
		out = append(out, strings.Join(both, " and "))
	}
	return strings.Join(out, ", ")
}

// diagnosed gives what a diagnosis explains a sheet by.
func diagnosed(g *Diagnosis) string {
	var sets [][]raft.Deviation
	for _, e := range g.Explanations {
		sets = append(sets, e.Deviations)
	}
	return names(sets...)
}

// A key of a few questions, the states at the start such that each answer can be
// worked out by heart. X leads term 2, with the log [1, 1, 2, 2], of which A has
// three entries, B and C one.
const fewQuestions = `
nodes: [A, B, C, X, W]
unknown: [X, W]
initial:
  A: {term: 2, log: [1, 1, 2]}
  B: {term: 2, log: [1]}
  C: {term: 2, log: [1]}
steps:
- {id: late, appendEntries: {leaderId: X, term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: [1], leaderCommit: 0}, to: A, response: {A: }, state: {A: {log: }}}
- {id: gap, appendEntries: {leaderId: X, term: 2, prevLogIndex: 3, prevLogTerm: 2, entries: [], leaderCommit: 0}, to: [B, C], response: {B: , C: }}
- {id: smaller, appendEntries: {leaderId: X, term: 2, prevLogIndex: 2, prevLogTerm: 1, entries: [], leaderCommit: 0}, to: B, response: {B: }}
- {id: hole, appendEntries: {leaderId: X, term: 2, prevLogIndex: 2, prevLogTerm: 1, entries: [2], leaderCommit: 0}, to: B, response: {B: }}
- {id: next, appendEntries: {leaderId: X, term: 2, prevLogIndex: 3, prevLogTerm: 2, entries: [2], leaderCommit: 0}, to: A, response: {A: }, state: {A: {log: }}}
- {id: first, appendEntries: {leaderId: X, term: 2, prevLogIndex: 1, prevLogTerm: 1, entries: [1], leaderCommit: 0}, to: C, response: {C: }, state: {C: {log: }}}
- {id: old, requestVote: {candidateId: W, term: 3, lastLogIndex: 1, lastLogTerm: 1}, to: A, response: {A: }}
- {id: same, requestVote: {candidateId: W, term: 3, lastLogIndex: 1, lastLogTerm: 1}, to: B, response: {B: }}
`

// write writes an answer, over what is there: a bool, or a log as it is written.
func (s *student) write(t *testing.T, step, node string, what any) {
	t.Helper()
	for i := range s.key.Cells {
		c := &s.key.Cells[i]
		if s.key.Trace.Steps[c.Step-1].ID != step || s.key.Trace.Name(c.Node) != node {
			continue
		}
		switch what := what.(type) {
		case bool:
			if c.IsAnswer() {
				at := s.answer(c)
				at.None, at.OK = false, is(what)
				return
			}
		case []raft.Term:
			if c.Name == "log" {
				var log []trace.LogEntry
				for _, term := range what {
					log = append(log, trace.LogEntry{Entry: raft.Entry{Term: term}})
				}
				s.table(&s.sheet.Steps[c.Step-1], c.Node).Log = is(log)
				return
			}
		}
	}
	t.Fatalf("the key does not ask step %s, node %s for %v", step, node, what)
}

// When a name is given: each case is a rule that can be told to a teacher. A name
// given on less would often be chance, and one not given on this would be none
// ever.
func TestNames(t *testing.T) {
	type answer struct {
		step, node string
		what       any
	}
	log := func(terms ...raft.Term) []raft.Term { return terms }
	for _, c := range []struct {
		name    string
		wrong   []answer
		verdict string
		found   string
	}{
		{"nothing is wrong", nil, NothingWrong, ""},
		{"one answer the wrong way round may be chance, whatever predicts it",
			[]answer{{"old", "A", true}}, Slip, ""},
		{"the same answer of two nodes that found the same is one piece of evidence",
			[]answer{{"gap", "B", true}, {"gap", "C", true}}, Slip, ""},
		{"two for it and one against it: C was right",
			[]answer{{"gap", "B", true}, {"smaller", "B", true}}, Slip, ""},
		{"two occasions: a heartbeat passes unchecked, and what has entries does not",
			[]answer{{"gap", "B", true}, {"gap", "C", true}, {"smaller", "B", true}}, Named, "heartbeat-unchecked"},
		{"one log that comes out just so is no chance, where AE4 was asked in an answer that is right",
			[]answer{{"first", "C", log(1, 2)}}, Named, "entries-take-message-term"},
		{"another log that nobody believes in is a slip",
			[]answer{{"first", "C", log(1, 1, 1)}}, Slip, ""},
		{"a log cut short, and all that follows from it: two deviations cut it so",
			[]answer{{"late", "A", log(1, 1)}, {"next", "A", false}, {"next", "A", log(1, 1)}},
			Tie, "always-truncate, conflict-by-message-term"},
		{"the same log, but what comes after it is as if it had not been cut",
			[]answer{{"late", "A", log(1, 1)}}, Slip, ""},
		{"what has earned no name keeps a worse one from it: on two occasions a yes, and no one belief leads to both and to no other",
			[]answer{{"late", "A", log(1, 1)}, {"old", "A", true}, {"same", "B", false}}, Slip, ""},
		{"two misunderstandings need two pieces of evidence each",
			[]answer{{"gap", "B", true}, {"gap", "C", true}, {"smaller", "B", true}, {"old", "A", true}}, Named, "heartbeat-unchecked"},
	} {
		k := newKey(t, fewQuestions)
		s := answering(k, k.Run)
		for _, w := range c.wrong {
			s.write(t, w.step, w.node, w.what)
		}
		g := s.mark(newDiagnoser(k, newParters(nil))).Diagnosis
		if g.Verdict != c.verdict || diagnosed(g) != c.found {
			t.Errorf("%s: the verdict is %s: %s; want %s: %s", c.name, g.Verdict, diagnosed(g), c.verdict, c.found)
		}
	}
}

// Of a tie the smallest trace is named that tells its explanations apart: no
// other that does so has fewer steps.
func TestApart(t *testing.T) {
	k := newKey(t, fewQuestions)
	s := answering(k, k.Run)
	s.write(t, "late", "A", []raft.Term{1, 1})
	s.write(t, "next", "A", false)
	s.write(t, "next", "A", []raft.Term{1, 1})
	var traces []*trace.Trace
	for _, d := range raft.Deviations() {
		traces = append(traces, traceOf(t, "deviations/"+d.Name+".yaml"))
	}
	g := s.mark(newDiagnoser(k, newParters(traces))).Diagnosis
	if g.Verdict != Tie || len(g.Explanations) != 2 {
		t.Fatalf("the verdict is %s: %s; want a tie of two", g.Verdict, diagnosed(g))
	}
	named := slices.IndexFunc(traces, func(tr *trace.Trace) bool { return tr.File == g.Apart })
	if named < 0 || !tellsApart(t, traces[named], g.Explanations) {
		t.Fatalf("%q does not tell %s apart", g.Apart, diagnosed(g))
	}
	for _, tr := range traces {
		if tellsApart(t, tr, g.Explanations) && len(tr.Steps) < len(traces[named].Steps) {
			t.Errorf("%s tells them apart in %d steps, %s in %d", tr.File, len(tr.Steps), g.Apart, len(traces[named].Steps))
		}
	}
	if g := s.mark(newDiagnoser(k, newParters(nil))).Diagnosis; g.Verdict != Tie || g.Apart != "" {
		t.Errorf("without any trace the verdict is %s, and %q tells apart", g.Verdict, g.Apart)
	}
}

// tellsApart reports whether two deviations answer otherwise in a trace.
func tellsApart(t *testing.T, tr *trace.Trace, es []Explanation) bool {
	t.Helper()
	first, err := check.Replay(tr, raft.Figure2())
	if err != nil {
		t.Fatal(err)
	}
	answers := make([]string, len(es))
	for i, e := range es {
		run := checktest.Under(t, first, raft.Figure2().With(e.Deviations...), replay.AsFilled)
		for _, c := range item.Of(tr) {
			answers[i] += fmt.Sprintln(checktest.Given(run, &c))
		}
	}
	return answers[0] != answers[1]
}

// What a key never puts to the test is listed as untested: it is not understood
// for being right throughout.
func TestUntested(t *testing.T) {
	k := newKey(t, fewQuestions)
	g := answering(k, k.Run).mark(newDiagnoser(k, newParters(nil))).Diagnosis
	untested := names(g.Untested)
	for _, name := range []string{"vote-lost-on-restart", "commit-any-term", "no-step-down", "prev-zero-missing"} {
		if !strings.Contains(untested, name) {
			t.Errorf("no answer of this key depends on %s, and it is not among the untested: %s", name, untested)
		}
	}
	for _, name := range []string{"heartbeat-unchecked", "always-truncate", "vote-log-unchecked"} {
		if strings.Contains(untested, name) {
			t.Errorf("%s changes an answer of this key, and is among the untested", name)
		}
	}
}

// The counts of an explanation are those of the sheet held against a replay under
// it, cell by cell. They are worked out from numbers, and a number mistaken for
// another would explain one answer by another's mistake.
func TestExplanationsAgreeWithReplays(t *testing.T) {
	k, d := theExam(t)
	r := rand.New(rand.NewPCG(8, 8))
	for range wide.Of(20, 60) {
		pair := []raft.Deviation{d.tested[r.IntN(len(d.tested))], d.tested[r.IntN(len(d.tested))]}
		s := believing(t, k, replay.AsFilled, pair[:1+r.IntN(2)]...)
		s.slip(r, r.IntN(len(k.Cells)), false)
		sheet := s.mark(d)
		for _, e := range sheet.Diagnosis.Explanations {
			sent, filled := counted(t, sheet, e, replay.AsSent), counted(t, sheet, e, replay.AsFilled)
			if got := [2]int{e.Explained, e.Contradicted}; got != sent && got != filled {
				t.Errorf("%s is said to explain and to be contradicted by %d; a replay under it gives %d or %d", names(e.Deviations), got, sent, filled)
			}
		}
	}
}

func counted(t *testing.T, s *Sheet, e Explanation, as replay.Wording) (n [2]int) {
	t.Helper()
	run := checktest.Under(t, s.Key.Run, s.Key.Run.Rules.With(e.Deviations...), as)
	for i := range s.Marks {
		m := &s.Marks[i]
		on := m.Cell.On(s.steps[m.Cell.Step-1])
		switch agrees := !item.Differs(run, &on); {
		case m.Verdict == Blank:
		case m.Verdict == Right && !agrees:
			n[1]++
		case m.Verdict != Right && agrees:
			n[0]++
		}
	}
	return n
}
