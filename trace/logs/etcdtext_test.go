package logs_test

import (
	"bytes"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
	"raftsheet/trace/logs"
)

// withQuorumChecked are the scripts in which a server refuses a candidate because it
// has lately heard from a leader (CheckQuorum): no rule of Figure 2, and not of the
// set etcd, which has the default options.
var withQuorumChecked = []string{"checkquorum.txt", "forget_leader_prevote_checkquorum.txt", "prevote_checkquorum.txt"}

// What go.etcd.io/raft's own scripts put out is imported, line by line, and agrees
// with the rules etcd: elections, replication, membership, snapshots, storage that
// lags. If it fails, the reader misreads what etcd writes, or the set etcd misses
// something that etcd does.
func TestEtcdScripts(t *testing.T) {
	agree, steps := 0, 0
	for _, file := range scriptFiles(t) {
		name := filepath.Base(file)
		tr := importScript(t, name, runScript(t, file))
		errs := differences(t, tr)
		switch known := slices.Contains(withQuorumChecked, name); {
		case len(errs) == 0 && known:
			t.Errorf("%s agrees by now, though it checks quorums", name)
		case len(errs) == 0:
			agree++
			steps += len(tr.Steps)
		case !known:
			f := errs[0]
			t.Errorf("%s: %d differences, the first in step %d (%s): %s: %s (expected %v, actual %v)", name, len(errs), f.Step,
				tr.Steps[max(f.Step, 1)-1].Comment, f.Kind, f.Message, f.Expected, f.Actual)
		}
	}
	if t.Logf("%d scripts agree, in %d steps", agree, steps); agree < 25 {
		t.Errorf("%d scripts agree; 25 should", agree)
	}
}

// noFigure are the messages that neither Figure 2 nor Figure 13 has.
var noFigure = []string{"MsgPreVote", "MsgPreVoteResp", "MsgProp", "MsgReadIndex", "MsgReadIndexResp", "MsgTimeoutNow", "MsgTransferLeader",
	"raft-log", "compact", "status"}

// importScript imports the output of a script, writes the trace and reads it again.
func importScript(t *testing.T, name, text string) *trace.Trace {
	t.Helper()
	l, err := logs.Read(name, strings.NewReader(text), "etcd-text", false)
	if err != nil {
		t.Fatal(err)
	}
	left := slices.DeleteFunc(slices.Collect(maps.Keys(l.LeftOut)), func(what string) bool {
		// Who checks quorums answers leaders of lower terms too.
		return slices.Contains(noFigure, what) || what == "MsgAppResp" && slices.Contains(withQuorumChecked, name)
	})
	if len(left) > 0 || l.Imported == 0 {
		t.Errorf("%s: imported %s", name, l.Summary())
	}
	var b bytes.Buffer
	if err := trace.Write(&b, l.Trace); err != nil {
		t.Fatal(err)
	}
	f, err := trace.Read(name, &b, trace.DefaultLimits())
	if err != nil {
		t.Fatalf("%s: what was imported cannot be read: %v", name, err)
	}
	tr := f.Traces[0]
	for i := range tr.Steps {
		tr.Steps[i].Comment = l.Trace.Steps[i].Comment
		if !strings.HasPrefix(tr.Steps[i].Comment, name+":") {
			t.Errorf("%s: step %d does not say which line it comes from", name, i+1)
		}
	}
	return tr
}

// differences gives what differs when a trace is replayed by its own rules, by
// step, and what it implies that no log says: all but a leader's snapshots.
func differences(t *testing.T, tr *trace.Trace) []finding.Finding {
	t.Helper()
	rules, err := raft.RulesNamed(tr.Rules...)
	if err != nil {
		t.Fatal(err)
	}
	run, halt := replay.Play(tr, rules)
	if halt != nil {
		t.Fatalf("the replay stops: %+v", halt.Fact)
	}
	for _, f := range run.Facts() {
		if f.Kind == replay.Implies && f.What != replay.TookSnapshot {
			t.Errorf("step %d implies what the log does not say: %+v", f.Step, f)
		}
	}
	var errs []finding.Finding
	r := check.Compare(run)
	for i := range r.Findings {
		if r.Mode.Severity(&r.Findings[i]) == finding.Error {
			errs = append(errs, r.Findings[i])
		}
	}
	slices.SortStableFunc(errs, func(a, b finding.Finding) int { return a.Step - b.Step })
	return errs
}

// The example of its own traces that go.etcd.io/raft comes with, of five servers and
// four that join them, is imported whole and agrees with the rules etcd. If it fails,
// the reader misreads what etcd writes.
func TestEtcdExample(t *testing.T) {
	file := filepath.Join(filepath.Dir(filepath.Dir(scriptFiles(t)[0])), "tla", "example.ndjson")
	in, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	l, err := logs.Read("example.ndjson", in, "etcd", false)
	if err != nil {
		t.Fatal(err)
	}
	if l.Imported != l.Events || len(l.Trace.Steps) < 2000 {
		t.Errorf("imported %s, as %d steps", l.Summary(), len(l.Trace.Steps))
	}
	for _, f := range differences(t, l.Trace) {
		t.Errorf("step %d (%s): %s: %s", f.Step, l.Trace.Steps[f.Step-1].Comment, f.Kind, f.Message)
	}
}
