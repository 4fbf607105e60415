package trace_test

import (
	"fmt"

	"raftsheet/trace"
)

func ExampleParse() {
	const sheet = `
nodes: 3
steps:
  - requestVote: {candidateId: 1, term: 1}
    response: {2: ok, 3: }
`
	file, err := trace.Parse("sheet.yaml", []byte(sheet), trace.DefaultLimits())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range file.Traces {
		for _, s := range t.Steps {
			fmt.Println(s.EventName(), "at", s.EventPos)
			for _, c := range s.Response.Cells {
				fmt.Println("node", t.Name(c.Node), "is blank:", c.IsBlank())
			}
		}
	}
	// Output:
	// requestVote at 4:5
	// node 2 is blank: false
	// node 3 is blank: true
}

// All that is wrong is told at once.
func ExampleParse_errors() {
	const sheet = `nodes: 3
steps:
  - apendEntries: {leaderId: 1}
  - requestVote: {candidateId: 4}
    response: {2:ok}
`
	_, err := trace.Parse("sheet.yaml", []byte(sheet), trace.DefaultLimits())
	fmt.Println(err)
	// Output:
	// sheet.yaml:3:5: unknown key "apendEntries"; did you mean "appendEntries"?
	// sheet.yaml:4:32: candidateId: there is no node "4"; the nodes are 1 to 3
	// sheet.yaml:5:16: "2:ok" needs a space after its colon: 2: ok
}

func ExampleNearest() {
	fmt.Println(trace.Nearest("lederCommit", []string{"leaderId", "leaderCommit"}))
	// Output: leaderCommit
}
