package page_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"

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
	b.comes(`document.querySelector("#notice").textContent.includes("The link has no student and no grading.")`)
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
		b.comes(`document.querySelector("#result").open && document.querySelector("#shown img").naturalWidth > 100`)
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
