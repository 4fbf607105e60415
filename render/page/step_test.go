package page_test

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"golang.org/x/net/html"

	"raftsheet/check"
	"raftsheet/raft"
	"raftsheet/raft/wide"
	"raftsheet/render/internal/rendertest"
	"raftsheet/render/page"
	"raftsheet/trace"
)

// tables reads the states as the page shows them: a line for each node.
const tables = `[...document.querySelectorAll(".nodes tbody tr")].map(tr => {
  const now = e => { const c = e.cloneNode(true); c.querySelectorAll("del, .unseen, .is, .bad").forEach(x => x.remove()); return c.textContent.trim(); };
  const cells = [...tr.cells].filter(c => !c.matches(".gone, .covered"));
  return cells.map(now).filter(s => s !== "").join("|");
})`

// The keyboard alone steps to the end, and at every step the page shows each node as
// the replay has it. If this fails, a page shows what did not happen.
func TestSteps(t *testing.T) {
	for _, name := range []string{"worksheet-wrong.yaml", "snapshot.yaml", "figure7.yaml"} {
		traces := example(t, name)
		run := traces[0][0].Run
		b := browse(t, written(t, traces, page.Options{}), "")
		for step := 0; step <= len(run.Steps); step++ {
			if step > 0 {
				b.press(kb.ArrowRight)
			}
			got := ask[[]string](b, tables)
			for i, node := range run.Trace.Names {
				id := raft.NodeID(i + 1)
				s := run.State(id, step)
				want := []string{node, s.Role.String(), fmt.Sprint(s.CurrentTerm), run.Trace.Name(s.VotedFor), fmt.Sprint(s.CommitIndex)}
				for _, e := range s.Log.Entries() {
					want = append(want, strings.Replace(e.String(), ":", " ", 1))
				}
				if want := strings.Join(want, "|"); i >= len(got) || got[i] != want && !run.Untold(id, step) {
					t.Errorf("%s, step %d: node %s is shown as %q; want %q", name, step, node, got, want)
				}
			}
		}
		if !ask[bool](b, `document.querySelector("#next").disabled`) {
			t.Errorf("%s: after the last step there is another", name)
		}
		b.press(kb.Home)
		b.says("#where", "start")
	}
}

// n goes to what is wrong, and the page says who is wrong and why. If this fails, the
// reader of a page does not find the mistake.
func TestDivergence(t *testing.T) {
	b := browse(t, written(t, example(t, "worksheet-wrong.yaml"), page.Options{}), "")
	b.says("#sum", "6 steps with a divergence")
	b.press("n")
	b.says("#where", "AE3 · 4 of 19")
	b.says(".found", "node 7 answers ok; Figure 2 says no")
	b.says(".why", "Node 7: no")
	b.says(".rule[open]", "node 7's log ends at index 1; the message says prevLogIndex 2")
	if n := ask[int](b, `document.querySelectorAll(".why .rule[open]").length`); n != 1 {
		t.Errorf("%d rules are unfolded; want the one that decides", n)
	}
	if said := ask[string](b, `document.querySelector("#said").textContent`); !strings.Contains(said, "1 divergence: node 7 answers ok") {
		t.Errorf("a screen reader hears %q", said)
	}
	b.press("n")
	b.says("#where", "RV3")
	b.press("p", "p")
	b.says("#where", "AE3")
	// The answer of another node, by keyboard.
	b.run(chromedp.Focus(chromedp.CSS(".row td:nth-child(4) button")))
	b.press(kb.Enter)
	b.says(".why", "Node 3: ok")
	b.says(".why", "✓ the trace agrees")
}

// The address holds the step, and the document. If this fails, a link to a step leads
// to the start.
func TestAddress(t *testing.T) {
	b := browse(t, written(t, example(t, "figure8.yaml"), page.Options{}), "#trace=2&step=1")
	b.says("#title", "Figure 8, (c) to (e)")
	b.says("#where", "1 of ")
	b.press(kb.ArrowRight)
	b.comes(`location.hash === "#trace=2&step=2"`)
	b.run(chromedp.Reload(), chromedp.WaitReady(chromedp.CSS("#app .side")))
	b.says("#where", "2 of ")
	for _, odd := range []string{"#step=x", "#step=-3", "#trace=9&step=1e9", "#<img src=x onerror=alert(1)>"} {
		ask[string](b, fmt.Sprintf("location.hash = %q", odd))
	}
	b.says("#where", "start") // of the first document
}

// A hostile trace shows as text. If this fails, a student's file runs as a script in
// an instructor's browser, or breaks the page.
func TestHostile(t *testing.T) {
	for _, text := range append([]string{"</script><script>document.title='no'</script>", "</template><b>x", "__proto__", "${x}`"}, rendertest.Texts...) {
		f := rendertest.HostileFile(text)
		if len(f.Reports) == 0 {
			continue
		}
		out := written(t, [][]*check.Report{{f.Reports[0]}}, page.Options{})
		root, err := html.Parse(strings.NewReader(out))
		if err != nil {
			t.Fatal(err)
		}
		scripts := 0
		for n := range root.Descendants() {
			if n.Type == html.ElementNode && n.Data == "script" {
				scripts++
			}
			for _, a := range n.Attr {
				if strings.HasPrefix(a.Key, "on") || a.Key == "src" || a.Key == "href" {
					t.Errorf("%q: an element has %s=%q", text, a.Key, a.Val)
				}
			}
		}
		if scripts != 2 {
			t.Errorf("%q: the page has %d scripts; want its data and its own", text, scripts)
		}
		rendertest.NoneHidden(t, out)
	}
}

// Of some of them a browser shows the text as it is written. If this fails, the script
// takes text for markup.
func TestHostileShown(t *testing.T) {
	const text = `</script><img src=x onerror="document.title=1"><b>&amp;` + "`${1}`"
	f := rendertest.HostileFile(text)
	b := browse(t, written(t, [][]*check.Report{{f.Reports[0]}}, page.Options{}), "#step=1")
	for _, at := range []string{"#title", "h2", ".found", ".nodes", "title"} {
		if got := ask[string](b, fmt.Sprintf("document.querySelector(%q).textContent", at)); !strings.Contains(got, "<b>&amp;`${1}`") && at != ".nodes" {
			t.Errorf("%s says %q", at, got)
		}
	}
	if n := ask[int](b, `document.querySelectorAll("img, main b b").length`); n != 0 {
		t.Errorf("%d elements have come in", n)
	}
}

// Every example can be stepped through, as it is and as a lesson, without an error. If
// this fails, a page stops at some kind of step.
func TestExamples(t *testing.T) {
	files, err := filepath.Glob(filepath.Join("..", "..", "examples", wide.Of("[lsr]*.yaml", "*.yaml")))
	if err != nil || len(files) < 4 {
		t.Fatal(files, err)
	}
	for _, file := range files {
		for _, predict := range []bool{false, true} {
			b := browse(t, written(t, example(t, filepath.Base(file)), page.Options{Predict: predict}), "")
			ask[bool](b, `(() => {
  const press = key => document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true}));
  for (const option of [null, ...document.querySelectorAll("#trace option")]) {
    if (option) { document.querySelector("#trace").value = option.value; document.querySelector("#trace").dispatchEvent(new Event("change")); }
    for (let i = 0; i <= Number(document.querySelector("#slider").max); i++) {
      document.querySelectorAll(".row button:not([hidden])").forEach(b => { b.click(); press("1"); });
      press("ArrowRight");
    }
    window.dispatchEvent(new Event("beforeprint"));
  }
  return true;
})()`)
		}
	}
}

// long is a trace of so many steps: five nodes, elections, entries, losses.
func long(steps int) string {
	var b strings.Builder
	b.WriteString("title: Long\nnodes: 5\nsteps:\n")
	leader := 1
	for i := range steps {
		switch {
		case i%500 == 0:
			leader = i/500%5 + 1
			fmt.Fprintf(&b, "- {requestVote: {candidateId: %d}, response: {1: ok, 2: ok, 3: ok, 4: ok, 5: ok}}\n", leader)
		case i%4 == 1:
			fmt.Fprintf(&b, "- {clientRequest: {node: %d, value: v%d}}\n", leader, i)
		default:
			fmt.Fprintf(&b, "- {appendEntries: {leaderId: %d, entries: auto}, lost: [%d], response: {1: ok, 2: ok, 3: ok, 4: ok, 5: ok}}\n", leader, (leader+i%3)%5+1)
		}
	}
	return b.String()
}

// A page stays small, and steps within a frame. If this fails, the page of a long run
// cannot be sent, or stutters.
func TestSize(t *testing.T) {
	for _, name := range []string{"worksheet.yaml", "worksheet-wrong.yaml"} {
		if n := len(written(t, example(t, name), page.Options{})); n > 150_000 {
			t.Errorf("the page of %s has %d bytes", name, n)
		}
	}
	const own, each = 200_000, 760 // bytes: 4 MB for 5,000 steps
	steps := wide.Of(1500, 5000)   // more than a picture has
	var out string
	for _, text := range []string{longTrace(steps), long(steps)} {
		if out = written(t, reportsOf(t, "long.yaml", text), page.Options{}); len(out) > own+each*steps {
			t.Errorf("the page of %d steps has %d bytes", steps, len(out))
		}
	}
	b := browse(t, out, "#step=1")
	// Of three visits the fastest counts: the others measure what else the machine does.
	slow := ask[[]float64](b, `(() => {
  const press = key => { const at = performance.now(); document.body.dispatchEvent(new KeyboardEvent("keydown", {key, bubbles: true})); document.body.offsetHeight; return performance.now() - at; };
  press("End"); // all states
  const all = new Array(60).fill(1e9);
  for (let visit = 0; visit < 3; visit++) {
    for (let i = 0; i < all.length; i++) all[i] = Math.min(all[i], press(visit % 2 ? "ArrowRight" : "ArrowLeft"));
    all.reverse();
  }
  return all.sort((a, b) => a - b);
})()`)
	t.Logf("%d bytes; a step takes %.1f ms, nine in ten at most %.1f", len(out), slow[len(slow)/2], slow[len(slow)*9/10])
	if wide.On() && slow[len(slow)/2] > 16 {
		t.Errorf("a step takes %.1f ms; a frame has 16", slow[len(slow)/2])
	}
}

// What axe-core finds keeps somebody from reading the page. It is asked at a step with
// a divergence, in a lesson, and on a phone.
func TestAccessible(t *testing.T) {
	wide.Only(t)
	for _, c := range []struct {
		name, file string
		predict    bool
		width      int64
	}{{"worksheet", "worksheet-wrong.yaml", false, 1280}, {"figure 8", "figure8.yaml", false, 390}, {"lesson", "worksheet.yaml", true, 390}, {"snapshot", "snapshot.yaml", false, 1280}} {
		b := browse(t, written(t, example(t, c.file), page.Options{Predict: c.predict}), "#step=4")
		b.accessible(c.name, c.width)
	}
}

// Printed, the page is the filled worksheet. If this fails, paper has the buttons of the
// screen on it, or no answers.
func TestPrinted(t *testing.T) {
	b := browse(t, written(t, example(t, "worksheet-wrong.yaml"), page.Options{}), "#step=4")
	ask[bool](b, `window.dispatchEvent(new Event("beforeprint"))`)
	paper := ask[string](b, `document.querySelector("#paper").textContent`)
	for _, words := range []string{"RequestVoteRPC, step RV1", "Raft State, raft_id 8", "leaderCommit:",
		"✗ node 7 answers ok; Figure 2 says no: node 7's log ends at index 1"} {
		if !strings.Contains(paper, words) {
			t.Errorf("the paper does not say %q", words)
		}
	}
	if n := ask[int](b, `document.querySelectorAll("#paper section").length`); n != 19+8 {
		t.Errorf("the paper has %d forms; want 19 steps and 8 nodes", n)
	}
	marked := ask[[]string](b, `[...document.querySelectorAll("#paper td.wrong")].map(td => td.textContent)`)
	if want := []string{"ok no", "ok no", "ok no", "no ok", "term 1 no, t3"}; !slices.Equal(marked, want) {
		t.Errorf("the paper marks %q as wrong; want %q, what is written and what is right", marked, want)
	}
}

// A lesson on paper has blanks where nobody has answered yet, and says of no answer that
// it is wrong.
func TestPrintedLesson(t *testing.T) {
	b := browse(t, written(t, example(t, "worksheet-wrong.yaml"), page.Options{Predict: true}), "#step=4")
	ask[bool](b, `window.dispatchEvent(new Event("beforeprint"))`)
	if paper := ask[string](b, `document.querySelector("#paper").textContent`); strings.Contains(paper, "✗") || !strings.Contains(paper, "step AE3") {
		t.Errorf("the paper says %q", paper)
	}
}

// A field that the trace writes wrong shows both, each as what it is. If this fails, the
// table of the nodes hides a mistake, or takes what was before for one.
func TestStatesWrong(t *testing.T) {
	const text = "nodes: 2\nsteps:\n- requestVote: {candidateId: 1}\n  response: {1: ok, 2: ok}\n  state:\n    1: {role: follower}\n    2: {term: 7, log: [1:a]}\n"
	b := browse(t, written(t, reportsOf(t, "x.yaml", text), page.Options{}), "#step=1")
	for i, want := range []string{"follower leader ✗ the trace says follower", "0 1 ✗ the trace says 7", "log[1] ✗ the trace says 1:a"} {
		if got := ask[[]string](b, `[...document.querySelectorAll(".nodes td.wrong")].map(td => td.textContent)`); i >= len(got) || got[i] != want {
			t.Errorf("the wrong fields are %q; want one to be %q", got, want)
		}
	}
}

// What a step adds to a log that is too wide is in sight, beside the node that it is of.
// If this fails, who steps through a long run sees nothing happen.
func TestNewEntryInSight(t *testing.T) {
	b := browse(t, written(t, reportsOf(t, "long.yaml", strings.ReplaceAll(longTrace(60), "value: x", "value: somewhat-long-")), page.Options{}), "#step=60")
	for _, selector := range []string{".nodes .fresh", ".nodes tbody th"} {
		if !ask[bool](b, fmt.Sprintf(`(() => {
			const cell = document.querySelector(%q).getBoundingClientRect(), around = document.querySelector(".now .scroll").getBoundingClientRect();
			return cell.width > 0 && cell.left >= around.left && cell.right <= around.right;
		})()`, selector)) {
			t.Errorf("%s is out of sight", selector)
		}
	}
}

// Two sets of rules side by side show where they differ. Under commit-any-term, S1 of
// Figure 8 has committed index 2 when S5 takes over (§5.4.2), and under Figure 2 nothing.
// If this fails, the reader compares two tables cell by cell.
func TestSidesDiffer(t *testing.T) {
	text := exampleText(t, "figure8.yaml")
	var sides []*check.Report
	for _, rules := range []string{"figure2", "commit-any-term"} {
		f := check.CheckFile("figure8.yaml", strings.NewReader(text), check.Settings{Limits: trace.DefaultLimits(), Rules: []string{rules}})
		sides = append(sides, f.Reports[0])
	}
	b := browse(t, written(t, [][]*check.Report{sides}, page.Options{}), "#step=14")
	if got := ask[[]string](b, `[...document.querySelectorAll("td.apart")].map(td => td.textContent)`); !slices.Equal(got, []string{"0", "2"}) {
		t.Errorf("the cells that differ are %q; want S1's commitIndex on both sides", got)
	}
	b.run(chromedp.Navigate(b.at + "#step=4"))
	if got := ask[int](b, `document.querySelectorAll("td.apart, button.apart").length`); got != 0 {
		t.Errorf("before they differ, %d cells do", got)
	}
}

// On a phone every field of a node, and its log, is in sight. If this fails, whoever reads
// there never learns that there is a commitIndex.
func TestPhone(t *testing.T) {
	b := browse(t, written(t, example(t, "worksheet-wrong.yaml"), page.Options{}), "#step=4")
	b.run(chromedp.EmulateViewport(390, 900))
	for _, what := range []string{".nodes th", ".nodes .entry", ".row td"} {
		b.comes(fmt.Sprintf(`Math.max(...[...document.querySelectorAll(%q)].map(e => e.getBoundingClientRect().right)) <= 390`, what))
	}
}
