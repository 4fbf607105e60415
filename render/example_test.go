package render_test

import (
	"os"
	"strings"

	"raftsheet/check"
	"raftsheet/render"
	"raftsheet/render/doc"
	"raftsheet/trace"
)

// A view makes a document of what was found; package doc writes it.
func ExampleCheck() {
	const sheet = `nodes: 3
steps:
  - requestVote: {candidateId: 1}
    response: {2: ok, 3: no}
`
	file := check.CheckFile("sheet.yaml", strings.NewReader(sheet), check.Settings{Limits: trace.DefaultLimits()})
	d := render.Check([]*check.File{file}, render.CheckOptions{})
	if err := doc.Write(os.Stdout, "text", d, doc.Options{}); err != nil {
		panic(err)
	}
	// Output:
	// sheet.yaml:4:26: step 1: node 3 answers no; Figure 2 says ok
	//    |
	//  4 |     response: {2: ok, 3: no}
	//    |                          ^^
	//    = node 3 has not voted in term 1, and the candidate's log and node 3's end
	//      alike, at index 0 (RequestVote rule 2, §5.4.1)
	//
	// sheet.yaml: 1 step, 2 answers: 1 agrees, 1 diverges
}
