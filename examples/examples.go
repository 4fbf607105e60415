// Package examples holds the traces that teach. Those of this folder each show
// a part of Raft; those of the folder deviations each show one way to get it
// wrong, and are named for it.
//
// A deviation's trace is the smallest that tells it from Figure 2. The answers
// and tables written in it are Figure 2's. Under the deviation they come out
// otherwise.
package examples

import "embed"

//go:embed deviations/*.yaml
var deviations embed.FS

// Deviation gives the trace of the deviation of that name; ok is false if there
// is none.
func Deviation(name string) (text []byte, ok bool) {
	text, err := deviations.ReadFile("deviations/" + name + ".yaml")
	return text, err == nil
}
