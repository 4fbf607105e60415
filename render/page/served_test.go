package page_test

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"raftsheet/raft/wide"
	"raftsheet/render/page"
	"raftsheet/render/page/engine"
	"raftsheet/render/page/server"
)

// A desk has a file on it that the page shows and others save.
type desk struct {
	*browser
	name  string
	ticks chan time.Time
}

// servedText is a trace in which one answer is wrong.
const servedText = "nodes: 3\nsteps:\n- requestVote: {candidateId: 1}\n  response: {2: ok, 3: no}\n"

// sit serves a file, and opens its page.
func sit(t *testing.T, write bool) *desk {
	t.Helper()
	wide.Only(t)
	d := &desk{browser: &browser{T: t}, name: filepath.Join(t.TempDir(), "x.yaml"), ticks: make(chan time.Time)}
	d.saves(servedText)
	var save func(was, text []byte) error
	if write {
		save = func(_, text []byte) error { return os.WriteFile(d.name, text, 0o600) }
	}
	file := server.NewFile("x.yaml", d.name, func() ([]byte, error) { return os.ReadFile(d.name) }, save)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s := server.Server{File: file, Policy: page.PlaygroundPolicy(true), Answer: engine.New(nil).Answer, MostBytes: 1 << 20,
		Page: func(now *page.Served) ([]byte, error) {
			var b bytes.Buffer
			err := page.WritePlayground(&b, page.Playground{Served: now, Examples: []page.Example{{Name: "one.yaml", Teaches: "One", Text: "nodes: 1\nsteps: []\n"}}})
			return b.Bytes(), err
		}}
	ctx, end := context.WithCancel(context.Background())
	ended := make(chan error)
	t.Cleanup(func() { end(); <-ended }) // after the browser
	go file.Follow(ctx, d.ticks)
	token := server.NewToken()
	go func() { ended <- s.Serve(ctx, l, token) }()
	d.browser = visit(t, server.Address(l, token), "")
	return d
}

// saves is another program that saves the file.
func (d *desk) saves(text string) {
	d.Helper()
	if err := os.WriteFile(d.name+"~", []byte(text), 0o600); err != nil {
		d.Fatal(err)
	}
	if err := os.Rename(d.name+"~", d.name); err != nil {
		d.Fatal(err)
	}
}

// looks has the file looked at.
func (d *desk) looks() {
	for range 3 {
		d.ticks <- time.Time{}
	}
}

// types adds a line at the text's end, and waits until the page has seen it.
func (d *desk) types(line string) {
	d.Helper()
	ask[bool](d.browser, `editor.focus(); $("text").setSelectionRange(1e9, 1e9); true`)
	d.press(strings.Split(line, "")...)
	d.comes(fmt.Sprintf("$('text').value.includes(%q)", line))
}

// click presses a button by its words.
func (d *desk) click(words string) {
	d.Helper()
	if !ask[bool](d.browser, fmt.Sprintf(`(b => { if (b) b.click(); return b !== undefined; })([...document.querySelectorAll("button")].find(b => b.textContent === %q))`, words)) {
		d.Fatalf("no button says %s", words)
	}
}

// holds requires what the file has.
func (d *desk) holds(want string) {
	d.Helper()
	if got, err := os.ReadFile(d.name); err != nil || string(got) != want {
		d.Errorf("the file holds %q, %v; want %q", got, err, want)
	}
}

// A file that another program saves is shown, checked and stepped through, and the
// keyboard stays where it is. If this fails, the page is of another file than the editor's.
func TestServed(t *testing.T) {
	d := sit(t, false)
	d.comes(`$("problems").textContent.includes("node 3 answers no; Figure 2 says ok")`)
	d.says("#disk", "This page follows x.yaml: save it in your editor, and it shows here.")
	d.comes(`$("sum").textContent.startsWith("1 step with a divergence")`)
	if !ask[bool](d.browser, `$("share").hidden`) {
		t.Error("the page offers a link to this machine, which opens nowhere else")
	}
	ask[bool](d.browser, `document.querySelector("#jumps #after").click(); true`)
	d.says("#app .row .wrong", "but Figure 2 gives")
	if at := ask[string](d.browser, `getComputedStyle(document.querySelector("#app .row")).position`); at != "static" {
		t.Errorf("the response row is not in its place: %s", at)
	}
	d.run(chromedp.Focus(chromedp.CSS("#slider")))
	d.saves(strings.Replace(servedText, "3: no", "3: ok", 1))
	d.looks()
	d.comes(`$("counts").textContent.startsWith("✓")`)
	d.comes(`$("sum").textContent === "No divergence."`)
	if at := ask[string](d.browser, "document.activeElement.id"); at != "slider" {
		t.Errorf("the file was saved, and the keyboard is at %q", at)
	}
	if err := os.Remove(d.name); err != nil {
		t.Fatal(err)
	}
	d.looks()
	d.comes(`$("disk").textContent.includes("the file is gone")`)
	d.says("#save", "Download")
	d.saves(servedText)
	d.looks()
	d.comes(`$("counts").textContent.startsWith("✗")`)
	d.accessible("served", 1280)
}

// What is typed stays until its writer decides, whatever is saved meanwhile. If this
// fails, work is lost.
func TestServedTyped(t *testing.T) {
	d := sit(t, false)
	d.comes(`$("counts").textContent.startsWith("✗")`)
	d.types("# mine")
	d.says("#disk", "What you typed is not in x.yaml; only raftsheet serve --write saves it there.")
	ask[bool](d.browser, `$("disk").firstChild.seen = true`)
	d.types("!")
	if !ask[bool](d.browser, `$("disk").firstChild.seen === true`) {
		t.Error("a screen reader hears the same at every key")
	}
	const other = "title: <b>another's</b>\n" + servedText
	d.saves(other)
	d.looks()
	d.comes(`$("disk").textContent.includes("Another program has changed x.yaml, and you have typed here")`)
	d.accessible("conflict", 390)
	if text := ask[string](d.browser, "editor.text()"); text != servedText+"# mine!" {
		t.Errorf("the page has %q", text)
	}
	if pre := ask[string](d.browser, `$("disk").querySelector("pre").textContent`); pre != other {
		t.Errorf("the file is shown as %q", pre)
	}
	d.click("Take the file")
	if text := ask[string](d.browser, "editor.text()"); text != other {
		t.Errorf("of the file the page takes %q", text)
	}
	ask[bool](d.browser, `document.execCommand("undo")`) // Ctrl+Z
	if text := ask[string](d.browser, "editor.text()"); text != servedText+"# mine!" {
		t.Errorf("after undo the page has %q", text)
	}
	d.saves(other + "# more\n")
	d.looks()
	d.comes(`$("disk").textContent.includes("Another program has changed")`)
	d.click("Keep what is here")
	d.says("#disk", "What you typed is not in x.yaml")
	if text := ask[string](d.browser, "editor.text()"); text != servedText+"# mine!" {
		t.Errorf("what was kept is %q", text)
	}
	d.holds(other + "# more\n")
}

// Save writes over what the writer has seen, and over nothing else. If this fails, the
// work of somebody else is lost.
func TestServedSaved(t *testing.T) {
	d := sit(t, true)
	d.comes(`$("counts").textContent.startsWith("✗")`)
	if !ask[bool](d.browser, `$("save").disabled`) {
		t.Error("before anything is typed, there is something to save")
	}
	d.types("# mine")
	d.says("#disk", "What you typed is not in x.yaml yet.")
	d.click("Save")
	d.comes(`$("disk").textContent.includes("This page follows")`)
	d.holds(servedText + "# mine")
	d.types(" and more")
	d.saves("nodes: 2\n") // and nobody has told the page
	d.click("Save")
	d.comes(`$("disk").textContent.includes("Another program has changed")`)
	d.expected = "409 (Conflict)" // the browser tells of every reply that refuses
	d.holds("nodes: 2\n")
	d.click("Keep what is here")
	d.click("Save")
	d.comes(`$("disk").textContent.includes("This page follows")`)
	d.holds(servedText + "# mine and more")
	d.types("!")
	if err := os.Remove(d.name); err != nil {
		t.Fatal(err)
	}
	d.click("Save") // and nobody has told the page
	d.comes(`$("save").textContent === "Download"`)
	if text := ask[string](d.browser, "editor.text()"); text != servedText+"# mine and more!" {
		t.Errorf("the page has %q", text)
	}
}

// Who types on while the text is saved is told of no change by another program. If this
// fails, every save asks a question.
func TestServedTypedOn(t *testing.T) {
	d := sit(t, true)
	d.comes(`$("counts").textContent.startsWith("✗")`)
	ask[bool](d.browser, `(() => {
  const fetched = window.fetch;
  window.fetch = async (...a) => {
    if (a[0] !== "save") return fetched(...a);
    editor.set(editor.text() + " and more", true);
    const reply = await fetched(...a);
    await new Promise(done => { window.answer = done; });
    return reply;
  };
  new EventSource("events").addEventListener("file", e => { window.heard = JSON.parse(e.data).text; });
  return true;
})()`)
	d.types("# mine")
	d.click("Save")
	d.comes(`(window.heard || "").endsWith("# mine") && window.answer !== undefined`) // the event is there, and the reply is not
	d.says("#disk", "What you typed is not in x.yaml yet.")
	ask[bool](d.browser, "window.answer(), true")
	d.comes(`$("told").textContent === "Saved x.yaml"`)
	d.says("#disk", "What you typed is not in x.yaml yet.")
	d.holds(servedText + "# mine")
}

// By another name that leads to this machine the page is not to be had. If this fails, a
// page on the web that takes such a name (DNS rebinding) reads the trace.
func TestServedHost(t *testing.T) {
	d := sit(t, false)
	ctx, end := chromedp.NewContext(chromium(t))
	defer end()
	if err := chromedp.Do(ctx); err != nil { // a tab opens
		t.Fatal(err)
	}
	other := &browser{T: t, ctx: ctx}
	other.run(chromedp.Navigate(strings.Replace(d.at, "127.0.0.1", "evil.localhost", 1)), chromedp.WaitReady(chromedp.CSS("body")))
	other.says("body", "403: ")
	by := visit(t, strings.Replace(d.at, "127.0.0.1", "localhost", 1), "")
	by.comes(`$("counts").textContent.startsWith("✗")`)
}
