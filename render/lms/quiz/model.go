package quiz

import "raftsheet/check/grade"

// This file has questions in no format yet.

// A Quiz is the questions of one key.
type Quiz struct {
	Title   string // never empty
	Variant string // of the worksheet, empty for none
	Steps   []Step // those that ask
	Whole   bool   // a step of the key scores as a whole
}

// A Step is the questions of one step.
type Step struct {
	ID    string
	Text  []Block // what is known, what happens, and how to answer
	Form  []Block // with a place for each cell
	Cells []Cell
}

// A Block is a part of a question's text: a heading, a paragraph, a table, or one below
// the other.
type Block struct {
	Head, Text string
	Columns    []string // of the table; nil where its rows have their names alone
	Rows       [][]Entry
}

// An Entry is what is in a place of a table: text, or a cell to fill in. The first of a
// row is its name.
type Entry struct {
	Text string
	Cell int // from 1, by Step.Cells; 0 for text
}

// A Cell is one thing that is asked.
type Cell struct {
	Label   string // what it is, where it stands alone: node 3's log
	Answer  bool   // it is whether a node answers ok, no or none
	Choices []string
	Right   []string // one of the choices; of a cell without choices, each way to write it
	Why     string   // a sentence with its figures
	Points  grade.Points
}

// name is what a question is called in a bank with those of other worksheets.
func (z *Quiz) name(s *Step) string { return z.called() + ", step " + s.ID }

// called is what the whole is called.
func (z *Quiz) called() string {
	if z.Variant == "" {
		return z.Title
	}
	return z.Title + " (" + z.Variant + ")"
}

// points are the points of cells together.
func points(cells []Cell) (sum grade.Points) {
	for i := range cells {
		sum = sum.Plus(cells[i].Points)
	}
	return sum
}
