package page_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"

	"raftsheet/check"
	"raftsheet/raft/wide"
	"raftsheet/render/page"
	"raftsheet/trace"
)

// built is the page that cmd/playground builds, once for all tests.
var built struct {
	sync.Once
	text []byte
	err  error
}

func builtPlayground(t *testing.T) string {
	t.Helper()
	wide.Only(t)
	built.Do(func() {
		var fails bytes.Buffer
		c := exec.Command("go", "run", "raftsheet/cmd/playground", "-o", "-")
		c.Stderr = &fails
		if built.text, built.err = c.Output(); built.err != nil {
			built.err = fmt.Errorf("%w: %s", built.err, &fails)
		}
	})
	if built.err != nil {
		t.Fatal(built.err)
	}
	return string(built.text)
}

// play opens the playground, and waits until what it begins with is checked.
func play(t *testing.T, hash string) *browser {
	t.Helper()
	b := browse(t, builtPlayground(t), hash)
	b.settled()
	return b
}

// settled waits until the steps are those of the text.
func (b *browser) settled() {
	b.Helper()
	b.comes(`document.querySelector("#app .side") !== null && document.querySelector("#counts").textContent !== "raftsheet starts…"`)
}

// writes puts a text into the editor, and waits until what it says of it has some words.
func (b *browser) writes(text, counts string) {
	b.Helper()
	quoted, _ := json.Marshal(text)
	ask[bool](b, "editor.set("+string(quoted)+", true); true")
	b.comes(fmt.Sprintf(`document.querySelector("#counts").textContent.includes(%q)`, counts))
}

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

const sure = `nodes: 3
steps:
  - requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
    response: {2: ok, 3: ok}
  - appendEntries: {leaderId: 1, term: 1, index: 1, value: x, leaderCommit: 0}
    response: {2: ok, 3: ok}
`

// A mistake that is typed is underlined and explained; its link, opened in a fresh tab,
// has the same text and the same step, and no student's name.
func TestPlaygroundMistake(t *testing.T) {
	b := play(t, "")
	b.writes("student: Ada\n"+sure, "all agree")
	at := strings.LastIndex("student: Ada\n"+sure, "ok}")
	ask[bool](b, fmt.Sprintf("document.querySelector('#text').setSelectionRange(%d, %d); true", at, at+2))
	b.press("n", "o")
	b.comes(`(m => m !== null && m.textContent === "no")(document.querySelector("#under mark"))`)
	b.says("#problems", "node 3 answers no; Figure 2 says ok")
	b.says("#counts", "1 problem")
	b.comes(`document.querySelector("#here").textContent.includes("Figure 2 says ok")`)
	b.comes(`stepper.now.step === 2 && document.querySelector("#app .finding.bad") !== null`)
	b.says("#app .found", "node 3 answers no; Figure 2 says ok")
	b.press("\x1b")
	ask[bool](b, `document.querySelector("#share").click(); true`)
	b.comes(`location.hash.includes("text=1.")`)
	b.says("#notice", "The link has no student and no grading.")
	hash := ask[string](b, "location.hash")
	if len(hash) > 400 {
		t.Errorf("the link has %d letters: %s", len(hash), hash)
	}
	fresh := play(t, hash)
	fresh.comes(`stepper.now.step === 2`)
	if got, want := ask[string](fresh, "editor.text()"), strings.TrimSuffix(sure, "ok}\n")+"no}\n"; got != want {
		t.Errorf("the link has the text\n%s\nwant\n%s", got, want)
	}
	fresh.says("#problems", "node 3 answers no; Figure 2 says ok")
}

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

// Every example opens, and the page says of it what check says.
func TestPlaygroundExamples(t *testing.T) {
	b := play(t, "")
	n := ask[int](b, "written.examples.length")
	if n < 10 {
		t.Errorf("%d examples", n)
	}
	for i := range n {
		name, text := ask[string](b, fmt.Sprintf("written.examples[%d].name", i)), ask[string](b, fmt.Sprintf("written.examples[%d].text", i))
		ask[bool](b, fmt.Sprintf(`document.querySelector("#example").value = "%d"; document.querySelector("#example").dispatchEvent(new Event("change")); document.querySelector("#counts").textContent = ""; true`, i))
		f := check.CheckFile(name, strings.NewReader(text), check.Settings{Limits: trace.DefaultLimits()})
		wrong := 0
		for _, r := range f.Reports {
			wrong += len(r.Findings) - r.Count(1)
		}
		b.comes(`document.querySelector("#counts").textContent !== ""`)
		b.comes(fmt.Sprintf(`data.traces && data.traces.length === %d && data.traces[0].sides[0].steps.length === %d`, len(f.Reports), len(f.Reports[0].Run.Steps)))
		if got := ask[int](b, `document.querySelectorAll("#problems li").length`); got != wrong {
			t.Errorf("%s: the page lists %d problems, and check %d", name, got, wrong)
		}
		if got, want := ask[bool](b, `document.querySelector("#counts").className === "good"`), wrong == 0 && len(f.Errors) == 0; got != want {
			t.Errorf("%s: all is well: %t; want %t: %s", name, got, want, b.text("#counts"))
		}
	}
}

// Each button says something, in a dialogue that Escape closes.
func TestPlaygroundButtons(t *testing.T) {
	b := play(t, "")
	b.writes(strings.Replace(sure, "{2: ok, 3: ok}\n  - a", "{2: ok, 3: no}\n  - a", 1), "1 diverges")
	for button, says := range map[string]string{"explain": "Figure 2", "diagnose": "Diagnosis", "coverage": "deviation"} {
		ask[bool](b, fmt.Sprintf(`document.querySelector("#%s").click(); true`, button))
		b.comes(`document.querySelector("#result").open`)
		b.says("#result", says)
		b.hits("Escape", "Escape", 0)
		b.comes(`!document.querySelector("#result").open`)
	}
	for _, button := range []string{"life", "logs"} {
		ask[bool](b, fmt.Sprintf(`document.querySelector("#%s").click(); true`, button))
		b.comes(`document.querySelector("#shown img") !== null && document.querySelector("#shown img").naturalWidth > 100`)
		ask[bool](b, `document.querySelector("#close").click(); true`)
		b.comes(`!document.querySelector("#result").open`)
	}
	b.writes(strings.Replace(sure, "3: ok}", "3: }", 1), "1 blank")
	ask[bool](b, `document.querySelector("#fill").click(); true`)
	b.comes(`document.querySelector("#counts").textContent.includes("all agree")`)
	if got := ask[string](b, "editor.text()"); got != sure {
		t.Errorf("filled in it is\n%s", got)
	}
	ask[bool](b, `document.querySelector("#rules").value = "vote-once-forever"; document.querySelector("#rules").dispatchEvent(new Event("change")); true`)
	b.comes(`data.traces[0].sides[0].by === "vote-once-forever"`)
}

// A link that is broken, hostile or huge says so, and leaves an empty page in which
// nothing has run.
func TestPlaygroundLinks(t *testing.T) {
	b := play(t, "")
	ask[bool](b, `document.querySelector("#share").click(); true`)
	b.comes(`location.hash.includes("text=1.")`)
	good := strings.Split(ask[string](b, "location.hash"), "&")[0]
	bomb := ask[string](b, `(async () => {
		const s = new Blob([new Uint8Array(30 << 20)]).stream().pipeThrough(new CompressionStream("deflate"));
		return btoa(String.fromCharCode(...new Uint8Array(await new Response(s).arrayBuffer()))).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
	})()`, chromedp.EvalAwaitPromise)
	for name, hash := range map[string]string{
		"not base64": "#text=1.%3Cimg%20src=x%20onerror=alert(1)%3E", "cut": good[:len(good)-6], "changed": strings.Replace(good, "=1.", "=1.A", 1), "of another version": "#text=9.abc", "empty": "#text=",
		"not deflated": "#text=1.AAAAAAAA", "a bomb": "#text=1." + bomb, "steps": "#text=9.a&step=1e99&trace=-4&rules=__proto__",
	} {
		ask[bool](b, fmt.Sprintf("editor.set('x', true); location.hash = %q; true", hash))
		b.comes(`!document.querySelector("#notice").hidden && document.querySelector("#notice").textContent.startsWith("This link cannot be opened")`)
		if got := ask[string](b, "editor.text()"); got != "" {
			t.Errorf("%s: the text is %q; want it empty", name, got)
		}
		if ask[bool](b, `document.querySelector("#notice img") !== null || !document.querySelector("#steps").hidden`) {
			t.Errorf("%s: the page shows more than that", name)
		}
	}
}

// Whatever a text says is shown as text.
func TestPlaygroundHostile(t *testing.T) {
	b := play(t, "")
	evil := `</script><img src=x onerror="document.title='ran'">`
	quoted, _ := json.Marshal(evil)
	b.writes("title: "+string(quoted)+"\nnodes: 2\n"+evil+": 1\nsteps:\n  - requestVote: {candidateId: 1, term: 1}\n    note: "+string(quoted)+"\n    response: {2: no}\n", "diverges")
	b.comes(`document.querySelector("#title").textContent.includes("onerror")`)
	for _, button := range []string{"explain", "diagnose", "life"} {
		ask[bool](b, fmt.Sprintf(`document.querySelector("#%s").click(); true`, button))
		b.comes(`document.querySelector("#result").open`)
		b.hits("Escape", "Escape", 0)
		b.comes(`!document.querySelector("#result").open`)
	}
	if ask[bool](b, `document.title === "ran" || document.querySelector("img[src=x]") !== null`) {
		t.Error("a title has become a part of the page")
	}
}

// The text and the steps lead to each other.
func TestPlaygroundFollows(t *testing.T) {
	b := play(t, "")
	b.writes(sure, "all agree")
	b.comes(`data.traces[0].sides[0].steps.length === 2 && data.traces[0].sides[0].steps[1].row[1].a === "ok" && data.traces[0].title === "trace.yaml" || data.traces[0].title === "away.yaml"`)
	ask[bool](b, `editor.goto(6, 1, true); true`)
	b.comes(`stepper.now.step === 2`)
	ask[bool](b, `document.querySelector("#back").click(); true`)
	if got := ask[int](b, "editor.caret().line"); got != 3 {
		t.Errorf("back at step 1 the caret is on line %d; want 3", got)
	}
	ask[bool](b, `editor.goto(5, 1, true); true`)
	b.comes(`stepper.now.step === 2`)
	b.press("[") // the text is broken: the steps stay as they are, and the page says so
	b.comes(`!document.querySelector("#stale").hidden && stepper.now.step === 2`)
	b.press("\b")
	b.comes(`document.querySelector("#stale").hidden && stepper.now.step === 2`)
}

// An engine that hangs is stopped and started again, and the page says so.
func TestPlaygroundRestarts(t *testing.T) {
	b := play(t, "")
	reply := ask[string](b, `(async () => {
		const code = URL.createObjectURL(new Blob(["onmessage = e => { if (e.data instanceof Uint8Array) { if (e.data.length > 20) for (;;); postMessage(e.data); } else postMessage({}); }"]));
		const told = [], w = inWorker(code, {}, why => told.push(why));
		const hung = await w.send({do: "something that takes for ever"}), then = await w.send({do: "ok"});
		return [hung.error, told.length, then.do].join("|");
	})()`, chromedp.EvalAwaitPromise)
	if !strings.HasPrefix(reply, "This took raftsheet more than 5 seconds") || !strings.HasSuffix(reply, "|1|ok") {
		t.Errorf("the page says %q", reply)
	}
}

// The page is small, and ready soon. Typed into, it answers within a frame, and in a
// trace of 1,000 steps before anybody waits.
func TestPlaygroundSpeed(t *testing.T) {
	b := play(t, "")
	if n := len(builtPlayground(t)); n > 5_000_000 {
		t.Errorf("the page has %d bytes; it may have 5 MB", n)
	}
	ready := ask[float64](b, "performance.getEntriesByName('ready')[0].startTime")
	t.Logf("%d bytes, ready after %.0f ms", len(builtPlayground(t)), ready)
	if ready > 2000 && !busy(b) {
		t.Errorf("ready after %.0f ms; want 2 s", ready)
	}
	worksheet, err := os.ReadFile(filepath.Join("..", "..", "examples", "worksheet.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name, text string
		warm       int // keys
		most       float64
	}{{"worksheet", string(worksheet), 250, 16}, {"1,000 steps", longTrace(1000), 60, 60}} {
		b.writes(c.text, "agree")
		// The first warm it: the browser compiles what is used often. Those that count are the
		// ones for which the machine had time, by a little work of always the same length.
		times := ask[[]float64](b, fmt.Sprintf(`(async () => {
			const work = () => { const began = performance.now(); let x = 1; for (let i = 0; i < 1e6; i++) x = x * 1103515245 + 12345 | 0; return performance.now() - began + (x & 0); };
			const all = [], end = performance.now() + 25000;
			for (let i = -%d; i < 80 && performance.now() < end; i++) {
				const before = work(), began = performance.now();
				document.querySelector("#text").setRangeText("#", editor.text().length, editor.text().length, "end");
				const seen = new Promise(done => document.querySelector("#counts").addEventListener("checked", done, {once: true}));
				document.querySelector("#text").dispatchEvent(new InputEvent("input"));
				await seen;
				const time = performance.now() - began;
				if (i >= 0) all.push({time, work: Math.max(before, work())});
				await new Promise(done => setTimeout(done, 20));
			}
			const least = Math.min(...all.map(t => t.work));
			return all.filter(t => t.work < 1.5 * least).map(t => t.time);
		})()`, c.warm), chromedp.EvalAwaitPromise)
		if len(times) < 20 {
			t.Skipf("the machine has had time for %d of 80 keys", len(times))
		}
		slices.Sort(times)
		p90 := times[len(times)*9/10]
		t.Logf("%s: from a key to what is wrong: median %.1f ms, 90th percentile %.1f ms, of %d keys", c.name, times[len(times)/2], p90, len(times))
		if p90 > c.most {
			t.Errorf("%s: it takes %.1f ms at the 90th percentile; want %.0f", c.name, p90, c.most)
		}
	}
}

// busy reports whether the machine has other things to do: a little work of always the
// same length takes longer at times.
func busy(b *browser) bool {
	return ask[bool](b, `(() => {
		const times = [];
		for (let n = 0; n < 40; n++) {
			const began = performance.now();
			let x = 1;
			for (let i = 0; i < 1e6; i++) x = x * 1103515245 + 12345 | 0;
			times.push(performance.now() - began + (x & 0));
		}
		times.sort((a, b) => a - b);
		return times[36] > 1.5 * times[0];
	})()`)
}

// longTrace is a trace of so many steps.
func longTrace(steps int) string {
	var b strings.Builder
	b.WriteString("nodes: 5\nsteps:\n  - requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}\n    response: {2: ok, 3: ok, 4: ok, 5: ok}\n")
	for i := 1; i < steps; i++ {
		fmt.Fprintf(&b, "  - appendEntries: {leaderId: 1, term: 1, index: %d, value: x%d, leaderCommit: %d}\n    response: {2: ok, 3: ok, 4: ok, 5: ok}\n", i, i, i-1)
	}
	return b.String()
}

// Keyboards and screen readers get all of it, and a phone too.
func TestPlaygroundAccessible(t *testing.T) {
	b := play(t, "")
	for _, width := range []int64{1280, 390} {
		b.accessible("the playground", width)
		ask[bool](b, `document.querySelector("#explain").click(); true`)
		b.comes(`document.querySelector("#result").open`)
		b.accessible("the playground's dialogue", width)
		ask[bool](b, `document.querySelector("#close").click(); true`)
		ask[bool](b, `editor.focus(); editor.goto(11, 5, true); true`)
		b.hits(" ", "Space", ctrl)
		b.comes(`!document.querySelector("#offers").hidden`)
		b.accessible("the playground's completion", width)
		b.hits("Escape", "Escape", 0)
	}
}

// The page has what its policy lets it have, and no more: whoever writes it into a
// server's header or opens the file gets the same.
func TestPlaygroundPolicy(t *testing.T) {
	for _, p := range []page.Playground{
		{Program: []byte("program"), Support: "// </script> of support", Examples: []page.Example{{Name: "a.yaml", Teaches: "<b>", Text: "</script><script>alert(1)</script>"}}},
		{Served: &page.Served{Name: "</title>", Text: "<!--<script>"}},
	} {
		var first, second bytes.Buffer
		for _, b := range []*bytes.Buffer{&first, &second} {
			if err := page.WritePlayground(b, p); err != nil {
				t.Fatal(err)
			}
		}
		text := first.String()
		if text != second.String() {
			t.Error("the same playground is written twice, and not alike")
		}
		for _, evil := range []string{"<script>alert", "</script> of", "<!--<script>", "</title><"} {
			if strings.Contains(text, evil) {
				t.Errorf("the page has %s in it", evil)
			}
		}
		if !strings.Contains(text, "default-src &#39;none&#39;") {
			t.Error("the page has no policy")
		}
		if server := p.Program == nil; strings.Contains(page.PlaygroundPolicy(server), "connect-src") != server || strings.Contains(page.PlaygroundPolicy(server), "wasm") == server {
			t.Errorf("the policy lets the page have what it does not need: %s", page.PlaygroundPolicy(server))
		}
	}
}
