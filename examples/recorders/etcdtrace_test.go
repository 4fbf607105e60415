//go:build with_tla

package recorders

import (
	"bytes"
	"encoding/json"
	"testing"

	library "go.etcd.io/raft/v3"

	"raftsheet/raft/wide"
	"raftsheet/trace/logs"
)

// A tracer writes what the library traces, as its documentation has it.
type tracer struct{ out *json.Encoder }

func (t tracer) TraceEvent(ev *library.TracingEvent) {
	must(t.out.Encode(map[string]any{"tag": "trace", "event": ev}))
}

// What the library writes by itself of clusters of chance is imported, and agrees by
// the rules etcd. If it fails, the reader misreads an event, or takes a state for
// settled that is not.
func TestEtcdStateTraces(t *testing.T) {
	var sum figures
	for seed := range uint64(wide.Of(4, 16)) {
		var text bytes.Buffer
		runEtcd(seed, [3]int{3, 5, 1}[seed%3], 1200, tracer{json.NewEncoder(&text)})
		l, err := logs.Read("trace.ndjson", &text, "etcd", false)
		if err != nil {
			t.Fatal(err)
		}
		r := compared(t, l.Trace)
		agrees(t, r)
		sum.add(r)
		t.Log(l.Summary())
	}
	t.Logf("etcd's own traces: %v", sum)
}
