package render

import (
	"fmt"
	"strings"
	"testing"

	"raftsheet/check/grade"
	"raftsheet/raft"
)

// quizAnswers is a sheet of the quiz with these answers, step by step, and these
// tables.
func quizAnswers(answers, log, commit string) string {
	a := strings.Fields(answers)
	return fmt.Sprintf(`nodes: 3
steps:
  - {id: V1, requestVote: {candidateId: 1}, response: {2: %s, 3: %s}}
  - {id: A1, appendEntries: {leaderId: 1}, response: {2: %s, 3: %s}}
  - {id: A2, appendEntries: {leaderId: 1}, response: {2: %s, 3: %s}, state: {2: {log: %s, commitIndex: %s}, 1: {commitIndex: 2}}}
  - {id: A3, appendEntries: {leaderId: 1}, response: {2: %s, 3: %s}, state: {3: {log: [1:x, 1:y], commitIndex: 2, term: 1}}}
`, a[0], a[1], a[2], a[3], a[4], a[5], log, commit, a[6], a[7])
}

// quizClass is a class with every outcome: six sheets that count, one that was
// replaced, one malformed, one refused. What the diagnoses say is made up.
func quizClass(t *testing.T) *grade.Class {
	t.Helper()
	late := handedIn("Dan", "dan.yaml", quizAnswers("ok ok ok none no ok none ok", "[1:x, 1:y]", "2"))
	late.Late = true
	again := handedIn("Ann", "ann-2.yaml", quizAnswers("ok ok ok none ok no none ok", "[1:x, 1:y]", "1"))
	again.Attempt = 2
	c := grade.MarkAll(gradeKey(t, quizKey), []grade.Input{
		handedIn("Ann", "ann.yaml", quizAnswers("ok ok ok ok ok ok ok ok", "[1:x, 1:y]", "1")), again,
		handedIn("Bob", "bob.yaml", quizAnswers("ok ok ok none ok ok none ok", "[1:x, 1:y]", "2")),
		handedIn("Cyd", "cyd.yaml", quizAnswers("ok no no none no no none ok", "[]", "0")), late,
		handedIn("Eve", "eve.yaml", quizAnswers("ok no no ok no ok no ok", "[2:z]", "7")),
		handedIn("Fay", "fay.yaml", quizAnswers("ok ok ~ ~ ~ ~ ~ ok", "~", "~")),
		handedIn("Gil", "gil.yaml", "nodes: many\n"),
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
				s.Sheet.Humans = []grade.Human{{Node: 2, Cells: []int{4, 6}, Why: "made up"}}
			}
		}
	}
	return c
}

func classIn(t *testing.T, format string, c *grade.Class) string {
	t.Helper()
	var b strings.Builder
	if err := Class(&b, format, c, Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The figures of a class as its teacher reads them.
func TestClassGolden(t *testing.T) {
	c := quizClass(t)
	for _, format := range []string{"text", "json", "html"} {
		golden(t, "class."+map[string]string{"text": "txt"}[format]+strings.TrimPrefix(format, "text"), classIn(t, format, c))
	}
}

// What tells nothing, and what tells the wrong way round, is named with its
// questions: these are the ones that a teacher changes next time.
func TestClassSilent(t *testing.T) {
	ask := func(node, answers string) string {
		a := strings.Fields(answers)
		return fmt.Sprintf("nodes: %s\nsteps:\n- {id: v, requestVote: {candidateId: 1}, response: {2: %s, 3: %s, 4: %s, 5: %s}}\n", node, a[0], a[1], a[2], a[3])
	}
	key := gradeKey(t, ask("5", "~ ~ ~ ~"))
	c := grade.MarkAll(key, []grade.Input{
		handedIn("A", "a.yaml", ask("5", "ok no ok no")),
		handedIn("B", "b.yaml", ask("5", "ok no ok no")),
		handedIn("C", "c.yaml", ask("5", "ok no no ok")),
	}, grade.Settings{})
	// Nodes 4 and 5: right is 1 1 0 and 0 0 1, and the rest 1 1 2 and 2 2 1.
	want := map[string]string{
		"Everybody has it right": "step v: answer of node 2",
		"Nobody has it right":    "step v: answer of node 3",
		"Those who do better in the rest are more often wrong here": "step v: answer of nodes 4 and 5",
	}
	report := &classReport{c, c.Items()}
	for _, s := range report.Silent() {
		if got := strings.Join(s.Steps, "; "); got != want[s.Text] {
			t.Errorf("%s: %s, want %s", s.Text, got, want[s.Text])
		}
		delete(want, s.Text)
	}
	if len(want) > 0 {
		t.Errorf("nothing is said of %v", want)
	}
	if q := report.Questions()[2]; q.Tells() != "-1.00" || q.Part(100) != 66 || q.Commonest() != "no (1)" {
		t.Errorf("node 4: r %s, %d%% right, commonest %s", q.Tells(), q.Part(100), q.Commonest())
	}
}

// Where everybody's rest is the same a question tells nothing either.
func TestClassRestAlike(t *testing.T) {
	key := gradeKey(t, "nodes: 2\nsteps:\n- {id: v, requestVote: {candidateId: 1}, response: {2: }}\n")
	sheet := "nodes: 2\nsteps:\n- {id: v, requestVote: {candidateId: 1}, response: {2: %s}}\n"
	c := grade.MarkAll(key, []grade.Input{handedIn("A", "a.yaml", fmt.Sprintf(sheet, "ok")), handedIn("B", "b.yaml", fmt.Sprintf(sheet, "no"))}, grade.Settings{})
	if text := classIn(t, "text", c); !strings.Contains(text, "Right or not, all have the same marks in the rest (1)\n  step v: answer of node 2\n") {
		t.Errorf("nothing is said of a question that tells nothing:\n%s", text)
	}
}

// A key that is wrong itself is marked against the reference, and its teacher is
// told of it, in every format.
func TestClassWrongKey(t *testing.T) {
	key := gradeKey(t, "nodes: 2\nsteps:\n- {id: v, requestVote: {candidateId: 1}, response: {2: no}}\n")
	c := grade.MarkAll(key, nil, grade.Settings{})
	for format, want := range map[string]string{
		"text": "  - Line 3: step v, node 2 answers no: expected by the trace, but the replay\n    says ok",
		"html": "The key is at odds with Figure 2",
		"json": `"expected": false`,
	} {
		if text := classIn(t, format, c); !strings.Contains(text, want) {
			t.Errorf("%s: no %q in\n%s", format, want, text)
		}
	}
}

// A class of nobody has its page too, and no figures that are not there.
func TestClassOfNobody(t *testing.T) {
	c := grade.MarkAll(gradeKey(t, quizKey), nil, grade.Settings{})
	if text := classIn(t, "text", c); !strings.Contains(text, "0 files.") || strings.Contains(text, "NaN") || strings.Contains(text, "mean") {
		t.Errorf("of nobody:\n%s", text)
	}
	page := classIn(t, "html", c)
	readHTML(t, page)
	if strings.Contains(page, "NaN") || strings.Contains(page, "<figure") {
		t.Errorf("of nobody:\n%s", page)
	}
	if text := classIn(t, "json", c); !strings.Contains(text, `"diagnosis": null`) {
		t.Errorf("of nobody:\n%s", text)
	}
}

// The same submissions in another order give the same bytes.
func TestClassInAnyOrder(t *testing.T) {
	key := gradeKey(t, quizKey)
	var inputs []grade.Input
	for i, answers := range []string{"ok ok ok none ok no none ok", "ok no no none no no none ok", "ok ok ok none ok ok none ok", "no ok ok none no ok none no"} {
		inputs = append(inputs, handedIn(fmt.Sprint("S", i), fmt.Sprintf("s%d.yaml", i), quizAnswers(answers, "[1:x]", fmt.Sprint(i))))
	}
	for _, format := range ClassFormats() {
		want := classIn(t, format, grade.MarkAll(key, inputs, grade.Settings{}))
		for range len(inputs) {
			inputs = append(inputs[1:], inputs[0])
			if got := classIn(t, format, grade.MarkAll(key, inputs, grade.Settings{})); got != want {
				t.Errorf("%s in another order:\n%s\nwas:\n%s", format, got, want)
			}
		}
	}
}

// Text fits a terminal of 80 columns.
func TestClassFits(t *testing.T) {
	for line := range strings.Lines(classIn(t, "text", quizClass(t))) {
		if line = strings.TrimSuffix(line, "\n"); width(line) > 80 {
			t.Errorf("%d columns: %s", width(line), line)
		}
	}
}
