package grade_test

import (
	"fmt"
	"io"
	"strings"

	"raftsheet/check/grade"
	"raftsheet/trace"
)

// A sheet is marked against a key: what is right, what follows from a mistake, and
// why the rest is wrong.
func ExampleKey_Mark() {
	read := func(text string) *trace.Trace {
		f, err := trace.Parse("sheet.yaml", []byte(text), trace.DefaultLimits())
		if err != nil {
			fmt.Println(err)
		}
		return f.Traces[0]
	}
	key, err := grade.NewKey(read(`nodes: 3
steps:
  - {timeout: 1, state: {1: {terms: }}}
  - {requestVote: {candidateId: 1}, response: {2: , 3: }}
`))
	if err != nil {
		fmt.Println(err)
	}
	sheet := key.Mark(read(`nodes: 3
steps:
  - {timeout: 1, state: {1: {terms: {1: none}}}}
  - {requestVote: {candidateId: 1}, response: {2: ok, 3: no}}
`), false)
	fmt.Println(sheet.Counted, "of", key.Max)
	for _, m := range sheet.Marks {
		if m.Verdict == grade.Wrong {
			fmt.Printf("%s of node %d is %v, not %v (%s)\n  %s\n", m.Cell.Name, m.Cell.Node, m.Cell.Right, m.Written, m.Rule, m.Why)
		}
	}
	// Output:
	// 1 of 3
	// terms of node 1 is {1: 1}, not {1: none} (C1)
	//   node 1's terms is {1: 1}: node 1 goes from term 0 to 1, is a candidate, and votes for itself
	// voteGranted of node 3 is true, not false (RV2b)
	//   node 3 has not voted in term 1, and the candidate's log and node 3's end alike, at index 0
}

// Where students write the messages too, a scheme marks each sheet by its own.
func ExampleMarkOwn() {
	read, _, err := trace.ReadScheme("scheme.yaml", strings.NewReader(`
cells: {points: 10}
must:
  - {elections: 2, points: 4}
impossible: {costs: 1}
`), trace.DefaultLimits())
	if err != nil {
		fmt.Println(err)
	}
	scheme, err := grade.NewScheme(read)
	if err != nil {
		fmt.Println(err)
	}
	sheet := `nodes: 3
steps:
  - {requestVote: {candidateId: 1, term: 1}, response: {2: ok, 3: no}}
  - {appendEntries: {leaderId: 2, term: 1, entries: []}, to: 3, response: {3: ok}}
`
	class := grade.MarkOwn(scheme, []grade.Input{{Name: "ada.yaml", Open: func() (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(sheet)), nil
	}}}, grade.Settings{})
	ada := class.Submissions[0].Sheet
	fmt.Printf("%.2f of %v\n", ada.Counted.Float(), scheme.Max)
	for _, m := range ada.Criteria {
		fmt.Printf("%s: %d, for %v of %v\n", m.Label, m.Found, m.Points, m.Max)
	}
	for _, d := range ada.Deductions {
		fmt.Printf("-%v: %s\n", d.Points, d.Message)
	}
	// Output:
	// 7.67 of 14
	// 2 elections won: 1, for 2 of 4
	// -1: no leader sends this: node 1 leads term 1, and a term has one leader
}
