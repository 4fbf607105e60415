package report

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gopkg.in/yaml.v3"

	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
)

func TestTAP(t *testing.T) {
	got := machineText(t, "tap", CheckOptions{Notes: true}, rendertest.Files()...)
	rendertest.Golden(t, "check.tap", got)
	if _, err := readTAP(got); err != nil {
		t.Error(err)
	}
}

// A tapResult is a test point as a harness takes it in.
type tapResult struct {
	ok          bool
	description string
	diagnostic  map[string]any
}

var tapPointLine = regexp.MustCompile(`^(not )?ok ([1-9][0-9]*) - (.+)$`)

// readTAP reads TAP 14, and of it only what we write: the version, the plan,
// then test points with their numbers, each "not ok" with a YAML block, notes in
// comments, and nothing else.
func readTAP(text string) ([]tapResult, error) {
	lines := strings.Split(text, "\n")
	if len(lines) < 3 || lines[0] != "TAP version 14" || !strings.HasPrefix(lines[1], "1..") || lines[len(lines)-1] != "" {
		return nil, fmt.Errorf("no TAP 14: %q", lines)
	}
	var results []tapResult
	body := lines[2 : len(lines)-1]
	for len(body) > 0 {
		if strings.HasPrefix(body[0], "# note: ") { // a comment
			body = body[1:]
			continue
		}
		m := tapPointLine.FindStringSubmatch(body[0])
		if m == nil || m[2] != strconv.Itoa(len(results)+1) {
			return nil, fmt.Errorf("the line %q is no test point %d", body[0], len(results)+1)
		}
		description, err := readDescription(m[3])
		if err != nil {
			return nil, err
		}
		r := tapResult{ok: m[1] == "", description: description}
		body = body[1:]
		if !r.ok {
			if r.diagnostic, body, err = readDiagnostic(body); err != nil {
				return nil, err
			}
		}
		results = append(results, r)
	}
	if plan := fmt.Sprintf("1..%d", len(results)); lines[1] != plan {
		return nil, fmt.Errorf("the plan is %q, not %q", lines[1], plan)
	}
	return results, nil
}

// readDescription takes the escapes out; a # or a last { that has none would
// not be part of it.
func readDescription(s string) (string, error) {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '#' || s[i] == '{' && i == len(s)-1 {
			return "", fmt.Errorf("a directive in %q", s)
		}
		if s[i] == '\\' {
			if i++; i == len(s) || s[i] != '\\' && s[i] != '#' {
				return "", fmt.Errorf("no such escape in %q", s)
			}
		}
		b.WriteByte(s[i])
	}
	return b.String(), nil
}

func readDiagnostic(lines []string) (map[string]any, []string, error) {
	if len(lines) == 0 || lines[0] != "  ---" {
		return nil, nil, fmt.Errorf("no YAML block at %q", lines)
	}
	var doc strings.Builder
	for i, line := range lines[1:] {
		if line == "  ..." {
			var v map[string]any
			err := yaml.Unmarshal([]byte(doc.String()), &v)
			return v, lines[i+2:], err
		}
		rest, indented := strings.CutPrefix(line, "  ")
		if !indented {
			return nil, nil, fmt.Errorf("the line %q in a YAML block", line)
		}
		doc.WriteString(rest + "\n")
	}
	return nil, nil, fmt.Errorf("a YAML block without end: %q", lines)
}

func TestTAPDiagnostic(t *testing.T) {
	results, err := readTAP(machineText(t, "tap", CheckOptions{}, rendertest.Files()...))
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]any{
		"message": "step Q3: node 4 answers ok; Figure 2 says no",
		"reason":  "node 4's log ends at index 0; the message says prevLogIndex 1 (AppendEntries rule 2, §5.3)",
		"file":    "traces/away.yaml", "line": 12, "column": 33, "expected": true, "actual": false, "rule": "AE2",
	}
	got := results[2].diagnostic
	if more, _ := got["more"].([]any); len(more) != 1 {
		t.Errorf("more: %v", got["more"])
	}
	delete(got, "more")
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("-want +got\n%s", diff)
	}
}

func TestTAPHostile(t *testing.T) {
	for _, text := range rendertest.Texts {
		out := machineText(t, "tap", CheckOptions{Notes: true}, rendertest.HostileFile(text), rendertest.MalformedFile(text))
		rendertest.NoneHidden(t, out)
		results, err := readTAP(out)
		if err != nil || len(results) != 2 || results[0].ok || results[1].ok {
			t.Errorf("%q: %v, %v in\n%s", text, results, err, out)
			continue
		}
		clean := doc.Clean(text)
		description := clean + ": step " + clean
		if rest, found := strings.CutSuffix(description, "{"); found {
			description = rest + `\x7b`
		}
		d := results[0].diagnostic
		message, _ := d["message"].(string)
		if results[0].description != description || d["file"] != clean || d["expected"] != "1:"+clean || !strings.Contains(message, "1:"+clean+"; Figure 2") {
			t.Errorf("%q: %+v", text, results[0])
		}
		if d := results[1].diagnostic; d["file"] != clean || d["line"] != 1 {
			t.Errorf("%q: %+v", text, results[1])
		}
	}
}

func TestTAPNoFiles(t *testing.T) {
	if got := machineText(t, "tap", CheckOptions{}); got != "TAP version 14\n1..0\n" {
		t.Errorf("%q", got)
	}
}
