package recorders

import (
	"bytes"
	"fmt"
	"testing"
	"testing/synctest"

	"raftsheet/check"
	"raftsheet/check/finding"
	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/raft/wide"
	"raftsheet/trace"
	"raftsheet/trace/logs"
)

// Runs are of clusters of three and five, and of so many events each, of which
// about half come to something.
const etcdEvents, hashicorpEvents = 1200, 600

var sizes = [2]int{3, 5}

// imported reads a log of events, all of which a trace has a place for.
func imported(t *testing.T, text []byte) *trace.Trace {
	t.Helper()
	l, err := logs.Read("run.ndjson", bytes.NewReader(text), "events", false)
	if err != nil {
		t.Fatal(err)
	}
	if l.Imported != l.Events || l.Events == 0 {
		t.Fatalf("imported %s", l.Summary())
	}
	return l.Trace
}

// compared replays a recorded trace by the rules that it names, and gives what
// differs.
func compared(t *testing.T, tr *trace.Trace) *check.Report {
	t.Helper()
	rules, err := raft.RulesNamed(tr.Rules[0])
	if err != nil {
		t.Fatal(err)
	}
	run, halt := replay.Play(tr, rules)
	if halt != nil {
		t.Fatalf("%s: the replay stops: %+v", tr.Title, halt.Fact)
	}
	r := check.Compare(run)
	r.Mode.Strict = true // nothing that happened is left out
	return r
}

// agrees fails where a replay has anything but notes to say of a recorded trace.
func agrees(t *testing.T, r *check.Report) {
	t.Helper()
	var first *finding.Finding
	for i := range r.Findings {
		f := &r.Findings[i]
		if r.Mode.Severity(f) == finding.Error && (first == nil || f.Step < first.Step) {
			first = f
		}
	}
	if first == nil {
		return
	}
	var text bytes.Buffer
	tr := *r.Run.Trace
	tr.Steps = tr.Steps[:first.Step]
	must(trace.Write(&text, &tr))
	t.Fatalf("%s: %d errors, the first in step %d: %s: %s (expected %v, actual %v)\n%s", tr.Title,
		r.Count(finding.Error), first.Step, first.Kind, first.Message, first.Expected, first.Actual, text.String())
}

// figures is what was compared.
type figures struct{ runs, steps, answers, fields, late int }

func (f *figures) add(r *check.Report) {
	f.runs++
	f.steps += r.Tally.Steps
	f.answers += r.Tally.Answers
	for i := range r.Findings {
		if r.Findings[i].Late() {
			f.late++
		}
	}
	for i := range r.Run.Trace.Steps {
		for j := range r.Run.Trace.Steps[i].State {
			f.fields += fieldsOf(&r.Run.Trace.Steps[i].State[j])
		}
	}
}

// fieldsOf counts the fields that a table tells.
func fieldsOf(st *trace.NodeState) int {
	n := 0
	for _, told := range []bool{st.Term.Given(), st.VotedFor.Given(), st.Role.Given(), st.Log.Given(), st.CommitIndex.Given(),
		st.LastApplied.Given(), st.NextIndex.Given(), st.MatchIndex.Given(), st.LastLogIndex.Given(), st.LastLogTerm.Given()} {
		if told {
			n++
		}
	}
	return n
}

func (f figures) String() string {
	return fmt.Sprintf("%d runs, %d steps, %d answers, %d fields of tables, %d late arrivals", f.runs, f.steps, f.answers, f.fields, f.late)
}

// Clusters of etcd RawNodes, recorded and replayed by the rules etcd: every answer
// and every field agrees, and nothing was sent that the reference rules out. If it
// fails, the set etcd, the replay or the recorder is wrong about what happened.
func TestEtcdClusters(t *testing.T) {
	t.Parallel()
	var sum figures
	for seed := range uint64(wide.Of(26, 260)) {
		r := compared(t, imported(t, recordEtcd(seed, sizes[seed%2], etcdEvents)))
		agrees(t, r)
		sum.add(r)
	}
	t.Logf("etcd: %v", sum)
}

// A node that is its own majority leads once its own vote is stored, and commits what
// it has stored. If this fails, the recorder tells what has yet to be stored.
func TestEtcdAlone(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		agrees(t, compared(t, imported(t, recordEtcd(seed, 1, 200))))
	}
}

// Clusters of hashicorp/raft servers, recorded and replayed by the rules
// hashicorp. If it fails, the set hashicorp, the replay or the recorder is wrong
// about what happened.
func TestHashicorpClusters(t *testing.T) {
	t.Parallel()
	var sum figures
	for seed := range uint64(wide.Of(4, 36)) {
		var text []byte
		synctest.Test(t, func(*testing.T) { text = recordHashicorp(seed, sizes[seed%2], hashicorpEvents) })
		r := compared(t, imported(t, text))
		agrees(t, r)
		sum.add(r)
	}
	t.Logf("hashicorp: %v", sum)
}
