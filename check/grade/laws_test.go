package grade

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"raftsheet/check/item"
	why "raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
)

func keysOf(t *testing.T, names ...string) []*Key {
	var keys []*Key
	for _, name := range names {
		keys = append(keys, keyOf(t, name))
	}
	return keys
}

// onSheets checks a law of marking on students who make mistakes at random.
func onSheets(t *testing.T, law func(t *rapid.T, k *Key, s *student, slips int)) {
	keys := keysOf(t, exam, form, "figure8.yaml", "partition.yaml")
	rapid.Check(t, func(t *rapid.T) {
		k := keys[rapid.IntRange(0, len(keys)-1).Draw(t, "key")]
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		s := answering(k, k.Run)
		slips := rapid.IntRange(0, 6).Draw(t, "slips")
		for range slips {
			s.slip(r, r.IntN(len(k.Cells)), rapid.Bool().Draw(t, "carried"))
		}
		law(t, k, s, slips)
	})
}

// Who writes the truth has full marks.
func TestTruthHasFullMarks(t *testing.T) {
	for _, name := range []string{exam, form, "figure7.yaml", "figure8.yaml", "late.yaml", "partition.yaml", "restart.yaml", "sheet3.yaml", "single.yaml", "first.yaml"} {
		k := keyOf(t, name)
		s := k.Mark(answering(k, k.Run).sheet, false)
		if s.Counted.Cmp(k.Max) != 0 || s.Strict.Cmp(k.Max) != 0 || s.Count(Right) != len(k.Cells) {
			t.Errorf("%s: %s of %s points: %s", name, s.Counted, k.Max, verdicts(s))
		}
		if len(s.Stops)+len(s.Reviews)+len(s.Remarks) > 0 {
			t.Errorf("%s: stops %v, runs for a human %v, remarks %v", name, s.Stops, s.Reviews, s.Remarks)
		}
	}
}

// The laws of every marked sheet. Marking is deterministic. What is not right
// first is wrong, and not its own consequence. The total with what follows is
// never below that without, nor above what there is; the steps add up to it; and
// what is wrong or blank is given nothing.
func TestLawsOfMarking(t *testing.T) {
	onSheets(t, func(t *rapid.T, k *Key, st *student, _ int) {
		s := k.Mark(st.sheet, false)
		if a, b := fmt.Sprint(verdicts(s), s.Counted, s.Stops, s.Reviews), func() string {
			s := k.Clone().Mark(st.sheet, false)
			return fmt.Sprint(verdicts(s), s.Counted, s.Stops, s.Reviews)
		}(); a != b {
			t.Fatalf("marked twice the sheet comes to\n%s\nand\n%s", a, b)
		}
		var strict, through Points
		for i := range k.Steps {
			a, b, _ := s.Step(i)
			strict, through = strict.Plus(a), through.Plus(b)
		}
		if strict.Cmp(s.Strict) != 0 || through.Cmp(s.Through) != 0 {
			t.Fatalf("the steps come to %s and %s, the sheet to %s and %s", strict, through, s.Strict, s.Through)
		}
		if s.Strict.Cmp(s.Through) > 0 || s.Through.Cmp(k.Max) > 0 || s.Counted.Cmp(s.Through) != 0 {
			t.Fatalf("%s points, %s with what follows, %s count of %s", s.Strict, s.Through, s.Counted, k.Max)
		}
		wrong := false
		for i := range s.Marks {
			m := &s.Marks[i]
			wrong = wrong || m.Verdict == Wrong
			if (m.Verdict == Follows || m.Verdict == ToReview) && !wrong {
				t.Fatalf("%s, before anything is wrong: %s", m.Verdict, verdicts(s))
			}
			if (m.Verdict == Wrong || m.Verdict == Blank) && m.Points.Sign()+m.Through.Sign() != 0 {
				t.Fatalf("what is %s has %s points, %s with what follows", m.Verdict, m.Points, m.Through)
			}
		}
	})
}

// No student is punished twice for one mistake: who goes on from it as the
// reference does loses that cell, and no other, unless what they wrote is no state
// that can be followed, or a human is to judge.
func TestOneMistakeCostsOneCell(t *testing.T) {
	keys := keysOf(t, exam, form, "partition.yaml")
	rapid.Check(t, func(t *rapid.T) {
		k := keys[rapid.IntRange(0, len(keys)-1).Draw(t, "key")]
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		st := answering(k, k.Run)
		cell := rapid.IntRange(0, len(k.Cells)-1).Draw(t, "cell")
		st.slip(r, cell, true)
		s := k.Mark(st.sheet, false)
		if len(s.Stops) > 0 || len(s.Reviews) > 0 {
			return
		}
		for i := range s.Marks {
			m := &s.Marks[i]
			if field := k.Cells[cell].Field; m.Cell.Field == item.TermsLine && (field == item.Term || field == item.AnswerTerm) {
				continue // a term that is written too low is come to twice, with two votes
			}
			if i != cell && m.Verdict == Wrong {
				t.Fatalf("after a mistake in cell %d (step %d, node %d, %s) cell %d (step %d, node %d, %s) is wrong too: %v, by its own state %v",
					cell, k.Cells[cell].Step, k.Cells[cell].Node, k.Cells[cell].Name, i, m.Cell.Step, m.Cell.Node, m.Cell.Name, m.Written, m.Own)
			}
		}
	})
}

// What a key does not ask changes nothing: unasked tables, answers and terms would
// otherwise make a state from which every later no follows, at no cost.
func TestUnaskedChangesNothing(t *testing.T) {
	k := newKey(t, asked(two, three, four))
	plain := []string{"two | response: {F: ok}", "three | response: {F: no}", "four | response: {F: no}"}
	s := k.Mark(parse(t, on(k, plain...)), false)
	for _, first := range []string{
		"two | response: {F: {success: ok, term: 99}}",
		"two | response: {F: ok}, state: {F: {term: 99}}",
		"two | response: {F: ok}, state: {F: {log: [1, 1, 1, 1, 1, 1]}}",
	} {
		sly := k.Mark(parse(t, on(k, append([]string{first}, plain[1:]...)...)), false)
		if verdicts(sly) != verdicts(s) || sly.Counted.Cmp(s.Counted) != 0 {
			t.Errorf("%s: %s, %v points; without it %s, %v points", first, verdicts(sly), sly.Counted, verdicts(s), s.Counted)
		}
	}
}

// The rule and the figures that feedback gives are those of a decision that the
// node has made in the reference's replay: of the step itself for an answer, of that
// or an earlier one for a table. If this fails, a student is told a made-up reason.
func TestFeedbackIsDecisions(t *testing.T) {
	decisions := make(map[*Key]map[int][]replay.Outcome)
	told := 0
	onSheets(t, func(t *rapid.T, k *Key, st *student, _ int) {
		known := decisions[k]
		if known == nil {
			known = make(map[int][]replay.Outcome)
			for step := range k.Steps {
				known[step+1] = k.Run.Decisions(step + 1)
			}
			decisions[k] = known
		}
		for _, m := range k.Mark(st.sheet, false).Marks {
			if m.Verdict != Wrong || m.Rule == raft.NoRule {
				continue
			}
			if told++; !isDecision(k, known, &m) {
				t.Fatalf("step %d, node %d, %s: no decision of rule %s has these figures: %s", m.Cell.Step, m.Cell.Node, m.Cell.Name, m.Rule, m.Why)
			}
		}
	})
	if told < 5 {
		t.Errorf("%d reasons were held against decisions, which is too few to tell anything", told)
	}
}

func isDecision(k *Key, known map[int][]replay.Outcome, m *Mark) bool {
	ofTerm := m.Cell.Field == item.AnswerTerm // which the answer's own figures tell
	for step := 1; step <= m.Cell.Step; step++ {
		if m.Cell.IsAnswer() && !ofTerm && step < m.Cell.Step {
			continue
		}
		for _, o := range known[step] {
			if o.Node == m.Cell.Node && o.Rule == m.Rule && (ofTerm || strings.Contains(m.Why, why.Decision(k.Run, o.Node, o.Decision))) {
				return true
			}
		}
	}
	return ofTerm && m.Rule == raft.A2
}
