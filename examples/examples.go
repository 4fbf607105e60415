// Package examples holds the traces that teach. Those of this folder each show
// a part of Raft; those of the folder deviations each show one way to get it
// wrong, and are named for it.
//
// A deviation's trace is the smallest that tells it from Figure 2. The answers
// and tables written in it are Figure 2's. Under the deviation they come out
// otherwise.
package examples

import (
	"embed"
	"io/fs"
)

//go:embed figure7.yaml figure8.yaml first.yaml late.yaml notes.yaml nothing-changes.yaml partition.yaml
//go:embed restart.yaml sheet3.yaml single.yaml snapshot.yaml snapshot-stale.yaml worksheet.yaml
//go:embed grading/exam.yaml deviations/*.yaml
var corpus embed.FS

// Corpus gives the traces by which an implementation of Raft can be tested: all in
// which nothing is wrong, and everything goes by Figure 2.
func Corpus() fs.FS { return corpus }

// Deviation gives the trace of the deviation of that name; ok is false if there
// is none.
func Deviation(name string) (text []byte, ok bool) {
	text, err := corpus.ReadFile("deviations/" + name + ".yaml")
	return text, err == nil
}
