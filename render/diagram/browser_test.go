package diagram_test

import (
	"encoding/json"
	"fmt"
	"html"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"raftsheet/raft/wide"
	"raftsheet/render/internal/rendertest"
)

// need ends a test whose tool is missing. It is for wide tests: who asks for them
// has the tools.
func need(t *testing.T, found, how string) string {
	t.Helper()
	if found == "" {
		t.Fatalf("this is missing: %s; .ci/run installs it", how)
	}
	return found
}

// browse loads a page in Chromium, and gives what its scripts have left in the
// element of the id out.
func browse(t *testing.T, page string) string {
	t.Helper()
	var browser string
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil && browser == "" {
			browser = path
		}
	}
	need(t, browser, "a browser (apt-get install chromium)")
	dir := t.TempDir()
	file := filepath.Join(dir, "page.html")
	if err := os.WriteFile(file, []byte(page), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(browser, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--user-data-dir="+filepath.Join(dir, "profile"),
		"--virtual-time-budget=60000", "--dump-dom", "file://"+file)
	late := time.AfterFunc(2*time.Minute, func() { cmd.Process.Kill() }) // a browser that says nothing
	defer late.Stop()
	dom, err := cmd.Output()
	if err != nil {
		t.Fatalf("%s: %v", browser, err)
	}
	out := regexp.MustCompile(`(?s)<pre id="out">(.*?)</pre>`).FindSubmatch(dom)
	if out == nil || string(out[1]) == "waiting" {
		t.Fatalf("the page's script has not come to its end: %.500s", dom)
	}
	return html.UnescapeString(string(out[1]))
}

// The figures that a person would look at.
var looked = []string{"figure7.yaml", "figure8.yaml", "worksheet.yaml", "worksheet-wrong.yaml", "late.yaml", "partition.yaml",
	"restart.yaml", "snapshot.yaml", "sheet3.yaml", "first.yaml", "deviations/always-truncate.yaml"}

// A browser draws the pictures, and every text has room: it stays in the picture,
// and what is in a pill stays in it. If this fails, a picture cannot be read.
func TestDrawn(t *testing.T) {
	wide.Only(t)
	var page strings.Builder
	page.WriteString(`<!doctype html><meta charset="utf-8"><pre id="out">waiting</pre>`)
	drawn := 0
	add := func(name string, all map[string]string) {
		for _, kind := range []string{"life lines", "logs"} {
			fmt.Fprintf(&page, "<div data-name=%q>%s</div>\n", html.EscapeString(name+", "+kind), all[kind])
			drawn++
		}
	}
	for _, name := range looked {
		add(name, pictures(t, example(t, name)))
	}
	add("64 nodes", pictures(t, reports(t, "wide.yaml", "nodes: 64\nsteps:\n- requestVote: {candidateId: 7}\n- appendEntries: {leaderId: 7, index: 1, value: x}\n")))
	add("Japanese", pictures(t, reports(t, "日本語.yaml", "title: 投票と複製\nnodes: 3\nsteps:\n- {id: 選挙, note: 最初の投票です。, requestVote: {candidateId: 1}}\n"+
		"- {id: 複製, appendEntries: {leaderId: 1, index: 1, value: 値を十に設定する}, state: {2: {log: [1:別の値]}}}\n")))
	page.WriteString(`<script>
const wrong = [];
for (const div of document.querySelectorAll("div")) {
  const svg = div.querySelector("svg"), picture = svg.viewBox.baseVal, name = div.dataset.name;
  if (!svg.querySelector("text") || !(picture.width > 100 && picture.height > 60)) wrong.push(name + ": nothing is drawn");
  for (const text of svg.querySelectorAll("text")) {
    const b = text.getBBox(), pill = text.previousElementSibling;
    if (b.x < 0 || b.y < 0 || b.x + b.width > picture.width || b.y + b.height > picture.height) wrong.push(name + ": " + text.textContent + " leaves the picture");
    if (pill && pill.classList.contains("pill") && text.classList.contains("middle")) {
      const p = pill.getBBox();
      if (b.x < p.x - 2 || b.x + b.width > p.x + p.width + 2) wrong.push(name + ": " + text.textContent + " leaves its pill");
    }
  }
}
document.getElementById("out").textContent = "drawn " + document.querySelectorAll("svg").length + "\n" + wrong.join("\n");
</script>`)
	if got, want := browse(t, page.String()), fmt.Sprintf("drawn %d\n", drawn); got != want {
		t.Errorf("the browser says %s", got)
	}
}

// Mermaid itself reads and draws the diagrams, and a hostile text comes out as it
// went in. If this fails, GitHub shows an error in place of a diagram.
func TestMermaidDraws(t *testing.T) {
	wide.Only(t)
	type drawing struct{ Name, Text, Says string }
	var all []drawing
	for _, name := range looked {
		for _, r := range example(t, name) {
			all = append(all, drawing{name, mermaidOf(t, r), ""})
		}
	}
	for _, text := range append([]string{"%%{init: {'theme': 'dark'}}%%", "a;b#c", "the end", "wrap: x"}, rendertest.Texts...) {
		if f := rendertest.HostileFile(text); len(f.Reports) > 0 {
			all = append(all, drawing{text, mermaidOf(t, f.Reports[0]), strings.TrimSpace(clean(text))})
		}
	}
	data, err := json.Marshal(all) // it escapes what could end the script
	if err != nil {
		t.Fatal(err)
	}
	page := `<!doctype html><meta charset="utf-8"><pre id="out">waiting</pre><script src="file://` + mermaidScript(t) + `"></script><script>
mermaid.initialize({startOnLoad: false, securityLevel: "strict"});
(async () => {
  const wrong = [];
  let n = 0;
  const squeeze = s => s.replace(/\s+/g, " ");
  for (const d of ` + string(data) + `) {
    try {
      await mermaid.parse(d.Text);
      const {svg} = await mermaid.render("d" + n++, d.Text);
      const picture = new DOMParser().parseFromString(svg, "text/html");
      const texts = [...picture.querySelectorAll("text")].map(e => squeeze(e.textContent));
      if (d.Says && !texts.some(s => s.includes(squeeze(d.Says)))) wrong.push(d.Name + ": nothing says " + d.Says + ": " + texts.join(" / "));
      if (picture.querySelector("script, img")) wrong.push(d.Name + ": an element has come in");
    } catch (e) { wrong.push(d.Name + ": " + e); }
  }
  document.getElementById("out").textContent = "drawn " + n + "\n" + wrong.join("\n");
})();
</script>`
	if got, want := browse(t, page), fmt.Sprintf("drawn %d\n", len(all)); got != want {
		t.Errorf("Mermaid says %s", got)
	}
}

// mermaidScript finds the package that npm has installed beside a folder of the
// path, node_modules/.bin.
func mermaidScript(t *testing.T) string {
	var found string
	for _, dir := range filepath.SplitList(os.Getenv("PATH")) {
		script := filepath.Join(dir, "..", "mermaid", "dist", "mermaid.min.js")
		if _, err := os.Stat(script); err == nil && found == "" {
			found = script
		}
	}
	return need(t, found, "mermaid (npm install mermaid, with its node_modules/.bin on the PATH)")
}
