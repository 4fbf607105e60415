package replay_test

import (
	"fmt"

	"raftsheet/check/replay"
	"raftsheet/raft"
	"raftsheet/trace"
)

// A replay knows of every step which rules decided in it.
func ExamplePlay() {
	f, _ := trace.Parse("figure.yaml", []byte(`nodes: 3
initial: {1: {role: leader, term: 2, log: [1, 2]}, 2: {term: 2, log: [1, 1]}}
steps:
  - appendEntries: {leaderId: 1, prevLogIndex: 1, entries: [2]}
    to: 2
`), trace.DefaultLimits())
	run, _ := replay.Play(f.Traces[0], raft.Figure2())
	for _, d := range run.Decisions(1) {
		fmt.Printf("node %d: %s %s\n", d.Node, d.Rule, d.Outcome)
	}
	fmt.Println(run.Cause(replay.Place{Node: 2, Field: raft.FieldLog}, 1).Rule())
	// Output:
	// node 2: A2 idle
	// node 2: AE1 passed
	// node 2: C3 idle
	// node 2: AE2 passed
	// node 2: AE3 acted
	// node 2: AE4 acted
	// node 2: AE5 idle
	// node 2: A1 idle
	// node 1: A2 idle
	// node 1: L3 acted
	// node 1: L4 acted
	// node 1: A1 acted
	// AE4
}

// A cluster is a replay in its course: it can be copied and gone on with.
func ExampleCluster_Clone() {
	f, _ := trace.Parse("two.yaml", []byte(`nodes: 3
steps:
  - timeout: 1
  - timeout: 2
`), trace.DefaultLimits())
	steps := f.Traces[0].Steps
	c := replay.New(f.Traces[0], raft.Figure2())
	c.Apply(&steps[0])
	d := c.Clone()
	d.Apply(&steps[1])
	fmt.Println(c.Node(2).Role, d.Node(2).Role)
	// Output: follower candidate
}
