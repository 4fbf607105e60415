package render

import (
	"strings"
	"testing"

	"raftsheet/check"
	"raftsheet/raft"
	"raftsheet/render/doc"
	"raftsheet/render/internal/rendertest"
)

// What happens to a node is said where no rule decides it. If this fails, explain
// says of a node that crashes that nothing concerns it.
func TestExplainHappenings(t *testing.T) {
	run, err := check.ReplayWith(rendertest.Traces(t, `nodes: 4
initial: {1: {term: 2, log: [1, 2], commitIndex: 1}, 2: {term: 2, role: leader, votedFor: 2}}
steps:
  - crash: [1, 3]
  - restart: 1
  - partition: [[1, 2], [4]]
  - heal: true
  - appendEntries: {leaderId: 2, entries: []}
    to: [3]
  - clientRequest: {node: 2, value: x}
`)[0], nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		step int
		node raft.NodeID
		want string
	}{
		{1, 1, "node 1 goes down: it handles nothing until it restarts; its currentTerm, votedFor and log[] stay on its disk"},
		{1, 2, "nothing in this step concerns this node"},
		{2, 1, "node 1 starts again as a follower, with what its disk has of currentTerm, votedFor and log[]; its commitIndex and lastApplied begin anew"},
		{2, 3, "nothing in this step concerns this node"},
		{3, 1, "node 1 reaches 2 alone"},
		{3, 4, "node 4 is alone: it reaches no other node"},
		{3, 3, "node 3 is alone: it reaches no other node"},
		{4, 3, "node 3 reaches every node again"},
		{5, 2, "node 2 sends the request; no answer changes anything for it"},
		{6, 4, "nothing in this step concerns this node"},
	} {
		es := Explanations(run, tt.step, []raft.NodeID{tt.node})
		var b strings.Builder
		if err := doc.Write(&b, "text", Explain(es, run, tt.step), doc.Options{Width: 1000}); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), "  "+tt.want+"\n") {
			t.Errorf("step %d, node %d lacks %q:\n%s", tt.step, tt.node, tt.want, b.String())
		}
	}
}
