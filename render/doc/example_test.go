package doc_test

import (
	"os"

	"raftsheet/render/doc"
)

// A document is built once, and written in any format.
func ExampleWrite() {
	d := &doc.Document{Title: "Two answers"}
	d.Add(
		doc.Heading{Level: 1, Text: doc.Text("Two answers")},
		doc.P(doc.Text("Node 4 answers ").Add(doc.Literal, "ok").Add(doc.Plain, "; Figure 2 says ").Add(doc.Right, "no").Add(doc.Plain, ".")),
		doc.Table{Columns: doc.Columns("id", "2", "4"), Rows: [][]doc.Cell{doc.Cells("ok", "ok", "no")}},
	)
	for _, format := range []string{"text", "markdown"} {
		if err := doc.Write(os.Stdout, format, d, doc.Options{Width: 40}); err != nil {
			panic(err)
		}
	}
	// Output:
	// Two answers
	// Node 4 answers ok; Figure 2 says no.
	// ┌────┬────┬────┐
	// │ id │ 2  │ 4  │
	// ├────┼────┼────┤
	// │ ok │ ok │ no │
	// └────┴────┴────┘
	// # Two answers
	//
	// Node 4 answers `ok`; Figure 2 says **no**.
	//
	// | id | 2 | 4 |
	// | --- | --- | --- |
	// | ok | ok | no |
}
