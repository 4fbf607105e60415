package render

import (
	"fmt"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"raftsheet/check/grade"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
)

func classIn(t *testing.T, format string, c *grade.Class) string {
	t.Helper()
	var b strings.Builder
	if err := doc.Write(&b, format, Class(c), doc.Options{}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// readable are the formats whose bytes hold the text line by line; what the paper's
// show is read back in package doc.
var readable = []string{"text", "markdown", "html"}

// The figures of a class as its teacher reads them.
func TestClassGolden(t *testing.T) {
	c := rendertest.QuizClass(t)
	for _, format := range readable {
		rendertest.Golden(t, "class."+map[string]string{"text": "txt", "markdown": "md", "html": "html"}[format], classIn(t, format, c))
	}
}

// What tells nothing, and what tells the wrong way round, is named with its
// questions: these are the ones that a teacher changes next time.
func TestClassSilent(t *testing.T) {
	ask := func(node, answers string) string {
		a := strings.Fields(answers)
		return fmt.Sprintf("nodes: %s\nsteps:\n- {id: v, requestVote: {candidateId: 1}, response: {2: %s, 3: %s, 4: %s, 5: %s}}\n", node, a[0], a[1], a[2], a[3])
	}
	key := rendertest.Key(t, ask("5", "~ ~ ~ ~"))
	c := grade.MarkAll(key, []grade.Input{
		rendertest.HandedIn("A", "a.yaml", ask("5", "ok no ok no")),
		rendertest.HandedIn("B", "b.yaml", ask("5", "ok no ok no")),
		rendertest.HandedIn("C", "c.yaml", ask("5", "ok no no ok")),
	}, grade.Settings{})
	// Nodes 4 and 5: right is 1 1 0 and 0 0 1, and the rest 1 1 2 and 2 2 1.
	want := map[string]string{
		"Everybody has it right": "step v: answer of node 2",
		"Nobody has it right":    "step v: answer of node 3",
		"Those who do better on the rest are more often wrong here": "step v: answer of nodes 4 and 5",
	}
	report := &classReport{c, c.Items()}
	for _, s := range report.silent() {
		if got := strings.Join(s.Steps, "; "); got != want[s.Text] {
			t.Errorf("%s: %s, want %s", s.Text, got, want[s.Text])
		}
		delete(want, s.Text)
	}
	if len(want) > 0 {
		t.Errorf("nothing is said of %v", want)
	}
	if q := report.questions()[2]; q.tells() != "-1.00" || q.part(100) != 66 || q.commonest() != "no (1)" {
		t.Errorf("node 4: r %s, %d%% right, commonest %s", q.tells(), q.part(100), q.commonest())
	}
}

// Where everybody's rest is the same a question tells nothing either.
func TestClassRestAlike(t *testing.T) {
	key := rendertest.Key(t, "nodes: 2\nsteps:\n- {id: v, requestVote: {candidateId: 1}, response: {2: }}\n")
	sheet := "nodes: 2\nsteps:\n- {id: v, requestVote: {candidateId: 1}, response: {2: %s}}\n"
	c := grade.MarkAll(key, []grade.Input{rendertest.HandedIn("A", "a.yaml", fmt.Sprintf(sheet, "ok")), rendertest.HandedIn("B", "b.yaml", fmt.Sprintf(sheet, "no"))}, grade.Settings{})
	if text := classIn(t, "text", c); !strings.Contains(text, "Right or not, all have the same marks on the rest (1)\n  - step v: answer of node 2\n") {
		t.Errorf("nothing is said of a question that tells nothing:\n%s", text)
	}
}

// A key that is wrong itself is marked against the reference, and its teacher is
// told of it, in every format.
func TestClassWrongKey(t *testing.T) {
	key := rendertest.Key(t, "nodes: 2\nsteps:\n- {id: v, requestVote: {candidateId: 1}, response: {2: no}}\n")
	c := grade.MarkAll(key, nil, grade.Settings{})
	for format, want := range map[string]string{
		"text":     "  - Line 3: step v: node 2 answers no; Figure 2 says ok: node 2 has not voted in\n",
		"html":     "The key differs from Figure 2",
		"markdown": "The key differs from Figure 2",
	} {
		if text := classIn(t, format, c); !strings.Contains(text, want) {
			t.Errorf("%s: no %q in\n%s", format, want, text)
		}
	}
}

// A class of nobody has its page too, and no figures that are not there.
func TestClassOfNobody(t *testing.T) {
	c := grade.MarkAll(rendertest.Key(t, rendertest.QuizKey), nil, grade.Settings{})
	if text := classIn(t, "text", c); !strings.Contains(text, "0 files.") || strings.Contains(text, "NaN") || strings.Contains(text, "mean") {
		t.Errorf("of nobody:\n%s", text)
	}
	page := classIn(t, "html", c)
	readHTML(t, page)
	if strings.Contains(page, "NaN") || strings.Contains(page, "<figure") {
		t.Errorf("of nobody:\n%s", page)
	}
}

// The same submissions in another order give the same bytes.
func TestClassInAnyOrder(t *testing.T) {
	key := rendertest.Key(t, rendertest.QuizKey)
	var inputs []grade.Input
	for i, answers := range []string{"ok ok ok none ok no none ok", "ok no no none no no none ok", "ok ok ok none ok ok none ok", "no ok ok none no ok none no"} {
		inputs = append(inputs, rendertest.HandedIn(fmt.Sprint("S", i), fmt.Sprintf("s%d.yaml", i), rendertest.QuizAnswers(answers, "[1:x]", fmt.Sprint(i))))
	}
	for _, format := range doc.Formats() {
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
	for line := range strings.Lines(classIn(t, "text", rendertest.QuizClass(t))) {
		if line = strings.TrimSuffix(line, "\n"); ansi.StringWidth(line) > 80 {
			t.Errorf("%d columns: %s", ansi.StringWidth(line), line)
		}
	}
}
