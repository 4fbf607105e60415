package edit_test

import (
	"fmt"
	"os"

	"raftsheet/trace"
	"raftsheet/trace/edit"
)

// Blanks are filled in, and every other byte stays.
func Example() {
	const sheet = `nodes: 3
steps:
  - requestVote: {candidateId: 1}   # who wins?
    response: {2: , 3: no}
`
	file, err := trace.Parse("sheet.yaml", []byte(sheet), trace.DefaultLimits())
	if err != nil {
		fmt.Println(err)
		return
	}
	ed, err := edit.Open(file)
	if err != nil {
		fmt.Println(err)
		return
	}
	t := file.Traces[0]
	for _, err := range []error{
		ed.Set(t, edit.Answer(1, 2), "ok"),
		ed.Replace(t, edit.Answer(1, 3), "ok", "no"),
		ed.Set(t, edit.Message(1, "term"), "1"),
	} {
		if err != nil {
			fmt.Println(err)
		}
	}
	out, err := ed.Bytes()
	if err != nil {
		fmt.Println(err)
		return
	}
	os.Stdout.Write(out)
	// Output:
	// nodes: 3
	// steps:
	//   - requestVote: {candidateId: 1, term: 1}   # who wins?
	//     response: {2: ok, 3: ok}  # node 3 was no
}
