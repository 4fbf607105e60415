package render

import (
	"regexp"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
	"raftsheet/trace"
)

func contrasted(t *testing.T, text, rules string) *check.Contrast {
	t.Helper()
	r, err := raft.RulesNamed(rules)
	if err != nil {
		t.Fatal(err)
	}
	return check.NewContrast(rendertest.Traces(t, text)[0], raft.Figure2(), r)
}

// Text from a trace stays text in every format: it moves no cursor, starts no
// command of a workflow and no markup, and ends no cell.
func TestCompareIsClean(t *testing.T) {
	rules, err := raft.RulesNamed("always-truncate")
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range rendertest.Texts {
		c := check.NewContrast(rendertest.HostileTrace(t, text), raft.Figure2(), rules)
		if !c.Differs() {
			t.Fatal("nothing is compared")
		}
		for _, format := range doc.Formats() {
			var b strings.Builder
			if err := doc.Write(&b, format, Compare([]*check.Contrast{c, c}, false), doc.Options{}); err != nil {
				t.Fatal(err)
			}
			requireClean(t, format, text, b.String())
		}
	}
}

// requireClean requires of what a format makes of a text that it stays text.
func requireClean(t *testing.T, format, text, out string) {
	t.Helper()
	rendertest.NoneHidden(t, out)
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
}
