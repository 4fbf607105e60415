package generate

import (
	"bytes"
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	"raftsheet/trace"
)

func TestScratch(t *testing.T) {
	if os.Getenv("OUT") == "" {
		t.Skip()
	}
	var w = Wish{Nodes: 5, AppendEntries: 6, RequestVotes: 3, Lost: 20}
	if os.Getenv("BIG") != "" {
		w = Wish{Nodes: 8, AppendEntries: 12, RequestVotes: 6, Lost: 20}
	}
	if os.Getenv("PAPER") != "" {
		w.Form = Paper
	}
	n, _ := strconv.Atoi(os.Getenv("N"))
	for seed := range uint64(n) {
		start := time.Now()
		s, err := New(w, seed)
		if err != nil {
			t.Fatal(err)
		}
		fmt.Println(seed, time.Since(start), len(s.Revealed), s.Profile.Cells(), s.play.won)
		var b bytes.Buffer
		trace.Write(&b, s.Trace)
		os.WriteFile(fmt.Sprintf("%s/%d.yaml", os.Getenv("OUT"), seed), b.Bytes(), 0o644)
	}
}

func TestScratchClass(t *testing.T) {
	if os.Getenv("CLASS") == "" {
		t.Skip()
	}
	w := Wish{Nodes: 5, AppendEntries: 6, RequestVotes: 3, Lost: 20}
	if os.Getenv("BIG") != "" {
		w = Wish{Nodes: 8, AppendEntries: 12, RequestVotes: 6, Lost: 20}
	}
	n, _ := strconv.Atoi(os.Getenv("N"))
	start := time.Now()
	c, err := NewClass(w, 2026, n)
	if err != nil {
		t.Fatal(err)
	}
	fmt.Println(time.Since(start), c.Alike, len(c.AtStake))
	for i, s := range c.Sheets {
		rows := 0
		for _, st := range s.Trace.Steps {
			if st.Response != nil && len(st.Response.Cells) < w.Nodes-1 {
				rows++
			}
		}
		fmt.Println(s.Profile.Cells(), s.Profile, s.play.answers(), "ragged", rows)
		var b bytes.Buffer
		trace.Write(&b, s.Trace)
		os.WriteFile(fmt.Sprintf("/tmp/h/gen15/class/%d.yaml", i), b.Bytes(), 0o644)
	}
}
