package report

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check/finding"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
)

func TestGitHub(t *testing.T) {
	all := machineText(t, "github", CheckOptions{Notes: true}, rendertest.Files()...)
	rendertest.Golden(t, "check.github.txt", all)
	var errors, notices, counts string
	for line := range strings.Lines(all) {
		switch {
		case strings.HasPrefix(line, "::error "):
			errors += line
		case strings.HasPrefix(line, "::notice "):
			notices += line
		default:
			counts += line
		}
	}
	tests := []struct {
		opt  CheckOptions
		want string
	}{
		{CheckOptions{Notes: true}, errors + notices + counts},
		{CheckOptions{}, errors + counts},
		{CheckOptions{Notes: true, Quiet: true}, errors + notices},
		{CheckOptions{Quiet: true}, errors},
	}
	for _, tt := range tests {
		got := machineText(t, "github", tt.opt, rendertest.Files()...)
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
		got := machineText(t, "github", CheckOptions{}, rendertest.File(tt.name, "", finding.Mode{}))
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
	for _, text := range rendertest.Texts {
		out := machineText(t, "github", CheckOptions{Notes: true}, rendertest.HostileFile(text), rendertest.MalformedFile(text))
		rendertest.NoneHidden(t, out)
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
	file, clean := old.Replace(doc.Clean(filepath.Clean(text))), old.Replace(doc.Clean(text))
	head := fmt.Sprintf("%s:%s:%s: ", file, c.properties["line"], c.properties["col"])
	if strings.HasPrefix(c.properties["title"], "raftsheet: state") {
		head += "step " + clean + ": node 1 has log[1] 1:" + clean + "; Figure 2 says none"
	}
	if c.properties["file"] != file || !strings.HasPrefix(c.data, head) {
		t.Errorf("%q: %+v, want it to begin with %q", text, c, head)
	}
}
