package page_test

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// hits presses a key that the page may keep for itself, as a browser does.
func (b *browser) hits(key, code string, modifiers int64) {
	b.Helper()
	b.run(func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		for _, kind := range []input.DispatchKeyEventType{"rawKeyDown", "keyUp"} {
			if _, err := cdp.Call(ctx, t, input.DispatchKeyEvent, input.DispatchKeyEventParams{Type: kind, Key: key, Code: code, Modifiers: modifiers, WindowsVirtualKeyCode: virtual[code]}); err != nil {
				return chromedp.Void{}, err
			}
		}
		return chromedp.Void{}, nil
	})
}

// virtual are the codes by which the browser itself knows a key.
var virtual = map[string]int64{"Escape": 27, "Tab": 9, "Enter": 13, "F8": 119, "ArrowUp": 38, "ArrowDown": 40, "Space": 32}

// The keys that are held.
const alt, ctrl = 1, 2

// Keys, nodes and answers are completed by keys alone, and F8 and Alt+. say what is
// wrong where.
func TestPlaygroundKeys(t *testing.T) {
	b := play(t, "")
	b.writes(strings.TrimSuffix(sure, "    response: {2: ok, 3: ok}\n"), "agree")
	ask[bool](b, `editor.focus(); document.querySelector("#text").setSelectionRange(1e6, 1e6); true`)
	b.press(" ", " ", " ", " ", "r", "e", "s", "p")
	b.comes(`document.querySelector("#offers li") !== null && !document.querySelector("#offers").hidden`)
	b.says("#offers [aria-selected=true]", "response")
	if got := ask[string](b, `document.querySelector("#text").getAttribute("aria-activedescendant")`); got != "offer-0" {
		t.Errorf("a screen reader is told of %q; want the first completion", got)
	}
	b.hits("Tab", "Tab", 0)
	b.comes(`editor.text().endsWith("\n    response: ")`)
	b.press("{", "2", ":", " ", "o", "k", ",", " ")
	b.hits(" ", "Space", ctrl)
	b.comes(`[...document.querySelectorAll("#offers b")].map(e => e.textContent).join() === "3,others"`)
	b.hits("ArrowDown", "ArrowDown", 0)
	b.hits("ArrowUp", "ArrowUp", 0)
	b.hits("Enter", "Enter", 0)
	b.press("n", "o", "}")
	b.hits("Escape", "Escape", 0)
	b.comes(`document.querySelector("#problems").textContent.includes("node 3 answers no")`)
	if got := ask[string](b, "editor.text()"); !strings.HasSuffix(got, "\n    response: {2: ok, 3: no}") {
		t.Errorf("typed and completed, it is\n%s", got)
	}
	ask[bool](b, `document.querySelector("#text").setSelectionRange(0, 0); true`)
	b.hits("F8", "F8", 0)
	b.comes(`document.querySelector("#told").textContent.startsWith("Line 6: step 2: node 3 answers no")`)
	b.hits(".", "Period", alt)
	b.comes(`!document.querySelector("#tip").hidden`)
	b.says("#tip", "Figure 2 says ok")
	if got := ask[string](b, "document.activeElement.id"); got != "text" {
		t.Errorf("after F8 the focus is on %q; want the text", got)
	}
	for range 3 { // what was completed can be taken back
		b.run(chromedp.KeyEvent("z", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	}
}

// A key that is half typed is no mistake yet: what cannot be read is said when the writer
// pauses or goes to another line, and never where the key is finished in between. If this
// fails, errors flash at every word.
func TestPlaygroundHalfTyped(t *testing.T) {
	b := play(t, "")
	b.writes(sure, "all agree")
	// The clock of the pause goes when the test says so.
	ask[bool](b, `window.pauses = []; window.told = [];
		(real => { window.setTimeout = (f, ms, ...a) => ms === 1000 ? pauses.push(f) : real(f, ms, ...a); })(window.setTimeout);
		new MutationObserver(() => told.push($("counts").textContent)).observe($("counts"), {childList: true, characterData: true, subtree: true});
		editor.focus(); document.querySelector("#text").setSelectionRange(1e6, 1e6); true`)
	types := func(word string) {
		t.Helper()
		ask[bool](b, "pauses.length = 0; true")
		b.press(strings.Split(word, "")...)
		b.comes("pauses.length > 0")
	}
	types("    not")
	if got := b.text("#counts"); !strings.Contains(got, "all agree") {
		t.Errorf("while a key is half typed, the page says %q", got)
	}
	b.hits("Escape", "Escape", 0) // what is offered
	b.press("e", ":", " ", "x")
	b.comes(`data.traces[0].sides[0].steps[1].note === "x"`)
	if got := ask[[]string](b, "told"); slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, "problem") }) {
		t.Errorf("while a key was typed to its end, the page said %q", got)
	}
	b.press("\r")
	types("to")
	ask[bool](b, "pauses.at(-1)(); true")
	b.comes(`document.querySelector("#problems").textContent.includes("no colon")`)
	b.press("\b", "\b")
	b.comes(`document.querySelector("#counts").textContent.includes("all agree")`)
	types("to")
	b.hits("Escape", "Escape", 0)
	b.hits("ArrowUp", "ArrowUp", 0)
	b.comes(`document.querySelector("#problems").textContent.includes("no colon")`)
}

// The mouse on a word has the page say why, beside it, until the mouse goes elsewhere; on
// what it says it may rest. If this fails, who reads with the mouse is told nothing.
func TestPlaygroundHover(t *testing.T) {
	b := play(t, "")
	b.writes("# a remark\n"+strings.TrimSuffix(sure, "ok}\n")+"no}\n", "1 problem")
	b.comes(`document.querySelector("#problems").textContent.includes("line 7 step 2: node 3 answers no")`)
	type point struct{ X, Y float64 }
	to := func(at point) {
		t.Helper()
		b.run(chromedp.MouseEvent(input.DispatchMouseEventTypeMouseMoved, at.X, at.Y))
	}
	middle := func(selector string) point {
		t.Helper()
		return ask[point](b, fmt.Sprintf(`(r => ({X: r.x + r.width / 2, Y: r.y + r.height / 2}))(document.querySelector(%q).getBoundingClientRect())`, selector))
	}
	word := middle("#under mark") // which lies on the same letters
	to(word)
	b.comes(`!document.querySelector("#tip").hidden`)
	b.says("#tip", "node 3 answers no; Figure 2 says ok")
	to(middle("#tip"))
	to(point{word.X, word.Y + 1})
	if got := b.text("#tip"); !strings.Contains(got, "Figure 2 says ok") {
		t.Errorf("the mouse on what is said, and back: %q", got)
	}
	to(point{word.X, word.Y - 6*ask[float64](b, `parseFloat(getComputedStyle(document.querySelector("#text")).lineHeight)`)}) // on the remark
	b.comes(`document.querySelector("#tip").hidden`)
	to(word)
	b.comes(`!document.querySelector("#tip").hidden`)
	to(middle("h1"))
	b.comes(`document.querySelector("#tip").hidden`)
	to(word)
	b.comes(`!document.querySelector("#tip").hidden`)
	b.hits("Escape", "Escape", 0)
	b.comes(`document.querySelector("#tip").hidden`)
}

// A long text that is put in place is there at once, and undo takes it back; a short
// change is the browser's own. If this fails, Fill in stops the page for minutes.
func TestPlaygroundLongText(t *testing.T) {
	b := play(t, "")
	b.writes(sure, "all agree")
	var blank, full strings.Builder
	for _, out := range []*strings.Builder{&blank, &full} {
		out.WriteString("title: 😀\nnodes: 2\nsteps:\n")
	}
	for range 5000 {
		blank.WriteString("- timeout: 1\n")
		full.WriteString("- timeout: 2\n")
	}
	for _, text := range []string{blank.String(), full.String(), full.String() + "# 😁", strings.Replace(full.String(), "😀", "😁", 1), "\nnodes: 2\nsteps: []\n", "nodes: 2\nsteps: []\n"} {
		if got := ask[string](b, fmt.Sprintf("editor.set(%s, true); editor.text()", strconv.Quote(text))); got != text {
			t.Fatalf("the text is %.100q…; want %.100q…", got, text)
		}
	}
	ask[string](b, fmt.Sprintf("editor.set(%s, true); editor.text()", strconv.Quote(blank.String())))
	b.run(chromedp.KeyEvent("z", chromedp.KeyModifiers(chromedp.ModifierCtrl)))
	b.comes(`editor.text() === "nodes: 2\nsteps: []\n"`)
}

// What cannot be read comes with what was perhaps meant, and an example that has been
// replaced teaches nothing any more. If this fails, the page says of a text what is so of
// another, and less than the command line.
func TestPlaygroundMeant(t *testing.T) {
	b := play(t, "")
	b.comes(`$("lesson").checkVisibility() && $("title").textContent !== ""`)
	ask[bool](b, `editor.set(editor.text().replace("ok", "no"), true); true`)
	if !ask[bool](b, `$("lesson").checkVisibility()`) {
		t.Error("one changed answer hides what the example teaches")
	}
	b.writes(strings.Replace(sure, "3: ok", "3 none", 1), "problem")
	b.comes(`$("meant").checkVisibility()`)
	b.says("#meant", `line 4: read "3 none" as "3: none"`)
	if ask[bool](b, `$("lesson").checkVisibility()`) {
		t.Error("the page teaches of an example that has been replaced")
	}
	b.comes(`$("title").textContent === "trace.yaml"`)
	b.writes(sure, "all agree")
	if ask[bool](b, `$("meant").checkVisibility()`) {
		t.Error("nothing is wrong any more, and the page still asks what was meant")
	}
}
