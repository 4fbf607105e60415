// Package checktest has what the tests of package check and those below it share:
// traces in, findings out, in words; and random traces on which laws have to
// hold.
package checktest

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/item"
	"raftsheet/check/reason"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// Read gives the traces of a text in which nothing is malformed.
func Read(t testing.TB, text string) *trace.File {
	t.Helper()
	f, err := trace.Parse("t.yaml", []byte(text), trace.DefaultLimits())
	if err != nil {
		t.Fatalf("the trace is malformed: %v\n%s", err, text)
	}
	return f
}

// replay gives the replay of a text's one trace under Figure 2.
func Play(t testing.TB, text string) *replay.Run {
	t.Helper()
	run, err := check.ReplayWith(Read(t, text).Traces[0], nil)
	if err != nil {
		t.Fatalf("the trace cannot be replayed: %v\n%s", err, text)
	}
	return run
}

// Report gives the comparison of a text's one trace.
func Report(t testing.TB, text string) *check.Report {
	t.Helper()
	return check.Compare(Play(t, text))
}

// Line is a finding in one line: KIND STEP NODE FIELD: message.
func Line(f *finding.Finding) string {
	head := strings.Join(strings.Fields(fmt.Sprint(f.Kind, " ", f.ID, " ", f.Node, " ", f.Field)), " ")
	if f.Step == 0 {
		head = strings.Replace(head, f.Kind.String(), f.Kind.String()+" initial", 1)
	}
	return head + ": " + f.Message
}

// Lines gives the findings of the kinds, of all where none is named, in order.
func Lines(rep *check.Report, kinds ...finding.Kind) []string {
	var out []string
	for i := range rep.Findings {
		if f := &rep.Findings[i]; kinds == nil || slices.Contains(kinds, f.Kind) {
			out = append(out, Line(f))
		}
	}
	return out
}

// Expect requires these findings of the report and no others. Each is the head
// of a line, KIND STEP NODE FIELD, and after a colon what its sentence has to
// name, with semicolons between.
func Expect(t *testing.T, rep *check.Report, want ...string) {
	t.Helper()
	got := Lines(rep)
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

// Node gives a node's id by its name.
func Node(t testing.TB, run *replay.Run, name string) raft.NodeID {
	t.Helper()
	id, ok := run.Trace.Node(name)
	if !ok {
		t.Fatalf("the trace has no node %s", name)
	}
	return id
}

// Failure gives the first error of a text, as LINE:COLUMN: message, from the
// reader or the replay; empty if there is none.
func Failure(text string) string {
	f := check.CheckFile("t.yaml", strings.NewReader(text), Settings)
	if len(f.Errors) == 0 {
		return ""
	}
	return fmt.Sprintf("%s: %s", f.Errors[0].Pos, f.Errors[0].Msg)
}

// Settings are how the tests check: within the limits that hold for everyone.
var Settings = check.Settings{Limits: trace.DefaultLimits()}

// Under gives the replay of a run's trace under other rules.
func Under(t fataler, run *replay.Run, rules *raft.Rules, as replay.Wording) *replay.Run {
	again, _, halt := run.Again(as).Under(rules)
	if halt != nil {
		t.Fatalf("under %s: %v", rules.Name, reason.Halt(again, halt))
	}
	return again
}

type fataler interface {
	Fatalf(format string, args ...any)
}

// Given is what a run gives for an item, in the format's words.
func Given(run *replay.Run, it *item.Item) any {
	return item.Any(run.Trace, it.Node, item.Gives(run, it))
}

// Says reports whether a finding's line is what [Expect] asks for.
func Says(line, want string) bool { return says(line, want) }

// ExampleFiles gives the examples as seen from a package of check or one below it,
// in order.
func ExampleFiles(t testing.TB) []string {
	t.Helper()
	for _, up := range []string{"..", "../.."} {
		if names, err := filepath.Glob(up + "/examples/*.yaml"); err == nil && len(names) > 0 {
			return names
		}
	}
	t.Fatal("there are no examples")
	return nil
}
