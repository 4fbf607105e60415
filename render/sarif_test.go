package render

import (
	"encoding/json"
	"fmt"
	"net/url"
	"path"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check"
	"raftsheet/raft"
)

func TestSARIF(t *testing.T) {
	want := []string{
		"note F2 traces/away.yaml 4:5-16 step 1: the trace leaves something unwritten / node 1's election timeout elapsed: it stands for term 1 (followers rule 2, §5.2)",
		"note L2 traces/away.yaml 7:5-18 step 2: the trace leaves something unwritten / node 1 took a client's request: entry 1:x=1 at index 1 (leaders rule 2, §5.3)",
		"note L2 traces/away.yaml 11:5-18 step Q3: the trace leaves something unwritten / node 1 took a client's request: entry 1:x=2 at index 2 (leaders rule 2, §5.3)",
		"error AE2 traces/away.yaml 12:33-35 step Q3, node 4 answers ok: expected by the trace, but the replay says no / node 4's log ends at index 0; the message says prevLogIndex 1 (AppendEntries rule 2, §5.3)",
		"note blank traces/away.yaml 12:40-41 step Q3: left blank / node 5's answer is left blank",
		"error L4 traces/away.yaml 14:24-25 step Q3, node 1 has commitIndex 1: expected by the trace, but the replay says 2 / node 1's commitIndex is 2: its log goes no further (leaders rule 4, §5.4.2)",
		`error malformed traces/broken.yaml 7:5-11 unknown key "timout"; did you mean "timeout"?`,
		`error malformed traces/broken.yaml 8:14-15 timeout: there is no node "9"; the nodes are 1 to 3`,
		"error safety traces/broken.yaml 13:3-4 initial state: the cluster is no longer safe / Leader Completeness: node 2 leads term 2 with no entry at index 1, where node 1 has committed 1:a in term 1 (§5.4)",
		"error malformed gone.yaml 1:1-2 no such file or directory",
		"error malformed half.yaml 1:1-2 input/output error",
	}
	var got []string
	for _, r := range readSARIF(t, machineText(t, "sarif", Options{Color: true}, machineFiles()...)) {
		got = append(got, r.String())
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

// The form of the file, from its first line to its last, but for the rules.
func TestSARIFForm(t *testing.T) {
	const head = `{
  "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
  "version": "2.1.0",
  "runs": [
    {
      "tool": {
        "driver": {
          "name": "raftsheet",
          "rules": [
            {
              "id": "response",
              "shortDescription": {
                "text": "an answer differs from the reference's: its outcome, or its term"
              },
              "fullDescription": {
                "text": "an answer differs from the reference's: its outcome, or its term"
              },
              "help": {
                "text": "A finding of this kind has severity error."
              },
              "defaultConfiguration": {
                "level": "error"
              }
            },
`
	const tail = `
      "columnKind": "unicodeCodePoints",
      "results": [
        {
          "ruleId": "malformed",
          "ruleIndex": 8,
          "level": "error",
          "message": {
            "text": "no such file or directory"
          },
          "locations": [
            {
              "physicalLocation": {
                "artifactLocation": {
                  "uri": "gone.yaml"
                },
                "region": {
                  "startLine": 1,
                  "startColumn": 1,
                  "endLine": 1,
                  "endColumn": 2
                }
              }
            }
          ]
        }
      ]
    }
  ]
}
`
	got := machineText(t, "sarif", Options{}, machineFiles()[2])
	if !strings.HasPrefix(got, head) || !strings.HasSuffix(got, tail) {
		t.Errorf("got\n%s", got)
	}
	const none = "      \"results\": []\n    }\n  ]\n}\n"
	if got := machineText(t, "sarif", Options{}); !strings.HasSuffix(got, none) {
		t.Errorf("without a result: %s", got)
	}
	readSARIF(t, machineText(t, "sarif", Options{}))
}

// A sarifFound is a result as a code host takes it in.
type sarifFound struct {
	level, rule, uri, message string
	line, column, endColumn   int
}

func (r sarifFound) String() string {
	return fmt.Sprintf("%s %s %s %d:%d-%d %s", r.level, r.rule, r.uri, r.line, r.column, r.endColumn, strings.ReplaceAll(r.message, "\n", " / "))
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
	if want := len(check.Kinds()) + 1 + len(raft.Rulebook()); len(rules) != want {
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
		if got := sarifMessage(tt.in); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}

func TestSARIFHostile(t *testing.T) {
	for _, text := range hostileTexts {
		out := machineText(t, "sarif", Options{}, hostileFile(text), malformedFile(text))
		noneHidden(t, out)
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
		clean := sarifMessage(Clean(text))
		if want := "step " + clean + ", node 1 has log[1] 1:" + clean + ": expected"; !strings.HasPrefix(results[1].message, want) {
			t.Errorf("%q: %q, want %q", text, results[1].message, want)
		}
	}
}
