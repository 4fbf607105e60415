package variant_test

import (
	"os"

	"raftsheet/check/variant"
	"raftsheet/raft"
	"raftsheet/raft/explore"
	"raftsheet/trace"
)

// Where a server may vote twice in a term, two elections are enough.
func ExampleCounterexample() {
	d, _ := raft.DeviationNamed("vote-twice")
	b, _ := explore.Find(raft.Figure2().With(d))
	trace.Write(os.Stdout, variant.Counterexample(b, d.Name, d.Believed))
	// Output:
	// # Believed: A node may vote for a second candidate in the same term.
	// # The answers are those that these rules give: replay it with --rules vote-twice.
	// title: vote-twice breaks Election Safety
	// nodes: 3
	//
	// steps:
	//   - timeout: 1
	//   - requestVote: {term: 1, candidateId: 1, lastLogIndex: 0, lastLogTerm: 0}
	//     to: [2]
	//     response: {2: ok}
	//     # node 1 leads term 1
	//   - timeout: 3
	//   - requestVote: {term: 1, candidateId: 3, lastLogIndex: 0, lastLogTerm: 0}
	//     to: [2]
	//     response: {2: ok}
	//     # node 3 leads term 1
	//     # Election Safety breaks: nodes 1 and 3 both lead term 1
}
