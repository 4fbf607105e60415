package render

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/trace"
)

// hostileTrace is a trace with a text in each place that takes one, of which
// both rules that follow make something.
func hostileTrace(t *testing.T, text string) *trace.Trace {
	t.Helper()
	q := strconv.QuoteToASCII(text) // YAML has the same escapes
	tr := parseTraces(t, fmt.Sprintf(`title: %s
nodes: 2
initial: {1: {term: 1, role: leader, log: [{term: 1, value: %s}]}, 2: {log: [{term: 1, value: %s}, {term: 1, value: %s}]}}
steps:
  - id: %s
    note: %s
    appendEntries: {leaderId: 1, prevLogIndex: 0, entries: [{term: 1, value: %s}]}
    response: {2: }
    state:
`, q, q, q, q, q, q, q))[0]
	tr.File = text
	return tr
}

func parseTraces(t *testing.T, text string) []*trace.Trace {
	t.Helper()
	f, err := trace.Parse("dir/t.yaml", []byte(text), trace.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	return f.Traces
}

func contrasted(t *testing.T, text, rules string) *variant.Diff {
	t.Helper()
	r, err := raft.RulesNamed(rules)
	if err != nil {
		t.Fatal(err)
	}
	return variant.NewDiff(parseTraces(t, text)[0], raft.Figure2(), r)
}

// sameJSON holds a JSON text against what programs are promised.
func sameJSON(t *testing.T, promised, is string) {
	t.Helper()
	decode := func(text string) (v any) {
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatalf("this is no JSON: %v\n%s", err, text)
		}
		return v
	}
	if d := cmp.Diff(decode(promised), decode(is)); d != "" {
		t.Errorf("the JSON breaks its promise (-promised +is):\n%s", d)
	}
}

// The names and values in the JSON of compare are a promise: programs read
// them. This one is written by hand.
func TestCompareJSON(t *testing.T) {
	c := contrasted(t, `title: A voter
nodes: 2
initial: {1: {log: [1]}}
steps:
  - id: ask
    requestVote: {candidateId: 2, term: 5, lastLogIndex: 0, lastLogTerm: 0}
`, "vote-log-unchecked")
	var b strings.Builder
	if err := Compare(&b, "json", []*variant.Diff{c}, Options{}); err != nil {
		t.Fatal(err)
	}
	const behind = "the candidate's log, which ends at index 0, is behind node 1's, which ends at index 1, term 1"
	sameJSON(t, `{"version": 1, "traces": [{
  "file": "dir/t.yaml", "document": 1, "title": "A voter", "rules": ["figure2", "vote-log-unchecked"],
  "differs": true, "more": false, "stopped": [null, null],
  "differences": [
    {"step": 1, "id": "ask", "line": 6, "kind": "response", "node": "1", "field": "voteGranted", "sides": [
      {"value": false, "rule": "RV2b", "section": "5.4.1", "why": "`+behind+`"},
      {"value": true, "rule": "RV2b", "section": "5.4.1", "why": "node 1 has not voted in term 5, and `+behind+`; vote-log-unchecked lets it pass"}]},
    {"step": 1, "id": "ask", "line": 6, "kind": "state", "node": "1", "field": "votedFor", "sides": [
      {"value": "none", "rule": "RV2b", "section": "5.4.1", "why": "`+behind+`"},
      {"value": "2", "rule": "RV2b", "section": "5.4.1", "why": "`+behind+`; vote-log-unchecked lets it pass"}]},
    {"step": 1, "id": "ask", "line": 6, "kind": "state", "node": "2", "field": "role", "sides": [
      {"value": "candidate", "rule": "C2", "section": "5.2", "why": "no vote from node 1: node 2 has 1, and 2 are a majority"},
      {"value": "leader", "rule": "C2", "section": "5.2", "why": "with node 1's, node 2 has 2 votes, and 2 are a majority: it leads term 5"}]}],
  "apart": [{"node": "1", "fields": ["votedFor"]}, {"node": "2", "fields": ["role"]}]}]}`, b.String())
}

// Text from a trace stays text in every format: it moves no cursor, starts no
// command of a workflow and no markup, and ends no cell.
func TestCompareIsClean(t *testing.T) {
	rules, err := raft.RulesNamed("always-truncate")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range hostileTexts {
		c := variant.NewDiff(hostileTrace(t, text), raft.Figure2(), rules)
		if !c.Differs() {
			t.Fatal("nothing is compared")
		}
		for _, format := range CompareFormats() {
			var b strings.Builder
			if err := Compare(&b, format, []*variant.Diff{c, c}, Options{}); err != nil {
				t.Fatal(err)
			}
			requireClean(t, format, text, b.String())
		}
	}
}

// requireClean requires of what a format makes of a text that it stays text.
func requireClean(t *testing.T, format, text, out string) {
	t.Helper()
	prev := rune(0)
	for _, r := range out {
		if r != '\n' && hidden(r, prev) {
			t.Errorf("%s lets %q of %q through:\n%s", format, r, text, out)
			return
		}
		prev = r
	}
	for line := range strings.Lines(out) {
		if strings.HasPrefix(strings.TrimLeft(line, " "), "::") || strings.Contains(line, "##[") {
			t.Errorf("%s makes a command of %q:\n%s", format, text, line)
		}
	}
	live := escaped.ReplaceAllString(out, "")
	for _, markup := range []string{"<", "@octocat", "a|b", "](", "&lt;"} {
		if format == "markdown" && strings.Contains(live, markup) {
			t.Errorf("markdown makes markup of %q:\n%s", text, out)
		}
	}
}

// escaped is a character of Markdown that stands for itself.
var escaped = regexp.MustCompile(`\\.`)

// A sentence is folded at its words, under its own beginning, within 80 columns.
func TestFold(t *testing.T) {
	var b strings.Builder
	fold(&b, "  A  ok  ", strings.Repeat("word ", 15)+strings.Repeat("x", 90)+" end")
	want := "  A  ok  word word word word word word word word word word word word word word\n" +
		"         word\n" +
		"         " + strings.Repeat("x", 90) + "\n" +
		"         end\n"
	if d := cmp.Diff(want, b.String()); d != "" {
		t.Errorf("-want +got:\n%s", d)
	}
	b.Reset()
	fold(&b, "  ", strings.Repeat("x", 78)+" ::error::")
	if want := "  " + strings.Repeat("x", 78) + "\n  \\x3a:error::\n"; b.String() != want {
		t.Errorf("a workflow takes a line for a command:\n%s", b.String())
	}
	b.Reset()
	if fold(&b, "A  ", ""); b.String() != "A\n" {
		t.Errorf("an empty text is written as %q", b.String())
	}
}

// What is cut off is shown to be, and no character is cut in two.
func TestClip(t *testing.T) {
	for in, want := range map[string]string{"1234567890": "1234567890", "12345678901": "1234567...", "äöüäöüäöüäö": "äöüäöüä...", "世界世界世界": "世界世..."} {
		if got := clip(in, 10); got != want || width(got) > 10 {
			t.Errorf("%q in 10 columns is %q, not %q", in, got, want)
		}
	}
}

// Nodes in a row are written as the first and the last, where their names count.
func TestNodeRanges(t *testing.T) {
	tr := &trace.Trace{Names: []string{"1", "2", "3", "4", "5", "6", "7", "a", "b", "c"}}
	for _, tt := range []struct {
		ids  []raft.NodeID
		want string
	}{
		{[]raft.NodeID{3}, "3"},
		{[]raft.NodeID{2, 1}, "1 2"},
		{[]raft.NodeID{1, 2, 3, 5, 6, 7, 7}, "1-3 5-7"},
		{[]raft.NodeID{6, 7, 8, 9, 10}, "6 7 a b c"},
	} {
		if got := strings.Join(nodeRanges(tr, tt.ids), " "); got != tt.want {
			t.Errorf("the nodes %v are written %q, not %q", tt.ids, got, tt.want)
		}
	}
	if got := fewNodes(tr, []raft.NodeID{2, 4, 8, 10}, 8); got != "2 and 3 more" {
		t.Errorf("four nodes in 8 columns are %q", got)
	}
}
