package check_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/check"
	"raftsheet/check/checktest"
	"raftsheet/check/finding"
)

var update = flag.Bool("update", false, "rewrite the golden files; read them before you keep them")

// Examples that do not agree, on purpose: a sheet with mistakes, and a cluster that is
// no longer safe.
const (
	wrong  = "worksheet-wrong.yaml"
	unsafe = "lost-vote.yaml"
)

func checkExample(t testing.TB, name string) *check.File {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return check.CheckFile(filepath.Base(name), bytes.NewReader(data), checktest.Settings)
}

// Every example agrees with the reference, and says nothing impossible.
func TestExamplesAgree(t *testing.T) {
	for _, name := range checktest.ExampleFiles(t) {
		if base := filepath.Base(name); base == wrong || base == unsafe {
			continue
		}
		f := checkExample(t, name)
		if len(f.Errors) > 0 {
			t.Errorf("%s is malformed:\n%v", name, f.Errors)
		}
		for _, rep := range f.Reports {
			if rep.Result() != check.Agrees {
				t.Errorf("%s, document %d, does not agree:\n\t%s", name, rep.Run.Trace.Document,
					strings.Join(checktest.Lines(rep, finding.Response, finding.State, finding.Message, finding.Safety), "\n\t"))
			}
		}
	}
}

// A vote that a disk loses makes two leaders, by right answers alone.
func TestLostVoteIsUnsafe(t *testing.T) {
	f := checkExample(t, "../examples/"+unsafe)
	if len(f.Errors) > 0 {
		t.Fatal(f.Errors)
	}
	checktest.Expect(t, f.Reports[0],
		"implied RV1 1: it stands for term 1",
		"loss down 3 votedFor: votedFor none; it was 1",
		"implied RV2 2: it stands for term 1",
		"safety RV2 2 Election Safety: nodes 1 and 2 both lead term 1")
}

// The mistakes of the worksheet with mistakes are found, each at its place and
// with its reason, and nothing else is.
func TestWorksheetWithMistakes(t *testing.T) {
	const golden = "testdata/worksheet-wrong.golden"
	f := checkExample(t, "../examples/"+wrong)
	if len(f.Errors) > 0 || len(f.Reports) != 1 {
		t.Fatalf("%s is malformed: %v", wrong, f.Errors)
	}
	got := fullFindings(f.Reports[0])
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatalf("%v; go test ./check -update writes it", err)
	}
	if d := cmp.Diff(string(want), got); d != "" {
		t.Errorf("the findings of %s are no longer those of %s (-should be +is):\n%s", wrong, golden, d)
	}
	if n := f.Reports[0].Count(finding.Error); n != 6 {
		t.Errorf("%s has six mistakes, and %d are found", wrong, n)
	}
}

// fullFindings writes all that the findings carry, a paragraph each.
func fullFindings(rep *check.Report) string {
	var b strings.Builder
	for i := range rep.Findings {
		f := &rep.Findings[i]
		fmt.Fprintf(&b, "%s %s: step %d %s, %s, node %s\n", f.Pos, f.Kind, f.Step, f.ID, f.Event, f.Node)
		fmt.Fprintf(&b, "  field %q, expected %v, actual %v, rule %q, section %q\n", f.Field, f.Expected, f.Actual, f.Rule, f.PaperSection())
		fmt.Fprintf(&b, "  %s\n", f.Message)
	}
	return b.String()
}
