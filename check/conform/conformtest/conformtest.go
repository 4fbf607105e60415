// Package conformtest runs traces against an implementation of Raft inside go test.
//
//	func TestRaft(t *testing.T) {
//		conformtest.Test(t, "testdata/raft", func() serve.Node { return &node{} })
//	}
//
// Each trace is a subtest, and each of its steps that asks the implementation
// something is one in that: it fails with the rule of Figure 2 and its figures, and
// is skipped where the implementation cannot take it. raftsheet corpus writes a
// folder of traces to begin with. Another module finds this one by a line in its
// go.mod: replace raftsheet => the folder in which it is.
//
// The package knows test runs and the files of a folder. It knows no
// implementation: that is behind the methods of [serve.Node], in this process.
package conformtest

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"raftsheet/check"
	"raftsheet/check/conform"
	"raftsheet/check/conform/serve"
	"raftsheet/check/finding"
	"raftsheet/check/reason"
	"raftsheet/trace"
)

// Test runs the traces of a folder and of those in it. Before each request, its
// receiver is put into the state in which the reference is. What newNode's nodes
// say about themselves counts: the rules by which they are known to depart from
// the paper, and the fields that they keep.
func Test(t *testing.T, dir string, newNode func() serve.Node) {
	t.Helper()
	run(t, dir, newNode, false)
}

// Live is [Test] with nodes that are started once, and to which then everything
// happens that a trace has happen.
func Live(t *testing.T, dir string, newNode func() serve.Node) {
	t.Helper()
	run(t, dir, newNode, true)
}

// patience is how long a node may take for one call.
const patience = 10 * time.Second

func run(t *testing.T, dir string, newNode func() serve.Node, live bool) {
	t.Helper()
	im, err := conform.Connect(t.Context(), conform.Settings{Timeout: patience, Live: live, Jobs: 1,
		Serve: func(in io.Reader, out io.Writer) error { return serve.ServeOn(in, out, newNode) }})
	if err != nil {
		t.Fatal(err)
	}
	files, err := read(dir, im.Rules)
	if err != nil {
		im.Close()
		t.Fatal(err)
	}
	r, err := im.Judge(context.WithoutCancel(t.Context()), files, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range r.Files {
		for _, e := range f.Errors {
			t.Error(e)
		}
		for _, rep := range f.Reports {
			name, _ := filepath.Rel(dir, f.Name)
			if n := rep.Run.Trace.Document; n > 1 {
				name = fmt.Sprintf("%s, document %d", name, n)
			}
			t.Run(filepath.ToSlash(name), func(t *testing.T) { steps(t, rep) })
		}
	}
	t.Logf("%s: of %d deliveries %d agree, %d differ, %d failed; %d skipped", r, r.Asked, r.Agree, r.Differ, r.Failed, r.Skipped)
	if r.Judged() == 0 {
		t.Error("nothing was judged")
	}
	explain(t, r)
}

// read reads and replays the traces in a folder, by these rules or their own.
func read(dir string, rules []string) ([]*check.File, error) {
	var files []*check.File
	set := check.Settings{Limits: trace.DefaultLimits(), Rules: rules}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && name != dir && strings.HasPrefix(d.Name(), ".") {
			return fs.SkipDir
		}
		if ext := filepath.Ext(name); err != nil || d.IsDir() || ext != ".yaml" && ext != ".yml" {
			return err
		}
		in, err := os.Open(name)
		if err != nil {
			return err
		}
		defer in.Close()
		f := check.CheckFile(name, in, set)
		if f.Source == nil || !f.Source.IsForeign() {
			files = append(files, f)
		}
		return nil
	})
	if err == nil && len(files) == 0 {
		err = fmt.Errorf("%s: there is no trace in this folder", dir)
	}
	return files, err
}

// steps are the subtests of a trace.
func steps(t *testing.T, r *check.Report) {
	for i := range r.Run.Trace.Steps {
		var wrong, skipped []*finding.Finding
		for j := range r.Findings {
			switch f := &r.Findings[j]; {
			case f.Step != i+1:
			case f.Kind == finding.Skipped:
				skipped = append(skipped, f)
			case r.Mode.Severity(f) == finding.Error:
				wrong = append(wrong, f)
			}
		}
		if !r.Asked[i] && len(wrong)+len(skipped) == 0 {
			continue
		}
		t.Run("step "+r.Run.Trace.Steps[i].ID, func(t *testing.T) {
			for _, f := range wrong {
				t.Errorf("%s:%v: %s\n%s", r.Run.Trace.File, f.Pos, reason.Divergence(f, r.Run.Rules), reason.Cited(f))
			}
			for _, f := range skipped {
				t.Logf("node %s was not judged: %s", f.Node, f.Message)
			}
			if !r.Asked[i] && len(wrong) == 0 {
				t.SkipNow()
			}
		})
	}
}

// explain names the deviations that explain all that differs.
func explain(t *testing.T, r *conform.Result) {
	if !r.Whole || len(r.Explanations) > 3 {
		return
	}
	for _, x := range r.Explanations {
		var names []string
		for _, d := range x.Deviations {
			names = append(names, fmt.Sprintf("%s (believed: %s)", d.Name, d.Believed))
		}
		t.Log("what differs is explained by " + strings.Join(slices.Compact(names), " and "))
	}
}
