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

// Figure 2 rests on disks that keep what is written: where one forgets a vote, a
// term has two leaders.
func ExampleScope_Explore() {
	s := explore.Scope{Nodes: 3, Terms: 1, Timeouts: 1, Losses: explore.LostVote}
	b, _ := s.Explore(raft.Figure2())
	for _, s := range b.Steps {
		for _, e := range s.Events {
			switch e := e.(type) {
			case explore.Restart:
				fmt.Println("crash of", e.Node, "which brings back a vote for", *e.Disk.VotedFor)
			case explore.VoteRequest:
				fmt.Println(e.Request, "to", e.To, "granted", e.OK)
			}
		}
	}
	fmt.Println(b.Breach.Property, "breaks in", b.Actions(), "actions")
	// Output:
	// RV t1 from 1 last=0/0 to 2 granted true
	// crash of 2 which brings back a vote for 0
	// RV t1 from 3 last=0/0 to 2 granted true
	// Election Safety breaks in 3 actions
}
