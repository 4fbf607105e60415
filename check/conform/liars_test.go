package conform

import (
	"context"
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
		if how == "dies at once" || how == "never says hello" {
			continue
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
