package render

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check"
)

const githubErrors = `::error file=traces/away.yaml,line=12,endLine=12,col=33,endColumn=34,title=raftsheet%3A response%2C AE2::traces/away.yaml:12:33: step Q3, node 4 answers ok: expected by the trace, but the replay says no%0Anode 4's log ends at index 0; the message says prevLogIndex 1 (AppendEntries rule 2, §5.3)
::error file=traces/away.yaml,line=14,endLine=14,col=24,endColumn=24,title=raftsheet%3A state%2C L4::traces/away.yaml:14:24: step Q3, node 1 has commitIndex 1: expected by the trace, but the replay says 2%0Anode 1's commitIndex is 2: its log goes no further (leaders rule 4, §5.4.2)
::error file=traces/broken.yaml,line=7,endLine=7,col=5,endColumn=10,title=raftsheet%3A malformed::traces/broken.yaml:7:5: unknown key "timout"; did you mean "timeout"?
::error file=traces/broken.yaml,line=8,endLine=8,col=14,endColumn=14,title=raftsheet%3A malformed::traces/broken.yaml:8:14: timeout: there is no node "9"; the nodes are 1 to 3
::error file=traces/broken.yaml,line=13,endLine=13,col=3,endColumn=3,title=raftsheet%3A safety::traces/broken.yaml:13:3: initial state: the cluster is no longer safe%0ALeader Completeness: node 2 leads term 2 with no entry at index 1, where node 1 has committed 1:a in term 1 (§5.4)
::error file=gone.yaml,title=raftsheet%3A malformed::gone.yaml: no such file or directory
::error file=half.yaml,title=raftsheet%3A malformed::half.yaml: input/output error
`

const githubNotices = `::notice file=traces/away.yaml,line=4,endLine=4,col=5,endColumn=15,title=raftsheet%3A implied%2C F2::traces/away.yaml:4:5: step 1: the trace leaves something unwritten%0Anode 1's election timeout elapsed: it stands for term 1 (followers rule 2, §5.2)
::notice file=traces/away.yaml,line=7,endLine=7,col=5,endColumn=17,title=raftsheet%3A implied%2C L2::traces/away.yaml:7:5: step 2: the trace leaves something unwritten%0Anode 1 took a client's request: entry 1:x=1 at index 1 (leaders rule 2, §5.3)
::notice file=traces/away.yaml,line=11,endLine=11,col=5,endColumn=17,title=raftsheet%3A implied%2C L2::traces/away.yaml:11:5: step Q3: the trace leaves something unwritten%0Anode 1 took a client's request: entry 1:x=2 at index 2 (leaders rule 2, §5.3)
::notice file=traces/away.yaml,line=12,endLine=12,col=40,endColumn=40,title=raftsheet%3A blank::traces/away.yaml:12:40: step Q3: left blank%0Anode 5's answer is left blank
`

const githubCounts = `traces/away.yaml: 3 steps, 12 answers: 10 agree, 1 diverges, 1 blank; 1 table field differs
traces/broken.yaml: 1 step, 0 answers
traces/broken.yaml, document 3: 1 step, 0 answers; 1 safety property broke
`

func TestGitHub(t *testing.T) {
	tests := []struct {
		opt  Options
		want string
	}{
		{Options{Color: true}, githubErrors + githubCounts},
		{Options{Notes: true}, githubErrors + githubNotices + githubCounts},
		{Options{Notes: true, Quiet: true}, githubErrors + githubNotices},
		{Options{Quiet: true}, githubErrors},
	}
	for _, tt := range tests {
		got := machineText(t, "github", tt.opt, machineFiles()...)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%+v: -want +got\n%s", tt.opt, diff)
		}
	}
}

func TestGitHubPaths(t *testing.T) {
	tests := []struct{ name, want string }{
		{"a/b.yaml", "file=a/b.yaml,"},
		{"./a//b.yaml", "file=a/b.yaml,"},
		{"/srv/a.yaml", "file=/srv/a.yaml,"},
		{"-", "file=-,"},
		{"50%,a:b.yaml", "file=50%25%2Ca%3Ab.yaml,"},
	}
	for _, tt := range tests {
		got := machineText(t, "github", Options{}, machineFile(tt.name, "", check.Mode{}))
		if !strings.HasPrefix(got, "::error "+tt.want) {
			t.Errorf("%q: %q, want %q", tt.name, got, tt.want)
		}
	}
}

// A workflowCommand is a line of a log as the runner of a workflow reads it.
type workflowCommand struct {
	name       string
	properties map[string]string
	data       string
}

// readCommand reads a line; ok is false where it is no command.
func readCommand(line string) (c workflowCommand, ok bool) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(line), "::")
	if !ok {
		return c, false
	}
	head, data, ok := strings.Cut(rest, "::")
	if !ok {
		return c, false
	}
	name, list, _ := strings.Cut(head, " ")
	c = workflowCommand{name, map[string]string{}, unescapeCommand(data)}
	for _, pair := range strings.Split(list, ",") {
		key, value, _ := strings.Cut(pair, "=")
		c.properties[key] = unescapeCommand(strings.NewReplacer("%3A", ":", "%2C", ",").Replace(value))
	}
	return c, true
}

func unescapeCommand(s string) string {
	s = strings.NewReplacer("%0D", "\r", "%0A", "\n").Replace(s)
	return strings.ReplaceAll(s, "%25", "%")
}

func TestGitHubHostile(t *testing.T) {
	for _, text := range hostileTexts {
		out := machineText(t, "github", Options{Notes: true}, hostileFile(text), malformedFile(text))
		noneHidden(t, out)
		if strings.Contains(out, "##[") {
			t.Errorf("%q: a command of old in\n%s", text, out)
		}
		var names []string
		for _, line := range strings.Split(strings.TrimSuffix(out, "\n"), "\n") {
			c, ok := readCommand(line)
			if !ok {
				continue
			}
			names = append(names, c.name)
			githubSame(t, text, c)
		}
		if diff := cmp.Diff([]string{"error", "error", "notice"}, names); diff != "" {
			t.Errorf("%q: -want +got\n%s\nin %s", text, diff, out)
		}
		if n := strings.Count(out, "\n"); n != 4 {
			t.Errorf("%q: %d lines in\n%s", text, n, out)
		}
	}
}

// githubSame holds an annotation against the text that is in it everywhere.
func githubSame(t *testing.T, text string, c workflowCommand) {
	t.Helper()
	for _, key := range []string{"file", "line", "endLine", "col", "endColumn", "title"} {
		if c.properties[key] == "" {
			t.Errorf("%q: no %s in %+v", text, key, c)
		}
	}
	if len(c.properties) != 6 {
		t.Errorf("%q: the properties %v", text, c.properties)
	}
	old := strings.NewReplacer("##[", `#\x23[`)
	file, clean := old.Replace(Clean(filepath.Clean(text))), old.Replace(Clean(text))
	head := fmt.Sprintf("%s:%s:%s: ", file, c.properties["line"], c.properties["col"])
	if strings.HasPrefix(c.properties["title"], "raftsheet: state") {
		head += "step " + clean + ", node 1 has log[1] 1:" + clean + ": expected"
	}
	if c.properties["file"] != file || !strings.HasPrefix(c.data, head) {
		t.Errorf("%q: %+v, want it to begin with %q", text, c, head)
	}
}

func TestPlainLog(t *testing.T) {
	tests := []struct{ in, want string }{
		{"a: 1 step\n", "a: 1 step\n"},
		{"::error::x: 1 step\nb\n", "\\x3a:error::x: 1 step\nb\n"},
		{"a\n  ::stop-commands::x", "a\n  \\x3a:stop-commands::x"},
		{"a ::b", "a ::b"},
		{"###[error]x ##[y]", `##\x23[error]x #\x23[y]`},
	}
	for _, tt := range tests {
		if got := plainLog(tt.in); got != tt.want {
			t.Errorf("%q: %q, want %q", tt.in, got, tt.want)
		}
	}
}
