package page_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"raftsheet/check/generate"
	"raftsheet/check/grade"
	"raftsheet/check/grade/intake"
	"raftsheet/raft/wide"
	"raftsheet/render/internal/rendertest"
	"raftsheet/render/page"
	"raftsheet/trace"
)

// variantsOf makes keys of so many variants, called 4100, 4101 and so on. After three of
// them their messages come again.
func variantsOf(t *testing.T, n int, w generate.Wish) *grade.Keys {
	t.Helper()
	class, err := generate.NewClass(w, 17, 3)
	if err != nil {
		t.Fatal(err)
	}
	var keys []*grade.Key
	for i := range n {
		s := class.Sheets[i%3]
		s.Trace.Variant, s.Trace.Title = fmt.Sprint(4100+i), "Class test"
		var b bytes.Buffer
		if err := trace.Write(&b, s.Trace); err != nil {
			t.Fatal(err)
		}
		keys = append(keys, rendertest.Key(t, b.String()))
	}
	ks, err := grade.NewKeys("keys", keys)
	if err != nil {
		t.Fatal(err)
	}
	return ks
}

func entryOf(t *testing.T, ks *grade.Keys, roster *intake.Roster) string {
	t.Helper()
	var b bytes.Buffer
	if err := page.WriteEntry(&b, ks, roster); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Each student of a class with variants is shown the form of theirs, and what is typed
// there is marked against their own key. If this fails, a right answer of one worksheet
// is taken for one of another.
func TestEntryVariants(t *testing.T) {
	wide.Only(t)
	ks, roster := variantsOf(t, 3, generate.Wish{Nodes: 5, AppendEntries: 3, RequestVotes: 2, Lost: 20}), classOf(t, 4) // who has 4103 has no key
	b := browse(t, entryOf(t, ks, roster), "")
	shows := func(n int) {
		t.Helper()
		key := ks.All()[n]
		first := fmt.Sprintf("%s, answer of node %s", key.Trace.Steps[key.Cells[0].Step-1].ID, key.Trace.Name(key.Cells[0].Node))
		if label := ask[string](b, `document.querySelector("#app input").getAttribute("aria-label")`); !strings.HasPrefix(label, first) {
			t.Errorf("the first cell is %s; want %s", label, first)
		}
		if got := ask[string](b, `(s => s.options[s.selectedIndex].text)(document.getElementById("variant"))`); got != key.Variant() {
			t.Errorf("the page shows variant %q; want %s", got, key.Variant())
		}
	}
	b.press(kb.Enter)
	b.says("#who", "Aason")
	shows(0)
	b.press("?", kb.Enter)
	b.says("#who", "Abson")
	shows(1)
	b.press(kb.Enter, kb.Enter) // nothing is wrong
	b.says("#who", "Acson")
	shows(2)
	b.press(" ", kb.Enter)
	b.says("#who", "Adson") // of whom nobody says it
	b.run(chromedp.Click(chromedp.CSS("#done")))
	b.says("#said", "Say first which variant this sheet is of.")
	b.choose("4101")
	shows(1)
	b.run(chromedp.Focus(chromedp.CSS("#app input")))
	b.press("?", kb.ArrowRight, "?", kb.Enter)
	b.says("#count", "4 of 4 done")
	saved := b.saved()
	b.run(chromedp.Click(chromedp.CSS("#clear")))
	b.says("#count", "0 of 4 done")
	b.open(saved)
	b.says("#count", "4 of 4 done")
	if again := b.saved(); again != saved {
		t.Errorf("it is saved as %s; it was %s", again, saved)
	}
	in := &intake.Intake{}
	if errs := grade.Enter(in, []grade.Entered{{Name: "entered.yaml", Data: []byte(saved)}}, roster); errs != nil {
		t.Fatal(errs)
	}
	for i, s := range grade.MarkEach(ks, in.Inputs, grade.Settings{Roster: roster}).Submissions {
		key, wrong := []int{0, 1, 2, 1}[i], []int{1, 0, 1, 2}[i]
		if s.Sheet == nil || s.Sheet.Key.Variant() != ks.All()[key].Variant() || s.Sheet.Count(grade.Right) != len(s.Sheet.Key.Cells)-wrong {
			t.Errorf("%s: %s %s; want all of variant %s right but %d", s.Name, s.Outcome, s.Why, ks.All()[key].Variant(), wrong)
		}
	}
}

// choose picks the variant of the open sheet.
func (b *browser) choose(variant string) {
	b.Helper()
	b.run(chromedp.Evaluate[chromedp.Void](fmt.Sprintf(`(s => { s.value = [...s.options].find(o => o.text === %q).value; s.dispatchEvent(new Event("change")); })(document.getElementById("variant"))`, variant)))
}

// The page of a class of thirty, each with a worksheet of the paper form's size, is not
// larger than what an e-mail may carry.
func TestEntrySize(t *testing.T) {
	wide.Only(t)
	out := entryOf(t, variantsOf(t, 30, generate.Wish{Nodes: 8, AppendEntries: 12, RequestVotes: 6, Lost: 20}), classOf(t, 30))
	t.Logf("%d KB for 30 variants", len(out)/1000)
	if len(out) > 3_000_000 || strings.Count(out, `"variant":"41`) != 30 {
		t.Errorf("the page has %d bytes and %d variants", len(out), strings.Count(out, `"variant":"41`))
	}
}
