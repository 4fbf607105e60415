package trace_test

import (
	"fmt"
	"os"
	"strings"

	"raftsheet/raft"
	"raftsheet/trace"
)

func ExampleRead() {
	const sheet = `
title: One vote of two
nodes: 3
steps:
  - requestVote: {candidateId: 1, term: 1, lastLogIndex: 0, lastLogTerm: 0}
    response: {2: ok, 3: no}
`
	file, err := trace.Read("sheet.yaml", strings.NewReader(sheet), trace.DefaultLimits())
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, t := range file.Traces {
		fmt.Printf("%s: %d nodes, %d step\n", t.Title, t.Size(), len(t.Steps))
	}
	// Output: One vote of two: 3 nodes, 1 step
}

func ExampleWrite() {
	given := func(i raft.Index) trace.Opt[raft.Index] {
		return trace.Opt[raft.Index]{Value: i, Presence: trace.Given}
	}
	t := &trace.Trace{
		Title: "A heartbeat",
		Names: []string{"S1", "S2", "S3"},
		Steps: []trace.Step{{
			Number: 1, ID: "1", Comment: "cluster.log:12",
			Event: &trace.AppendEntries{LeaderID: 1, Index: given(1), Value: trace.Opt[string]{Value: "x=1", Presence: trace.Given}},
			Response: &trace.Row{Cells: []trace.Cell{
				{Node: 2, OK: trace.Opt[bool]{Value: true, Presence: trace.Given}},
				{Node: 3, None: true},
			}},
		}},
	}
	if err := trace.Write(os.Stdout, t); err != nil {
		fmt.Println(err)
	}
	// Output:
	// title: A heartbeat
	// nodes: [S1, S2, S3]
	//
	// steps:
	//   - appendEntries: {leaderId: S1, index: 1, value: x=1}  # cluster.log:12
	//     response: {S2: ok, S3: none}
}

// A range says where a value ends, as JSON reports and editors want it.
func ExampleFile_Range() {
	const sheet = "nodes: 3\nsteps:\n  - {clientRequest: {node: 1, value: \"a b\"}, id: \"2\"}\n"
	file, err := trace.Parse("sheet.yaml", []byte(sheet), trace.DefaultLimits())
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(file.Range(file.Traces[0].Steps[0].Pos))
	// Output: 3:5 to 3:54
}

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
