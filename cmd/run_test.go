package cmd_test

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"raftsheet/cmd"
)

// python runs the tests of the example in Python where there is one to run it.
func python(t *testing.T) string {
	t.Helper()
	if _, err := exec.LookPath("python3"); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal("continuous integration has no python3: the example adapter is not tested")
		}
		t.Skip("there is no python3: the example adapter in Python is not tested")
	}
	t.Chdir("..")
	t.Setenv("PYTHONDONTWRITEBYTECODE", "1")
	return "python3 examples/adapters/python/adapter.py"
}

// ran is what run --format json says of an implementation.
type ran struct {
	Summary struct{ Traces, Diverge int }
	Run     struct {
		Name                                              string
		Deliveries, Agree, Differ, Known, Skipped, Failed int
		Explained                                         bool
		Explanations                                      []struct{ Deviations []string }
	}
}

// runJSON runs the implementation on traces and gives what came of it.
func runJSON(t *testing.T, args ...string) (r ran, code int) {
	t.Helper()
	var out, errs bytes.Buffer
	code = cmd.Main(append([]string{"run", "--format", "json"}, args...), strings.NewReader(""), &out, &errs)
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatalf("%v: %v\n%s", args, err, errs.String())
	}
	return r, code
}

// The Raft in Python agrees with Figure 2 in all that it takes, before each request
// and live. If it fails, the example is wrong, or the run says what is not so.
func TestPython(t *testing.T) {
	command := python(t)
	for _, mode := range []string{"--live=false", "--live"} {
		r, code := runJSON(t, "--sut", command, mode, "--jobs", "2", "examples/figure8.yaml", "examples/late.yaml", "examples/restart.yaml", "examples/deviations")
		if s := r.Run; code != 0 || s.Name != "raft.py" || s.Differ+s.Failed+s.Known > 0 || s.Agree < 150 || s.Skipped > 10 || s.Agree+s.Skipped != s.Deliveries {
			t.Errorf("%s: exit code %d, %+v", mode, code, r)
		}
	}
}

// Each mistake that it can be told to make is found, and named alone. If it fails,
// whoever makes it is not told so.
func TestPythonMistakes(t *testing.T) {
	command := python(t)
	for _, mistake := range []string{"always-truncate", "commit-to-log-end", "vote-not-repeated"} {
		for _, mode := range []string{"--live=false", "--live"} {
			r, code := runJSON(t, "--sut", command+" --mistake "+mistake, mode, "examples/figure7.yaml", "examples/late.yaml", "examples/deviations")
			named := len(r.Run.Explanations) == 1 && slices.Equal(r.Run.Explanations[0].Deviations, []string{mistake})
			if code != 1 || r.Run.Differ == 0 || !r.Run.Explained || !named {
				t.Errorf("%s, %s: exit code %d, %+v", mistake, mode, code, r.Run)
			}
		}
	}
}

// What run saves, check alone judges alike: wrong in the same places, and right once
// these are known.
func TestPythonSaved(t *testing.T) {
	command := python(t) + " --mistake vote-not-repeated"
	dir := t.TempDir()
	known := filepath.Join(dir, "known.yaml")
	list := "- {trace: restart.yaml, step: RV4, node: 3, field: voteGranted, reason: it does not repeat a vote}\n"
	if err := os.WriteFile(known, []byte(list), 0o666); err != nil {
		t.Fatal(err)
	}
	saved := filepath.Join(dir, "saved")
	r, code := runJSON(t, "--sut", command, "--known", known, "--save", saved, "examples/restart.yaml", "examples/late.yaml")
	if code != 0 || r.Run.Known != 1 || r.Run.Differ != 0 {
		t.Errorf("exit code %d, %+v", code, r.Run)
	}
	for _, c := range []struct {
		args []string
		want int
	}{
		{[]string{"check", saved}, 1},
		{[]string{"check", "--known", filepath.Join(saved, "known.yaml"), saved}, 0},
	} {
		var out bytes.Buffer
		if code := cmd.Main(c.args, strings.NewReader(""), &out, &out); code != c.want {
			t.Errorf("%v: exit code %d, want %d\n%s", c.args, code, c.want, out.String())
		}
	}
}
