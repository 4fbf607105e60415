package serve_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"raftsheet/check"
	"raftsheet/check/conform"
	"raftsheet/check/conform/internal/reference"
	"raftsheet/check/conform/serve"
	"raftsheet/check/finding"
	"raftsheet/check/reason"
	"raftsheet/raft"
	"raftsheet/trace"
)

// exampleFiles are the examples that can be replayed.
func exampleFiles(t *testing.T, rules string) (files []*check.File) {
	t.Helper()
	for _, dir := range []string{"../../../examples/*.yaml", "../../../examples/deviations/*.yaml", "../../../examples/grading/*.yaml"} {
		names, err := filepath.Glob(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			if f := check.CheckFile(name, bytes.NewReader(text), check.Settings{Limits: trace.DefaultLimits(), Rules: []string{rules}}); len(f.Reports) > 0 {
				files = append(files, f)
			}
		}
	}
	return files
}

// judge asks a reference of these rules, in this process, what traces ask that are
// replayed by others.
func judge(t *testing.T, serves, rules string, live bool) *conform.Result {
	t.Helper()
	by, err := raft.RulesNamed(serves)
	if err != nil {
		t.Fatal(err)
	}
	im, err := conform.Connect(t.Context(), conform.Settings{Timeout: 10 * time.Second, Live: live, Jobs: 2,
		Serve: func(in io.Reader, out io.Writer) error { return serve.ServeOn(in, out, reference.New(by)) }})
	if err != nil {
		t.Fatal(err)
	}
	r, err := im.Judge(t.Context(), exampleFiles(t, rules), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// The reference behind the serving half agrees with itself in everything, and
// nothing is skipped. If it fails, the two halves of the protocol do not say the
// same by the same name.
func TestBothHalves(t *testing.T) {
	for _, rules := range []string{"figure2", "etcd", "hashicorp"} {
		for _, live := range []bool{false, true} {
			if r := judge(t, rules, rules, live); r.Differ+r.Failed > 0 || r.Agree < 700 {
				t.Errorf("%s, live %t: %+v", rules, live, r.Tally)
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
		}
	}
	if r := judge(t, "always-truncate", "figure2", false); r.Differ == 0 || r.Failed > 0 {
		t.Errorf("always-truncate: %+v; it should differ", r.Tally)
	}
}

// An odd node goes wrong in the way that a candidate's name says.
type odd struct{ state serve.State }

func (o *odd) Start(s serve.Start) error {
	o.state = s.State
	return nil
}

func (o *odd) RequestVote(m serve.RequestVote) (*serve.Answer, error) {
	switch m.CandidateID {
	case "panics":
		var log []int
		return nil, fmt.Errorf("%d", log[m.Term])
	case "errs":
		return nil, errors.New("disk full")
	case "cannot":
		return nil, fmt.Errorf("asked too much: %w", serve.Cannot("no such thing"))
	case "silent":
		return nil, nil
	case "prints":
		fmt.Println("debug")
	}
	return &serve.Answer{Term: m.Term, OK: true, MatchIndex: new(7)}, nil
}

func (o *odd) AppendEntries(serve.AppendEntries) (*serve.Answer, error) { return nil, nil }
func (o *odd) State() serve.State                                       { return o.state }

// Whatever an implementation does, its call has one reply, and the next call has
// one too. Each row is a call, and what its reply must have.
func TestReplies(t *testing.T) {
	const start = `"do": "start", "nodes": ["a", "b"], "voters": [["a", "b"]], "state": {"term": 3, "votedFor": null, "role": "follower", "log": [[1, "x"], [2, null]], "commitIndex": 1, "lastApplied": 1, "leader": null}`
	var in, want []string
	for _, c := range []struct{ call, reply string }{
		{`"do": "hello", "version": 1`, `{"id":0,"can":["appendEntries","requestVote","start"],"keeps":["term","votedFor","role","log","commitIndex"],"name":"","rules":null,"version":""}`},
		{`"do": "requestVote", "to": "a", "term": 3, "candidateId": "b"`, `{"id":1,"error":"node \"a\" was not started"}`},
		{start + `, "node": "a"`, `{"id":2}`},
		{`"do": "requestVote", "to": "a", "term": 4, "candidateId": "b"`, `{"id":3,"answer":{"term":4,"voteGranted":true},"state":{"commitIndex":1,"log":[[1,"x"],[2,null]],"role":"follower","term":3,"votedFor":null}}`},
		{`"do": "requestVote", "to": "a", "term": 4, "candidateId": "silent"`, `{"id":4,"answer":null,"state":{"commitIndex":1,"log":[[1,"x"],[2,null]],"role":"follower","term":3,"votedFor":null}}`},
		{`"do": "requestVote", "to": "a", "term": 4, "candidateId": "errs"`, `{"id":5,"error":"disk full"}`},
		{`"do": "requestVote", "to": "a", "term": 4, "candidateId": "cannot"`, `{"id":6,"cannot":"no such thing"}`},
		{`"do": "timeout", "node": "a"`, `{"id":7,"cannot":"it does not take timeout"}`},
		{`"do": "dance", "node": "a"`, `{"id":8,"cannot":"it does not take dance"}`},
		{`"do": "requestVote", "to": "a", "term": 4, "candidateId": "panics"`, `{"id":9,"error":"panic: runtime error: index out of range [4] with length 0"}`},
		{`"do": "requestVote", "to": "a", "term": 4, "candidateId": "b"`, `{"id":10,"error":"node \"a\" was not started"}`},
		{`"do": "quit"`, ""},
	} {
		in = append(in, fmt.Sprintf(`{"id": %d, %s}`, len(in), c.call))
		if c.reply != "" {
			want = append(want, c.reply)
		}
	}
	var out bytes.Buffer
	if err := serve.ServeOn(strings.NewReader(strings.Join(in, "\n")+"\nnot read any more\n"), &out, func() serve.Node { return &odd{} }); err != nil {
		t.Fatal(err)
	}
	for i, got := range strings.Split(strings.TrimSpace(out.String()), "\n") {
		if i >= len(want) || !alike(t, got, want[i]) {
			t.Errorf("to %s\n  %s\nwant\n  %s", in[i], got, append(want, "nothing")[min(i, len(want))])
		}
	}
}

func alike(t *testing.T, a, b string) bool {
	t.Helper()
	var of [2]any
	for i, text := range []string{a, b} {
		if err := json.Unmarshal([]byte(text), &of[i]); err != nil {
			t.Fatalf("%v: %s", err, text)
		}
	}
	return fmt.Sprint(of[0]) == fmt.Sprint(of[1])
}

// A call that is no JSON ends the adapter with an error, and a stream that ends does
// not.
func TestStreams(t *testing.T) {
	for text, ok := range map[string]bool{"": true, "{\"id\": 1, \"do\": \"hello\"}\n": true, "panic\n": false, "{\n": false} {
		if err := serve.ServeOn(strings.NewReader(text), io.Discard, func() serve.Node { return &odd{} }); (err == nil) != ok {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// mainFile makes an adapter of the copied file: a node that grants every vote, and
// prints to standard output.
const mainFile = `package main

import "fmt"

func main() { Serve(func() Node { return &node{} }) }

type node struct{ State_ State }

func (n *node) Start(s Start) error { n.State_ = s.State; return nil }
func (n *node) RequestVote(m RequestVote) (*Answer, error) {
	fmt.Println("voting for", m.CandidateID)
	n.State_.Term, n.State_.VotedFor, n.State_.Role = m.Term, m.CandidateID, "follower"
	return &Answer{Term: m.Term, OK: true}, nil
}
func (n *node) AppendEntries(m AppendEntries) (*Answer, error) { panic("to be written") }
func (n *node) State() State { return n.State_ }
`

// The file, copied into a module of its own with nothing but its package clause
// changed, is an adapter: it builds without this module, and without a network, and
// answers. If it fails, who follows the README does not get as far as a red cell.
func TestCopied(t *testing.T) {
	text, err := os.ReadFile("serve.go")
	if err != nil {
		t.Fatal(err)
	}
	copied := strings.Replace(string(text), "\npackage serve\n", "\npackage main\n", 1)
	dir := t.TempDir()
	for name, text := range map[string]string{"go.mod": "module example.com/elsewhere\n\ngo 1.21\n", "serve.go": copied, "main.go": mainFile} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-o", "adapter", ".")
	build.Dir = dir
	build.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	im, err := conform.Connect(t.Context(), conform.Settings{Command: "'" + filepath.Join(dir, "adapter") + "'", Timeout: 10 * time.Second, Jobs: 1})
	if err != nil {
		t.Fatal(err)
	}
	r, err := im.Judge(t.Context(), exampleFiles(t, "figure2"), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	if r.Agree == 0 || r.Differ == 0 || r.Failed == 0 {
		t.Errorf("%+v; some votes are right, some wrong, and AppendEntries fails", r.Tally)
	}
	for _, f := range r.Files {
		for _, rep := range f.Reports {
			for i := range rep.Findings {
				// More fail in a row than would be asked of a process that has to be started again.
				if fd := &rep.Findings[i]; fd.Kind == finding.Failed && fd.Message != "panic: to be written" {
					t.Fatalf("%s: step %s: %s", f.Name, fd.ID, fd.Message)
				}
			}
		}
	}
}
