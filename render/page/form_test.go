package page_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"raftsheet/check/grade"
	"raftsheet/check/item"
	"raftsheet/raft/wide"
	"raftsheet/render"
	"raftsheet/render/internal/rendertest"
	"raftsheet/render/page"
)

// formKey is the key of the examples.
func formKey(t *testing.T) *grade.Key {
	t.Helper()
	return rendertest.Key(t, "variant: B 7\n"+exampleText(t, "grading/key.yaml"))
}

func formPage(t *testing.T, k *grade.Key) string {
	t.Helper()
	var b bytes.Buffer
	if err := page.WriteForm(&b, k); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// listen has the page keep what it saves.
const listen = `(() => { const make = URL.createObjectURL; URL.createObjectURL = b => { b.text().then(t => window.saved = t); return make.call(URL, b); }; return true; })()`

// saved saves the sheet by keyboard, and gives it. A page that misses something on it is
// told once more.
func (b *browser) saved() string {
	b.Helper()
	ask[bool](b, listen)
	for again := true; again; again = strings.Contains(b.text("#said"), "press Save again") {
		b.run(chromedp.Focus(chromedp.CSS("#save")))
		b.press(kb.Enter)
	}
	b.comes(`typeof window.saved === "string"`)
	return ask[string](b, "window.saved")
}

// typed is what a student types into a cell.
func typed(right any) string {
	switch v := right.(type) {
	case bool:
		return map[bool]string{true: "y", false: "n"}[v]
	case nil:
		return "-"
	case string:
		if v == "none" || v == "[]" || v == "{}" {
			return "-"
		}
		return strings.NewReplacer("[", "", "]", "", "{", "", "}", "", ": ", ":", ",", "").Replace(v)
	}
	return fmt.Sprint(right)
}

// Filled in by keys alone and saved, the form is a sheet with full marks. If this
// fails, students lose points to the page.
func TestForm(t *testing.T) {
	k := formKey(t)
	right := make(map[string]string)
	for i := range k.Cells {
		c := &k.Cells[i]
		name, of := c.Name, ""
		if c.IsAnswer() {
			of = "answer of "
		}
		if c.Field == item.Outcome {
			name = "ok"
		}
		right[fmt.Sprintf("%s, %snode %s: %s", k.Trace.Steps[c.Step-1].ID, of, k.Trace.Name(c.Node), strings.NewReplacer("[", " ", "]", "").Replace(name))] = typed(c.Right)
	}
	b := browse(t, formPage(t, k), "")
	const focused = `document.activeElement.getAttribute("aria-label") || ""`
	b.run(chromedp.Focus(chromedp.CSS("#head input")))
	b.press("Robin Müller", kb.Enter)
	for range ask[int](b, `document.querySelectorAll("#app input").length`) {
		label := ask[string](b, focused)
		if text, is := right[label]; is {
			b.press(text)
			delete(right, label)
		}
		if ask[string](b, focused) == label {
			b.press(kb.Enter)
		}
	}
	if len(right) > 0 {
		t.Errorf("the page has no cells for %v", right)
	}
	sheet := b.saved()
	sub := rendertest.Marked(k, rendertest.HandedIn("Robin", "robin.yaml", sheet))
	if sub.Sheet == nil || render.Points(sub.Sheet.Strict) != render.Points(k.Max) {
		t.Errorf("the sheet that was saved has not full marks: %s\n%s", sub.Outcome, sheet)
		for i := range sub.Sheet.Marks {
			if m := &sub.Sheet.Marks[i]; m.Verdict != grade.Right {
				t.Errorf("step %d, node %d: %s has %v; the key has %v", m.Cell.Step, m.Cell.Node, m.Cell.Name, m.Written, m.Cell.Right)
			}
		}
	}
	if !strings.Contains(sheet, `student: "Robin Müller"`) {
		t.Errorf("the name is not on the sheet: %.100s", sheet)
	}
	if !strings.Contains(sheet, "variant: B 7\n") || !ask[bool](b, `document.querySelector("#head").textContent.includes("B 7")`) {
		t.Errorf("the variant is not on the page, or not on the sheet: %.100s", sheet)
	}
}

// A draft is there when the page is opened again, until it is cleared; what is typed
// wrong is not saved. If this fails, an hour's work is lost, or handed to the next one
// at that machine.
func TestFormDraft(t *testing.T) {
	b := browse(t, formPage(t, formKey(t)), "")
	b.run(chromedp.Focus(chromedp.CSS("#app input")))
	b.press("y", "n", "-", kb.ArrowLeft, kb.ArrowDown, "x", kb.ArrowRight, "x")
	b.says("#count", "5 of ")
	b.run(chromedp.Focus(chromedp.CSS("#save")))
	b.press(kb.Enter)
	b.says("#said", "2 cells cannot be read; they are marked. The first: AE1, answer of node 4: ok should be ok, no or none.")
	if n := ask[int](b, `document.querySelectorAll("[aria-invalid=true]").length`); n != 2 {
		t.Errorf("%d cells are marked; want both", n)
	}
	b.press("n", kb.Backspace)
	b.run(chromedp.Reload(), chromedp.WaitReady(chromedp.CSS("#app .side, #app section")))
	b.says("#count", "4 of ")
	if sheet := b.saved(); !strings.Contains(sheet, "response: {2: ok, 3: no, 4: none, 5: , ") || !strings.Contains(sheet, "response: {2: , 3: , 4: no, 5: , ") {
		t.Errorf("the sheet is %.600s", sheet)
	}
	b.run(chromedp.Click(chromedp.CSS("#clear")))
	b.says("#count", "0 of ")
	b.run(chromedp.Reload(), chromedp.WaitReady(chromedp.CSS("#app .side, #app section")))
	b.says("#count", "0 of ")
}

// A sheet without a name, or without an answer, is saved once the student has been asked.
// If this fails, the class hands in sheets of nobody.
func TestFormNameless(t *testing.T) {
	b := browse(t, formPage(t, formKey(t)), "")
	ask[bool](b, listen)
	b.run(chromedp.Focus(chromedp.CSS("#save")))
	b.press(kb.Enter)
	b.says("#said", "Your name is missing. No cell is filled in. To save the sheet so, press Save again.")
	b.press("Ann", kb.Enter, "y")
	b.run(chromedp.Focus(chromedp.CSS("#save")))
	b.press(kb.Enter)
	b.says("#said", "Saved.")
	b.comes(`typeof window.saved === "string"`)
}

// A paper sheet of 126 answers is typed in about a minute: a key for each answer and no
// other, two of them a second. If this fails, nobody types one in.
func TestFormSpeed(t *testing.T) {
	wide.Only(t)
	const keysASecond, seconds = 2, 70
	k, _ := paperKey(t)
	y := &typist{browser: browse(t, formPage(t, k), "")}
	y.run(chromedp.Focus(chromedp.CSS("#head input")))
	y.tap("Ann Aason", kb.Enter)
	for c := range k.Cells {
		y.tap(map[string]string{"ok": "y", "no": "n", "none": "-"}[answerOf(k, c)])
	}
	if y.keys > keysASecond*seconds {
		t.Errorf("%d keys; want %d at the most", y.keys, keysASecond*seconds)
	}
	sub := rendertest.Marked(k, rendertest.HandedIn("", "ann.yaml", y.saved()))
	if sub.Sheet == nil || sub.Sheet.Count(grade.Right) != 126 {
		t.Errorf("the sheet is %s, %s, with %v", sub.Outcome, sub.Why, sub.Sheet)
	}
}

// A form has what the paper form has: the states before the first step, whose sheet it
// is and what each question is worth. If this fails, students on screen know less than
// those with paper.
func TestFormSays(t *testing.T) {
	b := browse(t, formPage(t, rendertest.Key(t, `title: One node
nodes: 3
raftId: 2
initial: {2: {term: 3, votedFor: 1, log: [1:x, "2:y z"], commitIndex: 1}}
grading: {answer: 2}
steps:
- {id: a, appendEntries: {leaderId: 1, term: 3, prevLogIndex: 2, prevLogTerm: 2, entries: [3:w], leaderCommit: 1}, response: {2: }, state: {2: {log: }}}
`)), "")
	squeezed := strings.Join(strings.Fields(b.text("#start")), " ")
	for _, want := range []string{"raft_id 2", "3 points in all.", "Raft State before the first step raft_id 2 currentTerm 3 votedFor 1 role follower commitIndex 1 lastApplied 1",
		"term role votedFor 3 follower 1", "index term value committed 1 1 x yes 2 2 y z"} {
		if !strings.Contains(squeezed, want) {
			t.Errorf("the page begins %q; want %q in it", squeezed, want)
		}
	}
	b.says("#app h2", "a AppendEntriesRPC, 3 points")
}

const kindsKey = `nodes: ["a:1", b, c]
steps:
- timeout: "a:1"
  id: t
- requestVote: {candidateId: "a:1"}
  id: v
  response: {b: ok, c: ok}
- clientRequest: {node: "a:1", value: x y}
  id: x
- {id: q, state: {"a:1": {log: {from: 1, entries: }, nextIndex: , terms: , votedFor: , snapshot: }}}
`

// A log that is told from an index on, a snapshot and a node with a colon in its name
// can be typed. If this fails, such a question cannot be answered on screen.
func TestFormKinds(t *testing.T) {
	k := rendertest.Key(t, kindsKey)
	b := browse(t, formPage(t, k), "")
	for label, text := range map[string]string{"v, answer of node b: ok": "y", "v, answer of node c: ok": "y", "q, node a:1: log entries": `1:"x y"`,
		"q, node a:1: nextIndex": "b:1 c:1", "q, node a:1: terms": "1:a:1", "q, node a:1: votedFor": "a:1", "q, node a:1: snapshot": "0:0"} {
		b.run(chromedp.Focus(chromedp.CSS(fmt.Sprintf("[aria-label=%q]", label))))
		b.press(text)
	}
	sub := rendertest.Marked(k, rendertest.HandedIn("", "x.yaml", b.saved()))
	if sub.Sheet == nil || sub.Sheet.Count(grade.Right) != len(k.Cells) {
		for i := range sub.Sheet.Marks {
			m := &sub.Sheet.Marks[i]
			t.Errorf("%s is %v; what was typed is read as %v", m.Cell.Name, m.Cell.Right, m.Written)
		}
	}
}

// None of the answers is in the page. If this fails, the source of a page has the key.
func TestFormTellsNothing(t *testing.T) {
	const text = "nodes: 3\nsteps:\n- requestVote: {candidateId: 1}\n  note: asked\n  response: {2: %s, 3: %s}\n  state: {2: {log: [%s]}}\n"
	one := formPage(t, rendertest.Key(t, fmt.Sprintf(text, "ok", "ok", "")))
	other := formPage(t, rendertest.Key(t, fmt.Sprintf(text, "no", "none", "7:secret")))
	if one != other || strings.Contains(one, "secret") {
		t.Error("two keys that ask for the same and answer otherwise give two pages")
	}
}

// A hostile key shows as text. If this fails, an exam runs a script in the students'
// browsers.
func TestFormHostile(t *testing.T) {
	for _, text := range append([]string{"</script><script>document.title='no'</script>"}, rendertest.Texts...) {
		out := formPage(t, rendertest.HostileClass(t, text).Key)
		if n := strings.Count(out, "</script"); n != 2 {
			t.Errorf("%q: the page ends %d scripts; want its data and its own", text, n)
		}
		rendertest.NoneHidden(t, out)
	}
}

// The forms of an empty worksheet come in the order that the student gives them, without
// those that are not used. If this fails, the sheet that is saved cannot be read.
func TestFormFree(t *testing.T) {
	var out bytes.Buffer
	if err := page.WriteBlankForm(&out, render.BlankSheet{Nodes: 3, AppendEntries: 2, RequestVotes: 2}); err != nil {
		t.Fatal(err)
	}
	b := browse(t, out.String(), "")
	b.run(chromedp.Focus(chromedp.CSS("#app section:nth-child(2) input")))
	b.press("1", kb.Enter, "2", kb.Enter, "0", kb.Enter, "0", kb.Enter, "y", "-", "y")
	b.run(chromedp.Focus(chromedp.CSS("#app section:nth-child(3) input")))
	b.press("2", kb.Enter, "1", kb.Enter, "1", kb.Enter, `say "hi"`, kb.Enter, "0")
	b.run(chromedp.Focus(chromedp.CSS("#app section:nth-child(3) .move:last-of-type")))
	b.press(kb.Enter)
	sheet := b.saved()
	f := reportsOf(t, "saved.yaml", sheet)
	var ids []string
	for i := range f[0][0].Run.Trace.Steps {
		ids = append(ids, f[0][0].Run.Trace.Steps[i].ID)
	}
	if got := strings.Join(ids, " "); got != "AE1 RV2" || !strings.Contains(sheet, `value: "say \"hi\""`) {
		t.Errorf("the steps are %s; want AE1 RV2:\n%s", got, sheet)
	}
}

// axe-core finds nothing on a form. If this fails, somebody cannot fill it in.
func TestFormAccessible(t *testing.T) {
	wide.Only(t)
	b := browse(t, formPage(t, formKey(t)), "")
	b.accessible("the form", 390)
}
