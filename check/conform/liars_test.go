package conform

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"raftsheet/check"
	"raftsheet/check/finding"
)

// fewFiles are traces of some thirty deliveries.
func fewFiles(t *testing.T) []*check.File {
	var few []*check.File
	for _, f := range exampleFiles(t) {
		if slices.Contains([]string{"examples/first.yaml", "examples/figure8.yaml", "examples/restart.yaml", "examples/snapshot.yaml"}, f.Name) {
			few = append(few, f)
		}
	}
	return few
}

// An adapter that lies, or that falls silent, costs only the questions that it lies
// to: all others agree, and the run ends. If it fails, one bad reply takes others
// with it, hangs the runner, or passes.
func TestLiars(t *testing.T) {
	files := fewFiles(t)
	for _, how := range slices.Sorted(maps.Keys(liars)) {
		if slices.Contains([]string{"dies at once", "never says hello", "says nothing", "no snapshot", "no role"}, how) {
			continue // see below
		}
		timeout := 10 * time.Second
		if how == "never" || strings.HasPrefix(how, "closes") {
			timeout = time.Second / 2 // it is waited for
		}
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			for _, live := range []bool{false, true} {
				im, err := Connect(context.Background(), Settings{Command: adapter(how), Timeout: timeout, Live: live, Jobs: 1})
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				r, err := im.Judge(context.Background(), files, nil, nil)
				if err != nil {
					t.Fatal(err)
				}
				switch {
				case (how == "floods stderr") != (r.Failed == 0):
					t.Errorf("live %t: %d failed: %s", live, r.Failed, firstWrong(r))
				case r.Differ > 0 || r.Agree+r.Failed != r.Asked || r.Agree < 10:
					t.Errorf("live %t: %+v; the first: %s", live, r.Tally, firstWrong(r))
				}
				if took := time.Since(began); took > time.Minute {
					t.Errorf("live %t: it took %v", live, took)
				}
				if how == "exits" && !strings.Contains(firstWrong(r), "the last line of its standard error: assertion failed") {
					t.Errorf("live %t: its last words are not told: %s", live, firstWrong(r))
				}
			}
		})
	}
}

// What cannot be started says why, and does not hang.
func TestCannotStart(t *testing.T) {
	for command, want := range map[string]string{
		adapter("dies at once"):                       "it ended, or closed its standard output",
		adapter("never says hello"):                   "it did not reply within 300ms",
		"no-such-command-here":                        "not found",
		"echo '{}'":                                   "it replied with id 0",
		"sleep 100 & echo nonsense":                   "it is not a JSON object: nonsense",
		"echo '{\"id\": 1, \"rules\": [\"raft\"]}'":   "there are no rules named \"raft\"",
		"echo '{\"id\": 1, \"keeps\": [\"voted\"]}'":  "it keeps \"voted\"",
		"echo '{\"id\": 1, \"cannot\": \"do this\"}'": "do this",
	} {
		_, err := Connect(context.Background(), Settings{Command: command, Timeout: time.Second * 3 / 10, Jobs: 1})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: the error is %v; want one that says %q", command, err, want)
		}
	}
}

// An adapter that never gets anything right is not asked for ever.
func TestGivesUp(t *testing.T) {
	im, err := Connect(context.Background(), Settings{Command: `read l; echo '{"id": 1}'`, Timeout: time.Second, Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	r, err := im.Judge(context.Background(), fewFiles(t), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Failed != r.Asked || r.Asked < 20 || r.Judged() != 0 {
		t.Errorf("%+v", r.Tally)
	}
	given := 0
	for _, f := range r.Files {
		for _, rep := range f.Reports {
			for i := range rep.Findings {
				if fd := &rep.Findings[i]; fd.Kind == finding.Failed && strings.Contains(fd.Message, "not asked any more") {
					given++
				}
			}
		}
	}
	if given != r.Asked-mostInARow {
		t.Errorf("%d of %d questions were given up, want all but %d", given, r.Asked, mostInARow)
	}
}

// What is right but for one thing differs in that, wherever it is told: an answer
// that is not given, also where it would have been lost; a snapshot that was not
// taken. What is not told is not compared. If it fails, something wrong passes.
func TestOneThingWrong(t *testing.T) {
	files := fewFiles(t)
	if r := askAll(t, "says nothing", false, files); r.Differ != r.Asked {
		t.Errorf("no answer at all: %+v", r.Tally)
	}
	r := askAll(t, "no snapshot", false, files)
	if got := firstWrong(r); r.Differ != 3 || !strings.Contains(got, "snapshot") {
		t.Errorf("no snapshot: %+v; the first: %s", r.Tally, got)
	}
	if r := askAll(t, "no role", false, files); r.Agree != r.Asked {
		t.Errorf("no role: %+v; the first: %s", r.Tally, firstWrong(r))
	}
}

// Several processes come to the same as one, in the same order. If it fails, --jobs
// changes what is found.
func TestJobs(t *testing.T) {
	var found [2]string
	for i, jobs := range []int{1, 3} {
		im, err := Connect(context.Background(), Settings{Command: adapter("always-truncate"), Timeout: 10 * time.Second, Live: true, Jobs: jobs})
		if err != nil {
			t.Fatal(err)
		}
		done := 0
		r, err := im.Judge(context.Background(), exampleFiles(t), nil, func(n, of int) { done = max(done, n) })
		if err != nil || done != r.Asked {
			t.Fatalf("%v; %d of %d questions were told of", err, done, r.Asked)
		}
		for _, f := range r.Files {
			for _, rep := range f.Reports {
				found[i] += fmt.Sprintln(f.Name, rep.Findings)
			}
		}
	}
	if found[0] != found[1] {
		t.Error("three processes find something else than one")
	}
}
