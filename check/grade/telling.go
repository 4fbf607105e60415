package grade

import (
	"raftsheet/raft"
	"raftsheet/trace"
)

// Telling gives the traces by which a tie between two deviations may be told apart: the
// smallest of each, where there is one. The functions give its file and its text by the
// deviation's name.
func Telling(file func(name string) string, text func(name string) ([]byte, bool)) []*trace.Trace {
	var out []*trace.Trace
	for _, d := range raft.Deviations() {
		smallest, _ := text(d.Name)
		if f, err := trace.Parse(file(d.Name), smallest, trace.DefaultLimits()); err == nil {
			out = append(out, f.Traces...)
		}
	}
	return out
}
