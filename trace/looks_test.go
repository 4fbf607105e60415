package trace

import (
	"strings"
	"testing"
	"unicode/utf16"
)

// A sheet that does not read is still told from the README beside it. If it fails, a
// student's work is passed over, or a README is marked.
func TestLooksKeyed(t *testing.T) {
	for _, tt := range []struct {
		why, text string
		want      bool
	}{
		{"a sheet", "# Worksheet\ntitle: Raft\nnodes: 3\nsteps:\n", true},
		{"a broken one", "nodes: [3\nsteps: {{", true},
		{"a space before the colon, capitals", "My answers\nSteps :\n - response: ok\n", true},
		{"a tab before it", "nodes\t: 3\n", true},
		{"a tab before all", "\tnodes: 3\n", true},
		{"old ends of lines", "Raft\rnodes: 3\rsteps:\r", true},
		{"quotes of a word processor", "\u201cnodes\u201d: 3\n", true},
		{"JSON", `{"nodes": 3, "steps": []}`, true},
		{"JSON on lines", "{\n  \"version\": 1,\n  \"nodes\": 3\n}", true},
		{"JSON, the key late on its line", `{"x": {"a": [1, 2]}, "nodes":3}`, true},
		{"a fence in a letter", "Dear all,\n\n```yaml\n  nodes: 3\n```\nBest\n", true},
		{"quoted from a mail", "> nodes: 3\n> steps:\n", true},
		{"a byte order mark", "\ufeffnodes: 3\n", true},

		{"nothing", "", false},
		{"a letter", "I could not do it, sorry.\nThe nodes: they are too many.\n", false},
		{"a readme", "# Assignment 3\n\nSee the steps below, and note the rules.\n", false},
		{"other YAML", "version: 3\nservices:\n  nodes: 3\n", false},
		{"other JSON", `{"name": "raft", "version": "1.0.0"}`, false},
		{"a licence", "MIT License\n\nCopyright (c) 2026: Jane\n", false},
	} {
		if got := LooksKeyed([]byte(tt.text)); got != tt.want {
			t.Errorf("%s: %t", tt.why, got)
		}
		var wide strings.Builder
		for _, u := range utf16.Encode([]rune("\ufeff" + tt.text)) {
			wide.WriteByte(byte(u))
			wide.WriteByte(byte(u >> 8))
		}
		ascii := !strings.ContainsAny(tt.text, "\u201c\ufeff")
		if got := LooksKeyed([]byte(wide.String())); ascii && got != tt.want {
			t.Errorf("%s in UTF-16: %t", tt.why, got)
		}
	}
}
