package conform

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/raft"
	"raftsheet/raft/wide"
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

// Every deviation of the catalogue, put into the reference, is found by the
// examples: at least one answer or state differs before each request or live. What
// explains it is named alone, or among at most three, in 95 of 100. If it fails,
// the examples do not tell a deviation, or the explanation misses it.
func TestDeviationsFound(t *testing.T) {
	files := exampleFiles(t)
	ds := raft.Deviations()
	if !wide.On() {
		ds = []raft.Deviation{ds[0], ds[40]}
	}
	found, named, alone := 0, 0, 0
	for _, d := range ds {
		each, live := askAll(t, d.Name, false, files), askAll(t, d.Name, true, files)
		if each.Differ+live.Differ == 0 {
			t.Errorf("%s is not found", d.Name)
			continue
		}
		found++
		for _, r := range []*Result{each, live} {
			if r.Failed > 0 {
				t.Errorf("%s: %d failed: %s", d.Name, r.Failed, firstWrong(r))
			}
		}
		has := func(r *Result) bool {
			return r.Whole && len(r.Explanations) <= 3 && slices.ContainsFunc(r.Explanations, func(x Explanation) bool {
				return len(x.Deviations) == 1 && x.Deviations[0].Name == d.Name
			})
		}
		switch byEach, byLive := has(each), has(live); {
		case byEach && len(each.Explanations) == 1, byLive && len(live.Explanations) == 1:
			alone++
			named++
		case byEach, byLive:
			named++
		default:
			t.Logf("%s: not named: each %d wrong, %s; live %d wrong, %s", d.Name, each.Wrong, namesOf(each), live.Wrong, namesOf(live))
		}
	}
	t.Logf("%d of %d deviations found; %d named among at most three, %d alone", found, len(ds), named, alone)
	if named*100 < len(ds)*95 {
		t.Errorf("%d of %d deviations are named; want 95 of 100", named, len(ds))
	}
}

// What differs is put down to the rule that decides it: who deletes what does not
// conflict breaks AE3 (a late message in late.yaml, to four nodes), though AE2 settles the
// answer. If it fails, the table of rules contradicts the findings above it.
func TestByRule(t *testing.T) {
	files := slices.DeleteFunc(exampleFiles(t), func(f *check.File) bool { return filepath.Base(f.Name) != "late.yaml" })
	for _, c := range askAll(t, "always-truncate", false, files).ByRule {
		want := 0
		if c.Rule == raft.AE3 {
			want = 4
		}
		if got := c.Decided - c.Agree; got != want {
			t.Errorf("%d that %v decides differ; want %d", got, c.Rule, want)
		}
	}
}

func namesOf(r *Result) string {
	var all []string
	for _, x := range r.Explanations {
		var ds []string
		for _, d := range x.Deviations {
			ds = append(ds, d.Name)
		}
		all = append(all, strings.Join(ds, "+"))
	}
	return fmt.Sprint(r.Whole, all)
}

// What real implementations do differently, all at once, is explained by just that.
// If it fails, an engineer is told of mistakes that the implementation does not make.
func TestSeveralExplained(t *testing.T) {
	files := exampleFiles(t)
	for _, name := range []string{"etcd", "commit-to-log-end,vote-log-unchecked,no-step-down"} {
		in := strings.Split(name, ",")
		if set, ok := raft.SetNamed(name); ok {
			in = nil
			for _, d := range set.Deviations {
				in = append(in, d.Name)
			}
		}
		for _, live := range wide.Of([]bool{false}, []bool{false, true}) {
			r := askAll(t, name, live, files)
			if len(r.Explanations) != 1 || !r.Whole || len(r.Explanations[0].Deviations) < 3 {
				t.Errorf("%s, live %t: %d differ; explained by %s", name, live, r.Differ, namesOf(r))
				continue
			}
			for _, d := range r.Explanations[0].Deviations {
				if !slices.Contains(in, d.Name) {
					t.Errorf("%s, live %t: it is said to have %s", name, live, d.Name)
				}
			}
		}
	}
}

// What a node says that it sends is held against what the reference could send in
// its place: a candidate that offers its commitIndex is found, with what it sent. If
// it fails, a live run does not look at what is sent.
func TestSends(t *testing.T) {
	var of []*check.File
	for _, f := range exampleFiles(t) {
		if f.Name == "examples/figure7.yaml" {
			of = append(of, f)
		}
	}
	r := askAll(t, "offers-commit-index", true, of)
	var messages []string
	for _, rep := range r.Files[0].Reports {
		for i := range rep.Findings {
			if f := &rep.Findings[i]; f.Kind == finding.Message {
				messages = append(messages, f.Message)
			}
		}
	}
	const want = "it sends requestVote {term: 8, candidateId: f, lastLogIndex: 0, lastLogTerm: 0}: node f's log ended at index 11, term 3 when it asked for votes of term 8; the message says index 0"
	if len(messages) == 0 || messages[0] != want {
		t.Errorf("found %q; want first %q", messages, want)
	}
	if each := askAll(t, "offers-commit-index", false, of); each.Differ > 0 {
		t.Errorf("before each request nothing is sent, and %d differ", each.Differ)
	}
}
