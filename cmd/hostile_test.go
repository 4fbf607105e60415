package cmd_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"raftsheet/cmd"
)

// A small file cannot ask for a large one: what it makes the program write, list
// or keep has a bound, and past it stands an error at its place.
func TestBounds(t *testing.T) {
	t.Chdir(t.TempDir())
	bigLog := "initial: {1: {term: 1, role: leader, nextIndex: {2: 1, 3: 1}, log: [" + strings.Repeat("1,", 100_000) + "]}}\n"
	tests := []struct {
		why, trace string
		args       []string
		says       string
	}{
		{"blank logs, each of 100,000 entries",
			"nodes: 3\n" + bigLog + "steps:\n" + strings.Repeat("- state: {1: {log: }}\n", 40),
			[]string{"fill"}, "huge.yaml:31:3: what is filled in up to here comes to more than 8388608 bytes; nothing was written"},
		{"a log of 100,000 entries, sent again and again",
			"nodes: 3\n" + bigLog + "steps:\n" + strings.Repeat("- {appendEntries: {leaderId: 1, entries: auto}, responseLost: [2, 3]}\n", 20),
			[]string{"show", "--format", "json"}, "would list more than 2000000 entries of logs and messages"},
		{"requests to 63 nodes each",
			"nodes: 64\nsteps:\n" + strings.Repeat("- requestVote: {candidateId: 1}\n", 80_000),
			[]string{"check"}, "more than 2000000 requests"},
	}
	for _, tt := range tests {
		t.Run(tt.why, func(t *testing.T) {
			if err := os.WriteFile("huge.yaml", []byte(tt.trace), 0o600); err != nil {
				t.Fatal(err)
			}
			if got := run(append(tt.args, "huge.yaml")); !strings.Contains(got, tt.says) {
				t.Errorf("raftsheet %v says %.300q, not %q", tt.args, got, tt.says)
			}
		})
	}
}

// An unreadable folder, or a link to a folder, keeps no other file from being
// checked.
func TestFolders(t *testing.T) {
	t.Chdir(t.TempDir())
	good := "nodes: 1\nsteps:\n- timeout: 1\n"
	for _, name := range []string{"a/one.yaml", "a/b/two.yml", "a/.git/not.yaml"} {
		if err := os.MkdirAll(filepath.Dir(name), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(good), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Symlink("a", "link"); err != nil {
		t.Skip(err)
	}
	got := run([]string{"check", "a", "link", "nowhere"})
	for _, want := range []string{"a/b/two.yml: 1 step", "a/one.yaml: 1 step", "link/b/two.yml: 1 step", "link/one.yaml: 1 step", "nowhere: no such file"} {
		if !strings.Contains(got, want) {
			t.Errorf("check a link nowhere does not say %q:\n%s", want, got)
		}
	}
	if strings.Contains(got, ".git") {
		t.Errorf("a folder whose name begins with a dot is searched:\n%s", got)
	}
}

// The largest limit is a limit like any other. If this fails, a file is taken for
// an empty one.
func TestLargestLimit(t *testing.T) {
	example := filepath.Join("..", "examples", "first.yaml")
	if got := run([]string{"check", "--max-bytes", "9223372036854775807", example}); !strings.Contains(got, "all agree") {
		t.Errorf("check --max-bytes 9223372036854775807 says %q", got)
	}
}

// A full disk is no success, whatever was to be printed.
func TestFullDisk(t *testing.T) {
	example := filepath.Join("..", "examples", "first.yaml")
	for _, args := range [][]string{{"--help"}, {"help", "trace-format"}, {"rules"}, {"schema"}, {"blank"},
		{"check", example}, {"show", example}, {"explain", example, "1"}, {"fill", example},
		{"compare", example, "--rules", "notes"}, {"coverage", example}} {
		var stderr strings.Builder
		if code := cmd.Main(args, strings.NewReader(""), fullDisk{}, &stderr); code != 2 {
			t.Errorf("raftsheet %v exits with %d although nothing could be written", args, code)
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }
