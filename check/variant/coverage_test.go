package variant_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
	"raftsheet/check/item"
	"raftsheet/check/replay"
	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/edit"
)

// longerLog asks one thing of a voter whose log is [1, 2]: a candidate's log is
// longer, and ends in an older term. Figure 2 refuses.
const longerLog = `nodes: 3
unknown: [2, 3]
initial: {1: {term: 2, log: [1, 2]}}
steps:
- id: ask
  requestVote: {candidateId: 2, term: 3, lastLogIndex: 3, lastLogTerm: 1}
  to: [1]
  response: {1: }
`

// emptyLog asks one of a voter whose log is [1]: the candidate's is empty.
const emptyLog = `nodes: 3
unknown: [2, 3]
initial: {1: {term: 1, log: [1]}}
steps:
- requestVote: {candidateId: 2, term: 2, lastLogIndex: 0, lastLogTerm: 0}
  to: [1]
  response: {1: no}
`

func cover(t testing.TB, texts ...string) *variant.Coverage {
	t.Helper()
	var traces []*trace.Trace
	for _, text := range texts {
		traces = append(traces, checktest.Read(t, text).Traces...)
	}
	cov, errs := variant.Cover(traces)
	if errs != nil {
		t.Fatal(errs)
	}
	return cov
}

// of gives a deviation's row.
func of(t testing.TB, cov *variant.Coverage, name string) *variant.DeviationCoverage {
	t.Helper()
	i := slices.IndexFunc(cov.Deviations, func(d variant.DeviationCoverage) bool { return d.Name == name })
	if i < 0 {
		t.Fatalf("there is no deviation %s", name)
	}
	return &cov.Deviations[i]
}

func alike(cov *variant.Coverage) []string {
	var out []string
	for _, g := range cov.Alike {
		var names []string
		for _, d := range g {
			names = append(names, d.Name)
		}
		out = append(out, strings.Join(names, " "))
	}
	return out
}

// One cell, whose right answer is no, reveals who says yes, and nobody else; and
// it cannot tell them apart. Read off the catalogue by hand.
func TestCoverageOfOneCell(t *testing.T) {
	cov := cover(t, longerLog)
	if cov.Asked != (variant.Asked{Answers: 1}) {
		t.Errorf("the sheet asks for %+v; it asks for one answer", cov.Asked)
	}
	// A voter to which the length alone matters grants, and one that looks at
	// no log. To one that looks at the last term alone 1 is less than 2.
	for name, want := range map[string]bool{"vote-longer-log-wins": true, "vote-log-unchecked": true,
		"vote-last-term-only": false, "vote-strictly-newer": false, "vote-both-at-least": false,
		"vote-twice": false, "always-truncate": false, "commit-any-term": false} {
		d := of(t, cov, name)
		if d.Revealed() != want {
			t.Errorf("%s is revealed: %t", name, d.Revealed())
		}
		if s := d.In[0]; want && (d.Cells() != 1 || s.First.Node != 1 || s.First.Step != 1 || s.First.Name != "voteGranted" || s.Right != false || s.Wrong != true) {
			t.Errorf("%s differs in %d cells, first %+v with %v and %v; it grants where node 1 has to refuse", name, d.Cells(), s.First, s.Right, s.Wrong)
		}
	}
	if got := alike(cov); len(got) != 1 || !strings.HasPrefix(got[0], "vote-longer-log-wins vote-log-unchecked") {
		t.Errorf("alike are %q; all that one cell reveals is alike", got)
	}
}

// Two sheets tell apart what one of them does, and reveal what one of them does.
func TestCoverageOfTwoTraces(t *testing.T) {
	cov := cover(t, longerLog, emptyLog)
	longer, unchecked := of(t, cov, "vote-longer-log-wins"), of(t, cov, "vote-log-unchecked")
	if longer.Traces() != 1 || unchecked.Traces() != 2 || unchecked.Cells() != 2 || longer.First() != 0 {
		t.Errorf("vote-longer-log-wins shows in %d traces, vote-log-unchecked in %d; an empty log wins only where no log is looked at", longer.Traces(), unchecked.Traces())
	}
	for _, g := range alike(cov) {
		if strings.Contains(g, "vote-longer-log-wins") {
			t.Errorf("%s are alike, and the second sheet tells the first from the second", g)
		}
	}
	if cov.RevealedBy(0) <= 1 || cov.Revealed() < max(cov.RevealedBy(0), cov.RevealedBy(1)) {
		t.Errorf("the sheets reveal %d and %d, together %d", cov.RevealedBy(0), cov.RevealedBy(1), cov.Revealed())
	}
}

// A sheet that asks nothing reveals nothing, however much goes wrong in it.
func TestCoverageOfNoQuestion(t *testing.T) {
	cov := cover(t, strings.Replace(longerLog, "  response: {1: }\n", "", 1))
	if cov.Revealed() != 0 || len(cov.Alike) != 0 || cov.Asked != (variant.Asked{}) {
		t.Errorf("a sheet without a question asks for %+v and reveals %d", cov.Asked, cov.Revealed())
	}
}

// Where a replay under a deviation cannot go on, the deviation shows: node 2
// answers, the answer is late, and under prev-zero-missing there was no success.
func TestCoverageWhereAReplayStops(t *testing.T) {
	cov := cover(t, `nodes: 2
initial: {1: {term: 1, role: leader, log: [1]}}
steps:
- appendEntries: {leaderId: 1, prevLogIndex: 0, entries: [1]}
  responseLost: [2]
- appendEntriesResponse: {from: 2, to: 1, term: 1, success: true}
  state: {1: {commitIndex: }}
`)
	s := of(t, cov, "prev-zero-missing").In[0]
	if !s.Revealed() || s.Cells != 0 || s.First != nil || s.At != 2 || s.Stopped == nil || s.Stopped.File != "t.yaml" || s.Stopped.Pos.Line != 6 {
		t.Errorf("prev-zero-missing shows as %+v; its replay stops in step 2, before anything is asked", s)
	}
	if !strings.Contains(s.Stopped.Msg, "matchIndex must be written") {
		t.Errorf("the replay stops since %q; there is no success to take matchIndex from", s.Stopped.Msg)
	}
}

// A trace that cannot be replayed under Figure 2 is an error, and keeps no other
// from being covered.
func TestCoverageOfWhatCannotBeReplayed(t *testing.T) {
	broken := checktest.Read(t, "nodes: 2\nsteps:\n- appendEntriesResponse: {from: 2, to: 1, term: 1, success: true}\n")
	cov, errs := variant.Cover(append(broken.Traces, checktest.Read(t, longerLog).Traces...))
	if len(errs) != 1 || errs[0].Pos.Line != 3 || len(cov.Traces) != 1 || cov.Asked.Answers != 1 {
		t.Errorf("the errors are %v, and %d traces are covered", errs, len(cov.Traces))
	}
}

// Every decision is counted, once. An election in which node 3's grant comes too
// late to matter, and an entry on two of three nodes, counted by hand.
func TestRuleCounts(t *testing.T) {
	cov := cover(t, `nodes: 3
steps:
- requestVote: {candidateId: 1}
- appendEntries: {leaderId: 1, index: 1, value: x}
  lost: [3]
`)
	want := map[string]string{
		"A1":   "acted 1, idle 2", // applied by the leader; nothing to apply when it was elected, and for node 2
		"A2":   "acted 2, idle 4", // the voters take in term 1; nothing new in two votes, a request and its answer
		"RV1":  "passed 2",
		"RV2a": "passed 2",
		"RV2b": "passed 2",
		"F2":   "acted 1",
		"C1":   "acted 1",
		"C2":   "acted 1, ignored 1", // two of three votes elect
		"C3":   "idle 1",
		"L2":   "acted 1",
		"AE1":  "passed 1", "AE2": "passed 1", "AE3": "idle 1", "AE4": "acted 1", "AE5": "idle 1",
		"L3": "acted 1", "L4": "acted 1",
	}
	got := make(map[string]string)
	var never []string
	for i := range cov.Rules {
		r := &cov.Rules[i]
		var by []string
		for o, n := range r.By {
			if n > 0 {
				by = append(by, fmt.Sprintf("%s %d", raft.Outcome(o), n))
			}
		}
		got[r.Name] = strings.Join(by, ", ")
		for _, o := range r.Untested() {
			never = append(never, fmt.Sprint(r.Name, " ", o))
		}
	}
	if d := cmp.Diff(want, got); d != "" {
		t.Errorf("the decisions are miscounted (-want +got):\n%s", d)
	}
	if want := []string{"AE1 refused", "AE2 refused", "AE3 acted", "AE5 acted", "RV1 refused", "RV2a refused", "RV2b refused", "C3 acted"}; !slices.Equal(never, want) {
		t.Errorf("never put to the test are %q; they should be %q", never, want)
	}
}

// A deviation is revealed exactly where a sheet whose cells are all right is
// found wrong under it; and first where the first finding is.
func TestRevealedIsFoundWrong(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		right := rightSheet(t, text)
		cov, errs := variant.Cover([]*trace.Trace{right})
		if errs != nil {
			t.Fatalf("%v\n%s", errs, text)
		}
		for range 4 {
			d := &cov.Deviations[rapid.IntRange(0, len(cov.Deviations)-1).Draw(t, "deviation")]
			first := firstWrong(right, raft.Figure2().With(d.Deviation))
			got := 0
			if s := &d.In[0]; s.First != nil {
				got = s.First.Step
			} else if s.Stopped != nil {
				got = s.At
			}
			if got != first {
				t.Errorf("%s shows first in step %d, and is found wrong in step %d (0: never)\n%s", d.Name, got, first, text)
			}
		}
	})
}

// rightSheet is a trace with Figure 2's answers in all of its cells.
func rightSheet(t *rapid.T, text string) *trace.Trace {
	f, tr := checktest.MustParse(t, text)
	run, err := check.Replay(tr, raft.Figure2())
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	ed, err := edit.Open(f)
	if err != nil {
		t.Fatal(err)
	}
	if err := check.Fill(ed, []*replay.Run{run}, check.FillOptions{Correct: true}); err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	data, err := ed.Bytes()
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	_, right := checktest.MustParse(t, string(data))
	return right
}

// firstWrong is the first step in which a sheet is found wrong under the rules,
// or can be played no further; 0 for none.
func firstWrong(tr *trace.Trace, rules *raft.Rules) (first int) {
	all := len(tr.Steps)
	asFarAsPlayed(tr, rules, func(run *replay.Run, n int) {
		rep := check.Compare(run)
		for i := range rep.Findings {
			f := &rep.Findings[i]
			if (f.Kind == finding.Response || f.Kind == finding.State) && (first == 0 || f.Step < first) {
				first = f.Step
			}
		}
		if first == 0 && n < all {
			first = n + 1
		}
	})
	return first
}

// asFarAsPlayed gives the replay of as many of a trace's first steps as the rules can
// play, while the trace has no others.
func asFarAsPlayed(tr *trace.Trace, rules *raft.Rules, use func(run *replay.Run, steps int)) {
	steps := tr.Steps
	defer func() { tr.Steps = steps }()
	for n := len(steps); n >= 0; n-- {
		tr.Steps = steps[:n]
		if run, err := check.Replay(tr, rules); err == nil {
			use(run, n)
			return
		}
	}
}

// Alike are the revealed deviations that give the same for every cell, as far
// as their replays go, and no others: told by comparing all that they give, in
// words, two by two.
func TestAlike(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text, _ := checktest.RandomTrace(t, rapid.SampledFrom(checktest.Starts).Draw(t, "start"))
		_, tr := checktest.MustParse(t, text)
		cov, _ := variant.Cover([]*trace.Trace{tr})
		right := givesInWords(tr, raft.Figure2())
		var groups [][]string // of names
		var gives []string
		for _, d := range raft.Deviations() {
			g := givesInWords(tr, raft.Figure2().With(d))
			if g == right {
				continue
			}
			i := slices.Index(gives, g)
			if i < 0 {
				i = len(gives)
				gives, groups = append(gives, g), append(groups, nil)
			}
			groups[i] = append(groups[i], d.Name)
		}
		var want []string
		revealed := 0
		for _, g := range groups {
			revealed += len(g)
			if len(g) > 1 {
				want = append(want, strings.Join(g, " "))
			}
		}
		if got := alike(cov); !slices.Equal(got, want) || cov.Revealed() != revealed {
			t.Errorf("%d are revealed, alike of them are\n\t%s\nit should be %d and\n\t%s\n%s",
				cov.Revealed(), strings.Join(got, "\n\t"), revealed, strings.Join(want, "\n\t"), text)
		}
	})
}

// givesInWords is what rules give for the cells of a trace, as far as they can play
// it.
func givesInWords(tr *trace.Trace, rules *raft.Rules) string {
	var b strings.Builder
	asFarAsPlayed(tr, rules, func(run *replay.Run, steps int) {
		cells := item.Of(tr)
		for i := range cells {
			fmt.Fprintln(&b, checktest.Given(run, &cells[i]))
		}
		fmt.Fprintln(&b, steps)
	})
	return b.String()
}

// Every example can be replayed under every deviation, and under all pairs with
// the sets of what exists: to its end, or to a step that says why not. If this
// fails, a command ends in a panic.
func TestEveryExampleUnderEveryDeviation(t *testing.T) {
	names, err := filepath.Glob("../../examples/deviations/*.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var traces []*trace.Trace
	for _, name := range append(checktest.ExampleFiles(t), names...) {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		traces = append(traces, checktest.Read(t, string(data)).Traces...)
	}
	cov, errs := variant.Cover(traces)
	if errs != nil {
		t.Errorf("these examples cannot be replayed: %v", errs)
	}
	// Each deviation has an example of its own name, so that all are revealed.
	if hidden := len(cov.Deviations) - cov.Revealed(); hidden > 0 {
		t.Errorf("the examples together leave %d deviations hidden", hidden)
	}
	for _, tr := range traces {
		for _, s := range raft.Sets() {
			for _, d := range s.Deviations {
				variant.NewDiff(tr, raft.Figure2().With(s.Deviations...), raft.Figure2().With(d))
			}
		}
	}
}

// A worksheet of 18 messages and 8 nodes under every deviation.
func BenchmarkCoverage(b *testing.B) {
	data, err := os.ReadFile("../../examples/worksheet.yaml")
	if err != nil {
		b.Fatal(err)
	}
	traces := checktest.Read(b, string(data)).Traces
	for b.Loop() {
		variant.Cover(traces)
	}
}
