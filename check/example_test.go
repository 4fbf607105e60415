package check_test

import (
	"fmt"
	"strings"

	"raftsheet/check"
	"raftsheet/trace"
)

// A file goes in, its findings come out: what is written, what the replay gives,
// and why.
func ExampleCheckFile() {
	const sheet = `nodes: 3
initial: {2: {term: 1, log: [1, 1]}, 1: {term: 1, log: [1]}}
steps:
  - requestVote: {candidateId: 1}
    response: {2: ok, 3: ok}
    state: {2: {votedFor: 1}}
`
	f := check.CheckFile("sheet.yaml", strings.NewReader(sheet), check.Settings{Limits: trace.DefaultLimits()})
	for _, found := range f.Reports[0].Findings {
		if found.Kind.Info().Severity == 0 {
			fmt.Printf("%s: %s of node %s: %v, not %v (%s)\n  %s\n", found.Pos, found.Field, found.Node, found.Actual, found.Expected, found.Rule, found.Message)
		}
	}
	// Output:
	// 5:19: voteGranted of node 2: false, not true (RV2b)
	//   the candidate's log, which ends at index 1, term 1, is behind node 2's, which ends at index 2, term 1
	// 6:27: votedFor of node 2: none, not 1 (RV2b)
	//   node 2's votedFor is none: it refused the request: the candidate's log, which ends at index 1, term 1, is behind node 2's, which ends at index 2, term 1
}
