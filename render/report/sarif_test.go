package report

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check/finding"
	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
)

func TestSARIF(t *testing.T) {
	got := machineText(t, "sarif", CheckOptions{Notes: true}, rendertest.Files()...)
	rendertest.Golden(t, "check.sarif.json", got)
	var results []string
	for _, r := range readSARIF(t, got) {
		results = append(results, r.String())
	}
	want := []string{
		"note F2 traces/away.yaml 4:5-16",
		"note L2 traces/away.yaml 7:5-18",
		"note L2 traces/away.yaml 11:5-18",
		"error AE2 traces/away.yaml 12:33-35",
		"note blank traces/away.yaml 12:40-41",
		"error L4 traces/away.yaml 14:24-25",
		"error unread traces/broken.yaml 7:5-11",
		"error unread traces/broken.yaml 8:14-15",
		"error safety traces/broken.yaml 13:3-4",
		"error malformed gone.yaml 1:1-2",
		"error malformed half.yaml 1:1-2",
	}
	if diff := cmp.Diff(want, results); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestSARIFNothing(t *testing.T) {
	const tail = "      \"results\": []\n    }\n  ]\n}\n"
	got := machineText(t, "sarif", CheckOptions{}, rendertest.File("f", "nodes: 1\nsteps: []\n", finding.Mode{}))
	if !strings.HasSuffix(got, tail) {
		t.Errorf("without a result: %s", got)
	}
	readSARIF(t, got)
}

// A sarifFound is a result as a code host takes it in.
type sarifFound struct {
	level, rule, uri, message string
	line, column, endColumn   int
}

func (r sarifFound) String() string {
	return fmt.Sprintf("%s %s %s %d:%d-%d", r.level, r.rule, r.uri, r.line, r.column, r.endColumn)
}

type object = map[string]any

// need gives a property of an object that must have it.
func need[T any](t *testing.T, o any, key string) T {
	t.Helper()
	m, _ := o.(object)
	v, ok := m[key].(T)
	if !ok {
		t.Fatalf("%s: no %T in %v", key, v, o)
	}
	return v
}

// readSARIF reads a log, and checks what its schema asks for and what GitHub
// does: every property that is required, ids that are distinct, indexes that
// lead to their ids, levels and places in range.
func readSARIF(t *testing.T, text string) []sarifFound {
	t.Helper()
	var log any
	if err := json.Unmarshal([]byte(text), &log); err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	if v := need[string](t, log, "version"); v != "2.1.0" {
		t.Errorf("version %q", v)
	}
	need[string](t, log, "$schema")
	runs := need[[]any](t, log, "runs")
	if len(runs) != 1 {
		t.Fatalf("%d runs", len(runs))
	}
	if kind := need[string](t, runs[0], "columnKind"); kind != "unicodeCodePoints" {
		t.Errorf("columnKind %q", kind)
	}
	ids := readSARIFRules(t, need[object](t, need[object](t, runs[0], "tool"), "driver"))
	var found []sarifFound
	for _, r := range need[[]any](t, runs[0], "results") {
		found = append(found, readSARIFResult(t, r, ids))
	}
	return found
}

func readSARIFRules(t *testing.T, driver any) []string {
	t.Helper()
	need[string](t, driver, "name")
	var ids []string
	taken := map[string]bool{}
	for _, r := range need[[]any](t, driver, "rules") {
		id := need[string](t, r, "id")
		if taken[id] || id == "" {
			t.Errorf("two rules with the id %q", id)
		}
		taken[id] = true
		ids = append(ids, id)
		for _, key := range []string{"shortDescription", "fullDescription", "help"} {
			if text := need[string](t, need[object](t, r, key), "text"); text == "" {
				t.Errorf("%s: no %s", id, key)
			}
		}
	}
	return ids
}

func readSARIFResult(t *testing.T, r any, ids []string) sarifFound {
	t.Helper()
	f := sarifFound{level: need[string](t, r, "level"), rule: need[string](t, r, "ruleId"),
		message: need[string](t, need[object](t, r, "message"), "text")}
	if i := int(need[float64](t, r, "ruleIndex")); i < 0 || i >= len(ids) || ids[i] != f.rule {
		t.Errorf("ruleIndex %d is not %s", i, f.rule)
	}
	if f.level != "error" && f.level != "note" {
		t.Errorf("level %q", f.level)
	}
	locations := need[[]any](t, r, "locations")
	if len(locations) != 1 {
		t.Fatalf("%d locations", len(locations))
	}
	physical := need[object](t, locations[0], "physicalLocation")
	f.uri = need[string](t, need[object](t, physical, "artifactLocation"), "uri")
	region := need[object](t, physical, "region")
	f.line, f.column = int(need[float64](t, region, "startLine")), int(need[float64](t, region, "startColumn"))
	f.endColumn = int(need[float64](t, region, "endColumn"))
	if end := int(need[float64](t, region, "endLine")); end != f.line || f.line < 1 || f.column < 1 || f.endColumn <= f.column {
		t.Errorf("the region %v", region)
	}
	return f
}

func TestSARIFRules(t *testing.T) {
	rules := sarifRules()
	if want := len(finding.Kinds()) + 1 + len(raft.Rulebook()); len(rules) != want {
		t.Errorf("%d rules, want %d", len(rules), want)
	}
	want := sarifRule{"AE2",
		sarifText{"AppendEntries rule 2: false if the log has no entry at prevLogIndex with term prevLogTerm"},
		sarifText{"false if the log has no entry at prevLogIndex with term prevLogTerm (Raft paper, Figure 2, AppendEntries rule 2; §5.3)"},
		sarifText{"raftsheet rules AE2 says more."}, sarifDefault{"error"}}
	for _, r := range rules {
		if r.ID == "AE2" && r != want {
			t.Errorf("%+v, want %+v", r, want)
		}
	}
}

func TestSARIFURI(t *testing.T) {
	tests := []struct{ name, want string }{
		{"traces/away.yaml", "traces/away.yaml"},
		{"./traces//away.yaml", "traces/away.yaml"},
		{"../away.yaml", "../away.yaml"},
		{"a b#?%41.yaml", "a%20b%23%3F%2541.yaml"},
		{"日本.yaml", "%E6%97%A5%E6%9C%AC.yaml"},
		{"c:d.yaml", "./c:d.yaml"},
		{"\x1b[2J\n\xff", "%1B%5B2J%0A%FF"},
		{"/srv/a b.yaml", "file:///srv/a%20b.yaml"},
		{"-", "-"},
	}
	for _, tt := range tests {
		if got := sarifURI(tt.name); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestSARIFMessage(t *testing.T) {
	tests := []struct{ in, want string }{
		{"log[1] 1:x (AppendEntries rule 4, §5.3)", "log[1] 1:x (AppendEntries rule 4, §5.3)"},
		{"{0} and }", "{{0}} and }}"},
		{"[x](javascript:alert(1))", `[x]\x28javascript:alert(1))`},
	}
	for _, tt := range tests {
		if got := sarifEscapes.Replace(tt.in); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestSARIFHostile(t *testing.T) {
	for _, text := range rendertest.Texts {
		out := machineText(t, "sarif", CheckOptions{Notes: true}, rendertest.HostileFile(text), rendertest.MalformedFile(text))
		rendertest.NoneHidden(t, out)
		if strings.Contains(out, "##[") {
			t.Errorf("%q: a command to a runner in\n%s", text, out)
		}
		results := readSARIF(t, out)
		if len(results) != 3 {
			t.Errorf("%q: %v", text, results)
			continue
		}
		for _, r := range results {
			u, err := url.Parse(r.uri)
			if err != nil || u.IsAbs() || path.Clean(u.Path) != path.Clean(text) || u.RawQuery != "" || u.Fragment != "" {
				t.Errorf("%q: the uri %q, %v", text, r.uri, err)
			}
		}
		clean := sarifEscapes.Replace(doc.Clean(text))
		if want := "step " + clean + ": node 1 has log[1] 1:" + clean + "; Figure 2 says none"; !strings.HasPrefix(results[1].message, want) {
			t.Errorf("%q: %q, want %q", text, results[1].message, want)
		}
	}
}
