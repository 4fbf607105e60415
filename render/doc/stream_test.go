package doc

import (
	"bytes"
	"testing"
)

// A document whose blocks come one after another is written as one that is there all
// at once: a folder looks the same however long its files take. Tables of the same
// cells stay apart where their columns are set otherwise.
func TestStreamWritesTheDocument(t *testing.T) {
	left, right := Columns("node", "answer"), []Column{{Name: "node"}, {Name: "answer", Right: true}}
	rows := [][]Cell{Cells("1", "ok"), Cells("2", "no answer")}
	d := &Document{Title: "Answers", Blocks: []Block{
		Heading{Level: 1, Text: Text("Answers")}, P(Text("to the first request")),
		Table{Columns: left, Rows: rows}, Table{Columns: right, Rows: rows}, Table{Columns: left, Rows: rows[:1]}, Table{Columns: left, Rows: rows},
		Group{Blocks: []Block{P(Text("together")), Table{Columns: left, Rows: rows, Ruled: true}}}, P(Text("the end")),
	}}
	for _, format := range Formats() {
		var whole, parts, first bytes.Buffer
		if err := Write(&whole, format, d, Options{}); err != nil {
			t.Fatal(err)
		}
		s, err := NewStream(&parts, format, &Document{Title: d.Title}, Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, b := range d.Blocks {
			if err := s.Add(b); err != nil {
				t.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
		if whole.String() != parts.String() {
			t.Errorf("%s: block by block it is\n%s\nand at once\n%s", format, &parts, &whole)
		}
		if format != "text" {
			continue
		}
		for _, b := range d.Blocks[2:6] { // each by a writer that has drawn nothing
			first.Reset()
			if err := Write(&first, format, &Document{Blocks: []Block{b}}, Options{}); err != nil {
				t.Fatal(err)
			}
			if !bytes.Contains(whole.Bytes(), first.Bytes()) {
				t.Errorf("this table is drawn otherwise after others like it:\n%s\nall of them:\n%s", &first, &whole)
			}
		}
	}
}
