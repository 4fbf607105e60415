package conform

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"raftsheet/check"
	"raftsheet/check/conform/internal/reference"
	serving "raftsheet/check/conform/serve"
	"raftsheet/examples"
	"raftsheet/raft"
	"raftsheet/raft/wide"
	"raftsheet/trace"
)

func testCorpus(t testing.TB) Corpus {
	t.Helper()
	c, err := NewCorpus(examples.Corpus())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// ways are the ways in which each rule can decide: a check passes or refuses, most
// other rules act or find nothing to do, those for a role ignore what comes to
// another. C1 and IS7 have no condition of their own.
var ways = map[raft.Rule][]raft.Outcome{
	raft.A1: {raft.Acted, raft.Idle}, raft.A2: {raft.Acted, raft.Idle},
	raft.AE1: {raft.Passed, raft.Refused}, raft.AE2: {raft.Passed, raft.Refused},
	raft.AE3: {raft.Acted, raft.Idle}, raft.AE4: {raft.Acted, raft.Idle}, raft.AE5: {raft.Acted, raft.Idle},
	raft.RV1: {raft.Passed, raft.Refused}, raft.RV2a: {raft.Passed, raft.Refused}, raft.RV2b: {raft.Passed, raft.Refused},
	raft.F2: {raft.Acted, raft.Idle}, raft.C1: {raft.Acted}, raft.C2: {raft.Acted, raft.Idle, raft.Ignored}, raft.C3: {raft.Acted, raft.Idle},
	raft.L2: {raft.Acted, raft.Ignored}, raft.L3: {raft.Acted, raft.Ignored}, raft.L4: {raft.Acted, raft.Idle},
	raft.IS1: {raft.Passed, raft.Refused}, raft.IS6: {raft.Acted, raft.Idle}, raft.IS7: {raft.Acted}, raft.IS8: {raft.Acted, raft.Idle},
}

// What the corpus promises: each rule decides each way in which it can, and each
// deviation is revealed by at least two traces. If it fails, an implementation may
// be wrong in that and pass.
func TestCorpusPromise(t *testing.T) {
	c := testCorpus(t)
	for _, r := range c.Decided() {
		if len(ways[r.Rule]) == 0 {
			t.Errorf("%s: the test does not say in which ways it can decide", r.Name)
		}
		for _, way := range ways[r.Rule] {
			if r.By[way] == 0 {
				t.Errorf("%s never comes out as %v", r.Name, way)
			}
		}
	}
	revealing := c.Revealing()
	for _, d := range raft.Deviations() {
		if n := revealing[d.Name]; n < 2 {
			t.Errorf("%s is revealed by %d traces", d.Name, n)
		}
	}
}

// Two makings of a corpus are the same to the byte, its fixtures come in order, and
// nothing in them is left to fill in. The digest is what sha256sum would make of it:
// other languages check it so.
func TestCorpusSame(t *testing.T) {
	a, b := testCorpus(t), testCorpus(t)
	if a.Digest() != b.Digest() || !slices.IsSortedFunc(a, func(x, y Fixture) int { return strings.Compare(x.Name, y.Name) }) {
		t.Errorf("the digests are %s and %s", a.Digest(), b.Digest())
	}
	for i := range a {
		f := check.CheckFile(a[i].Name, strings.NewReader(string(a[i].Text)), check.Settings{Limits: trace.DefaultLimits()})
		for _, r := range f.Reports {
			if r.Result() != check.Agrees || r.Tally.Blank > 0 {
				t.Errorf("%s: %s, %d blank", f.Name, r.Result(), r.Tally.Blank)
			}
		}
	}
	sum, err := exec.LookPath("sha256sum")
	if err != nil {
		t.Skip("no sha256sum here")
	}
	dir, names := t.TempDir(), []string{}
	for i := range a {
		names = append(names, a[i].Name)
		name := filepath.Join(dir, a[i].Name)
		must(os.MkdirAll(filepath.Dir(name), 0o777))
		must(os.WriteFile(name, a[i].Text, 0o666))
	}
	c := exec.Command(sum, names...)
	c.Dir = dir
	lines, err := c.Output()
	must(err)
	if got := SHA256(lines); got != a.Digest() {
		t.Errorf("sha256sum makes it %s, the corpus %s", got, a.Digest())
	}
}

// What cannot be a fixture is refused, with its file and the reason.
func TestCorpusRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"nodes: 3\nrules: etcd\nsteps:\n  - timeout: 1\n":                                                                        "it goes by the rules of etcd",
		"nodes: 3\nsteps:\n  - requestVote: {term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0}\n    response: {2: no}\n": "it does not agree with Figure 2: ",
		"nodes: 3\nstep: []\n": "step",
	} {
		_, err := NewCorpus(fstest.MapFS{"a.yaml": &fstest.MapFile{Data: []byte(text)}})
		if err == nil || !strings.HasPrefix(err.Error(), "a.yaml: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v; want an error that says %q", text, err, want)
		}
	}
}

// Every example in which everything goes by Figure 2 is in the corpus, but for those
// that are in it already under another name, and for what students hand in. If it fails, an example was added and
// its line in examples.go forgotten.
func TestCorpusWhole(t *testing.T) {
	elsewhere := []string{"grading/key.yaml", "worksheet-blank.yaml"} // worksheet.yaml, not filled in
	handouts := []string{"adapters", "game", "game-wrong", "generated", "grading/own", "grading/submissions"}
	missing := []string{"lost-vote.yaml", "worksheet-wrong.yaml"}
	all := os.DirFS("../../examples")
	err := fs.WalkDir(all, ".", func(name string, d fs.DirEntry, err error) error {
		if d.IsDir() && slices.Contains(handouts, name) {
			return fs.SkipDir
		}
		if err != nil || filepath.Ext(name) != ".yaml" || slices.Contains(elsewhere, name) {
			return err
		}
		text, err := fs.ReadFile(all, name)
		if err != nil {
			return err
		}
		_, wrong := NewCorpus(fstest.MapFS{name: &fstest.MapFile{Data: text}})
		_, absent := fs.Stat(examples.Corpus(), name)
		if fmt.Sprint(wrong == nil) != fmt.Sprint(absent == nil) || (wrong != nil) != slices.Contains(missing, name) {
			t.Errorf("%s: as a fixture: %v; in the corpus: %v", name, wrong, absent)
		}
		return nil
	})
	must(err)
}

// Each deviation, put into the reference, differs somewhere in the corpus: before
// each request, or live. If it fails, the corpus lets an implementation pass that has
// this mistake.
func TestCorpusFinds(t *testing.T) {
	var files []*check.File
	for _, f := range testCorpus(t) {
		files = append(files, check.CheckFile(f.Name, strings.NewReader(string(f.Text)), check.Settings{Limits: trace.DefaultLimits()}))
	}
	every := wide.Of(20, 1)
	for i, d := range raft.Deviations() {
		if i%every > 0 {
			continue
		}
		differ := 0
		for _, live := range []bool{false, true} {
			if differ > 0 {
				break
			}
			im, err := Connect(context.Background(), Settings{Serve: played(raft.Figure2().With(d)), Timeout: 10 * time.Second, Live: live, Jobs: 1})
			must(err)
			r, err := im.Judge(context.Background(), files, nil, nil)
			must(err)
			differ += r.Differ
			if r.Failed+r.Skipped > r.Asked/100 {
				t.Errorf("%s, live %t: %+v", d.Name, live, r.Tally)
			}
		}
		if differ == 0 {
			t.Errorf("%s: nothing differs", d.Name)
		}
	}
}

// played is the reference by these rules, in this process.
func played(rules *raft.Rules) func(in io.Reader, out io.Writer) error {
	return func(in io.Reader, out io.Writer) error { return serving.ServeOn(in, out, reference.New(rules)) }
}
