package page_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"raftsheet/check"
	"raftsheet/raft/wide"
	"raftsheet/render/page"
	"raftsheet/trace"
)

// reportsOf checks the text of a file.
func reportsOf(t *testing.T, name, text string) (out [][]*check.Report) {
	t.Helper()
	f := check.CheckFile(name, strings.NewReader(text), check.Settings{Limits: trace.DefaultLimits()})
	for _, r := range f.Reports {
		out = append(out, []*check.Report{r})
	}
	if out == nil {
		t.Fatalf("%s: %v", name, f.Errors)
	}
	return out
}

// example checks an example.
func example(t *testing.T, name string) [][]*check.Report {
	t.Helper()
	return reportsOf(t, name, exampleText(t, name))
}

func exampleText(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("..", "..", "examples", name))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// written is the page of some reports.
func written(t *testing.T, traces [][]*check.Report, opt page.Options) string {
	t.Helper()
	var b bytes.Buffer
	if err := page.WriteSteps(&b, traces, opt); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// A browser has one page open, and keeps what the page should not have done.
type browser struct {
	*testing.T
	ctx context.Context
	at  string // the page's address

	mu    sync.Mutex
	wrong []string
}

// started is the browser of all tests, and what ends it.
var started struct {
	sync.Once
	ctx context.Context
	err error
	end []func()
}

func TestMain(m *testing.M) {
	code := m.Run()
	for _, end := range started.end {
		end()
	}
	os.Exit(code)
}

// chromium starts the browser, unless it runs.
func chromium(t *testing.T) context.Context {
	t.Helper()
	path := wide.Tool(t, "chromium")
	started.Do(func() {
		options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.WSURLReadTimeout(2*time.Minute),
			chromedp.WindowSize(1280, 900), chromedp.Flag("disable-dev-shm-usage", true))
		alloc, stop := chromedp.NewExecAllocator(context.Background(), options...)
		ctx, end := chromedp.NewContext(alloc)
		started.ctx, started.end = ctx, []func(){end, stop}
		started.err = chromedp.Do(ctx)
	})
	if started.err != nil {
		t.Fatal(started.err)
	}
	return started.ctx
}

// browse opens a page in Chromium. At the test's end it must have fetched nothing, and
// the console must be empty.
func browse(t *testing.T, text, hash string) *browser {
	t.Helper()
	file := filepath.Join(t.TempDir(), "page.html")
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, end := chromedp.NewContext(chromium(t))
	t.Cleanup(end)
	b := &browser{T: t, ctx: ctx, at: (&url.URL{Scheme: "file", Path: file}).String()}
	if err := chromedp.Do(ctx); err != nil { // a tab opens
		t.Fatal(err)
	}
	if err := chromedp.Listen(ctx, b.hear); err != nil {
		t.Fatal(err)
	}
	b.run(enable, chromedp.Navigate(b.at+hash), chromedp.WaitReady(chromedp.CSS("#app .side, #app section")))
	t.Cleanup(b.clean)
	return b
}

// enable has the browser tell what the page fetches, and what its console says.
func enable(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	_, err := cdp.Call(ctx, t, network.Enable, network.EnableParams{})
	_, other := cdp.Call(ctx, t, log.Enable, cdp.Empty{})
	return chromedp.Void{}, errors.Join(err, other)
}

// dark has the page shown to somebody who prefers it dark.
func dark(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
	scheme := emulation.MediaFeature{Name: "prefers-color-scheme", Value: "dark"}
	_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{&scheme}})
	return chromedp.Void{}, err
}

// hear keeps what a page should not do.
func (b *browser) hear(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		b.wrong = append(b.wrong, fmt.Sprintf("an error: %+v", e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		b.wrong = append(b.wrong, fmt.Sprintf("the console: %s %+v", e.Type, e.Args))
	case *log.EventEntryAdded:
		b.wrong = append(b.wrong, "the console: "+e.Entry.Text)
	case *network.EventRequestWillBeSent:
		if at, _, _ := strings.Cut(e.Request.URL, "#"); at != b.at {
			b.wrong = append(b.wrong, "it fetches "+e.Request.URL)
		}
	}
}

func (b *browser) clean() {
	ask[bool](b, "localStorage.clear(); true") // drafts
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, w := range b.wrong[:min(len(b.wrong), 5)] {
		b.Error(w)
	}
}

func (b *browser) run(actions ...chromedp.Action[chromedp.Void]) {
	b.Helper()
	ctx, end := context.WithTimeout(b.ctx, time.Minute) // a browser that says nothing
	defer end()
	if err := chromedp.Do(ctx, actions...); err != nil {
		b.Fatal(err)
	}
}

// press presses keys, one after the other.
func (b *browser) press(keys ...string) {
	b.Helper()
	for _, k := range keys {
		b.run(chromedp.KeyEvent(k, asKeyboard))
	}
}

// shift presses keys with the shift key held.
func (b *browser) shift(keys ...string) {
	b.Helper()
	for _, k := range keys {
		b.run(chromedp.KeyEvent(k, asKeyboard, chromedp.KeyModifiers(chromedp.ModifierShift)))
	}
}

// asKeyboard has a key come as from a keyboard: a page that takes it for a command
// keeps its letter out of the field.
func asKeyboard(k *input.DispatchKeyEventParams) {
	if k.Type == input.DispatchKeyEventTypeKeyDown {
		k.Type = input.DispatchKeyEventTypeRawKeyDown
	}
}

// ask gives what an expression comes to in the page.
func ask[V any](b *browser, script string, options ...chromedp.EvaluateOption) V {
	b.Helper()
	ctx, end := context.WithTimeout(b.ctx, time.Minute)
	defer end()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[V](script, options...))
	if err != nil {
		b.Fatal(err)
	}
	return v
}

// comes waits until an expression comes true.
func (b *browser) comes(script string) {
	b.Helper()
	ctx, end := context.WithTimeout(b.ctx, time.Minute)
	defer end()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](script)); err != nil {
		b.Fatalf("%s: %v", script, err)
	}
}

// text is what an element says to who sees it.
func (b *browser) text(selector string) string {
	b.Helper()
	return ask[string](b, fmt.Sprintf("(e => e ? e.innerText : '')(document.querySelector(%q))", selector))
}

// says holds the text of an element against some words.
func (b *browser) says(selector, words string) {
	b.Helper()
	if got := b.text(selector); !strings.Contains(got, words) {
		b.Errorf("%s says %q; want %q in it", selector, got, words)
	}
}

// accessible has axe-core look at the page at a width, and holds the page to it.
func (b *browser) accessible(name string, width int64) {
	b.Helper()
	b.run(chromedp.EmulateViewport(width, 900))
	ask[bool](b, npmFile(b.T, filepath.Join("axe-core", "axe.min.js"))+"; true")
	found := ask[string](b, `axe.run().then(r => r.violations.map(v => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map(n => n.html + " " + n.failureSummary).join(" ")).join("\n"))`, chromedp.EvalAwaitPromise)
	if found != "" {
		b.Errorf("%s: %s", name, found)
	}
	if wider := ask[int](b, "document.documentElement.scrollWidth - document.documentElement.clientWidth"); wider > 0 {
		b.Errorf("%s: at %d pixels the page is %d too wide", name, width, wider)
	}
}

// npmFile gives a file of a package that npm has installed beside a folder of the path,
// node_modules/.bin.
func npmFile(t *testing.T, name string) string {
	t.Helper()
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		if text, err := os.ReadFile(filepath.Join(dir, "..", name)); err == nil {
			return string(text)
		}
	}
	t.Fatalf("%s is not installed; .ci/run installs it", name)
	return ""
}
