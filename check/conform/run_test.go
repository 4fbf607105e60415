package conform

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/trace"
)

// exampleFiles are the examples, replayed.
func exampleFiles(t testing.TB, rules ...string) []*check.File {
	t.Helper()
	var files []*check.File
	for _, dir := range []string{"../../examples/*.yaml", "../../examples/deviations/*.yaml", "../../examples/grading/*.yaml"} {
		names, err := filepath.Glob(dir)
		must(err)
		for _, name := range names {
			in, err := os.Open(name)
			must(err)
			f := check.CheckFile(filepath.ToSlash(strings.TrimPrefix(name, "../../")), in, check.Settings{Limits: trace.DefaultLimits(), Rules: rules})
			in.Close()
			if len(f.Reports) > 0 {
				files = append(files, f)
			}
		}
	}
	if len(files) < 80 {
		t.Fatalf("only %d examples were found", len(files))
	}
	return files
}

// askAll asks an adapter of the test binary all that files ask.
func askAll(t testing.TB, how string, live bool, files []*check.File, known ...trace.Known) *Result {
	t.Helper()
	im, err := Connect(context.Background(), Settings{Command: adapter(how), Timeout: 10 * time.Second, Live: live, Jobs: 1})
	if err != nil {
		t.Fatalf("%s: %v", how, err)
	}
	r, err := im.Judge(context.Background(), files, known, nil)
	if err != nil {
		t.Fatalf("%s: %v", how, err)
	}
	return r
}

// firstWrong is the first finding of a run that is an error, in words.
func firstWrong(r *Result) string {
	for _, f := range r.Files {
		for _, rep := range f.Reports {
			for i := range rep.Findings {
				if fd := &rep.Findings[i]; rep.Mode.Severity(fd) == finding.Error {
					return fmt.Sprintf("%s: step %s: node %s: %s: %s (%v, %v): %s", f.Name, fd.ID, fd.Node, fd.Kind, fd.Field, fd.Expected, fd.Actual, fd.Message)
				}
			}
		}
	}
	return "nothing"
}

// The reference behind the protocol agrees with itself in everything, before each
// request and live, by the paper's rules and by those of real implementations. If
// it fails, the protocol loses something, or the judge says what is not so.
func TestReferenceAgrees(t *testing.T) {
	for _, rules := range []string{"figure2", "etcd", "hashicorp", "notes"} {
		for _, live := range []bool{false, true} {
			r := askAll(t, rules, live, exampleFiles(t, rules))
			if r.Differ > 0 || r.Failed > 0 || r.Agree < 100 {
				t.Errorf("%s, live %t: %+v; the first: %s", rules, live, r.Tally, firstWrong(r))
			}
			t.Logf("%s, live %t: %+v %v %v", rules, live, r.Tally, r.Skips, r.ByRule)
		}
	}
}
