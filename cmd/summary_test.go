package cmd_test

import (
	"os"
	"strings"
	"testing"
)

// The page of a workflow's run stays under the size past which the runner drops
// it, with what was there before, and says where it was cut. If this fails, a
// folder with many findings has an empty page.
func TestSummaryIsCut(t *testing.T) {
	const most = 1 << 20
	t.Chdir(t.TempDir())
	t.Setenv("GITHUB_STEP_SUMMARY", "page.md")
	text := "nodes: 3\nsteps:\n" + strings.Repeat("- {timeout: 1, state: {1: {term: 77777}}}\n", 12_000)
	if err := os.WriteFile("wrong.yaml", []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	before := strings.Repeat("# Before\n", 100)
	if err := os.WriteFile("page.md", []byte(before), 0o600); err != nil {
		t.Fatal(err)
	}
	for range 2 { // the second has room for its last line alone
		if out := run([]string{"check", "--format", "github", "wrong.yaml"}); strings.Count(out, "::error ") != 12_000 {
			t.Errorf("%d annotations, want 12000: %.300s", strings.Count(out, "::error "), out)
		}
		page, err := os.ReadFile("page.md")
		lines := strings.Split(strings.TrimSpace(string(page)), "\n")
		if err != nil || len(page) > most || len(page) < most-1000 || !strings.HasPrefix(string(page), before+"## wrong.yaml") {
			t.Fatalf("the page has %d bytes: %.50q, %v", len(page), page, err)
		}
		if last := lines[len(lines)-1]; !strings.HasPrefix(last, "**The page is cut here: ") || lines[len(lines)-2] != "" {
			t.Errorf("the page ends with %q", lines[len(lines)-2:])
		}
	}
}
