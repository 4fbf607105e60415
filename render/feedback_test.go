package render

import (
	"errors"
	"fmt"
	"html"
	"io"
	"regexp"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"raftsheet/check/grade"
	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
)

func feedbackIn(t *testing.T, format string, s *grade.Submission, key *grade.Key, reveal bool) string {
	t.Helper()
	var b strings.Builder
	if err := doc.Write(&b, format, Feedback(s, key, reveal), doc.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// The feedback as students read it.
func TestFeedbackGolden(t *testing.T) {
	s, key := rendertest.Quiz(t)
	for name, format := range map[string]string{"feedback.txt": "text", "feedback.md": "markdown", "feedback.html": "html"} {
		rendertest.Golden(t, name, feedbackIn(t, format, s, key, true))
	}
	rendertest.Golden(t, "feedback-hidden.txt", feedbackIn(t, "text", s, key, false))

	malformed := rendertest.Marked(key, rendertest.HandedIn("Kim Roe", "kim.yaml", strings.Replace(rendertest.QuizSheet, "steps:", "stepssss:", 1)))
	rendertest.Golden(t, "feedback-malformed.txt", feedbackIn(t, "text", malformed, key, false))
	rendertest.Golden(t, "feedback-malformed.html", feedbackIn(t, "html", malformed, key, false))
}

// The marks come first, in every format: what counts, out of how much, both
// totals, and what being late costs. Worked out by hand from the sheet.
func TestFeedbackMarks(t *testing.T) {
	s, key := rendertest.Quiz(t)
	for _, format := range readable {
		text := html.UnescapeString(feedbackIn(t, format, s, key, false))
		at := 0
		for _, want := range []string{"7.2", "of 14 points", "Strict total", "5", "Follow-through total", "8", "-0.8", "10%", "V1", "A1", "A2", "A3"} {
			i := strings.Index(text[at:], want)
			if i < 0 {
				t.Fatalf("%s: no %q after %q", format, want, text[:at])
			}
			at += i + len(want)
		}
		if format == "html" && strings.Index(text, "7.2") > strings.Index(text, "Step by step") {
			t.Error("html: the marks come after the steps")
		}
	}
}

// What becomes of what follows from a mistake is said as the key has it: in
// full, in part, or not at all.
func TestFeedbackFollowThrough(t *testing.T) {
	for follow, want := range map[string]string{
		"1":   "This follows from your answer in step A1; it is not counted twice.",
		"0.5": "This follows from your answer in step A1; it has 0.5 of its points, and is not counted as a second mistake.",
		"0":   "This follows from your answer in step A1. This key gives no points for that.",
	} {
		key := rendertest.Key(t, strings.Replace(rendertest.QuizKey, "late: 10%", "late: 10%, followThrough: "+follow, 1))
		s := rendertest.Marked(key, rendertest.HandedIn("Robin", "robin.yaml", rendertest.QuizSheet))
		if text := unwrapped(feedbackIn(t, "text", s, key, false)); strings.Count(text, want) != 3 {
			t.Errorf("follow-through %s: not three times %q in\n%s", follow, want, text)
		}
	}
}

// unwrapped is a text with its lines joined.
func unwrapped(text string) string { return strings.Join(strings.Fields(text), " ") }

// noKey asks one node the same thing six times over.
const noKey = `nodes: 3
steps:
  - {id: s1, appendEntries: {leaderId: 1, term: 1, prevLogIndex: 0, prevLogTerm: 0, entries: [1:a], leaderCommit: 0}, to: 2, response: {2: }}
  - {id: s2, appendEntries: {leaderId: 1, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [1:b], leaderCommit: 0}, to: 2, response: {2: }}
  - {id: s3, appendEntries: {leaderId: 1, term: 1, prevLogIndex: 2, prevLogTerm: 1, entries: [1:c], leaderCommit: 0}, to: 2, response: {2: }}
  - {id: s4, appendEntries: {leaderId: 1, term: 1, prevLogIndex: 3, prevLogTerm: 1, entries: [1:d], leaderCommit: 0}, to: 2, response: {2: }}
`

// A run of answers that waits for a human says so, at each and in a section of
// its own: the marks may still rise.
func TestFeedbackForHuman(t *testing.T) {
	key := rendertest.Key(t, noKey)
	s := rendertest.Marked(key, rendertest.HandedIn("No", "no.yaml", strings.ReplaceAll(noKey, "{2: }}", "{2: no}}")))
	if n := s.Sheet.Count(grade.ToReview); n != 3 {
		t.Fatalf("%d answers wait for a human, want 3", n)
	}
	for _, format := range readable {
		text := unwrapped(html.UnescapeString(feedbackIn(t, format, s, key, false)))
		for _, want := range []string{"An instructor still has to review 3 answers; they have no points yet.", "to review", "To review", "Node 2, steps s2, s3 and s4"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s: no %q in\n%s", format, want, text)
			}
		}
	}
}

// Each outcome has its text in each format, and none of them fails. No sentence ends
// twice.
func TestFeedbackOutcomes(t *testing.T) {
	key := rendertest.Key(t, rendertest.QuizKey)
	right := rendertest.QuizAnswers("ok ok ok none ok no none ok", "[1:x, 1:y]", "1")
	later := rendertest.HandedIn("Two", "two-2.yaml", right)
	later.Attempt = 2
	class := grade.MarkAll(key, []grade.Input{
		rendertest.HandedIn("Right", "right.yaml", right),
		rendertest.HandedIn("Malformed", "malformed.yaml", "nodes: 3\nsteps: 7\n"),
		{Name: "refused.exe", Student: grade.Student{Name: "Refused"}, Refused: "it is a device"},
		rendertest.HandedIn("Two", "two-1.yaml", rendertest.QuizSheet), later,
		rendertest.HandedIn("", "empty.yaml", ""),
		rendertest.HandedIn("Slip", "slip.yaml", strings.Replace(right, "response:", "responsesss:", 1)),
		rendertest.HandedIn("Missing", "missing.yaml", "nodes: [a, b, c]\nsteps: []\n"),
	}, grade.Settings{})
	want := map[string][]string{
		"right.yaml":     {"14 of 14 points", "Every answer is right."},
		"malformed.yaml": {"cannot be read as a worksheet", "2:8", "It has no mark yet"},
		"refused.exe":    {"was not opened", "it is a device", "It has no mark yet"},
		"two-1.yaml":     {"does not count", "two-2.yaml", "What it would have come to"},
		"two-2.yaml":     {"14 of 14 points"},
		"empty.yaml":     {"The file is empty. Upload it again.", "It has no mark yet"},
		"slip.yaml":      {`this cannot be read: unknown key "responsesss"; did you mean "responseLost"? `},
		"missing.yaml":   {"read, but not marked", "of the key's 4 steps", "It has no mark yet"},
	}
	for i := range class.Submissions {
		s := &class.Submissions[i]
		for _, format := range readable {
			text := html.UnescapeString(feedbackIn(t, format, s, key, false))
			text = unwrapped(regexp.MustCompile(`<[^>]*>|\\`).ReplaceAllString(text, ""))
			for _, w := range want[s.Name] {
				if !strings.Contains(strings.ToLower(text), strings.ToLower(w)) {
					t.Errorf("%s of %s: no %q in\n%s", format, s.Name, w, text)
				}
			}
			for _, twice := range []string{"?.", "?;", ":;", ":.", ".. "} {
				if strings.Contains(text, twice) {
					t.Errorf("%s of %s: a sentence ends with %q in\n%s", format, s.Name, twice, text)
				}
			}
		}
	}
}

// A diagnosis is put as a question, a tie as one, and untested deviations are
// listed as such.
func TestFeedbackDiagnosis(t *testing.T) {
	s, key := rendertest.Quiz(t)
	explanations := func(n int) (es []grade.Explanation) {
		for _, d := range raft.Deviations()[:n] {
			es = append(es, grade.Explanation{Deviations: []raft.Deviation{d}, Explained: 2, Cells: []int{3}})
		}
		return es
	}
	tests := []struct {
		d       *grade.Diagnosis
		has, no []string
	}{
		{nil, nil, []string{"What may lie behind", "What the answers show"}},
		{&grade.Diagnosis{Verdict: grade.NothingWrong}, []string{"no misunderstanding shows"}, []string{"It changes no mark"}},
		{&grade.Diagnosis{Verdict: grade.Slip}, []string{"may be slips", "It changes no mark"}, []string{"Not put to the test"}},
		{&grade.Diagnosis{Verdict: grade.Undiagnosed}, []string{"There is no diagnosis: the trace is too long; the limit is 300000"}, []string{"slips", "It changes no mark"}},
		{&grade.Diagnosis{Verdict: grade.Tie, Explanations: explanations(2), Apart: "two.yaml"},
			[]string{"2 explanations fit", "vote-last-term-only and", "two.yaml", "It changes no mark"}, []string{"And as well"}},
		{&grade.Diagnosis{Verdict: grade.Tie, Explanations: explanations(9)},
			[]string{"9 explanations fit", "each of the explanations below", "And as well: "}, nil},
		{&grade.Diagnosis{Verdict: grade.Named, Explanations: []grade.Explanation{{Deviations: raft.Deviations()[:2], Explained: 4}}},
			[]string{"together with", "It explains 4 of your mistakes, and agrees with all that you have right."}, nil},
	}
	first := raft.Deviations()[0].Name
	for i, tt := range tests {
		s.Sheet.Diagnosis = tt.d
		for _, format := range readable {
			text := unwrapped(html.UnescapeString(feedbackIn(t, format, s, key, false)))
			for _, has := range tt.has {
				if has = strings.Replace(has, "vote-last-term-only", first, 1); !strings.Contains(text, has) {
					t.Errorf("%d, %s: no %q in\n%s", i, format, has, text)
				}
			}
			for _, no := range tt.no {
				if strings.Contains(text, no) {
					t.Errorf("%d, %s: %q in\n%s", i, format, no, text)
				}
			}
		}
	}
}

// A student of whom some answers cannot be read is not told that nothing is wrong: these
// wait, and nobody knows.
func TestFeedbackNothingWrongYet(t *testing.T) {
	key := rendertest.Key(t, rendertest.QuizKey)
	right := rendertest.QuizAnswers("ok ok ok none ok no none ok", "[1:x, 1:y]", "1")
	for _, c := range []struct{ text, want string }{
		{right, "Nothing that you wrote is wrong, and no misunderstanding shows."},
		{strings.Replace(right, "2: ok, 3: ok", "2: perhaps, 3: maybe", 1),
			"None of the answers that have a mark is wrong, and no misunderstanding shows. 2 answers cannot be read and wait for an instructor."},
		{strings.Replace(right, "2: ok, 3: ok", "2: perhaps, 3: ok", 1), "1 answer cannot be read and waits for an instructor."},
		{strings.Replace(right, "response:", "answers:", 1), "2 answers wait for an instructor."},
	} {
		class := grade.MarkAll(key, []grade.Input{rendertest.HandedIn("Kim", "kim.yaml", c.text)}, grade.Settings{Diagnose: true})
		text := unwrapped(feedbackIn(t, "text", &class.Submissions[0], key, false))
		if !strings.Contains(text, c.want) || strings.Contains(text, "Nothing that you wrote is wrong") != (c.text == right) {
			t.Errorf("no %q in\n%s", c.want, text)
		}
	}
}

// Where nothing has earned a name, feedback says what would fit: how many
// deviations would explain every mistake, and which of them no right answer speaks
// against.
func TestFeedbackWhatFits(t *testing.T) {
	s, key := rendertest.Quiz(t)
	ds := raft.Deviations()
	fits := func(against ...int) (es []grade.Explanation) {
		for i, n := range against {
			es = append(es, grade.Explanation{Deviations: ds[i : i+1], Explained: 1, Contradicted: n})
		}
		return es
	}
	a, b := ds[0].Name, ds[1].Name
	five := a + ", " + b + ", " + ds[2].Name + ", " + ds[3].Name + ", " + ds[4].Name
	for _, tt := range []struct {
		wrong int
		fits  []grade.Explanation
		more  int
		want  string
	}{
		{1, fits(0), 0, "Only " + a + " would explain the one mistake."},
		{3, fits(0), 0, "Only " + a + " would explain all 3 mistakes."},
		{1, fits(2), 0, "Only " + a + " would explain the one mistake, but 2 right answers speak against it."},
		{1, fits(0, 0), 0, "Only " + a + " and " + b + " would explain the one mistake."},
		{1, fits(0, 1), 0, "2 misunderstandings would explain the one mistake; only " + a + " agrees with the right answers too."},
		{2, fits(0, 0, 1), 0, "3 misunderstandings would explain both mistakes; only " + a + " and " + b + " agree with the right answers too."},
		{1, fits(0, 0, 0, 0, 0), 4, "9 misunderstandings would explain the one mistake: " + five + " and 4 more."},
		{2, fits(1, 1), 0, "2 misunderstandings would explain both mistakes, but right answers speak against each of them."},
		{2, nil, 0, "No single misunderstanding would explain both mistakes."},
	} {
		s.Sheet.Diagnosis = &grade.Diagnosis{Verdict: grade.Slip, Wrong: tt.wrong, Fits: tt.fits, MoreFits: tt.more}
		if text := unwrapped(feedbackIn(t, "text", s, key, false)); !strings.Contains(text, tt.want) {
			t.Errorf("no %q in\n%s", tt.want, text)
		}
	}
}

// Without Reveal nothing that knows the right answers comes through: the right
// value, its figures, what the reference answers from the student's own state
// (which at a first mistake is the right answer), and why a node is not followed.
// Each of them is poisoned here, and must not be seen; with Reveal the first two
// must be, or the test could not fail.
func TestFeedbackHides(t *testing.T) {
	const poison = "POISON"
	s, key := rendertest.Quiz(t)
	for i := range s.Sheet.Marks {
		m := &s.Sheet.Marks[i]
		cell := *m.Cell
		cell.Right = poison + "-right"
		m.Cell, m.Why = &cell, poison+"-why"
		if m.Verdict != grade.Right {
			m.Own = poison + "-own"
		}
		key.Cells[i].Right = poison + "-right"
	}
	if len(s.Sheet.Stops) == 0 {
		t.Fatal("no node stops being followed")
	}
	for i := range s.Sheet.Stops {
		s.Sheet.Stops[i].Why = poison + "-stop"
	}
	for _, format := range append(readable, "latex") {
		if text := feedbackIn(t, format, s, key, false); strings.Contains(text, poison) {
			t.Errorf("%s lets out what is right:\n%s", format, text)
		}
		text := feedbackIn(t, format, s, key, true)
		for _, want := range []string{poison + "-right", poison + "-why", poison + "-stop"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s, with the right answers, has no %s", format, want)
			}
		}
		if strings.Contains(text, poison+"-own") {
			t.Errorf("%s shows the answer from the student's own state", format)
		}
	}
}

// A blank cell gives nothing away: where the right answer is ok and where it is
// no, the feedback is the same to the last byte. The rule that decides would
// tell them apart.
func TestBlankGivesNothingAway(t *testing.T) {
	const text = `nodes: 3
initial:
  2: {term: 1, log: [%s]}
steps:
  - id: q
    appendEntries: {leaderId: 1, term: 1, prevLogIndex: 1, prevLogTerm: 1, entries: [1:y], leaderCommit: 0}
    response: {2: , 3: no}
    state: {2: {log: }}
`
	sheet := strings.Replace(fmt.Sprintf(text, ""), "3: no", "3: ok", 1)
	for _, format := range doc.Formats() {
		var told [2]string
		for i, log := range []string{"", "1:x"} {
			key := rendertest.Key(t, fmt.Sprintf(text, log))
			if right := key.Cells[0].Right; right != (i == 1) {
				t.Fatalf("with log [%s] node 2 answers %v", log, right)
			}
			told[i] = feedbackIn(t, format, rendertest.Marked(key, rendertest.HandedIn("Kim", "kim.yaml", sheet)), key, false)
		}
		if told[0] != told[1] {
			t.Errorf("%s: where no is right:\n%s\nwhere ok is right:\n%s", format, told[0], told[1])
		}
	}
}

// Text feedback fits a terminal of 80 columns, lines of the student's file too.
func TestFeedbackFits(t *testing.T) {
	s, key := rendertest.Quiz(t)
	long := rendertest.Marked(key, rendertest.HandedIn(strings.Repeat("Robin ", 30), "robin.yaml", strings.Replace(rendertest.QuizSheet,
		"response: {2: no, 3: ok}", "response: {          2: no,          3: ok           }  # "+strings.Repeat("well ", 40), 1)))
	for _, s := range []*grade.Submission{s, long} {
		for line := range strings.Lines(feedbackIn(t, "text", s, key, true)) {
			if line = strings.TrimSuffix(line, "\n"); ansi.StringWidth(line) > 80 {
				t.Errorf("%d columns: %s", ansi.StringWidth(line), line)
			}
		}
	}
}

// Every writer says when it could not write.
func TestFeedbackWriteErrors(t *testing.T) {
	s, key := rendertest.Quiz(t)
	c := rendertest.QuizClass(t)
	for _, format := range doc.Formats() {
		if err := doc.Write(&rendertest.BrokenPipe{Room: 50}, format, Feedback(s, key, false), doc.Options{}); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("feedback as %s: %v", format, err)
		}
	}
	for _, format := range doc.Formats() {
		if err := doc.Write(&rendertest.BrokenPipe{Room: 50}, format, Class(c), doc.Options{}); !errors.Is(err, io.ErrClosedPipe) {
			t.Errorf("class as %s: %v", format, err)
		}
	}
	if err := doc.Write(io.Discard, "docx", Feedback(s, key, false), doc.Options{}); err == nil {
		t.Error("there is a format docx")
	}
}

// Cells that are wrong in the same way are told of once, with the figures of
// each: seven times the same sentence is read by nobody. What differs in
// anything but the figures stays apart.
func TestFeedbackGroups(t *testing.T) {
	key := rendertest.Key(t, `nodes: 6
initial: {2: {log: [1]}, 3: {log: [1, 1]}, 4: {log: [1]}}
steps:
  - id: v
    requestVote: {candidateId: 1, term: 2, lastLogIndex: 0, lastLogTerm: 0}
    response: {2: , 3: , 4: , 5: , 6: }
    state: {2: {term: , votedFor: }, 3: {term: , votedFor: }}
`)
	s := rendertest.Marked(key, rendertest.HandedIn("Kim", "kim.yaml", `nodes: 6
steps:
  - id: v
    requestVote: {candidateId: 1}
    response: {2: ok, 3: ok, 4: none, 5: ok, 6: no}
    state:
      2: {term: 7, votedFor: 1}
      3: {term: 7, votedFor: 1}
`))
	text := feedbackIn(t, "text", s, key, true)
	for want, times := range map[string]int{
		"  Answers of nodes 2 and 3: ✗ wrong (0 of 1 point each)\n": 1,
		"  Node 4's answer: ✗ wrong (0 of 1 point)\n":               1, // none, not ok
		"  Node 6's answer: ✗ wrong (0 of 1 point)\n":               1, // no, where ok is right
		"  Term of nodes 2 and 3: ✗ wrong (0 of 1 point each)\n":    1,
		"    Also       in line 8.\n":                               2, // the terms, and the votes
		"node 2's, which ends at index 1, term 1":                   2, // why the answer is no, and the vote not given
		"node 3's, which ends at index 2, term 1":                   2,
		"  Node 5's answer":                                         0,
	} {
		if got := strings.Count(unwrapped(text), unwrapped(want)); got != times {
			t.Errorf("%d times %q, want %d, in\n%s", got, want, times, text)
		}
	}
}
