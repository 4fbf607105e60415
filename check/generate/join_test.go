package generate_test

import (
	"bytes"
	"slices"
	"testing"

	"raftsheet/check/generate"
	"raftsheet/raft"
	"raftsheet/raft/wide"
	"raftsheet/trace"
)

// Who comes late gets a worksheet as hard as the others have, with other messages, and
// the others keep theirs. If this fails, a class has to be given new worksheets for one
// student, or that student's mark cannot be compared.
func TestJoin(t *testing.T) {
	for seed := range wide.Of(uint64(1), 3) {
		w := generate.Wish{Nodes: 5, AppendEntries: 4, RequestVotes: 2, Lost: 20, AtStake: []raft.Deviation{deviation(t, "vote-log-unchecked")}}
		if wide.On() {
			w.AppendEntries, w.RequestVotes = 6, 3
		}
		if seed%2 == 1 {
			w.AtStake = nil
		}
		first, err := generate.NewClass(w, seed, wide.Of(3, 12))
		if err != nil {
			t.Fatal(err)
		}
		var there []*trace.Trace
		var before [][]byte
		for _, s := range first.Sheets {
			before = append(before, text(t, s))
			f, err := trace.Parse("sheet.yaml", before[len(before)-1], trace.DefaultLimits())
			if err != nil {
				t.Fatal(err)
			}
			there = append(there, f.Traces[0])
		}
		all, err := generate.Join(w, seed, there, 3)
		if err != nil {
			t.Fatal(err)
		}
		if len(all.Sheets) != len(there)+3 {
			t.Fatalf("%d worksheets; want %d and 3", len(all.Sheets), len(there))
		}
		for i, was := range before {
			if !bytes.Equal(text(t, all.Sheets[i]), was) {
				t.Errorf("seed %d: worksheet %d is not what it was", seed, i)
			}
		}
		for _, s := range all.Sheets[len(there):] {
			holds(t, w, s)
			for _, d := range first.AtStake {
				if !s.Reveals(d) {
					t.Errorf("seed %d: a late worksheet does not reveal %s", seed, d.Name)
				}
			}
		}
		if uneven := all.Uneven(); len(uneven) > 0 && !slices.Equal(uneven, first.Uneven()) {
			t.Errorf("seed %d: the late worksheets are not as hard: %v", seed, uneven)
		}
		if n := alike(all); n > alike(first) {
			t.Errorf("seed %d: %d pairs of messages are alike", seed, n)
		}
	}
}
