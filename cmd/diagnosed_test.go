package cmd_test

import (
	"bytes"
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"raftsheet/cmd"
)

// What is said of each file of a folder is what is said of it alone, whatever else lies
// there: files of one trace, of several and of none are looked at anew in ways of their
// own. If this fails, a diagnosis stands under another student's name.
func TestDiagnosedTogether(t *testing.T) {
	t.Chdir(t.TempDir())
	const trace = "nodes: 3\ninitial: {1: {role: leader, term: 3, log: [1, 1, 3]}, 2: {term: 3, log: [1]}}\nsteps:\n" +
		"- {appendEntries: {leaderId: 1, term: 3, prevLogIndex: 2, prevLogTerm: 1, entries: [3], leaderCommit: 0}, response: {2: A}}\n" +
		"- {requestVote: {candidateId: 3, term: 2}, response: {1: B, 2: B}}\n"
	answered := func(a, b string) string { return strings.NewReplacer("A", a, "B", b).Replace(trace) }
	names := []string{"a.yaml", "b.yaml", "c.yaml", "d.yaml", "e.yaml"}
	for i, text := range []string{
		answered("ok", "no"),
		answered("no", "ok") + "---\n" + answered("ok", "ok"),
		"nodes: [",
		answered("ok", "ok"),
		answered("no", "no"),
	} {
		if err := os.WriteFile(names[i], []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var alone []diagnosedTrace
	for _, name := range names {
		alone = append(alone, diagnosed(t, name)...)
	}
	if len(alone) != 6 || cmp.Equal(alone[0].Diagnosis, alone[1].Diagnosis) || alone[3].Diagnosis != nil {
		t.Fatalf("six traces, of which one cannot be read, are diagnosed: %+v", alone)
	}
	if d := cmp.Diff(alone, diagnosed(t, names...)); d != "" {
		t.Errorf("each alone, and all together:\n%s", d)
	}
}

// A diagnosedTrace is what check --diagnose says of a trace.
type diagnosedTrace struct {
	File                string
	Document            int
	Findings, Diagnosis any
}

func diagnosed(t *testing.T, names ...string) []diagnosedTrace {
	t.Helper()
	var out, errs bytes.Buffer
	cmd.Main(append([]string{"check", "--diagnose", "--format", "json"}, names...), strings.NewReader(""), &out, &errs)
	var r struct{ Traces []diagnosedTrace }
	if err := json.Unmarshal(out.Bytes(), &r); err != nil {
		t.Fatalf("%v: %s", err, errs.String())
	}
	return r.Traces
}
