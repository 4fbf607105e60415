package render

import (
	"strings"
	"testing"

	"raftsheet/raft"
	"raftsheet/trace"
)

// Nodes in a row are written as the first and the last, where their names count.
func TestNodeRanges(t *testing.T) {
	tr := &trace.Trace{Names: []string{"1", "2", "3", "4", "5", "6", "7", "a", "b", "c"}}
	for _, tt := range []struct {
		ids  []raft.NodeID
		want string
	}{
		{[]raft.NodeID{3}, "3"},
		{[]raft.NodeID{2, 1}, "1 2"},
		{[]raft.NodeID{1, 2, 3, 5, 6, 7, 7}, "1-3 5-7"},
		{[]raft.NodeID{6, 7, 8, 9, 10}, "6 7 a b c"},
	} {
		if got := strings.Join(nodeRanges(tr, tt.ids), " "); got != tt.want {
			t.Errorf("the nodes %v are written %q, not %q", tt.ids, got, tt.want)
		}
	}
}
