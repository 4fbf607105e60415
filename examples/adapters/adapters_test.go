// Package adapters holds tests alone: each adapter in the folders below is built,
// and run as anybody runs it.
package adapters

import (
	"io/fs"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"raftsheet/check"
	"raftsheet/check/conform"
	"raftsheet/check/finding"
	"raftsheet/check/reason"
	"raftsheet/examples"
	"raftsheet/raft"
	"raftsheet/trace"
)

// The Go adapters agree with Figure 2, or with the rules in which they say that they
// depart from it, on everything that the corpus asks: before each request, and live.
// If it fails, an implementation does something that no rule of ours describes, or
// its adapter loses something between the two.
func TestAdapters(t *testing.T) {
	for _, c := range []struct {
		name       string
		rules      []string
		each, live int // at most so many are skipped, in percent
	}{
		{"lab", nil, 2, 3},                           // snapshots, and disks that lose something
		{"etcd", []string{"etcd"}, 1, 5},             // leaders of a term that does not begin with an empty entry
		{"hashicorp", []string{"hashicorp"}, 15, 40}, // candidates and leaders
	} {
		t.Run(c.name, func(t *testing.T) {
			command := build(t, c.name)
			files := corpus(t, c.rules...)
			for live, most := range map[bool]int{false: c.each, true: c.live} {
				im, err := conform.Connect(t.Context(), conform.Settings{Command: command, Timeout: 10 * time.Second, Live: live, Jobs: 1})
				if err != nil {
					t.Fatal(err)
				}
				r, err := im.Judge(t.Context(), files, nil, nil)
				if err != nil {
					t.Fatal(err)
				}
				tell(t, r)
				if r.Differ+r.Failed > 0 || r.Agree < 100 || r.Skipped*100 > r.Asked*most {
					t.Errorf("live %t: %+v, and at most %d of 100 may be skipped: %v", live, r.Tally, most, r.Skips)
				}
			}
		})
	}
}

// Asked about Figure 2 itself, each of the two libraries differs, and what explains
// that are deviations of its own set. If it fails, the run blames an implementation
// for what it does not do.
func TestDepartures(t *testing.T) {
	for _, name := range []string{"etcd", "hashicorp"} {
		im, err := conform.Connect(t.Context(), conform.Settings{Command: build(t, name), Timeout: 10 * time.Second, Jobs: 1})
		if err != nil {
			t.Fatal(err)
		}
		r, err := im.Judge(t.Context(), corpus(t, "figure2"), nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		set, _ := raft.SetNamed(name)
		if r.Differ == 0 || !r.Whole {
			t.Errorf("%s: %+v, explained: %t", name, r.Tally, r.Whole)
		}
		own := 0
		for _, x := range r.Explanations {
			var names []string
			all := true
			for _, d := range x.Deviations {
				names = append(names, d.Name)
				all = all && slices.ContainsFunc(set.Deviations, func(of raft.Deviation) bool { return of.Name == d.Name })
			}
			t.Logf("%s: %d differ; explained by %s", name, r.Differ, strings.Join(names, " and "))
			if all {
				own++
			}
		}
		if own == 0 {
			t.Errorf("%s: no explanation is made of its own deviations alone", name)
		}
	}
}

// tell shows what differs.
func tell(t *testing.T, r *conform.Result) {
	for _, f := range r.Files {
		for _, rep := range f.Reports {
			for i := range rep.Findings {
				if fd := &rep.Findings[i]; rep.Mode.Severity(fd) == finding.Error {
					t.Logf("%s:%v: %s: %s", f.Name, fd.Pos, reason.Headline(fd, rep.Run.Rules), reason.Cited(fd))
				}
			}
		}
	}
}

// A thousand deliveries to a process take at most three seconds. If it fails, nobody
// runs the corpus at each commit.
func TestSpeed(t *testing.T) {
	im, err := conform.Connect(t.Context(), conform.Settings{Command: build(t, "lab"), Timeout: 10 * time.Second, Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	files := corpus(t)
	start := time.Now()
	r, err := im.Judge(t.Context(), files, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	per := time.Since(start) * 1000 / time.Duration(r.Asked)
	t.Logf("%d deliveries: %v for a thousand", r.Asked, per.Round(time.Millisecond))
	if per > 3*time.Second {
		t.Errorf("a thousand deliveries take %v; at most 3 s", per)
	}
}

// build builds an adapter, and gives its command.
func build(t *testing.T, name string) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), name)
	if out, err := exec.Command("go", "build", "-o", program, "./"+name).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return "'" + program + "'"
}

// corpus is the corpus, replayed.
func corpus(t *testing.T, rules ...string) (files []*check.File) {
	t.Helper()
	err := fs.WalkDir(examples.Corpus(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || path.Ext(name) != ".yaml" {
			return err
		}
		in, err := examples.Corpus().Open(name)
		if err != nil {
			return err
		}
		defer in.Close()
		files = append(files, check.CheckFile(name, in, check.Settings{Limits: trace.DefaultLimits(), Rules: rules}))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// What is shown for copying is what the adapters are: their imports but for the
// serving half are the standard library's and the implementation's. If it fails, an
// adapter cannot be copied out of this module.
func TestAdaptersStandAlone(t *testing.T) {
	for _, name := range []string{"lab", "etcd", "hashicorp"} {
		out, err := exec.Command("go", "list", "-f", "{{join .Imports \"\\n\"}}", "./"+name).Output()
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range strings.Fields(string(out)) {
			if strings.HasPrefix(path, "raftsheet/") && path != "raftsheet/check/conform/serve" {
				t.Errorf("%s imports %s", name, path)
			}
		}
	}
}

// Nobody who installs raftsheet gets the implementations with it.
func TestBinaryWithoutThem(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "raftsheet").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range strings.Fields(string(out)) {
		if strings.HasPrefix(path, "go.etcd.io/") || strings.HasPrefix(path, "github.com/hashicorp/") || path == "raftsheet/check/conform/serve" {
			t.Errorf("the program imports %s", path)
		}
	}
}
