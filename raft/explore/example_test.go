package explore_test

import (
	"fmt"

	"raftsheet/raft"
	"raftsheet/raft/explore"
)

// Where a server may vote twice in a term, two elections are enough.
func ExampleFind() {
	d, _ := raft.DeviationNamed("vote-twice")
	b, _ := explore.Find(raft.Figure2().With(d))
	for _, s := range b.Steps {
		for _, e := range s.Events {
			switch e := e.(type) {
			case explore.Timeout:
				fmt.Println("timeout of", e.Node)
			case explore.VoteRequest:
				fmt.Println(e.Request, "to", e.To, "granted", e.OK)
			}
		}
	}
	fmt.Println(b.Breach.Property, "breaks in", b.Actions(), "actions")
	// Output:
	// timeout of 1
	// RV t1 from 1 last=0/0 to 2 granted true
	// timeout of 3
	// RV t1 from 3 last=0/0 to 2 granted true
	// Election Safety breaks in 2 actions
}
