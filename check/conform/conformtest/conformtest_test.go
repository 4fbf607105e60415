package conformtest_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"raftsheet/check/conform/conformtest"
	"raftsheet/check/conform/internal/reference"
	"raftsheet/check/conform/serve"
	"raftsheet/examples"
	"raftsheet/raft"
)

// The corpus passes with the reference behind it, before each request and live.
func TestReference(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, examples.Corpus()); err != nil {
		t.Fatal(err)
	}
	conformtest.Test(t, dir, reference.New(raft.Figure2()))
	conformtest.Live(t, dir, reference.New(raft.Figure2()))
}

// A handler without snapshots is a node that knows no more than it has to.
type handler struct{ serve.Node }

// childEnv names the rules of the test that a test starts to see it fail.
const childEnv = "RAFTSHEET_TEST_CONFORMTEST"

// TestChild is what the next test starts.
func TestChild(t *testing.T) {
	rules := os.Getenv(childEnv)
	if rules == "" {
		t.Skip("started by TestFails")
	}
	by, err := raft.RulesNamed(rules)
	if err != nil {
		t.Fatal(err)
	}
	newNode := func() serve.Node { return handler{reference.New(by)()} }
	conformtest.Test(t, os.Getenv(childEnv+"_DIR"), newNode)
}

// A mistake fails its trace and step, with the place, the rule and the figures, and
// is named; what the node cannot take is skipped, and nothing else fails. If it
// fails, who runs go test learns that something is wrong, and not what.
func TestFails(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"deviations/always-truncate.yaml", "snapshot.yaml"} {
		text, err := os.ReadFile(filepath.Join("../../../examples", name))
		if err == nil {
			err = os.WriteFile(filepath.Join(dir, filepath.Base(name)), text, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	out := child(t, "always-truncate", dir)
	for _, want := range []string{
		"--- FAIL: TestChild/always-truncate.yaml/step_1 ",
		"always-truncate.yaml:17:16: node 1 has log[3] none; Figure 2 says 1\n",
		"(AppendEntries rule 3, §5.3)\n",
		"--- PASS: TestChild/snapshot.yaml ",
		"--- PASS: TestChild/snapshot.yaml/step_AE1 ",
		"node 3 was not judged: it does not take installSnapshot\n",
		"--- SKIP: TestChild/snapshot.yaml/step_IS1 ",
		"what differs is explained by always-truncate (believed: ",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("it does not say %q:\n%s", want, out)
		}
	}
	if n := strings.Count(out, "--- FAIL"); n != 3 {
		t.Errorf("%d tests fail; the step, its trace and the test should:\n%s", n, out)
	}
}

// A folder without a trace, and one of which nothing can be judged, fail.
func TestNothing(t *testing.T) {
	empty, snapshots := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(snapshots, "s.yaml"), []byte(`nodes: 2
initial:
  1: {term: 1, role: leader, snapshot: {lastIncludedIndex: 1, lastIncludedTerm: 1}, log: [], commitIndex: 1}
  2: {term: 1}
steps:
  - installSnapshot: {leaderId: 1, term: 1, lastIncludedIndex: 1, lastIncludedTerm: 1}
`), 0o666); err != nil {
		t.Fatal(err)
	}
	for dir, want := range map[string]string{empty: "there is no trace in this folder", snapshots: "nothing was judged"} {
		if out := child(t, "figure2", dir); !strings.Contains(out, want) || !strings.Contains(out, "--- FAIL") {
			t.Errorf("it does not fail with %q:\n%s", want, out)
		}
	}
}

// child runs TestChild, and gives what it prints.
func child(t *testing.T, rules, dir string) string {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	c := exec.Command(self, "-test.run", "^TestChild$", "-test.v")
	c.Env = append(os.Environ(), childEnv+"="+rules, childEnv+"_DIR="+dir)
	out, _ := c.CombinedOutput() // it fails
	return string(out)
}
