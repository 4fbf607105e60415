package check_test

import (
	"flag"
	"fmt"
	"slices"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/raft"
	"raftsheet/trace"
)

// This file has what the tests of this package share: traces in, findings out,
// in words.

var update = flag.Bool("update", false, "rewrite the golden files; read them before you keep them")

// read gives the traces of a text in which nothing is malformed.
func read(t testing.TB, text string) *trace.File {
	t.Helper()
	f, err := trace.Parse("t.yaml", []byte(text), trace.DefaultLimits())
	if err != nil {
		t.Fatalf("the trace is malformed: %v\n%s", err, text)
	}
	return f
}

// replay gives the replay of a text's one trace under Figure 2.
func replay(t testing.TB, text string) *check.Run {
	t.Helper()
	run, err := check.ReplayWith(read(t, text).Traces[0], nil, 0)
	if err != nil {
		t.Fatalf("the trace cannot be replayed: %v\n%s", err, text)
	}
	return run
}

// report gives the comparison of a text's one trace.
func report(t testing.TB, text string) *check.Report {
	t.Helper()
	return check.Compare(replay(t, text))
}

// line is a finding in one line: KIND STEP NODE FIELD: message.
func line(f *check.Finding) string {
	head := strings.Join(strings.Fields(fmt.Sprint(f.Kind, " ", f.ID, " ", f.Node, " ", f.Field)), " ")
	if f.Step == 0 {
		head = strings.Replace(head, f.Kind.String(), f.Kind.String()+" initial", 1)
	}
	return head + ": " + f.Message
}

// lines gives the findings of the kinds, of all where none is named, in order.
func lines(rep *check.Report, kinds ...check.Kind) []string {
	var out []string
	for i := range rep.Findings {
		if f := &rep.Findings[i]; kinds == nil || slices.Contains(kinds, f.Kind) {
			out = append(out, line(f))
		}
	}
	return out
}

// expect requires these findings of the report and no others. Each is the head
// of a line, KIND STEP NODE FIELD, and after a colon what its sentence has to
// name, with semicolons between.
func expect(t *testing.T, rep *check.Report, want ...string) {
	t.Helper()
	got := lines(rep)
	for _, w := range want {
		i := slices.IndexFunc(got, func(g string) bool { return says(g, w) })
		if i < 0 {
			t.Errorf("no finding says %q; these are left:\n\t%s", w, strings.Join(got, "\n\t"))
			return
		}
		got = slices.Delete(got, i, i+1)
	}
	if len(got) > 0 {
		t.Errorf("these findings should not be:\n\t%s", strings.Join(got, "\n\t"))
	}
}

// says reports whether a finding's line is what expect asks for.
func says(line, want string) bool {
	head, parts, _ := strings.Cut(want, ":")
	gotHead, message, _ := strings.Cut(line, ":")
	if gotHead != head {
		return false
	}
	for part := range strings.SplitSeq(parts, ";") {
		if !strings.Contains(message, strings.TrimSpace(part)) {
			return false
		}
	}
	return true
}

// A scene is a trace in which all that is written is as the reference has it,
// but for the findings it names.
type scene struct {
	why  string // the sentence of the specification, or the line of the paper
	text string
	want []string // see expect
}

func runScenes(t *testing.T, scenes []scene) {
	t.Helper()
	for _, s := range scenes {
		t.Run(s.why, func(t *testing.T) {
			t.Helper()
			expect(t, report(t, s.text), s.want...)
			if t.Failed() {
				t.Logf("%s\n%s", s.why, s.text)
			}
		})
	}
}

// node gives a node's id by its name.
func node(t testing.TB, run *check.Run, name string) raft.NodeID {
	t.Helper()
	id, ok := run.Trace.Node(name)
	if !ok {
		t.Fatalf("the trace has no node %s", name)
	}
	return id
}

// failure gives the first error of a text, as LINE:COLUMN: message, from the
// reader or the replay; empty if there is none.
func failure(text string) string {
	f := check.CheckFile("t.yaml", strings.NewReader(text), settings)
	if len(f.Errors) == 0 {
		return ""
	}
	return fmt.Sprintf("%s: %s", f.Errors[0].Pos, f.Errors[0].Msg)
}
