package generate

import (
	"bytes"
	"fmt"
	"os"
	"testing"
	"time"

	"raftsheet/raft"
	"raftsheet/trace"
)

func TestScratch(t *testing.T) {
	names := os.Getenv("STAKE")
	var w = Wish{Nodes: 5, AppendEntries: 6, RequestVotes: 3, Lost: 20}
	if os.Getenv("BIG") != "" {
		w = Wish{Nodes: 8, AppendEntries: 12, RequestVotes: 6, Lost: 20}
	}
	if os.Getenv("PAPER") != "" {
		w.Form = Paper
	}
	if names != "" {
		d, ok := raft.DeviationNamed(names)
		if !ok {
			t.Fatal(names)
		}
		w.AtStake = []raft.Deviation{d}
	}
	start := time.Now()
	s, err := New(w, uint64(time.Now().Unix()%1000))
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(time.Since(start), len(s.Revealed), s.Profile, s.play.won)
	var b bytes.Buffer
	trace.Write(&b, s.Trace)
	fmt.Println(b.String())
}
