package generate

import (
	"fmt"
	"os"
	"testing"
	"time"

	"raftsheet/raft"
)

func TestTable(t *testing.T) {
	if os.Getenv("TABLE") == "" {
		t.Skip()
	}
	for _, f := range []Form{Worksheet, Paper} {
		for _, d := range raft.Deviations() {
			w := Wish{Nodes: 8, AppendEntries: 12, RequestVotes: 6, Lost: 20, Form: f, AtStake: []raft.Deviation{d}}
			start := time.Now()
			ok := 0
			var miss error
			for seed := range uint64(3) {
				s, err := New(w, seed)
				if err == nil && s.Reveals(d) {
					ok++
				} else {
					miss = err
				}
			}
			if ok < 3 {
				fmt.Println(f, d.Name, ok, time.Since(start)/3, miss)
			} else if time.Since(start) > time.Second {
				fmt.Println(f, d.Name, ok, time.Since(start)/3)
			}
		}
	}
}
