package page_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"pgregory.net/rapid"

	"raftsheet/check/checktest"
	"raftsheet/check/grade"
	"raftsheet/check/grade/intake"
	"raftsheet/check/replay"
	"raftsheet/raft/wide"
	"raftsheet/render"
	"raftsheet/render/internal/rendertest"
	"raftsheet/render/page"
)

// classOf is a roster of so many students.
func classOf(t *testing.T, n int) *intake.Roster {
	t.Helper()
	text := "Student,ID,SIS Login ID,email\n"
	for i := range n {
		text += fmt.Sprintf("\"%c%cson, Ann\",%d,ann%02d,a%d@example.edu\n", 'A'+i/26, 'a'+i%26, 4100+i, i, i)
	}
	r, err := intake.ReadRoster([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func entryPage(t *testing.T, k *grade.Key, roster *intake.Roster) string {
	t.Helper()
	var b bytes.Buffer
	if err := page.WriteEntry(&b, grade.OneKey(k), roster); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// entered marks a file of sheets.
func entered(t *testing.T, k *grade.Key, roster *intake.Roster, text string) []grade.Submission {
	t.Helper()
	in := &intake.Intake{}
	if errs := grade.Enter(in, []grade.Entered{{Name: "entered.yaml", Data: []byte(text)}}, roster); errs != nil {
		t.Fatal(errs)
	}
	return grade.MarkAll(k, in.Inputs, grade.Settings{}).Submissions
}

// The rows of the paper form: 18 forms with an answer of each of 7 nodes, 126 in all.
func paperKey(t *testing.T) (k *grade.Key, text string) {
	t.Helper()
	tables := regexp.MustCompile(`(?m)^    state:\n(      .*\n)+`)
	text = tables.ReplaceAllString(exampleText(t, "grading/key.yaml"), "")
	text = regexp.MustCompile(`(?m)^  - id: end\n`).ReplaceAllString(text, "")
	text = strings.Replace(text, "5: {success: , term: }", "5: ", 1)
	if k = rendertest.Key(t, text); len(k.Cells) != 126 {
		t.Fatalf("the key has %d cells; a paper sheet has 126", len(k.Cells))
	}
	return k, text
}

// A pile is sheets with mistakes: by student, what each answers wrong, by the cells of
// the key.
type pile []map[int]string

func newPile(k *grade.Key, sheets, mistakes int) pile {
	r := rand.New(rand.NewPCG(14, 0))
	p := make(pile, sheets)
	for i := range p {
		p[i] = make(map[int]string)
		for len(p[i]) < mistakes {
			c := r.IntN(len(k.Cells))
			wrong := slices.DeleteFunc([]string{"ok", "no", "none"}, func(a string) bool { return a == answerOf(k, c) })
			p[i][c] = wrong[r.IntN(len(wrong))]
		}
	}
	return p
}

// answerOf is the right answer of a cell.
func answerOf(k *grade.Key, cell int) string {
	switch k.Cells[cell].Right {
	case true:
		return "ok"
	case false:
		return "no"
	}
	return "none"
}

// sheet writes a sheet of the pile by hand.
func (p pile) sheet(k *grade.Key, text string, nth int) string {
	var b strings.Builder
	for i := range k.Steps {
		s := &k.Steps[i]
		fmt.Fprintf(&b, "\n    response: {")
		for c := s.First; c < s.Last; c++ {
			answer := answerOf(k, c)
			if wrong, is := p[nth][c]; is {
				answer = wrong
			}
			fmt.Fprintf(&b, "%s: %s, ", k.Trace.Name(k.Cells[c].Node), answer)
		}
		b.WriteString("}\n")
	}
	rows := strings.Split(b.String(), "\n\n")
	return regexp.MustCompile(`\n    response: .*\n`).ReplaceAllStringFunc(text, func(string) string {
		row := "\n" + strings.Trim(rows[0], "\n") + "\n"
		rows = rows[1:]
		return row
	})
}

// A typist types by keys alone, and counts them.
type typist struct {
	*browser
	keys int
}

func (y *typist) tap(keys ...string) {
	y.Helper()
	y.press(keys...)
	for _, k := range keys {
		y.keys += len([]rune(k))
	}
}

// Thirty paper sheets of 126 answers with five mistakes each, typed in by keys alone,
// come to the marks of the same sheets written by hand, and at two keys a second they
// take a quarter of an hour at the most. If this fails, a student gets another mark than
// on the paper, or nobody types in a pile of them.
func TestEntryPile(t *testing.T) {
	wide.Only(t)
	const sheets, mistakes, keysASecond, seconds = 30, 5, 2, 15 * 60
	k, text := paperKey(t)
	roster, p := classOf(t, sheets), newPile(k, sheets, mistakes)
	y := &typist{browser: browse(t, entryPage(t, k, roster), "")}
	y.tap(kb.Enter) // the first student
	for i := range p {
		if i == sheets/2 {
			y.run(chromedp.Reload(), chromedp.WaitReady(chromedp.CSS("#app section")))
			y.says("#count", fmt.Sprintf("%d of %d done", i, sheets))
		}
		y.says("#who", roster.Students[i].Name)
		y.sheet(k, p[i])
		y.tap(kb.Enter)
	}
	y.says("#count", "30 of 30 done, 0 begun")
	t.Logf("%d keys a sheet: %d seconds for %d sheets", y.keys/sheets, y.keys/keysASecond, sheets)
	if y.keys > keysASecond*seconds {
		t.Errorf("%d keys; want %d at the most", y.keys, keysASecond*seconds)
	}
	got := entered(t, k, roster, y.saved())
	if len(got) != sheets {
		t.Fatalf("%d sheets were saved; want %d", len(got), sheets)
	}
	for i := range got {
		by := rendertest.Marked(k, rendertest.HandedIn("", "x.yaml", p.sheet(k, text, i)))
		if got[i].Student != roster.Students[i] || got[i].Sheet == nil || !sameMarks(got[i].Sheet, by.Sheet) || by.Sheet.Count(grade.Right) == len(k.Cells) {
			t.Errorf("%s has %v; the sheet that was written by hand has %v", got[i].Name, got[i].Sheet.Counts(), by.Sheet.Counts())
		}
	}
}

// sheet types what is wrong on one: down to its form, by its number to its node.
func (y *typist) sheet(k *grade.Key, wrong map[int]string) {
	y.Helper()
	step, node := 1, k.Cells[0].Node
	for c := range k.Cells {
		answer, is := wrong[c]
		if !is {
			continue
		}
		cell := &k.Cells[c]
		for ; step < cell.Step; step++ {
			y.tap(kb.PageDown)
			node = k.Cells[k.Steps[step].First].Node
		}
		if node != cell.Node {
			y.tap(k.Trace.Name(cell.Node))
		}
		y.tap(map[string]string{"ok": "y", "no": "n", "none": "-"}[answer])
		node = cell.Node + 1 // nearly always
		if sender, _ := k.Trace.Steps[step-1].Sender(); node == sender {
			node++
		}
		if c+1 == k.Steps[step-1].Last { // it went on to the next form
			step, node = step+1, 0
			if step <= len(k.Steps) {
				node = k.Cells[c+1].Node
			}
		}
	}
}

func sameMarks(a, b *grade.Sheet) bool {
	for i := range a.Marks {
		if a.Marks[i].Verdict != b.Marks[i].Verdict || a.Marks[i].Written != b.Marks[i].Written {
			return false
		}
	}
	return render.Points(a.Counted) == render.Points(b.Counted)
}

// A cell of any kind can be told to differ, to be blank or to be unreadable; and what is
// not typed is right. If this fails, what is on the paper cannot be said.
func TestEntryCells(t *testing.T) {
	k := formKey(t)
	roster := classOf(t, 3)
	b := browse(t, entryPage(t, k, roster), "")
	b.press("ann01", kb.Enter)
	b.says("#who", "Abson, Ann")
	at := func(label string) { b.run(chromedp.Focus(chromedp.CSS(fmt.Sprintf("[aria-label^=%q]", label)))) }
	b.press("n", " ", "?")
	at("AE3, node 1: term")
	b.press("7", kb.ArrowRight, "c", kb.ArrowRight, kb.F2, " 4:q", kb.ArrowRight, "?7")
	at("AE7, answer of node 5: term")
	b.press("9", kb.ArrowRight, "?")
	at("end, node 1: terms 2")
	b.press("-", kb.ArrowRight, "?", kb.ArrowRight, " ")
	b.press("g", "RV6", kb.Enter)
	b.shift(" ")
	b.press("n", "y", "y") // AE9, where it lands: the second is right
	at("AE10, answer of node 2")
	b.press("n", kb.ArrowLeft, kb.Delete) // taken back
	b.press(kb.Enter)
	b.says("#said", "is done: ")
	subs := entered(t, k, roster, b.saved())
	if len(subs) != 1 || subs[0].Student != roster.Students[1] || subs[0].Sheet == nil {
		t.Fatalf("%d sheets; want one of Abson", len(subs))
	}
	got := make(map[string]string)
	for i := range subs[0].Sheet.Marks {
		m := &subs[0].Sheet.Marks[i]
		if m.Verdict != grade.Right {
			got[fmt.Sprintf("%s %s %s", k.Trace.Steps[m.Cell.Step-1].ID, k.Trace.Name(m.Cell.Node), m.Cell.Name)] = strings.TrimSpace(fmt.Sprintln(m.Written, m.Text))
		}
	}
	want := map[string]string{"RV1 2 voteGranted": "false", "RV1 3 voteGranted": "<nil>", "RV1 4 voteGranted": "<nil> unreadable",
		"AE3 1 term": "7", "AE3 1 role": "candidate", "AE3 1 log": "[1:x=1, 1:y=2, 1:z=3, 4:q]", "AE3 1 commitIndex": "<nil> ?7",
		"AE7 5 term": "9", "AE7 4 term": "<nil> unreadable", "end 1 terms[2]": "none", "end 1 terms[3]": "<nil> unreadable", "end 1 terms[4]": "<nil>",
		"AE9 1 success": "false"}
	for _, node := range []string{"1", "2", "3", "5", "6", "7", "8"} {
		want["RV6 "+node+" voteGranted"] = "<nil>"
	}
	for at, v := range want {
		if got[at] != v {
			t.Errorf("%s: %q; want %q", at, got[at], v)
		}
		delete(got, at)
	}
	if len(got) > 0 {
		t.Errorf("nobody typed %v", got)
	}
}

// A sheet on which nothing is typed is right throughout, whatever the key asks. If this
// fails, what stands faintly in a cell is not what is saved.
func TestEntryUntouched(t *testing.T) {
	wide.Only(t)
	keys := map[string]string{"kinds": kindsKey}
	for _, name := range []string{"worksheet", "figure7", "figure8", "late", "notes", "partition", "restart", "sheet3", "single", "snapshot", "snapshot-stale", "grading/exam"} {
		keys[name] = exampleText(t, name+".yaml")
	}
	for name, text := range keys {
		t.Run(name, func(t *testing.T) {
			k := rendertest.Key(t, text)
			b := browse(t, entryPage(t, k, nil), "")
			b.press("Ann", kb.Enter, kb.Enter, kb.Enter, kb.Enter)
			saved := b.saved()
			subs := entered(t, k, nil, saved)
			if len(subs) != 1 || subs[0].Sheet == nil || subs[0].Sheet.Count(grade.Right) != len(k.Cells) || len(subs[0].Sheet.Remarks) > 0 {
				t.Errorf("it is not right throughout:\n%s", saved)
			}
		})
	}
}

// The list says whose sheet is done, begun or not there. Enter on a sheet without a
// mistake asks once; a finish can be taken back; somebody who is not in the roster can
// be added. If this fails, a student who was away gets full marks.
func TestEntryStudents(t *testing.T) {
	k, _ := paperKey(t)
	roster := classOf(t, 4)
	b := browse(t, entryPage(t, k, roster), "")
	list := func(want ...string) {
		t.Helper()
		if got := ask[string](b, `[...document.querySelectorAll("#students li:not([hidden])")].map(l => l.querySelector("bdi").textContent + ": " + l.querySelector(".state").textContent).join("; ")`); got != strings.Join(want, "; ") {
			t.Errorf("the list says %s; want %s", got, strings.Join(want, "; "))
		}
	}
	b.press("4102", kb.Enter)
	b.press("n")
	b.press(kb.Enter)
	b.says("#who", "Adson")
	b.press(kb.Enter)
	b.says("#said", "press Enter once more")
	list("Aason, Ann: not handed in", "Abson, Ann: not handed in", "Acson, Ann: done, 1 differs", "Adson, Ann: not handed in")
	b.press(kb.Enter)
	b.says("#who", "Aason")
	b.shift(kb.Enter)
	b.says("#who", "Adson")
	list("Aason, Ann: not handed in", "Abson, Ann: not handed in", "Acson, Ann: done, 1 differs", "Adson, Ann: not handed in")
	b.press("maybe")
	b.press(kb.Enter)
	b.says("#said", "RV1, answer of node 2: ok should be ok, no or none; or blank")
	b.press(kb.Escape, "é", kb.Escape, kb.Escape)
	b.press("Zoé", kb.Enter, kb.Enter)
	b.says("#who", "Zoé")
	b.press("-", kb.Enter)
	list("Aason, Ann: not handed in", "Abson, Ann: not handed in", "Acson, Ann: done, 1 differs", "Adson, Ann: begun, 1 differs", "Zoé: done, 1 differs")
	b.press(kb.Escape, "zoe")
	list("Zoé: done, 1 differs")
	b.says("#count", "2 of 5 done, 1 begun")
	b.press(kb.Enter)
	b.shift(kb.Enter) // the one that is open
	b.says("#count", "1 of 5 done, 2 begun")
	b.press(kb.Enter)
	saved := b.saved()
	b.says("#said", "2 sheets are saved. 1 begun and not finished")
	if !strings.Contains(saved, "# 2 of 5 students; not handed in:\n# - \"ann00\" # Aason, Ann\n# - \"ann01\" # Abson, Ann\n") || strings.Count(saved, "\n---\n") != 2 {
		t.Errorf("the file begins %.400s", saved)
	}
	if subs := entered(t, k, roster, saved); len(subs) != 2 || subs[0].Student.Name != "Acson, Ann" || subs[1].Student.Name != "Zoé" {
		t.Errorf("%d sheets are marked", len(subs))
	}
}

// A file that was saved is taken up on another machine, with what was begun, and saved
// again it is the same; what is there already stays. If this fails, a second marker
// loses what the first one typed.
func TestEntryOpen(t *testing.T) {
	k := formKey(t)
	html := entryPage(t, k, classOf(t, 4))
	b := browse(t, html, "")
	b.press(kb.Enter, "n", "?", kb.PageDown, " ", kb.Enter)
	b.press("g", "AE3", kb.Enter, kb.ArrowLeft, "?\"x", kb.Enter)
	b.press(kb.Escape, "Fritz \"F\" # O'Neill", kb.Enter, kb.Enter, "-", kb.Enter)
	b.press("g", "end", kb.Enter, kb.ArrowRight, "what \"?", kb.ArrowRight, "3") // begun
	first := b.saved()
	b.run(chromedp.Click(chromedp.CSS("#clear")))
	b.says("#count", "0 of 4 done, 0 begun")
	b.open(first)
	b.says("#count", "3 of 5 done, 1 begun")
	if again := b.saved(); again != first {
		t.Errorf("it is saved as %s; it was %s", again, first)
	}
	b.open(strings.ReplaceAll(strings.Replace(first, "\n    response: {2: no,", "\n    response: {2: none,", 1), "\n", "\r\n"))
	b.says("#said", "0 sheets taken up. Here already, and kept as here: Aason, Ann")
	b.open(strings.Replace(first, "response:", "answers:", 1))
	b.says("#said", "left out: document")
	b.run(chromedp.Reload(), chromedp.WaitReady(chromedp.CSS("#app section")))
	if again := b.saved(); again != first {
		t.Errorf("after all this it is saved as %s; it was %s", again, first)
	}
}

// open has the page open a file.
func (b *browser) open(text string) {
	b.Helper()
	quoted, err := json.Marshal(text)
	if err != nil {
		b.Fatal(err)
	}
	b.run(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`document.getElementById("said").textContent = ""; (() => { const d = new DataTransfer(); d.items.add(new File([%s], "entered.yaml")); const f = document.getElementById("file"); f.files = d.files; f.dispatchEvent(new Event("change")); })()`, quoted)))
	b.comes(`document.getElementById("said").textContent.includes("taken up")`)
}

// Names and titles show as text, and find their students when the file comes back. If
// this fails, a roster runs a script in the marker's browser.
func TestEntryHostile(t *testing.T) {
	for _, text := range append([]string{"</script><script>document.title='no'</script>"}, rendertest.Texts...) {
		roster, err := intake.ReadRoster([]byte("name,id\n" + csvField(text) + ",1\nRon,2\n"))
		if err != nil {
			continue // it is no student's name
		}
		out := entryPage(t, rendertest.HostileClass(t, text).Key, roster)
		if n := strings.Count(out, "</script"); n != 2 {
			t.Errorf("%q: the page ends %d scripts; want its data and its own", text, n)
		}
		rendertest.NoneHidden(t, out)
	}
}

func csvField(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

// In the browser too.
func TestEntryHostileShown(t *testing.T) {
	wide.Only(t)
	const text = "</script><img src=x onerror=document.title='no'>\u202eabc --- # \"x\" 'y'"
	roster, err := intake.ReadRoster([]byte("name\n" + csvField(text) + "\n" + csvField(text+" again") + "\n"))
	if err != nil {
		t.Fatal(err)
	}
	k := rendertest.HostileClass(t, text).Key
	b := browse(t, entryPage(t, k, roster), "")
	b.press(kb.Enter)
	b.press(" ", kb.Enter, " ", kb.Enter)
	b.says("#count", "2 of 2 done")
	if title := ask[string](b, "document.title"); !strings.HasSuffix(title, ": paper sheets") {
		t.Errorf("the title is %q", title)
	}
	saved := b.saved()
	for _, s := range entered(t, k, roster, saved) {
		if s.Student.Row == 0 || s.Outcome != grade.Marked {
			t.Errorf("%q is %s, %s:\n%s", s.Student.Name, s.Outcome, s.Why, saved)
		}
	}
}

// Whatever a key asks has its cell on the page, with what is right. If this fails, a
// sheet cannot be typed in.
func TestEntryRight(t *testing.T) {
	checktest.OnTraces(t, func(t *rapid.T, run *replay.Run, text string) {
		k, err := grade.NewKey(run.Trace)
		if err != nil {
			return // it asks for nothing
		}
		if err := page.WriteEntry(io.Discard, grade.OneKey(k), nil); err != nil {
			t.Fatalf("%v:\n%s", err, text)
		}
	})
}

// axe-core finds nothing on the page. If this fails, somebody cannot type in a sheet.
func TestEntryAccessible(t *testing.T) {
	wide.Only(t)
	b := browse(t, entryPage(t, formKey(t), classOf(t, 30)), "")
	b.accessible("the marker's page", 1280)
	b.press(kb.Enter, "n", "?", "x")
	b.press(kb.Escape, "nobody")
	b.accessible("the marker's page, in use", 1280)
	b.accessible("the marker's page, in use", 390)
	b.run(dark)
	b.accessible("the marker's page in the dark", 390)
}
